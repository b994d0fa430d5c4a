//! A licence's metadata as one record: what must agree inside it, without file, page or database.
//!
//! Which members are mandatory, and their names, are those of binding v1 (lists observed, likely);
//! the rules between them are this suite's. The file verification asks [`check_identity`] too.

use serde_json::{Map, Value};
use time::{Date, OffsetDateTime};

use super::{CERTIFICATE_NAME, COPY_MEMBERS, HOLDER_TYPE_NAME, MANDATORY, NAME_MAX, fits};
use crate::citizen_number::parse_citizen_number;
use crate::code_lists::HOLDER_TYPE_CITIZEN;
use crate::identifier::{IDENTITY_CARD_TYPE, parse_identifier};
use crate::instant::{parse_date, parse_instant};
use crate::validity::china_date;

/// What a record describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// An original (原件).
    Original,
    /// An annotated copy (加注件).
    Copy,
}

/// Something in a record that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Fine code of binding v1, section 8.
    pub code: &'static str,
    /// The member, by its name in binding v1; empty for the record as a whole.
    pub member: &'static str,
    /// What is wrong, without the member and without its value.
    pub detail: String,
}

fn problem(code: &'static str, member: &'static str, detail: impl Into<String>) -> Problem {
    Problem { code, member, detail: detail.into() }
}

/// Members that are read besides [`MANDATORY`] and [`COPY_MEMBERS`].
const OTHERS: [&str; 7] = [
    "certificateVersion",
    "certificateHolderTypeName",
    "certificateEffectiveDate",
    "certificateExpiringDate",
    "certificateAreaCode",
    "previousCertificateIdentifier",
    "originFileSm3",
];

/// Checks a record as of `at`; empty when everything holds. The problems stand in the order of the rules.
#[must_use]
pub fn check_record(members: &Map<String, Value>, kind: RecordKind, at: OffsetDateTime) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in MANDATORY.iter().chain(COPY_MEMBERS).chain(&OTHERS) {
        if members.get(*name).is_some_and(|value| !value.is_string() && !value.is_null()) {
            problems.push(problem("META_MISMATCH", name, "is no text"));
        }
    }
    let get = |name: &str| members.get(name).and_then(Value::as_str);
    for name in MANDATORY {
        if get(name).is_none_or(str::is_empty) {
            problems.push(problem("META_MISSING", name, "is missing"));
        }
    }
    problems.extend(check_identity(get, IDENTITY_CARD_TYPE));
    check_texts(&mut problems, get);
    check_dates(&mut problems, get, china_date(at));
    check_copy(&mut problems, get, kind, at);
    problems
}

/// The identifier and what repeats it, the holder's code and its type. Members that are missing are left out.
#[must_use]
pub fn check_identity<'a>(get: impl Fn(&'static str) -> Option<&'a str>, type_code: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(text) = get("certificateIdentifier") {
        match parse_identifier(text) {
            Err(error) => problems.push(problem("LICENCE_ID_BAD", "certificateIdentifier", error.to_string())),
            Ok(identifier) => {
                let pairs = [
                    ("certificateTypeCode", identifier.type_code()),
                    ("certificateIssuingAuthorityCode", identifier.authority()),
                    ("certificateVersion", identifier.version_text()),
                ];
                for (name, wanted) in pairs {
                    if get(name).is_some_and(|found| found != wanted) {
                        problems.push(problem("META_MISMATCH", name, "differs from the licence identifier"));
                    }
                }
            }
        }
        if get("certificateTypeCode").is_some_and(|found| found != type_code) {
            problems.push(problem("TYPE_CODE", "certificateTypeCode", "is that of another licence"));
        }
    }
    if get("certificateHolderTypeCode").is_some_and(|code| code != HOLDER_TYPE_CITIZEN) {
        problems.push(problem("META_MISMATCH", "certificateHolderTypeCode", "is another type than 111"));
    }
    let number = get("certificateNumber");
    if number.is_some() && number != get("certificateHolderCode") {
        problems.push(problem("META_MISMATCH", "certificateNumber", "differs from the holder's code"));
    }
    if number.is_some_and(|text| parse_citizen_number(text).is_err()) {
        problems.push(problem("META_MISMATCH", "certificateNumber", "is no citizen number"));
    }
    problems
}

fn check_texts<'a>(problems: &mut Vec<Problem>, get: impl Fn(&'static str) -> Option<&'a str>) {
    let mut fixed = |name: &'static str, wanted: &str| {
        if get(name).is_some_and(|found| found != wanted) {
            problems.push(problem("META_MISMATCH", name, "is not the fixed text"));
        }
    };
    fixed("certificateName", CERTIFICATE_NAME);
    fixed("certificateHolderTypeName", HOLDER_TYPE_NAME);
    if get("certificateHolderName").is_some_and(|name| !name.is_empty() && !fits(name, NAME_MAX)) {
        problems.push(problem("META_MISMATCH", "certificateHolderName", format!("is longer than {NAME_MAX}")));
    }
    if let (Some(area), Some(number)) = (get("certificateAreaCode"), get("certificateNumber"))
        && number.get(..6) != Some(area)
    {
        problems.push(problem("META_MISMATCH", "certificateAreaCode", "is not that of the citizen number"));
    }
    if let Some(previous) = get("previousCertificateIdentifier") {
        if let Err(error) = parse_identifier(previous) {
            problems.push(problem("LICENCE_ID_BAD", "previousCertificateIdentifier", error.to_string()));
        } else if get("certificateIdentifier") == Some(previous) {
            problems.push(problem("META_MISMATCH", "previousCertificateIdentifier", "is the licence itself"));
        }
    }
}

fn check_dates<'a>(problems: &mut Vec<Problem>, get: impl Fn(&'static str) -> Option<&'a str>, today: Date) {
    let mut read = |name: &'static str| {
        let text = get(name).filter(|text| !text.is_empty())?;
        let date = parse_date(text).ok();
        if date.is_none() {
            problems.push(problem("META_MISMATCH", name, "is no calendar day of the form YYYY-MM-DD"));
        }
        date
    };
    let issued = read("certificateIssuedDate");
    let effective = read("certificateEffectiveDate");
    let expiring = read("certificateExpiringDate");
    if issued.is_some_and(|issued| issued > today) {
        problems.push(problem("META_MISMATCH", "certificateIssuedDate", "lies in the future"));
    }
    if issued.zip(effective).is_some_and(|(issued, effective)| issued > effective) {
        problems.push(problem("META_MISMATCH", "certificateIssuedDate", "is later than the first day of validity"));
    }
    if effective.zip(expiring).is_some_and(|(effective, expiring)| expiring < effective) {
        problems.push(problem("META_MISMATCH", "certificateExpiringDate", "is earlier than the first day of validity"));
    }
}

fn check_copy<'a>(
    problems: &mut Vec<Problem>,
    get: impl Fn(&'static str) -> Option<&'a str>,
    kind: RecordKind,
    at: OffsetDateTime,
) {
    if kind == RecordKind::Original {
        for name in COPY_MEMBERS.iter().chain(&["originFileSm3"]) {
            if get(name).is_some() {
                problems.push(problem("COPY_FIELDS", name, "belongs to an annotated copy"));
            }
        }
        return;
    }
    let [creation, creator, cause, expiring] = [
        "certificateCopyCreationTime",
        "certificateCopyCreator",
        "certificateCopyCause",
        "certificateCopyExpiringTime",
    ];
    for name in [creation, creator, cause, "originFileSm3"] {
        if get(name).is_none_or(str::is_empty) {
            problems.push(problem("COPY_FIELDS", name, "is missing"));
        }
    }
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if get("originFileSm3").is_some_and(|text| !text.is_empty() && !is_digest(text)) {
        problems.push(problem("COPY_FIELDS", "originFileSm3", "is no SM3 in lower-case hex"));
    }
    let mut read = |name: &'static str| {
        let text = get(name).filter(|text| !text.is_empty())?;
        let time = parse_instant(text).ok();
        if time.is_none() {
            problems.push(problem("COPY_FIELDS", name, "is no instant"));
        }
        time
    };
    let (created, expires) = (read(creation), read(expiring));
    if created.zip(expires).is_some_and(|(created, expires)| expires < created) {
        problems.push(problem("COPY_FIELDS", expiring, "is earlier than the time of making"));
    } else if expires.is_some_and(|expires| expires < at) {
        problems.push(problem("COPY_EXPIRED", expiring, "has passed"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn members_that_are_missing_or_no_text_are_named() {
        let codes = |record: Value| -> Vec<(&str, &str)> {
            let problems =
                check_record(record.as_object().unwrap(), RecordKind::Original, datetime!(2026-06-01 0:00 +8));
            problems.iter().map(|one| (one.code, one.member)).collect()
        };
        let missing: Vec<_> = MANDATORY.iter().map(|member| ("META_MISSING", *member)).collect();
        assert_eq!(codes(json!({})), missing);
        assert_eq!(codes(json!({"certificateName": 1}))[0], ("META_MISMATCH", "certificateName"));
        assert_eq!(codes(json!({"originFileSm3": "x"})).last(), Some(&("COPY_FIELDS", "originFileSm3")));
    }
}
