//! Questions about what came back over a raw connection.

use ecric_model::Text;
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;

/// What came back over a raw connection, as a check sees it.
#[derive(Debug, Clone, Default)]
pub struct WireSeen {
    /// HTTP statuses of the complete answers, in order.
    pub statuses: Vec<u16>,
    /// True if the other side closed or reset the connection.
    pub closed: bool,
    /// True if bytes came that are no HTTP answer.
    pub garbage: bool,
    /// Why no connection came about, if none did.
    pub unreachable: Option<String>,
    /// Duration, milliseconds.
    pub elapsed_ms: u64,
}

impl WireSeen {
    fn summary(&self) -> Text {
        let count = self.statuses.len();
        let list: Vec<String> = self.statuses.iter().map(ToString::to_string).collect();
        let list = list.join(", ");
        let (en, zh) = if self.closed { ("closed", "已关闭") } else { ("left open", "未关闭") };
        let ms = self.elapsed_ms;
        Text::new(
            format!("{count} answers ({list}), connection {en} after {ms} ms"),
            format!("{count}个应答（{list}），{ms}毫秒后连接{zh}"),
        )
    }
}

/// Did a connection come about, and was what came back HTTP without a server error?
///
/// # Errors
/// `NO_ANSWER`, `BROKEN_ANSWER` or `SERVER_ERROR`.
pub fn check_clean(seen: &WireSeen) -> Judgement {
    ablatable!("check_clean");
    let wanted = Text::new("an HTTP answer below 500, or the end of the connection", "500以下的HTTP应答，或关闭连接");
    if let Some(reason) = &seen.unreachable {
        return fail(FindingClass::NoAnswer, "transport", wanted, Text::same(reason.clone()));
    }
    if seen.garbage {
        return fail(FindingClass::BrokenAnswer, "transport", wanted, Text::new("no HTTP", "不是HTTP"));
    }
    // 501 and 505 are what RFC 9110 has for codings and versions that a server does not know.
    if seen.statuses.iter().any(|status| *status >= 500 && *status != 501 && *status != 505) {
        return fail(FindingClass::ServerError, "status", wanted, seen.summary());
    }
    if seen.statuses.is_empty() && !seen.closed {
        return fail(FindingClass::NoAnswer, "transport", wanted, seen.summary());
    }
    Ok(())
}

/// Was the one request answered once, with success?
///
/// # Errors
/// `FALSE_REJECT`, or those of [`check_clean`].
pub fn check_one_success(seen: &WireSeen) -> Judgement {
    ablatable!("check_one_success");
    check_clean(seen)?;
    if matches!(seen.statuses.as_slice(), [200..=299]) {
        return Ok(());
    }
    fail(FindingClass::FalseReject, "answers", Text::new("one answer, 2xx", "一个应答，2xx"), seen.summary())
}

/// Was a malformed request refused or cut off, in one answer at most?
///
/// # Errors
/// `FALSE_ACCEPT`, or those of [`check_clean`].
pub fn check_refused_or_closed(seen: &WireSeen) -> Judgement {
    ablatable!("check_refused_or_closed");
    check_clean(seen)?;
    match seen.statuses.as_slice() {
        [] | [400..=599] => Ok(()),
        _ => fail(
            FindingClass::FalseAccept,
            "answers",
            Text::new("one refusal, or the connection closed", "一个拒绝应答，或关闭连接"),
            seen.summary(),
        ),
    }
}

/// Was a request with two framings answered once at most? An answer other than a refusal must end the
/// connection, so that nothing behind it is taken for a request (RFC 9112, section 6.1).
///
/// # Errors
/// `FALSE_ACCEPT`, or those of [`check_clean`].
pub fn check_not_split(seen: &WireSeen) -> Judgement {
    ablatable!("check_not_split");
    check_clean(seen)?;
    let refused = matches!(seen.statuses.as_slice(), [] | [400..=599]);
    if refused || (seen.statuses.len() == 1 && seen.closed) {
        return Ok(());
    }
    fail(
        FindingClass::FalseAccept,
        "answers",
        Text::new("never two answers; refused, or the connection closed", "不得有两个应答；拒绝或关闭连接"),
        seen.summary(),
    )
}

/// Was a request that does not end closed within a time, in milliseconds, without success?
///
/// # Errors
/// `NO_ANSWER` or `FALSE_ACCEPT`, or those of [`check_clean`].
pub fn check_cut_off(seen: &WireSeen, within_ms: u64) -> Judgement {
    ablatable!("check_cut_off");
    if seen.closed && seen.elapsed_ms <= within_ms {
        return check_refused_or_closed(seen);
    }
    fail(
        FindingClass::NoAnswer,
        "transport",
        Text::new(format!("closed within {within_ms} ms"), format!("{within_ms}毫秒内关闭")),
        seen.summary(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(statuses: &[u16], closed: bool) -> WireSeen {
        WireSeen { statuses: statuses.to_vec(), closed, ..WireSeen::default() }
    }

    #[test]
    fn one_success_is_one() {
        assert!(check_one_success(&seen(&[200], false)).is_ok());
        for (statuses, closed, want) in [
            (vec![400], false, FindingClass::FalseReject),
            (vec![200, 200], false, FindingClass::FalseReject),
            (vec![500], true, FindingClass::ServerError),
            (vec![], false, FindingClass::NoAnswer),
            (vec![], true, FindingClass::FalseReject),
        ] {
            assert_eq!(check_one_success(&seen(&statuses, closed)).unwrap_err().class, want, "{statuses:?}");
        }
        let unreachable = WireSeen { unreachable: Some("refused".to_owned()), ..WireSeen::default() };
        assert_eq!(check_clean(&unreachable).unwrap_err().class, FindingClass::NoAnswer);
        let garbage = WireSeen { garbage: true, closed: true, ..WireSeen::default() };
        assert_eq!(check_clean(&garbage).unwrap_err().class, FindingClass::BrokenAnswer);
    }

    #[test]
    fn refusals_and_ends() {
        for (statuses, closed, refused, whole) in [
            (vec![400], false, true, true),
            (vec![501], true, true, true),
            (vec![], true, true, true),
            (vec![200], true, false, true),
            (vec![200], false, false, false),
            (vec![401, 200], true, false, false),
            (vec![500], true, false, false),
        ] {
            let found = seen(&statuses, closed);
            assert_eq!(check_refused_or_closed(&found).is_ok(), refused, "{statuses:?}");
            assert_eq!(check_not_split(&found).is_ok(), whole, "{statuses:?}");
        }
    }

    #[test]
    fn what_does_not_end_is_cut_off() {
        let late = WireSeen { closed: true, elapsed_ms: 61_000, ..WireSeen::default() };
        assert!(check_cut_off(&late, 60_000).is_err());
        assert!(check_cut_off(&WireSeen { elapsed_ms: 10_000, ..late }, 60_000).is_ok());
        assert!(check_cut_off(&seen(&[], false), 60_000).is_err());
    }
}
