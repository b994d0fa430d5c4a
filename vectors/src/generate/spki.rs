//! `SubjectPublicKeyInfo`: the one form and every neighbour of it.

use ecric_gm::craft::{CURVE_A, CURVE_B, ORDER, PRIME, Point};
use ecric_gm::encoding::hex;
use ecric_gm::sm2::spki::write_spki;

use super::draft::{Draft, signature};
use super::key;
use super::keys::first_key;
use super::numbers::{Whole, integer, sequence, tlv, tlv_as};

const EC_PUBLIC_KEY: [u8; 9] = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const SM2_CURVE: [u8; 10] = [6, 8, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x82, 0x2d];
const SM2_SIGN: [u8; 11] = [6, 9, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x82, 0x2d, 1];
const P256: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const RSA: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const NULL: [u8; 2] = [5, 0];

/// `crypto/sm2-spki`.
pub(super) fn file() -> Draft {
    let mut draft = Draft::new(
        "crypto/sm2-spki",
        ["SubjectPublicKeyInfo of SM2 keys", "SM2 公钥的 SubjectPublicKeyInfo"],
        ["GB/T 20518-2018; GB/T 35276-2017; RFC 5480", "2018; 2017; 2009", "subjectPublicKeyInfo; strict DER"],
    );
    draft.note("spki", "The one form: id-ecPublicKey, named curve, uncompressed point, 91 bytes.");
    draft.note("spki-algorithm", "Another algorithm identifier: the key would serve another algorithm.");
    draft.note(
        "spki-parameters",
        "Parameters other than the name of the SM2 curve, explicit ones included (CVE-2020-0601 is of this kind).",
    );
    draft.note("spki-der", "Not strict DER: one key gets two forms, and hashes of keys differ.");
    draft.note("option", "Grey zone: one vector for each reading of the option that the group names.");
    draft.note("spki-point", "The point inside is refused by itself.");
    let good = key("spki").public_key().to_uncompressed();
    draft.group("sm2.parse-spki");
    for (comment, made) in [
        ("ordinary key", key("spki")),
        ("x begins with a zero byte", first_key((1, 0xff, 0)).0),
        ("y begins with a zero byte", first_key((33, 0xff, 0)).0),
        ("x begins with 04", first_key((1, 0xff, 4)).0),
    ] {
        let (spki, point) = (write_spki(made.public_key()), made.public_key().to_uncompressed());
        draft.valid("sm2.spki", &["spki"], comment, &[("spki", hex(&spki))], &[("public_key", hex(&point))]);
    }
    let mut refuse = |flag: &str, comment: &str, bytes: &[u8]| {
        draft.invalid("sm2.spki-fault", &[flag], comment, &[("spki", hex(bytes))], signature("key"));
    };
    let algorithms: [(&str, &str, Vec<u8>); 12] = [
        ("spki-algorithm", "SM2 curve OID alone as algorithm", SM2_CURVE.to_vec()),
        ("spki-algorithm", "SM2 curve OID as algorithm, NULL parameters", [&SM2_CURVE[..], &NULL].concat()),
        ("spki-algorithm", "SM2 signature OID 301.1 as algorithm", [&SM2_SIGN[..], &SM2_CURVE].concat()),
        ("spki-algorithm", "curve and algorithm swapped", [&SM2_CURVE[..], &EC_PUBLIC_KEY].concat()),
        ("spki-algorithm", "rsaEncryption", [&RSA[..], &NULL].concat()),
        ("spki-algorithm", "empty algorithm identifier", Vec::new()),
        ("spki-parameters", "parameters missing", EC_PUBLIC_KEY.to_vec()),
        ("spki-parameters", "parameters NULL", [&EC_PUBLIC_KEY[..], &NULL].concat()),
        ("spki-parameters", "curve P-256", [&EC_PUBLIC_KEY[..], &P256].concat()),
        ("spki-parameters", "curve 301.1", [&EC_PUBLIC_KEY[..], &SM2_SIGN].concat()),
        ("spki-parameters", "curve named twice", [&EC_PUBLIC_KEY[..], &SM2_CURVE, &SM2_CURVE].concat()),
        (
            "spki-parameters",
            "explicit parameters of the right curve",
            [&EC_PUBLIC_KEY[..], &explicit(&generator())].concat(),
        ),
    ];
    for (flag, comment, algorithm) in algorithms {
        refuse(flag, comment, &spki(&algorithm, &good));
    }
    let other_base = key("another base point").public_key().to_uncompressed();
    let named = [&EC_PUBLIC_KEY[..], &SM2_CURVE].concat();
    let forged = [&EC_PUBLIC_KEY[..], &explicit(&other_base)].concat();
    refuse("spki-parameters", "explicit parameters with another base point", &spki(&forged, &good));
    let whole = spki(&named, &good);
    let bits = [&[0], &good[..]].concat();
    let inner = [tlv(0x30, &named), tlv(3, &bits)].concat();
    let faults: [(&str, Vec<u8>); 16] = [
        ("zero byte behind", [&whole[..], &[0]].concat()),
        ("a second copy behind", [&whole[..], &whole].concat()),
        ("outer length in the long form", tlv_as(0x30, &[0x81, 89], &inner)),
        ("outer length indefinite", [&tlv_as(0x30, &[0x80], &inner)[..], &[0, 0]].concat()),
        ("outer length one too high", tlv_as(0x30, &[90], &inner)),
        ("outer length one too low", tlv_as(0x30, &[88], &inner)),
        ("SET instead of SEQUENCE", tlv(0x31, &inner)),
        ("length of the algorithm in the long form", sequence(&[&tlv_as(0x30, &[0x81, 19], &named), &tlv(3, &bits)])),
        ("length of the key in the long form", sequence(&[&tlv(0x30, &named), &tlv_as(3, &[0x81, 66], &bits)])),
        ("OCTET STRING instead of BIT STRING", sequence(&[&tlv(0x30, &named), &tlv(4, &bits)])),
        ("constructed BIT STRING", sequence(&[&tlv(0x30, &named), &tlv(0x23, &tlv(3, &bits))])),
        ("one unused bit", sequence(&[&tlv(0x30, &named), &tlv(3, &[&[1], &good[..]].concat())])),
        ("BIT STRING without the byte of unused bits", sequence(&[&tlv(0x30, &named), &tlv(3, &good)])),
        ("empty BIT STRING", sequence(&[&tlv(0x30, &named), &tlv(3, &[])])),
        ("NULL behind the key", sequence(&[&tlv(0x30, &named), &tlv(3, &bits), &NULL])),
        ("key missing", sequence(&[&tlv(0x30, &named)])),
    ];
    for (comment, bytes) in faults {
        refuse("spki-der", comment, &bytes);
    }
    refuse("spki-der", "nothing", &[]);
    refuse("spki-der", "cut by one byte", &whole[..90]);
    refuse("spki-der", "the bare point", &good);
    refuse(
        "spki-der",
        "OID of the curve with a padded arc",
        &spki(&[&EC_PUBLIC_KEY[..], &[6, 9, 0x2a, 0x80, 0x81, 0x1c, 0xcf, 0x55, 1, 0x82, 0x2d]].concat(), &good),
    );
    let compressed = [&[2 | (good[64] & 1)], &good[1..33]].concat();
    let hybrid = [&[6 | (good[64] & 1)], &good[1..]].concat();
    let mut off = good;
    off[64] ^= 1;
    for (comment, point) in
        [("point without 04", &good[1..]), ("infinity", &[0]), ("point off the curve", &off), ("no point at all", &[])]
    {
        refuse("spki-point", comment, &spki(&named, point));
    }
    let minus_g = Point::generator().negated().to_uncompressed();
    for (option, comment, point, whole) in [
        ("key_point_compressed", "compressed point", &compressed[..], good),
        ("key_point_hybrid", "hybrid point", &hybrid, good),
        ("key_minus_g", "-G", &minus_g, minus_g),
    ] {
        let (input, comment) = ([("spki", hex(&spki(&named, point)))], format!("{comment}; decided by {option}"));
        draft.reading("sm2.parse-spki", option, "refuse");
        draft.invalid("sm2.spki-option", &["option"], &comment, &input, signature("key"));
        draft.reading("sm2.parse-spki", option, "accept");
        draft.valid("sm2.spki-option", &["option"], &comment, &input, &[("public_key", hex(&whole))]);
    }
    draft
}

fn spki(algorithm: &[u8], point: &[u8]) -> Vec<u8> {
    sequence(&[&tlv(0x30, algorithm), &tlv(3, &[&[0], point].concat())])
}

fn generator() -> [u8; 65] {
    Point::generator().to_uncompressed()
}

/// `ECParameters` of RFC 3279 for the SM2 curve and a base point.
fn explicit(base: &[u8; 65]) -> Vec<u8> {
    let prime_field = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 1, 1];
    sequence(&[
        &integer(&Whole::small(1)),
        &sequence(&[&prime_field, &integer(&Whole::new(&PRIME))]),
        &sequence(&[&tlv(4, &CURVE_A), &tlv(4, &CURVE_B)]),
        &tlv(4, base),
        &integer(&Whole::new(&ORDER)),
        &integer(&Whole::small(1)),
    ])
}
