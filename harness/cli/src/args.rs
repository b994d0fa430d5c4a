//! Arguments of every command. Chinese help stands in `help.rs`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod codes;
mod evidence;
mod results;
mod selftest;
mod vectors;

pub(crate) use codes::{CodeMode, ExpectedArgs, MakeCodeArgs};
pub(crate) use evidence::{
    KeyArgs, KeyCommand, KeyNewArgs, PassphraseArgs, RedactArgs, ReplayArgs, SignArgs, VerifyArgs,
};
pub(crate) use results::{DecisionArg, GateArgs, ReviewArgs};
pub(crate) use selftest::SelftestArgs;
pub(crate) use vectors::{
    VectorsAnswerArgs, VectorsArgs, VectorsCheckArgs, VectorsCommand, VectorsExportArgs, VectorsGenerateArgs,
    VectorsListArgs, VectorsOperationsArgs, VectorsTableArgs,
};

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
    /// Compare two runs: fails on what got worse
    Gate(GateArgs),
    /// Settle a verdict that waits for a person
    Review(ReviewArgs),
    /// Write or check a target file
    Target(TargetArgs),
    /// The vector sets: list, check against any library, generate, export
    Vectors(VectorsArgs),
    /// Explain one artefact: licence file, seal, certificate, presentation code, identifier, citizen number
    Inspect(InspectArgs),
    /// Write test artefacts, good or broken
    Make(MakeArgs),
    /// Check an evidence package, an attestation or a tool-confirmation record, offline
    Verify(VerifyArgs),
    /// Keys that sign evidence
    Key(KeyArgs),
    /// Sign an evidence package in a role
    Sign(SignArgs),
    /// Take the raw bodies out of an evidence package; it still verifies
    Redact(RedactArgs),
    /// Judge recorded evidence again, without the target
    Replay(ReplayArgs),
    /// Prove the suite: faulty references are found, right ones pass
    Selftest(SelftestArgs),
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
    /// Report formats: console, json, html, junit, markdown, ctrf, sarif, earl, messages, har, allure, lab
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
    /// Waivers: known failures with owner and last day; entries that no longer fit fail the run
    #[arg(long, value_name = "FILE")]
    pub(crate) expected: Option<PathBuf>,
    /// Print the verdict only
    #[arg(long)]
    pub(crate) quiet: bool,
    /// No colours
    #[arg(long)]
    pub(crate) no_color: bool,
    /// Keep the bodies of generated persons in a part of their own, which replay needs and redact drops
    #[arg(long)]
    pub(crate) keep_raw: bool,
    /// Most time for one case, seconds (default: 60, at depth long 600)
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) case_timeout: Option<u64>,
    /// Run the hooks of the target file: programs on this machine
    #[arg(long)]
    pub(crate) allow_hooks: bool,
    /// How binding the run is: dev leaves all open, pretest wants the full plan, official locks filters, seed and binary
    #[arg(long, value_enum, default_value = "dev")]
    pub(crate) mode: crate::mode::Mode,
    /// Finish an interrupted run in its folder; both parts stay visible
    #[arg(long, value_name = "DIR", conflicts_with_all = ["target", "out", "seed", "brief"])]
    pub(crate) resume: Option<PathBuf>,
    /// Tool-confirmation record of this binary, from selftest, for the evidence package
    #[arg(long, value_name = "FILE")]
    pub(crate) tool_confirmation: Option<PathBuf>,
    /// SM3 that this binary must have
    #[arg(long, value_name = "HEX")]
    pub(crate) binary_sm3: Option<String>,
    /// Break the embedded reference in one way, to see a case fail
    #[arg(long, value_name = "ID", conflicts_with = "target")]
    pub(crate) mutant: Option<String>,
    /// Take a reference that is right in another way
    #[arg(long, value_name = "NAME", conflicts_with_all = ["target", "mutant"])]
    pub(crate) variant: Option<String>,
    /// With --brief: the reference over the wire of a stand-in vendor, for selftest
    #[arg(long, hide = true, value_name = "NAME", requires = "brief", conflicts_with_all = ["target", "variant", "decisions"])]
    pub(crate) vendor: Option<String>,
    /// Print the verdicts as one line of JSON and write no folder: for selftest
    #[arg(long, conflicts_with_all = ["out", "format"])]
    pub(crate) brief: bool,
    /// With --brief: one case at a time, and which decisions of the reference each asks for; for selftest
    #[arg(long, hide = true, requires = "brief", conflicts_with = "target")]
    pub(crate) decisions: bool,
}

impl RunArgs {
    /// Most time for one case, seconds.
    pub(crate) fn case_limit_s(&self) -> u64 {
        let long = matches!(self.select.depth, DepthArg::Long);
        self.case_timeout.unwrap_or(if long { 600 } else { 60 })
    }

    /// What `ecric run` without arguments means.
    pub(crate) fn as_given_nothing() -> Self {
        Self {
            select: SelectArgs {
                target: None,
                tags: None,
                only: Vec::new(),
                level: None,
                profile: Vec::new(),
                depth: DepthArg::Standard,
                features: None,
            },
            out: None,
            format: vec!["console".to_owned()],
            seed: None,
            jobs: None,
            fail_fast: false,
            expected: None,
            quiet: false,
            no_color: false,
            keep_raw: false,
            case_timeout: None,
            allow_hooks: false,
            mode: crate::mode::Mode::Dev,
            resume: None,
            tool_confirmation: None,
            binary_sm3: None,
            mutant: None,
            variant: None,
            vendor: None,
            brief: false,
            decisions: false,
        }
    }
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
    /// Roles to serve: issuer, sharing_service, verifier, loader
    #[arg(long, value_name = "ROLE", value_delimiter = ',', default_value = "issuer,sharing_service,verifier,loader")]
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
    /// Speak the wire of a stand-in vendor instead of binding v1: alpha, beta, gamma, gb36906, delta
    #[arg(long, value_name = "NAME")]
    pub(crate) vendor: Option<String>,
    /// Serve a reference that is right in another way; --list-variants lists them
    #[arg(long, value_name = "NAME", conflicts_with = "mutant")]
    pub(crate) variant: Option<String>,
    /// List the variants
    #[arg(long)]
    pub(crate) list_variants: bool,
    /// Offer the test controls
    #[arg(long, value_enum, default_value = "on")]
    pub(crate) test_mode: OnOff,
    /// Listeners over one database
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=16))]
    pub(crate) nodes: u16,
    /// One more listener without test controls
    #[arg(long)]
    pub(crate) control_free_node: bool,
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
    /// Write the problems as SARIF, for code scanning
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
    /// Print the traceability table instead: basis, confidence, cases, mutants, vectors; fails on a gap
    #[arg(long, conflicts_with = "sarif")]
    pub(crate) coverage: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// Folder of a run, or its run.json
    #[arg(value_name = "RUN_DIR")]
    pub(crate) run: PathBuf,
    /// Report formats: console, json, html, junit, markdown, ctrf, sarif, earl, messages, har, allure, lab
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
    /// Print the exact requests of one operation; sends nothing
    DryRun(TargetOpArgs),
    /// Make one harmless call per operation and show what came back
    Probe(TargetProbeArgs),
    /// Send one operation and print its answer in the form of binding v1
    Call(TargetOpArgs),
    /// Start the adapter of a target file and judge it on its own
    Selftest(TargetProbeArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TargetOpArgs {
    /// Target file
    #[arg(value_name = "TARGET.yaml")]
    pub(crate) target: PathBuf,
    /// Operation of binding v1, for example issuer.metadata
    #[arg(long, value_name = "NAME")]
    pub(crate) op: String,
    /// Request in the form of binding v1, with `id` for the licence; - for standard input (default: a harmless sample)
    #[arg(long = "in", value_name = "FILE.json")]
    pub(crate) input: Option<PathBuf>,
    /// Show secrets and personal values
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// Run the hooks of the target file: programs on this machine
    #[arg(long)]
    pub(crate) allow_hooks: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TargetProbeArgs {
    /// Target file
    #[arg(value_name = "TARGET.yaml")]
    pub(crate) target: PathBuf,
    /// Run the hooks of the target file: programs on this machine
    #[arg(long)]
    pub(crate) allow_hooks: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TargetNewArgs {
    /// Preset: native, gb36906-json, gb36906-json-sm2enc, login-token-rest, gateway-hmac, gateway-biz-content, alpha, beta, gamma, adapter
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
    /// Write the problems as SARIF, for code scanning
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A file or QR picture, or a text: presentation code, licence identifier, citizen number, USCI; - for standard input
    #[arg(value_name = "FILE|TEXT")]
    pub(crate) subject: String,
    /// Folder with trusted roots, intermediates and revocation lists, for example from make pki
    #[arg(long, value_name = "DIR")]
    pub(crate) trust: Option<PathBuf>,
    /// Take what genuine files show, and note it; default is the strict profile
    #[arg(long)]
    pub(crate) lenient: bool,
    /// As of this instant, RFC 3339 (default: now)
    #[arg(long, value_name = "INSTANT")]
    pub(crate) at: Option<String>,
    /// Switch of the policy, for example ses_v1=flag; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) switch: Vec<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) expected: ExpectedArgs,
}

#[derive(Debug, Args)]
pub(crate) struct MakeArgs {
    #[command(subcommand)]
    pub(crate) command: Option<MakeCommand>,
    /// List base files and defects
    #[arg(long)]
    pub(crate) list_defects: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MakeCommand {
    /// Write a licence file
    Licence(MakeLicenceArgs),
    /// Write the test PKI: certificates, keys, trust list, revocation lists
    Pki(MakePkiArgs),
    /// Print a licence identifier
    Identifier(MakeIdentifierArgs),
    /// Print a presentation code, and write its QR picture
    Code(MakeCodeArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PkiKeys {
    Seed,
    Published,
}

#[derive(Debug, Args)]
pub(crate) struct MakeLicenceArgs {
    /// Seed of keys and serial number (default: the published keys)
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<String>,
    /// Base file
    #[arg(long, value_name = "NAME", default_value = "orig")]
    pub(crate) base: String,
    /// Defect to build in; brings its own base file
    #[arg(long, value_name = "NAME", conflicts_with = "base")]
    pub(crate) defect: Option<String>,
    /// Holder as JSON (members of binding v1, 6.2); for generated persons only
    #[arg(long, value_name = "FILE")]
    pub(crate) holder: Option<PathBuf>,
    /// Keys: of the seed, or the published ones that runs use
    #[arg(long, value_enum, default_value = "seed")]
    pub(crate) pki: PkiKeys,
    /// File to write; - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct MakePkiArgs {
    /// Seed of the keys (default: the published keys)
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<String>,
    /// Keys: of the seed, or the published ones that runs use
    #[arg(long, value_enum, default_value = "seed")]
    pub(crate) pki: PkiKeys,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct MakeIdentifierArgs {
    /// Seed of the serial number
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<String>,
    /// Defect to build in
    #[arg(long, value_name = "NAME")]
    pub(crate) defect: Option<String>,
}
