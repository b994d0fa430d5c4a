//! SM2 keys. Private keys are wiped on drop and never shown; public keys have one form only.

use ::sm2::U256;
use ::sm2::dsa::SigningKey;
use ::sm2::elliptic_curve::bigint::{NonZero, U384};
use zeroize::Zeroizing;

use super::curve;
use crate::hkdf_sm3;

/// Why bytes are not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The public key does not start with `04`: compressed, hybrid or no point at all.
    #[error("point starts with {found:#04x}, wanted 0x04")]
    Form {
        /// The first byte.
        found: u8,
    },
    /// A coordinate is not below the field prime.
    #[error("coordinate is not below the field prime")]
    Coordinate,
    /// The point is not on the curve; the all-zero point is not either.
    #[error("point is not on the curve")]
    NotOnCurve,
    /// The public key is -G, whose private key n-1 is outside the range: every s would verify.
    #[error("point is the negated base point, which has no private key in range")]
    NegatedBasePoint,
    /// The private key is outside [1, n-2].
    #[error("private key is outside [1, n-2]")]
    SecretRange,
}

/// A public key: a point on the curve, not infinity, not -G.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(::sm2::PublicKey);

impl PublicKey {
    /// Reads 04 ‖ x ‖ y, 65 bytes (GB/T 35276, GB/T 20518: the uncompressed form only).
    ///
    /// # Errors
    /// For any other form, a coordinate not below p, a point off the curve, and -G.
    pub fn from_uncompressed(bytes: &[u8; 65]) -> Result<Self, KeyError> {
        if bytes[0] != 4 {
            return Err(KeyError::Form { found: bytes[0] });
        }
        let (x, y) = bytes[1..].split_at(32);
        if x >= &curve::P[..] || y >= &curve::P[..] {
            return Err(KeyError::Coordinate);
        }
        let key = ::sm2::PublicKey::from_sec1_bytes(bytes).map_err(|_| KeyError::NotOnCurve)?;
        if x == curve::GX && y != curve::GY {
            return Err(KeyError::NegatedBasePoint);
        }
        Ok(Self(key))
    }

    /// Writes 04 ‖ x ‖ y, 65 bytes.
    #[must_use]
    #[allow(clippy::expect_used, reason = "an uncompressed point has 65 bytes")]
    pub fn to_uncompressed(&self) -> [u8; 65] {
        self.0.to_sec1_bytes().as_ref().try_into().expect("an uncompressed point has 65 bytes")
    }

    /// Reads 02 or 03 ‖ x, 33 bytes: the short form of presentation codes only, never of certificates.
    ///
    /// # Errors
    /// For any other form, a coordinate not below p, an x without a point, and -G.
    pub fn from_compressed(bytes: &[u8; 33]) -> Result<Self, KeyError> {
        if !matches!(bytes[0], 2 | 3) {
            return Err(KeyError::Form { found: bytes[0] });
        }
        if bytes[1..] >= curve::P[..] {
            return Err(KeyError::Coordinate);
        }
        let key = ::sm2::PublicKey::from_sec1_bytes(bytes).map_err(|_| KeyError::NotOnCurve)?;
        Self::from_uncompressed(&Self(key).to_uncompressed())
    }

    /// Writes 02 (even y) or 03 (odd y) ‖ x, 33 bytes.
    #[must_use]
    pub fn to_compressed(&self) -> [u8; 33] {
        let full = self.to_uncompressed();
        std::array::from_fn(|at| if at == 0 { 2 | (full[64] & 1) } else { full[at] })
    }

    pub(crate) const fn inner(&self) -> &::sm2::PublicKey {
        &self.0
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", crate::encoding::hex(&self.to_uncompressed()))
    }
}

/// A private key d in [1, n-2], with its public key. Wiped on drop, but for the copy in the library's signer.
#[derive(Clone)]
pub struct SecretKey {
    secret: ::sm2::SecretKey,
    /// Kept, since making one multiplies the base point.
    signer: SigningKey,
    public: PublicKey,
}

impl SecretKey {
    /// Reads d: 32 bytes, big endian.
    ///
    /// # Errors
    /// Outside [1, n-2] (n-1 has no inverse of 1+d).
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let mut n_minus_1 = curve::N;
        n_minus_1[31] -= 1;
        if bytes >= &n_minus_1 {
            return Err(KeyError::SecretRange);
        }
        let secret = ::sm2::SecretKey::from_slice(bytes).map_err(|_| KeyError::SecretRange)?;
        let signer = SigningKey::new(super::UNUSED_ID, &secret).map_err(|_| KeyError::SecretRange)?;
        let public = PublicKey(signer.verifying_key().into());
        Ok(Self { secret, signer, public })
    }

    /// Derives a test key: d = OS2IP(HKDF-SM3(IKM = seed, salt = 32 zero bytes, info = label,
    /// 48 bytes)) mod (n-2) + 1. Whoever knows the seed has the key: for public test keys only.
    #[must_use]
    #[allow(clippy::expect_used, reason = "lengths and ranges are fixed by the formula")]
    pub fn derive(seed: &[u8], label: &str) -> Self {
        let material = hkdf_sm3::derive(seed, &[0; 32], label.as_bytes(), 48).expect("48 is below the limit");
        let n_minus_2 = U256::from_be_slice(&curve::N).wrapping_sub(&U256::from(2_u8));
        let modulus = NonZero::new(n_minus_2).expect("n - 2 is not zero");
        let residue: U256 = U384::from_be_slice(&material).rem(&modulus);
        let bytes = Zeroizing::new(<[u8; 32]>::from(residue.wrapping_add(&U256::ONE).to_be_bytes()));
        Self::from_bytes(&bytes).expect("1 <= d <= n - 2 by construction")
    }

    /// d: 32 bytes, big endian.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes().into())
    }

    /// PKCS#8 PrivateKeyInfo in DER with the SEC 1 structure inside, not encrypted: for public test keys.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        use crate::der::{tag, write};
        use crate::oid::{EC_PUBLIC_KEY, SM2_CURVE};
        let public = write::tlv(tag::context(1), &write::bits(&self.public.to_uncompressed()));
        let inner = write::sequence(&[&write::small(1), &write::octets(&*self.to_bytes()), &public]);
        let algorithm = write::sequence(&[&write::oid(&EC_PUBLIC_KEY), &write::oid(&SM2_CURVE)]);
        Zeroizing::new(write::sequence(&[&write::small(0), &algorithm, &write::octets(&inner)]))
    }

    /// The public key dG.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    pub(super) const fn signer(&self) -> &SigningKey {
        &self.signer
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey(hidden, {:?})", self.public)
    }
}
