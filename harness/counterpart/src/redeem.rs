//! A loading end that the harness plays (binding v1, operation 18): it grants what a case says, once, and
//! misbehaves where a case wants it. It takes any credentials.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use ecric_gm::encoding::b64url;
use ecric_licence::code::{Scope, parse_code};
use ecric_licence::instant::write_instant;
use ecric_licence::signed_json::{EVIDENCE, sign};
use ecric_model::binding::LicenceStatus;
use ecric_vectors::pki::TestPki;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use crate::{bytes_of, empty};

/// Most codes that are kept.
const GRANTS_MAX: usize = 20_000;
/// How long a slow loading end waits: far longer than anybody waits at a counter.
const SLOW: std::time::Duration = std::time::Duration::from_secs(8);

/// What a loading end does wrong, or cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// Nothing.
    Honest,
    /// The evidence names another code.
    OtherCode,
    /// The evidence names another presentation.
    OtherHandle,
    /// The evidence names another relying party.
    OtherAudience,
    /// Attributes differ from those that the evidence vouches for.
    OtherAttributes,
    /// The status differs from the one that the evidence vouches for.
    OtherStatus,
    /// The evidence is an hour past its end.
    OldEvidence,
    /// One bit of the signature of the evidence.
    BrokenSignature,
    /// Signed by a key that nobody knows.
    UnknownSigner,
    /// Signed by somebody under an unknown root, who sends the certificate along.
    UntrustedSigner,
    /// Signed by a listed signer of licences.
    OtherRole,
    /// No evidence at all.
    NoEvidence,
    /// The device was unloaded.
    BindingRevoked,
    /// More attributes than the holder granted, evidence included.
    MoreThanGranted,
    /// All that was granted, whatever was wanted.
    MoreThanWanted,
    /// 503.
    Down,
    /// Answers after eight seconds.
    Slow,
    /// 200 with something that is no JSON.
    Garbage,
    /// A redirect to a sink.
    Redirect,
    /// 500.
    Broken,
    /// The holder refused.
    Denied,
    /// The holder has not agreed.
    NotAgreed,
    /// The licence was unloaded.
    Gone,
    /// Nobody made this code here.
    Unknown,
}

impl Conduct {
    /// All with the words that features use.
    pub const ALL: [(Self, &str); 24] = [
        (Self::Honest, "honest"),
        (Self::OtherCode, "evidence of another code"),
        (Self::OtherHandle, "evidence of another presentation"),
        (Self::OtherAudience, "evidence for another relying party"),
        (Self::OtherAttributes, "attributes that differ from the evidence"),
        (Self::OtherStatus, "a status that differs from the evidence"),
        (Self::OldEvidence, "evidence past its end"),
        (Self::BrokenSignature, "evidence with a broken signature"),
        (Self::UnknownSigner, "evidence of an unknown signer"),
        (Self::UntrustedSigner, "evidence of an untrusted issuer"),
        (Self::OtherRole, "evidence of a signer of licences"),
        (Self::NoEvidence, "no evidence"),
        (Self::BindingRevoked, "a revoked binding"),
        (Self::MoreThanGranted, "more than was granted"),
        (Self::MoreThanWanted, "more than was wanted"),
        (Self::Down, "503"),
        (Self::Slow, "nothing for eight seconds"),
        (Self::Garbage, "no JSON"),
        (Self::Redirect, "a redirect"),
        (Self::Broken, "500"),
        (Self::Denied, "a denial"),
        (Self::NotAgreed, "no consent"),
        (Self::Gone, "an unloaded licence"),
        (Self::Unknown, "an unknown code"),
    ];

    /// The conduct of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(conduct, _)| conduct)
    }
}

/// What a holder granted with one code.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Relying party; `None` for a bearer code.
    pub audience: Option<String>,
    /// Handle of the presentation.
    pub handle: [u8; 16],
    /// What was granted.
    pub scope: Scope,
    /// Everything the licence holds, by attribute name.
    pub attributes: Map<String, Value>,
    /// Status of the licence.
    pub status: LicenceStatus,
    /// How the loading end answers.
    pub conduct: Conduct,
}

#[derive(Debug)]
struct Kept {
    grant: Grant,
    /// Key and answer of the redemption that won.
    used: Option<(String, Value)>,
    /// Bodies of all redemptions.
    asked: Vec<Value>,
}

/// Codes of the loading end that the harness plays.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    kept: Mutex<HashMap<[u8; 16], Kept>>,
}

impl Grants {
    /// Knows a code from now on.
    pub(crate) fn put(&self, code_id: [u8; 16], grant: Grant) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < GRANTS_MAX {
            kept.insert(code_id, Kept { grant, used: None, asked: Vec::new() });
        }
    }

    /// Spends a code as if another verifier had redeemed it.
    pub(crate) fn spend(&self, code_id: &[u8; 16]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get_mut(code_id) {
            found.used = Some(("another verifier".to_owned(), Value::Null));
        }
    }

    /// Changes the status of the licence behind a code.
    pub(crate) fn set_status(&self, code_id: &[u8; 16], status: LicenceStatus) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get_mut(code_id) {
            found.grant.status = status;
        }
    }

    /// Bodies of the redemptions of a code.
    pub(crate) fn asked(&self, code_id: &[u8; 16]) -> Vec<Value> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(code_id).map(|found| found.asked.clone()).unwrap_or_default()
    }

    fn decide(&self, body: &Value, key: &str, pki: &TestPki, now: OffsetDateTime) -> Result<Decided, Refusal> {
        let text = body["code"].as_str().unwrap_or_default();
        let code = parse_code(text).map_err(|_| Refusal(400, "INVALID_REQUEST"))?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = Refusal(404, "NOT_FOUND");
        let found = kept.get_mut(&code.payload.code_id).ok_or(unknown)?;
        if found.asked.len() < 1000 {
            found.asked.push(body.clone());
        }
        let conduct = found.grant.conduct;
        match conduct {
            Conduct::Down => return Err(Refusal(503, "UNAVAILABLE")),
            Conduct::Broken => return Err(Refusal(500, "INTERNAL")),
            Conduct::Denied => return Err(Refusal(403, "CONSENT_DENIED")),
            Conduct::NotAgreed => return Err(Refusal(403, "CONSENT_REQUIRED")),
            Conduct::Gone => return Err(Refusal(410, "GONE")),
            Conduct::Unknown => return Err(Refusal(404, "NOT_FOUND")),
            _ => {}
        }
        let audience = body["audience"].as_str().unwrap_or_default().to_owned();
        if audience.is_empty() {
            return Err(Refusal(400, "INVALID_REQUEST"));
        }
        if found.grant.audience.as_ref().is_some_and(|meant| *meant != audience) {
            return Err(Refusal(403, "FORBIDDEN"));
        }
        match &found.used {
            Some((first, answer)) if first == key => return Ok(Decided { conduct, answer: answer.clone() }),
            Some(_) => return Err(Refusal(410, "CODE_USED")),
            None => {}
        }
        let wanted: Vec<&str> = body["wanted"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let wanted = Scope::of_names(wanted).map_err(|_| Refusal(400, "INVALID_REQUEST"))?;
        let answer = answer(&found.grant, &code.payload.code_id, &audience, wanted, pki, now);
        found.used = Some((key.to_owned(), answer.clone()));
        Ok(Decided { conduct, answer })
    }
}

struct Decided {
    conduct: Conduct,
    answer: Value,
}

struct Refusal(u16, &'static str);

/// Answers operation 18.
pub(crate) async fn redeem(
    grants: &Grants,
    headers: &HeaderMap,
    body: &[u8],
    pki: &TestPki,
    now: OffsetDateTime,
    sink: &str,
) -> Response {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let decided =
        if key.is_empty() { Err(Refusal(400, "INVALID_REQUEST")) } else { grants.decide(&body, key, pki, now) };
    match decided {
        Err(Refusal(status, code)) => {
            let error = json!({"code": code, "message": "refused by the loading end", "requestId": "counterpart"});
            let mut response = bytes_of("application/json", error.to_string().into_bytes());
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            response
        }
        Ok(Decided { conduct: Conduct::Garbage, .. }) => bytes_of("application/json", b"{\"attributes\": {".to_vec()),
        Ok(Decided { conduct: Conduct::Redirect, .. }) => {
            let mut response = empty(StatusCode::TEMPORARY_REDIRECT);
            if let Ok(place) = sink.parse() {
                response.headers_mut().insert("location", place);
            }
            response
        }
        Ok(Decided { conduct, answer }) => {
            if conduct == Conduct::Slow {
                tokio::time::sleep(SLOW).await;
            }
            bytes_of("application/json", answer.to_string().into_bytes())
        }
    }
}

/// Another value of the same type.
fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(!flag),
        Value::String(_) => json!("测试乙"),
        _ => json!("-"),
    }
}

fn answer(
    grant: &Grant,
    code_id: &[u8; 16],
    audience: &str,
    wanted: Scope,
    pki: &TestPki,
    now: OffsetDateTime,
) -> Value {
    let conduct = grant.conduct;
    let valid = grant.status == LicenceStatus::Valid && conduct != Conduct::BindingRevoked;
    let granted = |name: &str| {
        let all = conduct == Conduct::MoreThanWanted;
        Scope::bit_of(name).is_some_and(|bit| grant.scope.has(bit) && (wanted.has(bit) || all))
            || conduct == Conduct::MoreThanGranted
    };
    let mut attributes: Map<String, Value> = grant
        .attributes
        .iter()
        .filter(|(name, _)| valid && granted(name))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    let mut evidence = Map::new();
    let mut put = |name: &str, value: Value| drop(evidence.insert(name.to_owned(), value));
    let other = |bytes: &[u8; 16]| b64url(&bytes.map(|byte| byte ^ 0x5a));
    put("codeId", json!(if conduct == Conduct::OtherCode { other(code_id) } else { b64url(code_id) }));
    put("ref", json!(if conduct == Conduct::OtherHandle { other(&grant.handle) } else { b64url(&grant.handle) }));
    put("audience", json!(if conduct == Conduct::OtherAudience { "11440300099999925K" } else { audience }));
    put("attributes", json!(attributes));
    put("certificateStatus", json!(grant.status.code()));
    put("statusVersion", json!(1));
    put("statusTime", json!(write_instant(now - Duration::DAY)));
    put("bindingState", json!(if conduct == Conduct::BindingRevoked { "REVOKED" } else { "ACTIVE" }));
    let issued = if conduct == Conduct::OldEvidence { now - Duration::hours(2) } else { now };
    put("issuedAt", json!(write_instant(issued)));
    put("exp", json!(write_instant(issued + Duration::minutes(5))));
    seal(&mut evidence, conduct, pki);
    if conduct == Conduct::OtherAttributes {
        attributes.iter_mut().for_each(|(_, value)| *value = changed(value));
    }
    let status = if conduct == Conduct::OtherStatus { LicenceStatus::Suspended } else { grant.status };
    let mut answer = json!({
        "attributes": attributes,
        "certificateStatus": status.code(),
        "statusTime": write_instant(now - Duration::DAY),
        "codeId": evidence["codeId"],
        "issuerEvidence": evidence,
    });
    if conduct == Conduct::NoEvidence
        && let Some(members) = answer.as_object_mut()
    {
        members.remove("issuerEvidence");
    }
    answer
}

fn seal(evidence: &mut Map<String, Value>, conduct: Conduct, pki: &TestPki) {
    let mut label = match conduct {
        Conduct::OtherRole => "XG04",
        _ => "XG09",
    };
    match conduct {
        Conduct::UntrustedSigner => {
            if let Ok(Some(bad)) = pki.bad("XB01")
                && let Ok(certificate) = ecric_gm::x509::Certificate::read(&bad.der)
            {
                let _ = sign(EVIDENCE, evidence, &certificate.kid(), &bad.key);
                evidence["sig"]["x5c"] = json!([ecric_gm::encoding::b64(&bad.der)]);
            }
            return;
        }
        Conduct::UnknownSigner => {
            let key = pki.key("unknown-loader");
            let _ = sign(EVIDENCE, evidence, "eeeeeeeeeeeeeeee", &key);
            return;
        }
        Conduct::BrokenSignature => label = "XG09",
        _ => {}
    }
    let signer = pki.get(label);
    let _ = sign(EVIDENCE, evidence, &signer.certificate.kid(), &signer.key);
    if conduct == Conduct::BrokenSignature {
        // A signature over something else.
        let mut other = evidence.clone();
        other.insert("statusVersion".to_owned(), json!(2));
        let _ = sign(EVIDENCE, &mut other, &signer.certificate.kid(), &signer.key);
        evidence["sig"] = other["sig"].clone();
    }
}
