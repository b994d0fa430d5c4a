//! A private key at rest: PKCS#8 encrypted with a passphrase (PBES2: scrypt, AES-256-CBC), its certificate beside it,
//! both as PEM in one file. Salt and initial vector are arguments: this room has no randomness.

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::{EncryptionScheme, pbes2, scrypt};
use zeroize::Zeroizing;

use crate::der::{DerError, Reader, tag};
use crate::encoding::{b64, from_b64};
use crate::oid::{EC_PUBLIC_KEY, SM2_CURVE};
use crate::sm2::SecretKey;

/// Label of the key.
pub const KEY_LABEL: &str = "ENCRYPTED PRIVATE KEY";
/// Label of a certificate.
pub const CERTIFICATE_LABEL: &str = "CERTIFICATE";
/// Largest PEM text read, bytes.
const PEM_MAX: usize = 1 << 20;

/// Why a key file cannot be used. Shows no part of the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// The text is not PEM as it is written here.
    #[error("not PEM: {0}")]
    Pem(String),
    /// The file has no encrypted key.
    #[error("no block ENCRYPTED PRIVATE KEY; only encrypted PKCS#8 keys are taken")]
    NoKey,
    /// The passphrase is wrong, or the key is damaged.
    #[error("the passphrase is wrong, or the key is damaged")]
    Passphrase,
    /// What was decrypted is no SM2 key.
    #[error("the key is no SM2 key in PKCS#8")]
    NotSm2,
    /// The key could not be encrypted.
    #[error("the key could not be encrypted")]
    Encrypt,
}

/// Encrypts a key: EncryptedPrivateKeyInfo in DER.
///
/// # Errors
/// When the library refuses its own parameters.
pub fn encrypt(key: &SecretKey, passphrase: &[u8], salt: &[u8; 16], iv: &[u8; 16]) -> Result<Vec<u8>, KeyFileError> {
    let params = scrypt::Params::new(14, 8, 1).map_err(|_| KeyFileError::Encrypt)?;
    let scheme = pbes2::Parameters::generate_scrypt_aes256cbc(params, salt, *iv).map_err(|_| KeyFileError::Encrypt)?;
    let scheme = EncryptionScheme::from(scheme);
    let data = scheme.encrypt(passphrase, &key.to_pkcs8()).map_err(|_| KeyFileError::Encrypt)?;
    let data = pkcs8::der::asn1::OctetStringRef::new(&data).map_err(|_| KeyFileError::Encrypt)?;
    let info = EncryptedPrivateKeyInfoRef { encryption_algorithm: scheme, encrypted_data: data };
    pkcs8::der::Encode::to_der(&info).map_err(|_| KeyFileError::Encrypt)
}

/// Decrypts a key.
///
/// # Errors
/// For a wrong passphrase, a damaged key and a key of another kind.
pub fn decrypt(der: &[u8], passphrase: &[u8]) -> Result<SecretKey, KeyFileError> {
    let info = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| KeyFileError::Passphrase)?;
    let document = info.decrypt(passphrase).map_err(|_| KeyFileError::Passphrase)?;
    read_pkcs8(document.as_bytes())
}

/// Reads PrivateKeyInfo with the SEC 1 structure inside, as [`SecretKey::to_pkcs8`] and OpenSSL write it.
fn read_pkcs8(der: &[u8]) -> Result<SecretKey, KeyFileError> {
    let read = || -> Result<Option<Zeroizing<[u8; 32]>>, DerError> {
        let mut outer = Reader::new(der).sequence()?;
        outer.element(tag::INTEGER)?;
        let mut algorithm = outer.sequence()?;
        let fits = algorithm.oid()? == EC_PUBLIC_KEY && algorithm.oid()? == SM2_CURVE;
        let mut inner = outer.element(tag::OCTET_STRING)?.reader().sequence()?;
        inner.element(tag::INTEGER)?;
        let d = inner.element(tag::OCTET_STRING)?.content;
        Ok(d.try_into().ok().filter(|_| fits).map(Zeroizing::new))
    };
    let d = read().ok().flatten().ok_or(KeyFileError::NotSm2)?;
    SecretKey::from_bytes(&d).map_err(|_| KeyFileError::NotSm2)
}

/// Writes one PEM block, 64 characters a line.
#[must_use]
pub fn write_pem(label: &str, der: &[u8]) -> String {
    let text = b64(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// Reads every PEM block of a text: label and content. Text between the blocks is passed over.
///
/// # Errors
/// For a block that does not end, or is not base64.
pub fn read_pem(text: &str) -> Result<Vec<(String, Vec<u8>)>, KeyFileError> {
    if text.len() > PEM_MAX {
        return Err(KeyFileError::Pem(format!("{} bytes, at most {PEM_MAX}", text.len())));
    }
    let mut out = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines().map(str::trim_end) {
        match &mut open {
            None => {
                if let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) {
                    open = Some((label.to_owned(), String::new()));
                }
            }
            Some((label, body)) => {
                if line.strip_prefix("-----END ").and_then(|rest| rest.strip_suffix("-----")) == Some(label) {
                    let der = from_b64(body).map_err(|error| KeyFileError::Pem(error.to_string()))?;
                    out.push((std::mem::take(label), der));
                    open = None;
                } else {
                    body.push_str(line);
                }
            }
        }
    }
    match open {
        Some((label, _)) => Err(KeyFileError::Pem(format!("the block {label} does not end"))),
        None => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_with_its_passphrase_only() {
        let key = SecretKey::derive(b"ecric-test-pki-v1", "key-file");
        let der = encrypt(&key, b"open sesame", &[1; 16], &[2; 16]).unwrap();
        assert!(!der.windows(32).any(|window| window == &key.to_bytes()[..]));
        assert_eq!(decrypt(&der, b"open sesame").unwrap().public_key(), key.public_key());
        assert_eq!(decrypt(&der, b"open sesam").unwrap_err(), KeyFileError::Passphrase);
        let text = write_pem(KEY_LABEL, &der);
        assert_eq!(read_pem(&text).unwrap(), vec![(KEY_LABEL.to_owned(), der)]);
        assert!(read_pem(&text[..text.len() - 10]).is_err());
        assert!(read_pem(&text.replacen('M', "!", 1)).is_err());
    }
}
