//! Draws values from SM3 in counter mode: the same parts give the same values on every machine.
//! Never a source of secrets.

use ecric_gm::sm3::Hasher;

/// A stream of values bound to the parts it was made from.
pub(crate) struct Draw {
    start: Hasher,
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl Draw {
    /// Starts a stream; each part counts with its length, so that parts cannot run into one another.
    pub(crate) fn new(parts: &[&[u8]]) -> Self {
        let mut start = Hasher::new();
        for part in parts {
            start.update(&(part.len() as u64).to_be_bytes());
            start.update(part);
        }
        Self { start, counter: 0, block: [0; 32], used: 32 }
    }

    /// A value from 0 to `bound` - 1, evenly spread (the bias is below 2^-32 for bounds below 2^32);
    /// 0 for the bound 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        let bytes: [u8; 8] = std::array::from_fn(|_| self.byte());
        u64::from_be_bytes(bytes) % bound.max(1)
    }

    /// One of the characters of `alphabet`, which is ASCII and not empty.
    pub(crate) fn ascii(&mut self, alphabet: &[u8]) -> char {
        let at = self.below(alphabet.len() as u64);
        usize::try_from(at).ok().and_then(|at| alphabet.get(at)).map_or('0', |byte| char::from(*byte))
    }

    /// A character from `first` to `last`; both ends and all between are characters.
    pub(crate) fn character(&mut self, first: char, last: char) -> char {
        let (first, last) = (u32::from(first), u32::from(last));
        let offset = u32::try_from(self.below(u64::from(last.saturating_sub(first)) + 1)).unwrap_or(0);
        char::from_u32(first + offset).unwrap_or('〇')
    }

    fn byte(&mut self) -> u8 {
        if self.used == self.block.len() {
            let mut hasher = self.start.clone();
            hasher.update(&self.counter.to_be_bytes());
            self.block = hasher.finish();
            self.counter += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_parts_give_the_same_values_and_borders_count() {
        let values = |parts: &[&[u8]]| {
            let mut draw = Draw::new(parts);
            (0..40).map(|_| draw.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(values(&[b"a", b"b"]), values(&[b"a", b"b"]));
        assert_ne!(values(&[b"a", b"b"]), values(&[b"ab"]));
        assert_ne!(values(&[b"a", b"b"]), values(&[b"b", b"a"]));
        assert!(values(&[b"a"]).iter().collect::<std::collections::BTreeSet<_>>().len() > 30);
    }
}
