//! Presentation codes from one seed: good ones, and defects that each change one thing.
//!
//! A defect names its base, the step that must stop it and the codes of which one must be the primary
//! reason; its twin is the base.

mod defects;

pub use defects::{CodeDefect, code_defects, find_code_defect, flip_bit};

use std::collections::BTreeMap;

use ecric_gm::sm2::{SecretKey, SignError};
use ecric_gm::sm3;
use ecric_licence::code::{
    AttributeValue, Domain, Kid, Payload, Request, Scene, Scope, View, ViewStatus, audience_tag, encode,
    kid_of_certificate, kid_of_key, write_request, write_view,
};
use ecric_licence::code::{cbor, code_payload, seal};
use ecric_licence::instant::write_date;
use ecric_licence::metadata::{mask_name, mask_number};
use ecric_licence::validity::{age_on, china_date};
use ecric_model::binding::LicenceStatus;
use time::{Date, OffsetDateTime};

use crate::licence_file::{LicencePerson, default_person};
use crate::pki::{AUTHORITY_A, LOADER, RELYING_PARTY, TestPki};

/// The base codes: name and what it is.
pub const CODE_BASES: &[(&str, &str)] = &[
    ("online", "online, for one relying party, with its challenge"),
    ("bearer", "online, for anybody: masked name and number"),
    ("offline", "offline, view FULL: name, sex, birth date, number, validity"),
    ("offline-basic", "offline, view BASIC: masked name and number"),
    ("offline-adult", "offline, view ADULT: over 18 or not"),
];

/// What is said of a code besides its defect.
#[derive(Debug, Clone)]
pub struct CodeSpec {
    /// One of [`CODE_BASES`].
    pub base: &'static str,
    /// Relying-party id; `None` for a bearer code.
    pub audience: Option<String>,
    /// Where.
    pub scene: Scene,
    /// The relying party's challenge.
    pub nonce: Option<Vec<u8>>,
    /// Attributes; of an offline code at most those of its view.
    pub scope: Scope,
    /// When it is issued.
    pub at: OffsetDateTime,
    /// How long it lives, seconds.
    pub life_s: u64,
    /// From this come code id and handle.
    pub material: Vec<u8>,
    /// Whose licence it is (offline).
    pub person: LicencePerson,
}

/// When codes are issued that are made without an instant being given.
pub const CODE_TIME: OffsetDateTime = time::macros::datetime!(2026-06-01 9:00 +8);

/// The challenge of codes that are made without one being given.
pub const NONCE: [u8; 16] = *b"0123456789:;<=>?";

impl CodeSpec {
    /// A base as of `at`; `None` for an unknown name.
    #[must_use]
    pub fn of_base(base: &str, at: OffsetDateTime, material: &[u8]) -> Option<Self> {
        let base = CODE_BASES.iter().map(|(name, _)| *name).find(|name| *name == base)?;
        let names: &[&str] = match base {
            "online" => &["name", "ageOver18"],
            "bearer" | "offline-basic" => &["nameMasked", "idNumberMasked"],
            "offline" => &["name", "sex", "birthDate", "idNumber", "validityPeriod"],
            _ => &["ageOver18"],
        };
        let bearer = base == "bearer";
        Some(Self {
            base,
            audience: (!bearer).then(|| RELYING_PARTY.1.to_owned()),
            scene: Scene::Hotel,
            nonce: (!bearer).then(|| NONCE.to_vec()),
            scope: Scope::of_names(names.iter().copied()).unwrap_or_default(),
            at,
            life_s: 60,
            material: material.to_vec(),
            person: default_person(),
        })
    }

    /// The code of a base at the fixed instant.
    #[must_use]
    pub fn fixed(base: &str) -> Option<Self> {
        Self::of_base(base, CODE_TIME, base.as_bytes())
    }

    /// Whether it carries a view.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.base.starts_with("offline")
    }

    fn random(&self, what: &str) -> [u8; 16] {
        let digest = sm3::digest(&[what.as_bytes(), b"\0", &self.material].concat());
        std::array::from_fn(|at| digest[at])
    }

    /// What the code says.
    #[must_use]
    pub fn payload(&self) -> Payload {
        let issued_at = second(self.at);
        Payload {
            loader: LOADER.1.to_owned(),
            issued_at,
            expires_at: issued_at + self.life_s,
            code_id: self.random("cti"),
            handle: self.random("ref"),
            scope: self.scope.with(0),
            audience: self.audience.as_deref().map(audience_tag),
            scene: self.scene,
            nonce: self.nonce.clone(),
            view: None,
        }
    }

    fn view(&self, pki: &TestPki) -> View {
        let names: &[&str] = match self.base {
            "offline-basic" => &["nameMasked", "idNumberMasked"],
            "offline" => &["name", "sex", "birthDate", "idNumber", "validityPeriod"],
            _ => &["ageOver18"],
        };
        let values = attributes_of(&self.person, china_date(self.at));
        let attributes: BTreeMap<u8, AttributeValue> = names
            .iter()
            .filter_map(|name| {
                let bit = Scope::bit_of(name)?;
                Some((bit, AttributeValue::of_json(bit, values.get(*name)?)?))
            })
            .collect();
        let issued_at = second(self.at) - 3600;
        View {
            issuer: AUTHORITY_A.1.to_owned(),
            issued_at,
            expires_at: issued_at + 24 * 3600,
            scope: attributes.keys().fold(Scope::VALIDITY, |scope, bit| scope.with(*bit)),
            device_key: pki.key(DEVICE).public_key().to_compressed(),
            attributes,
            status: ViewStatus { status: LicenceStatus::Valid, version: 1, changed_at: issued_at - 86_400 },
        }
    }
}

/// Label of the device's key.
pub const DEVICE: &str = "XG10";

/// Seconds since 1970.
fn second(at: OffsetDateTime) -> u64 {
    u64::try_from(at.unix_timestamp()).unwrap_or_default()
}

/// All attributes of a person on a day, by their names, as binding v1 writes them; no portrait.
#[must_use]
pub fn attributes_of(person: &LicencePerson, day: Date) -> serde_json::Map<String, serde_json::Value> {
    use serde_json::json;
    let face = &person.face;
    let age = age_on(face.birth, day);
    let band = match age {
        ..=13 => "0-13",
        14 | 15 => "14-15",
        16 | 17 => "16-17",
        18..=59 => "18-59",
        _ => "60+",
    };
    let pairs = [
        ("name", json!(face.name)),
        ("sex", json!(face.sex)),
        ("ethnicity", json!(face.ethnicity)),
        ("birthDate", json!(write_date(face.birth))),
        ("address", json!(face.address)),
        ("idNumber", json!(face.id_number)),
        ("issuingAuthority", json!(face.issuing_authority)),
        ("validityPeriod", json!([write_date(person.effective), person.expiring.map(write_date)])),
        ("nameMasked", json!(mask_name(&face.name))),
        ("idNumberMasked", json!(mask_number(&face.id_number))),
        ("ageOver18", json!(age >= 18)),
        ("ageOver16", json!(age >= 16)),
        ("ageBand", json!(band)),
        ("areaCode", json!(face.id_number.get(..6).unwrap_or_default())),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A made code.
#[derive(Debug, Clone)]
pub struct MadeCode {
    /// The text.
    pub text: String,
    /// What was meant to be signed.
    pub payload: Payload,
}

/// A code on its way: a defect changes one member at its stage.
pub(crate) struct Making<'p> {
    pub(crate) pki: &'p TestPki,
    pub(crate) payload: Payload,
    pub(crate) view: Option<(View, Kid, SecretKey)>,
    /// Bytes of the view, once it is signed.
    pub(crate) view_bytes: Option<Vec<u8>>,
    pub(crate) domain: Domain,
    pub(crate) kid: Kid,
    pub(crate) key: SecretKey,
    /// Keys and values of the payload.
    pub(crate) entries: Vec<(cbor::Item, cbor::Item)>,
    /// Bytes of the payload.
    pub(crate) bytes: Vec<u8>,
    /// Bytes of the envelope.
    pub(crate) envelope: Vec<u8>,
    pub(crate) text: String,
}

/// When a defect comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Members of view and payload; everything is signed afterwards.
    Content,
    /// Bytes of the view.
    View,
    /// Keys and values of the payload.
    Entries,
    /// Bytes of the payload.
    Bytes,
    /// Bytes of the envelope, after signing.
    Envelope,
    /// The text.
    Text,
}

/// Makes a code under a test PKI, with a defect or without.
///
/// # Errors
/// When the one deterministic nonce of a key gives no signature.
pub fn make_code(pki: &TestPki, spec: &CodeSpec, defect: Option<&CodeDefect>) -> Result<MadeCode, SignError> {
    let edit = |stage: Stage, making: &mut Making<'_>| {
        if let Some(defect) = defect.filter(|defect| defect.stage == stage) {
            (defect.edit)(making);
        }
    };
    let offline = spec.is_offline();
    let loader = pki.get("XG09");
    let device = pki.key(DEVICE);
    let issuer = pki.get("XG19");
    let view = offline.then(|| (spec.view(pki), kid_of_certificate(&issuer.certificate), issuer.key.clone()));
    let mut making = Making {
        pki,
        payload: spec.payload(),
        view,
        view_bytes: None,
        domain: Domain::Code,
        kid: if offline { kid_of_key(device.public_key()) } else { kid_of_certificate(&loader.certificate) },
        key: if offline { device } else { loader.key.clone() },
        entries: Vec::new(),
        bytes: Vec::new(),
        envelope: Vec::new(),
        text: String::new(),
    };
    edit(Stage::Content, &mut making);
    if let Some((view, kid, key)) = &making.view {
        making.view_bytes = Some(write_view(view, *kid, key)?);
    }
    edit(Stage::View, &mut making);
    making.payload.view.clone_from(&making.view_bytes);
    making.entries = code_payload(&making.payload);
    edit(Stage::Entries, &mut making);
    making.bytes = cbor::write_item(&cbor::sorted(making.entries.clone()));
    edit(Stage::Bytes, &mut making);
    making.envelope = seal(making.domain, making.kid, &making.bytes, &making.key)?;
    edit(Stage::Envelope, &mut making);
    making.text = encode(Domain::Code, &making.envelope);
    edit(Stage::Text, &mut making);
    Ok(MadeCode { text: making.text, payload: making.payload })
}

/// A code that names an address in a key that no reader knows.
///
/// # Errors
/// As [`make_code`].
pub fn make_code_naming(pki: &TestPki, spec: &CodeSpec, url: &str) -> Result<String, SignError> {
    let loader = pki.get("XG09");
    let mut entries = code_payload(&spec.payload());
    entries.push((cbor::Item::int(-12), cbor::Item::Text(url.to_owned())));
    let bytes = cbor::write_item(&cbor::sorted(entries));
    let envelope = seal(Domain::Code, kid_of_certificate(&loader.certificate), &bytes, &loader.key)?;
    Ok(encode(Domain::Code, &envelope))
}

/// A reverse-scan request of the test relying party.
///
/// # Errors
/// As [`make_code`].
pub fn make_request(pki: &TestPki, spec: &CodeSpec) -> Result<String, SignError> {
    let signer = pki.get("XG11");
    let issued_at = second(spec.at);
    let request = Request {
        relying_party: spec.audience.clone().unwrap_or_else(|| RELYING_PARTY.1.to_owned()),
        issued_at,
        expires_at: issued_at + 120,
        request_id: spec.random("request"),
        scope: spec.scope,
        scene: spec.scene,
        nonce: spec.random("nonce"),
        audience_name: RELYING_PARTY.0.to_owned(),
        cause: "酒店入住登记".to_owned(),
        response_uri: None,
    };
    write_request(&request, kid_of_certificate(&signer.certificate), &signer.key)
}

#[cfg(test)]
mod tests;
