//! Trust of a verifier under test: the suite's root is installed, and shown to be what decides.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ecric_counterpart::Counterpart;
use ecric_gm::encoding::b64;
use ecric_model::Text;
use ecric_model::binding::{Limits, Operation};
use ecric_model::evidence::Recorded;
use ecric_model::ics::{Feature, Ics};
use ecric_model::requirement::Role;
use ecric_target::{Answer, Body, Call, CaseConnection, Target, TargetError};
use ecric_vectors::licence_file::{default_person, find_attack, make_base};
use ecric_vectors::pki::{AUTHORITY_A, LOADER, SUPPORTED, TestPki, trust_list};
use serde_json::{Value, json};

/// Stands for a case in the evidence of the set-up.
pub const SET_UP: &str = "set-up";
/// The same of the end of a run.
const TEAR_DOWN: &str = "tear-down";

/// What cases about files need, made once for a run.
pub struct TrustSetUp {
    /// The suite's own test PKI, with the published keys.
    pub pki: Arc<TestPki>,
    /// What the harness serves.
    pub counterpart: Counterpart,
    /// True if the target was asked to trust the suite's root.
    pub installed: bool,
    /// Why files cannot be judged, if so.
    pub failed: Option<Text>,
    /// Set if a file under a root that was never installed was VALID: no verdict on another attack
    /// means anything then.
    pub trusts_others: Option<Text>,
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
    for id in SUPPORTED {
        let Ok((support, more)) = pki.support(id) else { continue };
        between.extend(support.iter().map(|certificate| json!({"der": b64(certificate.der())})));
        lists.extend(more.iter().map(|der| json!(b64(der))));
    }
    list["intermediates"] = json!(between);
    list["crls"] = json!(lists);
    list["ocsp"] = json!([format!("{}/ocsp", counterpart.base())]);
    let base = format!("{}/v1", counterpart.base());
    list["relyingParties"] = crate::loading::listed_parties(pki);
    let loader = pki.get("XG09");
    list["loaders"] = json!([{"iss": LOADER.1, "name": LOADER.0, "redeemUrl": counterpart.redeem_url(),
        "kids": [loader.certificate.kid()]}]);
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
pub async fn set_up(
    target: &Arc<Target>,
    ics: &Ics,
    limits: &Limits,
    by_hand: bool,
) -> Result<(TrustSetUp, Vec<Recorded>), String> {
    let pki = Arc::new(TestPki::published().map_err(|error| error.to_string())?);
    let clock = {
        let target = Arc::clone(target);
        Arc::new(move || target.target_now())
    };
    let told = target.settings().counterpart();
    let listen = told.listen.as_deref().and_then(|text| text.parse().ok());
    let listen = listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    let counterpart = Counterpart::start(Arc::clone(&pki), clock, listen)
        .await
        .map_err(|error| format!("{listen}: {error}"))?
        .reached_at(told.base.as_deref());
    let connection = CaseConnection::open(Arc::clone(target), SET_UP, Duration::from_secs(60));
    let mut set_up = TrustSetUp { pki, counterpart, installed: false, failed: None, trusts_others: None };
    let hooked = target.settings().is_hooked(Operation::TestTrustAnchors);
    let controlled = hooked || ics.capabilities.features.contains(&Feature::TrustControl);
    if ics.plays(Role::Verifier) && (controlled || by_hand) {
        // A root that somebody installed by hand is not ours to take away.
        set_up.installed = !by_hand;
        let shown = match by_hand {
            true => handshake(&connection, &set_up).await,
            false => install(&connection, &set_up, limits).await,
        };
        match shown {
            Ok(trusts_others) => set_up.trusts_others = trusts_others,
            Err(reason) => set_up.failed = Some(reason),
        }
    }
    if ics.plays(Role::Loader) && !ics.plays(Role::Verifier) && controlled {
        // A loading end learns which relying parties it may answer; nothing about files is judged.
        let list = installed_list(&set_up.pki, &set_up.counterpart, "ADD");
        set_up.installed = send(&connection, Operation::TestTrustAnchors, list).await.is_ok();
    }
    Ok((set_up, connection.take_recorded()))
}

/// Takes the suite's root back from the target: it must not stay trusted after a run. What the
/// target answers is in the evidence and judges nothing.
pub async fn tear_down(target: &Arc<Target>, set_up: &TrustSetUp) -> Vec<Recorded> {
    if !set_up.installed {
        return Vec::new();
    }
    let connection = CaseConnection::open(Arc::clone(target), TEAR_DOWN, Duration::from_secs(20));
    let list = installed_list(&set_up.pki, &set_up.counterpart, "REMOVE");
    let _ = send(&connection, Operation::TestTrustAnchors, list).await;
    connection.take_recorded()
}

/// The handshake: a good file under the installed root must be VALID; one under a root that looks like
/// it, or under an unknown one, must not. `Ok(Some(_))` says which of these was VALID.
async fn install(connection: &CaseConnection, set_up: &TrustSetUp, limits: &Limits) -> Result<Option<Text>, Text> {
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
    handshake(connection, set_up).await
}

/// A good file under the suite's root is VALID, files under other roots are not.
async fn handshake(connection: &CaseConnection, set_up: &TrustSetUp) -> Result<Option<Text>, Text> {
    let fault = |error: String| Text::same(error);
    let good = make_base(&set_up.pki, "orig", &default_person()).map_err(|error| fault(error.to_string()))?;
    let (result, evidence) = result_of(connection, &good.unwrap_or_default()).await?;
    if result != "VALID" {
        return Err(Text::new(
            format!("a good file under the suite's root is not VALID after the root was installed ({evidence})"),
            format!("安装套件根证书后，良好文件未被判为VALID（{evidence}）"),
        ));
    }
    for (attack, en, zh) in
        [("K02", "a root that looks like the suite's", "仿冒根"), ("K01", "an unknown root", "未知根")]
    {
        let found = find_attack(attack).ok_or_else(|| fault(format!("no attack is called {attack:?}")))?;
        let file = found.make(&set_up.pki, &default_person()).map_err(|error| fault(error.to_string()))?;
        let (result, evidence) = result_of(connection, &file).await?;
        if result == "VALID" {
            return Ok(Some(Text::new(
                format!("the verifier trusts {en} ({evidence})"),
                format!("查验方信任{zh}（{evidence}）"),
            )));
        }
    }
    Ok(None)
}

async fn result_of(connection: &CaseConnection, file: &[u8]) -> Result<(String, String), Text> {
    let answer = send(connection, Operation::VerifyFile, verification(file, "NONE")).await?;
    let result = answer.json.as_ref().and_then(|json| json["result"].as_str()).unwrap_or_default().to_owned();
    Ok((result, answer.evidence))
}

async fn send(connection: &CaseConnection, operation: Operation, body: Value) -> Result<Answer, Text> {
    let call = Call::new(operation, None, Body::Json(body));
    connection.call(call).await.map_err(|error| match error {
        TargetError::Mapping(gap) => gap.text(),
        TargetError::Hook(text) | TargetError::Limit(text) => text,
        other => Text::same(other.to_string()),
    })
}

fn told(operation: &str, answer: &Answer) -> Text {
    let summary = answer.transport_error.clone().unwrap_or_else(|| answer.status.to_string());
    Text::new(
        format!("{operation} answered {summary} ({})", answer.evidence),
        format!("{operation} 应答 {summary}（{}）", answer.evidence),
    )
}
