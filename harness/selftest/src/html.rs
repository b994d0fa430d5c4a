//! `kill-matrix.html`: one file, no network, both languages. Style sheet and escaping are those of the
//! reports; the heat map is drawn here as plain numbers.

use ecric_model::{Lang, Text};
use ecric_reports::{ReportError, render_page};
use serde::Serialize;

use crate::record::{Bar, IdleCase, MutantRow, RightReference, SelftestRecord, SelftestVerdict};

const TEMPLATE: &str = include_str!("../templates/kill-matrix.html");
const STYLE: &str = include_str!("../templates/kill-matrix.css");

/// Width and height of a cell, user units.
const CELL: usize = 6;
/// Room for the names of areas.
const MARGIN: usize = 130;

#[derive(Serialize)]
struct Page<'a> {
    record: &'a SelftestRecord,
    title: Text,
    class: &'static str,
    verdict: Text,
    sentence: Text,
    bars: Vec<BarView<'a>>,
    map: Map,
    mutants: Vec<MutantView<'a>>,
    right: Vec<RightView<'a>>,
    dead: &'a [IdleCase],
    not_ablated: &'a [IdleCase],
    seconds: u64,
}

#[derive(Serialize)]
struct BarView<'a> {
    bar: &'a Bar,
    class: &'static str,
    sign: &'static str,
    word: Text,
}

#[derive(Serialize)]
struct MutantView<'a> {
    row: &'a MutantRow,
    class: &'static str,
    word: Text,
    /// Red requirements but its own.
    others: Vec<String>,
}

#[derive(Serialize)]
struct RightView<'a> {
    one: &'a RightReference,
    class: &'static str,
}

/// The heat map: mutants down, requirements across.
#[derive(Serialize)]
struct Map {
    width: usize,
    height: usize,
    left: usize,
    cell: usize,
    columns: Vec<Band>,
    rows: Vec<Band>,
    cells: Vec<Cell>,
}

/// An area along an edge.
#[derive(Serialize)]
struct Band {
    at: usize,
    size: usize,
    title: Text,
}

#[derive(Serialize)]
struct Cell {
    x: usize,
    y: usize,
    class: String,
    title: Text,
}

/// Renders the page. `lang` is the language it opens in; the reader can switch.
///
/// # Errors
/// When the template fails, which is a fault of ours.
pub fn render_kill_matrix(record: &SelftestRecord, lang: Lang) -> Result<String, ReportError> {
    render_page(TEMPLATE, STYLE, &page(record), lang)
}

fn page(record: &SelftestRecord) -> Page<'_> {
    let holds = record.verdict == SelftestVerdict::Holds;
    let summary = &record.summary;
    let verdict = match (holds, record.partial) {
        (true, false) => Text::new("The suite proves itself", "套件自证成立"),
        (true, true) => Text::new("What was selected holds", "所选部分成立"),
        (false, _) => Text::new("The suite falls short", "套件自证不成立"),
    };
    Page {
        record,
        title: Text::new(format!("ecric selftest: {}", verdict.en), format!("ecric 自检：{}", verdict.zh)),
        class: if holds { "good" } else { "bad" },
        verdict,
        sentence: Text::new(
            format!(
                "{} of {} mutants killed by the case that must kill them; {} of {} requirements proven.",
                summary.killed, summary.mutants, summary.requirements_proven, record.plan.requirements
            ),
            format!(
                "{}个变异体中{}个由指定用例发现；{}项要求中{}项得到证明。",
                summary.mutants, summary.killed, record.plan.requirements, summary.requirements_proven
            ),
        ),
        bars: record.bars.iter().map(bar_view).collect(),
        map: map(record),
        mutants: record.mutants.iter().map(mutant_view).collect(),
        right: record.right.iter().map(right_view).collect(),
        dead: &record.dead,
        not_ablated: &record.not_ablated,
        seconds: record.duration_ms / 1_000,
    }
}

fn bar_view(bar: &Bar) -> BarView<'_> {
    let (class, sign, word) = match bar.holds {
        Some(true) => ("v-pass", "✓", Text::new("holds", "成立")),
        Some(false) => ("v-fail", "✗", Text::new("falls short", "不成立")),
        None => ("v-na", "–", Text::new("not judged", "未判定")),
    };
    BarView { bar, class, sign, word }
}

fn mutant_view(row: &MutantRow) -> MutantView<'_> {
    let (class, word) = if row.killed {
        ("v-pass", Text::new("killed", "已发现"))
    } else {
        ("v-fail", Text::new("lives", "未发现"))
    };
    let own = own(row);
    MutantView { row, class, word, others: row.red.keys().filter(|id| *id != own).cloned().collect() }
}

fn right_view(one: &RightReference) -> RightView<'_> {
    let class = if one.conformant == one.runs && one.alarms.is_empty() { "v-pass" } else { "v-fail" };
    RightView { one, class }
}

fn own(row: &MutantRow) -> &str {
    row.killed_by.split('/').next().unwrap_or_default()
}

fn map(record: &SelftestRecord) -> Map {
    let column = |id: &str| record.requirements.iter().position(|one| one.id == id);
    // Rows in the order of the columns, so that the kills form a diagonal.
    let mut rows: Vec<(usize, &MutantRow)> =
        record.mutants.iter().filter_map(|row| Some((column(own(row))?, row))).collect();
    rows.sort_by_key(|(at, row)| (*at, row.id.as_str()));
    let areas: Vec<&str> = record.requirements.iter().map(|one| one.area.as_str()).collect();
    let row_areas: Vec<&str> =
        rows.iter().filter_map(|(at, _)| record.requirements.get(*at).map(|one| one.area.as_str())).collect();
    let title_of = |area: &str| {
        record.requirements.iter().find(|one| one.area == area).map(|one| one.area_title.clone()).unwrap_or_default()
    };
    Map {
        width: MARGIN + record.requirements.len() * CELL,
        height: MARGIN + rows.len() * CELL,
        left: MARGIN,
        cell: CELL,
        columns: bands(&areas, title_of),
        rows: bands(&row_areas, title_of),
        cells: rows.iter().enumerate().flat_map(|(y, (_, row))| cells(y, row, column)).collect(),
    }
}

fn bands(areas: &[&str], title: impl Fn(&str) -> Text) -> Vec<Band> {
    let mut out: Vec<(Band, &str)> = Vec::new();
    for (index, area) in areas.iter().enumerate() {
        match out.last_mut().filter(|(_, last)| last == area) {
            Some((band, _)) => band.size += CELL,
            None => out.push((Band { at: MARGIN + index * CELL, size: CELL, title: title(area) }, area)),
        }
    }
    out.into_iter().map(|(band, _)| band).collect()
}

fn cells(y: usize, row: &MutantRow, column: impl Fn(&str) -> Option<usize>) -> Vec<Cell> {
    let own = own(row);
    let lives = (!row.killed && !row.red.contains_key(own)).then_some((own, 0));
    let red = row.red.iter().map(|(id, count)| (id.as_str(), *count));
    let cell = |(id, count): (&str, usize)| {
        let heat = match count {
            0 => "",
            1 => "h1",
            2..=4 => "h2",
            _ => "h3",
        };
        let kind = match (id == own, row.killed) {
            (true, true) => "kill",
            (true, false) => "lives",
            (false, _) => "other",
        };
        Some(Cell {
            x: MARGIN + column(id)? * CELL,
            y: MARGIN + y * CELL,
            class: format!("{kind} {heat}"),
            title: Text::new(
                format!("{} × {id}: {count} red cases – {}", row.id, row.text.en),
                format!("{} × {id}：{count}个用例变红 – {}", row.id, row.text.zh),
            ),
        })
    };
    red.chain(lives).filter_map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;
    use ecric_model::verdict::Verdict;

    #[test]
    fn the_page_is_one_file_in_two_languages_that_names_what_lives() {
        let mut sample = Sample::good();
        let good = render_kill_matrix(&sample.judged(), Lang::En).unwrap();
        assert!(good.contains("The suite proves itself") && good.contains("套件自证成立"));
        assert!(good.contains("&lt;says&gt; no") && !good.contains("<says>"));
        assert_eq!(good.matches("<rect class=\"kill").count(), 2);
        for outside in ["http://", "https://", "src=", "@import", "url("] {
            assert!(!good.replace("http://www.w3.org/2000/svg", "").contains(outside), "{outside}");
        }
        sample.mutant("M-AAA-001-a", &[("BBB-001/01", Verdict::Fail)]);
        let bad = render_kill_matrix(&sample.judged(), Lang::ZhCn).unwrap();
        assert!(bad.contains("套件自证不成立") && bad.contains("<html lang=\"zh-CN\""));
        assert_eq!((bad.matches("<rect class=\"lives").count(), bad.matches("<rect class=\"other").count()), (1, 1));
    }
}
