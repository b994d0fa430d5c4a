//! Errors: those answered to callers (binding v1, section 5) and those of the server itself.
//! An answer must never repeat a value from the request, nor show SQL, paths or traces.

use ecric_model::binding::ErrorCode;
use serde_json::{Value, json};

/// Why the reference could not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The listener could not be opened.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The data folder could not be made.
    #[error("cannot use the data folder")]
    DataFolder(#[source] std::io::Error),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// A published key is not hex.
    #[error("the key of application {0} is not lower-case hex")]
    Key(String),
    /// The test keys could not be made.
    #[error("the test keys could not be made")]
    Keys,
    /// No listener was asked for.
    #[error("the number of nodes is 0, wanted 1 or more")]
    NoNodes,
    /// A server task ended with an error.
    #[error("the server stopped")]
    Serve(#[source] std::io::Error),
}

/// One member at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Detail {
    /// Member path.
    pub(crate) field: String,
    /// What is wrong with it, free of values.
    pub(crate) issue: String,
}

/// A refusal, before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// Code; it decides the HTTP status.
    pub(crate) code: ErrorCode,
    /// Words for people, free of values.
    pub(crate) message: String,
    /// Members at fault, the primary one first.
    pub(crate) details: Vec<Detail>,
    /// Seconds to wait.
    pub(crate) retry_after: Option<u64>,
}

impl ApiError {
    /// A refusal without details.
    pub(crate) fn new(code: ErrorCode, message: &str) -> Self {
        Self { code, message: message.to_owned(), details: Vec::new(), retry_after: None }
    }

    /// A refusal that names one member.
    pub(crate) fn field(code: ErrorCode, field: &str, issue: &str) -> Self {
        let detail = Detail { field: field.to_owned(), issue: issue.to_owned() };
        Self { code, message: format!("{field}: {issue}"), details: vec![detail], retry_after: None }
    }

    /// 400 for one member.
    pub(crate) fn invalid(field: &str, issue: &str) -> Self {
        Self::field(ErrorCode::InvalidRequest, field, issue)
    }

    /// 429 with the seconds to wait.
    pub(crate) fn rate_limited(seconds: u64) -> Self {
        let mut error = Self::new(ErrorCode::RateLimited, "too many attempts");
        error.retry_after = Some(seconds);
        error
    }

    /// The body of the answer.
    pub(crate) fn body(&self, request_id: &str) -> Value {
        let details: Vec<Value> =
            self.details.iter().map(|detail| json!({"field": detail.field, "issue": detail.issue})).collect();
        json!({
            "code": self.code.code(),
            "message": self.message,
            "requestId": request_id,
            "details": details,
            "retryAfter": self.retry_after,
        })
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "database error");
        Self::new(ErrorCode::Internal, "internal error")
    }
}
