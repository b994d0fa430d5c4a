//! Questions about refusals: is it one, for the right reason, with a full error body.

use ecric_model::Text;
use ecric_model::binding::{ErrorBody, ErrorCode};
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::answers::{check_delivered, quoted};
use crate::{Grain, Seen, message};

/// Was the request refused with one of the codes, naming the member if one is given?
///
/// At [`Grain::Outcome`] any 4xx is a refusal. A 5xx, a timeout or a reset never is.
///
/// # Errors
/// `FALSE_ACCEPT` for a 2xx, `WRONG_REASON` for another refusal, or those of [`check_delivered`].
pub fn check_refused(seen: &Seen<'_>, codes: &[ErrorCode], member: Option<&str>, grain: Grain) -> Judgement {
    ablatable!("check_refused");
    check_delivered(seen)?;
    let words: Vec<String> = codes.iter().map(|code| format!("{} {code}", code.http())).collect();
    let naming = member.map(|name| format!(" naming {name}")).unwrap_or_default();
    let naming_zh = member.map(|name| format!("，并指明 {name}")).unwrap_or_default();
    let wanted = Text::new(
        format!("refused as {}{naming}", words.join(" or ")),
        format!("以 {} 拒绝{naming_zh}", words.join(" 或 ")),
    );
    if seen.is_success() {
        return fail(
            FindingClass::FalseAccept,
            "status",
            wanted,
            Text::new(format!("accepted: {}", seen.summary()), format!("被接受：{}", seen.summary())),
        );
    }
    if !(400..500).contains(&seen.status) {
        return fail(FindingClass::WrongReason, "status", wanted, Text::same(seen.summary()));
    }
    if grain == Grain::Outcome {
        return Ok(());
    }
    let code = seen.code().and_then(ErrorCode::parse);
    if !code.is_some_and(|code| codes.contains(&code) && code.http() == seen.status) {
        return fail(FindingClass::WrongReason, "code", wanted, Text::same(seen.summary()));
    }
    match member {
        None => Ok(()),
        Some(member) => check_names_member(seen, member),
    }
}

fn check_names_member(seen: &Seen<'_>, member: &str) -> Judgement {
    let named: Vec<&str> = seen
        .json
        .and_then(|json| json.get("details"))
        .and_then(serde_json::Value::as_array)
        .map(|details| details.iter().filter_map(|detail| detail.get("field")?.as_str()).collect())
        .unwrap_or_default();
    if named.contains(&member) {
        return Ok(());
    }
    fail(
        FindingClass::WrongReason,
        "details[].field",
        Text::new(format!("the member {member} is named"), format!("指明成员 {member}")),
        if named.is_empty() { quoted("") } else { Text::same(named.join(", ")) },
    )
}

/// Does the error body have every member of binding v1, section 5, with the right types?
///
/// # Errors
/// `MISSING`, `MALFORMED` or `WRONG_VALUE`.
pub fn check_error_body(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_error_body");
    let body: ErrorBody = message(seen)?;
    if ErrorCode::parse(&body.code).is_none_or(|code| code.http() != seen.status) {
        return fail(
            FindingClass::WrongValue,
            "code",
            Text::new(
                format!("a code of the list that belongs to HTTP {}", seen.status),
                format!("属于HTTP {} 的列表内代码", seen.status),
            ),
            Text::same(body.code),
        );
    }
    for (place, value) in [("message", &body.message), ("requestId", &body.request_id)] {
        if value.is_empty() {
            return fail(FindingClass::Missing, place, Text::new("a text", "文本"), quoted(value));
        }
    }
    Ok(())
}

/// Does the error body repeat the request id that was sent?
///
/// # Errors
/// `WRONG_VALUE` or `MALFORMED`.
pub fn check_error_request_id(seen: &Seen<'_>, sent: &str) -> Judgement {
    ablatable!("check_error_request_id");
    let body: ErrorBody = message(seen)?;
    crate::equal("requestId", sent, body.request_id.as_str())
}

/// Does a refusal for too many requests say in seconds when to come back, in its header and its body alike?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_retry_after(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_retry_after");
    let wanted = Text::new("Retry-After in whole seconds, 1 to 3600", "Retry-After为1至3600的整秒");
    let value = seen.header("retry-after").unwrap_or_default();
    let seconds = value.parse::<u64>().ok().filter(|seconds| (1..=3_600).contains(seconds));
    let Some(seconds) = seconds else {
        return fail(FindingClass::Missing, "header Retry-After", wanted, quoted(value));
    };
    match message::<ErrorBody>(seen)?.retry_after {
        Some(told) if told != seconds => {
            crate::equal("retryAfter", seconds.to_string().as_str(), told.to_string().as_str())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn only_the_right_reason_counts() {
        let body = json!({"code": "INVALID_REQUEST", "message": "m", "requestId": "r",
                          "details": [{"field": "use", "issue": "missing"}]});
        let codes = [ErrorCode::InvalidRequest];
        let good = test_seen(400, body.clone());
        assert!(check_refused(&good.view(), &codes, Some("use"), Grain::Reason).is_ok());
        for (status, body, want) in [
            (200, json!({}), FindingClass::FalseAccept),
            (401, json!({"code": "UNAUTHENTICATED"}), FindingClass::WrongReason),
            (422, body.clone(), FindingClass::WrongReason),
            (400, json!({"code": "INVALID_REQUEST"}), FindingClass::WrongReason),
            (302, json!({}), FindingClass::WrongReason),
            (500, json!({"code": "INVALID_REQUEST"}), FindingClass::ServerError),
        ] {
            let seen = test_seen(status, body);
            let found = check_refused(&seen.view(), &codes, Some("use"), Grain::Reason).unwrap_err();
            assert_eq!(found.class, want, "{status}");
        }
        let other = test_seen(409, json!({"code": "STATE_CONFLICT"}));
        assert!(check_refused(&other.view(), &codes, Some("use"), Grain::Outcome).is_ok());
    }

    #[test]
    fn when_to_come_back() {
        let body = json!({"code": "RATE_LIMITED", "message": "m", "requestId": "r", "retryAfter": 7});
        let mut seen = test_seen(429, body);
        assert!(check_retry_after(&seen.view()).is_err());
        for (value, holds) in [("7", true), ("8", false), ("0", false), ("soon", false)] {
            seen.headers = vec![("retry-after".to_owned(), value.to_owned())];
            assert_eq!(check_retry_after(&seen.view()).is_ok(), holds, "{value}");
        }
    }

    #[test]
    fn error_bodies() {
        let full = json!({"code": "NOT_FOUND", "message": "m", "requestId": "r", "details": [], "retryAfter": null});
        assert!(check_error_body(&test_seen(404, full.clone()).view()).is_ok());
        assert!(check_error_request_id(&test_seen(404, full.clone()).view(), "r").is_ok());
        assert!(check_error_request_id(&test_seen(404, full.clone()).view(), "s").is_err());
        assert!(check_error_body(&test_seen(400, full).view()).is_err());
        for body in [
            json!({"code": "NOT_FOUND", "requestId": "r"}),
            json!({"code": "NOT_FOUND", "message": "", "requestId": "r"}),
            json!({"code": "NOPE", "message": "m", "requestId": "r"}),
            json!("text"),
        ] {
            assert!(check_error_body(&test_seen(404, body.clone()).view()).is_err(), "{body}");
        }
    }
}
