//! What a record claims, worked out again from the attempts: every verdict, every count, and that nothing that
//! was planned is missing.

use std::collections::{BTreeMap, BTreeSet};

use ecric_model::evidence::{Attempt, Recorded};
use ecric_model::ids::CaseId;
use ecric_model::roll_up::{
    CaseOutcome, CaseState, Circumstances, PlannedCase, PlannedCases, RequirementState, apply_levels, apply_twins,
    failure_text, run_verdict,
};
use ecric_model::run_record::{CaseRecord, Counts, RunRecord};
use ecric_model::verdict::{RunVerdict, Verdict};
use ecric_model::waiver::WaiverState;

use super::contents::PlanFacts;
use super::fault::Fault;

const RUN: &str = "run.json";

/// Holds the record against plan and attempts.
pub(crate) fn check(
    run: &RunRecord,
    plan: &PlanFacts,
    attempts: &[Attempt],
    exchanges: &[Recorded],
    faults: &mut Vec<Fault>,
) {
    check_plan(run, plan, faults);
    let last = last_attempts(attempts, faults);
    check_cases(run, &last, exchanges, faults);
    let judged = judge_again(run, plan, &last);
    check_verdicts(run, &judged, faults);
    check_waivers(run, &judged, faults);
    let passed = judged.counts.cases.get(&Verdict::Pass).copied().unwrap_or_default();
    if run.exit_code == 0 && passed == 0 {
        faults.push(Fault::said(
            RUN,
            "a run in which no case passed shows nothing: 0 passed",
            "没有用例通过的运行不能证明任何事项：0个通过",
        ));
    }
}

fn differ(
    place: impl Into<String>,
    told: impl std::fmt::Debug,
    found: impl std::fmt::Debug,
    en: &str,
    zh: &str,
) -> Fault {
    Fault::said(
        place,
        format!("{en}: the record says {told:?}, the evidence gives {found:?}"),
        format!("{zh}：记录为 {told:?}，证据得出 {found:?}"),
    )
}

fn check_plan(run: &RunRecord, plan: &PlanFacts, faults: &mut Vec<Fault>) {
    if run.plan.hash != plan.hash {
        faults.push(differ(RUN, &run.plan.hash, &plan.hash, "hash of the plan", "计划哈希"));
    }
    if run.plan.cases != plan.cases.len() {
        faults.push(differ(RUN, run.plan.cases, plan.cases.len(), "number of planned cases", "计划用例数"));
    }
    let partial = plan.left_out.iter().any(|case| case.partial);
    if run.partial != partial {
        faults.push(differ(RUN, run.partial, partial, "partial", "部分测试"));
    }
    let planned: BTreeSet<&CaseId> = plan.cases.iter().map(|line| &line.id).collect();
    let closed: BTreeSet<&CaseId> = run.cases.iter().map(|case| &case.id).collect();
    let open: BTreeSet<&CaseId> = run.not_closed.iter().collect();
    for id in &planned {
        if !closed.contains(id) && !open.contains(id) {
            faults.push(Fault::said(
                format!("{RUN} ({id})"),
                "this planned case is missing from the record",
                "记录中缺少该计划用例",
            ));
        }
    }
    for id in closed.iter().chain(&open).filter(|id| !planned.contains(*id)) {
        faults.push(Fault::said(format!("{RUN} ({id})"), "this case was never planned", "该用例不在计划中"));
    }
    if closed.len() != run.cases.len() {
        faults.push(Fault::said(RUN, "a case stands twice", "用例重复"));
    }
}

/// The attempt that counts for each case: the last, and the only one that ended.
fn last_attempts<'a>(attempts: &'a [Attempt], faults: &mut Vec<Fault>) -> BTreeMap<&'a CaseId, &'a Attempt> {
    let mut out: BTreeMap<&CaseId, &Attempt> = BTreeMap::new();
    for (number, attempt) in (1..).zip(attempts) {
        if out.insert(&attempt.case, attempt).is_some() {
            faults.push(Fault::said(
                format!("attempts.ndjson:{number} ({}#{})", attempt.case, attempt.attempt),
                "a case was tried again after an attempt had ended",
                "用例在已有结果之后又被重试",
            ));
        }
    }
    out
}

fn check_cases(run: &RunRecord, last: &BTreeMap<&CaseId, &Attempt>, exchanges: &[Recorded], faults: &mut Vec<Fault>) {
    let by_id: BTreeMap<&str, &Recorded> =
        exchanges.iter().map(|recorded| (recorded.exchange.id.as_str(), recorded)).collect();
    for case in &run.cases {
        let place = || format!("{RUN} ({})", case.id);
        let Some(attempt) = last.get(&case.id) else {
            faults.push(Fault::said(place(), "there is no attempt at this case", "没有该用例的执行记录"));
            continue;
        };
        if case.evidence != attempt.evidence {
            faults.push(differ(place(), &case.evidence, &attempt.evidence, "its exchanges", "其交互"));
        }
        if case.attempts != attempt.attempt {
            faults.push(differ(place(), case.attempts, attempt.attempt, "number of attempts", "尝试次数"));
        }
        if case.property != attempt.property {
            faults.push(Fault::said(place(), "its property is not that of the attempt", "其性质记录与执行记录不符"));
        }
        for shown in &case.exchanges {
            if by_id.get(shown.id.as_str()).is_none_or(|recorded| recorded.exchange != *shown) {
                faults.push(Fault::said(
                    format!("{RUN} ({}, {})", case.id, shown.id),
                    "this exchange is not the one of the evidence",
                    "该次交互与证据不符",
                ));
            }
        }
    }
    for id in last.keys().filter(|id| !run.cases.iter().any(|case| case.id == ***id)) {
        faults.push(Fault::said(
            format!("{RUN} ({id})"),
            "there is an attempt at this case, and the record does not tell of it",
            "存在该用例的执行记录，但运行记录未列出",
        ));
    }
}

/// The roll-up over the attempts, with the twins and levels that the record names. That these are those of the
/// suite is shown by making the plan again.
struct Judged {
    cases: BTreeMap<CaseId, CaseOutcome>,
    requirements: Vec<RequirementState>,
    not_closed: Vec<CaseId>,
    whole: RunVerdict,
    counts: Counts,
}

fn judge_again(run: &RunRecord, plan: &PlanFacts, last: &BTreeMap<&CaseId, &Attempt>) -> Judged {
    let planned: Vec<PlannedCase<'_>> =
        run.cases.iter().map(|case| PlannedCase { id: &case.id, twin: case.twin.as_ref() }).collect();
    let by_requirement: Vec<PlannedCases<'_>> =
        run.requirements.iter().map(|one| PlannedCases { decides: one.decides, cases: &one.cases }).collect();
    let mut cases: BTreeMap<CaseId, CaseOutcome> =
        last.iter().map(|(id, attempt)| ((*id).clone(), attempt.outcome.clone())).collect();
    apply_twins(&planned, &mut cases);
    apply_levels(&by_requirement, &mut cases);
    let waived: BTreeSet<&CaseId> = run.cases.iter().filter(|case| case.waived).map(|case| &case.id).collect();
    let state = |id: &CaseId| {
        let outcome = cases.get(id)?;
        Some(CaseState { verdict: outcome.verdict, cause: outcome.cause, waived: waived.contains(id) })
    };
    let requirements: Vec<RequirementState> = by_requirement
        .iter()
        .map(|planned| RequirementState::of(planned.cases.iter().filter_map(state), planned.decides))
        .collect();
    let mut counts = Counts::default();
    for state in &requirements {
        *counts.requirements.entry(state.verdict).or_default() += 1;
    }
    for outcome in cases.values() {
        *counts.cases.entry(outcome.verdict).or_default() += 1;
    }
    let not_closed: Vec<CaseId> =
        plan.cases.iter().filter(|line| !cases.contains_key(&line.id)).map(|line| line.id.clone()).collect();
    let all: Vec<CaseState> = cases.keys().filter_map(state).collect();
    let circumstances = Circumstances {
        incomplete: !not_closed.is_empty(),
        bad_waiver: run.waivers.iter().any(|waiver| waiver.state.fails_the_run()),
    };
    let whole = run_verdict(&requirements, &all, circumstances);
    Judged { cases, requirements, not_closed, whole, counts }
}

/// A case is waived only by an entry about this very failure of this very version, and not after its last day.
fn check_waivers(run: &RunRecord, judged: &Judged, faults: &mut Vec<Fault>) {
    for case in &run.cases {
        let text = judged.cases.get(&case.id).and_then(|outcome| failure_text(&case.id, outcome));
        let failure = text.map(|text| ecric_gm::sm3::digest_hex(text.as_bytes()));
        if case.failure_sm3 != failure {
            faults.push(differ(
                format!("{RUN} ({})", case.id),
                &case.failure_sm3,
                &failure,
                "fingerprint of the failure",
                "失败指纹",
            ));
        }
        let answered = run.waivers.iter().any(|entry| {
            entry.state == WaiverState::Applied
                && entry.waiver.case == case.id.as_str()
                && entry.waiver.target_version == run.target.version
                && Some(&entry.waiver.evidence) == failure.as_ref()
                && entry.waiver.expires.as_str() >= run.started.get(..10).unwrap_or_default()
        });
        if case.waived != answered {
            faults.push(differ(format!("{RUN} ({})", case.id), case.waived, answered, "waived", "豁免"));
        }
    }
}

fn check_verdicts(run: &RunRecord, judged: &Judged, faults: &mut Vec<Fault>) {
    for case in &run.cases {
        let Some(outcome) = judged.cases.get(&case.id) else { continue };
        if !same(case, outcome) {
            faults.push(differ(
                format!("{RUN} ({})", case.id),
                case.verdict.name(),
                outcome.verdict.name(),
                "its verdict or its findings",
                "其判定或发现",
            ));
        }
    }
    for (requirement, state) in run.requirements.iter().zip(&judged.requirements) {
        let verdict = state.verdict;
        if requirement.verdict != verdict || requirement.waived != state.is_waived() {
            faults.push(differ(
                format!("{RUN} ({})", requirement.id),
                requirement.verdict.name(),
                verdict.name(),
                "verdict of the requirement",
                "要求的判定",
            ));
        }
    }
    if run.counts != judged.counts {
        faults.push(differ(RUN, &run.counts, &judged.counts, "counts", "计数"));
    }
    if run.not_closed != judged.not_closed {
        faults.push(differ(RUN, &run.not_closed, &judged.not_closed, "cases never closed", "未关闭的用例"));
    }
    // Evidence that could not be written in full takes a conformant run back to inconclusive, never forward.
    let stricter = run.verdict == RunVerdict::Inconclusive && judged.whole == RunVerdict::Conformant;
    if run.verdict != judged.whole && !stricter {
        faults.push(differ(RUN, run.verdict, judged.whole, "verdict of the run", "运行结论"));
    }
    if run.exit_code != run.verdict.exit_code() {
        faults.push(differ(RUN, run.exit_code, run.verdict.exit_code(), "exit code", "退出码"));
    }
}

fn same(case: &CaseRecord, outcome: &CaseOutcome) -> bool {
    case.verdict == outcome.verdict
        && case.cause == outcome.cause
        && case.cause_detail == outcome.detail
        && case.findings == outcome.findings
}
