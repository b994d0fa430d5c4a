//! The forms that a value takes on a wire: plain, escaped in JSON, in URLs, in hex, in base64 at any offset.

use ecric_gm::encoding::{b64, hex};

/// Every form of a value that is looked for, each once.
pub(crate) fn forms_of(value: &str) -> Vec<String> {
    let percent_upper = percent(value, |byte| byte.is_ascii_alphanumeric());
    let unreserved = percent(value, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let every_byte = percent(value, |_| false);
    let hex = hex(value.as_bytes());
    let mut out = vec![
        every_byte.to_ascii_lowercase_escapes(),
        every_byte,
        value.to_owned(),
        json(value),
        unicode(value, Letters::Beyond, false),
        unicode(value, Letters::Beyond, true),
        unicode(value, Letters::All, false),
        unicode(value, Letters::All, true),
        percent_upper.to_ascii_lowercase_escapes(),
        percent_upper.replace("%20", "+"),
        percent_upper,
        unreserved.to_ascii_lowercase_escapes(),
        unreserved,
        hex.to_ascii_uppercase(),
        hex,
    ];
    for offset in 0..3 {
        let text = base64_at(value.as_bytes(), offset);
        out.push(text.replace('+', "-").replace('/', "_"));
        out.push(text.replace('+', "%2B").replace('/', "%2F"));
        out.push(text);
    }
    out.sort_unstable();
    out.dedup();
    out
}

trait LowerEscapes {
    fn to_ascii_lowercase_escapes(&self) -> String;
}

impl LowerEscapes for String {
    /// `%AF` as `%af`; what is not escaped stays.
    fn to_ascii_lowercase_escapes(&self) -> String {
        let mut escaped = 0;
        self.chars()
            .map(|character| {
                escaped = if character == '%' { 2 } else { i32::max(escaped - 1, -1) };
                if escaped >= 0 { character.to_ascii_lowercase() } else { character }
            })
            .collect()
    }
}

enum Letters {
    /// Characters beyond ASCII.
    Beyond,
    /// Every character.
    All,
}

/// `\uXXXX` form.
fn unicode(value: &str, which: Letters, upper: bool) -> String {
    let mut out = String::new();
    for character in value.chars() {
        if character.is_ascii() && matches!(which, Letters::Beyond) {
            out.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            out.push_str(&if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
        }
    }
    out
}

/// As a JSON text holds it.
fn json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
}

fn percent(value: &str, plain: impl Fn(u8) -> bool) -> String {
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The characters of a base64 text that depend on the value alone, where it begins `offset` bytes behind a group.
fn base64_at(value: &[u8], offset: usize) -> String {
    let text = b64(&[&[0; 2][..offset], value].concat());
    let first = (offset * 8).div_ceil(6);
    let last = (offset + value.len()) * 8 / 6;
    text.get(first..last).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_base64_at_every_offset() {
        for value in ["测试甲乙", "110199199003070017", "k-9/+?"] {
            let forms = forms_of(value);
            for before in 0..6 {
                for after in 0..4 {
                    let inside = b64(&[&vec![b'x'; before][..], value.as_bytes(), &vec![b'y'; after]].concat());
                    assert!(forms.iter().any(|form| inside.contains(form.as_str())), "{value} {before} {after}");
                }
            }
        }
    }

    #[test]
    fn forms_are_the_usual_ones() {
        let forms = forms_of("甲 A");
        for wanted in [
            "甲 A",
            r"\u7532 A",
            r"\u7532\u0020\u0041",
            "%E7%94%B2%20A",
            "%e7%94%b2%20A",
            "%E7%94%B2+A",
            "%e7%94%b2%20%41",
            "e794b22041",
        ] {
            assert!(forms.iter().any(|form| form == wanted), "{wanted}: {forms:?}");
        }
    }
}
