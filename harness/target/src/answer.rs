//! What came back from one call, without judgement.

use bytes::Bytes;
use ecric_model::binding::{ErrorBody, Operation};
use ecric_model::exchange::TransportOutcome;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What was sent, for repeats.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Method as sent.
    pub method: String,
    /// Path as sent.
    pub path: String,
    /// Query as sent.
    pub query: String,
    /// Body before anything was appended.
    pub body: Vec<u8>,
    /// Nonce as sent.
    pub nonce: String,
    /// Timestamp as sent.
    pub timestamp: String,
    /// Signature as sent.
    pub signature: String,
    /// Application as sent.
    pub app: String,
    /// Idempotency key as sent.
    pub idempotency_key: Option<String>,
    /// Request id as sent.
    pub request_id: String,
}

/// An answer, or how the transport ended without one.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The operation called.
    pub operation: Operation,
    /// How the transport ended.
    pub outcome: TransportOutcome,
    /// What the transport said when it did not end with an answer.
    pub transport_error: Option<String>,
    /// True if no connection came about: refused, unresolvable, TLS failure.
    pub unreachable: bool,
    /// HTTP status; 0 without an answer.
    pub status: u16,
    /// Headers, names in lower case, in order of receipt.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Bytes,
    /// Body as JSON, if it is.
    pub json: Option<Value>,
    /// Evidence id of the exchange.
    pub evidence: String,
    /// What was sent.
    pub sent: Sent,
    /// When the call began and ended, milliseconds since the start of the run, monotonic.
    pub span_ms: (u64, u64),
    /// Harness time when the answer was complete, milliseconds since 1970.
    pub received_ms: i64,
}

impl Answer {
    /// True for a complete answer with a 2xx status.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.outcome == TransportOutcome::Answer && (200..300).contains(&self.status)
    }

    /// First header of a name given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as a message of binding v1.
    ///
    /// # Errors
    /// A text that names the member at fault.
    pub fn message<T: DeserializeOwned>(&self) -> Result<T, String> {
        let Some(json) = &self.json else { return Err("the body is not JSON".to_owned()) };
        serde_json::from_value(json.clone()).map_err(|error| error.to_string())
    }

    /// The body as an error body, if it is one.
    #[must_use]
    pub fn error(&self) -> Option<ErrorBody> {
        self.message().ok()
    }

    /// The error code, if the body has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.json.as_ref()?.get("code")?.as_str()
    }

    /// The body as text, for searching.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
