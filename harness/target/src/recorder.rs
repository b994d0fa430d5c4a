//! Turns what happened on the wire into evidence, redacted.

use ecric_gm::commitment::{SALT, commit};
use ecric_gm::encoding::{b64, from_b64, from_hex, hex};
use ecric_model::evidence::{ANSWER, Commitment, Opening, RawExchange, Recorded, Trace, VALUE};
use ecric_model::exchange::{Exchange, RecordedRequest, RecordedResponse, TransportOutcome};

use crate::answer::Sent;
use crate::charset::Charset;
use crate::curl;
use crate::redact::Masker;
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
    /// Everything that must not be written.
    pub(crate) masker: &'a Masker,
    pub(crate) plain_signature: bool,
    /// Keeps the bodies of generated persons beside the exchange.
    pub(crate) raw: bool,
    /// Secret of the run that salts come from; never written.
    pub(crate) salt_key: &'a [u8; 32],
    /// Trace, as far as the caller knows it.
    pub(crate) trace: Trace,
    /// How the product writes texts: personal values are found in UTF-8 only.
    pub(crate) charset: Charset,
}

/// Writes one exchange, redacted, and what is kept beside it.
pub(crate) fn record(seen: &Observation<'_>) -> Recorded {
    let (mut redactions, mut found) = (0, Vec::new());
    let mut mask = |text: &str| {
        let masked = seen.masker.mask(text, seen.case);
        redactions += masked.count;
        found.extend(masked.found);
        masked.text
    };
    let query = if seen.sent.query.is_empty() { String::new() } else { format!("?{}", seen.sent.query) };
    let url = format!("{}{}{query}", seen.base, seen.sent.path);
    // In another charset the escapes of the address say values in its own bytes.
    let plain = unescaped(&url);
    let other = if seen.charset.is_utf8() { None } else { seen.charset.decode(&plain) };
    let url = match other.map(|text| (mask(&text), text)) {
        Some((masked, text)) if masked != text => masked,
        _ => mask(&url),
    };
    let shown = |body: &[u8]| {
        let text = if seen.charset.is_utf8() { None } else { seen.charset.decode(body) };
        let body = text.as_deref().map_or(body, str::as_bytes);
        without_files(body)
    };
    let body = mask(&shown(seen.body));
    let headers: Vec<(String, String)> = seen.headers.iter().map(|(k, v)| (k.clone(), hide(k, &mask(v)))).collect();
    let answered = seen.received.outcome == TransportOutcome::Answer || seen.received.status != 0;
    let response = answered.then(|| RecordedResponse {
        status: seen.received.status,
        headers: seen.received.headers.iter().map(|(k, v)| (k.clone(), hide(k, &mask(v)))).collect(),
        body: mask(&shown(&seen.received.body)),
        body_bytes: seen.received.body_bytes,
    });
    found.sort_unstable();
    found.dedup();
    let (commitments, openings) = commitments(seen, &found);
    let curl = curl::command(seen, &url, &headers, &body);
    let verbatim = response.as_ref().is_none_or(|response| is_verbatim(response, seen.received));
    let mut recorded = Recorded {
        exchange: Exchange {
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
        },
        trace: Trace { verbatim, commitments, ..seen.trace.clone() },
        raw: None,
    };
    if verbatim && !seen.raw {
        return recorded;
    }
    let answer = seen.masker.without_secrets(&seen.received.body);
    let salt = salt(seen, "answer", 0);
    if !verbatim {
        recorded.trace.answer = Some(hex(&commit(ANSWER, &salt, &answer)));
    }
    if seen.raw {
        recorded.raw = Some(RawExchange {
            id: seen.id.clone(),
            request_sm3: request_digest(seen.operation, seen.sent, seen.body),
            request: raw_request(seen),
            salt: hex(&salt),
            headers: raw_headers(seen),
            body: b64(&answer),
            openings,
        });
    }
    recorded
}

/// Bytes behind the percent escapes of an address.
fn unescaped(url: &str) -> Vec<u8> {
    let bytes = url.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| url.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

/// Takes a secret that was learned from an answer out of what was recorded before.
pub(crate) fn hide_afterwards(recorded: &mut Recorded, masker: &Masker) {
    let clean = |text: &str| masker.mask_secrets(text);
    if let Some(response) = &mut recorded.exchange.response {
        let body = clean(&response.body);
        let changed = body != response.body;
        response.body = body;
        for (_, value) in &mut response.headers {
            *value = clean(value);
        }
        recorded.trace.verbatim &= !changed;
    }
    if let Some(raw) = &mut recorded.raw {
        let body = masker.without_secrets(&from_b64(&raw.body).unwrap_or_default());
        let salt: Option<[u8; SALT]> = from_hex(&raw.salt).ok().and_then(|salt| salt.try_into().ok());
        if let Some(salt) = salt.filter(|_| !recorded.trace.verbatim) {
            recorded.trace.answer = Some(hex(&commit(ANSWER, &salt, &body)));
        }
        raw.body = b64(&body);
        for (_, value) in &mut raw.headers {
            *value = clean(value);
        }
    }
}

/// Digest by which a request is recognised when it is judged again: no nonce, time or signature in headers counts.
pub(crate) fn request_digest(operation: &str, sent: &Sent, body: &[u8]) -> String {
    let mut hasher = ecric_gm::sm3::Hasher::new();
    for part in [operation.as_bytes(), sent.method.as_bytes(), sent.path.as_bytes(), sent.query.as_bytes(), body] {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex(&hasher.finish())
}

fn raw_request(seen: &Observation<'_>) -> Option<String> {
    let body = seen.masker.without_secrets(seen.body);
    let holds_file = without_files(&body) != printable(&body);
    (!body.is_empty() && !holds_file).then(|| b64(&body))
}

fn raw_headers(seen: &Observation<'_>) -> Vec<(String, String)> {
    let clean = |value: &str| String::from_utf8_lossy(&seen.masker.without_secrets(value.as_bytes())).into_owned();
    seen.received.headers.iter().map(|(k, v)| (k.clone(), hide(k, &clean(v)))).collect()
}

/// True if the recorded answer is the answer as received: nothing masked, replaced or cut. Headers that are
/// never recorded do not count: nothing is judged by them.
fn is_verbatim(recorded: &RecordedResponse, received: &Received) -> bool {
    let headers = recorded.headers.iter().zip(&received.headers);
    recorded.body.as_bytes() == &received.body[..]
        && recorded.body_bytes == received.body.len() as u64
        && headers.into_iter().all(|(kept, (name, value))| kept.1 == *value || is_secret(name))
}

fn commitments(seen: &Observation<'_>, found: &[usize]) -> (Vec<Commitment>, Vec<Opening>) {
    let values = found.iter().filter_map(|number| seen.masker.value(*number));
    values
        .enumerate()
        .map(|(index, (value, mask))| {
            let salt = salt(seen, "value", index as u64 + 1);
            let sm3 = hex(&commit(VALUE, &salt, value.as_bytes()));
            (Commitment { mask: mask.to_owned(), sm3 }, Opening { salt: hex(&salt), value: value.to_owned() })
        })
        .unzip()
}

fn salt(seen: &Observation<'_>, purpose: &str, index: u64) -> [u8; SALT] {
    let key = ecric_gm::hmac_sm3::Key::from_bytes(seen.salt_key);
    let mac = key.mac(format!("{}\0{purpose}\0{index}", seen.id).as_bytes());
    let mut out = [0; SALT];
    out.copy_from_slice(&mac[..SALT]);
    out
}

/// Characters of base64 from which a member counts as a file.
const FILE_FROM: usize = 512;

/// The body with every licence file in it replaced by its length and digest.
fn without_files(body: &[u8]) -> String {
    if body.starts_with(b"PK\x03\x04") {
        return format!("<file of {} bytes, SM3 {}>", body.len(), ecric_gm::sm3::digest_hex(body));
    }
    let mut out = String::with_capacity(body.len().min(BODY_CAP));
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

fn is_secret(name: &str) -> bool {
    SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str())
}

fn hide(name: &str, value: &str) -> String {
    if is_secret(name) && !value.is_empty() { "<not recorded>".to_owned() } else { value.to_owned() }
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
