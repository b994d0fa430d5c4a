//! `ecric target new` and `ecric target check`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_reports::FileProblem;
use ecric_runner::Selection;
use ecric_target::{PRESETS, load_target, parse_target, preset_text};

use crate::args::{TargetArgs, TargetCheckArgs, TargetCommand, TargetNewArgs};
use crate::plan_command::{complain, load, load_suite, plan_for};
use crate::{exit, run_command, sarif_file, target_calls};

/// Runs the command.
pub(crate) fn execute(arguments: &TargetArgs, lang: Lang) -> u8 {
    let done = match &arguments.command {
        TargetCommand::New(arguments) => write_new(arguments, lang).map(|()| exit::OK),
        TargetCommand::Check(arguments) => check(arguments, lang).map(|()| exit::OK),
        TargetCommand::DryRun(arguments) => target_calls::dry_run(arguments, lang),
        TargetCommand::Probe(arguments) => target_calls::probe(arguments, lang),
        TargetCommand::Call(arguments) => target_calls::call(arguments, lang),
        TargetCommand::Selftest(arguments) => {
            target_calls::adapter_of(&arguments.target).map(|target| run_command::adapter_selftest(target, lang))
        }
    };
    match done {
        Ok(code) => code,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn write_new(arguments: &TargetNewArgs, lang: Lang) -> Result<(), Text> {
    let ask = |given: &Option<String>, flag: &str, question: Text, default: &str| match given {
        Some(value) => Ok(value.clone()),
        None => answer(flag, question.in_lang(lang), default),
    };
    let preset = ask(&arguments.from, "--from", Text::new("preset", "预设"), "native")?;
    if preset_text(&preset, "", "").is_none() {
        let known = PRESETS.join(", ");
        return Err(Text::new(
            format!("--from {preset:?}: wanted {known}"),
            format!("--from {preset:?}：可用 {known}"),
        ));
    }
    let url = ask(
        &arguments.url,
        "--url",
        Text::new("base URL, without /v1", "基础地址，不含 /v1"),
        "http://127.0.0.1:8080",
    )?;
    let name = match (&arguments.name, &arguments.url) {
        (None, Some(_)) => "target".to_owned(),
        (given, _) => ask(given, "--name", Text::new("short name", "简称"), "target")?,
    };
    let out = match (&arguments.out, &arguments.url) {
        (Some(path), _) => path.clone(),
        (None, Some(_)) => PathBuf::from("target.yaml"),
        (None, None) => PathBuf::from(answer("--out", Text::new("file", "文件").in_lang(lang), "target.yaml")?),
    };
    let text = preset_text(&preset, &name, &url).unwrap_or_default();
    if let Err(problems) = parse_target(&text, Path::new(".")) {
        // A file that is wrong from the start is not written; hosts beyond loopback are for the user to list.
        let listing = |lang| problems.iter().map(|p| p.render(lang)).collect::<Vec<_>>().join("\n  ");
        if !problems.iter().all(|problem| problem.message.en.contains("authorised_hosts")) {
            return Err(Text::new(listing(Lang::En), listing(Lang::ZhCn)));
        }
        eprintln!("{}", Text::new(listing(Lang::En), listing(Lang::ZhCn)).in_lang(lang));
    }
    write(&out, &text, arguments.force)?;
    if out != Path::new("-") {
        say!("{}", Msg::TargetWritten.fill(lang, &[&out.display()]));
    }
    Ok(())
}

fn answer(flag: &str, question: &str, default: &str) -> Result<String, Text> {
    if !std::io::stdin().is_terminal() {
        return Err(Text::new(format!("{flag} is missing"), format!("缺少 {flag}")));
    }
    eprint!("{question} [{default}]: ");
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Text::same(error.to_string()))?;
    let given = line.trim();
    Ok(if given.is_empty() { default.to_owned() } else { given.to_owned() })
}

fn write(out: &Path, text: &str, force: bool) -> Result<(), Text> {
    if out == Path::new("-") {
        print!("{text}");
        return Ok(());
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    options.open(out).and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Text::new(
                format!("{} exists; --force overwrites it", out.display()),
                format!("{} 已存在；--force 可覆盖", out.display()),
            )
        } else {
            Msg::CannotWrite.text(&[&out.display(), &error])
        }
    })
}

/// The problems of a target file as SARIF; an empty list for a good one.
fn write_sarif(arguments: &TargetCheckArgs, lang: Lang) -> Result<(), Text> {
    let Some(out) = &arguments.sarif else { return Ok(()) };
    let path = arguments.target.display().to_string();
    let problem = |line: Option<usize>, column: Option<usize>, message: Text| FileProblem {
        path: path.clone(),
        line: line.unwrap_or(0),
        column: column.unwrap_or(0),
        message,
    };
    let problems: Vec<FileProblem> = match load_target(&arguments.target) {
        Ok(target) => match plan_for(&load_suite(None)?, &target, &Selection::default()) {
            Ok(_) => Vec::new(),
            Err(text) => vec![problem(None, None, text)],
        },
        Err(problems) => problems
            .iter()
            .map(|one| {
                let told = |lang| format!("{}; {}", one.message.in_lang(lang), one.fix.in_lang(lang));
                problem(one.line, one.column, Text::new(told(Lang::En), told(Lang::ZhCn)))
            })
            .collect(),
    };
    sarif_file::write(out, "ecric.target-check", &problems, lang)
}

fn check(arguments: &TargetCheckArgs, lang: Lang) -> Result<(), Text> {
    write_sarif(arguments, lang)?;
    let target = load(&arguments.target)?;
    let plan = plan_for(&load_suite(None)?, &target, &Selection::default())?;
    let counts: [&dyn std::fmt::Display; 3] = [&arguments.target.display(), &plan.hash, &plan.cases.len()];
    say!("{}", Msg::TargetOk.fill(lang, &counts));
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for case in &plan.left_out {
        let reason = case.reason.in_lang(lang);
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    for (reason, count) in reasons {
        say!(
            "{}",
            Text::new(format!("left out: {count} cases: {reason}"), format!("未纳入：{count} 个用例：{reason}"))
                .in_lang(lang)
        );
    }
    Ok(())
}
