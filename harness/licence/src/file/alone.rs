//! The steps that need no file: a signer's certificate, a seal, a seal signature by itself.
//!
//! The same code as inside a file, with the same reasons; steps that have no input are SKIPPED.

use std::collections::BTreeSet;

use ecric_gm::x509::Certificate;
use time::OffsetDateTime;

use super::policy::{Policy, Reading, Trust};
use super::records::{Signature, Value, classify, signer_of_value};
use super::report::{Artefact, FileReport, StepId};
use super::run::Run;
use super::seal_steps;
use super::signature_steps::{self, SealAt};
use crate::ofd::signature::{Record, SignatureType};
use crate::seal::read_seal;

/// Judges the certificate of somebody who signed `artefact` at `signed_at`, as of `at`: its key (S2),
/// path, usage and revocation (S3), and whether it was valid then (S4).
#[must_use]
pub fn verify_certificate(
    der: &[u8],
    artefact: Artefact,
    signed_at: OffsetDateTime,
    trust: &Trust,
    policy: &Policy,
    at: OffsetDateTime,
) -> FileReport {
    let mut run = Run::new(trust, policy, Reading::Strict, at);
    run.artefact = Some(artefact);
    let signature = alone(Value::Missing, ("", b""), b"", Some(Certificate::read(der)));
    if let Some(signer) = signature.signer() {
        run.begin(StepId::S2);
        signature_steps::key_of(&mut run, signer);
    }
    signature_steps::check_signer(&mut run, &signature, &[], Some(signed_at), None);
    run.signer = signature.signer().cloned();
    run.finish()
}

/// Judges a seal under which somebody signed at `signed_at`, as of `at`: E1 to E4.
#[must_use]
pub fn verify_seal(
    der: &[u8],
    signed_at: OffsetDateTime,
    trust: &Trust,
    policy: &Policy,
    at: OffsetDateTime,
) -> FileReport {
    let mut run = Run::new(trust, policy, Reading::Strict, at);
    let seal = SealAt { seal: read_seal(der), bytes: der, signed_at: Some(signed_at), stamped: None };
    if let Ok(seal) = &seal.seal {
        signature_steps::check_accepted(&mut run, StepId::E1, seal.shape);
    }
    seal_steps::check_seal(&mut run, None, &seal);
    run.finish()
}

/// Judges a seal signature over a description (its entry name without the leading slash, and its bytes), as
/// of `at`: S1 to S5 and E1 to E5.
#[must_use]
pub fn verify_seal_signature(
    value: &[u8],
    description: (&str, &[u8]),
    trust: &Trust,
    policy: &Policy,
    at: OffsetDateTime,
) -> FileReport {
    let mut run = Run::new(trust, policy, Reading::Strict, at);
    run.artefact = Some(Artefact::Original);
    let read = classify(value);
    let signer = signer_of_value(&read, false);
    let mut signature = alone(read, description, value, signer);
    if !matches!(signature.value, Value::Ses(_) | Value::Unreadable(_)) {
        run.fail(StepId::S1, "SES_MALFORMED", "another structure than a seal signature");
        return run.finish();
    }
    if let Some(seal) = signature_steps::check(&mut run, &mut signature) {
        seal_steps::check_seal(&mut run, signature.signer(), &seal);
    }
    run.finish()
}

fn alone<'p>(
    value: Value<'p>,
    (name, bytes): (&str, &'p [u8]),
    value_bytes: &'p [u8],
    signer: Option<Result<Certificate, ecric_gm::der::DerError>>,
) -> Signature<'p> {
    let record = Record {
        id: String::new(),
        kind: SignatureType::Seal,
        kind_written: false,
        base_loc: format!("/{name}"),
        relative: None,
    };
    Signature {
        record,
        name: name.to_owned(),
        bytes,
        file: None,
        fault: None,
        value_name: None,
        value_bytes,
        value,
        seal_name: None,
        signer,
        covered: BTreeSet::new(),
        broken: false,
    }
}
