//! Time-stamp tokens (GB/T 20520, GM/T 0033; shape of RFC 3161) with SM3 and SM2.

use time::OffsetDateTime;

use super::certificate::Certificate;
use super::path::{PathProblem, Store, find_path};
use crate::der::{DerError, DerFault, Reader, read_generalized_time, tag, write, write_generalized_time};
use crate::oid::{self, Oid};
use crate::signed_data::{Flavour, SignedData, SignerSpec, verify_profile, write_signed_data};
use crate::sm2::{SecretKey, SignError};
use crate::sm3;

/// Largest token that is read: 64 KiB.
pub const SIZE_MAX: usize = 64 * 1024;

/// A token as read.
#[derive(Debug, Clone)]
pub struct Token<'a> {
    /// The signed structure.
    pub signed: SignedData<'a>,
    /// Digest of what is stamped, SM3.
    pub imprint: &'a [u8],
    /// Algorithm of the digest.
    pub imprint_algorithm: Oid,
    /// The time; a fraction of a second is cut off.
    pub time: OffsetDateTime,
    /// TSTInfo as received.
    info: &'a [u8],
}

/// Why a token does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Not readable.
    #[error(transparent)]
    Der(#[from] DerError),
    /// Over something else.
    #[error("stamps something else")]
    Imprint,
    /// The signature does not hold.
    #[error("signature does not hold")]
    Signature,
    /// The authority's certificate is missing or cannot be read.
    #[error("certificate of the authority is missing")]
    Certificate,
    /// The authority may not stamp: the critical purpose timeStamping is missing.
    #[error("the authority may not stamp")]
    Usage,
    /// The path of the authority does not hold.
    #[error("path of the authority: {}", .0.detail)]
    Path(PathProblem),
    /// The authority's certificate was not valid then.
    #[error("certificate of the authority was not valid at the time stamped")]
    Validity,
}

impl<'a> Token<'a> {
    /// Reads a token.
    ///
    /// # Errors
    /// When the structure cannot be read, or the input is above [`SIZE_MAX`].
    pub fn read(input: &'a [u8]) -> Result<Self, DerError> {
        if input.len() > SIZE_MAX {
            return Err(DerError { fault: DerFault::Limit, position: SIZE_MAX });
        }
        let signed = SignedData::read(input)?;
        let info = signed.content.ok_or(DerError { fault: DerFault::Empty, position: 0 })?;
        if signed.content_type != oid::TST_INFO {
            return Err(DerError { fault: DerFault::Oid, position: 0 });
        }
        let mut outer = Reader::new(info);
        let mut body = outer.sequence()?;
        outer.finish_input()?;
        let _version = body.element(tag::INTEGER)?.small()?;
        let _policy = body.oid()?;
        let mut imprint = body.sequence()?;
        let algorithm = super::AlgorithmId::read(&mut imprint)?.oid;
        let digest = imprint.element(tag::OCTET_STRING)?.content;
        imprint.finish()?;
        let _serial = body.element(tag::INTEGER)?;
        let time = body.element(tag::GENERALIZED_TIME)?;
        let whole_seconds = match time.content.iter().position(|byte| *byte == b'.') {
            Some(dot) => [&time.content[..dot], b"Z"].concat(),
            None => time.content.to_vec(),
        };
        let bad = time.error(DerFault::TimeForm);
        let time = read_generalized_time(&whole_seconds).ok_or(bad)?;
        Ok(Self { signed, imprint: digest, imprint_algorithm: algorithm, time, info })
    }

    /// Checks the token over `stamped` against the authorities in `store`.
    ///
    /// # Errors
    /// With the first thing that does not hold.
    pub fn verify(&self, stamped: &[u8], store: &Store<'_>) -> Result<(), TokenFault> {
        if self.imprint_algorithm != oid::SM3 || self.imprint != sm3::digest(stamped) {
            return Err(TokenFault::Imprint);
        }
        let signer = self.signed.signers.first().ok_or(TokenFault::Certificate)?;
        let delivered: Vec<Certificate> =
            self.signed.certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect();
        let authority = delivered
            .iter()
            .find(|certificate| certificate.issuer.der() == signer.issuer && certificate.serial == signer.serial)
            .ok_or(TokenFault::Certificate)?;
        let key = authority.key.sm2().ok_or(TokenFault::Certificate)?;
        let digest_fits = signer
            .attributes
            .as_ref()
            .is_some_and(|attributes| attributes.message_digest() == Some(&sm3::digest(self.info)[..]));
        if !digest_fits || !verify_profile(&self.signed, key) {
            return Err(TokenFault::Signature);
        }
        let may_stamp = matches!(&authority.extensions.extended_usage,
            Some((true, purposes)) if purposes.contains(&oid::EKU_TIME_STAMPING));
        if !may_stamp {
            return Err(TokenFault::Usage);
        }
        let path = find_path(authority, &Store { delivered: &delivered, ..*store }, self.time);
        if let Some(problem) = path.problems.into_iter().next() {
            return Err(TokenFault::Path(problem));
        }
        if !(authority.not_before..=authority.not_after).contains(&self.time) {
            return Err(TokenFault::Validity);
        }
        Ok(())
    }
}

/// Makes a token over `stamped`.
///
/// # Errors
/// When the one deterministic nonce gives no signature.
pub fn write_token(
    stamped: &[u8],
    time: OffsetDateTime,
    serial: &[u8],
    authority: &Certificate,
    key: &SecretKey,
    chain: &[&Certificate],
) -> Result<Vec<u8>, SignError> {
    let imprint =
        write::sequence(&[&write::sequence(&[&write::oid(&oid::SM3)]), &write::octets(&sm3::digest(stamped))]);
    let policy = Oid::new(&[1, 3, 6, 1, 4, 1, 32473, 2, 1]);
    let info = write::sequence(&[
        &write::small(1),
        &write::oid(&policy),
        &imprint,
        &write::unsigned(serial),
        &write::tlv(tag::GENERALIZED_TIME, write_generalized_time(time).as_bytes()),
    ]);
    let signer = SignerSpec {
        certificate: authority,
        key,
        flavour: Flavour::AttrZ,
        raw: false,
        signing_time: Some(time),
        message_digest: None,
    };
    let certificates: Vec<&Certificate> = [authority].into_iter().chain(chain.iter().copied()).collect();
    write_signed_data(&oid::GM_SIGNED_DATA, &oid::TST_INFO, &info, Some(&info), &certificates, false, &[signer])
}
