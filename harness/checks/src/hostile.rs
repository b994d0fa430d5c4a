//! Questions about answers to hostile requests: did the service survive, is text data, is a mutated file refused.

use ecric_licence::file::{FileReport, Policy, Reading, Trust, Verdict, verify_file};
use ecric_model::Text;
use ecric_model::finding::{FindingClass, Judgement, fail};
use serde_json::Value;
use time::OffsetDateTime;

use crate::Seen;
use crate::ablation::ablatable;
use crate::answers::check_delivered;

/// Most time for an answer to a hostile request, milliseconds.
pub const TIME_MAX_MS: u64 = 5_000;

/// Did an answer below 500 come in time?
///
/// # Errors
/// `NO_ANSWER` for a late answer, or those of [`check_delivered`].
pub fn check_survived(seen: &Seen<'_>, elapsed_ms: u64) -> Judgement {
    ablatable!("check_survived");
    check_delivered(seen)?;
    if elapsed_ms <= TIME_MAX_MS {
        return Ok(());
    }
    fail(
        FindingClass::NoAnswer,
        "time",
        Text::new(format!("an answer within {TIME_MAX_MS} ms"), format!("{TIME_MAX_MS}毫秒内应答")),
        Text::new(format!("after {elapsed_ms} ms"), format!("{elapsed_ms}毫秒后应答")),
    )
}

/// Is a verification of wrong data anything but VALID?
///
/// # Errors
/// `FALSE_ACCEPT`, or those of [`check_delivered`].
pub fn check_not_valid(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_not_valid");
    check_delivered(seen)?;
    if seen.json.and_then(|json| json.get("result")?.as_str()) != Some("VALID") {
        return Ok(());
    }
    fail(
        FindingClass::FalseAccept,
        "result",
        Text::new("not VALID", "不得为 VALID"),
        Text::new("VALID for data that were changed", "对被改动的数据返回 VALID"),
    )
}

/// Does an accepted text stand in the answer as it was sent, code point by code point? `pointer` says where.
/// The finding names where the texts differ, never the texts.
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_verbatim(seen: &Seen<'_>, pointer: &str, sent: &str) -> Judgement {
    ablatable!("check_verbatim");
    let place = pointer.trim_start_matches('/').replace('/', ".");
    let found = seen.json.and_then(|json| json.pointer(pointer)).and_then(Value::as_str);
    check_same_text(&place, sent, found)
}

/// Is a text the one that was sent?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_same_text(place: &str, sent: &str, found: Option<&str>) -> Judgement {
    ablatable!("check_same_text");
    let wanted = Text::new("the text as sent", "与所发送文本一致");
    let Some(found) = found else {
        return fail(FindingClass::Missing, place, wanted, Text::new("nothing", "缺失"));
    };
    if found == sent {
        return Ok(());
    }
    let same = found.chars().zip(sent.chars()).take_while(|(a, b)| a == b).count();
    let (given, got) = (sent.chars().count(), found.chars().count());
    fail(
        FindingClass::WrongValue,
        place,
        wanted,
        Text::new(
            format!("differs from character {} on, {got} characters for {given}", same + 1),
            format!("自第{}个字符起不同，应为{given}个字符，实为{got}个", same + 1),
        ),
    )
}

/// The verification of a mutated file as the judge does it, in the lenient reading: what only the strict
/// profile refuses is not held against a verifier here.
#[must_use]
pub fn verify_leniently(file: &[u8], trust: &Trust, at: OffsetDateTime) -> FileReport {
    verify_file(file, trust, &Policy::default(), Reading::Lenient, at)
}

/// Is a file that the judge refuses anything but VALID?
///
/// # Errors
/// `FALSE_ACCEPT` with the step and the reason, or those of [`check_delivered`].
pub fn check_mutated_file(seen: &Seen<'_>, report: &FileReport) -> Judgement {
    ablatable!("check_mutated_file");
    if report.verdict != Verdict::Invalid {
        return check_delivered(seen);
    }
    check_not_valid(seen).map_err(|mut finding| {
        let told = report.reasons().next().map(|(step, reason)| format!("{}: {}", step.id(), reason.text()));
        if let Some(told) = told {
            finding.expected = Text::new(format!("not VALID ({told})"), format!("不得为 VALID（{told}）"));
        }
        finding
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn survival_is_an_answer_in_time() {
        assert!(check_survived(&test_seen(200, json!({})).view(), 5_000).is_ok());
        assert!(check_survived(&test_seen(400, json!({})).view(), 1).is_ok());
        let late = check_survived(&test_seen(400, json!({})).view(), 5_001).unwrap_err();
        assert_eq!(late.class, FindingClass::NoAnswer);
        let failed = check_survived(&test_seen(500, json!({})).view(), 1).unwrap_err();
        assert_eq!(failed.class, FindingClass::ServerError);
    }

    #[test]
    fn wrong_data_are_not_valid() {
        assert!(check_not_valid(&test_seen(200, json!({"result": "INVALID"})).view()).is_ok());
        assert!(check_not_valid(&test_seen(400, json!({"code": "INVALID_REQUEST"})).view()).is_ok());
        let found = check_not_valid(&test_seen(200, json!({"result": "VALID"})).view()).unwrap_err();
        assert_eq!(found.class, FindingClass::FalseAccept);
    }

    #[test]
    fn texts_are_compared_and_never_told() {
        let seen = test_seen(200, json!({"a": {"b": "测试{49}"}}));
        assert!(check_verbatim(&seen.view(), "/a/b", "测试{49}").is_ok());
        let found = check_verbatim(&seen.view(), "/a/b", "测试{7*7}").unwrap_err();
        assert!(found.actual.en.contains("character 4") && !found.actual.en.contains("测试"), "{:?}", found.actual);
        assert_eq!(check_verbatim(&seen.view(), "/a/c", "x").unwrap_err().class, FindingClass::Missing);
    }
}
