//! Kills, false alarms and idle cases, from what the children said. Pure.

use std::collections::{BTreeMap, BTreeSet};

use ecric_model::Text;
use ecric_model::brief::Brief;
use ecric_model::mutant::MutantInfo;
use ecric_model::verdict::Verdict;
use ecric_runner::Plan;

use crate::children::Outcome;
use crate::not_ablated;
use crate::record::{Alarm, Fault, IdleCase, MutantRow, RequirementColumn, RightReference};
use crate::tasks::Subject;

/// Red: what a reader of the report is to look at. Advisory requirements can only warn.
pub(crate) const fn is_red(verdict: Verdict) -> bool {
    verdict.is_red() || matches!(verdict, Verdict::Warn)
}

/// The row of a mutant; `None` if its child failed.
pub(crate) fn row(outcome: &Outcome) -> Option<MutantRow> {
    let (Subject::Mutant(info), Ok(brief)) = (outcome.task.subject, &outcome.result) else { return None };
    let verdict = brief.cases.get(info.killed_by).copied();
    let red_cases: Vec<String> =
        brief.cases.iter().filter(|(_, verdict)| is_red(**verdict)).map(|(id, _)| id.clone()).collect();
    let mut red = BTreeMap::new();
    for case in &red_cases {
        *red.entry(requirement_of(case).to_owned()).or_default() += 1;
    }
    Some(MutantRow {
        id: info.id.to_owned(),
        text: Text::new(info.en, info.zh),
        killed_by: info.killed_by.to_owned(),
        verdict,
        killed: verdict.is_some_and(is_red),
        why: why(brief, &info, verdict),
        red,
        red_cases,
        duration_ms: u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX),
    })
}

fn why(brief: &Brief, info: &MutantInfo, verdict: Option<Verdict>) -> Option<Text> {
    match verdict {
        None => Some(brief.stopped.clone().unwrap_or_else(|| {
            Text::new("the case that must kill it is not in the plan", "计划中没有必须发现它的用例")
        })),
        Some(Verdict::Pass) => Some(Text::new("the case that must kill it passes", "必须发现它的用例通过了")),
        Some(_) => brief.why.get(info.killed_by).cloned(),
    }
}

fn requirement_of(case: &str) -> &str {
    case.split('/').next().unwrap_or(case)
}

/// Faults of ours in a run: the child failed, or a case ended in SUITE_ERROR.
pub(crate) fn faults(outcome: &Outcome) -> Vec<Fault> {
    let fault =
        |text: Text| Fault { subject: outcome.task.subject.name().to_owned(), seed: outcome.task.seed.clone(), text };
    match &outcome.result {
        Err(error) => vec![fault(Text::same(error.to_string()))],
        Ok(brief) => {
            let broken = brief.cases.iter().filter(|(_, verdict)| **verdict == Verdict::SuiteError);
            broken
                .map(|(id, _)| {
                    let why = brief.why.get(id).cloned().unwrap_or_default();
                    fault(Text::new(format!("{id}: SUITE_ERROR {}", why.en), format!("{id}：SUITE_ERROR {}", why.zh)))
                })
                .collect()
        }
    }
}

/// The honest reference, the variants and the stand-in vendors, each over its seeds.
pub(crate) fn right_references(outcomes: &[Outcome]) -> Vec<RightReference> {
    let mut out: Vec<RightReference> = Vec::new();
    for outcome in outcomes {
        let text = match outcome.task.subject {
            Subject::Honest => Text::new("the reference as it is", "参考实现本身"),
            Subject::Variant(info) => Text::new(info.en, info.zh),
            Subject::Vendor(_) => Text::new(
                "stand-in vendor over its own wire; by default those cases that the reference is not asked",
                "示例厂商，经其自有接口；默认仅执行参考实现未涉及的用例",
            ),
            Subject::Mutant(_) => continue,
        };
        let name = outcome.task.subject.name();
        let index = out.iter().position(|one| one.name == name).unwrap_or_else(|| {
            out.push(RightReference { name: name.to_owned(), text, runs: 0, conformant: 0, alarms: Vec::new() });
            out.len() - 1
        });
        let entry = &mut out[index];
        entry.runs += 1;
        if let Ok(brief) = &outcome.result {
            entry.conformant += usize::from(brief.exit_code == 0);
            entry.alarms.extend(alarms(brief, &outcome.task.seed));
        }
    }
    out
}

fn alarms(brief: &Brief, seed: &str) -> Vec<Alarm> {
    let not_passed = brief.cases.iter().filter(|(_, verdict)| **verdict != Verdict::Pass);
    not_passed
        .map(|(id, verdict)| Alarm {
            case: id.clone(),
            seed: seed.to_owned(),
            verdict: *verdict,
            why: brief.why.get(id).cloned(),
        })
        .collect()
}

/// The requirements of the plan that have cases.
pub(crate) fn columns(plan: &Plan, rows: &[MutantRow]) -> Vec<RequirementColumn> {
    let tested = plan.requirements.iter().filter(|planned| !planned.cases.is_empty());
    tested
        .map(|planned| {
            let id = planned.requirement.id.as_str();
            let own = rows.iter().filter(|row| row.killed && requirement_of(&row.killed_by) == id);
            RequirementColumn {
                id: id.to_owned(),
                title: planned.requirement.title.clone(),
                area: planned.area.clone(),
                area_title: planned.area_title.clone(),
                killed: own.map(|row| row.id.clone()).collect(),
                cases: planned.cases.len(),
            }
        })
        .collect()
}

/// Cases that no mutant turns red, and what they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Idle {
    /// Not red anywhere, and nobody's positive twin.
    pub(crate) dead: Vec<IdleCase>,
    /// Negative and not red anywhere.
    pub(crate) not_ablated: Vec<IdleCase>,
    /// Accepted with a reason, and yet red somewhere.
    pub(crate) stale_reasons: Vec<String>,
}

/// Finds the idle cases. Cases that mutants did not meet (`@slow`) are not judged but for those that killed.
pub(crate) fn idle(plan: &Plan, rows: &[MutantRow], met: &BTreeSet<&str>) -> Idle {
    let red: BTreeSet<&str> = rows.iter().flat_map(|row| row.red_cases.iter().map(String::as_str)).collect();
    let twins: BTreeSet<&str> =
        plan.cases.iter().filter_map(|case| case.twin.as_ref()).map(|twin| twin.as_str()).collect();
    let mut out = Idle::default();
    for case in &plan.cases {
        let id = case.id.as_str();
        if red.contains(id) || !met.contains(id) {
            continue;
        }
        let idle = IdleCase {
            id: id.to_owned(),
            title: case.title.clone(),
            negative: case.negative,
            reason: not_ablated::reason(id),
        };
        if case.negative {
            out.not_ablated.push(idle.clone());
        }
        if !twins.contains(id) {
            out.dead.push(idle);
        }
    }
    // A case that mutants did not meet shows nothing about its reason.
    let is_idle = |id: &str| out.dead.iter().chain(&out.not_ablated).any(|case| case.id == id);
    out.stale_reasons = not_ablated::ids().filter(|id| met.contains(id) && !is_idle(id)).map(str::to_owned).collect();
    out
}
