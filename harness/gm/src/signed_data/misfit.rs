//! What must fit together in a SignedData whatever is signed. A right signature does not heal it.

use super::SignedData;
use crate::oid::{Oid, SM2_SIGN, SM2_WITH_SM3, SM3};

/// Something that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Version of the structure or of a signer other than 1.
    #[error("version {0}, wanted 1")]
    Version(u32),
    /// A digest algorithm other than SM3, announced or named by a signer; `None` when none is announced.
    #[error("digest algorithm is not SM3")]
    DigestAlgorithm(Option<Oid>),
    /// A signature algorithm other than SM2 (with or without SM3 in its name).
    #[error("signature algorithm {0} is not SM2")]
    SignatureAlgorithm(Oid),
    /// The contentType among the attributes is missing or not the one of the content.
    #[error("contentType among the attributes is not that of the content")]
    ContentType,
}

/// The first misfit in reading order.
#[must_use]
pub fn find_misfit(data: &SignedData<'_>) -> Option<Misfit> {
    if data.version != 1 {
        return Some(Misfit::Version(data.version));
    }
    if data.digest_algorithms != [SM3] {
        return Some(Misfit::DigestAlgorithm(data.digest_algorithms.iter().find(|found| **found != SM3).copied()));
    }
    data.signers.iter().find_map(|signer| {
        if signer.version != 1 {
            return Some(Misfit::Version(signer.version));
        }
        if signer.digest_algorithm != SM3 {
            return Some(Misfit::DigestAlgorithm(Some(signer.digest_algorithm)));
        }
        if ![SM2_SIGN, SM2_WITH_SM3].contains(&signer.signature_algorithm) {
            return Some(Misfit::SignatureAlgorithm(signer.signature_algorithm));
        }
        let attributes = signer.attributes.as_ref()?;
        (attributes.content_type() != Some(data.content_type)).then_some(Misfit::ContentType)
    })
}
