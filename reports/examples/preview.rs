//! Writes every format of the sample records of the tests into a folder, for looking at them while
//! working on the templates: `cargo run -p ecric-reports --example preview -- DIR`.

#![allow(clippy::unwrap_used, reason = "the sample is test data that this crate holds itself")]

use std::path::PathBuf;

use ecric_model::Lang;
use ecric_reports::{Format, ReportError, Style, render_console, write_formats};

#[path = "../src/tests/sample.rs"]
mod sample;

fn main() -> Result<(), ReportError> {
    let Some(dir) = std::env::args_os().nth(1).map(PathBuf::from) else { return Ok(()) };
    let records = [
        ("sample", sample::record()),
        ("conformant", sample::conformant()),
        ("stopped", sample::stopped(60)),
        ("large", sample::large(200)),
    ];
    for (name, record) in records {
        for lang in [Lang::En, Lang::ZhCn] {
            let folder = dir.join(format!("{name}-{}", lang.tag()));
            write_formats(&record, &Format::ALL, &folder, lang)?;
            let console = render_console(&record, lang, Style::Colour, 100);
            let path = folder.join("console.txt");
            std::fs::write(&path, console).map_err(|source| ReportError::Write { path, source })?;
        }
    }
    Ok(())
}
