//! The key derivation function of GB/T 32918.3 and .4, 5.4.3. Nothing else is derived here.

use crate::sm3::Hasher;

/// SM3(parts ‖ counter) for counter = 1, 2, …, cut to `length` bytes.
/// `None` above 32 · (2^32 - 1) bytes, for which the counter has no room.
pub(super) fn derive(parts: &[&[u8]], length: usize) -> Option<Vec<u8>> {
    let blocks = u32::try_from(length.div_ceil(32)).ok()?;
    let mut start = Hasher::new();
    for part in parts {
        start.update(part);
    }
    let mut out = Vec::with_capacity(length.next_multiple_of(32));
    for counter in 1..=blocks {
        let mut hasher = start.clone();
        hasher.update(&counter.to_be_bytes());
        out.extend_from_slice(&hasher.finish());
    }
    out.truncate(length);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_key_starts_with_the_shorter_one() {
        let long = derive(&[b"ab", b"c"], 100).unwrap();
        for length in [0, 1, 31, 32, 33, 64, 99] {
            assert_eq!(derive(&[b"abc"], length).unwrap(), long[..length], "{length}");
        }
    }
}
