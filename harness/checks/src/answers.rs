//! Questions about any answer: did one come, was it accepted, what does it carry.

use std::collections::BTreeSet;

use ecric_licence::instant::parse_instant;
use ecric_model::Text;
use ecric_model::exchange::TransportOutcome;
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};

use serde_json::Value;

use crate::Seen;
use crate::ablation::ablatable;

/// Did an answer come that can be judged? Timeouts, resets, garbage and 5xx are never a rejection.
///
/// # Errors
/// A finding of class `NO_ANSWER`, `BROKEN_ANSWER`, `SERVER_ERROR` or `NOT_SUPPORTED`.
pub fn check_delivered(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_delivered");
    let wanted = Text::new("a complete HTTP answer", "完整的HTTP应答");
    let told = seen.transport_error.unwrap_or_default();
    match seen.outcome {
        TransportOutcome::Timeout => fail(
            FindingClass::NoAnswer,
            "transport",
            wanted,
            Text::new(format!("no answer: {told}"), format!("无应答：{told}")),
        ),
        TransportOutcome::Reset => fail(
            FindingClass::BrokenAnswer,
            "transport",
            wanted,
            Text::new(format!("the connection broke: {told}"), format!("连接中断：{told}")),
        ),
        TransportOutcome::Malformed => fail(
            FindingClass::BrokenAnswer,
            "transport",
            wanted,
            Text::new(format!("an answer that cannot be read: {told}"), format!("应答无法读取：{told}")),
        ),
        TransportOutcome::Answer if seen.status == 501 => fail(
            FindingClass::NotSupported,
            "status",
            Text::new("an operation that is declared or mandatory is there", "已声明或必选的操作可用"),
            Text::same(seen.summary()),
        ),
        TransportOutcome::Answer if seen.status >= 500 => fail(
            FindingClass::ServerError,
            "status",
            Text::new("no server error, whatever is sent", "任何请求均不得引起服务端错误"),
            Text::same(seen.summary()),
        ),
        TransportOutcome::Answer => Ok(()),
    }
}

/// Was the request accepted?
///
/// # Errors
/// A finding of class `FALSE_REJECT`, or those of [`check_delivered`].
pub fn check_accepted(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_accepted");
    check_delivered(seen)?;
    if seen.is_success() {
        return Ok(());
    }
    fail(
        FindingClass::FalseReject,
        "status",
        Text::new("the request is accepted (2xx)", "请求被接受（2xx）"),
        Text::same(seen.summary()),
    )
}

/// Does the answer forbid every cache to keep it?
///
/// # Errors
/// A finding of class `MISSING`.
pub fn check_not_stored(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_not_stored");
    let value = seen.header("cache-control").unwrap_or_default();
    if value.split(',').any(|part| part.trim().eq_ignore_ascii_case("no-store")) {
        return Ok(());
    }
    fail(FindingClass::Missing, "header Cache-Control", Text::same("no-store"), quoted(value))
}

/// Does the header of the request id hold the id that was sent?
///
/// # Errors
/// A finding of class `WRONG_VALUE`.
pub fn check_request_id(seen: &Seen<'_>, sent: &str) -> Judgement {
    ablatable!("check_request_id");
    let value = seen.header("x-ecric-request-id").unwrap_or_default();
    if value == sent {
        return Ok(());
    }
    fail(FindingClass::WrongValue, "header X-Ecric-Request-Id", Text::same(sent), quoted(value))
}

/// Does the answer carry a date in the form of RFC 9110 (`Tue, 24 Nov 2026 10:00:00 GMT`)?
///
/// # Errors
/// A finding of class `MISSING` or `MALFORMED`.
pub fn check_date(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_date");
    let wanted = Text::new("a date such as Tue, 24 Nov 2026 10:00:00 GMT", "形如 Tue, 24 Nov 2026 10:00:00 GMT 的日期");
    match seen.header("date") {
        None => fail(FindingClass::Missing, "header Date", wanted, quoted("")),
        Some(value) if value.len() == 29 && value.ends_with(" GMT") => Ok(()),
        Some(value) => fail(FindingClass::Malformed, "header Date", wanted, quoted(value)),
    }
}

/// Is the server time close to ours? Times in milliseconds since 1970; `sent` and `received` are ours.
///
/// # Errors
/// A finding of class `WRONG_VALUE` or `MALFORMED`.
pub fn check_server_time(server_time: &str, sent_ms: i64, received_ms: i64, max_skew_s: u32) -> Judgement {
    ablatable!("check_server_time");
    let place = "serverTime";
    let Ok(instant) = parse_instant(server_time) else {
        return fail(
            FindingClass::Malformed,
            place,
            Text::new("an RFC 3339 instant with an offset", "带时区偏移的RFC 3339时刻"),
            quoted(server_time),
        );
    };
    // Whole seconds: the reader truncates fractions, so up to 999 ms are added to the slack.
    let server = instant.unix_timestamp() * 1_000;
    let slack = i64::from(max_skew_s) * 1_000;
    if server + 999 + slack >= sent_ms && server - slack <= received_ms {
        return Ok(());
    }
    let off = (server - received_ms) / 1_000;
    fail(
        FindingClass::WrongValue,
        place,
        Text::new(format!("within {max_skew_s} s of the harness"), format!("与测试端相差不超过{max_skew_s}秒")),
        Text::new(format!("{off} s away"), format!("相差{off}秒")),
    )
}

/// Do two kinds of calls take the same time? Durations in milliseconds; `most` is what the medians may differ by.
///
/// # Errors
/// A finding of class `LEAK`: who can tell them apart learns what the answer hides.
pub fn check_same_time(one: &[u64], other: &[u64], most: u64) -> Judgement {
    ablatable!("check_same_time");
    let (a, b) = (median(one), median(other));
    if a.abs_diff(b) < most {
        return Ok(());
    }
    fail(
        FindingClass::Leak,
        "time",
        Text::new(format!("medians less than {most} ms apart"), format!("中位数相差小于{most}毫秒")),
        Text::new(format!("{a} ms and {b} ms"), format!("{a}毫秒与{b}毫秒")),
    )
}

fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Have two answers to the same question the same members with the same types?
///
/// # Errors
/// A finding of class `WRONG_VALUE`, or those of [`check_accepted`].
pub fn check_same_members(one: &Seen<'_>, other: &Seen<'_>) -> Judgement {
    ablatable!("check_same_members");
    check_accepted(one)?;
    check_accepted(other)?;
    let (first, second) = (shape(one.json, ""), shape(other.json, ""));
    let odd: Vec<&String> = first.symmetric_difference(&second).collect();
    if odd.is_empty() {
        return Ok(());
    }
    let list: Vec<&str> = odd.iter().map(|name| name.as_str()).collect();
    fail(
        FindingClass::WrongValue,
        "members",
        Text::new("the same members with the same types", "成员及其类型相同"),
        Text::new(format!("only once: {}", list.join(", ")), format!("仅出现一次：{}", list.join("、"))),
    )
}

/// Paths and types of everything in a document.
fn shape(json: Option<&Value>, path: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let kind = match json {
        None | Some(Value::Null) => "nothing",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "text",
        Some(Value::Array(items)) => {
            items.iter().for_each(|item| out.extend(shape(Some(item), &format!("{path}[]"))));
            "list"
        }
        Some(Value::Object(members)) => {
            members.iter().for_each(|(name, value)| out.extend(shape(Some(value), &format!("{path}.{name}"))));
            "object"
        }
    };
    out.insert(format!("{} ({kind})", path.trim_start_matches('.')));
    out
}

/// A value in quotes, or the word for nothing.
pub(crate) fn quoted(value: &str) -> Text {
    if value.is_empty() { Text::new("nothing", "缺失") } else { Text::same(format!("{value:?}")) }
}

/// A finding for a step that needs an answer where there is none.
#[must_use]
pub fn nothing_to_judge() -> Box<Finding> {
    Box::new(Finding::new(
        FindingClass::Missing,
        "case",
        Text::new("an answer to judge", "可供判定的应答"),
        Text::new("no call was made", "未发出请求"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn delivered_and_accepted() {
        let ok = test_seen(200, json!({}));
        assert!(check_accepted(&ok.view()).is_ok());
        for (status, want) in [
            (409, FindingClass::FalseReject),
            (500, FindingClass::ServerError),
            (501, FindingClass::NotSupported),
            (503, FindingClass::ServerError),
            (302, FindingClass::FalseReject),
        ] {
            let seen = test_seen(status, json!({"code": "X", "message": "m"}));
            assert_eq!(check_accepted(&seen.view()).unwrap_err().class, want, "{status}");
        }
        let mut none = test_seen(0, json!({}));
        for (outcome, want) in [
            (TransportOutcome::Timeout, FindingClass::NoAnswer),
            (TransportOutcome::Reset, FindingClass::BrokenAnswer),
            (TransportOutcome::Malformed, FindingClass::BrokenAnswer),
        ] {
            none.outcome = outcome;
            assert_eq!(check_accepted(&none.view()).unwrap_err().class, want);
        }
    }

    #[test]
    fn times_and_members() {
        assert!(check_same_time(&[1, 2, 90], &[3, 2, 2], 5).is_ok());
        assert!(check_same_time(&[1, 2, 3], &[9, 9, 9], 5).is_err());
        let (a, b) =
            (test_seen(200, json!({"a": 1, "b": {"c": "x"}})), test_seen(200, json!({"b": {"c": "y"}, "a": 2})));
        assert!(check_same_members(&a.view(), &b.view()).is_ok());
        for other in [json!({"a": 1, "b": {}}), json!({"a": "1", "b": {"c": "x"}})] {
            let found = check_same_members(&a.view(), &test_seen(200, other).view()).unwrap_err();
            assert_eq!(found.class, FindingClass::WrongValue);
        }
    }

    #[test]
    fn headers() {
        let mut seen = test_seen(200, json!({}));
        assert_eq!(check_not_stored(&seen.view()).unwrap_err().class, FindingClass::Missing);
        seen.headers = vec![
            ("cache-control".into(), "private, No-Store".into()),
            ("x-ecric-request-id".into(), "a".into()),
            ("date".into(), "Tue, 24 Nov 2026 10:00:00 GMT".into()),
        ];
        assert!(check_not_stored(&seen.view()).is_ok());
        assert!(check_request_id(&seen.view(), "a").is_ok());
        assert!(check_request_id(&seen.view(), "b").is_err());
        assert!(check_date(&seen.view()).is_ok());
        seen.headers = vec![("cache-control".into(), "no-cache".into()), ("date".into(), "today".into())];
        assert!(check_not_stored(&seen.view()).is_err());
        assert!(check_date(&seen.view()).is_err());
    }

    #[test]
    fn server_time_within_the_skew() {
        let at = |text: &str| parse_instant(text).unwrap().unix_timestamp() * 1_000;
        let now = at("2026-06-01T09:00:00+08:00");
        for (text, ok) in [
            ("2026-06-01T09:00:00.500+08:00", true),
            ("2026-06-01T08:59:55+08:00", true),
            ("2026-06-01T09:00:05+08:00", true),
            ("2026-06-01T08:59:40+08:00", false),
            ("2026-06-01T09:00:20+08:00", false),
            ("yesterday", false),
        ] {
            assert_eq!(check_server_time(text, now, now, 5).is_ok(), ok, "{text}");
        }
    }
}
