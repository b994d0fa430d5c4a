//! Everything that is almost the DER form of a signature. All of it is refused.

use super::super::draft::{Draft, signature};
use super::super::numbers::{integer, sequence, tlv, tlv_as};
use super::Signed;
use super::ordinary::first;

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    let signed = first(|raw| raw[0] >= 0x80 && (1..0x80).contains(&raw[32]));
    let (r, s) = (integer(&signed.r()), integer(&signed.s()));
    let good = signed.der();
    for (flag, cases) in [
        ("der-length", lengths(&r, &s)),
        ("der-integer", integers(&r, &s)),
        ("der-trailing", trailing(&r, &s, &good)),
        ("der-tag", tags(&r, &s)),
        ("der-structure", structures(&signed, &r, &s, &good)),
    ] {
        for (comment, bytes) in cases {
            draft.invalid("sm2.v-der", &[flag], &comment, &signed.ask("der", &bytes), signature("encoding"));
        }
    }
}

type Cases = Vec<(String, Vec<u8>)>;

/// Makes a signature with these length bytes in one place.
type Make<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

fn named(cases: Vec<(&str, Vec<u8>)>) -> Cases {
    cases.into_iter().map(|(comment, bytes)| (comment.to_owned(), bytes)).collect()
}

fn byte(length: usize) -> u8 {
    length.to_be_bytes()[7]
}

fn lengths(r: &[u8], s: &[u8]) -> Cases {
    let inner = [r, s].concat();
    let whole = byte(inner.len());
    let (r_content, s_content) = (&r[2..], &s[2..]);
    let (r_length, s_length) = (byte(r_content.len()), byte(s_content.len()));
    let outer = |length: &[u8]| tlv_as(0x30, length, &inner);
    let of_r = |length: &[u8]| sequence(&[&tlv_as(2, length, r_content), s]);
    let of_s = |length: &[u8]| sequence(&[r, &tlv_as(2, length, s_content)]);
    let mut cases = named(vec![
        ("indefinite length with an end", [&outer(&[0x80])[..], &[0, 0]].concat()),
        ("indefinite length without an end", outer(&[0x80])),
        ("length ff", outer(&[0xff])),
    ]);
    let forms: [(&str, Make<'_>, u8); 3] =
        [("outer", &outer, whole), ("of r", &of_r, r_length), ("of s", &of_s, s_length)];
    for (place, make, length) in forms {
        for (comment, bytes) in [
            ("in the long form", vec![0x81, length]),
            ("in two bytes", vec![0x82, 0, length]),
            ("with three zero bytes", vec![0x84, 0, 0, 0, length]),
            ("in nine bytes", vec![0x89, 0, 0, 0, 0, 0, 0, 0, 0, length]),
            ("one too high", vec![length + 1]),
            ("one too low", vec![length - 1]),
            ("2^31 too high", vec![0x84, 0x80, 0, 0, length]),
            ("2^32 too high", vec![0x85, 1, 0, 0, 0, length]),
            ("2^64 too high", vec![0x89, 1, 0, 0, 0, 0, 0, 0, 0, length]),
            ("2^64 - 1", vec![0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ("0", vec![0]),
        ] {
            cases.push((format!("length {place} {comment}"), make(&bytes)));
        }
    }
    cases
}

fn integers(r: &[u8], s: &[u8]) -> Cases {
    let zeros = |number: &[u8], count: usize| tlv(2, &[&vec![0; count][..], &number[2..]].concat());
    named(vec![
        ("r without its leading zero: negative", sequence(&[&tlv(2, &r[3..]), s])),
        ("r with one zero byte too many", sequence(&[&zeros(r, 1), s])),
        ("s with one zero byte too many", sequence(&[r, &zeros(s, 1)])),
        ("r and s with one zero byte too many", sequence(&[&zeros(r, 1), &zeros(s, 1)])),
        ("s with 16 zero bytes too many", sequence(&[r, &zeros(s, 16)])),
        ("s with 4096 zero bytes too many", sequence(&[r, &zeros(s, 4096)])),
        ("zero byte behind the digits of s", sequence(&[r, &tlv(2, &[&s[2..], &[0]].concat())])),
        ("r empty", sequence(&[&tlv(2, &[]), s])),
        ("s empty", sequence(&[r, &tlv(2, &[])])),
        ("s with ff in front", sequence(&[r, &tlv(2, &[&[0xff], &s[2..]].concat())])),
    ])
}

fn trailing(r: &[u8], s: &[u8], good: &[u8]) -> Cases {
    named(vec![
        ("zero byte behind", [good, &[0]].concat()),
        ("NULL behind", [good, &[5, 0]].concat()),
        ("line feed behind", [good, b"\n"].concat()),
        ("a second copy behind", [good, good].concat()),
        ("1000 zero bytes behind", [good, &[0; 1000][..]].concat()),
        ("NULL as a third member", sequence(&[r, s, &[5, 0]])),
        ("INTEGER as a third member", sequence(&[r, s, &[2, 1, 1]])),
        ("r once more as a third member", sequence(&[r, s, r])),
        ("zero byte inside behind s", sequence(&[r, s, &[0]])),
        ("four members", sequence(&[r, s, r, s])),
    ])
}

fn tags(r: &[u8], s: &[u8]) -> Cases {
    let inner = [r, s].concat();
    let mut cases = named(vec![
        ("SET instead of SEQUENCE", tlv(0x31, &inner)),
        ("primitive SEQUENCE", tlv(0x10, &inner)),
        ("application tag", tlv(0x70, &inner)),
        ("context tag", tlv(0xb0, &inner)),
        ("OCTET STRING instead of SEQUENCE", tlv(4, &inner)),
        ("context tag 0 around r and s", sequence(&[&tlv(0xa0, r), &tlv(0xa1, s)])),
        ("implicit context tags", sequence(&[&tlv(0x80, &r[2..]), &tlv(0x81, &s[2..])])),
    ]);
    for (name, tag) in [
        ("BOOLEAN", 1),
        ("BIT STRING", 3),
        ("OCTET STRING", 4),
        ("NULL", 5),
        ("REAL", 9),
        ("ENUMERATED", 10),
        ("constructed INTEGER", 0x22),
        ("application INTEGER", 0x42),
    ] {
        cases.push((format!("r as {name}"), sequence(&[&tlv(tag, &r[2..]), s])));
        cases.push((format!("s as {name}"), sequence(&[r, &tlv(tag, &s[2..])])));
    }
    cases.push((
        "r with a tag in two bytes".to_owned(),
        sequence(&[&tlv_as(0x1f, &[2, byte(r.len() - 2)], &r[2..]), s]),
    ));
    cases
}

fn structures(signed: &Signed, r: &[u8], s: &[u8], good: &[u8]) -> Cases {
    let mut cases = named(vec![
        ("nothing", Vec::new()),
        ("SEQUENCE tag alone", vec![0x30]),
        ("empty SEQUENCE", vec![0x30, 0]),
        ("r alone", sequence(&[r])),
        ("two INTEGERs without SEQUENCE", [r, s].concat()),
        ("NULL", vec![5, 0]),
        ("SEQUENCE of NULLs", sequence(&[&[5, 0], &[5, 0]])),
        ("SEQUENCE in a SEQUENCE", sequence(&[good])),
        ("wrapped in an OCTET STRING", tlv(4, good)),
        ("wrapped in a BIT STRING", tlv(3, &[&[0], good].concat())),
        ("hex text", ecric_gm::encoding::hex(good).into_bytes()),
        ("base64 text", ecric_gm::encoding::b64(good).into_bytes()),
        ("r and s raw", signed.raw.to_vec()),
        ("r and s raw with 04 in front", [&[4], &signed.raw[..]].concat()),
        ("r and s as one INTEGER", sequence(&[&tlv(2, &signed.raw)])),
        ("text", b"signature".to_vec()),
        ("zero bytes", vec![0; good.len()]),
        ("SEQUENCE of 200 SEQUENCEs", (0..200).fold(Vec::new(), |inner, _| sequence(&[&inner]))),
    ]);
    for length in [2, 3, 4, 20, 35, 36, 37, 38, good.len() - 1] {
        cases.push((format!("the first {length} bytes"), good[..length].to_vec()));
    }
    cases
}
