//! Reads the file of waivers that `ecric run --expected` names.

use std::path::Path;

use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_runner::{EXPECTED_LIMIT_BYTES, PlacedWaiver, Suite, SuiteProblem, read_expected};

/// Loads the waivers; every problem is one line of the message.
pub(crate) fn load(path: &Path, suite: &Suite) -> Result<Vec<PlacedWaiver>, Text> {
    let name = path.display().to_string();
    let cannot = |reason: &dyn std::fmt::Display| Msg::CannotRead.text(&[&name, reason]);
    let size = std::fs::metadata(path).map_err(|error| cannot(&error))?.len();
    if size > EXPECTED_LIMIT_BYTES as u64 * 4 {
        return Err(cannot(&format!("{size} > {EXPECTED_LIMIT_BYTES}")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| cannot(&error))?;
    read_expected(&name, &text, suite).map_err(|problems| {
        let lines =
            |lang: Lang| problems.iter().map(|problem| format!("\n  {}", line(problem, lang))).collect::<String>();
        let count = problems.len();
        Text::new(
            format!("{}{}", Msg::TargetProblems.fill(Lang::En, &[&name, &count]), lines(Lang::En)),
            format!("{}{}", Msg::TargetProblems.fill(Lang::ZhCn, &[&name, &count]), lines(Lang::ZhCn)),
        )
    })
}

fn line(problem: &SuiteProblem, lang: Lang) -> String {
    let words = match lang {
        Lang::En => &problem.en,
        Lang::ZhCn => &problem.zh,
    };
    match (problem.line, problem.column) {
        (0, _) => format!("{}: {words}", problem.path),
        (line, 0) => format!("{}:{line}: {words}", problem.path),
        (line, column) => format!("{}:{line}:{column}: {words}", problem.path),
    }
}
