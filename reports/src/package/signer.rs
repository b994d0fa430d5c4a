//! Who signs: a key, its certificate, and how their files are written and read.

use ecric_gm::key_file::{CERTIFICATE_LABEL, KEY_LABEL, decrypt, encrypt, read_pem, write_pem};
use ecric_gm::oid;
use ecric_gm::sm2::{SecretKey, spki::write_spki};
use ecric_gm::x509::build::{CertificateSpec, basic_constraints, key_id, key_usage, subject_key_id};
use ecric_gm::x509::{Certificate, Name};
use time::{Duration, OffsetDateTime};

use super::statement::SignerRole;
use crate::ReportError;

/// How long a certificate of one's own is good for.
const VALID_DAYS: i64 = 3_650;
/// digitalSignature and nonRepudiation, bits 0 and 1.
const USAGE: u16 = 0b11;

/// A key with its certificate.
#[derive(Debug, Clone)]
pub struct Signer {
    pub(crate) key: SecretKey,
    pub(crate) certificate: Certificate,
}

/// Random bytes that a new key needs.
#[derive(Debug, Clone, Copy)]
pub struct NewKey {
    /// Private key.
    pub secret: [u8; 32],
    /// Salt of the encryption.
    pub salt: [u8; 16],
    /// Initial vector of the encryption.
    pub iv: [u8; 16],
    /// Serial number of the certificate.
    pub serial: [u8; 16],
}

fn failed(error: &dyn std::fmt::Display) -> ReportError {
    ReportError::Sign { found: error.to_string() }
}

impl Signer {
    /// Makes a key from random bytes, with a certificate that it signs itself. The role, if given, stands in it.
    ///
    /// # Errors
    /// When the bytes are no key, which is as good as never.
    pub fn new(
        random: &NewKey,
        name: &str,
        role: Option<SignerRole>,
        now: OffsetDateTime,
    ) -> Result<Self, ReportError> {
        let key = SecretKey::from_bytes(&random.secret).map_err(|error| failed(&error))?;
        let mut attributes = vec![(oid::COUNTRY, "CN")];
        attributes.extend(role.map(|role| (oid::ORGANIZATIONAL_UNIT, role.name())));
        attributes.push((oid::COMMON_NAME, name));
        let subject = Name::of(&attributes);
        let mut serial = random.serial;
        serial[0] = (serial[0] & 0x3f) | 0x40;
        let begin = now - Duration::minutes(5);
        let validity = [begin, begin + Duration::days(VALID_DAYS)];
        let spki = write_spki(key.public_key());
        let mut spec = CertificateSpec::new(&serial, subject.clone(), subject, validity, spki.clone());
        spec.extensions = vec![basic_constraints(false, None), key_usage(USAGE), subject_key_id(&key_id(&spki))];
        let der = spec.sign(&key).map_err(|error| failed(&error))?;
        let certificate = Certificate::read(&der).map_err(|error| failed(&error))?;
        Ok(Self { key, certificate })
    }

    /// The key file: encrypted key and certificate, PEM.
    ///
    /// # Errors
    /// When the key cannot be encrypted.
    pub fn to_key_file(&self, passphrase: &[u8], random: &NewKey) -> Result<String, ReportError> {
        let der = encrypt(&self.key, passphrase, &random.salt, &random.iv).map_err(|error| failed(&error))?;
        Ok(write_pem(KEY_LABEL, &der) + &self.certificate_pem())
    }

    /// The certificate, PEM: what others are given to trust.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        write_pem(CERTIFICATE_LABEL, self.certificate.der())
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// For a file of another form, a wrong passphrase, a certificate of another key.
    pub fn from_key_file(text: &str, passphrase: &[u8]) -> Result<Self, ReportError> {
        let blocks = read_pem(text).map_err(|error| failed(&error))?;
        let block = |label: &str| blocks.iter().find(|(found, _)| found == label).map(|(_, der)| der);
        let der = block(KEY_LABEL).ok_or_else(|| failed(&"the file has no encrypted private key"))?;
        let certificate = block(CERTIFICATE_LABEL).ok_or_else(|| failed(&"the file has no certificate"))?;
        let certificate = Certificate::read(certificate).map_err(|error| failed(&error))?;
        let key = decrypt(der, passphrase).map_err(|error| failed(&error))?;
        if certificate.key.sm2() != Some(key.public_key()) {
            return Err(failed(&"the certificate is not that of the key"));
        }
        Ok(Self { key, certificate })
    }

    /// The name in the certificate.
    #[must_use]
    pub fn name(&self) -> String {
        self.certificate.subject.to_string()
    }

    /// The role in the certificate, if it has one.
    #[must_use]
    pub fn role(&self) -> Option<SignerRole> {
        role_of(&self.certificate)
    }
}

/// The role that a certificate is bound to.
pub(crate) fn role_of(certificate: &Certificate) -> Option<SignerRole> {
    certificate.subject.get(&oid::ORGANIZATIONAL_UNIT).and_then(SignerRole::parse)
}

/// Certificates that a user trusts: signers themselves, or roots above them.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub(crate) certificates: Vec<Certificate>,
}

impl Trust {
    /// Reads certificates, PEM.
    ///
    /// # Errors
    /// For a file without a certificate that can be read.
    pub fn parse(text: &str) -> Result<Self, ReportError> {
        let blocks = read_pem(text).map_err(|error| failed(&error))?;
        let certificates = blocks
            .iter()
            .filter(|(label, _)| label == CERTIFICATE_LABEL)
            .map(|(_, der)| Certificate::read(der).map_err(|error| failed(&error)))
            .collect::<Result<Vec<_>, _>>()?;
        if certificates.is_empty() {
            return Err(failed(&"the file has no certificate"));
        }
        Ok(Self { certificates })
    }
}
