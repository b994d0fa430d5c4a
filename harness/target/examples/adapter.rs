//! Skeleton of an adapter: speaks binding v1 on loopback and relays to a product with an interface of its
//! own. The product here is the stand-in vendor delta (`ecric serve --vendor delta`). Put your product's
//! paths, headers and login in place of [`ROUTES`], [`ASKED`], [`ANSWERED`] and [`Product::log_in`].
//!
//! `ECRIC_URL=http://127.0.0.1:8480 cargo run -p ecric-target --example adapter -- --port 8481`

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use reqwest::Client;
use serde_json::json;
use tokio::sync::Mutex;

/// Method and path of binding v1 (`*` stands for one segment), then method and path of the product.
const ROUTES: &[(&str, &str, &str, &str)] = &[
    ("GET", "/v1/capabilities", "GET", "/api/idcard/about"),
    ("POST", "/v1/licences", "POST", "/api/idcard/new"),
    ("POST", "/v1/licences/search", "POST", "/api/idcard/find"),
    ("POST", "/v1/licences/*/metadata", "POST", "/api/idcard/card/*/read"),
    ("POST", "/v1/licences/*/file", "POST", "/api/idcard/card/*/document"),
    ("GET", "/v1/licences/*/status", "GET", "/api/idcard/card/*/state"),
    ("POST", "/v1/licences/*/transitions", "PUT", "/api/idcard/card/*/state"),
    ("POST", "/v1/licences/*/reissue", "PUT", "/api/idcard/card/*/successor"),
    ("GET", "/v1/status-lists/*", "GET", "/api/idcard/lists/*"),
    ("GET", "/v1/trust-anchors", "GET", "/api/idcard/anchors"),
    ("POST", "/v1/audit/search", "POST", "/api/idcard/journal"),
    ("POST", "/v1/verify/file", "POST", "/api/idcard/check/document"),
    ("POST", "/v1/verify/presentation", "POST", "/api/idcard/check/code"),
    ("POST", "/v1/verify/attributes", "POST", "/api/idcard/check/person"),
    ("POST", "/v1/verify/batch", "POST", "/api/idcard/check/many"),
    ("PUT", "/v1/test/trust-anchors", "PUT", "/api/idcard/test/anchors"),
    ("PUT", "/v1/test/clock", "PUT", "/api/idcard/test/clock"),
    ("POST", "/v1/test/personas", "POST", "/api/idcard/test/people"),
    ("POST", "/v1/test/faults", "POST", "/api/idcard/test/faults"),
    ("DELETE", "/v1/test/faults/*", "DELETE", "/api/idcard/test/faults/*"),
];

/// Headers of requests: those of binding v1, then the product's.
const ASKED: &[(&str, &str)] = &[
    ("content-type", "content-type"),
    ("idempotency-key", "x-once-key"),
    ("if-match", "x-if-version"),
    ("if-none-match", "x-known-version"),
    ("x-ecric-request-id", "x-trace"),
];

/// Headers of answers: the product's, then those of binding v1.
const ANSWERED: &[(&str, &str)] = &[
    ("x-version", "etag"),
    ("x-once-repeated", "idempotent-replay"),
    ("x-trace", "x-ecric-request-id"),
    ("date", "date"),
    ("content-type", "content-type"),
    ("cache-control", "cache-control"),
    ("retry-after", "retry-after"),
];

/// Largest body that is relayed, bytes.
const BODY_MAX: usize = 32 * 1024 * 1024;

/// The product behind the adapter.
struct Product {
    base: String,
    /// Keeps its connections.
    http: Client,
    session: Mutex<String>,
}

impl Product {
    /// A new session, unless another caller has got one in place of `ended` already.
    async fn log_in(&self, ended: &str) -> reqwest::Result<String> {
        let mut session = self.session.lock().await;
        if *session == ended {
            // Published test credentials of the stand-in; those of a real product belong in the environment.
            let body = json!({"user": "delta-user-1", "password": "delta-test-password"}).to_string();
            let request = self.http.post(format!("{}/session", self.base)).header("content-type", "application/json");
            let answer = request.body(body).send().await?;
            session.clear();
            session.push_str(answer.headers().get("x-session").and_then(|value| value.to_str().ok()).unwrap_or(""));
        }
        Ok(session.clone())
    }

    /// One call; a session that has ended is renewed once.
    async fn call(&self, method: &str, path: &str, headers: &HeaderMap, body: Bytes) -> reqwest::Result<Response> {
        let mut session = self.session.lock().await.clone();
        let mut renewed = false;
        loop {
            let method = method.parse().unwrap_or_default();
            let request = self.http.request(method, format!("{}{path}", self.base)).headers(headers.clone());
            let answer = request.header("x-session", &session).body(body.clone()).send().await?;
            if answer.status() != 401 || renewed {
                let (status, headers) = (answer.status(), renamed(answer.headers(), ANSWERED));
                let mut response = Response::new(Body::from(answer.bytes().await?));
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                return Ok(response);
            }
            session = self.log_in(&session).await?;
            renewed = true;
        }
    }
}

fn renamed(headers: &HeaderMap, names: &[(&'static str, &'static str)]) -> HeaderMap {
    let found = |(from, to): &(&str, &'static str)| Some((HeaderName::from_static(to), headers.get(*from)?.clone()));
    names.iter().filter_map(found).collect()
}

/// The segment at `*` (empty without one) if the path fits.
fn matched<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    let Some((head, tail)) = pattern.split_once('*') else { return (pattern == path).then_some("") };
    let segment = path.strip_prefix(head)?.strip_suffix(tail)?;
    (!segment.is_empty() && !segment.contains('/')).then_some(segment)
}

async fn relay(State(product): State<Arc<Product>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else { return refuse(413, "TOO_LARGE", &parts.headers) };
    let mut known = false;
    for (method, pattern, to, template) in ROUTES {
        let Some(segment) = matched(pattern, parts.uri.path()) else { continue };
        known = true;
        if parts.method.as_str() == *method {
            let path = template.replace('*', segment);
            let answer = product.call(to, &path, &renamed(&parts.headers, ASKED), body).await;
            return answer.unwrap_or_else(|_| refuse(503, "UNAVAILABLE", &parts.headers));
        }
    }
    if known { refuse(405, "METHOD_NOT_ALLOWED", &parts.headers) } else { refuse(404, "NOT_FOUND", &parts.headers) }
}

/// A refusal of the adapter itself, in the form of binding v1.
fn refuse(status: u16, code: &str, headers: &HeaderMap) -> Response {
    let trace = headers.get("x-ecric-request-id").cloned().unwrap_or_else(|| HeaderValue::from_static("-"));
    let id = trace.to_str().unwrap_or_default();
    let body = json!({"code": code, "message": code, "requestId": id, "details": [], "retryAfter": null}).to_string();
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.header("x-ecric-request-id", trace).body(Body::from(body)).unwrap_or_default()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--port").skip(1);
    let port: u16 = arguments.next().ok_or("--port is missing")?.parse()?;
    // Needed by the HTTP client for `https`; the other possible outcome is that one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let base = std::env::var("ECRIC_URL")?.trim_end_matches('/').to_owned();
    let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let product = Arc::new(Product { base, http, session: Mutex::default() });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, Router::new().fallback(relay).with_state(product)).await?;
    Ok(())
}
