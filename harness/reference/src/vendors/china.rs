//! Instants as vendors write them: China time without an offset. Never accepts what it would not write.

use ecric_licence::instant::{parse_instant, write_instant};
use time::OffsetDateTime;

/// `yyyy-MM-dd HH:mm:ss`, China time.
pub(super) fn write_spaced(instant: OffsetDateTime) -> String {
    let text = write_instant(instant);
    text.get(..19).unwrap_or_default().replace('T', " ")
}

/// Reads what [`write_spaced`] writes.
pub(super) fn parse_spaced(text: &str) -> Option<OffsetDateTime> {
    let (date, time) = text.split_once(' ')?;
    if text.len() != 19 || time.len() != 8 {
        return None;
    }
    parse_instant(&format!("{date}T{time}+08:00")).ok()
}

/// `yyyyMMddHHmmss`, China time.
pub(super) fn write_packed(instant: OffsetDateTime) -> String {
    write_spaced(instant).chars().filter(char::is_ascii_digit).collect()
}

/// Reads what [`write_packed`] writes.
pub(super) fn parse_packed(text: &str) -> Option<OffsetDateTime> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    parse_spaced(&format!(
        "{}-{}-{} {}:{}:{}",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    ))
}

/// An instant of binding v1 in a vendor's form; empty for what is no instant.
pub(super) fn from_canonical(text: &str, write: fn(OffsetDateTime) -> String) -> String {
    parse_instant(text).map(write).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_vendors() {
        let instant = parse_instant("2026-06-01T01:00:00.5Z").unwrap();
        assert_eq!(write_spaced(instant), "2026-06-01 09:00:00");
        assert_eq!(write_packed(instant), "20260601090000");
        assert_eq!(parse_spaced("2026-06-01 09:00:00").map(write_packed).as_deref(), Some("20260601090000"));
        assert_eq!(parse_packed("20260601090000").map(write_spaced).as_deref(), Some("2026-06-01 09:00:00"));
        for bad in ["", "2026-06-01T09:00:00", "2026-06-01 9:00:00", "2026-06-01 09:00:00Z", "2026-13-01 09:00:00"] {
            assert_eq!(parse_spaced(bad), None, "{bad}");
        }
        for bad in ["", "2026060109000", "202606010900000", "20260631090000", "2026060109000x"] {
            assert_eq!(parse_packed(bad), None, "{bad}");
        }
        assert_eq!(from_canonical("never", write_packed), "");
    }
}
