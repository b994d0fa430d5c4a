//! The suite proves itself: the honest reference, its variants and the stand-in vendors pass, every mutant is killed by the
//! case that must kill it, no case is dead. Each suite run is a child process of the same binary.
//!
//! Pure but for [`run_tasks`], which starts children: no clock, no printing; the caller writes the files.

mod children;
mod confirmation;
mod html;
mod judge;
mod matrix;
mod not_ablated;
mod record;
mod tasks;
mod wires;

#[cfg(test)]
mod sample;

pub use children::{ChildError, Outcome, Progress, Slots, run_tasks};
pub use confirmation::{Binary, Confirmation, Environment, confirmation};
pub use html::render_kill_matrix;
pub use judge::{Facts, judge};
pub use record::{Bar, SCHEMA, SelftestRecord, SelftestVerdict, WireFacts, selftest_schema};
pub use tasks::{Scope, Subject, Task, Wanted, mutant_tasks, right_tasks, scout};
pub use wires::{Wire, widened};
