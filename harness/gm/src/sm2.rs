//! SM2 signatures (GB/T 32918.1, .2 and .5, recommended curve) over SM3.
//!
//! The signer identifier is bytes, Z is computed here and the digest is handed to the curve code.
//! Readers are strict; there is no lax form, no recovery and no other curve. Encryption, key exchange
//! and the key form of certificates stand in modules of their own.

pub(crate) mod curve;
pub mod encryption;
pub mod exchange;
mod kdf;
mod key;
mod signature;
pub mod spki;

pub use key::{KeyError, PublicKey, SecretKey};
pub use signature::{Signature, SignatureError};

use ::signature::hazmat::{PrehashSigner, PrehashVerifier};
use ::sm2::dsa::VerifyingKey;

use crate::sm3::Hasher;

/// The signer identifier of GB/T 35276, used everywhere outside TLS 1.3.
pub const DEFAULT_ID: &[u8] = b"1234567812345678";

/// Longest signer identifier, bytes: its length in bits is written in 16 bits.
pub const ID_MAX: usize = 8191;

/// The curve code keeps an identifier of its own, which the digest path does not use.
const UNUSED_ID: &str = "";

/// A signer identifier that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("signer identifier of {found} bytes, wanted at most {ID_MAX}")]
pub struct IdError {
    /// Its length in bytes.
    pub found: usize,
}

/// Why no signature could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The signer identifier is too long.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The one nonce of RFC 6979 gives r = 0, s = 0 or r + k = n; probability below 2^-254.
    #[error("the deterministic nonce gives no signature")]
    Nonce,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The signer identifier is too long.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The verification equation does not hold.
    #[error("signature does not fit message, signer identifier and key")]
    Mismatch,
}

/// Z, the hash of signer identifier, curve and key: 32 bytes (GB/T 32918.2-2016, 5.5).
///
/// # Errors
/// When the identifier has more than [`ID_MAX`] bytes.
pub fn za(id: &[u8], key: &PublicKey) -> Result<[u8; 32], IdError> {
    let too_long = IdError { found: id.len() };
    let bits = id.len().checked_mul(8).and_then(|bits| u16::try_from(bits).ok()).ok_or(too_long)?;
    let mut hasher = Hasher::new();
    hasher.update(&bits.to_be_bytes());
    hasher.update(id);
    for parameter in [&curve::A, &curve::B, &curve::GX, &curve::GY] {
        hasher.update(parameter);
    }
    hasher.update(&key.to_uncompressed()[1..]);
    Ok(hasher.finish())
}

/// e = SM3(Z ‖ message): 32 bytes, big endian, not reduced.
///
/// # Errors
/// As [`za`].
pub fn message_digest(id: &[u8], key: &PublicKey, message: &[u8]) -> Result<[u8; 32], IdError> {
    let mut hasher = Hasher::new();
    hasher.update(&za(id, key)?);
    hasher.update(message);
    Ok(hasher.finish())
}

/// Signs a message; the same key, identifier and message always give the same bytes
/// (nonce of RFC 6979 with HMAC-SM3 over the private key and e mod n).
///
/// # Errors
/// As [`za`], and when the one nonce gives no signature.
pub fn sign(key: &SecretKey, id: &[u8], message: &[u8]) -> Result<Signature, SignError> {
    sign_digest(key, &message_digest(id, key.public_key(), message)?)
}

/// Signs a digest e that the caller made, for signatures that are wrong on purpose.
///
/// # Errors
/// When the one nonce gives no signature.
pub fn sign_digest(key: &SecretKey, digest: &[u8; 32]) -> Result<Signature, SignError> {
    let made: ::sm2::dsa::Signature = key.signer().sign_prehash(digest).map_err(|_| SignError::Nonce)?;
    Signature::from_raw(&made.to_bytes().into()).map_err(|_| SignError::Nonce)
}

/// Verifies a signature over a message as received.
///
/// # Errors
/// As [`za`], and when the signature does not fit.
pub fn verify(key: &PublicKey, id: &[u8], message: &[u8], signature: &Signature) -> Result<(), VerifyError> {
    verify_digest(key, &message_digest(id, key, message)?, signature)
}

/// Verifies a signature over a digest e that the caller made.
///
/// # Errors
/// When the signature does not fit; never an identifier error.
pub fn verify_digest(key: &PublicKey, digest: &[u8; 32], signature: &Signature) -> Result<(), VerifyError> {
    let verifier = VerifyingKey::new(UNUSED_ID, *key.inner()).map_err(|_| VerifyError::Mismatch)?;
    let wanted = ::sm2::dsa::Signature::from_slice(signature.as_raw()).map_err(|_| VerifyError::Mismatch)?;
    verifier.verify_prehash(digest, &wanted).map_err(|_| VerifyError::Mismatch)
}

#[cfg(test)]
mod tests;
