//! From verdicts of cases to the verdict of a requirement and of the whole run. Pure; the one place
//! where the rule stands, for a run as for a record that a person reviewed or a package that is checked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::finding::{Finding, FindingClass};
use crate::ids::CaseId;
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

    /// A case that passed upon what a person did or answered in place of the product.
    #[must_use]
    pub fn for_review() -> Self {
        let detail = Text::new(
            "a person acted in place of the product; somebody has to look at it",
            "由人员代替产品执行，需人工评审",
        );
        Self { verdict: Verdict::Review, detail: Some(detail), ..Self::pass() }
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

/// A negative case counts only if its twin passed in the same run.
pub fn apply_twins(cases: &[PlannedCase<'_>], outcomes: &mut BTreeMap<CaseId, CaseOutcome>) {
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

/// What an advisory requirement does not meet only warns.
pub fn apply_levels(requirements: &[PlannedCases<'_>], outcomes: &mut BTreeMap<CaseId, CaseOutcome>) {
    for planned in requirements.iter().filter(|planned| !planned.decides) {
        for id in planned.cases {
            if let Some(outcome) = outcomes.get_mut(id).filter(|outcome| outcome.verdict.is_red()) {
                outcome.verdict = Verdict::Warn;
            }
        }
    }
}

/// What tells one failure from another: the case, its verdict, and class and place of each finding. Free of values,
/// so that the same failure has the same text in the next run. `None` for what is no failure that a waiver can
/// answer for: the product failed, or a negative case proves nothing because its twin did.
#[must_use]
pub fn failure_text(case: &CaseId, outcome: &CaseOutcome) -> Option<String> {
    let waivable =
        outcome.verdict.is_red() || (outcome.verdict == Verdict::Inconclusive && outcome.cause == Some(Cause::Twin));
    waivable.then(|| {
        let mut lines = vec!["ecric.failure/1".to_owned(), case.to_string(), outcome.verdict.name().to_owned()];
        for finding in &outcome.findings {
            let class = serde_json::to_string(&finding.class).unwrap_or_default();
            lines.push(format!("{class} {}", finding.place));
        }
        lines.join("\n")
    })
}

/// What counts of one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseState {
    /// Verdict, after twins and levels.
    pub verdict: Verdict,
    /// Why, where it is not about the product.
    pub cause: Option<Cause>,
    /// True if a waiver answers for it.
    pub waived: bool,
}

/// What counts of one requirement: its verdict and what is left of it when waived cases are put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequirementState {
    /// Verdict that is shown: the worst of its cases, waived or not.
    pub verdict: Verdict,
    /// Verdict that weighs on the run: the worst of its cases that are not waived.
    pub weighs: Verdict,
    /// True if a failure decides the run.
    pub decides: bool,
}

impl RequirementState {
    /// Rolls up the cases of one requirement.
    #[must_use]
    pub fn of(cases: impl IntoIterator<Item = CaseState>, decides: bool) -> Self {
        let (mut verdict, mut weighs) = (None::<Verdict>, None::<Verdict>);
        let worst = |so_far: Option<Verdict>, one: Verdict| Some(so_far.map_or(one, |far| far.min(one)));
        for case in cases {
            verdict = worst(verdict, case.verdict);
            if !case.waived {
                weighs = worst(weighs, case.verdict);
            }
        }
        let none = Verdict::NotApplicable;
        Self { verdict: verdict.unwrap_or(none), weighs: weighs.unwrap_or(none), decides }
    }

    /// True if waivers hide from the run what the verdict shows.
    #[must_use]
    pub fn is_waived(&self) -> bool {
        self.verdict != self.weighs && !(self.weighs.is_red() || self.weighs == Verdict::Inconclusive)
    }
}

/// What else bears on a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances {
    /// A planned case was never closed.
    pub incomplete: bool,
    /// A waiver is unused, expired, too broad or about another failure.
    pub bad_waiver: bool,
}

/// Verdict of the whole.
#[must_use]
pub fn run_verdict<'a>(
    requirements: &[RequirementState],
    cases: impl IntoIterator<Item = &'a CaseState>,
    circumstances: Circumstances,
) -> RunVerdict {
    let deciding = || requirements.iter().filter(|requirement| requirement.decides);
    if circumstances.incomplete {
        RunVerdict::Incomplete
    } else if circumstances.bad_waiver || deciding().any(|requirement| requirement.weighs.is_red()) {
        RunVerdict::NonConformant
    } else if cases
        .into_iter()
        .any(|case| case.verdict == Verdict::SuiteError || (case.cause == Some(Cause::Mapping) && !case.waived))
        || deciding().any(|requirement| matches!(requirement.weighs, Verdict::Inconclusive | Verdict::Review))
    {
        RunVerdict::Inconclusive
    } else {
        RunVerdict::Conformant
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(verdict: Verdict, waived: bool) -> CaseState {
        CaseState { verdict, cause: None, waived }
    }

    #[test]
    fn a_waived_failure_is_shown_and_does_not_weigh() {
        use RunVerdict::{Conformant, Inconclusive, NonConformant};
        use Verdict::{Fail, Pass, Warn};
        for (cases, decides, shown, waived, whole) in [
            (vec![case(Pass, false)], true, Pass, false, Conformant),
            (vec![case(Fail, false)], true, Fail, false, NonConformant),
            (vec![case(Fail, true)], true, Fail, true, Conformant),
            (vec![case(Fail, true), case(Pass, false)], true, Fail, true, Conformant),
            (vec![case(Fail, true), case(Fail, false)], true, Fail, false, NonConformant),
            (vec![case(Fail, true), case(Verdict::Inconclusive, false)], true, Fail, false, Inconclusive),
            (vec![case(Fail, true), case(Verdict::Inconclusive, true)], true, Fail, true, Conformant),
            (vec![case(Warn, false)], false, Warn, false, Conformant),
            (vec![], true, Verdict::NotApplicable, false, Conformant),
        ] {
            let state = RequirementState::of(cases.clone(), decides);
            let whole_found = run_verdict(&[state], &cases, Circumstances::default());
            assert_eq!((state.verdict, state.is_waived(), whole_found), (shown, waived, whole), "{cases:?}");
        }
        let bad = Circumstances { bad_waiver: true, ..Circumstances::default() };
        assert_eq!(run_verdict(&[], &[], bad), NonConformant);
    }
}
