//! From files to a signed package: what is covered, the description, the value.

use std::collections::BTreeMap;

use ecric_gm::der::write_generalized_time;
use ecric_gm::oid::{GM_DATA, GM_SIGNED_DATA, SM2_WITH_SM3};
use ecric_gm::signed_data::{Flavour, SignerSpec, write_signed_data};
use ecric_gm::sm2::{SecretKey, SignError};
use ecric_gm::x509::Certificate;
use ecric_gm::{encoding, sm3};
use time::OffsetDateTime;

use crate::ofd::signature::{
    Provider, Record, Reference, SignatureFile, SignatureList, SignatureType, Stamp, write_list, write_signature,
};
use crate::seal::{SesVersion, SignatureSpec, sign_signature};

/// Entry name of the list of signatures.
pub const LIST: &str = "Doc_0/Signs/Signatures.xml";
/// Entry name of the first signature's description.
pub const DESCRIPTION: &str = "Doc_0/Signs/Sign_0/Signature.xml";
/// Entry name of the first signature's value.
pub const VALUE: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";
/// Entry name of the seal.
pub const SEAL: &str = "Doc_0/Signs/Sign_0/Seal.esl";

/// A package whose signature is still to be made. Every part may be changed before.
#[derive(Debug, Clone)]
pub struct Draft {
    /// All files but description and value, by entry name.
    pub entries: BTreeMap<String, Vec<u8>>,
    /// The list of signatures.
    pub list: SignatureList,
    /// The description; its references are filled by [`Draft::cover`].
    pub file: SignatureFile,
    /// When it is signed.
    pub time: OffsetDateTime,
    /// Whether the list of signatures is covered ("whole" mode).
    pub covers_list: bool,
}

impl Draft {
    fn new(entries: BTreeMap<String, Vec<u8>>, kind: SignatureType, time: OffsetDateTime) -> Self {
        let record = Record {
            id: "s001".to_owned(),
            kind,
            kind_written: true,
            base_loc: format!("/{DESCRIPTION}"),
            relative: None,
        };
        let file = SignatureFile {
            provider: Provider {
                name: "ecric".to_owned(),
                version: Some("1".to_owned()),
                company: Some("ECRIC CONFORMANCE TEST ONLY".to_owned()),
            },
            method: Some(SM2_WITH_SM3.to_string()),
            date_time: Some(write_generalized_time(time)),
            check_method: Some("1.2.156.10197.1.401".to_owned()),
            references: Vec::new(),
            stamps: Vec::new(),
            seal: None,
            signed_value: format!("/{VALUE}"),
            notes: Vec::new(),
        };
        let list = SignatureList { max_sign_id: Some("s001".to_owned()), records: vec![record] };
        Self { entries, list, file, time, covers_list: false }
    }

    /// An original that is to be sealed.
    #[must_use]
    pub fn original(mut entries: BTreeMap<String, Vec<u8>>, seal: &[u8], time: OffsetDateTime) -> Self {
        entries.insert(SEAL.to_owned(), seal.to_vec());
        let mut draft = Self::new(entries, SignatureType::Seal, time);
        draft.list.max_sign_id = Some("s002".to_owned());
        draft.file.stamps = vec![Stamp {
            id: "s002".to_owned(),
            page_ref: "1".to_owned(),
            boundary: "150 76 42 42".to_owned(),
            clip: None,
        }];
        draft.file.seal = Some(format!("/{SEAL}"));
        draft.cover();
        draft
    }

    /// A copy that is to be signed.
    #[must_use]
    pub fn copy(entries: BTreeMap<String, Vec<u8>>, time: OffsetDateTime) -> Self {
        let mut draft = Self::new(entries, SignatureType::Sign, time);
        draft.covers_list = true;
        draft.cover();
        draft
    }

    /// Writes the list of signatures and fills the references over all entries as they are now.
    pub fn cover(&mut self) {
        self.entries.insert(LIST.to_owned(), write_list(&self.list));
        self.file.references = self
            .entries
            .iter()
            .filter(|(name, _)| self.covers_list || *name != LIST)
            .map(|(name, content)| reference(name, content))
            .collect();
    }

    /// All entries with the description and this value.
    #[must_use]
    pub fn with_value(mut self, value: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
        self.entries.insert(DESCRIPTION.to_owned(), write_signature(&self.file));
        self.entries.insert(VALUE.to_owned(), value);
        self.entries
    }

    /// What a seal signature of this draft says.
    #[must_use]
    pub fn signature_spec<'a>(&self, seal: &'a [u8], signer: &'a [u8]) -> SignatureSpec<'a> {
        SignatureSpec {
            shape: SesVersion::V4,
            version: None,
            seal,
            time: write_generalized_time(self.time),
            data_hash: sm3::digest(&write_signature(&self.file)),
            property_info: format!("/{DESCRIPTION}"),
            certificate: signer,
            algorithm: SM2_WITH_SM3,
        }
    }

    /// Seals the draft with the seal it holds.
    ///
    /// # Errors
    /// When the one deterministic nonce gives no signature.
    pub fn seal(self, signer: &[u8], key: &SecretKey) -> Result<BTreeMap<String, Vec<u8>>, SignError> {
        let seal = self.entries.get(SEAL).cloned().unwrap_or_default();
        let value = sign_signature(&self.signature_spec(&seal, signer), key)?;
        Ok(self.with_value(value))
    }

    /// Signs the draft with signed attributes (GB/T 35275, `attr-z`); `chain` is delivered with it.
    ///
    /// # Errors
    /// When the one deterministic nonce gives no signature.
    pub fn sign(
        self,
        signer: &Certificate,
        key: &SecretKey,
        chain: &[&Certificate],
    ) -> Result<BTreeMap<String, Vec<u8>>, SignError> {
        let document = write_signature(&self.file);
        let spec = SignerSpec {
            certificate: signer,
            key,
            flavour: Flavour::AttrZ,
            raw: false,
            signing_time: Some(self.time),
            message_digest: None,
        };
        let certificates: Vec<&Certificate> = [signer].into_iter().chain(chain.iter().copied()).collect();
        let value = write_signed_data(&GM_SIGNED_DATA, &GM_DATA, &document, None, &certificates, false, &[spec])?;
        Ok(self.with_value(value))
    }
}

/// The reference to an entry: absolute place, base64 of its SM3.
#[must_use]
pub fn reference(name: &str, content: &[u8]) -> Reference {
    Reference { file_ref: format!("/{name}"), check_value: encoding::b64(&sm3::digest(content)) }
}
