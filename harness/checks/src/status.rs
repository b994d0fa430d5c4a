//! Questions about the status of a licence (binding v1, section 7 and operation 5).

use ecric_licence::instant::parse_instant;
use ecric_model::Text;
use ecric_model::binding::{LicenceStatus, StatusAnswer, TransitionAnswer};
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::{Seen, equal, message};

/// Does operation 5 answer this state?
///
/// # Errors
/// `WRONG_STATE`, or those of [`check_accepted`].
pub fn check_status(seen: &Seen<'_>, expected: LicenceStatus) -> Judgement {
    ablatable!("check_status");
    check_accepted(seen)?;
    let found = seen.json.and_then(|json| json.get("certificateStatus")).and_then(|value| value.as_str());
    match found {
        Some(word) if word == expected.code() => message::<StatusAnswer>(seen).map(|_| ()),
        other => fail(
            FindingClass::WrongState,
            "certificateStatus",
            Text::same(expected.code()),
            Text::same(other.unwrap_or("-")),
        ),
    }
}

/// Does operation 5 answer 304 without a body?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_not_modified(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_not_modified");
    crate::answers::check_delivered(seen)?;
    if seen.status == 304 && seen.text.is_empty() {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "status",
        Text::new("304 without a body, since nothing changed", "未变更时返回304且无应答体"),
        Text::same(seen.summary()),
    )
}

/// Did the change raise the version by exactly one, with a time that is not earlier?
///
/// # Errors
/// `WRONG_VALUE` or `MALFORMED`.
pub fn check_version_step(seen: &Seen<'_>, version_before: i64, time_before: &str) -> Judgement {
    ablatable!("check_version_step");
    check_accepted(seen)?;
    let answer: TransitionAnswer = message(seen)?;
    equal("statusVersion", &(version_before + 1), &answer.status_version)?;
    match (parse_instant(time_before), parse_instant(&answer.status_time)) {
        (Ok(before), Ok(after)) if before <= after => Ok(()),
        _ => fail(
            FindingClass::WrongValue,
            "statusTime",
            Text::new(format!("not earlier than {time_before}"), format!("不早于 {time_before}")),
            Text::same(answer.status_time),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn states_and_steps() {
        let body = json!({"certificateIdentifier": "x", "certificateStatus": "VALID", "statusVersion": 2,
            "statusTime": "2026-06-01T09:00:00+08:00", "thisUpdate": "2026-06-01T09:00:00+08:00",
            "nextUpdate": "2026-06-01T09:10:00+08:00"});
        assert!(check_status(&test_seen(200, body.clone()).view(), LicenceStatus::Valid).is_ok());
        assert!(check_status(&test_seen(200, body.clone()).view(), LicenceStatus::Revoked).is_err());
        assert!(check_status(&test_seen(404, body.clone()).view(), LicenceStatus::Valid).is_err());
        let mut odd = body.clone();
        odd["certificateStatus"] = json!("ACTIVE");
        assert!(check_status(&test_seen(200, odd).view(), LicenceStatus::Valid).is_err());
        for (version, time, ok) in [
            (1, "2026-06-01T09:00:00+08:00", true),
            (1, "2026-06-01T01:00:00Z", true),
            (0, "2026-06-01T09:00:00+08:00", false),
            (2, "2026-06-01T09:00:00+08:00", false),
            (1, "2026-06-01T09:00:01+08:00", false),
        ] {
            assert_eq!(
                check_version_step(&test_seen(200, body.clone()).view(), version, time).is_ok(),
                ok,
                "{version} {time}"
            );
        }
        let mut none = test_seen(304, json!(null));
        none.text = String::new();
        assert!(check_not_modified(&none.view()).is_ok());
        assert!(check_not_modified(&test_seen(200, body).view()).is_err());
    }
}
