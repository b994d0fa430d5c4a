//! The example adapter in Python in front of stand-in vendor delta: binding v1 comes out.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::print_stderr, reason = "a test that cannot run says so")]

mod vendor_support;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ecric_reference::Vendor;
use serde_json::{Value, json};
use time::OffsetDateTime;
use vendor_support::{AHEAD_S, Answer, NUMBER, Vendored, holder, key, shifted_time};

/// The adapter; it ends with this value.
struct Adapter {
    delta: Vendored,
    base: String,
    _process: tokio::process::Child,
}

impl Adapter {
    /// `None` where there is no Python.
    async fn start(clock: fn() -> OffsetDateTime) -> Option<Self> {
        let probe = tokio::process::Command::new("python3").arg("--version").stdout(Stdio::null()).status().await;
        if !probe.is_ok_and(|status| status.success()) {
            eprintln!("NOT RUN: python3 is missing, so the example adapter in Python was not tried");
            return None;
        }
        let delta = Vendored::start_at(Vendor::Delta, clock).await;
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/examples");
        let mut command = tokio::process::Command::new("python3");
        command.args(["-B", "adapter.py", "--port", &port.to_string()]).env("ECRIC_URL", &delta.base);
        let process = command.current_dir(folder).kill_on_drop(true).spawn().unwrap();
        let address = format!("127.0.0.1:{port}");
        let listening = async {
            while tokio::net::TcpStream::connect(&address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), listening).await.unwrap();
        Some(Self { delta, base: format!("http://{address}"), _process: process })
    }

    async fn call(&self, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(more);
        let raw = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.delta.send(method, &format!("{}{path}", self.base), &headers, raw).await
    }
}

fn transition(version: i64) -> Value {
    json!({"action": "SUSPEND", "reason": "CARD_LOST", "expectedStatusVersion": version,
        "operator": {"orgCode": "11100000000013127D", "role": "window"}})
}

#[tokio::test]
async fn binding_v1_comes_out() {
    let Some(adapter) = Adapter::start(shifted_time).await else { return };
    let about = adapter.call("GET", "/v1/capabilities", &[("x-ecric-request-id", "r-1")], &Value::Null).await;
    assert_eq!(
        (about.status, &about.body["binding"], about.header("x-ecric-request-id")),
        (200, &json!("1"), "r-1".to_owned())
    );
    let people = json!({"action": "CREATE", "personas": [{"personaRef": "p", "holder": holder(), "state": "VALID"}]});
    let made = adapter.call("POST", "/v1/test/personas", &[], &people).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["personas"][0]["certificateIdentifier"].as_str().unwrap();
    let status = format!("/v1/licences/{id}/status");
    let told = adapter.call("GET", &status, &[], &Value::Null).await;
    assert_eq!((told.header("etag"), &told.body["certificateStatus"]), ("\"1\"".to_owned(), &json!("VALID")));
    let unchanged = adapter.call("GET", &status, &[("if-none-match", "\"1\"")], &Value::Null).await;
    assert_eq!((unchanged.status, unchanged.bytes.len()), (304, 0));

    let (once, path) = (key(), format!("/v1/licences/{id}/transitions"));
    let headers = [("idempotency-key", once.as_str())];
    let first = adapter.call("POST", &path, &headers, &transition(1)).await;
    let again = adapter.call("POST", &path, &headers, &transition(1)).await;
    assert_eq!((first.status, again.status, first.body), (200, 200, again.body.clone()));
    assert_eq!(again.header("idempotent-replay"), "true");
    let refused = adapter.call("POST", &path, &[("x-ecric-request-id", "r-2")], &transition(2)).await;
    assert_eq!((refused.status, &refused.body["details"][0]["field"]), (400, &json!("Idempotency-Key")));
    assert_eq!(refused.body["requestId"], "r-2");
    for (method, path, status) in [("GET", "/v1/nowhere", 404), ("PUT", status.as_str(), 405)] {
        assert_eq!(adapter.call(method, path, &[], &json!({})).await.status, status, "{method} {path}");
    }

    // The session ends; the adapter gets another one and the caller sees nothing of it.
    let search = json!({"certificateHolderCode": NUMBER,
        "use": {"certificateCopyCause": "一致性测试", "certificateSystemName": "ecric"}});
    AHEAD_S.store(901, Ordering::SeqCst);
    let found = adapter.call("POST", "/v1/licences/search", &[], &search).await;
    AHEAD_S.store(0, Ordering::SeqCst);
    assert_eq!((found.status, &found.body["items"][0]["certificateIdentifier"]), (200, &json!(id)), "{}", found.body);
}

#[tokio::test]
async fn a_link_is_left_as_it_is() {
    let Some(adapter) = Adapter::start(OffsetDateTime::now_utc).await else { return };
    let people = json!({"action": "CREATE", "personas": [{"personaRef": "p", "holder": holder(), "state": "VALID"}]});
    let made = adapter.call("POST", "/v1/test/personas", &[], &people).await.body;
    let path = format!("/v1/licences/{}/file", made["personas"][0]["certificateIdentifier"].as_str().unwrap());
    let answer = adapter.call("POST", &path, &[], &json!({"format": "ofd", "delivery": "URL"})).await.body;
    let link = answer["content"].as_str().unwrap();
    assert!(link.starts_with(&adapter.delta.base), "{link}");
    assert_eq!(adapter.delta.send("GET", link, &[], Vec::new()).await.status, 200);
    assert_eq!(adapter.delta.send("GET", link, &[], Vec::new()).await.status, 410);
}
