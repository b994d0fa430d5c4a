//! What the verifier fetches: revocation data and status from addresses of the trust list, nothing else.
//! No redirects, no proxies, bounded time and size.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ecric_gm::x509::Certificate;
use ecric_gm::x509::crl::{self, Crl};
use ecric_gm::x509::ocsp::{self, CertId, OcspResponse};
use ecric_gm::x509::revocation::Answered;
use ecric_licence::code::Redemption;
use ecric_licence::file::Trust;
use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::strict_json::parse_object;

/// Most time for one address, and for all addresses of one verification.
const ONE: Duration = Duration::from_secs(5);
const ALL: Duration = Duration::from_secs(10);
/// Most time for a redemption: somebody waits at a counter.
const REDEEM: Duration = Duration::from_secs(3);
/// Largest answer of a redemption, bytes: a portrait may be in it.
const REDEEM_MAX: usize = 256 << 10;

/// A client for all fetches of a server, made with the first one: it reads the certificates of the machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fetcher(Arc<OnceLock<Option<reqwest::Client>>>);

impl Fetcher {
    /// The client; without one nothing is ever fetched.
    fn client(&self) -> Option<&reqwest::Client> {
        let made = self.0.get_or_init(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let builder = reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(ONE)
                .connect_timeout(Duration::from_secs(2));
            builder.build().ok()
        });
        made.as_ref()
    }

    async fn send(&self, request: Option<reqwest::RequestBuilder>, limit: usize) -> Option<Vec<u8>> {
        let mut response = request?.send().await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            if bytes.len() + chunk.len() > limit {
                return None;
            }
            bytes.extend_from_slice(&chunk);
        }
        Some(bytes)
    }

    async fn get(&self, url: &str, limit: usize) -> Option<Vec<u8>> {
        if !is_plain(url) {
            return None;
        }
        self.send(self.client().map(|client| client.get(url)), limit).await
    }

    /// Adds the lists of these addresses to what is known.
    pub(crate) async fn lists(&self, urls: &[String], trust: &mut Trust) {
        let work = async {
            for url in urls {
                if let Some(list) = self.get(url, crl::SIZE_MAX).await.and_then(|bytes| Crl::read(&bytes).ok()) {
                    trust.evidence.lists.push(list);
                }
            }
        };
        let _ = tokio::time::timeout(ALL, work).await;
    }

    /// Asks the responders about a certificate.
    pub(crate) async fn ocsp(
        &self,
        urls: &[String],
        certificate: &Certificate,
        issuer: &Certificate,
        nonce: &[u8],
        trust: &mut Trust,
    ) {
        let Some(id) = CertId::of(certificate, issuer) else { return };
        let body = ocsp::write_request(&id, Some(nonce));
        let work = async {
            for url in urls.iter().filter(|url| is_plain(url)) {
                let request = self.client().map(|client| {
                    client.post(url).header("content-type", "application/ocsp-request").body(body.clone())
                });
                let answer = self.send(request, ocsp::SIZE_MAX).await;
                if let Some(response) = answer.and_then(|bytes| OcspResponse::read(&bytes).ok().flatten()) {
                    trust.evidence.answers.push(Answered { response, nonce: Some(nonce.to_vec()) });
                }
            }
        };
        let _ = tokio::time::timeout(ALL, work).await;
    }

    /// Calls an address and forgets what it says; only a faulty loading end does.
    pub(crate) async fn call(&self, url: &str) {
        let _ = self.get(url, 1 << 10).await;
    }

    /// Redeems a code at another loading end (operation 18), once; answers that are no JSON object of binding
    /// v1, and everything that is late, count as none.
    pub(crate) async fn redeem(&self, url: &str, body: &Value, app: &str, key: &str) -> Redemption {
        if !is_plain(url) {
            return Redemption::Unreachable;
        }
        let request = self.client().map(|client| {
            let request = client.post(url).timeout(REDEEM).header("content-type", "application/json");
            request.header("x-ecric-app", app).header("idempotency-key", key).body(body.to_string())
        });
        let work = async {
            let mut response = request?.send().await.ok()?;
            let status = response.status();
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await.ok()? {
                if bytes.len() + chunk.len() > REDEEM_MAX {
                    return None;
                }
                bytes.extend_from_slice(&chunk);
            }
            let answer = parse_object(&bytes, &Behaviour::default()).ok()?;
            let code = answer.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
            match status.as_u16() {
                200 => Some(Redemption::Answered(answer)),
                400..=499 => Some(Redemption::Refused(code)),
                _ => None,
            }
        };
        let done = tokio::time::timeout(REDEEM, work).await;
        done.ok().flatten().unwrap_or(Redemption::Unreachable)
    }

    /// The answer of operation 5 at another issuer.
    pub(crate) async fn status(&self, base: &str, identifier: &str) -> Option<Value> {
        let url = format!("{}/licences/{identifier}/status", base.trim_end_matches('/'));
        let bytes = self.get(&url, 64 << 10).await?;
        serde_json::from_slice(&bytes).ok()
    }
}

/// Plain http or https, nothing clever in the address.
fn is_plain(url: &str) -> bool {
    let scheme = url.starts_with("http://") || url.starts_with("https://");
    scheme && url.len() <= 512 && !url.contains('@') && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}
