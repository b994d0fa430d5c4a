//! Every committed vector gets its expected answer; broken questions get an error.

use super::*;
use crate::options::Reading;
use crate::set::{Outcome, Vector, load_set};

fn options_of(vector: &Vector) -> Options {
    match &vector.option {
        Some((name, reading)) => Options::profile().with(name, *reading).unwrap(),
        None => Options::profile(),
    }
}

#[test]
fn every_vector_is_answered_as_it_expects() {
    let vectors = load_set().unwrap();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let said = answer(&vector.question(), &options_of(vector));
        let outcome = vector.judge(said.result, said.output.as_deref());
        if outcome != Outcome::Right {
            wrong.push(format!("{}: {} {said:?}", vector.item.id, outcome.word()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

/// Operations whose vectors say a reason code of binding v1, section 8.
const WITH_CODES: [&str; 10] = [
    "x509.signature",
    "signed_data.verify",
    "ses.signature",
    "x509.certificate",
    "x509.chain",
    "x509.crl",
    "x509.ocsp",
    "seal.verify",
    "seal_signature.verify",
    "metadata.check",
];

#[test]
fn reasons_of_artefacts_are_codes_of_the_binding_and_the_ones_given() {
    let (mut wrong, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
    for vector in load_set().unwrap().iter().filter(|vector| WITH_CODES.contains(&vector.operation.name)) {
        seen.insert(vector.operation.name);
        let Some(wanted) = &vector.item.reason else { continue };
        assert!(ecric_model::reason::class_of(wanted).is_some(), "{}: {wanted}", vector.item.id);
        let said = answer(&vector.question(), &options_of(vector)).reason.unwrap_or_default();
        if said.split(':').next() != Some(wanted) {
            wrong.push(format!("{} ({}): {said}, wanted {wanted}", vector.item.id, vector.item.comment));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(seen.len(), WITH_CODES.len(), "{seen:?}");
}

#[test]
fn every_refused_artefact_names_its_good_twin() {
    let vectors = load_set().unwrap();
    let find = |id: &str| vectors.iter().find(|vector| vector.item.id == id);
    for vector in vectors.iter().filter(|vector| WITH_CODES.contains(&vector.operation.name)) {
        if vector.item.reason.is_none() {
            continue;
        }
        let named = vector.item.output.as_ref().and_then(|output| output.get("twin"));
        let twin = named.and_then(|id| find(id)).unwrap_or_else(|| panic!("{} has no twin", vector.item.id));
        assert_eq!(twin.operation, vector.operation, "{}", vector.item.id);
        assert_eq!(twin.item.reason, None, "{}", vector.item.id);
        let differs = twin.question().input != vector.question().input || twin.option != vector.option;
        assert!(differs, "{} is its twin", vector.item.id);
    }
}

#[test]
fn each_grey_zone_has_a_vector_for_each_reading() {
    let vectors = load_set().unwrap();
    for zone in crate::options::GREY_ZONES {
        for reading in [Reading::Refuse, Reading::Accept] {
            let found = vectors.iter().any(|v| v.option == Some((zone.name.to_owned(), reading)));
            assert!(found, "{} {}", zone.name, reading.word());
        }
    }
}

#[test]
fn broken_questions_are_errors_and_unknown_ones_unsupported() {
    let ask = |operation: &str, input: &[(&str, &str)]| {
        let input = input.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        answer(
            &Question { id: "x".to_owned(), operation: operation.to_owned(), input, option: None },
            &Options::profile(),
        )
        .result
    };
    assert_eq!(ask("sm2.guess", &[]), Verdict::Unsupported);
    assert_eq!(ask("sm3.digest", &[]), Verdict::Error);
    assert_eq!(ask("sm3.digest", &[("message", "zz"), ("repeat", "1")]), Verdict::Error);
    assert_eq!(ask("sm3.digest", &[("message", "00"), ("repeat", "99999999999")]), Verdict::Error);
    assert_eq!(ask("sm4.ecb-encrypt", &[("key", "00"), ("plaintext", "")]), Verdict::Invalid);
    assert_eq!(ask("status.next", &[("from", "NOWHERE"), ("event", "EXPIRE")]), Verdict::Error);
}
