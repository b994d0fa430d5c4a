//! Presentation codes of this loading end: written and read back by the codec of `ecric-licence`.

use ecric_gm::sm2::SecretKey;
use ecric_gm::sm2::spki::parse_spki;
use ecric_licence::authority::Entity;
use ecric_licence::code::{Payload, Scene, Scope, audience_tag, kid_of_certificate, parse_code, write_code};

use crate::behaviour::Loading;
use crate::files::pki::LOADER;

/// What a code says.
#[derive(Debug, Clone)]
pub(crate) struct Draft<'a> {
    /// Seconds since 1970.
    pub(crate) issued: i64,
    /// Seconds since 1970.
    pub(crate) expires: i64,
    pub(crate) cti: [u8; 16],
    pub(crate) reference: [u8; 16],
    pub(crate) scopes: &'a [&'static str],
    pub(crate) audience: Option<&'a str>,
    pub(crate) scene: Scene,
    pub(crate) nonce: Option<&'a [u8]>,
}

/// Why a code cannot be redeemed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadFault {
    /// No code at all.
    Malformed,
    /// Not signed by this loading end.
    Foreign,
}

/// Writes a code that names the signer and is signed by the key; `None` where a field is beyond the limits of the
/// code.
pub(crate) fn write(draft: &Draft<'_>, signer: &Entity, key: &SecretKey) -> Option<String> {
    let payload = Payload {
        loader: LOADER.1.to_owned(),
        issued_at: u64::try_from(draft.issued).ok()?,
        expires_at: u64::try_from(draft.expires).ok()?,
        code_id: draft.cti,
        handle: draft.reference,
        scope: Scope::of_names(draft.scopes.iter().copied()).ok()?,
        audience: draft.audience.map(audience_tag),
        scene: draft.scene,
        nonce: draft.nonce.map(<[u8]>::to_vec),
        view: None,
    };
    write_code(&payload, kid_of_certificate(&signer.certificate), key).ok()
}

/// `cti` of a code that this loading end signed.
pub(crate) fn read(text: &str, signer: &Entity, behaviour: &Loading) -> Result<[u8; 16], ReadFault> {
    let code = parse_code(text).map_err(|_| ReadFault::Malformed)?;
    let key = parse_spki(&signer.certificate.spki).map_err(|_| ReadFault::Foreign)?;
    if code.payload.loader == LOADER.1 && (code.envelope.holds_with(&key) || behaviour.code_signed_by_another()) {
        return Ok(code.payload.code_id);
    }
    Err(ReadFault::Foreign)
}
