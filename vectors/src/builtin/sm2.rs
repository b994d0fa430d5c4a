//! SM2: keys, signatures, exchange, encryption. Readings of grey zones come in as options; a lenient
//! reading rewrites the input to the strict form, so that only one reader ever judges.

use ecric_gm::craft::{Number, Point, join, key_for, sign_with_nonce};
use ecric_gm::encoding::hex;
use ecric_gm::sm2::encryption::{Ciphertext, CiphertextError, Order, decrypt, encrypt_with_nonce};
use ecric_gm::sm2::exchange::{Own, Peer, Role, agree};
use ecric_gm::sm2::{KeyError, PublicKey, SecretKey, Signature, message_digest, sign, spki, verify, verify_digest, za};
use ecric_gm::sm3::Hasher;

use super::{Input, Refusal, Reply, invalid, out};
use crate::options::Options;

pub(super) fn ask(name: &str, input: &Input<'_>, options: &Options) -> Reply {
    match name {
        "sm2.za" => out(&za(&input.repeated("unit")?, &public_key(input, "public_key")?).map_err(invalid)?),
        "sm2.message-digest" => {
            let key = public_key(input, "public_key")?;
            out(&message_digest(&input.bytes("id")?, &key, &input.bytes("message")?).map_err(invalid)?)
        }
        "sm2.za-other-curve" => za_other_curve(input),
        "sm2.public-key" => out(&secret_key(input, "d")?.public_key().to_uncompressed()),
        "sm2.parse-public-key" => match lenient_key(&input.bytes("public_key")?, options)? {
            Key::Usable(_) | Key::MinusG => Ok(None),
        },
        "sm2.parse-spki" => parse_spki(&input.bytes("spki")?, options),
        "sm2.sign-deterministic" => {
            let made = sign(&secret_key(input, "d")?, &input.bytes("id")?, &input.bytes("message")?);
            out(made.map_err(invalid)?.as_raw())
        }
        "sm2.sign-with-nonce" => sign_with(input),
        "sm2.verify" => verification(input, options),
        "sm2.exchange" => exchange(input),
        "sm2.encrypt-with-nonce" => encryption(input),
        "sm2.decrypt" => decryption(input, options),
        _ => Err(Refusal::Unsupported),
    }
}

/// A public key under the options.
enum Key {
    Usable(PublicKey),
    /// -G, accepted by option: no [`PublicKey`] holds it.
    MinusG,
}

fn public_key(input: &Input<'_>, name: &str) -> Result<PublicKey, Refusal> {
    PublicKey::from_uncompressed(&input.array(name)?).map_err(invalid)
}

fn secret_key(input: &Input<'_>, name: &str) -> Result<SecretKey, Refusal> {
    SecretKey::from_bytes(&input.array(name)?).map_err(invalid)
}

fn lenient_key(bytes: &[u8], options: &Options) -> Result<Key, Refusal> {
    let rewritten = match (bytes.first(), bytes.len()) {
        (Some(2 | 3), 33) if options.accepts("key_point_compressed") => decompress(bytes)?,
        (Some(tag @ (6 | 7)), 65) if options.accepts("key_point_hybrid") => {
            if bytes[64] & 1 != tag & 1 {
                return Err(invalid("the parity of the hybrid point is wrong"));
            }
            [&[4], &bytes[1..]].concat()
        }
        (_, 64) if options.accepts("key_point_no_prefix") => [&[4], bytes].concat(),
        _ => bytes.to_vec(),
    };
    let found = rewritten.len();
    let point: [u8; 65] = rewritten.try_into().map_err(|_| invalid(format!("public key of {found} bytes")))?;
    match PublicKey::from_uncompressed(&point) {
        Ok(key) => Ok(Key::Usable(key)),
        Err(KeyError::NegatedBasePoint) if options.accepts("key_minus_g") => Ok(Key::MinusG),
        Err(error) => Err(invalid(error)),
    }
}

fn decompress(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let point = Point::from_sec1(bytes).ok_or_else(|| invalid("no point has this x"))?;
    Ok(point.to_uncompressed().to_vec())
}

/// Bytes in front of a point of 65 bytes.
const SPKI_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x82,
    0x2d, 3, 0x42, 0,
];
/// Bytes in front of a point of 33 bytes.
const SPKI_HEAD_COMPRESSED: [u8; 26] = {
    let mut head = SPKI_HEAD;
    head[1] = 0x39;
    head[24] = 0x22;
    head
};

/// A lenient reading takes the point out of the one header that it can have.
fn parse_spki(bytes: &[u8], options: &Options) -> Reply {
    let heads = [&SPKI_HEAD, &SPKI_HEAD_COMPRESSED];
    let point = heads.into_iter().find_map(|head| bytes.strip_prefix(head)).filter(|point| point.len() > 32);
    match (spki::parse_spki(bytes), point) {
        (Ok(key), _) => out(&key.to_uncompressed()),
        (Err(_), Some(point)) if *options != Options::profile() => match lenient_key(point, options)? {
            Key::Usable(key) => out(&key.to_uncompressed()),
            Key::MinusG => out(point),
        },
        (Err(error), _) => Err(invalid(error)),
    }
}

fn za_other_curve(input: &Input<'_>) -> Reply {
    let id = input.bytes("id")?;
    let bits = u16::try_from(id.len() * 8).map_err(invalid)?;
    let mut hasher = Hasher::new();
    hasher.update(&bits.to_be_bytes());
    hasher.update(&id);
    for name in ["a", "b", "gx", "gy", "px", "py"] {
        hasher.update(&input.array::<32>(name)?);
    }
    out(&hasher.finish())
}

fn sign_with(input: &Input<'_>) -> Reply {
    let key = secret_key(input, "d")?;
    let e = message_digest(&input.bytes("id")?, key.public_key(), &input.bytes("message")?).map_err(invalid)?;
    let made = sign_with_nonce(Number::of_secret(&key), &e, Number::reduce(&input.array("k")?));
    out(&made.ok_or_else(|| invalid("the standard takes another nonce"))?)
}

fn verification(input: &Input<'_>, options: &Options) -> Reply {
    let key = lenient_key(&input.bytes("public_key")?, options)?;
    let bytes = input.bytes("signature")?;
    let signature = match input.text("encoding")? {
        "der" => Signature::from_der(&bytes).map_err(invalid)?,
        "raw" => Signature::from_raw(&input.array("signature")?).map_err(invalid)?,
        other => return Err(Refusal::Malformed(format!("encoding {other:?} is not known"))),
    };
    let verdict = match (key, input.find("digest")) {
        (Key::MinusG, Some(_)) => return verify_minus_g(&input.array("digest")?, &signature),
        (Key::MinusG, None) => return Err(Refusal::Unsupported),
        (Key::Usable(key), Some(_)) => verify_digest(&key, &input.array("digest")?, &signature),
        (Key::Usable(key), None) => verify(&key, &input.bytes("id")?, &input.bytes("message")?, &signature),
    };
    verdict.map(|()| None).map_err(invalid)
}

/// With P = -G the equation is r = e + x(sG - (r + s)G) = e + x(-rG), whatever s is.
fn verify_minus_g(digest: &[u8; 32], signature: &Signature) -> Reply {
    let raw = signature.as_raw();
    let half = |from: usize| Number::reduce(&std::array::from_fn(|at| raw[from + at]));
    let (r, s) = (half(0), half(32));
    let fits = Point::generator().times(r).x();
    let holds = !r.plus(s).is_zero() && r == Number::reduce(digest).plus(Number::reduce(&fits));
    // The key that this would be if it were usable, computed the long way round, must be -G as well.
    let point = Point::generator().times(r).negated();
    let again = key_for(point, r, s).is_some_and(|key| key == Point::generator().negated());
    if holds && again { Ok(None) } else { Err(invalid(format!("{} does not fit", hex(&join(r, s))))) }
}

fn exchange(input: &Input<'_>) -> Reply {
    let (secret, ephemeral) = (secret_key(input, "d")?, secret_key(input, "r")?);
    let (own_id, peer_id) = (input.bytes("own_id")?, input.bytes("peer_id")?);
    let (key, point) = (public_key(input, "peer_key")?, public_key(input, "peer_point")?);
    let role = match input.text("role")? {
        "initiator" => Role::Initiator,
        "responder" => Role::Responder,
        other => return Err(Refusal::Malformed(format!("role {other:?} is not known"))),
    };
    let own = Own { secret: &secret, id: &own_id, ephemeral: &ephemeral };
    let peer = Peer { key: &key, id: &peer_id, ephemeral: &point };
    let length = input.number("length")?;
    let agreed = agree(role, &own, &peer, length).map_err(invalid)?;
    out(&[&agreed.key[..], &agreed.from_responder, &agreed.from_initiator].concat())
}

fn encryption(input: &Input<'_>) -> Reply {
    let (key, nonce) = (public_key(input, "public_key")?, secret_key(input, "k")?);
    let made = encrypt_with_nonce(&key, &nonce, &input.bytes("plaintext")?).map_err(invalid)?;
    out(&match form(input)? {
        None => made.to_der(),
        Some(order) => made.to_raw(order),
    })
}

fn decryption(input: &Input<'_>, options: &Options) -> Reply {
    let key = secret_key(input, "d")?;
    let bytes = input.bytes("ciphertext")?;
    let read = match form(input)? {
        None => Ciphertext::from_der(&bytes),
        Some(order) => {
            let bytes = match bytes.first() {
                Some(2 | 3) if bytes.len() > 33 && options.accepts("ciphertext_point_compressed") => {
                    [&decompress(&bytes[..33])?[..], &bytes[33..]].concat()
                }
                Some(tag @ (6 | 7)) if bytes.len() > 65 && options.accepts("ciphertext_point_hybrid") => {
                    if bytes[64] & 1 != tag & 1 {
                        return Err(invalid("the parity of the hybrid point is wrong"));
                    }
                    [&[4], &bytes[1..]].concat()
                }
                Some(4) => bytes.clone(),
                _ if options.accepts("ciphertext_no_prefix") => [&[4], &bytes[..]].concat(),
                _ => bytes.clone(),
            };
            if options.accepts("ciphertext_empty") && bytes.len() == 97 {
                return decrypt_nothing(&key, &bytes);
            }
            Ciphertext::from_raw(&bytes, order)
        }
    };
    out(&decrypt(&key, &read.map_err(invalid)?).map_err(invalid)?)
}

/// The reading that lets an empty plaintext pass where C3 = SM3(x2 ‖ y2).
fn decrypt_nothing(key: &SecretKey, bytes: &[u8]) -> Reply {
    let refused = || invalid(CiphertextError::NotOnCurve);
    let shared = Point::from_sec1(&bytes[..65]).ok_or_else(refused)?.times(Number::of_secret(key));
    let mut hasher = Hasher::new();
    hasher.update(&shared.x());
    hasher.update(&shared.y());
    if hasher.finish()[..] == bytes[65..] { out(&[]) } else { Err(invalid("C3 does not fit")) }
}

fn form(input: &Input<'_>) -> Result<Option<Order>, Refusal> {
    match input.text("form")? {
        "der" => Ok(None),
        "c1c3c2" => Ok(Some(Order::C1C3C2)),
        "c1c2c3" => Ok(Some(Order::C1C2C3)),
        other => Err(Refusal::Malformed(format!("form {other:?} is not known"))),
    }
}
