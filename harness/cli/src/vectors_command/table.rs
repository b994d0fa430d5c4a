//! `ecric vectors table`.

use std::time::Duration;

use ecric_model::{Lang, Text};
use ecric_runner::vectors::{Limits, load_adapters, measure, render_findings};
use ecric_vectors::set::{load_files, load_set};

use super::{Stop, usage, write};
use crate::args::VectorsTableArgs;
use crate::exit;

/// Measures, writes, and names the adapters that are not installed.
pub(super) fn execute(arguments: &VectorsTableArgs, lang: Lang) -> Result<u8, Stop> {
    let failed = |error: ecric_vectors::file::LoadError| Stop(exit::SUITE, Text::same(error.to_string()));
    let (vectors, files) = (load_set().map_err(failed)?, load_files().map_err(failed)?);
    let adapters = load_adapters(&arguments.adapters).map_err(usage)?;
    let limits = Limits { answer: Duration::from_millis(arguments.timeout_ms), ..Limits::default() };
    let table = measure(adapters, &vectors, limits);
    write(&arguments.out, &render_findings(&table, &files))?;
    let record = table.agreement();
    if let Some(path) = &arguments.record {
        write(path, &record.render())?;
    }
    let en = lang == Lang::En;
    for column in &table.columns {
        say!("{}: {}", column.adapter.name, column.version);
    }
    for (adapter, problem) in &table.missing {
        let words = if en { "not installed" } else { "未安装" };
        say!("{}: {words} ({problem})", adapter.name);
    }
    let short = record.problems(&vectors);
    if !short.is_empty() {
        let words =
            if en { "vectors without two families that agree" } else { "个向量没有两个独立实现一致" };
        say!("{} {words}", short.len());
    }
    Ok(exit::OK)
}
