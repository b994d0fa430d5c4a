//! Walks the running reference over loopback: life of a licence, idempotency, races, replay, test controls.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use ecric_gm::encoding::b64url;
use ecric_gm::hmac_sm3::Key;
use ecric_gm::sm3;
use ecric_model::published::{ALL, REFERENCE};
use ecric_model::requirement::Role;
use ecric_reference::{Behaviour, Config, Server};
use serde_json::{Value, json};
use time::OffsetDateTime;

const NUMBER: &str = "110199199003070017";
const OTHER_NUMBER: &str = "110199199202290039";
static COUNTER: AtomicU64 = AtomicU64::new(1);
static PROVIDER: Once = Once::new();

fn config() -> Config {
    Config {
        roles: vec![Role::Issuer, Role::SharingService, Role::Verifier],
        test_mode: true,
        data_dir: None,
        behaviour: Behaviour::default(),
        nodes: 1,
        control_free_node: false,
        clock: OffsetDateTime::now_utc,
        seed: [7; 32],
        apps: ALL.to_vec(),
        vendor: None,
    }
}

struct Client {
    http: reqwest::Client,
    base: String,
    server: Server,
}

/// What is sent; `None` is chosen afresh.
#[derive(Clone, Default)]
struct Options {
    key: Option<String>,
    nonce: Option<String>,
    ahead_ms: i64,
    if_match: Option<String>,
}

struct Answer {
    status: u16,
    replay: bool,
    etag: Option<String>,
    body: Value,
}

impl Client {
    async fn start(config: Config) -> Self {
        PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
        let server = Server::start(config, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { http: reqwest::Client::new(), base: server.urls()[0].clone(), server }
    }

    async fn send(&self, method: &str, path: &str, body: &Value, options: &Options) -> Answer {
        let raw = if method == "GET" { Vec::new() } else { body.to_string().into_bytes() };
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let nonce = options.nonce.clone().unwrap_or_else(|| b64url(&[&[0; 8][..], &count.to_be_bytes()].concat()));
        let now = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000 + i128::from(options.ahead_ms);
        let timestamp = now.to_string();
        let text = [method, path, "", REFERENCE.app, &timestamp, &nonce, &sm3::digest_hex(&raw)].join("\n");
        let signature = b64url(&Key::from_hex(REFERENCE.key_hex).unwrap().mac(text.as_bytes()));
        let key = options.key.clone().unwrap_or_else(|| format!("00000000-0000-4000-8000-{count:012x}"));
        let mut request = self
            .http
            .request(method.parse().unwrap(), format!("{}{path}", self.base))
            .header("X-Ecric-App", REFERENCE.app)
            .header("X-Ecric-Timestamp", timestamp)
            .header("X-Ecric-Nonce", nonce)
            .header("X-Ecric-Signature", signature)
            .header("X-Ecric-Request-Id", format!("11111111-0000-4000-8000-{count:012x}"))
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(raw);
        if let Some(tag) = &options.if_match {
            request = request.header("If-Match", tag);
        }
        let response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (replay, etag) = (header("idempotent-replay").is_some(), header("etag"));
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        Answer { status, replay, etag, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body, &Options::default()).await
    }

    async fn issue(&self, number: &str) -> String {
        let answer = self.post("/v1/licences", &issue(number)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["licence"]["certificateIdentifier"].as_str().unwrap().to_owned()
    }

    async fn act(&self, id: &str, action: &str, version: i64) -> Answer {
        self.post(&format!("/v1/licences/{id}/transitions"), &transition(action, version)).await
    }

    async fn status(&self, id: &str) -> (String, i64) {
        let answer = self.send("GET", &format!("/v1/licences/{id}/status"), &Value::Null, &Options::default()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let version = answer.body["statusVersion"].as_i64().unwrap();
        assert_eq!(answer.etag, Some(format!("\"{version}\"")));
        (answer.body["certificateStatus"].as_str().unwrap().to_owned(), version)
    }

    async fn clock(&self, body: &Value) -> Answer {
        self.send("PUT", "/v1/test/clock", body, &Options::default()).await
    }
}

fn holder(number: &str) -> Value {
    let birth = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]);
    let sex = if number.as_bytes()[16] % 2 == 1 { "1" } else { "2" };
    json!({"name": "测试甲", "sex": sex, "ethnicity": "01", "birthDate": birth, "address": "测试省测试市测试路1号",
        "idNumber": number, "issuingAuthority": "测试市公安局测试分局"})
}

fn operator() -> Value {
    json!({"orgCode": "11100000000013127D", "role": "window"})
}

fn issue(number: &str) -> Value {
    json!({"holder": holder(number), "certificateTypeCode": "11100000000013127D001", "formats": ["ofd"], "activate": true,
        "operator": operator()})
}

fn transition(action: &str, version: i64) -> Value {
    json!({"action": action, "reason": "HOLDER_REQUEST", "expectedStatusVersion": version, "operator": operator()})
}

fn reissue(version: i64) -> Value {
    json!({"reason": "DAMAGED", "expectedStatusVersion": version, "formats": ["ofd"], "operator": operator()})
}

fn stated_use() -> Value {
    json!({"certificateCopyCause": "一致性测试", "certificateSystemName": "ecric"})
}

fn verification(id: &str) -> Value {
    json!({"certificateIdentifier": id, "assert": {"name": "测试甲", "idNumber": NUMBER}, "use": stated_use()})
}

#[tokio::test]
async fn a_licence_lives_and_ends() {
    let client = Client::start(config()).await;
    let id = client.issue(NUMBER).await;
    assert_eq!(client.status(&id).await, ("VALID".to_owned(), 1));
    for (action, version, status, wanted) in [
        ("RESTORE", 1, 409, "VALID"),
        ("SUSPEND", 9, 412, "VALID"),
        ("SUSPEND", 1, 200, "SUSPENDED"),
        ("SUSPEND", 2, 409, "SUSPENDED"),
        ("RESTORE", 2, 200, "VALID"),
    ] {
        let answer = client.act(&id, action, version).await;
        assert_eq!(answer.status, status, "{action} {version}: {}", answer.body);
        assert_eq!(client.status(&id).await.0, wanted, "{action} {version}");
    }
    let stale = Options { if_match: Some("\"1\"".to_owned()), ..Options::default() };
    let path = format!("/v1/licences/{id}/transitions");
    assert_eq!(client.send("POST", &path, &transition("SUSPEND", 3), &stale).await.status, 412);
    let answer = client.post(&format!("/v1/licences/{id}/reissue"), &reissue(3)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let new = answer.body["licence"]["certificateIdentifier"].as_str().unwrap().to_owned();
    assert_eq!(answer.body["licence"]["previousCertificateIdentifier"], json!(id));
    assert_eq!(client.status(&id).await.0, "SUPERSEDED");
    assert_eq!(client.status(&new).await, ("VALID".to_owned(), 1));
    assert_eq!(client.post("/v1/verify/attributes", &verification(&new)).await.body["result"], "VALID");
    assert_eq!(client.act(&new, "REVOKE", 1).await.status, 200);
    assert_eq!(client.act(&new, "DESTROY", 2).await.status, 200);
    let metadata = json!({"attributes": ["name"], "use": stated_use()});
    assert_eq!(client.post(&format!("/v1/licences/{new}/metadata"), &metadata).await.status, 410);
    let verdict = client.post("/v1/verify/attributes", &verification(&new)).await.body;
    assert_eq!(verdict["reasons"], json!(["LICENCE_DESTROYED"]));
    client.server.shutdown().await;
}

#[tokio::test]
async fn a_key_is_answered_once() {
    let client = Client::start(config()).await;
    let options = Options { key: Some("22222222-0000-4000-8000-000000000001".to_owned()), ..Options::default() };
    let first = client.send("POST", "/v1/licences", &issue(NUMBER), &options).await;
    let again = client.send("POST", "/v1/licences", &issue(NUMBER), &options).await;
    assert_eq!((first.status, first.replay, again.status, again.replay), (201, false, 201, true));
    assert_eq!(first.body, again.body);
    let other = client.send("POST", "/v1/licences", &issue(OTHER_NUMBER), &options).await;
    assert_eq!((other.status, &other.body["code"]), (422, &json!("IDEMPOTENCY_MISMATCH")));
}

#[tokio::test]
async fn races_leave_one_licence() {
    let client = Client::start(config()).await;
    let body = issue(NUMBER);
    let both = futures::future::join_all((0..8).map(|_| client.post("/v1/licences", &body))).await;
    let mut statuses: Vec<u16> = both.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn a_corrected_number_makes_no_second_live_licence() {
    let client = Client::start(config()).await;
    client.issue(OTHER_NUMBER).await;
    let id = client.issue(NUMBER).await;
    let mut body = reissue(1);
    body["reason"] = json!("ISSUED_IN_ERROR");
    body["changes"] = holder(OTHER_NUMBER);
    let answer = client.post(&format!("/v1/licences/{id}/reissue"), &body).await;
    assert_eq!((answer.status, &answer.body["code"]), (409, &json!("STATE_CONFLICT")));
    assert_eq!(client.status(&id).await.0, "VALID");
}

#[tokio::test]
async fn a_nonce_is_spent_by_what_is_answered_but_not_by_what_is_throttled() {
    let client = Client::start(config()).await;
    let id = client.issue(NUMBER).await;
    let options = |text: &str| Options { nonce: Some(b64url(text.as_bytes())), ..Options::default() };
    let path = "/v1/verify/attributes";
    let right = verification(&id);
    assert_eq!(client.send("POST", path, &right, &options("0123456789abcdef")).await.status, 200);
    let replayed = client.send("POST", path, &right, &options("0123456789abcdef")).await;
    assert_eq!((replayed.status, &replayed.body["code"]), (401, &json!("REPLAYED_REQUEST")));
    let mut wrong = verification(&id);
    wrong["assert"]["birthDate"] = json!("1990-03-08");
    for _ in 0..60 {
        assert_eq!(client.post(path, &wrong).await.body["reasons"], json!(["ATTR_MISMATCH"]));
    }
    for _ in 0..2 {
        let throttled = client.send("POST", path, &right, &options("fedcba9876543210")).await;
        assert_eq!((throttled.status, &throttled.body["code"]), (429, &json!("RATE_LIMITED")));
    }
}

#[tokio::test]
async fn batch_items_are_in_the_audit() {
    let client = Client::start(config()).await;
    let id = client.issue(NUMBER).await;
    let item = |id: &str, request: Value| json!({"itemId": id, "kind": "ATTRIBUTES", "request": request});
    let mut odd = verification(&id);
    odd["assert"]["测试甲"] = json!("a name that is a value");
    let body = json!({"items": [item("a", verification(&id)), item("b", odd), item("c", json!({}))]});
    let answer = client.post("/v1/verify/batch", &body).await.body;
    assert_eq!(answer["items"][0]["verifyResult"]["result"], "VALID");
    assert_eq!(answer["items"][1]["verifyResult"]["reasons"], json!(["ATTR_INSUFFICIENT"]));
    assert_eq!(answer["items"][2]["error"]["code"], "INVALID_REQUEST");
    let search = json!({"certificateIdentifier": id, "from": "2020-01-01T00:00:00Z", "to": "2120-01-01T00:00:00Z"});
    let entries = client.post("/v1/audit/search", &search).await.body["entries"].clone();
    let seen: Vec<&str> = entries.as_array().unwrap().iter().map(|e| e["operation"].as_str().unwrap()).collect();
    assert_eq!(seen, ["issuer.issue", "verifier.attributes", "verifier.attributes"]);
    assert!(!entries.to_string().contains("测试甲"), "{entries}");
}

#[tokio::test]
async fn test_controls() {
    let client = Client::start(config()).await;
    let persona = |action: &str, state: &str| json!({"action": action, "personas": [{"personaRef": "p-1", "holder": holder(NUMBER), "state": state}]});
    for state in ["NOT_ACTIVE", "VALID", "SUSPENDED", "EXPIRED", "SUPERSEDED", "REVOKED", "DESTROYED"] {
        let answer = client.post("/v1/test/personas", &persona("CREATE", state)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let id = answer.body["personas"][0]["certificateIdentifier"].as_str().unwrap().to_owned();
        assert_eq!(client.status(&id).await.0, state);
    }
    let id = client.post("/v1/test/personas", &persona("CREATE", "VALID")).await.body["personas"][0]
        ["certificateIdentifier"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(client.clock(&json!({"offsetMs": 7_200_000})).await.status, 200);
    let path = format!("/v1/licences/{id}/transitions");
    let late = client.send("POST", &path, &transition("SUSPEND", 1), &Options::default()).await;
    assert_eq!((late.status, &late.body["code"]), (401, &json!("CLOCK_SKEW")));
    let ahead = Options { ahead_ms: 7_200_000, ..Options::default() };
    assert_eq!(client.send("POST", &path, &transition("SUSPEND", 1), &ahead).await.status, 200);
    assert_eq!(client.clock(&json!({"fixed": "2099-01-01T00:00:00+08:00"})).await.status, 200);
    assert_eq!(client.status(&id).await, ("EXPIRED".to_owned(), 3));
    assert_eq!(client.clock(&json!({"fixed": "9999-12-31T23:59:59+08:00"})).await.status, 200);
    assert_eq!(client.status(&id).await, ("EXPIRED".to_owned(), 3));
    assert_eq!(client.clock(&json!({"reset": true})).await.status, 200);
    assert_eq!(client.status(&id).await, ("SUSPENDED".to_owned(), 2));
    let reset = json!({"action": "RESET", "personas": [{"personaRef": "p-1"}]});
    let again = client.post("/v1/test/personas", &reset).await.body["personas"][0]["certificateIdentifier"].clone();
    assert_eq!(client.status(again.as_str().unwrap()).await, ("VALID".to_owned(), 1));
}

#[tokio::test]
async fn oversized_bodies_are_answered_and_test_controls_can_be_off() {
    let off = Client::start(Config { test_mode: false, ..config() }).await;
    assert_eq!(off.clock(&json!({"reset": true})).await.status, 404);
    let client = Client::start(config()).await;
    for size in [131_073, 2_000_000] {
        let answer = client.post("/v1/licences", &json!({"pad": "x".repeat(size)})).await;
        assert_eq!((answer.status, &answer.body["code"]), (413, &json!("TOO_LARGE")), "{size}");
    }
}

#[tokio::test]
async fn nodes_and_restarts_share_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Config { data_dir: Some(folder.path().to_owned()), nodes: 2, ..config() };
    let mut client = Client::start(kept()).await;
    let id = client.issue(NUMBER).await;
    client.base = client.server.urls()[1].clone();
    assert_eq!(client.status(&id).await.0, "VALID");
    client.server.shutdown().await;
    let client = Client::start(kept()).await;
    assert_eq!(client.status(&id).await.0, "VALID");
    assert_eq!(client.post("/v1/licences", &issue(NUMBER)).await.status, 409);
}
