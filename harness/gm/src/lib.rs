//! The only door to SM2, SM3, HMAC-SM3, SM4, DER, X.509 and SignedData, with sizes and encodings as types.
//!
//! No input or output, no clock, no randomness: signatures are deterministic (RFC 6979 with
//! HMAC-SM3), keys come in as bytes or are derived from a seed that the caller names.
//! Nothing here accepts a lax encoding; a reader refuses what the matching writer cannot produce.

pub mod commitment;
pub mod craft;
pub mod der;
pub mod encoding;
pub mod hkdf_sm3;
pub mod hmac_sm3;
pub mod key_file;
pub mod legacy;
pub mod oid;
pub mod sha256;
pub mod signed_data;
pub mod sm2;
pub mod sm3;
pub mod sm4;
pub mod x509;

#[cfg(test)]
mod known_answers;
