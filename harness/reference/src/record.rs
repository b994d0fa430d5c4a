//! A licence as it is answered (binding v1, 6.1): the head, and of the holder only what is in scope.
//! Derived values (masks, ages) are made here. Must never show more than the scopes asked for.

use ecric_licence::code_lists::HOLDER_TYPE_CITIZEN;
use ecric_licence::instant::{parse_date, write_instant};
use ecric_licence::metadata::{
    CERTIFICATE_NAME, HOLDER_TYPE_NAME, ISSUING_AUTHORITY_NAME, TYPE_NAME, mask_name, mask_number,
};
use ecric_licence::validity::{Term, validity_range};
use ecric_licence::validity::{age_on, china_date};
use ecric_model::published::ISSUING_AUTHORITY_CODE;
use serde_json::{Map, Value, json};
use time::{Date, OffsetDateTime};

use crate::behaviour::Behaviour;
use crate::clock::from_unix;
use crate::distort::altered;
use crate::face::Face;
use crate::life::Current;
use crate::naming::segment;
use crate::store::licences::LicenceRow;

/// Scopes of the whole face, as the issuer answers its own caller.
pub(crate) const FULL: &[&str] = &[
    "name",
    "sex",
    "ethnicity",
    "birthDate",
    "address",
    "idNumber",
    "photo",
    "issuingAuthority",
    "validityPeriod",
    "areaCode",
];

/// Everything an answer about a licence is made from.
pub(crate) struct Licence<'a> {
    pub(crate) row: &'a LicenceRow,
    pub(crate) state: &'a Current,
    pub(crate) face: Option<&'a Face>,
    pub(crate) now: OffsetDateTime,
    pub(crate) behaviour: &'a Behaviour,
}

impl Licence<'_> {
    /// The licence with the members of the scopes.
    pub(crate) fn render(&self, scopes: &[&str]) -> Map<String, Value> {
        let mut members = self.head();
        let asked = |scope: &str| scopes.contains(&scope);
        if asked("validityPeriod") {
            members.insert("certificateIssuedDate".to_owned(), json!(self.row.issued_date));
            members.insert("certificateEffectiveDate".to_owned(), json!(self.row.effective_date));
            members.insert("certificateExpiringDate".to_owned(), json!(self.row.expiring_date));
            let long = validity_range(Term::LongTerm);
            let range = altered(self.row.validity_range.as_str(), &long, || self.behaviour.dated_range_long_term());
            members.insert("certificateValidityRange".to_owned(), json!(range));
        }
        if let Some(face) = self.face {
            if asked("areaCode") {
                members.insert("certificateAreaCode".to_owned(), json!(face.id_number.get(..6)));
            }
            if asked("idNumber") {
                members.insert("certificateNumber".to_owned(), json!(face.id_number));
                members.insert("certificateHolderCode".to_owned(), json!(face.id_number));
            }
            if asked("name") {
                members.insert("certificateHolderName".to_owned(), json!(face.name));
            }
            members.insert("holder".to_owned(), Value::Object(self.holder(face, scopes)));
        }
        members
    }

    fn head(&self) -> Map<String, Value> {
        let row = self.row;
        let behaviour = self.behaviour;
        let type_code = altered(row.type_code.as_str(), segment(&row.identifier, 0), || {
            behaviour.type_of_driving_licence() || behaviour.type_of_22_characters()
        });
        let authority =
            altered(ISSUING_AUTHORITY_CODE, segment(&row.identifier, 1), || behaviour.authority_check_wrong());
        let version = format!("{:03}", row.version);
        let mut version =
            altered(version.as_str(), segment(&row.identifier, 3), || behaviour.versions_start_at_000()).to_owned();
        if behaviour.version_without_zeros() {
            version = row.version.to_string();
        }
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
        put("certificateIdentifier", json!(row.identifier));
        put("certificateTypeCode", json!(type_code));
        put("certificateTypeName", json!(TYPE_NAME));
        put("certificateName", json!(CERTIFICATE_NAME));
        put("certificateVersion", json!(version));
        put("certificateIssuingAuthorityName", json!(ISSUING_AUTHORITY_NAME));
        put("certificateIssuingAuthorityCode", json!(authority));
        put("certificateHolderTypeCode", json!(HOLDER_TYPE_CITIZEN));
        put("certificateHolderTypeName", json!(HOLDER_TYPE_NAME));
        put("certificateStatus", json!(self.state.status.code()));
        put("statusVersion", json!(self.state.version));
        put("statusTime", json!(write_instant(from_unix(self.state.time))));
        if let Some(previous) = &row.previous_identifier {
            put("previousCertificateIdentifier", json!(previous));
        }
        members
    }

    fn holder(&self, face: &Face, scopes: &[&str]) -> Map<String, Value> {
        let mut members = Map::new();
        for scope in scopes {
            let mut put = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
            match *scope {
                "validityPeriod" => {
                    put("validFrom", json!(self.row.effective_date));
                    put("validTo", json!(self.row.expiring_date));
                }
                "name" => {
                    put("name", json!(face.name));
                    if let Some(second) = &face.minority_name {
                        put("minorityName", json!(second));
                    }
                }
                "address" => {
                    put("address", json!(face.address));
                    if let Some(second) = &face.minority_address {
                        put("minorityAddress", json!(second));
                    }
                }
                other => {
                    if let Some(value) = attribute(self.row, face, other, self.now, self.behaviour) {
                        put(other, value);
                    }
                }
            }
        }
        members
    }
}

/// The value of an attribute scope; `None` if the licence does not hold it.
pub(crate) fn attribute(
    row: &LicenceRow,
    face: &Face,
    scope: &str,
    now: OffsetDateTime,
    behaviour: &Behaviour,
) -> Option<Value> {
    let age = || age_of(face, now, behaviour);
    Some(match scope {
        "name" => json!(face.name),
        "sex" => json!(face.sex),
        "ethnicity" => json!(face.ethnicity),
        "birthDate" => json!(face.birth_date),
        "address" => json!(face.address),
        "idNumber" => json!(face.id_number),
        "photo" => json!(face.photo.as_ref()?),
        "issuingAuthority" => json!(face.issuing_authority),
        "validityPeriod" => json!([row.effective_date, row.expiring_date]),
        "nameMasked" => json!(masked_name(&face.name, behaviour)),
        "idNumberMasked" => json!(masked_number(&face.id_number, behaviour)),
        "ageOver18" => json!(age()? >= 18),
        "ageOver16" => json!(age()? >= 16),
        "ageBand" => json!(age_band(age()?)),
        "areaCode" => json!(face.id_number.get(..6)?),
        _ => return None,
    })
}

fn age_of(face: &Face, now: OffsetDateTime, behaviour: &Behaviour) -> Option<i32> {
    let birth: Date = face.birth_date(behaviour).or_else(|| parse_date(&face.birth_date).ok())?;
    let today = china_date(now);
    Some(if behaviour.age_flags_by_year() { today.year() - birth.year() } else { age_on(birth, today) })
}

const fn age_band(age: i32) -> &'static str {
    match age {
        ..=13 => "0-13",
        14..=15 => "14-15",
        16..=17 => "16-17",
        18..=59 => "18-59",
        60.. => "60+",
    }
}

fn masked_name(name: &str, behaviour: &Behaviour) -> String {
    if behaviour.mask_counts_utf16() {
        let last = name.encode_utf16().last().unwrap_or_default();
        return format!("*{}", String::from_utf16_lossy(&[last]));
    }
    mask_name(name)
}

fn masked_number(number: &str, behaviour: &Behaviour) -> String {
    if behaviour.mask_shows_four_digits() && number.len() == 18 {
        return format!("{}{}{}", &number[..1], "*".repeat(13), &number[14..]);
    }
    mask_number(number)
}
