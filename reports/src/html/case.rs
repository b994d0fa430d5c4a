//! One case for the page: steps, findings, cause, exchanges, how to repeat it.

use std::collections::HashSet;

use ecric_model::ids::CaseId;
use ecric_model::load::LoadRecord;
use ecric_model::run_record::{CaseRecord, PropertyRecord};
use ecric_model::{Lang, Text};
use serde::Serialize;

use super::escape::anchor;
use super::exchange::{Budget, Exchanges, exchanges};
use super::page::Badge;
use crate::clean::cut;
use crate::told::{waiver_line, waiver_of};
use crate::view::{View, is_open_question};
use crate::words;

/// Most findings of one case that are shown.
const FINDINGS_SHOWN: usize = 20;
/// Most bytes of one value.
const VALUE_LIMIT_BYTES: usize = 4 * 1024;

#[derive(Serialize)]
pub struct CaseView {
    id: String,
    anchor: String,
    title: String,
    source: String,
    badge: Badge,
    duration: String,
    negative: bool,
    twin: Option<TwinView>,
    attempts: u32,
    findings: Vec<FindingView>,
    findings_left_out: usize,
    cause: Option<Text>,
    cause_detail: Option<Text>,
    steps: Vec<StepView>,
    property: Option<PropertyRecord>,
    loads: Vec<Text>,
    exchanges: Exchanges,
    repeat: String,
    failure_sm3: Option<String>,
    waived: Option<Text>,
    reviews: Vec<ReviewView>,
}

#[derive(Serialize)]
struct ReviewView {
    badge: Badge,
    by: String,
    at: String,
    note: String,
}

#[derive(Serialize)]
struct TwinView {
    id: String,
    anchor: Option<String>,
    badge: Option<Badge>,
}

#[derive(Serialize)]
struct FindingView {
    class: Text,
    expected: Text,
    actual: Text,
    place: String,
    evidence: Vec<Link>,
}

#[derive(Serialize)]
struct Link {
    id: String,
    /// Where it is on the page, if it is.
    anchor: Option<String>,
}

#[derive(Serialize)]
struct StepView {
    keyword: String,
    text: String,
    /// `done`, `failed`, `later`, or empty where nothing is known.
    state: &'static str,
}

/// Builds the view of a case.
pub fn case_view(view: &View, case: &CaseRecord, budget: &mut Budget) -> CaseView {
    let exchanges = exchanges(case, budget);
    let on_page: HashSet<String> = exchanges.shown.iter().map(|one| one.anchor().to_owned()).collect();
    CaseView {
        id: case.id.to_string(),
        anchor: anchor("case", case.id.as_str()),
        title: case.title.clone(),
        source: case.source.clone(),
        badge: Badge::new(case.verdict),
        duration: words::duration(case.duration_ms),
        negative: case.negative,
        twin: case.twin.as_ref().map(|id| twin_view(view, id)),
        attempts: case.attempts,
        findings: case
            .findings
            .iter()
            .take(FINDINGS_SHOWN)
            .map(|finding| FindingView {
                class: words::finding_class(finding.class),
                expected: shortened(&finding.expected),
                actual: shortened(&finding.actual),
                place: cut(&finding.place, VALUE_LIMIT_BYTES).0.to_owned(),
                evidence: finding
                    .evidence
                    .iter()
                    .take(FINDINGS_SHOWN)
                    .map(|id| {
                        let anchor = anchor("e", id);
                        Link { id: id.clone(), anchor: on_page.contains(&anchor).then_some(anchor) }
                    })
                    .collect(),
            })
            .collect(),
        findings_left_out: case.findings.len().saturating_sub(FINDINGS_SHOWN),
        cause: case.cause.map(|cause| cause.text()),
        cause_detail: case.cause_detail.as_ref().map(shortened),
        steps: steps(case),
        property: case.property.clone(),
        loads: case.property.iter().flat_map(|property| &property.loads).map(LoadRecord::told).collect(),
        exchanges,
        repeat: case.repeat.clone(),
        failure_sm3: case.failure_sm3.clone(),
        waived: waiver_of(view.record, case)
            .map(|waiver| Text::new(waiver_line(waiver, Lang::En), waiver_line(waiver, Lang::ZhCn))),
        reviews: case
            .reviews
            .iter()
            .map(|one| ReviewView {
                badge: Badge::new(one.to),
                by: one.by.clone(),
                at: one.at.clone(),
                note: cut(&one.note, VALUE_LIMIT_BYTES).0.to_owned(),
            })
            .collect(),
    }
}

/// Links to the twin itself if it is on the page, else to the row of its requirement, if there is one.
fn twin_view(view: &View, id: &CaseId) -> TwinView {
    let twin = view.case(id);
    let requirement = id.requirement();
    let in_table = view.record.requirements.iter().any(|one| one.id == requirement);
    let anchor = match twin {
        Some(twin) if is_open_question(twin.verdict) => Some(anchor("case", id.as_str())),
        _ => in_table.then(|| anchor("row", requirement.as_str())),
    };
    TwinView { id: id.to_string(), anchor, badge: twin.map(|twin| Badge::new(twin.verdict)) }
}

fn shortened(text: &Text) -> Text {
    let one = |text: &str| match cut(text, VALUE_LIMIT_BYTES) {
        (text, false) => text.to_owned(),
        (text, true) => format!("{text} …"),
    };
    Text::new(one(&text.en), one(&text.zh))
}

/// Steps with their state: before the failing one they were done, behind it never reached.
fn steps(case: &CaseRecord) -> Vec<StepView> {
    let failed = case.failed_step.as_deref().map(str::trim);
    let at = failed.and_then(|failed| {
        case.steps.iter().position(|step| {
            let step = step.trim();
            step == failed || split_keyword(step).1 == failed
        })
    });
    let mut views: Vec<_> = case
        .steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let state = match at {
                Some(at) if index < at => "done",
                Some(at) if index == at => "failed",
                Some(_) => "later",
                None => "",
            };
            step_view(step, state)
        })
        .collect();
    if let (Some(failed), None) = (failed, at) {
        views.push(step_view(failed, "failed"));
    }
    views
}

fn step_view(step: &str, state: &'static str) -> StepView {
    let (keyword, text) = split_keyword(step.trim());
    StepView { keyword: keyword.to_owned(), text: text.to_owned(), state }
}

fn split_keyword(step: &str) -> (&str, &str) {
    match step.split_once(' ') {
        Some((keyword @ ("Given" | "When" | "Then" | "And" | "But" | "*"), text)) => (keyword, text.trim_start()),
        _ => ("", step),
    }
}
