//! `ecric gate`: two runs compared.

use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_reports::{PlanRule, compare_runs, render_gate_console, render_gate_markdown};

use crate::args::GateArgs;
use crate::plan_command::complain;
use crate::run_command::style;
use crate::{exit, run_record_file};

/// Runs the command.
pub(crate) fn execute(arguments: &GateArgs, lang: Lang) -> u8 {
    match compare(arguments, lang) {
        Ok(true) => exit::OK,
        Ok(false) => exit::SHORT,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn compare(arguments: &GateArgs, lang: Lang) -> Result<bool, Text> {
    let old = run_record_file::load(&arguments.baseline)?;
    let new = run_record_file::load(&arguments.new)?;
    let rule = if arguments.accept_plan_change { PlanRule::MayChange } else { PlanRule::Same };
    let report = compare_runs(&old, &new, rule);
    let to_stdout = arguments.markdown.as_deref().is_some_and(|path| path.as_os_str() == "-");
    if let Some(path) = &arguments.markdown {
        let text = render_gate_markdown(&report, lang);
        if to_stdout {
            print!("{text}");
        } else {
            std::fs::write(path, text).map_err(|error| Msg::CannotWrite.text(&[&path.display(), &error]))?;
        }
    }
    if arguments.json {
        say!("{}", serde_json::to_string_pretty(&report).unwrap_or_default());
    } else if !to_stdout {
        print!("{}", render_gate_console(&report, lang, style(arguments.no_color)));
    }
    Ok(report.passes)
}
