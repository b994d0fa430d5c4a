//! `ecric lint`.

use ecric_model::Lang;
use ecric_model::messages::Msg;
use ecric_runner::{Source, lint};

use crate::args::LintArgs;
use crate::plan_command::complain;
use crate::{coverage_table, exit, sarif_file};

/// Runs the command.
pub(crate) fn execute(arguments: &LintArgs, lang: Lang) -> u8 {
    let source = match &arguments.dir {
        None => Source::embedded(),
        Some(dir) => match Source::folder(dir) {
            Ok(source) => source,
            Err(error) => {
                complain(lang, &ecric_model::Text::same(error));
                return exit::USAGE;
            }
        },
    };
    let mutants: Vec<_> = ecric_reference::mutants().iter().map(|mutant| mutant.info).collect();
    if arguments.coverage {
        return coverage_table::execute(&source, &mutants, arguments.json, lang);
    }
    let report = lint(&source, &mutants);
    if let Some(path) = &arguments.sarif {
        let folder = arguments.dir.as_deref();
        let problems: Vec<_> = report.problems.iter().map(|problem| sarif_file::of_suite(problem, folder)).collect();
        if let Err(text) = sarif_file::write(path, "ecric.lint", &problems, lang) {
            complain(lang, &text);
            return exit::USAGE;
        }
    }
    if arguments.json {
        let problems: Vec<_> = report
            .problems
            .iter()
            .map(|p| serde_json::json!({"path": p.path, "line": p.line, "column": p.column, "en": p.en, "zh": p.zh}))
            .collect();
        say!("{:#}", serde_json::json!({"problems": problems}));
    } else {
        for problem in &report.problems {
            let words = match lang {
                Lang::En => &problem.en,
                Lang::ZhCn => &problem.zh,
            };
            match (problem.line, problem.column) {
                (0, _) => say!("{}: {words}", problem.path),
                (line, 0) => say!("{}:{line}: {words}", problem.path),
                (line, column) => say!("{}:{line}:{column}: {words}", problem.path),
            }
        }
        if report.problems.is_empty() {
            let counts: [&dyn std::fmt::Display; 5] =
                [&report.requirements, &report.cases, &report.steps, &report.mutants, &report.vectors];
            say!("{}", Msg::LintOk.fill(lang, &counts));
        } else {
            say!("{}", Msg::LintProblems.fill(lang, &[&report.problems.len()]));
        }
    }
    if report.problems.is_empty() { exit::OK } else { exit::SHORT }
}
