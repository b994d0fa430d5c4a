//! `ecric vectors`: the vector sets on the command line. Files and processes are handled here,
//! judgements come from `vectors` and `runner`.

mod answer;
mod check;
mod export;
mod generate;
mod list;
mod table;

use std::io::Write as _;
use std::path::Path;

use ecric_model::{Lang, Text};
use ecric_vectors::set::{Vector, load_set};

use crate::args::{VectorsArgs, VectorsCommand};
use crate::exit;
use crate::plan_command::complain;

/// Runs the command.
pub(crate) fn execute(arguments: &VectorsArgs, lang: Lang) -> u8 {
    let outcome = match &arguments.command {
        VectorsCommand::List(arguments) => list::vectors(arguments, lang),
        VectorsCommand::Operations(arguments) => list::operations(arguments, lang),
        VectorsCommand::Check(arguments) => check::execute(arguments, lang),
        VectorsCommand::Generate(arguments) => generate::execute(arguments, lang),
        VectorsCommand::Export(arguments) => export::execute(arguments, lang),
        VectorsCommand::Table(arguments) => table::execute(arguments, lang),
        VectorsCommand::Answer(arguments) => answer::execute(arguments),
    };
    outcome.unwrap_or_else(|Stop(code, text)| {
        complain(lang, &text);
        code
    })
}

/// An exit code with what to say.
struct Stop(u8, Text);

/// Stops with a fault of usage: the same text in both languages.
fn usage(text: impl ToString) -> Stop {
    Stop(exit::USAGE, Text::same(text.to_string()))
}

/// The vectors that the filters leave; empty filters leave all.
fn selected(flags: &[String], operations: &[String]) -> Result<Vec<Vector>, Stop> {
    let mut vectors = load_set().map_err(|error| Stop(exit::SUITE, Text::same(error.to_string())))?;
    vectors.retain(|vector| {
        let by_flag = flags.is_empty() || vector.item.flags.iter().any(|flag| flags.contains(flag));
        by_flag && (operations.is_empty() || operations.iter().any(|name| name == vector.operation.name))
    });
    if vectors.is_empty() {
        return Err(Stop(exit::USAGE, Text::new("no vector has such a flag or operation", "没有带该标志或操作的向量")));
    }
    Ok(vectors)
}

/// Writes a file with its folder; `-` is standard output.
fn write(path: &Path, text: &str) -> Result<(), Stop> {
    if path.as_os_str() == "-" {
        // as with `say!`: a reader that has gone away is no fault
        let _ = std::io::stdout().write_all(text.as_bytes());
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| usage(format!("{}: {error}", path.display())))
}
