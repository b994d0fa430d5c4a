//! The driver of a loading end: a program that speaks JSON lines, and nobody at a terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ecric_model::binding::Operation;
use ecric_target::{Body, Call, CaseConnection, Clock, Entropy, HumanPort, HumanQuestion, Target, TargetError};
use ecric_target::{native_template, parse_target};
use serde_json::json;
use time::OffsetDateTime;

/// Answers every line with 201, or with what the second argument says.
const PROGRAM: &str = r#"n=0; while read -r line; do n=$((n+1)); echo "{\"id\":$n,\"status\":201,\"body\":{\"loadedLicenceId\":\"x\"}}"; done"#;

fn connection(loader: &str, human: Option<HumanPort>) -> CaseConnection {
    let text = format!("{}loader: {loader}\n", native_template("driven", "http://127.0.0.1:9"));
    let mut loaded = parse_target(&text, Path::new(".")).map_err(|problems| format!("{problems:?}")).unwrap();
    loaded.settings.human = human;
    let clock: Clock = Arc::new(OffsetDateTime::now_utc);
    let target = Target::new(loaded.settings, clock, Entropy::new([7; 32], 0), false).unwrap();
    CaseConnection::open(Arc::new(target), "LOD-001/01", Duration::from_secs(30))
}

fn load() -> Call {
    Call::new(Operation::Load, None, Body::Json(json!({"certificateIdentifier": "1", "holderHint": "h"})))
}

#[tokio::test]
async fn a_program_answers_line_by_line() {
    let exec = json!(["sh", "-c", PROGRAM]);
    let case = connection(&format!("{{driver: process, process: {{exec: {exec}, timeout_s: 5}}}}"), None);
    for _ in 0..2 {
        let answer = case.call(load()).await.unwrap();
        assert_eq!((answer.status, answer.json.unwrap()["loadedLicenceId"].clone()), (201, json!("x")));
    }
    let exchanges = case.take_exchanges();
    assert_eq!(exchanges.len(), 2);
    assert!(exchanges[0].request.url.starts_with("driver:process/") && !case.asked_a_person());
}

#[tokio::test]
async fn what_a_program_does_wrong_is_no_fault_of_the_product() {
    for (program, word) in [("exit 0", "ended"), ("read -r line; echo nonsense", "no JSON"), ("sleep 20", "within 1 s")]
    {
        let exec = json!(["sh", "-c", program]);
        let case = connection(&format!("{{driver: process, process: {{exec: {exec}, timeout_s: 1}}}}"), None);
        match case.call(load()).await {
            Err(TargetError::Driver(reason)) => assert!(reason.contains(word), "{program}: {reason}"),
            other => panic!("{program}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_person_is_asked_or_nobody_is_there() {
    let nobody = connection("{driver: human}", None);
    assert!(matches!(nobody.call(load()).await, Err(TargetError::Driver(_))));
    let port = HumanPort::new(Arc::new(|question: &HumanQuestion| {
        assert_eq!(question.case, "LOD-001/01");
        Some("d".to_owned())
    }));
    let case = connection("{driver: human}", Some(port));
    assert_eq!(case.call(load()).await.unwrap().status, 201);
    assert!(case.asked_a_person());
    let exchanges = case.take_exchanges();
    assert!(exchanges.iter().any(|exchange| exchange.operation == "human"));
}

#[test]
fn a_driver_without_a_program_is_refused() {
    let text = format!("{}loader: {{driver: process}}\n", native_template("driven", "http://127.0.0.1:9"));
    let problems = parse_target(&text, Path::new(".")).err().unwrap();
    assert!(problems.iter().any(|problem| problem.render(ecric_model::Lang::En).contains("loader.process")));
}
