//! Two runs compared: what got worse, what got better, what is no longer shown. Judges the difference and
//! never the product; reads two records and nothing else.

mod text;

use std::collections::BTreeSet;

use ecric_model::Text;
use ecric_model::finding::FindingClass;
use ecric_model::ids::{CaseId, RequirementId};
use ecric_model::run_record::{CaseRecord, RunRecord};
use ecric_model::verdict::{Cause, Verdict};
use serde::Serialize;

pub use text::{render_gate_console, render_gate_markdown};

use crate::view::View;

/// What became of one case between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A negative case accepts what is wrong, and did not before. Fails.
    NewFalseAccept,
    /// FAIL, HANG or UNIMPLEMENTED, and was not before. Fails.
    NewFailure,
    /// PASS became WARN. Fails.
    NewWarning,
    /// Was judged before and is not now. Fails.
    LostCoverage,
    /// Fails in both runs, each time in another way.
    OtherFailure,
    /// A new failure that a waiver answers for.
    Waived,
    /// Fails in both runs.
    StillFailing,
    /// Passes now, and did not before.
    Improved,
    /// Not in the old plan.
    NewCase,
}

impl ChangeKind {
    /// Every kind, worst first.
    pub const ALL: [Self; 9] = [
        Self::NewFalseAccept,
        Self::NewFailure,
        Self::NewWarning,
        Self::LostCoverage,
        Self::OtherFailure,
        Self::Waived,
        Self::StillFailing,
        Self::Improved,
        Self::NewCase,
    ];

    /// True if one change of this kind fails the gate.
    #[must_use]
    pub const fn fails(self) -> bool {
        matches!(self, Self::NewFalseAccept | Self::NewFailure | Self::NewWarning | Self::LostCoverage)
    }

    /// The kind in words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::NewFalseAccept => Text::new("new false accept", "新增误接受"),
            Self::NewFailure => Text::new("new failure", "新增不符合"),
            Self::NewWarning => Text::new("new warning", "新增警告"),
            Self::LostCoverage => Text::new("lost coverage", "覆盖丢失"),
            Self::OtherFailure => Text::new("fails in another way", "失败情形改变"),
            Self::Waived => Text::new("new failure, waived", "新增不符合，已豁免"),
            Self::StillFailing => Text::new("still failing", "仍不符合"),
            Self::Improved => Text::new("improved", "改进"),
            Self::NewCase => Text::new("new case", "新增用例"),
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind.
    pub kind: ChangeKind,
    /// Requirement of the case.
    pub requirement: RequirementId,
    /// What it requires; empty where neither record says.
    pub title: Text,
    /// The case.
    pub case: CaseId,
    /// Verdict in the old run, if it was closed there.
    pub before: Option<Verdict>,
    /// Verdict in the new run, if it was closed there.
    pub after: Option<Verdict>,
    /// What the new run has to say, or why it has nothing to say.
    pub detail: Text,
}

/// Whether another plan is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlanRule {
    /// Another plan fails the gate.
    #[default]
    Same,
    /// Another plan is told and taken: a newer suite on purpose.
    MayChange,
}

/// The comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateReport {
    /// True if nothing got worse.
    pub passes: bool,
    /// Product and version of the old run.
    pub old: String,
    /// Product and version of the new run.
    pub new: String,
    /// How the plan changed, if it did.
    pub plan_change: Option<Text>,
    /// True if a changed plan fails the gate.
    pub plan_fails: bool,
    /// Things to know that fail nothing.
    pub notes: Vec<Text>,
    /// Every difference, worst first, then by case.
    pub changes: Vec<Change>,
    /// Cases that read the same in both runs.
    pub unchanged: usize,
}

impl GateReport {
    /// Changes of one kind.
    pub fn of(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
    }
}

/// Compares two runs.
#[must_use]
pub fn compare_runs(old: &RunRecord, new: &RunRecord, rule: PlanRule) -> GateReport {
    let (before, after) = (View::new(old), View::new(new));
    let mut changes = Vec::new();
    let mut unchanged = 0;
    for id in ids(old, new) {
        match change(&before, &after, id) {
            Some(change) => changes.push(change),
            None => unchanged += 1,
        }
    }
    changes.sort_by(|a, b| (a.kind, &a.case).cmp(&(b.kind, &b.case)));
    let plan_change = (old.plan.hash != new.plan.hash).then(|| plan_change(old, new));
    let plan_fails = plan_change.is_some() && rule == PlanRule::Same;
    GateReport {
        passes: !plan_fails && !changes.iter().any(|change| change.kind.fails()),
        old: product(old),
        new: product(new),
        plan_change,
        plan_fails,
        notes: notes(old, new),
        changes,
        unchanged,
    }
}

fn product(record: &RunRecord) -> String {
    format!("{} {}", record.target.product, record.target.version)
}

/// Every case of either plan, closed or not.
fn ids<'a>(old: &'a RunRecord, new: &'a RunRecord) -> BTreeSet<&'a CaseId> {
    [old, new]
        .into_iter()
        .flat_map(|record| record.cases.iter().map(|case| &case.id).chain(&record.not_closed))
        .collect()
}

fn change(before: &View<'_>, after: &View<'_>, id: &CaseId) -> Option<Change> {
    let was = before.closed(id);
    let is = after.closed(id);
    let (kind, detail) = weigh(was, is, after, id)?;
    let title = after.title_of(id).or_else(|| before.title_of(id)).unwrap_or_default();
    Some(Change {
        kind,
        requirement: id.requirement(),
        title,
        case: id.clone(),
        before: was.map(|case| case.verdict),
        after: is.map(|case| case.verdict),
        detail,
    })
}

fn weigh(
    was: Option<&CaseRecord>,
    is: Option<&CaseRecord>,
    after: &View<'_>,
    id: &CaseId,
) -> Option<(ChangeKind, Text)> {
    let Some(is) = is else {
        let detail = if after.is_open(id) {
            Text::new("planned, but never closed", "已列入计划但没有结果")
        } else {
            Text::new("not in the new plan", "新计划中没有该用例")
        };
        return was.filter(|case| is_judged(case)).map(|_| (ChangeKind::LostCoverage, detail));
    };
    let told = || {
        Text::new(crate::told::message(is, ecric_model::Lang::En), crate::told::message(is, ecric_model::Lang::ZhCn))
    };
    let weighs_red = |case: &CaseRecord| case.verdict.is_red() && !case.waived;
    let accepts =
        |case: &CaseRecord| case.negative && case.findings.iter().any(|one| one.class == FindingClass::FalseAccept);
    if accepts(is) && !was.is_some_and(accepts) {
        return Some((if is.waived { ChangeKind::Waived } else { ChangeKind::NewFalseAccept }, told()));
    }
    if weighs_red(is) && !was.is_some_and(weighs_red) {
        return Some((ChangeKind::NewFailure, told()));
    }
    if is.waived && !was.is_some_and(|case| case.waived || case.verdict.is_red()) {
        return Some((ChangeKind::Waived, told()));
    }
    let Some(was) = was else { return Some((ChangeKind::NewCase, Text::default())) };
    match (was.verdict, is.verdict) {
        (Verdict::Pass, Verdict::Warn) => Some((ChangeKind::NewWarning, told())),
        _ if is_judged(was) && !is_judged(is) => Some((ChangeKind::LostCoverage, lost(is))),
        (old, new) if old.is_red() && new.is_red() => {
            let other = was.failure_sm3.is_some() && is.failure_sm3.is_some() && was.failure_sm3 != is.failure_sm3;
            Some((if other { ChangeKind::OtherFailure } else { ChangeKind::StillFailing }, told()))
        }
        (old, Verdict::Pass) if old != Verdict::Pass => Some((ChangeKind::Improved, Text::default())),
        (old, Verdict::Warn) if old.is_red() => Some((ChangeKind::Improved, told())),
        _ => None,
    }
}

/// Why a case says nothing any more.
fn lost(case: &CaseRecord) -> Text {
    match (case.cause, &case.twin) {
        (Some(Cause::Twin), Some(twin)) => {
            Text::new(format!("its positive twin {twin} did not pass"), format!("对应的正例 {twin} 未通过"))
        }
        _ => Text::new(
            crate::told::message(case, ecric_model::Lang::En),
            crate::told::message(case, ecric_model::Lang::ZhCn),
        ),
    }
}

/// True for a case that says something about the product.
const fn is_judged(case: &CaseRecord) -> bool {
    matches!(case.verdict, Verdict::Pass | Verdict::Warn | Verdict::Fail | Verdict::Hang | Verdict::Unimplemented)
}

fn plan_change(old: &RunRecord, new: &RunRecord) -> Text {
    let set = |record: &RunRecord| -> BTreeSet<CaseId> {
        record.cases.iter().map(|case| case.id.clone()).chain(record.not_closed.iter().cloned()).collect()
    };
    let (before, after) = (set(old), set(new));
    let added = after.difference(&before).count();
    let removed = before.difference(&after).count();
    let mut en = vec![format!("{added} cases added, {removed} taken out")];
    let mut zh = vec![format!("新增{added}个用例，去除{removed}个")];
    for (name, name_zh, a, b) in [
        ("level", "级别", &old.level, &new.level),
        ("depth", "深度", &old.depth, &new.depth),
        ("suite", "套件", &old.suite.version, &new.suite.version),
        ("commit", "提交", &old.suite.commit, &new.suite.commit),
    ] {
        if a != b {
            en.push(format!("{name} {a} → {b}"));
            zh.push(format!("{name_zh} {a} → {b}"));
        }
    }
    let profiles = |record: &RunRecord| record.profiles.iter().map(|one| one.name()).collect::<Vec<_>>().join(", ");
    if old.profiles != new.profiles {
        en.push(format!("rule books {} → {}", profiles(old), profiles(new)));
        zh.push(format!("规则集 {} → {}", profiles(old), profiles(new)));
    }
    Text::new(en.join("; "), zh.join("；"))
}

fn notes(old: &RunRecord, new: &RunRecord) -> Vec<Text> {
    let mut notes = Vec::new();
    if old.target.product != new.target.product || old.target.vendor != new.target.vendor {
        notes.push(Text::new("the two runs are of different products", "两次测试的产品不同"));
    }
    for (record, en, zh) in [(old, "old", "旧"), (new, "new", "新")] {
        if record.partial {
            notes.push(Text::new(format!("the {en} run is partial"), format!("{zh}测试为部分测试")));
        }
        if let Some(stopped) = &record.stopped {
            notes.push(Text::new(
                format!("the {en} run was stopped: {}", stopped.en),
                format!("{zh}测试已中止：{}", stopped.zh),
            ));
        }
    }
    notes
}
