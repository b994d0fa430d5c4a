//! Stand-in vendors: the same honest core behind wires of their own, as unlike each other as possible.
//! A vendor reads and authenticates its own requests, asks the core through [`Core`], and writes its
//! own answers; it decides nothing about licences. All values are test values, all names invented.
//!
//! Test controls (`/v1/test/…`), one-time links (`/v1/files/…`) and revocation lists (`/v1/crl/…`)
//! are answered as binding v1 does, so that runs need no hands.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use bytes::Bytes;
use ecric_model::binding::{ErrorCode, Operation};
use serde_json::Value;

use crate::auth::App;
use crate::capabilities;
use crate::errors::ApiError;
use crate::operation::Reply;
use crate::router::{self, CoreCall, fresh_id, is_offered, perform, read_body, refusal};
use crate::shared::{Node, Shared};

mod alpha;
mod beta;
mod china;
mod delta;
mod gamma;
mod gb36906;
mod keys;
mod paths;
mod tokens;

/// Bytes that a vendor's envelope may take of a body: what it declares as its limit is smaller by them.
const ENVELOPE: u64 = 4_096;

pub(crate) use alpha::Drafts;
pub(crate) use beta::Desk;
pub(crate) use gamma::Transactions;

/// A wire other than binding v1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// Forms with XML inside, signed with SM3, result codes.
    Alpha,
    /// REST with PATCH, OAuth 2 and problem bodies.
    Beta,
    /// One endpoint, JSON in strings, SM2-signed both ways.
    Gamma,
    /// `head`/`data` JSON as observed on provincial sharing platforms.
    Gb36906,
    /// Bodies of binding v1 at other paths behind a login: what the example adapters relay to.
    Delta,
}

impl Vendor {
    /// Every vendor.
    pub const ALL: [Self; 5] = [Self::Alpha, Self::Beta, Self::Gamma, Self::Gb36906, Self::Delta];

    /// The word on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Gamma => "gamma",
            Self::Gb36906 => "gb36906",
            Self::Delta => "delta",
        }
    }
}

/// Answers every request of a vendor's server.
pub(crate) async fn handle(State((shared, vendor)): State<(Arc<Shared>, Vendor)>, request: Request) -> Response {
    let path = request.uri().path();
    if ["/v1/test/", "/v1/files/", "/v1/crl/"].iter().any(|start| path.starts_with(start)) {
        let node = Node { number: 0, test_mode: shared.test_mode };
        return router::handle(State((shared, node)), request).await;
    }
    let (parts, body) = request.into_parts();
    let read = read_body(&shared, &parts.headers, body).await;
    let core = Core { shared: &shared, parts: &parts };
    match vendor {
        Vendor::Alpha => alpha::answer(&core, read).await,
        Vendor::Beta => beta::answer(&core, read).await,
        Vendor::Gamma => gamma::answer(&core, read).await,
        Vendor::Gb36906 => gb36906::answer(&core, read).await,
        Vendor::Delta => delta::answer(&core, read).await,
    }
}

/// The honest core, as a vendor sees it.
pub(crate) struct Core<'a> {
    pub(crate) shared: &'a Shared,
    /// Method, address and headers of the request.
    pub(crate) parts: &'a Parts,
}

/// What a vendor asks of the core.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    /// Value of `{id}` in the path of binding v1: licence identifier, or number of a status list.
    pub(crate) id: String,
    /// Request body of binding v1; `Null` for operations without.
    pub(crate) body: Value,
    /// Idempotency key, where the vendor's wire has one.
    pub(crate) key: Option<String>,
    /// `If-Match` of binding v1: a quoted status version.
    pub(crate) if_match: Option<String>,
    /// `If-None-Match` of binding v1.
    pub(crate) if_none_match: Option<String>,
    /// Correlation id of the request, where the vendor's wire has one.
    pub(crate) request_id: Option<String>,
}

impl Core<'_> {
    /// A header of the request, its name in lower case; `None` where it is absent or no text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the request says that its body is JSON.
    pub(crate) fn sends_json(&self) -> bool {
        router::is_json(&self.parts.headers)
    }

    /// The application with every right (`0`) or the second one (`1`).
    pub(crate) fn app(&self, index: usize) -> Option<&App> {
        self.shared.apps.get(index)
    }

    /// Performs an operation for a caller whom the vendor knows. `None` for anonymous operations only.
    pub(crate) async fn ask(&self, app: Option<&App>, operation: Operation, ask: Ask) -> Result<Reply, ApiError> {
        if !is_offered(operation, self.shared) {
            return Err(ApiError::new(ErrorCode::NotSupported, "this operation is not offered"));
        }
        if operation == Operation::Capabilities {
            return Ok(Reply::ok(capabilities::answer(self.shared, self.shared.test_mode)));
        }
        let raw = match &ask.body {
            Value::Null => Bytes::new(),
            body => Bytes::from(serde_json::to_vec(body).unwrap_or_default()),
        };
        let host = self.parts.headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
        let call = CoreCall {
            app,
            nonce: None,
            operation,
            path: operation.path().replace("{id}", &ask.id),
            id: ask.id,
            raw,
            key: Ok(ask.key),
            if_match: ask.if_match,
            if_none_match: ask.if_none_match,
            host: host.to_owned(),
            request_id: ask.request_id.unwrap_or_else(|| fresh_id(self.shared)),
        };
        perform(self.shared, call).await
    }

    /// The error body of binding v1, for vendors that keep it.
    pub(crate) fn refusal(&self, error: &ApiError) -> Reply {
        refusal(self.shared, error, &fresh_id(self.shared))
    }
}

/// An answer with a status, a media type and a body.
pub(crate) fn respond(status: u16, media_type: &str, body: impl Into<Body>) -> Response {
    let built = Response::builder().status(status).header("content-type", media_type).body(body.into());
    built.unwrap_or_default()
}

/// True for a class of reasons that only a presentation code can have; vendors without codes have no word for it.
#[cfg(test)]
pub(crate) fn is_about_codes(class: &str) -> bool {
    ["CODE_", "BINDING_", "EVIDENCE_", "CONSENT_"].iter().any(|start| class.starts_with(start))
}
