//! Plan, stages, run, verdicts and lint: from registers and features to a run record.
//!
//! The only room that reads the real clock and takes the seed, each once; both travel as arguments.

mod cases;
mod engine;
mod expand;
mod lint;
mod plan;
mod preflight;
mod record;
mod register;
mod run;
mod source;
mod suite;
pub mod vectors;
mod verdict;

pub use cases::{CaseLevel, CaseSpec};
pub use ecric_steps::harmless_call;
pub use lint::{LintReport, lint};
pub use plan::{Depth, LeftOut, Permissions, Plan, PlannedRequirement, Reach, Selection, StandIns, make_plan};
pub use register::{Register, register_schema};
pub use run::{CaseClosed, Progress, RunError, RunOptions, run};
pub use source::Source;
pub use suite::{Area, Suite, SuiteProblem};
pub use verdict::{CaseOutcome, Judged, judge};
