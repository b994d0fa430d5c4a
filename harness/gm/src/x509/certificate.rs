//! One certificate: read strictly, kept as received.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use time::OffsetDateTime;

use super::algorithm::{AlgorithmId, SubjectKey, is_encoding_fault};
use super::extensions::Extensions;
use super::name::Name;
use crate::der::{DerError, DerFault, Element, Reader, read_generalized_time, read_utc_time, tag};
use crate::oid::{Oid, SM2_WITH_SM3};
use crate::sm2::{self, DEFAULT_ID, PublicKey, Signature, SignatureError};
use crate::sm3;

/// Largest certificate that is read: 16 KiB.
pub const SIZE_MAX: usize = 16 * 1024;

/// What is wrong with a certificate that could be read nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// Not DER, or a value that does not fit its place.
    #[error(transparent)]
    Der(#[from] DerError),
    /// Another version than 3.
    #[error("version is not 3")]
    Version,
    /// signatureAlgorithm differs from the one inside the signed part.
    #[error("signature algorithm outside differs from inside")]
    AlgorithmMismatch,
    /// An extension stands twice.
    #[error("extension {0} stands twice")]
    DuplicateExtension(Oid),
    /// A critical extension that is not known.
    #[error("unknown critical extension {0}")]
    UnknownCritical(Oid),
    /// Serial number not positive or longer than 20 bytes.
    #[error("serial number is not positive or longer than 20 bytes")]
    Serial,
    /// UTCTime from 2050 on, or GeneralizedTime before 2050.
    #[error("time type does not fit the year")]
    TimeType,
    /// notAfter before notBefore.
    #[error("notAfter is before notBefore")]
    TimeOrder,
    /// A NUL inside a name.
    #[error("NUL inside a name")]
    NulInName,
}

/// Why a signature by an issuer does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// Another algorithm than SM2 with SM3.
    #[error("algorithm is not SM2 with SM3")]
    Algorithm,
    /// The signature is not strict DER.
    #[error("signature value is not strict DER")]
    Encoding,
    /// r or s is out of range.
    #[error("r or s is out of range")]
    Range,
    /// It verifies under the empty signer identifier, or without Z.
    #[error("verifies only under another signer identifier")]
    OtherSignerId,
    /// It does not verify.
    #[error("signature does not verify")]
    Mismatch,
    /// The issuer's key is no SM2 key.
    #[error("issuer has no SM2 key")]
    IssuerKey,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    signed: Range<usize>,
    /// Serial number, content bytes of the INTEGER as received.
    pub serial: Vec<u8>,
    /// Issuer.
    pub issuer: Name,
    /// Subject.
    pub subject: Name,
    /// First instant of validity.
    pub not_before: OffsetDateTime,
    /// Last instant of validity.
    pub not_after: OffsetDateTime,
    /// The subject's key.
    pub key: SubjectKey,
    /// SubjectPublicKeyInfo as received.
    pub spki: Vec<u8>,
    /// The algorithm of the signature.
    pub algorithm: Oid,
    /// The signature, bytes of the BIT STRING.
    pub signature: Vec<u8>,
    /// Extensions.
    pub extensions: Extensions,
    /// Everything that is wrong but did not stop the reading, in reading order.
    pub faults: Vec<CertificateFault>,
}

impl Certificate {
    /// Reads one certificate. What is merely wrong goes into [`Certificate::faults`].
    ///
    /// # Errors
    /// When the structure cannot be read, or the input is above [`SIZE_MAX`].
    pub fn read(input: &[u8]) -> Result<Self, DerError> {
        if input.len() > SIZE_MAX {
            return Err(DerError { fault: DerFault::Limit, position: SIZE_MAX });
        }
        let mut faults = Vec::new();
        if let Err(error) = crate::der::check_canonical(input) {
            faults.push(CertificateFault::Der(error));
        }
        let mut outer = Reader::tolerant(input);
        let mut certificate = outer.sequence()?;
        let signed = certificate.element(tag::SEQUENCE)?;
        let algorithm = AlgorithmId::read(&mut certificate)?;
        let signature = signature_bits(&certificate.element(tag::BIT_STRING)?, &mut faults)?;
        certificate.finish()?;

        let mut tbs = signed.reader();
        let version = tbs.optional(tag::context(0))?;
        let version = version.map(|element| element.reader().element(tag::INTEGER)?.small()).transpose()?;
        if version != Some(2) {
            faults.push(CertificateFault::Version);
        }
        let serial = tbs.element(tag::INTEGER)?.content.to_vec();
        if serial.first().is_none_or(|byte| *byte >= 0x80) || serial.len() > 20 || serial.iter().all(|byte| *byte == 0)
        {
            faults.push(CertificateFault::Serial);
        }
        let inner = AlgorithmId::read(&mut tbs)?;
        if inner.oid != algorithm.oid || inner.is_plain() != algorithm.is_plain() {
            faults.push(CertificateFault::AlgorithmMismatch);
        }
        let issuer = Name::read(&mut tbs)?;
        let mut validity = tbs.sequence()?;
        let not_before = read_time(&validity.any()?, &mut faults)?;
        let not_after = read_time(&validity.any()?, &mut faults)?;
        validity.finish()?;
        if not_after < not_before {
            faults.push(CertificateFault::TimeOrder);
        }
        let subject = Name::read(&mut tbs)?;
        if issuer.has_nul() || subject.has_nul() {
            faults.push(CertificateFault::NulInName);
        }
        let before_key = tbs;
        let key = SubjectKey::read(&mut tbs)?;
        let spki = { before_key }.any()?.whole.to_vec();
        let _ = tbs.optional(tag::context_primitive(1))?;
        let _ = tbs.optional(tag::context_primitive(2))?;
        let extensions = match tbs.optional(tag::context(3))? {
            Some(element) => Extensions::read(element.reader().sequence()?, &mut faults)?,
            None => Extensions::default(),
        };
        tbs.finish()?;
        let start = signed.position;
        Ok(Self {
            der: input.to_vec(),
            signed: start..start + signed.whole.len(),
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            key,
            spki,
            algorithm: algorithm.oid,
            signature,
            extensions,
            faults,
        })
    }

    /// The certificate as received.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SM3 of the certificate, 32 bytes.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        sm3::digest(&self.der)
    }

    /// The first eight bytes of [`Certificate::fingerprint`], 16 hex digits (binding v1, 2.3).
    #[must_use]
    pub fn kid(&self) -> String {
        crate::encoding::hex(&self.fingerprint()[..8])
    }

    /// Whether subject and issuer are the same name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject.der() == self.issuer.der()
    }

    /// Checks the signature of this certificate with the key of an issuer.
    ///
    /// # Errors
    /// With what does not hold.
    pub fn verify_by(&self, issuer: &Self) -> Result<(), LinkFault> {
        let key = issuer.key.sm2().ok_or(LinkFault::IssuerKey)?;
        verify_link(&self.algorithm, &self.der[self.signed.clone()], &self.signature, key)
    }
}

/// Checks an SM2 signature in DER over bytes as received, with the default signer identifier.
///
/// # Errors
/// With what does not hold; [`LinkFault::OtherSignerId`] when it verifies with the empty identifier
/// or without Z.
pub fn verify_link(algorithm: &Oid, signed: &[u8], signature: &[u8], key: &PublicKey) -> Result<(), LinkFault> {
    if *algorithm != SM2_WITH_SM3 {
        return Err(LinkFault::Algorithm);
    }
    let signature = Signature::from_der(signature).map_err(|error| match error {
        SignatureError::Der { .. } => LinkFault::Encoding,
        SignatureError::RangeR | SignatureError::RangeS => LinkFault::Range,
    })?;
    let proof = proof(key, signed, &signature);
    let proven = || PROVEN.lock().unwrap_or_else(PoisonError::into_inner);
    if proven().contains(&proof) {
        return Ok(());
    }
    if sm2::verify(key, DEFAULT_ID, signed, &signature).is_ok() {
        let mut proven = proven();
        if proven.len() >= PROVEN_MAX {
            proven.clear();
        }
        proven.insert(proof);
        return Ok(());
    }
    let other = sm2::verify(key, b"", signed, &signature).is_ok()
        || sm2::verify_digest(key, &sm3::digest(signed), &signature).is_ok();
    Err(if other { LinkFault::OtherSignerId } else { LinkFault::Mismatch })
}

/// Signatures that were found to hold: the same certificates and lists come again and again, and a signature
/// holds for ever. Only good ones are kept, by a digest over everything that decides.
static PROVEN: Mutex<BTreeSet<[u8; 32]>> = Mutex::new(BTreeSet::new());
/// Most of them.
const PROVEN_MAX: usize = 4_096;

fn proof(key: &PublicKey, signed: &[u8], signature: &Signature) -> [u8; 32] {
    // A key has one length and a signature tells its own, so nothing can be moved from one to the next.
    let mut digest = sm3::Hasher::new();
    digest.update(&key.to_uncompressed());
    digest.update(&signature.to_der());
    digest.update(signed);
    digest.finish()
}

/// The bytes of a signature BIT STRING; unused bits are a fault, not an end.
pub(super) fn signature_bits(element: &Element<'_>, faults: &mut Vec<CertificateFault>) -> Result<Vec<u8>, DerError> {
    match element.bytes_of_bits() {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) if is_encoding_fault(error.fault) => {
            faults.push(CertificateFault::Der(error));
            Ok(element.content[1..].to_vec())
        }
        Err(error) => Err(error),
    }
}

/// Reads a Time and notes a type that does not fit the year (RFC 5280, 4.1.2.5).
pub(super) fn read_time(element: &Element<'_>, faults: &mut Vec<CertificateFault>) -> Result<OffsetDateTime, DerError> {
    let bad = element.error(DerFault::TimeForm);
    match element.tag {
        tag::UTC_TIME => read_utc_time(element.content).ok_or(bad),
        tag::GENERALIZED_TIME => {
            let time = read_generalized_time(element.content).ok_or(bad)?;
            if time.year() < 2050 {
                faults.push(CertificateFault::TimeType);
            }
            Ok(time)
        }
        found => Err(element.error(DerFault::Tag { found, wanted: tag::UTC_TIME })),
    }
}
