//! The writer. Every field can be set to a wrong value.

use ecric_gm::der::{tag, write, write_generalized_time, write_utc_time};
use ecric_gm::oid::{Oid, SM2_WITH_SM3};
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey, SignError};
use time::OffsetDateTime;

use super::{CertList, SesVersion};

/// A seal's picture.
#[derive(Debug, Clone)]
pub struct PictureSpec {
    /// `PNG`, `ofd` and so on.
    pub kind: String,
    /// The bytes.
    pub data: Vec<u8>,
    /// Width and height in mm.
    pub size: (u32, u32),
}

/// What a seal says.
#[derive(Debug, Clone)]
pub struct SealSpec<'a> {
    /// Shape.
    pub shape: SesVersion,
    /// Version in the header, when it differs from the shape.
    pub header_version: Option<u32>,
    /// Id of the seal.
    pub es_id: String,
    /// Name of the seal.
    pub name: String,
    /// Who may sign under it.
    pub certificates: CertList<'a>,
    /// When it was made.
    pub created: OffsetDateTime,
    /// From when to when it may be used.
    pub valid: (OffsetDateTime, OffsetDateTime),
    /// Writes UTCTime although the shape wants GeneralizedTime.
    pub utc_times: bool,
    /// Picture.
    pub picture: PictureSpec,
    /// Certificate of the maker.
    pub maker: &'a [u8],
}

fn time(instant: OffsetDateTime, utc: bool) -> Vec<u8> {
    if utc {
        write::tlv(tag::UTC_TIME, write_utc_time(instant).as_bytes())
    } else {
        write::tlv(tag::GENERALIZED_TIME, write_generalized_time(instant).as_bytes())
    }
}

/// SES_SealInfo: what the maker signs (in V1 together with certificate and algorithm).
#[must_use]
pub fn seal_info(spec: &SealSpec<'_>) -> Vec<u8> {
    let version = spec.header_version.unwrap_or(spec.shape.number());
    let header = write::sequence(&[&write::ia5("ES"), &write::small(version), &write::ia5("ECRIC")]);
    let (list_type, list) = match &spec.certificates {
        CertList::Certificates(list) => (1, list.iter().flat_map(|der| write::octets(der)).collect::<Vec<u8>>()),
        CertList::Digests(list) => {
            let pairs =
                list.iter().map(|(kind, digest)| write::sequence(&[&write::printable(kind), &write::octets(digest)]));
            (2, pairs.flatten().collect())
        }
    };
    let is_v1 = spec.shape == SesVersion::V1;
    let list_type = if is_v1 { Vec::new() } else { write::small(list_type) };
    let utc = spec.utc_times || is_v1;
    let property = write::sequence(&[
        &write::small(1),
        &write::utf8(&spec.name),
        &list_type,
        &write::tlv(tag::SEQUENCE, &list),
        &time(spec.created, utc),
        &time(spec.valid.0, utc),
        &time(spec.valid.1, utc),
    ]);
    let picture = write::sequence(&[
        &write::ia5(&spec.picture.kind),
        &write::octets(&spec.picture.data),
        &write::small(spec.picture.size.0),
        &write::small(spec.picture.size.1),
    ]);
    write::sequence(&[&header, &write::ia5(&spec.es_id), &property, &picture])
}

/// A seal signed by its maker.
///
/// # Errors
/// When the one deterministic nonce gives no signature.
pub fn sign_seal(spec: &SealSpec<'_>, key: &SecretKey) -> Result<Vec<u8>, SignError> {
    let info = seal_info(spec);
    let (maker, algorithm) = (write::octets(spec.maker), write::oid(&SM2_WITH_SM3));
    if spec.shape == SesVersion::V1 {
        let signed = write::sequence(&[&info, &maker, &algorithm]);
        let value = write::bits(&sm2::sign(key, DEFAULT_ID, &signed)?.to_der());
        return Ok(write::sequence(&[&info, &write::sequence(&[&maker, &algorithm, &value])]));
    }
    let value = write::bits(&sm2::sign(key, DEFAULT_ID, &info)?.to_der());
    Ok(write::sequence(&[&info, &maker, &algorithm, &value]))
}

/// What a seal signature says.
#[derive(Debug, Clone)]
pub struct SignatureSpec<'a> {
    /// Shape.
    pub shape: SesVersion,
    /// Version in the signed part, when it differs from the shape.
    pub version: Option<u32>,
    /// The seal.
    pub seal: &'a [u8],
    /// When it is signed, as text of a GeneralizedTime.
    pub time: String,
    /// SM3 of `Signature.xml`.
    pub data_hash: [u8; 32],
    /// Place of `Signature.xml`.
    pub property_info: String,
    /// Certificate of the signer.
    pub certificate: &'a [u8],
    /// Algorithm.
    pub algorithm: Oid,
}

/// TBS_Sign: the bytes that are signed.
#[must_use]
pub fn signed_part(spec: &SignatureSpec<'_>) -> Vec<u8> {
    let version = write::small(spec.version.unwrap_or(spec.shape.number()));
    let is_v1 = spec.shape == SesVersion::V1;
    let time =
        if is_v1 { write::bits(spec.time.as_bytes()) } else { write::tlv(tag::GENERALIZED_TIME, spec.time.as_bytes()) };
    let (certificate, algorithm) =
        if is_v1 { (write::octets(spec.certificate), write::oid(&spec.algorithm)) } else { (Vec::new(), Vec::new()) };
    let hash = write::bits(&spec.data_hash);
    write::sequence(&[&version, spec.seal, &time, &hash, &write::ia5(&spec.property_info), &certificate, &algorithm])
}

/// SES_Signature with any signature bytes; `time_stamp` is the token over them.
#[must_use]
pub fn with_value(spec: &SignatureSpec<'_>, value: &[u8], time_stamp: Option<&[u8]>) -> Vec<u8> {
    let signed = signed_part(spec);
    if spec.shape == SesVersion::V1 {
        return write::sequence(&[&signed, &write::bits(value)]);
    }
    let token = time_stamp.map(|token| write::tlv(tag::context(0), &write::bits(token))).unwrap_or_default();
    write::sequence(&[
        &signed,
        &write::octets(spec.certificate),
        &write::oid(&spec.algorithm),
        &write::bits(value),
        &token,
    ])
}

/// SES_Signature by the signer.
///
/// # Errors
/// When the one deterministic nonce gives no signature.
pub fn sign_signature(spec: &SignatureSpec<'_>, key: &SecretKey) -> Result<Vec<u8>, SignError> {
    let value = sm2::sign(key, DEFAULT_ID, &signed_part(spec))?.to_der();
    Ok(with_value(spec, &value, None))
}
