//! Private keys at the ends of their range and public keys in every form, right and wrong.

use ecric_gm::craft::{CURVE_A, CURVE_B, Number, ORDER, PRIME, Point};
use ecric_gm::encoding::hex;
use ecric_gm::sm2::SecretKey;

use super::draft::{Draft, signature};
use super::key;
use super::numbers::Whole;

/// `crypto/sm2-public-key`.
pub(super) fn file() -> Draft {
    let mut draft = Draft::new(
        "crypto/sm2-public-key",
        ["SM2 keys: ranges and forms", "SM2 密钥：取值范围与编码形式"],
        ["GB/T 32918.1-2016; GB/T 35276-2017", "2016; 2017", "6.1, 6.2 (key pair, validation); public key form"],
    );
    draft.note("secret-range", "Private key at an end of [1, n-2].");
    draft.note("key-value", "Public key with a special value; refusing it is an interoperability defect.");
    draft.note("key-form", "Public key in a form that does not exist, or of another length.");
    draft.note("key-range", "A coordinate that is not below p: accepting it gives one key two forms.");
    draft.note("not-on-curve", "A point off the curve: accepting it opens invalid-curve attacks.");
    draft.note("option", "Grey zone: one vector for each reading of the option that the group names.");
    secrets(&mut draft);
    let rare = rare_points();
    draft.group("sm2.parse-public-key");
    for (comment, point) in values(&rare) {
        let input = [("public_key", hex(&point.to_uncompressed()))];
        draft.valid("sm2.key-value", &["key-value"], &comment, &input, &[]);
    }
    faults(&mut draft, &rare);
    readings(&mut draft);
    draft
}

fn secrets(draft: &mut Draft) {
    draft.group("sm2.public-key");
    let n = Whole::order();
    let below = |distance: u64| n.minus(&Whole::small(distance)).to_32().unwrap_or_default();
    let above = |distance: u64| n.plus(&Whole::small(distance)).to_32().unwrap_or_default();
    let small = |value: u64| Whole::small(value).to_32().unwrap_or_default();
    for (comment, d) in [
        ("d = 1", small(1)),
        ("d = 2", small(2)),
        ("d = 3", small(3)),
        ("d = 2^64 - 1", small(u64::MAX)),
        ("d = n - 2", below(2)),
        ("d = n - 3", below(3)),
        ("d = 2^255", Whole::new(&[&[0x80], &[0; 31][..]].concat()).to_32().unwrap_or_default()),
    ] {
        let made = Point::generator().times(Number::reduce(&d)).to_uncompressed();
        draft.valid("sm2.secret-end", &["secret-range"], comment, &[("d", hex(&d))], &[("public_key", hex(&made))]);
    }
    for (comment, d) in [
        ("d = 0", [0; 32]),
        ("d = n - 1", below(1)),
        ("d = n", ORDER),
        ("d = n + 1", above(1)),
        ("d = p", PRIME),
        ("d = 2^256 - 1", [0xff; 32]),
    ] {
        draft.invalid("sm2.secret-end", &["secret-range"], comment, &[("d", hex(&d))], signature("key"));
    }
    for length in [0, 31, 33] {
        let input = [("d", hex(&vec![1; length]))];
        draft.invalid("sm2.secret-end", &["secret-range"], &format!("{length} bytes"), &input, signature("key"));
    }
}

/// Points whose x is below 2^256 - p, so that x + p has 32 bytes as well; and the one with x = 0.
pub(super) struct Rare {
    /// Smallest x above 0 that a point has.
    pub small_x: Point,
    /// x = 0.
    pub zero_x: Point,
    /// Highest x that a point has.
    pub high_x: Point,
    /// x = n or a little more: not below n, so x1 has to be reduced.
    pub above_order: Point,
}

/// Found by trying; both neighbours of a number have a point with probability one half.
pub(super) fn rare_points() -> Rare {
    let (n, p) = (Whole::order(), Whole::prime());
    Rare {
        small_x: first((1_u64..).map(Whole::small)),
        zero_x: first(std::iter::once(Whole::small(0))),
        high_x: first((1_u64..).map(|below| p.minus(&Whole::small(below)))),
        above_order: first((0_u64..).map(|above| n.plus(&Whole::small(above)))),
    }
}

fn first(mut numbers: impl Iterator<Item = Whole>) -> Point {
    numbers.find_map(|x| Point::from_x(&x.to_32()?, 2)).unwrap_or_else(Point::generator)
}

fn values(rare: &Rare) -> Vec<(String, Point)> {
    let multiple = |number: u64| Point::generator().times(Number::small(number));
    let mut values = vec![
        ("G".to_owned(), multiple(1)),
        ("2G".to_owned(), multiple(2)),
        ("-2G, the key of d = n - 2".to_owned(), multiple(2).negated()),
        ("x = 0".to_owned(), rare.zero_x),
        ("x = 0, the other y".to_owned(), rare.zero_x.negated()),
        ("smallest x above 0".to_owned(), rare.small_x),
        ("highest x".to_owned(), rare.high_x),
        ("x of n or just above".to_owned(), rare.above_order),
    ];
    for (comment, wanted) in [
        ("x begins with the nibble 0", (1, 0xf0, 0x00)),
        ("x begins with the nibble 4", (1, 0xf0, 0x40)),
        ("x begins with 04", (1, 0xff, 0x04)),
        ("x begins with a zero byte", (1, 0xff, 0x00)),
        ("y begins with a zero byte", (33, 0xff, 0x00)),
        ("x ends with a zero byte", (32, 0xff, 0x00)),
        ("y ends with a zero byte", (64, 0xff, 0x00)),
        ("x begins with ff", (1, 0xff, 0xff)),
    ] {
        values.push((comment.to_owned(), first_key(wanted).1));
    }
    values
}

/// The first of the numbered keys whose byte at a place, masked, has a value; with its number.
pub(super) fn first_key((at, mask, value): (usize, u8, u8)) -> (SecretKey, Point) {
    let mut number = 0_u32;
    loop {
        let secret = key(&format!("numbered {number}"));
        let point = Point::of_key(secret.public_key());
        if point.to_uncompressed()[at] & mask == value {
            return (secret, point);
        }
        number += 1;
    }
}

fn faults(draft: &mut Draft, rare: &Rare) {
    let good = key("key forms").public_key().to_uncompressed();
    let (x, y) = (&good[1..33], &good[33..]);
    let p = Whole::prime();
    let beyond = |number: &[u8]| Whole::new(number).plus(&p).to_32().unwrap_or([0xff; 32]);
    let joined = |x: &[u8], y: &[u8]| [&[4], x, y].concat();
    let mut refuse = |flag: &str, comment: &str, bytes: &[u8]| {
        draft.invalid("sm2.key-fault", &[flag], comment, &[("public_key", hex(bytes))], signature("key"));
    };
    refuse("key-form", "nothing", &[]);
    refuse("key-form", "infinity as 00", &[0]);
    refuse("key-form", "04 alone", &[4]);
    refuse("key-form", "x alone", &good[..33]);
    refuse("key-form", "cut by one byte", &good[..64]);
    refuse("key-form", "zero byte behind", &[&good[..], &[0]].concat());
    refuse("key-form", "zero byte in front", &[&[0], &good[..]].concat());
    for prefix in [0, 1, 5, 8, 0x30, 0x84, 0xff] {
        refuse("key-form", &format!("begins with {prefix:02x}"), &[&[prefix], &good[1..]].concat());
    }
    refuse("key-form", "hex text instead of bytes", hex(&good).as_bytes());
    refuse("key-form", "33 bytes that begin with 04", &[&[4], x].concat());
    refuse("not-on-curve", "x and y zero", &joined(&[0; 32], &[0; 32]));
    refuse("not-on-curve", "last bit of y flipped", &joined(x, &[&y[..31], &[y[31] ^ 1]].concat()));
    refuse("not-on-curve", "last bit of x flipped", &joined(&[&x[..31], &[x[31] ^ 1]].concat(), y));
    refuse("not-on-curve", "x and y swapped", &joined(y, x));
    refuse("not-on-curve", "both little endian", &joined(&reversed(x), &reversed(y)));
    refuse("not-on-curve", "y is zero", &joined(x, &[0; 32]));
    refuse("not-on-curve", "a and b of the curve as a point", &joined(&CURVE_A, &CURVE_B));
    refuse("not-on-curve", "base point of P-256", &p256_base());
    refuse("key-range", "x = p", &joined(&PRIME, y));
    refuse("key-range", "y = p", &joined(x, &PRIME));
    refuse("key-range", "all ff", &[&[4], &[0xff; 64][..]].concat());
    let small = rare.small_x.to_uncompressed();
    refuse("key-range", "x + p of the point with the smallest x", &joined(&beyond(&small[1..33]), &small[33..]));
    let zero = rare.zero_x.to_uncompressed();
    refuse("key-range", "x = p for the point with x = 0", &joined(&beyond(&zero[1..33]), &zero[33..]));
}

fn readings(draft: &mut Draft) {
    let good = key("key forms").public_key().to_uncompressed();
    let odd = key("key forms, odd").public_key().to_uncompressed();
    let short = |point: &[u8; 65], base: u8| [&[base | (point[64] & 1)], &point[1..33]].concat();
    let long = |point: &[u8; 65], base: u8| [&[base | (point[64] & 1)], &point[1..]].concat();
    let minus_g = Point::generator().negated().to_uncompressed();
    let rows: [(&str, &str, Vec<u8>); 6] = [
        ("key_point_compressed", "compressed point", short(&good, 2)),
        ("key_point_compressed", "compressed point of another key", short(&odd, 2)),
        ("key_point_hybrid", "hybrid point", long(&good, 6)),
        ("key_point_hybrid", "hybrid point of another key", long(&odd, 6)),
        ("key_point_no_prefix", "64 bytes without 04", good[1..].to_vec()),
        ("key_minus_g", "-G, whose private key n - 1 is out of range", minus_g.to_vec()),
    ];
    for (option, comment, bytes) in rows {
        let input = [("public_key", hex(&bytes))];
        draft.reading("sm2.parse-public-key", option, "refuse");
        let comment = format!("{comment}; decided by {option}");
        draft.invalid("sm2.key-option", &["option"], &comment, &input, signature("key"));
        draft.reading("sm2.parse-public-key", option, "accept");
        draft.valid("sm2.key-option", &["option"], &comment, &input, &[]);
    }
    draft.reading("sm2.parse-public-key", "key_point_hybrid", "accept");
    let mut wrong = long(&good, 6);
    wrong[0] ^= 1;
    let comment = "hybrid point of the wrong parity: refused under every reading";
    draft.invalid("sm2.key-option", &["option"], comment, &[("public_key", hex(&wrong))], signature("key"));
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}

/// FIPS 186-4, D.1.2.3.
fn p256_base() -> Vec<u8> {
    let text = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    ecric_gm::encoding::from_hex(text).unwrap_or_default()
}
