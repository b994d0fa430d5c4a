//! Why a text or bytes are no code, view or request. Shows no content.

use super::base45::Base45Error;
use super::cbor::CborError;

/// Why something cannot be read; the reason code is always `CODE_MALFORMED`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part}: {fault}")]
pub struct CodeError {
    /// Which part: `text`, `envelope`, `protected`, `payload` or `payload key -2`.
    pub part: String,
    /// What is wrong with it.
    pub fault: CodeFault,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// Another prefix: another version, lower case, none.
    #[error("prefix is not {wanted}")]
    Prefix {
        /// The one wanted.
        wanted: &'static str,
    },
    /// Longer than its kind may be.
    #[error("{found} characters, at most {most}")]
    Length {
        /// Found.
        found: usize,
        /// Most.
        most: usize,
    },
    /// Not Base45.
    #[error(transparent)]
    Base45(#[from] Base45Error),
    /// Not deterministic CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// More bytes than an envelope may have.
    #[error("{found} bytes, at most {most}")]
    Size {
        /// Found.
        found: usize,
        /// Most.
        most: usize,
    },
    /// Not an array of protected header, empty map, payload and signature of 64 bytes.
    #[error("not an array of protected header, empty map, payload and 64 bytes of signature")]
    Shape,
    /// The protected header is not {1: algorithm, 4: kid of 8 bytes}.
    #[error("not a map of algorithm and a kid of 8 bytes")]
    Header,
    /// Another algorithm than SM2 with SM3.
    #[error("algorithm is not -65537 (SM2 with SM3)")]
    Algorithm,
    /// The payload is no map of whole numbers to values.
    #[error("not a map with whole numbers as keys")]
    Map,
    /// A key that is not known here.
    #[error("unknown key")]
    UnknownKey,
    /// A mandatory key is missing.
    #[error("missing")]
    Missing,
    /// A value of another type.
    #[error("another type, wanted {wanted}")]
    Type {
        /// The type wanted.
        wanted: &'static str,
    },
    /// A value outside its limits.
    #[error("outside its limits: {wanted}")]
    Limit {
        /// The limits.
        wanted: &'static str,
    },
}

impl CodeFault {
    /// A word for the fault, as vectors write it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Prefix { .. } => "prefix",
            Self::Length { .. } => "length",
            Self::Base45(error) => error.kind.word(),
            Self::Cbor(error) => error.kind.word(),
            Self::Size { .. } => "size",
            Self::Shape => "shape",
            Self::Header => "header",
            Self::Algorithm => "algorithm",
            Self::Map => "map",
            Self::UnknownKey => "unknown-key",
            Self::Missing => "missing-key",
            Self::Type { .. } => "type",
            Self::Limit { .. } => "limit",
        }
    }

    /// The stage at which it shows: `container` for the text and its bytes, `schema` for keys and values.
    #[must_use]
    pub const fn stage(&self) -> &'static str {
        match self {
            Self::Prefix { .. }
            | Self::Length { .. }
            | Self::Base45(_)
            | Self::Cbor(_)
            | Self::Size { .. }
            | Self::Shape
            | Self::Header
            | Self::Algorithm => "container",
            Self::Map | Self::UnknownKey | Self::Missing | Self::Type { .. } | Self::Limit { .. } => "schema",
        }
    }

    pub(super) fn at(self, part: impl Into<String>) -> CodeError {
        CodeError { part: part.into(), fault: self }
    }
}
