//! Beta's verifications: a document, claims about a person, many of both.

use ecric_model::binding::{Operation, VerifyOutcome};
use ecric_model::reason::class_of;
use serde_json::{Map, Value, json};

use super::licences::{exchange, type_code};
use super::translate::{self, own, own_text, picked};
use super::words::{self, Words};
use super::{Asked, Page, problems};
use crate::errors::ApiError;
use crate::operation::Reply;
use crate::vendors::Ask;

/// How the state of the licence is looked up.
const STATUS_POLICIES: Words = &[("REQUIRED", "STRICT"), ("BEST_EFFORT", "SOFT"), ("NONE", "OFF")];

/// `POST /verifications`.
pub(super) async fn file(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let members = file_request(&asked.body()?);
    let told = asked.ask(Operation::VerifyFile, Ask { body: members.into(), ..Ask::default() }).await?;
    Ok(Page::json(200, verdict(&told.body)))
}

fn file_request(body: &Value) -> Map<String, Value> {
    let mut members =
        picked(body, &[("content", "document"), ("mime", "mediaType"), ("asOf", "at"), ("use", "purpose")]);
    exchange(&mut members, "use", translate::stated_use);
    let mut policy = picked(body, &[("checkStatus", "status"), ("requireTimestamp", "stamp")]);
    exchange(&mut policy, "checkStatus", |value| translate::neutral_text(STATUS_POLICIES, value));
    members.insert("policy".to_owned(), policy.into());
    if let Some(expected) = body.get("expect") {
        let mut expect = picked(expected, &[("certificateIdentifier", "licence"), ("attributes", "claims")]);
        exchange(&mut expect, "attributes", translate::holder);
        members.insert("expect".to_owned(), expect.into());
    }
    members
}

/// `POST /verifications/attributes`.
pub(super) async fn claims(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let members = claims_request(&asked.body()?);
    let told = asked.ask(Operation::VerifyAttributes, Ask { body: members.into(), ..Ask::default() }).await?;
    Ok(Page::json(200, verdict(&told.body)))
}

fn claims_request(body: &Value) -> Map<String, Value> {
    let mut members = picked(
        body,
        &[
            ("certificateIdentifier", "licence"),
            ("certificateTypeCode", "kind"),
            ("certificateHolderCode", "nationalId"),
            ("assert", "claims"),
            ("use", "purpose"),
        ],
    );
    exchange(&mut members, "certificateTypeCode", type_code);
    exchange(&mut members, "assert", translate::holder);
    exchange(&mut members, "use", translate::stated_use);
    members
}

/// `POST /verification-batches`.
pub(super) async fn batch(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let mut members = picked(&body, &[("items", "entries")]);
    exchange(&mut members, "items", |entries| match entries {
        Value::Array(list) => list.iter().map(item).collect(),
        other => other.clone(),
    });
    let told = asked.ask(Operation::VerifyBatch, Ask { body: members.into(), ..Ask::default() }).await?;
    let entries: Vec<Value> = told.body["items"].as_array().into_iter().flatten().map(entry).collect();
    Ok(Page::json(200, json!({"entries": entries})))
}

fn item(entry: &Value) -> Value {
    let mut item = picked(entry, &[("itemId", "ref")]);
    let (kind, request) = if entry.get("document").is_some() {
        ("FILE", file_request(entry))
    } else {
        ("ATTRIBUTES", claims_request(entry))
    };
    item.insert("kind".to_owned(), json!(kind));
    item.insert("request".to_owned(), request.into());
    item.into()
}

fn entry(item: &Value) -> Value {
    let mut entry = match (item.get("verifyResult"), item.get("error")) {
        (Some(result), _) => verdict(result),
        (None, Some(error)) => {
            let refusal = problems::read(&Reply::ok(error.clone()));
            json!({"problem": problems::body(&refusal)})
        }
        (None, None) => json!({}),
    };
    entry["ref"] = item["itemId"].clone();
    entry
}

/// A verdict, beta's way: `checks` is a list of what was found, `stages` tells how far each stage came.
fn verdict(result: &Value) -> Value {
    let mut verdict = translate::to_own(words::VERDICT, result, |name, value| match name {
        "result" => own_text(words::OUTCOMES, value),
        "warnings" => value.as_array().map_or_else(|| value.clone(), |list| notes(list)),
        "checks" => translate::to_own(words::STAGES, value, |_, end| own_text(words::STAGE_ENDS, end)),
        "statusSource" => own_text(words::BASES, value),
        "evaluatedAt" | "statusTime" => translate::utc(value),
        "certificateStatus" => translate::state(value),
        "artefact" => own_text(words::FORMS, value),
        "match" => translate::to_own(words::ATTRIBUTES, value, |_, found| own_text(words::CLAIMS, found)),
        _ => value.clone(),
    });
    let passed = result["checks"].as_object().into_iter().flatten().filter(|(_, end)| *end == "PASS");
    let mut checks: Vec<Value> =
        passed.map(|(stage, _)| json!({"stage": own(words::STAGES, stage), "ok": true})).collect();
    checks.extend(result["reasons"].as_array().into_iter().flatten().map(finding));
    if let Some(members) = verdict.as_object_mut() {
        members.remove("reasons");
        members.insert("checks".to_owned(), checks.into());
    }
    verdict
}

/// What was found at one stage: `ok` is null where it could not be decided.
fn finding(reason: &Value) -> Value {
    let class = reason.as_str().and_then(class_of);
    let open = class.is_some_and(|class| class.default == VerifyOutcome::Indeterminate);
    let stage = class.and_then(|class| class.checks.first().copied()).unwrap_or_default();
    let ok = if open { Value::Null } else { json!(false) };
    json!({"code": code(reason), "ok": ok, "stage": own(words::STAGES, stage)})
}

/// Warnings; remarks on style, which no class of reasons has, are not told.
fn notes(warnings: &[Value]) -> Value {
    let told = |warning: &&Value| warning.as_str().is_some_and(|text| class_of(text).is_some());
    warnings.iter().filter(told).map(code).collect()
}

/// Beta's code for a reason: a fine word where beta has one, else that of its class.
fn code(reason: &Value) -> Value {
    let text = reason.as_str().unwrap_or_default();
    let bare = text.split('@').next().unwrap_or_default();
    let known = |word: &str| words::CODES.iter().find(|(code, _)| *code == word).map(|(_, own)| *own);
    let found = known(bare).or_else(|| known(class_of(bare)?.code));
    found.map_or_else(|| reason.clone(), |word| json!(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::is_about_codes;

    #[test]
    fn verdicts_are_told_in_betas_words() {
        let result = json!({"result": "INVALID", "reasons": ["DIGEST_MISMATCH@page", "CERT_CHAIN@ca", "TS_MISSING"],
            "warnings": ["XML_DTD", "LINT_RAW_SIG"], "checks": {"format": "PASS", "chain": "FAIL"}, "statusSource": "NONE",
            "evaluatedAt": "2026-06-01T08:00:00+08:00", "content": "kept"});
        let wanted = json!({"outcome": "REJECT", "notes": ["CONTAINER"], "stages": {"container": "GOOD", "chain": "BAD"},
            "basis": "NOT_ASKED", "at": "2026-06-01T00:00:00Z", "content": "kept", "checks": [
                {"stage": "container", "ok": true},
                {"code": "ALTERED", "ok": false, "stage": "signature"},
                {"code": "CHAIN", "ok": false, "stage": "chain"},
                {"code": "STAMP_TIME", "ok": null, "stage": "stamp"}]});
        assert_eq!(verdict(&result), wanted);
    }

    #[test]
    fn every_class_has_a_word() {
        for class in ecric_model::reason::CLASSES.iter().filter(|class| !is_about_codes(class.code)) {
            assert_ne!(code(&json!(class.code)), json!(class.code), "{}", class.code);
            for fine in class.fine {
                assert_ne!(code(&json!(fine)), json!(fine), "{fine}");
            }
        }
    }
}
