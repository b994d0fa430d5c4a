//! Revocation lists of the good authorities.

use ecric_gm::sm2::SignError;
use ecric_gm::x509::crl::{CERTIFICATE_HOLD, CrlSpec, Revocation};
use ecric_licence::authority::{Entity, serial};
use time::{Duration, OffsetDateTime};

use super::{FIXED, LISTS_UNTIL, TestPki};

/// A list of an authority that holds from the fixed instant on.
pub(super) fn list(ca: &Entity, entries: Vec<(Vec<u8>, Revocation)>) -> CrlSpec {
    CrlSpec {
        issuer: ca.certificate.subject.clone(),
        this_update: FIXED,
        next_update: LISTS_UNTIL,
        entries,
        number: 2,
        delta_of: None,
        issuer_key_id: ca.certificate.extensions.subject_key_id.clone().unwrap_or_default(),
        indirect: false,
    }
}

/// Revoked for a compromised key.
pub(super) const fn revoked(at: OffsetDateTime) -> Revocation {
    Revocation { at, reason: Some(1) }
}

pub(super) fn make(pki: &TestPki) -> Result<Vec<(String, Vec<u8>)>, SignError> {
    let day = Duration::DAY;
    let (root_a, root_b, root_new, ca) = (pki.get("XG01"), pki.get("XG02"), pki.get("XG15"), pki.get("XG03"));
    let held = Revocation { at: FIXED - day * 40, reason: Some(CERTIFICATE_HOLD) };
    let mut older = list(ca, vec![(serial("XB20"), held)]);
    older.number = 1;
    older.this_update = FIXED - day * 30;
    let newer = list(
        ca,
        vec![
            (serial("XB18"), revoked(FIXED - day * 30)),
            // After the signing time of the vectors, which is the fixed instant.
            (serial("XB19"), revoked(FIXED + Duration::HOUR)),
            (serial("XB20-gone"), revoked(FIXED - day * 30)),
        ],
    );
    let by_root = list(root_a, vec![(serial("XB21-ca"), revoked(FIXED - day * 30))]);
    Ok(vec![
        ("root-a".to_owned(), by_root.sign(&root_a.key)?),
        ("root-b".to_owned(), list(root_b, vec![]).sign(&root_b.key)?),
        ("root-a-new".to_owned(), list(root_new, vec![]).sign(&root_new.key)?),
        ("intermediate-a1-older".to_owned(), older.sign(&ca.key)?),
        ("intermediate-a1".to_owned(), newer.sign(&ca.key)?),
    ])
}
