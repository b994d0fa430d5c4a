//! Loops that drive a target many times. Here: properties over generated values, with shrinking.
//!
//! proptest is generator and shrinker only; the loop is ours, because each value costs calls over
//! the network. Seeds come in as arguments; the same seed gives the same values.

mod property;

pub use property::{Budget, Outcome, Property, PropertyError, run};
