//! Known answers of `vectors/data`, read as data. Knows the shape, not the values.

use std::collections::BTreeMap;

use crate::citizen_number::{self, parse_citizen_number};
use crate::identifier::{self, parse_identifier, write_identifier};
use crate::instant::{
    parse_date, parse_date_basic, parse_instant, write_date, write_date_basic, write_instant, write_instant_ms,
};
use crate::usci::{self, parse_usci};
use crate::validity::{Term, age_on, china_date, end_of_term, expires_at, term_at, validity_range};

#[derive(serde::Deserialize)]
struct File {
    groups: Vec<Group>,
}

#[derive(serde::Deserialize)]
struct Group {
    params: BTreeMap<String, String>,
    items: Vec<Item>,
}

#[derive(serde::Deserialize)]
struct Item {
    id: String,
    input: BTreeMap<String, String>,
    expect: String,
    #[serde(default)]
    output: BTreeMap<String, String>,
}

impl Item {
    fn date(&self, name: &str) -> time::Date {
        parse_date(&self.input[name]).unwrap_or_else(|error| panic!("{} {name}: {error}", self.id))
    }

    fn is_valid(&self) -> bool {
        self.expect == "valid"
    }

    /// Compares one member of the output with what was found.
    fn same(&self, name: &str, found: impl ToString) {
        assert_eq!(self.output.get(name), Some(&found.to_string()), "{} {name}", self.id);
    }

    /// Compares the outcome of a strict reader: kind and position where the item is invalid.
    fn refused(&self, fault: Option<(&str, usize)>) {
        assert_eq!(fault.is_none(), self.is_valid(), "{}: {fault:?}", self.id);
        if let Some((kind, position)) = fault {
            self.same("kind", kind);
            self.same("position", position);
        }
    }
}

/// The items of all groups with this test.
fn items(text: &str, test: &str) -> Vec<Item> {
    let file: File = serde_yaml::from_str(text).unwrap();
    let wanted = file.groups.into_iter().filter(|group| group.params["test"] == test);
    let found: Vec<_> = wanted.flat_map(|group| group.items).collect();
    assert!(!found.is_empty(), "{test}");
    found
}

const CITIZEN_NUMBERS: &str = include_str!("../../../vectors/data/citizen-number/citizen-numbers.yaml");
const IDENTIFIERS: &str = include_str!("../../../vectors/data/identifier/licence-identifiers.yaml");
const INSTANTS: &str = include_str!("../../../vectors/data/validity/instants.yaml");
const TERMS: &str = include_str!("../../../vectors/data/validity/terms.yaml");
const USCIS: &str = include_str!("../../../vectors/data/usci/usci.yaml");

#[test]
fn licence_identifiers() {
    for item in items(IDENTIFIERS, "parse") {
        let text = &item.input["identifier"];
        let parsed = parse_identifier(text);
        item.refused(parsed.as_ref().err().map(|error| (error.kind.word(), error.position)));
        let Ok(parsed) = parsed else { continue };
        item.same("type_code", parsed.type_code());
        item.same("authority", parsed.authority());
        item.same("serial", parsed.serial());
        item.same("version", parsed.version_text());
        item.same("check_character", parsed.check_character());
        let body = [parsed.type_code(), parsed.authority(), parsed.serial(), parsed.version_text()].concat();
        item.same("check_character", identifier::check_character(&body).unwrap());
        item.same("variant_check_character", identifier::variant_check_character(&body).unwrap());
        let written = write_identifier(parsed.type_code(), parsed.authority(), parsed.serial(), parsed.version());
        assert_eq!(written.as_ref().map(identifier::LicenceIdentifier::as_str), Ok(text.as_str()), "{}", item.id);
    }
}

#[test]
fn citizen_numbers() {
    for item in items(CITIZEN_NUMBERS, "parse") {
        let text = &item.input["number"];
        let parsed = parse_citizen_number(text);
        item.refused(parsed.as_ref().err().map(|error| (error.kind.word(), error.position)));
        let Ok(parsed) = parsed else { continue };
        assert_eq!(parsed.as_str(), text, "{}", item.id);
        item.same("birth_date", write_date(parsed.birth_date()));
        item.same("sex", parsed.sex().code());
        item.same("area_code", parsed.area_code());
        item.same("check_character", citizen_number::check_character(&text[..17]).unwrap());
    }
    for item in items(CITIZEN_NUMBERS, "born-by-now") {
        let birth_date = parse_citizen_number(&item.input["number"]).unwrap().birth_date();
        item.same("birth_date", write_date(birth_date));
        let now = parse_instant(&item.input["now"]).unwrap();
        assert_eq!(birth_date <= china_date(now), item.is_valid(), "{}", item.id);
    }
    for item in items(CITIZEN_NUMBERS, "fold") {
        item.same("folded", citizen_number::fold_case(&item.input["number"]));
    }
}

#[test]
fn unified_social_credit_codes() {
    for item in items(USCIS, "parse") {
        let text = &item.input["usci"];
        let parsed = parse_usci(text);
        item.refused(parsed.as_ref().err().map(|error| (error.kind.word(), error.position)));
        let Ok(parsed) = parsed else { continue };
        assert_eq!(parsed.as_str(), text, "{}", item.id);
        item.same("division_code", parsed.division_code());
        item.same("organisation_code", parsed.organisation_code());
        item.same("organisation_check_character", usci::organisation_check_character(&text[8..16]).unwrap());
        item.same("check_character", usci::check_character(&text[..17]).unwrap());
    }
}

#[test]
fn ages_and_terms() {
    for item in items(TERMS, "age") {
        item.same("age", age_on(item.date("birth"), item.date("day")));
    }
    for item in items(TERMS, "term") {
        let age = age_on(item.date("birth"), item.date("issued"));
        item.same("age", age);
        let term = term_at(age);
        item.same("validity_range", validity_range(term));
        match term {
            Term::Years(years) => item.same("term", years),
            Term::LongTerm => item.same("term", "long-term"),
        }
        let last_day = end_of_term(item.date("effective"), term).map(write_date);
        assert_eq!(last_day.as_ref(), item.output.get("last_day"), "{}", item.id);
    }
}

#[test]
fn days_begin_and_end_in_china() {
    for item in items(TERMS, "expiry") {
        let expires = expires_at(item.date("last_day"));
        item.same("expires_at", write_instant(expires));
        assert_eq!(china_date(expires - time::Duration::NANOSECOND), item.date("last_day"), "{}", item.id);
    }
    for item in items(TERMS, "china-day") {
        item.same("date", write_date(china_date(parse_instant(&item.input["instant"]).unwrap())));
    }
}

#[test]
fn instants_and_dates() {
    for item in items(INSTANTS, "instant") {
        let parsed = parse_instant(&item.input["instant"]);
        item.refused(parsed.as_ref().err().map(|error| (error.kind.word(), error.position)));
        let Ok(parsed) = parsed else { continue };
        item.same("china", write_instant(parsed));
        item.same("unix", parsed.unix_timestamp());
        assert_eq!(write_instant_ms(parsed), item.output["china"].replace("+08:00", ".000+08:00"), "{}", item.id);
    }
    for item in items(INSTANTS, "date") {
        let parsed = parse_date(&item.input["date"]);
        item.refused(parsed.as_ref().err().map(|error| (error.kind.word(), error.position)));
        let Ok(parsed) = parsed else { continue };
        assert_eq!(write_date(parsed), item.input["date"], "{}", item.id);
        item.same("basic", write_date_basic(parsed));
        assert_eq!(parse_date_basic(&item.output["basic"]), Ok(parsed), "{}", item.id);
        assert!(parse_date_basic(&item.input["date"]).is_err(), "{}", item.id);
    }
}
