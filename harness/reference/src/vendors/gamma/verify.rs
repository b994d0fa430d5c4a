//! The verifications of gamma: of a licence file (operation 12) and of attributes (operation 14).

use ecric_licence::instant::write_instant;
use ecric_licence::layout::MIME;
use ecric_model::binding::Operation;
use serde_json::{Map, Value, json};

use super::{Answer, Refusal, ask, text_of, words};
use crate::vendors::china::{from_canonical, parse_spaced, write_spaced};
use crate::vendors::{Ask, Core};

/// Members of binding v1 and what gamma calls them in `biz_content`.
const MEMBERS: &[(&str, &str)] = &[
    ("content", "file"),
    ("mime", "type"),
    ("asOf", "at"),
    ("policy.checkStatus", "strict"),
    ("policy.requireTimestamp", "stamp"),
    ("expect.certificateIdentifier", "licence"),
    ("certificateIdentifier", "licence"),
    ("certificateTypeCode", "kind"),
    ("certificateHolderCode", "holder"),
    ("assert", "claims"),
    ("use", "cause"),
    ("use.certificateCopyCause", "cause"),
    ("use.certificateSystemName", "sys"),
];

/// What gamma calls a member at fault; the name of binding v1 for one that it does not have.
pub(super) fn member(field: &str) -> &str {
    MEMBERS.iter().find(|(known, _)| *known == field).map_or(field, |(_, name)| name)
}

/// An optional text; empty is absent.
pub(super) fn text<'a>(content: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Refusal> {
    match content.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(Refusal::invalid(name, "not a text")),
    }
}

/// `Y` or `N`; absent is `default`.
pub(super) fn flag(content: &Map<String, Value>, name: &str, default: bool) -> Result<bool, Refusal> {
    match text(content, name)? {
        None => Ok(default),
        Some("Y") => Ok(true),
        Some("N") => Ok(false),
        Some(_) => Err(Refusal::invalid(name, "neither Y nor N")),
    }
}

/// The stated use, where one is stated.
fn stated_use(content: &Map<String, Value>) -> Result<Option<Value>, Refusal> {
    let mut stated = Map::new();
    for (name, canonical) in [("cause", "certificateCopyCause"), ("sys", "certificateSystemName")] {
        if let Some(value) = text(content, name)? {
            stated.insert(canonical.to_owned(), json!(value));
        }
    }
    Ok((!stated.is_empty()).then_some(Value::Object(stated)))
}

/// `ecard.file.verify`.
pub(super) async fn file(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    if let Some(file) = text(content, "file")? {
        put("content", json!(file));
    }
    match text(content, "type")? {
        Some("ofd") => put("mime", json!(MIME)),
        Some(_) => return Err(Refusal::invalid("type", "wanted ofd")),
        None => {}
    }
    if let Some(at) = text(content, "at")? {
        let at = parse_spaced(at).ok_or_else(|| Refusal::invalid("at", "wanted yyyy-MM-dd HH:mm:ss"))?;
        put("asOf", json!(write_instant(at)));
    }
    let status = match (flag(content, "offline", false)?, flag(content, "strict", true)?) {
        (true, _) => "NONE",
        (false, true) => "REQUIRED",
        (false, false) => "BEST_EFFORT",
    };
    put("policy", json!({"checkStatus": status, "requireTimestamp": flag(content, "stamp", false)?}));
    if let Some(licence) = text(content, "licence")? {
        put("expect", json!({"certificateIdentifier": licence}));
    }
    if let Some(stated) = stated_use(content)? {
        put("use", stated);
    }
    let result = ask(core, Operation::VerifyFile, Ask { body: Value::Object(body), ..Ask::default() }).await?;
    Ok(written(&result))
}

/// `ecard.attr.verify`: `claims` is a text that holds a JSON object of short keys.
pub(super) async fn attributes(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let mut body = Map::new();
    for (name, canonical) in
        [("licence", "certificateIdentifier"), ("kind", "certificateTypeCode"), ("holder", "certificateHolderCode")]
    {
        if let Some(value) = text(content, name)? {
            body.insert(canonical.to_owned(), json!(value));
        }
    }
    if !["licence", "kind", "holder"].iter().any(|name| content.get(*name).is_some_and(|value| value != "")) {
        // Nothing names a licence but an empty text: it is an identifier, and wrong.
        let given = content.get("licence").map(|value| ("certificateIdentifier".to_owned(), value.clone()));
        body.extend(given);
    }
    if let Some(claims) = text(content, "claims")? {
        let parsed: Result<Map<String, Value>, _> = serde_json::from_str(claims);
        let parsed = parsed.map_err(|_| Refusal::invalid("claims", "no JSON object"))?;
        let named: Map<String, Value> =
            parsed.into_iter().map(|(key, value)| (words::long(&key).to_owned(), value)).collect();
        body.insert("assert".to_owned(), Value::Object(named));
    }
    if let Some(stated) = stated_use(content)? {
        body.insert("use".to_owned(), stated);
    }
    let result = ask(core, Operation::VerifyAttributes, Ask { body: Value::Object(body), ..Ask::default() }).await?;
    Ok(written(&result))
}

/// A result of the core in gamma's words. Members that gamma does not know are kept, as products keep them.
pub(super) fn written(result: &Value) -> Map<String, Value> {
    let word = |name: &str| result[name].as_str().unwrap_or_default();
    let list = |name: &str| result[name].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut reasons: Vec<&str> = list("reasons").filter_map(words::why).collect();
    reasons.dedup();
    let mut warnings: Vec<&str> = list("warnings").filter_map(words::why).collect();
    warnings.dedup();
    let pass = match word("result") {
        "VALID" => "Y",
        "INVALID" => "N",
        _ => "U",
    };
    let mut stages = Map::new();
    for (check, key) in words::STAGES {
        if let Some(outcome) = result["checks"][*check].as_str() {
            stages.insert((*key).to_owned(), json!(words::letter(outcome)));
        }
    }
    let mut hits = Map::new();
    for (name, outcome) in result["match"].as_object().into_iter().flatten() {
        let outcome = outcome.as_str().unwrap_or_default();
        hits.insert(words::short(name).to_owned(), json!(words::letter(outcome)));
    }
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    put("pass", json!(pass));
    put("why", json!(reasons.join("|")));
    put("warn", json!(warnings.join("|")));
    put("stages", Value::Object(stages));
    put("hits", Value::Object(hits));
    put("src", json!(word("statusSource").get(..1).unwrap_or_default()));
    put("at", json!(from_canonical(word("evaluatedAt"), write_spaced)));
    put("licence", json!(word("certificateIdentifier")));
    put("state", json!(words::state(word("certificateStatus"))));
    put("since", json!(from_canonical(word("statusTime"), write_spaced)));
    put("kind", json!(word("artefact").get(..1).unwrap_or_default()));
    put("ev", json!(text_of(&result["evidenceId"])));
    for name in ["content", "attributes", "expected"] {
        if let Some(value) = result.get(name) {
            put(name, value.clone());
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_keeps_what_it_says() {
        let result = json!({
            "result": "INVALID", "reasons": ["DIGEST_MISMATCH", "DATAHASH_MISMATCH", "CERT_CHAIN@ca"], "warnings": [],
            "checks": {"format": "PASS", "signature": "FAIL"}, "statusSource": "NONE",
            "evaluatedAt": "2026-06-01T09:00:00+08:00", "match": {"name": "MATCH", "shoeSize": "UNKNOWN"},
        });
        let members = Value::Object(written(&result));
        assert_eq!(members["pass"], "N");
        assert_eq!(members["why"], "ECARD.SIGNFILE|ECARD.CHAIN");
        assert_eq!(members["stages"], json!({"fmt": "P", "sig": "F"}));
        assert_eq!(members["hits"], json!({"n": "M", "shoeSize": "U"}));
        assert_eq!((&members["src"], &members["at"]), (&json!("N"), &json!("2026-06-01 09:00:00")));
        assert_eq!((&members["state"], &members["licence"]), (&json!(""), &json!("")));
    }

    #[test]
    fn flags_are_y_or_n() {
        let content = json!({"a": "Y", "b": "N", "c": "", "d": "yes", "e": true});
        let content = content.as_object().unwrap();
        assert_eq!((flag(content, "a", false), flag(content, "b", true)), (Ok(true), Ok(false)));
        assert_eq!((flag(content, "c", true), flag(content, "z", true)), (Ok(true), Ok(true)));
        assert!(flag(content, "d", true).is_err() && flag(content, "e", true).is_err());
    }
}
