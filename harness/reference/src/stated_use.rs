//! The stated use (用证事由, binding v1, 6.3) and the operator of a change. Plain text, never interpreted.

use ecric_licence::usci::parse_usci;
use serde_json::{Map, Value};

use crate::behaviour::Behaviour;
use crate::reader::Reader;

/// Members of the stated use that are kept in the audit.
const MEMBERS: [&str; 7] = [
    "certificateCopyCause",
    "certificateSystemName",
    "certificateCallCategory",
    "relatedItemName",
    "relatedItemCode",
    "operator",
    "businessNo",
];

/// Reads a mandatory use; the JSON that the audit keeps.
pub(crate) fn read_use(reader: &Reader<'_>, behaviour: &Behaviour) -> Option<String> {
    let stated = reader.object("use")?;
    let cause = stated.value("certificateCopyCause").and_then(Value::as_str);
    let cause_max = match cause.map_or(0, |cause| cause.chars().count()) {
        201 if behaviour.cause_of_201_accepted() => 201,
        200 if behaviour.cause_of_200_refused() => 199,
        _ => 200,
    };
    let empty_cause = cause == Some("") && behaviour.empty_cause_accepted();
    if !empty_cause {
        stated.text_within("certificateCopyCause", cause_max);
    }
    stated.text_within("certificateSystemName", 64);
    if stated.text_opt("certificateCallCategory").is_some_and(|code| !["0", "1"].contains(&code)) {
        stated.fault("certificateCallCategory", "neither 0 nor 1");
    }
    stated.text_within_opt("relatedItemName", 128);
    stated.text_within_opt("relatedItemCode", 64);
    stated.text_within_opt("businessNo", 64);
    if stated.value("operator").is_some() {
        read_operator(&stated, &Behaviour::default());
    }
    let known: Map<String, Value> =
        MEMBERS.iter().filter_map(|name| stated.value(name).map(|value| ((*name).to_owned(), value.clone()))).collect();
    let text = Value::Object(known).to_string();
    Some(if text.contains('<') && behaviour.causes_escaped() { text.replace('<', "&lt;") } else { text })
}

/// Reads a mandatory operator {orgCode, role}; the JSON that the audit keeps.
pub(crate) fn read_operator(reader: &Reader<'_>, behaviour: &Behaviour) -> Option<String> {
    let operator = reader.object("operator")?;
    let organisation = operator.text("orgCode").filter(|code| {
        let right = parse_usci(code).is_ok() || behaviour.operator_not_checked();
        if !right {
            operator.fault("orgCode", "not a USCI");
        }
        right
    });
    let role = operator.text_within("role", 32);
    Some(serde_json::json!({"orgCode": organisation?, "role": role?}).to_string())
}
