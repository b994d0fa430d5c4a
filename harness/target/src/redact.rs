//! Masks personal values before anything is written. Keeps lengths and shapes readable, never values.

use ecric_licence::citizen_number::parse_citizen_number;
use ecric_licence::metadata::{mask_name, mask_number};

/// Masks `values` (names, numbers, addresses of generated persons) and every valid citizen number.
/// Returns the text and how many places were masked.
pub(crate) fn redact_text(text: &str, values: &[String]) -> (String, u32) {
    let mut out = text.to_owned();
    let mut count = 0;
    for value in values {
        if value.chars().count() < 2 {
            continue;
        }
        let mask = mask_of(value);
        for form in [value.clone(), escaped(value), percent(value)] {
            let hits = out.matches(form.as_str()).count();
            if hits > 0 {
                out = out.replace(form.as_str(), &mask);
                count += u32::try_from(hits).unwrap_or(u32::MAX);
            }
        }
    }
    let (out, numbers) = mask_numbers(&out);
    (out, count + numbers)
}

fn mask_of(value: &str) -> String {
    if value.len() == 18 && value.is_ascii() {
        mask_number(value)
    } else if value.chars().count() <= 10 {
        mask_name(value)
    } else {
        format!("<masked, {} characters>", value.chars().count())
    }
}

/// `\uXXXX` form of the characters beyond ASCII.
fn escaped(value: &str) -> String {
    let mut out = String::new();
    for character in value.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

fn percent(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Masks runs of exactly 18 characters that are a valid citizen number.
fn mask_numbers(text: &str) -> (String, u32) {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    let (mut at, mut from, mut count) = (0, 0, 0);
    while at + 18 <= bytes.len() {
        let start = is_digit(at) && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        let candidate = start.then(|| text.get(at..at + 18)).flatten();
        let bounded = !bytes.get(at + 18).is_some_and(u8::is_ascii_alphanumeric);
        match candidate {
            Some(number) if bounded && parse_citizen_number(&number.to_ascii_uppercase()).is_ok() => {
                out.push_str(&text[from..at]);
                out.push_str(&mask_number(number));
                count += 1;
                at += 18;
                from = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[from..]);
    (out, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_and_numbers_are_masked_in_every_form() {
        let values = ["测试甲乙".to_owned(), "110199199003070017".to_owned()];
        for (text, gone) in [
            (r#"{"name":"测试甲乙"}"#, "测试甲乙"),
            (r#"{"name":"\u6d4b\u8bd5\u7532\u4e59"}"#, r"\u6d4b"),
            ("/x?name=%E6%B5%8B%E8%AF%95%E7%94%B2%E4%B9%99", "%E6%B5%8B"),
            (r#"{"n":"110199199003070017"}"#, "199003070017"),
            (r#"{"n":"110199199003070025"}"#, "199003070025"),
        ] {
            let (out, count) = redact_text(text, &values);
            assert!(!out.contains(gone) && count == 1, "{out}");
        }
    }

    #[test]
    fn identifiers_stay() {
        let text = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";
        assert_eq!(redact_text(text, &[]), (text.to_owned(), 0));
    }
}
