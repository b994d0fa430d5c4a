//! Certificates of test authorities: one shape for the suite's own PKI and for the reference issuer's.
//!
//! Keys are derived from a seed and a label and are public: whoever knows the seed has them.

use ecric_gm::oid::{self, Oid};
use ecric_gm::sm2::spki::write_spki;
use ecric_gm::sm2::{SecretKey, SignError};
use ecric_gm::sm3;
use ecric_gm::x509::build::{self, CertificateSpec};
use ecric_gm::x509::{Certificate, KeyUsage, Name};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::file::purpose;

/// Organisation of every test authority.
pub const TEST_ORGANISATION: &str = "ECRIC CONFORMANCE TEST ONLY";
/// Validity of test certificates: 2020 to 2049, China time.
pub const VALIDITY: [OffsetDateTime; 2] = [datetime!(2020-01-01 0:00 +8), datetime!(2049-12-31 23:59:59 +8)];

/// A key and its certificate.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Label from which key and serial number come.
    pub label: String,
    /// The private key.
    pub key: SecretKey,
    /// The certificate.
    pub certificate: Certificate,
}

/// What a test certificate is for.
#[derive(Debug, Clone)]
pub struct Profile<'a> {
    /// Label from which key and serial number come.
    pub label: &'a str,
    /// What stands behind the label in the common name.
    pub name: &'a str,
    /// Name and code (USCI) of the organisation of a leaf; `None` for authorities.
    pub organisation: Option<(&'a str, &'a str)>,
    /// A CA, and the certificates that may follow below it.
    pub ca: Option<Option<u32>>,
    /// Purposes besides the test mark.
    pub purposes: &'a [Oid],
    /// Whether the purposes are critical and stand alone (time stamping).
    pub critical: bool,
}

impl<'a> Profile<'a> {
    /// A root or an intermediate.
    #[must_use]
    pub const fn authority(label: &'a str, name: &'a str, below: Option<u32>) -> Self {
        Self { label, name, organisation: None, ca: Some(below), purposes: &[], critical: false }
    }

    /// A leaf.
    #[must_use]
    pub const fn leaf(label: &'a str, name: &'a str, organisation: (&'a str, &'a str), purposes: &'a [Oid]) -> Self {
        Self { label, name, organisation: Some(organisation), ca: None, purposes, critical: false }
    }

    /// The subject.
    #[must_use]
    pub fn subject(&self) -> Name {
        let common = format!("{} {}", self.label, self.name);
        match self.organisation {
            None => {
                Name::of(&[(oid::COUNTRY, "CN"), (oid::ORGANIZATION, TEST_ORGANISATION), (oid::COMMON_NAME, &common)])
            }
            Some((name, code)) => Name::of(&[
                (oid::COUNTRY, "CN"),
                (oid::ORGANIZATION, name),
                (oid::ORGANIZATION_IDENTIFIER, code),
                (oid::ORGANIZATIONAL_UNIT, TEST_ORGANISATION),
                (oid::COMMON_NAME, &common),
            ]),
        }
    }
}

/// Serial number of a label: the first 16 bytes of its SM3 with the top bit cleared, without
/// leading zero bytes.
#[must_use]
pub fn serial(label: &str) -> Vec<u8> {
    let mut serial = sm3::digest(label.as_bytes())[..16].to_vec();
    serial[0] &= 0x7f;
    while serial.len() > 1 && serial[0] == 0 && serial[1] < 0x80 {
        serial.remove(0);
    }
    serial
}

/// The key of a label and the certificate that is to be signed; `issuer` is `None` for a root.
#[must_use]
pub fn specify(seed: &[u8], profile: &Profile<'_>, issuer: Option<&Certificate>) -> (SecretKey, CertificateSpec) {
    let key = SecretKey::derive(seed, profile.label);
    let spki = write_spki(key.public_key());
    let subject = profile.subject();
    let issuer_name = issuer.map_or_else(|| subject.clone(), |issuer| issuer.subject.clone());
    let issuer_spki = issuer.map_or(&spki[..], |issuer| &issuer.spki);
    let authority_id = issuer
        .and_then(|issuer| issuer.extensions.subject_key_id.clone())
        .unwrap_or_else(|| build::key_id(issuer_spki).to_vec());
    let mut spec = CertificateSpec::new(&serial(profile.label), issuer_name, subject, VALIDITY, spki.clone());
    let usage = if profile.ca.is_some() {
        KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN
    } else {
        KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION
    };
    let mark: &[Oid] = if profile.critical { &[] } else { &[purpose::TEST_MARK] };
    spec.extensions = vec![
        build::basic_constraints(profile.ca.is_some(), profile.ca.flatten()),
        build::key_usage(usage),
        build::extended_key_usage(profile.critical, &[mark, profile.purposes].concat()),
        build::subject_key_id(&build::key_id(&spki)),
        build::authority_key_id(&authority_id),
    ];
    (key, spec)
}

/// Makes a key and its certificate; `issuer` is `None` for a root.
///
/// # Errors
/// When the one deterministic nonce gives no signature.
pub fn issue(seed: &[u8], profile: &Profile<'_>, issuer: Option<&Entity>) -> Result<Entity, SignError> {
    let (key, spec) = specify(seed, profile, issuer.map(|issuer| &issuer.certificate));
    let signer = issuer.map_or(&key, |issuer| &issuer.key);
    entity(profile.label, key.clone(), &spec.sign(signer)?)
}

/// A key with the certificate made for it.
///
/// # Errors
/// Never for what this crate wrote.
pub fn entity(label: &str, key: SecretKey, der: &[u8]) -> Result<Entity, SignError> {
    let certificate = Certificate::read(der).map_err(|_| SignError::Nonce)?;
    Ok(Entity { label: label.to_owned(), key, certificate })
}
