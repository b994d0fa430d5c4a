//! The one clock of the server: request window, `Date`, audit, life cycle (ruling B1). Moved by test
//! control T2 only. Never reads the time itself: the real time is a function handed in by the caller.

use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use time::{Duration, OffsetDateTime};

/// How the clock stands to real time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Setting {
    /// Real time plus an offset, milliseconds.
    Offset(i64),
    /// Stands still.
    Fixed(OffsetDateTime),
}

/// The clock.
#[derive(Debug)]
pub(crate) struct Clock {
    real: fn() -> OffsetDateTime,
    setting: RwLock<Setting>,
    started: Instant,
    started_ms: i64,
}

impl Clock {
    /// A clock that shows real time.
    pub(crate) fn new(real: fn() -> OffsetDateTime) -> Self {
        let started_ms = unix_ms(real());
        Self { real, setting: RwLock::new(Setting::Offset(0)), started: Instant::now(), started_ms }
    }

    /// Real time.
    pub(crate) fn real(&self) -> OffsetDateTime {
        (self.real)()
    }

    /// The time of the server.
    pub(crate) fn now(&self) -> OffsetDateTime {
        match *self.setting.read().unwrap_or_else(PoisonError::into_inner) {
            Setting::Offset(ms) => {
                let real = self.real();
                real.checked_add(Duration::milliseconds(ms)).unwrap_or(real)
            }
            Setting::Fixed(instant) => instant,
        }
    }

    /// Moves the clock.
    pub(crate) fn set(&self, setting: Setting) {
        *self.setting.write().unwrap_or_else(PoisonError::into_inner) = setting;
    }

    /// Milliseconds that only ever rise, whatever T2 does: for nonces (ruling B2).
    pub(crate) fn monotonic_ms(&self) -> i64 {
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.started_ms.saturating_add(elapsed)
    }
}

/// Milliseconds since 1970.
pub(crate) fn unix_ms(instant: OffsetDateTime) -> i64 {
    i64::try_from(instant.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX)
}

/// The instant of a number of seconds since 1970; the epoch if it is out of range.
pub(crate) fn from_unix(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
