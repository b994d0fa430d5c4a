//! A server under test and its test controls, signed as binding v1 wants it.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use ecric_gm::encoding::b64url;
use ecric_gm::hmac_sm3::Key;
use ecric_gm::sm3;
use ecric_model::published::{ALL, REFERENCE};
use ecric_model::requirement::Role;
use ecric_reference::{Behaviour, Config, Server, Vendor};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// A citizen number of a made-up person.
pub const NUMBER: &str = "110199199003070017";
static COUNTER: AtomicU64 = AtomicU64::new(1);
static PROVIDER: Once = Once::new();

/// A running server and a client.
pub struct Target {
    pub http: reqwest::Client,
    pub base: String,
    _server: Server,
}

/// Unique within the test process.
pub fn count() -> u64 {
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

impl Target {
    pub async fn start(vendor: Option<Vendor>, behaviour: Behaviour) -> Self {
        PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
        let config = Config {
            roles: vec![Role::Issuer, Role::SharingService, Role::Verifier],
            test_mode: true,
            data_dir: None,
            behaviour,
            nodes: 1,
            control_free_node: false,
            clock: OffsetDateTime::now_utc,
            seed: [7; 32],
            apps: ALL.to_vec(),
            vendor,
        };
        let server = Server::start(config, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { http: reqwest::Client::new(), base: server.urls()[0].clone(), _server: server }
    }

    /// A call of binding v1, signed by the first application: status and body.
    pub async fn native(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let raw = body.to_string().into_bytes();
        let nonce = b64url(&[&[9; 8][..], &count().to_be_bytes()].concat());
        let timestamp = (OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).to_string();
        let text = [method, path, "", REFERENCE.app, &timestamp, &nonce, &sm3::digest_hex(&raw)].join("\n");
        let signature = b64url(&Key::from_hex(REFERENCE.key_hex).unwrap().mac(text.as_bytes()));
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.base));
        let request = request
            .header("X-Ecric-App", REFERENCE.app)
            .header("X-Ecric-Timestamp", timestamp)
            .header("X-Ecric-Nonce", nonce)
            .header("X-Ecric-Signature", signature)
            .header("Idempotency-Key", format!("00000000-0000-4000-8000-{:012x}", count()))
            .header("Content-Type", "application/json")
            .body(raw);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
    }

    /// A person with a licence in a state: its identifier.
    pub async fn person(&self, state: &str) -> String {
        let holder = json!({"name": "测试\u{20bb7}", "sex": "1", "ethnicity": "01", "birthDate": "1990-03-07",
            "address": "测试省测试市测试路1号", "idNumber": NUMBER, "issuingAuthority": "测试市公安局测试分局"});
        let body = json!({"action": "CREATE", "personas": [{"personaRef": "P", "holder": holder, "state": state}]});
        let (status, answer) = self.native("POST", "/v1/test/personas", &body).await;
        assert_eq!(status, 201, "{answer}");
        answer["personas"][0]["certificateIdentifier"].as_str().unwrap_or_default().to_owned()
    }

    /// Posts JSON: the answer, which comes with HTTP 200 whatever happens.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.base)).header("Content-Type", "application/json");
        let response = request.body(body.to_string()).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }
}
