//! The page as plain data: what the template shows, in its order.

use std::collections::BTreeMap;

use ecric_model::requirement::Profile;
use ecric_model::run_record::RunRecord;
use ecric_model::verdict::{RunVerdict, Verdict};
use ecric_model::waiver::WaiverRecord;
use ecric_model::{Lang, Text};
use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::exchange::{BODY_LIMIT_BYTES, Budget};
use super::requirement::{AreaView, CauseGroup, RequirementView, areas, cause_groups, requirement_view};
use crate::told::review_lines;
use crate::view::View;
use crate::words;

/// Failing requirements that open unfolded.
const OPEN_REQUIREMENTS: usize = 6;

/// A verdict as the page shows it.
#[derive(Serialize, Clone, PartialEq)]
pub struct Badge {
    /// The word in records, also for filters.
    pub code: &'static str,
    /// Style class.
    pub class: &'static str,
    sign: &'static str,
    word: Text,
}

impl Badge {
    /// The badge of a verdict.
    pub fn new(verdict: Verdict) -> Self {
        let class = match verdict {
            Verdict::Fail => "v-fail",
            Verdict::Hang => "v-hang",
            Verdict::Unimplemented => "v-unimplemented",
            Verdict::SuiteError => "v-suite",
            Verdict::Inconclusive => "v-inconclusive",
            Verdict::Review => "v-review",
            Verdict::Warn => "v-warn",
            Verdict::Pass => "v-pass",
            Verdict::NotApplicable => "v-na",
        };
        Self { code: verdict.name(), class, sign: words::verdict_sign(verdict), word: verdict.text() }
    }
}

/// A counted verdict: a part of a bar or of the ring.
#[derive(Serialize)]
pub struct Slice {
    badge: Badge,
    count: usize,
    /// Share of the whole, percent.
    share: f64,
    /// Sum of the shares before it, percent.
    start: f64,
}

/// Counts verdicts, worst first.
pub fn slices(verdicts: impl Iterator<Item = Verdict>) -> Vec<Slice> {
    let mut counts = [0_usize; Verdict::ROLL_UP.len()];
    for verdict in verdicts {
        if let Some(slot) = Verdict::ROLL_UP.iter().position(|one| *one == verdict).and_then(|at| counts.get_mut(at)) {
            *slot += 1;
        }
    }
    slices_of(&counts)
}

fn slices_of(counts: &[usize; Verdict::ROLL_UP.len()]) -> Vec<Slice> {
    let total: usize = counts.iter().sum();
    let mut start = 0.0;
    let counted = Verdict::ROLL_UP.into_iter().zip(counts).filter(|(_, count)| **count > 0);
    counted
        .map(|(verdict, count)| {
            let share = percent(*count, total);
            let slice = Slice { badge: Badge::new(verdict), count: *count, share, start };
            start += share;
            slice
        })
        .collect()
}

/// Percent with two decimals.
fn percent(count: usize, total: usize) -> f64 {
    let hundredths = (count * 10_000).checked_div(total).unwrap_or(0);
    f64::from(u32::try_from(hundredths).unwrap_or(10_000)) / 100.0
}

fn counted(counts: &BTreeMap<Verdict, usize>) -> Vec<Slice> {
    slices_of(&Verdict::ROLL_UP.map(|verdict| counts.get(&verdict).copied().unwrap_or(0)))
}

/// The whole page.
#[derive(Serialize)]
pub struct Page {
    title: Text,
    verdict_class: &'static str,
    verdict: Text,
    sentence: Text,
    next_step: Text,
    outcome: Text,
    exit_code: u8,
    partial: bool,
    waived_cases: usize,
    partial_reasons: Vec<Text>,
    stopped: Option<Text>,
    not_closed: Vec<String>,
    requirement_slices: Vec<Slice>,
    tally: Vec<TallyRow>,
    requirement_total: usize,
    case_total: usize,
    passed: usize,
    applicable: usize,
    product: String,
    facts: Vec<Fact>,
    profiles: Vec<ProfileView>,
    red: Vec<RequirementView>,
    warned: Vec<RequirementView>,
    review: Vec<RequirementView>,
    areas: Vec<AreaView>,
    cause_groups: Vec<CauseGroup>,
    not_judged: usize,
    notes: Vec<Text>,
    waivers: Vec<WaiverView>,
    reviews: Vec<Text>,
    legend: Vec<LegendEntry>,
    suite: String,
    body_limit_kib: usize,
}

/// A verdict with its numbers.
#[derive(Serialize)]
struct TallyRow {
    badge: Badge,
    requirements: usize,
    cases: usize,
}

/// One fact about the run.
#[derive(Serialize)]
pub struct Fact {
    name: Text,
    value: Text,
    /// True for hashes and seeds: fixed width and a copy button.
    code: bool,
}

impl Fact {
    /// Its name in English, for choosing.
    pub fn name(&self) -> &str {
        &self.name.en
    }
}

#[derive(Serialize)]
struct ProfileView {
    name: &'static str,
    title: Text,
    meaning: Text,
    slices: Vec<Slice>,
    total: usize,
    red: usize,
    ours: bool,
}

/// A waiver with what became of it.
#[derive(Serialize)]
struct WaiverView {
    bad: bool,
    state: Text,
    case: String,
    version: String,
    reason: String,
    owner: String,
    expires: String,
    detail: Text,
    line: usize,
}

/// Every decision of a person, in plan order.
fn reviews(record: &RunRecord) -> Vec<Text> {
    let of = |case| review_lines(case, Lang::En).into_iter().zip(review_lines(case, Lang::ZhCn));
    record.cases.iter().flat_map(of).map(|(en, zh)| Text::new(en, zh)).collect()
}

fn waiver_view(record: &WaiverRecord) -> WaiverView {
    let waiver = &record.waiver;
    WaiverView {
        bad: record.state.fails_the_run(),
        state: record.state.text(),
        case: waiver.case.clone(),
        version: waiver.target_version.clone(),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        expires: waiver.expires.clone(),
        detail: record.detail.clone(),
        line: record.line,
    }
}

#[derive(Serialize)]
struct LegendEntry {
    badge: Badge,
    meaning: Text,
}

/// Builds the page from the record.
pub fn page(record: &RunRecord) -> Page {
    let view = View::new(record);
    let mut budget = Budget::default();
    // The order in which the budget is spent: what has to be fixed comes first.
    let red = view.red();
    let red: Vec<_> = red
        .iter()
        .enumerate()
        .map(|(index, requirement)| requirement_view(&view, requirement, index < OPEN_REQUIREMENTS, &mut budget))
        .collect();
    let mut group = |fits: fn(Verdict) -> bool| -> Vec<RequirementView> {
        let members = view.with(fits);
        let open = members.len() <= 3 && red.len() <= 3;
        members.iter().map(|requirement| requirement_view(&view, requirement, open, &mut budget)).collect()
    };
    let review = group(|verdict| verdict == Verdict::Review);
    let warned = group(|verdict| verdict == Verdict::Warn);
    let cause_groups = cause_groups(&view, &mut budget);
    let count = |verdict| record.counts.requirements.get(&verdict).copied().unwrap_or(0);
    let requirement_total: usize = record.counts.requirements.values().sum();
    let headline = view.headline();
    let product = format!("{} {}", record.target.product, record.target.version);
    Page {
        title: Text::new(format!("ecric: {} – {product}", headline.en), format!("ecric：{} – {product}", headline.zh)),
        verdict_class: match record.verdict {
            RunVerdict::Conformant => "good",
            RunVerdict::NonConformant => "bad",
            RunVerdict::NotStarted | RunVerdict::Inconclusive | RunVerdict::Incomplete => "open",
        },
        verdict: record.verdict.text(),
        sentence: view.sentence(),
        next_step: next_step(&view),
        outcome: record.outcome_name.clone(),
        exit_code: record.exit_code,
        partial: record.partial,
        waived_cases: record.cases.iter().filter(|case| case.waived).count(),
        partial_reasons: record.partial_reasons.clone(),
        stopped: record.stopped.clone(),
        not_closed: record.not_closed.iter().map(ToString::to_string).collect(),
        requirement_slices: counted(&record.counts.requirements),
        tally: tally(record),
        requirement_total,
        case_total: record.counts.cases.values().sum(),
        passed: count(Verdict::Pass),
        applicable: requirement_total - count(Verdict::NotApplicable).min(requirement_total),
        product,
        facts: facts(record),
        profiles: profiles(&view),
        not_judged: record
            .cases
            .iter()
            .filter(|case| matches!(case.verdict, Verdict::Inconclusive | Verdict::SuiteError | Verdict::Hang))
            .count(),
        red,
        warned,
        review,
        areas: areas(&view),
        cause_groups,
        notes: record.notes.clone(),
        waivers: record.waivers.iter().map(waiver_view).collect(),
        reviews: reviews(record),
        legend: Verdict::ROLL_UP
            .into_iter()
            .map(|verdict| LegendEntry { badge: Badge::new(verdict), meaning: words::verdict_meaning(verdict) })
            .collect(),
        suite: format!("{} {} ({})", record.suite.name, record.suite.version, record.suite.commit),
        body_limit_kib: BODY_LIMIT_BYTES / 1024,
    }
}

fn tally(record: &RunRecord) -> Vec<TallyRow> {
    let count = |counts: &BTreeMap<Verdict, usize>, verdict| counts.get(&verdict).copied().unwrap_or(0);
    let rows = Verdict::ROLL_UP.into_iter().map(|verdict| TallyRow {
        badge: Badge::new(verdict),
        requirements: count(&record.counts.requirements, verdict),
        cases: count(&record.counts.cases, verdict),
    });
    rows.filter(|row| row.requirements + row.cases > 0).collect()
}

/// What a reader who has never seen the suite should do now.
fn next_step(view: &View) -> Text {
    let fails = view.record.requirements.iter().any(|one| one.decides && one.verdict.is_red() && !one.waived);
    match view.record.verdict {
        RunVerdict::NonConformant if !fails && view.has_bad_waiver() => Text::new(
            "Nothing fails but what is waived. Correct or take out the waivers that do not fit this run.",
            "除已豁免者外没有不符合。请更正或去除与本次测试不符的豁免条目。",
        ),
        RunVerdict::NonConformant => Text::new(
            "Start with the first entry under “To fix”. Each shows what was expected, what the product did, the messages exchanged, and a command that repeats just that case.",
            "请从“需要修改”的第一项开始：每项列出预期、产品实际行为、往来报文，以及只重跑该用例的命令。",
        ),
        RunVerdict::Conformant => Text::new(
            "Nothing has to be changed. Warnings, if there are any, are recommendations.",
            "无需修改。如有警告，均为建议。",
        ),
        RunVerdict::Inconclusive => Text::new(
            "Look at “Not judged” first: the causes are grouped there. Remove the commonest one and run again.",
            "请先查看“未能判定”：其中按原因分组。消除最常见的原因后重新测试。",
        ),
        RunVerdict::NotStarted => Text::new(
            "Check the address, the credentials and the target file with “ecric target check”, then run again.",
            "请用“ecric target check”检查地址、凭据与目标文件，然后重新测试。",
        ),
        RunVerdict::Incomplete => {
            Text::new("Run again; until then the result is not known.", "请重新测试，在此之前结论未知。")
        }
    }
}

/// What was tested and how, in the order of reports.
pub fn facts(record: &RunRecord) -> Vec<Fact> {
    let target = &record.target;
    let roles: Vec<_> = target.roles.iter().map(|role| words::role(*role)).collect();
    let list = |lang: fn(&Text) -> &String, separator: &str| {
        roles.iter().map(lang).map(String::as_str).collect::<Vec<_>>().join(separator)
    };
    let roles = Text::new(list(|text| &text.en, ", "), list(|text| &text.zh, "、"));
    let plain = |en: &str, zh: &str, value: Text| Fact { name: Text::new(en, zh), value, code: false };
    let code = |en: &str, zh: &str, value: &str| Fact { name: Text::new(en, zh), value: Text::same(value), code: true };
    let profiles: Vec<_> = record.profiles.iter().map(|profile| profile.name()).collect();
    let all = vec![
        plain("Product", "产品", Text::same(format!("{} {}", target.product, target.version))),
        plain("Vendor", "厂商", Text::same(&target.vendor)),
        plain("Roles under test", "被测角色", roles),
        plain("Reached", "接入方式", words::rung(&target.rung)),
        plain("Driven", "驱动方式", words::driver(&target.driver)),
        plain("Environment", "测试环境", Text::same(&target.environment)),
        code("Address", "地址", &target.base),
        plain("Target file", "目标文件", Text::same(&target.name)),
        plain("Started", "开始时间", Text::same(china_time(&record.started))),
        plain("Finished", "结束时间", Text::same(china_time(&record.finished))),
        plain("Duration", "用时", words::long_duration(record.duration_ms)),
        plain("Rule books", "规则集", Text::same(profiles.join(", "))),
        plain("Level and depth", "级别与深度", Text::same(format!("{}, {}", record.level, record.depth))),
        plain("Suite", "测试套件", Text::same(format!("{} {}", record.suite.name, record.suite.version))),
        code("Suite commit", "套件提交", &record.suite.commit),
        code("Seed", "种子", &record.seed),
        code("Plan hash (SM3)", "计划散列（SM3）", &record.plan.hash),
        code("Target file (SM3)", "目标文件（SM3）", &target.file_sm3),
    ];
    all.into_iter().filter(|fact| !fact.value.en.trim().is_empty()).collect()
}

/// An instant in China's time, as most readers live by it; anything else stays as it is.
pub fn china_time(instant: &str) -> String {
    let china = UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC);
    match OffsetDateTime::parse(instant, &Rfc3339) {
        Ok(time) => {
            let time = time.to_offset(china);
            format!("{} {:02}:{:02}:{:02} {}:00", time.date(), time.hour(), time.minute(), time.second(), "+08")
        }
        Err(_) => instant.to_owned(),
    }
}

fn profiles(view: &View) -> Vec<ProfileView> {
    Profile::ALL
        .into_iter()
        .filter_map(|profile| {
            let members: Vec<_> = view.of_profile(profile).collect();
            (!members.is_empty()).then(|| ProfileView {
                name: profile.name(),
                title: words::profile(profile),
                meaning: words::profile_meaning(profile),
                slices: slices(members.iter().map(|requirement| requirement.verdict)),
                total: members.len(),
                red: members.iter().filter(|r| r.decides && r.verdict.is_red()).count(),
                ours: profile == Profile::Binding,
            })
        })
        .collect()
}
