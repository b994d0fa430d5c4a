use ecric_model::Lang;
use ecric_model::finding::FindingClass;
use ecric_model::run_record::{CaseRecord, RunRecord};
use ecric_model::verdict::{Cause, Verdict};

use super::sample;
use crate::{ChangeKind, PlanRule, Style, compare_runs, render_gate_console, render_gate_markdown};

fn case<'a>(record: &'a mut RunRecord, id: &str) -> &'a mut CaseRecord {
    record.cases.iter_mut().find(|case| case.id.as_str() == id).unwrap()
}

fn kinds(old: &RunRecord, new: &RunRecord) -> Vec<(ChangeKind, String)> {
    let report = compare_runs(old, new, PlanRule::Same);
    report.changes.iter().map(|change| (change.kind, change.case.to_string())).collect()
}

#[test]
fn equal_runs_pass() {
    for record in [sample::conformant(), sample::stopped(5)] {
        let report = compare_runs(&record, &record, PlanRule::Same);
        assert!(report.passes && report.changes.is_empty() && report.unchanged > 0);
    }
    // A run that fails as it failed before got no worse.
    let report = compare_runs(&sample::record(), &sample::record(), PlanRule::Same);
    assert!(report.passes);
    assert!(report.changes.iter().all(|change| change.kind == ChangeKind::StillFailing));
}

#[test]
fn what_got_worse_fails_and_names_the_requirement() {
    let old = sample::conformant();
    let id = "LIF-003/01";
    type Edit = fn(&mut CaseRecord);
    let rows: [(Edit, ChangeKind); 7] = [
        (|case| case.verdict = Verdict::Fail, ChangeKind::NewFailure),
        (|case| case.verdict = Verdict::Hang, ChangeKind::NewFailure),
        (|case| case.verdict = Verdict::Unimplemented, ChangeKind::NewFailure),
        (|case| case.verdict = Verdict::Warn, ChangeKind::NewWarning),
        (
            |case| {
                case.verdict = Verdict::Inconclusive;
                case.cause = Some(Cause::SetUp);
            },
            ChangeKind::LostCoverage,
        ),
        (|case| case.verdict = Verdict::SuiteError, ChangeKind::LostCoverage),
        (|case| case.verdict = Verdict::Review, ChangeKind::LostCoverage),
    ];
    for (edit, kind) in rows {
        let mut new = old.clone();
        edit(case(&mut new, id));
        let report = compare_runs(&old, &new, PlanRule::Same);
        assert_eq!(kinds(&old, &new), [(kind, id.to_owned())]);
        assert!(!report.passes);
        assert_eq!(report.changes[0].requirement.as_str(), "LIF-003");
        for lang in [Lang::En, Lang::ZhCn] {
            assert!(render_gate_console(&report, lang, Style::Plain).contains("LIF-003/01"));
            assert!(render_gate_markdown(&report, lang).contains("**LIF-003**"));
        }
        // The other way round it is an improvement, and passes.
        assert!(compare_runs(&new, &old, PlanRule::Same).passes);
        assert_eq!(kinds(&new, &old), [(ChangeKind::Improved, id.to_owned())]);
    }
}

#[test]
fn a_false_accept_is_told_apart_and_counts_even_where_it_failed_before() {
    let mut old = sample::conformant();
    let id = "LIF-003/01";
    case(&mut old, id).negative = true;
    let mut new = old.clone();
    let accepts = |record: &mut RunRecord, class| {
        let finding = sample::record().cases.iter().find(|one| !one.findings.is_empty()).unwrap().findings[0].clone();
        let one = case(record, id);
        one.verdict = Verdict::Fail;
        one.findings = vec![ecric_model::finding::Finding { class, ..finding }];
    };
    accepts(&mut new, FindingClass::FalseAccept);
    assert_eq!(kinds(&old, &new), [(ChangeKind::NewFalseAccept, id.to_owned())]);
    accepts(&mut old, FindingClass::WrongReason);
    assert_eq!(kinds(&old, &new), [(ChangeKind::NewFalseAccept, id.to_owned())]);
    accepts(&mut old, FindingClass::FalseAccept);
    assert_eq!(kinds(&old, &new), [(ChangeKind::StillFailing, id.to_owned())]);
}

#[test]
fn lost_cases_and_another_plan_fail() {
    let old = sample::conformant();
    let mut new = old.clone();
    new.cases.retain(|case| case.id.as_str() != "LIF-003/01");
    new.plan.hash = "another".into();
    let report = compare_runs(&old, &new, PlanRule::Same);
    assert!(!report.passes && report.plan_fails);
    assert!(report.plan_change.as_ref().is_some_and(|text| text.en.contains("0 cases added, 1 taken out")));
    assert!(!compare_runs(&old, &new, PlanRule::MayChange).passes, "the case is lost all the same");
    // More cases are no loss, but another plan.
    let report = compare_runs(&new, &old, PlanRule::Same);
    assert!(!report.passes && report.of(ChangeKind::NewCase).count() == 1);
    assert!(compare_runs(&new, &old, PlanRule::MayChange).passes);
    // Planned, never closed.
    let mut cut = old.clone();
    let id = cut.cases.iter().find(|case| case.id.as_str() == "LIF-003/01").unwrap().id.clone();
    cut.not_closed = vec![id];
    assert_eq!(kinds(&old, &cut), [(ChangeKind::LostCoverage, "LIF-003/01".to_owned())]);
}

#[test]
fn a_waived_failure_is_shown_and_passes() {
    let old = sample::conformant();
    let mut new = old.clone();
    let one = case(&mut new, "LIF-003/01");
    (one.verdict, one.waived) = (Verdict::Fail, true);
    let report = compare_runs(&old, &new, PlanRule::Same);
    assert!(report.passes);
    assert_eq!(kinds(&old, &new), [(ChangeKind::Waived, "LIF-003/01".to_owned())]);
    // The waiver is gone, the failure is not.
    let mut later = new.clone();
    case(&mut later, "LIF-003/01").waived = false;
    assert_eq!(kinds(&new, &later), [(ChangeKind::NewFailure, "LIF-003/01".to_owned())]);
}

#[test]
fn hostile_texts_stay_text() {
    let record = sample::record();
    let mut old = record.clone();
    for case in &mut old.cases {
        case.verdict = Verdict::Pass;
    }
    let report = compare_runs(&old, &record, PlanRule::Same);
    for lang in [Lang::En, Lang::ZhCn] {
        let markdown = render_gate_markdown(&report, lang);
        for text in ["<img", "<script", "@team", "\u{1b}", "\u{202e}"] {
            assert!(!markdown.contains(text), "{text}");
        }
        let console = render_gate_console(&report, lang, Style::Plain);
        assert!(!console.chars().any(|c| crate::clean::is_hidden(c)));
    }
}
