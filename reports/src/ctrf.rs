//! CTRF: the Common Test Report Format (JSON), for reporters of forges and chats. Never the gate: an
//! advisory or a waived failure does not turn it red.

use ecric_model::Lang;
use ecric_model::run_record::RunRecord;
use serde_json::{Map, Value, json};

use crate::bounded::bounded;
use crate::shown::{Entry, Shown};
use crate::told::{description, epoch_ms, line, message, review_lines, source, uuid, waiver_line, waiver_of, word};
use crate::view::View;

/// Version of the format.
const SPEC_VERSION: &str = "0.0.0";

/// Renders CTRF: one test per planned case, and per requirement without one.
#[must_use]
pub fn render_ctrf(record: &RunRecord, lang: Lang) -> String {
    let record = &*bounded(record);
    let view = View::new(record);
    let entries = view.entries();
    let count = |wanted: &str| entries.iter().filter(|entry| status(entry.shown) == wanted).count();
    let target = &record.target;
    let (start, stop) = (epoch_ms(&record.started), epoch_ms(&record.finished));
    let report = json!({
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "reportId": uuid(record, "ctrf"),
        "timestamp": line(&record.finished),
        "generatedBy": format!("ecric {}", line(&record.suite.version)),
        "results": {
            "tool": {"name": "ecric", "version": line(&record.suite.version)},
            "summary": {
                "tests": entries.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "skipped": count("skipped"),
                "pending": count("pending"),
                "other": count("other"),
                "start": start,
                "stop": stop,
                "extra": {
                    "verdict": word(&record.verdict),
                    "exitCode": record.exit_code,
                    "partial": record.partial,
                    "outcome": line(record.outcome_name.in_lang(lang)),
                    "planHash": line(&record.plan.hash),
                    "seed": line(&record.seed),
                },
            },
            "tests": entries.iter().map(|entry| test(record, entry, lang)).collect::<Vec<_>>(),
            "environment": {
                "appName": line(&target.product),
                "appVersion": line(&target.version),
                "commit": line(&record.suite.commit),
                "testEnvironment": line(&target.environment),
            },
            "extra": {"waivers": waivers(record, lang)},
        },
    });
    format!("{report:#}\n")
}

/// Every waiver with its state.
fn waivers(record: &RunRecord, lang: Lang) -> Vec<Value> {
    let one = |waiver: &ecric_model::waiver::WaiverRecord| {
        json!({
            "case": line(&waiver.waiver.case),
            "state": word(&waiver.state),
            "detail": line(waiver.detail.in_lang(lang)),
            "text": waiver_line(waiver, lang),
        })
    };
    record.waivers.iter().map(one).collect()
}

const fn status(shown: Shown) -> &'static str {
    match shown {
        Shown::Pass | Shown::Warn => "passed",
        Shown::Red => "failed",
        Shown::Waived | Shown::NotApplicable => "skipped",
        Shown::Inconclusive | Shown::SuiteError => "other",
        Shown::Review | Shown::NotRun => "pending",
    }
}

fn test(record: &RunRecord, entry: &Entry<'_>, lang: Lang) -> Value {
    let mut test = Map::new();
    let mut put = |name: &str, value: Value| test.insert(name.to_owned(), value);
    let title = match (entry.case, entry.requirement) {
        (Some(case), _) => line(&case.title),
        (None, Some(requirement)) => line(requirement.title.in_lang(lang)),
        (None, None) => String::new(),
    };
    put("id", json!(uuid(record, entry.id)));
    put("name", json!(format!("{} {title}", entry.id).trim_end()));
    put("status", json!(status(entry.shown)));
    put("duration", json!(entry.case.map_or(0, |case| case.duration_ms)));
    if let Some(requirement) = entry.requirement {
        put("suite", json!([line(&requirement.area), requirement.id.as_str()]));
        put("tags", json!([requirement.profile.name(), word(&requirement.level), word(&requirement.role)]));
    }
    put(
        "rawStatus",
        json!(if entry.shown == Shown::Waived {
            format!("{} (waived)", entry.verdict)
        } else {
            entry.verdict.to_owned()
        }),
    );
    if let Some(case) = entry.case {
        let (path, number) = source(case);
        put("filePath", json!(path));
        put("line", json!(number));
        if !matches!(entry.shown, Shown::Pass) {
            put("message", json!(message(case, lang)));
            put("trace", json!(description(record, case, lang)));
        }
    } else if let Some(note) = entry.requirement.and_then(|requirement| requirement.note.as_ref()) {
        put("message", json!(line(note.in_lang(lang))));
    }
    put("extra", extra(record, entry, lang));
    Value::Object(test)
}

fn extra(record: &RunRecord, entry: &Entry<'_>, lang: Lang) -> Value {
    let mut extra = Map::new();
    if let Some(requirement) = entry.requirement {
        extra.insert("requirement".to_owned(), json!(line(requirement.title.in_lang(lang))));
        extra.insert("decides".to_owned(), json!(requirement.decides));
        extra.insert("confidence".to_owned(), json!(word(&requirement.confidence)));
    }
    if let Some(case) = entry.case {
        let ids: Vec<String> = case.evidence.iter().take(100).map(|id| line(id)).collect();
        extra.insert("evidence".to_owned(), json!(ids));
        if !case.reviews.is_empty() {
            extra.insert("reviews".to_owned(), json!(review_lines(case, lang)));
        }
        if let Some(waiver) = waiver_of(record, case) {
            extra.insert("waived".to_owned(), json!(waiver_line(waiver, lang)));
        }
    }
    Value::Object(extra)
}
