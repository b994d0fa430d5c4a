//! Operation 10 and the trust of the verifier: its own authorities, and what the test control adds.

use std::sync::{PoisonError, RwLock};

use ecric_gm::encoding::{b64, hex};
use ecric_gm::x509::crl::Crl;
use ecric_gm::x509::{Certificate, Name};
use ecric_licence::file::{Role, Trust};
use ecric_licence::instant::write_instant;
use ecric_licence::metadata::{ISSUING_AUTHORITY_CODE, ISSUING_AUTHORITY_NAME};
use ecric_licence::signed_json::{ANCHORS, sign};
use ecric_model::binding::ErrorCode;
use serde_json::{Map, Value, json};

use super::pki::{LOADER, Pki};
use crate::errors::ApiError;
use crate::operation::{Reply, Work};

/// Addresses that go with what is trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sources {
    /// Revocation lists.
    pub(crate) crl: Vec<String>,
    /// OCSP responders.
    pub(crate) ocsp: Vec<String>,
    /// Relying parties whose requests the loading end takes.
    pub(crate) relying_parties: Vec<crate::loader::request::RelyingParty>,
    /// Code of an issuing authority and base of its operations 5 and 6.
    pub(crate) issuers: Vec<(String, String)>,
    /// Id of a loading end and address of its operation 18.
    pub(crate) loaders: Vec<(String, String)>,
}

/// What the verifier trusts now.
#[derive(Debug)]
pub(crate) struct TrustStore {
    inner: RwLock<(Trust, Sources, u32)>,
}

/// The reference's own authorities.
pub(crate) fn own_trust(pki: &Pki) -> Trust {
    let mut trust = Trust {
        roots: vec![pki.root.certificate.clone()],
        intermediates: vec![pki.intermediate.certificate.clone()],
        signers: vec![
            (pki.issuer.certificate.fingerprint(), Role::Issuer),
            (pki.copier.certificate.fingerprint(), Role::Copy),
            (pki.status.certificate.fingerprint(), Role::Status),
            (pki.loader.certificate.fingerprint(), Role::Presentation),
        ],
        // Codes name their signer by a kid alone.
        listed: vec![pki.loader.certificate.clone(), pki.status.certificate.clone()],
        ..Trust::default()
    };
    trust.evidence.lists = pki.read_lists();
    trust
}

impl TrustStore {
    /// Starts with the reference's own authorities.
    pub(crate) fn new(pki: &Pki) -> Self {
        Self { inner: RwLock::new((own_trust(pki), Sources::default(), 1)) }
    }

    /// A copy of what is trusted.
    pub(crate) fn get(&self) -> (Trust, Sources) {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        (inner.0.clone(), inner.1.clone())
    }

    /// True if a revocation list of its issuer, whatever its date, names a certificate.
    pub(crate) fn lists(&self, certificate: &Certificate) -> bool {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let names = |list: &Crl| {
            list.issuer.der() == certificate.issuer.der() && list.entries.contains_key(&certificate.serial)
        };
        inner.0.evidence.lists.iter().any(names)
    }

    /// True if an authority that may stand in a path made a certificate, whatever else is wrong with either.
    pub(crate) fn made(&self, certificate: &Certificate) -> bool {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        let mut authorities = inner.0.intermediates.iter().chain(&inner.0.roots);
        authorities.any(|ca| ca.subject.der() == certificate.issuer.der() && certificate.verify_by(ca).is_ok())
    }

    /// True if a trusted root has this name.
    pub(crate) fn is_root(&self, name: &Name) -> bool {
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        inner.0.roots.iter().any(|root| root.subject.der() == name.der())
    }

    /// Changes it; the new version.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Trust, &mut Sources)) -> u32 {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let (trust, sources, version) = &mut *inner;
        change(trust, sources);
        *version += 1;
        *version
    }
}

fn member(certificate: &Certificate) -> Map<String, Value> {
    let mut member = Map::new();
    member.insert("der".to_owned(), json!(b64(certificate.der())));
    member.insert("sm3".to_owned(), json!(hex(&certificate.fingerprint())));
    member
}

/// What a faulty server lists: a certificate that says ECDSA with SHA-256 where SM2 with SM3 stood.
fn other_algorithm(certificate: &Certificate) -> Vec<u8> {
    let (ours, other) = ([0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x83, 0x75], [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]);
    let mut der = certificate.der().to_vec();
    let places: Vec<usize> =
        (0..der.len().saturating_sub(ours.len())).filter(|at| der[*at..].starts_with(&ours)).collect();
    for at in places {
        der[at..at + other.len()].copy_from_slice(&other);
    }
    der
}

/// Runs operation 10: the issuer's own anchors, signed by the root.
pub(crate) fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let pki = &work.shared.pki;
    let behaviour = work.behaviour();
    let base = format!("http://{}/v1", work.host);
    let signer = |entity: &ecric_licence::authority::Entity, role: Role| {
        let mut member = member(&entity.certificate);
        member.insert("role".to_owned(), json!(role.word()));
        Value::Object(member)
    };
    let mut signers = vec![
        signer(&pki.copier, Role::Copy),
        signer(&pki.status, Role::Status),
        signer(&pki.loader, Role::Presentation),
    ];
    if !behaviour.signer_not_listed() {
        signers.insert(0, signer(&pki.issuer, Role::Issuer));
    }
    let valid_until = work.now + time::Duration::days(if behaviour.anchors_outdated() { -1 } else { 30 });
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| drop(answer.insert(name.to_owned(), value));
    put("version", json!(1));
    put("validUntil", json!(write_instant(valid_until)));
    put("roots", json!([member(&pki.root.certificate)]));
    let mut intermediates = vec![Value::Object(member(&pki.intermediate.certificate))];
    if behaviour.anchors_hold_other_algorithm() {
        intermediates.push(json!({"der": b64(&other_algorithm(&pki.intermediate.certificate))}));
    }
    put("intermediates", json!(intermediates));
    put("tsa", json!([]));
    put("signers", json!(signers));
    put("crl", json!([format!("{base}/crl/root"), format!("{base}/crl/intermediate")]));
    put("ocsp", json!([]));
    put("issuers", json!([{"code": ISSUING_AUTHORITY_CODE, "name": ISSUING_AUTHORITY_NAME, "statusBase": base}]));
    put(
        "loaders",
        json!([{"iss": LOADER.1, "name": LOADER.0, "redeemUrl": format!("{base}/presentations/redeem"),
            "kids": [pki.loader.certificate.kid()]}]),
    );
    if !behaviour.anchors_unsigned() {
        let root = &pki.root;
        sign(ANCHORS, &mut answer, &root.certificate.kid(), &root.key)
            .map_err(|_| ApiError::new(ErrorCode::Internal, "internal error"))?;
        if behaviour.anchors_changed_after_signing() {
            answer.insert("version".to_owned(), json!(2));
        }
    }
    Ok(Reply::ok(Value::Object(answer)))
}
