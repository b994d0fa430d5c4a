//! Base45 (RFC 9285): one text per byte string, everything else refused.

/// The 45 characters in the order of their value: those of QR alphanumeric mode.
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Why a text is no Base45.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at character {position}")]
pub struct Base45Error {
    /// What is wrong.
    pub kind: Base45ErrorKind,
    /// Where, in bytes from the start of the text.
    pub position: usize,
}

/// What is wrong with a Base45 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Base45ErrorKind {
    /// A character outside the alphabet; lower-case letters are.
    #[error("character outside the Base45 alphabet")]
    Character,
    /// One character is left over.
    #[error("one character is left over, which no byte string gives")]
    Length,
    /// A group of three above 65535, or a last group of two above 255.
    #[error("group is above what its bytes can hold")]
    Overflow,
}

impl Base45ErrorKind {
    /// A word for the kind, as vectors write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Character => "base45-character",
            Self::Length => "base45-length",
            Self::Overflow => "base45-overflow",
        }
    }
}

/// Writes bytes: three characters for two bytes, two for a last single one.
#[must_use]
pub fn write_base45(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        let (mut rest, count) = match pair {
            [high, low] => (usize::from(*high) * 256 + usize::from(*low), 3),
            [single] => (usize::from(*single), 2),
            _ => continue,
        };
        for _ in 0..count {
            text.push(char::from(ALPHABET[rest % 45]));
            rest /= 45;
        }
    }
    text
}

/// Parses a text.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_base45(text: &str) -> Result<Vec<u8>, Base45Error> {
    let fault = |kind, position| Err(Base45Error { kind, position });
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for (group, characters) in text.as_bytes().chunks(3).enumerate() {
        let mut number = 0;
        for (place, byte) in characters.iter().enumerate() {
            let Some(value) = ALPHABET.iter().position(|known| known == byte) else {
                return fault(Base45ErrorKind::Character, group * 3 + place);
            };
            number += value * 45_usize.pow(u32::try_from(place).unwrap_or_default());
        }
        let overflow = fault(Base45ErrorKind::Overflow, group * 3);
        match characters.len() {
            3 => bytes.extend(u16::try_from(number).or(overflow.map(|_: Vec<u8>| 0))?.to_be_bytes()),
            2 => bytes.push(u8::try_from(number).or(overflow.map(|_: Vec<u8>| 0))?),
            _ => return fault(Base45ErrorKind::Length, group * 3),
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_rfc_hold() {
        for (bytes, text) in [(&b"AB"[..], "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")]
        {
            assert_eq!(write_base45(bytes), text);
            assert_eq!(parse_base45(text).unwrap(), bytes);
        }
        assert_eq!(parse_base45("QED8WEX0").unwrap(), b"ietf!");
    }

    #[test]
    fn other_texts_are_refused_with_their_place() {
        use Base45ErrorKind::{Character, Length, Overflow};
        let rows = [
            ("GGX", Overflow, 0),
            ("FGW:::", Overflow, 3),
            ("::", Overflow, 0),
            ("BB8:", Length, 3),
            ("BB8B", Length, 3),
            ("bb8", Character, 0),
            ("BB8A\u{e9}", Character, 4),
            ("BB,", Character, 2),
        ];
        for (text, kind, position) in rows {
            assert_eq!(parse_base45(text), Err(Base45Error { kind, position }), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(parse_base45(&write_base45(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn what_is_read_has_no_other_text(text in "[0-9A-Z $%*+./:-]{0,60}") {
            if let Ok(bytes) = parse_base45(&text) {
                prop_assert_eq!(write_base45(&bytes), text);
            }
        }

        #[test]
        fn the_reader_survives_any_text(text in any::<String>()) {
            let _ = parse_base45(&text);
        }
    }
}
