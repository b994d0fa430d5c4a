//! SM3 digest (GB/T 32905-2016). Never used with a key: that is [`crate::hmac_sm3`].

use ::sm3::{Digest, Sm3};

/// Digests `data` in one go: 32 bytes, big endian.
#[must_use]
pub fn digest(data: &[u8]) -> [u8; 32] {
    Sm3::digest(data).into()
}

/// Digests `data` in one go: 64 lower-case hex digits.
#[must_use]
pub fn digest_hex(data: &[u8]) -> String {
    crate::encoding::hex(&digest(data))
}

/// Digests data that comes in pieces; the borders of the pieces do not matter.
#[derive(Clone, Default)]
pub struct Hasher(Sm3);

impl Hasher {
    /// Starts a digest of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next piece.
    pub fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.0, data);
    }

    /// The digest of all pieces: 32 bytes, big endian.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher(SM3)")
    }
}
