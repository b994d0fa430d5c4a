//! The loading end of gamma (`ecard.holder.*`, `ecard.code.*`, `ecard.uses.query`) and the consent transaction
//! (`ecard.trx.*`): a scan begins it, the caller polls, then fetches. Objects travel as texts that hold JSON.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ecric_gm::encoding::hex;
use ecric_model::binding::{ErrorCode, Operation};
use serde_json::{Map, Value, json};

use super::verify::{flag, text, written};
use super::{Answer, Refusal, ask, refused, text_of, words};
use crate::vendors::china::{from_canonical, parse_spaced, write_spaced};
use crate::vendors::{Ask, Core};

/// How long the outcome of a transaction is kept.
const KEPT: Duration = Duration::from_secs(300);
/// How long a transaction waits before it says what became of it.
const WAITS: Duration = Duration::from_millis(40);
/// Most transactions kept.
const MOST: usize = 2_000;

/// Consent transactions by number.
#[derive(Debug, Default)]
pub(crate) struct Transactions {
    open: Mutex<HashMap<String, (Instant, Value)>>,
}

impl Transactions {
    fn put(&self, number: String, result: Value) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST {
            open.retain(|_, (began, _)| began.elapsed() < KEPT);
        }
        open.insert(number, (Instant::now(), result));
    }

    fn get(&self, number: &str) -> Option<(Duration, Value)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(number).map(|(began, result)| (began.elapsed(), result.clone()))
    }
}

fn need<'a>(content: &'a Map<String, Value>, name: &str) -> Result<&'a str, Refusal> {
    text(content, name)?.ok_or_else(|| Refusal { bad: name.to_owned(), ..Refusal::new("40001", "missing") })
}

/// A text that holds JSON; empty is absent.
fn inner(content: &Map<String, Value>, name: &str) -> Result<Option<Value>, Refusal> {
    let Some(text) = text(content, name)? else { return Ok(None) };
    serde_json::from_str(text).map(Some).map_err(|_| Refusal::invalid(name, "no JSON"))
}

/// Names joined by a bar, as scope names.
fn names(content: &Map<String, Value>, name: &str) -> Result<Vec<String>, Refusal> {
    let joined = text(content, name)?.unwrap_or_default();
    Ok(joined.split('|').filter(|part| !part.is_empty()).map(|part| words::long(part).to_owned()).collect())
}

/// `way`, `trx`, `pin`, `token`: how the holder authenticates; absent where there is no way.
fn holder_auth(content: &Map<String, Value>) -> Result<Option<Value>, Refusal> {
    let Some(way) = text(content, "way")? else { return Ok(None) };
    let mut auth = json!({"method": way, "transactionId": text(content, "trx")?.unwrap_or_default()});
    for (name, canonical) in [("pin", "pin"), ("token", "evidence")] {
        if let Some(value) = text(content, name)? {
            auth[canonical] = json!(value);
        }
    }
    Ok(Some(auth))
}

fn with_auth(content: &Map<String, Value>, mut body: Value) -> Result<Value, Refusal> {
    if let Some(auth) = holder_auth(content)? {
        body["holderAuth"] = auth;
    }
    if let Some(proof) = inner(content, "proof")? {
        body["deviceProof"] = proof;
    }
    Ok(body)
}

fn stated_use(content: &Map<String, Value>) -> Result<Value, Refusal> {
    Ok(json!({"certificateCopyCause": need(content, "cause")?, "certificateSystemName": need(content, "sys")?}))
}

fn spaced(value: &Value) -> String {
    from_canonical(value.as_str().unwrap_or_default(), write_spaced)
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// `ecard.holder.begin`: the challenge is a success here.
pub(super) async fn begin(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let body = json!({"certificateIdentifier": need(content, "licence")?, "deviceId": need(content, "device")?});
    let reply = core.ask(core.app(0), Operation::Load, Ask { body, ..Ask::default() }).await?;
    let body = reply.body.unwrap_or_default();
    if reply.status != 401 || body["challenge"].is_null() {
        return Err(refused(&body).into());
    }
    let ways = body["methods"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(members(json!({"challenge": text_of(&body["challenge"]), "until": spaced(&body["challengeExpiresAt"]),
        "ways": ways.collect::<Vec<_>>().join("|")})))
}

/// `ecard.holder.complete`.
pub(super) async fn complete(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let mut body = json!({"certificateIdentifier": need(content, "licence")?, "deviceId": need(content, "device")?});
    if let Some(key) = text(content, "pubkey")? {
        body["devicePublicKey"] = json!(key);
    }
    let body = with_auth(content, body)?;
    let done = ask(core, Operation::Load, Ask { body, ..Ask::default() }).await?;
    Ok(members(json!({"card_no": text_of(&done["loadedLicenceId"]), "bind": text_of(&done["deviceBinding"]),
        "until": spaced(&done["expiresAt"])})))
}

/// `ecard.code.create`.
pub(super) async fn create(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let agree = flag(content, "agree", true)?;
    let mut body = json!({"loadedLicenceId": need(content, "card_no")?, "mode": "ONLINE",
        "decision": if agree { "APPROVE" } else { "DENY" }, "approvedAttributes": names(content, "fields")?});
    if let Some(request) = inner(content, "req")? {
        body["request"] = request;
    }
    let confirmed = names(content, "confirm")?;
    if !confirmed.is_empty() {
        body["confirmedAttributes"] = json!(confirmed);
    }
    let body = with_auth(content, body)?;
    let done = ask(core, Operation::Present, Ask { body, ..Ask::default() }).await?;
    if done["denied"] == true {
        let mut told = members(done);
        told.remove("denied");
        told.insert("refused".to_owned(), json!("Y"));
        return Ok(told);
    }
    let granted = done["grantedAttributes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(members(json!({"show": text_of(&done["code"]), "code_id": text_of(&done["codeId"]),
        "at": spaced(&done["issuedAt"]), "until": spaced(&done["expiresAt"]),
        "fields": granted.collect::<Vec<_>>().join("|")})))
}

/// `ecard.code.consume`.
pub(super) async fn consume(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let mut body = json!({"code": need(content, "code")?, "audience": need(content, "audience")?,
        "wanted": names(content, "fields")?, "use": stated_use(content)?});
    if let Some(nonce) = text(content, "nonce")? {
        body["nonce"] = json!(nonce);
    }
    let done = ask(core, Operation::Redeem, Ask { body, ..Ask::default() }).await?;
    Ok(members(json!({"data": pairs(&done["attributes"]), "state": words::state(&text_of(&done["certificateStatus"])),
        "since": spaced(&done["statusTime"]), "code_id": text_of(&done["codeId"]), "evidence": done["issuerEvidence"]})))
}

/// Attributes as pairs of `k` and `v`.
fn pairs(attributes: &Value) -> Value {
    let members = attributes.as_object().into_iter().flatten();
    json!(members.map(|(name, value)| json!({"k": name, "v": value})).collect::<Vec<_>>())
}

async fn verify_now(core: &Core<'_>, content: &Map<String, Value>) -> Result<Value, Refusal> {
    let mut body = json!({"code": need(content, "code")?, "audience": need(content, "audience")?,
        "scene": need(content, "scene")?, "wanted": names(content, "fields")?, "use": stated_use(content)?,
        "offline": flag(content, "offline", false)?});
    if let Some(nonce) = text(content, "nonce")? {
        body["nonce"] = json!(nonce);
    }
    ask(core, Operation::VerifyPresentation, Ask { body, ..Ask::default() }).await
}

fn verified(result: &Value) -> Map<String, Value> {
    let mut told = written(result);
    // Attributes go out as pairs.
    told.remove("attributes");
    told.insert("data".to_owned(), pairs(&result["attributes"]));
    told
}

/// `ecard.code.verify`.
pub(super) async fn check(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    verify_now(core, content).await.map(|result| verified(&result))
}

/// `ecard.trx.begin`: the scan; what comes of it is polled for.
pub(super) async fn trx_begin(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let result = verify_now(core, content).await?;
    let number = hex(&core.shared.seal(&format!("trx {}", core.shared.clock.real().unix_timestamp_nanos())));
    core.shared.gamma_transactions.put(number.clone(), result);
    Ok(members(json!({"trx": number})))
}

fn transaction(core: &Core<'_>, content: &Map<String, Value>) -> Result<(Duration, Value), Refusal> {
    let found = core.shared.gamma_transactions.get(need(content, "trx")?);
    found.ok_or_else(|| crate::errors::ApiError::new(ErrorCode::NotFound, "no such transaction").into())
}

/// `ecard.trx.status`: 1 waiting; 2 settled, with what came of it.
pub(super) fn trx_status(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let (since, result) = transaction(core, content)?;
    if since < WAITS {
        return Ok(members(json!({"status": "1"})));
    }
    let mut told = verified(&result);
    told.insert("status".to_owned(), json!("2"));
    Ok(told)
}

/// `ecard.trx.fetch`.
pub(super) fn trx_fetch(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    transaction(core, content).map(|(_, result)| verified(&result))
}

/// `ecard.uses.query`.
pub(super) async fn uses(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let mut body = json!({"loadedLicenceId": need(content, "card_no")?});
    for name in ["from", "to"] {
        let at = parse_spaced(need(content, name)?).ok_or_else(|| Refusal::invalid(name, "wanted a time"))?;
        body[name] = json!(ecric_licence::instant::write_instant(at));
    }
    let body = with_auth(content, body)?;
    let done = ask(core, Operation::Uses, Ask { body, ..Ask::default() }).await?;
    let rows: Vec<Value> = done["entries"].as_array().into_iter().flatten().map(row).collect();
    Ok(members(json!({"rows": rows})))
}

fn row(entry: &Value) -> Value {
    let fields = entry["attributes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    json!({"no": text_of(&entry["entryId"]), "t": spaced(&entry["time"]), "kind": text_of(&entry["kind"]),
        "who": text_of(&entry["audience"]), "name": text_of(&entry["audienceName"]),
        "scene": text_of(&entry["scene"]), "use": entry["use"],
        "fields": fields.collect::<Vec<_>>(),
        "agree": match entry["decision"].as_str() { Some("APPROVE") => "Y", Some("DENY") => "N", _ => "" },
        "ok": text_of(&entry["result"])})
}

/// `ecard.holder.remove`.
pub(super) async fn remove(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let id = need(content, "card_no")?.to_owned();
    let mut body = with_auth(content, json!({}))?;
    if let Some(reason) = text(content, "reason")? {
        body["reason"] = json!(reason);
    }
    ask(core, Operation::Unload, Ask { id, body, ..Ask::default() }).await?;
    Ok(members(json!({"removed": "Y"})))
}
