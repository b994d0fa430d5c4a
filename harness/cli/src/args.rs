//! Arguments of every command. Chinese help stands in `help.rs`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Conformance and interoperability suite for the electronic certificate of the resident identity card
#[derive(Debug, Parser)]
#[command(name = "ecric", version = concat!(env!("CARGO_PKG_VERSION"), " (", env!("ECRIC_COMMIT"), ")"))]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Language of messages and reports: en, zh-CN (default: from LANG)
    #[arg(long, global = true, value_name = "LANG", value_parser = ["en", "zh-CN", "zh"])]
    pub(crate) lang: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Plan, run, judge, report; without a target the embedded reference is certified
    Run(RunArgs),
    /// Show the cases that would run, with the plan hash; runs nothing
    Plan(PlanArgs),
    /// Serve the reference implementation
    Serve(ServeArgs),
    /// Check registers, features and vectors
    Lint(LintArgs),
    /// Render reports again from run.json
    Report(ReportArgs),
    /// Write or check a target file
    Target(TargetArgs),
    /// The vector sets: list, check against any library, generate, export
    Vectors(VectorsArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelArg {
    Core,
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DepthArg {
    Quick,
    Standard,
    Long,
}

#[derive(Debug, Args)]
pub(crate) struct SelectArgs {
    /// Target file; without it the embedded reference
    #[arg(value_name = "TARGET.yaml")]
    pub(crate) target: Option<PathBuf>,
    /// Tag expression, for example "@core and not @exclusive"; the run is then partial
    #[arg(long, value_name = "EXPR")]
    pub(crate) tags: Option<String>,
    /// Requirements or cases; the run is then partial
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// How strictly cases are judged and how far the plan reaches
    #[arg(long, value_enum)]
    pub(crate) level: Option<LevelArg>,
    /// Rule books: core, binding, loader, gov-share
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) profile: Vec<String>,
    /// Sizes of random samples
    #[arg(long, value_enum, default_value = "standard")]
    pub(crate) depth: DepthArg,
    /// Features and registers from a folder instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    pub(crate) features: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    /// Folder for the results (default: target/ecric/<run id>)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Report formats: console, json, html, junit, markdown
    #[arg(long, value_name = "NAME", value_delimiter = ',', default_value = "console,json,html,junit")]
    pub(crate) format: Vec<String>,
    /// Seed of everything generated, up to 64 hex digits (default: random, told in the report)
    #[arg(long, value_name = "HEX")]
    pub(crate) seed: Option<String>,
    /// Cases at once (default: 16, at most limits.concurrency of the target file)
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Stop at the first failing case
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Print the verdict only
    #[arg(long)]
    pub(crate) quiet: bool,
    /// No colours
    #[arg(long)]
    pub(crate) no_color: bool,
    /// Keep the personal values of generated persons in the evidence
    #[arg(long)]
    pub(crate) keep_raw: bool,
    /// Most time for one case, seconds
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) case_timeout: u64,
    /// Break the embedded reference in one way, to see a case fail
    #[arg(long, value_name = "ID", conflicts_with = "target")]
    pub(crate) mutant: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,
    /// Print the whole plan as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnOff {
    On,
    Off,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Roles to serve: issuer, sharing_service, verifier
    #[arg(long, value_name = "ROLE", value_delimiter = ',', default_value = "issuer,sharing_service,verifier")]
    pub(crate) role: Vec<String>,
    /// Address to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Folder for the database (default: in memory)
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Break the reference in one way; --list-mutants lists them
    #[arg(long, value_name = "ID")]
    pub(crate) mutant: Option<String>,
    /// List the mutants with the case that must kill each
    #[arg(long)]
    pub(crate) list_mutants: bool,
    /// Offer the test controls
    #[arg(long, value_enum, default_value = "on")]
    pub(crate) test_mode: OnOff,
    /// Listeners over one database
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=16))]
    pub(crate) nodes: u16,
    /// End when standard input ends: for processes that start the server
    #[arg(long)]
    pub(crate) exit_with_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Folder with features and registers (default: the embedded ones)
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Print the problems as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Folder of a run, or its run.json
    #[arg(value_name = "RUN_DIR")]
    pub(crate) run: PathBuf,
    /// Report formats: console, json, html, junit, markdown
    #[arg(long, value_name = "NAME", value_delimiter = ',', default_value = "console")]
    pub(crate) format: Vec<String>,
    /// No colours
    #[arg(long)]
    pub(crate) no_color: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    #[command(subcommand)]
    pub(crate) command: TargetCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TargetCommand {
    /// Write a target file from a preset; asks on a terminal where flags are missing
    New(TargetNewArgs),
    /// Check a target file and show the plan that it leads to
    Check(TargetCheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TargetNewArgs {
    /// Preset: native
    #[arg(long, value_name = "PRESET")]
    pub(crate) from: Option<String>,
    /// Base URL of the product, without /v1
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Short name of the target
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// File to write; - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TargetCheckArgs {
    /// Target file
    #[arg(value_name = "TARGET.yaml")]
    pub(crate) target: PathBuf,
}

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
