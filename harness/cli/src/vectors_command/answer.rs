//! `ecric vectors answer`: the built-in implementation as a process, honest or wrong on purpose.

use std::io::{BufRead as _, Write as _};

use ecric_vectors::builtin::{Fault, answer};
use ecric_vectors::options::Options;
use ecric_vectors::set::{Answer, Question, Verdict};

use super::{Stop, usage};
use crate::args::VectorsAnswerArgs;
use crate::exit;

/// Answers until standard input ends.
pub(super) fn execute(arguments: &VectorsAnswerArgs) -> Result<u8, Stop> {
    let fault =
        match &arguments.fault {
            None => None,
            Some(name) => Some(Fault::from_name(name).ok_or_else(|| {
                usage(format!("fault {name:?} is not known; wanted one of {}", Fault::NAMES.join(", ")))
            })?),
        };
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| usage(format!("standard input: {error}")))?;
        let Ok(question) = serde_json::from_str::<Question>(&line) else {
            return Err(usage(format!("no question: {}", line.chars().take(80).collect::<String>())));
        };
        match &fault {
            Some(Fault::HangOn(id)) if *id == question.id => loop {
                std::thread::park();
            },
            Some(Fault::CrashOn(id)) if *id == question.id => std::process::abort(),
            Some(Fault::GarbageOn(id)) if *id == question.id => {
                say!("no answer");
                std::io::stdout().flush().map_err(usage)?;
                continue;
            }
            _ => {}
        }
        let said = match (&fault, question.operation.as_str()) {
            (_, "about") => Answer {
                id: question.id,
                result: Verdict::Valid,
                output: Some(ecric_vectors::builtin::VERSION.to_owned()),
                reason: None,
            },
            (None, _) => answer(&question, &Options::profile()),
            (Some(fault), _) => fault.answer(&question),
        };
        let text = serde_json::to_string(&said).map_err(usage)?;
        say!("{text}");
        std::io::stdout().flush().map_err(usage)?;
    }
    Ok(exit::OK)
}
