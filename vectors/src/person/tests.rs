//! Numbers that never repeat, ages that are right on every day, faces that are what their kind says.

use std::collections::{BTreeMap, BTreeSet};

use ecric_licence::citizen_number::{Sex, parse_citizen_number};
use ecric_licence::code_lists::{is_ethnicity, is_sex};
use ecric_licence::metadata::{ADDRESS_MAX, AUTHORITY_MAX, NAME_MAX, fits};
use ecric_licence::validity::age_on;
use proptest::proptest;
use time::macros::date;

use super::*;

const TODAY: Date = date!(2026 - 06 - 01);

/// Kind and the ages that its persons may have.
const AGES: [(&str, i32, i32); 12] = [
    ("leap-day", 13, 17),
    ("child", 3, 13),
    ("young-adult", 17, 24),
    ("senior", 47, 52),
    ("16-today", 16, 16),
    ("16-tomorrow", 15, 15),
    ("18-today", 18, 18),
    ("18-tomorrow", 17, 17),
    ("26-today", 26, 26),
    ("26-tomorrow", 25, 25),
    ("46-today", 46, 46),
    ("46-tomorrow", 45, 45),
];

fn slot(seed: u8, case_ordinal: u32, index: u32) -> Slot {
    Slot { seed: [seed; 32], case_ordinal, index }
}

fn person(kind: &str, slot: &Slot) -> Person {
    generate_person(kind, slot, TODAY).unwrap()
}

fn has_fixed_birthday(kind: &str) -> bool {
    kind.ends_with("-today") || kind.ends_with("-tomorrow") || kind == "leap-day"
}

fn index_limit(kind: &str) -> u32 {
    match kind {
        "adult" => ADULT_INDEX_LIMIT,
        "child" | "young-adult" | "senior" => BAND_INDEX_LIMIT,
        _ => SPECIAL_INDEX_LIMIT,
    }
}

/// Small numbers, the border, and some between.
fn sampled(limit: u32) -> BTreeSet<u32> {
    let between = (1..=10).map(|part| (limit - 1) / 11 * part);
    (0..12).chain(between).chain(limit - 3..limit).collect()
}

#[test]
fn no_two_slots_of_a_run_share_a_number() {
    let mut seen = BTreeMap::new();
    let mut once = |number: String, who: String| {
        if let Some(before) = seen.insert(number, who.clone()) {
            panic!("{before} and {who} have one number");
        }
    };
    for kind in KINDS {
        if has_fixed_birthday(kind) {
            for (ordinal, index) in (0..112).step_by(3).flat_map(|ordinal| (0..8).map(move |index| (ordinal, index))) {
                once(person(kind, &slot(7, ordinal, index)).id_number, format!("{kind} {ordinal} {index}"));
            }
            continue;
        }
        for ordinal in sampled(ORDINAL_LIMIT) {
            for index in sampled(index_limit(kind)) {
                once(person(kind, &slot(7, ordinal, index)).id_number, format!("{kind} {ordinal} {index}"));
            }
        }
    }
    for sex in [Sex::Male, Sex::Female] {
        for ordinal in sampled(ORDINAL_LIMIT) {
            for index in sampled(ADULT_INDEX_LIMIT) {
                let number = numbers::allocate_for_sex(sex, &slot(7, ordinal, index), TODAY);
                once(number.as_str().to_owned(), format!("shape {sex:?} {ordinal} {index}"));
            }
        }
    }
}

#[test]
fn a_fixed_birthday_serves_every_case_once_and_half_of_them_twice() {
    for (ordinals, indexes) in [(900, 1), (448, 2), (224, 4), (112, 8)] {
        let slots = (0..ordinals).flat_map(|ordinal| (0..indexes).map(move |index| slot(3, ordinal, index)));
        let numbers: BTreeSet<_> = slots.map(|slot| person("18-today", &slot).id_number).collect();
        assert_eq!(numbers.len() as u64, u64::from(ordinals * indexes), "{ordinals} ordinals, {indexes} indexes");
    }
}

#[test]
fn the_same_slot_is_the_same_person_and_another_seed_another() {
    for kind in KINDS {
        assert_eq!(person(kind, &slot(1, 5, 2)), person(kind, &slot(1, 5, 2)));
        assert_ne!(person(kind, &slot(1, 5, 2)).reference, person(kind, &slot(2, 5, 2)).reference);
        assert_ne!(person(kind, &slot(1, 5, 2)).address, person(kind, &slot(2, 5, 2)).address);
    }
    let numbers = |seed| (0..300).map(move |ordinal| person("adult", &slot(seed, ordinal, 0)).id_number);
    let first: BTreeSet<_> = numbers(1).collect();
    assert!(numbers(2).filter(|number| first.contains(number)).count() < 3, "two runs hardly meet");
}

#[test]
fn every_person_is_valid() {
    let mut names = BTreeSet::new();
    let mut references = BTreeSet::new();
    let mut sexes = BTreeSet::new();
    for kind in KINDS {
        for ordinal in 0..24 {
            let person = person(kind, &slot(9, ordinal, 1));
            let number = parse_citizen_number(&person.id_number).unwrap();
            assert_eq!(number.birth_date(), person.birth_date);
            assert_eq!(number.sex().code(), person.sex);
            assert!(is_sex(&person.sex) && is_ethnicity(&person.ethnicity) && person.ethnicity != "01", "{kind}");
            assert!(fits(&person.name, NAME_MAX) && fits(&person.address, ADDRESS_MAX), "{kind}");
            assert!(fits(&person.issuing_authority, AUTHORITY_MAX) && person.issuing_authority.contains("公安局"));
            let single = *kind == "name-1" && person.name.chars().count() == 1;
            let plain = person.name.starts_with("测试") && person.name.chars().count() >= 3;
            assert!(single || plain, "{}", person.name);
            assert!(names.insert(person.name.clone()) && references.insert(person.reference.clone()), "{kind}");
            assert!(person.reference.is_ascii());
            assert_eq!(person.id_number.ends_with('X'), *kind == "check-x", "{kind}");
            assert_eq!(number.area_code(), if *kind == "other-division" { "110198" } else { "110199" });
            sexes.insert(person.sex);
        }
    }
    assert_eq!(sexes.len(), 2);
}

#[test]
fn ages_are_right_on_every_day() {
    let days = [
        TODAY,
        date!(2026 - 12 - 31),
        date!(2027 - 01 - 01),
        date!(2027 - 02 - 28),
        date!(2027 - 03 - 01),
        date!(2028 - 02 - 28),
        date!(2028 - 02 - 29),
        date!(2028 - 03 - 01),
        date!(2030 - 03 - 31),
    ];
    for today in days {
        for kind in KINDS {
            let range = AGES.iter().find(|(known, ..)| known == kind).map_or((27, 44), |(_, from, to)| (*from, *to));
            for ordinal in 0..12 {
                let birth = generate_person(kind, &slot(4, ordinal, 0), today).unwrap().birth_date;
                let age = age_on(birth, today);
                assert!((range.0..=range.1).contains(&age), "{kind} on {today}: {age}");
                // Nobody born in a common year reaches an age on 29 February.
                if today != date!(2028 - 02 - 28) && *kind != "leap-day" {
                    let reached = age_on(birth, today.next_day().unwrap()) > age;
                    assert_eq!(reached, kind.ends_with("-tomorrow"), "{kind} on {today}");
                }
                if !has_fixed_birthday(kind) {
                    let near = |days: i64| age_on(birth, today + time::Duration::days(days));
                    assert_eq!((near(-30), near(30)), (age, age), "{kind} on {today}: a birthday within 30 days");
                }
            }
        }
    }
}

#[test]
fn faces_are_what_their_kind_says() {
    type Law = fn(&Person) -> bool;
    let rows: [(&str, Law); 13] = [
        ("adult", |p| p.minority_name.is_none() && p.address.chars().count() <= 35),
        ("ethnicity-05", |p| p.ethnicity == "05"),
        ("ethnicity-97", |p| p.ethnicity == "97"),
        ("ethnicity-98", |p| p.ethnicity == "98"),
        ("name-50", |p| p.name.chars().count() == 50 && p.name.matches('\u{b7}').count() == 3),
        ("address-70", |p| p.address.chars().count() == 70),
        ("middle-dot", |p| p.name.matches('\u{b7}').count() == 1),
        ("extension-a", |p| ends_within(p, '\u{3400}', '\u{4db5}')),
        ("extension-b", |p| ends_within(p, '\u{20000}', '\u{2a6d6}')),
        ("extension-g", |p| ends_within(p, '\u{30000}', '\u{3134a}')),
        ("ideographic-zero", |p| ends_within(p, '\u{3007}', '\u{3007}')),
        ("compatibility", |p| ends_within(p, '\u{f9dc}', '\u{f9dc}')),
        ("minority-script", |p| p.ethnicity == "05" && p.minority_name.is_some() && p.minority_address.is_some()),
    ];
    for (kind, law) in rows {
        for ordinal in 0..20 {
            let person = person(kind, &slot(2, ordinal, 0));
            assert!(law(&person), "{kind}: {person:?}");
        }
    }
}

fn ends_within(person: &Person, first: char, last: char) -> bool {
    person.name.chars().next_back().is_some_and(|end| (first..=last).contains(&end))
}

#[test]
fn the_holder_has_the_members_of_the_binding() {
    let person = person("minority-script", &slot(1, 2, 3));
    let holder = Value::Object(person.holder());
    let names: Vec<_> = holder.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = ["name", "sex", "ethnicity", "birthDate", "address", "idNumber", "issuingAuthority", "minorityName"];
    assert_eq!(names, [wanted.as_slice(), &["minorityAddress"]].concat());
    let read: ecric_model::binding::Holder = serde_json::from_value(holder).unwrap();
    assert_eq!(read.birth_date.as_deref().map(|date| date.replace('-', "")).as_deref(), Some(&person.id_number[6..14]));
    assert!(read.other.is_empty());
    let secrets = person.secrets();
    for value in [&person.name, &person.id_number, &person.address, &write_date(person.birth_date)] {
        assert!(secrets.contains(value));
    }
    assert_eq!(secrets.len(), 6);
}

#[test]
fn unknown_kinds_are_refused() {
    for kind in ["", "Adult", "adult ", "16"] {
        let error = generate_person(kind, &slot(0, 0, 0), TODAY).unwrap_err();
        assert!(error.to_string().starts_with(&format!("unknown person kind {kind:?}, wanted one of adult, child")));
    }
}

proptest! {
    #[test]
    fn a_shape_keeps_its_face_and_gets_a_number_that_agrees(shape in strategy(), ordinal in 0..1024_u32, index in 0..4096_u32) {
        let person = Person::from_shape(&shape, &slot(6, ordinal, index), TODAY);
        let number = parse_citizen_number(&person.id_number).unwrap();
        assert_eq!((&person.name, &person.address, &person.ethnicity), (&shape.name, &shape.address, &shape.ethnicity));
        assert_eq!((number.sex(), number.birth_date()), (shape.sex, person.birth_date));
        assert!(fits(&shape.name, NAME_MAX) && fits(&shape.address, ADDRESS_MAX));
        assert!(!shape.name.starts_with('·') && !shape.name.ends_with('·') && !shape.name.contains("··"));
        assert!(shape.name.chars().count() >= 2);
    }
}
