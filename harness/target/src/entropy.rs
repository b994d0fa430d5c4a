//! Everything random in a run, derived from its seed and its start: same seed and start, same bytes.

use ecric_gm::sm3::Hasher;

/// Source of nonces, keys and other run-specific bytes.
#[derive(Debug, Clone)]
pub struct Entropy {
    seed: [u8; 32],
    start_ms: i64,
}

impl Entropy {
    /// Builds the source from the seed of the run and its start, milliseconds since 1970.
    ///
    /// The start is part of it because a product remembers nonces and idempotency keys: a second
    /// run with the same seed must not look like a replay of the first.
    #[must_use]
    pub const fn new(seed: [u8; 32], start_ms: i64) -> Self {
        Self { seed, start_ms }
    }

    /// Seed of the run.
    #[must_use]
    pub const fn seed(&self) -> [u8; 32] {
        self.seed
    }

    /// 32 bytes for one purpose; distinct purposes give independent bytes.
    #[must_use]
    pub fn bytes(&self, case: &str, purpose: &str, counter: u64) -> [u8; 32] {
        let mut hasher = Hasher::new();
        hasher.update(&self.seed);
        hasher.update(&self.start_ms.to_be_bytes());
        for part in [case, purpose] {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update(&counter.to_be_bytes());
        hasher.finish()
    }

    /// A UUID of version 4 shape.
    #[must_use]
    pub fn uuid(&self, case: &str, purpose: &str, counter: u64) -> String {
        let mut bytes = self.bytes(case, purpose, counter);
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex = ecric_gm::encoding::hex(&bytes[..16]);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32])
    }
}
