//! The record with every over-long text cut, for all formats but the record itself: a product that answers
//! with megabytes must not fill a report. The whole stays in `run.json` and `evidence/`.

use std::borrow::Cow;

use ecric_model::run_record::RunRecord;
use serde_json::Value;

use crate::clean::cut;

/// Longest text, bytes.
const TEXT_LIMIT: usize = 4 * 1024;
/// Longest body of a message and longest command, bytes: each format cuts further as it needs.
const BODY_LIMIT: usize = 64 * 1024;

/// The record itself if all its texts are short, else a copy with the long ones cut.
pub fn bounded(record: &RunRecord) -> Cow<'_, RunRecord> {
    let Ok(text) = serde_json::to_vec(record) else { return Cow::Borrowed(record) };
    if longest_string(&text) <= TEXT_LIMIT {
        return Cow::Borrowed(record);
    }
    let cut = serde_json::from_slice::<Value>(&text).ok().and_then(|mut value| {
        shorten(&mut value, TEXT_LIMIT);
        serde_json::from_value(value).ok()
    });
    cut.map_or(Cow::Borrowed(record), Cow::Owned)
}

/// Bytes of the longest string of a JSON text, escapes counted as they are written.
fn longest_string(json: &[u8]) -> usize {
    let (mut longest, mut length, mut inside, mut escape) = (0, 0, false, false);
    for byte in json {
        match (inside, byte) {
            (false, b'"') => (inside, length) = (true, 0),
            (true, b'"') if !escape => {
                inside = false;
                longest = longest.max(length);
            }
            _ => {}
        }
        length += 1;
        escape = inside && !escape && *byte == b'\\';
    }
    longest
}

fn shorten(value: &mut Value, limit: usize) {
    match value {
        Value::String(text) => {
            if let (short, true) = cut(text, limit) {
                *text = format!("{short} …");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shorten(item, limit)),
        Value::Object(members) => {
            for (name, inner) in members {
                let limit = if name == "body" || name == "curl" || name == "repeat" { BODY_LIMIT } else { TEXT_LIMIT };
                shorten(inner, limit);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_measured() {
        for (json, want) in [(r#"{"a":"bcd"}"#, 4), (r#"["","x\"yz"]"#, 6), (r#"[1,2]"#, 0), (r#"["\\","ab"]"#, 3)] {
            assert_eq!(longest_string(json.as_bytes()), want, "{json}");
        }
    }
}
