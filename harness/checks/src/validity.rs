//! Questions about the validity of a licence (居民身份证法 art. 5).

use ecric_licence::instant::{parse_date, write_date};
use ecric_licence::validity::{Term, end_of_term, validity_range};
use ecric_model::Text;
use ecric_model::binding::LicenceRecord;
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::present;

/// Is the licence valid for the term, counted from its first day?
///
/// # Errors
/// `WRONG_VALUE`, `MISSING` or `MALFORMED`.
pub fn check_term(licence: &LicenceRecord, term: Term) -> Judgement {
    ablatable!("check_term");
    let place = "licence.certificateEffectiveDate";
    let first = present(place, licence.certificate_effective_date.as_deref())?;
    let Ok(effective) = parse_date(first) else {
        return fail(FindingClass::Malformed, place, Text::same("YYYY-MM-DD"), Text::same(first));
    };
    let expected = end_of_term(effective, term).map(write_date);
    if expected == licence.certificate_expiring_date {
        return Ok(());
    }
    let word = |date: &Option<String>| match date {
        Some(date) => Text::same(date),
        None => Text::new("no last day (long-term)", "无截止日期（长期）"),
    };
    fail(
        FindingClass::WrongValue,
        "licence.certificateExpiringDate",
        Text::new(
            format!("{} ({} from {first})", word(&expected).en, validity_range(term)),
            format!("{}（自 {first} 起{}）", word(&expected).zh, validity_range(term)),
        ),
        word(&licence.certificate_expiring_date),
    )
}

/// Is long-term validity written as no last day and the range 长期?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_long_term_form(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_long_term_form");
    let range = licence.certificate_validity_range.as_deref().unwrap_or_default();
    match &licence.certificate_expiring_date {
        Some(date) => fail(
            FindingClass::WrongValue,
            "licence.certificateExpiringDate",
            Text::new("null: a long-term licence has no last day", "null：长期有效无截止日期"),
            Text::same(date),
        ),
        None => crate::equal("licence.certificateValidityRange", "长期", range),
    }
}

/// Has a licence with a term a last day, and a range that is not 长期?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_dated_form(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_dated_form");
    present("licence.certificateExpiringDate", licence.certificate_expiring_date.as_deref())?;
    let range = present("licence.certificateValidityRange", licence.certificate_validity_range.as_deref())?;
    if range != "长期" {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "licence.certificateValidityRange",
        Text::new("a term, since there is a last day", "有截止日期时应为期限"),
        Text::same(range),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn licence(last: Option<&str>, range: &str) -> LicenceRecord {
        LicenceRecord {
            certificate_effective_date: Some("2026-06-01".to_owned()),
            certificate_expiring_date: last.map(str::to_owned),
            certificate_validity_range: Some(range.to_owned()),
            ..LicenceRecord::default()
        }
    }

    #[test]
    fn terms_and_forms() {
        assert!(check_term(&licence(Some("2046-06-01"), "20年"), Term::Years(20)).is_ok());
        assert!(check_term(&licence(None, "长期"), Term::LongTerm).is_ok());
        assert!(check_term(&licence(Some("2036-06-01"), "10年"), Term::Years(20)).is_err());
        assert!(check_term(&licence(Some("9999-12-31"), "长期"), Term::LongTerm).is_err());
        assert!(check_long_term_form(&licence(None, "长期")).is_ok());
        assert!(check_long_term_form(&licence(Some("9999-12-31"), "长期")).is_err());
        assert!(check_long_term_form(&licence(None, "")).is_err());
        assert!(check_dated_form(&licence(Some("2046-06-01"), "20年")).is_ok());
        assert!(check_dated_form(&licence(None, "长期")).is_err());
        assert!(check_dated_form(&licence(Some("2046-06-01"), "长期")).is_err());
    }
}
