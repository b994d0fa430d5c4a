//! Beta's calls about one licence: issue, disclose, hand out, change, renew.

use ecric_gm::encoding::{b64, from_b64, from_hex};
use ecric_model::binding::{ErrorCode, Operation};
use ecric_model::published::ID_CARD_TYPE_CODE;
use serde_json::{Map, Value, json};

use super::translate::{self, picked};
use super::{Asked, Content, Page, Told, problems, words};
use crate::errors::ApiError;
use crate::router;
use crate::vendors::Ask;

/// Beta's word for the one kind of licence.
pub(super) const KIND: &str = "ID_CARD";
/// Header of a repeated answer.
const REPLAYED: &str = "idempotency-replayed";

/// A kind as binding v1 names it.
pub(super) fn type_code(kind: &Value) -> Value {
    if kind == KIND { json!(ID_CARD_TYPE_CODE) } else { kind.clone() }
}

/// Exchanges the value of a member that is there.
pub(super) fn exchange(members: &mut Map<String, Value>, name: &str, exchange: impl Fn(&Value) -> Value) {
    if let Some(value) = members.get_mut(name) {
        *value = exchange(value);
    }
}

impl Asked<'_> {
    fn key(&self) -> Result<Option<String>, ApiError> {
        router::idempotency_key(self.core.shared, self.core.header("idempotency-key"))
    }

    /// Name of what a key led to: the same for the same key and the same result.
    fn note(&self, kind: &str, key: Option<&str>, result: &str) -> String {
        let key = key.map_or_else(|| router::fresh_id(self.core.shared), str::to_owned);
        ecric_gm::encoding::hex(&self.core.shared.seal(&format!("{kind} {} {key} {result}", self.app.app)))
    }

    /// `If-Match` as the version that is expected.
    fn expected(&self, members: &mut Map<String, Value>) {
        if let Some(tag) = self.core.header("if-match") {
            members.insert("expectedStatusVersion".to_owned(), translate::version(tag));
        }
    }
}

fn replayed(page: Page, told: &Told) -> Page {
    if told.replay { page.with(REPLAYED, "true") } else { page }
}

/// `POST /licences`: 202 and a job. A job that fails does so because of the licences there are.
pub(super) async fn issue(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let mut members = picked(
        &body,
        &[
            ("holder", "subject"),
            ("personaRef", "person"),
            ("certificateTypeCode", "kind"),
            ("certificateIssuingAuthorityCode", "office"),
            ("certificateEffectiveDate", "startsOn"),
            ("certificateExpiringDate", "endsOn"),
            ("previousCertificateIdentifier", "follows"),
            ("formats", "documents"),
            ("activate", "live"),
            ("operator", "clerk"),
        ],
    );
    exchange(&mut members, "holder", translate::holder);
    exchange(&mut members, "certificateTypeCode", type_code);
    exchange(&mut members, "operator", translate::operator);
    let key = asked.key()?;
    let ask = Ask { body: members.into(), key: key.clone(), ..Ask::default() };
    let (told, note) = match asked.ask(Operation::Issue, ask).await {
        Ok(told) => {
            let note = issued(&told.body);
            (Some(told), note)
        }
        Err(error) if error.code == ErrorCode::StateConflict => (None, json!({"problem": problems::body(&error)})),
        Err(error) => return Err(error),
    };
    let job = asked.note("job", key.as_deref(), note["licence"]["id"].as_str().unwrap_or_default());
    asked.core.shared.beta_desk.put(&job, note);
    let page = Page::json(202, json!({"job": job})).with("location", format!("/jobs/{job}"));
    Ok(match told {
        Some(told) => replayed(page, &told),
        None => page,
    })
}

fn issued(body: &Value) -> Value {
    let mut licence = translate::licence(&body["licence"]);
    licence["kind"] = json!(KIND);
    licence["documents"] = documents(&body["files"]);
    json!({"licence": licence})
}

fn documents(files: &Value) -> Value {
    let one = |file: &Value| json!({"type": file["format"], "bytes": file["size"], "sm3": file["sm3"]});
    files.as_array().map(|files| files.iter().map(one).collect()).unwrap_or_default()
}

/// `GET /jobs/{job}`: RUNNING once, then what became of it.
pub(super) fn job(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let (mut body, before) = noted(asked)?;
    if before == 0 {
        return Ok(Page::json(200, json!({"job": asked.id, "state": "RUNNING"})));
    }
    body["job"] = json!(asked.id);
    body["state"] = json!(if body.get("problem").is_some() { "FAILED" } else { "DONE" });
    Ok(Page::json(200, body))
}

fn noted(asked: &Asked<'_>) -> Result<(Value, u32), ApiError> {
    let nothing = || ApiError::new(ErrorCode::NotFound, "nothing of this name");
    asked.core.shared.beta_desk.get(&asked.id).ok_or_else(nothing)
}

/// `POST /licences/{id}/disclosures`: the fields asked for and no others.
pub(super) async fn disclose(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let mut members = picked(&body, &[("attributes", "fields"), ("use", "purpose")]);
    exchange(&mut members, "attributes", |value| translate::neutral_list(words::ATTRIBUTES, value));
    exchange(&mut members, "use", translate::stated_use);
    let ask = Ask { id: asked.id.clone(), body: members.into(), ..Ask::default() };
    let told = asked.ask(Operation::Metadata, ask).await?;
    Ok(Page::json(200, translate::licence(&told.body["licence"])))
}

fn file_request(format: &str, delivery: &str) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("format".to_owned(), json!(format));
    members.insert("delivery".to_owned(), json!(delivery));
    members
}

/// A link to a document as beta answers it.
fn link(told: &Told) -> Page {
    let body = &told.body;
    let mut answer = json!({
        "href": body["content"],
        "expires": translate::utc(&body["urlExpiresAt"]),
        "type": body["mime"],
        "bytes": body["size"],
        "sm3": body["sm3"],
    });
    if let Some(made) = body.get("certificateCopyCreationTime") {
        answer["made"] = translate::utc(made);
    }
    Page::json(201, answer)
}

/// `POST /licences/{id}/copies`: an annotated copy behind a link that works once.
pub(super) async fn copy(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let mut copy = picked(&body, &[("use", "purpose"), ("certificateCopyExpiringTime", "until")]);
    exchange(&mut copy, "use", translate::stated_use);
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("ofd");
    let mut members = file_request(kind, "URL");
    members.insert("copy".to_owned(), copy.into());
    let ask = Ask { id: asked.id.clone(), body: members.into(), ..Ask::default() };
    Ok(link(&asked.ask(Operation::File, ask).await?))
}

/// `GET /licences/{id}/original`: the bytes, in the type that `Accept` names.
pub(super) async fn original(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let accepted = asked.core.header("accept").unwrap_or_default();
    let kind = accepted.strip_prefix("application/").unwrap_or("ofd");
    let ask = Ask { id: asked.id.clone(), body: file_request(kind, "INLINE").into(), ..Ask::default() };
    let told = asked.ask(Operation::File, ask).await?;
    let text = |name: &str| told.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let bytes = from_b64(text("content")).unwrap_or_default();
    let digest = from_hex(text("sm3")).unwrap_or_default();
    let content = Content::Bytes("application/ofd", bytes);
    Ok(Page { status: 200, headers: Vec::new(), content }.with("digest", format!("sm3={}", b64(&digest))))
}

/// `POST /licences/{id}/original`: the same behind a link that works once.
pub(super) async fn original_link(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let kind = body.get("type").and_then(Value::as_str).unwrap_or("ofd");
    let ask = Ask { id: asked.id.clone(), body: file_request(kind, "URL").into(), ..Ask::default() };
    Ok(link(&asked.ask(Operation::File, ask).await?))
}

/// `GET /licences/{id}/state`. Binding v1's signature covers binding v1's form, so it is left out.
pub(super) async fn state(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let if_none_match = asked.core.header("if-none-match").map(str::to_owned);
    let mut told = asked.ask(Operation::Status, Ask { id: asked.id.clone(), if_none_match, ..Ask::default() }).await?;
    if let Some(members) = told.body.as_object_mut() {
        members.remove("sig");
    }
    let page = if told.status == 304 { Page::empty(304) } else { Page::json(200, translate::licence(&told.body)) };
    Ok(page.with("etag", told.tag.unwrap_or_default()))
}

/// The action behind a change from one state to another.
fn action(state: &Value, was: &Value) -> Option<&'static str> {
    match (state.as_str()?, was.as_str()) {
        ("ACTIVE", Some("PENDING")) => Some("ACTIVATE"),
        ("ACTIVE", Some("ON_HOLD")) => Some("RESTORE"),
        ("ON_HOLD", _) => Some("SUSPEND"),
        ("REVOKED", _) => Some("REVOKE"),
        _ => None,
    }
}

/// `PATCH /licences/{id}/state`: {state, was, because, from, clerk}. A change ordered for later is 202.
pub(super) async fn change_state(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let nothing = Value::Null;
    let member = |name: &str| body.get(name).unwrap_or(&nothing);
    let action = action(member("state"), member("was"))
        .ok_or_else(|| ApiError::invalid("action", "no change leads there from the state in was"))?;
    let told = transition(asked, &body, action).await?;
    let status = if told.body.get("scheduled").is_some() { 202 } else { 200 };
    Ok(replayed(Page::json(status, translate::licence(&told.body)), &told))
}

/// `DELETE /licences/{id}`: {because, clerk}. 204.
pub(super) async fn destroy(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let told = transition(asked, &body, "DESTROY").await?;
    Ok(replayed(Page::empty(204), &told))
}

async fn transition(asked: &Asked<'_>, body: &Value, action: &str) -> Result<Told, ApiError> {
    let mut members = picked(body, &[("reason", "because"), ("effectiveTime", "from"), ("operator", "clerk")]);
    exchange(&mut members, "reason", |value| translate::neutral_text(words::BECAUSE, value));
    exchange(&mut members, "operator", translate::operator);
    members.insert("action".to_owned(), json!(action));
    asked.expected(&mut members);
    let ask = Ask { id: asked.id.clone(), body: members.into(), key: asked.key()?, ..Ask::default() };
    asked.ask(Operation::Transition, ask).await
}

/// `POST /licences/{id}/renewals`: 201, no body, `Location` says where the new licence is described.
pub(super) async fn renew(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let mut members = picked(
        &body,
        &[("reason", "because"), ("changes", "changes"), ("formats", "documents"), ("operator", "clerk")],
    );
    exchange(&mut members, "reason", |value| translate::neutral_text(words::BECAUSE, value));
    exchange(&mut members, "changes", translate::holder);
    exchange(&mut members, "operator", translate::operator);
    asked.expected(&mut members);
    let key = asked.key()?;
    let ask = Ask { id: asked.id.clone(), body: members.into(), key: key.clone(), ..Ask::default() };
    let told = asked.ask(Operation::Reissue, ask).await?;
    let mut note = issued(&told.body);
    note["id"] = note["licence"]["id"].clone();
    note["replaces"] = translate::licence(&told.body["superseded"]);
    let name = asked.note("renewal", key.as_deref(), note["id"].as_str().unwrap_or_default());
    asked.core.shared.beta_desk.put(&name, note);
    Ok(replayed(Page::empty(201).with("location", format!("/renewals/{name}")), &told))
}

/// `GET /renewals/{name}`: {id, replaces {id, state}, licence}.
pub(super) fn renewal(asked: &Asked<'_>) -> Result<Page, ApiError> {
    noted(asked).map(|(body, _)| Page::json(200, body))
}
