//! The string to sign of binding v1, section 3.

use std::fmt::Write as _;

/// Lowercase-hex SM3 of the body and everything before it, joined by LF, no LF at the end.
#[must_use]
pub fn string_to_sign(
    method: &str,
    path: &str,
    query: &str,
    app: &str,
    timestamp: &str,
    nonce: &str,
    body: &[u8],
) -> String {
    let digest = ecric_gm::sm3::digest_hex(body);
    [method, path, &canonical_query(query), app, timestamp, nonce, &digest].join("\n")
}

/// Splits at `&`, percent-decodes, sorts by key then value (bytes), re-encodes with the RFC 3986
/// unreserved characters. A piece without `=` gets one; empty pieces are kept; `+` is literal (ruling A12).
#[must_use]
pub fn canonical_query(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .map(|piece| {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            (percent_decode(key), percent_decode(value))
        })
        .collect();
    pairs.sort();
    let pieces: Vec<String> =
        pairs.iter().map(|(k, v)| format!("{}={}", percent_encode(k), percent_encode(v))).collect();
    pieces.join("&")
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let decoded = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
            .flatten();
        if let Some(byte) = decoded {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

fn percent_encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_query_follows_the_rulings() {
        for (given, want) in [
            ("", ""),
            ("a", "a="),
            ("b=2&a=1", "a=1&b=2"),
            ("a=2&a=1", "a=1&a=2"),
            ("a=%7e", "a=~"),
            ("a=+", "a=%2B"),
            ("&&", "=&=&="),
            ("k=%E4%BD%A0", "k=%E4%BD%A0"),
        ] {
            assert_eq!(canonical_query(given), want, "{given}");
        }
    }

    #[test]
    fn worked_example_of_binding_v1() {
        let vector: serde_json::Value =
            serde_yaml::from_str(include_str!("../../../vectors/data/signing/hmac-sm3.yaml")).unwrap();
        let item = &vector["groups"][0]["items"][0];
        let text = |name: &str| item["input"][name].as_str().or(item["output"][name].as_str()).unwrap().to_owned();
        let s = string_to_sign(
            &text("method"),
            &text("path"),
            &text("query"),
            &text("app"),
            &text("timestamp"),
            &text("nonce"),
            text("body").as_bytes(),
        );
        assert_eq!(s.lines().last().unwrap(), text("body_sm3"));
        let key = ecric_gm::hmac_sm3::Key::from_hex(&text("key")).unwrap();
        assert_eq!(ecric_gm::encoding::b64url(&key.mac(s.as_bytes())), text("hmac"));
    }
}
