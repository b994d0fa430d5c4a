//! Hooks by HTTP and by people, and what else a file says about the way to a product: charset, proxy, limits, anchors.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ecric_model::binding::Operation;
use ecric_model::{Lang, Text};
use ecric_target::{
    Body, Call, CaseConnection, Entropy, LoadedTarget, Person, Question, Target, TargetError, native_template,
    parse_target,
};
use serde_json::{Value, json};
use support::Canning;
use time::macros::datetime;

/// A native file with more lines.
fn native(url: &str, lines: &str) -> String {
    native_template("test", url).replace("personas: {mode: api}", lines)
}

fn load(text: &str) -> LoadedTarget {
    parse_target(text, Path::new(".")).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn open(loaded: LoadedTarget) -> CaseConnection {
    let clock = Arc::new(|| datetime!(2026-06-01 09:00 +8));
    let target = Target::new(loaded.settings, clock, Entropy::new([1; 32], 0), false).unwrap();
    CaseConnection::open(Arc::new(target), "case", Duration::from_secs(10))
}

fn person(answer: &'static str) -> Option<Person> {
    Some(Person(Arc::new(move |question: &Question| {
        assert!(question.request.contains("\"a\": 1") && question.instruction.in_lang(Lang::ZhCn) == "请操作");
        Ok(answer.to_owned())
    })))
}

/// Runs the hook `h` with `{"a": 1}`.
async fn run(hook: &str, allowed: bool, person: Option<Person>) -> Result<Value, Text> {
    let mut loaded = load(&native("http://127.0.0.1:1", &format!("hooks: {{h: {hook}}}")));
    if allowed {
        loaded.allow_hooks(person);
    }
    open(loaded).target().run_hook("h", &json!({"a": 1})).await
}

#[tokio::test]
async fn an_http_hook_makes_one_call() {
    let server = Canning::start(vec![
        (200, "application/json", "{\"done\": true}".to_owned()),
        (200, "text/plain", "line 1".to_owned()),
        (500, "text/plain", String::new()),
    ])
    .await;
    let hook = format!("{{http: {{url: \"{}/ops?x=1\", headers: {{X-Key: abc}}}}}}", server.url);
    let refused = run(&hook, false, None).await.unwrap_err();
    assert!(refused.en.contains("--allow-hooks") && refused.zh.contains("--allow-hooks"));
    assert_eq!(run(&hook, true, None).await, Ok(json!({"done": true})));
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].starts_with("POST /ops?x=1 ") && seen[0].ends_with("{\"a\":1}"), "{seen:?}");
    assert!(seen[0].contains("x-key: abc"), "{seen:?}");
    let text = hook.replacen("{http", "{produces: text, http", 1);
    assert_eq!(run(&text, true, None).await, Ok(json!({"text": "line 1"})));
    assert!(run(&hook, true, None).await.unwrap_err().zh.contains("HTTP 500"));
}

#[tokio::test]
async fn a_person_answers_or_nobody_is_there() {
    let hook = |wants: &str| format!("{{human: {{en: \"do it\", zh: \"请操作\", wants: {wants}}}}}");
    let nobody = run(&hook("done"), true, None).await.unwrap_err();
    assert!(nobody.en.contains("terminal") && nobody.zh.contains("终端"));
    assert_eq!(run(&hook("done"), true, person("\n")).await, Ok(json!({})));
    assert_eq!(run(&hook("text"), true, person("12 34\r\n")).await, Ok(json!({"text": "12 34"})));
    assert_eq!(run(&hook("json"), true, person("{\n\"b\": 2}\n\n")).await, Ok(json!({"b": 2})));
    assert!(run(&hook("json"), true, person("b")).await.unwrap_err().en.contains("no JSON"));
    let file = run(&hook("file"), true, person("Cargo.toml\n")).await.unwrap();
    assert!(file["size"].as_u64().unwrap() > 100 && file["sm3"].as_str().unwrap().len() == 64);
}

#[tokio::test]
async fn what_a_person_says_for_the_product_is_marked() {
    let text = mapped("http://127.0.0.1:1", "", "  issuer.status: {hook: ask}\n  test.clock: {hook: ask}\n")
        + "hooks: {ask: {human: {zh: \"请操作\", wants: json}}}\n";
    let answer = Some(Person(Arc::new(|_: &Question| Ok("{\"certificateStatus\": \"VALID\"}\n\n".to_owned()))));
    let mut loaded = load(&text);
    loaded.allow_hooks(answer);
    let connection = open(loaded);
    connection.call(Call::new(Operation::TestClock, None, Body::Json(json!({})))).await.unwrap();
    assert!(!connection.asked_a_person());
    let said = connection.call(Call::new(Operation::Status, Some("x"), Body::None)).await.unwrap();
    assert_eq!(said.json.unwrap()["certificateStatus"], "VALID");
    assert!(connection.asked_a_person());
}

fn mapped(url: &str, transport: &str, operations: &str) -> String {
    format!(
        "ecric_target: 1\nname: t\nroles: [issuer]\nrung: mapped\nbase: \"{url}\"\ntransport: {{{transport}}}\nauth: {{main: {{type: none}}}}\noperations:\n{operations}"
    )
}

#[tokio::test]
async fn texts_go_out_and_come_back_in_the_charset_of_the_file() {
    let (name, answer) = ("测试𠮷", "{\"n\": \"测试𠮷\"}");
    let bytes = gb18030(name);
    let server = Canning::start_bytes(vec![(200, "application/json", gb18030(answer))]).await;
    let operation = "  issuer.metadata:\n    path: \"/q?n={{ in.name|gb18030|urlencode }}\"\n    body: \"{{ {'n': in.name}|json }}\"\n    extract: {licence.holder.name: \"$.n\"}\n";
    let connection = open(load(&mapped(&server.url, "charset: gb18030", operation)));
    connection.add_personal([name.to_owned()]);
    let call = Call::new(Operation::Metadata, Some("x"), Body::Json(json!({"name": name})));
    let got = connection.call(call).await.unwrap();
    assert_eq!(got.json.unwrap()["licence"]["holder"]["name"], name);
    assert!(String::from_utf8_lossy(&got.body).contains(name), "checks that search an answer see its text");
    let raw = server.seen_bytes();
    assert!(raw[0].windows(bytes.len()).any(|window| window == bytes), "the body is GB18030");
    let encoded: String = bytes
        .iter()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    assert!(String::from_utf8_lossy(&raw[0]).contains(&format!("/q?n={encoded}")));
    let evidence = format!("{:?}", connection.take_exchanges());
    assert!(!evidence.contains(name) && !evidence.contains("\\\\x"), "the name is found and masked: {evidence}");
}

/// GB18030 of a text.
fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[tokio::test]
async fn every_request_goes_through_the_proxy_of_the_file() {
    let proxy = Canning::start(vec![(200, "application/json", "{\"certificateStatus\": \"VALID\"}".to_owned())]).await;
    let text = native("http://127.0.0.1:9", "").replace("read_ms: 10000", &format!("proxy: \"{}\"", proxy.url));
    let answer = open(load(&text)).call(Call::new(Operation::Status, Some("x"), Body::None)).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(proxy.seen()[0].starts_with("GET http://127.0.0.1:9/v1/licences/x/status "), "{:?}", proxy.seen());
}

#[tokio::test]
async fn the_suite_stops_at_the_limit_of_issues() {
    let server = Canning::start(vec![(400, "application/json", "{}".to_owned())]).await;
    let connection = open(load(&native(&server.url, "").replace("concurrency: 16", "daily_issue: 2")));
    let issue = || Call::new(Operation::Issue, None, Body::Json(json!({})));
    for _ in 0..2 {
        assert!(connection.call(issue()).await.is_ok());
    }
    let Err(TargetError::Limit(text)) = connection.call(issue()).await else { panic!("no limit") };
    assert!(text.en.contains("daily_issue") && text.zh.contains("daily_issue"));
    assert!(connection.call(Call::new(Operation::Status, Some("x"), Body::None)).await.is_ok());
}

#[tokio::test]
async fn anchors_may_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("anchors.json"), "{\"version\": 1, \"roots\": []}").unwrap();
    let text = mapped("http://127.0.0.1:1", "", "  issuer.status: {path: /x}\n")
        + "trust: {issuer_anchors: {file: anchors.json}}\n";
    let loaded = parse_target(&text, folder.path()).unwrap_or_else(|problems| panic!("{problems:?}"));
    let answer = open(loaded).call(Call::new(Operation::TrustAnchors, None, Body::None)).await.unwrap();
    assert_eq!((answer.status, &answer.json.unwrap()["version"]), (200, &json!(1)));
}
