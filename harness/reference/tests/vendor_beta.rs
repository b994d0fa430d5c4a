//! Stand-in vendor beta over loopback: its wire as the target file `beta.yaml` meets it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod vendor_support;

use std::sync::atomic::Ordering;

use ecric_gm::encoding::b64;
use ecric_gm::sm3;
use ecric_reference::Vendor;
use serde_json::{Value, json};
use vendor_support::{AHEAD_S, Answer, NUMBER, Vendored, key, register, shifted_time};

struct Beta {
    vendor: Vendored,
    token: String,
}

fn form(client: &str, secret: &str) -> Vec<u8> {
    format!("grant_type=client_credentials&client_id={client}&client_secret={secret}&scope=all").into_bytes()
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

impl Beta {
    async fn start() -> Self {
        Self::start_as("beta-client-1", "beta-test-secret").await
    }

    async fn start_as(client: &str, secret: &str) -> Self {
        Self::log_in(Vendored::start(Vendor::Beta).await, client, secret).await
    }

    async fn log_in(vendor: Vendored, client: &str, secret: &str) -> Self {
        let answer = vendor.send("POST", "/oauth/token", &[FORM], form(client, secret)).await;
        assert_eq!((answer.status, &answer.body["expires_in"]), (200, &json!(900)), "{}", answer.body);
        let token = answer.body["access_token"].as_str().unwrap().to_owned();
        Self { vendor, token }
    }

    async fn call(&self, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(more);
        if body.is_null() {
            return self.vendor.send(method, path, &headers, Vec::new()).await;
        }
        headers.push(("content-type", "application/json"));
        self.vendor.send(method, path, &headers, body.to_string().into_bytes()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[("idempotency-key", &key())], body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], &Value::Null).await
    }

    /// Issues, waits for the job; the job's last answer.
    async fn issue(&self, body: &Value) -> Value {
        let answer = self.post("/licences", body).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        let path = answer.header("location");
        assert_eq!(path, format!("/jobs/{}", answer.body["job"].as_str().unwrap()));
        assert_eq!(self.get(&path).await.body["state"], "RUNNING");
        self.get(&path).await.body
    }

    async fn patch(&self, id: &str, rev: &str, body: &Value) -> Answer {
        let headers = [("idempotency-key", key()), ("if-match", format!("\"{rev}\""))];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.call("PATCH", &format!("/licences/{id}/state"), &headers, body).await
    }
}

fn subject() -> Value {
    json!({"fullName": "测试甲", "gender": "M", "group": "01", "born": "1990-03-07", "residence": "测试省测试市测试路1号",
        "nationalId": NUMBER, "authority": "测试市公安局测试分局"})
}

fn clerk() -> Value {
    json!({"org": "11100000000013127D", "role": "window"})
}

fn issue() -> Value {
    json!({"kind": "ID_CARD", "subject": subject(), "documents": ["ofd"], "live": true, "clerk": clerk()})
}

fn purpose() -> Value {
    json!({"text": "一致性测试", "system": "ecric"})
}

fn problem(answer: &Answer) -> (u16, &str, Vec<&str>) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.body);
    assert_eq!(json!(answer.header("x-problem")), answer.body["type"]);
    let word = answer.body["type"].as_str().unwrap().strip_prefix("urn:beta:problem:").unwrap();
    let fields = answer.body["fields"].as_array().unwrap();
    (answer.status, word, fields.iter().map(|field| field.as_str().unwrap()).collect())
}

#[tokio::test]
async fn tokens_are_given_to_known_clients_for_fifteen_minutes() {
    let vendor = Vendored::start_at(Vendor::Beta, shifted_time).await;
    let beta = Beta::log_in(vendor, "beta-client-1", "beta-test-secret").await;
    for (client, secret) in [("beta-client-1", "beta-test-secre"), ("beta-client-3", "beta-test-secret"), ("", "")] {
        let answer = beta.vendor.send("POST", "/oauth/token", &[FORM], form(client, secret)).await;
        assert_eq!(problem(&answer).0, 401, "{client}");
    }
    let answer = beta.vendor.send("POST", "/oauth/token", &[FORM], b"grant_type=password".to_vec()).await;
    assert_eq!(problem(&answer), (400, "bad-member", vec!["grant_type"]));
    assert_eq!(beta.get("/trust").await.status, 200);
    AHEAD_S.store(880, Ordering::SeqCst);
    assert_eq!(beta.get("/trust").await.status, 200);
    AHEAD_S.store(901, Ordering::SeqCst);
    let ended = beta.get("/trust").await;
    AHEAD_S.store(0, Ordering::SeqCst);
    assert_eq!(problem(&ended), (401, "who-are-you", vec![]));
    let altered = format!("Bearer {}", beta.token.replacen('0', "1", 1));
    let refused = beta.vendor.send("GET", "/trust", &[("authorization", &altered)], Vec::new()).await;
    assert_eq!(problem(&refused), (401, "who-are-you", vec![]));
    // The test control moves the product's clock, not the life of tokens.
    let moved = beta.vendor.control("PUT", "/v1/test/clock", &json!({"offsetMs": 86_400_000})).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    assert_eq!(beta.get("/trust").await.status, 200);
}

#[tokio::test]
async fn about_needs_no_token() {
    let beta = Beta::start().await;
    let about = beta.vendor.send("GET", "/about", &[], Vec::new()).await.body;
    assert_eq!(about["roles"], json!(["issuer", "verifier"]));
    assert!(about["now"].as_str().unwrap().ends_with('Z'), "{about}");
    assert_eq!((&about["maxBody"], &about["schemes"]), (&json!(131_072), &json!(["oauth2"])));
    assert_eq!(problem(&beta.get("/nowhere").await).1, "nothing-here");
    assert_eq!(problem(&beta.call("PUT", "/about", &[], &json!({})).await).1, "wrong-verb");
}

#[tokio::test]
async fn a_licence_lives_and_ends() {
    let beta = Beta::start().await;
    let done = beta.issue(&issue()).await;
    assert_eq!(done["state"], "DONE", "{done}");
    let licence = &done["licence"];
    assert_eq!(
        (&licence["rev"], &licence["state"], &licence["subject"]["gender"]),
        (&json!("1"), &json!("ACTIVE"), &json!("M"))
    );
    let id = licence["id"].as_str().unwrap();
    let state = beta.get(&format!("/licences/{id}/state")).await;
    assert_eq!((state.status, state.header("etag"), &state.body["state"]), (200, "\"1\"".to_owned(), &json!("ACTIVE")));
    assert!(state.body["since"].as_str().unwrap().ends_with('Z') && state.body.get("sig").is_none(), "{}", state.body);
    let path = format!("/licences/{id}/state");
    let unchanged = beta.call("GET", &path, &[("if-none-match", "\"1\"")], &Value::Null).await;
    assert_eq!((unchanged.status, unchanged.bytes.len()), (304, 0));

    let failed = beta.issue(&issue()).await;
    assert_eq!(
        (&failed["state"], &failed["problem"]["type"]),
        (&json!("FAILED"), &json!("urn:beta:problem:wrong-state"))
    );

    let hold = json!({"state": "ON_HOLD", "because": "card_lost", "clerk": clerk()});
    assert_eq!(problem(&beta.patch(id, "9", &hold).await).1, "somebody-was-faster");
    let held = beta.patch(id, "1", &hold).await;
    assert_eq!((held.status, &held.body["state"], &held.body["rev"]), (200, &json!("ON_HOLD"), &json!("2")));
    let wake = |was: &str| json!({"state": "ACTIVE", "was": was, "because": "card_found", "clerk": clerk()});
    assert_eq!(problem(&beta.patch(id, "2", &wake("PENDING")).await).1, "wrong-state");
    assert_eq!(problem(&beta.patch(id, "2", &json!({"state": "LAPSED"})).await), (400, "bad-member", vec!["state"]));
    assert_eq!(beta.patch(id, "2", &wake("ON_HOLD")).await.body["state"], "ACTIVE");
    let later = json!({"state": "ON_HOLD", "because": "risk", "clerk": clerk(), "from": "2099-01-01T00:00:00Z"});
    let ordered = beta.patch(id, "3", &later).await;
    assert_eq!((ordered.status, &ordered.body["later"]["at"]), (202, &json!("2099-01-01T00:00:00Z")));

    let renewal =
        json!({"because": "damaged", "documents": ["ofd"], "clerk": clerk(), "changes": {"residence": "测试路2号"}});
    let headers = [("idempotency-key", key()), ("if-match", "\"3\"".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let renewed = beta.call("POST", &format!("/licences/{id}/renewals"), &headers, &renewal).await;
    assert_eq!((renewed.status, renewed.bytes.len()), (201, 0), "{}", renewed.body);
    let note = beta.get(&renewed.header("location")).await.body;
    assert_eq!(note["replaces"], json!({"id": id, "state": "REPLACED"}));
    assert_eq!(note["licence"]["subject"]["residence"], "测试路2号");
    let again = beta.call("POST", &format!("/licences/{id}/renewals"), &headers, &renewal).await;
    assert_eq!(
        (again.header("location"), again.header("idempotency-replayed")),
        (renewed.header("location"), "true".to_owned())
    );

    let new = note["id"].as_str().unwrap();
    let revoked =
        beta.patch(new, "1", &json!({"state": "REVOKED", "because": "holder_request", "clerk": clerk()})).await;
    assert_eq!(revoked.body["state"], "REVOKED");
    let headers = [("idempotency-key", key()), ("if-match", "\"2\"".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let destroy = json!({"because": "retention", "clerk": clerk()});
    let erased = beta.call("DELETE", &format!("/licences/{new}"), &headers, &destroy).await;
    assert_eq!((erased.status, erased.bytes.len()), (204, 0), "{}", erased.body);
    assert_eq!(beta.get(&format!("/licences/{new}/state")).await.body["state"], "ERASED");
    let disclosure = json!({"fields": ["fullName"], "purpose": purpose()});
    assert_eq!(
        problem(&beta.post(&format!("/licences/{new}/disclosures"), &disclosure).await),
        (410, "erased", vec![])
    );
}

#[tokio::test]
async fn a_key_is_answered_once() {
    let beta = Beta::start().await;
    let key = key();
    let headers = [("idempotency-key", key.as_str())];
    let first = beta.call("POST", "/licences", &headers, &issue()).await;
    let again = beta.call("POST", "/licences", &headers, &issue()).await;
    assert_eq!((first.status, again.status, &first.body["job"]), (202, 202, &again.body["job"]));
    assert_eq!(
        (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
        (String::new(), "true".to_owned())
    );
    let mut other = issue();
    other["clerk"]["role"] = json!("other");
    assert_eq!(problem(&beta.call("POST", "/licences", &headers, &other).await).1, "key-reused");
    let none = beta.call("POST", "/licences", &[], &issue()).await;
    assert_eq!(problem(&none), (400, "bad-member", vec!["Idempotency-Key"]));
}

#[tokio::test]
async fn faults_name_betas_members() {
    let beta = Beta::start().await;
    let mut bad = issue();
    bad["subject"]["fullName"] = json!("测".repeat(51));
    assert_eq!(problem(&beta.post("/licences", &bad).await), (400, "bad-member", vec!["subject.fullName"]));
    let mut bad = issue();
    bad["clerk"]["org"] = json!("11100000000013127E");
    assert_eq!(problem(&beta.post("/licences", &bad).await).2, ["clerk.org"]);
    let mut bad = issue();
    bad["documents"] = json!(["pdf"]);
    assert_eq!(problem(&beta.post("/licences", &bad).await).1, "no-such-document-type");
    let id = register(&beta.vendor, "VALID").await;
    let path = format!("/licences/{id}/disclosures");
    let unknown = json!({"fields": ["shoeSize"], "purpose": purpose()});
    assert_eq!(problem(&beta.post(&path, &unknown).await).2, ["fields[0]"]);
    assert_eq!(problem(&beta.post(&path, &json!({"fields": []})).await).2, ["purpose"]);
    let query = json!({"nationalId": NUMBER, "purpose": purpose(), "limit": 0});
    assert_eq!(problem(&beta.post("/licence-queries", &query).await).2, ["limit"]);
    let plain =
        beta.vendor.send("POST", &path, &[("authorization", &format!("Bearer {}", beta.token))], b"{}".to_vec()).await;
    assert_eq!(problem(&plain).0, 415);
}

#[tokio::test]
async fn disclosures_queries_and_events() {
    let beta = Beta::start().await;
    let id = register(&beta.vendor, "VALID").await;
    let disclosure = json!({"fields": ["fullName", "over18"], "purpose": purpose()});
    let told = beta.post(&format!("/licences/{id}/disclosures"), &disclosure).await;
    assert_eq!((told.status, &told.body["subject"]), (200, &json!({"fullName": "测试甲", "over18": true})));
    assert_eq!((&told.body["kindCode"], &told.body["holderKind"]), (&json!("11100000000013127D001"), &json!("111")));
    let query = |states: Value| json!({"nationalId": NUMBER, "purpose": purpose(), "states": states});
    let hits = beta.post("/licence-queries", &query(json!(["ACTIVE"]))).await;
    assert!(hits.header("etag").starts_with("W/\""));
    let hit = json!({"id": id, "kind": "ID_CARD", "kindCode": "11100000000013127D001", "state": "ACTIVE"});
    assert_eq!(hits.body["hits"], json!([hit]));
    assert_eq!(beta.post("/licence-queries", &query(json!(["REVOKED"]))).await.body["hits"], json!([]));
    let span = json!({"licence": id, "from": "2020-01-01T00:00:00Z", "to": "2120-01-01T00:00:00Z"});
    let events = beta.post("/events/query", &span).await.body["events"].clone();
    let last = events.as_array().unwrap().iter().find(|event| event["what"] == "licence.disclosed").unwrap();
    assert_eq!((&last["outcome"], &last["fields"]), (&json!("done"), &json!(["fullName", "over18"])), "{events}");
    assert_eq!(last["purpose"]["text"], "一致性测试");
    assert!(!events.to_string().contains("测试甲"));
}

#[tokio::test]
async fn documents_come_as_bytes_or_links() {
    let beta = Beta::start().await;
    let id = register(&beta.vendor, "VALID").await;
    let path = format!("/licences/{id}/original");
    let original = beta.call("GET", &path, &[("accept", "application/ofd")], &Value::Null).await;
    assert_eq!((original.status, original.header("content-type")), (200, "application/ofd".to_owned()));
    let digest = |bytes: &[u8]| sm3::digest(bytes).to_vec();
    assert_eq!(original.header("digest"), format!("sm3={}", b64(&digest(&original.bytes))));
    let pdf = beta.call("GET", &path, &[("accept", "application/pdf")], &Value::Null).await;
    assert_eq!(problem(&pdf).1, "no-such-document-type");
    let link = beta.post(&path, &json!({"type": "ofd"})).await;
    assert_eq!((link.status, link.body["bytes"].as_u64().unwrap()), (201, original.bytes.len() as u64));
    let href = link.body["href"].as_str().unwrap();
    assert_eq!(beta.vendor.send("GET", href, &[], Vec::new()).await.bytes, original.bytes);
    assert_eq!(beta.vendor.send("GET", href, &[], Vec::new()).await.status, 410);
    let wanted = json!({"purpose": purpose(), "until": "2048-12-31T15:59:59Z"});
    let copy = beta.post(&format!("/licences/{id}/copies"), &wanted).await;
    assert!(copy.body["made"].as_str().unwrap().ends_with('Z'), "{}", copy.body);
    let bytes = beta.vendor.send("GET", copy.body["href"].as_str().unwrap(), &[], Vec::new()).await.bytes;
    assert_eq!(sm3::digest_hex(&bytes), copy.body["sm3"]);
    let late = json!({"purpose": purpose(), "until": "2020-01-01T00:00:00Z"});
    assert_eq!(problem(&beta.post(&format!("/licences/{id}/copies"), &late).await).2, ["copy.until"]);

    let check = json!({"document": b64(&original.bytes), "mediaType": "application/ofd", "status": "STRICT"});
    let verdict = beta.post("/verifications", &check).await.body;
    assert_eq!(
        (&verdict["outcome"], &verdict["basis"], &verdict["form"]),
        (&json!("ACCEPT"), &json!("REGISTRY"), &json!("ORIGINAL"))
    );
    assert_eq!(verdict["stages"].as_object().unwrap().len(), 12);
    assert!(verdict["checks"].as_array().unwrap().iter().all(|check| check["ok"] == true));
    let mut other = check.clone();
    other["expect"] = json!({"licence": "1.2.156.3005.2.x"});
    let verdict = beta.post("/verifications", &other).await.body;
    let bad: Vec<&Value> = verdict["checks"].as_array().unwrap().iter().filter(|check| check["ok"] == false).collect();
    assert_eq!(
        (&verdict["outcome"], bad),
        (&json!("REJECT"), vec![&json!({"code": "OTHER", "ok": false, "stage": "contents"})])
    );
}

/// Members may stand in any order, within members too.
fn by_code(verdict: &Value) -> Vec<String> {
    let checks = verdict["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["ok"] != true).map(|check| check["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn claims_alone_and_in_batches() {
    let beta = Beta::start().await;
    let id = register(&beta.vendor, "SUSPENDED").await;
    let claims = |born: &str| json!({"licence": id, "purpose": purpose(), "claims": {"fullName": "测试甲", "nationalId": NUMBER, "born": born}});
    let verdict = beta.post("/verifications/attributes", &claims("1990-03-07")).await.body;
    assert_eq!((&verdict["outcome"], by_code(&verdict)), (&json!("REJECT"), vec!["HOLD".to_owned()]));
    let verdict = beta.post("/verifications/attributes", &claims("1990-03-08")).await.body;
    assert_eq!(verdict["claims"], json!({"fullName": "TRUE", "nationalId": "TRUE", "born": "FALSE"}));
    assert_eq!(by_code(&verdict), ["HOLD", "CLAIM"]);
    let few = json!({"kind": "ID_CARD", "nationalId": NUMBER, "purpose": purpose(), "claims": {"fullName": "测试甲"}});
    let verdict = beta.post("/verifications/attributes", &few).await.body;
    assert_eq!((&verdict["outcome"], by_code(&verdict)), (&json!("UNSURE"), vec!["TOO_LITTLE".to_owned()]));
    let entry = |name: &str, mut entry: Value| {
        entry["ref"] = json!(name);
        entry
    };
    let file = json!({"document": "AA==", "mediaType": "application/ofd", "status": "OFF"});
    let batch =
        json!({"entries": [entry("a", claims("1990-03-07")), entry("b", json!({"licence": id})), entry("c", file)]});
    let entries = beta.post("/verification-batches", &batch).await.body["entries"].clone();
    let refs: Vec<&str> = entries.as_array().unwrap().iter().map(|entry| entry["ref"].as_str().unwrap()).collect();
    assert_eq!(refs, ["a", "b", "c"]);
    assert_eq!((&entries[0]["outcome"], &entries[2]["outcome"]), (&json!("REJECT"), &json!("REJECT")));
    assert_eq!(entries[1]["problem"]["type"], "urn:beta:problem:bad-member");
    assert_eq!(by_code(&entries[2]), ["CONTAINER"]);
    let twice = json!({"entries": [entry("a", claims("1990-03-07")), entry("a", claims("1990-03-07"))]});
    assert_eq!(problem(&beta.post("/verification-batches", &twice).await).2, ["entries[1].ref"]);
}

#[tokio::test]
async fn the_second_client_has_no_right_to_originals() {
    let beta = Beta::start_as("beta-client-2", "beta-other-test-secret").await;
    let id = register(&beta.vendor, "VALID").await;
    let path = format!("/licences/{id}/original");
    assert_eq!(problem(&beta.get(&path).await), (403, "not-yours", vec![]));
    let copy = json!({"purpose": purpose()});
    assert_eq!(beta.post(&format!("/licences/{id}/copies"), &copy).await.status, 201);
}

#[tokio::test]
async fn trust_and_lists_are_in_betas_form() {
    let beta = Beta::start().await;
    let trust = beta.get("/trust").await.body;
    let uses: Vec<&str> = trust["anchors"].as_array().unwrap().iter().map(|one| one["use"].as_str().unwrap()).collect();
    assert_eq!(uses, ["root", "ca", "licences", "copies", "states", "presentation"]);
    assert!(
        trust["signature"]["value"].is_string() && trust["revocations"][0].as_str().unwrap().starts_with("http://")
    );
    let list = beta.get("/status-lists/1").await.body;
    assert_eq!((&list["width"], &list["entries"]), (&json!(2), &json!(65_536)));
    assert_eq!(problem(&beta.get("/status-lists/2").await).1, "nothing-here");
}
