//! Plan, stages, run, verdicts and lint: from registers and features to a run record.
//!
//! The only room that reads the real clock and takes the seed, each once; both travel as arguments.

mod cases;
mod coverage;
mod engine;
mod expand;
mod expected;
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
mod waivers;

pub use cases::{CaseLevel, CaseSpec};
pub use coverage::{Coverage, CoverageRow, coverage};
pub use ecric_steps::harmless_call;
pub use expected::{EXPECTED_LIMIT_BYTES, PlacedWaiver, read_expected};
pub use lint::{LintReport, lint};
pub use plan::{
    Depth, LeftOut, Permissions, Plan, PlanInputs, PlannedRequirement, Reach, Selection, StandIns, make_plan,
};
pub use register::{Register, register_schema};
pub use run::{CaseClosed, JudgedAgain, Progress, RunError, RunOptions, Watch, judge_again, run};
pub use source::Source;
pub use suite::{Area, Suite, SuiteProblem};
pub use verdict::{CaseOutcome, Judged, judge};
pub use waivers::{Applied, Waivers, day_in_china, failure_sm3};
