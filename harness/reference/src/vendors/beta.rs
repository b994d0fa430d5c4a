//! The wire of stand-in vendor beta.

use axum::response::Response;
use bytes::Bytes;

use crate::errors::ApiError;
use crate::vendors::{Core, respond};

/// Answers one request.
pub(crate) async fn answer(_core: &Core<'_>, _body: Result<Bytes, ApiError>) -> Response {
    respond(501, "text/plain", "not built yet")
}
