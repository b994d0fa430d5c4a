//! A short summary for comments on a change. Nothing of the record can open a link, a mention, an
//! image or a tag.

use ecric_model::Lang;
use ecric_model::run_record::{RequirementRecord, RunRecord};
use ecric_model::verdict::{RunVerdict, Verdict};

use crate::bounded::bounded;
use crate::clean::{cut, push_visible};
use crate::told::{review_lines, waiver_line};
use crate::view::View;

/// Rows shown; the report has them all.
const ROWS_SHOWN: usize = 30;
/// Longest value in a cell, bytes.
const CELL_LIMIT: usize = 300;

/// Renders the summary.
#[must_use]
pub fn render_markdown(record: &RunRecord, lang: Lang) -> String {
    let record = &*bounded(record);
    let view = View::new(record);
    let say = |en: &'static str, zh: &'static str| match lang {
        Lang::En => en,
        Lang::ZhCn => zh,
    };
    let mut out = String::new();
    let sign = match record.verdict {
        RunVerdict::Conformant => "✅",
        RunVerdict::NonConformant => "❌",
        RunVerdict::NotStarted | RunVerdict::Inconclusive | RunVerdict::Incomplete => "⚠️",
    };
    let target = &record.target;
    out.push_str(&format!("### {sign} ecric: {}\n\n", text(view.headline().in_lang(lang))));
    out.push_str(&format!("**{}** ", text(&format!("{} {}", target.product, target.version))));
    out.push_str(&format!("{}\n\n", text(view.sentence().in_lang(lang))));
    out.push_str(&format!("_{}_\n\n", text(record.outcome_name.in_lang(lang))));
    for reason in record.partial_reasons.iter().chain(&record.stopped) {
        out.push_str(&format!("- ⚠️ {}\n", text(reason.in_lang(lang))));
    }
    if !record.partial_reasons.is_empty() || record.stopped.is_some() {
        out.push('\n');
    }
    counts(&mut out, record, lang);
    waivers(&mut out, record, lang);
    let mut rows = view.red();
    rows.extend(view.with(|verdict| verdict == Verdict::Warn));
    rows.extend(view.undecided());
    if !rows.is_empty() {
        out.push_str(say(
            "| verdict | requirement | case | expected | actual |\n|---|---|---|---|---|\n",
            "| 结论 | 要求 | 用例 | 预期 | 实际 |\n|---|---|---|---|---|\n",
        ));
        for requirement in rows.iter().take(ROWS_SHOWN) {
            out.push_str(&row(&view, requirement, lang));
        }
        if let Some(more) = rows.len().checked_sub(ROWS_SHOWN).filter(|more| *more > 0) {
            out.push_str(&format!("\n{}\n", say("… and {n} more", "……另有{n}项").replace("{n}", &more.to_string())));
        }
        out.push('\n');
    }
    out.push_str(&format!(
        "<sub>{} {} · {} {} · {} {}</sub>\n",
        text(&record.suite.name),
        text(&record.suite.version),
        say("plan", "计划"),
        text(record.plan.hash.get(..12).unwrap_or(&record.plan.hash)),
        say("seed", "种子"),
        text(&record.seed),
    ));
    out
}

fn counts(out: &mut String, record: &RunRecord, lang: Lang) {
    let used: Vec<_> = Verdict::ROLL_UP
        .into_iter()
        .filter(|v| record.counts.requirements.contains_key(v) || record.counts.cases.contains_key(v))
        .collect();
    if used.is_empty() {
        return;
    }
    let cells = |of: &dyn Fn(Verdict) -> String| used.iter().map(|v| format!(" {} |", of(*v))).collect::<String>();
    let (requirements, cases) = match lang {
        Lang::En => ("requirements", "cases"),
        Lang::ZhCn => ("要求", "用例"),
    };
    out.push_str(&format!("| |{}\n", cells(&|v| text(v.text().in_lang(lang)))));
    out.push_str(&format!("|---|{}\n", "--:|".repeat(used.len())));
    for (name, counts) in [(requirements, &record.counts.requirements), (cases, &record.counts.cases)] {
        out.push_str(&format!("| {name} |{}\n", cells(&|v| counts.get(&v).copied().unwrap_or(0).to_string())));
    }
    out.push('\n');
}

/// Every waiver with what became of it, and every decision of a person.
fn waivers(out: &mut String, record: &RunRecord, lang: Lang) {
    for waiver in &record.waivers {
        let sign = if waiver.state.fails_the_run() { "❌" } else { "🟡" };
        out.push_str(&format!(
            "- {sign} {} **{}** {}: {}\n",
            text(waiver.state.text().in_lang(lang)),
            text(&waiver.waiver.case),
            text(&waiver_line(waiver, lang)),
            text(waiver.detail.in_lang(lang)),
        ));
    }
    for review in record.cases.iter().flat_map(|case| review_lines(case, lang)) {
        out.push_str(&format!("- 👤 {}\n", text(&review)));
    }
    if !record.waivers.is_empty() || record.cases.iter().any(|case| !case.reviews.is_empty()) {
        out.push('\n');
    }
}

/// One row: the requirement and the first finding of its worst case.
fn row(view: &View, requirement: &RequirementRecord, lang: Lang) -> String {
    let cases = view.open_cases_of(requirement);
    let case = cases.iter().find(|case| !case.findings.is_empty()).or(cases.first());
    let finding = case.and_then(|case| case.findings.first());
    let cause = case.and_then(|case| case.cause).map(|cause| cause.text());
    let detail = case.and_then(|case| case.cause_detail.clone());
    let causes: Vec<_> = cause.iter().chain(&detail).map(|one| text(one.in_lang(lang))).collect();
    let more = if cases.len() > 1 { format!(" +{}", cases.len() - 1) } else { String::new() };
    format!(
        "| {}{} | **{}** {} | {}{more} | {} | {} |\n",
        text(requirement.verdict.text().in_lang(lang)),
        match (requirement.waived, lang) {
            (true, Lang::En) => ", waived",
            (true, Lang::ZhCn) => "，已豁免",
            (false, _) => "",
        },
        requirement.id,
        text(requirement.title.in_lang(lang)),
        case.map(|case| case.id.to_string()).unwrap_or_default(),
        finding.map(|finding| code(finding.expected.in_lang(lang))).unwrap_or_default(),
        finding.map_or(causes.join("; "), |finding| code(finding.actual.in_lang(lang))),
    )
}

/// A value of the product: in `<code>`, where mentions and links are not resolved.
pub(crate) fn code(value: &str) -> String {
    match cut(value, CELL_LIMIT) {
        (value, false) => format!("<code>{}</code>", text(value)),
        (value, true) => format!("<code>{}</code>…", text(value)),
    }
}

/// Writes as character references whatever has a meaning in Markdown, HTML or in a forge: a reference
/// to a colon or to the point behind `www` also keeps addresses from becoming links.
pub(crate) fn text(value: &str) -> String {
    let mut shown = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' | '\t' => shown.push(' '),
            _ => push_visible(&mut shown, c),
        }
    }
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars() {
        let after_www = || out.len() >= 3 && out.as_bytes().iter().rev().take(3).all(|b| b.eq_ignore_ascii_case(&b'w'));
        if "&<>\"'`*_[]#~!@|\\$:".contains(c) || (c == '.' && after_www()) {
            out.push_str(&format!("&#{};", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn markup_becomes_character_references() {
        for (given, want) in [
            ("a|b", "a&#124;b"),
            ("<img src=x>", "&#60;img src=x&#62;"),
            ("@team see [x](y)", "&#64;team see &#91;x&#93;(y)"),
            ("http://evil.example", "http&#58;//evil.example"),
            ("www.evil.example", "www&#46;evil.example"),
            ("a\nb\u{202e}", "a b&#91;U+202E&#93;"),
            ("&lt;", "&#38;lt;"),
        ] {
            assert_eq!(text(given), want, "{given}");
        }
    }
}
