//! Writes problems of files as SARIF, for `lint --sarif` and `target check --sarif`.

use std::path::Path;

use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_reports::{FileProblem, render_sarif_problems};
use ecric_runner::SuiteProblem;

/// A problem of the suite's files; `folder` is where they were read, if not from the binary.
pub(crate) fn of_suite(problem: &SuiteProblem, folder: Option<&Path>) -> FileProblem {
    let path = folder
        .map_or_else(|| format!("features/{}", problem.path), |dir| dir.join(&problem.path).display().to_string());
    FileProblem {
        path,
        line: problem.line,
        column: problem.column,
        message: Text::new(problem.en.clone(), problem.zh.clone()),
    }
}

/// Writes the file.
pub(crate) fn write(path: &Path, rule: &str, problems: &[FileProblem], lang: Lang) -> Result<(), Text> {
    let text = render_sarif_problems(rule, env!("CARGO_PKG_VERSION"), problems, lang);
    std::fs::write(path, text).map_err(|error| Msg::CannotWrite.text(&[&path.display(), &error]))
}
