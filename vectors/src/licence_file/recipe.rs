//! How a file is made, in stages that an attack can reach into.

use std::collections::BTreeMap;

use ecric_gm::der::write;
use ecric_gm::oid::{GM_DATA, GM_SIGNED_DATA};
use ecric_gm::signed_data::{Flavour, SignerSpec, write_signed_data};
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey};
use ecric_gm::sm3;
use ecric_gm::x509::Certificate;
use ecric_gm::x509::time_stamp::write_token;
use ecric_licence::identifier::{IDENTITY_CARD_TYPE, write_identifier};
use ecric_licence::layout::draft::{DESCRIPTION, SEAL, VALUE};
use ecric_licence::layout::{CopyContent, Draft, Face, LicenceContent, Variant, copy_entries, original_entries};
use ecric_licence::metadata::{CERTIFICATE_NAME, TYPE_NAME};
use ecric_licence::ofd::signature::write_signature;
use ecric_licence::ofd::zip::{Entry, in_order, write_with};
use ecric_licence::seal::{
    CertList, PictureSpec, SealSpec, SesVersion, SignatureSpec, sign_seal, signed_part, with_value,
};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};

use super::MakeError;
use super::edit::Entries;
use crate::pki::{AUTHORITY_A, COPY_MAKER, FIXED, TestPki};

/// When base files are signed.
pub const FILE_TIME: OffsetDateTime = FIXED;
/// When base copies are signed.
const COPY_TIME: OffsetDateTime = datetime!(2026-06-02 9:00 +8);
/// The drawn shape that stands for a portrait.
pub(super) static PHOTO: &[u8] = include_bytes!("../../assets/photo.jpg");
/// Another one.
pub(super) static OTHER_PHOTO: &[u8] = include_bytes!("../../assets/photo-other.jpg");
static SEAL_PICTURE: &[u8] = include_bytes!("../../assets/seal.png");
/// Another seal's picture.
pub(super) static OTHER_PICTURE: &[u8] = include_bytes!("../../assets/seal-other.png");

/// Whose licence it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicencePerson {
    /// The face.
    pub face: Face,
    /// Serial segment of the licence identifier.
    pub serial: String,
    /// Version segment.
    pub version: u16,
    /// First day of validity, also the day of issue.
    pub effective: Date,
    /// Last day; `None` for long-term.
    pub expiring: Option<Date>,
    /// The licence it replaces.
    pub previous: Option<String>,
}

/// The generated person of the base files.
#[must_use]
pub fn default_person() -> LicencePerson {
    LicencePerson {
        face: Face {
            name: "测试甲".to_owned(),
            sex: "1".to_owned(),
            ethnicity: "01".to_owned(),
            birth: date!(2000 - 02 - 29),
            address: "测试省测试市测试区测试路1号".to_owned(),
            id_number: "110199200002290013".to_owned(),
            issuing_authority: "测试市公安局测试分局".to_owned(),
        },
        serial: "20260101A1B2C3D4E5F6".to_owned(),
        version: 1,
        effective: date!(2026 - 06 - 01),
        expiring: Some(date!(2046 - 06 - 01)),
        previous: None,
    }
}

/// Makes files of one PKI.
#[derive(Debug, Clone, Copy)]
pub struct Files<'p> {
    /// The PKI.
    pub pki: &'p TestPki,
}

/// A key that signs and the certificate that is shown for it.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    pub(super) der: Vec<u8>,
    pub(super) key: SecretKey,
}

/// What is put into the signature value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ValueForm {
    /// The right one.
    Good,
    /// SM2 over another digest.
    Digest(DigestForm),
    /// These bytes as r and s.
    Bytes(Vec<u8>),
    /// Raw r and s.
    Raw,
}

/// Which digest is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DigestForm {
    WithoutZ,
    OtherId(&'static [u8]),
    OfHash,
}

/// A time stamp over the signature value.
#[derive(Debug, Clone)]
pub(super) struct Stamp {
    pub(super) authority: Certificate,
    pub(super) key: SecretKey,
    pub(super) chain: Vec<Certificate>,
    pub(super) time: OffsetDateTime,
    pub(super) over: Option<Vec<u8>>,
    pub(super) bytes: Option<Vec<u8>>,
}

type Hook<T> = Option<Box<dyn FnOnce(&mut T) -> Result<(), MakeError>>>;

/// Everything that an attack can change. Unset hooks change nothing.
pub(super) struct Recipe<'p> {
    pub(super) pki: &'p TestPki,
    pub(super) content: LicenceContent,
    pub(super) variant: Variant,
    pub(super) copy: Option<CopyContent>,
    /// A copy's seal instead of a `Sign` signature.
    pub(super) copy_seal: bool,
    pub(super) time: OffsetDateTime,
    /// timeInfo as text, when it differs.
    pub(super) time_text: Option<String>,
    pub(super) signer: Signer,
    pub(super) maker: Signer,
    pub(super) shape: SesVersion,
    pub(super) seal_header: Option<u32>,
    pub(super) sign_version: Option<u32>,
    pub(super) listed: Vec<Vec<u8>>,
    pub(super) digest_list: Option<Vec<(String, Vec<u8>)>>,
    pub(super) seal_times: [OffsetDateTime; 3],
    pub(super) utc_times: bool,
    pub(super) picture: PictureSpec,
    pub(super) value: ValueForm,
    pub(super) stamp: Option<Stamp>,
    pub(super) flavour: Flavour,
    pub(super) raw_value: bool,
    pub(super) chain: Vec<Certificate>,
    pub(super) algorithm: Option<ecric_gm::oid::Oid>,
    pub(super) data_hash: Option<[u8; 32]>,
    pub(super) property_info: Option<String>,
    /// Files before they are covered.
    pub(super) entries: Hook<Entries>,
    /// The seal after it was signed.
    pub(super) seal_bytes: Hook<Vec<u8>>,
    /// List and description after the references were filled.
    pub(super) draft: Hook<Draft>,
    /// The description as it will be signed.
    pub(super) description: Hook<Vec<u8>>,
    /// The signature value after it was made.
    pub(super) value_bytes: Hook<Vec<u8>>,
    /// Files after signing.
    pub(super) after: Hook<Entries>,
    /// ZIP entries.
    pub(super) container: Hook<Vec<Entry>>,
    pub(super) count: Option<u16>,
    /// The package.
    pub(super) package: Hook<Vec<u8>>,
    /// A `Sign` value over the description, made by hand.
    pub(super) signed_value: Option<SignedForm>,
    /// Signs an original's files with `Sign` instead of a seal.
    pub(super) sign_original: bool,
    /// Address that no reader should call.
    pub(super) sink: String,
}

/// Defects of a SignedData.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignedForm {
    WrongDigest,
    TwoSigners,
    OtherContent,
    LeafLast,
}

impl<'p> Recipe<'p> {
    pub(super) fn original(pki: &'p TestPki, person: &LicencePerson) -> Self {
        let signer = pki.get("XG04");
        let maker = pki.get("XG17");
        let of = |entity: &ecric_licence::authority::Entity| Signer {
            der: entity.certificate.der().to_vec(),
            key: entity.key.clone(),
        };
        Self {
            pki,
            content: content_of(person),
            variant: Variant::default(),
            copy: None,
            copy_seal: false,
            time: FILE_TIME,
            time_text: None,
            signer: of(signer),
            maker: of(maker),
            shape: SesVersion::V4,
            seal_header: None,
            sign_version: None,
            listed: vec![signer.certificate.der().to_vec()],
            digest_list: None,
            seal_times: [
                datetime!(2026-01-01 0:00 UTC),
                datetime!(2026-01-01 0:00 UTC),
                datetime!(2035-12-31 23:59:59 UTC),
            ],
            utc_times: false,
            picture: PictureSpec { kind: "PNG".to_owned(), data: SEAL_PICTURE.to_vec(), size: (42, 42) },
            value: ValueForm::Good,
            stamp: None,
            flavour: Flavour::AttrZ,
            raw_value: false,
            chain: vec![pki.get("XG03").certificate.clone()],
            algorithm: None,
            data_hash: None,
            property_info: None,
            entries: None,
            seal_bytes: None,
            draft: None,
            description: None,
            value_bytes: None,
            after: None,
            container: None,
            count: None,
            package: None,
            signed_value: None,
            sign_original: false,
            sink: "http://127.0.0.1:9".to_owned(),
        }
    }

    /// An annotated copy of the original of the same person.
    pub(super) fn copied(pki: &'p TestPki, person: &LicencePerson) -> Result<Self, MakeError> {
        let original = Self::original(pki, person).make()?;
        let mut recipe = Self::original(pki, person);
        let maker = pki.get("XG16");
        recipe.signer = Signer { der: maker.certificate.der().to_vec(), key: maker.key.clone() };
        recipe.listed = vec![maker.certificate.der().to_vec()];
        recipe.time = COPY_TIME;
        recipe.copy = Some(CopyContent {
            created: COPY_TIME,
            creator: COPY_MAKER.0.to_owned(),
            cause: "办理测试事项".to_owned(),
            expiring: Some(datetime!(2049-12-31 23:59:59 +8)),
            origin_sm3: sm3::digest(&original),
        });
        Ok(recipe)
    }

    /// Lets another certificate and key sign, and lists the certificate in the seal.
    pub(super) fn sign_as(&mut self, der: Vec<u8>, key: SecretKey) {
        self.listed = vec![der.clone()];
        self.signer = Signer { der, key };
    }

    /// Lets a bad signer of the PKI sign.
    pub(super) fn sign_as_bad(&mut self, id: &str) -> Result<(), MakeError> {
        if let Some(bad) = self.pki.bad(id)? {
            self.sign_as(bad.der, bad.key);
        }
        Ok(())
    }

    /// Lets a bad certificate make the seal.
    pub(super) fn make_seal_as_bad(&mut self, id: &str) -> Result<(), MakeError> {
        if let Some(bad) = self.pki.bad(id)? {
            self.maker = Signer { der: bad.der, key: bad.key };
        }
        Ok(())
    }

    fn seal(&mut self) -> Result<Vec<u8>, MakeError> {
        let certificates = match &self.digest_list {
            Some(list) => CertList::Digests(list.iter().map(|(kind, value)| (kind.clone(), &value[..])).collect()),
            None => CertList::Certificates(self.listed.iter().map(Vec::as_slice).collect()),
        };
        let [created, start, end] = self.seal_times;
        let spec = SealSpec {
            shape: self.shape,
            header_version: self.seal_header,
            es_id: "ECRIC-SEAL-0001".to_owned(),
            name: "测试居民身份证电子证照专用章".to_owned(),
            certificates,
            created,
            valid: (start, end),
            utc_times: self.utc_times,
            picture: self.picture.clone(),
            maker: &self.maker.der,
        };
        let mut bytes = sign_seal(&spec, &self.maker.key)?;
        if let Some(hook) = self.seal_bytes.take() {
            hook(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Runs all stages.
    pub(super) fn make(mut self) -> Result<Vec<u8>, MakeError> {
        let files = match &self.copy {
            Some(copy) => copy_entries(&self.content, copy)?,
            None => original_entries(&self.content, &self.variant)?,
        };
        let mut entries = Entries(files);
        if let Some(hook) = self.entries.take() {
            hook(&mut entries)?;
        }
        let sealed = if self.copy.is_some() { self.copy_seal } else { !self.sign_original };
        let seal = self.seal()?;
        let mut draft = if sealed {
            let mut draft = Draft::original(entries.0, &seal, self.time);
            draft.covers_list = self.copy.is_some();
            draft.cover();
            draft
        } else {
            let mut draft = Draft::copy(entries.0, self.time);
            draft.covers_list = self.copy.is_some();
            draft.cover();
            draft
        };
        if let Some(hook) = self.draft.take() {
            hook(&mut draft)?;
        }
        let mut description = write_signature(&draft.file);
        if let Some(hook) = self.description.take() {
            hook(&mut description)?;
        }
        let mut value =
            if sealed { self.seal_value(&draft, &seal, &description)? } else { self.sign_value(&description)? };
        if let Some(hook) = self.value_bytes.take() {
            hook(&mut value)?;
        }
        let mut files = draft.with_value(value);
        files.insert(DESCRIPTION.to_owned(), description);
        let mut entries = Entries(files);
        if let Some(hook) = self.after.take() {
            hook(&mut entries)?;
        }
        let mut list = in_order(&entries.0);
        if let Some(hook) = self.container.take() {
            hook(&mut list)?;
        }
        let mut package = write_with(&list, self.count);
        if let Some(hook) = self.package.take() {
            hook(&mut package)?;
        }
        Ok(package)
    }

    fn seal_value(&self, draft: &Draft, seal: &[u8], description: &[u8]) -> Result<Vec<u8>, MakeError> {
        let mut spec: SignatureSpec<'_> = draft.signature_spec(seal, &self.signer.der);
        spec.shape = self.shape;
        spec.version = self.sign_version;
        spec.data_hash = self.data_hash.unwrap_or_else(|| sm3::digest(description));
        if let Some(text) = &self.time_text {
            spec.time.clone_from(text);
        }
        if let Some(place) = &self.property_info {
            spec.property_info.clone_from(place);
        }
        if let Some(algorithm) = self.algorithm {
            spec.algorithm = algorithm;
        }
        let signed = signed_part(&spec);
        let key = &self.signer.key;
        let z = |id: &[u8], message: &[u8]| sm2::message_digest(id, key.public_key(), message).unwrap_or_default();
        let digest = match &self.value {
            ValueForm::Digest(DigestForm::WithoutZ) => sm3::digest(&signed),
            ValueForm::Digest(DigestForm::OtherId(id)) => z(id, &signed),
            ValueForm::Digest(DigestForm::OfHash) => z(DEFAULT_ID, &sm3::digest(&signed)),
            _ => z(DEFAULT_ID, &signed),
        };
        let signature = sm2::sign_digest(key, &digest)?;
        let value = match &self.value {
            ValueForm::Bytes(bytes) => bytes.clone(),
            ValueForm::Raw => signature.as_raw().to_vec(),
            ValueForm::Good | ValueForm::Digest(_) => signature.to_der(),
        };
        let token = match &self.stamp {
            None => None,
            Some(Stamp { bytes: Some(bytes), .. }) => Some(bytes.clone()),
            Some(stamp) => {
                let chain: Vec<&Certificate> = stamp.chain.iter().collect();
                let over = stamp.over.as_deref().unwrap_or(&value);
                Some(write_token(over, stamp.time, &[1, 2, 3], &stamp.authority, &stamp.key, &chain)?)
            }
        };
        Ok(with_value(&spec, &value, token.as_deref()))
    }

    fn sign_value(&self, description: &[u8]) -> Result<Vec<u8>, MakeError> {
        let leaf = Certificate::read(&self.signer.der).map_err(|_| ecric_gm::sm2::SignError::Nonce)?;
        let hash = sm3::digest(description);
        let spec = SignerSpec {
            certificate: &leaf,
            key: &self.signer.key,
            flavour: self.flavour,
            raw: self.raw_value,
            signing_time: Some(self.time),
            message_digest: (self.signed_value == Some(SignedForm::WrongDigest)).then_some([7; 32]),
        };
        if self.flavour == Flavour::PlainNoZ {
            // `sign-raw`: the value alone, without a structure.
            let value = sm2::sign(&self.signer.key, DEFAULT_ID, description)?;
            return Ok(value.to_der());
        }
        let content = match self.flavour {
            Flavour::PlainDoubleHash => Some(&hash[..]),
            _ if self.signed_value == Some(SignedForm::OtherContent) => Some(&b"<ofd:Signature/>"[..]),
            _ => None,
        };
        let chain = self.chain.iter();
        let leaf_last = self.signed_value == Some(SignedForm::LeafLast);
        let bag: Vec<&Certificate> =
            if leaf_last { chain.chain([&leaf]).collect() } else { [&leaf].into_iter().chain(chain).collect() };
        let mut signers = vec![spec.clone()];
        if self.signed_value == Some(SignedForm::TwoSigners) {
            signers.push(SignerSpec { signing_time: Some(self.time + time::Duration::SECOND), ..spec });
        }
        let document =
            if self.signed_value == Some(SignedForm::OtherContent) { b"<ofd:Signature/>" } else { description };
        Ok(write_signed_data(&GM_SIGNED_DATA, &GM_DATA, document, content, &bag, leaf_last, &signers)?)
    }
}

/// The content of a licence of authority A.
pub(super) fn content_of(person: &LicencePerson) -> LicenceContent {
    let (authority_name, authority_code) = AUTHORITY_A;
    let identifier = write_identifier(IDENTITY_CARD_TYPE, authority_code, &person.serial, person.version);
    LicenceContent {
        name: CERTIFICATE_NAME.to_owned(),
        type_name: TYPE_NAME.to_owned(),
        type_code: IDENTITY_CARD_TYPE.to_owned(),
        identifier: identifier.map(|id| id.as_str().to_owned()).unwrap_or_default(),
        version: format!("{:03}", person.version),
        authority_name: authority_name.to_owned(),
        authority_code: authority_code.to_owned(),
        issued: person.effective,
        effective: person.effective,
        expiring: person.expiring,
        area_code: person.face.id_number.chars().take(6).collect(),
        previous: person.previous.clone(),
        face: person.face.clone(),
        photo: PHOTO.to_vec(),
        photo_size: (358, 441),
    }
}

/// A second signature over everything that is there, in folder `Sign_1`; returns its value's place.
pub(super) fn append_signature(
    entries: &mut BTreeMap<String, Vec<u8>>,
    signer: &ecric_licence::authority::Entity,
    names: &[String],
    time: OffsetDateTime,
) -> Result<(), MakeError> {
    let covered = entries.iter().filter(|(name, _)| names.contains(*name));
    let references = covered.map(|(name, content)| ecric_licence::layout::draft::reference(name, content)).collect();
    let mut draft = Draft::copy(BTreeMap::new(), time);
    draft.file.references = references;
    draft.file.signed_value = format!("/{}", VALUE.replace("Sign_0", "Sign_1"));
    let made = draft.sign(&signer.certificate, &signer.key, &[])?;
    for name in [DESCRIPTION, VALUE] {
        let content = made.get(name).cloned().unwrap_or_default();
        entries.insert(name.replace("Sign_0", "Sign_1"), content);
    }
    Ok(())
}

/// A DER pair of integers with these contents.
pub(super) fn pair(r: &[u8], s: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::tlv(2, r), &write::tlv(2, s)])
}

/// The entry name of the seal, for attacks on it.
pub(super) const SEAL_FILE: &str = SEAL;
