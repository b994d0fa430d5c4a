//! The outcomes as JUnit XML: a suite for each file, a case for each vector.

use std::collections::BTreeMap;

use ecric_vectors::set::Outcome;
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::Checked;

/// Renders the outcomes.
///
/// # Errors
/// When a text cannot be written as XML.
pub fn render_junit(name: &str, checked: &[Checked<'_>]) -> Result<String, SerializeError> {
    let mut by_file: BTreeMap<&str, Vec<&Checked<'_>>> = BTreeMap::new();
    for one in checked {
        by_file.entry(&one.vector.file).or_default().push(one);
    }
    let mut report = Report::new(name);
    for (file, all) in by_file {
        let mut suite = TestSuite::new(file);
        suite.add_test_cases(all.into_iter().map(case));
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn case(checked: &Checked<'_>) -> TestCase {
    let item = &checked.vector.item;
    let mut status = match checked.outcome {
        Outcome::Right => TestCaseStatus::success(),
        Outcome::Unsupported | Outcome::NotAsked => TestCaseStatus::skipped(),
        Outcome::WrongAccept | Outcome::WrongReject | Outcome::WrongOutput => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        Outcome::Error | Outcome::Crash | Outcome::Hang | Outcome::Garbage => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    if checked.outcome != Outcome::Right {
        let why = checked.reason.as_deref().map(|reason| format!("; {reason}")).unwrap_or_default();
        status.set_type(checked.outcome.word());
        status.set_message(format!("{}{why}", checked.outcome.word()));
        status.set_description(format!("{}\nflags: {}", item.comment, item.flags.join(", ")));
    }
    let mut case = TestCase::new(&item.id, status);
    case.set_classname(checked.vector.operation.name);
    case
}
