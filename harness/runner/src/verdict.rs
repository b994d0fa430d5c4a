//! The roll-up of `ecric_model` over a plan.

use std::collections::BTreeMap;

use ecric_model::ids::CaseId;
use ecric_model::roll_up::{self, PlannedCase, PlannedCases};

pub use ecric_model::roll_up::{CaseOutcome, Judged};

use crate::cases::CaseSpec;
use crate::plan::PlannedRequirement;

/// Judges a run. `outcomes` holds one entry per closed case.
#[must_use]
pub fn judge(
    cases: &[CaseSpec],
    requirements: &[PlannedRequirement],
    outcomes: BTreeMap<CaseId, CaseOutcome>,
) -> Judged {
    let cases: Vec<PlannedCase<'_>> =
        cases.iter().map(|case| PlannedCase { id: &case.id, twin: case.twin.as_ref() }).collect();
    let requirements: Vec<PlannedCases<'_>> = requirements
        .iter()
        .map(|planned| PlannedCases { decides: planned.requirement.decides(), cases: &planned.cases })
        .collect();
    roll_up::judge(&cases, &requirements, outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::suite::Suite;
    use ecric_model::Text;
    use ecric_model::finding::{Finding, FindingClass};
    use ecric_model::ids::RequirementId;
    use ecric_model::verdict::{Cause, RunVerdict, Verdict};

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
