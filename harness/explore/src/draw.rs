//! Values drawn from a seed: the same seed gives the same values everywhere. Never a source of secrets.

/// A stream of values (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Draw(u64);

impl Draw {
    /// A stream for one use of a seed; different numbers give streams that have nothing in common.
    pub(crate) fn new(seed: &[u8; 32], number: u64) -> Self {
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for part in seed.chunks(8) {
            let word = part.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
            state = mix(state ^ word);
        }
        Self(state)
    }

    /// A value from 0 to `bound` - 1; 0 for the bound 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0) % bound.max(1)
    }

    /// True `parts` times in `of`.
    pub(crate) fn chance(&mut self, parts: u64, of: u64) -> bool {
        self.below(of) < parts
    }

    /// One of the items, by weight; `None` of none.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [(u64, T)]) -> Option<&'a T> {
        let mut at = self.below(items.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in items {
            if at < *weight {
                return Some(item);
            }
            at -= weight;
        }
        None
    }
}

const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let of = |seed, number| {
            let mut draw = Draw::new(&[seed; 32], number);
            (0..8).map(|_| draw.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(of(1, 1), of(1, 1));
        assert_ne!(of(1, 1), of(1, 2));
        assert_ne!(of(1, 1), of(2, 1));
        let mut draw = Draw::new(&[3; 32], 0);
        assert!((0..1000).filter(|_| draw.chance(1, 4)).count().abs_diff(250) < 60);
        assert_eq!(draw.pick::<u8>(&[]), None);
        assert!((0..100).all(|_| draw.pick(&[(0, 'a'), (3, 'b')]) == Some(&'b')));
    }
}
