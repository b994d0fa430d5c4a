//! The one table of exit codes.

/// Conformant, or nothing to complain about.
pub(crate) const OK: u8 = 0;
/// What was checked falls short.
pub(crate) const SHORT: u8 = 1;
/// Usage or configuration: nothing could start.
pub(crate) const USAGE: u8 = 2;
/// Inconclusive, or a fault of the suite.
pub(crate) const SUITE: u8 = 3;
/// A planned case was never closed.
pub(crate) const INCOMPLETE: u8 = 4;
/// Evidence or a signature does not hold.
pub(crate) const INVALID: u8 = 5;
