//! Electronic seals and seal signatures: SESeal and SES_Signature in the shapes of GB/T 38540-2020 (V4),
//! GM/T 0031-2014 (V1) and "GM/T 0031-2025" (V5, likely).
//!
//! The reader keeps the bytes of everything that is signed; nothing is encoded again before it is
//! verified. Whether a version is acceptable is a question of policy, not of reading.

mod picture;
mod read;
mod write;

pub use picture::{PictureFault, check_picture, picture_size};
pub use read::{read_seal, read_signature};
pub use write::{PictureSpec, SealSpec, SignatureSpec, seal_info, sign_seal, sign_signature, signed_part, with_value};

use ecric_gm::der::{read_generalized_time, read_utc_time, tag};
use ecric_gm::oid::Oid;
use time::OffsetDateTime;

/// Largest seal or seal signature, bytes.
pub const SIZE_MAX: usize = 1 << 20;
/// Most certificates in the list of a seal.
pub const CERT_LIST_MAX: usize = 64;
/// Most extensions of a seal or a signature.
pub const EXTENSIONS_MAX: usize = 32;

/// Shape of a seal or of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SesVersion {
    /// GM/T 0031-2014.
    V1,
    /// GB/T 38540-2020.
    V4,
    /// "GM/T 0031-2025".
    V5,
}

impl SesVersion {
    /// The number in headers.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::V1 => 1,
            Self::V4 => 4,
            Self::V5 => 5,
        }
    }

    /// The version of a number in a header.
    #[must_use]
    pub const fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::V1),
            4 => Some(Self::V4),
            5 => Some(Self::V5),
            _ => None,
        }
    }
}

/// A time as received: its type and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeText<'a> {
    /// The tag: UTCTime, GeneralizedTime, or BIT STRING in V1 signatures.
    pub tag: u8,
    /// The content.
    pub text: &'a [u8],
}

impl TimeText<'_> {
    /// The instant; `None` for a text that is not of the one form of its type.
    #[must_use]
    pub fn instant(&self) -> Option<OffsetDateTime> {
        match self.tag {
            tag::GENERALIZED_TIME => read_generalized_time(self.text),
            tag::UTC_TIME => read_utc_time(self.text),
            // V1: the text of a time inside a BIT STRING; a time stamp there is not read.
            tag::BIT_STRING => {
                let text = self.text.strip_prefix(&[0])?;
                read_generalized_time(text).or_else(|| read_utc_time(text))
            }
            _ => None,
        }
    }

    /// The instant in any form that the field shows: fractions are cut off, offsets applied.
    #[must_use]
    pub fn lenient_instant(&self) -> Option<OffsetDateTime> {
        if let Some(instant) = self.instant() {
            return Some(instant);
        }
        let text = std::str::from_utf8(self.text).ok()?;
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let rest = &text[digits.len()..];
        let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        let base = read_generalized_time(format!("{digits}Z").as_bytes())?;
        let offset = |text: &str| -> Option<i64> {
            let minutes = text.get(..4)?.parse::<i64>().ok()?;
            Some((minutes / 100 * 60 + minutes % 100) * 60)
        };
        let seconds = match rest.chars().next() {
            None | Some('Z') => 0,
            Some('+') => offset(&rest[1..])?,
            Some('-') => -offset(&rest[1..])?,
            Some(_) => return None,
        };
        Some(base - time::Duration::seconds(seconds))
    }
}

/// Who may sign under a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertList<'a> {
    /// Certificates.
    Certificates(Vec<&'a [u8]>),
    /// Digests of certificates with the name of the algorithm.
    Digests(Vec<(String, &'a [u8])>),
}

/// A seal's picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture<'a> {
    /// `png`, `PNG`, `ofd`, `GIF` and so on.
    pub kind: String,
    /// The bytes.
    pub data: &'a [u8],
    /// Width in mm.
    pub width: u32,
    /// Height in mm.
    pub height: u32,
}

/// A seal as received.
#[derive(Debug, Clone)]
pub struct Seal<'a> {
    /// Shape of the structure.
    pub shape: SesVersion,
    /// Header id, `ES`.
    pub header_id: String,
    /// Version in the header.
    pub header_version: u32,
    /// Vendor.
    pub vendor: String,
    /// Id of the seal.
    pub es_id: String,
    /// Type of the seal.
    pub kind: u32,
    /// Name of the seal.
    pub name: String,
    /// Who may sign under it.
    pub certificates: CertList<'a>,
    /// When it was made.
    pub created: TimeText<'a>,
    /// From when it may be used.
    pub valid_start: TimeText<'a>,
    /// Until when.
    pub valid_end: TimeText<'a>,
    /// Its picture.
    pub picture: Picture<'a>,
    /// Certificate of the seal maker.
    pub maker: &'a [u8],
    /// Algorithm of the maker's signature.
    pub algorithm: Oid,
    /// The bytes that the maker signed.
    pub signed: Vec<u8>,
    /// The maker's signature, bytes of the BIT STRING.
    pub signature: &'a [u8],
}

/// A seal signature as received.
#[derive(Debug, Clone)]
pub struct SesSignature<'a> {
    /// Shape of the structure.
    pub shape: SesVersion,
    /// Version in the signed part.
    pub version: u32,
    /// The seal as received.
    pub seal: &'a [u8],
    /// When it was signed, by the signer's own word.
    pub time: TimeText<'a>,
    /// SM3 of `Signature.xml`.
    pub data_hash: &'a [u8],
    /// Place of `Signature.xml`.
    pub property_info: String,
    /// Certificate of the signer.
    pub certificate: &'a [u8],
    /// Algorithm of the signature.
    pub algorithm: Oid,
    /// The bytes that were signed, as received.
    pub signed: &'a [u8],
    /// The signature, bytes of the BIT STRING.
    pub signature: &'a [u8],
    /// Time-stamp token over the signature.
    pub time_stamp: Option<&'a [u8]>,
}

#[cfg(test)]
mod tests;
