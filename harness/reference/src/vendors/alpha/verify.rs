//! Verification: `verifyFile` and `verifyCertInfo`. The result is a digit, the reasons are coarse words, each
//! stage has a digit of its own.

use ecric_licence::layout::MIME;
use ecric_model::binding::Operation;
use ecric_model::published::ID_CARD_TYPE_CODE;
use ecric_model::reason::class_of;
use serde_json::{Map, Value, json};

use super::Call;
use super::codes::{Refused, column_of, compact_instant, decoded, instant_of, member_of, state, verify_code};
use super::writing::{Data, plain};

/// Stages: alpha's name and the check of binding v1.
const STAGES: &[(&str, &str)] = &[
    ("GS", "format"),
    ("QM", "signature"),
    ("FG", "coverage"),
    ("ZSL", "chain"),
    ("ZSZT", "certStatus"),
    ("SJC", "timestamp"),
    ("YXQ", "validity"),
    ("ZZZT", "licenceStatus"),
    ("YZX", "consistency"),
    ("BD", "binding"),
    ("XX", "freshness"),
    ("FW", "scope"),
];

/// Members of an answer that have a place of their own here.
const KNOWN: &[&str] = &[
    "result",
    "reasons",
    "warnings",
    "checks",
    "statusSource",
    "evaluatedAt",
    "certificateIdentifier",
    "certificateStatus",
    "statusTime",
    "artefact",
    "match",
    "evidenceId",
];

fn digit(table: &[(&str, &str)], word: Option<&str>) -> String {
    let word = word.unwrap_or_default();
    table.iter().find(|(_, known)| *known == word).map_or(word, |(digit, _)| *digit).to_owned()
}

/// What both services answer alike.
fn outcome(result: &str, answer: &Value) -> Data {
    let mut data = Data::default();
    let text = |name: &str| answer[name].as_str();
    data.leaf("verifyResult", result);
    for (name, member) in [("verifyCode", "reasons"), ("warnCode", "warnings")] {
        let mut told: Vec<String> = Vec::new();
        for reason in answer[member].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let word = verify_code(reason);
            // Notes that are no reason have no word here.
            let is_note = member == "warnings" && class_of(reason).is_none();
            if !is_note && !told.contains(&word) {
                data.leaf(name, &word);
                told.push(word);
            }
        }
    }
    data.leaf("verifyMsg", if result == "0" { "核验通过" } else { "核验未通过" });
    let mut stages = Data::default();
    for (name, key) in STAGES {
        if let Some(word) = answer["checks"][*key].as_str() {
            stages.leaf(name, &digit(&[("0", "PASS"), ("1", "FAIL"), ("2", "UNKNOWN"), ("3", "SKIPPED")], Some(word)));
        }
    }
    data.group("stages", &stages);
    let sources = [("0", "NONE"), ("1", "LIVE"), ("2", "LIST"), ("3", "CACHE")];
    data.leaf("stateSource", &digit(&sources, text("statusSource")));
    data.leaf_opt("verifyTime", text("evaluatedAt").map(compact_instant).as_deref());
    data.leaf_opt("certificateIdentifier", text("certificateIdentifier"));
    data.leaf_opt("certificateStatus", text("certificateStatus").map(state));
    data.leaf_opt("statusTime", text("statusTime").map(compact_instant).as_deref());
    data.leaf_opt("flowNo", text("evidenceId"));
    for (name, value) in answer.as_object().into_iter().flatten() {
        if !KNOWN.contains(&name.as_str()) {
            data.leaf(name, &plain(value));
        }
    }
    data
}

/// `verifyFile`: 0 pass, 1 seal or signature failed, 2 file failed, 3 undecided.
pub(super) async fn file(call: &Call<'_>) -> Result<Data, Refused> {
    let answer = call.ask(Operation::VerifyFile, "", file_body(call)?).await?;
    let words = answer["reasons"].as_array().into_iter().flatten().filter_map(Value::as_str).map(verify_code);
    let sealed = ["SEAL", "SIGN", "HASH", "RANGE", "CHAIN", "REVOKED", "TIME"];
    let result = match answer["result"].as_str() {
        Some("VALID") => "0",
        Some("INDETERMINATE") => "3",
        _ if words.clone().any(|word| sealed.contains(&word.as_str())) => "1",
        _ => "2",
    };
    let mut data = outcome(result, &answer);
    let kind = answer["artefact"].as_str().map(|word| digit(&[("1", "ORIGINAL"), ("2", "COPY")], Some(word)));
    data.leaf_opt("fileKind", kind.as_deref());
    Ok(data)
}

/// Request of operation 12. Beside the file: `stateCheck`, `needToken`, `verifyTime`, and what is expected
/// (`certificateIdentifier`, `items`).
fn file_body(call: &Call<'_>) -> Result<Value, Refused> {
    let request = &call.request;
    if call.needed("certTypeCode")? != ID_CARD_TYPE_CODE {
        return Err(Refused::new("13", "type unknown").naming("certTypeCode"));
    }
    if call.needed("contentType")? != "base64" {
        return Err(Refused::new("102", "not base64").naming("contentType"));
    }
    let mut body = json!({"content": call.needed("content")?, "mime": MIME, "policy": policy(call)?});
    if let Some(text) = request.text("verifyTime") {
        body["asOf"] = json!(instant_of(text).unwrap_or_else(|| text.to_owned()));
    }
    let mut expect = call.body(&[("certificateIdentifier", "certificateIdentifier")]);
    if let Some(items) = request.items.as_deref() {
        expect.insert("attributes".to_owned(), asserted(items));
    }
    if !expect.is_empty() {
        body["expect"] = Value::Object(expect);
    }
    if let Some(stated) = call.stated_use("useCause") {
        body["use"] = stated;
    }
    Ok(body)
}

fn policy(call: &Call<'_>) -> Result<Value, Refused> {
    let mut policy = Map::new();
    if let Some(word) = call.request.text("stateCheck") {
        let word = match word {
            "0" => "NONE",
            "1" => "REQUIRED",
            "2" => "BEST_EFFORT",
            _ => return Err(Refused::new("102", "not 0, 1 or 2").naming("stateCheck")),
        };
        policy.insert("checkStatus".to_owned(), json!(word));
    }
    if let Some(word) = call.request.text("needToken") {
        policy.insert("requireTimestamp".to_owned(), json!(word == "1"));
    }
    Ok(Value::Object(policy))
}

/// Columns with their values as assertions.
fn asserted(items: &[(String, String)]) -> Value {
    let members = items.iter().map(|(column, value)| (member_of(column).to_owned(), decoded(column, value)));
    Value::Object(members.collect())
}

/// `verifyCertInfo`: 0 right, 1 not activated, 2 for a time, 3 for good, 4 too little, 5 no record, 6 different.
pub(super) async fn cert_info(call: &Call<'_>) -> Result<Data, Refused> {
    let answer = call.ask(Operation::VerifyAttributes, "", cert_info_body(call)?).await?;
    let first = answer["reasons"][0].as_str().unwrap_or_default();
    let result = match (answer["result"].as_str(), first) {
        (Some("VALID"), _) => "0",
        (Some("INDETERMINATE"), _) => "4",
        (_, "LICENCE_NOT_ACTIVE") => "1",
        (_, "LICENCE_SUSPENDED") => "2",
        (_, "LICENCE_EXPIRED" | "LICENCE_SUPERSEDED" | "LICENCE_REVOKED" | "LICENCE_DESTROYED") => "3",
        (_, "LICENCE_UNKNOWN") => "5",
        _ => "6",
    };
    let mut data = outcome(result, &answer);
    let mut compare = Data::default();
    for (member, word) in answer["match"].as_object().into_iter().flatten() {
        let (column, label) = column_of(member);
        // A name that is no column is not given back.
        if !label.is_empty() {
            compare.leaf(column, &digit(&[("1", "MATCH"), ("0", "MISMATCH"), ("2", "UNKNOWN")], word.as_str()));
        }
    }
    data.group("compare", &compare);
    Ok(data)
}

/// Request of operation 14 from `certData`, a text of JSON: `certNo`, `holder`, `holderCode`, `items`. Without
/// `certNo` the licence is found by `certTypeCode` and `holderCode`.
fn cert_info_body(call: &Call<'_>) -> Result<Value, Refused> {
    let bad = || Refused::new("102", "not a JSON object of texts").naming("certData");
    let given: Value = serde_json::from_str(call.needed("certData")?).map_err(|_| bad())?;
    let given = given.as_object().ok_or_else(bad)?;
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let mut items = Vec::new();
    for (column, value) in given.get("items").and_then(Value::as_object).into_iter().flatten() {
        items.push((column.clone(), value.as_str().ok_or_else(bad)?.to_owned()));
    }
    let mut assertions = asserted(&items);
    for (name, member) in [("holder", "name"), ("holderCode", "idNumber")] {
        if let Some(value) = text(name) {
            assertions[member] = json!(value);
        }
    }
    let mut body = json!({"assert": assertions});
    if let Some(number) = text("certNo") {
        body["certificateIdentifier"] = json!(number);
    } else {
        let missing = || Refused::new("12", "mandatory field empty").naming("certData");
        body["certificateTypeCode"] = json!(call.needed("certTypeCode")?);
        body["certificateHolderCode"] = json!(text("holderCode").ok_or_else(missing)?);
    }
    if let Some(stated) = call.stated_use("useCause") {
        body["use"] = stated;
    }
    Ok(body)
}
