//! Questions about the metadata elements (GB/T 36903-2018 as derived).

use ecric_licence::citizen_number::parse_citizen_number;
use ecric_licence::instant::parse_date;
use ecric_licence::metadata::CERTIFICATE_NAME;
use ecric_model::Text;
use ecric_model::binding::{LicenceRecord, LicenceStatus};
use ecric_model::finding::{FindingClass, Judgement, fail};
use serde_json::Value;

use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::{Seen, equal, identifiers, present};

/// Member names of the mandatory elements (requirement titles name them).
const MANDATORY: [&str; 11] = [
    "certificateName",
    "certificateTypeName",
    "certificateTypeCode",
    "certificateNumber",
    "certificateIdentifier",
    "certificateIssuingAuthorityName",
    "certificateIssuingAuthorityCode",
    "certificateIssuedDate",
    "certificateHolderName",
    "certificateHolderCode",
    "certificateHolderTypeCode",
];

/// Members that only an annotated copy may carry.
const ANNOTATION: [&str; 4] =
    ["certificateCopyCreationTime", "certificateCopyCreator", "certificateCopyCause", "certificateCopyExpiringTime"];

/// Is a licence that may not be used answered with its state and nothing of its data?
///
/// The state stands alone in the answer, or alone in its member `licence`.
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`, or those of an answer that is none.
pub fn check_state_alone(seen: &Seen<'_>, expected: LicenceStatus) -> Judgement {
    ablatable!("check_state_alone");
    check_accepted(seen)?;
    let answer = seen.json.unwrap_or(&Value::Null);
    let licence = answer.get("licence").unwrap_or(answer);
    let told = licence.get("certificateStatus").and_then(Value::as_str);
    equal("certificateStatus", expected.code(), present("certificateStatus", told)?)?;
    let known = ["certificateStatus", "certificateIdentifier"];
    let more = licence
        .as_object()
        .into_iter()
        .flatten()
        .find(|(name, value)| !known.contains(&name.as_str()) && !value.is_null());
    match more {
        None => Ok(()),
        Some((name, _)) => fail(
            FindingClass::WrongValue,
            format!("licence.{name}"),
            Text::new("the state alone", "仅状态"),
            Text::new("data of the licence", "证照数据"),
        ),
    }
}

/// Are all mandatory elements present and not empty?
///
/// # Errors
/// `MISSING`.
pub fn check_mandatory(licence: &Value) -> Judgement {
    ablatable!("check_mandatory");
    for name in MANDATORY {
        present(&format!("licence.{name}"), licence.get(name).and_then(Value::as_str))?;
    }
    Ok(())
}

/// Does the type code equal the type segment of the identifier?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_type_code(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_type_code");
    let segment = identifiers::type_segment(&licence.certificate_identifier)?;
    equal("licence.certificateTypeCode", segment, licence.certificate_type_code.as_deref().unwrap_or_default())
}

/// Does the authority code equal the authority segment of the identifier?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_authority_code(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_authority_code");
    let segment = identifiers::authority_segment(&licence.certificate_identifier)?;
    let found = licence.certificate_issuing_authority_code.as_deref().unwrap_or_default();
    equal("licence.certificateIssuingAuthorityCode", segment, found)
}

/// Does the version equal the version segment of the identifier?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_version(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_version");
    let segment = identifiers::version_segment(&licence.certificate_identifier)?;
    equal("licence.certificateVersion", segment, licence.certificate_version.as_deref().unwrap_or_default())
}

/// Is the holder type 111, 公民身份号码?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_holder_type(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_holder_type");
    let code = licence.certificate_holder_type_code.as_deref().unwrap_or_default();
    equal("licence.certificateHolderTypeCode", "111", code)?;
    let name = licence.certificate_holder_type_name.as_deref().unwrap_or_default();
    equal("licence.certificateHolderTypeName", "公民身份号码", name)
}

/// Is the holder code a valid citizen number? The value itself is never repeated.
///
/// # Errors
/// `MALFORMED`.
pub fn check_holder_code(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_holder_code");
    let code = licence.certificate_holder_code.as_deref().unwrap_or_default();
    match parse_citizen_number(code) {
        Ok(_) => Ok(()),
        Err(error) => fail(
            FindingClass::Malformed,
            "licence.certificateHolderCode",
            Text::new("a valid citizen number of 18 characters", "合法的18位公民身份号码"),
            Text::new(
                format!("{} characters, wrong at {}", code.chars().count(), error.position + 1),
                format!("{}个字符，第{}位有误", code.chars().count(), error.position + 1),
            ),
        ),
    }
}

/// Does the licence number equal the holder code?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_number(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_number");
    if licence.certificate_number.is_some() && licence.certificate_number == licence.certificate_holder_code {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "licence.certificateNumber",
        Text::new("the citizen number, as in certificateHolderCode", "公民身份号码，与certificateHolderCode一致"),
        Text::new("another value", "其他值"),
    )
}

/// Has the licence its fixed name?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_name(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_name");
    equal("licence.certificateName", CERTIFICATE_NAME, licence.certificate_name.as_deref().unwrap_or_default())
}

/// Are all dates real calendar days written `YYYY-MM-DD`?
///
/// # Errors
/// `MALFORMED` or `MISSING`.
pub fn check_dates(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_dates");
    let dates = [
        ("licence.certificateIssuedDate", &licence.certificate_issued_date, true),
        ("licence.certificateEffectiveDate", &licence.certificate_effective_date, true),
        ("licence.certificateExpiringDate", &licence.certificate_expiring_date, false),
    ];
    for (place, date, needed) in dates {
        match date {
            None if needed => return present(place, None).map(|_| ()),
            None => {}
            Some(text) if parse_date(text).is_ok() => {}
            Some(text) => {
                let wanted = Text::new("a calendar day written YYYY-MM-DD", "形如YYYY-MM-DD的真实日期");
                return fail(FindingClass::Malformed, place, wanted, Text::same(text));
            }
        }
    }
    Ok(())
}

/// Is the issue date not later than the first day and not in the future (`today` in China)?
///
/// # Errors
/// `WRONG_VALUE`, or those of [`check_dates`].
pub fn check_date_order(licence: &LicenceRecord, today: time::Date) -> Judgement {
    ablatable!("check_date_order");
    check_dates(licence)?;
    let read = |text: &Option<String>| text.as_deref().and_then(|text| parse_date(text).ok());
    let (issued, effective) = (read(&licence.certificate_issued_date), read(&licence.certificate_effective_date));
    if issued <= effective && issued <= Some(today) {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "licence.certificateIssuedDate",
        Text::new(
            format!("not after {} nor after today", licence.certificate_effective_date.as_deref().unwrap_or("-")),
            format!("不晚于 {} 且不在未来", licence.certificate_effective_date.as_deref().unwrap_or("-")),
        ),
        Text::same(licence.certificate_issued_date.as_deref().unwrap_or("-")),
    )
}

/// Has the licence none of the four annotation elements?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_no_annotation(licence: &Value) -> Judgement {
    ablatable!("check_no_annotation");
    match ANNOTATION.into_iter().find(|name| licence.get(name).is_some_and(|value| !value.is_null())) {
        None => Ok(()),
        Some(name) => fail(
            FindingClass::WrongValue,
            format!("licence.{name}"),
            Text::new("absent in an original", "原件中不出现"),
            Text::new("present", "出现"),
        ),
    }
}

/// Does the licence name the identifier it replaces?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_previous(licence: &LicenceRecord, expected: &str) -> Judgement {
    ablatable!("check_previous");
    let place = "licence.previousCertificateIdentifier";
    equal(place, expected, present(place, licence.previous_certificate_identifier.as_deref())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        json!({"certificateIdentifier": "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R",
            "certificateTypeCode": "11100000000013127D001", "certificateTypeName": "居民身份证",
            "certificateName": "中华人民共和国居民身份证", "certificateVersion": "001",
            "certificateIssuingAuthorityName": "测试签发机关", "certificateIssuingAuthorityCode": "11100000000013127D",
            "certificateIssuedDate": "2026-01-01", "certificateEffectiveDate": "2026-01-01",
            "certificateExpiringDate": "2046-01-01", "certificateNumber": "110199199003070017",
            "certificateHolderName": "测试甲", "certificateHolderCode": "110199199003070017",
            "certificateHolderTypeCode": "111", "certificateHolderTypeName": "公民身份号码",
            "previousCertificateIdentifier": "x"})
    }

    fn judge(licence: &Value) -> Vec<bool> {
        let typed: LicenceRecord = serde_json::from_value(licence.clone()).unwrap();
        let today = parse_date("2026-06-01").unwrap();
        [
            check_mandatory(licence),
            check_type_code(&typed),
            check_authority_code(&typed),
            check_version(&typed),
            check_holder_type(&typed),
            check_holder_code(&typed),
            check_number(&typed),
            check_name(&typed),
            check_date_order(&typed, today),
            check_no_annotation(licence),
            check_previous(&typed, "x"),
        ]
        .iter()
        .map(Result::is_ok)
        .collect()
    }

    #[test]
    fn a_state_stands_alone() {
        let judge = |status, body| {
            check_state_alone(&crate::seen::test_seen(status, body).view(), LicenceStatus::Revoked)
                .map_err(|found| found.class)
        };
        assert_eq!(judge(200, json!({"certificateStatus": "REVOKED"})), Ok(()));
        let licence =
            json!({"licence": {"certificateStatus": "REVOKED", "certificateIdentifier": "x", "holder": null}});
        assert_eq!(judge(200, licence), Ok(()));
        for (status, body, class) in [
            (200, json!({"certificateStatus": "VALID"}), FindingClass::WrongValue),
            (200, json!({"licence": {}}), FindingClass::Missing),
            (200, json!({"licence": {"certificateStatus": "REVOKED", "holder": {}}}), FindingClass::WrongValue),
            (200, json!({"certificateStatus": "REVOKED", "certificateNumber": "1"}), FindingClass::WrongValue),
            (404, json!({"code": "NOT_FOUND"}), FindingClass::FalseReject),
        ] {
            assert_eq!(judge(status, body), Err(class));
        }
    }

    #[test]
    fn each_fault_fails_its_own_check() {
        assert!(judge(&good()).into_iter().all(|ok| ok));
        for (index, member, value) in [
            (0, "certificateIssuedDate", json!(null)),
            (1, "certificateTypeCode", json!("11100000000013127D002")),
            (2, "certificateIssuingAuthorityCode", json!("11440300099999917Q")),
            (3, "certificateVersion", json!("1")),
            (4, "certificateHolderTypeCode", json!("414")),
            (4, "certificateHolderTypeName", json!("护照")),
            (5, "certificateHolderCode", json!("110199199003070018")),
            (6, "certificateNumber", json!("20260101A1B2C3D4E5F6")),
            (7, "certificateName", json!("居民身份证")),
            (8, "certificateEffectiveDate", json!("2026-02-30")),
            (8, "certificateIssuedDate", json!("2026-01-02")),
            (9, "certificateCopyCause", json!("")),
            (10, "previousCertificateIdentifier", json!("y")),
        ] {
            let mut bad = good();
            bad[member] = value;
            assert!(!judge(&bad)[index], "{member}");
        }
        let mut future = good();
        future["certificateIssuedDate"] = json!("2026-07-01");
        future["certificateEffectiveDate"] = json!("2026-07-01");
        assert!(!judge(&future)[8]);
    }
}
