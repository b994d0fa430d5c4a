//! From what was extracted to an answer of binding v1.

use std::collections::BTreeMap;

use ecric_model::binding::{ErrorCode, LicenceStatus, Operation, VerifyOutcome};
use ecric_model::reason::class_of;
use serde_json::{Map, Value, json};

use super::codec::scalar;
use super::spec::{DialectSpec, ErrorSpec, Words};

/// A canonical answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Canonical {
    pub(crate) status: u16,
    pub(crate) json: Option<Value>,
}

/// An error that the product told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) code: String,
    pub(crate) text: Option<String>,
    pub(crate) fields: Vec<String>,
    pub(crate) retry_after: Option<u64>,
    pub(crate) request_id: String,
}

/// Why an `errors` entry means nothing, if so.
pub(crate) fn unknown_code(spec: &ErrorSpec) -> Option<String> {
    let code = code_of(spec);
    let known = code == "OK"
        || ErrorCode::parse(code).is_some()
        || state_of_reason(code).is_some()
        || code == "LICENCE_UNKNOWN";
    (!known).then(|| format!("{code:?} is no error code of binding v1, no LICENCE_… reason and not OK"))
}

fn code_of(spec: &ErrorSpec) -> &str {
    match spec {
        ErrorSpec::Code(code) | ErrorSpec::Named { code, .. } => code,
    }
}

/// What a code of the product means here.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    /// The call succeeded.
    Ok,
    /// This answer.
    Answer(Canonical),
    /// No table knows it.
    Unmapped,
}

/// Reads an error code of the product.
pub(crate) fn meaning(
    operation: Operation,
    told: &Told,
    own: &BTreeMap<String, ErrorSpec>,
    spec: &DialectSpec,
) -> Meaning {
    let Some(found) = own.get(&told.code).or_else(|| spec.errors.get(&told.code)) else { return Meaning::Unmapped };
    let mut told = told.clone();
    if let ErrorSpec::Named { field, .. } = found
        && told.fields.is_empty()
    {
        told.fields.push(field.clone());
    }
    match code_of(found) {
        "OK" => Meaning::Ok,
        code => match ErrorCode::parse(code) {
            Some(code) => Meaning::Answer(refusal(code, &told)),
            None => Meaning::Answer(state(operation, code, &told)),
        },
    }
}

/// An error answer.
pub(crate) fn refusal(code: ErrorCode, told: &Told) -> Canonical {
    let details: Vec<Value> = told
        .fields
        .iter()
        .map(|field| json!({"field": field, "issue": told.text.clone().unwrap_or_default()}))
        .collect();
    Canonical {
        status: code.http(),
        json: Some(json!({
            "code": code.code(),
            "message": told.text.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| told.code.clone()),
            "requestId": told.request_id,
            "details": details,
            "retryAfter": told.retry_after,
        })),
    }
}

/// A `LICENCE_…` reason where an error code stands.
fn state(operation: Operation, reason: &str, told: &Told) -> Canonical {
    match operation {
        Operation::Metadata | Operation::File if reason == "LICENCE_DESTROYED" => refusal(ErrorCode::Destroyed, told),
        _ if operation.name().starts_with("verifier.") => Canonical {
            status: 200,
            json: Some(json!({"result": VerifyOutcome::Invalid.code(), "reasons": [reason], "warnings": []})),
        },
        Operation::Transition | Operation::Reissue | Operation::Issue => refusal(ErrorCode::StateConflict, told),
        _ => match state_of_reason(reason) {
            Some(status) if operation == Operation::Metadata => {
                Canonical { status: 200, json: Some(json!({"licence": {"certificateStatus": status.code()}})) }
            }
            Some(status) => Canonical { status: 200, json: Some(json!({"certificateStatus": status.code()})) },
            None => refusal(ErrorCode::NotFound, told),
        },
    }
}

fn state_of_reason(reason: &str) -> Option<LicenceStatus> {
    LicenceStatus::parse(reason.strip_prefix("LICENCE_")?)
}

/// HTTP status of a success.
pub(crate) const fn success_status(operation: Operation) -> u16 {
    match operation {
        Operation::Issue | Operation::Reissue | Operation::TestPersonas | Operation::TestFaults => 201,
        _ => 200,
    }
}

/// Puts the vendor's words of statuses, results and reasons into ours.
///
/// # Errors
/// A word that no table knows, and where it stands.
pub(crate) fn translate(operation: Operation, value: &mut Value, spec: &DialectSpec) -> Result<(), (String, String)> {
    let verifies = operation.name().starts_with("verifier.");
    match value {
        Value::Object(members) => {
            if verifies && members.contains_key("result") {
                verdict(members, spec)?;
            }
            for (name, member) in members.iter_mut() {
                if name.ends_with("ertificateStatus") && !member.is_object() && !member.is_null() {
                    *member = status(member, spec)?;
                } else {
                    translate(operation, member, spec)?;
                }
            }
            Ok(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|item| translate(operation, item, spec)),
        _ => Ok(()),
    }
}

fn status(value: &Value, spec: &DialectSpec) -> Result<Value, (String, String)> {
    let word = scalar(value).unwrap_or_default();
    match spec.status_values.get(&word) {
        Some(canonical) => Ok(json!(canonical)),
        None if LicenceStatus::parse(&word).is_some() => Ok(json!(word)),
        None => Err(("status_values".to_owned(), format!("the status {word:?} is in no table"))),
    }
}

fn verdict(members: &mut Map<String, Value>, spec: &DialectSpec) -> Result<(), (String, String)> {
    let mut reasons = Vec::new();
    for name in ["reasons", "warnings"] {
        let words = match members.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().filter_map(scalar).collect(),
            Some(single) => scalar(single).into_iter().filter(|word| !word.is_empty()).collect(),
        };
        let mapped = words.iter().map(|word| reason(word, spec)).collect::<Result<Vec<_>, _>>()?;
        if name == "reasons" {
            reasons = mapped;
        } else {
            members.insert(name.to_owned(), json!(mapped));
        }
    }
    let word = members.get("result").and_then(scalar).unwrap_or_default();
    let canonical = spec.results.get(&word).cloned().unwrap_or_else(|| word.clone());
    let outcome = if VerifyOutcome::parse(&canonical).is_some() {
        canonical
    } else if class_of(&canonical).is_some() {
        if !reasons.contains(&canonical) {
            reasons.insert(0, canonical);
        }
        VerifyOutcome::Invalid.code().to_owned()
    } else {
        return Err(("results".to_owned(), format!("the result {word:?} is in no table")));
    };
    members.insert("result".to_owned(), json!(outcome));
    members.insert("reasons".to_owned(), json!(reasons));
    Ok(())
}

/// One reason; a coarse word becomes its classes joined by bars.
fn reason(word: &str, spec: &DialectSpec) -> Result<String, (String, String)> {
    match spec.reasons.get(word) {
        Some(words) => Ok(words.all().join("|")),
        None if class_of(word).is_some() => Ok(word.to_owned()),
        None => Err(("reasons".to_owned(), format!("the reason {word:?} is in no table"))),
    }
}

/// Why a `reasons` entry means nothing, if so.
pub(crate) fn unknown_reason(words: &Words) -> Option<String> {
    let all = words.all();
    if all.is_empty() || all.len() > 6 {
        return Some(format!("a reason stands for one to six classes, found {}", all.len()));
    }
    all.iter().find(|word| class_of(word).is_none()).map(|word| format!("{word:?} is no reason of binding v1"))
}
