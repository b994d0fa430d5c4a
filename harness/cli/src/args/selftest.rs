//! Arguments of `ecric selftest`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Args;

/// Most seeds.
const SEEDS: RangeInclusive<u32> = 1..=10_000;

fn seeds(text: &str) -> Result<RangeInclusive<u32>, String> {
    let (first, last) = text.split_once('-').unwrap_or(("1", text));
    let number = |text: &str| text.parse().ok().filter(|number| SEEDS.contains(number));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err("wanted N or M-N, 1 to 10000".to_owned()),
    }
}

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
    /// Suite runs at once (default: two per core, with --full one per core)
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Run the honest reference and the variants with the seeds 1 to N, or M to N for a part of a longer job
    #[arg(long, value_name = "[M-]N", default_value = "1", value_parser = seeds)]
    pub(crate) seeds: RangeInclusive<u32>,
    /// Run every reference against the whole plan: cases tagged @slow, and those that cannot see a mutant, too
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
