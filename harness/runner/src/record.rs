//! Builds the run record from what happened.

use std::collections::BTreeMap;
use std::time::Duration;

use ecric_model::Text;
use ecric_model::exchange::Exchange;
use ecric_model::ics::ConformanceLevel;
use ecric_model::ids::CaseId;
use ecric_model::messages::Msg;
use ecric_model::mutant::MutantInfo;
use ecric_model::roll_up::RequirementState;
use ecric_model::run_record::{CaseRecord, PlanSummary, RequirementRecord, RunRecord, SCHEMA, Suite, TargetSummary};
use ecric_model::verdict::{RunVerdict, Verdict};
use ecric_target::LoadedTarget;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cases::CaseSpec;
use crate::coverage::vectors_of;
use crate::plan::{Plan, PlannedRequirement};
use crate::run::{Closed, RunOptions};
use crate::verdict::{CaseOutcome, Judged};
use crate::waivers::failure_sm3;

/// Exchanges of one case kept in the record; all of them lie in the evidence.
const EXCHANGES: usize = 12;

pub(crate) struct Parts<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) target: &'a LoadedTarget,
    pub(crate) options: &'a RunOptions,
    pub(crate) mutants: &'a [MutantInfo],
    pub(crate) judged: Judged,
    pub(crate) closed: BTreeMap<CaseId, Closed>,
    pub(crate) stopped: Option<Text>,
    pub(crate) evidence_failure: Option<String>,
    pub(crate) earlier: Option<&'a ecric_reports::package::Recovered>,
    pub(crate) started: OffsetDateTime,
    pub(crate) finished: OffsetDateTime,
    pub(crate) duration: Duration,
}

pub(crate) fn build(mut parts: Parts<'_>) -> RunRecord {
    let cases: Vec<CaseRecord> = parts.plan.cases.iter().filter_map(|case| case_record(case, &mut parts)).collect();
    let Parts { plan, target, options, mutants, judged, .. } = parts;
    let mut notes = Vec::new();
    let mut verdict = judged.whole;
    if let Some(reason) = &parts.evidence_failure {
        notes.push(Text::new(
            format!("the evidence could not be written in full: {reason}"),
            format!("证据未能完整写入：{reason}"),
        ));
        if verdict == RunVerdict::Conformant {
            verdict = RunVerdict::Inconclusive;
        }
    }
    notes.extend(parts.earlier.map(resumed_note));
    if let (Some(own), None) = (&options.self_test, &parts.stopped) {
        let count = own.cases.len();
        notes.push(Text::new(
            format!("the adapter passed the {count} cases of its self-test"),
            format!("适配器通过了自检的 {count} 个用例"),
        ));
    }
    if let Some(pin) = target.pinned_root() {
        notes.push(Text::new(
            format!("the issuer's root is pinned: SM3 {pin}"),
            format!("已固定签发方根证书：SM3 {pin}"),
        ));
    }
    if target.trust_by_hand() {
        notes.push(Text::new(
            "the suite's root was installed by hand; take it away from the product",
            "套件根证书为手工安装；请从产品中移除",
        ));
    }
    notes.extend(left_out_notes(plan));
    let mut vectors = vectors_of(&plan.cases);
    let requirements = plan
        .requirements
        .iter()
        .zip(&judged.requirements)
        .map(|(planned, state)| {
            let vectors = vectors.remove(&planned.requirement.id).unwrap_or_default().into_iter().collect();
            requirement_record(planned, state, mutants, vectors)
        })
        .collect();
    RunRecord {
        schema: SCHEMA.to_owned(),
        suite: Suite {
            name: "ecric".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: options.commit.clone(),
        },
        plan: PlanSummary { hash: plan.hash.clone(), cases: plan.cases.len() },
        target: target_summary(target),
        seed: options.seed_text.clone(),
        profiles: plan.profiles.clone(),
        level: match plan.level {
            ConformanceLevel::Core => "core",
            ConformanceLevel::Full => "full",
        }
        .to_owned(),
        depth: plan.depth.name().to_owned(),
        mode: options.mode.clone(),
        started: parts
            .earlier
            .and_then(|earlier| earlier.parts.first())
            .map_or_else(|| instant(parts.started), |first| first.started.clone()),
        finished: instant(parts.finished),
        duration_ms: milliseconds(parts.duration),
        verdict,
        exit_code: verdict.exit_code(),
        outcome_name: Msg::PreEvidence.text(&[]),
        partial: plan.is_partial(),
        partial_reasons: partial_reasons(plan),
        stopped: parts.stopped,
        counts: judged.counts,
        requirements,
        cases,
        not_closed: judged.not_closed,
        notes,
        waivers: judged.waived.records,
    }
}

/// That a run was cut off and finished later, and what was open then.
fn resumed_note(earlier: &ecric_reports::package::Recovered) -> Text {
    let times = earlier.parts.len();
    let closed = earlier.attempts.len();
    let open: Vec<String> = earlier.cut_off.iter().map(ToString::to_string).collect();
    let begun = earlier.parts.last().map(|part| part.started.clone()).unwrap_or_default();
    let list = if open.is_empty() { "-".to_owned() } else { open.join(" ") };
    Text::new(
        format!(
            "the run was cut off and resumed: {times} earlier parts, the last begun {begun}, closed {closed} cases; open when it was cut off and run again: {list}"
        ),
        format!(
            "运行曾中断后继续：此前{times}段，最后一段始于 {begun}，已关闭{closed}个用例；中断时未结束并重新执行的用例：{list}"
        ),
    )
}

fn target_summary(target: &LoadedTarget) -> TargetSummary {
    let file = &target.file;
    TargetSummary {
        name: file.name.clone(),
        vendor: file.vendor.org.clone(),
        product: file.vendor.product.clone(),
        version: file.vendor.version.clone(),
        roles: file.roles.iter().copied().collect(),
        rung: file.rung.name().to_owned(),
        driver: target.settings.driver().name().to_owned(),
        base: target.settings.bases().join(", "),
        file_sm3: target.sm3.clone(),
        environment: file.environment.kind.clone(),
        slo: file.slo.clone(),
        log_sources: file.evidence.log_sources.clone(),
        pinned_root: target.pinned_root().map(str::to_owned),
    }
}

fn requirement_record(
    planned: &PlannedRequirement,
    state: &RequirementState,
    mutants: &[MutantInfo],
    vectors: Vec<String>,
) -> RequirementRecord {
    let requirement = &planned.requirement;
    let prefix = format!("M-{}-", requirement.id);
    RequirementRecord {
        id: requirement.id.clone(),
        area: planned.area.clone(),
        area_title: planned.area_title.clone(),
        title: requirement.title.clone(),
        role: requirement.role,
        level: requirement.level,
        profile: requirement.profile,
        basis: requirement.basis.clone(),
        confidence: requirement.confidence,
        decides: requirement.decides(),
        verdict: state.verdict,
        note: planned.note.clone(),
        cases: planned.cases.clone(),
        mutants: mutants.iter().filter(|m| m.id.starts_with(&prefix)).map(|m| m.id.to_owned()).collect(),
        vectors,
        waived: state.is_waived(),
    }
}

fn case_record(case: &CaseSpec, parts: &mut Parts<'_>) -> Option<CaseRecord> {
    let closed = parts.closed.remove(&case.id)?;
    let outcome = parts.judged.cases.get(&case.id)?.clone();
    let failure_sm3 = failure_sm3(&case.id, &outcome);
    let CaseOutcome { verdict, cause, detail, findings } = outcome;
    let exchanges = if verdict == Verdict::Pass { Vec::new() } else { chosen(closed.exchanges, &findings) };
    Some(CaseRecord {
        id: case.id.clone(),
        requirement: case.requirement.clone(),
        title: case.title.clone(),
        source: format!("{}:{}", case.path, case.line),
        steps: case.steps(),
        verdict,
        cause,
        cause_detail: detail,
        failed_step: closed.failed_step,
        duration_ms: milliseconds(closed.duration),
        negative: case.negative,
        twin: case.twin.clone(),
        findings,
        evidence: closed.evidence,
        exchanges,
        attempts: closed.attempt,
        repeat: format!("{} --only {} --seed {}", parts.options.command, case.id, parts.options.seed_text),
        property: closed.log,
        failure_sm3,
        waived: parts.judged.waived.cases.contains(&case.id),
        reviews: Vec::new(),
    })
}

/// The exchanges that findings name, and the last ones, in order.
fn chosen(exchanges: Vec<Exchange>, findings: &[ecric_model::finding::Finding]) -> Vec<Exchange> {
    let named = |exchange: &Exchange| findings.iter().any(|finding| finding.evidence.contains(&exchange.id));
    let skip = exchanges.len().saturating_sub(EXCHANGES);
    let mut out: Vec<Exchange> = Vec::new();
    for (index, exchange) in exchanges.into_iter().enumerate() {
        if index >= skip || (named(&exchange) && out.len() < EXCHANGES) {
            out.push(exchange);
        }
    }
    out
}

fn partial_reasons(plan: &Plan) -> Vec<Text> {
    grouped(plan, true).into_iter().map(|(reason, count)| counted(&reason, count)).collect()
}

fn left_out_notes(plan: &Plan) -> Vec<Text> {
    grouped(plan, false)
        .into_iter()
        .map(|(reason, count)| {
            let text = counted(&reason, count);
            Text::new(format!("left out: {}", text.en), format!("未纳入：{}", text.zh))
        })
        .collect()
}

fn counted(reason: &Text, count: usize) -> Text {
    Text::new(format!("{count} cases: {}", reason.en), format!("{count}个用例：{}", reason.zh))
}

fn grouped(plan: &Plan, partial: bool) -> Vec<(Text, usize)> {
    let mut out: Vec<(Text, usize)> = Vec::new();
    for case in plan.left_out.iter().filter(|case| case.partial == partial) {
        match out.iter_mut().find(|(reason, _)| *reason == case.reason) {
            Some((_, count)) => *count += 1,
            None => out.push((case.reason.clone(), 1)),
        }
    }
    out
}

fn instant(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).format(&Rfc3339).unwrap_or_default()
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
