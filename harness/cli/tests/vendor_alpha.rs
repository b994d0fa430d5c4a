//! Stand-in vendor alpha through its target file: conformant as it is, red where its core is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use ecric_reference::mutants;
use support::{Finished, Serving, run_in};

/// Requirements that alpha's dialect cannot show, with what the target file says of them.
const ABSENT: &[(&str, &str)] = &[
    ("ISS-003", "issuer.issue.personaRef is declared absent"),
    ("IDM-001", "declared absent"),
    ("IDM-002", "declared absent"),
    ("IDM-004", "declared absent"),
    ("IDM-005", "declared absent"),
    ("IDM-006", "declared absent"),
    ("LIF-014", "declared absent"),
    ("LIF-015", "declared absent"),
    ("LIF-016", "declared absent"),
    ("LIF-019", "declared absent"),
    ("PKI-014", "status_list is not declared"),
    ("VER-020", "batch is not declared"),
    ("VER-021", "batch is not declared"),
    ("VER-022", "batch is not declared"),
    ("VER-023", "batch is not declared"),
    ("VER-031", "batch is not declared"),
];

/// Runs the target file against alpha, right or with one fault.
fn against_alpha(folder: &Path, out: &str, fault: Option<&str>, arguments: &[&str]) -> Finished {
    let mut serve = vec!["--vendor", "alpha"];
    serve.extend(fault.into_iter().flat_map(|mutant| ["--mutant", mutant]));
    let serving = Serving::start(folder, &serve);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/examples/alpha.yaml");
    run_in(folder, out, &[&[file, "--seed", "7"], arguments].concat(), &[("ECRIC_URL", &serving.url)])
}

#[test]
fn alpha_is_conformant_and_says_what_it_cannot_show() {
    let folder = tempfile::tempdir().unwrap();
    let done = against_alpha(folder.path(), "out", None, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stdout);
    assert!(done.verdicts().iter().all(|(_, verdict)| verdict == "PASS"), "{:?}", done.verdicts());
    let mut absent = BTreeSet::new();
    for requirement in done.record["requirements"].as_array().unwrap() {
        let (id, reason) =
            (requirement["id"].as_str().unwrap(), requirement["note"]["en"].as_str().unwrap_or_default());
        match requirement["verdict"].as_str().unwrap() {
            "PASS" => {}
            "NOT_APPLICABLE" if reason.contains("the wire of binding v1") || reason.starts_with("not tested") => {}
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

#[test]
fn a_code_that_alpha_does_not_document_is_a_gap_of_the_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/examples/alpha.yaml");
    let text = std::fs::read_to_string(file).unwrap();
    // Alpha answers 77 where a serial is longer than it can keep.
    let (before, after) = text.split_once("/service/queryCertInfo.do").unwrap();
    let after = after.replacen("<serial>{{ uuid }}", "<serial>{{ uuid }}{{ uuid }}", 1);
    std::fs::write(folder.path().join("long.yaml"), format!("{before}/service/queryCertInfo.do{after}")).unwrap();
    let serving = Serving::start(folder.path(), &["--vendor", "alpha"]);
    let variables = [("ECRIC_URL", serving.url.as_str())];
    let done = run_in(folder.path(), "out", &["long.yaml", "--only", "MD-001", "--seed", "7"], &variables);
    assert_eq!(done.code, Some(3), "{}", done.stdout);
    let case = done.case("MD-001/01");
    assert_eq!((&case["verdict"], &case["cause"]), (&"INCONCLUSIVE".into(), &"mapping".into()), "{case}");
    assert!(case.to_string().contains("77"), "{case}");
}

/// Faults that alpha's own words could hide: states, messages, withheld data, signed members, digits of stages.
const SHOWN: &[&str] = &[
    "M-LIF-001-a",
    "M-LIF-010-a",
    "M-LIF-018-a",
    "M-IFC-019-b",
    "M-IFC-023-a",
    "M-IFC-026-a",
    "M-MD-012-a",
    "M-MD-015-b",
    "M-MD-017-a",
    "M-DAT-010-a",
    "M-AUD-006-a",
    "M-PKI-010-a",
    "M-PKI-013-a",
    "M-FIL-013-a",
    "M-VER-010-a",
    "M-VER-017-b",
    "M-VER-027-b",
    "M-VER-028-a",
    "M-VER-034-a",
];

/// Faults that alpha's wire mends: it writes every date without hyphens.
const MENDED: &[&str] = &["M-MD-010-b"];

#[test]
fn faults_of_the_core_show_through_alpha() {
    let folder = tempfile::tempdir().unwrap();
    let all = std::env::var_os("ECRIC_LONG").is_some();
    let right = against_alpha(folder.path(), "right", None, &[]);
    let shown: BTreeSet<String> = right.verdicts().into_iter().map(|(id, _)| id).collect();
    let mut survivors = Vec::new();
    let mut tried = 0;
    for mutant in mutants() {
        let info = mutant.info;
        let wanted = if all { shown.contains(info.killed_by) } else { SHOWN.contains(&info.id) };
        let wanted = wanted && !MENDED.contains(&info.id);
        if !wanted {
            continue;
        }
        tried += 1;
        let requirement = info.killed_by.split('/').next().unwrap_or_default();
        let done = against_alpha(folder.path(), info.id, Some(info.id), &["--only", requirement]);
        let verdict = done.case(info.killed_by)["verdict"].as_str().unwrap_or("-").to_owned();
        if !["FAIL", "HANG", "UNIMPLEMENTED", "WARN"].contains(&verdict.as_str()) {
            survivors.push(format!("{} ({}): {verdict}", info.id, info.killed_by));
        }
    }
    assert!(survivors.is_empty(), "{survivors:#?}");
    assert!(tried >= SHOWN.len(), "{tried}");
}
