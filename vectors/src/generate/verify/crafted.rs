//! Digests and keys made so that one check alone decides.

use ecric_gm::craft::{Number, Point, digest_for, join, key_for, sign_with_nonce};
use ecric_gm::encoding::hex;
use ecric_gm::sm2::Signature;

use super::super::draft::{Draft, signature};
use super::super::key;
use super::super::keys::rare_points;
use super::super::numbers::Whole;
use super::pair;

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    special_values(draft);
    digests(draft);
    nonce_points(draft);
    sums(draft);
    out_of_range(draft);
}

type Input = [(&'static str, String); 4];

fn ask(point: Point, digest: &[u8; 32], signature: &[u8]) -> Input {
    [
        ("public_key", hex(&point.to_uncompressed())),
        ("digest", hex(digest)),
        ("encoding", "der".to_owned()),
        ("signature", hex(signature)),
    ]
}

fn ask_raw(point: Point, digest: &[u8; 32], raw: &[u8; 64]) -> Input {
    [
        ("public_key", hex(&point.to_uncompressed())),
        ("digest", hex(digest)),
        ("encoding", "raw".to_owned()),
        ("signature", hex(raw)),
    ]
}

fn der(raw: &[u8; 64]) -> Vec<u8> {
    Signature::from_raw(raw).map(|signature| signature.to_der()).unwrap_or_default()
}

fn signer() -> (Number, Point) {
    let secret = key("crafted");
    (Number::of_secret(&secret), Point::of_key(secret.public_key()))
}

fn special_values(draft: &mut Draft) {
    let (_, public) = signer();
    let (one, two) = (Number::ONE, Number::small(2));
    let other = Number::small(0x1357_9bdf);
    for (comment, r, s) in [
        ("s = 1", other, one),
        ("s = 2", other, two),
        ("s = n - 1", other, one.negated()),
        ("r = 1", one, other),
        ("r = 2", two, other),
        ("r = n - 1", one.negated(), other),
        ("r = s = 1", one, one),
        ("r = s = n - 1", one.negated(), one.negated()),
        ("r = 1, s = n - 2: t = n - 1", one, two.negated()),
        ("t = 1", other, one.minus(other)),
        ("t = n - 1", other, one.negated().minus(other)),
    ] {
        let (digest, raw) = (digest_for(public, r, s), join(r, s));
        draft.valid("sm2.v-crafted", &["special-value"], comment, &ask(public, &digest, &der(&raw)), &[]);
        draft.valid(
            "sm2.v-crafted",
            &["special-value"],
            &format!("{comment}, raw"),
            &ask_raw(public, &digest, &raw),
            &[],
        );
    }
}

fn digests(draft: &mut Draft) {
    let (secret, public) = signer();
    let (n, one) = (Whole::order(), Whole::small(1));
    let bytes = |number: Whole| number.to_32().unwrap_or_default();
    for (comment, digest) in [
        ("e = 0", [0; 32]),
        ("e = 1", bytes(one.clone())),
        ("e = n - 1", bytes(n.minus(&one))),
        ("e = n", bytes(n.clone())),
        ("e = n + 1", bytes(n.plus(&one))),
        ("e = p", bytes(Whole::prime())),
        ("e = 2^255", bytes(Whole::new(&[&[0x80], &[0; 31][..]].concat()))),
        ("e = 2^256 - 1", [0xff; 32]),
    ] {
        let nonce = Number::of_secret(&key(&format!("crafted {comment}")));
        let raw = sign_with_nonce(secret, &digest, nonce).unwrap_or([0; 64]);
        draft.valid("sm2.v-crafted", &["digest-range"], comment, &ask(public, &digest, &der(&raw)), &[]);
        let mut other = digest;
        other[31] ^= 1;
        let comment = format!("{comment}, last bit of e changed");
        draft.invalid(
            "sm2.v-crafted",
            &["digest-range"],
            &comment,
            &ask(public, &other, &der(&raw)),
            signature("equation"),
        );
    }
}

fn nonce_points(draft: &mut Draft) {
    let rare = rare_points();
    let (r, s) = (Number::small(0x2468_ace0), Number::small(0x0fed_cba9));
    for (comment, point) in [
        ("x1 = 0", rare.zero_x),
        ("smallest x1 above 0", rare.small_x),
        ("x1 close to p", rare.high_x),
        ("x1 of n or just above", rare.above_order),
    ] {
        let Some(public) = key_for(point, r, s) else { continue };
        let raw = join(r, s);
        let digest = digest_for(public, r, s);
        draft.valid("sm2.v-crafted", &["x1-range"], comment, &ask(public, &digest, &der(&raw)), &[]);
        let mut other = digest;
        other[31] ^= 1;
        let comment = format!("{comment}, last bit of e changed");
        draft.invalid(
            "sm2.v-crafted",
            &["x1-range"],
            &comment,
            &ask(public, &other, &der(&raw)),
            signature("equation"),
        );
    }
}

fn sums(draft: &mut Draft) {
    let (s, t) = (Number::small(0x1111_2222), Number::small(0x3333_4444));
    let r = t.minus(s);
    let quotient = s.times(t.inverse().unwrap_or(Number::ONE));
    let doubled = Point::generator().times(quotient);
    let (raw, digest) = (join(r, s), digest_for(doubled, r, s));
    draft.valid("sm2.v-crafted", &["doubling"], "sG = tP", &ask(doubled, &digest, &der(&raw)), &[]);
    let mut other = digest;
    other[0] ^= 1;
    draft.invalid(
        "sm2.v-crafted",
        &["doubling"],
        "sG = tP, e changed",
        &ask(doubled, &other, &der(&raw)),
        signature("equation"),
    );
    let opposite = doubled.negated();
    for (comment, digest) in [("e = r", r.to_bytes()), ("e = 0", [0; 32])] {
        let comment = format!("sG = -tP: the sum is infinity, {comment}");
        draft.invalid(
            "sm2.v-crafted",
            &["infinity"],
            &comment,
            &ask(opposite, &digest, &der(&raw)),
            signature("equation"),
        );
    }
    let (_, public) = signer();
    let s = r.negated();
    let digest = r.minus(Number::reduce(&Point::generator().times(s).x())).to_bytes();
    let raw = join(r, s);
    draft.invalid(
        "sm2.v-crafted",
        &["t-zero"],
        "r + s = n, r = e + x(sG)",
        &ask(public, &digest, &der(&raw)),
        signature("equation"),
    );
    draft.invalid(
        "sm2.v-crafted",
        &["t-zero"],
        "r + s = n, e = r",
        &ask(public, &r.to_bytes(), &der(&raw)),
        signature("equation"),
    );
}

/// The equation holds modulo n; only the range check refuses.
fn out_of_range(draft: &mut Draft) {
    let (_, public) = signer();
    let n = Whole::order();
    let other = Number::small(0x0102_0304);
    let small = |value: u64| (Number::small(value), Whole::small(value));
    let whole = |number: Number| Whole::new(&number.to_bytes());
    for value in [0, 1, 2, 7, 0xffff_ffff] {
        let (number, plain) = small(value);
        let written = n.plus(&plain);
        let as_r = (number, other, written.clone(), whole(other), "r");
        let as_s = (other, number, whole(other), written, "s");
        for (r, s, r_written, s_written, name) in [as_r, as_s] {
            let digest = digest_for(public, r, s);
            let comment = format!("{name} = n + {value}, equation holds");
            let input = ask(public, &digest, &pair(&r_written, &s_written));
            draft.invalid("sm2.v-crafted", &["value-range"], &comment, &input, signature("range"));
            let halves = r_written.to_32().zip(s_written.to_32());
            if let Some((left, right)) = halves {
                let raw = std::array::from_fn(|at| if at < 32 { left[at] } else { right[at - 32] });
                let comment = format!("{comment}, raw");
                draft.invalid(
                    "sm2.v-crafted",
                    &["value-range"],
                    &comment,
                    &ask_raw(public, &digest, &raw),
                    signature("range"),
                );
            }
        }
    }
    for (comment, r, s) in
        [("r = 0, equation holds", Number::ZERO, other), ("s = 0, equation holds", other, Number::ZERO)]
    {
        let digest = digest_for(public, r, s);
        let input = ask(public, &digest, &pair(&whole(r), &whole(s)));
        draft.invalid("sm2.v-crafted", &["value-range"], comment, &input, signature("range"));
        let comment = format!("{comment}, raw");
        draft.invalid(
            "sm2.v-crafted",
            &["value-range"],
            &comment,
            &ask_raw(public, &digest, &join(r, s)),
            signature("range"),
        );
    }
}
