//! A TCP listener whose connections are closed without an answer when a request takes longer than
//! ten seconds to arrive (ruling A3). Connections that idle between requests are left alone.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::shared::Shared;

mod mend;

/// Time from the first byte of a request to the first byte of its answer.
const REQUEST_TIME: Duration = Duration::from_secs(10);
/// How HTTP/2 begins; its frames are not requests, so no time is taken.
const HTTP2_PREFACE: &[u8] = b"PRI";

/// The listener.
#[derive(Debug)]
pub(crate) struct PatientListener {
    inner: TcpListener,
    shared: Arc<Shared>,
}

impl PatientListener {
    /// Wraps a listener.
    pub(crate) const fn new(inner: TcpListener, shared: Arc<Shared>) -> Self {
        Self { inner, shared }
    }
}

impl Listener for PatientListener {
    type Io = TimedStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TimedStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.inner).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
        let shared = Arc::clone(&self.shared);
        (TimedStream { stream, deadline: None, first: true, timed: true, shared }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// One connection.
#[derive(Debug)]
pub(crate) struct TimedStream {
    stream: TcpStream,
    /// Runs while a request arrives.
    deadline: Option<Pin<Box<Sleep>>>,
    first: bool,
    timed: bool,
    shared: Arc<Shared>,
}

impl AsyncRead for TimedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let poll = Pin::new(&mut this.stream).poll_read(cx, buf);
        mend::mend(&mut buf.filled_mut()[before..], &this.shared.behaviour);
        let read = &buf.filled()[before..];
        if poll.is_ready() && !read.is_empty() {
            if this.first {
                this.timed = !read.starts_with(HTTP2_PREFACE);
                this.first = false;
            }
            if this.timed && this.deadline.is_none() {
                this.deadline = Some(Box::pin(sleep_until(Instant::now() + REQUEST_TIME)));
            }
        }
        if poll.is_pending()
            && let Some(deadline) = &mut this.deadline
            && deadline.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        poll
    }
}

impl AsyncWrite for TimedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        // The server answers: the request has arrived, or is done with.
        self.deadline = None;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.deadline = None;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
