//! The presentation code `ECR1` (亮证码) of binding v1, section 12: readers, writers, verification, pictures.
//!
//! A code is a prefix and the Base45 of a COSE_Sign1 array in deterministic CBOR, signed with SM2. The
//! reader takes one form only; the writer is separate and shares nothing but the types. No clock, no
//! randomness, no network: times, identifiers and trust come in as arguments.

pub mod base45;
pub mod cbor;
mod envelope;
mod fault;
mod payload;
pub mod picture;
mod read;
mod redeem;
mod report;
mod scope;
mod verify;
mod write;

pub use envelope::{Domain, Envelope, Kid};
pub use fault::{CodeError, CodeFault};
pub use payload::{AttributeValue, Payload, Request, View, ViewStatus};
pub use read::{SignedCode, SignedRequest, SignedView, parse_code, parse_request, parse_view};
pub use redeem::{Redemption, take_redemption};
pub use report::{CodeReport, CodeStep, CodeStepReport};
pub use scope::{Scene, Scope};
pub use verify::{Expected, Inquiry, check_code, status_reason};
pub use write::{code_payload, encode, request_payload, seal, view_payload, write_code, write_request, write_view};

use ecric_gm::sm2::PublicKey;
use ecric_gm::sm3;
use ecric_gm::x509::Certificate;

/// Prefix of a code.
pub const CODE_PREFIX: &str = "ECR1:";
/// Prefix of a reverse-scan request.
pub const REQUEST_PREFIX: &str = "ECRR1:";
/// Most characters of an online code, prefix included: fits a QR code of version 11, level M.
pub const ONLINE_TEXT_MAX: usize = 335;
/// Most characters of an offline code, prefix included: fits a QR code of version 20, level M.
pub const OFFLINE_TEXT_MAX: usize = 970;
/// Most bytes of a decoded envelope.
pub const DECODED_MAX: usize = 1024;
/// Longest life of a code, seconds.
pub const LIFE_MAX_S: u64 = 60;
/// Longest life of a reverse-scan request, seconds.
pub const REQUEST_LIFE_MAX_S: u64 = 120;
/// Longest life of a view, seconds: 24 hours.
pub const VIEW_LIFE_MAX_S: u64 = 24 * 3600;
/// By how much clocks may differ, seconds on each side.
pub const SKEW_S: u64 = 30;
/// How long a verifier remembers a code shown offline, seconds.
pub const REPLAY_MEMORY_S: u64 = 120;

/// Key id of a certificate: the first eight bytes of SM3 of its DER.
#[must_use]
pub fn kid_of_certificate(certificate: &Certificate) -> Kid {
    first_eight(certificate.fingerprint())
}

/// Key id of a bare device key: the first eight bytes of SM3(04 ‖ x ‖ y).
#[must_use]
pub fn kid_of_key(key: &PublicKey) -> Kid {
    first_eight(sm3::digest(&key.to_uncompressed()))
}

/// What a code says instead of the relying party's id: the first eight bytes of its SM3.
#[must_use]
pub fn audience_tag(relying_party: &str) -> [u8; 8] {
    first_eight(sm3::digest(relying_party.as_bytes()))
}

fn first_eight(digest: [u8; 32]) -> [u8; 8] {
    std::array::from_fn(|at| digest[at])
}

#[cfg(test)]
mod tests;
