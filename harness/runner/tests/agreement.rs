//! The committed record of agreement holds for the committed vectors, and every adapter that works
//! on this machine agrees again with what it says.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]
#![allow(clippy::print_stderr, reason = "a skipped adapter is named")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use ecric_runner::vectors::{Agreement, Limits, load_adapters, load_agreement, measure};
use ecric_vectors::set::{Vector, load_set};

fn vectors_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

fn record() -> Agreement {
    let text = std::fs::read_to_string(vectors_folder().join("agreement.json")).unwrap();
    let record = load_agreement(&text).unwrap();
    assert_eq!(record.render(), text, "written by ecric vectors table --record");
    record
}

#[test]
fn every_cryptographic_vector_has_two_independent_implementations_that_agreed() {
    let problems = record().problems(&load_set().unwrap());
    assert!(problems.is_empty(), "{}:\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn a_record_that_does_not_fit_is_noticed() {
    let mut vectors: Vec<Vector> = load_set().unwrap();
    let at = vectors.iter().position(Vector::is_cryptographic).unwrap();
    let id = vectors[at].item.id.clone();
    let mut record = record();
    vectors[at].item.input.insert("message".to_owned(), "00".to_owned());
    assert_eq!(record.problems(&vectors), [format!("{id}: changed since the record was made")]);
    let mut agreed = record.vectors.remove(&id).unwrap();
    assert_eq!(record.problems(&vectors), [format!("{id}: not in the record")]);
    agreed.content = vectors[at].fingerprint();
    agreed.by = vec!["openssl".to_owned(), "tongsuopy".to_owned()];
    record.vectors.insert(id.clone(), agreed.clone());
    record.vectors.insert("sm3.gone.0001".to_owned(), agreed);
    let wanted =
        [format!("{id}: only {{\"openssl\"}} agreed, wanted 2 families"), "sm3.gone.0001: no such vector".to_owned()];
    assert_eq!(record.problems(&vectors), wanted);
}

#[test]
fn every_adapter_on_this_machine_agrees_again() {
    let (vectors, record) = (load_set().unwrap(), record());
    let mut adapters = load_adapters(&vectors_folder().join("adapters")).unwrap();
    // libsmx is asked in the tests of ecric-vectors; its adapter would start another build here.
    adapters.retain(|adapter| adapter.name != "libsmx");
    let limits = Limits { answer: Duration::from_secs(60), ..Limits::default() };
    let table = measure(adapters, &vectors, limits);
    for (adapter, problem) in &table.missing {
        eprintln!("skipped {}: {problem}", adapter.name);
    }
    let mut wrong = Vec::new();
    for column in &table.columns {
        let recorded = record.implementations.iter().find(|one| one.name == column.adapter.name);
        let Some(recorded) = recorded else {
            eprintln!("skipped {}: not in the record", column.adapter.name);
            continue;
        };
        if recorded.version != column.version {
            eprintln!("skipped {}: {} here, {} in the record", recorded.name, column.version, recorded.version);
            continue;
        }
        for checked in column.outcomes.iter().filter(|checked| checked.vector.is_cryptographic()) {
            let agreed = &record.vectors[&checked.vector.item.id].by;
            let agrees = checked.outcome == ecric_vectors::set::Outcome::Right;
            if agreed.contains(&column.adapter.name) != agrees {
                wrong.push(format!("{} {}: {}", recorded.name, checked.vector.item.id, checked.outcome.word()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
