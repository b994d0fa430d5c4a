//! Which of the readings of GB/T 35275 a signature follows.

use super::SignedData;
use crate::encoding::b64;
use crate::oid::{SM2_SIGN, SM2_WITH_SM3, SM3};
use crate::sm2::{self, DEFAULT_ID, PublicKey, Signature};
use crate::sm3;

/// What SM2 signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// Attributes, Z with the default identifier: the profile.
    AttrZ,
    /// Attributes, Z with the empty identifier.
    AttrZEmpty,
    /// ContentInfo header, content and attributes, without Z.
    AttrNoZAll,
    /// Content octets, Z with the default identifier.
    PlainZ,
    /// Content octets without Z.
    PlainNoZ,
    /// The whole ContentInfo without Z.
    PlainNoZTlv,
    /// The 32-byte hash of the document as content, with Z: hashed twice.
    PlainDoubleHash,
    /// The base64 text of the hash as content, with Z.
    B64Hash,
}

impl Flavour {
    /// The id of the flavour, as reports and vectors write it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::AttrZ => "attr-z",
            Self::AttrZEmpty => "attr-z-empty",
            Self::AttrNoZAll => "attr-noz-all",
            Self::PlainZ => "plain-z",
            Self::PlainNoZ => "plain-noz",
            Self::PlainNoZTlv => "plain-noz-tlv",
            Self::PlainDoubleHash => "plain-doublehash",
            Self::B64Hash => "b64hash",
        }
    }
}

/// A flavour found, and how the signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The flavour.
    pub flavour: Flavour,
    /// Whether the signature is raw r ‖ s instead of DER.
    pub raw: bool,
}

/// Checks the profile and nothing else: attributes, Z with the default identifier, DER, SM2 and SM3 named.
/// Says nothing about messageDigest. False for another number of signers than one.
#[must_use]
pub fn verify_profile(data: &SignedData<'_>, key: &PublicKey) -> bool {
    let [signer] = &data.signers[..] else { return false };
    let named = signer.digest_algorithm == SM3 && [SM2_SIGN, SM2_WITH_SM3].contains(&signer.signature_algorithm);
    let Some(attributes) = &signer.attributes else { return false };
    named
        && Signature::from_der(signer.signature)
            .is_ok_and(|signature| sm2::verify(key, DEFAULT_ID, &attributes.signed_bytes(), &signature).is_ok())
}

/// Finds the flavour under which the first signer's signature verifies. `document` is what the
/// signature is about (for a detached signature the content itself).
#[must_use]
pub fn detect(data: &SignedData<'_>, key: &PublicKey, document: &[u8]) -> Option<Detected> {
    let signer = data.signers.first()?;
    let (signature, raw) = match Signature::from_der(signer.signature) {
        Ok(signature) => (signature, false),
        Err(_) => (Signature::from_raw(signer.signature.try_into().ok()?).ok()?, true),
    };
    let content = data.content.unwrap_or(document);
    let z = |id: &[u8], message: &[u8]| sm2::message_digest(id, key, message).unwrap_or_default();
    let mut candidates: Vec<(Flavour, [u8; 32])> = Vec::new();
    if let Some(attributes) = &signer.attributes {
        let signed = attributes.signed_bytes();
        candidates.push((Flavour::AttrZ, z(DEFAULT_ID, &signed)));
        candidates.push((Flavour::AttrZEmpty, z(b"", &signed)));
        candidates.push((Flavour::AttrNoZAll, sm3::digest(&[data.content_info, &signed].concat())));
    }
    let hash = sm3::digest(document);
    let plain = match content {
        content if content == hash => Flavour::PlainDoubleHash,
        content if content == b64(&hash).as_bytes() => Flavour::B64Hash,
        _ => Flavour::PlainZ,
    };
    candidates.push((plain, z(DEFAULT_ID, content)));
    candidates.push((Flavour::PlainDoubleHash, z(DEFAULT_ID, &hash)));
    candidates.push((Flavour::PlainNoZ, sm3::digest(content)));
    candidates.push((Flavour::PlainNoZTlv, sm3::digest(data.content_info)));
    let found = candidates.into_iter().find(|(_, digest)| sm2::verify_digest(key, digest, &signature).is_ok());
    found.map(|(flavour, _)| Detected { flavour, raw })
}
