//! Arguments of `ecric selftest`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct SelftestArgs {
    /// Folder for selftest.json, kill-matrix.html, tool-confirmation.json (default: a new one in target/ecric)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// List mutants, with the case that must kill each, and variants; runs nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Run these mutants only; the selftest is then partial, without variants unless they are named
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub(crate) mutants: Vec<String>,
    /// Run these variants only; the selftest is then partial, without mutants unless they are named
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    pub(crate) variants: Vec<String>,
    /// Suite runs at once (default: one per core)
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Run the honest reference and the variants with the seeds 1 to N
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) seeds: u32,
    /// Run every mutant against the whole plan, cases tagged @slow too
    #[arg(long)]
    pub(crate) full: bool,
    /// Features and registers from a folder instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    pub(crate) features: Option<PathBuf>,
    /// Most time for one suite run, seconds
    #[arg(long, value_name = "S", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) run_timeout: u64,
    /// Print the verdict only
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Key file that signs the tool-confirmation record
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: super::PassphraseArgs,
}
