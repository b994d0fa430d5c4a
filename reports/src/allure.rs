//! Allure results: a folder with one JSON file per test and its attachment, for Allure 2 and 3.

use ecric_model::Lang;
use ecric_model::run_record::{CaseRecord, RunRecord};
use serde_json::{Value, json};

use crate::bounded::bounded;
use crate::shown::{Entry, Shown};
use crate::told::{description, epoch_ms, line, message, uuid, waiver_line, waiver_lines, waiver_of, word};
use crate::view::View;

/// One file of the folder.
pub struct AllureFile {
    /// Name within the folder.
    pub name: String,
    /// Content.
    pub text: String,
}

/// Renders the folder. Names depend on the run only, so that writing it again replaces the same files.
#[must_use]
pub fn render_allure(record: &RunRecord, lang: Lang) -> Vec<AllureFile> {
    let record = &*bounded(record);
    let view = View::new(record);
    let mut files = vec![
        AllureFile { name: "environment.properties".to_owned(), text: environment(record) },
        AllureFile { name: "categories.json".to_owned(), text: categories(lang) },
    ];
    for entry in view.entries() {
        let id = uuid(record, entry.id);
        let attachment = entry.case.filter(|_| entry.shown != Shown::Pass).map(|case| AllureFile {
            name: format!("{id}-attachment.txt"),
            text: description(record, case, lang) + "\n",
        });
        let result = result(record, &entry, attachment.as_ref(), lang);
        files.push(AllureFile { name: format!("{id}-result.json"), text: format!("{result:#}\n") });
        files.extend(attachment);
    }
    files
}

const fn status(shown: Shown) -> &'static str {
    match shown {
        Shown::Pass | Shown::Warn => "passed",
        Shown::Red => "failed",
        Shown::Waived | Shown::NotApplicable => "skipped",
        Shown::Inconclusive | Shown::SuiteError | Shown::NotRun => "broken",
        Shown::Review => "unknown",
    }
}

fn result(record: &RunRecord, entry: &Entry<'_>, attachment: Option<&AllureFile>, lang: Lang) -> Value {
    let id = uuid(record, entry.id);
    let title = match (entry.case, entry.requirement) {
        (Some(case), _) => line(&case.title),
        (None, Some(requirement)) => line(requirement.title.in_lang(lang)),
        (None, None) => String::new(),
    };
    let name = format!("{} {title}", entry.id);
    let begun = entry.case.and_then(|case| case.exchanges.first()).map_or(0, |exchange| epoch_ms(&exchange.started));
    let begun = if begun > 0 { begun } else { epoch_ms(&record.started) };
    let stop = begun + entry.case.map_or(0, |case| case.duration_ms);
    // The same test of the same product has the same history, whatever the run.
    let history = ecric_gm::sm3::digest_hex(format!("{}\n{}", record.target.name, entry.id).as_bytes());
    let mut result = json!({
        "uuid": id,
        "historyId": history.get(..32),
        "testCaseId": entry.id,
        "fullName": format!("ecric.{}", entry.id),
        "name": name.trim_end(),
        "status": status(entry.shown),
        "statusDetails": details(record, entry, lang),
        "stage": "finished",
        "steps": entry.case.map_or_else(Vec::new, |case| steps(case, entry.shown, begun, stop)),
        "labels": labels(entry, lang),
        "parameters": [],
        "links": [],
        "attachments": [],
        "start": begun,
        "stop": stop,
    });
    if let Some(file) = attachment {
        let name = if lang == Lang::En { "what was found" } else { "发现" };
        result["attachments"] = json!([{"name": name, "source": file.name, "type": "text/plain"}]);
    }
    if let Some(requirement) = entry.requirement {
        let basis: Vec<String> =
            requirement.basis.iter().map(|basis| line(&format!("{}, {}", basis.doc, basis.clause))).collect();
        result["description"] = json!(format!("{}\n\n{}", line(requirement.title.in_lang(lang)), basis.join("; ")));
    }
    result
}

fn details(record: &RunRecord, entry: &Entry<'_>, lang: Lang) -> Value {
    let Some(case) = entry.case.filter(|_| entry.shown != Shown::Pass) else {
        let note = entry.requirement.filter(|_| entry.case.is_none()).and_then(|one| one.note.as_ref());
        return match (note, entry.shown) {
            (Some(note), _) => json!({"message": line(note.in_lang(lang))}),
            (None, Shown::NotRun) => json!({"message": "NOT_RUN"}),
            (None, _) => json!({}),
        };
    };
    let text = format!("{}: {}", entry.verdict, message(case, lang));
    match waiver_of(record, case) {
        Some(waiver) => {
            let word = if lang == Lang::En { "waived" } else { "豁免" };
            json!({"known": true, "message": format!("{word} {} | {text}", waiver_line(waiver, lang)),
                   "trace": description(record, case, lang)})
        }
        None => json!({"message": text, "trace": description(record, case, lang)}),
    }
}

fn steps(case: &CaseRecord, shown: Shown, begun: u64, stop: u64) -> Vec<Value> {
    let failed = case.failed_step.as_deref().map(str::trim);
    let at = case.steps.iter().position(|step| {
        let step = step.trim();
        failed == Some(step) || step.split_once(' ').is_some_and(|(_, rest)| failed == Some(rest))
    });
    let one = |(index, step): (usize, &String)| {
        let status = match at {
            _ if matches!(shown, Shown::Pass | Shown::Warn) => "passed",
            Some(at) if index < at => "passed",
            Some(at) if index > at => "skipped",
            Some(_) => status(shown),
            None => "skipped",
        };
        json!({"name": line(step), "status": status, "stage": "finished", "start": begun, "stop": stop,
               "steps": [], "attachments": [], "parameters": []})
    };
    case.steps.iter().take(50).enumerate().map(one).collect()
}

fn labels(entry: &Entry<'_>, lang: Lang) -> Vec<Value> {
    let mut labels = vec![("framework", "ecric".to_owned()), ("tag", entry.verdict.to_owned())];
    if let Some(requirement) = entry.requirement {
        labels.push(("epic", requirement.profile.name().to_owned()));
        labels.push(("feature", line(requirement.area_title.in_lang(lang))));
        labels.push(("story", format!("{} {}", requirement.id, line(requirement.title.in_lang(lang)))));
        labels.push(("parentSuite", line(&requirement.area)));
        labels.push(("suite", requirement.id.to_string()));
        labels.push(("severity", if requirement.decides { "critical" } else { "minor" }.to_owned()));
        labels.push(("tag", word(&requirement.level)));
    }
    if entry.shown == Shown::Waived {
        labels.push(("tag", "waived".to_owned()));
    }
    labels.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn categories(lang: Lang) -> String {
    let name = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let categories = json!([
        {"name": name("not conformant", "不符合"), "matchedStatuses": ["failed"]},
        {"name": name("known and waived", "已知并豁免"), "matchedStatuses": ["skipped"], "messageRegex": "(waived|豁免).*"},
        {"name": name("fault of the suite", "套件错误"), "matchedStatuses": ["broken"], "messageRegex": "SUITE_ERROR.*"},
        {"name": name("not judged", "未能判定"), "matchedStatuses": ["broken", "unknown"]},
        {"name": name("not applicable", "不适用"), "matchedStatuses": ["skipped"]},
    ]);
    format!("{categories:#}\n")
}

/// Java properties: everything outside ASCII and everything with a meaning is escaped.
fn environment(record: &RunRecord) -> String {
    let target = &record.target;
    let facts = [
        ("product", target.product.as_str()),
        ("version", &target.version),
        ("vendor", &target.vendor),
        ("rung", &target.rung),
        ("environment", &target.environment),
        ("verdict", &word(&record.verdict)),
        ("partial", if record.partial { "true" } else { "false" }),
        ("plan", &record.plan.hash),
        ("seed", &record.seed),
        ("suite", &record.suite.version),
        ("commit", &record.suite.commit),
    ];
    let mut out: String = facts.iter().map(|(name, value)| format!("{name}={}\n", property(&line(value)))).collect();
    for (index, waiver) in waiver_lines(record, Lang::En).iter().enumerate() {
        out.push_str(&format!("waiver.{}={}\n", index + 1, property(waiver)));
    }
    out
}

fn property(text: &str) -> String {
    let mut out = String::new();
    let mut units = [0_u16; 2];
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || " .,-_/()+".contains(c) {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04X}")));
        }
    }
    out.trim_start().to_owned()
}
