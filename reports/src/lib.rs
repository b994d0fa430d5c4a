//! Every report format, derived from the run record alone.
//!
//! Writes only to the writer or path it is given: no clock, no network, no printing, no reading of
//! other files. The texts of a record come from products under test and are treated as hostile in
//! every format.

mod clean;
mod columns;
mod console;
mod error;
mod format;
mod html;
mod junit;
mod markdown;
pub mod package;
mod record_file;
mod view;
mod words;

#[cfg(test)]
mod tests;

pub use console::{Style, render_console};
pub use error::ReportError;
pub use format::{Format, write_formats};
pub use html::{render_html, render_page};
pub use junit::render_junit;
pub use markdown::render_markdown;
pub use record_file::{RUN_RECORD_LIMIT_BYTES, read_run, run_schema, write_json};
