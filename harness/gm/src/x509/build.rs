//! The writer of certificates: good ones, and ones that are wrong in a chosen way (test authorities).

use time::OffsetDateTime;

use super::algorithm::write_algorithm;
use super::name::Name;
use crate::der::{tag, write, write_generalized_time, write_utc_time};
use crate::oid::{self, Oid, SM2_WITH_SM3};
use crate::sm2::{self, DEFAULT_ID, SecretKey, SignError};
use crate::sm3;

/// Which time type is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeForm {
    /// As RFC 5280 wants it: UTCTime up to 2049, GeneralizedTime after.
    ByYear,
    /// GeneralizedTime always.
    Generalized,
}

/// What a certificate says. Every part can be set to a wrong value.
#[derive(Debug, Clone)]
pub struct CertificateSpec {
    /// Content bytes of the serial number, written as they are.
    pub serial: Vec<u8>,
    /// Issuer.
    pub issuer: Name,
    /// Subject.
    pub subject: Name,
    /// First instant of validity.
    pub not_before: OffsetDateTime,
    /// Last instant of validity.
    pub not_after: OffsetDateTime,
    /// Time types.
    pub time_form: TimeForm,
    /// SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// Extensions, each a whole Extension in DER.
    pub extensions: Vec<Vec<u8>>,
    /// AlgorithmIdentifier inside the signed part.
    pub inner_algorithm: Vec<u8>,
    /// AlgorithmIdentifier outside.
    pub outer_algorithm: Vec<u8>,
}

impl CertificateSpec {
    /// A version 3 certificate with SM2 with SM3 and no extensions yet.
    #[must_use]
    pub fn new(serial: &[u8], issuer: Name, subject: Name, validity: [OffsetDateTime; 2], spki: Vec<u8>) -> Self {
        let [not_before, not_after] = validity;
        let algorithm = write_algorithm(&SM2_WITH_SM3);
        Self {
            serial: serial.to_vec(),
            issuer,
            subject,
            not_before,
            not_after,
            time_form: TimeForm::ByYear,
            spki,
            extensions: Vec::new(),
            inner_algorithm: algorithm.clone(),
            outer_algorithm: algorithm,
        }
    }

    /// The part that is signed.
    #[must_use]
    pub fn signed_part(&self) -> Vec<u8> {
        let version = write::tlv(tag::context(0), &write::small(2));
        let serial = write::tlv(tag::INTEGER, &self.serial);
        let validity = write::sequence(&[&self.time(self.not_before), &self.time(self.not_after)]);
        let extensions = write::tlv(tag::SEQUENCE, &self.extensions.concat());
        let extensions = write::tlv(tag::context(3), &extensions);
        write::sequence(&[
            &version,
            &serial,
            &self.inner_algorithm,
            self.issuer.der(),
            &validity,
            self.subject.der(),
            &self.spki,
            if self.extensions.is_empty() { &[] } else { &extensions },
        ])
    }

    fn time(&self, instant: OffsetDateTime) -> Vec<u8> {
        if self.time_form == TimeForm::ByYear && instant.to_offset(time::UtcOffset::UTC).year() < 2050 {
            write::tlv(tag::UTC_TIME, write_utc_time(instant).as_bytes())
        } else {
            write::tlv(tag::GENERALIZED_TIME, write_generalized_time(instant).as_bytes())
        }
    }

    /// The certificate with any signature bytes.
    #[must_use]
    pub fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        write::sequence(&[&self.signed_part(), &self.outer_algorithm, &write::bits(signature)])
    }

    /// The certificate signed by an issuer's key.
    ///
    /// # Errors
    /// When the one deterministic nonce gives no signature.
    pub fn sign(&self, key: &SecretKey) -> Result<Vec<u8>, SignError> {
        self.sign_with_id(key, DEFAULT_ID)
    }

    /// As [`CertificateSpec::sign`] with another signer identifier.
    ///
    /// # Errors
    /// As [`CertificateSpec::sign`], and when the identifier is too long.
    pub fn sign_with_id(&self, key: &SecretKey, id: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(self.with_signature(&sm2::sign(key, id, &self.signed_part())?.to_der()))
    }
}

/// The key identifier of this suite: the first 20 bytes of SM3 over the SubjectPublicKeyInfo.
#[must_use]
pub fn key_id(spki: &[u8]) -> [u8; 20] {
    let digest = sm3::digest(spki);
    let mut id = [0; 20];
    id.copy_from_slice(&digest[..20]);
    id
}

/// SubjectPublicKeyInfo with any named curve and any point bytes.
#[must_use]
pub fn spki_with(curve: &Oid, point: &[u8]) -> Vec<u8> {
    super::algorithm::write_spki(curve, point)
}

/// An extension with this value.
#[must_use]
pub fn extension(kind: &Oid, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical { write::boolean(true) } else { Vec::new() };
    write::sequence(&[&write::oid(kind), &flag, &write::octets(value)])
}

/// basicConstraints, critical.
#[must_use]
pub fn basic_constraints(ca: bool, path_length: Option<u32>) -> Vec<u8> {
    let flag = if ca { write::boolean(true) } else { Vec::new() };
    let length = path_length.map(write::small).unwrap_or_default();
    extension(&oid::BASIC_CONSTRAINTS, true, &write::sequence(&[&flag, &length]))
}

/// keyUsage, critical.
#[must_use]
pub fn key_usage(flags: u16) -> Vec<u8> {
    extension(&oid::KEY_USAGE, true, &write::named_bits(flags))
}

/// extendedKeyUsage.
#[must_use]
pub fn extended_key_usage(critical: bool, purposes: &[Oid]) -> Vec<u8> {
    let list: Vec<u8> = purposes.iter().flat_map(write::oid).collect();
    extension(&oid::EXTENDED_KEY_USAGE, critical, &write::tlv(tag::SEQUENCE, &list))
}

/// subjectKeyIdentifier.
#[must_use]
pub fn subject_key_id(id: &[u8]) -> Vec<u8> {
    extension(&oid::SUBJECT_KEY_IDENTIFIER, false, &write::octets(id))
}

/// authorityKeyIdentifier with a key identifier.
#[must_use]
pub fn authority_key_id(id: &[u8]) -> Vec<u8> {
    let id = write::tlv(tag::context_primitive(0), id);
    extension(&oid::AUTHORITY_KEY_IDENTIFIER, false, &write::sequence(&[&id]))
}

/// nameConstraints, critical: one permitted directory name.
#[must_use]
pub fn permitted_names(base: &Name) -> Vec<u8> {
    let name = write::tlv(tag::context(4), base.der());
    let subtree = write::sequence(&[&name]);
    let permitted = write::tlv(tag::context(0), &subtree);
    extension(&oid::NAME_CONSTRAINTS, true, &write::sequence(&[&permitted]))
}
