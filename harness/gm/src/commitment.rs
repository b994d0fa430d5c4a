//! Salted commitments: who has salt and value can show the value, who has neither learns nothing of it.

use crate::sm3::Hasher;

/// Length of a salt, bytes.
pub const SALT: usize = 16;

/// Commits to a value: SM3(purpose ‖ 00 ‖ salt ‖ value), 32 bytes. The purpose keeps commitments of
/// different kinds apart and holds no zero byte.
#[must_use]
pub fn commit(purpose: &str, salt: &[u8; SALT], value: &[u8]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(purpose.as_bytes());
    hasher.update(&[0]);
    hasher.update(salt);
    hasher.update(value);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts() {
        let base = commit("a", &[1; SALT], b"value");
        assert_eq!(base, commit("a", &[1; SALT], b"value"));
        for other in
            [commit("b", &[1; SALT], b"value"), commit("a", &[2; SALT], b"value"), commit("a", &[1; SALT], b"")]
        {
            assert_ne!(base, other);
        }
    }
}
