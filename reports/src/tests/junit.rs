use std::collections::BTreeMap;

use ecric_model::verdict::Verdict;
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};

use super::sample;
use crate::render_junit;

#[test]
fn report_of_the_sample() {
    insta::assert_snapshot!(render_junit(&sample::record()).unwrap());
}

/// What a reader of JUnit sees per test name.
fn outcomes(xml: &str) -> BTreeMap<String, String> {
    let report = Report::deserialize_from_str(xml).unwrap();
    let cases = report.test_suites.iter().flat_map(|suite| &suite.test_cases);
    let outcome = |status: &TestCaseStatus| match status {
        TestCaseStatus::Success { .. } => "success".to_owned(),
        TestCaseStatus::NonSuccess { kind, ty, .. } => {
            let kind = if *kind == NonSuccessKind::Failure { "failure" } else { "error" };
            format!("{kind} {}", ty.as_ref().map(|ty| ty.as_str()).unwrap_or_default())
        }
        TestCaseStatus::Skipped { message, .. } => {
            let message = message.as_ref().map(|message| message.as_str()).unwrap_or_default();
            format!("skipped {}", message.split(':').next().unwrap_or_default())
        }
    };
    cases.map(|case| (case.name.as_str().chars().take(10).collect(), outcome(&case.status))).collect()
}

#[test]
fn verdicts_map_as_documented() {
    let outcomes = outcomes(&render_junit(&sample::record()).unwrap());
    for (case, want) in [
        ("IDN-001/01", "success"),
        ("IDN-008/01", "failure FAIL"),
        ("IDN-010/01", "success"),
        ("LIF-004/02", "failure HANG"),
        ("LIF-004/01", "error NOT_RUN"),
        ("LIF-006/01", "failure UNIMPLEMENTED"),
        ("VER-002/02", "error INCONCLUSIVE"),
        ("VER-005/01", "error SUITE_ERROR"),
        ("VER-007/01", "skipped needs review"),
        ("VER-013 Of", "skipped NOT_APPLICABLE"),
    ] {
        assert_eq!(outcomes.get(case).map(String::as_str), Some(want), "{case}");
    }
}

#[test]
fn a_failure_of_an_advisory_requirement_is_no_failure() {
    let mut record = sample::record();
    for case in record.cases.iter_mut().filter(|case| case.verdict == Verdict::Warn) {
        case.verdict = Verdict::Fail;
    }
    let xml = render_junit(&record).unwrap();
    assert_eq!(outcomes(&xml).get("IDN-010/01").map(String::as_str), Some("success"));
    assert!(xml.contains("[[PROPERTY|verdict=WARN]]"));
    assert!(xml.contains("finding:  WRONG_VALUE"));
}

#[test]
fn what_the_schema_of_jenkins_does_not_know_is_not_there() {
    let xml = render_junit(&sample::record()).unwrap();
    let root = xml.lines().find(|line| line.starts_with("<testsuites")).unwrap();
    assert!(root.contains(" tests=\"18\"") && !root.contains("skipped"), "{root}");
    for case in xml.split("<testcase ").skip(1) {
        let case = case.split("</testcase>").next().unwrap();
        assert!(!case.contains("<property"), "{case}");
    }
}

#[test]
fn every_case_is_there_once() {
    let record = sample::record();
    let outcomes = outcomes(&render_junit(&record).unwrap());
    for case in &record.cases {
        assert!(outcomes.contains_key(case.id.as_str()), "{}", case.id);
    }
    let without_case = record.requirements.iter().filter(|requirement| requirement.cases.is_empty()).count();
    assert_eq!(outcomes.len(), record.cases.len() + record.not_closed.len() + without_case);
}

#[test]
fn hostile_texts_stay_text() {
    let xml = render_junit(&sample::record()).unwrap();
    assert!(!xml.chars().any(|c| c.is_control() && c != '\n'));
    for text in ["<img", "</script", "\u{202e}", "]]>"] {
        assert!(!xml.contains(text), "{text} got through");
    }
    assert!(xml.contains("[U+202E]"), "hidden characters are not shown");
}
