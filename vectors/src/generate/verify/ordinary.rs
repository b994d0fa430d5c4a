//! Signatures that have to be accepted: message lengths, shapes of r and s, identifiers.

use ecric_gm::sm2::DEFAULT_ID;

use super::super::draft::Draft;
use super::super::filler;
use super::Signed;

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    for length in [0, 1, 31, 32, 55, 56, 63, 64, 119, 256, 1000, 10_000] {
        let signed = Signed::new("ordinary", &filler("message", length));
        let comment = format!("message of {length} bytes");
        draft.valid("sm2.v-ordinary", &["message-length"], &comment, &signed.ask("der", &signed.der()), &[]);
    }
    for number in 0..6 {
        let signed = Signed::new(&format!("ordinary {number}"), b"ecric");
        let comment = format!("key {number}");
        draft.valid(
            "sm2.v-ordinary",
            &["ordinary"],
            &format!("{comment}, DER"),
            &signed.ask("der", &signed.der()),
            &[],
        );
        draft.valid("sm2.v-ordinary", &["ordinary"], &format!("{comment}, raw"), &signed.ask("raw", &signed.raw), &[]);
    }
    for (comment, shape) in SHAPES {
        let signed = first(shape);
        draft.valid(
            "sm2.v-shape",
            &["integer-shape"],
            &format!("{comment}, DER"),
            &signed.ask("der", &signed.der()),
            &[],
        );
        draft.valid(
            "sm2.v-shape",
            &["integer-shape"],
            &format!("{comment}, raw"),
            &signed.ask("raw", &signed.raw),
            &[],
        );
    }
    identifiers(draft);
}

type Shape = fn(&[u8; 64]) -> bool;

const SHAPES: [(&str, Shape); 8] = [
    ("first bit of r and s set", |raw| raw[0] >= 0x80 && raw[32] >= 0x80),
    ("first bit of r set, of s not", |raw| raw[0] >= 0x80 && raw[32] < 0x80),
    ("first bit of s set, of r not", |raw| raw[0] < 0x80 && raw[32] >= 0x80),
    ("first bit of neither set", |raw| raw[0] < 0x80 && raw[32] < 0x80),
    ("r of 31 bytes", |raw| raw[0] == 0 && raw[1] < 0x80),
    ("r of 31 bytes, first bit set", |raw| raw[0] == 0 && raw[1] >= 0x80),
    ("s of 31 bytes", |raw| raw[32] == 0 && raw[33] < 0x80),
    ("s of 31 bytes, first bit set", |raw| raw[32] == 0 && raw[33] >= 0x80),
];

/// The first of the numbered messages whose signature has the shape.
pub(super) fn first(shape: Shape) -> Signed {
    let mut number = 0_u32;
    loop {
        let signed = Signed::new("shape", format!("ecric shape {number}").as_bytes());
        if shape(&signed.raw) {
            return signed;
        }
        number += 1;
    }
}

fn identifiers(draft: &mut Draft) {
    let long = filler("id", 8191);
    let ids: [(&str, &[u8]); 11] = [
        ("empty", b""),
        ("one byte", b"a"),
        ("15 bytes", b"123456781234567"),
        ("17 bytes", b"12345678123456781"),
        ("16 zero bytes", &[0; 16]),
        ("32 bytes", b"12345678123456781234567812345678"),
        ("ends in a zero byte", b"1234567812345678\0"),
        ("UTF-8", "测试机构".as_bytes()),
        ("GB18030 bytes, no UTF-8", &[0xb2, 0xe2, 0xca, 0xd4]),
        ("of TLS 1.3", b"TLSv1.3+GM+Cipher+Suite"),
        ("8191 bytes, the longest", &long),
    ];
    let message = b"identified";
    let with_default = Signed::new("identifiers", message);
    for (comment, id) in ids {
        let signed = Signed::with_id("identifiers", id, message);
        draft.valid(
            "sm2.v-id",
            &["signer-id"],
            &format!("identifier {comment}"),
            &signed.ask("der", &signed.der()),
            &[],
        );
        let refused =
            super::super::draft::Refused { reason: "SIG_SIGNER_ID", ..super::super::draft::signature("equation") };
        let ask = |signed: &Signed, id: &[u8]| signed.ask_with(&signed.public(), id, message, "der", &signed.der());
        let text = format!("signed with the identifier {comment}, verified with the default");
        draft.invalid("sm2.v-id", &["signer-id"], &text, &ask(&signed, DEFAULT_ID), refused);
        let text = format!("signed with the default, verified with the identifier {comment}");
        draft.invalid("sm2.v-id", &["signer-id"], &text, &ask(&with_default, id), refused);
    }
}
