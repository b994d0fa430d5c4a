//! The report in the shape that Chinese laboratories use (样品信息, 检验依据, 检验项目, 技术要求, 检验结果,
//! 单项判定, 结论): one HTML file, ready to print on A4, without script and without network. It claims
//! nothing that the record does not say; client, laboratory and signatures are left blank.

use ecric_model::requirement::BasisKind;
use ecric_model::run_record::{CaseRecord, RequirementRecord, RunRecord};
use ecric_model::verdict::{RunVerdict, Verdict};
use ecric_model::{Lang, Text};
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::ReportError;
use crate::bounded::bounded;
use crate::html;
use crate::told::{line, message};
use crate::view::{View, is_open_question};
use crate::words;

const CSS: &str = include_str!("../templates/lab.css");
const TEMPLATE: &str = include_str!("../templates/lab.html");
/// Cases told per requirement.
const CASES_TOLD: usize = 3;

/// Renders the laboratory report in one language; the texts of both are in the file.
///
/// # Errors
/// When the template fails, which is a fault of ours.
pub fn render_lab(record: &RunRecord, lang: Lang) -> Result<String, ReportError> {
    let record = &*bounded(record);
    let environment = html::environment(lang)?;
    let context = minijinja::context! {
        page => Value::from(Serde(page(record))),
        lang => lang.tag(),
        css => Value::from_safe_string(CSS.to_owned()),
    };
    Ok(environment.template_from_named_str("lab.html", TEMPLATE)?.render(context)?)
}

#[derive(Serialize)]
struct Page {
    title: Text,
    suite: String,
    number: String,
    product: String,
    version: String,
    vendor: String,
    kind: Text,
    day: String,
    outcome: Text,
    verdict: Text,
    verdict_class: &'static str,
    sentence: Text,
    partial_reasons: Vec<Text>,
    stopped: Option<Text>,
    not_closed: Vec<String>,
    counts: Vec<CountView>,
    total: usize,
    sample: Vec<html::Fact>,
    bases: Vec<BasisView>,
    conditions: Vec<html::Fact>,
    areas: Vec<AreaView>,
    waivers: Vec<WaiverView>,
    reviews: Vec<ReviewView>,
    notes: Vec<Text>,
}

#[derive(Serialize)]
struct CountView {
    word: Text,
    requirements: usize,
}

#[derive(Serialize)]
struct BasisView {
    doc: String,
    kind: Text,
    count: usize,
}

#[derive(Serialize)]
struct AreaView {
    title: Text,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    number: usize,
    id: String,
    title: Text,
    decides: bool,
    basis: Vec<String>,
    results: Vec<ResultLine>,
    verdict: Text,
    class: &'static str,
}

/// One line of a result; the case first, if it is about one.
#[derive(Serialize)]
struct ResultLine {
    id: Option<String>,
    text: Text,
}

#[derive(Serialize)]
struct WaiverView {
    case: String,
    version: String,
    reason: String,
    owner: String,
    expires: String,
    state: Text,
    detail: Text,
}

#[derive(Serialize)]
struct ReviewView {
    case: String,
    from: Text,
    to: Text,
    by: String,
    at: String,
    note: String,
}

fn page(record: &RunRecord) -> Page {
    let view = View::new(record);
    let target = &record.target;
    let headline = view.headline();
    let day = record.finished.get(..10).unwrap_or(&record.finished).to_owned();
    Page {
        title: Text::new(
            line(&format!("Test report: {} {}", target.product, target.version)),
            line(&format!("检验报告：{} {}", target.product, target.version)),
        ),
        suite: format!("{} {} ({})", record.suite.name, record.suite.version, record.suite.commit),
        number: number(record),
        product: line(&target.product),
        version: line(&target.version),
        vendor: line(&target.vendor),
        kind: if record.partial {
            Text::new("pre-conformance test, partial", "预符合性检验（部分项目）")
        } else {
            Text::new("pre-conformance test", "预符合性检验")
        },
        day: html::china_time(&record.finished).get(..10).unwrap_or(&day).to_owned(),
        outcome: record.outcome_name.clone(),
        verdict: headline,
        verdict_class: match record.verdict {
            RunVerdict::Conformant => "v-good",
            RunVerdict::NonConformant => "v-bad",
            _ => "v-open",
        },
        sentence: view.sentence(),
        partial_reasons: record.partial_reasons.clone(),
        stopped: record.stopped.clone(),
        not_closed: record.not_closed.iter().map(ToString::to_string).collect(),
        counts: counts(record),
        total: record.requirements.len(),
        sample: sample(record),
        bases: bases(record),
        conditions: conditions(record),
        areas: areas(&view),
        waivers: waivers(record),
        reviews: reviews(record),
        notes: record.notes.clone(),
    }
}

/// A number that the same record always gets: day, and the head of a digest.
fn number(record: &RunRecord) -> String {
    let digest = ecric_gm::sm3::digest_hex(
        format!("{}\n{}\n{}\n{}", record.plan.hash, record.seed, record.started, record.target.name).as_bytes(),
    );
    let day: String = record.finished.chars().take(10).filter(char::is_ascii_digit).collect();
    format!("ECRIC-{day}-{}", digest.get(..8).unwrap_or_default().to_uppercase())
}

fn counts(record: &RunRecord) -> Vec<CountView> {
    let counted = Verdict::ROLL_UP.into_iter().filter_map(|verdict| {
        let requirements = record.requirements.iter().filter(|one| one.verdict == verdict).count();
        (requirements > 0).then(|| CountView { word: single(verdict, false), requirements })
    });
    counted.collect()
}

/// The verdict of an item in the words of a laboratory.
fn single(verdict: Verdict, waived: bool) -> Text {
    let text = match verdict {
        Verdict::Pass => Text::new("conforms", "符合"),
        Verdict::Fail => Text::new("does not conform", "不符合"),
        Verdict::Hang => Text::new("does not conform (no answer)", "不符合（无响应）"),
        Verdict::Unimplemented => Text::new("does not conform (not implemented)", "不符合（未实现）"),
        Verdict::Warn => Text::new("advisory, not met", "建议项未满足"),
        Verdict::SuiteError => Text::new("not judged (fault of the suite)", "未判定（套件错误）"),
        Verdict::Inconclusive => Text::new("not judged", "无法判定"),
        Verdict::Review => Text::new("to be reviewed", "待评审"),
        Verdict::NotApplicable => Text::new("not applicable", "不适用"),
    };
    if waived { Text::new(format!("{}, waived", text.en), format!("{}，已豁免", text.zh)) } else { text }
}

const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail | Verdict::Hang | Verdict::Unimplemented => "v-bad",
        Verdict::Pass => "v-good",
        Verdict::NotApplicable => "v-na",
        Verdict::Warn | Verdict::SuiteError | Verdict::Inconclusive | Verdict::Review => "v-open",
    }
}

const SAMPLE: [&str; 9] = [
    "Product",
    "Vendor",
    "Roles under test",
    "Reached",
    "Driven",
    "Environment",
    "Address",
    "Target file",
    "Target file (SM3)",
];

fn sample(record: &RunRecord) -> Vec<html::Fact> {
    html::facts(record).into_iter().filter(|fact| SAMPLE.contains(&fact.name())).collect()
}

fn conditions(record: &RunRecord) -> Vec<html::Fact> {
    html::facts(record).into_iter().filter(|fact| !SAMPLE.contains(&fact.name())).collect()
}

/// Documents that requirements rest on, in the order of the record.
fn bases(record: &RunRecord) -> Vec<BasisView> {
    let mut out: Vec<(BasisKind, BasisView)> = Vec::new();
    for basis in record.requirements.iter().flat_map(|requirement| &requirement.basis) {
        match out.iter_mut().find(|(kind, view)| *kind == basis.kind && view.doc == basis.doc) {
            Some((_, view)) => view.count += 1,
            None => out.push((
                basis.kind,
                BasisView { doc: basis.doc.clone(), kind: words::basis_kind(basis.kind), count: 1 },
            )),
        }
    }
    out.into_iter().map(|(_, view)| view).collect()
}

fn areas(view: &View) -> Vec<AreaView> {
    let mut out: Vec<(&str, AreaView)> = Vec::new();
    for (index, requirement) in view.record.requirements.iter().enumerate() {
        let row = row(view, requirement, index + 1);
        match out.iter_mut().find(|(area, _)| *area == requirement.area) {
            Some((_, area)) => area.rows.push(row),
            None => out
                .push((requirement.area.as_str(), AreaView { title: requirement.area_title.clone(), rows: vec![row] })),
        }
    }
    out.into_iter().map(|(_, area)| area).collect()
}

fn row(view: &View, requirement: &RequirementRecord, number: usize) -> RowView {
    RowView {
        number,
        id: requirement.id.to_string(),
        title: requirement.title.clone(),
        decides: requirement.decides,
        basis: requirement.basis.iter().map(|basis| format!("{}, {}", basis.doc, basis.clause)).collect(),
        results: results(view, requirement),
        verdict: single(requirement.verdict, requirement.waived),
        class: class(requirement.verdict),
    }
}

fn results(view: &View, requirement: &RequirementRecord) -> Vec<ResultLine> {
    let cases: Vec<&CaseRecord> = view.cases_of(requirement).collect();
    let passed = cases.iter().filter(|case| case.verdict == Verdict::Pass).count();
    let mut out: Vec<ResultLine> = Vec::new();
    let plain = |en: String, zh: String| ResultLine { id: None, text: Text::new(en, zh) };
    if !cases.is_empty() {
        let all = requirement.cases.len();
        out.push(plain(format!("{passed} of {all} cases as required"), format!("{all}个用例中{passed}个符合")));
    }
    let open: Vec<_> = cases.iter().filter(|case| is_open_question(case.verdict)).collect();
    for case in open.iter().take(CASES_TOLD) {
        let mark = if case.waived { ("waived: ", "已豁免：") } else { ("", "") };
        let text = Text::new(
            format!("{}{}", mark.0, message(case, Lang::En)),
            format!("{}{}", mark.1, message(case, Lang::ZhCn)),
        );
        out.push(ResultLine { id: Some(case.id.to_string()), text });
    }
    if open.len() > CASES_TOLD {
        let more = open.len() - CASES_TOLD;
        out.push(plain(format!("and {more} more"), format!("另有{more}个")));
    }
    let unclosed = requirement.cases.iter().filter(|id| view.case(id).is_none()).count();
    if unclosed > 0 {
        out.push(plain(format!("{unclosed} without a result"), format!("{unclosed}个没有结果")));
    }
    out.extend(requirement.note.clone().map(|text| ResultLine { id: None, text }));
    out
}

fn waivers(record: &RunRecord) -> Vec<WaiverView> {
    let view = |one: &ecric_model::waiver::WaiverRecord| WaiverView {
        case: one.waiver.case.clone(),
        version: one.waiver.target_version.clone(),
        reason: one.waiver.reason.clone(),
        owner: one.waiver.owner.clone(),
        expires: one.waiver.expires.clone(),
        state: one.state.text(),
        detail: one.detail.clone(),
    };
    record.waivers.iter().map(view).collect()
}

fn reviews(record: &RunRecord) -> Vec<ReviewView> {
    let of = |case: &CaseRecord| {
        let id = case.id.to_string();
        let view = move |one: &ecric_model::review::ReviewRecord| ReviewView {
            case: id.clone(),
            from: one.from.text(),
            to: one.to.text(),
            by: one.by.clone(),
            at: one.at.clone(),
            note: one.note.clone(),
        };
        case.reviews.iter().map(view).collect::<Vec<_>>()
    };
    record.cases.iter().flat_map(of).collect()
}
