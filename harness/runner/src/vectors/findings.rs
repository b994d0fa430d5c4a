//! `FINDINGS.md`: who fails which flag, in Markdown. Text from outcomes, nothing is asked here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ecric_vectors::file::{Expect, VectorFile};
use ecric_vectors::options::{GREY_ZONES, Reading};
use ecric_vectors::set::Outcome;

use super::table::{Column, Table};

/// Ids named for one flag and implementation before "and N more".
const IDS_MAX: usize = 8;

/// A flag within a file.
type Flag<'a> = (&'a str, &'a str);

/// Renders the table; `files` give the notes of the flags.
#[must_use]
pub fn render_findings(table: &Table<'_>, files: &[(String, VectorFile)]) -> String {
    let mut out = String::from(HEAD);
    libraries(&mut out, table);
    readings(&mut out, table);
    let failing = failing_flags(table);
    matrix(&mut out, table, &failing);
    explanations(&mut out, table, files, &failing);
    clean(&mut out, table, &failing);
    if !table.missing.is_empty() {
        out.push_str("\n## Not installed on the machine that wrote this\n\n");
        for (adapter, problem) in &table.missing {
            let _ = writeln!(out, "- {}: {problem}", adapter.name);
        }
    }
    out
}

const HEAD: &str = "# Findings\n\nWho fails which flag of the cryptographic vectors. Written by `ecric vectors table`; do not edit.\n\n\
    A fault is a wrong accept, a wrong reject, a wrong output, or no verdict at all (an exception that the \
    library does not document as a refusal, a crash, a hang). What the interface of a library cannot express is \
    *unsupported* and no fault. The adapters pass bytes on and repair nothing.\n";

/// Places of the cryptographic vectors that no option decides.
fn decided<'a>(table: &'a Table<'_>) -> impl Iterator<Item = usize> + 'a {
    let all = table.vectors.iter().enumerate();
    all.filter(|(_, vector)| vector.is_cryptographic() && vector.option.is_none()).map(|(at, _)| at)
}

fn libraries(out: &mut String, table: &Table<'_>) {
    let _ = writeln!(out, "\n## Implementations\n\n{} vectors that no option decides.\n", decided(table).count());
    let shown: Vec<_> = Outcome::ALL.iter().filter(|(outcome, _)| *outcome != Outcome::NotAsked).collect();
    let words: Vec<&str> = shown.iter().map(|(_, word)| *word).collect();
    let _ = writeln!(out, "| name | what | version | {} |", words.join(" | "));
    let _ = writeln!(out, "|---|---|---|{}", "---|".repeat(words.len()));
    for column in &table.columns {
        let count = |wanted: &Outcome| decided(table).filter(|at| column.outcomes[*at].outcome == *wanted).count();
        let counts: Vec<String> = shown.iter().map(|(outcome, _)| count(outcome).to_string()).collect();
        let adapter = &column.adapter;
        let _ = writeln!(out, "| {} | {} | {} | {} |", adapter.name, adapter.title, column.version, counts.join(" | "));
    }
}

fn readings(out: &mut String, table: &Table<'_>) {
    out.push_str(
        "\n## Grey zones\n\nHow each implementation reads what the standards leave open; neither is a fault.\n\n",
    );
    heading(out, "option", table);
    for zone in GREY_ZONES {
        let cells: Vec<&str> = table.columns.iter().map(|column| reading(column, zone.name)).collect();
        let _ = writeln!(out, "| {} | {} |", zone.name, cells.join(" | "));
    }
    out.push('\n');
    for zone in GREY_ZONES {
        let _ = writeln!(out, "- {}: {}.", zone.name, zone.en);
    }
}

/// What it does with the vectors of a reading, seen from outside.
fn reading(column: &Column<'_>, option: &str) -> &'static str {
    let mut seen = BTreeSet::new();
    for checked in &column.outcomes {
        let Some((name, reading)) = &checked.vector.option else { continue };
        let accepted = match (&checked.outcome, checked.vector.item.expect) {
            (Outcome::Unsupported, _) => continue,
            (Outcome::Right, Expect::Valid) | (Outcome::WrongAccept | Outcome::WrongOutput, _) => "accepts",
            (Outcome::Right, Expect::Invalid) | (Outcome::WrongReject, _) => "refuses",
            _ => "no verdict",
        };
        let told = (*reading == Reading::Accept, checked.vector.item.expect == Expect::Valid);
        if name == option && told.0 == told.1 {
            seen.insert((told.0, accepted));
        }
    }
    let seen: Vec<(bool, &str)> = seen.into_iter().collect();
    match seen[..] {
        [] => "-",
        [(false, "refuses"), (true, "accepts")] => "as told",
        [(false, one), (true, other)] if one == other => one,
        _ => "mixed",
    }
}

fn heading(out: &mut String, first: &str, table: &Table<'_>) {
    let names: Vec<&str> = table.columns.iter().map(|column| column.adapter.name.as_str()).collect();
    let _ = writeln!(out, "| {first} | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
}

/// Vectors of each flag, by place.
fn by_flag<'a>(table: &Table<'a>) -> BTreeMap<Flag<'a>, Vec<usize>> {
    let mut places: BTreeMap<Flag<'a>, Vec<usize>> = BTreeMap::new();
    for at in decided(table) {
        let vector = &table.vectors[at];
        for flag in &vector.item.flags {
            places.entry((vector.file.as_str(), flag)).or_default().push(at);
        }
    }
    places
}

fn failing_flags<'a>(table: &Table<'a>) -> BTreeMap<Flag<'a>, Vec<usize>> {
    let fails = |at: &usize| table.columns.iter().any(|column| column.outcomes[*at].outcome.is_fault());
    by_flag(table).into_iter().filter(|(_, places)| places.iter().any(fails)).collect()
}

fn matrix(out: &mut String, table: &Table<'_>, failing: &BTreeMap<Flag<'_>, Vec<usize>>) {
    out.push_str(
        "\n## Flags that somebody fails\n\nFaults of those asked; `.` no fault, `-` nothing that the interface can express.\n\n",
    );
    heading(out, "file and flag", table);
    for ((file, flag), places) in failing {
        let cell = |column: &Column<'_>| {
            let asked = places.iter().filter(|at| column.outcomes[**at].outcome != Outcome::Unsupported).count();
            let faults = places.iter().filter(|at| column.outcomes[**at].outcome.is_fault()).count();
            match (asked, faults) {
                (0, _) => "-".to_owned(),
                (_, 0) => ".".to_owned(),
                _ => format!("**{faults}**/{asked}"),
            }
        };
        let cells: Vec<String> = table.columns.iter().map(cell).collect();
        let _ = writeln!(out, "| {} {flag} | {} |", topic(file), cells.join(" | "));
    }
}

fn topic(file: &str) -> &str {
    file.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or(file)
}

fn explanations(
    out: &mut String,
    table: &Table<'_>,
    files: &[(String, VectorFile)],
    failing: &BTreeMap<Flag<'_>, Vec<usize>>,
) {
    out.push_str("\n## What they mean\n");
    for ((file, flag), places) in failing {
        let found = files.iter().find(|(name, _)| name == file);
        let note = found.and_then(|(_, content)| content.notes.get(*flag)).map_or("", String::as_str);
        let _ = writeln!(out, "\n### {} {flag}\n\n{note}\n", topic(file));
        for column in &table.columns {
            for (outcome, kind) in Outcome::ALL.iter().filter(|(outcome, _)| outcome.is_fault()) {
                let found: Vec<_> =
                    places.iter().map(|at| &column.outcomes[*at]).filter(|one| one.outcome == *outcome).collect();
                let Some(first) = found.first() else { continue };
                let ids: Vec<&str> = found.iter().take(IDS_MAX).map(|one| one.vector.item.id.as_str()).collect();
                let more = found.len() - ids.len();
                let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
                let said = first.reason.as_deref().map(short).unwrap_or_default();
                let (name, count) = (&column.adapter.name, found.len());
                let _ = writeln!(out, "- {name}: {kind}, {count}: {}{tail}{said}", ids.join(", "));
            }
        }
    }
}

/// The first words of a reason, safe in Markdown.
fn short(reason: &str) -> String {
    let safe: String = reason.chars().map(|c| if "`|<>[]\n".contains(c) { ' ' } else { c }).take(80).collect();
    format!(" (`{}`)", safe.trim())
}

fn clean(out: &mut String, table: &Table<'_>, failing: &BTreeMap<Flag<'_>, Vec<usize>>) {
    out.push_str("\n## Flags that nobody fails\n\n");
    let all = by_flag(table);
    let names: Vec<String> = all
        .iter()
        .filter(|(flag, _)| !failing.contains_key(*flag))
        .map(|((file, flag), places)| format!("{} {flag} ({})", topic(file), places.len()))
        .collect();
    let _ = writeln!(out, "{}", names.join(" · "));
}
