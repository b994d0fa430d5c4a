//! Arguments of the commands that work on finished runs: `gate`, `review`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct GateArgs {
    /// The run to compare with: its folder or its run.json
    #[arg(long, value_name = "OLD")]
    pub(crate) baseline: PathBuf,
    /// The new run: its folder or its run.json
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Write the comparison as Markdown for a pull request; - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Print the comparison as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Take another plan: a newer suite or other cases on purpose
    #[arg(long)]
    pub(crate) accept_plan_change: bool,
    /// No colours
    #[arg(long)]
    pub(crate) no_color: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DecisionArg {
    Pass,
    Fail,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    /// Folder of a run
    #[arg(value_name = "RUN_DIR")]
    pub(crate) run: PathBuf,
    /// The case that waits for a person
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    /// The decision
    #[arg(value_enum)]
    pub(crate) decision: DecisionArg,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: String,
}
