//! SM2 encryption: all forms, lengths, and every way to break a ciphertext.

use ecric_gm::craft::{Number, PRIME, Point};
use ecric_gm::encoding::hex;
use ecric_gm::sm2::SecretKey;
use ecric_gm::sm2::encryption::{Ciphertext, Order, encrypt_with_nonce};
use ecric_gm::sm3::Hasher;

use super::draft::{Draft, Members, cipher};
use super::keys::{first_key, rare_points};
use super::numbers::{Whole, integer, sequence, tlv, tlv_as};
use super::{filler, key};

/// Text of the ciphertexts that are broken, 20 bytes.
const TEXT: &[u8] = b"ecric test plaintext";

/// `crypto/sm2-encryption`.
pub(super) fn file() -> Draft {
    let mut draft = Draft::new(
        "crypto/sm2-encryption",
        ["SM2 encryption: forms, lengths and broken ciphertexts", "SM2 加密：形式、长度与被破坏的密文"],
        ["GB/T 32918.4-2016; GB/T 35276-2017", "2016; 2017", "6.1, 7.1; SM2Cipher"],
    );
    draft.note("encryption", "Ordinary ciphertext; refusing it is an interoperability defect.");
    draft.note("plaintext-length", "Plaintext at a border of the blocks of the derivation.");
    draft.note("coordinate-shape", "C1 or the shared point with leading zero bytes; losing them gives another key.");
    draft.note("tampered", "A byte of C1, C2 or C3 changed: nothing may come out.");
    draft.note("order", "C1C3C2 read as C1C2C3 or the other way round.");
    draft
        .note("c1-point", "C1 that is no point of the curve: using it opens invalid-curve attacks on the private key.");
    draft.note("c1-form", "C1 that is not 04, x, y.");
    draft.note("cut", "Ciphertext that was cut.");
    draft.note("cipher-der", "Not strict DER: one text gets two ciphertexts.");
    draft.note("wrong-key", "Ciphertext for somebody else.");
    draft.note("option", "Grey zone: one vector for each reading of the option that the group names.");
    lengths(&mut draft);
    shapes(&mut draft);
    raw_faults(&mut draft);
    der_faults(&mut draft);
    readings(&mut draft);
    draft
}

const FORMS: [&str; 3] = ["der", "c1c3c2", "c1c2c3"];

fn receiver() -> SecretKey {
    key("receiver")
}

fn nonce() -> SecretKey {
    key("encryption nonce")
}

fn sealed(plain: &[u8]) -> Option<Ciphertext> {
    encrypt_with_nonce(receiver().public_key(), &nonce(), plain).ok()
}

fn in_form(made: &Ciphertext, form: &str) -> Vec<u8> {
    match form {
        "der" => made.to_der(),
        "c1c3c2" => made.to_raw(Order::C1C3C2),
        _ => made.to_raw(Order::C1C2C3),
    }
}

fn question(secret: &SecretKey, ciphertext: &[u8], form: &str) -> Vec<(&'static str, String)> {
    vec![("d", hex(&*secret.to_bytes())), ("ciphertext", hex(ciphertext)), ("form", form.to_owned())]
}

/// One text in every form, encrypted and decrypted.
fn both_ways(draft: &mut Draft, flag: &str, comment: &str, secret: &SecretKey, nonce: &SecretKey, plain: &[u8]) {
    let Ok(made) = encrypt_with_nonce(secret.public_key(), nonce, plain) else { return };
    for form in FORMS {
        let bytes = in_form(&made, form);
        let comment = format!("{comment}, {form}");
        draft.group("sm2.decrypt");
        let output = [("plaintext", hex(plain))];
        draft.valid("sm2.decrypt", &[flag], &comment, &question(secret, &bytes, form), &output);
        let input = [
            ("public_key", hex(&secret.public_key().to_uncompressed())),
            ("k", hex(&*nonce.to_bytes())),
            ("plaintext", hex(plain)),
            ("form", form.to_owned()),
        ];
        draft.group("sm2.encrypt-with-nonce");
        draft.valid("sm2.encrypt", &[flag], &comment, &input, &[("ciphertext", hex(&bytes))]);
    }
}

fn lengths(draft: &mut Draft) {
    both_ways(draft, "encryption", "20 bytes", &receiver(), &nonce(), TEXT);
    for length in [1, 31, 32, 33, 64, 127, 128, 1000] {
        let (plain, comment) = (filler("plaintext", length), format!("{length} bytes"));
        both_ways(draft, "plaintext-length", &comment, &receiver(), &nonce(), &plain);
    }
}

fn shapes(draft: &mut Draft) {
    for (comment, place) in [("x of C1 begins with a zero byte", 1), ("y of C1 begins with a zero byte", 33)] {
        let (nonce, _) = first_key((place, 0xff, 0));
        both_ways(draft, "coordinate-shape", comment, &receiver(), &nonce, TEXT);
    }
    for (comment, place) in [("x2 begins with a zero byte", 0_usize), ("y2 begins with a zero byte", 32)] {
        let secret = Number::of_secret(&receiver());
        let fits = |nonce: &SecretKey| {
            let shared = Point::of_key(nonce.public_key()).times(secret).to_uncompressed();
            shared[1 + place] == 0
        };
        let mut nonces = (0_u32..).map(|number| key(&format!("shared {number}")));
        if let Some(nonce) = nonces.find(fits) {
            both_ways(draft, "coordinate-shape", comment, &receiver(), &nonce, TEXT);
        }
    }
}

fn raw_faults(draft: &mut Draft) {
    let Some(made) = sealed(TEXT) else { return };
    draft.group("sm2.decrypt");
    for form in ["c1c3c2", "c1c2c3"] {
        let good = in_form(&made, form);
        let flipped = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            bytes
        };
        let mut refuse = |flag: &str, comment: &str, bytes: &[u8], step: &'static str| {
            let input = question(&receiver(), bytes, form);
            draft.invalid("sm2.decrypt-fault", &[flag], &format!("{comment}, {form}"), &input, cipher(step));
        };
        refuse("tampered", "first byte behind C1 changed", &flipped(65), "hash");
        refuse("tampered", "last byte changed", &flipped(good.len() - 1), "hash");
        refuse("tampered", "a byte in the middle changed", &flipped(90), "hash");
        refuse("c1-point", "y of C1 changed", &flipped(64), "key");
        refuse("c1-point", "x of C1 changed", &flipped(32), "key");
        let with_point = |point: &[u8]| [point, &good[65..]].concat();
        refuse("c1-point", "C1 of zeros", &with_point(&[&[4], &[0; 64][..]].concat()), "key");
        refuse("c1-point", "x of C1 is p", &with_point(&[&[4], &PRIME[..], &good[33..65]].concat()), "key");
        refuse("c1-point", "C1 of ff", &with_point(&[&[4], &[0xff; 64][..]].concat()), "key");
        let zero = rare_points().zero_x.to_uncompressed();
        refuse(
            "c1-point",
            "x of C1 is p for the point with x = 0",
            &with_point(&[&[4], &PRIME[..], &zero[33..]].concat()),
            "key",
        );
        refuse(
            "tampered",
            "-C1 instead of C1",
            &with_point(&Point::of_key(nonce().public_key()).negated().to_uncompressed()),
            "hash",
        );
        refuse("tampered", "another point as C1", &with_point(&key("other").public_key().to_uncompressed()), "hash");
        refuse("c1-form", "C1 as infinity", &with_point(&[0]), "encoding");
        refuse("c1-form", "C1 begins with 05", &with_point(&[&[5], &good[1..65]].concat()), "encoding");
        for length in [0, 1, 64, 65, 96] {
            refuse("cut", &format!("the first {length} bytes"), &good[..length], "encoding");
        }
        refuse("cut", "last byte missing", &good[..good.len() - 1], "hash");
        refuse("tampered", "zero byte behind", &[&good[..], &[0]].concat(), "hash");
        let other = in_form(&made, if form == "c1c3c2" { "c1c2c3" } else { "c1c3c2" });
        refuse("order", "the other order", &other, "hash");
    }
    for form in FORMS {
        let input = question(&key("somebody else"), &in_form(&made, form), form);
        draft.invalid("sm2.decrypt-fault", &["wrong-key"], &format!("another key, {form}"), &input, cipher("hash"));
    }
}

fn der_faults(draft: &mut Draft) {
    let Some(made) = sealed(TEXT) else { return };
    let raw = made.to_raw(Order::C1C3C2);
    let (x, y) = (Whole::new(&raw[1..33]), Whole::new(&raw[33..65]));
    let (c3, c2) = (tlv(4, &raw[65..97]), tlv(4, &raw[97..]));
    let (dx, dy) = (integer(&x), integer(&y));
    let good = made.to_der();
    let inner = [&dx[..], &dy, &c3, &c2].concat();
    let p = Whole::prime();
    let padded = |number: &[u8]| tlv(2, &[&[0], &number[2..]].concat());
    let refused: [(&str, Vec<u8>); 22] = [
        ("zero byte behind", [&good[..], &[0]].concat()),
        ("a second copy behind", [&good[..], &good].concat()),
        ("length in three bytes", tlv_as(0x30, &[0x82, 0, inner.len().to_be_bytes()[7]], &inner)),
        ("length indefinite", [&tlv_as(0x30, &[0x80], &inner)[..], &[0, 0]].concat()),
        ("length of C3 in the long form", sequence(&[&dx, &dy, &tlv_as(4, &[0x81, 32], &raw[65..97]), &c2])),
        ("length of C2 in the long form", sequence(&[&dx, &dy, &c3, &tlv_as(4, &[0x81, 20], &raw[97..])])),
        ("x padded", sequence(&[&padded(&dx), &dy, &c3, &c2])),
        ("y padded", sequence(&[&dx, &padded(&dy), &c3, &c2])),
        ("x negative", sequence(&[&integer(&x.clone().negated()), &dy, &c3, &c2])),
        ("x + p", sequence(&[&integer(&x.plus(&p)), &dy, &c3, &c2])),
        ("y + p", sequence(&[&dx, &integer(&y.plus(&p)), &c3, &c2])),
        ("C3 of 31 bytes", sequence(&[&dx, &dy, &tlv(4, &raw[65..96]), &c2])),
        ("C3 of 33 bytes", sequence(&[&dx, &dy, &tlv(4, &[&raw[65..97], &[0]].concat()), &c2])),
        ("C3 empty", sequence(&[&dx, &dy, &tlv(4, &[]), &c2])),
        ("C3 and C2 swapped", sequence(&[&dx, &dy, &c2, &c3])),
        ("C2 missing", sequence(&[&dx, &dy, &c3])),
        ("NULL behind C2", sequence(&[&dx, &dy, &c3, &c2, &[5, 0]])),
        ("SET instead of SEQUENCE", tlv(0x31, &inner)),
        ("BIT STRING for C3", sequence(&[&dx, &dy, &tlv(3, &[&[0], &raw[65..97]].concat()), &c2])),
        (
            "C2 constructed of two parts",
            sequence(&[&dx, &dy, &c3, &tlv(0x24, &[tlv(4, &raw[97..107]), tlv(4, &raw[107..])].concat())]),
        ),
        ("cut by one byte", good[..good.len() - 1].to_vec()),
        ("the raw form", raw.clone()),
    ];
    draft.group("sm2.decrypt");
    for (comment, bytes) in refused {
        let input = question(&receiver(), &bytes, "der");
        draft.invalid("sm2.decrypt-der", &["cipher-der"], comment, &input, cipher("encoding"));
    }
    let mut tampered = |comment: &str, bytes: Vec<u8>| {
        draft.invalid("sm2.decrypt-der", &["tampered"], comment, &question(&receiver(), &bytes, "der"), cipher("hash"));
    };
    let flipped = |bytes: &[u8]| tlv(4, &[&bytes[..bytes.len() - 1], &[bytes[bytes.len() - 1] ^ 1]].concat());
    tampered("C3 changed", sequence(&[&dx, &dy, &flipped(&raw[65..97]), &c2]));
    tampered("C2 changed", sequence(&[&dx, &dy, &c3, &flipped(&raw[97..])]));
    tampered("C2 shorter", sequence(&[&dx, &dy, &c3, &tlv(4, &raw[97..110])]));
    let off = sequence(&[&dx, &integer(&y.plus(&Whole::small(1))), &c3, &c2]);
    draft.invalid(
        "sm2.decrypt-der",
        &["c1-point"],
        "C1 off the curve",
        &question(&receiver(), &off, "der"),
        cipher("key"),
    );
}

fn readings(draft: &mut Draft) {
    let Some(made) = sealed(TEXT) else { return };
    let good = made.to_raw(Order::C1C3C2);
    let plain: Members<'_> = &[("plaintext", hex(TEXT))];
    let compressed = [&[2 | (good[64] & 1)], &good[1..33], &good[65..]].concat();
    let hybrid = [&[6 | (good[64] & 1)], &good[1..]].concat();
    let shared = Point::of_key(nonce().public_key()).times(Number::of_secret(&receiver()));
    let mut hasher = Hasher::new();
    hasher.update(&shared.x());
    hasher.update(&shared.y());
    let nothing = [&good[..65], &hasher.finish()].concat();
    let empty: Members<'_> = &[("plaintext", String::new())];
    for (option, comment, bytes, output) in [
        ("ciphertext_point_compressed", "C1 compressed", compressed, plain),
        ("ciphertext_point_hybrid", "C1 hybrid", hybrid, plain),
        ("ciphertext_no_prefix", "C1 without 04", good[1..].to_vec(), plain),
        ("ciphertext_empty", "ciphertext of nothing, C3 fits", nothing, empty),
    ] {
        let input = question(&receiver(), &bytes, "c1c3c2");
        let comment = format!("{comment}; decided by {option}");
        draft.reading("sm2.decrypt", option, "refuse");
        draft.invalid("sm2.decrypt-option", &["option"], &comment, &input, cipher("encoding"));
        draft.reading("sm2.decrypt", option, "accept");
        draft.valid("sm2.decrypt-option", &["option"], &comment, &input, output);
    }
}
