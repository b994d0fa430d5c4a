//! Signed control objects of binding v1, section 2.3: status, status lists, trust anchors, evidence.
//!
//! M = ASCII(domain) ‖ 0x00 ‖ JCS(object without `sig`); SM2 over M with the default signer
//! identifier, r ‖ s in base64url.

use ecric_gm::encoding::{b64url, from_b64url};
use ecric_gm::sm2::{self, DEFAULT_ID, PublicKey, SecretKey, SignError, Signature};
use serde_json::{Map, Value, json};

/// Domain of a status (operation 5).
pub const STATUS: &str = "ECRIC-STATUS-1";
/// Domain of a status list (operation 6).
pub const LIST: &str = "ECRIC-LIST-1";
/// Domain of trust anchors (operation 10).
pub const ANCHORS: &str = "ECRIC-ANCHORS-1";
/// Domain of the evidence of a redemption (operation 18).
pub const EVIDENCE: &str = "ECRIC-EVIDENCE-1";
/// Domain of a relying party's request (operation 17).
pub const RELYING_PARTY_REQUEST: &str = "ECRIC-RPREQ-1";
/// Domain of a device's proof (operations 16 and 17).
pub const DEVICE_PROOF: &str = "ECRIC-DEVPROOF-1";

/// Why a signature of an object does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigFault {
    /// No `sig`, or of another form.
    #[error("sig is missing or malformed")]
    Form,
    /// Another algorithm than `SM2-SM3`.
    #[error("sig.alg is not SM2-SM3")]
    Algorithm,
    /// Another signer than `kid` says.
    #[error("sig.kid is another signer's")]
    Signer,
    /// The value does not verify.
    #[error("sig.value does not verify")]
    Value,
}

/// The bytes that are signed.
#[must_use]
pub fn message(domain: &str, object: &Map<String, Value>) -> Vec<u8> {
    let unsigned: Map<String, Value> =
        object.iter().filter(|(name, _)| *name != "sig").map(|(name, value)| (name.clone(), value.clone())).collect();
    // Objects of text, integers, booleans and null are always written.
    let text = serde_json_canonicalizer::to_vec(&Value::Object(unsigned)).unwrap_or_default();
    [domain.as_bytes(), &[0], &text].concat()
}

/// Adds `sig` to an object; `kid` is 16 hex digits.
///
/// # Errors
/// When the one deterministic nonce gives no signature.
pub fn sign(domain: &str, object: &mut Map<String, Value>, kid: &str, key: &SecretKey) -> Result<(), SignError> {
    let value = sm2::sign(key, DEFAULT_ID, &message(domain, object))?;
    object.insert("sig".to_owned(), json!({"alg": "SM2-SM3", "kid": kid, "value": b64url(value.as_raw())}));
    Ok(())
}

/// The `kid` of an object.
#[must_use]
pub fn kid_of(object: &Map<String, Value>) -> Option<&str> {
    object.get("sig")?.get("kid")?.as_str()
}

/// Checks the signature of an object with a signer's key and `kid`.
///
/// # Errors
/// With what does not hold.
pub fn verify(domain: &str, object: &Map<String, Value>, kid: &str, key: &PublicKey) -> Result<(), SigFault> {
    let sig = object.get("sig").and_then(Value::as_object).ok_or(SigFault::Form)?;
    if sig.get("alg").and_then(Value::as_str) != Some("SM2-SM3") {
        return Err(SigFault::Algorithm);
    }
    if sig.get("kid").and_then(Value::as_str) != Some(kid) {
        return Err(SigFault::Signer);
    }
    let value =
        sig.get("value").and_then(Value::as_str).and_then(|text| from_b64url(text).ok()).ok_or(SigFault::Form)?;
    let raw = <&[u8; 64]>::try_from(&value[..]).map_err(|_| SigFault::Form)?;
    let value = Signature::from_raw(raw).map_err(|_| SigFault::Value)?;
    sm2::verify(key, DEFAULT_ID, &message(domain, object), &value).map_err(|_| SigFault::Value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Map<String, Value> {
        json!({"certificateIdentifier": "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R",
            "certificateStatus": "SUSPENDED", "nextUpdate": "2026-06-01T09:10:05+08:00", "reason": "CARD_LOST",
            "statusTime": "2026-06-01T09:00:00+08:00", "statusVersion": 8, "thisUpdate": "2026-06-01T09:00:05+08:00"})
        .as_object().cloned().unwrap()
    }

    #[test]
    fn the_worked_example_of_the_binding_holds() {
        let key = SecretKey::derive(b"ecric-test-pki-v1", "XG04");
        let mut object = example();
        assert_eq!(
            ecric_gm::sm3::digest_hex(&message(STATUS, &object)),
            "ccd1afa1687dbebedaf62640f3e9d3233b2c01d8aecacf930f14b5e51db26649"
        );
        sign(STATUS, &mut object, "0011223344556677", &key).unwrap();
        assert_eq!(
            object["sig"]["value"],
            "8NT2HRv2DMneAIF9en_38d_ZmkcBEvkcqowJ9xRKj3hRT6KCaWcn39mDp9zW_dN6cB8ixtyfzCgiSoSKpGGSUQ"
        );
        let check = |object: &Map<String, Value>, domain| verify(domain, object, "0011223344556677", key.public_key());
        assert_eq!(check(&object, STATUS), Ok(()));
        assert_eq!(check(&object, LIST), Err(SigFault::Value));
        assert_eq!(verify(STATUS, &object, "x", key.public_key()), Err(SigFault::Signer));
        let mut changed = object.clone();
        changed.insert("statusVersion".into(), json!(9));
        assert_eq!(check(&changed, STATUS), Err(SigFault::Value));
        changed.remove("sig");
        assert_eq!(check(&changed, STATUS), Err(SigFault::Form));
        object["sig"]["alg"] = json!("none");
        assert_eq!(check(&object, STATUS), Err(SigFault::Algorithm));
    }
}
