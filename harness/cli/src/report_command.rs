//! `ecric report`: any format again, from `run.json` alone.

use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_reports::{Format, render_console, write_formats};

use crate::args::ReportArgs;
use crate::plan_command::complain;
use crate::run_command::{parse_formats, style, terminal_width};
use crate::{exit, run_record_file};

/// Runs the command.
pub(crate) fn execute(arguments: &ReportArgs, lang: Lang) -> u8 {
    match render(arguments, lang) {
        Ok(()) => exit::OK,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn render(arguments: &ReportArgs, lang: Lang) -> Result<(), Text> {
    let formats = parse_formats(&arguments.format)?;
    let path = run_record_file::path_of(&arguments.run);
    let record = run_record_file::load(&arguments.run)?;
    let folder = path.parent().unwrap_or(&path);
    if formats.contains(&Format::Console) {
        print!("{}", render_console(&record, lang, style(arguments.no_color), terminal_width()));
    }
    let files: Vec<Format> =
        formats.into_iter().filter(|format| !matches!(format, Format::Console | Format::Json)).collect();
    let paths = write_formats(&record, &files, folder, lang)
        .map_err(|error| Msg::CannotWrite.text(&[&folder.display(), &error]))?;
    for written in paths {
        say!("{}: {}", Msg::Report.fill(lang, &[]), written.display());
    }
    Ok(())
}
