//! From what became of each case to the verdict of the whole. Pure: a run judges with it, and whoever
//! checks the record of a run judges again with it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::finding::{Finding, FindingClass};
use crate::ids::CaseId;
use crate::run_record::Counts;
use crate::verdict::{Cause, RunVerdict, Verdict};

/// What became of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseOutcome {
    /// Verdict before twins and levels.
    pub verdict: Verdict,
    /// Why, where it is not about the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// More about the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Text>,
    /// Findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl CaseOutcome {
    /// A case that passed.
    #[must_use]
    pub const fn pass() -> Self {
        Self { verdict: Verdict::Pass, cause: None, detail: None, findings: Vec::new() }
    }

    /// A case that cannot be judged.
    #[must_use]
    pub const fn without(verdict: Verdict, cause: Cause, detail: Option<Text>) -> Self {
        Self { verdict, cause: Some(cause), detail, findings: Vec::new() }
    }

    /// A case that ended with a finding.
    #[must_use]
    pub fn found(finding: Finding) -> Self {
        let verdict = match finding.class {
            FindingClass::NoAnswer => Verdict::Hang,
            FindingClass::NotSupported => Verdict::Unimplemented,
            _ => Verdict::Fail,
        };
        Self { verdict, cause: None, detail: None, findings: vec![finding] }
    }
}

/// A case of the plan, as far as the roll-up needs it.
#[derive(Debug, Clone, Copy)]
pub struct PlannedCase<'a> {
    /// Id.
    pub id: &'a CaseId,
    /// Its positive twin, if it is a negative case.
    pub twin: Option<&'a CaseId>,
}

/// A requirement of the plan, as far as the roll-up needs it.
#[derive(Debug, Clone, Copy)]
pub struct PlannedCases<'a> {
    /// True if a failure decides the run.
    pub decides: bool,
    /// Its cases in the plan.
    pub cases: &'a [CaseId],
}

/// Verdicts of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// By case, after twins and levels.
    pub cases: BTreeMap<CaseId, CaseOutcome>,
    /// By requirement, in the order given.
    pub requirements: Vec<Verdict>,
    /// Planned cases without an outcome.
    pub not_closed: Vec<CaseId>,
    /// Verdict of the whole.
    pub whole: RunVerdict,
    /// Counted.
    pub counts: Counts,
}

/// Judges a run. `outcomes` holds one entry per closed case.
#[must_use]
pub fn judge(
    cases: &[PlannedCase<'_>],
    requirements: &[PlannedCases<'_>],
    mut outcomes: BTreeMap<CaseId, CaseOutcome>,
) -> Judged {
    apply_twins(cases, &mut outcomes);
    let not_closed: Vec<CaseId> =
        cases.iter().filter(|case| !outcomes.contains_key(case.id)).map(|case| case.id.clone()).collect();
    let mut verdicts = Vec::with_capacity(requirements.len());
    let mut counts = Counts::default();
    for planned in requirements {
        if !planned.decides {
            for id in planned.cases {
                if let Some(outcome) = outcomes.get_mut(id).filter(|outcome| outcome.verdict.is_red()) {
                    outcome.verdict = Verdict::Warn;
                }
            }
        }
        let verdicts_of_cases = planned.cases.iter().filter_map(|id| outcomes.get(id).map(|outcome| outcome.verdict));
        let verdict = verdicts_of_cases.min().unwrap_or(Verdict::NotApplicable);
        *counts.requirements.entry(verdict).or_default() += 1;
        verdicts.push(verdict);
    }
    for outcome in outcomes.values() {
        *counts.cases.entry(outcome.verdict).or_default() += 1;
    }
    let whole = whole(requirements, &verdicts, &outcomes, !not_closed.is_empty());
    Judged { cases: outcomes, requirements: verdicts, not_closed, whole, counts }
}

/// A negative case counts only if its twin passed in the same run.
fn apply_twins(cases: &[PlannedCase<'_>], outcomes: &mut BTreeMap<CaseId, CaseOutcome>) {
    for case in cases {
        let Some(twin) = case.twin else { continue };
        let twin_passed = outcomes.get(twin).is_some_and(|outcome| outcome.verdict == Verdict::Pass);
        if let Some(outcome) = outcomes.get_mut(case.id)
            && outcome.verdict == Verdict::Pass
            && !twin_passed
        {
            let detail = Text::new(format!("the twin {twin} did not pass"), format!("正例 {twin} 未通过"));
            *outcome = CaseOutcome::without(Verdict::Inconclusive, Cause::Twin, Some(detail));
        }
    }
}

fn whole(
    requirements: &[PlannedCases<'_>],
    verdicts: &[Verdict],
    outcomes: &BTreeMap<CaseId, CaseOutcome>,
    incomplete: bool,
) -> RunVerdict {
    let deciding = || requirements.iter().zip(verdicts).filter(|(planned, _)| planned.decides);
    if incomplete {
        RunVerdict::Incomplete
    } else if deciding().any(|(_, verdict)| verdict.is_red()) {
        RunVerdict::NonConformant
    } else if outcomes
        .values()
        .any(|outcome| outcome.verdict == Verdict::SuiteError || outcome.cause == Some(Cause::Mapping))
        || deciding().any(|(_, verdict)| matches!(verdict, Verdict::Inconclusive | Verdict::Review))
    {
        RunVerdict::Inconclusive
    } else {
        RunVerdict::Conformant
    }
}
