//! JUnit XML for continuous integration. A JUnit file is never the gate: the exit code is. Hence an
//! advisory failure is a success with a property here, as it must not turn a pipeline red.

use std::collections::HashMap;
use std::time::Duration;

use ecric_model::Lang;
use ecric_model::ids::RequirementId;
use ecric_model::run_record::{CaseRecord, RequirementRecord, RunRecord};
use ecric_model::verdict::Verdict;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::ReportError;
use crate::bounded::bounded;
use crate::clean::visible_line;
use crate::told::{self, waiver_line, waiver_lines, waiver_of, word};
use crate::view::View;

/// Renders JUnit XML: one suite per area, one test case per planned case. A requirement without a case
/// is a skipped test case, so that nothing is lost silently. Texts are English.
///
/// # Errors
/// When the XML cannot be encoded.
pub fn render_junit(record: &RunRecord) -> Result<String, ReportError> {
    let record = &*bounded(record);
    let view = View::new(record);
    let mut report = Report::new("ecric");
    report.set_time(Duration::from_millis(record.duration_ms));
    let mut suites: Vec<TestSuite> = Vec::new();
    let mut index: HashMap<&str, usize> = HashMap::new();
    for requirement in &record.requirements {
        let at = *index.entry(requirement.area.as_str()).or_insert_with(|| {
            suites.push(new_suite(record, requirement));
            suites.len() - 1
        });
        let Some(suite) = suites.get_mut(at) else { continue };
        if requirement.cases.is_empty() {
            suite.add_test_case(without_case(requirement));
        }
        for id in &requirement.cases {
            suite.add_test_case(match view.case(id) {
                Some(case) => test_case(&view, Some(requirement), case),
                None => not_run(&requirement.id, id.as_str()),
            });
        }
    }
    let stray = stray_cases(&view);
    if !stray.is_empty() {
        let mut suite = TestSuite::new("without-requirement");
        suite.add_test_cases(stray);
        suites.push(suite);
    }
    for suite in &mut suites {
        let time = suite.test_cases.iter().filter_map(|case| case.time).sum();
        suite.set_time(time);
    }
    report.add_test_suites(suites);
    Ok(without_skipped(&report.to_string()?))
}

/// Takes the count of skipped cases off the root element, where the schema of Jenkins has none.
fn without_skipped(xml: &str) -> String {
    let Some(root) = xml.find("<testsuites ") else { return xml.to_owned() };
    let end = xml.get(root..).and_then(|rest| rest.find('>')).map_or(xml.len(), |at| root + at);
    let (head, rest) = xml.split_at_checked(end).unwrap_or((xml, ""));
    match head.get(root..).and_then(|tag| tag.find(" skipped=\"")).map(|at| root + at) {
        Some(at) => {
            let close = head.get(at + 10..).and_then(|tail| tail.find('"')).map_or(at, |found| at + 10 + found + 1);
            format!("{}{}{rest}", head.get(..at).unwrap_or_default(), head.get(close..).unwrap_or_default())
        }
        None => xml.to_owned(),
    }
}

fn new_suite(record: &RunRecord, requirement: &RequirementRecord) -> TestSuite {
    let mut suite = TestSuite::new(one_line(&requirement.area));
    let target = &record.target;
    let profiles: Vec<_> = record.profiles.iter().map(|profile| profile.name()).collect();
    for (name, value) in [
        ("area", requirement.area_title.en.as_str()),
        ("run.verdict", &record.verdict.text().en),
        ("run.exit_code", &record.exit_code.to_string()),
        ("run.outcome", &record.outcome_name.en),
        ("run.partial", if record.partial { "true" } else { "false" }),
        ("run.started", &record.started),
        ("run.finished", &record.finished),
        ("run.seed", &record.seed),
        ("run.level", &record.level),
        ("run.depth", &record.depth),
        ("run.profiles", &profiles.join(",")),
        ("plan.hash", &record.plan.hash),
        ("suite.version", &record.suite.version),
        ("suite.commit", &record.suite.commit),
        ("target.product", &target.product),
        ("target.version", &target.version),
        ("target.vendor", &target.vendor),
        ("target.rung", &target.rung),
    ] {
        suite.add_property(property(name, value));
    }
    for (index, waiver) in waiver_lines(record, Lang::En).iter().enumerate() {
        suite.add_property(property(&format!("waiver.{}", index + 1), waiver));
    }
    suite
}

fn test_case(view: &View, requirement: Option<&RequirementRecord>, case: &CaseRecord) -> TestCase {
    let weighed = view.weighed(requirement, case);
    let open = view.is_open(&case.id);
    let status = if open { open_status() } else { status(view.record, weighed, case) };
    let mut test = TestCase::new(format!("{} {}", case.id, one_line(&case.title)), status);
    test.set_classname(case.requirement.as_str());
    test.set_time(Duration::from_millis(case.duration_ms));
    let mut facts = vec![fact("requirement", case.requirement.as_str())];
    if let Some(requirement) = requirement {
        facts.push(fact("title", &requirement.title.en));
        facts.push(fact("level", &word(&requirement.level)));
        facts.push(fact("profile", requirement.profile.name()));
        facts.push(fact("confidence", &word(&requirement.confidence)));
        facts.push(fact("decides", if requirement.decides { "true" } else { "false" }));
    }
    facts.push(fact("verdict", if open { "NOT_RUN" } else { weighed.name() }));
    if let Some(cause) = case.cause {
        facts.push(fact("cause", &word(&cause)));
    }
    if let Some(sm3) = &case.failure_sm3 {
        facts.push(fact("failure_sm3", sm3));
    }
    if case.waived {
        facts.push(fact("waived", "true"));
    }
    facts.extend(told::review_lines(case, Lang::En).iter().map(|review| fact("review", review)));
    if !case.evidence.is_empty() {
        facts.push(fact("evidence", &case.evidence.join(",")));
    }
    if !case.source.is_empty() {
        facts.push(fact("source", &case.source));
    }
    if weighed == Verdict::Warn && !open {
        facts.push(told::description(view.record, case, Lang::En));
    }
    test.set_system_out(facts.join("\n"));
    test
}

/// A fact about a test case. The schema of the Jenkins plug-in, the only one that is published, allows
/// properties in suites only; so those of a case stand in its output, in the form that readers know.
fn fact(name: &str, value: &str) -> String {
    format!("[[PROPERTY|{name}={}]]", told::line(value))
}

/// The mapping of verdicts. A waived failure is skipped, with its verdict in the message.
fn status(record: &RunRecord, verdict: Verdict, case: &CaseRecord) -> TestCaseStatus {
    if let Some(waiver) = waiver_of(record, case) {
        let mut status = TestCaseStatus::skipped();
        let line = waiver_line(waiver, Lang::En);
        status.set_message(format!("waived {}: {line}; {}", verdict.name(), told::message(case, Lang::En)));
        status.set_description(told::description(record, case, Lang::En));
        return status;
    }
    let mut status = match verdict {
        Verdict::Pass | Verdict::Warn => return TestCaseStatus::success(),
        Verdict::Fail | Verdict::Unimplemented | Verdict::Hang => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive | Verdict::SuiteError => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::NotApplicable | Verdict::Review => TestCaseStatus::skipped(),
    };
    let reason = told::message(case, Lang::En);
    match verdict {
        Verdict::NotApplicable => status.set_message(format!("not applicable: {reason}")),
        Verdict::Review => status.set_message(format!("needs review: {reason}")),
        Verdict::SuiteError => status.set_type(verdict.name()).set_message(format!("fault of the suite: {reason}")),
        _ => status.set_type(verdict.name()).set_message(reason),
    };
    if verdict != Verdict::NotApplicable {
        status.set_description(told::description(record, case, Lang::En));
    }
    status
}

fn open_status() -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type("NOT_RUN").set_message("planned, but never closed: the run was cut off");
    status
}

fn not_run(requirement: &RequirementId, case: &str) -> TestCase {
    let mut test = TestCase::new(case, open_status());
    test.set_classname(requirement.as_str());
    test.set_system_out(format!("{}\n{}", fact("requirement", requirement.as_str()), fact("verdict", "NOT_RUN")));
    test
}

fn without_case(requirement: &RequirementRecord) -> TestCase {
    let mut status = TestCaseStatus::skipped();
    let note = requirement.note.as_ref().map_or("no case in the plan", |note| note.en.as_str());
    status.set_message(format!("{}: {}", requirement.verdict.name(), one_line(note)));
    let mut test = TestCase::new(format!("{} {}", requirement.id, one_line(&requirement.title.en)), status);
    test.set_classname(requirement.id.as_str());
    let facts = [
        fact("requirement", requirement.id.as_str()),
        fact("profile", requirement.profile.name()),
        fact("verdict", requirement.verdict.name()),
    ];
    test.set_system_out(facts.join("\n"));
    test
}

/// Cases that no requirement of the record names: a fault of ours that must be seen.
fn stray_cases(view: &View) -> Vec<TestCase> {
    let named: std::collections::HashSet<_> =
        view.record.requirements.iter().flat_map(|requirement| &requirement.cases).collect();
    let strays = view.record.cases.iter().filter(|case| !named.contains(&case.id));
    let mut tests: Vec<_> = strays.map(|case| test_case(view, None, case)).collect();
    let unknown = view.record.not_closed.iter().filter(|id| !named.contains(id) && view.case(id).is_none());
    tests.extend(unknown.map(|id| not_run(&id.requirement(), id.as_str())));
    tests
}

fn property(name: &str, value: &str) -> Property {
    Property::new(name, one_line(value))
}

fn one_line(text: &str) -> String {
    visible_line(text)
}
