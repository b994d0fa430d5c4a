//! Whole numbers of any size and pieces of BER, right and wrong, for generators.

use std::cmp::Ordering;

use ecric_gm::craft::{ORDER, PRIME};

/// A whole number: sign and magnitude, big endian without leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole {
    negative: bool,
    digits: Vec<u8>,
}

impl Whole {
    /// From big-endian bytes.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        Self { negative: false, digits: bytes[start..].to_vec() }
    }

    /// A small number.
    pub(super) fn small(value: u64) -> Self {
        Self::new(&value.to_be_bytes())
    }

    /// n.
    pub(super) fn order() -> Self {
        Self::new(&ORDER)
    }

    /// p.
    pub(super) fn prime() -> Self {
        Self::new(&PRIME)
    }

    /// 2 to a multiple of 8.
    pub(super) fn power_of_256(exponent: usize) -> Self {
        Self::new(&[&[1], &vec![0; exponent][..]].concat())
    }

    /// -self.
    pub(super) fn negated(mut self) -> Self {
        self.negative = !self.negative && !self.digits.is_empty();
        self
    }

    /// self + other.
    pub(super) fn plus(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self { negative: self.negative, digits: add(&self.digits, &other.digits) };
        }
        let (large, small) = match compare(&self.digits, &other.digits) {
            Ordering::Less => (other, self),
            _ => (self, other),
        };
        let digits = subtract(&large.digits, &small.digits);
        Self { negative: large.negative && !digits.is_empty(), digits }
    }

    /// self - other.
    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.clone().negated())
    }

    /// Whether it is below zero.
    pub(super) const fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether it is in [1, n-1].
    pub(super) fn is_in_range(&self) -> bool {
        !self.negative && !self.digits.is_empty() && compare(&self.digits, &ORDER) == Ordering::Less
    }

    /// 32 bytes, if it fits.
    pub(super) fn to_32(&self) -> Option<[u8; 32]> {
        let start = 32_usize.checked_sub(self.digits.len()).filter(|_| !self.negative)?;
        let mut out = [0; 32];
        out[start..].copy_from_slice(&self.digits);
        Some(out)
    }

    /// The content of a DER INTEGER.
    pub(super) fn integer_content(&self) -> Vec<u8> {
        let mut content = [&[0], &self.digits[..]].concat();
        if self.negative {
            content.iter_mut().for_each(|byte| *byte = !*byte);
            let one = add(&content, &[1]);
            let missing = content.len() - one.len();
            content = [vec![0; missing], one].concat();
        }
        let redundant =
            |content: &[u8]| content.len() > 1 && matches!((content[0], content[1] >= 0x80), (0, false) | (0xff, true));
        while redundant(&content) {
            content.remove(0);
        }
        content
    }
}

fn compare(left: &[u8], right: &[u8]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

fn add(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut carry = 0_u16;
    let (mut left, mut right) = (left.iter().rev(), right.iter().rev());
    loop {
        let (a, b) = (left.next(), right.next());
        if a.is_none() && b.is_none() && carry == 0 {
            break;
        }
        let sum = u16::from(a.copied().unwrap_or(0)) + u16::from(b.copied().unwrap_or(0)) + carry;
        out.push(sum.to_be_bytes()[1]);
        carry = sum >> 8;
    }
    out.reverse();
    Whole::new(&out).digits
}

fn subtract(large: &[u8], small: &[u8]) -> Vec<u8> {
    let mut out = large.to_vec();
    let mut borrow = false;
    let missing = large.len() - small.len();
    for at in (0..out.len()).rev() {
        let taken = if at >= missing { small[at - missing] } else { 0 };
        let (first, under) = out[at].overflowing_sub(taken);
        let (second, under_again) = first.overflowing_sub(u8::from(borrow));
        out[at] = second;
        borrow = under || under_again;
    }
    Whole::new(&out).digits
}

/// An element with the shortest length.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let bytes = length.to_be_bytes();
    let digits = &bytes[bytes.iter().position(|byte| *byte != 0).unwrap_or(7)..];
    let count = digits.len().to_be_bytes()[7];
    let header = if length < 0x80 { vec![tag, digits[0]] } else { [&[tag, 0x80 | count], digits].concat() };
    [&header[..], content].concat()
}

/// An element whose length bytes are given as they are.
pub(super) fn tlv_as(tag: u8, length: &[u8], content: &[u8]) -> Vec<u8> {
    [&[tag], length, content].concat()
}

/// A DER INTEGER.
pub(super) fn integer(number: &Whole) -> Vec<u8> {
    tlv(2, &number.integer_content())
}

/// A DER SEQUENCE.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_add_up() {
        let (n, p) = (Whole::order(), Whole::prime());
        assert_eq!(n.plus(&p).minus(&p), n);
        assert_eq!(n.minus(&p).plus(&p), n);
        assert!(n.minus(&p).is_negative());
        assert_eq!(n.minus(&n), Whole::small(0));
        assert_eq!(Whole::power_of_256(32).minus(&Whole::small(1)).to_32(), Some([0xff; 32]));
        assert_eq!(Whole::power_of_256(32).to_32(), None);
        assert!(n.minus(&Whole::small(1)).is_in_range() && !n.is_in_range() && !Whole::small(0).is_in_range());
    }

    #[test]
    fn integers_are_the_shortest() {
        let rows: [(Whole, &[u8]); 8] = [
            (Whole::small(0), &[0]),
            (Whole::small(127), &[0x7f]),
            (Whole::small(128), &[0, 0x80]),
            (Whole::small(1).negated(), &[0xff]),
            (Whole::small(128).negated(), &[0x80]),
            (Whole::small(129).negated(), &[0xff, 0x7f]),
            (Whole::small(256).negated(), &[0xff, 0]),
            (Whole::small(32768).negated(), &[0x80, 0]),
        ];
        for (number, content) in rows {
            assert_eq!(number.integer_content(), content, "{number:?}");
        }
        assert_eq!(tlv(4, &[0; 200])[..3], [4, 0x81, 200]);
        assert_eq!(tlv(4, &[]), [4, 0]);
    }
}
