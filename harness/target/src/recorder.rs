//! Turns what happened on the wire into evidence, redacted.

use ecric_model::exchange::{Exchange, RecordedRequest, RecordedResponse, TransportOutcome};

use crate::answer::Sent;
use crate::charset::Charset;
use crate::curl;
use crate::redact::{hide_secrets, redact_text};
use crate::transport::Received;

/// Bytes of a body kept in the evidence.
const BODY_CAP: usize = 64 * 1024;
/// Headers whose values are never written.
const SECRET_HEADERS: [&str; 5] = ["x-ecric-signature", "authorization", "cookie", "set-cookie", "proxy-authorization"];

/// What the recorder is told about one call.
pub(crate) struct Observation<'a> {
    pub(crate) id: String,
    pub(crate) case: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) started: String,
    pub(crate) duration_ms: u64,
    pub(crate) base: &'a str,
    pub(crate) sent: &'a Sent,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) body: &'a [u8],
    pub(crate) received: &'a Received,
    pub(crate) key_hint: Option<&'a str>,
    pub(crate) personal: &'a [String],
    /// Secrets that never reach the evidence.
    pub(crate) hidden: &'a [String],
    pub(crate) plain_signature: bool,
    /// Keeps licence files, which hold personal values.
    pub(crate) raw: bool,
    /// How the product writes texts: personal values are found in UTF-8 only.
    pub(crate) charset: Charset,
}

/// Writes one exchange.
pub(crate) fn record(seen: &Observation<'_>) -> Exchange {
    let mut redactions = 0;
    let mut mask = |text: &str| {
        let (masked, count) = redact_text(&hide_secrets(text, seen.hidden), seen.personal);
        redactions += count;
        masked
    };
    let query = if seen.sent.query.is_empty() { String::new() } else { format!("?{}", seen.sent.query) };
    let url = mask(&format!("{}{}{query}", seen.base, seen.sent.path));
    let shown = |body: &[u8]| {
        let text = if seen.charset.is_utf8() { None } else { seen.charset.decode(body) };
        let body = text.as_deref().map_or(body, str::as_bytes);
        if seen.raw { printable(body) } else { without_files(body) }
    };
    let body = mask(&shown(seen.body));
    let headers: Vec<(String, String)> = seen.headers.iter().map(|(k, v)| (k.clone(), hide(k, &mask(v)))).collect();
    let response =
        (seen.received.outcome == TransportOutcome::Answer || seen.received.status != 0).then(|| RecordedResponse {
            status: seen.received.status,
            headers: seen.received.headers.iter().map(|(k, v)| (k.clone(), hide(k, &mask(v)))).collect(),
            body: mask(&shown(&seen.received.body)),
            body_bytes: seen.received.body_bytes,
        });
    let curl = curl::command(seen, &url, &headers, &body);
    Exchange {
        id: seen.id.clone(),
        case: seen.case.to_owned(),
        operation: seen.operation.to_owned(),
        started: seen.started.clone(),
        duration_ms: seen.duration_ms,
        request: RecordedRequest {
            method: seen.sent.method.clone(),
            url,
            headers,
            body,
            body_bytes: seen.body.len() as u64,
        },
        response,
        outcome: seen.received.outcome,
        transport_error: seen.received.error.clone(),
        redactions,
        curl,
    }
}

/// Characters of base64 from which a member counts as a file.
const FILE_FROM: usize = 512;

/// The body with every licence file in it replaced by its length and digest.
fn without_files(body: &[u8]) -> String {
    if body.starts_with(b"PK\x03\x04") {
        return format!("<file of {} bytes, SM3 {}>", body.len(), ecric_gm::sm3::digest_hex(body));
    }
    let mut out = String::new();
    let (mut kept, mut at) = (0, 0);
    while at < body.len() {
        let length = body[at..].iter().take_while(|byte| is_base64(**byte)).count();
        if length >= FILE_FROM {
            out.push_str(&printable(&body[kept..at]));
            let digest = ecric_gm::sm3::digest_hex(&body[at..at + length]);
            out.push_str(&format!("<file of {length} characters, SM3 {digest}>"));
            kept = at + length;
        }
        at += length.max(1);
    }
    out.push_str(&printable(&body[kept..]));
    out
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn hide(name: &str, value: &str) -> String {
    if SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) && !value.is_empty() {
        "<not recorded>".to_owned()
    } else {
        value.to_owned()
    }
}

/// Text of a body, cut at the cap; bytes that are not UTF-8 and control characters are shown as `\xNN`.
fn printable(body: &[u8]) -> String {
    let cut = &body[..body.len().min(BODY_CAP)];
    let mut out = String::with_capacity(cut.len());
    for chunk in cut.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() && !matches!(character, '\n' | '\r' | '\t') {
                out.push_str(&format!("\\x{:02x}", u32::from(character)));
            } else {
                out.push(character);
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    if body.len() > BODY_CAP {
        out.push_str(&format!("… <{} more bytes>", body.len() - BODY_CAP));
    }
    out
}
