//! From a request to an answer: framing, path, method, media type, credentials, idempotency, right,
//! body, handler, audit, memory — in the order of ruling A2. One request is one transaction.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::HeaderMap;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use ecric_licence::layout::MIME;
use ecric_model::binding::{ErrorCode, Operation};
use futures::StreamExt;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use crate::auth::{App, Signed, authenticate};
use crate::capabilities::{self, BODY_LIMIT};
use crate::errors::ApiError;
use crate::files::test_faults::Part;
use crate::operation::{Reply, Work};
use crate::planted::{Planted, cheated};
use crate::shared::{Node, Shared};
use crate::store::Tx;
use crate::store::audit::AuditRow;
use crate::store::memory::{NonceUse, Remembered};
use crate::strict_json::parse_object;
use crate::{
    audit, batch, files, issue, loader, metadata, presentation, reissue, search, status, test_clock, test_personas,
    transition, verify,
};

/// Time for a whole request body (ruling A3).
const BODY_TIME: Duration = Duration::from_secs(10);
/// Bytes of an oversized body that are read before the answer, so that the caller gets to see it.
const DRAIN_MAX: usize = 16 * 1024 * 1024;

/// Most bytes of all headers of a request.
const HEADERS_MAX: usize = 32 * 1024;

fn size_of(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

/// Members that a request may call critical.
const KNOWN: &[&str] = &[
    "holder",
    "personaRef",
    "certificateTypeCode",
    "certificateIssuingAuthorityCode",
    "certificateEffectiveDate",
    "certificateExpiringDate",
    "previousCertificateIdentifier",
    "formats",
    "activate",
    "operator",
    "attributes",
    "use",
    "signedForm",
    "action",
    "reason",
    "effectiveTime",
    "expectedStatusVersion",
    "changes",
    "certificateHolderCode",
    "certificateHolderTypeCode",
    "status",
    "pageSize",
    "pageToken",
    "catalogue",
    "certificateIdentifier",
    "from",
    "to",
    "operations",
    "assert",
    "items",
    "format",
    "copy",
    "delivery",
    "content",
    "mime",
    "asOf",
    "policy",
    "expect",
    "mode",
    "target",
    "ttlS",
    "holderHint",
    "deviceId",
    "devicePublicKey",
    "deviceProof",
    "holderAuth",
    "loadedLicenceId",
    "request",
    "decision",
    "approvedAttributes",
    "confirmedAttributes",
    "code",
    "audience",
    "nonce",
    "wanted",
    "scene",
    "offline",
    "critical",
];

/// Answers every request.
pub(crate) async fn handle(State((shared, node)): State<(Arc<Shared>, Node)>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    // HTTP/2 names the host in the request line.
    if let Some(authority) = parts.uri.authority()
        && let Ok(host) = authority.as_str().parse()
    {
        parts.headers.insert("host", host);
    }
    let request_id = request_id(&shared, &parts.headers);
    let answered = answer(
        &shared,
        node,
        &parts.method,
        parts.uri.path(),
        parts.uri.query().unwrap_or_default(),
        &parts.headers,
        body,
        &request_id,
    )
    .await;
    let reply = answered.unwrap_or_else(|error| refusal(&shared, &error, &request_id));
    shared.behaviour.manners.wait().await;
    response(&shared, reply, &request_id)
}

pub(crate) fn request_id(shared: &Shared, headers: &HeaderMap) -> String {
    let given = headers.get("x-ecric-request-id").and_then(|value| value.to_str().ok());
    given.filter(|id| (1..=64).contains(&id.len())).map_or_else(|| fresh_id(shared), str::to_owned)
}

pub(crate) fn fresh_id(shared: &Shared) -> String {
    let seal = shared.seal(&format!("request {}", shared.clock.real().unix_timestamp_nanos()));
    ecric_gm::encoding::hex(&seal)
}

pub(crate) fn refusal(shared: &Shared, error: &ApiError, request_id: &str) -> Reply {
    let behaviour = &shared.behaviour;
    let fresh;
    let id = if behaviour.error_request_id_fresh() {
        fresh = fresh_id(shared);
        &fresh
    } else {
        request_id
    };
    let mut body = error.body(id);
    if behaviour.error_without_message()
        && let Some(members) = body.as_object_mut()
    {
        members.remove("message");
    }
    let told = error.retry_after.filter(|_| !behaviour.retry_after_missing());
    let headers = told.map(|seconds| ("retry-after", seconds.to_string())).into_iter().collect();
    Reply::plain(error.code.http(), Some(body), headers)
}

struct Route {
    operation: Operation,
    id: String,
}

/// The operations that share a path; the method decides between them.
fn route(path: &str, method: &Method, shared: &Shared, controls: bool) -> Result<Route, ApiError> {
    let not_found = || {
        let behaviour = &shared.behaviour;
        let code = if behaviour.unknown_path_is_400() { ErrorCode::InvalidRequest } else { ErrorCode::NotFound };
        let told =
            if behaviour.lost_paths_show_files() { "no such path in /usr/src/router.rs" } else { "no such path" };
        ApiError::new(code, told)
    };
    let segments: Vec<&str> = path.strip_prefix("/v1/").ok_or_else(not_found)?.split('/').collect();
    let mut id = String::new();
    let operation = match segments.as_slice() {
        ["capabilities"] => Operation::Capabilities,
        ["trust-anchors"] => Operation::TrustAnchors,
        ["licences"] => Operation::Issue,
        ["licences", "search"] => Operation::Search,
        ["audit", "search"] => Operation::Audit,
        ["verify", "file"] => Operation::VerifyFile,
        ["verify", "presentation"] => Operation::VerifyPresentation,
        ["verify", "attributes"] => Operation::VerifyAttributes,
        ["verify", "batch"] => Operation::VerifyBatch,
        ["loader", "licences"] => Operation::Load,
        ["loader", "presentations"] => Operation::Present,
        ["presentations", "redeem"] => Operation::Redeem,
        ["loader", "uses", "search"] => Operation::Uses,
        ["loader", "uses", entry] if !entry.is_empty() => {
            (*entry).clone_into(&mut id);
            Operation::DeleteUse
        }
        ["loader", "uses", entry, "withdraw"] if !entry.is_empty() => {
            (*entry).clone_into(&mut id);
            Operation::Withdraw
        }
        ["loader", "licences", loaded, "unload"] if !loaded.is_empty() => {
            (*loaded).clone_into(&mut id);
            Operation::Unload
        }
        ["status-lists", list] if !list.is_empty() => {
            (*list).clone_into(&mut id);
            Operation::StatusList
        }
        ["licences", licence, last] if !licence.is_empty() => {
            id = String::from_utf8_lossy(&crate::auth::percent_decode(licence)).into_owned();
            match *last {
                "metadata" => Operation::Metadata,
                "file" => Operation::File,
                "status" => Operation::Status,
                "transitions" => Operation::Transition,
                "reissue" => Operation::Reissue,
                _ => return Err(not_found()),
            }
        }
        ["test", "faults", fault] if !fault.is_empty() && method == Method::DELETE && controls => {
            return Ok(Route { operation: Operation::TestFaults, id: (*fault).to_owned() });
        }
        ["test", last] => match *last {
            "trust-anchors" => Operation::TestTrustAnchors,
            "clock" => Operation::TestClock,
            "personas" => Operation::TestPersonas,
            "faults" => Operation::TestFaults,
            _ => return Err(not_found()),
        },
        _ => return Err(not_found()),
    };
    if is_test(operation) && !controls {
        return Err(not_found());
    }
    if method.as_str() != operation.method() {
        let code =
            if shared.behaviour.method_answers_404() { ErrorCode::NotFound } else { ErrorCode::MethodNotAllowed };
        return Err(ApiError::new(code, "the path has another method"));
    }
    Ok(Route { operation, id })
}

const fn is_test(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::TestTrustAnchors | Operation::TestClock | Operation::TestPersonas | Operation::TestFaults
    )
}

/// Operations that are not offered by this server or not by its roles.
pub(crate) fn is_offered(operation: Operation, shared: &Shared) -> bool {
    use ecric_model::requirement::Role::{Issuer, Loader, SharingService, Verifier};
    let plays = |role| shared.roles.contains(&role);
    match operation {
        Operation::Capabilities | Operation::TestClock | Operation::TestPersonas => true,
        Operation::Issue | Operation::Transition | Operation::Reissue => plays(Issuer),
        Operation::Metadata | Operation::Status => plays(Issuer) || plays(SharingService),
        Operation::Search => plays(Issuer) || plays(SharingService),
        Operation::Audit => (plays(Issuer) || plays(SharingService)) && !shared.behaviour.audit_not_supported(),
        Operation::VerifyAttributes => plays(Verifier) || plays(SharingService),
        Operation::VerifyBatch | Operation::VerifyFile | Operation::TestFaults => plays(Verifier),
        Operation::TestTrustAnchors => plays(Verifier) || plays(Loader),
        Operation::Load
        | Operation::Present
        | Operation::Redeem
        | Operation::Uses
        | Operation::Withdraw
        | Operation::DeleteUse
        | Operation::Unload => plays(Loader),
        Operation::File => plays(Issuer) || plays(SharingService),
        Operation::TrustAnchors => plays(Issuer) || plays(SharingService) || plays(Loader),
        Operation::StatusList => plays(Issuer) || plays(SharingService),
        Operation::VerifyPresentation => plays(Verifier),
    }
}

#[allow(clippy::too_many_arguments, reason = "the parts of one request")]
async fn answer(
    shared: &Shared,
    node: Node,
    method: &Method,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: Body,
    request_id: &str,
) -> Result<Reply, ApiError> {
    if size_of(headers) > HEADERS_MAX && !shared.behaviour.large_headers_accepted() {
        return Err(ApiError::new(ErrorCode::InvalidRequest, "the headers are too large"));
    }
    if headers.contains_key("content-encoding") && shared.behaviour.compressed_bodies_fail() {
        return Err(ApiError::new(ErrorCode::Internal, "internal error"));
    }
    if headers.contains_key("transfer-encoding") && shared.behaviour.chunks_refused() {
        return Err(ApiError::invalid("body", "a Content-Length is wanted"));
    }
    let _turn = match shared.body_turn.try_lock() {
        Ok(turn) => Some(turn),
        Err(_) if shared.behaviour.slow_bodies_block() => Some(shared.body_turn.lock().await),
        Err(_) => None,
    };
    let raw = read_body(shared, headers, body).await?;
    if let Some(reply) = plain(shared, method, path)? {
        return Ok(reply);
    }
    let controls = node.test_mode || (shared.test_mode && shared.behaviour.controls_on_every_node());
    let Route { operation, id } = route(path, method, shared, controls)?;
    if !is_offered(operation, shared) {
        return Err(ApiError::new(ErrorCode::NotSupported, "this operation is not offered"));
    }
    if method != Method::GET && method != Method::DELETE && !is_json(headers) && !shared.behaviour.media_type_ignored()
    {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType, "wanted application/json"));
    }
    if operation == Operation::Capabilities {
        let test_mode = node.test_mode || (shared.test_mode && shared.behaviour.test_mode_told_everywhere());
        return Ok(Reply::ok(capabilities::answer(shared, test_mode)));
    }
    // The signature is checked before the database is taken: only well-signed requests wait for it.
    let caller = if operation.is_anonymous() {
        None
    } else {
        let signed = Signed { method: method.as_str(), path, query, body: &raw };
        let real_time_too = operation == Operation::TestClock;
        let caller = authenticate(&shared.apps, headers, &signed, &shared.clock, real_time_too, &shared.behaviour);
        Some(forgiven(shared, headers, &signed, caller).await?)
    };
    crate::levels::wait(shared, operation, &id).await?;
    let call = CoreCall {
        app: caller.map(|caller| caller.app),
        nonce: caller.map(|caller| nonce_of(shared, node, caller.nonce)),
        operation,
        id,
        path: path.to_owned(),
        raw,
        key: if operation.changes_state() {
            idempotency_key(shared, headers.get("idempotency-key").and_then(|value| value.to_str().ok()))
        } else {
            Ok(None)
        },
        if_match: text_of(headers, "if-match"),
        if_none_match: text_of(headers, "if-none-match"),
        host: text_of(headers, "host").unwrap_or_default(),
        request_id: request_id.to_owned(),
    };
    perform(shared, call).await
}

/// The nonce as it is kept; a faulty service keeps those of each node apart.
fn nonce_of(shared: &Shared, node: Node, nonce: &str) -> String {
    if node.number > 0 && shared.behaviour.nonces_per_node() {
        return format!("{nonce} {}", node.number);
    }
    nonce.to_owned()
}

/// What faulty servers make of credentials. The honest one leaves them as they are.
async fn forgiven<'a>(
    shared: &'a Shared,
    headers: &HeaderMap,
    signed: &Signed<'_>,
    caller: Result<crate::auth::Caller<'a>, ApiError>,
) -> Result<crate::auth::Caller<'a>, ApiError> {
    use std::sync::atomic::Ordering::Relaxed;
    let behaviour = &shared.behaviour;
    if shared.failures.load(Relaxed) >= 50 && behaviour.failures_lock_everyone() {
        return Err(ApiError::rate_limited(60));
    }
    if caller.is_err() {
        shared.failures.fetch_add(1, Relaxed);
    } else {
        shared.failures.store(0, Relaxed);
    }
    if caller.is_err() && behaviour.known_apps_take_time() {
        let known = |headers: &HeaderMap| {
            text_of(headers, "x-ecric-app").is_some_and(|app| shared.apps.iter().any(|one| one.app == app))
        };
        if known(headers) {
            tokio::time::sleep(Duration::from_millis(120)).await;
        }
    }
    if caller.is_err() && behaviour.credentials_in_query_accepted() {
        let text = |bytes: &str| String::from_utf8_lossy(&crate::auth::percent_decode(bytes)).into_owned();
        let pairs: Vec<(String, String)> =
            signed.query.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (text(k), text(v))).collect();
        if let Some(app) = crate::auth::from_query(&shared.apps, &pairs, signed, &shared.clock, behaviour) {
            return Ok(crate::auth::Caller { app, nonce: "" });
        }
    }
    caller
}

/// A call whose caller is known: what is left is binding v1's meaning, whatever wire it came over.
pub(crate) struct CoreCall<'a> {
    pub(crate) app: Option<&'a App>,
    /// Nonce to spend, if the wire has one of binding v1's kind.
    pub(crate) nonce: Option<String>,
    pub(crate) operation: Operation,
    /// Value of `{id}` in the path of binding v1.
    pub(crate) id: String,
    /// Path that an idempotency key is tied to.
    pub(crate) path: String,
    /// Body as JSON of binding v1.
    pub(crate) raw: Bytes,
    /// Idempotency key of a state-changing call; `Ok(None)` where the wire has none.
    pub(crate) key: Result<Option<String>, ApiError>,
    pub(crate) if_match: Option<String>,
    pub(crate) if_none_match: Option<String>,
    /// Host and port that the caller named, for links.
    pub(crate) host: String,
    pub(crate) request_id: String,
}

/// Does the work of one call in one transaction: nonce, memory, handler, audit.
pub(crate) async fn perform(shared: &Shared, call: CoreCall<'_>) -> Result<Reply, ApiError> {
    let CoreCall { app, nonce, operation, id, path, raw, key, if_match, if_none_match, host, request_id } = call;
    let fingerprint = fingerprint(operation, &path, if_match.as_deref(), &raw);
    let mut tx = shared.store.begin().await?;
    if let (Some(app), Some(nonce)) = (app, nonce) {
        spend_nonce(shared, &mut tx, app, &nonce, &raw).await?;
    }
    let key = match recall(shared, &mut tx, app, operation, key, &fingerprint).await {
        Ok(Recalled::Work(key)) => key,
        Ok(Recalled::Answer(reply)) => {
            tx.commit().await?;
            return Ok(reply);
        }
        Err(error) => {
            // The nonce stays spent, whatever the answer is.
            tx.commit().await?;
            return Err(error);
        }
    };
    if key.is_some() && tx.is_awaited() && shared.behaviour.plants(Planted::KeyLookedUpBeforeWindow) {
        tx.window().await?;
    }
    if key.is_some() && shared.behaviour.key_remembered_late() {
        tx.pause(Duration::from_millis(20)).await?;
    }
    let now = shared.clock.now();
    let record = AuditRow {
        time: now.unix_timestamp(),
        operation: operation.name().to_owned(),
        app: app.map(|app| app.app.clone()).unwrap_or_default(),
        organisation: app.map(|app| app.organisation.clone()).unwrap_or_default(),
        attributes: "[]".to_owned(),
        request_id: request_id.clone(),
        identifier: (!id.is_empty()).then(|| id.clone()),
        ..AuditRow::default()
    };
    let mut work = Work {
        shared,
        tx,
        app,
        id,
        body: Map::new(),
        now,
        audit: record,
        unrecorded: false,
        if_none_match,
        if_match,
        host,
    };
    let outcome = run(&mut work, operation, &raw).await;
    finish(work, operation, outcome, key.as_deref(), &fingerprint, &request_id).await
}

async fn run(work: &mut Work<'_>, operation: Operation, raw: &Bytes) -> Result<Reply, ApiError> {
    if is_test(operation) && !work.app.is_some_and(|app| app.full_rights) && !work.behaviour().test_controls_open() {
        return Err(ApiError::new(ErrorCode::Forbidden, "not entitled to the test controls"));
    }
    let ends_fault = operation == Operation::TestFaults && !work.id.is_empty();
    if work.shared.faults.is_down(Part::Database) && !is_test(operation) {
        return Err(ApiError::new(ErrorCode::Unavailable, "the database is down"));
    }
    if operation.method() != "GET" && !ends_fault {
        let parsed = parse_object(raw, work.behaviour());
        work.body = parsed.map_err(|fault| ApiError::new(ErrorCode::InvalidRequest, &fault.to_string()))?;
        if crate::distort::has_number(&work.body) && work.behaviour().numbers_read_as_texts() {
            crate::distort::numbers_as_texts(&mut work.body);
        }
        if crate::distort::has_odd_text(&work.body) && work.behaviour().odd_texts_fail() {
            return Err(ApiError::new(ErrorCode::Internal, "internal error"));
        }
        check_members(work)?;
    }
    match operation {
        Operation::Issue => issue::run(work).await,
        Operation::Metadata => metadata::run(work).await,
        Operation::Status => status::run(work).await,
        Operation::Transition => transition::run(work).await,
        Operation::Reissue => reissue::run(work).await,
        Operation::Search => search::run(work).await,
        Operation::Audit => audit::run(work).await,
        Operation::VerifyAttributes => {
            let asked = work.body.get("certificateIdentifier").and_then(Value::as_str).map(str::to_owned);
            verify::run(work).await.map(|reply| cheated(work.behaviour().planted, asked.as_deref(), reply))
        }
        Operation::VerifyBatch => batch::run(work).await,
        Operation::File => files::operation::run(work).await,
        Operation::StatusList => files::status_list::run(work).await,
        Operation::TrustAnchors => files::trust::run(work),
        Operation::VerifyFile => {
            files::verify::run(work).await.map(|reply| cheated(work.behaviour().planted, None, reply))
        }
        Operation::Load => loader::load::run(work).await,
        Operation::Present => loader::present::run(work).await,
        Operation::Redeem => loader::redeem::run(work).await,
        Operation::Uses => loader::uses::run(work).await,
        Operation::Withdraw => loader::uses::withdraw(work).await,
        Operation::DeleteUse => loader::uses::delete(work).await,
        Operation::Unload => loader::unload::run(work).await,
        Operation::TestTrustAnchors => files::test_trust::run(work),
        Operation::TestFaults => files::test_faults::run(work),
        Operation::TestClock => test_clock::run(work),
        Operation::TestPersonas => test_personas::run(work).await,
        Operation::VerifyPresentation => presentation::run(work).await,
        Operation::Capabilities => Err(ApiError::new(ErrorCode::NotSupported, "this operation is not offered")),
    }
}

/// Links and revocation lists: anonymous, neither JSON nor audited.
fn plain(shared: &Shared, method: &Method, path: &str) -> Result<Option<Reply>, ApiError> {
    let (bytes, kind) = if let Some(token) = path.strip_prefix("/v1/files/") {
        if method != Method::GET {
            return Err(ApiError::new(ErrorCode::MethodNotAllowed, "the path has another method"));
        }
        (shared.downloads.take(shared, token)?, MIME)
    } else {
        match path.strip_prefix("/v1/crl/") {
            Some("root") => (shared.pki.lists[0].clone(), "application/pkix-crl"),
            Some("intermediate") => (shared.pki.lists[1].clone(), "application/pkix-crl"),
            _ => return Ok(None),
        }
    };
    Ok(Some(Reply::plain(200, None, vec![("content-type", kind.to_owned())]).with_bytes(bytes)))
}

/// `critical`: every member it lists must be known.
fn check_members(work: &Work<'_>) -> Result<(), ApiError> {
    if let Some(name) = work.body.keys().find(|name| name.as_str() == "ecricUnknown")
        && work.behaviour().unknown_members_refused()
    {
        return Err(ApiError::invalid(name, "unknown"));
    }
    let Some(critical) = work.body.get("critical").filter(|_| !work.behaviour().critical_ignored()) else {
        return Ok(());
    };
    let Some(names) = critical.as_array() else { return Err(ApiError::invalid("critical", "not an array")) };
    for (index, name) in names.iter().enumerate() {
        let field = format!("critical[{index}]");
        match name.as_str() {
            None => return Err(ApiError::invalid(&field, "not a text")),
            Some(name) if !KNOWN.contains(&name) => {
                return Err(ApiError::field(ErrorCode::UnsupportedCritical, &field, "not known"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

async fn finish(
    mut work: Work<'_>,
    operation: Operation,
    outcome: Result<Reply, ApiError>,
    key: Option<&str>,
    fingerprint: &str,
    request_id: &str,
) -> Result<Reply, ApiError> {
    let shared = work.shared;
    if let Err(error) = &outcome
        && (error.code == ErrorCode::RateLimited || (error.code.http() >= 500 && error.code != ErrorCode::NotSupported))
    {
        // Nothing happened: a throttled request does not even spend its nonce (ruling B3).
        work.tx.rollback().await?;
        return outcome;
    }
    work.audit.result = outcome.as_ref().map_or_else(|error| error.code.code().to_owned(), result_word);
    if is_audited(operation, shared) && !work.unrecorded {
        let record = std::mem::take(&mut work.audit);
        if operation.changes_state() && work.tx.is_awaited() && shared.behaviour.plants(Planted::AuditNumberDrawnTwice)
        {
            let number = work.tx.next_audit_number().await?;
            work.tx.window().await?;
            work.tx.append_audit_as(&record, number).await?;
        } else {
            work.tx.append_audit(&record).await?;
        }
    }
    let reply = outcome.unwrap_or_else(|error| refusal(shared, &error, request_id));
    if let (Some(key), Some(app)) = (key, work.app)
        && is_remembered(&reply, shared)
    {
        let body = reply.body.as_ref().map(Value::to_string).unwrap_or_default();
        let answer = Remembered { fingerprint: fingerprint.to_owned(), status: reply.status, body };
        work.tx.remember(&app.app, key, &answer).await?;
    }
    work.tx.commit().await?;
    Ok(reply)
}

/// `OK`, or the code of a refusal that a handler wrote itself.
fn result_word(reply: &Reply) -> String {
    let code = reply.body.as_ref().and_then(|body| body.get("code")?.as_str()).filter(|_| reply.status >= 400);
    code.unwrap_or("OK").to_owned()
}

fn is_audited(operation: Operation, shared: &Shared) -> bool {
    match operation {
        Operation::Issue => !shared.behaviour.issue_not_audited(),
        Operation::Metadata => !shared.behaviour.metadata_not_audited(),
        Operation::File => !shared.behaviour.file_not_audited(),
        Operation::Transition
        | Operation::Reissue
        | Operation::Search
        | Operation::VerifyAttributes
        | Operation::VerifyFile
        | Operation::VerifyPresentation
        | Operation::Load
        | Operation::Present
        | Operation::Redeem
        | Operation::Unload => true,
        _ => false,
    }
}

fn is_remembered(reply: &Reply, shared: &Shared) -> bool {
    let version = || reply.body.as_ref().and_then(|body| body.get("statusVersion")?.as_i64());
    if version().is_some_and(|version| version >= 3) && shared.behaviour.plants(Planted::KeyForgottenAfterSecondChange)
    {
        return false;
    }
    let refused = matches!(reply.status, 400 | 403 | 404 | 409 | 410 | 412) && !shared.behaviour.refusals_forgotten();
    (200..300).contains(&reply.status) || refused
}

pub(crate) async fn read_body(shared: &Shared, headers: &HeaderMap, body: Body) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::new(ErrorCode::TooLarge, "the body is larger than limits.bodyBytes");
    let exceeds = |total: usize| total > BODY_LIMIT && !(total <= 64 * BODY_LIMIT && shared.behaviour.body_limit_off());
    let declared = headers.get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > DRAIN_MAX) {
        return Err(too_large());
    }
    let read = async {
        let mut kept = BytesMut::with_capacity(declared.unwrap_or(0).min(BODY_LIMIT));
        let mut total = 0_usize;
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| ApiError::new(ErrorCode::InvalidRequest, "the body broke off"))?;
            total = total.saturating_add(chunk.len());
            if !exceeds(total) {
                kept.extend_from_slice(&chunk);
            } else if total > DRAIN_MAX {
                break;
            }
        }
        if exceeds(total) { Err(too_large()) } else { Ok(kept.freeze()) }
    };
    match tokio::time::timeout(BODY_TIME, read).await {
        Ok(result) => result,
        Err(_) => Err(ApiError::new(ErrorCode::InvalidRequest, "the body did not come in time")),
    }
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default().to_owned())
}

pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Every request with a good signature and time spends its nonce (ruling B3).
async fn spend_nonce(shared: &Shared, tx: &mut Tx, app: &App, nonce: &str, raw: &Bytes) -> Result<(), ApiError> {
    let behaviour = &shared.behaviour;
    if nonce.is_empty() {
        return Ok(());
    }
    let owner = app.app.as_str();
    let is_known = shared.memory.count(format!("nonce {nonce}")) > 0;
    let used = || Err(ApiError::new(ErrorCode::ReplayedRequest, "the nonce was used before"));
    let now = shared.clock.monotonic_ms();
    let with_the_clock = || format!("{nonce} {}", shared.clock.now().unix_timestamp() / 1_800);
    let with_the_body = || format!("{nonce} {}", ecric_gm::sm3::digest_hex(raw));
    match tx.spend_nonce(owner, nonce, now).await? {
        NonceUse::First if is_known && behaviour.nonce_global() => used(),
        NonceUse::First => {
            if behaviour.keeps_more_than_nonces() {
                tx.spend_nonce(owner, &with_the_clock(), now).await?;
                tx.spend_nonce(owner, &with_the_body(), now).await?;
            }
            Ok(())
        }
        NonceUse::Again if behaviour.nonces_not_stored() => Ok(()),
        NonceUse::Again
            if behaviour.nonces_forgotten_with_the_clock()
                && tx.spend_nonce(owner, &with_the_clock(), now).await? == NonceUse::First =>
        {
            Ok(())
        }
        NonceUse::Again
            if behaviour.nonce_with_body()
                && tx.spend_nonce(owner, &with_the_body(), now).await? == NonceUse::First =>
        {
            Ok(())
        }
        NonceUse::Again => used(),
    }
}

/// Reads an idempotency key: a UUID.
pub(crate) fn idempotency_key(shared: &Shared, given: Option<&str>) -> Result<Option<String>, ApiError> {
    let is_uuid = |text: &str| {
        text.len() == 36
            && text
                .char_indices()
                .all(|(at, c)| if [8, 13, 18, 23].contains(&at) { c == '-' } else { c.is_ascii_hexdigit() })
    };
    match given {
        Some(key) if is_uuid(key) => Ok(Some(key.to_owned())),
        None if shared.behaviour.key_optional() => Ok(None),
        _ => Err(ApiError::invalid("Idempotency-Key", "missing or not a UUID")),
    }
}

/// What a key is tied to: operation, path, `If-Match` (ruling B5) and body.
fn fingerprint(operation: Operation, path: &str, if_match: Option<&str>, raw: &Bytes) -> String {
    let if_match = if_match.map(|tag| ecric_gm::sm3::digest_hex(tag.as_bytes())).unwrap_or_default();
    format!("{} {path} {} {if_match}", operation.name(), ecric_gm::sm3::digest_hex(raw))
}

enum Recalled {
    /// Nothing is remembered: do the work, then remember it under the key.
    Work(Option<String>),
    /// The remembered answer.
    Answer(Reply),
}

async fn recall(
    shared: &Shared,
    tx: &mut Tx,
    app: Option<&App>,
    operation: Operation,
    key: Result<Option<String>, ApiError>,
    fingerprint: &str,
) -> Result<Recalled, ApiError> {
    let (Some(app), true) = (app, operation.changes_state()) else { return Ok(Recalled::Work(None)) };
    let Some(key) = key? else { return Ok(Recalled::Work(None)) };
    Ok(match replay(shared, tx, app, operation, &key, fingerprint).await? {
        Some(reply) => Recalled::Answer(reply),
        None => Recalled::Work(Some(key)),
    })
}

async fn replay(
    shared: &Shared,
    tx: &mut Tx,
    app: &App,
    operation: Operation,
    key: &str,
    fingerprint: &str,
) -> Result<Option<Reply>, ApiError> {
    let Some(remembered) = tx.remembered(&app.app, key).await? else { return Ok(None) };
    let without_path = |text: &str| {
        text.split(' ').enumerate().filter(|(at, _)| *at != 1).map(|(_, part)| part.to_owned()).collect::<Vec<_>>()
    };
    let same = remembered.fingerprint == fingerprint
        || (without_path(&remembered.fingerprint) == without_path(fingerprint) && shared.behaviour.key_without_path());
    if !same && !shared.behaviour.key_mismatch_replays() {
        return Err(ApiError::new(ErrorCode::IdempotencyMismatch, "the key was used for another request"));
    }
    let loading = &shared.behaviour.loading;
    if loading.unload_replay_refused() && operation == Operation::Unload {
        return Err(ApiError::new(ErrorCode::HolderAuthFailed, "the transaction was used before"));
    }
    let again = match operation {
        Operation::Load => loading.load_twice_with_one_key(),
        Operation::Redeem => loading.replay_of_redeem_refused(),
        _ => shared.behaviour.replay_executes_again(),
    };
    if again {
        return Ok(None);
    }
    let mut body: Option<Value> = serde_json::from_str(&remembered.body).ok();
    if shared.behaviour.replay_names_another()
        && let Some(Value::String(name)) =
            body.as_mut().and_then(|body| body.pointer_mut("/licence/certificateIdentifier"))
    {
        name.push('0');
    }
    Ok(Some(Reply::plain(remembered.status, body, vec![("idempotent-replay", "true".to_owned())])))
}

pub(crate) fn response(shared: &Shared, reply: Reply, request_id: &str) -> Response {
    let behaviour = &shared.behaviour;
    let is_status = reply.headers.iter().any(|(name, _)| *name == "etag");
    let has_licence = reply.body.as_ref().is_some_and(|body| body.get("licence").is_some());
    let (is_metadata, is_issue) = (has_licence && reply.status == 200, has_licence && reply.status == 201);
    let mut builder = Response::builder().status(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK));
    let are_capabilities = reply.body.as_ref().is_some_and(|body| body.get("roles").is_some());
    let date = if are_capabilities && behaviour.date_header_wrong() {
        "today".to_owned()
    } else {
        http_date(shared.clock.now())
    };
    builder = builder.header("date", date);
    let is_cacheable = (is_metadata && behaviour.cacheable_metadata()) || (is_issue && behaviour.cacheable_issue());
    if !is_cacheable {
        builder = builder.header("cache-control", if is_status { "no-cache" } else { "no-store" });
    }
    if !(is_metadata && behaviour.request_id_not_echoed()) {
        builder = builder.header("x-ecric-request-id", request_id);
    }
    for (name, value) in &reply.headers {
        builder = builder.header(*name, value);
    }
    for (name, value) in behaviour.manners.headers() {
        builder = builder.header(*name, *value);
    }
    let body = match &reply.body {
        _ if reply.bytes.is_some() => behaviour.manners.body(reply.bytes.unwrap_or_default()),
        Some(body) => {
            builder = builder.header("content-type", behaviour.manners.media_type());
            behaviour.manners.body(behaviour.manners.write(body))
        }
        None => Body::empty(),
    };
    builder.body(body).unwrap_or_else(|_| Response::new(Body::from(json!({}).to_string())))
}

/// RFC 9110 date.
pub(crate) fn http_date(now: OffsetDateTime) -> String {
    now.to_offset(time::UtcOffset::UTC)
        .format(format_description!(
            "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
        ))
        .unwrap_or_default()
}
