//! What a handler is given and what it answers.

use ecric_gm::encoding::hex;
use ecric_model::binding::ErrorCode;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::auth::App;
use crate::behaviour::Behaviour;
use crate::errors::ApiError;
use crate::naming::{Located, locate};
use crate::shared::Shared;
use crate::store::Tx;
use crate::store::audit::AuditRow;
use crate::store::licences::LicenceRow;

/// An answer before it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Value>,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// A body that is no JSON.
    pub(crate) bytes: Option<Vec<u8>>,
}

impl Reply {
    /// An answer with headers and, perhaps, a body.
    pub(crate) fn plain(status: u16, body: Option<Value>, headers: Vec<(&'static str, String)>) -> Self {
        Self { status, body, headers, bytes: None }
    }

    /// The same with a body that is no JSON.
    pub(crate) fn with_bytes(mut self, bytes: Vec<u8>) -> Self {
        self.bytes = Some(bytes);
        self
    }

    /// 200 with a body.
    pub(crate) fn ok(body: Value) -> Self {
        Self::plain(200, Some(body), Vec::new())
    }

    /// 201 with a body.
    pub(crate) fn created(body: Value) -> Self {
        Self::plain(201, Some(body), Vec::new())
    }
}

/// Everything a handler works with.
pub(crate) struct Work<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) tx: Tx,
    pub(crate) app: Option<&'a App>,
    /// The identifier in the path.
    pub(crate) id: String,
    pub(crate) body: Map<String, Value>,
    pub(crate) now: OffsetDateTime,
    /// What the audit will say; the handler fills in what it knows.
    pub(crate) audit: AuditRow,
    /// True if a faulty server leaves the audit out.
    pub(crate) unrecorded: bool,
    pub(crate) if_none_match: Option<String>,
    pub(crate) if_match: Option<String>,
    /// Host and port that the caller named.
    pub(crate) host: String,
}

impl Work<'_> {
    /// How this server behaves.
    pub(crate) fn behaviour(&self) -> &Behaviour {
        &self.shared.behaviour
    }

    /// The licence in the path (rulings A1, F1): malformed 400, other type 403, unknown 404.
    pub(crate) async fn licence(&mut self) -> Result<LicenceRow, ApiError> {
        let located = locate(&mut self.tx, &self.id, &self.shared.behaviour).await?;
        match located {
            Located::Found(row) => {
                self.audit.identifier = Some(row.identifier.clone());
                self.audit.holder_digest = Some(row.holder_digest.clone());
                Ok(*row)
            }
            Located::Malformed if !self.behaviour().malformed_path_is_404() => {
                Err(ApiError::invalid("certificateIdentifier", "not a licence identifier"))
            }
            Located::OtherType => Err(ApiError::new(ErrorCode::Forbidden, "not entitled to this licence type")),
            Located::Malformed | Located::Unknown => Err(ApiError::new(ErrorCode::NotFound, "no such licence")),
        }
    }

    /// Whether `If-Match`, where it is sent, names this status version (ruling D13).
    pub(crate) fn if_match_fits(&self, version: i64) -> bool {
        let wanted = format!("\"{version}\"");
        self.if_match
            .as_deref()
            .is_none_or(|list| list.split(',').map(str::trim).any(|tag| tag == "*" || tag == wanted))
    }

    /// An id for the log.
    pub(crate) fn evidence_id(&mut self, about: &str) -> String {
        format!("V-{}", hex(&self.shared.seal(&format!("{about}{}", self.audit.request_id))[..8]))
    }
}

/// `details` of a refusal in an item of a batch.
pub(crate) fn item_error(error: &ApiError) -> Value {
    json!({"code": error.code.code(), "message": error.message})
}
