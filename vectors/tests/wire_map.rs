//! The table "On the wire" of `README.md`: what of the vectors is sent to verifiers as licence files.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

use std::collections::{BTreeMap, BTreeSet};

use ecric_vectors::file::Expect;
use ecric_vectors::licence_file::find_attack;
use ecric_vectors::set::load_files;

const AREAS: [&str; 3] = ["x509", "signed-data", "seal"];

/// File and flag to the reasons of its refused vectors.
fn refused() -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut found: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for (name, file) in load_files().unwrap() {
        let path = name.strip_suffix(".yaml").unwrap();
        if !AREAS.contains(&file.area.as_str()) && path != "metadata/records" {
            continue;
        }
        let items = file.groups.iter().flat_map(|group| &group.items).filter(|item| item.expect == Expect::Invalid);
        for item in items {
            for flag in &item.flags {
                let reasons = found.entry((path.to_owned(), flag.clone())).or_default();
                reasons.insert(item.reason.clone().unwrap());
            }
        }
    }
    found
}

/// Rows of the table: file and flag to the rest.
fn rows() -> BTreeMap<(String, String), String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table = text.split("## On the wire").nth(1).expect("the section exists");
    let mut rows = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [key, rest] = cells[..] else { panic!("{line}") };
        let (file, flag) = key.rsplit_once(' ').unwrap();
        let old = rows.insert((file.trim_matches('`').to_owned(), flag.to_owned()), rest.to_owned());
        assert_eq!(old, None, "twice: {line}");
    }
    rows
}

#[test]
fn every_flag_with_refused_vectors_has_a_row_and_no_row_is_left_over() {
    let (flags, rows): (BTreeSet<_>, BTreeSet<_>) = (refused().into_keys().collect(), rows().into_keys().collect());
    assert_eq!(flags.difference(&rows).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "without a row");
    assert_eq!(rows.difference(&flags).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "without vectors");
}

#[test]
fn every_attack_named_exists_and_has_a_reason_of_its_vectors() {
    let refused = refused();
    let (mut problems, mut linked) = (Vec::new(), 0);
    for (key, rest) in rows() {
        if let Some(why) = rest.strip_prefix("- ") {
            assert!(why.len() > 10, "{key:?}: say why");
            continue;
        }
        for id in rest.split_whitespace() {
            linked += 1;
            match find_attack(id) {
                None => problems.push(format!("{key:?}: no attack {id}")),
                Some(attack) if !attack.codes.iter().any(|code| refused[&key].contains(*code)) => {
                    problems.push(format!("{key:?} {:?}: {id} has {:?}", refused[&key], attack.codes));
                }
                Some(_) => {}
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(linked > 80, "{linked}");
}
