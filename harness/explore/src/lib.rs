//! Loops that drive a target many times: properties over generated values, walks through the life
//! cycle, races, loads.
//!
//! proptest is generator and shrinker of properties only; the loops are ours, because each value costs calls
//! over the network. Seeds come in as arguments; the same seed gives the same values.

mod draw;
pub mod load;
mod property;
pub mod race;
pub mod walk;

pub use property::{Budget, Outcome, Property, PropertyError, run};
