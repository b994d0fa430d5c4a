//! What the generators of X.509, SignedData and seal vectors share: the published test PKI, refusals
//! by reason code, pieces of certificates.

use ecric_gm::der::{Reader, tag, write};
use ecric_gm::encoding::hex;
use ecric_gm::oid::{Oid, SM2_WITH_SM3};
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey};
use ecric_gm::x509::build::CertificateSpec;
use ecric_licence::authority::{Profile, specify};
use ecric_licence::file::purpose;

use super::draft::Refused;
use crate::pki::{AUTHORITY_A, PUBLISHED, TestPki};

/// The day of the vectors as an instant of binding v1: everything is signed at it.
pub(super) const SIGNED: &str = "2026-06-01T00:00:00+08:00";
/// When it is judged: a day later.
pub(super) const JUDGED: &str = "2026-06-02T00:00:00+08:00";

/// The published test PKI.
pub(super) fn pki() -> TestPki {
    made(TestPki::published())
}

/// What was made with keys and nonces that are fixed.
#[allow(clippy::expect_used, reason = "fixed keys give fixed nonces; the test of the generator runs all of them")]
pub(super) fn made<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("fixed keys sign")
}

/// A refusal by its reason code; the stage is that of the verification of licence files.
pub(super) fn refuse(reason: &'static str, step: &'static str) -> Refused {
    let stage = match reason {
        "SM2_BAD"
        | "SM2_ENCODING"
        | "KEY_BAD"
        | "SIG_METHOD"
        | "SIG_SIGNER_ID"
        | "WEAK_OR_UNKNOWN_DIGEST"
        | "SEAL_SIGNATURE_BAD" => "signature",
        "DATAHASH_MISMATCH" | "PROPERTY_MISMATCH" => "digest",
        "CERT_UNTRUSTED" | "CERT_CHAIN" | "CERT_USAGE" | "CERT_ENVIRONMENT" => "chain",
        "CERT_REVOKED" | "CERT_STATUS_UNKNOWN" => "status",
        "CERT_EXPIRED" | "CERT_NOT_YET_VALID" | "SEAL_EXPIRED" | "SEAL_NOT_YET_VALID" | "SEAL_EXPIRED_NOW"
        | "SEAL_TIME_FORM" | "TIME_FORM" | "TIME_FUTURE" | "TS_MISSING" | "TS_INVALID" | "COPY_EXPIRED" => "time",
        "CERT_NOT_IN_SEAL" => "policy",
        "META_MISSING" | "META_MISMATCH" | "META_DUPLICATE" | "LICENCE_ID_BAD" | "TYPE_CODE" | "COPY_FIELDS" => {
            "consistency"
        }
        _ => "schema",
    };
    Refused { stage, reason, step }
}

/// Values of one member, separated by spaces.
pub(super) fn joined(values: &[&[u8]]) -> String {
    values.iter().map(|value| hex(value)).collect::<Vec<_>>().join(" ")
}

/// A list of the PKI by its name.
pub(super) fn list(pki: &TestPki, name: &str) -> Vec<u8> {
    let lists = made(pki.lists());
    lists.into_iter().find(|(found, _)| found == name).map(|(_, der)| der).unwrap_or_default()
}

/// The certificate of a label, DER.
pub(super) fn der<'p>(pki: &'p TestPki, label: &str) -> &'p [u8] {
    pki.get(label).certificate.der()
}

/// A good leaf under XG03 that is to be changed.
pub(super) fn leaf(pki: &TestPki, label: &str) -> (SecretKey, CertificateSpec) {
    let profile = Profile::leaf(label, "vector", AUTHORITY_A, &[purpose::SEALING]);
    specify(PUBLISHED, &profile, Some(&pki.get("XG03").certificate))
}

/// Parts of a TBSCertificate by their places.
pub(super) mod part {
    /// `[0]` version.
    pub(crate) const VERSION: usize = 0;
    /// Serial number.
    pub(crate) const SERIAL: usize = 1;
    /// Signature algorithm.
    pub(crate) const ALGORITHM: usize = 2;
    /// Validity.
    pub(crate) const VALIDITY: usize = 4;
    /// Subject.
    pub(crate) const SUBJECT: usize = 5;
    /// Extensions.
    pub(crate) const EXTENSIONS: usize = 7;
}

/// The signed part of a certificate, taken apart.
pub(super) fn parts(spec: &CertificateSpec) -> Vec<Vec<u8>> {
    let signed = spec.signed_part();
    let mut reader = made(Reader::new(&signed).sequence());
    let mut parts = Vec::new();
    while !reader.is_empty() {
        parts.push(made(reader.any()).whole.to_vec());
    }
    parts
}

/// A signed structure of these parts: SEQUENCE { parts }, algorithm, signature of the key.
pub(super) fn signed(parts: &[Vec<u8>], key: &SecretKey) -> Vec<u8> {
    let body = write::tlv(tag::SEQUENCE, &parts.concat());
    let value = made(sm2::sign(key, DEFAULT_ID, &body)).to_der();
    structure(&body, &algorithm(&SM2_WITH_SM3), &value)
}

/// A signed structure with any signature.
pub(super) fn structure(body: &[u8], algorithm: &[u8], value: &[u8]) -> Vec<u8> {
    write::sequence(&[body, algorithm, &write::bits(value)])
}

/// AlgorithmIdentifier without parameters.
pub(super) fn algorithm(oid: &Oid) -> Vec<u8> {
    write::sequence(&[&write::oid(oid)])
}

/// Body, algorithm and signature value of a signed structure.
pub(super) fn taken_apart(der: &[u8]) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let mut reader = made(Reader::new(der).sequence());
    let (body, algorithm) = (made(reader.any()).whole.to_vec(), made(reader.any()).whole.to_vec());
    (body, algorithm, made(made(reader.any()).bytes_of_bits()).to_vec())
}

/// The bytes with one bit changed at a place.
pub(super) fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    if let Some(byte) = changed.get_mut(at) {
        *byte ^= 1;
    }
    changed
}

/// The place of a piece in bytes; behind their end if it is not there, so that nothing is changed unseen.
pub(super) fn place_of(bytes: &[u8], piece: &[u8]) -> usize {
    bytes.windows(piece.len()).position(|window| window == piece).unwrap_or(bytes.len())
}

/// Its DER with the outer length in a form that DER forbids: one byte more than need be.
pub(super) fn long_form(der: &[u8]) -> Vec<u8> {
    match der {
        [tag, length, rest @ ..] if *length < 0x80 => [&[*tag, 0x81, *length], rest].concat(),
        [tag, 0x81, rest @ ..] => [&[*tag, 0x82, 0], rest].concat(),
        [tag, 0x82, rest @ ..] => [&[*tag, 0x83, 0], rest].concat(),
        other => other.to_vec(),
    }
}

/// Its DER with an indefinite outer length.
pub(super) fn indefinite(der: &[u8]) -> Vec<u8> {
    let head = match der.get(1) {
        Some(0x81) => 3,
        Some(0x82) => 4,
        _ => 2,
    };
    [&der[..1], &[0x80], &der[head..], &[0, 0]].concat()
}
