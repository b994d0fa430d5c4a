//! Settles a REVIEW verdict: appends a person's decision to the record and rolls it up again. Takes
//! nothing away; the verdict before it stays in the decision.

use std::collections::BTreeMap;

use ecric_model::ids::CaseId;
use ecric_model::review::ReviewRecord;
use ecric_model::roll_up::{CaseState, Circumstances, RequirementState, run_verdict};
use ecric_model::run_record::{CaseRecord, Counts, RunRecord};
use ecric_model::verdict::{Cause, RunVerdict, Verdict};

/// Longest name or note, characters.
const TEXT_LIMIT: usize = 4_000;

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// As required.
    Pass,
    /// Not as required.
    Fail,
}

/// Why a decision cannot be taken down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// The record has no such case.
    #[error("the run has no case {0}; cases that wait for a review: {1}")]
    UnknownCase(CaseId, String),
    /// The case was judged without a person.
    #[error(
        "the case {case} is {verdict}, not REVIEW: only a verdict that waits for a person can be settled; waiting: {waiting}"
    )]
    NotForReview {
        /// The case.
        case: CaseId,
        /// Its verdict.
        verdict: &'static str,
        /// Cases that wait.
        waiting: String,
    },
    /// The decision has no name or no reason, or one that is too long.
    #[error("{0} has {1} characters, wanted 1 to {TEXT_LIMIT}")]
    Text(&'static str, usize),
}

/// A decision about one case.
#[derive(Debug, Clone, Copy)]
pub struct Review<'a> {
    /// The case.
    pub case: &'a CaseId,
    /// What is decided.
    pub decision: Decision,
    /// Who decides.
    pub by: &'a str,
    /// Why.
    pub note: &'a str,
    /// When, RFC 3339, UTC.
    pub at: &'a str,
}

/// Cases that wait for a person, separated by blanks; `none` where there are none.
#[must_use]
pub fn waiting_for_review(record: &RunRecord) -> String {
    let ids: Vec<&str> =
        record.cases.iter().filter(|case| case.verdict == Verdict::Review).map(|case| case.id.as_str()).collect();
    if ids.is_empty() { "none".to_owned() } else { ids.join(" ") }
}

/// Appends a decision and computes verdicts and counts again.
///
/// # Errors
/// When there is no such case, it never waited for a person, or name or reason are missing.
pub fn apply_review(record: &mut RunRecord, review: Review<'_>) -> Result<(), ReviewError> {
    for (name, text) in [("--by", review.by), ("--note", review.note)] {
        let length = text.trim().chars().count();
        if length == 0 || length > TEXT_LIMIT {
            return Err(ReviewError::Text(name, length));
        }
    }
    // What the record says beyond the roll-up, for example that evidence is missing, stays.
    let floor = (roll_up(record).1 != record.verdict).then_some(record.verdict);
    let waiting = waiting_for_review(record);
    let twin_passed = record
        .cases
        .iter()
        .find(|case| case.id == *review.case)
        .and_then(|case| case.twin.as_ref())
        .map(|twin| record.cases.iter().any(|case| case.id == *twin && case.verdict == Verdict::Pass));
    let decides = record
        .requirements
        .iter()
        .find(|requirement| requirement.cases.contains(review.case))
        .is_none_or(|requirement| requirement.decides);
    let Some(case) = record.cases.iter_mut().find(|case| case.id == *review.case) else {
        return Err(ReviewError::UnknownCase(review.case.clone(), waiting));
    };
    if case.verdict != Verdict::Review && case.reviews.is_empty() {
        let verdict = case.verdict.name();
        return Err(ReviewError::NotForReview { case: case.id.clone(), verdict, waiting });
    }
    settle(case, review, decides, twin_passed);
    let (requirements, whole, counts) = roll_up(record);
    for (requirement, state) in record.requirements.iter_mut().zip(requirements) {
        if !requirement.cases.is_empty() {
            requirement.verdict = state.verdict;
            requirement.waived = state.is_waived();
        }
    }
    record.counts = counts;
    record.verdict = match floor {
        Some(floor) if whole == RunVerdict::Conformant => floor,
        _ => whole,
    };
    record.exit_code = record.verdict.exit_code();
    Ok(())
}

fn settle(case: &mut CaseRecord, review: Review<'_>, decides: bool, twin_passed: Option<bool>) {
    let to = match review.decision {
        Decision::Pass => Verdict::Pass,
        Decision::Fail => Verdict::Fail,
    };
    case.reviews.push(ReviewRecord {
        from: case.verdict,
        to,
        by: review.by.trim().to_owned(),
        note: review.note.trim().to_owned(),
        at: review.at.to_owned(),
    });
    // The rules for levels and twins hold for persons too.
    (case.verdict, case.cause) = match (to, decides) {
        (Verdict::Fail, false) => (Verdict::Warn, None),
        (Verdict::Pass, _) if case.negative && twin_passed == Some(false) => (Verdict::Inconclusive, Some(Cause::Twin)),
        _ => (to, None),
    };
}

fn roll_up(record: &RunRecord) -> (Vec<RequirementState>, RunVerdict, Counts) {
    let states: BTreeMap<&CaseId, CaseState> = record
        .cases
        .iter()
        .map(|case| (&case.id, CaseState { verdict: case.verdict, cause: case.cause, waived: case.waived }))
        .collect();
    let of = |requirement: &ecric_model::run_record::RequirementRecord| {
        let cases = requirement.cases.iter().filter_map(|id| states.get(id).copied());
        RequirementState::of(cases, requirement.decides)
    };
    let requirements: Vec<RequirementState> = record.requirements.iter().map(of).collect();
    let circumstances = Circumstances {
        incomplete: !record.not_closed.is_empty(),
        bad_waiver: record.waivers.iter().any(|waiver| waiver.state.fails_the_run()),
    };
    let whole = run_verdict(&requirements, states.values(), circumstances);
    let mut counts = Counts::default();
    for (state, requirement) in requirements.iter().zip(&record.requirements) {
        let verdict = if requirement.cases.is_empty() { requirement.verdict } else { state.verdict };
        *counts.requirements.entry(verdict).or_default() += 1;
    }
    for state in states.values() {
        *counts.cases.entry(state.verdict).or_default() += 1;
    }
    (requirements, whole, counts)
}
