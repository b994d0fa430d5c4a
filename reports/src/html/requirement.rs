//! Requirements for the page: in full where something is open, as a row of a table always.

use ecric_model::Text;
use ecric_model::requirement::Basis;
use ecric_model::run_record::{RequirementRecord, RunRecord};
use ecric_model::verdict::Verdict;
use serde::Serialize;

use super::case::{CaseView, case_view};
use super::escape::anchor;
use super::exchange::Budget;
use super::page::{Badge, Slice, slices};
use crate::view::{View, is_open_question};
use crate::words;

/// Up to this many requirements in a record, areas with open questions are unfolded from the start.
const OPEN_AREAS_UP_TO: usize = 30;

/// What stands beside every requirement.
#[derive(Serialize)]
struct Traits {
    role: Text,
    level: Text,
    profile: &'static str,
    profile_text: Text,
    profile_meaning: Text,
    decides: bool,
    basis: Vec<BasisView>,
    confidence: Text,
    confidence_meaning: Text,
    mutants: Vec<String>,
    vectors: Vec<String>,
}

#[derive(Serialize)]
struct BasisView {
    doc: String,
    clause: String,
    kind: Text,
    kind_short: Text,
}

/// A requirement in full.
#[derive(Serialize)]
pub struct RequirementView {
    id: String,
    anchor: String,
    title: Text,
    area: Text,
    badge: Badge,
    traits: Traits,
    note: Option<Text>,
    cases: Vec<CaseView>,
    not_passed: usize,
    passed: usize,
    waived: bool,
    open: bool,
}

/// Builds the full view. `open`: whether it opens unfolded.
pub fn requirement_view(
    view: &View,
    requirement: &RequirementRecord,
    open: bool,
    budget: &mut Budget,
) -> RequirementView {
    let cases = view.open_cases_of(requirement);
    RequirementView {
        id: requirement.id.to_string(),
        anchor: anchor("req", requirement.id.as_str()),
        title: requirement.title.clone(),
        area: requirement.area_title.clone(),
        badge: Badge::new(requirement.verdict),
        traits: traits(requirement),
        note: requirement.note.clone(),
        cases: cases.iter().map(|case| case_view(view, case, budget)).collect(),
        not_passed: cases.len(),
        passed: view.cases_of(requirement).filter(|case| case.verdict == Verdict::Pass).count(),
        waived: requirement.waived,
        open,
    }
}

fn traits(requirement: &RequirementRecord) -> Traits {
    Traits {
        role: words::role(requirement.role),
        level: words::level(requirement.level),
        profile: requirement.profile.name(),
        profile_text: words::profile(requirement.profile),
        profile_meaning: words::profile_meaning(requirement.profile),
        decides: requirement.decides,
        basis: requirement.basis.iter().map(basis_view).collect(),
        confidence: words::confidence(requirement.confidence),
        confidence_meaning: words::confidence_meaning(requirement.confidence),
        mutants: requirement.mutants.clone(),
        vectors: requirement.vectors.clone(),
    }
}

fn basis_view(basis: &Basis) -> BasisView {
    BasisView {
        doc: basis.doc.clone(),
        clause: basis.clause.clone(),
        kind: words::basis_kind(basis.kind),
        kind_short: words::basis_kind_short(basis.kind),
    }
}

/// An area with all its requirements.
#[derive(Serialize)]
pub struct AreaView {
    name: String,
    title: Text,
    slices: Vec<Slice>,
    rows: Vec<RowView>,
    open: bool,
}

#[derive(Serialize)]
struct RowView {
    id: String,
    row_anchor: String,
    /// Where the requirement is shown in full.
    anchor: Option<String>,
    title: Text,
    badge: Badge,
    traits: Traits,
    note: Option<Text>,
    cases: Vec<CaseChip>,
}

#[derive(Serialize)]
struct CaseChip {
    id: String,
    number: String,
    anchor: Option<String>,
    title: String,
    source: String,
    duration: String,
    badge: Option<Badge>,
}

/// All areas, in the order of the record.
pub fn areas(view: &View) -> Vec<AreaView> {
    let mut groups: Vec<(&str, Vec<&RequirementRecord>)> = Vec::new();
    for requirement in &view.record.requirements {
        match groups.iter_mut().find(|(area, _)| *area == requirement.area) {
            Some((_, members)) => members.push(requirement),
            None => groups.push((&requirement.area, vec![requirement])),
        }
    }
    groups.into_iter().map(|(area, members)| area_view(view, area, &members)).collect()
}

fn area_view(view: &View, area: &str, members: &[&RequirementRecord]) -> AreaView {
    AreaView {
        name: area.to_owned(),
        title: members.first().map(|first| first.area_title.clone()).unwrap_or_default(),
        slices: slices(members.iter().map(|requirement| requirement.verdict)),
        rows: members.iter().map(|requirement| row(view, requirement)).collect(),
        open: view.record.requirements.len() <= OPEN_AREAS_UP_TO
            && members.iter().any(|requirement| is_open_question(requirement.verdict)),
    }
}

fn row(view: &View, requirement: &RequirementRecord) -> RowView {
    let in_full = shown_in_full(requirement.verdict);
    RowView {
        id: requirement.id.to_string(),
        row_anchor: anchor("row", requirement.id.as_str()),
        anchor: in_full.then(|| anchor("req", requirement.id.as_str())),
        title: requirement.title.clone(),
        badge: Badge::new(requirement.verdict),
        traits: traits(requirement),
        note: requirement.note.clone(),
        cases: requirement
            .cases
            .iter()
            .map(|id| {
                let case = view.case(id);
                let on_page = case.is_some_and(|case| is_open_question(case.verdict));
                CaseChip {
                    id: id.to_string(),
                    number: id.as_str().rsplit('/').next().unwrap_or_default().to_owned(),
                    anchor: on_page.then(|| anchor("case", id.as_str())),
                    title: case.map(|case| case.title.clone()).unwrap_or_default(),
                    source: case.map(|case| case.source.clone()).unwrap_or_default(),
                    duration: case.map(|case| words::duration(case.duration_ms)).unwrap_or_default(),
                    badge: case.map(|case| Badge::new(case.verdict)),
                }
            })
            .collect(),
    }
}

/// True for a requirement that has an article of its own: what is not met, and what a person decides.
pub const fn shown_in_full(verdict: Verdict) -> bool {
    verdict.is_red() || matches!(verdict, Verdict::Warn | Verdict::Review)
}

/// Cases that were not judged, grouped by verdict and cause.
#[derive(Serialize)]
pub struct CauseGroup {
    badge: Badge,
    cause: Text,
    entries: Vec<CauseEntry>,
}

#[derive(Serialize)]
struct CauseEntry {
    id: String,
    anchor: String,
    title: String,
    requirement: Text,
    detail: Option<Text>,
    profile: &'static str,
    /// None if the case stands with its requirement further up.
    case: Option<CaseView>,
}

/// Groups INCONCLUSIVE, SUITE_ERROR and HANG cases by cause, and lists cases that were never closed.
pub fn cause_groups(view: &View, budget: &mut Budget) -> Vec<CauseGroup> {
    let record: &RunRecord = view.record;
    let mut groups: Vec<CauseGroup> = Vec::new();
    for verdict in [Verdict::SuiteError, Verdict::Inconclusive, Verdict::Hang] {
        for requirement in &record.requirements {
            for case in view.cases_of(requirement).filter(|case| case.verdict == verdict) {
                let cause = case.cause.map_or_else(|| no_cause(verdict), |cause| cause.text());
                let in_full = shown_in_full(requirement.verdict);
                let entry = CauseEntry {
                    id: case.id.to_string(),
                    anchor: anchor("case", case.id.as_str()),
                    title: case.title.clone(),
                    requirement: requirement.title.clone(),
                    detail: case.cause_detail.clone(),
                    profile: requirement.profile.name(),
                    case: (!in_full).then(|| case_view(view, case, budget)),
                };
                let badge = Badge::new(verdict);
                match groups.iter_mut().find(|group| group.badge == badge && group.cause == cause) {
                    Some(group) => group.entries.push(entry),
                    None => groups.push(CauseGroup { badge, cause, entries: vec![entry] }),
                }
            }
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.entries.len()));
    groups
}

fn no_cause(verdict: Verdict) -> Text {
    if verdict == Verdict::Hang {
        Text::new("no answer within the time limit", "时限内无应答")
    } else {
        Text::new("no cause recorded", "未记录原因")
    }
}
