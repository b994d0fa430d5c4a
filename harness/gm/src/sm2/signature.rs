//! The two forms of an SM2 signature: raw r ‖ s and DER. A [`Signature`] is always in range.

use super::curve;
use crate::der::{DerError, Reader, tag, write};

/// Why bytes are not a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The DER form is broken.
    #[error(transparent)]
    Der(#[from] DerError),
    /// r is outside [1, n-1].
    #[error("r is outside [1, n-1]")]
    RangeR,
    /// s is outside [1, n-1].
    #[error("s is outside [1, n-1]")]
    RangeS,
}

/// A signature r ‖ s, 64 bytes, both big endian and in [1, n-1]. Says nothing about validity.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Reads r ‖ s, each half left-padded with zeros to 32 bytes.
    ///
    /// # Errors
    /// When r or s is outside [1, n-1].
    pub fn from_raw(raw: &[u8; 64]) -> Result<Self, SignatureError> {
        let in_range = |half: &[u8]| half.iter().any(|byte| *byte != 0) && half < &curve::N[..];
        let (r, s) = raw.split_at(32);
        match (in_range(r), in_range(s)) {
            (false, _) => Err(SignatureError::RangeR),
            (true, false) => Err(SignatureError::RangeS),
            (true, true) => Ok(Self(*raw)),
        }
    }

    /// Reads SM2Signature ::= SEQUENCE { r INTEGER, s INTEGER } in strict DER (GB/T 35276),
    /// 8 to 72 bytes.
    ///
    /// # Errors
    /// For everything that [`Signature::to_der`] would not write.
    pub fn from_der(bytes: &[u8]) -> Result<Self, SignatureError> {
        let mut outer = Reader::new(bytes);
        let mut inner = outer.sequence()?;
        outer.finish_input()?;
        let r = inner.element(tag::INTEGER)?.unsigned()?;
        let s = inner.element(tag::INTEGER)?.unsigned()?;
        inner.finish()?;
        let mut raw = [0; 64];
        pad_left(r, &mut raw[..32]).ok_or(SignatureError::RangeR)?;
        pad_left(s, &mut raw[32..]).ok_or(SignatureError::RangeS)?;
        Self::from_raw(&raw)
    }

    /// Writes SM2Signature in DER: minimal INTEGERs, 8 to 72 bytes.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        write::sequence(&[&write::unsigned(&self.0[..32]), &write::unsigned(&self.0[32..])])
    }

    /// r ‖ s, 64 bytes.
    #[must_use]
    pub const fn as_raw(&self) -> &[u8; 64] {
        &self.0
    }
}

/// Writes `value` right-aligned; `None` when it is too long.
fn pad_left(value: &[u8], out: &mut [u8]) -> Option<()> {
    let start = out.len().checked_sub(value.len())?;
    out[start..].copy_from_slice(value);
    Some(())
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({})", crate::encoding::hex(&self.0))
    }
}
