//! `ecric run --resume DIR`: finishes a run that was cut off. Cases that ended are not run again; what was open is
//! tried once more, and both attempts stay visible.

use std::path::Path;

use clap::FromArgMatches as _;
use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_runner::Plan;
use ecric_target::LoadedTarget;

use crate::args::{Cli, Command as Chosen, RunArgs};
use crate::evidence_facts::{Command, plan_bytes};
use crate::plan_command::complain;
use crate::run_command::{Interrupted, prepare};
use crate::{exit, help};

/// Runs the command.
pub(crate) fn execute(folder: &Path, lang: Lang) -> u8 {
    match take_up(folder, lang) {
        Ok(code) => code,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn take_up(folder: &Path, lang: Lang) -> Result<u8, Text> {
    let folder = std::fs::canonicalize(folder).map_err(|error| Msg::CannotRead.text(&[&folder.display(), &error]))?;
    if folder.join("run.json").exists() {
        return Err(Text::new(
            format!("{}: this run has ended; there is nothing to resume", folder.display()),
            format!("{}：该运行已结束，无需继续", folder.display()),
        ));
    }
    let command = Command::read(&folder)?;
    let arguments = arguments_of(&command)?;
    // Paths of the first part are relative to where it was started.
    std::env::set_current_dir(&command.folder)
        .map_err(|error| Msg::CannotRead.text(&[&command.folder.display(), &error]))?;
    let before = Interrupted { folder: &folder, command: &command };
    Ok(prepare(&arguments, lang, Some(&before))?.execute(&arguments, lang))
}

/// The arguments of the first part.
fn arguments_of(command: &Command) -> Result<RunArgs, Text> {
    let words = std::iter::once("ecric".to_owned()).chain(command.arguments.iter().cloned());
    let read = help::command(Lang::En).try_get_matches_from(words).and_then(|matches| Cli::from_arg_matches(&matches));
    match read.map(|cli| cli.command) {
        Ok(Chosen::Run(arguments)) => Ok(arguments),
        Ok(_) => Err(Text::new("the folder holds no run", "该目录不含运行")),
        Err(error) => Err(Text::same(error.to_string())),
    }
}

/// The plan and the target are those of the first part.
pub(crate) fn check_same(
    before: &Interrupted<'_>,
    arguments: &RunArgs,
    target: &LoadedTarget,
    plan: &Plan,
) -> Result<(), Text> {
    let path = before.folder.join("plan.json");
    let first = std::fs::read(&path).map_err(|error| Msg::CannotRead.text(&[&path.display(), &error]))?;
    if first != plan_bytes(plan) {
        return Err(Text::new(
            format!("{}: the plan is another now; begin a new run", path.display()),
            format!("{}：计划已改变，请重新运行", path.display()),
        ));
    }
    if arguments.select.target.is_some() && target.sm3 != before.command.target_sm3 {
        return Err(Text::new(
            "the target file was changed since the run began; begin a new run",
            "目标文件自运行开始后已被修改，请重新运行",
        ));
    }
    Ok(())
}

/// Number of the part that comes next.
pub(crate) fn next_part(folder: &Path) -> Result<u32, Text> {
    let path = folder.join(ecric_reports::package::EVIDENCE).join("parts.ndjson");
    let bytes = std::fs::read(&path).map_err(|error| Msg::CannotRead.text(&[&path.display(), &error]))?;
    let parts = bytes.iter().filter(|byte| **byte == b'\n').count();
    Ok(u32::try_from(parts).unwrap_or(u32::MAX).saturating_add(1))
}
