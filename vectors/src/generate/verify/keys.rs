//! Verification under special, broken and grey public keys.

use ecric_gm::craft::{Number, Point, digest_for, join};
use ecric_gm::encoding::hex;
use ecric_gm::sm2::{DEFAULT_ID, SecretKey, sign};

use super::super::draft::{Draft, signature};
use super::super::keys::{first_key, rare_points};
use super::super::numbers::Whole;
use super::Signed;

const MESSAGE: &[u8] = b"public keys";

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    for (comment, secret) in special() {
        let raw = sign(&secret, DEFAULT_ID, MESSAGE).map_or([0; 64], |made| *made.as_raw());
        let signed = Signed { key: secret, id: DEFAULT_ID.to_vec(), message: MESSAGE.to_vec(), raw };
        draft.valid("sm2.v-key", &["key-value"], comment, &signed.ask("der", &signed.der()), &[]);
    }
    faults(draft);
    unknown_secret(draft);
    readings(draft);
}

fn special() -> Vec<(&'static str, SecretKey)> {
    let near = |value: Whole| value.to_32().and_then(|bytes| SecretKey::from_bytes(&bytes).ok());
    let fixed = [
        ("d = 1: the key is G", near(Whole::small(1))),
        ("d = 2", near(Whole::small(2))),
        ("d = n - 2", near(Whole::order().minus(&Whole::small(2)))),
    ];
    let found = [
        ("x begins with the nibble 0", (1, 0xf0, 0x00)),
        ("x begins with the nibble 4", (1, 0xf0, 0x40)),
        ("x begins with 04", (1, 0xff, 0x04)),
        ("x begins with a zero byte", (1, 0xff, 0x00)),
        ("y begins with a zero byte", (33, 0xff, 0x00)),
        ("y ends with a zero byte", (64, 0xff, 0x00)),
    ];
    let found = found.into_iter().map(|(comment, wanted)| (comment, first_key(wanted).0));
    fixed.into_iter().filter_map(|(comment, key)| Some((comment, key?))).chain(found).collect()
}

fn faults(draft: &mut Draft) {
    let signed = Signed::new("fault keys", MESSAGE);
    let good = signed.public();
    let mut off = good;
    off[64] ^= 1;
    let compressed = |parity: u8| [&[2 | parity], &good[1..33]].concat();
    let hybrid_wrong = [&[6 | (1 ^ (good[64] & 1))], &good[1..]].concat();
    let cases: [(&str, Vec<u8>); 14] = [
        ("nothing", Vec::new()),
        ("infinity as 00", vec![0]),
        ("04 and zeros", [&[4], &[0; 64][..]].concat()),
        ("04 and ff", [&[4], &[0xff; 64][..]].concat()),
        ("last bit of y flipped", off.to_vec()),
        ("x and y swapped", [&[4], &good[33..], &good[1..33]].concat()),
        ("x = p", [&[4], &ecric_gm::craft::PRIME[..], &good[33..]].concat()),
        ("zero byte behind", [&good[..], &[0]].concat()),
        ("cut by one byte", good[..64].to_vec()),
        ("begins with 05", [&[5], &good[1..]].concat()),
        ("begins with 00", [&[0], &good[1..]].concat()),
        ("compressed with the wrong parity: another key", compressed(1 ^ (good[64] & 1))),
        ("hybrid with the wrong parity", hybrid_wrong),
        ("hex text", hex(&good).into_bytes()),
    ];
    for (comment, public) in cases {
        let input = signed.ask_with(&public, DEFAULT_ID, MESSAGE, "der", &signed.der());
        draft.invalid("sm2.v-key", &["key-fault"], comment, &input, signature("key"));
    }
}

/// Keys whose private key nobody knows: the digest is made to fit.
fn unknown_secret(draft: &mut Draft) {
    let rare = rare_points();
    let p = Whole::prime();
    for (comment, point) in [
        ("x = 0", rare.zero_x),
        ("x = 0, the other y", rare.zero_x.negated()),
        ("smallest x above 0", rare.small_x),
        ("highest x", rare.high_x),
        ("x of n or just above", rare.above_order),
    ] {
        let (r, s) = (Number::small(0x1234_5678), Number::small(0x9abc_def0));
        let digest = hex(&digest_for(point, r, s));
        let public = point.to_uncompressed();
        let ask = |public: &[u8]| {
            [
                ("public_key", hex(public)),
                ("digest", digest.clone()),
                ("encoding", "raw".to_owned()),
                ("signature", hex(&join(r, s))),
            ]
        };
        draft.valid("sm2.v-key", &["key-value"], &format!("{comment}, digest that fits"), &ask(&public), &[]);
        if let Some(beyond) = Whole::new(&public[1..33]).plus(&p).to_32() {
            let other = [&[4], &beyond[..], &public[33..]].concat();
            let comment = format!("{comment}, written as x + p");
            draft.invalid("sm2.v-key", &["key-fault"], &comment, &ask(&other), signature("key"));
        }
    }
}

fn readings(draft: &mut Draft) {
    let signed = Signed::new("fault keys", MESSAGE);
    let good = signed.public();
    let parity = good[64] & 1;
    for (option, comment, public) in [
        ("key_point_compressed", "compressed key", [&[2 | parity], &good[1..33]].concat()),
        ("key_point_hybrid", "hybrid key", [&[6 | parity], &good[1..]].concat()),
        ("key_point_no_prefix", "key of 64 bytes without 04", good[1..].to_vec()),
    ] {
        let input = signed.ask_with(&public, DEFAULT_ID, MESSAGE, "der", &signed.der());
        both(draft, option, comment, &input);
    }
    let minus_g = Point::generator().negated();
    let r = Number::small(0x77);
    for (comment, s) in
        [("s = 1", Number::ONE), ("s = 66", Number::small(66)), ("s = n - 56", Number::small(56).negated())]
    {
        let input = [
            ("public_key", hex(&minus_g.to_uncompressed())),
            ("digest", hex(&digest_for(minus_g, r, s))),
            ("encoding", "raw".to_owned()),
            ("signature", hex(&join(r, s))),
        ];
        both(draft, "key_minus_g", &format!("key -G, {comment}: every s verifies"), &input);
    }
}

fn both(draft: &mut Draft, option: &str, comment: &str, input: &[(&str, String)]) {
    let comment = format!("{comment}; decided by {option}");
    draft.reading("sm2.verify", option, "refuse");
    draft.invalid("sm2.v-option", &["option"], &comment, input, signature("key"));
    draft.reading("sm2.verify", option, "accept");
    draft.valid("sm2.v-option", &["option"], &comment, input, &[]);
}
