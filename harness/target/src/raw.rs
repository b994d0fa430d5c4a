//! Raw bytes over TCP or TLS: what an HTTP client refuses to send. Sends pieces as they are, reads what
//! comes back within time and size limits, and records it like any other exchange. Judges nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use ecric_model::binding::Operation;
use ecric_model::exchange::TransportOutcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::TargetError;
use crate::client::{Call, CaseConnection, Prepared};
use crate::transport::Received;

mod answers;
mod tls;

use answers::{RawResponse, read_answers};

/// Name of the observation that a raw exchange leaves.
const OBSERVED: &str = "raw";
/// Most bytes kept of what comes back below TLS.
const FIRST_MAX: usize = 128;
/// Most bytes read back over a raw connection.
const READ_MAX: usize = 1 << 20;

/// A right request of binding v1 as its parts, before anything is done to it.
pub struct RawRequest {
    /// `POST /v1/… HTTP/1.1`.
    pub line: String,
    /// Headers in order, `Host` first, without those of the framing.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    base: String,
    prepared: Prepared,
}

/// Some bytes and the time to wait before they are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPiece {
    /// Wait before sending.
    pub pause: Duration,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// How a raw exchange goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawLimits {
    /// Silence after a complete answer that ends the reading.
    pub quiet: Duration,
    /// Most time for the whole exchange.
    pub whole: Duration,
    /// True to close our side after the last piece.
    pub finish: bool,
    /// True for bytes below TLS: none is spoken, and what comes back is kept as its first bytes.
    pub bare: bool,
}

/// What came back over a raw connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawAnswer {
    /// Statuses of the complete HTTP answers, in order.
    pub statuses: Vec<u16>,
    /// True if the other side closed or reset the connection.
    pub closed: bool,
    /// True if bytes came that are no HTTP answer.
    pub garbage: bool,
    /// Why no connection came about, if none did.
    pub unreachable: Option<String>,
    /// Duration, milliseconds.
    pub elapsed_ms: u64,
    /// Evidence id of the exchange.
    pub evidence: String,
    /// First bytes that came back below TLS, hex.
    #[serde(default)]
    pub first: String,
}

impl RawRequest {
    /// Host that it goes to, without a port.
    #[must_use]
    pub fn host(&self) -> String {
        let url = reqwest::Url::parse(&self.base).ok();
        url.and_then(|url| url.host_str().map(|host| host.trim_matches(['[', ']']).to_owned())).unwrap_or_default()
    }
}

impl CaseConnection {
    /// The parts of a right, signed request of binding v1, for distorting.
    ///
    /// # Errors
    /// When the target file has no base for the operation, or the base is no URL.
    pub fn raw_request(&self, call: &Call) -> Result<RawRequest, TargetError> {
        let base = self.base(call.operation)?;
        let url = parse(call.operation, &base)?;
        let prepared = self.prepare(call, None);
        let query = if prepared.sent.query.is_empty() { String::new() } else { format!("?{}", prepared.sent.query) };
        let prefix = url.path().trim_end_matches('/');
        let line = format!("{} {prefix}{}{query} HTTP/1.1", prepared.sent.method, prepared.sent.path);
        let mut headers = vec![("Host".to_owned(), host_of(&url))];
        headers.extend(prepared.headers.iter().cloned());
        Ok(RawRequest { line, headers, body: prepared.wire_body.clone(), base, prepared })
    }

    /// Sends the pieces that were made from a request and reads what comes back.
    ///
    /// # Errors
    /// Only for faults of ours: a base that is no URL, a case over its time limit.
    pub async fn send_raw(
        &self,
        operation: Operation,
        request: RawRequest,
        pieces: Vec<RawPiece>,
        limits: RawLimits,
    ) -> Result<RawAnswer, TargetError> {
        let budget = self.budget()?;
        let RawRequest { base, mut prepared, .. } = request;
        if self.judges_again() {
            return self.raw_again(operation);
        }
        let url = parse(operation, &base)?;
        let limits = RawLimits { whole: limits.whole.min(budget), ..limits };
        self.target().pace().await;
        let began = Instant::now();
        let started = self.begin();
        let seen = match self.connect(&url, limits.bare).await {
            Ok(stream) if limits.bare => exchange_bare(stream, &pieces, limits).await,
            Ok(stream) => exchange(stream, &pieces, limits).await,
            Err(reason) => Seen { unreachable: Some(reason), ..Seen::default() },
        };
        prepared.wire_body = pieces.into_iter().flat_map(|piece| piece.bytes).collect();
        let received = seen.received(limits.whole);
        let evidence = self.keep_raw(operation, &base, &prepared, &received, &started);
        let answer = RawAnswer {
            closed: seen.closed,
            garbage: seen.garbage,
            unreachable: seen.unreachable,
            statuses: seen.answers.iter().map(|one| one.status).collect(),
            elapsed_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            evidence,
            first: ecric_gm::encoding::hex(&seen.first),
        };
        self.observe(OBSERVED, || serde_json::to_value(&answer).unwrap_or_default());
        Ok(answer)
    }

    /// A raw exchange of the record.
    fn raw_again(&self, operation: Operation) -> Result<RawAnswer, TargetError> {
        let seen = self.observe(OBSERVED, || Value::Null);
        let answer: RawAnswer = serde_json::from_value(seen).map_err(|_| self.missing(operation.name()))?;
        self.take_up(&answer.evidence);
        Ok(answer)
    }

    async fn connect(&self, url: &reqwest::Url, bare: bool) -> Result<Box<dyn Stream>, String> {
        let settings = self.target().settings();
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().unwrap_or(80);
        let limit = Duration::from_millis(settings.transport.connect_ms);
        let tcp = tokio::time::timeout(limit, TcpStream::connect((host.as_str(), port))).await;
        let tcp = tcp.map_err(|_| "no connection in time".to_owned())?.map_err(|error| error.to_string())?;
        let _ = tcp.set_nodelay(true);
        if url.scheme() != "https" || bare {
            return Ok(Box::new(tcp));
        }
        let wrapped = tokio::time::timeout(limit, tls::wrap(tcp, &host, &settings.roots)).await;
        wrapped.map_err(|_| "no TLS connection in time".to_owned())?.map(|stream| Box::new(stream) as Box<dyn Stream>)
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

fn parse(operation: Operation, base: &str) -> Result<reqwest::Url, TargetError> {
    reqwest::Url::parse(base)
        .map_err(|error| TargetError::Request { operation: operation.name().to_owned(), reason: error.to_string() })
}

fn host_of(url: &reqwest::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[derive(Default)]
struct Seen {
    answers: Vec<RawResponse>,
    closed: bool,
    garbage: bool,
    unreachable: Option<String>,
    bytes: u64,
    /// First bytes, below TLS.
    first: Vec<u8>,
}

impl Seen {
    /// The exchange as the recorder knows it: the first answer, or how the transport ended.
    fn received(&self, limit: Duration) -> Received {
        let first = self.answers.first();
        let (outcome, error) = match (first, &self.unreachable) {
            (Some(_), _) if self.answers.len() == 1 => (TransportOutcome::Answer, None),
            (Some(_), _) => (TransportOutcome::Answer, Some(format!("{} answers", self.answers.len()))),
            (None, Some(reason)) => (TransportOutcome::Reset, Some(reason.clone())),
            (None, None) if self.garbage => (TransportOutcome::Malformed, Some("no HTTP answer".to_owned())),
            (None, None) if !self.first.is_empty() => {
                (TransportOutcome::Malformed, Some(format!("below TLS: {}", ecric_gm::encoding::hex(&self.first))))
            }
            (None, None) if self.closed => (TransportOutcome::Reset, Some("closed without an answer".to_owned())),
            (None, None) => {
                (TransportOutcome::Timeout, Some(format!("no complete answer within {} ms", limit.as_millis())))
            }
        };
        Received {
            outcome,
            error,
            status: first.map_or(0, |answer| answer.status),
            headers: first.map(|answer| answer.headers.clone()).unwrap_or_default(),
            body: first.map_or_else(Bytes::new, |answer| answer.body.clone()),
            body_bytes: self.bytes,
            unreachable: self.unreachable.is_some(),
        }
    }
}

/// Sends and reads at once, so that an early refusal is seen although not everything was sent.
async fn exchange(stream: Box<dyn Stream>, pieces: &[RawPiece], limits: RawLimits) -> Seen {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let sent = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let done = Arc::clone(&sent);
    let write = async move {
        for piece in pieces {
            if !piece.pause.is_zero() {
                tokio::time::sleep(piece.pause).await;
            }
            if writer.write_all(&piece.bytes).await.is_err() || writer.flush().await.is_err() {
                break;
            }
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        if limits.finish {
            let _ = writer.shutdown().await;
        }
        // The writing half stays open until the reading is over.
        std::future::pending::<()>().await;
    };
    let mut seen = Seen::default();
    let read = read_all(&mut reader, &mut seen, limits, &sent);
    tokio::select! {
        () = write => {}
        _ = tokio::time::timeout(limits.whole, read) => {}
    }
    seen
}

/// Sends and reads the first record of what comes back.
async fn exchange_bare(mut stream: Box<dyn Stream>, pieces: &[RawPiece], limits: RawLimits) -> Seen {
    let mut seen = Seen::default();
    let work = async {
        for piece in pieces {
            stream.write_all(&piece.bytes).await?;
        }
        stream.flush().await?;
        let mut chunk = [0; 1024];
        while seen.first.len() < record_length(&seen.first).min(FIRST_MAX) {
            let length = stream.read(&mut chunk).await?;
            if length == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            seen.first.extend_from_slice(&chunk[..length]);
        }
        std::io::Result::Ok(())
    };
    let ended = tokio::time::timeout(limits.whole, work).await;
    seen.closed = matches!(ended, Ok(Err(_)));
    seen.first.truncate(FIRST_MAX);
    seen.bytes = seen.first.len() as u64;
    seen
}

/// Length of the TLS record that begins here, as far as it can be told.
fn record_length(bytes: &[u8]) -> usize {
    match bytes {
        [_, _, _, high, low, ..] => 5 + (usize::from(*high) << 8) + usize::from(*low),
        _ => 5,
    }
}

async fn read_all(
    reader: &mut (impl AsyncRead + Unpin),
    seen: &mut Seen,
    limits: RawLimits,
    sent: &std::sync::atomic::AtomicBool,
) {
    let mut buffer = BytesMut::new();
    let mut chunk = vec![0; 16 * 1024];
    loop {
        let all_sent = sent.load(std::sync::atomic::Ordering::Relaxed);
        let wait = if seen.answers.is_empty() || !all_sent { limits.whole } else { limits.quiet };
        match tokio::time::timeout(wait, reader.read(&mut chunk)).await {
            Err(_) => return,
            Ok(Err(_) | Ok(0)) => {
                seen.closed = true;
                (seen.answers, seen.garbage) = read_answers(&buffer, true);
                return;
            }
            Ok(Ok(length)) => {
                seen.bytes += length as u64;
                buffer.extend_from_slice(&chunk[..length]);
                (seen.answers, seen.garbage) = read_answers(&buffer, false);
                if buffer.len() > READ_MAX || seen.garbage {
                    return;
                }
            }
        }
    }
}
