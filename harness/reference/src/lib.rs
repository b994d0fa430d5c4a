//! A right issuer, sharing service and verifier, and mutants that are wrong in exactly one way.
//!
//! Answers binding v1 over HTTP from one database. Honest handlers ask [`Behaviour`] at every
//! decision. The judging side never sees this crate.

mod audit;
mod auth;
mod batch;
mod behaviour;
mod capabilities;
mod clock;
mod distort;
mod errors;
mod face;
mod files;
mod issue;
mod levels;
mod life;
mod listener;
mod loader;
mod manners;
mod metadata;
mod mutants;
mod naming;
mod operation;
mod paging;
mod planted;
mod presentation;
mod reader;
mod record;
mod reissue;
mod router;
mod search;
mod server;
mod shared;
mod stated_use;
mod status;
mod store;
mod strict_json;
mod terms;
mod test_clock;
mod test_personas;
mod transition;
mod variants;
mod vendors;
mod verify;

pub use behaviour::{Behaviour, take_reads};
pub use errors::ReferenceError;
pub use mutants::{Mutant, behaviour_of, mutants};
pub use server::{Config, Server};
pub use variants::{Variant, behaviour_of_variant, variants};
pub use vendors::Vendor;
