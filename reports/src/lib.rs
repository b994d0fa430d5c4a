//! Every report format, derived from the run record alone.
//!
//! Writes only to the writer or path it is given: no clock, no network, no printing, no reading of
//! other files. The texts of a record come from products under test and are treated as hostile in
//! every format.

mod allure;
mod bounded;
mod clean;
mod columns;
mod console;
mod ctrf;
mod earl;
mod error;
mod format;
mod gate;
mod har;
mod html;
mod junit;
mod lab;
mod markdown;
mod messages;
mod record_file;
mod review;
mod sarif;
mod shown;
mod told;
mod view;
mod words;

#[cfg(test)]
mod tests;

pub use allure::{AllureFile, render_allure};
pub use console::{Style, render_console};
pub use ctrf::render_ctrf;
pub use earl::render_earl;
pub use error::ReportError;
pub use format::{Format, write_formats};
pub use gate::{Change, ChangeKind, GateReport, PlanRule, compare_runs, render_gate_console, render_gate_markdown};
pub use har::render_har;
pub use html::{render_html, render_page};
pub use junit::render_junit;
pub use lab::render_lab;
pub use markdown::render_markdown;
pub use messages::render_messages;
pub use record_file::{RUN_RECORD_LIMIT_BYTES, read_run, run_schema, write_json};
pub use review::{Decision, Review, ReviewError, apply_review, waiting_for_review};
pub use sarif::{FileProblem, render_sarif, render_sarif_problems};
