//! The suite's own test PKI: every good and every bad certificate from one seed, the same bytes on
//! every machine. All keys are public test keys.

mod bad;
mod export;
mod good;
mod lists;

pub use bad::{BAD, BadSigner, SUPPORTED};
pub use export::{export, trust_list};
pub use good::{AUTHORITY_A, AUTHORITY_B, COPY_MAKER, LOADER, RELYING_PARTY};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ecric_gm::sm2::{SecretKey, SignError};
use ecric_gm::x509::Certificate;
use ecric_gm::x509::crl::Crl;
use ecric_gm::x509::revocation::Evidence;
use ecric_licence::authority::Entity;
use ecric_licence::file::{Role, Trust};
use time::OffsetDateTime;
use time::macros::datetime;

/// The fixed instant of the vector set.
pub const FIXED: OffsetDateTime = datetime!(2026-06-01 0:00 +8);
/// Until when lists that are written to files hold.
pub const LISTS_UNTIL: OffsetDateTime = datetime!(2049-12-31 23:59:59 +8);
/// Input of the key derivation for the published keys.
pub const PUBLISHED: &[u8] = b"ecric-test-pki-v1";

/// All certificates of one seed.
#[derive(Debug, Clone)]
pub struct TestPki {
    seed: Vec<u8>,
    entities: BTreeMap<&'static str, Entity>,
    /// Link certificates of the root roll-over: old to new, new to old.
    links: Vec<Certificate>,
    /// Bad signers made so far: each takes several signatures, and many cases ask for them.
    made: Arc<Mutex<BTreeMap<String, Option<BadSigner>>>>,
}

impl TestPki {
    /// The published keys, which every run uses.
    ///
    /// # Errors
    /// When the one deterministic nonce of a key gives no signature.
    pub fn published() -> Result<Self, SignError> {
        Self::make(PUBLISHED.to_vec())
    }

    /// Keys of a seed of one's own.
    ///
    /// # Errors
    /// As [`TestPki::published`].
    pub fn of_seed(seed: &str) -> Result<Self, SignError> {
        Self::make([PUBLISHED, b"\0", seed.as_bytes()].concat())
    }

    fn make(seed: Vec<u8>) -> Result<Self, SignError> {
        let (entities, links) = good::make(&seed)?;
        Ok(Self { seed, entities, links, made: Arc::default() })
    }

    /// A good entity by its label, `XG01` to `XG19`.
    ///
    /// # Panics
    /// For a label that is not in the list, which is a slip of this suite.
    #[must_use]
    #[allow(clippy::expect_used, reason = "labels are constants of this suite")]
    pub fn get(&self, label: &str) -> &Entity {
        self.entities.get(label).expect("a label of the list")
    }

    /// The key of any label of this PKI.
    #[must_use]
    pub fn key(&self, label: &str) -> SecretKey {
        SecretKey::derive(&self.seed, label)
    }

    /// All good entities in the order of their labels.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values()
    }

    /// The bad signer of an id of [`BAD`]; `None` for another id.
    ///
    /// # Errors
    /// As [`TestPki::published`].
    pub fn bad(&self, id: &str) -> Result<Option<BadSigner>, SignError> {
        let kept = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signer) = kept().get(id) {
            return Ok(signer.clone());
        }
        let signer = bad::make(self, id)?;
        kept().insert(id.to_owned(), signer.clone());
        Ok(signer)
    }

    /// Certificates and revocation lists that the path of a bad signer needs; none for an id not in [`SUPPORTED`].
    ///
    /// # Errors
    /// As [`TestPki::published`].
    pub fn support(&self, id: &str) -> Result<(Vec<Certificate>, Vec<Vec<u8>>), SignError> {
        Ok(bad::stand(self, id)?.map(|stand| (stand.support, stand.lists)).unwrap_or_default())
    }

    /// Revocation lists by name, DER.
    ///
    /// # Errors
    /// As [`TestPki::published`].
    pub fn lists(&self) -> Result<Vec<(String, Vec<u8>)>, SignError> {
        lists::make(self)
    }

    /// Roots, intermediates and signers with their roles, without revocation data.
    #[must_use]
    pub fn anchors(&self) -> Trust {
        let of = |labels: &[&str]| labels.iter().map(|label| self.get(label).certificate.clone()).collect::<Vec<_>>();
        let mut intermediates = of(&["XG03", "XG12"]);
        intermediates.extend(self.links.iter().cloned());
        let roles = [
            ("XG04", Role::Issuer),
            ("XG05", Role::Issuer),
            ("XG06", Role::Issuer),
            ("XG13", Role::Issuer),
            ("XG14", Role::Issuer),
            ("XG16", Role::Copy),
            ("XG18", Role::Status),
            ("XG09", Role::Presentation),
            ("XG19", Role::View),
        ];
        let signers = roles.map(|(label, role)| (self.get(label).certificate.fingerprint(), role)).to_vec();
        let listed = roles.map(|(label, _)| self.get(label).certificate.clone()).to_vec();
        Trust { roots: of(&["XG01", "XG02"]), intermediates, signers, listed, evidence: Evidence::default() }
    }

    /// [`TestPki::anchors`] with all revocation lists and the intermediates of the bad signers.
    ///
    /// # Errors
    /// As [`TestPki::published`].
    pub fn trust(&self) -> Result<Trust, SignError> {
        let mut trust = self.anchors();
        trust.evidence.lists = self.lists()?.iter().filter_map(|(_, der)| Crl::read(der).ok()).collect();
        for id in SUPPORTED {
            if let Some(signer) = self.bad(id)? {
                trust.intermediates.extend(signer.support);
                trust.evidence.lists.extend(signer.lists.iter().filter_map(|der| Crl::read(der).ok()));
            }
        }
        Ok(trust)
    }
}

#[cfg(test)]
mod tests;
