//! The status of a licence as its issuer would answer it (binding v1, operation 5), signed.

use ecric_licence::instant::write_instant;
use ecric_licence::signed_json::{STATUS, sign};
use ecric_model::binding::LicenceStatus;
use ecric_vectors::pki::TestPki;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

pub(crate) fn answer(pki: &TestPki, identifier: &str, status: LicenceStatus, now: OffsetDateTime) -> Value {
    let signer = pki.get("XG18");
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    put("certificateIdentifier", json!(identifier));
    put("certificateStatus", json!(status.code()));
    put("statusVersion", json!(if status == LicenceStatus::Valid { 1 } else { 2 }));
    put("statusTime", json!(write_instant(now - Duration::HOUR)));
    put("thisUpdate", json!(write_instant(now)));
    put("nextUpdate", json!(write_instant(now + Duration::minutes(10))));
    // An answer without signature is legal too; signing fails for no key of the list.
    let _ = sign(STATUS, &mut body, &signer.certificate.kid(), &signer.key);
    Value::Object(body)
}
