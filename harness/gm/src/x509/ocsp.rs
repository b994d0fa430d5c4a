//! OCSP (GB/T 19713, RFC 6960) with SM3 certificate ids and SM2 signatures: read, verified, written.

use time::OffsetDateTime;

use super::algorithm::{AlgorithmId, write_algorithm};
use super::certificate::{Certificate, LinkFault, verify_link};
use super::crl::Revocation;
use crate::der::{DerError, DerFault, Element, Reader, read_generalized_time, tag, write, write_generalized_time};
use crate::oid::{self, Oid, SM2_WITH_SM3};
use crate::sm2::{self, DEFAULT_ID, SecretKey, SignError};
use crate::sm3;

/// Largest answer that is read: 64 KiB.
pub const SIZE_MAX: usize = 64 * 1024;

/// What an answer says about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked(Revocation),
    /// Not known to the responder.
    Unknown,
}

/// Names a certificate: hashes of issuer name and key, serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertId {
    /// SM3 of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// SM3 of the issuer's key (the point bytes).
    pub issuer_key_hash: Vec<u8>,
    /// Serial number, content bytes.
    pub serial: Vec<u8>,
}

impl CertId {
    /// The id of a certificate under its issuer; `None` when the issuer has no SM2 key.
    #[must_use]
    pub fn of(certificate: &Certificate, issuer: &Certificate) -> Option<Self> {
        Some(Self {
            issuer_name_hash: sm3::digest(certificate.issuer.der()).to_vec(),
            issuer_key_hash: sm3::digest(&issuer.key.sm2()?.to_uncompressed()).to_vec(),
            serial: certificate.serial.clone(),
        })
    }

    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, DerError> {
        let mut inner = reader.sequence()?;
        let algorithm = AlgorithmId::read(&mut inner)?;
        let name = inner.element(tag::OCTET_STRING)?.content.to_vec();
        let key = inner.element(tag::OCTET_STRING)?.content.to_vec();
        let serial = inner.element(tag::INTEGER)?.content.to_vec();
        inner.finish()?;
        let id = Self { issuer_name_hash: name, issuer_key_hash: key, serial };
        Ok((algorithm.oid == oid::SM3).then_some(id))
    }

    fn write(&self) -> Vec<u8> {
        write::sequence(&[
            &write_algorithm(&oid::SM3),
            &write::octets(&self.issuer_name_hash),
            &write::octets(&self.issuer_key_hash),
            &write::tlv(tag::INTEGER, &self.serial),
        ])
    }
}

/// One statement of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleResponse {
    /// About which certificate; `None` for an id with another hash.
    pub id: Option<CertId>,
    /// What is said.
    pub status: CertStatus,
    /// When it was known to be so.
    pub this_update: OffsetDateTime,
    /// Until when newer information is not expected.
    pub next_update: Option<OffsetDateTime>,
}

/// A successful basic answer.
#[derive(Debug, Clone)]
pub struct OcspResponse {
    signed: Vec<u8>,
    algorithm: Oid,
    signature: Vec<u8>,
    /// When it was made.
    pub produced_at: OffsetDateTime,
    /// The statements.
    pub responses: Vec<SingleResponse>,
    /// The nonce that it repeats.
    pub nonce: Option<Vec<u8>>,
    /// Certificates that came with it.
    pub certificates: Vec<Certificate>,
}

impl OcspResponse {
    /// Reads OCSPResponse. `None` when the responder refuses (tryLater and the like).
    ///
    /// # Errors
    /// When the structure cannot be read, or the input is above [`SIZE_MAX`].
    pub fn read(input: &[u8]) -> Result<Option<Self>, DerError> {
        if input.len() > SIZE_MAX {
            return Err(DerError { fault: DerFault::Limit, position: SIZE_MAX });
        }
        let mut outer = Reader::new(input);
        let mut response = outer.sequence()?;
        outer.finish_input()?;
        let code = response.element(tag::ENUMERATED)?.small()?;
        let Some(bytes) = response.optional(tag::context(0))? else { return Ok(None) };
        if code != 0 {
            return Ok(None);
        }
        let mut bytes = bytes.reader().sequence()?;
        let kind = bytes.oid()?;
        let body = bytes.element(tag::OCTET_STRING)?;
        if kind != oid::OCSP_BASIC {
            return Err(body.error(DerFault::Oid));
        }
        Self::read_basic(&mut body.reader()).map(Some)
    }

    fn read_basic(reader: &mut Reader<'_>) -> Result<Self, DerError> {
        let mut basic = reader.sequence()?;
        reader.finish()?;
        let signed = basic.element(tag::SEQUENCE)?;
        let algorithm = AlgorithmId::read(&mut basic)?;
        let signature = basic.element(tag::BIT_STRING)?.bytes_of_bits()?.to_vec();
        let mut certificates = Vec::new();
        if let Some(list) = basic.optional(tag::context(0))? {
            let mut list = list.reader().sequence()?;
            while !list.is_empty() && certificates.len() < 8 {
                let element = list.element(tag::SEQUENCE)?;
                certificates.push(Certificate::read(element.whole)?);
            }
        }
        basic.finish()?;
        let mut data = signed.reader();
        let _version = data.optional(tag::context(0))?;
        let _responder = data.any()?;
        let produced_at = time_of(&data.element(tag::GENERALIZED_TIME)?)?;
        let mut list = data.sequence()?;
        let mut responses = Vec::new();
        while !list.is_empty() {
            responses.push(read_single(list.sequence()?)?);
        }
        let mut nonce = None;
        if let Some(extensions) = data.optional(tag::context(1))? {
            let mut extensions = extensions.reader().sequence()?;
            while !extensions.is_empty() {
                let (kind, _, value) = super::extensions::read_extension(&mut extensions, &mut Vec::new())?;
                if kind == oid::OCSP_NONCE {
                    nonce = Some(value.reader().element(tag::OCTET_STRING)?.content.to_vec());
                }
            }
        }
        data.finish()?;
        Ok(Self {
            signed: signed.whole.to_vec(),
            algorithm: algorithm.oid,
            signature,
            produced_at,
            responses,
            nonce,
            certificates,
        })
    }

    /// Checks the signature with the key of the responder.
    ///
    /// # Errors
    /// With what does not hold.
    pub fn verify_by(&self, responder: &Certificate) -> Result<(), LinkFault> {
        let key = responder.key.sm2().ok_or(LinkFault::IssuerKey)?;
        verify_link(&self.algorithm, &self.signed, &self.signature, key)
    }
}

fn time_of(element: &Element<'_>) -> Result<OffsetDateTime, DerError> {
    read_generalized_time(element.content).ok_or(element.error(DerFault::TimeForm))
}

fn read_single(mut single: Reader<'_>) -> Result<SingleResponse, DerError> {
    let id = CertId::read(&mut single)?;
    let status = single.any()?;
    let status = match status.tag & 0x1f {
        0 => CertStatus::Good,
        1 => {
            let mut inner = status.reader();
            let at = time_of(&inner.element(tag::GENERALIZED_TIME)?)?;
            let reason = inner.optional(tag::context(0))?;
            let reason = reason.map(|code| code.reader().element(tag::ENUMERATED)?.small()).transpose()?;
            CertStatus::Revoked(Revocation { at, reason })
        }
        _ => CertStatus::Unknown,
    };
    let this_update = time_of(&single.element(tag::GENERALIZED_TIME)?)?;
    let next = single.optional(tag::context(0))?;
    let next_update = next.map(|next| time_of(&next.reader().element(tag::GENERALIZED_TIME)?)).transpose()?;
    let _extensions = single.optional(tag::context(1))?;
    single.finish()?;
    Ok(SingleResponse { id, status, this_update, next_update })
}

/// Writes OCSPRequest for one certificate; `nonce` at most 32 bytes.
#[must_use]
pub fn write_request(id: &CertId, nonce: Option<&[u8]>) -> Vec<u8> {
    let request = write::sequence(&[&id.write()]);
    let list = write::tlv(tag::SEQUENCE, &request);
    let extensions = nonce.map(|nonce| {
        let extension = super::build::extension(&oid::OCSP_NONCE, false, &write::octets(nonce));
        write::tlv(tag::context(2), &write::tlv(tag::SEQUENCE, &extension))
    });
    write::sequence(&[&write::sequence(&[&list, &extensions.unwrap_or_default()])])
}

/// Reads the certificate id and the nonce of an OCSPRequest for one certificate.
///
/// # Errors
/// When the structure cannot be read or asks for another hash than SM3.
pub fn read_request(input: &[u8]) -> Result<(CertId, Option<Vec<u8>>), DerError> {
    let mut outer = Reader::new(input);
    let mut request = outer.sequence()?.sequence()?;
    let _version = request.optional(tag::context(0))?;
    let _name = request.optional(tag::context(1))?;
    let mut list = request.sequence()?;
    let mut first = list.sequence()?;
    let place = first.position();
    let id = CertId::read(&mut first)?.ok_or(DerError { fault: DerFault::Oid, position: place })?;
    let mut nonce = None;
    if let Some(extensions) = request.optional(tag::context(2))? {
        let mut extensions = extensions.reader().sequence()?;
        while !extensions.is_empty() {
            let (kind, _, value) = super::extensions::read_extension(&mut extensions, &mut Vec::new())?;
            if kind == oid::OCSP_NONCE {
                nonce = Some(value.reader().element(tag::OCTET_STRING)?.content.to_vec());
            }
        }
    }
    Ok((id, nonce))
}

/// What an answer says.
#[derive(Debug, Clone)]
pub struct ResponseSpec {
    /// About which certificate.
    pub id: CertId,
    /// What is said.
    pub status: CertStatus,
    /// When it is made.
    pub at: OffsetDateTime,
    /// Until when it holds.
    pub next_update: OffsetDateTime,
    /// The nonce to repeat.
    pub nonce: Option<Vec<u8>>,
}

impl ResponseSpec {
    /// Writes and signs the answer; `responder` is delivered with it.
    ///
    /// # Errors
    /// When the one deterministic nonce gives no signature.
    pub fn sign(&self, key: &SecretKey, responder: &Certificate) -> Result<Vec<u8>, SignError> {
        let time = |at| write::tlv(tag::GENERALIZED_TIME, write_generalized_time(at).as_bytes());
        let status = match self.status {
            CertStatus::Good => write::tlv(tag::context_primitive(0), &[]),
            CertStatus::Unknown => write::tlv(tag::context_primitive(2), &[]),
            CertStatus::Revoked(revocation) => {
                let reason = revocation.reason.map(|reason| {
                    let code = write::tlv(tag::ENUMERATED, &[u8::try_from(reason).unwrap_or(0)]);
                    write::tlv(tag::context(0), &code)
                });
                write::constructed(tag::context(1), &[&time(revocation.at), &reason.unwrap_or_default()])
            }
        };
        let next = write::tlv(tag::context(0), &time(self.next_update));
        let single = write::sequence(&[&self.id.write(), &status, &time(self.at), &next]);
        let extensions = self.nonce.as_ref().map(|nonce| {
            let extension = super::build::extension(&oid::OCSP_NONCE, false, &write::octets(nonce));
            write::tlv(tag::context(1), &write::tlv(tag::SEQUENCE, &extension))
        });
        let responder_id = write::tlv(tag::context(1), responder.subject.der());
        let data = write::sequence(&[
            &responder_id,
            &time(self.at),
            &write::sequence(&[&single]),
            &extensions.unwrap_or_default(),
        ]);
        let signature = sm2::sign(key, DEFAULT_ID, &data)?.to_der();
        let certificates = write::tlv(tag::context(0), &write::sequence(&[responder.der()]));
        let basic = write::sequence(&[&data, &write_algorithm(&SM2_WITH_SM3), &write::bits(&signature), &certificates]);
        let bytes = write::sequence(&[&write::oid(&oid::OCSP_BASIC), &write::octets(&basic)]);
        Ok(write::sequence(&[&write::tlv(tag::ENUMERATED, &[0]), &write::tlv(tag::context(0), &bytes)]))
    }
}
