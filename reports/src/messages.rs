//! Cucumber Messages (NDJSON), for Cucumber's own formatters and for editors. The record holds steps and
//! titles, not the feature files; so each file is written out again from them and the places of all
//! messages are places in that text.

use std::collections::BTreeMap;

use ecric_model::Lang;
use ecric_model::run_record::{CaseRecord, RunRecord};
use ecric_model::verdict::Cause;
use serde_json::{Value, json};

use crate::bounded::bounded;
use crate::shown::Shown;
use crate::told::{description, epoch_ms, line, message, source, waiver_line, waiver_lines, waiver_of};
use crate::view::View;

/// Version of the protocol.
const PROTOCOL: &str = "34.0.0";
/// Steps told per case.
const STEPS: usize = 50;

/// Renders the messages of a run, one JSON object per line.
#[must_use]
pub fn render_messages(record: &RunRecord, lang: Lang) -> String {
    let record = &*bounded(record);
    let mut stream = Stream { out: String::new(), record, lang, view: View::new(record) };
    stream.meta();
    let documents = documents(record);
    for document in &documents {
        stream.document(document);
    }
    let start = epoch_ms(&record.started);
    stream.send(json!({"testRunStarted": {"id": "run", "timestamp": timestamp(start)}}));
    stream.waivers();
    for document in &documents {
        for scenario in &document.scenarios {
            stream.case(scenario.case);
        }
    }
    let finished = timestamp(epoch_ms(&record.finished));
    let success = record.exit_code == 0;
    let outcome = format!("{}; {}", record.verdict.text().in_lang(lang), record.outcome_name.in_lang(lang));
    stream.send(json!({"testRunFinished": {
        "testRunStartedId": "run", "success": success, "message": line(&outcome), "timestamp": finished,
    }}));
    stream.out
}

/// A feature file as it is written out again.
struct Document<'a> {
    uri: String,
    text: Vec<String>,
    scenarios: Vec<Scenario<'a>>,
}

struct Scenario<'a> {
    case: &'a CaseRecord,
    tag_line: usize,
    line: usize,
    steps: Vec<StepLine>,
}

struct StepLine {
    line: usize,
    keyword: String,
    text: String,
}

fn documents(record: &RunRecord) -> Vec<Document<'_>> {
    let mut out: Vec<Document<'_>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for case in &record.cases {
        let uri = source(case).0;
        let uri = if uri.is_empty() { "unknown.feature".to_owned() } else { uri };
        let at = *places.entry(uri.clone()).or_insert_with(|| {
            out.push(Document { text: vec![format!("Feature: {uri}")], uri: uri.clone(), scenarios: Vec::new() });
            out.len() - 1
        });
        if let Some(document) = out.get_mut(at) {
            document.add(case);
        }
    }
    out
}

impl<'a> Document<'a> {
    fn add(&mut self, case: &'a CaseRecord) {
        self.text.push(String::new());
        self.text.push(format!("  @{}", case.id));
        let tag_line = self.text.len();
        self.text.push(format!("  Scenario: {}", line(&case.title)));
        let scenario_line = self.text.len();
        let steps = case.steps.iter().take(STEPS).map(|step| {
            let (keyword, text) = split(&line(step));
            self.text.push(format!("    {keyword}{text}"));
            StepLine { line: self.text.len(), keyword, text }
        });
        let steps = steps.collect();
        self.scenarios.push(Scenario { case, tag_line, line: scenario_line, steps });
    }
}

/// Keyword with its space, and the rest.
fn split(step: &str) -> (String, String) {
    let step = step.trim();
    match step.split_once(' ') {
        Some((keyword @ ("Given" | "When" | "Then" | "And" | "But"), text)) => {
            (format!("{keyword} "), text.trim_start().to_owned())
        }
        _ => ("* ".to_owned(), step.to_owned()),
    }
}

fn timestamp(ms: u64) -> Value {
    json!({"seconds": ms / 1_000, "nanos": ms % 1_000 * 1_000_000})
}

struct Stream<'a> {
    out: String,
    record: &'a RunRecord,
    lang: Lang,
    view: View<'a>,
}

impl Stream<'_> {
    fn send(&mut self, message: Value) {
        self.out.push_str(&message.to_string());
        self.out.push('\n');
    }

    fn meta(&mut self) {
        let version = line(&self.record.suite.version);
        self.send(json!({"meta": {
            "protocolVersion": PROTOCOL,
            "implementation": {"name": "ecric", "version": version},
            "runtime": {"name": "ecric", "version": version},
            "os": {"name": "unknown"},
            "cpu": {"name": "unknown"},
        }}));
        self.send(json!({"stepDefinition": {
            "id": "step", "pattern": {"source": ".*", "type": "REGULAR_EXPRESSION"},
            "sourceReference": {"uri": "ecric-steps"},
        }}));
    }

    fn document(&mut self, document: &Document<'_>) {
        let uri = &document.uri;
        self.send(json!({"source": {
            "uri": uri, "data": document.text.join("\n") + "\n", "mediaType": "text/x.cucumber.gherkin+plain",
        }}));
        let children: Vec<Value> = document.scenarios.iter().map(scenario).collect();
        self.send(json!({"gherkinDocument": {
            "uri": uri,
            "comments": [],
            "feature": {
                "location": {"line": 1, "column": 1}, "tags": [], "language": "en", "keyword": "Feature",
                "name": uri, "description": "", "children": children,
            },
        }}));
        for one in &document.scenarios {
            self.send(pickle(uri, one));
            let id = one.case.id.as_str();
            let steps = (0..one.steps.len()).map(|index| {
                json!({"id": format!("{id}:run:{index}"), "pickleStepId": format!("{id}:pickle:{index}"),
                       "stepDefinitionIds": ["step"], "stepMatchArgumentsLists": [{"stepMatchArguments": []}]})
            });
            let steps: Vec<Value> = steps.collect();
            self.send(json!({"testCase": {
                "id": format!("{id}:case"), "pickleId": format!("{id}:pickle"), "testRunStartedId": "run",
                "testSteps": steps,
            }}));
        }
    }

    /// What became of the waivers, as text beside the run.
    fn waivers(&mut self) {
        let lines = waiver_lines(self.record, self.lang);
        if !lines.is_empty() {
            self.send(json!({"attachment": {
                "body": lines.join("\n"), "contentEncoding": "IDENTITY", "mediaType": "text/plain",
                "testRunStartedId": "run",
            }}));
        }
    }

    fn case(&mut self, case: &CaseRecord) {
        let id = case.id.as_str();
        let requirement = self.record.requirements.iter().find(|one| one.id == case.requirement);
        let shown = self.view.shown(requirement, case);
        if shown == Shown::NotRun {
            return;
        }
        let begun = case.exchanges.first().map_or(0, |exchange| epoch_ms(&exchange.started));
        let begun = if begun > 0 { begun } else { epoch_ms(&self.record.started) };
        let ended = timestamp(begun.saturating_add(case.duration_ms));
        let started = format!("{id}:started");
        self.send(json!({"testCaseStarted": {
            "attempt": 0, "id": started, "testCaseId": format!("{id}:case"), "timestamp": timestamp(begun),
        }}));
        let count = case.steps.len().min(STEPS);
        let failed = failed_step(case).min(count.saturating_sub(1));
        for index in 0..count {
            let step = format!("{id}:run:{index}");
            let at = if index < failed { timestamp(begun) } else { ended.clone() };
            self.send(json!({"testStepStarted": {
                "testCaseStartedId": started, "testStepId": step, "timestamp": timestamp(begun),
            }}));
            let ends_here = index == failed && shown != Shown::Pass;
            if ends_here {
                self.attachment(case, &started, &step, shown);
            }
            let result = if shown == Shown::Pass || index < failed {
                json!({"status": "PASSED", "duration": timestamp(0)})
            } else if ends_here {
                let text = message(case, self.lang);
                let mut result = json!({"status": status(shown, case), "duration": timestamp(case.duration_ms)});
                if shown != Shown::Warn {
                    result["message"] = json!(text);
                    result["exception"] = json!({"type": case.verdict.name(), "message": text});
                }
                result
            } else {
                let rest = if shown == Shown::Warn { "PASSED" } else { "SKIPPED" };
                json!({"status": rest, "duration": timestamp(0)})
            };
            self.send(json!({"testStepFinished": {
                "testCaseStartedId": started, "testStepId": step, "testStepResult": result, "timestamp": at,
            }}));
        }
        self.send(json!({"testCaseFinished": {
            "testCaseStartedId": started, "timestamp": ended, "willBeRetried": false,
        }}));
    }

    /// What the case has to say, as text beside the step.
    fn attachment(&mut self, case: &CaseRecord, started: &str, step: &str, shown: Shown) {
        let mut body =
            format!("{}\n{}", case.verdict.text().in_lang(self.lang), description(self.record, case, self.lang));
        if let Some(waiver) = waiver_of(self.record, case).filter(|_| shown == Shown::Waived) {
            let word = if self.lang == Lang::En { "WAIVED" } else { "已豁免" };
            body = format!("{word}: {}\n{body}", waiver_line(waiver, self.lang));
        }
        self.send(json!({"attachment": {
            "body": body, "contentEncoding": "IDENTITY", "mediaType": "text/plain",
            "testCaseStartedId": started, "testStepId": step,
        }}));
    }
}

fn scenario(one: &Scenario<'_>) -> Value {
    let id = one.case.id.as_str();
    let steps = one.steps.iter().enumerate().map(|(index, step)| {
        json!({"location": {"line": step.line, "column": 5}, "keyword": step.keyword, "keywordType": kind_of(&step.keyword),
               "text": step.text, "id": format!("{id}:step:{index}")})
    });
    let steps: Vec<Value> = steps.collect();
    json!({"scenario": {
        "location": {"line": one.line, "column": 3}, "keyword": "Scenario", "name": line(&one.case.title),
        "tags": [{"location": {"line": one.tag_line, "column": 3}, "name": format!("@{id}"), "id": format!("{id}:tag")}],
        "description": "", "steps": steps, "examples": [], "id": format!("{id}:scenario"),
    }})
}

fn pickle(uri: &str, one: &Scenario<'_>) -> Value {
    let id = one.case.id.as_str();
    let steps = one.steps.iter().enumerate().map(|(index, step)| {
        let kind = match kind_of(&step.keyword) {
            "Conjunction" => "Unknown",
            kind => kind,
        };
        json!({"astNodeIds": [format!("{id}:step:{index}")], "id": format!("{id}:pickle:{index}"), "type": kind,
               "text": step.text})
    });
    let steps: Vec<Value> = steps.collect();
    json!({"pickle": {
        "id": format!("{id}:pickle"), "uri": uri, "location": {"line": one.line, "column": 3},
        "name": line(&one.case.title), "language": "en", "steps": steps,
        "tags": [{"name": format!("@{id}"), "astNodeId": format!("{id}:tag")}],
        "astNodeIds": [format!("{id}:scenario")],
    }})
}

fn kind_of(keyword: &str) -> &'static str {
    match keyword.trim() {
        "Given" => "Context",
        "When" => "Action",
        "Then" => "Outcome",
        "And" | "But" => "Conjunction",
        _ => "Unknown",
    }
}

/// Index of the step that ended a case; the last one where the record does not say.
fn failed_step(case: &CaseRecord) -> usize {
    let failed = case.failed_step.as_deref().map(str::trim).unwrap_or_default();
    let at = case.steps.iter().position(|step| {
        let step = step.trim();
        !failed.is_empty() && (step == failed || step.split_once(' ').is_some_and(|(_, rest)| rest == failed))
    });
    at.unwrap_or(case.steps.len().saturating_sub(1))
}

fn status(shown: Shown, case: &CaseRecord) -> &'static str {
    match shown {
        Shown::Pass | Shown::Warn => "PASSED",
        Shown::Red => "FAILED",
        Shown::Waived | Shown::NotApplicable => "SKIPPED",
        Shown::Inconclusive | Shown::Review => "PENDING",
        Shown::SuiteError if case.cause == Some(Cause::UndefinedStep) => "UNDEFINED",
        Shown::SuiteError | Shown::NotRun => "UNKNOWN",
    }
}
