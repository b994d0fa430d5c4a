//! Other digests, other algorithms, other messages, other keys. All of it is refused.

use ecric_gm::craft::{CURVE_A, CURVE_B, Number, Point, join};
use ecric_gm::sm2::{DEFAULT_ID, message_digest, sign_digest, za};
use ecric_gm::sm3;

use super::super::draft::{Draft, signature};
use super::super::key;
use super::Signed;

const MESSAGE: &[u8] = b"what was hashed";

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    for (comment, digest) in digests() {
        let signed = Signed::over_digest("hashed", MESSAGE, &digest);
        let input = signed.ask("der", &signed.der());
        draft.invalid("sm2.v-hash", &["what-was-hashed"], comment, &input, signature("equation"));
    }
    ecdsa(draft);
    others(draft);
}

fn digests() -> Vec<(&'static str, [u8; 32])> {
    let public = key("hashed").public_key().to_uncompressed();
    let point = &public[1..];
    let generator = Point::generator().to_uncompressed();
    let base = [&CURVE_A[..], &CURVE_B, &generator[1..]].concat();
    let id = DEFAULT_ID;
    let over = |z: &[u8]| sm3::digest(&[&sm3::digest(z)[..], MESSAGE].concat());
    let z = za(id, key("hashed").public_key()).unwrap_or_default();
    let right = sm3::digest(&[&z[..], MESSAGE].concat());
    let mut backwards = right;
    backwards.reverse();
    vec![
        ("no Z: SM3 of the message", sm3::digest(MESSAGE)),
        ("length of the identifier in bytes", over(&[&[0, 16], id, &base, point].concat())),
        ("no length of the identifier", over(&[id, &base, point].concat())),
        ("length in one byte", over(&[&[0x80], id, &base, point].concat())),
        ("length little endian", over(&[&[0x80, 0], id, &base, point].concat())),
        ("no identifier at all", over(&[&base, point].concat())),
        ("04 in front of the point", over(&[&[0, 0x80], id, &base, &public[..]].concat())),
        ("no curve parameters", over(&[&[0, 0x80], id, point].concat())),
        ("no base point", over(&[&[0, 0x80], id, &CURVE_A, &CURVE_B, point].concat())),
        ("a and b swapped", over(&[&[0, 0x80], id, &CURVE_B, &CURVE_A, &generator[1..], point].concat())),
        ("y in front of x", over(&[&[0, 0x80], id, &base, &point[32..], &point[..32]].concat())),
        ("x of the key alone", over(&[&[0, 0x80], id, &base, &point[..32]].concat())),
        ("Z behind the message", sm3::digest(&[MESSAGE, &z].concat())),
        ("SM3 of the message behind Z", sm3::digest(&[&z[..], &sm3::digest(MESSAGE)].concat())),
        ("hashed twice", sm3::digest(&right)),
        ("Z alone", z),
        ("digest little endian", backwards),
        ("hex text of Z", sm3::digest(&[ecric_gm::encoding::hex(&z).as_bytes(), MESSAGE].concat())),
    ]
}

/// ECDSA of SEC 1 over the SM2 curve with SM3.
fn ecdsa(draft: &mut Draft) {
    let signer = key("hashed");
    let (d, k) = (Number::of_secret(&signer), Number::of_secret(&key("hashed nonce")));
    let with_z = message_digest(DEFAULT_ID, signer.public_key(), MESSAGE).unwrap_or_default();
    for (comment, digest) in [("ECDSA over the message", sm3::digest(MESSAGE)), ("ECDSA with Z", with_z)] {
        let r = Number::reduce(&Point::generator().times(k).x());
        let inverse = k.inverse().unwrap_or(Number::ONE);
        let s = inverse.times(Number::reduce(&digest).plus(r.times(d)));
        let mut signed = Signed::new("hashed", MESSAGE);
        signed.raw = join(r, s);
        let input = signed.ask("der", &signed.der());
        draft.invalid("sm2.v-hash", &["other-algorithm"], comment, &input, signature("equation"));
    }
}

fn others(draft: &mut Draft) {
    let signed = Signed::new("hashed", MESSAGE);
    let mut flipped = MESSAGE.to_vec();
    flipped[0] ^= 1;
    for (comment, message) in [
        ("last byte missing", MESSAGE[..MESSAGE.len() - 1].to_vec()),
        ("nothing", Vec::new()),
        ("first bit changed", flipped),
        ("zero byte behind", [MESSAGE, &[0]].concat()),
        ("line feed behind", [MESSAGE, b"\n"].concat()),
        ("twice", [MESSAGE, MESSAGE].concat()),
        ("upper case", MESSAGE.to_ascii_uppercase()),
        ("hex text", ecric_gm::encoding::hex(MESSAGE).into_bytes()),
    ] {
        let input = signed.ask_with(&signed.public(), DEFAULT_ID, &message, "der", &signed.der());
        let comment = format!("message: {comment}");
        draft.invalid("sm2.v-hash", &["other-message"], &comment, &input, signature("equation"));
    }
    let negated = Point::of_key(signed.key.public_key()).negated().to_uncompressed();
    for (comment, public) in [
        ("another key", key("hashed, other").public_key().to_uncompressed()),
        ("the negated key", negated),
        ("the base point", Point::generator().to_uncompressed()),
    ] {
        let input = signed.ask_with(&public, DEFAULT_ID, MESSAGE, "der", &signed.der());
        draft.invalid("sm2.v-hash", &["other-key"], comment, &input, signature("equation"));
    }
    let other = key("hashed, other");
    let digest = message_digest(DEFAULT_ID, signed.key.public_key(), MESSAGE).unwrap_or_default();
    let raw = sign_digest(&other, &digest).map_or([0; 64], |made| *made.as_raw());
    let input = signed.ask_with(&other.public_key().to_uncompressed(), DEFAULT_ID, MESSAGE, "raw", &raw);
    draft.invalid(
        "sm2.v-hash",
        &["other-key"],
        "Z of another key than the one that signed",
        &input,
        signature("equation"),
    );
}
