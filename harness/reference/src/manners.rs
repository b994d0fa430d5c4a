//! How answers are written: in ways that differ and are all right. Applied at the edge of the server,
//! behind every handler; an honest server and every mutant use the default. What an answer says is
//! never changed here.

use std::time::Duration;

use axum::body::Body;
use ecric_licence::instant::parse_instant;
use ecric_model::reason::class_of;
use futures::stream;
use serde_json::{Map, Value, json};
use time::UtcOffset;
use time::macros::{format_description, offset};

use crate::capabilities::{BATCH_LIMIT, URL_TTL_S};

/// Ways of writing; the default is the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Manners {
    /// Members of every object in reverse order.
    pub(crate) members_reversed: bool,
    /// Members that binding v1 does not know, wherever names are not data.
    pub(crate) extra_members: bool,
    /// Text as `\u` escapes.
    pub(crate) escapes: bool,
    /// White space wherever JSON permits it.
    pub(crate) white_space: bool,
    /// Milliseconds that every answer waits.
    pub(crate) delay_ms: u64,
    /// Messages of errors in Chinese.
    pub(crate) chinese_messages: bool,
    /// Bodies in chunks, without a length.
    pub(crate) chunked: bool,
    /// Headers that nobody asked for; parameters of the media type.
    pub(crate) odd_headers: bool,
    /// Instants with another offset than that of China.
    pub(crate) other_offset: bool,
    /// Optional members left out.
    pub(crate) sparse: bool,
    /// Reason classes in place of fine codes.
    pub(crate) reason_classes: bool,
    /// SUSPEND on SUSPENDED is 200 without a change, what holds no ZIP is 400 in operation 12, and a view without the
    /// network is INDETERMINATE.
    pub(crate) other_choices: bool,
    /// Lower limits than usual, declared.
    pub(crate) low_limits: bool,
}

impl Manners {
    /// Largest batch, items.
    pub(crate) const fn batch_limit(&self) -> usize {
        if self.low_limits { 12 } else { BATCH_LIMIT }
    }

    /// Life of a link, seconds.
    pub(crate) const fn url_ttl_s(&self) -> i64 {
        if self.low_limits { 90 } else { URL_TTL_S }
    }

    /// Waits, where answers are slow.
    pub(crate) async fn wait(&self) {
        if self.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
        }
    }

    /// Headers besides those of binding v1.
    pub(crate) fn headers(&self) -> &'static [(&'static str, &'static str)] {
        if self.odd_headers {
            &[("server", "odd/1"), ("x-trace", "0"), ("vary", "accept"), ("strict-transport-security", "max-age=1")]
        } else {
            &[]
        }
    }

    /// The media type of JSON.
    pub(crate) const fn media_type(&self) -> &'static str {
        if self.odd_headers { "Application/JSON; charset=utf-8" } else { "application/json" }
    }

    /// The bytes of a JSON answer.
    pub(crate) fn write(&self, body: &Value) -> Vec<u8> {
        if *self == Self::default() {
            return serde_json::to_vec(body).unwrap_or_default();
        }
        let mut body = body.clone();
        self.change(&mut body, "");
        let mut out = String::new();
        self.write_value(&body, &mut out);
        if self.white_space {
            out.insert_str(0, "\n ");
            out.push_str("\r\n\t ");
        }
        out.into_bytes()
    }

    /// A body in one piece, or in chunks of uneven size.
    pub(crate) fn body(&self, bytes: Vec<u8>) -> Body {
        if !self.chunked || bytes.is_empty() {
            return Body::from(bytes);
        }
        let (first, rest) = bytes.split_at(1);
        let size = rest.len() / 5 + 1;
        let chunks: Vec<Result<Vec<u8>, std::io::Error>> =
            std::iter::once(first).chain(rest.chunks(size)).map(|chunk| Ok(chunk.to_vec())).collect();
        Body::from_stream(stream::iter(chunks))
    }

    /// `name` is that of the member whose value this is.
    fn change(&self, value: &mut Value, name: &str) {
        match value {
            // A signature covers every member: what is signed keeps its members and values.
            Value::Object(members) if members.contains_key("sig") => {}
            Value::Object(members) => self.change_members(members, name),
            Value::Array(items) => items.iter_mut().for_each(|item| self.change(item, name)),
            Value::String(text) if self.other_offset => {
                if let Some(moved) = with_other_offset(text) {
                    *text = moved;
                }
            }
            Value::String(text) if self.reason_classes && matches!(name, "reasons" | "warnings") => {
                if let Some(class) = class_of(text) {
                    class.code.clone_into(text);
                }
            }
            _ => {}
        }
    }

    fn change_members(&self, members: &mut Map<String, Value>, name: &str) {
        let is_error = members.get("code").is_some_and(Value::is_string) && members.contains_key("message");
        if self.chinese_messages && is_error {
            members.insert("message".to_owned(), json!("请求未被接受，请检查各成员后重试"));
        }
        if self.chinese_messages && name == "details" && members.contains_key("issue") {
            members.insert("issue".to_owned(), json!("不符合要求"));
        }
        if self.sparse {
            for optional in ["evidenceId", "timeZone", "certificateCopyCreationTime"] {
                members.remove(optional);
            }
            if is_error && members.get("retryAfter").is_some_and(Value::is_null) {
                members.remove("retryAfter");
            }
        }
        for (inner, value) in members.iter_mut() {
            self.change(value, inner);
        }
        // Names are data in these: a member more would say something.
        let names_are_data = matches!(name, "holder" | "checks" | "match" | "sig" | "use" | "attributes");
        if self.extra_members && !names_are_data {
            members.insert("vendorExtension".to_owned(), json!({"since": "2.1", "flags": [true, null, 0.5]}));
            members.insert("扩展".to_owned(), Value::Null);
        }
    }

    fn write_value(&self, value: &Value, out: &mut String) {
        match value {
            Value::Object(members) => {
                let mut pairs: Vec<(&String, &Value)> = members.iter().collect();
                if self.members_reversed {
                    pairs.reverse();
                }
                self.write_list(&pairs, ['{', '}'], out, |(name, value), out| {
                    self.write_text(name, out);
                    out.push_str(if self.white_space { " \t: " } else { ":" });
                    self.write_value(value, out);
                });
            }
            Value::Array(items) => {
                self.write_list(items, ['[', ']'], out, |item, out| self.write_value(item, out));
            }
            Value::String(text) => self.write_text(text, out),
            other => out.push_str(&other.to_string()),
        }
    }

    fn write_list<T>(&self, items: &[T], brackets: [char; 2], out: &mut String, one: impl Fn(&T, &mut String)) {
        out.push(brackets[0]);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            if self.white_space {
                out.push_str("\r\n\t");
            }
            one(item, out);
        }
        if self.white_space {
            out.push('\n');
        }
        out.push(brackets[1]);
    }

    fn write_text(&self, text: &str, out: &mut String) {
        if !self.escapes {
            out.push_str(&Value::from(text).to_string());
            return;
        }
        out.push('"');
        for (index, unit) in text.encode_utf16().enumerate() {
            match u8::try_from(unit).ok().filter(u8::is_ascii_graphic).map(char::from) {
                Some('/') => out.push_str("\\/"),
                // The first unit is always escaped, and no name is spared.
                Some(c) if index > 0 && !matches!(c, '"' | '\\') => out.push(c),
                _ => out.push_str(&format!("\\u{unit:04X}")),
            }
        }
        out.push('"');
    }
}

/// The same instant seen from elsewhere; `None` for a text that is no instant of China.
fn with_other_offset(text: &str) -> Option<String> {
    if !text.ends_with("+08:00") {
        return None;
    }
    const ELSEWHERE: UtcOffset = offset!(+5:30);
    let instant = parse_instant(text).ok()?;
    let whole =
        instant.to_offset(ELSEWHERE).format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]"));
    // A fraction is the same everywhere; the reader of instants cuts it off.
    let fraction = text.get(19..text.len() - 6).unwrap_or_default();
    Some(format!("{}{fraction}+05:30", whole.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> Value {
        json!({"code": "NOT_FOUND", "message": "no such path", "details": [{"field": "a/b", "issue": "x"}],
            "retryAfter": null, "名": "张\u{20bb7}\"\\\n", "reasons": ["LICENCE_ID_BAD"],
            "serverTime": "2026-03-01T02:00:00.007+08:00", "holder": {"name": "x"}})
    }

    fn written(set: fn(&mut Manners)) -> (String, Value) {
        let mut manners = Manners::default();
        set(&mut manners);
        let text = String::from_utf8(manners.write(&body())).unwrap();
        let parsed = serde_json::from_str(&text).unwrap();
        (text, parsed)
    }

    #[test]
    fn spellings_change_the_bytes_and_not_the_meaning() {
        let plain = serde_json::to_string(&body()).unwrap();
        type Set = fn(&mut Manners);
        let rows: [(&str, Set); 3] = [
            ("order", |m| m.members_reversed = true),
            ("escapes", |m| m.escapes = true),
            ("white space", |m| m.white_space = true),
        ];
        for (name, set) in rows {
            let (text, parsed) = written(set);
            assert_eq!(parsed, body(), "{name}");
            assert_ne!(text, plain, "{name}");
        }
        assert!(written(|m| m.escapes = true).0.is_ascii());
        assert_eq!(written(|_| {}).0, plain);
    }

    #[test]
    fn other_words_for_the_same() {
        let (_, parsed) = written(|m| m.other_offset = true);
        assert_eq!(parsed["serverTime"], "2026-02-28T23:30:00.007+05:30");
        let (_, parsed) = written(|m| m.reason_classes = true);
        assert_eq!(parsed["reasons"], json!(["META_MISMATCH"]));
        let (_, parsed) = written(|m| m.chinese_messages = true);
        assert!(parsed["message"].as_str().unwrap().starts_with("请求") && parsed["code"] == "NOT_FOUND");
        let (_, parsed) = written(|m| m.sparse = true);
        assert!(parsed.get("retryAfter").is_none());
        let (_, parsed) = written(|m| m.extra_members = true);
        assert!(parsed["vendorExtension"].is_object() && parsed["details"][0]["vendorExtension"].is_object());
        assert_eq!(parsed["holder"], json!({"name": "x"}));
    }

    #[test]
    fn what_is_signed_keeps_its_members() {
        let signed = json!({"sig": {"value": "x"}, "statusTime": "2026-03-01T02:00:00+08:00"});
        let manners = Manners { extra_members: true, other_offset: true, members_reversed: true, ..Manners::default() };
        let parsed: Value = serde_json::from_slice(&manners.write(&signed)).unwrap();
        assert_eq!(parsed, signed);
        let parsed: Value = serde_json::from_slice(&manners.write(&json!({"evidence": signed}))).unwrap();
        assert_eq!(parsed["evidence"], signed);
    }
}
