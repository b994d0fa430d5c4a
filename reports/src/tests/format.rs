use ecric_model::Lang;

use super::sample;
use crate::{Format, ReportError, read_run, write_formats};

#[test]
fn names_are_read_back() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.name()).unwrap(), format);
    }
    let error = Format::parse("pdf").unwrap_err().to_string();
    assert_eq!(
        error,
        "find the report format \"pdf\", wanted one of console, json, html, junit, markdown, ctrf, sarif, earl, messages, har, allure, lab"
    );
}

#[test]
fn files_are_written_with_the_record_first_and_nothing_beside_them() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("runs/1");
    let formats = [Format::Markdown, Format::Junit, Format::Html, Format::Console, Format::Json, Format::Json];
    // Twice: the second time every file is replaced.
    for _ in 0..2 {
        let written = write_formats(&sample::record(), &formats, &out, Lang::En).unwrap();
        let names: Vec<_> = written.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["run.json", "report.html", "junit.xml", "summary.md"]);
    }
    let mut there: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    there.sort();
    assert_eq!(there, ["junit.xml", "report.html", "run.json", "summary.md"]);
    assert_eq!(read_run(&std::fs::read(out.join("run.json")).unwrap()).unwrap(), sample::record());
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = write_formats(&sample::record(), &[Format::Json], &file, Lang::En).unwrap_err();
    assert!(matches!(&error, ReportError::Write { path, .. } if *path == file), "{error}");
}
