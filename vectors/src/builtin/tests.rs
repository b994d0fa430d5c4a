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
