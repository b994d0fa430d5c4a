//! The wire of stand-in vendor delta: bodies and statuses of binding v1 at paths and under headers of its
//! own, behind a login. It is what the example adapters of `harness/target/examples` relay to.
//!
//! `POST /session` {user, password} gives a token for 15 minutes, to be sent as `X-Session`. Test
//! controls take the token, too, so that an adapter needs no second way to sign.

use axum::http::HeaderName;
use axum::response::Response;
use bytes::Bytes;
use ecric_model::binding::{ErrorCode, Operation};
use serde_json::{Value, json};

use crate::auth::App;
use crate::errors::ApiError;
use crate::operation::Reply;
use crate::router::{self, fresh_id, is_offered};
use crate::strict_json::parse_object;
use crate::vendors::paths::{self, Route};
use crate::vendors::{Ask, Core, tokens};

/// Header of the session token, in requests and in the answer of a login.
const SESSION: &str = "x-session";
/// Header of the correlation id, both ways.
const TRACE: &str = "x-trace";

/// Headers of delta and of binding v1, answers only.
const ANSWERED: &[(&str, &str)] =
    &[("etag", "x-version"), ("idempotent-replay", "x-once-repeated"), ("x-ecric-request-id", TRACE)];

#[derive(Debug, Clone, Copy)]
enum Behind {
    Login,
    Operation(Operation),
}

const ROUTES: &[Route<Behind>] = &[
    ("POST", "/session", Behind::Login),
    ("GET", "/api/idcard/about", Behind::Operation(Operation::Capabilities)),
    ("POST", "/api/idcard/new", Behind::Operation(Operation::Issue)),
    ("POST", "/api/idcard/card/*/read", Behind::Operation(Operation::Metadata)),
    ("POST", "/api/idcard/card/*/document", Behind::Operation(Operation::File)),
    ("GET", "/api/idcard/card/*/state", Behind::Operation(Operation::Status)),
    ("PUT", "/api/idcard/card/*/state", Behind::Operation(Operation::Transition)),
    ("PUT", "/api/idcard/card/*/successor", Behind::Operation(Operation::Reissue)),
    ("GET", "/api/idcard/lists/*", Behind::Operation(Operation::StatusList)),
    ("POST", "/api/idcard/find", Behind::Operation(Operation::Search)),
    ("GET", "/api/idcard/anchors", Behind::Operation(Operation::TrustAnchors)),
    ("POST", "/api/idcard/journal", Behind::Operation(Operation::Audit)),
    ("POST", "/api/idcard/check/document", Behind::Operation(Operation::VerifyFile)),
    ("POST", "/api/idcard/check/code", Behind::Operation(Operation::VerifyPresentation)),
    ("POST", "/api/idcard/check/person", Behind::Operation(Operation::VerifyAttributes)),
    ("POST", "/api/idcard/check/many", Behind::Operation(Operation::VerifyBatch)),
    ("PUT", "/api/idcard/test/anchors", Behind::Operation(Operation::TestTrustAnchors)),
    ("PUT", "/api/idcard/test/clock", Behind::Operation(Operation::TestClock)),
    ("POST", "/api/idcard/test/people", Behind::Operation(Operation::TestPersonas)),
    ("POST", "/api/idcard/test/faults", Behind::Operation(Operation::TestFaults)),
    ("DELETE", "/api/idcard/test/faults/*", Behind::Operation(Operation::TestFaults)),
];

/// Answers one request.
pub(crate) async fn answer(core: &Core<'_>, body: Result<Bytes, ApiError>) -> Response {
    let shared = core.shared;
    let given = core.header(TRACE).filter(|trace| (1..=64).contains(&trace.len()));
    let trace = given.map_or_else(|| fresh_id(shared), str::to_owned);
    let reply = serve(core, body, &trace).await.unwrap_or_else(|error| router::refusal(shared, &error, &trace));
    let mut response = router::response(shared, reply, &trace);
    let headers = response.headers_mut();
    for (neutral, own) in ANSWERED {
        if let Some(value) = headers.remove(*neutral) {
            headers.insert(HeaderName::from_static(own), value);
        }
    }
    response
}

async fn serve(core: &Core<'_>, body: Result<Bytes, ApiError>, trace: &str) -> Result<Reply, ApiError> {
    let body = body?;
    let (behind, id) = paths::find(ROUTES, &core.parts.method, core.parts.uri.path())?;
    let operation = match behind {
        Behind::Login => return login(core, &body),
        Behind::Operation(operation) => operation,
    };
    let is_test = operation.path().starts_with("/v1/test/");
    if is_test && !core.shared.test_mode {
        return Err(ApiError::new(ErrorCode::NotFound, "no such path"));
    }
    if !is_offered(operation, core.shared) {
        return Err(ApiError::new(ErrorCode::NotSupported, "this operation is not offered"));
    }
    let has_body = !matches!(core.parts.method.as_str(), "GET" | "DELETE");
    if has_body && !core.sends_json() {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, "wanted application/json"));
    }
    let app = if operation.is_anonymous() { None } else { Some(caller(core)?) };
    let key =
        if operation.changes_state() { router::idempotency_key(core.shared, core.header("x-once-key"))? } else { None };
    let body = if has_body { object(core, &body)? } else { Value::Null };
    let text = |name: &str| core.header(name).map(str::to_owned);
    let ask = Ask {
        id,
        body,
        key,
        if_match: text("x-if-version"),
        if_none_match: text("x-known-version"),
        request_id: Some(trace.to_owned()),
    };
    let mut reply = core.ask(app, operation, ask).await?;
    if let (Operation::Capabilities, Some(body)) = (operation, &mut reply.body) {
        without_loading_end(body);
    }
    Ok(reply)
}

/// Delta has no loading end, so it does not tell of one.
fn without_loading_end(capabilities: &mut Value) {
    let mut keep = |list: &str, gone: &[&str]| {
        if let Some(values) = capabilities[list].as_array_mut() {
            values.retain(|value| !value.as_str().is_some_and(|value| gone.contains(&value)));
        }
    };
    keep("roles", &["loader"]);
    keep("features", &["reverse_scan", "pairwise_id", "log_delete", "consent_withdrawal"]);
}

fn object(core: &Core<'_>, raw: &Bytes) -> Result<Value, ApiError> {
    let parsed = parse_object(raw, &core.shared.behaviour);
    parsed.map(Value::Object).map_err(|fault| ApiError::new(ErrorCode::InvalidRequest, &fault.to_string()))
}

fn caller<'a>(core: &'a Core<'_>) -> Result<&'a App, ApiError> {
    let token = core.header(SESSION).unwrap_or_default();
    let known = tokens::read(core.shared, "delta", token).and_then(|index| core.app(index));
    known.ok_or_else(|| ApiError::new(ErrorCode::Unauthenticated, "no session, or one that has ended"))
}

fn login(core: &Core<'_>, raw: &Bytes) -> Result<Reply, ApiError> {
    let body = object(core, raw)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let caller = tokens::caller("delta", text("user"), text("password"))
        .ok_or_else(|| ApiError::new(ErrorCode::Unauthenticated, "user or password is wrong"))?;
    let token = tokens::issue(core.shared, "delta", caller);
    let body = json!({"expiresIn": tokens::LIFE_S});
    Ok(Reply::plain(201, Some(body), vec![(SESSION, token)]))
}
