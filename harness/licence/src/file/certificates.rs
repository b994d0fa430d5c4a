//! S3 and E3: path, usage and revocation of a signer's or a seal maker's certificate.

use ecric_gm::oid::{EKU_SERVER_AUTH, Oid};
use ecric_gm::x509::crl::Revocation;
use ecric_gm::x509::path::{PathFault, Store};
use ecric_gm::x509::revocation::Standing;
use ecric_gm::x509::{Certificate, KeyUsage};
use time::OffsetDateTime;

use super::policy::{TimeSource, purpose};
use super::report::{Outcome, StepId};
use super::run::Run;

/// What is asked of a certificate.
pub(super) struct Question<'a> {
    pub(super) step: StepId,
    /// `signer` or `maker`.
    pub(super) who: &'static str,
    /// Time at which the CAs above must be valid.
    pub(super) at: OffsetDateTime,
    /// Purposes of which it must have one, where it restricts its purposes at all.
    pub(super) purposes: &'a [Oid],
    /// Certificates that came with the signature.
    pub(super) delivered: &'a [Certificate],
    /// A time that a valid token proves.
    pub(super) stamped: Option<OffsetDateTime>,
}

const fn code_of(fault: PathFault) -> &'static str {
    match fault {
        PathFault::Untrusted => "CERT_UNTRUSTED",
        PathFault::Broken => "CERT_CHAIN",
        PathFault::Usage => "CERT_USAGE",
        PathFault::Expired => "CERT_EXPIRED",
        PathFault::NotYetValid => "CERT_NOT_YET_VALID",
        PathFault::Malformed => "CERT_MALFORMED",
        PathFault::Algorithm => "SIG_METHOD",
        PathFault::SignatureEncoding => "SM2_ENCODING",
        PathFault::SignatureRange => "SM2_BAD",
        PathFault::SignerId => "SIG_SIGNER_ID",
    }
}

/// Judges path, usage and the standing of everything in the path. Returns when the certificate
/// itself was revoked, which the time rules of the caller decide about.
pub(super) fn judge(run: &mut Run<'_>, certificate: &Certificate, question: &Question<'_>) -> Option<Revocation> {
    let (step, who) = (question.step, question.who);
    run.begin(step);
    let trust = run.trust;
    let store = Store { roots: &trust.roots, intermediates: &trust.intermediates, delivered: question.delivered };
    let path = run.links.find_path(certificate, &store, question.at);
    for problem in &path.problems {
        let whose = if problem.place == 0 { who } else { "ca" };
        let nobody = problem.fault == PathFault::Untrusted && trust.roots.is_empty();
        let outcome = if nobody { Outcome::Unknown } else { Outcome::Fail };
        // Genuine roots and leaves carry times and parameters that the profile does not allow.
        if run.lenient && problem.fault == PathFault::Malformed {
            run.warn(step, "CERT_MALFORMED", problem.detail.clone());
            continue;
        }
        run.add(step, outcome, code_of(problem.fault), Some(whose), problem.detail.clone());
    }
    check_usage(run, certificate, question);
    check_environment(run, &path.certificates, step);

    let mut revoked = None;
    let complete = !path.problems.iter().any(|p| matches!(p.fault, PathFault::Untrusted | PathFault::Broken));
    if run.policy.revocation && complete {
        for (place, pair) in path.certificates.windows(2).enumerate() {
            let whose = if place == 0 { who } else { "ca" };
            match run.links.standing(pair[0], pair[1], &trust.evidence, run.at) {
                Standing::Good => {}
                Standing::Unknown(why) => {
                    run.add(step, Outcome::Unknown, "CERT_STATUS_UNKNOWN", Some(whose), why.to_owned());
                }
                Standing::Revoked(revocation) if place == 0 => revoked = Some(revocation),
                Standing::Revoked(revocation) => {
                    if !outlives(run, question.at, revocation.at, question.stamped) {
                        let text = "a CA of the path is revoked".to_owned();
                        run.add(step, Outcome::Fail, "CERT_REVOKED", Some("ca"), text);
                    }
                }
            }
        }
    }
    revoked
}

/// Whether what was signed at `signed` stands although the certificate was revoked at `revoked`.
pub(super) fn outlives(
    run: &Run<'_>,
    signed: OffsetDateTime,
    revoked: OffsetDateTime,
    stamped: Option<OffsetDateTime>,
) -> bool {
    signed < revoked
        && (run.policy.time_source == TimeSource::Claimed || stamped.is_some_and(|stamped| stamped < revoked))
}

fn check_usage(run: &mut Run<'_>, certificate: &Certificate, question: &Question<'_>) {
    let extensions = &certificate.extensions;
    let mut fail = |text: &str| {
        run.add(question.step, Outcome::Fail, "CERT_USAGE", Some(question.who), text.to_owned());
    };
    let signs = KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION;
    match extensions.key_usage {
        Some(usage) if usage.allows(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN) => fail("is a CA's key"),
        Some(usage) if !usage.allows(signs) => fail("may not sign"),
        Some(_) if matches!(extensions.basic, Some((true, _))) => fail("is a CA"),
        None if !question.purposes.is_empty() => fail("names no key usage"),
        _ => {}
    }
    if let Some((_, purposes)) = &extensions.extended_usage {
        let named = purposes.iter().any(|purpose| question.purposes.contains(purpose));
        let of_tls = |purpose: &Oid| *purpose == EKU_SERVER_AUTH || *purpose == purpose::TEST_MARK;
        let only_tls = purposes.contains(&EKU_SERVER_AUTH) && purposes.iter().all(of_tls);
        // A seal maker has no purpose of its own here; one for TLS servers is none all the same.
        let other = if question.step == StepId::S3 { !question.purposes.is_empty() && !named } else { only_tls };
        if other {
            fail("has another purpose");
        }
    }
}

/// Test certificates under test roots, production certificates under all others.
fn check_environment(run: &mut Run<'_>, path: &[&Certificate], step: StepId) {
    let (Some(leaf), Some(root)) = (path.first(), path.last()) else { return };
    if path.len() < 2 {
        return;
    }
    let is_test = |certificate: &Certificate| certificate.extensions.has_purpose(&purpose::TEST_MARK);
    let mixed = is_test(root) != is_test(leaf) || leaf.extensions.has_purpose(&purpose::PRODUCTION_MARK);
    if mixed {
        let text = "a test certificate on a production path, or the reverse".to_owned();
        run.add(step, Outcome::Fail, "CERT_ENVIRONMENT", Some("signer"), text);
    }
}
