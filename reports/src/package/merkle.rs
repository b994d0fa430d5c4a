//! A Merkle tree over the planned cases (SM3): one case can be shown without the others. Leaves and nodes are
//! hashed apart, so that no node passes for a leaf.

use ecric_gm::sm3::{Hasher, digest};

/// The leaf of a case: SM3(00 ‖ text).
#[must_use]
pub fn leaf(text: &str) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(&[0]);
    hasher.update(text.as_bytes());
    hasher.finish()
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    hasher.update(&[1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finish()
}

/// The root: pairs are joined from the left, a last one without a partner goes up as it is. The root of
/// nothing is SM3 of nothing.
#[must_use]
pub fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node(left, right),
                [single] => *single,
                _ => [0; 32],
            })
            .collect();
    }
    level.first().copied().unwrap_or_else(|| digest(b""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_number_and_level_count() {
        let leaves: Vec<[u8; 32]> = ["a", "b", "c"].map(leaf).to_vec();
        let whole = root(&leaves);
        assert_ne!(whole, root(&leaves[..2]));
        assert_ne!(whole, root(&[leaves[1], leaves[0], leaves[2]]));
        assert_ne!(whole, root(&[leaves[0], leaves[1], leaves[2], leaves[2]]));
        assert_eq!(whole, root(&[node(&leaves[0], &leaves[1]), leaves[2]]));
        assert_eq!(root(&leaves[..1]), leaves[0]);
    }
}
