//! Judgements with a reason: one certificate, paths, revocation, seals. The reasons are those of the
//! verification of licence files, whose steps do the work.

use ecric_gm::encoding::from_hex;
use ecric_gm::oid::SM2_WITH_SM3;
use ecric_gm::sm2::{Signature, SignatureError};
use ecric_gm::x509::crl::Crl;
use ecric_gm::x509::ocsp::OcspResponse;
use ecric_gm::x509::revocation::{Answered, Evidence, Standing, standing};
use ecric_gm::x509::{Certificate, CertificateFault, SubjectKey};
use ecric_licence::file::{
    Artefact, FileReport, Policy, TimeSource, Trust, Verdict, verify_certificate, verify_seal, verify_seal_signature,
};
use ecric_licence::instant::parse_instant;
use time::OffsetDateTime;

use super::{Input, Refusal, Reply, out, refused, unreadable};
use crate::options::Options;

pub(super) fn ask(name: &str, input: &Input<'_>, options: &Options) -> Reply {
    let policy = policy(options);
    match name {
        "x509.certificate" => certificate(&input.bytes("certificate")?, options),
        "x509.chain" => {
            let artefact = match input.text("use")? {
                "original" => Artefact::Original,
                "copy" => Artefact::Copy,
                other => return Err(Refusal::Malformed(format!("use {other:?} is not known"))),
            };
            let (der, signed_at) = (input.bytes("certificate")?, instant(input, "signed_at")?);
            said(&verify_certificate(&der, artefact, signed_at, &trust(input)?, &policy, instant(input, "at")?))
        }
        "x509.crl" => {
            let lists = list(input, "lists")?;
            let lists = lists.iter().filter_map(|der| Crl::read(der).ok()).collect();
            revocation(input, &Evidence { lists, answers: Vec::new() })
        }
        "x509.ocsp" => {
            let answer = OcspResponse::read(&input.bytes("answer")?);
            let response = answer.map_err(|error| refused("CERT_STATUS_UNKNOWN", error))?;
            let response = response.ok_or_else(|| refused("CERT_STATUS_UNKNOWN", "the responder refuses"))?;
            let nonce = input.find("nonce").map(|_| input.bytes("nonce")).transpose()?;
            revocation(input, &Evidence { lists: Vec::new(), answers: vec![Answered { response, nonce }] })
        }
        "seal.verify" => {
            let (seal, signed_at) = (input.bytes("seal")?, instant(input, "signed_at")?);
            said(&verify_seal(&seal, signed_at, &trust(input)?, &policy, instant(input, "at")?))
        }
        "seal_signature.verify" => {
            let (value, document) = (input.bytes("signature")?, input.bytes("document")?);
            let place = input.text("place")?;
            let place = place.strip_prefix('/').unwrap_or(place);
            said(&verify_seal_signature(&value, (place, &document), &trust(input)?, &policy, instant(input, "at")?))
        }
        _ => Err(Refusal::Unsupported),
    }
}

fn policy(options: &Options) -> Policy {
    let claimed = options.accepts("signed_later_claimed");
    Policy {
        time_source: if claimed { TimeSource::Claimed } else { TimeSource::Token },
        ses_v1: options.accepts("ses_v1"),
        ses_v5: options.accepts("ses_v5"),
        seal_expired_now: !options.accepts("seal_expired_since"),
        ..Policy::default()
    }
}

/// VALID is accepted; what fails and what cannot be decided is refused with the primary reason.
fn said(report: &FileReport) -> Reply {
    match (report.verdict, report.primary()) {
        (Verdict::Valid, _) => Ok(None),
        (_, Some((_, reason))) => Err(refused(reason.code, &reason.detail)),
        (_, None) => Err(Refusal::Malformed("no verdict and no reason".to_owned())),
    }
}

pub(super) fn instant(input: &Input<'_>, name: &str) -> Result<OffsetDateTime, Refusal> {
    parse_instant(input.text(name)?).map_err(|error| Refusal::Malformed(format!("{name}: {error}")))
}

/// Values of a member, separated by spaces.
pub(super) fn list(input: &Input<'_>, name: &str) -> Result<Vec<Vec<u8>>, Refusal> {
    let parts = input.text(name)?.split_whitespace();
    let read = parts.map(|part| from_hex(part).map_err(|error| Refusal::Malformed(format!("{name}: {error}"))));
    read.collect()
}

/// Intermediates and lists that cannot be read are as good as absent; a root that cannot be read is our fault.
fn trust(input: &Input<'_>) -> Result<Trust, Refusal> {
    let roots = list(input, "roots")?;
    let roots: Result<Vec<_>, _> = roots.iter().map(|der| Certificate::read(der)).collect();
    let intermediates = list(input, "intermediates")?;
    let lists = list(input, "lists")?;
    Ok(Trust {
        roots: roots.map_err(|error| Refusal::Malformed(format!("roots: {error}")))?,
        intermediates: intermediates.iter().filter_map(|der| Certificate::read(der).ok()).collect(),
        evidence: Evidence { lists: lists.iter().filter_map(|der| Crl::read(der).ok()).collect(), answers: Vec::new() },
        ..Trust::default()
    })
}

fn revocation(input: &Input<'_>, evidence: &Evidence) -> Reply {
    let read =
        |name| Certificate::read(&input.bytes(name)?).map_err(|error| Refusal::Malformed(format!("{name}: {error}")));
    match standing(&read("certificate")?, &read("issuer")?, evidence, instant(input, "at")?) {
        Standing::Good => Ok(None),
        Standing::Revoked(_) => Err(refused("CERT_REVOKED", "revoked")),
        Standing::Unknown(why) => Err(refused("CERT_STATUS_UNKNOWN", why)),
    }
}

fn certificate(der: &[u8], options: &Options) -> Reply {
    let read = Certificate::read(der).map_err(|error| unreadable("CERT_MALFORMED", error))?;
    if let Some(fault) = read.faults.first() {
        return Err(match fault {
            CertificateFault::Der(error) => unreadable("CERT_MALFORMED", *error),
            other => refused("CERT_MALFORMED", other),
        });
    }
    let point = match &read.key {
        SubjectKey::Sm2(key) => key.to_uncompressed(),
        SubjectKey::OtherAlgorithm(oid) => return Err(refused("SIG_METHOD", format!("key of {oid}"))),
        SubjectKey::OtherCurve(_) => return Err(refused("KEY_BAD", "another curve")),
        SubjectKey::BadPoint(error) => return Err(refused("KEY_BAD", error)),
        SubjectKey::BadLength(found) => return Err(refused("KEY_BAD", format!("{found} bytes, wanted 65"))),
    };
    if read.algorithm != SM2_WITH_SM3 {
        return Err(refused("SIG_METHOD", format!("signed with {}", read.algorithm)));
    }
    match Signature::from_der(&read.signature) {
        Ok(_) => {}
        Err(error @ SignatureError::Der(_)) => return Err(refused("SM2_ENCODING", error)),
        Err(error) => return Err(refused("SM2_BAD", error)),
    }
    if !options.accepts("x509_null_parameters") && has_null_parameters(der) {
        return Err(refused("CERT_MALFORMED", "parameters NULL behind SM2 with SM3"));
    }
    out(&point)
}

/// Whether an AlgorithmIdentifier of SM2 with SM3 is followed by NULL.
fn has_null_parameters(der: &[u8]) -> bool {
    let algorithm = ecric_gm::der::write::oid(&SM2_WITH_SM3);
    let identifier = ecric_gm::der::write::sequence(&[&algorithm, &ecric_gm::der::write::null()]);
    der.windows(identifier.len()).any(|window| window == identifier)
}
