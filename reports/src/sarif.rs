//! SARIF 2.1.0, for code scanning: what did not pass, at the place in the feature file that says what is
//! required; and problems of files that users write. Passing cases are not in it.

use ecric_model::run_record::{CaseRecord, RequirementRecord, RunRecord};
use ecric_model::{Lang, Text};
use serde_json::{Map, Value, json};

use crate::bounded::bounded;
use crate::shown::{Entry, Shown};
use crate::told::{block, description, line, message, source, uri_part, waiver_line, waiver_lines, waiver_of, word};
use crate::view::View;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Renders the results of a run.
#[must_use]
pub fn render_sarif(record: &RunRecord, lang: Lang) -> String {
    let record = &*bounded(record);
    let view = View::new(record);
    let rules: Vec<Value> = record.requirements.iter().map(|requirement| rule(requirement, lang)).collect();
    let entries = view.entries();
    let results: Vec<Value> = entries.iter().filter_map(|entry| result(record, entry, lang)).collect();
    let faults: Vec<Value> = entries.iter().filter_map(|entry| fault_of_ours(entry, lang)).collect();
    let mut run = head(&record.suite.version, rules);
    run["invocations"] = json!([{
        "executionSuccessful": faults.is_empty() && record.not_closed.is_empty(),
        "exitCode": record.exit_code,
        "startTimeUtc": utc(&record.started),
        "endTimeUtc": utc(&record.finished),
        "toolExecutionNotifications": faults,
    }]);
    run["originalUriBaseIds"] = json!({"FEATURES": {"description": {"text": match lang {
        Lang::En => "the folder features/ of the suite",
        Lang::ZhCn => "测试套件的 features/ 目录",
    }}}});
    run["results"] = json!(results);
    run["properties"] = json!({
        "verdict": word(&record.verdict),
        "partial": record.partial,
        "outcome": line(record.outcome_name.in_lang(lang)),
        "planHash": line(&record.plan.hash),
        "seed": line(&record.seed),
        "waivers": waiver_lines(record, lang),
        "product": line(&format!("{} {}", record.target.product, record.target.version)),
    });
    log(run)
}

fn log(run: Value) -> String {
    format!("{:#}\n", json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}))
}

fn head(version: &str, rules: Vec<Value>) -> Value {
    json!({
        "tool": {"driver": {"name": "ecric", "version": line(version), "rules": rules}},
        "columnKind": "unicodeCodePoints",
    })
}

fn rule(requirement: &RequirementRecord, lang: Lang) -> Value {
    let basis: Vec<String> = requirement.basis.iter().map(|basis| format!("{}, {}", basis.doc, basis.clause)).collect();
    let level = if requirement.decides { "error" } else { "warning" };
    json!({
        "id": requirement.id.as_str(),
        "shortDescription": {"text": or_dash(&line(requirement.title.in_lang(lang)))},
        "fullDescription": {"text": or_dash(&line(&basis.join("; ")))},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": [line(&requirement.area), requirement.profile.name()],
            "confidence": word(&requirement.confidence),
            "level": word(&requirement.level),
        },
    })
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

/// Kind and level; None for what is no result here.
const fn kind(shown: Shown, decides: bool) -> Option<(&'static str, &'static str)> {
    Some(match shown {
        Shown::Red | Shown::Waived => ("fail", if decides { "error" } else { "warning" }),
        Shown::Warn => ("fail", "warning"),
        Shown::Inconclusive => ("open", "none"),
        Shown::Review => ("review", "none"),
        Shown::Pass | Shown::NotApplicable | Shown::SuiteError | Shown::NotRun => return None,
    })
}

fn result(record: &RunRecord, entry: &Entry<'_>, lang: Lang) -> Option<Value> {
    let case = entry.case?;
    let decides = entry.requirement.is_none_or(|requirement| requirement.decides);
    let (kind, level) = kind(entry.shown, decides)?;
    let mut result = Map::new();
    let mut put = |name: &str, value: Value| result.insert(name.to_owned(), value);
    put("ruleId", json!(case.requirement.as_str()));
    if let Some(index) = record.requirements.iter().position(|one| one.id == case.requirement) {
        put("ruleIndex", json!(index));
    }
    put("kind", json!(kind));
    put("level", json!(level));
    let text = format!("{} {}: {}", case.id, entry.verdict, message(case, lang));
    put("message", json!({"text": text}));
    put("locations", json!([location(case)]));
    if let Some(sm3) = &case.failure_sm3 {
        put("partialFingerprints", json!({"ecricFailure/v1": line(sm3)}));
    }
    if let Some(waiver) = waiver_of(record, case) {
        let justification = waiver_line(waiver, lang);
        put("suppressions", json!([{"kind": "external", "status": "accepted", "justification": justification}]));
    }
    put("properties", json!({"verdict": entry.verdict, "description": description(record, case, lang)}));
    Some(Value::Object(result))
}

fn location(case: &CaseRecord) -> Value {
    let (path, number) = source(case);
    let uri = uri_part(path.strip_prefix("features/").unwrap_or(&path).trim_start_matches('/')).replace(':', "%3A");
    let uri = if uri.is_empty() { "unknown".to_owned() } else { uri };
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri, "uriBaseId": "FEATURES"},
        "region": {"startLine": number},
    }})
}

/// SUITE_ERROR and cases never closed say nothing about the product: they are notes of the tool.
fn fault_of_ours(entry: &Entry<'_>, lang: Lang) -> Option<Value> {
    let text = match (entry.shown, entry.case) {
        (Shown::SuiteError, Some(case)) => format!("{} {}", case.id, message(case, lang)),
        (Shown::NotRun, _) => format!("{} NOT_RUN", entry.id),
        _ => return None,
    };
    Some(json!({"level": "error", "message": {"text": text}}))
}

/// An instant as SARIF wants it; the epoch where the record has none.
fn utc(text: &str) -> String {
    if crate::told::epoch_ms(text) > 0 { text.to_owned() } else { "1970-01-01T00:00:00Z".to_owned() }
}

/// A problem of a file that a user writes, or of the suite's own files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// File.
    pub path: String,
    /// Line, from 1; 0 where none is known.
    pub line: usize,
    /// Column, from 1; 0 where none is known.
    pub column: usize,
    /// What was found, what was wanted, how to fix it.
    pub message: Text,
}

/// Renders problems of files: `rule` names the check that found them, `ecric.lint` or `ecric.target-check`.
#[must_use]
pub fn render_sarif_problems(rule: &str, version: &str, problems: &[FileProblem], lang: Lang) -> String {
    let rules = vec![json!({"id": rule, "shortDescription": {"text": rule}})];
    let results: Vec<Value> = problems
        .iter()
        .map(|problem| {
            let mut region = Map::new();
            region.insert("startLine".to_owned(), json!(problem.line.max(1)));
            if problem.column > 0 {
                region.insert("startColumn".to_owned(), json!(problem.column));
            }
            let uri = uri_part(problem.path.trim_start_matches("./"));
            json!({
                "ruleId": rule,
                "ruleIndex": 0,
                "kind": "fail",
                "level": "error",
                "message": {"text": or_dash(&block(problem.message.in_lang(lang), 4_000))},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": or_dash(&uri)},
                    "region": region,
                }}],
            })
        })
        .collect();
    let mut run = head(version, rules);
    run["invocations"] = json!([{"executionSuccessful": true}]);
    run["results"] = json!(results);
    log(run)
}
