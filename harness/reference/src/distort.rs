//! What faulty servers make of faces and metadata. An honest server leaves both as they are.

use ecric_licence::instant::{parse_date, write_date};
use ecric_model::published::ISSUING_AUTHORITY_CODE;
use serde_json::{Map, Value, json};

use crate::behaviour::Behaviour;
use crate::face::Face;

/// The right value, or the faulty one where the server is faulty. Nobody is asked where both are the same.
pub(crate) fn altered<T: PartialEq>(right: T, faulty: T, is_faulty: impl FnOnce() -> bool) -> T {
    if right != faulty && is_faulty() { faulty } else { right }
}

/// The face as it is kept.
pub(crate) fn kept_face(face: &Face, behaviour: &Behaviour) -> Face {
    let mut kept = face.clone();
    kept.id_number =
        altered(kept.id_number.clone(), kept.id_number.to_ascii_lowercase(), || behaviour.number_x_lowered());
    let mut rename = |change: fn(char) -> Option<char>, is_faulty: &dyn Fn() -> bool| {
        let faulty = kept.name.chars().filter_map(change).collect();
        kept.name = altered(std::mem::take(&mut kept.name), faulty, is_faulty);
    };
    rename(|c| Some(if c == '\u{b7}' { '\u{2022}' } else { c }), &|| behaviour.middle_dot_replaced());
    rename(|c| Some(if ('\u{3400}'..='\u{4dbf}').contains(&c) || c == '\u{3007}' { '?' } else { c }), &|| {
        behaviour.rare_characters_replaced()
    });
    rename(|c| Some(if u32::from(c) > 0xffff { '?' } else { c }), &|| behaviour.supplementary_replaced());
    rename(|c| Some(if ('\u{e000}'..='\u{f8ff}').contains(&c) { '\u{fffd}' } else { c }), &|| {
        behaviour.private_use_replaced()
    });
    rename(|c| Some(if ('\u{f900}'..='\u{faff}').contains(&c) { '?' } else { c }), &|| {
        behaviour.compatibility_replaced()
    });
    rename(|c| (!('\u{e0100}'..='\u{e01ef}').contains(&c)).then_some(c), &|| behaviour.variation_selectors_stripped());
    rename(
        |c| {
            let moved = ('\u{9fb4}'..='\u{9fbb}').contains(&c);
            Some(if moved { char::from_u32(u32::from(c) - 0x9fb4 + 0xe81e).unwrap_or(c) } else { c })
        },
        &|| behaviour.moved_characters_moved_back(),
    );
    kept
}

/// The face as the answer to an issue shows it.
pub(crate) fn issued_face(face: &Face, behaviour: &Behaviour) -> Face {
    let mut shown = kept_face(face, behaviour);
    if behaviour.sex_swapped() {
        shown.sex = if shown.sex == "1" { "2" } else { "1" }.to_owned();
    }
    if let Some(date) = parse_date(&shown.birth_date).ok().filter(|_| behaviour.birth_date_a_day_off()) {
        shown.birth_date = date.next_day().map(write_date).unwrap_or_default();
    }
    shown
}

/// The answer of operation 3.
pub(crate) fn metadata(members: &mut Map<String, Value>, behaviour: &Behaviour) {
    let mut put = |name: &str, value: Value| {
        if members.contains_key(name) {
            members.insert(name.to_owned(), value);
        }
    };
    if behaviour.type_code_of_18() {
        put("certificateTypeCode", json!(ISSUING_AUTHORITY_CODE));
    }
    if behaviour.authority_code_of_another() {
        put("certificateIssuingAuthorityCode", json!("11440300099999917Q"));
    }
    if behaviour.holder_type_414() {
        put("certificateHolderTypeCode", json!("414"));
    }
    if behaviour.short_licence_name() {
        put("certificateName", json!("居民身份证"));
    }
    if behaviour.number_is_serial() {
        put("certificateNumber", json!("20260101A1B2C3D4E5F6"));
    }
    if let Some(Value::String(issued)) = members.get_mut("certificateIssuedDate") {
        if behaviour.dates_without_hyphens() {
            *issued = issued.replace('-', "");
        }
        if let Some(date) = parse_date(issued).ok().filter(|_| behaviour.issued_a_day_late()) {
            *issued = date.next_day().map(write_date).unwrap_or_default();
        }
    }
    if behaviour.issued_date_missing() {
        members.remove("certificateIssuedDate");
    }
    if behaviour.annotation_in_original() {
        members.insert("certificateCopyCause".to_owned(), json!(""));
    }
    if behaviour.holder_code_zeroed() {
        for name in ["certificateHolderCode", "certificateNumber"] {
            if let Some(code) = members.get(name).and_then(Value::as_str) {
                let zeroed =
                    format!("{}00000000{}", code.get(..6).unwrap_or_default(), code.get(14..).unwrap_or_default());
                members.insert(name.to_owned(), json!(zeroed));
            }
        }
    }
    if let Some(holder) = members.get_mut("holder").and_then(Value::as_object_mut) {
        if behaviour.fingerprint_answered() {
            holder.insert("fingerprint".to_owned(), json!("AAAA"));
        }
        if behaviour.authority_of_another_kind() && holder.contains_key("issuingAuthority") {
            holder.insert("issuingAuthority".to_owned(), json!("测试市民政局"));
        }
        if behaviour.ethnicity_always_01() && holder.contains_key("ethnicity") {
            holder.insert("ethnicity".to_owned(), json!("01"));
        }
    }
}

/// Members that are numbers by right.
const NUMBERS: [&str; 4] = ["expectedStatusVersion", "pageSize", "offsetMs", "ttlS"];

/// Whether [`numbers_as_texts`] would change anything.
pub(crate) fn has_number(members: &Map<String, Value>) -> bool {
    fn holds(value: &Value) -> bool {
        match value {
            Value::Number(_) => true,
            Value::Array(items) => items.iter().any(holds),
            Value::Object(members) => has_number(members),
            _ => false,
        }
    }
    members.iter().any(|(name, value)| !NUMBERS.contains(&name.as_str()) && holds(value))
}

/// Every number becomes a text, but those that are numbers by right.
pub(crate) fn numbers_as_texts(members: &mut Map<String, Value>) {
    fn change(value: &mut Value) {
        match value {
            Value::Number(number) => *value = Value::String(number.to_string()),
            Value::Array(items) => items.iter_mut().for_each(change),
            Value::Object(members) => numbers_as_texts(members),
            _ => {}
        }
    }
    members.iter_mut().filter(|(name, _)| !NUMBERS.contains(&name.as_str())).for_each(|(_, value)| change(value));
}

/// Whether a text holds a control character or is long, which some servers do not bear.
pub(crate) fn has_odd_text(members: &Map<String, Value>) -> bool {
    fn is_odd(value: &Value) -> bool {
        match value {
            Value::String(text) => text.chars().any(char::is_control) || (4_000..20_000).contains(&text.len()),
            Value::Array(items) => items.iter().any(is_odd),
            Value::Object(members) => has_odd_text(members),
            _ => false,
        }
    }
    members.values().any(is_odd)
}
