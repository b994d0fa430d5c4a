//! Changes of the bytes of a body that no JSON value can hold. Each makes exactly one defect.

use serde_json::Value;

use super::{Inputs, UNKNOWN_MEMBER, VariationError};

/// Levels of arrays in the raw edit `deep`.
const DEPTH: usize = 10_000;
/// Stands in the written body where a number is to stand.
const NUMBER_PLACE: &str = "ecric-number";
const VERSION_MEMBER: &str = "expectedStatusVersion";

type Raw = fn(&Value, &Inputs) -> Result<Vec<u8>, VariationError>;

const TABLE: &[(&str, Raw)] = &[
    ("byte-order-mark", |body, _| Ok([b"\xef\xbb\xbf".as_slice(), &serde_json::to_vec(body)?].concat())),
    ("invalid-utf8", |body, _| with_member(body, UNKNOWN_MEMBER, b"\"\xc3\x28\"")),
    ("lone-surrogate", |body, _| with_member(body, UNKNOWN_MEMBER, br#""\ud800""#)),
    ("duplicate-key", duplicate_key),
    ("trailing-text", |body, _| Ok([serde_json::to_vec(body)?, b" trailing".to_vec()].concat())),
    ("deep", |body, _| {
        with_member(body, UNKNOWN_MEMBER, &["[".repeat(DEPTH), "]".repeat(DEPTH)].concat().into_bytes())
    }),
    ("pad-to-limit", |body, inputs| pad(body, inputs.body_limit)),
    ("pad-over-limit", |body, inputs| pad(body, inputs.body_limit.saturating_add(1))),
    ("version-1e400", |body, _| with_version(body, "1e400")),
    ("version-fraction", |body, inputs| with_version(body, &format!("{}.0", inputs.status_version))),
];

pub(super) fn is_known(name: &str) -> bool {
    TABLE.iter().any(|(known, _)| *known == name)
}

pub(super) fn write(name: &str, body: &Value, inputs: &Inputs) -> Result<Vec<u8>, VariationError> {
    match TABLE.iter().find(|(known, _)| *known == name) {
        Some((_, raw)) => raw(body, inputs),
        None => Err(VariationError::UnknownRaw { name: name.to_owned() }),
    }
}

/// The body with one more member at its end.
fn with_member(body: &Value, name: &str, value: &[u8]) -> Result<Vec<u8>, VariationError> {
    let comma = if members(body)?.is_empty() { "" } else { "," };
    let mut bytes = serde_json::to_vec(body)?;
    bytes.pop();
    bytes.extend_from_slice(format!("{comma}\"{name}\":").as_bytes());
    bytes.extend_from_slice(value);
    bytes.push(b'}');
    Ok(bytes)
}

/// The first member comes once more at the end, with the same value.
fn duplicate_key(body: &Value, _: &Inputs) -> Result<Vec<u8>, VariationError> {
    let Some((name, value)) = members(body)?.iter().next() else {
        return Err(VariationError::NotApplicable {
            maker: "duplicate-key",
            found: "{}",
            wanted: "an object with members",
        });
    };
    with_member(body, name, &serde_json::to_vec(value)?)
}

/// A member that nobody knows fills the body up to exactly `length` bytes.
fn pad(body: &Value, length: u64) -> Result<Vec<u8>, VariationError> {
    let found = with_member(body, UNKNOWN_MEMBER, b"\"\"")?.len();
    let missing = usize::try_from(length).ok().and_then(|length| length.checked_sub(found));
    let missing = missing.ok_or(VariationError::TooLong { found, limit: length })?;
    with_member(body, UNKNOWN_MEMBER, format!("\"{}\"", "x".repeat(missing)).as_bytes())
}

/// The expected version written as this text.
fn with_version(body: &Value, number: &str) -> Result<Vec<u8>, VariationError> {
    if !members(body)?.contains_key(VERSION_MEMBER) {
        return Err(VariationError::NoSuchMember { at: VERSION_MEMBER.to_owned() });
    }
    let mut body = body.clone();
    body[VERSION_MEMBER] = NUMBER_PLACE.into();
    let text = serde_json::to_string(&body)?;
    Ok(text.replacen(&format!("\"{NUMBER_PLACE}\""), number, 1).into_bytes())
}

fn members(body: &Value) -> Result<&serde_json::Map<String, Value>, VariationError> {
    body.as_object().ok_or(VariationError::NotApplicable { maker: "raw edit", found: "no object", wanted: "an object" })
}
