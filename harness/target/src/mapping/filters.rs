//! Filters of templates. Keys are named, never given: the name is looked up among the secrets of the
//! caller. Digests and signatures give bytes; an encoding filter must follow.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecric_gm::encoding::{b64, b64url, from_b64, from_hex, hex};
use ecric_gm::{hmac_sm3, legacy, sha256, sm3};
use ecric_licence::instant::{parse_date, parse_instant};
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};
use serde_json::Value as Json;
use time::macros::offset;

use super::codec::Codecs;
use super::crypto;
use super::templates::{object, text_of, to_json};

/// Tables that filters read.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    pub(crate) tables: Arc<BTreeMap<String, BTreeMap<String, Json>>>,
    pub(crate) codecs: Arc<Codecs>,
}

type Result<T = Value> = std::result::Result<T, Error>;

pub(crate) fn wrong(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, reason.into())
}

/// Bytes of a text or of bytes.
pub(crate) fn bytes_of(value: &Value) -> Result<Vec<u8>> {
    match value.as_bytes() {
        Some(bytes) => Ok(bytes.to_vec()),
        None => text_of(value).map(String::into_bytes),
    }
}

/// The secret of a name, as seen by the caller of the operation.
pub(crate) fn secret(state: &State<'_, '_>, name: &str) -> Result<String> {
    let secrets = state.lookup("secret").unwrap_or(Value::UNDEFINED);
    let found = secrets.get_attr(name).ok().and_then(|value| value.as_str().map(str::to_owned));
    found.ok_or_else(|| wrong(format!("no secret is called {name:?}")))
}

/// Filters that templates may use: ours, and those of the template language.
pub(crate) const KNOWN: &[&str] = &[
    "abs",
    "aes_cbc",
    "aes_ecb",
    "attr",
    "b64",
    "b64url",
    "batch",
    "bool",
    "capitalize",
    "compact",
    "count",
    "d",
    "date",
    "default",
    "dictsort",
    "first",
    "float",
    "form",
    "from_b64",
    "from_hex",
    "gb18030",
    "groupby",
    "hex",
    "hmac_sha256",
    "hmac_sm3",
    "indent",
    "int",
    "items",
    "jcs",
    "join",
    "json",
    "last",
    "length",
    "lines",
    "list",
    "lookup",
    "lookup_all",
    "lower",
    "map",
    "map_names",
    "mask",
    "max",
    "md5",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "sha256",
    "slice",
    "sm2_decrypt",
    "sm2_encrypt",
    "sm2_sign",
    "sm2_verify",
    "sm3",
    "sm4_cbc",
    "sm4_ecb",
    "sort",
    "sorted_kv",
    "split",
    "string",
    "sum",
    "take",
    "title",
    "trim",
    "unique",
    "upper",
    "urlencode",
    "xml",
    "zip",
];

/// True if a filter of this name exists.
pub(crate) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Adds every filter.
pub(crate) fn add(environment: &mut Environment<'static>, tables: Tables) {
    environment.add_filter("json", |value: Value| Ok::<_, Error>(to_json(&value)?.to_string()));
    environment.add_filter("jcs", |value: Value| {
        serde_json_canonicalizer::to_string(&to_json(&value)?).map_err(|error| wrong(error.to_string()))
    });
    environment.add_filter("compact", |value: Value| compact(&value));
    environment.add_filter("xml", |value: Value| text_of(&value).map(|text| escape_xml(&text)));
    environment.add_filter("form", |value: Value| form(&value));
    environment.add_filter("sorted_kv", |value: Value, options: Kwargs| sorted_kv(&value, &options));
    environment.add_filter("urlencode", |value: Value| bytes_of(&value).map(|bytes| percent_bytes(&bytes)));
    environment.add_filter("b64", |value: Value| bytes_of(&value).map(|bytes| b64(&bytes)));
    environment.add_filter("b64url", |value: Value| bytes_of(&value).map(|bytes| b64url(&bytes)));
    environment.add_filter("hex", |value: Value| bytes_of(&value).map(|bytes| hex(&bytes)));
    environment.add_filter("from_b64", |value: Value| {
        from_b64(&text_of(&value)?).map(Value::from_bytes).map_err(|_| wrong("not base64"))
    });
    environment.add_filter("from_hex", |value: Value| {
        from_hex(&text_of(&value)?.to_ascii_lowercase()).map(Value::from_bytes).map_err(|_| wrong("not hex"))
    });
    environment.add_filter("take", |value: Value, count: usize| {
        let mut bytes = bytes_of(&value)?;
        bytes.truncate(count);
        Ok::<_, Error>(Value::from_bytes(bytes))
    });
    environment.add_filter("sm3", |value: Value| bytes_of(&value).map(|b| Value::from_bytes(sm3::digest(&b).to_vec())));
    environment.add_filter("sha256", |value: Value| {
        bytes_of(&value).map(|bytes| Value::from_bytes(sha256::digest(&bytes).to_vec()))
    });
    environment.add_filter("md5", |value: Value| {
        bytes_of(&value).map(|bytes| Value::from_bytes(legacy::md5(&bytes).to_vec()))
    });
    environment.add_filter("hmac_sm3", |state: &State, value: Value, options: Kwargs| {
        let key = mac_key(state, &options)?;
        Ok::<_, Error>(Value::from_bytes(hmac_sm3::Key::from_bytes(key.as_bytes()).mac(&bytes_of(&value)?).to_vec()))
    });
    environment.add_filter("hmac_sha256", |state: &State, value: Value, options: Kwargs| {
        let key = mac_key(state, &options)?;
        Ok::<_, Error>(Value::from_bytes(legacy::hmac_sha256(key.as_bytes(), &bytes_of(&value)?).to_vec()))
    });
    environment.add_filter("gb18030", |value: Value| {
        let text = text_of(&value)?;
        let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
        if lost {
            Err(wrong("a character that GB18030 does not have"))
        } else {
            Ok(Value::from_bytes(bytes.into_owned()))
        }
    });
    environment.add_filter("date", |value: Value, format: String, options: Kwargs| date(&value, &format, &options));
    environment.add_filter("mask", |value: Value| {
        text_of(&value).map(|text| {
            if text.len() == 18 && text.is_ascii() {
                ecric_licence::metadata::mask_number(&text)
            } else {
                ecric_licence::metadata::mask_name(&text)
            }
        })
    });
    crypto::add(environment);
    let words = Arc::clone(&tables.tables);
    environment.add_filter("lookup", move |value: Value, table: String| look_up(&words, &value, &table));
    let words = Arc::clone(&tables.tables);
    environment.add_filter("lookup_all", move |value: Value, table: String| {
        value.try_iter()?.map(|item| look_up(&words, &item, &table)).collect::<Result<Vec<_>>>().map(Value::from)
    });
    let codecs = Arc::clone(&tables.codecs);
    environment.add_filter("map_names", move |value: Value| {
        let json = to_json(&value)?;
        codecs.outward(&json).map(|json| Value::from(Serde(&json))).map_err(wrong)
    });
}

/// The key of an HMAC: a secret by name, or a value that the product gave (`value=var.short`).
fn mac_key(state: &State<'_, '_>, options: &Kwargs) -> Result<String> {
    let key = match options.get::<Option<String>>("value")? {
        Some(value) => value,
        None => secret(state, options.get("key")?)?,
    };
    options.assert_all_used()?;
    Ok(key)
}

fn compact(value: &Value) -> Result {
    if value.kind() != ValueKind::Map {
        return Err(wrong("compact wants an object"));
    }
    let mut out = Vec::new();
    for key in value.try_iter()? {
        let member = value.get_item(&key)?;
        if !member.is_undefined() && !member.is_none() {
            out.push((key.to_string(), member));
        }
    }
    Ok(object(out))
}

fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
    out
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub(crate) fn percent(text: &str) -> String {
    percent_bytes(text.as_bytes())
}

fn percent_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Members with a value, as texts.
fn pairs(value: &Value) -> Result<Vec<(String, String)>> {
    let mut out = Vec::new();
    for key in value.try_iter()? {
        let member = value.get_item(&key)?;
        if !member.is_undefined() && !member.is_none() {
            out.push((key.to_string(), text_of(&member)?));
        }
    }
    Ok(out)
}

fn form(value: &Value) -> Result<String> {
    let parts: Vec<String> = pairs(value)?.iter().map(|(k, v)| format!("{}={}", percent(k), percent(v))).collect();
    Ok(parts.join("&"))
}

fn sorted_kv(value: &Value, options: &Kwargs) -> Result<String> {
    let separator: Option<String> = options.get("sep")?;
    let skip_empty: Option<bool> = options.get("skip_empty")?;
    let except: Option<Vec<String>> = options.get("except")?;
    options.assert_all_used()?;
    let mut list = pairs(value)?;
    list.retain(|(key, text)| {
        !(except.as_ref().is_some_and(|except| except.contains(key)) || (skip_empty == Some(true) && text.is_empty()))
    });
    list.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let parts: Vec<String> = list.into_iter().map(|(key, text)| format!("{key}={text}")).collect();
    Ok(parts.join(separator.as_deref().unwrap_or("&")))
}

/// An instant or date in strftime words; China time, or UTC.
fn date(value: &Value, format: &str, options: &Kwargs) -> Result<String> {
    let utc: Option<bool> = options.get("utc")?;
    options.assert_all_used()?;
    let text = text_of(value)?;
    let instant = match parse_date(&text) {
        Ok(date) => date.midnight().assume_offset(offset!(+8)),
        Err(_) => parse_instant(&text).map_err(|_| wrong("date wants an instant or a date"))?,
    };
    let at = instant.to_offset(if utc == Some(true) { offset!(UTC) } else { offset!(+8) });
    let mut out = String::new();
    let mut rest = format.chars();
    while let Some(character) = rest.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some('Y') => out.push_str(&format!("{:04}", at.year())),
            Some('m') => out.push_str(&format!("{:02}", u8::from(at.month()))),
            Some('d') => out.push_str(&format!("{:02}", at.day())),
            Some('H') => out.push_str(&format!("{:02}", at.hour())),
            Some('M') => out.push_str(&format!("{:02}", at.minute())),
            Some('S') => out.push_str(&format!("{:02}", at.second())),
            Some('f') => out.push_str(&format!("{:03}", at.millisecond())),
            Some('s') => out.push_str(&at.unix_timestamp().to_string()),
            Some('%') => out.push('%'),
            other => return Err(wrong(format!("date knows no %{}", other.unwrap_or(' ')))),
        }
    }
    Ok(out)
}

fn look_up(tables: &BTreeMap<String, BTreeMap<String, Json>>, value: &Value, table: &str) -> Result {
    let words = tables.get(table).ok_or_else(|| wrong(format!("no table is called {table:?}")))?;
    let key = text_of(value)?;
    let found = words.get(&key).or_else(|| words.get("*"));
    found
        .map(|json| Value::from(Serde(json)))
        .ok_or_else(|| wrong(format!("the table {table} has no entry for this value")))
}
