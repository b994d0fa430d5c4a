//! Searches messages whose signature has a rare shape, for `ecric vectors generate`:
//! r or s below 2^224, so that r + n or s + n still fits 32 bytes, and a digest e of n or more.
//!
//! `cargo run --release -p ecric-vectors --example search_messages START COUNT` tries COUNT counters
//! from START; a find takes about 2^32 of them. What was found stands in
//! `vectors/src/generate/verify/found.rs`. A nonce point with x1 >= n is not searched: about one point
//! in 2^129 has one, so such vectors exist with a given digest only.

#![allow(clippy::print_stdout, reason = "a tool for people")]

use ecric_gm::craft::{Number, ORDER, Point, sign_with_nonce};
use ecric_gm::encoding::hex;
use ecric_gm::sm2::{DEFAULT_ID, SecretKey, za};

/// Seed of the published test keys.
const SEED: &[u8] = b"ecric-vectors-1";

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().unwrap_or(0));
    let (start, count) = (arguments.next().unwrap_or(0), arguments.next().unwrap_or(1 << 32));
    let (key, nonce) = (SecretKey::derive(SEED, "search key"), SecretKey::derive(SEED, "search nonce"));
    let Ok(z) = za(DEFAULT_ID, key.public_key()) else { return };
    let (d, k) = (Number::of_secret(&key), Number::of_secret(&nonce));
    let x1 = Number::reduce(&Point::generator().times(k).x());
    let Some(inverse) = Number::ONE.plus(d).inverse() else { return };
    let small = |number: Number| number.to_bytes()[..4] == [0; 4];
    for counter in start..start.saturating_add(count) {
        let message = format_message(counter);
        let mut hasher = ecric_gm::sm3::Hasher::new();
        hasher.update(&z);
        hasher.update(&message);
        let e = hasher.finish();
        let r = Number::reduce(&e).plus(x1);
        let s = inverse.times(k.plus(r)).minus(r);
        let kind = match (small(r), small(s), e >= ORDER) {
            (true, _, _) => "small r",
            (_, true, _) => "small s",
            (_, _, true) => "e >= n",
            _ => continue,
        };
        let signature = sign_with_nonce(d, &e, k).map(|raw| hex(&raw));
        println!("{kind}: counter {counter}, signature {signature:?}");
    }
}

/// `ecric` and 16 hex digits: 22 bytes, so that Z and message make one block.
fn format_message(counter: u64) -> [u8; 22] {
    let mut message = *b"ecric 0000000000000000";
    for (at, byte) in message[6..].iter_mut().enumerate() {
        let digit = (counter >> (60 - 4 * at)) & 15;
        *byte = b"0123456789abcdef"[usize::from(digit.to_be_bytes()[7])];
    }
    message
}
