//! The raw form: 64 bytes, nothing else.

use super::super::draft::{Draft, signature};
use super::Signed;
use super::ordinary::first;

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    let signed = Signed::new("raw", b"raw form");
    let raw = signed.raw;
    let (r, s) = raw.split_at(32);
    let reversed = |half: &[u8]| half.iter().rev().copied().collect::<Vec<u8>>();
    let cases: [(&str, Vec<u8>); 14] = [
        ("nothing", Vec::new()),
        ("one byte", raw[..1].to_vec()),
        ("r alone", r.to_vec()),
        ("cut by one byte", raw[..63].to_vec()),
        ("first byte missing", raw[1..].to_vec()),
        ("zero byte behind", [&raw[..], &[0]].concat()),
        ("zero byte in front", [&[0], &raw[..]].concat()),
        ("04 in front", [&[4], &raw[..]].concat()),
        ("twice", [raw, raw].concat()),
        ("r and s in 33 bytes each", [&[0], r, &[0], s].concat()),
        ("recovery byte behind", [&raw[..], &[27]].concat()),
        ("hex text", ecric_gm::encoding::hex(&raw).into_bytes()),
        ("base64 text", ecric_gm::encoding::b64(&raw).into_bytes()),
        ("DER", signed.der()),
    ];
    for (comment, bytes) in cases {
        draft.invalid("sm2.v-raw", &["raw-form"], comment, &signed.ask("raw", &bytes), signature("encoding"));
    }
    for (comment, at, shape) in [
        ("r without its leading zero byte", 0, (|raw: &[u8; 64]| raw[0] == 0) as fn(&[u8; 64]) -> bool),
        ("s without its leading zero byte", 32, |raw: &[u8; 64]| raw[32] == 0),
    ] {
        let short = first(shape);
        let mut bytes = short.raw.to_vec();
        bytes.remove(at);
        draft.invalid("sm2.v-raw", &["raw-form"], comment, &short.ask("raw", &bytes), signature("encoding"));
    }
    for (comment, bytes) in [
        ("s in front of r", [s, r].concat()),
        ("both little endian", [reversed(r), reversed(s)].concat()),
        ("all little endian", reversed(&raw)),
        ("the halves interleaved", r.iter().zip(s).flat_map(|(left, right)| [*left, *right]).collect()),
    ] {
        let in_range = |half: &[u8]| super::super::numbers::Whole::new(half).is_in_range();
        let step = if in_range(&bytes[..32]) && in_range(&bytes[32..]) { "equation" } else { "range" };
        draft.invalid("sm2.v-raw", &["raw-form"], comment, &signed.ask("raw", &bytes), signature(step));
    }
}
