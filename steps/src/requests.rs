//! Right requests, before a variation changes them.

use ecric_model::published::{ID_CARD_TYPE_CODE, ISSUING_AUTHORITY_CODE};
use ecric_vectors::person::Person;
use serde_json::{Value, json};

/// Cause stated by the suite.
pub(crate) const CAUSE: &str = "一致性测试";
/// Attributes asked for and asserted by default.
pub(crate) const ATTRIBUTES: [&str; 7] =
    ["name", "sex", "ethnicity", "birthDate", "address", "idNumber", "issuingAuthority"];

/// The stated use of every request.
pub(crate) fn stated_use() -> Value {
    json!({"certificateCopyCause": CAUSE, "certificateSystemName": "ecric"})
}

fn operator(role: &str) -> Value {
    json!({"orgCode": ISSUING_AUTHORITY_CODE, "role": role})
}

pub(crate) fn issue(person: &Person) -> Value {
    json!({"holder": person.holder(), "certificateTypeCode": ID_CARD_TYPE_CODE, "formats": ["ofd"], "activate": true,
        "operator": operator("issuing")})
}

/// The reason that fits an action.
pub(crate) fn reason_of(action: &str) -> &'static str {
    match action {
        "ACTIVATE" => "INITIAL",
        "SUSPEND" => "RISK_CONTROL",
        "RESTORE" => "CARD_FOUND",
        "DESTROY" => "RETENTION",
        _ => "HOLDER_REQUEST",
    }
}

pub(crate) fn transition(action: &str, version: i64) -> Value {
    json!({"action": action, "reason": reason_of(action), "expectedStatusVersion": version, "operator": operator("window")})
}

pub(crate) fn reissue(version: i64) -> Value {
    json!({"reason": "DATA_CHANGED", "expectedStatusVersion": version, "formats": ["ofd"], "operator": operator("window")})
}

pub(crate) fn metadata() -> Value {
    let names: Vec<&str> = ATTRIBUTES.into_iter().chain(["validityPeriod", "areaCode"]).collect();
    json!({"attributes": names, "use": stated_use()})
}

/// A request for the file of a licence, as original or as annotated copy.
pub(crate) fn file(copy: bool) -> Value {
    if copy {
        json!({"format": "ofd", "delivery": "INLINE", "copy": {"use": stated_use()}})
    } else {
        json!({"format": "ofd", "delivery": "INLINE"})
    }
}

pub(crate) fn search(person: &Person) -> Value {
    json!({"certificateHolderCode": person.id_number, "certificateHolderTypeCode": "111", "use": stated_use()})
}

/// Audit entries of a licence in a window of time.
pub(crate) fn audit(identifier: &str, from: &str, to: &str) -> Value {
    json!({"certificateIdentifier": identifier, "from": from, "to": to})
}

/// The attributes of a person as asserted by somebody who knows them.
pub(crate) fn assertions(person: &Person) -> Value {
    let holder = person.holder();
    let known = ATTRIBUTES.iter().filter_map(|name| holder.get(*name).map(|value| ((*name).to_owned(), value.clone())));
    Value::Object(known.collect())
}

pub(crate) fn verification(identifier: &str, person: &Person) -> Value {
    json!({"certificateIdentifier": identifier, "assert": assertions(person), "use": stated_use()})
}

pub(crate) fn batch(identifier: &str, person: &Person) -> Value {
    json!({"items": [{"itemId": "1", "kind": "ATTRIBUTES", "request": verification(identifier, person)}]})
}

pub(crate) fn persona(person: &Person, state: &str) -> Value {
    json!({"action": "CREATE", "personas": [{"personaRef": person.reference, "holder": person.holder(), "state": state}]})
}
