//! The summary on a terminal: the verdict first, then what has to be fixed. Returns text; printing is
//! the caller's. Every text of the record is stripped of what could steer a terminal.

use ecric_model::messages::Msg;
use ecric_model::run_record::{CaseRecord, RequirementRecord, RunRecord};
use ecric_model::verdict::{Cause, RunVerdict, Verdict};
use ecric_model::{Lang, Text};

use crate::bounded::bounded;
use crate::clean::{cut, visible_line};
use crate::columns::{columns, pad, wrap};
use crate::told::{review_lines, waiver_line};
use crate::view::View;
use crate::words;

/// Whether the terminal takes colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// ANSI colours.
    Colour,
}

/// Failing cases shown per requirement; the report has them all.
const CASES_SHOWN: usize = 4;
/// Findings shown per case.
const FINDINGS_SHOWN: usize = 3;
/// Requirements shown in full.
const REQUIREMENTS_SHOWN: usize = 40;
/// Requirements shown in full that share verdict and cause.
const SAME_CAUSE_SHOWN: usize = 3;
/// Longest value shown, bytes.
const VALUE_LIMIT: usize = 600;

/// Renders the summary for a terminal of `width` columns (at least 40).
#[must_use]
pub fn render_console(record: &RunRecord, lang: Lang, style: Style, width: usize) -> String {
    let record = &*bounded(record);
    let mut console = Console { view: View::new(record), lang, style, width: width.max(40), out: String::new() };
    console.head();
    console.counts();
    console.requirements();
    console.waivers();
    console.foot();
    console.out
}

struct Console<'a> {
    view: View<'a>,
    lang: Lang,
    style: Style,
    width: usize,
    out: String,
}

impl Console<'_> {
    fn head(&mut self) {
        let record = self.view.record;
        let code = self.say("(exit {n})", "（退出码{n}）").replace("{n}", &record.exit_code.to_string());
        let headline = self.view.headline().in_lang(self.lang).to_uppercase();
        let headline = self.paint(run_colour(record.verdict), &headline);
        self.out.push_str(&format!("{headline}  {code}\n"));
        let sentence = self.view.sentence();
        self.text_line(0, sentence.in_lang(self.lang));
        let target = &record.target;
        let roles: Vec<_> = target.roles.iter().map(|role| words::role(*role).in_lang(self.lang).to_owned()).collect();
        let product = format!("{} {}", target.product, target.version);
        let line = [product.as_str(), &target.vendor, &roles.join(self.say(", ", "、")), &target.rung]
            .into_iter()
            .filter(|part| !part.trim().is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        self.text_line(0, &line);
        self.text_line(0, record.outcome_name.in_lang(self.lang));
        if record.partial {
            self.warning(Msg::Partial, &record.partial_reasons);
        }
        if let Some(stopped) = &record.stopped {
            self.warning(Msg::Stopped, std::slice::from_ref(stopped));
        }
    }

    fn warning(&mut self, word: Msg, lines: &[Text]) {
        let word = word.template(self.lang);
        let lines: Vec<_> = lines.iter().map(|line| line.in_lang(self.lang)).collect();
        let painted = self.paint("1;33", word);
        self.field(0, columns(word), &painted, &lines.join(self.say("; ", "；")));
    }

    fn counts(&mut self) {
        self.out.push('\n');
        let record = self.view.record;
        let name_width = [Msg::Requirements, Msg::Cases]
            .map(|word| columns(word.template(self.lang)))
            .into_iter()
            .max()
            .unwrap_or(0);
        for (word, counts) in [(Msg::Requirements, &record.counts.requirements), (Msg::Cases, &record.counts.cases)] {
            let total: usize = counts.values().sum();
            let mut parts = Vec::new();
            for verdict in Verdict::ROLL_UP {
                let count = counts.get(&verdict).copied().unwrap_or(0);
                if count > 0 {
                    parts.push((verdict, format!("{count} {}", verdict.text().in_lang(self.lang))));
                }
            }
            let head = format!("{}  {total:>4}", pad(word.template(self.lang), name_width));
            let mut line = head.clone();
            let mut used = columns(&head);
            for (verdict, part) in parts {
                let wide = columns(&part) + 3;
                if used + wide > self.width {
                    line.push_str(&format!("\n{}", " ".repeat(columns(&head))));
                    used = columns(&head);
                }
                line.push_str("   ");
                line.push_str(&self.paint(verdict_colour(verdict), &part));
                used += wide;
            }
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    fn requirements(&mut self) {
        let (mut full, folded) = sort_out(&self.view);
        let left_out = full.len().saturating_sub(REQUIREMENTS_SHOWN);
        full.truncate(REQUIREMENTS_SHOWN);
        for (requirement, cases) in full {
            self.requirement(requirement, &cases);
        }
        for group in folded {
            self.out.push('\n');
            let word = group.verdict.text().in_lang(self.lang).to_owned();
            let cause = group.cause.text();
            let text = self
                .say("{n} more, {cause}: {ids}", "另有{n}项，{cause}：{ids}")
                .replace("{n}", &group.ids.len().to_string())
                .replace("{cause}", cause.in_lang(self.lang))
                .replace("{ids}", &group.ids.join(" "));
            let painted = self.paint(verdict_colour(group.verdict), &word);
            self.field(0, columns(&word), &painted, &text);
        }
        if left_out > 0 {
            let line = self.say("{n} more requirements: see the report", "另有{n}项要求，见报告");
            self.out.push('\n');
            self.text_line(0, &line.replace("{n}", &left_out.to_string()));
        }
    }

    fn requirement(&mut self, requirement: &RequirementRecord, cases: &[&CaseRecord]) {
        self.out.push('\n');
        let mut word = requirement.verdict.text().in_lang(self.lang).to_owned();
        if requirement.waived {
            word.push_str(self.say(", waived", "，已豁免"));
        }
        let head = format!("{} {}", self.paint(verdict_colour(requirement.verdict), &word), requirement.id);
        let wide = columns(&word) + 1 + requirement.id.as_str().len();
        self.field(0, wide, &head, requirement.title.in_lang(self.lang));
        let decides = if requirement.decides {
            self.say("decides the result", "决定结论")
        } else {
            self.say("advisory", "建议性")
        };
        let traits = [
            words::role(requirement.role).in_lang(self.lang).to_owned(),
            words::level(requirement.level).in_lang(self.lang).to_owned(),
            requirement.profile.name().to_owned(),
            decides.to_owned(),
        ];
        for line in wrap(&traits.join(" · "), self.width - 2) {
            let line = self.paint("2", &line);
            self.out.push_str(&format!("  {line}\n"));
        }
        if let Some(note) = &requirement.note {
            self.text_line(2, note.in_lang(self.lang));
        }
        for case in cases.iter().take(CASES_SHOWN) {
            self.case(case);
        }
        if let Some(more) = cases.len().checked_sub(CASES_SHOWN).filter(|more| *more > 0) {
            let line = self.say("{n} more cases: see the report", "另有{n}个用例，见报告");
            self.text_line(2, &line.replace("{n}", &more.to_string()));
        }
    }

    fn case(&mut self, case: &CaseRecord) {
        let mut word = case.verdict.text().in_lang(self.lang).to_owned();
        if case.waived {
            word.push_str(self.say(", waived", "，已豁免"));
        }
        let head = format!("{} {}", self.paint(verdict_colour(case.verdict), &word), case.id);
        self.field(2, columns(&word) + 1 + case.id.as_str().len(), &head, &case.title);
        if let Some(step) = &case.failed_step {
            self.named(self.say("at step", "步骤"), step);
        }
        for finding in case.findings.iter().take(FINDINGS_SHOWN) {
            self.named(Msg::Expected.template(self.lang), finding.expected.in_lang(self.lang));
            self.named(Msg::Actual.template(self.lang), finding.actual.in_lang(self.lang));
            self.named(Msg::Place.template(self.lang), &finding.place);
        }
        if let Some(more) = case.findings.len().checked_sub(FINDINGS_SHOWN).filter(|more| *more > 0) {
            let line = self.say("{n} more findings", "另有{n}条发现");
            self.named("", &line.replace("{n}", &more.to_string()));
        }
        let cause = case.cause.map(|cause| cause.text());
        let detail = case.cause_detail.as_ref();
        let causes: Vec<_> = cause.iter().chain(detail).map(|text| text.in_lang(self.lang)).collect();
        if !causes.is_empty() {
            self.named(self.say("cause", "原因"), &causes.join(self.say(": ", "：")));
        }
        if let Some(minimal) = case.property.as_ref().and_then(|property| property.minimal.as_ref()) {
            self.named(self.say("smallest", "最小值"), minimal);
        }
        if !case.evidence.is_empty() {
            let ids: Vec<_> = case.evidence.iter().take(6).map(String::as_str).collect();
            let more = case.evidence.len().saturating_sub(6);
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            self.named(self.say("evidence", "证据"), &format!("{}{more}", ids.join(" ")));
        }
        for review in &case.reviews {
            let to = review.to.text();
            let line = format!("{} · {} · {} · {}", to.in_lang(self.lang), review.by, review.at, review.note);
            self.named(self.say("review", "评审"), &line);
        }
        if let Some(sm3) = &case.failure_sm3 {
            self.named(self.say("failure", "失败指纹"), sm3);
        }
        if !case.repeat.is_empty() {
            self.named(Msg::Repeat.template(self.lang), &case.repeat);
        }
    }

    /// Every waiver with what became of it; those that fail the run stand out.
    fn waivers(&mut self) {
        let record = self.view.record;
        if record.waivers.is_empty() {
            return;
        }
        self.out.push('\n');
        let title = self.say("Waivers", "豁免").to_owned();
        self.text_line(0, &title);
        for waiver in &record.waivers {
            let word = waiver.state.text().in_lang(self.lang).to_owned();
            let colour = if waiver.state.fails_the_run() { "1;31" } else { "33" };
            let head = format!("{} {}", self.paint(colour, &word), visible_line(&waiver.waiver.case));
            let wide = columns(&word) + 1 + columns(&visible_line(&waiver.waiver.case));
            let line = format!(
                "{}{}{}",
                waiver_line(waiver, self.lang),
                self.say(" · ", " · "),
                waiver.detail.in_lang(self.lang)
            );
            self.field(2, wide, &head, &line);
        }
    }

    fn foot(&mut self) {
        let record = self.view.record;
        self.out.push('\n');
        let reviews: Vec<String> = record.cases.iter().flat_map(|case| review_lines(case, self.lang)).collect();
        for review in reviews {
            self.named_at(0, self.say("review", "评审"), &review);
        }
        for note in &record.notes {
            self.named_at(0, self.say("note", "说明"), note.in_lang(self.lang));
        }
        if !record.not_closed.is_empty() {
            let ids: Vec<_> = record.not_closed.iter().take(20).map(|id| id.as_str()).collect();
            let more = record.not_closed.len().saturating_sub(20);
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            self.named_at(0, self.say("unclosed", "未完成"), &format!("{}{more}", ids.join(" ")));
        }
        self.named_at(0, Msg::Seed.template(self.lang), &record.seed);
        let plan = format!(
            "{} ({} {}, {}, {})",
            short(&record.plan.hash),
            record.plan.cases,
            Msg::Cases.template(self.lang),
            record.level,
            record.depth
        );
        self.named_at(0, self.say("plan", "计划"), &plan);
        let suite = format!("{} {} ({})", record.suite.name, record.suite.version, short(&record.suite.commit));
        self.named_at(0, self.say("suite", "套件"), &format!("{suite}, {}", words::duration(record.duration_ms)));
    }

    fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.lang {
            Lang::En => en,
            Lang::ZhCn => zh,
        }
    }

    /// One named value of a case.
    fn named(&mut self, name: &str, value: &str) {
        self.named_at(6, name, value);
    }

    fn named_at(&mut self, indent: usize, name: &str, value: &str) {
        let name = pad(name, 9);
        let painted = self.paint("2", &name);
        self.field(indent, columns(&name), &painted, value);
    }

    /// A head of `wide` columns, two spaces, and a text that hangs beneath itself.
    fn field(&mut self, indent: usize, wide: usize, head: &str, text: &str) {
        let (text, was_cut) = cut(text, VALUE_LIMIT);
        let mut text = visible_line(text);
        if was_cut {
            text.push_str(" …");
        }
        let hang = indent + wide + 2;
        // On a narrow terminal a deep hanging indent leaves no room.
        let (hang, first) = if hang + 24 > self.width { (indent + 4, false) } else { (hang, true) };
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(head);
        if !first {
            self.out.push('\n');
        }
        for (index, line) in wrap(&text, self.width - hang).iter().enumerate() {
            if index == 0 && first {
                self.out.push_str("  ");
            } else {
                self.out.push_str(&" ".repeat(hang));
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn text_line(&mut self, indent: usize, text: &str) {
        for line in wrap(&visible_line(text), self.width - indent) {
            self.out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
        }
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
        }
    }
}

/// Requirements that share verdict and cause and say nothing else.
struct Folded<'a> {
    verdict: Verdict,
    cause: Cause,
    /// Requirements of this kind that are shown in full.
    shown: usize,
    ids: Vec<&'a str>,
}

/// A requirement with its open cases.
type WithCases<'a> = (&'a RequirementRecord, Vec<&'a CaseRecord>);

/// Sorts requirements into those shown in full and those folded: of a kind that only repeats one cause
/// three are shown, as a stopped run would else fill the screen.
fn sort_out<'a>(view: &View<'a>) -> (Vec<WithCases<'a>>, Vec<Folded<'a>>) {
    let mut all = view.red();
    all.extend(view.with(|verdict| verdict == Verdict::Warn));
    all.extend(view.undecided());
    let mut full = Vec::new();
    let mut kinds: Vec<Folded> = Vec::new();
    for requirement in all {
        let cases = view.open_cases_of(requirement);
        if let Some(cause) = common_cause(requirement, &cases) {
            let verdict = requirement.verdict;
            match kinds.iter_mut().find(|kind| kind.verdict == verdict && kind.cause == cause) {
                Some(kind) if kind.shown == SAME_CAUSE_SHOWN => {
                    kind.ids.push(requirement.id.as_str());
                    continue;
                }
                Some(kind) => kind.shown += 1,
                None => kinds.push(Folded { verdict, cause, shown: 1, ids: Vec::new() }),
            }
        }
        full.push((requirement, cases));
    }
    kinds.retain(|kind| !kind.ids.is_empty());
    (full, kinds)
}

/// The cause that all open cases share, if they say nothing else.
fn common_cause(requirement: &RequirementRecord, cases: &[&CaseRecord]) -> Option<Cause> {
    let cause = cases.first()?.cause;
    let same = cases.iter().all(|case| case.findings.is_empty() && case.cause == cause);
    cause.filter(|_| same && !requirement.verdict.is_red())
}

fn short(hash: &str) -> String {
    visible_line(hash.get(..12).unwrap_or(hash))
}

const fn run_colour(verdict: RunVerdict) -> &'static str {
    match verdict {
        RunVerdict::Conformant => "1;32",
        RunVerdict::NonConformant => "1;31",
        RunVerdict::NotStarted | RunVerdict::Inconclusive | RunVerdict::Incomplete => "1;33",
    }
}

const fn verdict_colour(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail | Verdict::Hang | Verdict::Unimplemented => "1;31",
        Verdict::SuiteError => "1;35",
        Verdict::Inconclusive | Verdict::Warn => "33",
        Verdict::Review => "36",
        Verdict::Pass => "32",
        Verdict::NotApplicable => "2",
    }
}
