//! Refusals as problem details (RFC 9457).

use ecric_model::binding::ErrorCode;
use serde_json::{Value, json};

use super::translate::{member_path, own};
use super::{Content, Page, words};
use crate::errors::{ApiError, Detail};
use crate::operation::Reply;

/// Start of `type`.
const TYPE: &str = "urn:beta:problem:";

/// The page of a refusal. Its type stands in a header, too, for callers who asked for another media type.
pub(super) fn page(error: &ApiError) -> Page {
    let kind = format!("{TYPE}{}", own(words::PROBLEMS, error.code.code()));
    let retry = error.retry_after.map(|seconds| ("retry-after", seconds.to_string()));
    let headers = [("x-problem", kind)].into_iter().chain(retry).collect();
    Page { status: error.code.http(), headers, content: Content::Problem(body(error)) }
}

/// The body of a refusal.
pub(super) fn body(error: &ApiError) -> Value {
    let word = own(words::PROBLEMS, error.code.code());
    let fields: Vec<String> = error.details.iter().map(|detail| member_path(&detail.field)).collect();
    let told: Vec<String> =
        fields.iter().zip(&error.details).map(|(field, one)| format!("{field}: {}", one.issue)).collect();
    let detail = if told.is_empty() { error.message.clone() } else { told.join("; ") };
    json!({
        "type": format!("{TYPE}{word}"),
        "title": word.replace('-', " "),
        "status": error.code.http(),
        "detail": detail,
        "fields": fields,
        "retryAfter": error.retry_after,
    })
}

/// The refusal in an answer of the core, which writes some of them out.
pub(super) fn read(reply: &Reply) -> ApiError {
    let body = reply.body.clone().unwrap_or_default();
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let code = ErrorCode::parse(&text(&body, "code")).unwrap_or(ErrorCode::Internal);
    let mut error = ApiError::new(code, &text(&body, "message"));
    let details = body.get("details").and_then(Value::as_array).cloned().unwrap_or_default();
    error.details = details.iter().map(|one| Detail { field: text(one, "field"), issue: text(one, "issue") }).collect();
    error.retry_after = body.get("retryAfter").and_then(Value::as_u64);
    error
}
