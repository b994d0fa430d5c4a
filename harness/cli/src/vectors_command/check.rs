//! `ecric vectors check`.

use std::collections::BTreeMap;
use std::time::Duration;

use ecric_model::{Lang, Text};
use ecric_runner::vectors::{Checked, Limits, check_builtin, check_command, render_junit, split_command};
use ecric_vectors::options::{GREY_ZONES, Options, Reading};
use ecric_vectors::set::Outcome;
use serde_json::json;

use super::{Stop, selected, usage, write};
use crate::args::VectorsCheckArgs;
use crate::exit;

/// Faults that are printed one by one; all of them stand in the JUnit file and in `--json`.
const SHOWN_MAX: usize = 40;

/// Checks one implementation.
pub(super) fn execute(arguments: &VectorsCheckArgs, lang: Lang) -> Result<u8, Stop> {
    let options = options(&arguments.option)?;
    let vectors = selected(&arguments.flag, &arguments.operation)?;
    let (name, checked) = match &arguments.implementation {
        None => ("ecric", check_builtin(&vectors)),
        Some(command) => {
            let words = split_command(command).map_err(|error| usage(format!("--impl: {error}")))?;
            let limits = Limits { answer: Duration::from_millis(arguments.timeout_ms), ..Limits::default() };
            let checked = check_command(&words, &vectors, &options, limits).map_err(usage)?;
            (command.as_str(), checked)
        }
    };
    if let Some(path) = &arguments.junit {
        write(path, &render_junit(name, &checked).map_err(usage)?)?;
    }
    if arguments.json {
        print_json(name, &checked);
    } else {
        print_table(&checked, lang);
    }
    let short = checked.iter().any(|one| one.outcome.is_fault());
    Ok(if short { exit::SHORT } else { exit::OK })
}

fn options(given: &[String]) -> Result<Options, Stop> {
    given.iter().try_fold(Options::profile(), |options, text| {
        let wanted = text.split_once('=').and_then(|(name, word)| Some((name, Reading::from_word(word)?)));
        wanted.and_then(|(name, reading)| options.with(name, reading)).ok_or_else(|| {
            let names: Vec<&str> = GREY_ZONES.iter().map(|zone| zone.name).collect();
            let names = names.join(", ");
            Stop(
                exit::USAGE,
                Text::new(
                    format!("--option {text:?}: wanted NAME=accept or NAME=refuse, NAME one of {names}"),
                    format!("--option {text:?}：应为 NAME=accept 或 NAME=refuse，NAME 为 {names} 之一"),
                ),
            )
        })
    })
}

fn print_json(name: &str, checked: &[Checked<'_>]) {
    let outcomes = checked.iter().map(|one| {
        json!({
            "id": one.vector.item.id,
            "operation": one.vector.operation.name,
            "flags": one.vector.item.flags,
            "expect": one.vector.item.expect,
            "outcome": one.outcome.word(),
            "output": one.output,
            "reason": one.reason,
        })
    });
    say!("{:#}", json!({ "implementation": name, "outcomes": outcomes.collect::<Vec<_>>() }));
}

/// Operations with their counts, then the flags that fail, then the faults themselves.
fn print_table(checked: &[Checked<'_>], lang: Lang) {
    let words = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let mut operations: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut flags: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for one in checked {
        let place = match &one.outcome {
            Outcome::Right => 0,
            Outcome::Unsupported => 2,
            _ => 1,
        };
        operations.entry(one.vector.operation.name).or_default()[place] += 1;
        for flag in &one.vector.item.flags {
            let counts = flags.entry(flag).or_default();
            counts[0] += usize::from(one.outcome.is_fault());
            counts[1] += 1;
        }
    }
    let heads = [words("right", "正确"), words("wrong", "错误"), words("unsupported", "不支持")];
    say!("{:28} {:>8} {:>8} {:>12}", words("operation", "操作"), heads[0], heads[1], heads[2]);
    for (name, [right, wrong, unsupported]) in &operations {
        say!("{name:28} {right:8} {wrong:8} {unsupported:12}");
    }
    flags.retain(|_, counts| counts[0] > 0);
    if !flags.is_empty() {
        say!("\n{}", words("flags that fail (failed of all)", "失败的标志（失败数/总数）"));
        for (flag, [wrong, all]) in &flags {
            say!("  {flag:24} {wrong}/{all}");
        }
    }
    let faults: Vec<_> = checked.iter().filter(|one| one.outcome.is_fault()).collect();
    if !faults.is_empty() {
        say!("");
    }
    for one in faults.iter().take(SHOWN_MAX) {
        let reason = one.reason.as_deref().map(|text| format!(" ({text})")).unwrap_or_default();
        say!("{:28} {}: {}{reason}", one.vector.item.id, one.outcome.word(), one.vector.item.comment);
    }
    if faults.len() > SHOWN_MAX {
        say!("{} {}", faults.len() - SHOWN_MAX, words("more", "项未列出"));
    }
    let unsupported = checked.iter().filter(|one| one.outcome == Outcome::Unsupported).count();
    let right = checked.len() - faults.len() - unsupported;
    let said = match lang {
        Lang::En => {
            format!("{} vectors: {right} right, {} wrong, {unsupported} unsupported", checked.len(), faults.len())
        }
        Lang::ZhCn => format!("{} 个向量：{right} 正确，{} 错误，{unsupported} 不支持", checked.len(), faults.len()),
    };
    say!("\n{said}");
}
