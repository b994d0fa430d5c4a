//! The wire of stand-in vendor beta: REST with PATCH, OAuth 2 client credentials, problem bodies.
//!
//! Legal oddities that are kept: members in changing order, members that nobody asked for, `rev` as
//! digits in a text, 201 with an empty body and `Location`, weak entity tags on lists, work that is
//! still running when it is asked for.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use ecric_model::binding::{ErrorCode, Operation};
use serde_json::Value;

use crate::auth::App;
use crate::errors::ApiError;
use crate::router::http_date;
use crate::strict_json::parse_object;
use crate::vendors::paths::{self, Route};
use crate::vendors::{Ask, Core, tokens};

mod desk;
mod licences;
mod oddities;
mod problems;
mod questions;
mod translate;
mod verdicts;
mod words;

pub(crate) use desk::Desk;

/// An answer before it is written.
pub(super) struct Page {
    status: u16,
    headers: Vec<(&'static str, String)>,
    content: Content,
}

enum Content {
    Empty,
    Json(Value),
    Problem(Value),
    Bytes(&'static str, Vec<u8>),
}

impl Page {
    fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), content: Content::Empty }
    }

    fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), content: Content::Json(body) }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[derive(Debug, Clone, Copy)]
enum Call {
    Token,
    About,
    Issue,
    Job,
    Disclose,
    Copy,
    Original,
    OriginalLink,
    State,
    ChangeState,
    Destroy,
    Renew,
    Renewal,
    Query,
    Trust,
    StatusList,
    Events,
    Verify,
    VerifyClaims,
    VerifyBatch,
}

const ROUTES: &[Route<Call>] = &[
    ("POST", "/oauth/token", Call::Token),
    ("GET", "/about", Call::About),
    ("POST", "/licences", Call::Issue),
    ("GET", "/jobs/*", Call::Job),
    ("POST", "/licences/*/disclosures", Call::Disclose),
    ("POST", "/licences/*/copies", Call::Copy),
    ("GET", "/licences/*/original", Call::Original),
    ("POST", "/licences/*/original", Call::OriginalLink),
    ("GET", "/licences/*/state", Call::State),
    ("PATCH", "/licences/*/state", Call::ChangeState),
    ("DELETE", "/licences/*", Call::Destroy),
    ("POST", "/licences/*/renewals", Call::Renew),
    ("GET", "/renewals/*", Call::Renewal),
    ("POST", "/licence-queries", Call::Query),
    ("GET", "/trust", Call::Trust),
    ("GET", "/status-lists/*", Call::StatusList),
    ("POST", "/events/query", Call::Events),
    ("POST", "/verifications", Call::Verify),
    ("POST", "/verifications/attributes", Call::VerifyClaims),
    ("POST", "/verification-batches", Call::VerifyBatch),
];

/// Answers one request.
pub(crate) async fn answer(core: &Core<'_>, body: Result<Bytes, ApiError>) -> Response {
    let page = serve(core, body).await.unwrap_or_else(|error| problems::page(&error));
    write(core, page)
}

async fn serve(core: &Core<'_>, body: Result<Bytes, ApiError>) -> Result<Page, ApiError> {
    let raw = body?;
    let (call, id) = paths::find(ROUTES, &core.parts.method, core.parts.uri.path())?;
    match call {
        Call::Token => return token(core, &raw),
        Call::About => return questions::about(core).await,
        _ => {}
    }
    let app = caller(core)?;
    let asked = Asked { core, app, id, raw };
    match call {
        Call::Token | Call::About => Err(ApiError::new(ErrorCode::NotFound, "no such path")),
        Call::Issue => licences::issue(&asked).await,
        Call::Job => licences::job(&asked),
        Call::Disclose => licences::disclose(&asked).await,
        Call::Copy => licences::copy(&asked).await,
        Call::Original => licences::original(&asked).await,
        Call::OriginalLink => licences::original_link(&asked).await,
        Call::State => licences::state(&asked).await,
        Call::ChangeState => licences::change_state(&asked).await,
        Call::Destroy => licences::destroy(&asked).await,
        Call::Renew => licences::renew(&asked).await,
        Call::Renewal => licences::renewal(&asked),
        Call::Query => questions::query(&asked).await,
        Call::Trust => questions::trust(&asked).await,
        Call::StatusList => questions::status_list(&asked).await,
        Call::Events => questions::events(&asked).await,
        Call::Verify => verdicts::file(&asked).await,
        Call::VerifyClaims => verdicts::claims(&asked).await,
        Call::VerifyBatch => verdicts::batch(&asked).await,
    }
}

/// A request of a caller who is known.
pub(super) struct Asked<'a> {
    core: &'a Core<'a>,
    app: &'a App,
    /// The segment of the path that names something.
    id: String,
    raw: Bytes,
}

impl Asked<'_> {
    /// The body, a JSON object.
    fn body(&self) -> Result<Value, ApiError> {
        if !self.core.sends_json() {
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType, "wanted application/json"));
        }
        let parsed = parse_object(&self.raw, &self.core.shared.behaviour);
        parsed.map(Value::Object).map_err(|fault| ApiError::new(ErrorCode::InvalidRequest, &fault.to_string()))
    }

    /// Asks the core; a refusal that it remembers or reports as an answer becomes an error again.
    async fn ask(&self, operation: Operation, ask: Ask) -> Result<Told, ApiError> {
        let reply = self.core.ask(Some(self.app), operation, ask).await?;
        let replay = reply.headers.iter().any(|(name, _)| *name == "idempotent-replay");
        if reply.status >= 400 {
            return Err(problems::read(&reply));
        }
        let tag = reply.headers.iter().find(|(name, _)| *name == "etag").map(|(_, value)| value.clone());
        Ok(Told { status: reply.status, body: reply.body.unwrap_or_default(), tag, replay })
    }
}

/// What the core answered to a request that it did not refuse.
struct Told {
    status: u16,
    body: Value,
    tag: Option<String>,
    replay: bool,
}

fn caller<'a>(core: &'a Core<'_>) -> Result<&'a App, ApiError> {
    let token = core.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let known = tokens::read(core.shared, "beta", token).and_then(|index| core.app(index));
    known.ok_or_else(|| ApiError::new(ErrorCode::Unauthenticated, "no access token, or one that has ended"))
}

/// `POST /oauth/token`: client credentials of RFC 6749, section 4.4.
fn token(core: &Core<'_>, raw: &Bytes) -> Result<Page, ApiError> {
    let form = core.header("content-type").unwrap_or_default();
    if !form.starts_with("application/x-www-form-urlencoded") {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, "wanted a form"));
    }
    let pairs = translate::form(raw);
    let text = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    if text("grant_type") != "client_credentials" {
        return Err(ApiError::invalid("grant_type", "not client_credentials"));
    }
    let caller = tokens::caller("beta", text("client_id"), text("client_secret"))
        .ok_or_else(|| ApiError::new(ErrorCode::Unauthenticated, "client_id or client_secret is wrong"))?;
    let token = tokens::issue(core.shared, "beta", caller);
    let body = serde_json::json!({"access_token": token, "token_type": "Bearer", "expires_in": tokens::LIFE_S});
    Ok(Page::json(200, body))
}

fn write(core: &Core<'_>, page: Page) -> Response {
    let shared = core.shared;
    let mut builder = Response::builder().status(page.status);
    builder = builder.header("date", http_date(shared.clock.now())).header("cache-control", "no-store");
    for (name, value) in &page.headers {
        builder = builder.header(*name, value);
    }
    let (kind, body) = match page.content {
        Content::Empty => (None, Body::empty()),
        Content::Json(value) => (Some("application/json"), Body::from(oddities::write(shared, &value))),
        Content::Problem(value) => (Some("application/problem+json"), Body::from(oddities::write(shared, &value))),
        Content::Bytes(kind, bytes) => (Some(kind), Body::from(bytes)),
    };
    if let Some(kind) = kind {
        builder = builder.header("content-type", kind);
    }
    builder.body(body).unwrap_or_default()
}
