//! Revocation lists and OCSP answers, good ones and faulty ones by name.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use ecric_gm::x509::Certificate;
use ecric_gm::x509::ocsp::{CertStatus, ResponseSpec, read_request};
use ecric_licence::authority::Entity;
use ecric_vectors::pki::TestPki;
use futures::stream;
use time::{Duration, OffsetDateTime};

use crate::{bytes_of, empty};

/// A list by its name in the PKI; `endless` never ends, `none` is no list.
pub(crate) fn list(pki: &TestPki, name: &str) -> Response {
    if name == "endless" {
        let chunks = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0x30; 4096])));
        return Response::new(Body::from_stream(chunks));
    }
    if name == "none" {
        return bytes_of("application/pkix-crl", b"no list".to_vec());
    }
    let found = pki.lists().ok().and_then(|lists| lists.into_iter().find(|(found, _)| found == name));
    found.map_or_else(|| empty(StatusCode::NOT_FOUND), |(_, der)| bytes_of("application/pkix-crl", der))
}

/// The CA of one of the bad signers, whose label ends in `-ca`.
fn ca_of(pki: &TestPki, id: &str) -> Option<Entity> {
    let certificate = pki.bad(id).ok()??.support.into_iter().next()?;
    let key = pki.key(&format!("{id}-ca"));
    Some(Entity { label: id.to_owned(), key, certificate })
}

/// Answers a request: unknown for XB25, with another nonce for XB26, by a signer without its
/// purpose for XB27, and good by the responder for all others.
pub(crate) fn ocsp(pki: &TestPki, request: &[u8], now: OffsetDateTime) -> Option<Vec<u8>> {
    let (id, nonce) = read_request(request).ok()?;
    let key_hash = |certificate: &Certificate| {
        certificate.key.sm2().map(|key| ecric_gm::sm3::digest(&key.to_uncompressed()).to_vec())
    };
    let spec = |status, nonce| ResponseSpec {
        id: id.clone(),
        status,
        at: now - Duration::MINUTE,
        next_update: now + Duration::HOUR,
        nonce,
    };
    for label in ["XB25", "XB26", "XB27"] {
        let ca = ca_of(pki, label)?;
        if key_hash(&ca.certificate).as_ref() != Some(&id.issuer_key_hash) {
            continue;
        }
        return match label {
            "XB25" => spec(CertStatus::Unknown, nonce).sign(&ca.key, &ca.certificate).ok(),
            "XB26" => spec(CertStatus::Good, Some(b"another nonce".to_vec())).sign(&ca.key, &ca.certificate).ok(),
            _ => {
                let other = pki.get("XG05");
                spec(CertStatus::Good, nonce).sign(&other.key, &other.certificate).ok()
            }
        };
    }
    let responder = pki.get("XG08");
    spec(CertStatus::Good, nonce).sign(&responder.key, &responder.certificate).ok()
}
