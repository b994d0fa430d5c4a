//! Hex and base64 as binding v1 writes them: one text per byte string, everything else refused.

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::{DecodeError, Engine};

/// Why a text is not the encoding of a byte string. Shows no part of the text: it may be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct EncodingError {
    /// What is wrong.
    pub kind: EncodingErrorKind,
    /// Where, in bytes from the start of the text.
    pub position: usize,
}

/// What is wrong with an encoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodingErrorKind {
    /// A character outside the alphabet; upper-case hex and line breaks are.
    #[error("character outside the alphabet")]
    Character,
    /// The number of characters fits no byte string.
    #[error("length fits no byte string")]
    Length,
    /// Padding is missing, surplus or where none belongs.
    #[error("wrong padding")]
    Padding,
    /// Bits of the last character that carry nothing are set.
    #[error("unused bits are set")]
    TrailingBits,
}

/// Writes lower-case hex without a prefix.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    ::hex::encode(bytes)
}

/// Reads lower-case hex without a prefix.
///
/// # Errors
/// For any other character, upper case included, and for an odd number of digits.
pub fn from_hex(text: &str) -> Result<Vec<u8>, EncodingError> {
    let lower = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if let Some(position) = text.bytes().position(|byte| !lower(&byte)) {
        return Err(EncodingError { kind: EncodingErrorKind::Character, position });
    }
    ::hex::decode(text).map_err(|_| EncodingError { kind: EncodingErrorKind::Length, position: text.len() })
}

/// Writes `b64`: RFC 4648 section 4 with padding, no line breaks.
#[must_use]
pub fn b64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads `b64`: RFC 4648 section 4 with padding, no line breaks, unused bits zero.
///
/// # Errors
/// For every other text.
pub fn from_b64(text: &str) -> Result<Vec<u8>, EncodingError> {
    STANDARD.decode(text).map_err(|error| base64_error(text, error))
}

/// Writes `b64url`: RFC 4648 section 5 without padding.
#[must_use]
pub fn b64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads `b64url`: RFC 4648 section 5 without padding, unused bits zero.
///
/// # Errors
/// For every other text.
pub fn from_b64url(text: &str) -> Result<Vec<u8>, EncodingError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| base64_error(text, error))
}

fn base64_error(text: &str, error: DecodeError) -> EncodingError {
    let (kind, position) = match error {
        DecodeError::InvalidPadding | DecodeError::InvalidByte(_, b'=') => {
            (EncodingErrorKind::Padding, text.find('=').unwrap_or(text.len()))
        }
        DecodeError::InvalidByte(position, _) => (EncodingErrorKind::Character, position),
        DecodeError::InvalidLength(_) => (EncodingErrorKind::Length, text.len()),
        DecodeError::InvalidLastSymbol(position, _) => (EncodingErrorKind::TrailingBits, position),
    };
    EncodingError { kind, position }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Reader = fn(&str) -> Result<Vec<u8>, EncodingError>;

    #[test]
    fn readers_are_strict() {
        use EncodingErrorKind::{Character, Length, Padding, TrailingBits};
        let rows: &[(Reader, &str, EncodingErrorKind, usize)] = &[
            (from_hex, "0A", Character, 1),
            (from_hex, "0x00", Character, 1),
            (from_hex, "00 ", Character, 2),
            (from_hex, "０0", Character, 0),
            (from_hex, "000", Length, 3),
            (from_b64, "AA=", Padding, 2),
            (from_b64, "AA", Padding, 2),
            (from_b64, "AAA", Padding, 3),
            (from_b64, "A", Length, 1),
            (from_b64, "AB==", TrailingBits, 1),
            (from_b64, "AAB=", TrailingBits, 2),
            (from_b64, "AAAA\n", Character, 4),
            (from_b64, "AA\nAA", Character, 2),
            (from_b64, "__==", Character, 0),
            (from_b64, "AA==AA==", Padding, 2),
            (from_b64url, "AA==", Padding, 2),
            (from_b64url, "+/", Character, 0),
            (from_b64url, "AB", TrailingBits, 1),
            (from_b64url, "AAAAA", Length, 5),
            (from_b64url, "AA ", Character, 2),
        ];
        for (row, (read, text, kind, position)) in rows.iter().enumerate() {
            let error = read(text).expect_err(text);
            assert_eq!((error.kind, error.position), (*kind, *position), "row {row}: {text:?}");
        }
        assert_eq!(from_hex(""), Ok(vec![]));
        assert_eq!(from_b64(""), Ok(vec![]));
        assert_eq!(from_b64url(""), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn writing_then_reading_is_identity(bytes in prop::collection::vec(any::<u8>(), 0..70)) {
            prop_assert_eq!(from_hex(&hex(&bytes)), Ok(bytes.clone()));
            prop_assert_eq!(from_b64(&b64(&bytes)), Ok(bytes.clone()));
            prop_assert_eq!(from_b64url(&b64url(&bytes)), Ok(bytes.clone()));
        }

        #[test]
        fn what_is_read_is_what_the_writer_writes(text in "[0-9a-fA-F+/=_-]{0,12}") {
            if let Ok(bytes) = from_hex(&text) { prop_assert_eq!(hex(&bytes), text.as_str()); }
            if let Ok(bytes) = from_b64(&text) { prop_assert_eq!(b64(&bytes), text.as_str()); }
            if let Ok(bytes) = from_b64url(&text) { prop_assert_eq!(b64url(&bytes), text.as_str()); }
        }
    }
}
