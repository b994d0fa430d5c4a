//! The writer, in every flavour.

use time::OffsetDateTime;

use super::Flavour;
use crate::der::{tag, write, write_utc_time};
use crate::encoding::b64;
use crate::oid::{self, Oid};
use crate::sm2::{self, DEFAULT_ID, SecretKey, SignError};
use crate::sm3;
use crate::x509::Certificate;

/// One signer and how it signs.
#[derive(Debug, Clone)]
pub struct SignerSpec<'a> {
    /// Its certificate.
    pub certificate: &'a Certificate,
    /// Its key.
    pub key: &'a SecretKey,
    /// What is signed.
    pub flavour: Flavour,
    /// Writes the signature as raw r ‖ s.
    pub raw: bool,
    /// signingTime, with attributes.
    pub signing_time: Option<OffsetDateTime>,
    /// messageDigest to write instead of the right one.
    pub message_digest: Option<[u8; 32]>,
}

/// Writes ContentInfo { signedData } over `document`. `content` is embedded when given, else the
/// signature is detached. Certificates are written in DER order unless `as_given`.
///
/// # Errors
/// When the one deterministic nonce gives no signature.
pub fn write_signed_data(
    outer: &Oid,
    content_type: &Oid,
    document: &[u8],
    content: Option<&[u8]>,
    certificates: &[&Certificate],
    as_given: bool,
    signers: &[SignerSpec<'_>],
) -> Result<Vec<u8>, SignError> {
    let explicit = content.map(|content| write::tlv(tag::context(0), &write::octets(content)));
    let content_info = write::sequence(&[&write::oid(content_type), &explicit.unwrap_or_default()]);
    let ders: Vec<Vec<u8>> = certificates.iter().map(|certificate| certificate.der().to_vec()).collect();
    let bag = if as_given { ders.concat() } else { write::set_content(ders) };
    let bag = if bag.is_empty() { bag } else { write::tlv(tag::context(0), &bag) };
    let sm3_id = write::sequence(&[&write::oid(&oid::SM3)]);
    let infos = signers
        .iter()
        .map(|signer| write_signer(signer, content_type, document, content, &content_info))
        .collect::<Result<Vec<_>, _>>()?;
    let body =
        write::sequence(&[&write::small(1), &write::set_of(vec![sm3_id]), &content_info, &bag, &write::set_of(infos)]);
    Ok(write::sequence(&[&write::oid(outer), &write::tlv(tag::context(0), &body)]))
}

fn write_signer(
    signer: &SignerSpec<'_>,
    content_type: &Oid,
    document: &[u8],
    content: Option<&[u8]>,
    content_info: &[u8],
) -> Result<Vec<u8>, SignError> {
    let content = content.unwrap_or(document);
    let hash = sm3::digest(document);
    let has_attributes = matches!(signer.flavour, Flavour::AttrZ | Flavour::AttrZEmpty | Flavour::AttrNoZAll);
    let attributes = has_attributes.then(|| {
        let digest = signer.message_digest.unwrap_or_else(|| sm3::digest(content));
        let mut list = vec![
            attribute(&oid::CONTENT_TYPE, &write::oid(content_type)),
            attribute(&oid::MESSAGE_DIGEST, &write::octets(&digest)),
        ];
        if let Some(time) = signer.signing_time {
            list.push(attribute(&oid::SIGNING_TIME, &write::tlv(tag::UTC_TIME, write_utc_time(time).as_bytes())));
        }
        write::set_content(list)
    });
    let signed = attributes.as_ref().map(|content| write::tlv(tag::SET, content)).unwrap_or_default();
    let z = |id: &[u8], message: &[u8]| sm2::message_digest(id, signer.key.public_key(), message);
    let digest = match signer.flavour {
        Flavour::AttrZ => z(DEFAULT_ID, &signed)?,
        Flavour::AttrZEmpty => z(b"", &signed)?,
        Flavour::AttrNoZAll => sm3::digest(&[content_info, &signed].concat()),
        Flavour::PlainZ => z(DEFAULT_ID, content)?,
        Flavour::PlainNoZ => sm3::digest(content),
        Flavour::PlainNoZTlv => sm3::digest(content_info),
        Flavour::PlainDoubleHash => z(DEFAULT_ID, &hash)?,
        Flavour::B64Hash => z(DEFAULT_ID, b64(&hash).as_bytes())?,
    };
    let signature = sm2::sign_digest(signer.key, &digest)?;
    let signature = if signer.raw { signature.as_raw().to_vec() } else { signature.to_der() };
    let id = write::sequence(&[signer.certificate.issuer.der(), &write::tlv(tag::INTEGER, &signer.certificate.serial)]);
    let attributes = attributes.map(|content| write::tlv(tag::context(0), &content)).unwrap_or_default();
    Ok(write::sequence(&[
        &write::small(1),
        &id,
        &write::sequence(&[&write::oid(&oid::SM3)]),
        &attributes,
        &write::sequence(&[&write::oid(&oid::SM2_SIGN)]),
        &write::octets(&signature),
    ]))
}

fn attribute(kind: &Oid, value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(kind), &write::tlv(tag::SET, value)])
}
