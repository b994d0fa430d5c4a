//! Generated persons: prefix 110199, right check characters, made-up names. Never a real person:
//! nothing here reads data of one, and no value comes from outside the seed and the day.

use ecric_licence::instant::write_date;
use serde_json::{Map, Value};
use time::Date;

use crate::draw::Draw;

mod face;
pub(crate) use face::draw_canary;
mod kind;
mod numbers;
mod shape;

pub use kind::KINDS;
pub use numbers::{ADULT_INDEX_LIMIT, BAND_INDEX_LIMIT, ORDINAL_LIMIT, SPECIAL_INDEX_LIMIT};
pub use shape::{PersonShape, strategy};

/// Which person of a run: the seed of the run, the case and the person within the case.
///
/// Within one seed two slots with `case_ordinal` < [`ORDINAL_LIMIT`] never have the same citizen
/// number, whatever their kinds, up to an index of [`ADULT_INDEX_LIMIT`] (adult, shapes),
/// [`BAND_INDEX_LIMIT`] (child, young-adult, senior) or [`SPECIAL_INDEX_LIMIT`] (other kinds without
/// a fixed birthday). A birthday has only 900 numbers, so for kinds with a fixed birthday (16-today
/// and so on) the numbers differ for index 0 and ordinals below 900, for indexes below 2 and ordinals
/// below 448, below 4 and 224, below 8 and 112; other slots may share one. Beyond the limits slots wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Slot {
    /// Seed of the run.
    pub seed: [u8; 32],
    /// Number of the case in the run.
    pub case_ordinal: u32,
    /// Number of the person in the case.
    pub index: u32,
}

impl Slot {
    /// Values of this slot for one purpose, apart from those for any other.
    pub(crate) fn draw(&self, purpose: &str) -> Draw {
        let (ordinal, index) = (self.case_ordinal.to_be_bytes(), self.index.to_be_bytes());
        Draw::new(&[b"person", purpose.as_bytes(), &self.seed, &ordinal, &index])
    }
}

/// A generated person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Reference for `personaRef`: ASCII, unique by seed, kind and slot.
    pub reference: String,
    /// Name, at least 3 characters from `测试` on (a shape has its own).
    pub name: String,
    /// GB/T 2261.1: `1` male, `2` female; agrees with digit 17.
    pub sex: String,
    /// GB/T 3304 code; not 01 unless a shape says so, so that a constant shows.
    pub ethnicity: String,
    /// Birth date, digits 7 to 14.
    pub birth_date: Date,
    /// Address with a random canary (a shape has its own).
    pub address: String,
    /// Citizen number.
    pub id_number: String,
    /// Signing authority (签发机关), a public-security organ.
    pub issuing_authority: String,
    /// Name in a second script.
    pub minority_name: Option<String>,
    /// Address in a second script.
    pub minority_address: Option<String>,
}

/// A person kind that is not one of [`KINDS`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown person kind {kind:?}, wanted one of {}", KINDS.join(", "))]
pub struct UnknownKind {
    /// The word found.
    pub kind: String,
}

/// Generates the person of a slot; `today` is the China date of the target, which kinds with an age count from.
///
/// # Errors
/// For a word that is not one of [`KINDS`].
pub fn generate_person(kind: &str, slot: &Slot, today: Date) -> Result<Person, UnknownKind> {
    let Some(kind) = kind::find(kind) else { return Err(UnknownKind { kind: kind.to_owned() }) };
    let number = numbers::allocate(kind, slot, today);
    let face = face::draw_face(kind, &mut slot.draw(kind.name));
    Ok(Person {
        reference: reference(kind.name, slot),
        name: face.name,
        sex: number.sex().code().to_owned(),
        ethnicity: face.ethnicity,
        birth_date: number.birth_date(),
        address: face.address,
        id_number: number.as_str().to_owned(),
        issuing_authority: face.issuing_authority,
        minority_name: face.minority_name,
        minority_address: face.minority_address,
    })
}

impl Person {
    /// Gives a shape a number of its own that agrees with its sex; name and address stay as they are.
    #[must_use]
    pub fn from_shape(shape: &PersonShape, slot: &Slot, today: Date) -> Self {
        let number = numbers::allocate_for_sex(shape.sex, slot, today);
        Self {
            reference: reference("shape", slot),
            name: shape.name.clone(),
            sex: number.sex().code().to_owned(),
            ethnicity: shape.ethnicity.clone(),
            birth_date: number.birth_date(),
            address: shape.address.clone(),
            id_number: number.as_str().to_owned(),
            issuing_authority: face::draw_authority(&mut slot.draw("shape")),
            minority_name: None,
            minority_address: None,
        }
    }

    /// The holder as requests carry it (binding v1, 6.2), without photo.
    #[must_use]
    pub fn holder(&self) -> Map<String, Value> {
        let birth_date = write_date(self.birth_date);
        let members = [
            ("name", Some(&self.name)),
            ("sex", Some(&self.sex)),
            ("ethnicity", Some(&self.ethnicity)),
            ("birthDate", Some(&birth_date)),
            ("address", Some(&self.address)),
            ("idNumber", Some(&self.id_number)),
            ("issuingAuthority", Some(&self.issuing_authority)),
            ("minorityName", self.minority_name.as_ref()),
            ("minorityAddress", self.minority_address.as_ref()),
        ];
        let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.as_str().into())));
        present.collect()
    }

    /// The values that a leak scan searches: name, citizen number, address, birth date `YYYY-MM-DD`
    /// and what the person has in a second script.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let face = [self.name.clone(), self.id_number.clone(), self.address.clone(), write_date(self.birth_date)];
        let second_script = [self.minority_name.clone(), self.minority_address.clone()];
        face.into_iter().chain(second_script.into_iter().flatten()).collect()
    }
}

fn reference(kind: &str, slot: &Slot) -> String {
    let seed = ecric_gm::encoding::hex(&slot.seed[..4]);
    format!("ecric-{seed}-{kind}-{}-{}", slot.case_ordinal, slot.index)
}

#[cfg(test)]
mod tests;
