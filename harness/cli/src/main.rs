//! The `ecric` binary: arguments, progress, exit codes. The one room that prints.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one room that prints")]

/// Prints a line; a reader that has gone away is no fault.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(feature = "ablation")]
mod ablation;
mod args;
mod coverage_table;
mod decision_log;
mod embedded;
mod evidence_facts;
mod exit;
mod expected;
mod gate_command;
mod help;
mod human_prompt;
mod inspect_code;
mod inspect_command;
mod inspect_text;
mod language;
mod lint_command;
mod make_code;
mod make_command;
mod mode;
mod out_folder;
mod passphrase;
mod person;
mod plan_command;
mod progress;
mod replay_command;
mod report_command;
mod resume;
mod review_command;
mod run_command;
mod run_record_file;
mod sarif_file;
mod seed;
mod selftest_command;
mod serve_command;
mod sign_command;
mod target_calls;
mod target_command;
mod trust_folder;
mod vectors_command;
mod verify_command;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use args::{Cli, Command};

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let lang = language::choose(&arguments);
    let matches = help::command(lang).get_matches_from(arguments);
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    #[cfg(feature = "ablation")]
    ablation::begin();
    let code = match cli.command {
        Command::Run(arguments) => run_command::execute(&arguments, lang),
        Command::Plan(arguments) => plan_command::execute(&arguments, lang),
        Command::Serve(arguments) => serve_command::execute(&arguments, lang),
        Command::Lint(arguments) => lint_command::execute(&arguments, lang),
        Command::Report(arguments) => report_command::execute(&arguments, lang),
        Command::Gate(arguments) => gate_command::execute(&arguments, lang),
        Command::Review(arguments) => review_command::execute(&arguments, lang),
        Command::Target(arguments) => target_command::execute(&arguments, lang),
        Command::Vectors(arguments) => vectors_command::execute(&arguments, lang),
        Command::Inspect(arguments) => inspect_command::execute(&arguments, lang),
        Command::Make(arguments) => make_command::execute(&arguments, lang),
        Command::Verify(arguments) => verify_command::execute(&arguments, lang),
        Command::Key(arguments) => sign_command::key(&arguments, lang),
        Command::Sign(arguments) => sign_command::sign_package(&arguments, lang),
        Command::Redact(arguments) => sign_command::redact_package(&arguments, lang),
        Command::Replay(arguments) => replay_command::execute(&arguments, lang),
        Command::Selftest(arguments) => selftest_command::execute(&arguments, lang),
    };
    #[cfg(feature = "ablation")]
    ablation::end();
    ExitCode::from(code)
}
