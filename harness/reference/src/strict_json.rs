//! Reads a request body as I-JSON (RFC 7493): what serde_json lets pass is refused here on the raw text:
//! byte order mark, invalid UTF-8, duplicate keys, lone surrogates, deep nesting, huge integers.
//! Iterative, so that depth costs no stack. Must never repeat text of the body in an error.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::behaviour::Behaviour;

/// Deepest nesting of arrays and objects.
pub(crate) const DEPTH_MAX: usize = 64;
/// Largest integer that a double holds exactly.
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonFault {
    #[error("body starts with a byte order mark")]
    ByteOrderMark,
    #[error("body is not UTF-8")]
    Utf8,
    #[error("body is not JSON")]
    Syntax,
    #[error("body has a duplicate member")]
    DuplicateKey,
    #[error("body has a lone surrogate")]
    LoneSurrogate,
    #[error("body is nested too deeply")]
    Depth,
    #[error("body has an integer beyond 2^53-1")]
    Integer,
    #[error("body has a number that is not finite")]
    NotFinite,
    #[error("body is not an object")]
    NotObject,
}

/// Reads a body into an object.
pub(crate) fn parse_object(raw: &[u8], behaviour: &Behaviour) -> Result<Map<String, Value>, JsonFault> {
    let raw = match raw.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) if behaviour.byte_order_mark_skipped() => rest,
        Some(_) => return Err(JsonFault::ByteOrderMark),
        None => raw,
    };
    let lossy;
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text,
        Err(_) if behaviour.invalid_utf8_replaced() => {
            lossy = String::from_utf8_lossy(raw).into_owned();
            &lossy
        }
        Err(_) => return Err(JsonFault::Utf8),
    };
    let mended;
    let surrogates = || ["\\ud", "\\uD"].iter().any(|unit| text.contains(unit));
    let text = if (surrogates() && behaviour.lone_surrogates_replaced())
        || (text.contains("1e400") && behaviour.endless_numbers_are_zero())
    {
        mended = mend(text, behaviour);
        &mended
    } else {
        text
    };
    let pruned;
    let text = match scan(text, behaviour) {
        Ok(()) => text,
        Err(JsonFault::Depth) if behaviour.depth_unlimited() => {
            pruned = prune(text);
            scan(&pruned, behaviour)?;
            &pruned
        }
        Err(fault) => return Err(fault),
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(JsonFault::NotObject),
        Err(_) if behaviour.trailing_text_ignored() => {
            match serde_json::Deserializer::from_str(text).into_iter().next() {
                Some(Ok(Value::Object(members))) => Ok(members),
                _ => Err(JsonFault::Syntax),
            }
        }
        Err(_) => Err(JsonFault::Syntax),
    }
}

/// Scans tokens. Syntax itself is left to serde_json, which runs afterwards.
fn scan(text: &str, behaviour: &Behaviour) -> Result<(), JsonFault> {
    let bytes = text.as_bytes();
    // One entry per open container; objects carry the keys seen.
    let mut open: Vec<Option<HashSet<String>>> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                if open.len() == DEPTH_MAX {
                    return Err(JsonFault::Depth);
                }
                open.push((byte == b'{').then(HashSet::new));
                at += 1;
            }
            b'}' | b']' => {
                open.pop();
                at += 1;
            }
            b'"' => {
                let end = string_end(bytes, at)?;
                let key = next_is_colon(bytes, end);
                if bytes[at..end].contains(&b'\\') {
                    check_surrogates(&bytes[at..end])?;
                }
                if let (true, Some(Some(keys))) = (key, open.last_mut()) {
                    let name: String = serde_json::from_str(&text[at..end]).map_err(|_| JsonFault::Syntax)?;
                    if !keys.insert(name) && !behaviour.duplicate_keys_last_wins() {
                        return Err(JsonFault::DuplicateKey);
                    }
                }
                at = end;
            }
            b'-' | b'0'..=b'9' => {
                let end = bytes[at..]
                    .iter()
                    .position(|b| !matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
                    .map_or(bytes.len(), |length| at + length);
                check_number(&text[at..end], behaviour)?;
                at = end;
            }
            _ => at += 1,
        }
    }
    Ok(())
}

/// The place after the closing quote of the string that opens at `start`.
fn string_end(bytes: &[u8], start: usize) -> Result<usize, JsonFault> {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
            None => return Err(JsonFault::Syntax),
        }
    }
}

fn next_is_colon(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':')
}

/// Surrogates written as escapes must come in pairs.
fn check_surrogates(string: &[u8]) -> Result<(), JsonFault> {
    let mut high = false;
    let mut at = 0;
    while at < string.len() {
        let unit = (string[at] == b'\\').then(|| escape_unit(&string[at..])).flatten();
        match (high, unit) {
            (false, Some(0xd800..=0xdbff)) => high = true,
            (true, Some(0xdc00..=0xdfff)) => high = false,
            (true, _) | (false, Some(0xdc00..=0xdfff)) => return Err(JsonFault::LoneSurrogate),
            _ => {}
        }
        at += match (string[at], unit) {
            (b'\\', Some(_)) => 6,
            (b'\\', None) => 2,
            _ => 1,
        };
    }
    if high { Err(JsonFault::LoneSurrogate) } else { Ok(()) }
}

/// The UTF-16 unit of a `\uXXXX` escape.
fn escape_unit(escape: &[u8]) -> Option<u32> {
    if escape.get(1) != Some(&b'u') {
        return None;
    }
    let digits = std::str::from_utf8(escape.get(2..6)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

fn check_number(text: &str, behaviour: &Behaviour) -> Result<(), JsonFault> {
    if text.contains(['.', 'e', 'E']) {
        let value: f64 = text.parse().map_err(|_| JsonFault::Syntax)?;
        return if value.is_finite() { Ok(()) } else { Err(JsonFault::NotFinite) };
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let exact = digits.parse::<u64>().is_ok_and(|value| value <= INTEGER_MAX);
    if exact || behaviour.huge_integers_rounded() || digits.is_empty() { Ok(()) } else { Err(JsonFault::Integer) }
}

/// Makes readable what is not (mutants COM-009 and COM-010).
fn mend(text: &str, behaviour: &Behaviour) -> String {
    let mut kept = text.to_owned();
    if behaviour.endless_numbers_are_zero() {
        kept = kept.replace("1e400", "0");
    }
    while behaviour.lone_surrogates_replaced()
        && let Some(at) = ["\\ud", "\\uD"].iter().find_map(|unit| kept.find(unit))
        && kept.get(at..at + 6).is_some()
    {
        kept.replace_range(at..at + 6, "?");
    }
    kept
}

/// Replaces everything nested too deeply by nothing, so that the rest can be read (mutant COM-011).
fn prune(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for c in text.chars() {
        let closes = !in_string && matches!(c, '}' | ']');
        if closes {
            depth = depth.saturating_sub(1);
        }
        if depth < DEPTH_MAX - 1 {
            kept.push(c);
        }
        match c {
            '"' if !escaped => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            _ => {}
        }
        escaped = in_string && c == '\\' && !escaped;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(raw: &[u8]) -> Result<(), JsonFault> {
        parse_object(raw, &Behaviour::default()).map(drop)
    }

    #[test]
    fn bodies() {
        let nested = |levels: usize| format!("{{\"a\":{}1{}}}", "[".repeat(levels), "]".repeat(levels)).into_bytes();
        let rows: Vec<(Vec<u8>, Result<(), JsonFault>)> = vec![
            (b"{}".to_vec(), Ok(())),
            (br#" {"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]} "#.to_vec(), Ok(())),
            (r#"{"name":"测试𠮷"}"#.as_bytes().to_vec(), Ok(())),
            (br#"{"a":"\ud842\udfb7","b":"\\ud800"}"#.to_vec(), Ok(())),
            (br#"{"a":"x\":","a\"":1}"#.to_vec(), Ok(())),
            (br#"{"a":9007199254740991,"b":-9007199254740991,"c":1.5,"d":1e3}"#.to_vec(), Ok(())),
            (nested(DEPTH_MAX - 1), Ok(())),
            (nested(DEPTH_MAX), Err(JsonFault::Depth)),
            (nested(60_000), Err(JsonFault::Depth)),
            (b"\xef\xbb\xbf{}".to_vec(), Err(JsonFault::ByteOrderMark)),
            (b"{\"a\":\"\xff\"}".to_vec(), Err(JsonFault::Utf8)),
            (br#"{"a":1,"a":1}"#.to_vec(), Err(JsonFault::DuplicateKey)),
            (br#"{"a":1,"\u0061":1}"#.to_vec(), Err(JsonFault::DuplicateKey)),
            (br#"{"o":{"b":1,"b" : 2}}"#.to_vec(), Err(JsonFault::DuplicateKey)),
            (br#"{"a":"\ud842"}"#.to_vec(), Err(JsonFault::LoneSurrogate)),
            (br#"{"a":"\ud842x"}"#.to_vec(), Err(JsonFault::LoneSurrogate)),
            (br#"{"a":"\udfb7"}"#.to_vec(), Err(JsonFault::LoneSurrogate)),
            (br#"{"\ud842":1}"#.to_vec(), Err(JsonFault::LoneSurrogate)),
            (br#"{"a":9007199254740992}"#.to_vec(), Err(JsonFault::Integer)),
            (br#"{"a":-9007199254740992}"#.to_vec(), Err(JsonFault::Integer)),
            (br#"{"a":99999999999999999999999}"#.to_vec(), Err(JsonFault::Integer)),
            (br#"{"a":1e400}"#.to_vec(), Err(JsonFault::NotFinite)),
            (br#"{"a":NaN}"#.to_vec(), Err(JsonFault::Syntax)),
            (br#"{"a":1} x"#.to_vec(), Err(JsonFault::Syntax)),
            (br#"{"a":1}{"#.to_vec(), Err(JsonFault::Syntax)),
            (br#"{"a":"x"#.to_vec(), Err(JsonFault::Syntax)),
            (br#"{"a":"x\"#.to_vec(), Err(JsonFault::Syntax)),
            (br#"{"a":01}"#.to_vec(), Err(JsonFault::Syntax)),
            (b"".to_vec(), Err(JsonFault::Syntax)),
            (b"[]".to_vec(), Err(JsonFault::NotObject)),
            (b"null".to_vec(), Err(JsonFault::NotObject)),
        ];
        for (raw, wanted) in rows {
            let shown = String::from_utf8_lossy(&raw[..raw.len().min(60)]).into_owned();
            assert_eq!(parse(&raw), wanted, "{shown}");
        }
    }

    #[test]
    fn pruned_bodies_can_be_read() {
        let deep = format!("{{\"a\":{}1{},\"b\":\"]{{\\\"\"}}", "[".repeat(10_000), "]".repeat(10_000));
        let behaviour = Behaviour { depth_unlimited: crate::behaviour::ON, ..Behaviour::default() };
        let members = parse_object(deep.as_bytes(), &behaviour).unwrap();
        assert_eq!(members["b"], "]{\"");
    }
}
