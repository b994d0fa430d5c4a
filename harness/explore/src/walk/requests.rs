//! The right requests of a walk.

use ecric_checks::lifecycle::Request;
use ecric_licence::instant::write_date;
use ecric_model::binding::{Action, Operation};
use ecric_model::published::{ID_CARD_TYPE_CODE, ISSUING_AUTHORITY_CODE};
use ecric_vectors::person::Person;
use serde_json::{Map, Value, json};
use time::{Date, Duration};

/// Attributes asserted and asked for.
const ATTRIBUTES: [&str; 7] = ["name", "sex", "ethnicity", "birthDate", "address", "idNumber", "issuingAuthority"];

/// An operation with the licence in its path and its body; `Null` for none.
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    pub(crate) id: Option<String>,
    pub(crate) body: Value,
}

fn stated_use() -> Value {
    json!({"certificateCopyCause": "一致性测试", "certificateSystemName": "ecric"})
}

fn operator(role: &str) -> Value {
    json!({"orgCode": ISSUING_AUTHORITY_CODE, "role": role})
}

/// The reason that fits an action.
const fn reason_of(action: Action) -> &'static str {
    match action {
        Action::Activate => "INITIAL",
        Action::Suspend => "RISK_CONTROL",
        Action::Restore => "CARD_FOUND",
        Action::Destroy => "RETENTION",
        Action::Revoke => "HOLDER_REQUEST",
    }
}

fn assertions(person: &Person) -> Value {
    let holder = person.holder();
    let known = ATTRIBUTES.iter().filter_map(|name| holder.get(*name).map(|value| ((*name).to_owned(), value.clone())));
    Value::Object(known.collect::<Map<_, _>>())
}

/// The date of a day of the walk.
pub(crate) fn date_of(first: Date, day: i64) -> Date {
    first.saturating_add(Duration::days(day))
}

/// What a request of the model is on the wire; `today` is the date of its present day 0.
pub(crate) fn asked(request: &Request, person: &Person, first: Date, day: i64) -> Asked {
    let of = |operation, id: Option<&String>, body| Asked { operation, id: id.cloned(), body };
    match request {
        Request::Issue { activate, begins, last } => {
            let mut body = json!({"holder": person.holder(), "certificateTypeCode": ID_CARD_TYPE_CODE, "formats": ["ofd"],
                "activate": activate, "operator": operator("issuing")});
            if *begins != day {
                body["certificateEffectiveDate"] = json!(write_date(date_of(first, *begins)));
            }
            if let Some(last) = last {
                body["certificateExpiringDate"] = json!(write_date(date_of(first, *last)));
            }
            of(Operation::Issue, None, body)
        }
        Request::Act { licence, action, version } => {
            let body = json!({"action": action.code(), "reason": reason_of(*action), "expectedStatusVersion": version,
                "operator": operator("window")});
            of(Operation::Transition, Some(licence), body)
        }
        Request::Reissue { licence, version } => {
            let body = json!({"reason": "DATA_CHANGED", "expectedStatusVersion": version, "formats": ["ofd"],
                "operator": operator("window")});
            of(Operation::Reissue, Some(licence), body)
        }
        Request::Status { licence, .. } => of(Operation::Status, Some(licence), Value::Null),
        Request::Verify { licence } => {
            let body = json!({"certificateIdentifier": licence, "assert": assertions(person), "use": stated_use()});
            of(Operation::VerifyAttributes, None, body)
        }
        Request::VerifyHolder => {
            let body = json!({"certificateTypeCode": ID_CARD_TYPE_CODE, "certificateHolderCode": person.id_number,
                "assert": assertions(person), "use": stated_use()});
            of(Operation::VerifyAttributes, None, body)
        }
        Request::Metadata { licence } => {
            let body = json!({"attributes": ATTRIBUTES, "use": stated_use()});
            of(Operation::Metadata, Some(licence), body)
        }
        Request::File { licence } => {
            let body = json!({"format": "ofd", "delivery": "INLINE"});
            of(Operation::File, Some(licence), body)
        }
        Request::Search { states } => {
            let mut body = json!({"certificateHolderCode": person.id_number, "certificateHolderTypeCode": "111",
                "use": stated_use(), "pageSize": 100});
            if !states.is_empty() {
                body["status"] = json!(states.iter().map(|state| state.code()).collect::<Vec<_>>());
            }
            of(Operation::Search, None, body)
        }
    }
}

/// The changes of a licence in the audit, in a window of time.
pub(crate) fn audit(licence: &str, from: &str, to: &str) -> Asked {
    let body = json!({"certificateIdentifier": licence, "from": from, "to": to, "pageSize": 100});
    Asked { operation: Operation::Audit, id: None, body }
}

/// Test control T3: a person without a licence.
pub(crate) fn persona(person: &Person) -> Value {
    json!({"action": "CREATE", "personas": [{"personaRef": person.reference, "holder": person.holder(), "state": "NONE"}]})
}
