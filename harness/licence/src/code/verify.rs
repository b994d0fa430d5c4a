//! Staged verification of a code (12.7), as far as it needs nothing but the code, trust and the time.
//!
//! What a verifier remembers (C7) and what a redemption says (R1 to R3) come in afterwards.

use std::collections::BTreeSet;

use ecric_gm::oid::{ORGANIZATION_IDENTIFIER, Oid};
use ecric_gm::sm2::PublicKey;
use ecric_gm::x509::Certificate;
use ecric_model::binding::LicenceStatus;
use time::OffsetDateTime;

use super::payload::Payload;
use super::read::{SignedCode, SignedView, parse_code, parse_view};
use super::report::{CodeReport, CodeStep};
use super::scope::{Scene, Scope};
use super::{LIFE_MAX_S, SKEW_S, VIEW_LIFE_MAX_S, audience_tag, kid_of_certificate, kid_of_key};
use crate::file::{Outcome, Role, Trust, judge_signer, purpose};

/// Who checks, where, and the challenge that was given out.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Relying-party id.
    pub audience: &'a str,
    /// Where.
    pub scene: Scene,
    /// The challenge.
    pub nonce: Option<&'a [u8]>,
}

/// What a code is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Inquiry<'a> {
    /// Roots, signers with their roles, revocation data.
    pub trust: &'a Trust,
    /// Who checks; `None` leaves step C5 out.
    pub expected: Option<Expected<'a>>,
    /// As of when.
    pub at: OffsetDateTime,
    /// Reason codes that are not reported: for mutants, never for judging.
    pub ignore: &'a BTreeSet<&'static str>,
}

/// Reason code of a status; `None` for VALID.
#[must_use]
pub const fn status_reason(status: LicenceStatus) -> Option<&'static str> {
    match status {
        LicenceStatus::Valid => None,
        LicenceStatus::NotActive => Some("LICENCE_NOT_ACTIVE"),
        LicenceStatus::Suspended => Some("LICENCE_SUSPENDED"),
        LicenceStatus::Expired => Some("LICENCE_EXPIRED"),
        LicenceStatus::Superseded => Some("LICENCE_SUPERSEDED"),
        LicenceStatus::Revoked => Some("LICENCE_REVOKED"),
        LicenceStatus::Destroyed => Some("LICENCE_DESTROYED"),
    }
}

/// Checks a code: steps C1 to C6, and V1 where it carries a view.
#[must_use]
pub fn check_code(text: &str, inquiry: &Inquiry<'_>) -> CodeReport {
    let mut report = CodeReport::new(inquiry.at, inquiry.ignore.clone());
    report.begin(CodeStep::C1);
    let code = match parse_code(text) {
        Ok(code) => code,
        Err(error) => {
            report.fail(CodeStep::C1, "CODE_MALFORMED", error.to_string());
            return report;
        }
    };
    report.payload = Some(code.payload.clone());
    match &code.payload.view {
        None => check_online(&mut report, &code, inquiry),
        Some(bytes) => match parse_view(bytes) {
            Ok(view) => check_offline(&mut report, &code, &view, inquiry),
            Err(error) => report.fail(CodeStep::C1, "CODE_MALFORMED", format!("view: {error}")),
        },
    }
    check_times(&mut report, &code.payload, inquiry.at);
    if let Some(expected) = &inquiry.expected {
        check_expected(&mut report, &code.payload, expected);
    }
    check_bearer(&mut report, &code.payload);
    report
}

fn check_online(report: &mut CodeReport, code: &SignedCode, inquiry: &Inquiry<'_>) {
    let kid = code.envelope.kid;
    let candidates: Vec<&Certificate> =
        inquiry.trust.listed.iter().filter(|signer| kid_of_certificate(signer) == kid).collect();
    let holds = |key: &PublicKey| code.envelope.holds_with(key);
    let Some(signer) = signer_among(report, CodeStep::C2, &candidates, inquiry, holds) else { return };
    report.begin(CodeStep::C3);
    judge(report, CodeStep::C3, signer, Role::Presentation, &[purpose::PRESENTATION], inquiry);
    if signer.subject.get(&ORGANIZATION_IDENTIFIER) != Some(code.payload.loader.as_str()) {
        report.fail(CodeStep::C3, "BINDING_INVALID", "iss is not the organisation of the signer");
    }
}

/// The one of the candidates whose key fits; all are tried, since a key id is only eight bytes.
pub(super) fn signer_among<'c>(
    report: &mut CodeReport,
    step: CodeStep,
    candidates: &[&'c Certificate],
    inquiry: &Inquiry<'_>,
    holds: impl Fn(&PublicKey) -> bool,
) -> Option<&'c Certificate> {
    report.begin(step);
    let found = candidates.iter().copied().find(|signer| signer.key.sm2().is_some_and(&holds));
    if found.is_none() {
        if inquiry.trust.listed.is_empty() {
            report.unknown(step, "CODE_SIG", "no signers are configured");
        } else if candidates.is_empty() {
            report.fail(step, "CODE_SIG", "no listed signer has this kid");
        } else {
            report.fail(step, "CODE_SIG", "the signature does not verify");
            // Where that is left out on purpose, the first candidate stands for the signer.
            return report.reasons().all(|(_, reason)| reason.code != "CODE_SIG").then(|| candidates[0]);
        }
    }
    found
}

/// Path, usage, standing and role of a signer.
pub(super) fn judge(
    report: &mut CodeReport,
    step: CodeStep,
    signer: &Certificate,
    role: Role,
    purposes: &[Oid],
    inquiry: &Inquiry<'_>,
) {
    let judged = judge_signer(signer, purposes, inquiry.trust, inquiry.ignore, inquiry.at);
    for (outcome, reason) in judged {
        report.add(step, outcome, reason);
    }
    let told = report.reasons().any(|(found, reason)| found == step && reason.code == "CERT_USAGE");
    if inquiry.trust.role_of(signer) != Some(role) && !told {
        report.fail(step, "CERT_USAGE", format!("not listed with the role {}", role.word()));
    }
}

fn check_offline(report: &mut CodeReport, code: &SignedCode, signed: &SignedView, inquiry: &Inquiry<'_>) {
    let view = &signed.view;
    report.view = Some(view.clone());
    report.begin(CodeStep::C2);
    match PublicKey::from_compressed(&view.device_key) {
        Err(_) => report.fail(CodeStep::C1, "CODE_MALFORMED", "view: device key is no point on the curve"),
        Ok(key) if kid_of_key(&key) != code.envelope.kid => {
            report.fail(CodeStep::C2, "BINDING_INVALID", "signed by another device than the view is bound to");
        }
        Ok(key) if !code.envelope.holds_with(&key) => {
            report.fail(CodeStep::C2, "CODE_SIG", "the signature of the device does not verify");
        }
        Ok(_) => {}
    }
    check_view(report, code, signed, inquiry);
}

fn check_view(report: &mut CodeReport, code: &SignedCode, signed: &SignedView, inquiry: &Inquiry<'_>) {
    let (view, step) = (&signed.view, CodeStep::V1);
    let kid = signed.envelope.kid;
    let candidates: Vec<&Certificate> =
        inquiry.trust.listed.iter().filter(|signer| kid_of_certificate(signer) == kid).collect();
    let holds = |key: &PublicKey| signed.envelope.holds_with(key);
    if let Some(signer) = signer_among(report, step, &candidates, inquiry, holds) {
        judge(report, step, signer, Role::View, &[purpose::VIEW], inquiry);
        if signer.subject.get(&ORGANIZATION_IDENTIFIER) != Some(view.issuer.as_str()) {
            report.fail(step, "ISSUER_MISMATCH", "iss of the view is not the organisation of its signer");
        }
    }
    let now = seconds(inquiry.at);
    let life = view.expires_at.checked_sub(view.issued_at);
    if life.is_none_or(|life| life > VIEW_LIFE_MAX_S) || now > view.expires_at {
        report.fail(step, "VIEW_EXPIRED", "the view has expired, or lives longer than 24 hours");
    }
    if view.issued_at > now + SKEW_S {
        report.fail(step, "CODE_FUTURE", "the view was issued in the future");
    }
    if !code.payload.scope.is_within(view.scope) {
        report.fail(step, "CODE_SCOPE", "the scope of the code is wider than that of the view");
    }
    report.begin(CodeStep::R3);
    match status_reason(view.status.status) {
        Some(reason) => report.fail(CodeStep::R3, reason, "status inside the view"),
        None => report.warn(CodeStep::R3, "LICENCE_STATUS_UNKNOWN", "only the view says so"),
    }
    let scope = code.payload.scope.intersection(view.scope);
    report.attributes = view
        .attributes
        .iter()
        .filter(|(bit, _)| scope.has(**bit))
        .filter_map(|(bit, value)| Some((Scope::name_of(*bit)?.to_owned(), value.to_json())))
        .collect();
}

/// Seconds since 1970; 0 before.
pub(super) fn seconds(at: OffsetDateTime) -> u64 {
    u64::try_from(at.unix_timestamp()).unwrap_or(0)
}

fn check_times(report: &mut CodeReport, payload: &Payload, at: OffsetDateTime) {
    let (step, now) = (CodeStep::C4, seconds(at));
    report.begin(step);
    if payload.expires_at.checked_sub(payload.issued_at).is_none_or(|life| life > LIFE_MAX_S) {
        report.fail(step, "CODE_LIFETIME", format!("exp is not within {LIFE_MAX_S} s after iat"));
    }
    if now > payload.expires_at + SKEW_S {
        report.fail(step, "CODE_EXPIRED", format!("{} s after exp", now - payload.expires_at));
    }
    if payload.issued_at > now + SKEW_S {
        report.fail(step, "CODE_FUTURE", format!("iat is {} s ahead", payload.issued_at - now));
    }
}

fn check_expected(report: &mut CodeReport, payload: &Payload, expected: &Expected<'_>) {
    let step = CodeStep::C5;
    report.begin(step);
    if payload.audience.is_some_and(|tag| tag != audience_tag(expected.audience)) {
        report.fail(step, "CODE_AUDIENCE", "made for another relying party");
    }
    if payload.scene != expected.scene {
        report.fail(step, "CODE_SCENE", format!("made for {}", payload.scene.word()));
    }
    if payload.nonce.as_deref() != expected.nonce {
        report.fail(step, "CODE_NONCE", "not the challenge that was given out");
    }
}

fn check_bearer(report: &mut CodeReport, payload: &Payload) {
    report.begin(CodeStep::C6);
    if payload.scope.is_within(Scope::BEARER) {
        return;
    }
    if payload.audience.is_none() {
        report.fail(CodeStep::C6, "CODE_SCOPE", "a code without audience carries more than a bearer code may");
    } else if payload.nonce.is_none() && !report.reasons().any(|(_, reason)| reason.code == "CODE_NONCE") {
        report.fail(CodeStep::C5, "CODE_NONCE", "this scope needs a challenge");
    }
}

/// The outcome of a status that could not be had.
pub(super) fn no_status(report: &mut CodeReport, detail: &str) {
    report.add(
        CodeStep::R3,
        Outcome::Unknown,
        crate::file::Reason { code: "LICENCE_STATUS_UNKNOWN", whose: None, detail: detail.to_owned() },
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::authority::{Entity, Profile, issue};

    fn signer(label: &str) -> Entity {
        let purposes = [purpose::PRESENTATION];
        issue(b"kid", &Profile::leaf(label, "signer", ("测试装载端机构", "11110101099999909H"), &purposes), None)
            .unwrap()
    }

    #[test]
    fn all_candidates_are_tried_and_the_right_one_may_be_the_second() {
        let (one, two) = (signer("one"), signer("two"));
        let trust = Trust { listed: vec![one.certificate.clone(), two.certificate.clone()], ..Trust::default() };
        let ignore = BTreeSet::new();
        let inquiry = Inquiry { trust: &trust, expected: None, at: OffsetDateTime::UNIX_EPOCH, ignore: &ignore };
        let candidates = [&one.certificate, &two.certificate];
        let mut report = CodeReport::new(inquiry.at, BTreeSet::new());
        let right = *two.key.public_key();
        let found = signer_among(&mut report, CodeStep::C2, &candidates, &inquiry, |key| *key == right);
        assert_eq!(found.map(Certificate::der), Some(two.certificate.der()));
        assert_eq!(report.outcome(CodeStep::C2), Outcome::Pass);
        assert!(signer_among(&mut report, CodeStep::C2, &candidates, &inquiry, |_| false).is_none());
        assert_eq!(report.primary().map(|(step, reason)| (step, reason.code)), Some((CodeStep::C2, "CODE_SIG")));
    }
}
