//! The comparison in words: for a terminal, and as Markdown for a pull request. Texts of products are
//! made inert as in the other reports.

use ecric_model::Lang;
use ecric_model::verdict::Verdict;

use super::{Change, ChangeKind, GateReport};
use crate::clean::{cut, visible_line};
use crate::console::Style;
use crate::markdown;

/// Changes shown per kind.
const SHOWN: usize = 50;
/// Longest detail, bytes.
const DETAIL_LIMIT: usize = 400;

/// The verdict of the gate in a few words.
fn headline(report: &GateReport, lang: Lang) -> String {
    if report.passes {
        let better = report.of(ChangeKind::Improved).count();
        return match (lang, better) {
            (Lang::En, 0) => "nothing got worse".to_owned(),
            (Lang::En, n) => format!("nothing got worse, {n} improved"),
            (Lang::ZhCn, 0) => "没有变差".to_owned(),
            (Lang::ZhCn, n) => format!("没有变差，{n}项改进"),
        };
    }
    let mut parts: Vec<String> = Vec::new();
    if report.plan_fails {
        parts.push(if lang == Lang::En { "another plan" } else { "计划不同" }.to_owned());
    }
    for kind in ChangeKind::ALL.into_iter().filter(|kind| kind.fails()) {
        let count = report.of(kind).count();
        if count > 0 {
            parts.push(format!("{count} × {}", kind.text().in_lang(lang)));
        }
    }
    parts.join(if lang == Lang::En { ", " } else { "，" })
}

fn verdict(verdict: Option<Verdict>, lang: Lang) -> String {
    match (verdict, lang) {
        (Some(verdict), _) => verdict.text().in_lang(lang).to_owned(),
        (None, Lang::En) => "none".to_owned(),
        (None, Lang::ZhCn) => "无".to_owned(),
    }
}

/// Renders the comparison for a terminal.
#[must_use]
pub fn render_gate_console(report: &GateReport, lang: Lang, style: Style) -> String {
    let say = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let paint = |colour: &str, text: &str| match style {
        Style::Plain => text.to_owned(),
        Style::Colour => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
    };
    let colour = if report.passes { "1;32" } else { "1;31" };
    let word = if report.passes { say("GATE PASSED", "门禁通过") } else { say("GATE FAILED", "门禁未通过") };
    let mut out = format!("{}  {}\n", paint(colour, word), headline(report, lang));
    out.push_str(&format!("{} → {}\n", visible_line(cut(&report.old, 200).0), visible_line(cut(&report.new, 200).0)));
    if let Some(change) = &report.plan_change {
        let tail = if report.plan_fails {
            say(" (fails the gate)", "（门禁不通过）")
        } else {
            say(" (accepted)", "（已接受）")
        };
        out.push_str(&format!("{}: {}{tail}\n", say("another plan", "计划不同"), visible_line(change.in_lang(lang))));
    }
    for note in &report.notes {
        out.push_str(&format!("{}: {}\n", say("note", "说明"), visible_line(note.in_lang(lang))));
    }
    for kind in ChangeKind::ALL {
        let members: Vec<&Change> = report.of(kind).collect();
        if members.is_empty() {
            continue;
        }
        let colour = if kind.fails() { "1;31" } else { "1" };
        out.push_str(&format!("\n{} ({})\n", paint(colour, kind.text().in_lang(lang)), members.len()));
        for change in members.iter().take(SHOWN) {
            out.push_str(&format!(
                "  {}  {} → {}  {}\n",
                change.case,
                verdict(change.before, lang),
                verdict(change.after, lang),
                visible_line(cut(change.title.in_lang(lang), DETAIL_LIMIT).0),
            ));
            let detail = visible_line(cut(change.detail.in_lang(lang), DETAIL_LIMIT).0);
            if !detail.is_empty() {
                out.push_str(&format!("    {detail}\n"));
            }
        }
        if members.len() > SHOWN {
            out.push_str(&format!("  … +{}\n", members.len() - SHOWN));
        }
    }
    out.push_str(&format!("\n{}: {}\n", say("unchanged cases", "未变化的用例"), report.unchanged));
    out
}

/// Renders the comparison as Markdown for a pull request.
#[must_use]
pub fn render_gate_markdown(report: &GateReport, lang: Lang) -> String {
    let say = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let text = markdown::text;
    let sign = if report.passes { "✅" } else { "❌" };
    let mut out = format!("### {sign} ecric gate: {}\n\n", text(&headline(report, lang)));
    out.push_str(&format!("{} → **{}**\n\n", text(cut(&report.old, 200).0), text(cut(&report.new, 200).0)));
    if let Some(change) = &report.plan_change {
        let sign = if report.plan_fails { "❌" } else { "ℹ️" };
        out.push_str(&format!("- {sign} {}: {}\n", say("another plan", "计划不同"), text(change.in_lang(lang))));
    }
    for note in &report.notes {
        out.push_str(&format!("- ⚠️ {}\n", text(note.in_lang(lang))));
    }
    if report.plan_change.is_some() || !report.notes.is_empty() {
        out.push('\n');
    }
    let loud: Vec<ChangeKind> = ChangeKind::ALL.into_iter().filter(|kind| !quiet(*kind)).collect();
    if loud.iter().any(|kind| report.of(*kind).next().is_some()) {
        out.push_str(say(
            "| change | requirement | case | before | after | detail |\n|---|---|---|---|---|---|\n",
            "| 变化 | 要求 | 用例 | 之前 | 之后 | 说明 |\n|---|---|---|---|---|---|\n",
        ));
        for kind in loud {
            let members: Vec<&Change> = report.of(kind).collect();
            for change in members.iter().take(SHOWN) {
                out.push_str(&row(change, lang));
            }
            if members.len() > SHOWN {
                out.push_str(&format!(
                    "| {} | … +{} | | | | |\n",
                    text(kind.text().in_lang(lang)),
                    members.len() - SHOWN
                ));
            }
        }
        out.push('\n');
    }
    for kind in ChangeKind::ALL.into_iter().filter(|kind| quiet(*kind)) {
        let ids: Vec<String> = report.of(kind).take(SHOWN).map(|change| change.case.to_string()).collect();
        let count = report.of(kind).count();
        if count > 0 {
            let more = if count > SHOWN { " …" } else { "" };
            let name = text(kind.text().in_lang(lang));
            out.push_str(&format!(
                "<details><summary>{name} ({count})</summary>\n\n{}{more}\n\n</details>\n\n",
                ids.join(" ")
            ));
        }
    }
    out.push_str(&format!("<sub>{}: {}</sub>\n", say("unchanged cases", "未变化的用例"), report.unchanged));
    out
}

/// Kinds that are listed by id only.
const fn quiet(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::StillFailing | ChangeKind::NewCase)
}

fn row(change: &Change, lang: Lang) -> String {
    let sign = match change.kind {
        kind if kind.fails() => "❌",
        ChangeKind::Improved => "✅",
        _ => "⚠️",
    };
    let text = markdown::text;
    let detail = if change.detail.in_lang(lang).is_empty() {
        String::new()
    } else {
        markdown::code(change.detail.in_lang(lang))
    };
    format!(
        "| {sign} {} | **{}** {} | {} | {} | {} | {detail} |\n",
        text(change.kind.text().in_lang(lang)),
        change.requirement,
        text(cut(change.title.in_lang(lang), DETAIL_LIMIT).0),
        change.case,
        text(&verdict(change.before, lang)),
        text(&verdict(change.after, lang)),
    )
}
