//! How the verdict of a case is shown outside: one word per thing that other formats tell apart, and
//! every case of the plan in one list. Never judges.

use std::collections::HashSet;

use ecric_model::ids::CaseId;
use ecric_model::run_record::{CaseRecord, RequirementRecord};
use ecric_model::verdict::Verdict;

use crate::view::View;

/// What a reader of another format has to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    /// Met.
    Pass,
    /// An advisory requirement is not met.
    Warn,
    /// FAIL, HANG, UNIMPLEMENTED.
    Red,
    /// Red, or INCONCLUSIVE for its twin, and waived.
    Waived,
    /// Could not be judged.
    Inconclusive,
    /// A fault of ours.
    SuiteError,
    /// Out of scope.
    NotApplicable,
    /// A person has to decide.
    Review,
    /// Planned, never closed.
    NotRun,
}

/// One line of a list of results: a case, or a requirement that has none.
pub struct Entry<'a> {
    /// The requirement; None for a case that no requirement of the record names.
    pub requirement: Option<&'a RequirementRecord>,
    /// Id of the case, or of the requirement where it has no case.
    pub id: &'a str,
    /// The case, if it was closed.
    pub case: Option<&'a CaseRecord>,
    /// How it is shown.
    pub shown: Shown,
    /// Its verdict in words; `NOT_RUN` where there is none.
    pub verdict: &'static str,
}

impl<'a> View<'a> {
    /// How a case is shown.
    pub fn shown(&self, requirement: Option<&RequirementRecord>, case: &CaseRecord) -> Shown {
        if self.is_open(&case.id) {
            return Shown::NotRun;
        }
        if case.waived {
            return Shown::Waived;
        }
        match self.weighed(requirement, case) {
            Verdict::Pass => Shown::Pass,
            Verdict::Warn => Shown::Warn,
            Verdict::Fail | Verdict::Hang | Verdict::Unimplemented => Shown::Red,
            Verdict::Inconclusive => Shown::Inconclusive,
            Verdict::SuiteError => Shown::SuiteError,
            Verdict::NotApplicable => Shown::NotApplicable,
            Verdict::Review => Shown::Review,
        }
    }

    /// Every case of the plan in register order, requirements without a case among them, and at the end
    /// what no requirement names: nothing is lost silently.
    pub fn entries(&self) -> Vec<Entry<'a>> {
        let mut out = Vec::new();
        let mut named: HashSet<&CaseId> = HashSet::new();
        for requirement in &self.record.requirements {
            if requirement.cases.is_empty() {
                out.push(Entry {
                    requirement: Some(requirement),
                    id: requirement.id.as_str(),
                    case: None,
                    shown: Shown::NotApplicable,
                    verdict: requirement.verdict.name(),
                });
            }
            for id in &requirement.cases {
                named.insert(id);
                out.push(self.entry(Some(requirement), id));
            }
        }
        let strays = self.record.cases.iter().map(|case| &case.id).chain(&self.record.not_closed);
        for id in strays {
            if named.insert(id) {
                out.push(self.entry(None, id));
            }
        }
        out
    }

    fn entry(&self, requirement: Option<&'a RequirementRecord>, id: &'a CaseId) -> Entry<'a> {
        let case = self.case(id);
        let shown = case.map_or(Shown::NotRun, |case| self.shown(requirement, case));
        let verdict = match case {
            Some(case) if shown != Shown::NotRun => self.weighed(requirement, case).name(),
            _ => "NOT_RUN",
        };
        Entry { requirement, id: id.as_str(), case, shown, verdict }
    }
}
