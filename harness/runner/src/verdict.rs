//! From what became of each case to the verdict of the whole. Pure.

use std::collections::BTreeMap;

use ecric_model::Text;
use ecric_model::finding::{Finding, FindingClass};
use ecric_model::ids::CaseId;
use ecric_model::run_record::Counts;
use ecric_model::verdict::{Cause, RunVerdict, Verdict};

use crate::cases::CaseSpec;
use crate::plan::PlannedRequirement;

/// What became of one case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseOutcome {
    /// Verdict before twins and levels.
    pub verdict: Verdict,
    /// Why, where it is not about the product.
    pub cause: Option<Cause>,
    /// More about the cause.
    pub detail: Option<Text>,
    /// Findings.
    pub findings: Vec<Finding>,
}

impl CaseOutcome {
    /// A case that passed.
    #[must_use]
    pub const fn pass() -> Self {
        Self { verdict: Verdict::Pass, cause: None, detail: None, findings: Vec::new() }
    }

    /// A case that passed upon what a person answered in place of the product.
    #[must_use]
    pub fn for_review() -> Self {
        let detail = Text::new(
            "a person answered in place of the product; somebody has to look at it",
            "由人员代替产品作答，需人工评审",
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
    cases: &[CaseSpec],
    requirements: &[PlannedRequirement],
    mut outcomes: BTreeMap<CaseId, CaseOutcome>,
) -> Judged {
    apply_twins(cases, &mut outcomes);
    let not_closed: Vec<CaseId> =
        cases.iter().filter(|case| !outcomes.contains_key(&case.id)).map(|case| case.id.clone()).collect();
    let mut verdicts = Vec::with_capacity(requirements.len());
    let mut counts = Counts::default();
    for planned in requirements {
        let decides = planned.requirement.decides();
        if !decides {
            for id in &planned.cases {
                if let Some(outcome) = outcomes.get_mut(id).filter(|outcome| outcome.verdict.is_red()) {
                    outcome.verdict = Verdict::Warn;
                }
            }
        }
        let verdict = planned
            .cases
            .iter()
            .filter_map(|id| outcomes.get(id).map(|outcome| outcome.verdict))
            .min()
            .unwrap_or(Verdict::NotApplicable);
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
fn apply_twins(cases: &[CaseSpec], outcomes: &mut BTreeMap<CaseId, CaseOutcome>) {
    for case in cases {
        let Some(twin) = &case.twin else { continue };
        let twin_passed = outcomes.get(twin).is_some_and(|outcome| outcome.verdict == Verdict::Pass);
        if let Some(outcome) = outcomes.get_mut(&case.id)
            && outcome.verdict == Verdict::Pass
            && !twin_passed
        {
            let detail = Text::new(format!("the twin {twin} did not pass"), format!("正例 {twin} 未通过"));
            *outcome = CaseOutcome::without(Verdict::Inconclusive, Cause::Twin, Some(detail));
        }
    }
}

fn whole(
    requirements: &[PlannedRequirement],
    verdicts: &[Verdict],
    outcomes: &BTreeMap<CaseId, CaseOutcome>,
    incomplete: bool,
) -> RunVerdict {
    let deciding = || requirements.iter().zip(verdicts).filter(|(planned, _)| planned.requirement.decides());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::suite::Suite;
    use ecric_model::ids::RequirementId;

    struct Small {
        cases: Vec<CaseSpec>,
        requirements: Vec<PlannedRequirement>,
    }

    /// A requirement with a positive case 01 and its negative 02.
    fn small(level: &str, confidence: &str) -> Small {
        let register = format!(
            "schema: ecric.register/1\norder: 1\narea: a\ntitle: {{en: a, zh: a}}\nrequirements:\n  - {{id: AAA-001, title: {{en: t, zh: t}}, role: issuer, level: {level}, basis: [{{doc: d, clause: c, kind: derived}}], confidence: {confidence}, profile: core, status: active}}\n"
        );
        let feature = "Feature: f\n  @AAA-001\n  Rule: r\n    @AAA-001/01 @issuer @core\n    Scenario: p\n      When x\n    @AAA-001/02 @issuer @core @negative @twin:AAA-001/01\n    Scenario: n\n      When x\n";
        let mut source = Source::default();
        source.files.insert("a/requirements.yaml".into(), register);
        source.files.insert("a/f.feature".into(), feature.into());
        let (suite, problems) = Suite::load(&source);
        assert!(problems.is_empty(), "{problems:?}");
        let requirement = suite.requirement(&RequirementId::parse("AAA-001").unwrap()).unwrap().clone();
        let planned = PlannedRequirement {
            area: "a".into(),
            area_title: Text::same("a"),
            requirement,
            cases: suite.cases.iter().map(|case| case.id.clone()).collect(),
            note: None,
        };
        Small { cases: suite.cases, requirements: vec![planned] }
    }

    fn outcome(verdict: Verdict) -> CaseOutcome {
        match verdict {
            Verdict::Pass => CaseOutcome::pass(),
            Verdict::Inconclusive => CaseOutcome::without(verdict, Cause::SetUp, None),
            Verdict::SuiteError => CaseOutcome::without(verdict, Cause::Panic, None),
            Verdict::Review => CaseOutcome { verdict, ..CaseOutcome::pass() },
            _ => {
                let class = match verdict {
                    Verdict::Hang => FindingClass::NoAnswer,
                    Verdict::Unimplemented => FindingClass::NotSupported,
                    _ => FindingClass::WrongValue,
                };
                CaseOutcome::found(Finding::new(class, "x", Text::same("a"), Text::same("b")))
            }
        }
    }

    fn judged(small: &Small, first: Option<Verdict>, second: Option<Verdict>) -> Judged {
        let mut outcomes = BTreeMap::new();
        for (case, verdict) in small.cases.iter().zip([first, second]) {
            if let Some(verdict) = verdict {
                outcomes.insert(case.id.clone(), outcome(verdict));
            }
        }
        judge(&small.cases, &small.requirements, outcomes)
    }

    #[test]
    fn roll_up_table() {
        use RunVerdict::{Conformant, Incomplete, Inconclusive, NonConformant};
        use Verdict::{Fail, Hang, Pass, Review, SuiteError, Unimplemented};
        let deciding = small("shall", "likely");
        for (first, second, requirement, whole) in [
            (Some(Pass), Some(Pass), Pass, Conformant),
            (Some(Pass), Some(Fail), Fail, NonConformant),
            (Some(Pass), Some(Hang), Hang, NonConformant),
            (Some(Pass), Some(Unimplemented), Unimplemented, NonConformant),
            (Some(Pass), Some(SuiteError), SuiteError, Inconclusive),
            (Some(Pass), Some(Verdict::Inconclusive), Verdict::Inconclusive, Inconclusive),
            (Some(Pass), Some(Review), Review, Inconclusive),
            // The twin fails: the negative proves nothing, the failure decides.
            (Some(Fail), Some(Pass), Fail, NonConformant),
            (Some(Verdict::Inconclusive), Some(Pass), Verdict::Inconclusive, Inconclusive),
            // A failure outranks a fault of ours in the requirement; the run is still non-conformant.
            (Some(SuiteError), Some(Fail), Fail, NonConformant),
            (Some(Pass), None, Pass, Incomplete),
            (None, None, Verdict::NotApplicable, Incomplete),
        ] {
            let judged = judged(&deciding, first, second);
            assert_eq!((judged.requirements[0], judged.whole), (requirement, whole), "{first:?} {second:?}");
        }
    }

    #[test]
    fn a_negative_without_a_passing_twin_is_inconclusive() {
        let deciding = small("shall", "sure");
        let judged = judged(&deciding, Some(Verdict::Fail), Some(Verdict::Pass));
        let second = &judged.cases[&deciding.cases[1].id];
        assert_eq!((second.verdict, second.cause), (Verdict::Inconclusive, Some(Cause::Twin)));
    }

    #[test]
    fn advisory_requirements_only_warn() {
        for (level, confidence) in [("should", "sure"), ("may", "likely"), ("shall", "guess")] {
            let advisory = small(level, confidence);
            for red in [Verdict::Fail, Verdict::Hang, Verdict::Unimplemented] {
                let judged = judged(&advisory, Some(Verdict::Pass), Some(red));
                assert_eq!((judged.requirements[0], judged.whole), (Verdict::Warn, RunVerdict::Conformant));
            }
            let judged = judged(&advisory, Some(Verdict::Pass), Some(Verdict::Inconclusive));
            assert_eq!(judged.whole, RunVerdict::Conformant);
            let judged = self::judged(&advisory, Some(Verdict::Pass), Some(Verdict::SuiteError));
            assert_eq!(judged.whole, RunVerdict::Inconclusive);
        }
    }
}
