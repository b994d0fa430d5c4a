//! `SubjectPublicKeyInfo` of SM2 keys: the one form of GB/T 20518 and GB/T 35276, 91 bytes.
//!
//! `id-ecPublicKey` with the named curve and the uncompressed point. Explicit parameters, other
//! algorithm identifiers, NULL and missing parameters are refused.

use super::{KeyError, PublicKey};
use crate::der::{DerError, Reader, tag, write};
use crate::oid::{EC_PUBLIC_KEY, SM2_CURVE};

/// Why bytes are no SM2 public key in this form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpkiError {
    /// The DER form is broken.
    #[error(transparent)]
    Der(#[from] DerError),
    /// Another algorithm than `id-ecPublicKey`.
    #[error("algorithm is not id-ecPublicKey")]
    Algorithm,
    /// Parameters other than the OID of the SM2 curve: explicit, NULL, missing or another curve.
    #[error("parameters are not the name of the SM2 curve")]
    Parameters,
    /// The key has not 65 bytes.
    #[error("point of {found} bytes, wanted 65")]
    PointLength {
        /// Its length in bytes.
        found: usize,
    },
    /// The key itself is refused.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Reads a public key.
///
/// # Errors
/// For everything that [`write_spki`] would not write.
pub fn parse_spki(bytes: &[u8]) -> Result<PublicKey, SpkiError> {
    let mut outer = Reader::new(bytes);
    let mut inner = outer.sequence()?;
    outer.finish_input()?;
    let mut algorithm = inner.sequence()?;
    if algorithm.element(tag::OID)?.content != EC_PUBLIC_KEY.content() {
        return Err(SpkiError::Algorithm);
    }
    if algorithm.rest() != write::oid(&SM2_CURVE) {
        return Err(SpkiError::Parameters);
    }
    let point = inner.element(tag::BIT_STRING)?.bytes_of_bits()?;
    inner.finish()?;
    let point = point.try_into().map_err(|_| SpkiError::PointLength { found: point.len() })?;
    Ok(PublicKey::from_uncompressed(point)?)
}

/// Writes a public key: 91 bytes.
#[must_use]
pub fn write_spki(key: &PublicKey) -> Vec<u8> {
    let algorithm = write::sequence(&[&write::oid(&EC_PUBLIC_KEY), &write::oid(&SM2_CURVE)]);
    write::sequence(&[&algorithm, &write::bits(&key.to_uncompressed())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::DerFault;
    use crate::sm2::SecretKey;
    use proptest::prelude::*;

    fn good() -> Vec<u8> {
        write_spki(SecretKey::derive(b"ecric-test-pki-v1", "spki").public_key())
    }

    #[test]
    fn faults_are_named() {
        let good = good();
        assert_eq!(good.len(), 91);
        let with = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            parse_spki(&bytes)
        };
        let der = |fault, position| Err(SpkiError::Der(DerError { fault, position }));
        assert!(parse_spki(&good).is_ok());
        assert_eq!(with(0, 0x31), der(DerFault::Tag { found: 0x31, wanted: 0x30 }, 0));
        assert_eq!(with(1, 0x58), der(DerFault::Trailing, 90));
        assert_eq!(with(1, 0x5a), der(DerFault::Truncated, 0));
        assert_eq!(with(1, 0x80), der(DerFault::Indefinite, 1));
        assert_eq!(with(12, 0x02), Err(SpkiError::Algorithm));
        assert_eq!(with(22, 0x2e), Err(SpkiError::Parameters));
        assert_eq!(with(25, 1), der(DerFault::UnusedBits, 23));
        assert_eq!(with(26, 6), Err(SpkiError::Key(KeyError::Form { found: 6 })));
        assert_eq!(with(90, good[90] ^ 1), Err(SpkiError::Key(KeyError::NotOnCurve)));
        assert_eq!(parse_spki(&[&good[..], &[0]].concat()), der(DerFault::Trailing, 91));
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_the_writer_writes(at in 0_usize..91, byte: u8) {
            let mut bytes = good();
            bytes[at] = byte;
            if let Ok(key) = parse_spki(&bytes) { prop_assert_eq!(write_spki(&key), bytes); }
        }

        #[test]
        fn no_input_is_too_strange_to_be_read(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = parse_spki(&bytes);
        }
    }
}
