//! Names of the formats, and writing them into a folder. Console output is rendered by the caller.

use std::io::Write;
use std::path::{Path, PathBuf};

use ecric_model::Lang;
use ecric_model::run_record::RunRecord;

use crate::{
    AllureFile, ReportError, render_allure, render_ctrf, render_earl, render_har, render_html, render_junit,
    render_lab, render_markdown, render_messages, render_sarif, write_json,
};

/// A report format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Summary on the terminal; writes no file.
    Console,
    /// `run.json`, the record itself.
    Json,
    /// `report.html`, one file for people.
    Html,
    /// `junit.xml`, for continuous integration.
    Junit,
    /// `summary.md`, for comments on a change.
    Markdown,
    /// `ctrf.json`, the Common Test Report Format.
    Ctrf,
    /// `results.sarif`, for code scanning.
    Sarif,
    /// `earl.jsonld`, the W3C Evaluation and Report Language.
    Earl,
    /// `messages.ndjson`, Cucumber Messages.
    Messages,
    /// `exchanges.har`, for browsers and proxies.
    Har,
    /// `allure-results/`, a folder for Allure.
    Allure,
    /// `lab-report.html`, in the shape of a laboratory's test report.
    Lab,
}

impl Format {
    /// Every format, in the order of writing: the record comes before what is derived from it.
    pub const ALL: [Self; 12] = [
        Self::Console,
        Self::Json,
        Self::Html,
        Self::Junit,
        Self::Markdown,
        Self::Ctrf,
        Self::Sarif,
        Self::Earl,
        Self::Messages,
        Self::Har,
        Self::Allure,
        Self::Lab,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Json => "json",
            Self::Html => "html",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Ctrf => "ctrf",
            Self::Sarif => "sarif",
            Self::Earl => "earl",
            Self::Messages => "messages",
            Self::Har => "har",
            Self::Allure => "allure",
            Self::Lab => "lab",
        }
    }

    /// The file or folder it writes, or `None` for the console.
    #[must_use]
    pub const fn file_name(self) -> Option<&'static str> {
        match self {
            Self::Console => None,
            Self::Json => Some("run.json"),
            Self::Html => Some("report.html"),
            Self::Junit => Some("junit.xml"),
            Self::Markdown => Some("summary.md"),
            Self::Ctrf => Some("ctrf.json"),
            Self::Sarif => Some("results.sarif"),
            Self::Earl => Some("earl.jsonld"),
            Self::Messages => Some("messages.ndjson"),
            Self::Har => Some("exchanges.har"),
            Self::Allure => Some("allure-results"),
            Self::Lab => Some("lab-report.html"),
        }
    }

    /// Reads one name.
    ///
    /// # Errors
    /// When no format has it.
    pub fn parse(name: &str) -> Result<Self, ReportError> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or_else(|| ReportError::UnknownFormat {
            found: name.to_owned(),
            wanted: Self::ALL.map(Self::name).join(", "),
        })
    }
}

/// Writes the formats asked for into `dir`, which is made if need be, and returns their paths in the
/// order of [`Format::ALL`]. Each file appears whole or not at all; `run.json` comes first, so a fault
/// in another format never costs the record. [`Format::Console`] writes nothing.
///
/// # Errors
/// When a format cannot be rendered or a file cannot be written; files before it stay.
pub fn write_formats(
    record: &RunRecord,
    formats: &[Format],
    dir: &Path,
    lang: Lang,
) -> Result<Vec<PathBuf>, ReportError> {
    std::fs::create_dir_all(dir).map_err(|source| ReportError::Write { path: dir.to_owned(), source })?;
    let mut written = Vec::new();
    for format in Format::ALL.into_iter().filter(|format| formats.contains(format)) {
        let Some(name) = format.file_name() else { continue };
        let path = dir.join(name);
        if format == Format::Allure {
            write_folder(&path, &render_allure(record, lang))?;
            written.push(path);
            continue;
        }
        let bytes = render_bytes(record, format, lang)?;
        replace_file(&path, &bytes).map_err(|source| ReportError::Write { path: path.clone(), source })?;
        written.push(path);
    }
    Ok(written)
}

fn render_bytes(record: &RunRecord, format: Format, lang: Lang) -> Result<Vec<u8>, ReportError> {
    Ok(match format {
        Format::Console | Format::Allure => Vec::new(),
        Format::Json => {
            let mut bytes = Vec::new();
            write_json(record, &mut bytes)?;
            bytes
        }
        Format::Html => render_html(record, lang)?.into_bytes(),
        Format::Junit => render_junit(record)?.into_bytes(),
        Format::Markdown => render_markdown(record, lang).into_bytes(),
        Format::Ctrf => render_ctrf(record, lang).into_bytes(),
        Format::Sarif => render_sarif(record, lang).into_bytes(),
        Format::Earl => render_earl(record).into_bytes(),
        Format::Messages => render_messages(record, lang).into_bytes(),
        Format::Har => render_har(record, lang).into_bytes(),
        Format::Lab => render_lab(record, lang)?.into_bytes(),
    })
}

/// Writes the files of a folder. All of them can be made again from the record, so none is synced.
fn write_folder(dir: &Path, files: &[AllureFile]) -> Result<(), ReportError> {
    std::fs::create_dir_all(dir).map_err(|source| ReportError::Write { path: dir.to_owned(), source })?;
    for file in files {
        let path = dir.join(&file.name);
        std::fs::write(&path, &file.text).map_err(|source| ReportError::Write { path: path.clone(), source })?;
    }
    Ok(())
}

/// Writes beside the file, then renames: a reader sees the old file or the new one.
fn replace_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let result = write_synced(&part, bytes).and_then(|()| std::fs::rename(&part, path));
    if result.is_err() {
        // The fault that matters is the first one; a part that cannot be removed does no harm.
        let _ = std::fs::remove_file(&part);
    }
    result
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
