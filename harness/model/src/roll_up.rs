//! From verdicts of cases to the verdict of a requirement and of the whole run. Pure; the one place
//! where the rule stands, for a run as for a record that a person reviewed.

use crate::verdict::{Cause, RunVerdict, Verdict};

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
