//! What the harness serves while it tests a verifier: revocation lists, an OCSP responder, the licence
//! status of an issuer that it plays, the redemption of codes at a loading end that it plays, and sinks that nobody should call.
//!
//! Listens on loopback unless the target file says otherwise. Judges nothing; keeps a history of what
//! was asked, so that a check can.

mod redeem;
mod revocation;
mod status;

pub use redeem::{Conduct, Grant};

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use ecric_model::binding::LicenceStatus;
use ecric_vectors::pki::TestPki;
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// How late a late status is sent.
const LATE: std::time::Duration = std::time::Duration::from_secs(8);
/// Most requests that the history keeps.
const HISTORY_MAX: usize = 10_000;
/// Largest request body that is read, bytes.
const BODY_MAX: usize = 64 << 10;

/// A request that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// HTTP method.
    pub method: String,
    /// Path.
    pub path: String,
}

/// Real time, given by the runner.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// Whether an answer may still be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Made for the request.
    Fresh,
    /// Made an hour ago, its next update passed.
    Stale,
    /// Made for the request, and sent eight seconds later.
    Late,
}

struct Shared {
    pki: Arc<TestPki>,
    clock: Clock,
    statuses: Mutex<HashMap<String, (LicenceStatus, Freshness)>>,
    grants: redeem::Grants,
    history: Mutex<Vec<Hit>>,
}

/// A running counterpart; it ends when it is dropped.
pub struct Counterpart {
    base: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Drop for Counterpart {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Counterpart {
    /// Listens.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub async fn start(pki: Arc<TestPki>, clock: Clock, address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            pki,
            clock,
            statuses: Mutex::default(),
            grants: redeem::Grants::default(),
            history: Mutex::default(),
        });
        let app = Router::new().fallback(handle).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // Ends with the run; an error here shows as missing answers.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self { base, shared, task })
    }

    /// The same, told to the target under another address, where there is one.
    #[must_use]
    pub fn reached_at(mut self, base: Option<&str>) -> Self {
        if let Some(base) = base {
            base.trim_end_matches('/').clone_into(&mut self.base);
        }
        self
    }

    /// Base address, without a trailing slash.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Plays the issuer: what a licence reads from now on.
    pub fn set_status(&self, identifier: &str, status: LicenceStatus, freshness: Freshness) {
        let mut statuses = self.shared.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        statuses.insert(identifier.to_owned(), (status, freshness));
    }

    /// Plays the loading end: what a holder granted with a code.
    pub fn grant(&self, code_id: [u8; 16], grant: Grant) {
        self.shared.grants.put(code_id, grant);
    }

    /// Spends a code as if another verifier had redeemed it.
    pub fn spend(&self, code_id: &[u8; 16]) {
        self.shared.grants.spend(code_id);
    }

    /// Changes the status of the licence behind a code.
    pub fn set_code_status(&self, code_id: &[u8; 16], status: LicenceStatus) {
        self.shared.grants.set_status(code_id, status);
    }

    /// Bodies of the redemptions of a code, in order.
    #[must_use]
    pub fn redemptions(&self, code_id: &[u8; 16]) -> Vec<serde_json::Value> {
        self.shared.grants.asked(code_id)
    }

    /// Address of operation 18.
    #[must_use]
    pub fn redeem_url(&self) -> String {
        format!("{}/v1/presentations/redeem", self.base)
    }

    /// Address of a sink that nobody should call.
    #[must_use]
    pub fn sink(&self, token: &str) -> String {
        format!("{}/sink/{token}", self.base)
    }

    /// Requests whose path contains `part`.
    #[must_use]
    pub fn hits(&self, part: &str) -> Vec<Hit> {
        let history = self.shared.history.lock().unwrap_or_else(PoisonError::into_inner);
        history.iter().filter(|hit| hit.path.contains(part)).cloned().collect()
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    {
        let mut history = shared.history.lock().unwrap_or_else(PoisonError::into_inner);
        if history.len() >= HISTORY_MAX {
            // Cases look for what happened just now: the older half goes.
            history.drain(..HISTORY_MAX / 2);
        }
        history.push(Hit { method: parts.method.to_string(), path: path.clone() });
    }
    if path == "/ocsp" {
        let bytes = axum::body::to_bytes(body, BODY_MAX).await.unwrap_or_default();
        let made = revocation::ocsp(&shared.pki, &bytes, (shared.clock)());
        return made.map_or_else(|| empty(StatusCode::BAD_REQUEST), |der| bytes_of("application/ocsp-response", der));
    }
    if path == "/v1/presentations/redeem" {
        let bytes = axum::body::to_bytes(body, BODY_MAX).await.unwrap_or_default();
        let host = parts.headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let sink = format!("http://{host}/sink/redirected");
        return redeem::redeem(&shared.grants, &parts.headers, &bytes, &shared.pki, (shared.clock)(), &sink).await;
    }
    if let Some(name) = path.strip_prefix("/crl/") {
        return revocation::list(&shared.pki, name);
    }
    if let Some(identifier) = path.strip_prefix("/v1/licences/").and_then(|rest| rest.strip_suffix("/status")) {
        let found = shared.statuses.lock().unwrap_or_else(PoisonError::into_inner).get(identifier).copied();
        let Some((found, freshness)) = found else { return empty(StatusCode::NOT_FOUND) };
        if freshness == Freshness::Late {
            tokio::time::sleep(LATE).await;
        }
        let age = if freshness == Freshness::Stale { Duration::HOUR } else { Duration::ZERO };
        let body = status::answer(&shared.pki, identifier, found, (shared.clock)() - age);
        return bytes_of("application/json", body.to_string().into_bytes());
    }
    if path.starts_with("/sink/") { empty(StatusCode::NO_CONTENT) } else { empty(StatusCode::NOT_FOUND) }
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn bytes_of(kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(bytes)));
    response.headers_mut().insert("content-type", axum::http::HeaderValue::from_static(kind));
    response
}
