//! Licence files from one seed: base files, and attacks that each change one thing.
//!
//! An attack names its base, what is made again after the change, the step that must stop it and
//! the codes of which one must be the primary reason. Its twin is the base.

mod attack;
mod bases;
mod edit;
mod recipe;
mod table;

pub use attack::{Attack, Redo, attacks, find_attack};
pub use bases::{BASES, Base, make_base};
pub use recipe::{FILE_TIME, Files, LicencePerson, default_person};

use time::OffsetDateTime;
use time::macros::datetime;

/// As of when the vector set is judged.
pub const EVALUATED: OffsetDateTime = datetime!(2026-07-15 0:00 +8);

/// Why a file could not be made; always a fault of this suite.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The layout refuses the content.
    #[error(transparent)]
    Write(#[from] ecric_licence::layout::WriteError),
    /// A signature could not be made.
    #[error(transparent)]
    Sign(#[from] ecric_gm::sm2::SignError),
    /// A text that was to be changed is not there.
    #[error("{file}: {text:?} is not there")]
    Edit {
        /// The entry.
        file: String,
        /// The text.
        text: String,
    },
}

#[cfg(test)]
mod tests;
