//! `ecric review`: a person settles a REVIEW verdict.

use std::io::Write as _;
use std::path::Path;

use ecric_model::ids::CaseId;
use ecric_model::messages::Msg;
use ecric_model::run_record::RunRecord;
use ecric_model::{Lang, Text};
use ecric_reports::{Decision, Format, Review, ReviewError, apply_review, write_formats};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::args::{DecisionArg, ReviewArgs};
use crate::plan_command::complain;
use crate::{exit, run_record_file};

/// The record as the run left it, kept beside the reviewed one.
const FIRST: &str = "run.before-review.json";
/// Every decision, one line each, appended only.
const JOURNAL: &str = "reviews.ndjson";

/// Runs the command.
pub(crate) fn execute(arguments: &ReviewArgs, lang: Lang) -> u8 {
    match settle(arguments, lang) {
        Ok(()) => exit::OK,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn settle(arguments: &ReviewArgs, lang: Lang) -> Result<(), Text> {
    let path = run_record_file::path_of(&arguments.run);
    let mut record = run_record_file::load(&arguments.run)?;
    let case = CaseId::parse(&arguments.case).map_err(|error| Text::same(error.to_string()))?;
    let before = record.verdict;
    let at = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or_else(|_| OffsetDateTime::now_utc());
    let at = at.format(&Rfc3339).unwrap_or_default();
    let decision = match arguments.decision {
        DecisionArg::Pass => Decision::Pass,
        DecisionArg::Fail => Decision::Fail,
    };
    let review = Review { case: &case, decision, by: &arguments.by, note: &arguments.note, at: &at };
    apply_review(&mut record, review).map_err(|error| told(&error))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    keep(&path, folder, &record, &case)?;
    let formats: Vec<Format> = Format::ALL
        .into_iter()
        .filter(|format| format.file_name().is_some_and(|name| folder.join(name).exists()))
        .collect();
    write_formats(&record, &formats, folder, lang)
        .map_err(|error| Msg::CannotWrite.text(&[&folder.display(), &error]))?;
    let settled = record.cases.iter().find(|one| one.id == case).map(|one| one.verdict.text()).unwrap_or_default();
    say!("{case}: {}", settled.in_lang(lang));
    let (from, to) = (before.text(), record.verdict.text());
    say!("{}: {} → {}", Msg::Verdict.fill(lang, &[]), from.in_lang(lang), to.in_lang(lang));
    if folder.join("run.ecric").exists() {
        let note = Text::new(
            "note: run.ecric was made before this decision and does not hold it",
            "说明：run.ecric 生成于本次评审之前，不含该评审",
        );
        say!("{}", note.in_lang(lang));
    }
    Ok(())
}

/// Keeps the record as the run left it, and appends the decision to the journal, before anything is replaced.
fn keep(path: &Path, folder: &Path, record: &RunRecord, case: &CaseId) -> Result<(), Text> {
    let cannot = |path: &Path, error: &std::io::Error| Msg::CannotWrite.text(&[&path.display(), error]);
    let first = folder.join(FIRST);
    if !first.exists() {
        std::fs::copy(path, &first).map_err(|error| cannot(&first, &error))?;
    }
    let journal = folder.join(JOURNAL);
    let last = record.cases.iter().find(|one| one.id == *case).and_then(|one| one.reviews.last());
    let line = serde_json::json!({"case": case, "review": last});
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&journal)
        .map_err(|error| cannot(&journal, &error))?;
    writeln!(file, "{line}").map_err(|error| cannot(&journal, &error))
}

fn told(error: &ReviewError) -> Text {
    let zh = match error {
        ReviewError::UnknownCase(case, waiting) => format!("本次测试没有用例 {case}；待评审的用例：{waiting}"),
        ReviewError::NotForReview { case, verdict, waiting } => {
            format!("用例 {case} 的结论为 {verdict}，并非待评审；待评审的用例：{waiting}")
        }
        ReviewError::Text(name, length) => format!("{name} 有 {length} 个字符，应为 1 至 4000"),
    };
    Text::new(error.to_string(), zh)
}
