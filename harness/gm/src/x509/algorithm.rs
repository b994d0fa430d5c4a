//! AlgorithmIdentifier and SubjectPublicKeyInfo.

use crate::der::{DerError, DerFault, Reader, tag, write};
use crate::oid::{EC_PUBLIC_KEY, Oid, SM2_CURVE};
use crate::sm2::{KeyError, PublicKey};

/// An AlgorithmIdentifier. Absent and NULL parameters both occur in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlgorithmId<'a> {
    /// The algorithm.
    pub oid: Oid,
    /// The parameters as received; empty when absent.
    pub parameters: &'a [u8],
}

impl<'a> AlgorithmId<'a> {
    /// Reads SEQUENCE { OBJECT IDENTIFIER, ANY OPTIONAL }.
    ///
    /// # Errors
    /// For any other shape.
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut inner = reader.sequence()?;
        let oid = inner.oid()?;
        let parameters = if inner.is_empty() { &[][..] } else { inner.any()?.whole };
        inner.finish()?;
        Ok(Self { oid, parameters })
    }

    /// Whether the parameters are absent or NULL.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.parameters.is_empty() || self.parameters == [tag::NULL, 0]
    }
}

/// The subject's key as far as this suite uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectKey {
    /// An SM2 key on the SM2 curve.
    Sm2(PublicKey),
    /// A key of another algorithm (RSA and the like).
    OtherAlgorithm(Oid),
    /// An elliptic-curve key with other curve parameters; `None` when they are not a named curve.
    OtherCurve(Option<Oid>),
    /// Said to be an SM2 key, but no usable point.
    BadPoint(KeyError),
    /// Said to be an SM2 key, but of another length than 65 bytes.
    BadLength(usize),
}

impl SubjectKey {
    /// The SM2 key, if it is one.
    #[must_use]
    pub const fn sm2(&self) -> Option<&PublicKey> {
        if let Self::Sm2(key) = self { Some(key) } else { None }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DerError> {
        let mut inner = reader.sequence()?;
        let algorithm = AlgorithmId::read(&mut inner)?;
        let bits = inner.element(tag::BIT_STRING)?;
        inner.finish()?;
        if algorithm.oid != EC_PUBLIC_KEY {
            return Ok(Self::OtherAlgorithm(algorithm.oid));
        }
        let curve = Reader::new(algorithm.parameters).oid().ok();
        if curve != Some(SM2_CURVE) {
            return Ok(Self::OtherCurve(curve));
        }
        let point = bits.bytes_of_bits()?;
        let Ok(point) = <&[u8; 65]>::try_from(point) else { return Ok(Self::BadLength(point.len())) };
        Ok(PublicKey::from_uncompressed(point).map_or_else(Self::BadPoint, Self::Sm2))
    }
}

/// SubjectPublicKeyInfo with any curve and any point bytes.
pub(super) fn write_spki(curve: &Oid, point: &[u8]) -> Vec<u8> {
    let algorithm = write::sequence(&[&write::oid(&EC_PUBLIC_KEY), &write::oid(curve)]);
    write::sequence(&[&algorithm, &write::bits(point)])
}

/// AlgorithmIdentifier without parameters.
pub(crate) fn write_algorithm(oid: &Oid) -> Vec<u8> {
    write::sequence(&[&write::oid(oid)])
}

/// The fault of a signature field.
pub(crate) const fn is_encoding_fault(fault: DerFault) -> bool {
    fault.is_form()
}
