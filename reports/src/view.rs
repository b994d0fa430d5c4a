//! The record as the reports look at it: cases by id, requirements in groups, the verdict in a
//! sentence. Never changes a verdict and never rolls up anew.

use std::collections::{HashMap, HashSet};

use ecric_model::Text;
use ecric_model::ids::CaseId;
use ecric_model::requirement::Profile;
use ecric_model::run_record::{CaseRecord, RequirementRecord, RunRecord};
use ecric_model::verdict::{RunVerdict, Verdict};

/// A record with its cases at hand.
pub struct View<'a> {
    /// The record.
    pub record: &'a RunRecord,
    cases: HashMap<&'a CaseId, &'a CaseRecord>,
    not_closed: HashSet<&'a CaseId>,
}

impl<'a> View<'a> {
    /// Indexes a record.
    pub fn new(record: &'a RunRecord) -> Self {
        Self {
            record,
            cases: record.cases.iter().map(|case| (&case.id, case)).collect(),
            not_closed: record.not_closed.iter().collect(),
        }
    }

    /// One case.
    pub fn case(&self, id: &CaseId) -> Option<&'a CaseRecord> {
        self.cases.get(id).copied()
    }

    /// True for a planned case that was never closed.
    pub fn is_open(&self, id: &CaseId) -> bool {
        self.not_closed.contains(id)
    }

    /// The cases of a requirement that were recorded, in plan order.
    pub fn cases_of(&self, requirement: &'a RequirementRecord) -> impl Iterator<Item = &'a CaseRecord> {
        requirement.cases.iter().filter_map(|id| self.case(id))
    }

    /// The cases of a requirement that neither passed nor are out of scope, worst first.
    pub fn open_cases_of(&self, requirement: &'a RequirementRecord) -> Vec<&'a CaseRecord> {
        let mut cases: Vec<_> = self.cases_of(requirement).filter(|case| is_open_question(case.verdict)).collect();
        cases.sort_by_key(|case| case.verdict);
        cases
    }

    /// Requirements that fail, hang or are not implemented: what the vendor has to fix. Deciding first.
    pub fn red(&self) -> Vec<&'a RequirementRecord> {
        let mut red = self.with(Verdict::is_red);
        red.sort_by_key(|requirement| (!requirement.decides, profile_rank(requirement.profile)));
        red
    }

    /// Requirements that were not judged or that a person has to judge, worst first.
    pub fn undecided(&self) -> Vec<&'a RequirementRecord> {
        let mut undecided =
            self.with(|verdict| matches!(verdict, Verdict::SuiteError | Verdict::Inconclusive | Verdict::Review));
        undecided.sort_by_key(|requirement| requirement.verdict);
        undecided
    }

    /// Requirements whose verdict fits, in register order.
    pub fn with(&self, fits: impl Fn(Verdict) -> bool) -> Vec<&'a RequirementRecord> {
        self.record.requirements.iter().filter(|requirement| fits(requirement.verdict)).collect()
    }

    /// Requirements of one rule book.
    pub fn of_profile(&self, profile: Profile) -> impl Iterator<Item = &'a RequirementRecord> {
        self.record.requirements.iter().filter(move |requirement| requirement.profile == profile)
    }

    /// The verdict of the run in a word or two; a partial run says so.
    pub fn headline(&self) -> Text {
        let text = self.record.verdict.text();
        if self.record.partial {
            Text::new(format!("{}, partial run", text.en), format!("{}（部分测试）", text.zh))
        } else {
            text
        }
    }

    /// Why the verdict is what it is, in one or two sentences.
    pub fn sentence(&self) -> Text {
        let deciding: Vec<_> =
            self.record.requirements.iter().filter(|r| r.decides && r.verdict != Verdict::NotApplicable).collect();
        let total = deciding.len();
        let red = deciding.iter().filter(|r| r.verdict.is_red()).count();
        let unjudged = deciding
            .iter()
            .filter(|r| matches!(r.verdict, Verdict::SuiteError | Verdict::Inconclusive | Verdict::Review))
            .count();
        match self.record.verdict {
            RunVerdict::Conformant => Text::new(
                format!("All {total} requirements that decide the result are met."),
                format!("决定结论的{total}项要求全部满足。"),
            ),
            RunVerdict::NonConformant => Text::new(
                format!("{red} of the {total} requirements that decide the result {} not met.", is_are(red)),
                format!("决定结论的{total}项要求中有{red}项未满足。"),
            ),
            RunVerdict::NotStarted => Text::new(
                "No case could start. This says nothing about the product.",
                "没有任何用例能够开始，不能说明产品情况。",
            ),
            RunVerdict::Inconclusive => Text::new(
                format!(
                    "{unjudged} of the {total} requirements that decide the result could not be judged. This says nothing yet about the product."
                ),
                format!("决定结论的{total}项要求中有{unjudged}项无法判定，尚不能说明产品情况。"),
            ),
            RunVerdict::Incomplete => {
                let open = self.record.not_closed.len();
                Text::new(
                    format!(
                        "The run was cut off: {open} planned {} never closed.",
                        if open == 1 { "case was" } else { "cases were" }
                    ),
                    format!("测试中断：{open}个计划内用例没有结果。"),
                )
            }
        }
    }

    /// Verdict of a case as it weighs on the run: a failure of an advisory requirement only warns.
    pub fn weighed(&self, requirement: Option<&RequirementRecord>, case: &CaseRecord) -> Verdict {
        match requirement {
            Some(requirement) if !requirement.decides && case.verdict.is_red() => Verdict::Warn,
            _ => case.verdict,
        }
    }
}

/// True for a verdict that a reader has to look at.
pub const fn is_open_question(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Pass | Verdict::NotApplicable)
}

/// Rank of a rule book in reports.
pub fn profile_rank(profile: Profile) -> usize {
    Profile::ALL.iter().position(|one| *one == profile).unwrap_or(usize::MAX)
}

const fn is_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
