//! Searches captured answers for values that must not be there.

use ecric_gm::encoding::{b64, hex};
use ecric_gm::sm3::digest_hex;
use ecric_licence::citizen_number::parse_citizen_number;
use ecric_model::Text;
use ecric_model::finding::{FindingClass, Judgement, fail};
use serde_json::Value;

use crate::Seen;
use crate::ablation::ablatable;

/// Patterns that betray the inside of a server.
const INTERNALS: [&str; 22] = [
    "select ",
    "insert into",
    "update ",
    "delete from",
    "sqlite",
    "syntax error",
    "postgres",
    "ora-0",
    "mysql",
    "stack backtrace",
    "traceback (most recent",
    "panicked at",
    "exception in thread",
    ".java:",
    "/src/",
    "/usr/",
    "/home/",
    "/var/",
    "c:\\",
    "at line ",
    "nullpointer",
    "org.springframework",
];

/// Shortest word that may be base64 of random bytes, characters.
const RANDOM_MIN: usize = 20;

/// Holds the answer nothing of the person: raw, `\u`-escaped, percent-encoded, base64, hex, SM3?
///
/// `secrets` are the values to look for; they are never repeated in the finding.
///
/// # Errors
/// `LEAK`, naming the member that holds the value.
pub fn check_holds_nothing_of(seen: &Seen<'_>, secrets: &[String]) -> Judgement {
    ablatable!("check_holds_nothing_of");
    let wanted = || Text::new("nothing of the person", "不含该人员的任何信息");
    for (index, secret) in secrets.iter().enumerate() {
        for (form, text) in forms(secret) {
            let place = match seen.json.and_then(|json| place_of(json, &text, String::new())) {
                Some(place) => place,
                None if seen.text.contains(&text) => "body".to_owned(),
                None => match seen.headers.iter().find(|(_, value)| value.contains(&text)) {
                    Some((name, _)) => format!("header {name}"),
                    None => continue,
                },
            };
            return fail(
                FindingClass::Leak,
                place,
                wanted(),
                Text::new(
                    format!("value {} of the person, {form}", index + 1),
                    format!("含该人员第{}项信息（{form}）", index + 1),
                ),
            );
        }
    }
    Ok(())
}

fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = secret.as_bytes();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
    let mut out = vec![
        ("plain", secret.to_owned()),
        ("base64", b64(bytes)),
        ("hex", hex(bytes)),
        ("percent-encoded", percent),
        ("SM3", digest_hex(bytes)),
    ];
    if !secret.is_ascii() {
        let escaped: String = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        out.push(("\\u-escaped", escaped));
    }
    out
}

fn place_of(json: &Value, text: &str, path: String) -> Option<String> {
    match json {
        Value::String(found) => found.contains(text).then_some(path),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| place_of(item, text, format!("{path}[{index}]")))
        }
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            if name.contains(text) { Some(inner) } else { place_of(value, text, inner) }
        }),
        _ => None,
    }
}

/// Holds the answer no valid citizen number at all?
///
/// # Errors
/// `LEAK`.
pub fn check_no_citizen_number(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_no_citizen_number");
    let mut found = None;
    if let Some(json) = seen.json {
        walk(json, String::new(), &mut |path, text| {
            if found.is_none() && parse_citizen_number(text).is_ok() {
                found = Some(path.to_owned());
            }
        });
    }
    // A dialect may carry what the mapping does not take over: the body as received is searched, too.
    let mut words = seen.text.split(|c: char| !c.is_ascii_alphanumeric());
    let found = found.or_else(|| words.any(|word| parse_citizen_number(word).is_ok()).then(|| "body".to_owned()));
    match found {
        None => Ok(()),
        Some(place) => fail(
            FindingClass::Leak,
            place,
            Text::new("no citizen number", "不含公民身份号码"),
            Text::new("a citizen number", "含公民身份号码"),
        ),
    }
}

fn walk(json: &Value, path: String, visit: &mut impl FnMut(&str, &str)) {
    match json {
        Value::String(text) => visit(&path, text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, format!("{path}[{index}]"), visit);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(value, inner, visit);
            }
        }
        _ => {}
    }
}

/// Shows the answer nothing of the inside: no stack trace, SQL, path or product of a library?
///
/// # Errors
/// `LEAK`.
pub fn check_no_internals(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_no_internals");
    crate::answers::check_delivered(seen)?;
    let text = seen.text.to_ascii_lowercase();
    let shows =
        |pattern: &&str| text.match_indices(*pattern).any(|(at, _)| !is_inside_random_text(seen.text.as_bytes(), at));
    match INTERNALS.into_iter().find(shows) {
        None => Ok(()),
        Some(pattern) => fail(
            FindingClass::Leak,
            "body",
            Text::new("no stack trace, SQL, path or library", "不含堆栈、SQL、路径或组件信息"),
            Text::new(format!("the text {pattern:?}"), format!("含文本 {pattern:?}")),
        ),
    }
}

/// Whether a place lies inside a word that looks like base64 of random bytes, such as a challenge: in many of those
/// any short word is met by chance. The beginning and the end of a word do not count, nor does a word without upper case, lower
/// case and digits, so that names of libraries are found.
fn is_inside_random_text(text: &[u8], at: usize) -> bool {
    let in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let before = text[..at].iter().rev().take_while(in_word).count();
    let after = text[at..].iter().take_while(in_word).count();
    let word = &text[at - before..at + after];
    before > 0
        && after > 0
        && word.len() >= RANDOM_MIN
        && word.iter().any(u8::is_ascii_digit)
        && word.iter().any(u8::is_ascii_uppercase)
        && word.iter().any(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn every_form_is_found_and_none_repeated() {
        let secrets = ["测试甲乙".to_owned(), "110199199003070017".to_owned()];
        let clean = test_seen(200, json!({"certificateIdentifier": "1.2.156.3005.2.11100000000013127D001"}));
        assert!(check_holds_nothing_of(&clean.view(), &secrets).is_ok());
        for value in [
            json!({"a": {"b": ["测试甲乙"]}}),
            json!({"a": "x110199199003070017x"}),
            json!({"110199199003070017": 1}),
            json!({"a": b64(secrets[0].as_bytes())}),
            json!({"a": hex(secrets[1].as_bytes())}),
            json!({"a": digest_hex(secrets[1].as_bytes())}),
            json!({"a": "\\u6d4b\\u8bd5\\u7532\\u4e59"}),
        ] {
            let found = check_holds_nothing_of(&test_seen(200, value.clone()).view(), &secrets).unwrap_err();
            assert!(found.class == FindingClass::Leak && !found.actual.en.contains("1101"), "{value}");
        }
        let mut header = test_seen(200, json!({}));
        header.headers.push(("x".into(), secrets[1].clone()));
        assert!(check_holds_nothing_of(&header.view(), &secrets).is_err());
    }

    #[test]
    fn numbers_and_internals() {
        assert!(check_no_citizen_number(&test_seen(200, json!({"a": "110199199003070018"})).view()).is_ok());
        assert!(check_no_citizen_number(&test_seen(200, json!({"a": ["110199199003070017"]})).view()).is_err());
        assert!(check_no_internals(&test_seen(400, json!({"message": "ethnicity is not in the list"})).view()).is_ok());
        // A challenge in which a short word stands by chance; beside it a true one is found.
        let challenge = json!({"challenge": "q7LmySqLx0Wd-Vt3_kR9aBcDeFgHiJkLmNoPqRsTuVw", "message": "unlock first"});
        assert!(check_no_internals(&test_seen(401, challenge.clone()).view()).is_ok());
        let mut both = challenge;
        both["message"] = json!("pymysql.err.OperationalError");
        assert!(check_no_internals(&test_seen(401, both).view()).is_err());
        for text in [
            "SQLite error",
            "SELECT * FROM t",
            "panicked at src/main.rs",
            "/usr/lib",
            "com.mysql.jdbc.MySQL5Exception",
            "MySQL57InnoDBDialectException",
            "librusqlite3",
            "Release20Of2026LicenceService/src/Load",
            "LicenceService2Implementation.java:17",
        ] {
            assert!(check_no_internals(&test_seen(400, json!({"message": text})).view()).is_err(), "{text}");
        }
    }
}
