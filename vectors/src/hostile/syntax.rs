//! The bytes of a right body with one thing wrong in their syntax, which no JSON value can hold.

use serde_json::Value;

/// One change of the bytes.
#[derive(Clone, Copy)]
pub struct Syntax {
    /// Name for records.
    pub name: &'static str,
    /// True if the result is no I-JSON, so that it must be refused; else it may be accepted.
    pub broken: bool,
    write: fn(&[u8]) -> Vec<u8>,
}

impl Syntax {
    /// The bytes to send; `body` is an object with at least one member.
    #[must_use]
    pub fn write(&self, body: &Value) -> Vec<u8> {
        (self.write)(&serde_json::to_vec(body).unwrap_or_default())
    }
}

const DEPTH: usize = 10_000;
const MANY: usize = 4_000;

const fn broken(name: &'static str, write: fn(&[u8]) -> Vec<u8>) -> Syntax {
    Syntax { name, broken: true, write }
}

const fn odd(name: &'static str, write: fn(&[u8]) -> Vec<u8>) -> Syntax {
    Syntax { name, broken: false, write }
}

/// Every change.
pub const SYNTAX: &[Syntax] = &[
    broken("a member twice, the right one last", |body| {
        [b"{", first_name(body), b":\"ecric-other\",", &body[1..]].concat()
    }),
    broken("a member twice, the right one first", |body| {
        let name = String::from_utf8_lossy(first_name(body)).into_owned();
        with_member(body, &name, b"\"ecric-other\"")
    }),
    broken("a member twice, once escaped", |body| {
        let name = String::from_utf8_lossy(first_name(body)).into_owned();
        let first = name.chars().nth(1).map_or(0, u32::from);
        let escaped = format!("\"\\u{first:04x}{}", name.chars().skip(2).collect::<String>());
        with_member(body, &escaped, b"\"ecric-other\"")
    }),
    broken("invalid UTF-8", |body| unknown(body, b"\"\xc3\x28\"")),
    broken("overlong UTF-8", |body| unknown(body, b"\"\xc0\xaf\"")),
    broken("a surrogate in UTF-8", |body| unknown(body, b"\"\xed\xa0\x80\"")),
    broken("UTF-16", |body| {
        let text = String::from_utf8_lossy(body).into_owned();
        [b"\xff\xfe".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
    }),
    broken("a byte order mark", |body| [b"\xef\xbb\xbf", body].concat()),
    broken("a high surrogate alone", |body| unknown(body, br#""\ud800""#)),
    broken("a low surrogate alone", |body| unknown(body, br#""\udc00a""#)),
    broken("text behind the object", |body| [body, b" trailing"].concat()),
    broken("a second object", |body| [body, body].concat()),
    broken("NUL behind the object", |body| [body, b"\0"].concat()),
    broken("a comma at the end", |body| [&body[..body.len() - 1], b",}"].concat()),
    broken("a comment", |body| [b"/* ecric */", body].concat()),
    broken("no end", |body| body[..body.len() - 1].to_vec()),
    broken("single quotes", |body| unknown(body, b"'a'")),
    broken("a line break in a text", |body| unknown(body, b"\"a\nb\"")),
    broken("an unknown escape", |body| unknown(body, br#""\x41""#)),
    broken("NaN", |body| unknown(body, b"NaN")),
    broken("Infinity", |body| unknown(body, b"-Infinity")),
    broken("a leading zero", |body| unknown(body, b"01")),
    broken("a plus sign", |body| unknown(body, b"+1")),
    broken("hexadecimal", |body| unknown(body, b"0x1f")),
    broken("1e400", |body| unknown(body, b"1e400")),
    broken("2^53 + 1", |body| unknown(body, b"9007199254740993")),
    broken("30 digits", |body| unknown(body, b"123456789012345678901234567890")),
    broken("10,000 levels", |body| unknown(body, &["[".repeat(DEPTH), "]".repeat(DEPTH)].concat().into_bytes())),
    broken("10,000 levels without end", |_| "{\"a\":[".repeat(DEPTH / 2).into_bytes()),
    broken("a list", |body| [b"[", body, b"]"].concat()),
    broken("a text", |_| b"\"ecric\"".to_vec()),
    broken("null", |_| b"null".to_vec()),
    broken("spaces only", |_| b"   ".to_vec()),
    odd("minus zero", |body| unknown(body, b"-0")),
    odd("4,000 members", |body| {
        let many: Vec<String> = (0..MANY).map(|n| format!("\"ecric{n}\":{n}")).collect();
        [&body[..body.len() - 1], b",", many.join(",").as_bytes(), b"}"].concat()
    }),
    odd("escapes everywhere", |body| {
        let text = String::from_utf8_lossy(body).into_owned();
        let mut units = [0; 2];
        let escape = |c: char| {
            if c.is_ascii() {
                c.to_string()
            } else {
                c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04X}")).collect()
            }
        };
        text.chars().map(escape).collect::<String>().into_bytes()
    }),
];

/// The first member's name with its quotes.
fn first_name(body: &[u8]) -> &[u8] {
    let end = body.get(2..).unwrap_or_default().iter().position(|byte| *byte == b'"').map_or(1, |at| at + 3);
    body.get(1..end).unwrap_or_default()
}

fn unknown(body: &[u8], value: &[u8]) -> Vec<u8> {
    with_member(body, "\"ecricUnknown\"", value)
}

fn with_member(body: &[u8], name: &str, value: &[u8]) -> Vec<u8> {
    [&body[..body.len() - 1], b",", name.as_bytes(), b":", value, b"}"].concat()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_change_is_one_and_odd_ones_stay_json() {
        let body = json!({"action": "测试", "n": 1});
        for syntax in SYNTAX {
            let bytes = syntax.write(&body);
            let read = serde_json::from_slice::<Value>(&bytes);
            assert!(
                bytes != serde_json::to_vec(&body).unwrap() || syntax.name == "escapes everywhere",
                "{}",
                syntax.name
            );
            if !syntax.broken {
                assert_eq!(read.unwrap()["action"], "测试", "{}", syntax.name);
            }
        }
        let name = |text: &str| SYNTAX.iter().find(|one| one.name == text).unwrap().write(&body);
        assert!(name("a member twice, the right one last").starts_with(br#"{"action":"ecric-other","action":"#));
        assert!(name("a member twice, once escaped").ends_with(br#","\u0061ction":"ecric-other"}"#));
    }
}
