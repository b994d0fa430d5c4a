//! DER as received: a strict reader that names the deviation, and a separate writer.
//!
//! Nothing is repaired and nothing is re-encoded: every element keeps its place in the input, so
//! that signatures are checked over the bytes that came. Encoding rules: ITU-T X.690, DER.

mod check;
mod read;
mod time_text;
pub mod write;

pub use check::check_canonical;
pub use read::{Element, Reader};
pub use time_text::{read_generalized_time, read_utc_time, write_generalized_time, write_utc_time};

/// Universal and context tags in use.
pub mod tag {
    /// BOOLEAN.
    pub const BOOLEAN: u8 = 0x01;
    /// INTEGER.
    pub const INTEGER: u8 = 0x02;
    /// BIT STRING.
    pub const BIT_STRING: u8 = 0x03;
    /// OCTET STRING.
    pub const OCTET_STRING: u8 = 0x04;
    /// NULL.
    pub const NULL: u8 = 0x05;
    /// OBJECT IDENTIFIER.
    pub const OID: u8 = 0x06;
    /// ENUMERATED.
    pub const ENUMERATED: u8 = 0x0a;
    /// UTF8String.
    pub const UTF8_STRING: u8 = 0x0c;
    /// PrintableString.
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// IA5String.
    pub const IA5_STRING: u8 = 0x16;
    /// UTCTime.
    pub const UTC_TIME: u8 = 0x17;
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// SEQUENCE, SEQUENCE OF.
    pub const SEQUENCE: u8 = 0x30;
    /// SET, SET OF.
    pub const SET: u8 = 0x31;

    /// Constructed context tag `[n]`, n below 31.
    #[must_use]
    pub const fn context(n: u8) -> u8 {
        0xa0 | n
    }

    /// Primitive context tag `[n]`, n below 31.
    #[must_use]
    pub const fn context_primitive(n: u8) -> u8 {
        0x80 | n
    }
}

/// Deepest nesting that is read.
pub const DEPTH_MAX: usize = 32;

/// What is wrong with an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DerFault {
    /// Another tag.
    #[error("tag {found:#04x}, wanted {wanted:#04x}")]
    Tag {
        /// The tag found.
        found: u8,
        /// The tag wanted.
        wanted: u8,
    },
    /// A tag number above 30, which no structure read here has.
    #[error("long tag number")]
    LongTag,
    /// A length that is longer than it need be.
    #[error("length is not in the shortest form")]
    LengthForm,
    /// Indefinite length (BER).
    #[error("indefinite length")]
    Indefinite,
    /// The input ends inside an element.
    #[error("input ends inside an element")]
    Truncated,
    /// Bytes after the end of the value.
    #[error("bytes after the end")]
    Trailing,
    /// An element more than the structure has.
    #[error("surplus element")]
    Surplus,
    /// An INTEGER, OBJECT IDENTIFIER or BIT STRING without content.
    #[error("no content")]
    Empty,
    /// An INTEGER below zero where none may be.
    #[error("integer is negative")]
    Negative,
    /// An INTEGER with a leading byte that it does not need.
    #[error("integer is padded")]
    Padded,
    /// An INTEGER beyond the range read here.
    #[error("integer is out of range")]
    Range,
    /// A BIT STRING with unused bits where none may be, or with unused bits that are not zero.
    #[error("unused bits")]
    UnusedBits,
    /// A BOOLEAN other than 00 and FF.
    #[error("boolean is neither 00 nor FF")]
    Boolean,
    /// A default value that is written out.
    #[error("default value is written out")]
    ExplicitDefault,
    /// An OBJECT IDENTIFIER with a padded or cut arc.
    #[error("object identifier is malformed")]
    Oid,
    /// A text with characters that its type does not allow.
    #[error("text does not fit its type")]
    Text,
    /// A time that is not of the form of the profile.
    #[error("time is not of the form YYYYMMDDHHMMSSZ or YYMMDDHHMMSSZ")]
    TimeForm,
    /// Elements of a SET OF are not in ascending order, or equal.
    #[error("set is not in order")]
    SetOrder,
    /// Nested deeper than [`DEPTH_MAX`].
    #[error("nested too deep")]
    Depth,
    /// More bytes or elements than the limit.
    #[error("larger than the limit")]
    Limit,
}

impl DerFault {
    /// Whether the value can be understood but is not written as DER demands.
    #[must_use]
    pub const fn is_form(self) -> bool {
        matches!(
            self,
            Self::LengthForm
                | Self::Indefinite
                | Self::Trailing
                | Self::Negative
                | Self::Padded
                | Self::UnusedBits
                | Self::Boolean
                | Self::ExplicitDefault
                | Self::SetOrder
        )
    }
}

/// A fault and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{fault} at byte {position}")]
pub struct DerError {
    /// What is wrong.
    pub fault: DerFault,
    /// Where, in bytes from the start of the outermost input.
    pub position: usize,
}

#[cfg(test)]
mod tests;
