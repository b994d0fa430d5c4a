//! SM2 encryption (GB/T 32918.4-2016): ciphertexts in raw and DER form, both orders of the raw form.
//!
//! Readers are strict: uncompressed C1 only, nothing behind the end. A ciphertext of nothing is
//! refused: t would be empty, and the standard wants another nonce where t has no one bit.

use ::sm2::elliptic_curve::sec1::ToSec1Point;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{PublicKey, SecretKey, curve, kdf};
use crate::der::{DerError, Reader, tag, write};
use crate::sm3::Hasher;

/// Why bytes are no ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CiphertextError {
    /// Shorter than 04, C1, C3 and one byte of C2.
    #[error("{found} bytes, wanted at least 98")]
    Length {
        /// Bytes found.
        found: usize,
    },
    /// C1 does not start with 04.
    #[error("C1 starts with {found:#04x}, wanted 0x04")]
    Form {
        /// The first byte.
        found: u8,
    },
    /// The DER form is broken.
    #[error(transparent)]
    Der(#[from] DerError),
    /// A coordinate of C1 is not below the field prime.
    #[error("coordinate of C1 is not below the field prime")]
    Coordinate,
    /// C1 is not on the curve; the all-zero point is not either.
    #[error("C1 is not on the curve")]
    NotOnCurve,
    /// C3 of the DER form has not 32 bytes.
    #[error("C3 of {found} bytes, wanted 32")]
    Hash {
        /// Its length in bytes.
        found: usize,
    },
    /// C2 is empty.
    #[error("C2 is empty")]
    Empty,
}

/// Why a ciphertext is not opened. Says nothing about the plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// Every bit of t is zero: the plaintext would stand in the open.
    #[error("the mask is zero")]
    ZeroMask,
    /// C3 is not the hash of what came out.
    #[error("C3 does not fit")]
    Mismatch,
}

/// Why nothing was encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// Nothing to encrypt.
    #[error("empty plaintext")]
    Empty,
    /// The standard takes another nonce: every bit of t is zero.
    #[error("the nonce makes a mask of zeros")]
    ZeroMask,
}

/// The order of the raw form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// C1 ‖ C3 ‖ C2 (GB/T 32918.4-2016).
    C1C3C2,
    /// C1 ‖ C2 ‖ C3, the older practice.
    C1C2C3,
}

/// A ciphertext: C1 on the curve, C3 of 32 bytes, C2 of at least one byte.
#[derive(Clone, PartialEq, Eq)]
pub struct Ciphertext {
    point: ::sm2::PublicKey,
    hash: [u8; 32],
    masked: Vec<u8>,
}

impl Ciphertext {
    /// Reads 04 ‖ x ‖ y, then C3 and C2 in the order named.
    ///
    /// # Errors
    /// For every other form of C1, a point off the curve, and an empty C2.
    pub fn from_raw(bytes: &[u8], order: Order) -> Result<Self, CiphertextError> {
        let too_short = CiphertextError::Length { found: bytes.len() };
        let (point, rest) = bytes.split_first_chunk::<65>().ok_or(too_short)?;
        if point[0] != 4 {
            return Err(CiphertextError::Form { found: point[0] });
        }
        let (hash, masked) = match order {
            Order::C1C3C2 => rest.split_first_chunk::<32>(),
            Order::C1C2C3 => rest.split_last_chunk::<32>().map(|(masked, hash)| (hash, masked)),
        }
        .ok_or(too_short)?;
        Self::new(point, *hash, masked)
    }

    /// Reads `SM2Cipher ::= SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, cipher OCTET STRING }`
    /// in strict DER (GB/T 35276).
    ///
    /// # Errors
    /// For everything that [`Ciphertext::to_der`] would not write.
    pub fn from_der(bytes: &[u8]) -> Result<Self, CiphertextError> {
        let mut outer = Reader::new(bytes);
        let mut inner = outer.sequence()?;
        outer.finish_input()?;
        let x = inner.element(tag::INTEGER)?.unsigned()?;
        let y = inner.element(tag::INTEGER)?.unsigned()?;
        let hash = inner.element(tag::OCTET_STRING)?.content;
        let masked = inner.element(tag::OCTET_STRING)?.content;
        inner.finish()?;
        let mut point = [0; 65];
        point[0] = 4;
        for (number, half) in [x, y].into_iter().zip(point[1..].chunks_exact_mut(32)) {
            let start = 32_usize.checked_sub(number.len()).ok_or(CiphertextError::Coordinate)?;
            half[start..].copy_from_slice(number);
        }
        let hash = hash.try_into().map_err(|_| CiphertextError::Hash { found: hash.len() })?;
        Self::new(&point, hash, masked)
    }

    /// Writes 04 ‖ x ‖ y, then C3 and C2 in the order named.
    #[must_use]
    pub fn to_raw(&self, order: Order) -> Vec<u8> {
        match order {
            Order::C1C3C2 => [&self.point_bytes(), &self.hash[..], &self.masked].concat(),
            Order::C1C2C3 => [&self.point_bytes(), &self.masked[..], &self.hash].concat(),
        }
    }

    /// Writes `SM2Cipher` in DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let point = self.point_bytes();
        write::sequence(&[
            &write::unsigned(&point[1..33]),
            &write::unsigned(&point[33..]),
            &write::octets(&self.hash),
            &write::octets(&self.masked),
        ])
    }

    fn new(point: &[u8; 65], hash: [u8; 32], masked: &[u8]) -> Result<Self, CiphertextError> {
        if point[1..33] >= curve::P[..] || point[33..] >= curve::P[..] {
            return Err(CiphertextError::Coordinate);
        }
        let point = ::sm2::PublicKey::from_sec1_bytes(point).map_err(|_| CiphertextError::NotOnCurve)?;
        if masked.is_empty() {
            return Err(CiphertextError::Empty);
        }
        Ok(Self { point, hash, masked: masked.to_vec() })
    }

    #[allow(clippy::expect_used, reason = "an uncompressed point has 65 bytes")]
    fn point_bytes(&self) -> [u8; 65] {
        let point = self.point.to_sec1_point(false);
        point.as_bytes().try_into().expect("an uncompressed point has 65 bytes")
    }
}

impl std::fmt::Debug for Ciphertext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ciphertext({})", crate::encoding::hex(&self.to_raw(Order::C1C3C2)))
    }
}

/// Encrypts with the nonce k = the private key `nonce`, which must never serve twice; for vectors,
/// which have to come out the same every time.
///
/// # Errors
/// For an empty plaintext, and where t has no one bit.
pub fn encrypt_with_nonce(key: &PublicKey, nonce: &SecretKey, plaintext: &[u8]) -> Result<Ciphertext, EncryptError> {
    if plaintext.is_empty() {
        return Err(EncryptError::Empty);
    }
    let (x2, y2) = shared(key.inner(), nonce);
    let mask = kdf::derive(&[&x2, &y2], plaintext.len()).ok_or(EncryptError::ZeroMask)?;
    if mask.iter().all(|byte| *byte == 0) {
        return Err(EncryptError::ZeroMask);
    }
    let masked = plaintext.iter().zip(mask).map(|(left, right)| left ^ right).collect();
    Ok(Ciphertext { point: *nonce.public_key().inner(), hash: hash(&x2, plaintext, &y2), masked })
}

/// Opens a ciphertext.
///
/// # Errors
/// When t has no one bit, and when C3 does not fit.
pub fn decrypt(key: &SecretKey, ciphertext: &Ciphertext) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let (x2, y2) = shared(&ciphertext.point, key);
    let mask = kdf::derive(&[&x2, &y2], ciphertext.masked.len()).ok_or(DecryptError::Mismatch)?;
    let mask = Zeroizing::new(mask);
    if mask.iter().all(|byte| *byte == 0) {
        return Err(DecryptError::ZeroMask);
    }
    let plain: Vec<u8> = ciphertext.masked.iter().zip(mask.iter()).map(|(left, right)| left ^ right).collect();
    let plain = Zeroizing::new(plain);
    if hash(&x2, &plain, &y2)[..].ct_eq(&ciphertext.hash).into() { Ok(plain) } else { Err(DecryptError::Mismatch) }
}

/// x and y of the point multiplied by the private key; the curve has cofactor 1, so never infinity.
fn shared(point: &::sm2::PublicKey, key: &SecretKey) -> ([u8; 32], [u8; 32]) {
    let product = crate::craft::Point::of_inner(point).times(crate::craft::Number::of_secret(key));
    (product.x(), product.y())
}

fn hash(x2: &[u8; 32], plaintext: &[u8], y2: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    for part in [&x2[..], plaintext, y2] {
        hasher.update(part);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(label: &str) -> SecretKey {
        SecretKey::derive(b"ecric-test-pki-v1", label)
    }

    fn sample(plaintext: &[u8]) -> Ciphertext {
        encrypt_with_nonce(key("encryption").public_key(), &key("nonce"), plaintext).unwrap()
    }

    #[test]
    fn faults_are_named() {
        let raw = sample(b"plaintext").to_raw(Order::C1C3C2);
        let with = |at: usize, byte: u8| {
            let mut bytes = raw.clone();
            bytes[at] = byte;
            Ciphertext::from_raw(&bytes, Order::C1C3C2)
        };
        assert_eq!(with(0, 6).unwrap_err(), CiphertextError::Form { found: 6 });
        assert_eq!(with(64, raw[64] ^ 1).unwrap_err(), CiphertextError::NotOnCurve);
        assert_eq!(Ciphertext::from_raw(&raw[..97], Order::C1C3C2).unwrap_err(), CiphertextError::Empty);
        assert_eq!(Ciphertext::from_raw(&raw[..96], Order::C1C3C2).unwrap_err(), CiphertextError::Length { found: 96 });
        let changed = with(65, raw[65] ^ 1).unwrap();
        assert_eq!(decrypt(&key("encryption"), &changed).unwrap_err(), DecryptError::Mismatch);
        let other_order = Ciphertext::from_raw(&raw, Order::C1C2C3).unwrap();
        assert_eq!(decrypt(&key("encryption"), &other_order).unwrap_err(), DecryptError::Mismatch);
        assert_eq!(
            encrypt_with_nonce(key("encryption").public_key(), &key("nonce"), b"").unwrap_err(),
            EncryptError::Empty
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_encrypted_is_decrypted_in_every_form(plaintext in prop::collection::vec(any::<u8>(), 1..300)) {
            let made = sample(&plaintext);
            prop_assert_eq!(&Ciphertext::from_der(&made.to_der()).unwrap(), &made);
            for order in [Order::C1C3C2, Order::C1C2C3] {
                prop_assert_eq!(&Ciphertext::from_raw(&made.to_raw(order), order).unwrap(), &made);
            }
            prop_assert_eq!(&**decrypt(&key("encryption"), &made).unwrap(), &plaintext[..]);
        }

        #[test]
        fn what_is_read_as_der_is_what_the_writer_writes(at in 0_usize..150, byte: u8, cut in 0_usize..4) {
            let mut bytes = sample(b"some plaintext").to_der();
            let length = bytes.len();
            bytes[at % length] = byte;
            bytes.truncate(length - cut);
            if let Ok(read) = Ciphertext::from_der(&bytes) { prop_assert_eq!(read.to_der(), bytes); }
        }

        #[test]
        fn no_input_is_too_strange_to_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Ciphertext::from_der(&bytes);
            let _ = Ciphertext::from_raw(&bytes, Order::C1C3C2);
        }
    }
}
