//! Probes: the bytes of a right request with one thing done to them that no HTTP client does.
//! Knows what it changes, never what the product has to answer.

use std::time::Duration;

/// The parts of a right request, without the headers of its framing.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// `POST /v1/… HTTP/1.1`.
    pub line: &'a str,
    /// Headers in order, `Host` first.
    pub headers: &'a [(String, String)],
    /// Body.
    pub body: &'a [u8],
}

/// Some bytes and the time to wait before they are sent.
pub type Piece = (Duration, Vec<u8>);

/// One probe.
#[derive(Clone, Copy)]
pub struct Probe {
    /// Name in features.
    pub name: &'static str,
    /// Body to sign and send instead of the request's own, where the probe needs another.
    pub body: Option<fn() -> Vec<u8>>,
    /// True if our side is closed after the last byte.
    pub finish: bool,
    write: fn(&Parts<'_>) -> Vec<u8>,
}

impl Probe {
    /// The bytes to send.
    #[must_use]
    pub fn write(&self, parts: &Parts<'_>) -> Vec<u8> {
        (self.write)(parts)
    }
}

/// The request that hides behind another one.
const HIDDEN: &[u8] = b"GET /v1/capabilities HTTP/1.1\r\nHost: ecric.invalid\r\n\r\n";
/// Length of the header that no server has to take, bytes.
const LARGE_HEADER: usize = 64 * 1024;
/// Length of the largest nonce, bytes.
const LARGE_NONCE: usize = 1 << 20;
/// Unpacked length of the compressed body, bytes.
const BOMB: usize = 8 << 20;

const fn probe(name: &'static str, write: fn(&Parts<'_>) -> Vec<u8>) -> Probe {
    Probe { name, body: None, finish: false, write }
}

/// Every probe.
pub const PROBES: &[Probe] = &[
    probe("length", |parts| with_length(parts, &length_of(parts))),
    probe("chunks", |parts| framed(parts, &[CHUNKED], &chunked(parts.body))),
    probe("length and chunks", |parts| {
        let body = [chunked(parts.body), HIDDEN.to_vec()].concat();
        framed(parts, &[("Content-Length", &body.len().to_string()), CHUNKED], &body)
    }),
    probe("chunks and length", |parts| {
        let body = [chunked(parts.body), HIDDEN.to_vec()].concat();
        framed(parts, &[CHUNKED, ("Content-Length", &body.len().to_string())], &body)
    }),
    probe("two lengths", |parts| {
        let body = [parts.body, HIDDEN].concat();
        framed(parts, &[("Content-Length", &length_of(parts)), ("Content-Length", &body.len().to_string())], &body)
    }),
    probe("list of lengths", |parts| with_length(parts, &format!("{0}, {0}1", parts.body.len()))),
    probe("signed length", |parts| with_length(parts, &format!("+{}", parts.body.len()))),
    probe("endless length", |parts| with_length(parts, "99999999999999999999999")),
    probe("unknown coding", |parts| {
        framed(parts, &[("Transfer-Encoding", "xchunked"), ("Content-Length", &length_of(parts))], parts.body)
    }),
    probe("coding behind chunks", |parts| {
        framed(parts, &[("Transfer-Encoding", "chunked, identity")], &chunked(parts.body))
    }),
    probe("space before the colon", |parts| framed(parts, &[("Content-Length ", &length_of(parts))], parts.body)),
    probe("endless chunk", |parts| {
        let body = [b"FFFFFFFFFFFFFFFFFF\r\n".as_slice(), parts.body, b"\r\n0\r\n\r\n"].concat();
        framed(parts, &[CHUNKED], &body)
    }),
    probe("application twice", |parts| twice(parts, "X-Ecric-App", "ecric-unknown-app")),
    probe("nonce twice", |parts| twice(parts, "X-Ecric-Nonce", "AAECAwQFBgcICQoLDA0ODw")),
    probe("signature twice", |parts| twice(parts, "X-Ecric-Signature", "AAECAwQFBgcICQoLDA0ODw")),
    probe("folded header", |parts| header(parts, b"X-Ecric-Filler: a\r\n folded")),
    probe("large header", |parts| header(parts, &[b"X-Ecric-Filler: ".as_slice(), &vec![b'a'; LARGE_HEADER]].concat())),
    probe("many headers", |parts| {
        let many: Vec<u8> = (0..2_000).flat_map(|n| format!("X-Ecric-{n}: a\r\n").into_bytes()).collect();
        header(parts, &many[..many.len() - 2])
    }),
    probe("NUL in a header", |parts| header(parts, b"X-Ecric-Filler: a\0b")),
    probe("nonce of 1 MB", |parts| nonce(parts, &"A".repeat(LARGE_NONCE))),
    probe("control in the nonce", |parts| nonce(parts, "AAECAwQFBgcICQoLDA0O\u{1}w")),
    Probe {
        name: "half headers",
        body: None,
        finish: true,
        write: |parts| {
            let mut bytes = with_length(parts, &length_of(parts));
            bytes.truncate(parts.line.len() + 40);
            bytes
        },
    },
    Probe {
        name: "half a body",
        body: None,
        finish: true,
        write: |parts| {
            let mut bytes = with_length(parts, &length_of(parts));
            bytes.truncate(bytes.len() - parts.body.len() / 2);
            bytes
        },
    },
    Probe {
        name: "compressed bomb",
        body: Some(bomb),
        finish: false,
        write: |parts| {
            framed(parts, &[("Content-Encoding", "gzip"), ("Content-Length", &length_of(parts))], parts.body)
        },
    },
];

/// The probe with this name.
#[must_use]
pub fn find_probe(name: &str) -> Option<&'static Probe> {
    PROBES.iter().find(|probe| probe.name == name)
}

/// The start of a right request up to the middle of its headers, then up to the middle of its body:
/// what a slow client sends.
#[must_use]
pub fn slow_starts(parts: &Parts<'_>) -> [Vec<u8>; 2] {
    let whole = with_length(parts, &length_of(parts));
    let headers = whole[..parts.line.len() + 40].to_vec();
    let body = whole[..whole.len() - parts.body.len() / 2].to_vec();
    [headers, body]
}

const CHUNKED: (&str, &str) = ("Transfer-Encoding", "chunked");

fn length_of(parts: &Parts<'_>) -> String {
    parts.body.len().to_string()
}

fn with_length(parts: &Parts<'_>, length: &str) -> Vec<u8> {
    framed(parts, &[("Content-Length", length)], parts.body)
}

fn framed(parts: &Parts<'_>, framing: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let own = parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let lines: Vec<u8> = own.chain(framing.iter().copied()).flat_map(line).collect();
    [parts.line.as_bytes(), b"\r\n", &lines, b"\r\n", body].concat()
}

fn line((name, value): (&str, &str)) -> Vec<u8> {
    format!("{name}: {value}\r\n").into_bytes()
}

/// One more header behind the others, as these bytes.
fn header(parts: &Parts<'_>, bytes: &[u8]) -> Vec<u8> {
    let own: Vec<u8> = parts.headers.iter().flat_map(|(name, value)| line((name, value))).collect();
    let length = line(("Content-Length", &length_of(parts)));
    [parts.line.as_bytes(), b"\r\n", &own, &length, bytes, b"\r\n\r\n", parts.body].concat()
}

/// A header of the request with another value behind it.
fn twice(parts: &Parts<'_>, name: &str, other: &str) -> Vec<u8> {
    header(parts, format!("{name}: {other}").as_bytes())
}

/// The request with another nonce; its signature is no longer the right one.
fn nonce(parts: &Parts<'_>, value: &str) -> Vec<u8> {
    let headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .map(|(name, old)| (name.clone(), if name == "X-Ecric-Nonce" { value.to_owned() } else { old.clone() }))
        .collect();
    with_length(&Parts { headers: &headers, ..*parts }, &length_of(parts))
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let half = body.len() / 2;
    let mut out = Vec::new();
    for piece in [&body[..half], &body[half..]].into_iter().filter(|piece| !piece.is_empty()) {
        out.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        out.extend_from_slice(piece);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

/// A gzip member of zeros, RFC 1952: one block with fixed codes whose repeats are as long as they can be.
/// Its checksum is left zero: a reader that gets there has unpacked everything already.
fn bomb() -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut push = |value: u32, length: u32| {
        bits |= value << count;
        count += length;
        while count >= 8 {
            out.push(u8::try_from(bits & 0xff).unwrap_or_default());
            bits >>= 8;
            count -= 8;
        }
    };
    push(0b011, 3); // last block, fixed codes
    push(0b0000_1100, 8); // literal 0, its code 0x30 from the other end
    for _ in 0..BOMB / 258 {
        push(0b1010_0011, 8); // length 258, code 0xc5 from the other end
        push(0, 5); // distance 1
    }
    push(0, 7); // end of block
    push(0, 7);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&u32::try_from(BOMB / 258 * 258 + 1).unwrap_or_default().to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn parts(headers: &[(String, String)]) -> Parts<'_> {
        Parts { line: "POST /v1/licences/search HTTP/1.1", headers, body: b"{\"a\":1}" }
    }

    #[test]
    fn probes_have_names_of_their_own_and_differ_from_the_right_request() {
        let headers = [("Host".to_owned(), "127.0.0.1".to_owned()), ("X-Ecric-Nonce".to_owned(), "n".to_owned())];
        let mut seen = BTreeSet::new();
        for probe in PROBES {
            assert!(seen.insert(probe.name), "{}", probe.name);
            let bytes = probe.write(&parts(&headers));
            assert!(bytes.starts_with(b"POST /v1/licences/search HTTP/1.1\r\n"), "{}", probe.name);
        }
        let right = find_probe("length").unwrap().write(&parts(&headers));
        assert!(right.ends_with(b"Content-Length: 7\r\n\r\n{\"a\":1}"));
        for probe in PROBES.iter().filter(|probe| probe.name != "length" && probe.body.is_none()) {
            assert_ne!(probe.write(&parts(&headers)), right, "{}", probe.name);
        }
    }

    #[test]
    fn the_bomb_is_small_and_well_formed() {
        let bytes = bomb();
        assert!(bytes.len() < BOMB / 100, "{}", bytes.len());
        // The fixed codes, read back: a literal, repeats, an end.
        let mut at = 80;
        let mut take = |length: u32| {
            (0..length).fold(0_u32, |value, shift| {
                let bit = u32::from(bytes[at / 8] >> (at % 8) & 1);
                at += 1;
                value | bit << shift
            })
        };
        assert_eq!((take(3), take(8)), (0b011, 0b0000_1100));
        for _ in 0..BOMB / 258 {
            assert_eq!((take(8), take(5)), (0b1010_0011, 0));
        }
        assert_eq!(take(7), 0);
    }
}
