//! GB/T 35275 SignedData ("SM2 PKCS#7"): strict reader, flavour detection, separate writer.
//!
//! The profile is `attr-z`: signed attributes, SM2 with the default signer identifier over the
//! attributes as SET OF, signature in DER. The other flavours of the field are recognised and named.

mod flavour;
mod misfit;
mod write;

pub use flavour::{Detected, Flavour, detect, verify_profile};
pub use misfit::{Misfit, find_misfit};
pub use write::{SignerSpec, write_signed_data};

use time::OffsetDateTime;

use crate::der::{DerError, DerFault, Element, Reader, read_generalized_time, read_utc_time, tag, write as der};
use crate::oid::{self, Oid};
use crate::x509::AlgorithmId;

/// Most certificates that are read.
pub const CERTIFICATES_MAX: usize = 8;

/// A SignedData as received.
#[derive(Debug, Clone)]
pub struct SignedData<'a> {
    /// Content type of the outer ContentInfo.
    pub outer: Oid,
    /// Version.
    pub version: u32,
    /// Digest algorithms announced.
    pub digest_algorithms: Vec<Oid>,
    /// Content type of the inner ContentInfo.
    pub content_type: Oid,
    /// The content, when it is embedded.
    pub content: Option<&'a [u8]>,
    /// The inner ContentInfo, tag and length included.
    pub content_info: &'a [u8],
    /// Certificates as received, in the order received.
    pub certificates: Vec<&'a [u8]>,
    /// The signers.
    pub signers: Vec<SignerInfo<'a>>,
}

/// One signer as received.
#[derive(Debug, Clone)]
pub struct SignerInfo<'a> {
    /// Version.
    pub version: u32,
    /// Name of the issuer of the signer's certificate, DER.
    pub issuer: &'a [u8],
    /// Serial number of the signer's certificate, content bytes.
    pub serial: &'a [u8],
    /// Digest algorithm.
    pub digest_algorithm: Oid,
    /// Signed attributes.
    pub attributes: Option<Attributes<'a>>,
    /// digestEncryptionAlgorithm.
    pub signature_algorithm: Oid,
    /// encryptedDigest.
    pub signature: &'a [u8],
}

/// Signed attributes as received.
#[derive(Debug, Clone)]
pub struct Attributes<'a> {
    /// Content of the implicit SET OF.
    content: &'a [u8],
    list: Vec<(Oid, Element<'a>)>,
}

impl<'a> Attributes<'a> {
    fn read(element: &Element<'a>) -> Result<Self, DerError> {
        let mut reader = element.reader();
        let mut list: Vec<(Oid, Element<'a>)> = Vec::new();
        let mut last: Option<&[u8]> = None;
        while !reader.is_empty() {
            let attribute = reader.element(tag::SEQUENCE)?;
            if last.is_some_and(|last| last > attribute.whole) {
                return Err(attribute.error(DerFault::SetOrder));
            }
            last = Some(attribute.whole);
            let mut inner = attribute.reader();
            let kind = inner.oid()?;
            let values = inner.element(tag::SET)?;
            inner.finish()?;
            let mut values_reader = values.reader();
            let value = values_reader.any()?;
            if !values_reader.is_empty() || list.iter().any(|(found, _)| *found == kind) {
                return Err(values.error(DerFault::Surplus));
            }
            list.push((kind, value));
        }
        Ok(Self { content: element.content, list })
    }

    /// What SM2 signs: the attributes as received, with the tag of a SET OF.
    #[must_use]
    pub fn signed_bytes(&self) -> Vec<u8> {
        der::tlv(tag::SET, self.content)
    }

    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, kind: &Oid) -> Option<Element<'a>> {
        self.list.iter().find(|(found, _)| found == kind).map(|(_, value)| *value)
    }

    /// messageDigest.
    #[must_use]
    pub fn message_digest(&self) -> Option<&'a [u8]> {
        self.get(&oid::MESSAGE_DIGEST).filter(|value| value.tag == tag::OCTET_STRING).map(|value| value.content)
    }

    /// contentType.
    #[must_use]
    pub fn content_type(&self) -> Option<Oid> {
        self.get(&oid::CONTENT_TYPE).and_then(|value| value.oid().ok())
    }

    /// signingTime; `None` when it is absent or of another form.
    #[must_use]
    pub fn signing_time(&self) -> Option<OffsetDateTime> {
        let value = self.get(&oid::SIGNING_TIME)?;
        match value.tag {
            tag::UTC_TIME => read_utc_time(value.content),
            tag::GENERALIZED_TIME => read_generalized_time(value.content),
            _ => None,
        }
    }
}

impl<'a> SignedData<'a> {
    /// Reads ContentInfo { signedData }, strict DER; the outer type may be that of GB/T 35275 or of PKCS#7.
    ///
    /// # Errors
    /// With the first fault: another content type, BER, surplus or missing parts.
    pub fn read(input: &'a [u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(input);
        let signed = Self::read_element(&mut reader)?;
        reader.finish_input()?;
        Ok(signed)
    }

    fn read_element(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut outer = reader.sequence()?;
        let kind = outer.element(tag::OID)?;
        let outer_type = kind.oid()?;
        if ![oid::GM_SIGNED_DATA, oid::PKCS7_SIGNED_DATA].contains(&outer_type) {
            return Err(kind.error(DerFault::Oid));
        }
        let mut body = outer.element(tag::context(0))?.reader().sequence()?;
        outer.finish()?;
        let version = body.element(tag::INTEGER)?.small()?;
        let mut algorithms = body.element(tag::SET)?.reader();
        let mut digest_algorithms = Vec::new();
        while !algorithms.is_empty() {
            digest_algorithms.push(AlgorithmId::read(&mut algorithms)?.oid);
        }
        let content_info = body.element(tag::SEQUENCE)?;
        let mut inner = content_info.reader();
        let content_type = inner.oid()?;
        let content = match inner.optional(tag::context(0))? {
            Some(explicit) => Some(explicit.reader().element(tag::OCTET_STRING)?.content),
            None => None,
        };
        inner.finish()?;
        let mut certificates = Vec::new();
        if let Some(list) = body.optional(tag::context(0))? {
            let mut list = list.reader();
            while !list.is_empty() {
                if certificates.len() >= CERTIFICATES_MAX {
                    return Err(DerError { fault: DerFault::Limit, position: list.position() });
                }
                certificates.push(list.element(tag::SEQUENCE)?.whole);
            }
        }
        let _lists = body.optional(tag::context(1))?;
        let mut infos = body.element(tag::SET)?.reader();
        body.finish()?;
        let mut signers = Vec::new();
        while !infos.is_empty() {
            signers.push(read_signer(infos.sequence()?)?);
        }
        Ok(Self {
            outer: outer_type,
            version,
            digest_algorithms,
            content_type,
            content,
            content_info: content_info.whole,
            certificates,
            signers,
        })
    }
}

fn read_signer(mut info: Reader<'_>) -> Result<SignerInfo<'_>, DerError> {
    let version = info.element(tag::INTEGER)?.small()?;
    let mut id = info.sequence()?;
    let issuer = id.element(tag::SEQUENCE)?.whole;
    let serial = id.element(tag::INTEGER)?.content;
    id.finish()?;
    let digest_algorithm = AlgorithmId::read(&mut info)?.oid;
    let attributes = info.optional(tag::context(0))?;
    let attributes = attributes.map(|element| Attributes::read(&element)).transpose()?;
    let signature_algorithm = AlgorithmId::read(&mut info)?.oid;
    let signature = info.element(tag::OCTET_STRING)?.content;
    let _unsigned = info.optional(tag::context(1))?;
    info.finish()?;
    Ok(SignerInfo { version, issuer, serial, digest_algorithm, attributes, signature_algorithm, signature })
}

#[cfg(test)]
mod tests;
