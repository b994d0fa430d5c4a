//! Verify information (信息验证, results 0 to 6) and verify file (文件验证, results 0 to 2).

use ecric_licence::instant::{parse_date_basic, write_date, write_instant};
use ecric_licence::layout::MIME;
use ecric_model::binding::Operation;
use ecric_model::reason::class_of;
use serde_json::{Map, Value, json};

use super::{Answer, Call, Refusal, words};
use crate::vendors::china::{from_canonical, parse_packed, write_packed};

/// `verifyCertInfo`: `data` {certTypeCode, certIdentifier?, certData: a text that holds JSON {certNo, holder,
/// holderCode, items {column: value}}, useCause: a text that holds JSON}. `certNo` and `holder` stand for the
/// items GMSFHM and XM.
pub(super) async fn information(call: &Call<'_>) -> Answer {
    let type_code = call.needed("certTypeCode")?;
    let text = call.needed("certData")?;
    let data: Map<String, Value> = serde_json::from_str(text).map_err(|_| Refusal::wrong("certData"))?;
    let asserted = asserted(&data)?;
    let mut body = Map::new();
    match call.data.get("certIdentifier").filter(|id| !id.is_null()) {
        // An empty identifier is one, and wrong.
        Some(id) => drop(body.insert("certificateIdentifier".to_owned(), id.clone())),
        None => {
            let code = data.get("holderCode").cloned().unwrap_or_default();
            body.insert("certificateTypeCode".to_owned(), json!(type_code));
            body.insert("certificateHolderCode".to_owned(), code);
        }
    }
    if let Some(asserted) = asserted {
        body.insert("assert".to_owned(), Value::Object(asserted));
    }
    if let Some(stated) = call.use_text()? {
        body.insert("use".to_owned(), stated);
    }
    let result = call.ask(Operation::VerifyAttributes, "", Value::Object(body)).await?;
    let number = information_result(&result, call.behaviour().share_ended_is_2());
    let told = if matches!(number, 0..=5) { Vec::new() } else { faults(&result, "reasons") };
    Ok(written(&result, number, told))
}

/// What is asserted, by names of binding v1; `None` where nothing is.
fn asserted(data: &Map<String, Value>) -> Result<Option<Map<String, Value>>, Refusal> {
    let items = match data.get("items") {
        None | Some(Value::Null) => None,
        Some(Value::Object(items)) => Some(items.clone()),
        Some(_) => return Err(Refusal::wrong("certData")),
    };
    let mut found: Map<String, Value> =
        items.iter().flatten().map(|(column, value)| (words::member(column).to_owned(), value.clone())).collect();
    for (name, member) in [("certNo", "idNumber"), ("holder", "name")] {
        if let Some(value) = data.get(name).filter(|value| !value.is_null()) {
            found.insert(member.to_owned(), value.clone());
        }
    }
    if let Some(birth) = found.get_mut("birthDate")
        && let Some(date) = birth.as_str().and_then(|text| parse_date_basic(text).ok())
    {
        *birth = json!(write_date(date));
    }
    Ok((items.is_some() || !found.is_empty()).then_some(found))
}

/// 0 right and valid, 1 not active, 2 not valid for a time, 3 no longer valid, 4 too little, 5 no such
/// record, 6 wrong. Observed on two platforms, 6 on one; what is first where several hold is ours.
fn information_result(result: &Value, ended_is_2: bool) -> u8 {
    let reasons: Vec<&str> = result["reasons"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let any = |codes: &[&str]| reasons.iter().any(|reason| codes.contains(reason));
    match result["result"].as_str() {
        Some("VALID") => 0,
        Some("INDETERMINATE") => 4,
        _ if any(&["LICENCE_UNKNOWN"]) => 5,
        _ if any(&["ATTR_MISMATCH", "IDENTIFIER_INVALID", "LICENCE_TYPE"]) => 6,
        _ if any(&["LICENCE_EXPIRED", "LICENCE_SUPERSEDED", "LICENCE_REVOKED", "LICENCE_DESTROYED"]) => {
            if ended_is_2 {
                2
            } else {
                3
            }
        }
        _ if any(&["LICENCE_SUSPENDED"]) => 2,
        _ if any(&["LICENCE_NOT_ACTIVE"]) => 1,
        _ => 4,
    }
}

/// `verifyFile`: `data` {certTypeCode, contentType `base64`, content, useCause: a text that holds JSON}; ours:
/// copyCause (compared with the cause in a copy), certIdentifier (the licence expected), statusCheck
/// 0 none, 1 best effort, 2 required, stampCheck 0 or 1, verifyTime.
pub(super) async fn file(call: &Call<'_>) -> Answer {
    call.needed("certTypeCode")?;
    if call.needed("contentType")? != "base64" {
        return Err(Refusal::wrong("contentType"));
    }
    let stated = call.use_text()?.ok_or_else(|| Refusal::empty("useCause"))?;
    let status = match call.text("statusCheck")? {
        None | Some("2") => "REQUIRED",
        Some("1") => "BEST_EFFORT",
        Some("0") => "NONE",
        Some(_) => return Err(Refusal::wrong("statusCheck")),
    };
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    put("content", json!(call.needed("content")?));
    put("mime", json!(MIME));
    put("policy", json!({"checkStatus": status, "requireTimestamp": call.text("stampCheck")? == Some("1")}));
    if let Some(time) = call.text("verifyTime")? {
        let at = parse_packed(time).ok_or_else(|| Refusal::wrong("verifyTime"))?;
        put("asOf", json!(write_instant(at)));
    }
    if let Some(id) = call.text("certIdentifier")? {
        put("expect", json!({"certificateIdentifier": id}));
    }
    if let Some(cause) = call.text("copyCause")? {
        let system = stated["certificateSystemName"].as_str().unwrap_or("share");
        put("use", json!({"certificateCopyCause": cause, "certificateSystemName": system}));
    }
    let result = call.ask(Operation::VerifyFile, "", Value::Object(body)).await?;
    let told = faults(&result, "reasons");
    Ok(written(&result, file_result(&result), told))
}

/// 0 passed, 1 the seal did not, 2 the file did not. Observed on one platform. What is undecided is 2 with
/// `undecided` `1` (ours): it must not look like a pass.
fn file_result(result: &Value) -> u8 {
    let reasons = result["reasons"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let seal = |reason: &str| {
        let class = class_of(reason).map_or("", |class| class.code);
        ["SEAL_", "SIG_", "CERT_", "TS_"].iter().any(|family| class.starts_with(family))
    };
    match result["result"].as_str() {
        Some("VALID") => 0,
        Some("INVALID") if reasons.into_iter().any(seal) => 1,
        _ => 2,
    }
}

fn faults(result: &Value, name: &str) -> Vec<&'static str> {
    let mut codes: Vec<&str> =
        result[name].as_array().into_iter().flatten().filter_map(|code| words::fault(code.as_str()?)).collect();
    codes.dedup();
    codes
}

/// A result of the core in this platform's words. `verifyResult` and `verifyMsg` are as seen, the others
/// are ours. Members that the platform does not know are kept, as products keep them.
fn written(result: &Value, number: u8, told: Vec<&str>) -> Value {
    let text = |name: &str| result[name].as_str().unwrap_or_default();
    let moment = |name: &str| from_canonical(text(name), write_packed);
    let numbered = |name: &str| -> Map<String, Value> {
        let of = |(key, value): (&String, &Value)| {
            (words::column(key).to_owned(), json!(words::outcome(value.as_str().unwrap_or_default())))
        };
        result[name].as_object().into_iter().flatten().map(of).collect()
    };
    let mut answer = json!({
        "verifyResult": number.to_string(),
        "verifyMsg": if number == 0 { "验证通过" } else { "验证未通过" },
        "undecided": if text("result") == "INDETERMINATE" { "1" } else { "0" },
        "failCodes": told,
        "warnCodes": faults(result, "warnings"),
        "steps": numbered("checks"),
        "compare": numbered("match"),
        "statusSource": words::source(text("statusSource")),
        "verifyTime": moment("evaluatedAt"),
        "certIdentifier": text("certificateIdentifier"),
        "certStatus": words::state(text("certificateStatus")),
        "statusTime": moment("statusTime"),
        "fileKind": match text("artefact") { "ORIGINAL" => "1", "COPY" => "2", _ => "" },
        "traceNo": text("evidenceId"),
    });
    for name in ["content", "attributes", "expected"] {
        if let Some(value) = result.get(name) {
            answer[name] = value.clone();
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_the_seven_of_the_table() {
        for (word, reasons, number) in [
            ("VALID", json!([]), 0),
            ("INVALID", json!(["LICENCE_NOT_ACTIVE"]), 1),
            ("INVALID", json!(["LICENCE_SUSPENDED"]), 2),
            ("INVALID", json!(["LICENCE_EXPIRED"]), 3),
            ("INVALID", json!(["LICENCE_SUPERSEDED"]), 3),
            ("INVALID", json!(["LICENCE_REVOKED"]), 3),
            ("INVALID", json!(["LICENCE_DESTROYED"]), 3),
            ("INDETERMINATE", json!(["ATTR_INSUFFICIENT"]), 4),
            ("INVALID", json!(["LICENCE_UNKNOWN"]), 5),
            ("INDETERMINATE", json!(["LICENCE_UNKNOWN"]), 4),
            ("INVALID", json!(["ATTR_MISMATCH"]), 6),
            ("INVALID", json!(["LICENCE_SUSPENDED", "ATTR_MISMATCH"]), 6),
        ] {
            let result = json!({"result": word, "reasons": reasons});
            assert_eq!(information_result(&result, false), number, "{result}");
        }
        let ended = json!({"result": "INVALID", "reasons": ["LICENCE_REVOKED"]});
        assert_eq!(information_result(&ended, true), 2);
    }

    #[test]
    fn files_pass_or_fail_by_seal_or_file() {
        for (word, reasons, number) in [
            ("VALID", json!([]), 0),
            ("INVALID", json!(["SEAL_SIGNATURE_BAD"]), 1),
            ("INVALID", json!(["CERT_UNTRUSTED"]), 1),
            ("INVALID", json!(["ZIP_CRC"]), 2),
            ("INVALID", json!(["META_MISSING"]), 2),
            ("INVALID", json!(["LICENCE_REVOKED"]), 2),
            ("INDETERMINATE", json!(["CERT_STATUS_UNKNOWN"]), 2),
        ] {
            assert_eq!(file_result(&json!({"result": word, "reasons": reasons})), number, "{word} {reasons}");
        }
    }

    #[test]
    fn certificate_data_hold_what_is_asserted() {
        let data =
            json!({"certNo": "N", "holder": "甲", "holderCode": "N", "items": {"CSRQ": "19900307", "shoeSize": "1"}});
        let found = asserted(data.as_object().unwrap()).unwrap().unwrap();
        let wanted = json!({"idNumber": "N", "name": "甲", "birthDate": "1990-03-07", "shoeSize": "1"});
        assert_eq!(Value::Object(found), wanted);
        assert_eq!(asserted(json!({"holderCode": "N"}).as_object().unwrap()).unwrap(), None);
        assert_eq!(asserted(json!({"items": {}}).as_object().unwrap()).unwrap(), Some(Map::new()));
        assert!(asserted(json!({"items": []}).as_object().unwrap()).is_err());
    }
}
