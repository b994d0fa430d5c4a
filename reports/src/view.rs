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

    /// One case, if it was closed.
    pub fn closed(&self, id: &CaseId) -> Option<&'a CaseRecord> {
        if self.is_open(id) { None } else { self.case(id) }
    }

    /// What the requirement of a case requires.
    pub fn title_of(&self, id: &CaseId) -> Option<Text> {
        let requirement = id.requirement();
        self.record.requirements.iter().find(|one| one.id == requirement).map(|one| one.title.clone())
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

    /// The verdict of the run in a word or two; a partial run says so, and so does one with waived failures.
    pub fn headline(&self) -> Text {
        let mut text = self.record.verdict.text();
        let waived = self.record.cases.iter().filter(|case| case.waived).count();
        if waived > 0 && self.record.verdict == RunVerdict::Conformant {
            text = Text::new(
                format!("{} but for {waived} waived {}", text.en, plural(waived, "failure", "failures")),
                format!("{}（{waived}项不符合已豁免）", text.zh),
            );
        }
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
        let red = deciding.iter().filter(|r| r.verdict.is_red() && !r.waived).count();
        let waived = deciding.iter().filter(|r| r.waived).count();
        let unjudged = deciding
            .iter()
            .filter(|r| matches!(r.verdict, Verdict::SuiteError | Verdict::Inconclusive | Verdict::Review) && !r.waived)
            .count();
        let waivers = self.waiver_sentence(waived);
        let met = |met: usize| {
            Text::new(
                format!("{met} of the {total} requirements that decide the result are met."),
                format!("决定结论的{total}项要求中满足{met}项。"),
            )
        };
        let text = match self.record.verdict {
            RunVerdict::Conformant if waived > 0 => met(total - waived),
            RunVerdict::NonConformant if red == 0 && self.has_bad_waiver() => met(total - waived),
            RunVerdict::Conformant => Text::new(
                format!("All {total} requirements that decide the result are met."),
                format!("决定结论的{total}项要求全部满足。"),
            ),
            RunVerdict::NonConformant => Text::new(
                format!(
                    "{red} of the {total} requirements that decide the result {} not met.",
                    plural(red, "is", "are")
                ),
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
                        plural(open, "case was", "cases were")
                    ),
                    format!("测试中断：{open}个计划内用例没有结果。"),
                )
            }
        };
        Text::new(format!("{}{}", text.en, waivers.en), format!("{}{}", text.zh, waivers.zh))
    }

    /// True if a waiver does not fit the run and so fails it.
    pub fn has_bad_waiver(&self) -> bool {
        self.record.waivers.iter().any(|waiver| waiver.state.fails_the_run())
    }

    /// What the waivers add to the sentence.
    fn waiver_sentence(&self, waived: usize) -> Text {
        let bad = self.record.waivers.iter().filter(|waiver| waiver.state.fails_the_run()).count();
        let (mut en, mut zh) = (String::new(), String::new());
        if waived > 0 {
            en.push_str(&format!(" {waived} more {} not met and waived.", plural(waived, "is", "are")));
            zh.push_str(&format!("另有{waived}项未满足但已豁免。"));
        }
        if bad > 0 {
            en.push_str(&format!(
                " {bad} {} not fit this run and {} it.",
                plural(bad, "waiver does", "waivers do"),
                plural(bad, "fails", "fail")
            ));
            zh.push_str(&format!("有{bad}条豁免与本次测试不符，因此不通过。"));
        }
        Text::new(en, zh)
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

const fn plural<'w>(count: usize, one: &'w str, many: &'w str) -> &'w str {
    if count == 1 { one } else { many }
}
