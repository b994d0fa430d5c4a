//! SHA-256, for fingerprints that tools of other families show. Nothing is signed with it.

use sha2::{Digest, Sha256};

/// SHA-256 of `data`, 32 bytes.
#[must_use]
pub fn digest(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}
