//! Licence identifier (证照标识, GB/T 36904-2018; derived, confidence likely):
//! `1.2.156.3005.2 . TYPE . AUTHORITY . SERIAL . VERSION . CHECK`.
//!
//! Strict reader and writer. Never asks a register, never narrows the type to one licence type:
//! that is a question of the profile.

use std::fmt;

use crate::usci::{self, UsciError, UsciErrorKind};

mod check_character;

pub use check_character::{check_character, variant_check_character};

/// The fixed root in front of the five segments.
pub const ROOT: &str = "1.2.156.3005.2";
/// Type code of the identity-card licence (observed in two municipal clients of one platform).
pub const IDENTITY_CARD_TYPE: &str = "11100000000013127D001";
/// Longest serial, characters (guess: the standard's maximum is not known).
pub const SERIAL_MAX: usize = 64;
/// Highest version: three digits.
pub const VERSION_MAX: u16 = 999;

/// Segments after the root: type, authority, serial, version, check.
const SEGMENTS: usize = 5;

/// One of the five segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// Licence type code (证照类型代码): 21 characters, a USCI and three digits.
    TypeCode,
    /// Issuing authority (证照颁发机构代码): 18 characters, a USCI.
    Authority,
    /// Serial number (流水号): 1 to 64 digits and upper-case letters.
    Serial,
    /// Version number (版本号): three digits, from 001.
    Version,
    /// Check character (校验位): one digit or upper-case letter.
    Check,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TypeCode => "type code",
            Self::Authority => "authority",
            Self::Serial => "serial",
            Self::Version => "version",
            Self::Check => "check",
        })
    }
}

/// Why a text is not a licence identifier. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct IdentifierError {
    /// What is wrong.
    pub kind: IdentifierErrorKind,
    /// Where, in bytes from the start of the text.
    pub position: usize,
}

/// What is wrong with a licence identifier; the first fault in this order is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierErrorKind {
    /// A character other than 0-9, A-Z and the dot: lower case, spaces, full-width forms.
    #[error("character other than 0-9, A-Z and dot")]
    Character,
    /// Another root.
    #[error("root is not {ROOT}")]
    Root,
    /// More or fewer than five segments after the root.
    #[error("{found} segments after the root, wanted 5")]
    SegmentCount {
        /// The number found.
        found: usize,
    },
    /// A segment of the wrong length; a character moved over a border shows here.
    #[error("{segment} of {found} characters")]
    SegmentLength {
        /// The segment.
        segment: Segment,
        /// Its length in characters.
        found: usize,
    },
    /// The USCI in the type code or in the authority is not one.
    #[error("{segment}: {kind}")]
    Usci {
        /// The segment.
        segment: Segment,
        /// What is wrong with the USCI.
        kind: UsciErrorKind,
    },
    /// The last three characters of the type code are not digits.
    #[error("type sequence is not three digits")]
    TypeSequence,
    /// The version is not three digits from 001 to 999.
    #[error("version is not 001 to 999")]
    Version,
    /// The check character is another one.
    #[error("check character does not fit, wanted {expected}")]
    CheckCharacter {
        /// The one that fits.
        expected: char,
    },
}

impl IdentifierErrorKind {
    /// A word for the kind, as vectors and reports write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Character => "character",
            Self::Root => "root",
            Self::SegmentCount { .. } => "segment-count",
            Self::SegmentLength { .. } => "segment-length",
            Self::Usci { .. } => "usci",
            Self::TypeSequence => "type-sequence",
            Self::Version => "version",
            Self::CheckCharacter { .. } => "check-character",
        }
    }
}

/// A well-formed licence identifier: all lengths, both USCIs and the check character are right.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LicenceIdentifier(String);

impl LicenceIdentifier {
    /// Licence type code, 21 characters.
    #[must_use]
    pub fn type_code(&self) -> &str {
        self.segment(0)
    }

    /// USCI of the issuing authority, 18 characters.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.segment(1)
    }

    /// Serial, 1 to 64 characters.
    #[must_use]
    pub fn serial(&self) -> &str {
        self.segment(2)
    }

    /// Version, 1 to 999.
    #[must_use]
    pub fn version(&self) -> u16 {
        self.version_text().bytes().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'))
    }

    /// Version as written, three digits.
    #[must_use]
    pub fn version_text(&self) -> &str {
        self.segment(3)
    }

    /// Check character.
    #[must_use]
    pub fn check_character(&self) -> char {
        char::from(self.0.as_bytes()[self.0.len() - 1])
    }

    /// The whole text with its root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier of the next re-issue: same type, authority and serial, version + 1.
    ///
    /// # Errors
    /// Above version 999.
    pub fn next_version(&self) -> Result<Self, IdentifierError> {
        write_identifier(self.type_code(), self.authority(), self.serial(), self.version() + 1)
    }

    fn segment(&self, index: usize) -> &str {
        self.0[ROOT.len() + 1..].split('.').nth(index).unwrap_or_default()
    }
}

impl fmt::Display for LicenceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for LicenceIdentifier {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Parses a licence identifier, byte-exact.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_identifier(text: &str) -> Result<LicenceIdentifier, IdentifierError> {
    let fault = |kind, position| Err(IdentifierError { kind, position });
    let allowed = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'.';
    if let Some(position) = text.bytes().position(|byte| !allowed(byte)) {
        return fault(IdentifierErrorKind::Character, position);
    }
    let Some(rest) = text.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix('.')) else {
        let same = text.bytes().zip(ROOT.bytes().chain([b'.'])).take_while(|(a, b)| a == b).count();
        return fault(IdentifierErrorKind::Root, same);
    };
    let found = rest.split('.').count();
    let mut segments = rest.split('.');
    let (Some(type_code), Some(authority), Some(serial), Some(version), Some(check), None) =
        (segments.next(), segments.next(), segments.next(), segments.next(), segments.next(), segments.next())
    else {
        return fault(IdentifierErrorKind::SegmentCount { found }, text.len());
    };
    check_segments([type_code, authority, serial, version, check])?;
    let body = [type_code, authority, serial, version].concat();
    match check_character(&body) {
        Some(expected) if !check.starts_with(expected) => {
            fault(IdentifierErrorKind::CheckCharacter { expected }, text.len() - 1)
        }
        _ => Ok(LicenceIdentifier(text.to_owned())),
    }
}

/// Writes a licence identifier with the right check character.
///
/// # Errors
/// When a part is malformed; the position counts in the text that would have been written.
pub fn write_identifier(
    type_code: &str,
    authority: &str,
    serial: &str,
    version: u16,
) -> Result<LicenceIdentifier, IdentifierError> {
    let check = check_character(&format!("{type_code}{authority}{serial}{version:03}")).unwrap_or('0');
    parse_identifier(&format!("{ROOT}.{type_code}.{authority}.{serial}.{version:03}.{check}"))
}

/// Lengths first, for all segments; then what stands in them.
fn check_segments(segments: [&str; SEGMENTS]) -> Result<(), IdentifierError> {
    const NAMES: [Segment; SEGMENTS] =
        [Segment::TypeCode, Segment::Authority, Segment::Serial, Segment::Version, Segment::Check];
    let mut starts = [ROOT.len() + 1; SEGMENTS];
    for index in 1..SEGMENTS {
        starts[index] = starts[index - 1] + segments[index - 1].len() + 1;
    }
    for ((segment, text), position) in NAMES.into_iter().zip(segments).zip(starts) {
        let fits = match segment {
            Segment::TypeCode => text.len() == 21,
            Segment::Authority => text.len() == 18,
            Segment::Serial => (1..=SERIAL_MAX).contains(&text.len()),
            Segment::Version => text.len() == 3,
            Segment::Check => text.len() == 1,
        };
        if !fits {
            let kind = IdentifierErrorKind::SegmentLength { segment, found: text.len() };
            return Err(IdentifierError { kind, position });
        }
    }
    let (definer, sequence) = segments[0].split_at(18);
    check_usci(Segment::TypeCode, definer, starts[0])?;
    if let Some(offset) = sequence.bytes().position(|byte| !byte.is_ascii_digit()) {
        return Err(IdentifierError { kind: IdentifierErrorKind::TypeSequence, position: starts[0] + 18 + offset });
    }
    check_usci(Segment::Authority, segments[1], starts[1])?;
    if segments[3] == "000" || segments[3].bytes().any(|byte| !byte.is_ascii_digit()) {
        return Err(IdentifierError { kind: IdentifierErrorKind::Version, position: starts[3] });
    }
    Ok(())
}

fn check_usci(segment: Segment, text: &str, start: usize) -> Result<(), IdentifierError> {
    usci::parse_usci(text).map(drop).map_err(|UsciError { kind, position }| IdentifierError {
        kind: IdentifierErrorKind::Usci { segment, kind },
        position: start + position,
    })
}

#[cfg(test)]
mod tests;
