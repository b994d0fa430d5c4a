//! One recorded exchange with a product: the evidence behind a judgement. Redacted when written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the transport ended, free of any judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransportOutcome {
    /// A complete HTTP answer within the limits.
    Answer,
    /// No complete answer within the time limit.
    Timeout,
    /// Refused, reset or closed before the answer was complete.
    Reset,
    /// Not HTTP, or larger than the size limit.
    Malformed,
}

/// A request as sent, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedRequest {
    /// HTTP method.
    pub method: String,
    /// Full URL.
    pub url: String,
    /// Headers in order; secrets replaced.
    pub headers: Vec<(String, String)>,
    /// Body as text; bytes that are not UTF-8 are shown as `\xNN`.
    pub body: String,
    /// Length of the body as sent, bytes.
    pub body_bytes: u64,
}

/// An answer as received, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers in order of receipt; cookies replaced.
    pub headers: Vec<(String, String)>,
    /// Body as text, cut at the recorder's limit.
    pub body: String,
    /// Length of the body as received, bytes.
    pub body_bytes: u64,
}

/// One request and what came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// Evidence id, `E-000123`, unique in the run.
    pub id: String,
    /// Case during which it happened; empty for preflight.
    pub case: String,
    /// Operation name, for example `issuer.issue`.
    pub operation: String,
    /// When it began, RFC 3339, UTC.
    pub started: String,
    /// Until the answer was complete or the transport ended, milliseconds.
    pub duration_ms: u64,
    /// The request.
    pub request: RecordedRequest,
    /// The answer, if one came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<RecordedResponse>,
    /// How the transport ended.
    pub outcome: TransportOutcome,
    /// What the transport said when it did not end with an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport_error: Option<String>,
    /// How many values were replaced or masked.
    pub redactions: u32,
    /// A shell command that sends the request again with a fresh signature.
    pub curl: String,
}
