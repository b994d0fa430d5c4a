//! Stand-in vendor beta through its target file: conformant as it is, red where its core is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use ecric_reference::mutants;
use support::{Finished, Serving, run_in};

/// Requirements that beta's dialect cannot show, with what the target file says of them.
const ABSENT: &[(&str, &str)] = &[
    ("PKI-010", "PKI-010 is declared absent"),
    ("PKI-013", "PKI-013 is declared absent"),
    ("PKI-014", "status_list is not declared"),
];

/// Runs the target file against beta, right or with one fault.
fn against_beta(folder: &Path, out: &str, fault: Option<&str>, arguments: &[&str]) -> Finished {
    let mut serve = vec!["--vendor", "beta"];
    serve.extend(fault.into_iter().flat_map(|mutant| ["--mutant", mutant]));
    let serving = Serving::start(folder, &serve);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/examples/beta.yaml");
    run_in(folder, out, &[&[file, "--seed", "7"], arguments].concat(), &[("ECRIC_URL", &serving.url)])
}

#[test]
fn beta_is_conformant_and_says_what_it_cannot_show() {
    let folder = tempfile::tempdir().unwrap();
    let done = against_beta(folder.path(), "out", None, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stdout);
    assert!(done.verdicts().iter().all(|(_, verdict)| verdict == "PASS"), "{:?}", done.verdicts());
    let mut absent = BTreeSet::new();
    for requirement in done.record["requirements"].as_array().unwrap() {
        let (id, reason) =
            (requirement["id"].as_str().unwrap(), requirement["note"]["en"].as_str().unwrap_or_default());
        let planned = ["the wire of binding v1", "the role is not under test", "not tested"];
        match requirement["verdict"].as_str().unwrap() {
            "PASS" => {}
            "NOT_APPLICABLE" if planned.iter().any(|known| reason.contains(known)) => {}
            "NOT_APPLICABLE" => {
                let known = ABSENT.iter().find(|(known, _)| *known == id);
                assert!(known.is_some_and(|(_, told)| reason.contains(told)), "{id}: {reason}");
                absent.insert(id.to_owned());
            }
            other => panic!("{id}: {other}"),
        }
    }
    assert_eq!(absent.len(), ABSENT.len(), "{absent:?}");
}

/// Faults that beta's own form could hide: states, jobs, what is told beside what was asked, problems,
/// bytes and links, digits in texts, stages.
const SHOWN: &[&str] = &[
    "M-LIF-001-a",
    "M-LIF-001-b",
    "M-LIF-014-a",
    "M-LIF-019-a",
    "M-IDM-001-a",
    "M-IDM-004-b",
    "M-IDM-006-a",
    "M-IFC-019-b",
    "M-MD-012-a",
    "M-MD-015-b",
    "M-MD-017-a",
    "M-DAT-010-a",
    "M-FIL-013-a",
    "M-FIL-016-a",
    "M-PKI-011-a",
    "M-VER-010-a",
    "M-VER-017-b",
    "M-VER-020-a",
    "M-VER-028-a",
    "M-VER-034-a",
];

#[test]
fn faults_of_the_core_show_through_beta() {
    let folder = tempfile::tempdir().unwrap();
    let all = std::env::var_os("ECRIC_LONG").is_some();
    let right = against_beta(folder.path(), "right", None, &[]);
    let shown: BTreeSet<String> = right.verdicts().into_iter().map(|(id, _)| id).collect();
    let mut survivors = Vec::new();
    let mut tried = 0;
    for mutant in mutants() {
        let info = mutant.info;
        let wanted = if all { shown.contains(info.killed_by) } else { SHOWN.contains(&info.id) };
        if !wanted {
            continue;
        }
        tried += 1;
        let requirement = info.killed_by.split('/').next().unwrap_or_default();
        let done = against_beta(folder.path(), info.id, Some(info.id), &["--only", requirement]);
        let verdict = done.case(info.killed_by)["verdict"].as_str().unwrap_or("-").to_owned();
        if !["FAIL", "HANG", "UNIMPLEMENTED", "WARN"].contains(&verdict.as_str()) {
            survivors.push(format!("{} ({}): {verdict}", info.id, info.killed_by));
        }
    }
    assert!(survivors.is_empty(), "{survivors:#?}");
    assert!(tried >= SHOWN.len(), "{tried}");
}
