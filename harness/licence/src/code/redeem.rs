//! What a redemption (operation 18) says about a code: evidence, binding, status, attributes.

use ecric_gm::encoding::{b64url, from_b64};
use ecric_gm::oid::ORGANIZATION_IDENTIFIER;
use ecric_gm::x509::Certificate;
use ecric_model::binding::{LicenceStatus, Object};
use serde_json::{Map, Value};

use super::SKEW_S;
use super::payload::Payload;
use super::report::{CodeReport, CodeStep};
use super::scope::Scope;
use super::verify::{Inquiry, no_status, seconds, status_reason};
use crate::file::{Role, judge_signer, purpose};
use crate::instant::parse_instant;
use crate::signed_json;

/// Most certificates of `sig.x5c` that are read.
const DELIVERED_MAX: usize = 6;

/// How a redemption ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Redemption {
    /// 200 with its body.
    Answered(Object),
    /// An error of binding v1 with its code.
    Refused(String),
    /// No usable answer.
    Unreachable,
}

/// Takes over what a redemption says: steps R1 to R3 and the attributes.
pub fn take_redemption(report: &mut CodeReport, redemption: &Redemption, audience: &str, inquiry: &Inquiry<'_>) {
    let Some(payload) = report.payload.clone() else { return };
    match redemption {
        Redemption::Answered(answer) => take_answer(report, answer, &payload, audience, inquiry),
        Redemption::Refused(code) => match code.as_str() {
            "CODE_USED" => report.fail(CodeStep::C7, "CODE_REPLAYED", "redeemed before"),
            "CODE_EXPIRED" => report.fail(CodeStep::C4, "CODE_EXPIRED", "by the loading end's word"),
            "FORBIDDEN" => report.fail(CodeStep::C5, "CODE_AUDIENCE", "the loading end refuses this relying party"),
            "NOT_FOUND" => report.fail(CodeStep::R2, "BINDING_INVALID", "the loading end does not know the code"),
            "GONE" => report.fail(CodeStep::R2, "BINDING_REVOKED", "the licence was unloaded, or consent withdrawn"),
            "CONSENT_DENIED" | "CONSENT_REQUIRED" => {
                report.unknown(CodeStep::C6, "CONSENT_ABSENT", "the holder has not agreed");
            }
            _ => no_status(report, "the loading end answers no redemption"),
        },
        Redemption::Unreachable => no_status(report, "the loading end cannot be reached"),
    }
}

fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}

fn take_answer(report: &mut CodeReport, answer: &Object, payload: &Payload, audience: &str, inquiry: &Inquiry<'_>) {
    report.begin(CodeStep::R1);
    let empty = Map::new();
    let attributes = answer.get("attributes").and_then(Value::as_object).unwrap_or(&empty);
    let Some(evidence) = answer.get("issuerEvidence").and_then(Value::as_object) else {
        report.fail(CodeStep::R1, "EVIDENCE_MISMATCH", "no issuerEvidence");
        no_status(report, "nobody vouches for the status");
        return;
    };
    check_signer(report, evidence, payload, inquiry);
    let id = b64url(&payload.code_id);
    let mut differ = |what: &str, same: bool| {
        if !same {
            report.fail(CodeStep::R1, "EVIDENCE_MISMATCH", format!("{what} is not that of this code"));
        }
    };
    differ("codeId", text(evidence, "codeId") == Some(&id));
    differ("codeId of the answer", text(answer, "codeId").is_none_or(|found| found == id));
    differ("ref", text(evidence, "ref") == Some(&b64url(&payload.handle)));
    differ("audience", text(evidence, "audience") == Some(audience));
    differ("certificateStatus", text(evidence, "certificateStatus") == text(answer, "certificateStatus"));
    differ("attributes", same_attributes(evidence.get("attributes"), attributes));
    let now = seconds(inquiry.at);
    let instant = |name: &str| text(evidence, name).and_then(|text| parse_instant(text).ok()).map(seconds);
    differ("issuedAt", instant("issuedAt").is_some_and(|issued| issued <= now + SKEW_S));
    differ("exp", instant("exp").is_some_and(|expires| now <= expires + SKEW_S));
    take_binding(report, evidence);
    take_status(report, evidence);
    report.attributes = attributes
        .iter()
        .filter(|(name, _)| Scope::bit_of(name).is_some_and(|bit| bit != 0 && payload.scope.has(bit)))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
}

/// Evidence lists names and values, or names alone.
fn same_attributes(evidence: Option<&Value>, told: &Map<String, Value>) -> bool {
    match evidence {
        Some(Value::Object(signed)) => signed == told,
        Some(Value::Array(names)) => {
            names.len() == told.len()
                && names.iter().all(|name| name.as_str().is_some_and(|name| told.contains_key(name)))
        }
        _ => told.is_empty(),
    }
}

fn take_binding(report: &mut CodeReport, evidence: &Object) {
    report.begin(CodeStep::R2);
    match text(evidence, "bindingState") {
        Some("ACTIVE") => {}
        Some("REVOKED") => report.fail(CodeStep::R2, "BINDING_REVOKED", "the device was unloaded or replaced"),
        _ => report.fail(CodeStep::R2, "BINDING_INVALID", "bindingState is neither ACTIVE nor REVOKED"),
    }
}

fn take_status(report: &mut CodeReport, evidence: &Object) {
    report.begin(CodeStep::R3);
    let word = text(evidence, "certificateStatus").unwrap_or_default();
    let Some(status) = LicenceStatus::parse(word) else {
        return no_status(report, "certificateStatus is no status");
    };
    let time = text(evidence, "statusTime").unwrap_or_default();
    report.status = Some((word.to_owned(), time.to_owned()));
    if let Some(reason) = status_reason(status) {
        report.fail(CodeStep::R3, reason, "by the evidence of the redemption");
    }
}

/// The evidence is signed by a status signer of the issuer, or by the loading end on its behalf.
fn check_signer(report: &mut CodeReport, evidence: &Object, payload: &Payload, inquiry: &Inquiry<'_>) {
    let step = CodeStep::R1;
    let kid = signed_json::kid_of(evidence).unwrap_or_default();
    let delivered = delivered(evidence);
    let known = inquiry.trust.listed.iter().chain(&delivered).find(|signer| signer.kid() == kid);
    let Some(signer) = known else {
        return report.fail(step, "EVIDENCE_MISMATCH", "signed by nobody who is listed");
    };
    let holds =
        signer.key.sm2().is_some_and(|key| signed_json::verify(signed_json::EVIDENCE, evidence, kid, key).is_ok());
    if !holds {
        report.fail(step, "EVIDENCE_MISMATCH", "the signature of the evidence does not verify");
    }
    let purposes = [purpose::STATUS, purpose::PRESENTATION];
    for (outcome, reason) in judge_signer(signer, &purposes, inquiry.trust, inquiry.ignore, inquiry.at) {
        report.add(step, outcome, reason);
    }
    let of_loader = signer.subject.get(&ORGANIZATION_IDENTIFIER) == Some(payload.loader.as_str());
    match inquiry.trust.role_of(signer) {
        Some(Role::Status) => {}
        Some(Role::Presentation) if of_loader => {}
        Some(Role::Presentation) => report.fail(step, "EVIDENCE_MISMATCH", "signed by another loading end"),
        _ => report.fail(step, "CERT_USAGE", "its signer may not sign evidence"),
    }
}

fn delivered(evidence: &Object) -> Vec<Certificate> {
    let chain = evidence.get("sig").and_then(|sig| sig.get("x5c")).and_then(Value::as_array);
    let texts = chain.into_iter().flatten().take(DELIVERED_MAX).filter_map(Value::as_str);
    texts.filter_map(|text| Certificate::read(&from_b64(text).ok()?).ok()).collect()
}
