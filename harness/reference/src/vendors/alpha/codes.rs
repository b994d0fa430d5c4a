//! Alpha's words for those of binding v1: columns, states, reasons, result codes, dates.

use ecric_model::binding::{ErrorCode, LicenceStatus};
use ecric_model::reason::class_of;
use serde_json::{Value, json};

use crate::errors::{ApiError, Detail};

/// A refusal in alpha's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    /// `resultcode`.
    pub(super) code: &'static str,
    /// `resultmsg`.
    pub(super) message: String,
    /// `resultfield`: the first member at fault.
    pub(super) field: Option<String>,
}

impl Refused {
    /// A refusal that names no member.
    pub(super) fn new(code: &'static str, message: &str) -> Self {
        Self { code, message: message.to_owned(), field: None }
    }

    /// The same, naming a member.
    pub(super) fn naming(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The core's refusal.
    pub(super) fn of(error: &ApiError) -> Self {
        let first = error.details.first();
        let code = match error.code {
            ErrorCode::NotSupported => "2",
            ErrorCode::NotFound => "10",
            ErrorCode::Unauthenticated => "11",
            ErrorCode::InvalidRequest if first.is_some_and(|one| is_empty(&one.issue)) => "12",
            ErrorCode::InvalidRequest if first.is_some_and(|one| one.field == "certificateHolderTypeCode") => "103",
            ErrorCode::ReplayedRequest => "14",
            ErrorCode::ClockSkew => "15",
            ErrorCode::TooLarge => "16",
            ErrorCode::Unavailable => "20",
            ErrorCode::Destroyed => "26",
            // Alpha compares no version; two changes at once are one too many.
            ErrorCode::StateConflict | ErrorCode::VersionConflict => "31",
            ErrorCode::RateLimited => "40",
            ErrorCode::Internal => "99",
            ErrorCode::Forbidden | ErrorCode::ScopeExceeded => "100",
            ErrorCode::UnsupportedFormat => "104",
            _ => "102",
        };
        let faults = error.details.iter().map(|one| format!("{}: {}", field(&one.field), one.issue));
        let message = if first.is_some() { faults.collect::<Vec<_>>().join("; ") } else { error.message.clone() };
        Self { code, message, field: first.map(|one| field(&one.field)) }
    }
}

/// A refusal in the form of an answer: an error body of binding v1.
pub(super) fn error_of(body: &Value) -> ApiError {
    let code = body["code"].as_str().and_then(ErrorCode::parse).unwrap_or(ErrorCode::Internal);
    let mut error = ApiError::new(code, body["message"].as_str().unwrap_or_default());
    let text = |detail: &Value, name: &str| detail[name].as_str().unwrap_or_default().to_owned();
    let details = body["details"].as_array().into_iter().flatten();
    error.details = details.map(|one| Detail { field: text(one, "field"), issue: text(one, "issue") }).collect();
    error
}

fn is_empty(issue: &str) -> bool {
    issue == "empty" || issue.starts_with("missing")
}

/// Columns: alpha's name, binding v1's, the label on the card.
pub(super) const COLUMNS: &[(&str, &str, &str)] = &[
    ("XM", "name", "姓名"),
    ("XB", "sex", "性别"),
    ("MZ", "ethnicity", "民族"),
    ("CSRQ", "birthDate", "出生日期"),
    ("ZZ", "address", "住址"),
    ("GMSFHM", "idNumber", "公民身份号码"),
    ("QFJG", "issuingAuthority", "签发机关"),
    ("XP", "photo", "相片"),
    ("XM2", "minorityName", "姓名（民族文字）"),
    ("ZZ2", "minorityAddress", "住址（民族文字）"),
    ("YXQX", "validityPeriod", "有效期限"),
    ("YXQQ", "validFrom", "有效期起"),
    ("YXQZ", "validTo", "有效期止"),
    ("XMYM", "nameMasked", "姓名（掩码）"),
    ("GMSFHMYM", "idNumberMasked", "公民身份号码（掩码）"),
    ("NL18", "ageOver18", "已满18周岁"),
    ("NL16", "ageOver16", "已满16周岁"),
    ("NLD", "ageBand", "年龄段"),
    ("XZQH", "areaCode", "行政区划"),
];

/// Binding v1's name of a column; an unknown one stays.
pub(super) fn member_of(column: &str) -> &str {
    COLUMNS.iter().find(|(known, _, _)| *known == column).map_or(column, |(_, member, _)| member)
}

/// The column of a member with its label; an unknown member stays.
pub(super) fn column_of(member: &str) -> (&str, &str) {
    COLUMNS.iter().find(|(_, known, _)| *known == member).map_or((member, ""), |(column, _, label)| (column, label))
}

/// The value of a column as binding v1 has it.
pub(super) fn decoded(column: &str, value: &str) -> Value {
    match column {
        "CSRQ" | "YXQQ" | "YXQZ" => date_of(value),
        "NL18" | "NL16" if ["0", "1"].contains(&value) => json!(value == "1"),
        _ => json!(value),
    }
}

/// A date of eight digits as binding v1 has it; `00000000` is long-term. What is none of both stays, for the core to judge.
pub(super) fn date_of(text: &str) -> Value {
    match text {
        "00000000" => Value::Null,
        _ if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            json!(format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
        }
        _ => json!(text),
    }
}

/// A date as alpha has it.
pub(super) fn compact_date(value: &Value) -> String {
    value.as_str().map_or_else(|| "00000000".to_owned(), |text| text.replace('-', ""))
}

/// Fourteen digits of China time as an instant.
pub(super) fn instant_of(text: &str) -> Option<String> {
    let digits = text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| {
        let part = |from: usize| &text[from..from + 2];
        let (day, time) = ((part(4), part(6)), (part(8), part(10), part(12)));
        format!("{}-{}-{}T{}:{}:{}+08:00", &text[..4], day.0, day.1, time.0, time.1, time.2)
    })
}

/// An instant of the core, which writes China time, as fourteen digits.
pub(super) fn compact_instant(text: &str) -> String {
    text.chars().take(19).filter(char::is_ascii_digit).collect()
}

/// A state as alpha's digit. The column is a number: what is no state is 0 there.
pub(super) fn state(word: &str) -> &'static str {
    match LicenceStatus::parse(word) {
        None | Some(LicenceStatus::NotActive) => "0",
        Some(LicenceStatus::Valid) => "1",
        Some(LicenceStatus::Suspended) => "2",
        Some(LicenceStatus::Expired) => "3",
        Some(LicenceStatus::Superseded) => "4",
        Some(LicenceStatus::Revoked) => "5",
        Some(LicenceStatus::Destroyed) => "9",
    }
}

/// The state behind a digit; anything else stays.
pub(super) fn state_of(digit: &str) -> &str {
    let known = LicenceStatus::ALL.iter().map(|status| status.code()).find(|word| state(word) == digit);
    known.unwrap_or(digit)
}

/// The code with which alpha withholds information about a licence in this state. About destroyed ones the
/// core gives none by itself: 26.
pub(super) fn withheld(word: &str) -> Option<Refused> {
    let (code, message) = match LicenceStatus::parse(word)? {
        LicenceStatus::Valid | LicenceStatus::Destroyed => return None,
        LicenceStatus::Revoked => ("21", "cancelled"),
        LicenceStatus::Expired => ("22", "expired"),
        LicenceStatus::Suspended => ("23", "frozen"),
        LicenceStatus::NotActive => ("24", "not activated"),
        LicenceStatus::Superseded => ("25", "replaced"),
    };
    Some(Refused::new(code, message))
}

/// Reasons of changes by number.
const CHANGE_REASONS: &[(&str, &str)] = &[
    ("01", "CARD_LOST"),
    ("02", "CARD_FOUND"),
    ("03", "DATA_CHANGED"),
    ("04", "ISSUED_IN_ERROR"),
    ("05", "HOLDER_DECEASED"),
    ("06", "NATIONALITY_LOST"),
    ("07", "KEY_COMPROMISE"),
    ("08", "HOLDER_REQUEST"),
    ("09", "RISK_CONTROL"),
    ("10", "RETENTION"),
    ("11", "INITIAL"),
    ("12", "RENEWAL"),
    ("13", "DAMAGED"),
];

/// Actions by number.
const ACTIONS: &[(&str, &str)] =
    &[("1", "ACTIVATE"), ("2", "SUSPEND"), ("3", "RESTORE"), ("4", "REVOKE"), ("9", "DESTROY")];

/// Services that leave a log, by operation.
const SERVICES: &[(&str, &str)] = &[
    ("createCert", "issuer.issue"),
    ("queryCertInfo", "issuer.metadata"),
    ("downloadFile", "issuer.file"),
    ("changeState", "issuer.transition"),
    ("renewCert", "issuer.reissue"),
    ("queryCert", "issuer.search"),
    ("verifyFile", "verifier.file"),
    ("verifyCertInfo", "verifier.attributes"),
];

fn word<'a>(table: &[(&'static str, &'static str)], code: &'a str) -> &'a str {
    table.iter().find(|(known, _)| *known == code).map_or(code, |(_, word)| word)
}

fn number<'a>(table: &[(&'static str, &'static str)], word: &'a str) -> &'a str {
    table.iter().find(|(_, known)| *known == word).map_or(word, |(code, _)| code)
}

/// The reason behind a number; anything else stays, for the core to judge.
pub(super) fn change_reason_of(code: &str) -> &str {
    word(CHANGE_REASONS, code)
}

/// The number of a reason.
pub(super) fn change_reason(reason: &str) -> &str {
    number(CHANGE_REASONS, reason)
}

/// The action behind a number; anything else stays.
pub(super) fn action_of(code: &str) -> &str {
    word(ACTIONS, code)
}

/// The number of an action.
pub(super) fn action(action: &str) -> &str {
    number(ACTIONS, action)
}

/// The operation behind the name of a service; anything else stays.
pub(super) fn operation_of(service: &str) -> &str {
    word(SERVICES, service)
}

/// The service of an operation.
pub(super) fn service(operation: &str) -> &str {
    number(SERVICES, operation)
}

/// Alpha's coarse word for a reason of a verdict.
pub(super) fn verify_code(reason: &str) -> String {
    let code = reason.split('@').next().unwrap_or(reason);
    let class = class_of(code).map_or(code, |class| class.code);
    let word = match (class, code) {
        (_, "DIGEST_MISMATCH" | "DATAHASH_MISMATCH" | "PROPERTY_MISMATCH" | "MISSING_REF") => "HASH",
        ("SEAL_INVALID", _) => "SEAL",
        ("SIG_INVALID" | "SIG_SIGNER_ID" | "SIG_ALG_FORBIDDEN" | "SIG_MISSING", _) => "SIGN",
        ("SIG_COVERAGE", _) => "RANGE",
        ("FORMAT_MALFORMED" | "FORMAT_UNSUPPORTED" | "FORMAT_LIMIT" | "FORMAT_ACTIVE_CONTENT", _) => "FORMAT",
        ("CERT_UNTRUSTED" | "CERT_CHAIN" | "CERT_USAGE", _) => "CHAIN",
        ("CERT_REVOKED", _) => "REVOKED",
        ("CERT_EXPIRED" | "CERT_NOT_YET_VALID" | "TS_INVALID" | "COPY_EXPIRED", _) => "TIME",
        ("META_MISMATCH" | "ISSUER_MISMATCH" | "COPY_CAUSE_MISMATCH", _) => "META",
        ("CERT_STATUS_UNKNOWN", _) => "NOCRL",
        ("TS_MISSING", _) => "NOTOKEN",
        ("LICENCE_STATUS_UNKNOWN", _) => "NOSTATE",
        ("LICENCE_STATUS_STALE", _) => "OLDSTATE",
        ("LICENCE_UNKNOWN", _) => "NOREC",
        ("IDENTIFIER_INVALID", _) => "IDENT",
        ("LICENCE_TYPE", _) => "TYPE",
        ("ATTR_MISMATCH", _) => "DIFF",
        ("ATTR_INSUFFICIENT", _) => "FEW",
        (licence, _) => match licence.strip_prefix("LICENCE_").and_then(LicenceStatus::parse) {
            Some(status) => return format!("STATE{}", state(status.code())),
            None => code,
        },
    };
    word.to_owned()
}

/// Members of requests, alpha's name and binding v1's.
const FIELDS: &[(&str, &str)] = &[
    ("items", "holder"),
    ("yxqq", "certificateEffectiveDate"),
    ("yxqz", "certificateExpiringDate"),
    ("oldIdentifier", "previousCertificateIdentifier"),
    ("fileTypes", "formats"),
    ("fileType", "format"),
    ("operatorOrg", "operator.orgCode"),
    ("operatorPost", "operator.role"),
    ("certificateUse", "use"),
    ("certificateCopyCause", "use.certificateCopyCause"),
    ("systemName", "use.certificateSystemName"),
    ("certificateCopyCause", "copy.use.certificateCopyCause"),
    ("systemName", "copy.use.certificateSystemName"),
    ("certificateCopyExpiringTime", "copy.certificateCopyExpiringTime"),
    ("operate", "action"),
    ("reasonCode", "reason"),
    ("effectTime", "effectiveTime"),
    ("certData", "assert"),
    ("pageNo", "pageToken"),
];

/// Alpha's name of a member at fault.
fn field(path: &str) -> String {
    if let Some(member) = path.strip_prefix("holder.").or_else(|| path.strip_prefix("changes.")) {
        return column_of(member).0.to_owned();
    }
    if let Some(index) = path.strip_prefix("attributes[") {
        return format!("columns[{index}");
    }
    if let Some(index) = path.strip_prefix("formats[") {
        return format!("fileTypes[{index}");
    }
    number(FIELDS, path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_there_and_back() {
        for status in LicenceStatus::ALL {
            assert_eq!(state_of(state(status.code())), status.code());
            let open = [LicenceStatus::Valid, LicenceStatus::Destroyed].contains(status);
            assert_eq!(withheld(status.code()).is_none(), open);
        }
        assert_eq!((state("ACTIVE"), state_of("7")), ("0", "7"));
        assert_eq!(
            (change_reason_of("01"), change_reason("CARD_LOST"), change_reason_of("99")),
            ("CARD_LOST", "01", "99")
        );
        assert_eq!((action_of("9"), action("DESTROY"), action_of("x")), ("DESTROY", "9", "x"));
        assert_eq!((member_of("XM"), column_of("name").0, column_of("shoeSize").0), ("name", "XM", "shoeSize"));
    }

    #[test]
    fn dates_and_times() {
        assert_eq!(
            (date_of("20260601"), date_of("00000000"), date_of("2026")),
            (json!("2026-06-01"), Value::Null, json!("2026"))
        );
        assert_eq!(
            (compact_date(&json!("2026-06-01")), compact_date(&Value::Null)),
            ("20260601".to_owned(), "00000000".to_owned())
        );
        assert_eq!(instant_of("20260601090000").as_deref(), Some("2026-06-01T09:00:00+08:00"));
        assert_eq!(instant_of("2026060109000x"), None);
        assert_eq!(compact_instant("2026-06-01T09:00:00.123+08:00"), "20260601090000");
    }

    #[test]
    fn reasons_and_fields() {
        for (reason, word) in [
            ("DIGEST_MISMATCH@signer", "HASH"),
            ("SM2_BAD", "SIGN"),
            ("ZIP_LIMIT", "FORMAT"),
            ("EXPECT_MISMATCH", "META"),
            ("LICENCE_REVOKED", "STATE5"),
            ("LICENCE_DESTROYED", "STATE9"),
            ("LICENCE_UNKNOWN", "NOREC"),
            ("LICENCE_STATUS_STALE", "OLDSTATE"),
            ("CERT_REVOKED", "REVOKED"),
        ] {
            assert_eq!(verify_code(reason), word, "{reason}");
        }
        for (path, name) in [
            ("holder.name", "XM"),
            ("changes.idNumber", "GMSFHM"),
            ("attributes[0]", "columns[0]"),
            ("use", "certificateUse"),
            ("pageSize", "pageSize"),
        ] {
            assert_eq!(field(path), name, "{path}");
        }
    }

    #[test]
    fn refusals() {
        for (error, code) in [
            (ApiError::invalid("holder.name", "missing"), "12"),
            (ApiError::invalid("holder.name", "too long"), "102"),
            (ApiError::invalid("certificateHolderTypeCode", "not in the list of holder types"), "103"),
            (ApiError::new(ErrorCode::VersionConflict, "x"), "31"),
            (ApiError::rate_limited(3), "40"),
            (ApiError::new(ErrorCode::Forbidden, "x"), "100"),
        ] {
            assert_eq!(Refused::of(&error).code, code, "{error:?}");
        }
    }
}
