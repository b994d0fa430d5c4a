//! Certificate revocation lists (GB/T 20518, RFC 5280, 5): full and delta lists, read and written.

use std::collections::BTreeMap;
use std::ops::Range;

use time::OffsetDateTime;

use super::algorithm::{AlgorithmId, write_algorithm};
use super::certificate::{Certificate, CertificateFault, LinkFault, read_time, signature_bits, verify_link};
use super::extensions::read_extension;
use super::name::Name;
use crate::der::{DerError, DerFault, Reader, tag, write, write_utc_time};
use crate::oid::{self, Oid, SM2_WITH_SM3};
use crate::sm2::{self, DEFAULT_ID, SecretKey, SignError};

/// Largest list that is read: 4 MiB.
pub const SIZE_MAX: usize = 4 * 1024 * 1024;
/// Reason code of an entry that takes a hold back.
pub const REMOVE_FROM_CRL: u32 = 8;
/// Reason code of a hold.
pub const CERTIFICATE_HOLD: u32 = 6;

/// When and why a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: OffsetDateTime,
    /// CRLReason, RFC 5280, 5.3.1.
    pub reason: Option<u32>,
}

/// A revocation list.
#[derive(Debug, Clone)]
pub struct Crl {
    der: Vec<u8>,
    signed: Range<usize>,
    /// Issuer.
    pub issuer: Name,
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// When the next one comes.
    pub next_update: Option<OffsetDateTime>,
    /// Serial number (content bytes) to revocation.
    pub entries: BTreeMap<Vec<u8>, Revocation>,
    /// Whether it holds changes only.
    pub is_delta: bool,
    /// Whether it speaks for other issuers, or for a part of the certificates only.
    pub is_partial: bool,
    /// Faults that did not stop the reading.
    pub faults: Vec<CertificateFault>,
    algorithm: Oid,
    signature: Vec<u8>,
}

impl Crl {
    /// Reads one list.
    ///
    /// # Errors
    /// When the structure cannot be read, or the input is above [`SIZE_MAX`].
    pub fn read(input: &[u8]) -> Result<Self, DerError> {
        if input.len() > SIZE_MAX {
            return Err(DerError { fault: DerFault::Limit, position: SIZE_MAX });
        }
        let mut faults = Vec::new();
        let mut outer = Reader::new(input);
        let mut list = outer.sequence()?;
        outer.finish_input()?;
        let signed = list.element(tag::SEQUENCE)?;
        let algorithm = AlgorithmId::read(&mut list)?;
        let signature = signature_bits(&list.element(tag::BIT_STRING)?, &mut faults)?;
        list.finish()?;
        let mut tbs = signed.reader();
        let _version = tbs.optional(tag::INTEGER)?;
        if AlgorithmId::read(&mut tbs)?.oid != algorithm.oid {
            faults.push(CertificateFault::AlgorithmMismatch);
        }
        let issuer = Name::read(&mut tbs)?;
        let this_update = read_time(&tbs.any()?, &mut faults)?;
        let has_next = matches!(tbs.peek(), Some(tag::UTC_TIME | tag::GENERALIZED_TIME));
        let next_update = if has_next { Some(read_time(&tbs.any()?, &mut faults)?) } else { None };
        let mut entries = BTreeMap::new();
        let mut is_partial = false;
        if let Some(revoked) = tbs.optional(tag::SEQUENCE)? {
            let mut revoked = revoked.reader();
            while !revoked.is_empty() {
                let (serial, entry, indirect) = read_entry(revoked.sequence()?, &mut faults)?;
                is_partial |= indirect;
                entries.insert(serial, entry);
            }
        }
        let mut is_delta = false;
        if let Some(extensions) = tbs.optional(tag::context(0))? {
            let mut extensions = extensions.reader().sequence()?;
            while !extensions.is_empty() {
                let (kind, critical, _) = read_extension(&mut extensions, &mut faults)?;
                match kind {
                    oid::DELTA_CRL => is_delta = true,
                    oid::ISSUING_DISTRIBUTION_POINT => is_partial = true,
                    oid::CRL_NUMBER | oid::AUTHORITY_KEY_IDENTIFIER => {}
                    other if critical => faults.push(CertificateFault::UnknownCritical(other)),
                    _ => {}
                }
            }
        }
        tbs.finish()?;
        Ok(Self {
            der: input.to_vec(),
            signed: signed.position..signed.position + signed.whole.len(),
            issuer,
            this_update,
            next_update,
            entries,
            is_delta,
            is_partial,
            faults,
            algorithm: algorithm.oid,
            signature,
        })
    }

    /// Checks the signature with the key of the issuer.
    ///
    /// # Errors
    /// With what does not hold.
    pub fn verify_by(&self, issuer: &Certificate) -> Result<(), LinkFault> {
        let key = issuer.key.sm2().ok_or(LinkFault::IssuerKey)?;
        verify_link(&self.algorithm, &self.der[self.signed.clone()], &self.signature, key)
    }
}

fn read_entry(
    mut entry: Reader<'_>,
    faults: &mut Vec<CertificateFault>,
) -> Result<(Vec<u8>, Revocation, bool), DerError> {
    let serial = entry.element(tag::INTEGER)?.content.to_vec();
    let at = read_time(&entry.any()?, faults)?;
    let mut reason = None;
    let mut indirect = false;
    if let Some(list) = entry.optional(tag::SEQUENCE)? {
        let mut list = list.reader();
        while !list.is_empty() {
            let (kind, _, value) = read_extension(&mut list, faults)?;
            match kind {
                oid::CRL_REASON => {
                    let code = value.reader().element(tag::ENUMERATED)?;
                    reason = Some(code.small()?);
                }
                oid::CERTIFICATE_ISSUER => indirect = true,
                _ => {}
            }
        }
    }
    entry.finish()?;
    Ok((serial, Revocation { at, reason }, indirect))
}

/// What a list says.
#[derive(Debug, Clone)]
pub struct CrlSpec {
    /// Issuer.
    pub issuer: Name,
    /// When it is made.
    pub this_update: OffsetDateTime,
    /// When the next one comes.
    pub next_update: OffsetDateTime,
    /// Serial numbers (content bytes) and revocations, in this order.
    pub entries: Vec<(Vec<u8>, Revocation)>,
    /// Number of the list.
    pub number: u32,
    /// Number of the full list that this one adds to.
    pub delta_of: Option<u32>,
    /// Key identifier of the issuer.
    pub issuer_key_id: Vec<u8>,
    /// Says that it speaks for other issuers (an indirect list).
    pub indirect: bool,
}

impl CrlSpec {
    /// Writes and signs the list.
    ///
    /// # Errors
    /// When the one deterministic nonce gives no signature.
    pub fn sign(&self, key: &SecretKey) -> Result<Vec<u8>, SignError> {
        let time = |at: OffsetDateTime| write::tlv(tag::UTC_TIME, write_utc_time(at).as_bytes());
        let algorithm = write_algorithm(&SM2_WITH_SM3);
        let entries: Vec<u8> = self
            .entries
            .iter()
            .flat_map(|(serial, revocation)| {
                let reason = revocation.reason.map(|reason| {
                    let code = write::tlv(tag::ENUMERATED, &[u8::try_from(reason).unwrap_or(0)]);
                    write::sequence(&[&super::build::extension(&oid::CRL_REASON, false, &code)])
                });
                write::sequence(&[&write::tlv(tag::INTEGER, serial), &time(revocation.at), &reason.unwrap_or_default()])
            })
            .collect();
        let entries = if entries.is_empty() { Vec::new() } else { write::tlv(tag::SEQUENCE, &entries) };
        let mut extensions = super::build::authority_key_id(&self.issuer_key_id);
        extensions.extend(super::build::extension(&oid::CRL_NUMBER, false, &write::small(self.number)));
        if let Some(base) = self.delta_of {
            extensions.extend(super::build::extension(&oid::DELTA_CRL, true, &write::small(base)));
        }
        if self.indirect {
            let flag = write::tlv(tag::context_primitive(4), &[0xff]);
            let point = write::sequence(&[&flag]);
            extensions.extend(super::build::extension(&oid::ISSUING_DISTRIBUTION_POINT, true, &point));
        }
        let extensions = write::tlv(tag::context(0), &write::tlv(tag::SEQUENCE, &extensions));
        let tbs = write::sequence(&[
            &write::small(1),
            &algorithm,
            self.issuer.der(),
            &time(self.this_update),
            &time(self.next_update),
            &entries,
            &extensions,
        ]);
        let signature = sm2::sign(key, DEFAULT_ID, &tbs)?.to_der();
        Ok(write::sequence(&[&tbs, &algorithm, &write::bits(&signature)]))
    }
}
