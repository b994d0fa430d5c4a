//! Stand-in vendor gamma: one endpoint, JSON in strings, requests and answers signed with SM2, answers
//! encrypted to the caller where it asks for that. HTTP 200 for everything. The wire is invented by us.
//!
//! `POST /gateway.do`, JSON {app_id, method, version, timestamp, nonce, sign_type, enc_type?, biz_content,
//! sign}. `biz_content` and `biz_response` are texts that hold JSON; with `enc_type` `SM2` the answer's
//! is hex of `C1 ‖ C3 ‖ C2` to the caller's key. The answer's `sign` is over `biz_response` as sent.
//!
//! Kept on purpose, because products do it: numbers as texts, `Y` and `N`, empty members as `""`, `\u`
//! escapes for everything beyond ASCII.

use std::fmt::Write as _;

use axum::response::Response;
use bytes::Bytes;
use ecric_gm::encoding::b64;
use ecric_gm::sm2::{DEFAULT_ID, PublicKey, sign};
use ecric_model::binding::{ErrorCode, Operation};
use serde_json::{Map, Value, json};

use crate::errors::ApiError;
use crate::vendors::china::{from_canonical, write_spaced};
use crate::vendors::{Ask, Core, ENVELOPE, keys, respond};

mod envelope;
mod loading;
mod verify;
mod words;

pub(crate) use loading::Transactions;

/// A refusal in gamma's words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    code: &'static str,
    sub_code: &'static str,
    message: String,
    /// Members of `biz_content` at fault, joined by a bar.
    bad: String,
}

impl Refusal {
    fn new(code: &'static str, message: &str) -> Self {
        Self { code, sub_code: "", message: message.to_owned(), bad: String::new() }
    }

    /// 40002 for one member.
    fn invalid(member: &str, message: &str) -> Self {
        Self { bad: member.to_owned(), ..Self::new("40002", message) }
    }
}

impl From<ApiError> for Refusal {
    /// What the core refuses; `bad` names members as gamma calls them.
    fn from(error: ApiError) -> Self {
        let missing = error.details.first().is_some_and(|detail| detail.issue == "missing");
        let (code, sub_code) = match error.code {
            ErrorCode::InvalidRequest if missing => ("40001", ""),
            ErrorCode::Forbidden => ("40006", ""),
            ErrorCode::NotFound => ("40004", "ECARD.NONE"),
            ErrorCode::HolderAuthRequired => ("40004", "ECARD.WHO"),
            ErrorCode::HolderAuthFailed => ("40004", "ECARD.PIN"),
            ErrorCode::HolderAuthLocked => ("40004", "ECARD.LOCK"),
            ErrorCode::ConsentRequired => ("40004", "ECARD.AGREE"),
            ErrorCode::StateConflict => ("40004", "ECARD.STATE"),
            ErrorCode::CodeUsed => ("40004", "ECARD.REPLAY"),
            ErrorCode::CodeExpired => ("40004", "ECARD.TIMEOUT"),
            ErrorCode::Gone => ("40004", "ECARD.UNBOUND"),
            ErrorCode::ScopeExceeded => ("40004", "ECARD.SCOPE"),
            ErrorCode::Destroyed => ("40004", "ECARD.GONE"),
            ErrorCode::RateLimited => ("40004", "ECARD.BUSY"),
            ErrorCode::TooLarge => ("40002", "ECARD.SIZE"),
            ErrorCode::Internal => ("20000", "ECARD.FAULT"),
            ErrorCode::Unavailable | ErrorCode::NotSupported => ("20000", ""),
            _ => ("40002", ""),
        };
        let bad: Vec<&str> = error.details.iter().map(|detail| verify::member(&detail.field)).collect();
        Self { code, sub_code, message: error.message, bad: bad.join("|") }
    }
}

/// Members of `biz_response` beside `code` and its kin.
type Answer = Result<Map<String, Value>, Refusal>;

/// Answers one request.
pub(crate) async fn answer(core: &Core<'_>, body: Result<Bytes, ApiError>) -> Response {
    let opened = match body {
        Ok(body) => envelope::open(core, &body).await,
        Err(error) => Err((error.into(), None)),
    };
    match opened {
        Ok(call) => {
            let outcome = perform(core, &call.method, &call.content).await;
            seal(core, outcome, call.answer_key.as_ref())
        }
        Err((refusal, key)) => seal(core, Err(refusal), key.as_ref()),
    }
}

async fn perform(core: &Core<'_>, method: &str, content: &Map<String, Value>) -> Answer {
    match method {
        "ecard.capability.query" => capabilities(core).await,
        "ecard.state.query" => state(core, content).await,
        "ecard.file.verify" => verify::file(core, content).await,
        "ecard.attr.verify" => verify::attributes(core, content).await,
        "ecard.holder.begin" => loading::begin(core, content).await,
        "ecard.holder.complete" => loading::complete(core, content).await,
        "ecard.holder.remove" => loading::remove(core, content).await,
        "ecard.code.create" => loading::create(core, content).await,
        "ecard.code.consume" => loading::consume(core, content).await,
        "ecard.code.verify" => loading::check(core, content).await,
        "ecard.trx.begin" => loading::trx_begin(core, content).await,
        "ecard.trx.status" => loading::trx_status(core, content),
        "ecard.trx.fetch" => loading::trx_fetch(core, content),
        "ecard.uses.query" => loading::uses(core, content).await,
        _ => Err(Refusal::invalid("method", "no such method")),
    }
}

/// Signs an answer, encrypted where there is a key.
fn seal(core: &Core<'_>, outcome: Answer, key: Option<&PublicKey>) -> Response {
    let mut members = Map::new();
    let refusal = outcome.as_ref().err();
    let mut put = |name: &str, text: &str| drop(members.insert(name.to_owned(), json!(text)));
    put("code", refusal.map_or("10000", |refusal| refusal.code));
    put("msg", if refusal.is_some() { "Failed" } else { "Success" });
    put("sub_code", refusal.map_or("", |refusal| refusal.sub_code));
    put("sub_msg", refusal.map_or("", |refusal| &refusal.message));
    put("bad", refusal.map_or("", |refusal| &refusal.bad));
    members.extend(outcome.unwrap_or_default());
    let mut text = escaped(&Value::Object(members).to_string());
    if let Some(key) = key {
        text = keys::encrypt(core.shared, key, &text);
    }
    let signature = sign(&keys::derived("GAMMA-GATEWAY"), DEFAULT_ID, text.as_bytes());
    let Ok(signature) = signature else { return respond(200, "application/json", "{}") };
    let enc_type = if key.is_some() { "SM2" } else { "" };
    let body = json!({"biz_response": text, "enc_type": enc_type, "sign": b64(signature.as_raw())});
    respond(200, "application/json;charset=UTF-8", body.to_string())
}

/// JSON with `\u` escapes for everything beyond ASCII.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// What the core answers with 2xx, else what it refuses.
async fn ask(core: &Core<'_>, operation: Operation, ask: Ask) -> Result<Value, Refusal> {
    let reply = core.ask(core.app(0), operation, ask).await?;
    let body = reply.body.unwrap_or_default();
    if (200..300).contains(&reply.status) { Ok(body) } else { Err(refused(&body).into()) }
}

/// A refusal that the core wrote as a body.
fn refused(body: &Value) -> ApiError {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let code = ErrorCode::parse(body["code"].as_str().unwrap_or_default()).unwrap_or(ErrorCode::Internal);
    let mut error = ApiError::new(code, &text(&body["message"]));
    let details = body["details"].as_array().into_iter().flatten();
    error.details = details
        .map(|detail| crate::errors::Detail { field: text(&detail["field"]), issue: text(&detail["issue"]) })
        .collect();
    error
}

async fn capabilities(core: &Core<'_>) -> Answer {
    let body = ask(core, Operation::Capabilities, Ask::default()).await?;
    let offered =
        ["attributes", "presentation", "clock_control", "persona_control", "trust_control", "fault_injection"];
    let features = body["features"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let features: Vec<&str> = features.filter(|feature| offered.contains(feature)).collect();
    let limits = &body["limits"];
    let members = json!({
        "name": "gamma gateway",
        "ver": text_of(&body["version"]),
        "roles": "verifier|loader",
        "funcs": features.join("|"),
        "now": from_canonical(body["serverTime"].as_str().unwrap_or_default(), write_spaced),
        "trial": yes_no(body["testMode"] == true),
        "max_body": limits["bodyBytes"].as_u64().unwrap_or_default().saturating_sub(ENVELOPE).to_string(),
        "max_diff": text_of(&limits["throttle"]["mismatchesPerMinute"]),
        "max_none": text_of(&limits["throttle"]["unknownHoldersPer10s"]),
        "max_guess": text_of(&limits["throttle"]["unknownCodesPer10s"]),
    });
    Ok(members.as_object().cloned().unwrap_or_default())
}

async fn state(core: &Core<'_>, content: &Map<String, Value>) -> Answer {
    let id = content.get("licence").and_then(Value::as_str);
    let Some(id) = id else { return Err(Refusal { bad: "licence".to_owned(), ..Refusal::new("40001", "missing") }) };
    let body = ask(core, Operation::Status, Ask { id: id.to_owned(), ..Ask::default() }).await?;
    let members = json!({
        "licence": text_of(&body["certificateIdentifier"]),
        "state": words::state(body["certificateStatus"].as_str().unwrap_or_default()),
        "seq": text_of(&body["statusVersion"]),
        "since": from_canonical(body["statusTime"].as_str().unwrap_or_default(), write_spaced),
        "at": from_canonical(body["thisUpdate"].as_str().unwrap_or_default(), write_spaced),
        "until": from_canonical(body["nextUpdate"].as_str().unwrap_or_default(), write_spaced),
    });
    Ok(members.as_object().cloned().unwrap_or_default())
}

/// A text or a number as text; empty for everything else.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

const fn yes_no(yes: bool) -> &'static str {
    if yes { "Y" } else { "N" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_beyond_ascii_is_escaped() {
        assert_eq!(escaped("{\"n\":\"甲\u{20bb7}\"}"), "{\"n\":\"\\u7532\\ud842\\udfb7\"}");
    }

    #[test]
    fn refusals_of_the_core_have_words() {
        for (error, code, sub_code, bad) in [
            (ApiError::invalid("assert", "missing"), "40001", "", "claims"),
            (ApiError::invalid("mime", "not application/ofd"), "40002", "", "type"),
            (ApiError::new(ErrorCode::NotFound, "x"), "40004", "ECARD.NONE", ""),
            (ApiError::rate_limited(3), "40004", "ECARD.BUSY", ""),
            (ApiError::new(ErrorCode::TooLarge, "x"), "40002", "ECARD.SIZE", ""),
            (ApiError::new(ErrorCode::NotSupported, "x"), "20000", "", ""),
        ] {
            let refusal = Refusal::from(error);
            assert_eq!((refusal.code, refusal.sub_code, refusal.bad.as_str()), (code, sub_code, bad));
        }
    }
}
