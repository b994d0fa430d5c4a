//! A server that answers what it is told to and keeps what it was asked.

#![allow(dead_code, reason = "each test file uses its part")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A canned answer: status, media type, body.
pub type Canned = (u16, &'static str, String);
/// The same with a body of any bytes.
pub type CannedBytes = (u16, &'static str, Vec<u8>);

/// The server; it ends with the runtime.
pub struct Canning {
    pub url: String,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Canning {
    /// Answers with each of `answers` in turn, the last one for ever.
    pub async fn start(answers: Vec<Canned>) -> Self {
        let bytes = |(status, kind, body): Canned| (status, kind, body.into_bytes());
        Self::start_bytes(answers.into_iter().map(bytes).collect()).await
    }

    /// The same with bodies of any bytes.
    pub async fn start_bytes(answers: Vec<CannedBytes>) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        tokio::spawn(async move {
            let answers = Arc::new(answers);
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, answers) = (Arc::clone(&kept), Arc::clone(&answers));
                tokio::spawn(async move {
                    let mut buffer = Vec::new();
                    loop {
                        let Some(request) = next(&mut stream, &mut buffer).await else { return };
                        let number = {
                            let mut kept = kept.lock().unwrap();
                            kept.push(request);
                            kept.len() - 1
                        };
                        let (status, kind, body) = &answers[number.min(answers.len() - 1)];
                        let head = format!(
                            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
                            body.len()
                        );
                        let _ = stream.write_all([head.as_bytes(), body].concat().as_slice()).await;
                    }
                });
            }
        });
        Self { url, seen }
    }

    /// Requests so far, heads and bodies.
    pub fn seen(&self) -> Vec<String> {
        self.seen_bytes().into_iter().map(|request| String::from_utf8(request).unwrap()).collect()
    }

    /// The same as bytes.
    pub fn seen_bytes(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap().clone()
    }
}

async fn next(stream: &mut tokio::net::TcpStream, buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
            let whole = end + 4 + length.trim().parse::<usize>().unwrap_or(0);
            if buffer.len() >= whole {
                return Some(buffer.drain(..whole).collect());
            }
        }
        let mut chunk = [0_u8; 4096];
        match stream.read(&mut chunk).await {
            Ok(count) if count > 0 => buffer.extend_from_slice(&chunk[..count]),
            _ => return None,
        }
    }
}
