//! Masks personal values before anything is written. Keeps lengths and shapes readable, never values.

use ecric_licence::metadata::{mask_name, mask_number};

/// Shortest secret that is looked for: shorter ones would hit by chance.
const SECRET_MIN: usize = 6;

/// The text without the values of secrets, plain or percent-encoded.
pub(crate) fn hide_secrets(text: &str, secrets: &[String]) -> String {
    let mut out = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= SECRET_MIN) {
        for form in [secret.clone(), percent(secret)] {
            if out.contains(form.as_str()) {
                out = out.replace(form.as_str(), "<secret>");
            }
        }
    }
    out
}

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

/// Masks runs of 17 or 18 characters that are a citizen number or were one before a character was lost
/// or changed: six digits, a date of birth, three digits, a check character. The check is not asked for:
/// a number with a wrong one still says who it belongs to.
fn mask_numbers(text: &str) -> (String, u32) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    let (mut at, mut from, mut count) = (0, 0, 0);
    while at + 17 <= bytes.len() {
        let start = digit(at) && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        let length = if start { number_length(&bytes[at..]) } else { None };
        match length.and_then(|length| text.get(at..at + length)) {
            Some(number) => {
                out.push_str(&text[from..at]);
                out.push_str(&mask_number(number));
                count += 1;
                at += number.len();
                from = at;
            }
            None => at += 1,
        }
    }
    out.push_str(&text[from..]);
    (out, count)
}

/// Length of the number that a text begins with, if it begins with one.
fn number_length(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let length = match (digits, bytes.get(17)) {
        (17, Some(b'X' | b'x')) | (18, _) => 18,
        (17, _) => 17,
        _ => return None,
    };
    if bytes.get(length).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let value =
        |range: std::ops::Range<usize>| bytes[range].iter().fold(0_u32, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    let plausible = (1_800..=2_200).contains(&value(6..10))
        && (1..=12).contains(&value(10..12))
        && (1..=31).contains(&value(12..14));
    plausible.then_some(length)
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
            (r#"{"n":"110199199003070026"}"#, "199003070026"),
            (r#"{"n":"11019919900307002"}"#, "19900307002"),
            (r#"{"n":"11019919900230002x"}"#, "19900230002"),
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
