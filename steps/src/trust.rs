//! Trust of a verifier under test: the suite's root is installed, and shown to be what decides.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ecric_counterpart::Counterpart;
use ecric_gm::encoding::b64;
use ecric_model::Text;
use ecric_model::binding::{Limits, Operation};
use ecric_model::exchange::Exchange;
use ecric_model::ics::{Feature, Ics};
use ecric_model::requirement::Role;
use ecric_target::{Answer, Body, Call, CaseConnection, Target};
use ecric_vectors::licence_file::{default_person, make_base};
use ecric_vectors::pki::{AUTHORITY_A, BAD, TestPki, trust_list};
use serde_json::{Value, json};

/// What cases about files need, made once for a run.
pub struct TrustSetUp {
    /// The suite's own test PKI, with the published keys.
    pub pki: Arc<TestPki>,
    /// What the harness serves.
    pub counterpart: Counterpart,
    /// Why files cannot be judged, if so.
    pub failed: Option<Text>,
}

/// The trust list for test control T1: the suite's root, everything that may stand between, revocation data.
#[must_use]
pub fn installed_list(pki: &TestPki, counterpart: &Counterpart, mode: &str) -> Value {
    let mut list = trust_list(pki);
    list["mode"] = json!(mode);
    let mut between = list["intermediates"].as_array().cloned().unwrap_or_default();
    let mut lists: Vec<Value> = Vec::new();
    for (_, der) in pki.lists().unwrap_or_default() {
        lists.push(json!(b64(&der)));
    }
    for (id, ..) in BAD {
        let Ok(Some(signer)) = pki.bad(id) else { continue };
        between.extend(signer.support.iter().map(|certificate| json!({"der": b64(certificate.der())})));
        lists.extend(signer.lists.iter().map(|der| json!(b64(der))));
    }
    list["intermediates"] = json!(between);
    list["crls"] = json!(lists);
    list["ocsp"] = json!([format!("{}/ocsp", counterpart.base())]);
    let base = format!("{}/v1", counterpart.base());
    list["issuers"] = json!([{"code": AUTHORITY_A.1, "name": AUTHORITY_A.0, "statusBase": base}]);
    list
}

/// A verification of a file that leaves the licence status aside.
#[must_use]
pub fn verification(file: &[u8], status: &str) -> Value {
    json!({"content": b64(file), "mime": "application/ofd", "policy": {"checkStatus": status}})
}

/// Starts the counterpart, installs the suite's root and checks that a good file is then VALID.
///
/// # Errors
/// Only for faults of ours: keys, listener.
pub async fn set_up(target: &Arc<Target>, ics: &Ics, limits: &Limits) -> Result<(TrustSetUp, Vec<Exchange>), String> {
    let pki = Arc::new(TestPki::published().map_err(|error| error.to_string())?);
    let clock = {
        let target = Arc::clone(target);
        Arc::new(move || target.target_now())
    };
    let counterpart = Counterpart::start(Arc::clone(&pki), clock, SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .map_err(|error| error.to_string())?;
    let connection = CaseConnection::open(Arc::clone(target), "", Duration::from_secs(60));
    let mut set_up = TrustSetUp { pki, counterpart, failed: None };
    let controlled = ics.capabilities.features.contains(&Feature::TrustControl);
    if ics.plays(Role::Verifier) && controlled {
        set_up.failed = install(&connection, &set_up, limits).await.err();
    }
    Ok((set_up, connection.take_exchanges()))
}

async fn install(connection: &CaseConnection, set_up: &TrustSetUp, limits: &Limits) -> Result<(), Text> {
    let list = installed_list(&set_up.pki, &set_up.counterpart, "ADD");
    let size = list.to_string().len() as u64;
    if limits.body_bytes.is_some_and(|limit| limit < size) {
        return Err(Text::new(
            format!("the trust list has {size} bytes, more than limits.bodyBytes"),
            format!("信任列表为 {size} 字节，超过 limits.bodyBytes"),
        ));
    }
    let answer = send(connection, Operation::TestTrustAnchors, list).await?;
    if !answer.is_success() {
        return Err(told("test.trust_anchors", &answer));
    }
    let good = make_base(&set_up.pki, "orig", &default_person()).map_err(|error| Text::same(error.to_string()))?;
    let answer = send(connection, Operation::VerifyFile, verification(&good.unwrap_or_default(), "NONE")).await?;
    let result = answer.json.as_ref().and_then(|json| json["result"].as_str());
    if result == Some("VALID") {
        return Ok(());
    }
    Err(Text::new(
        format!("a good file under the suite's root is not VALID after the root was installed ({})", answer.evidence),
        format!("安装套件根证书后，良好文件未被判为VALID（{}）", answer.evidence),
    ))
}

async fn send(connection: &CaseConnection, operation: Operation, body: Value) -> Result<Answer, Text> {
    let call = Call::new(operation, None, Body::Json(body));
    connection.call(call).await.map_err(|error| Text::same(error.to_string()))
}

fn told(operation: &str, answer: &Answer) -> Text {
    let summary = answer.transport_error.clone().unwrap_or_else(|| answer.status.to_string());
    Text::new(
        format!("{operation} answered {summary} ({})", answer.evidence),
        format!("{operation} 应答 {summary}（{}）", answer.evidence),
    )
}
