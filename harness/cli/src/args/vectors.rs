//! Arguments of `ecric vectors`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct VectorsArgs {
    #[command(subcommand)]
    pub(crate) command: VectorsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VectorsCommand {
    /// One line for each vector: id, expect, flags
    List(VectorsListArgs),
    /// Check an implementation against the vectors; the built-in one in process without --impl
    Check(VectorsCheckArgs),
    /// Make the generated vector files again
    Generate(VectorsGenerateArgs),
    /// Write the vectors as JSON for other projects
    Export(VectorsExportArgs),
    /// Ask every adapter that is installed and write who fails which flag
    Table(VectorsTableArgs),
    /// List the operations that an implementation is asked for
    Operations(VectorsOperationsArgs),
    /// Answer questions on standard input with the built-in implementation
    Answer(VectorsAnswerArgs),
}

#[derive(Debug, Args)]
pub(crate) struct VectorsListArgs {
    /// Print the whole as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Only vectors with one of these flags
    #[arg(long, value_name = "FLAG", value_delimiter = ',')]
    pub(crate) flag: Vec<String>,
    /// Only vectors of these operations
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) operation: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VectorsCheckArgs {
    /// Command that answers JSON lines; words are split as in a shell, no shell is started
    #[arg(long = "impl", value_name = "CMD")]
    pub(crate) implementation: Option<String>,
    /// Most time for one vector, milliseconds
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub(crate) timeout_ms: u64,
    /// Write the outcomes as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// How the implementation reads a grey zone: NAME=accept or NAME=refuse (default: refuse)
    #[arg(long, value_name = "NAME=READING", value_delimiter = ',')]
    pub(crate) option: Vec<String>,
    /// Only vectors with one of these flags
    #[arg(long, value_name = "FLAG", value_delimiter = ',')]
    pub(crate) flag: Vec<String>,
    /// Only vectors of these operations
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) operation: Vec<String>,
    /// Print the outcomes as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VectorsGenerateArgs {
    /// Write nothing; exit 1 when a file differs
    #[arg(long)]
    pub(crate) check: bool,
    /// Folder of the vector files
    #[arg(long, value_name = "DIR", default_value = "vectors/data")]
    pub(crate) data: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VectorsExportArgs {
    /// Folder to write into, one file for each topic (default: one document on standard output)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VectorsTableArgs {
    /// Markdown file to write; - for standard output
    #[arg(long, value_name = "FILE", default_value = "vectors/FINDINGS.md")]
    pub(crate) out: PathBuf,
    /// Write the record of agreement as well
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Folder of the adapters
    #[arg(long, value_name = "DIR", default_value = "vectors/adapters")]
    pub(crate) adapters: PathBuf,
    /// Most time for one vector, milliseconds
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub(crate) timeout_ms: u64,
}

#[derive(Debug, Args)]
pub(crate) struct VectorsOperationsArgs {
    /// Print the operations as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VectorsAnswerArgs {
    /// Answer wrongly on purpose: accept-all, reject-all, ignore-id, accept-ber, skip-range, hang=ID, crash=ID, garbage=ID
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Option<String>,
}
