//! A started vendor and what its tests send: persons, and test controls signed as binding v1 wants them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(dead_code, unreachable_pub, reason = "each test file uses what it needs")]

use std::sync::Once;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use ecric_gm::encoding::b64url;
use ecric_gm::hmac_sm3::Key;
use ecric_gm::sm3;
use ecric_model::published::{ALL, REFERENCE};
use ecric_model::requirement::Role;
use ecric_reference::{Behaviour, Config, Server, Vendor};
use serde_json::{Value, json};
use time::OffsetDateTime;

pub const NUMBER: &str = "110199199003070017";
static COUNTER: AtomicU64 = AtomicU64::new(1);
static PROVIDER: Once = Once::new();
/// Seconds that [`shifted_time`] runs ahead. For the one test of a file about what ends with time.
pub static AHEAD_S: AtomicI64 = AtomicI64::new(0);

/// Real time for servers whose clock a test moves.
pub fn shifted_time() -> OffsetDateTime {
    OffsetDateTime::now_utc() + time::Duration::seconds(AHEAD_S.load(Ordering::SeqCst))
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

/// A vendor's server.
pub struct Vendored {
    pub base: String,
    http: reqwest::Client,
    _server: Server,
}

impl Vendored {
    pub async fn start(vendor: Vendor) -> Self {
        Self::start_at(vendor, OffsetDateTime::now_utc).await
    }

    pub async fn start_at(vendor: Vendor, clock: fn() -> OffsetDateTime) -> Self {
        PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
        let config = Config {
            roles: vec![Role::Issuer, Role::SharingService, Role::Verifier],
            test_mode: true,
            data_dir: None,
            behaviour: Behaviour::default(),
            nodes: 1,
            control_free_node: false,
            clock,
            seed: [7; 32],
            apps: ALL.to_vec(),
            vendor: Some(vendor),
        };
        let server = Server::start(config, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { base: server.urls()[0].clone(), http: reqwest::Client::new(), _server: server }
    }

    /// One call; `path` may be a whole address.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = self.http.request(method.parse().unwrap(), url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status, headers, bytes, body }
    }

    /// A test control, signed with the published key.
    pub async fn control(&self, method: &str, path: &str, body: &Value) -> Answer {
        let raw = body.to_string().into_bytes();
        let nonce = b64url(&[&[1; 8][..], &COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes()].concat());
        let timestamp = (OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).to_string();
        let text = [method, path, "", REFERENCE.app, &timestamp, &nonce, &sm3::digest_hex(&raw)].join("\n");
        let signature = b64url(&Key::from_hex(REFERENCE.key_hex).unwrap().mac(text.as_bytes()));
        let headers = [
            ("x-ecric-app", REFERENCE.app),
            ("x-ecric-timestamp", &timestamp),
            ("x-ecric-nonce", &nonce),
            ("x-ecric-signature", &signature),
            ("content-type", "application/json"),
        ];
        self.send(method, path, &headers, raw).await
    }
}

/// A fresh idempotency key.
pub fn key() -> String {
    format!("00000000-0000-4000-8000-{:012x}", COUNTER.fetch_add(1, Ordering::Relaxed))
}

pub fn holder() -> Value {
    json!({"name": "测试甲", "sex": "1", "ethnicity": "01", "birthDate": "1990-03-07", "address": "测试省测试市测试路1号",
        "idNumber": NUMBER, "issuingAuthority": "测试市公安局测试分局"})
}

/// T3: registers the person in a state; the licence identifier.
pub async fn register(vendor: &Vendored, state: &str) -> String {
    let body = json!({"action": "CREATE", "personas": [{"personaRef": "p-1", "holder": holder(), "state": state}]});
    let answer = vendor.control("POST", "/v1/test/personas", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["personas"][0]["certificateIdentifier"].as_str().unwrap().to_owned()
}
