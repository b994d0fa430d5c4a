//! From what became of each case to the verdict of the whole. Pure.

use std::collections::BTreeMap;

use ecric_model::Text;
use ecric_model::finding::{Finding, FindingClass};
use ecric_model::ids::CaseId;
use ecric_model::roll_up::{CaseState, Circumstances, RequirementState, run_verdict};
use ecric_model::run_record::Counts;
use ecric_model::verdict::{Cause, RunVerdict, Verdict};

use crate::cases::CaseSpec;
use crate::plan::PlannedRequirement;
use crate::waivers::{Applied, Waivers, apply};

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
    pub requirements: Vec<RequirementState>,
    /// Waived cases, and every waiver with what became of it.
    pub waived: Applied,
    /// Planned cases without an outcome.
    pub not_closed: Vec<CaseId>,
    /// Verdict of the whole.
    pub whole: RunVerdict,
    /// Counted.
    pub counts: Counts,
}

/// Judges a run. `outcomes` holds one entry per closed case. A waived failure stays what it is and does
/// not weigh on the whole; an entry that is unused, expired, too broad or about another failure does.
#[must_use]
pub fn judge(
    cases: &[CaseSpec],
    requirements: &[PlannedRequirement],
    mut outcomes: BTreeMap<CaseId, CaseOutcome>,
    waivers: &Waivers,
) -> Judged {
    apply_twins(cases, &mut outcomes);
    apply_levels(requirements, &mut outcomes);
    let waived = apply(waivers, &outcomes);
    let not_closed: Vec<CaseId> =
        cases.iter().filter(|case| !outcomes.contains_key(&case.id)).map(|case| case.id.clone()).collect();
    let state = |id: &CaseId| {
        let outcome = outcomes.get(id)?;
        Some(CaseState { verdict: outcome.verdict, cause: outcome.cause, waived: waived.cases.contains(id) })
    };
    let states: Vec<RequirementState> = requirements
        .iter()
        .map(|planned| RequirementState::of(planned.cases.iter().filter_map(state), planned.requirement.decides()))
        .collect();
    let mut counts = Counts::default();
    for state in &states {
        *counts.requirements.entry(state.verdict).or_default() += 1;
    }
    for outcome in outcomes.values() {
        *counts.cases.entry(outcome.verdict).or_default() += 1;
    }
    let all: Vec<CaseState> = outcomes.keys().filter_map(state).collect();
    let circumstances = Circumstances { incomplete: !not_closed.is_empty(), bad_waiver: waived.has_bad_entry() };
    let whole = run_verdict(&states, &all, circumstances);
    Judged { cases: outcomes, requirements: states, waived, not_closed, whole, counts }
}

/// What an advisory requirement does not meet only warns.
fn apply_levels(requirements: &[PlannedRequirement], outcomes: &mut BTreeMap<CaseId, CaseOutcome>) {
    for planned in requirements.iter().filter(|planned| !planned.requirement.decides()) {
        for id in &planned.cases {
            if let Some(outcome) = outcomes.get_mut(id).filter(|outcome| outcome.verdict.is_red()) {
                outcome.verdict = Verdict::Warn;
            }
        }
    }
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
        judge(&small.cases, &small.requirements, outcomes, &Waivers::default())
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
            assert_eq!((judged.requirements[0].verdict, judged.whole), (requirement, whole), "{first:?} {second:?}");
        }
    }

    #[test]
    fn a_waived_failure_stays_a_failure_and_the_run_goes_on() {
        use crate::expected::PlacedWaiver;
        use ecric_model::waiver::{Waiver, WaiverState};
        let deciding = small("shall", "likely");
        let case = deciding.cases[1].id.clone();
        let outcomes = BTreeMap::from([
            (deciding.cases[0].id.clone(), CaseOutcome::pass()),
            (case.clone(), outcome(Verdict::Fail)),
        ]);
        let evidence = crate::waivers::failure_sm3(&case, &outcomes[&case]).unwrap();
        let day = time::macros::date!(2026 - 11 - 29);
        let entry = |evidence: &str| PlacedWaiver {
            waiver: Waiver {
                requirement: case.requirement(),
                case: case.to_string(),
                target_version: "1".into(),
                reason: "r".into(),
                owner: "o".into(),
                expires: day.to_string(),
                evidence: evidence.to_owned(),
            },
            line: 1,
            last_day: day,
        };
        for (evidence, state, whole) in [
            (evidence.as_str(), WaiverState::Applied, RunVerdict::Conformant),
            (&"0".repeat(64), WaiverState::OtherFailure, RunVerdict::NonConformant),
        ] {
            let waivers = Waivers {
                entries: vec![entry(evidence)],
                target_version: "1".into(),
                today: Some(day),
                partial: false,
            };
            let judged = judge(&deciding.cases, &deciding.requirements, outcomes.clone(), &waivers);
            assert_eq!((judged.requirements[0].verdict, judged.whole), (Verdict::Fail, whole));
            assert_eq!(judged.cases[&case].verdict, Verdict::Fail, "a waived failure is never a pass");
            assert_eq!(judged.waived.records[0].state, state);
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
                assert_eq!((judged.requirements[0].verdict, judged.whole), (Verdict::Warn, RunVerdict::Conformant));
            }
            let judged = judged(&advisory, Some(Verdict::Pass), Some(Verdict::Inconclusive));
            assert_eq!(judged.whole, RunVerdict::Conformant);
            let judged = self::judged(&advisory, Some(Verdict::Pass), Some(Verdict::SuiteError));
            assert_eq!(judged.whole, RunVerdict::Inconclusive);
        }
    }
}
