//! Stand-in vendor delta over loopback: binding v1's bodies behind other paths, headers and a login.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod vendor_support;

use std::sync::atomic::Ordering;

use ecric_gm::encoding::b64;
use ecric_reference::Vendor;
use serde_json::{Value, json};
use vendor_support::{AHEAD_S, Answer, NUMBER, Vendored, holder, key, shifted_time};

struct Delta {
    vendor: Vendored,
    session: String,
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn login(vendor: &Vendored, user: &str, password: &str) -> Answer {
    let body = json!({"user": user, "password": password});
    vendor.send("POST", "/session", &[JSON], body.to_string().into_bytes()).await
}

impl Delta {
    async fn start() -> Self {
        Self::start_as("delta-user-1", "delta-test-password").await
    }

    async fn start_as(user: &str, password: &str) -> Self {
        Self::log_in(Vendored::start(Vendor::Delta).await, user, password).await
    }

    async fn log_in(vendor: Vendored, user: &str, password: &str) -> Self {
        let answer = login(&vendor, user, password).await;
        assert_eq!((answer.status, &answer.body["expiresIn"]), (201, &json!(900)));
        Self { session: answer.header("x-session"), vendor }
    }

    async fn call(&self, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let mut headers = vec![("x-session", self.session.as_str()), JSON];
        headers.extend(more);
        let raw = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.vendor.send(method, &format!("/api/idcard{path}"), &headers, raw).await
    }

    async fn once(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call(method, path, &[("x-once-key", &key())], body).await
    }

    async fn state(&self, id: &str) -> Value {
        self.call("GET", &format!("/card/{id}/state"), &[], &Value::Null).await.body["certificateStatus"].clone()
    }
}

fn operator() -> Value {
    json!({"orgCode": "11100000000013127D", "role": "window"})
}

fn stated_use() -> Value {
    json!({"certificateCopyCause": "一致性测试", "certificateSystemName": "ecric"})
}

fn issue() -> Value {
    json!({"holder": holder(), "certificateTypeCode": "11100000000013127D001", "formats": ["ofd"], "activate": true,
        "operator": operator()})
}

fn transition(action: &str, version: i64) -> Value {
    json!({"action": action, "reason": "HOLDER_REQUEST", "expectedStatusVersion": version, "operator": operator()})
}

#[tokio::test]
async fn a_session_lasts_fifteen_minutes() {
    let vendor = Vendored::start_at(Vendor::Delta, shifted_time).await;
    let delta = Delta::log_in(vendor, "delta-user-1", "delta-test-password").await;
    for (user, password) in [("delta-user-1", "delta-other-test-password"), ("nobody", ""), ("", "")] {
        let refused = login(&delta.vendor, user, password).await;
        assert_eq!((refused.status, &refused.body["code"]), (401, &json!("UNAUTHENTICATED")));
    }
    let find = json!({"certificateHolderCode": NUMBER, "use": stated_use()});
    let known = |answer: Answer| (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned());
    assert_eq!(known(delta.call("POST", "/find", &[], &find).await), (200, String::new()));
    AHEAD_S.store(880, Ordering::SeqCst);
    assert_eq!(delta.call("POST", "/find", &[], &find).await.status, 200);
    AHEAD_S.store(901, Ordering::SeqCst);
    let ended = known(delta.call("POST", "/find", &[], &find).await);
    AHEAD_S.store(0, Ordering::SeqCst);
    assert_eq!(ended, (401, "UNAUTHENTICATED".to_owned()));
    let forged = Delta { session: format!("{}0", delta.session), ..delta };
    assert_eq!(known(forged.call("POST", "/find", &[], &find).await).0, 401);
}

#[tokio::test]
async fn headers_go_by_other_names() {
    let delta = Delta::start().await;
    let once = key();
    let headers = [("x-once-key", once.as_str()), ("x-trace", "trace-1")];
    let first = delta.call("POST", "/new", &headers, &issue()).await;
    let again = delta.call("POST", "/new", &headers, &issue()).await;
    assert_eq!((first.status, first.header("x-trace")), (201, "trace-1".to_owned()), "{}", first.body);
    assert_eq!((first.header("x-once-repeated"), again.header("x-once-repeated")), (String::new(), "true".to_owned()));
    assert_eq!(first.body, again.body);
    let none = delta.call("POST", "/new", &[("idempotency-key", &once)], &issue()).await;
    assert_eq!((none.status, &none.body["details"][0]["field"]), (400, &json!("Idempotency-Key")));
    let id = first.body["licence"]["certificateIdentifier"].as_str().unwrap();
    let path = format!("/card/{id}/state");
    let state = delta.vendor.send("GET", &format!("/api/idcard{path}"), &[], Vec::new()).await;
    assert_eq!(
        (state.status, state.header("x-version"), state.header("etag")),
        (200, "\"1\"".to_owned(), String::new())
    );
    assert!(state.body["sig"].is_object(), "anonymous and signed, as in binding v1: {}", state.body);
    let unchanged = delta.call("GET", &path, &[("x-known-version", "\"1\"")], &Value::Null).await;
    assert_eq!(unchanged.status, 304);
    let stale = [("x-once-key", key()), ("x-if-version", "\"7\"".to_owned())];
    let stale: Vec<(&str, &str)> = stale.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let stale: Vec<(&str, &str)> = stale.into_iter().chain([("x-trace", "trace-2")]).collect();
    let refused = delta.call("PUT", &path, &stale, &transition("SUSPEND", 1)).await;
    assert_eq!((refused.header("x-trace"), &refused.body["requestId"]), ("trace-2".to_owned(), &json!("trace-2")));
    assert_eq!((refused.status, &refused.body["code"]), (412, &json!("VERSION_CONFLICT")));
}

#[tokio::test]
async fn every_operation_answers() {
    let delta = Delta::start().await;
    let about = delta.vendor.send("GET", "/api/idcard/about", &[], Vec::new()).await;
    assert_eq!((about.status, &about.body["binding"]), (200, &json!("1")));
    let id = delta.once("POST", "/new", &issue()).await.body["licence"]["certificateIdentifier"]
        .as_str()
        .unwrap()
        .to_owned();
    let read = json!({"attributes": ["name"], "use": stated_use()});
    let told = delta.call("POST", &format!("/card/{id}/read"), &[], &read).await.body;
    assert_eq!(told["licence"]["holder"], json!({"name": "测试甲"}));
    let document = json!({"format": "ofd", "delivery": "INLINE"});
    let file = delta.call("POST", &format!("/card/{id}/document"), &[], &document).await.body;
    let link = json!({"format": "ofd", "delivery": "URL"});
    let link = delta.call("POST", &format!("/card/{id}/document"), &[], &link).await.body;
    let bytes = delta.vendor.send("GET", link["content"].as_str().unwrap(), &[], Vec::new()).await.bytes;
    assert_eq!(json!(b64(&bytes)), file["content"]);
    let check = json!({"content": file["content"], "mime": "application/ofd"});
    assert_eq!(delta.call("POST", "/check/document", &[], &check).await.body["result"], "VALID");
    let claim =
        json!({"certificateIdentifier": id, "assert": {"name": "测试甲", "idNumber": NUMBER}, "use": stated_use()});
    assert_eq!(delta.call("POST", "/check/person", &[], &claim).await.body["result"], "VALID");
    let many = json!({"items": [{"itemId": "1", "kind": "ATTRIBUTES", "request": claim}]});
    assert_eq!(delta.call("POST", "/check/many", &[], &many).await.body["items"][0]["verifyResult"]["result"], "VALID");
    assert_eq!(delta.call("POST", "/check/code", &[], &json!({})).await.status, 400);
    assert_eq!(delta.call("GET", "/lists/1", &[], &Value::Null).await.body["bits"], 2);
    assert_eq!(delta.call("GET", "/anchors", &[], &Value::Null).await.body["roots"].as_array().unwrap().len(), 1);
    assert_eq!(delta.once("PUT", &format!("/card/{id}/state"), &transition("SUSPEND", 1)).await.status, 200);
    assert_eq!(delta.state(&id).await, "SUSPENDED");
    assert_eq!(delta.once("PUT", &format!("/card/{id}/state"), &transition("RESTORE", 2)).await.status, 200);
    let next = json!({"reason": "DAMAGED", "expectedStatusVersion": 3, "formats": ["ofd"], "operator": operator()});
    assert_eq!(delta.once("PUT", &format!("/card/{id}/successor"), &next).await.status, 201);
    let find = json!({"certificateHolderCode": NUMBER, "use": stated_use()});
    assert_eq!(delta.call("POST", "/find", &[], &find).await.body["items"].as_array().unwrap().len(), 2);
    let span = json!({"certificateIdentifier": id, "from": "2020-01-01T00:00:00Z", "to": "2120-01-01T00:00:00Z"});
    let entries = delta.call("POST", "/journal", &[], &span).await.body["entries"].clone();
    assert_eq!(entries.as_array().unwrap().last().unwrap()["operation"], "issuer.reissue");
}

#[tokio::test]
async fn test_controls_take_the_session() {
    let delta = Delta::start().await;
    let people = json!({"action": "CREATE", "personas": [{"personaRef": "p", "holder": holder(), "state": "REVOKED"}]});
    let made = delta.call("POST", "/test/people", &[], &people).await;
    let id = made.body["personas"][0]["certificateIdentifier"].as_str().unwrap();
    assert_eq!((made.status, delta.state(id).await), (201, json!("REVOKED")));
    assert_eq!(delta.call("PUT", "/test/clock", &[], &json!({"offsetMs": 7_200_000})).await.status, 200);
    assert_eq!(delta.call("PUT", "/test/clock", &[], &json!({"reset": true})).await.status, 200);
    let fault = delta.call("POST", "/test/faults", &[], &json!({"target": "crl", "mode": "down", "ttlS": 5})).await;
    let end = format!("/test/faults/{}", fault.body["faultId"].as_str().unwrap());
    assert_eq!(delta.call("DELETE", &end, &[], &Value::Null).await.status, 204);
    let other = Delta::start_as("delta-user-2", "delta-other-test-password").await;
    assert_eq!(other.call("POST", "/test/people", &[], &people).await.body["code"], "FORBIDDEN");
    let stranger = Delta { session: String::new(), ..other };
    assert_eq!(stranger.call("POST", "/test/people", &[], &people).await.status, 401);
}

#[tokio::test]
async fn paths_methods_and_bodies_are_looked_at() {
    let delta = Delta::start().await;
    for (method, path, status) in [("POST", "/nowhere", 404), ("GET", "/find", 405), ("POST", "/card/x/state", 405)] {
        assert_eq!(delta.call(method, path, &[], &json!({})).await.status, status, "{method} {path}");
    }
    let raw = |headers: Vec<(&'static str, String)>, body: &'static [u8]| {
        let (vendor, session) = (&delta.vendor, delta.session.clone());
        async move {
            let mut headers = headers;
            headers.push(("x-session", session));
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            vendor.send("POST", "/api/idcard/find", &headers, body.to_vec()).await.status
        }
    };
    assert_eq!(raw(vec![], b"{}").await, 415);
    assert_eq!(raw(vec![("content-type", "application/json".to_owned())], b"{\"a\":1,\"a\":2}").await, 400);
}
