//! The steps that need no file: a signer's certificate, a seal, a seal signature by itself.
//!
//! The same code as inside a file, with the same reasons; steps that have no input are SKIPPED.

use std::collections::BTreeSet;

use ecric_gm::oid::Oid;
use ecric_gm::x509::Certificate;
use time::OffsetDateTime;

use super::certificates::{self, Question};
use super::policy::{Policy, Reading, Trust};
use super::records::{Signature, Value, classify, signer_of_value};
use super::report::{Artefact, FileReport, Outcome, Reason, StepId, StepReport};
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

/// Judges the certificate of somebody who signs now, as of `at`: path, one of `purposes`, validity, revocation.
/// Reason codes in `ignore` are left out (for mutants, never for judging).
#[must_use]
pub fn judge_signer(
    certificate: &Certificate,
    purposes: &[Oid],
    trust: &Trust,
    ignore: &BTreeSet<&'static str>,
    at: OffsetDateTime,
) -> Vec<(Outcome, Reason)> {
    let policy = Policy { ignore: ignore.clone(), ..Policy::default() };
    let mut run = Run::new(trust, &policy, Reading::Strict, at);
    let step = StepId::S3;
    let question = Question { step, who: "signer", at, purposes, delivered: &[], stamped: None };
    if certificates::judge(&mut run, certificate, &question).is_some() {
        run.add(step, Outcome::Fail, "CERT_REVOKED", Some("signer"), "its certificate is revoked".to_owned());
    }
    if at < certificate.not_before {
        run.add(step, Outcome::Fail, "CERT_NOT_YET_VALID", Some("signer"), "not valid yet".to_owned());
    }
    if at > certificate.not_after {
        run.add(step, Outcome::Fail, "CERT_EXPIRED", Some("signer"), "past its validity".to_owned());
    }
    let known = |step: StepReport| step.reasons.into_iter().map(move |reason| (step.outcome, reason));
    run.finish().steps.into_iter().filter(|step| step.id == StepId::S3).flat_map(known).collect()
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
