//! The reference's own authorities: under a root of its own, with public test keys.

use ecric_gm::sm2::SignError;
use ecric_gm::x509::crl::{Crl, CrlSpec, Revocation};
use ecric_licence::authority::{Entity, Profile, VALIDITY, issue};
use ecric_licence::file::purpose;
use ecric_licence::metadata::{ISSUING_AUTHORITY_CODE, ISSUING_AUTHORITY_NAME};
use ecric_licence::seal::{CertList, PictureSpec, SealSpec, SesVersion, sign_seal};
use time::macros::datetime;

/// Seed of all keys.
const SEED: &[u8] = b"ecric-reference-pki-v1";
/// Who makes annotated copies.
pub(crate) const COPY_MAKER: (&str, &str) = ("参考共享服务机构", "11440300099999917Q");
/// Who runs the loading end.
pub(crate) const LOADER: (&str, &str) = ("参考装载端机构", "11110199099999378J");
const SEAL_PICTURE: &[u8] = include_bytes!("../../assets/seal.png");

/// Keys and certificates of a reference.
#[derive(Debug)]
pub(crate) struct Pki {
    pub(crate) root: Entity,
    pub(crate) intermediate: Entity,
    pub(crate) issuer: Entity,
    pub(crate) copier: Entity,
    pub(crate) status: Entity,
    /// Signs presentation codes and evidence.
    pub(crate) loader: Entity,
    /// The seal of the issuing authority.
    pub(crate) seal: Vec<u8>,
    /// Revocation lists: root, intermediate.
    pub(crate) lists: [Vec<u8>; 2],
}

impl Pki {
    /// Makes everything; the same bytes each time.
    pub(crate) fn make() -> Result<Self, SignError> {
        let authority = (ISSUING_AUTHORITY_NAME, ISSUING_AUTHORITY_CODE);
        let root = issue(SEED, &Profile::authority("RG01", "reference root", Some(1)), None)?;
        let intermediate = issue(SEED, &Profile::authority("RG02", "reference intermediate", Some(0)), Some(&root))?;
        let leaf = |label, name, organisation, purposes| {
            issue(SEED, &Profile::leaf(label, name, organisation, purposes), Some(&intermediate))
        };
        let issuer = leaf("RG03", "licence signer", authority, &[purpose::SEALING])?;
        let copier = leaf("RG04", "copy signer", COPY_MAKER, &[purpose::COPY])?;
        let status = leaf("RG05", "status signer", authority, &[purpose::STATUS])?;
        let loader = leaf("RG07", "presentation codes", LOADER, &[purpose::PRESENTATION])?;
        let maker = leaf("RG06", "seal maker", authority, &[])?;
        let seal = sign_seal(
            &SealSpec {
                shape: SesVersion::V4,
                header_version: None,
                es_id: "ECRIC-REF-SEAL-0001".to_owned(),
                name: "参考实现居民身份证电子证照专用章".to_owned(),
                certificates: CertList::Certificates(vec![issuer.certificate.der()]),
                created: datetime!(2020-02-01 0:00 UTC),
                valid: (datetime!(2020-02-01 0:00 UTC), VALIDITY[1]),
                utc_times: false,
                picture: PictureSpec { kind: "PNG".to_owned(), data: SEAL_PICTURE.to_vec(), size: (42, 42) },
                maker: maker.certificate.der(),
            },
            &maker.key,
        )?;
        let lists = [list(&root, vec![])?, list(&intermediate, vec![])?];
        Ok(Self { root, intermediate, issuer, copier, status, loader, seal, lists })
    }

    /// The revocation lists, read.
    pub(crate) fn read_lists(&self) -> Vec<Crl> {
        self.lists.iter().filter_map(|der| Crl::read(der).ok()).collect()
    }
}

/// A list that holds as long as the certificates.
fn list(ca: &Entity, entries: Vec<(Vec<u8>, Revocation)>) -> Result<Vec<u8>, SignError> {
    CrlSpec {
        issuer: ca.certificate.subject.clone(),
        this_update: VALIDITY[0],
        next_update: VALIDITY[1],
        entries,
        number: 1,
        delta_of: None,
        issuer_key_id: ca.certificate.extensions.subject_key_id.clone().unwrap_or_default(),
        indirect: false,
    }
    .sign(&ca.key)
}
