//! Mapping: a dialect described as data, spoken as binding v1. Judges nothing; what it cannot map is a
//! gap of its own, never a fault of the product.

mod answer;
pub(crate) mod callers;
mod codec;
mod crypto;
mod decode;
pub(crate) mod dialect;
mod extract;
mod filters;
mod perform;
pub(crate) mod source;
pub(crate) mod spec;
mod templates;
pub(crate) mod words;

pub(crate) use answer::unknown_reason;
