//! Sends one request over HTTP and tells how the transport ended. Every convenience is off:
//! no proxy but the one that the target file names, no redirect, no retry, no decompression.

use std::error::Error as _;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ecric_model::exchange::TransportOutcome;

use crate::TargetError;
use crate::client::TargetSettings;
use crate::target_file::TransportSettings;

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) outcome: TransportOutcome,
    pub(crate) error: Option<String>,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    pub(crate) body_bytes: u64,
    /// True if no connection came about: refused, unresolvable, TLS failure.
    pub(crate) unreachable: bool,
}

impl Received {
    fn ended(outcome: TransportOutcome, error: String) -> Self {
        Self {
            outcome,
            error: Some(error),
            status: 0,
            headers: Vec::new(),
            body: Bytes::new(),
            body_bytes: 0,
            unreachable: false,
        }
    }
}

/// True if a certificate and a key in PEM can be used together.
pub(crate) fn identity_of(pem: &[u8]) -> Result<reqwest::Identity, TargetError> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Identity::from_pem(pem).map_err(|error| TargetError::Client(chain(&error)))
}

/// The certificates of a PEM text.
pub(crate) fn roots_of(pem: &[u8]) -> Result<Vec<reqwest::Certificate>, TargetError> {
    let roots = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| TargetError::Client(chain(&error)))?;
    if roots.is_empty() { Err(TargetError::Client("no certificate in PEM".to_owned())) } else { Ok(roots) }
}

/// The proxy at a URL.
pub(crate) fn proxy_of(url: &str) -> Result<reqwest::Proxy, TargetError> {
    reqwest::Proxy::all(url).map_err(|error| TargetError::Client(chain(&error)))
}

/// Builds the client.
pub(crate) fn client(target: &TargetSettings) -> Result<reqwest::Client, TargetError> {
    let settings = &target.transport;
    // A second call fails because a provider is there already, which is all that is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_millis(settings.connect_ms))
        .pool_max_idle_per_host(64)
        .tcp_nodelay(true)
        .user_agent(concat!("ecric/", env!("CARGO_PKG_VERSION")));
    let builder = match target.proxy.as_deref() {
        Some(url) => builder.proxy(proxy_of(url)?),
        None => builder,
    };
    let mut roots = Vec::new();
    for pem in &target.roots {
        roots.extend(roots_of(pem)?);
    }
    let builder = if roots.is_empty() { builder } else { builder.tls_certs_merge(roots) };
    let builder = match target.identity.as_deref() {
        Some(pem) => builder.identity(identity_of(pem)?),
        None => builder,
    };
    let builder = if settings.http2 { builder.http2_prior_knowledge() } else { builder.http1_only() };
    builder.build().map_err(|error| TargetError::Client(chain(&error)))
}

/// Sends one request and reads the answer within the limits.
pub(crate) async fn send(
    client: &reqwest::Client,
    request: reqwest::Request,
    settings: &TransportSettings,
    budget: Duration,
) -> Received {
    let limit = Duration::from_millis(settings.read_ms).min(budget);
    let cap = usize::try_from(settings.max_response_bytes).unwrap_or(usize::MAX);
    let mut partial = Received::ended(TransportOutcome::Timeout, String::new());
    match tokio::time::timeout(limit, exchange(client, request, cap, &mut partial)).await {
        Ok(()) => partial,
        Err(_) => {
            partial.outcome = TransportOutcome::Timeout;
            partial.error = Some(format!("no complete answer within {} ms", limit.as_millis()));
            partial
        }
    }
}

async fn exchange(client: &reqwest::Client, request: reqwest::Request, cap: usize, out: &mut Received) {
    let mut response = match client.execute(request).await {
        Ok(response) => response,
        Err(error) => {
            *out = Received::ended(classify(&error), chain(&error));
            out.unreachable = error.is_connect();
            return;
        }
    };
    out.status = response.status().as_u16();
    out.headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                out.body_bytes += chunk.len() as u64;
                let room = cap.saturating_sub(body.len());
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    out.outcome = TransportOutcome::Malformed;
                    out.error = Some(format!("the answer is larger than {cap} bytes"));
                    break;
                }
            }
            Ok(None) => {
                out.outcome = TransportOutcome::Answer;
                out.error = None;
                break;
            }
            Err(error) => {
                out.outcome = classify(&error);
                out.error = Some(chain(&error));
                break;
            }
        }
    }
    out.body = body.freeze();
}

fn classify(error: &reqwest::Error) -> TransportOutcome {
    if error.is_timeout() {
        return TransportOutcome::Timeout;
    }
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return TransportOutcome::Malformed;
        }
        source = inner.source();
    }
    TransportOutcome::Reset
}

/// The error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        out.push_str(": ");
        out.push_str(&inner.to_string());
        source = inner.source();
    }
    out
}
