use ecric_model::ids::CaseId;
use ecric_model::run_record::RunRecord;
use ecric_model::verdict::{RunVerdict, Verdict};

use super::sample;
use crate::{Decision, Review, ReviewError, apply_review};

const AT: &str = "2026-03-02T02:00:00Z";

fn settle(record: &mut RunRecord, id: &str, decision: Decision) -> Result<(), ReviewError> {
    let case = CaseId::parse(id).unwrap();
    apply_review(record, Review { case: &case, decision, by: "A. Reviewer", note: "the screen shows it", at: AT })
}

/// Only the requirement that waits for a person is left open.
fn waiting() -> RunRecord {
    let mut record = sample::record();
    record.requirements.retain(|one| matches!(one.verdict, Verdict::Pass | Verdict::Review));
    let kept: Vec<_> = record.requirements.iter().flat_map(|one| one.cases.clone()).collect();
    record.cases.retain(|case| kept.contains(&case.id));
    record.not_closed.clear();
    record.verdict = RunVerdict::Inconclusive;
    record.exit_code = 3;
    record
}

fn verdict_of(record: &RunRecord, id: &str) -> Verdict {
    record.requirements.iter().find(|one| one.id.as_str() == id).unwrap().verdict
}

#[test]
fn a_decision_settles_and_rolls_up_again() {
    for (decision, case, whole) in [
        (Decision::Pass, Verdict::Pass, RunVerdict::Conformant),
        (Decision::Fail, Verdict::Fail, RunVerdict::NonConformant),
    ] {
        let mut record = waiting();
        settle(&mut record, "VER-007/01", decision).unwrap();
        assert_eq!((verdict_of(&record, "VER-007"), record.verdict), (case, whole));
        assert_eq!(record.exit_code, whole.exit_code());
        assert_eq!(record.counts.cases.get(&Verdict::Review), None);
        let reviews = &record.cases.iter().find(|one| one.id.as_str() == "VER-007/01").unwrap().reviews;
        assert_eq!((reviews.len(), reviews[0].from, reviews[0].to), (1, Verdict::Review, case));
    }
}

#[test]
fn a_second_opinion_is_appended() {
    let mut record = waiting();
    settle(&mut record, "VER-007/01", Decision::Pass).unwrap();
    settle(&mut record, "VER-007/01", Decision::Fail).unwrap();
    let reviews = &record.cases.iter().find(|one| one.id.as_str() == "VER-007/01").unwrap().reviews;
    let told: Vec<_> = reviews.iter().map(|one| (one.from, one.to)).collect();
    assert_eq!(told, [(Verdict::Review, Verdict::Pass), (Verdict::Pass, Verdict::Fail)]);
    assert_eq!(record.verdict, RunVerdict::NonConformant);
}

#[test]
fn advisory_failures_warn_and_negatives_need_their_twin() {
    let mut record = waiting();
    record.requirements.iter_mut().find(|one| one.id.as_str() == "VER-007").unwrap().decides = false;
    (record.verdict, record.exit_code) = (RunVerdict::Conformant, 0);
    settle(&mut record, "VER-007/01", Decision::Fail).unwrap();
    assert_eq!((verdict_of(&record, "VER-007"), record.verdict), (Verdict::Warn, RunVerdict::Conformant));
    let mut record = waiting();
    let one = record.cases.iter_mut().find(|one| one.id.as_str() == "VER-007/01").unwrap();
    (one.negative, one.twin) = (true, Some(CaseId::parse("VER-099/01").unwrap()));
    settle(&mut record, "VER-007/01", Decision::Pass).unwrap();
    assert_eq!((verdict_of(&record, "VER-007"), record.exit_code), (Verdict::Inconclusive, 3));
}

#[test]
fn what_no_person_may_settle_is_refused() {
    let mut record = waiting();
    let before = record.clone();
    let error = settle(&mut record, "IDN-001/01", Decision::Fail).unwrap_err().to_string();
    assert!(error.contains("IDN-001/01 is PASS, not REVIEW") && error.contains("VER-007/01"), "{error}");
    let error = settle(&mut record, "IDN-999/01", Decision::Fail).unwrap_err().to_string();
    assert!(error.contains("no case IDN-999/01"), "{error}");
    let case = CaseId::parse("VER-007/01").unwrap();
    let empty = Review { case: &case, decision: Decision::Pass, by: " ", note: "x", at: AT };
    assert_eq!(apply_review(&mut record, empty), Err(ReviewError::Text("--by", 0)));
    assert_eq!(record, before);
}

#[test]
fn what_the_record_says_beyond_the_roll_up_stays() {
    // Evidence could not be written: the run is inconclusive though every requirement is met.
    let mut record = waiting();
    let one = record.cases.iter_mut().find(|one| one.id.as_str() == "VER-007/01").unwrap();
    one.verdict = Verdict::Pass;
    one.reviews.push(ecric_model::review::ReviewRecord {
        from: Verdict::Review,
        to: Verdict::Pass,
        by: "A".into(),
        note: "n".into(),
        at: AT.into(),
    });
    settle(&mut record, "VER-007/01", Decision::Pass).unwrap();
    assert_eq!(record.verdict, RunVerdict::Inconclusive);
}
