//! The device key: proofs by it, and the certificate that binds it to the loading end.

use ecric_gm::encoding::{from_b64url, hex};
use ecric_gm::sm2::spki::write_spki;
use ecric_gm::sm2::{PublicKey, SignError};
use ecric_gm::sm3;
use ecric_gm::x509::KeyUsage;
use ecric_gm::x509::build::{self, CertificateSpec};
use ecric_licence::authority::{Entity, Profile, VALIDITY};
use ecric_licence::file::purpose;
use ecric_licence::signed_json::{DEVICE_PROOF, verify};
use ecric_model::binding::ErrorCode;
use serde_json::{Map, Value};

use crate::errors::ApiError;

/// A device key as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct DeviceKey {
    /// `04‖x‖y`, hex.
    pub(crate) text: String,
    pub(crate) key: PublicKey,
}

/// Reads `devicePublicKey`: base64url of `04‖x‖y`.
pub(crate) fn read_key(text: &str) -> Option<DeviceKey> {
    let bytes = from_b64url(text).ok()?;
    let key = PublicKey::from_uncompressed(<&[u8; 65]>::try_from(&bytes[..]).ok()?).ok()?;
    Some(DeviceKey { text: hex(&bytes), key })
}

/// The key of a stored text; `None` once destroyed.
pub(crate) fn stored_key(text: &str) -> Option<DeviceKey> {
    let bytes = ecric_gm::encoding::from_hex(text).ok()?;
    let key = PublicKey::from_uncompressed(<&[u8; 65]>::try_from(&bytes[..]).ok()?).ok()?;
    Some(DeviceKey { text: text.to_owned(), key })
}

/// `kid` of a bare device key: first 8 bytes of SM3 over `04‖x‖y`, hex.
pub(crate) fn kid(key: &PublicKey) -> String {
    hex(&sm3::digest(&key.to_uncompressed())[..8])
}

/// The refusal of a proof.
pub(crate) fn refused() -> ApiError {
    ApiError::new(ErrorCode::HolderAuthFailed, "the device did not prove its key")
}

/// Whether `proof` signs `object` by the key.
pub(crate) fn proves(object: &Map<String, Value>, proof: &Value, key: &PublicKey) -> bool {
    let mut signed = object.clone();
    signed.insert("sig".to_owned(), proof.clone());
    verify(DEVICE_PROOF, &signed, &kid(key), key).is_ok()
}

/// The certificate that binds a device key; DER.
pub(crate) fn bind(key: &PublicKey, device_id: &str, loader: &Entity) -> Result<Vec<u8>, SignError> {
    let spki = write_spki(key);
    let organisation = (super::super::files::pki::LOADER.0, super::super::files::pki::LOADER.1);
    let label = hex(&sm3::digest(device_id.as_bytes())[..8]);
    let subject = Profile::leaf("device", &label, organisation, &[]).subject();
    let serial = ecric_licence::authority::serial(&hex(&sm3::digest(&spki)));
    let mut spec = CertificateSpec::new(&serial, loader.certificate.subject.clone(), subject, VALIDITY, spki.clone());
    let above = loader.certificate.extensions.subject_key_id.clone().unwrap_or_default();
    spec.extensions = vec![
        build::basic_constraints(false, None),
        build::key_usage(KeyUsage::DIGITAL_SIGNATURE),
        build::extended_key_usage(false, &[purpose::TEST_MARK, purpose::DEVICE]),
        build::subject_key_id(&build::key_id(&spki)),
        build::authority_key_id(&above),
    ];
    spec.sign(&loader.key)
}
