//! HMAC-SM3 (GM/T 0042-2015, shape of RFC 2104). Keys are wiped on drop and never shown.

use ::sm3::Sm3;
use hmac::{Hmac, KeyInit, Mac};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::encoding::{EncodingError, from_hex};

/// A key of any length; an empty key is a key of zero bytes.
#[derive(Clone)]
pub struct Key(Zeroizing<Vec<u8>>);

impl Key {
    /// Takes a copy of the key bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Reads a key written in lower-case hex.
    ///
    /// # Errors
    /// When the text is not lower-case hex with an even number of digits. The error shows no digit.
    pub fn from_hex(text: &str) -> Result<Self, EncodingError> {
        from_hex(text).map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// The code of `data`: 32 bytes.
    #[must_use]
    pub fn mac(&self, data: &[u8]) -> [u8; 32] {
        let mut mac = self.start();
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    /// Whether `mac` is the code of `data`, all 32 bytes of it; compares in constant time.
    #[must_use]
    pub fn verify(&self, data: &[u8], mac: &[u8]) -> bool {
        self.mac(data)[..].ct_eq(mac).into()
    }

    #[allow(clippy::expect_used, reason = "HMAC takes keys of every length")]
    fn start(&self) -> Hmac<Sm3> {
        Hmac::new_from_slice(&self.0).expect("HMAC takes keys of every length")
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}
