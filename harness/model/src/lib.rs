//! The words of ecric: ids, requirements, binding v1 messages (shape only), reason codes,
//! exchanges, findings, verdicts, the run record and the message table in English and Chinese.
//!
//! No input or output, no clock, no randomness, no async. Every other crate speaks in these types.

pub mod binding;
pub mod brief;
pub mod evidence;
pub mod exchange;
pub mod finding;
pub mod ics;
pub mod ids;
pub mod load;
pub mod messages;
pub mod mutant;
pub mod published;
pub mod reason;
pub mod requirement;
pub mod review;
pub mod roll_up;
pub mod run_record;
pub mod sending;
pub mod text;
pub mod verdict;
pub mod waiver;

pub use text::{Lang, Text};
