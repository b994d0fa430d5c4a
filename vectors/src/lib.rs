//! Test vectors, generated persons and the request and transport variations.
//!
//! Every value is a function of its arguments: the data are embedded, persons come from the seed
//! and the day that the caller names. [`set`] makes questions of the vectors and judges answers,
//! [`builtin`] answers them with the suite's own code, [`generate`] makes the generated files again.
//! No clock, no randomness of its own, no files at run time, no real person, and no opinion on what
//! a product has to answer.

pub mod builtin;
pub mod code;
pub mod file;
pub mod generate;
pub mod hostile;
pub mod licence_file;
pub mod mutate;
pub mod operation;
pub mod options;
pub mod person;
pub mod pki;
pub mod regression;
pub mod set;
pub mod tls;
pub mod variation;
pub mod wire;

mod draw;

use include_dir::{Dir, include_dir};

static DATA: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// The folder `vectors/data` as it was when the crate was built; paths are relative to it.
#[must_use]
pub fn data_dir() -> &'static Dir<'static> {
    &DATA
}

#[cfg(test)]
mod schema_tests;
