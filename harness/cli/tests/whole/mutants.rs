//! Each mutant is killed by the case that must kill it, for all mutants with `ECRIC_LONG=1` in a
//! release build, else for a sample: the first mutant of each family of requirements.

use std::collections::BTreeSet;

use crate::support::{Finished, Serving, run, run_against, vendor_file};
use ecric_model::mutant::MutantInfo;
use ecric_reference::mutants;

/// Runs the requirement of a mutant against it: embedded, or over the wire of its vendor.
fn run_mutant(folder: &std::path::Path, info: &MutantInfo) -> Finished {
    let requirement = info.killed_by.split('/').next().unwrap_or_default();
    let Some(vendor) = info.vendor else {
        return run(folder, info.id, &["--mutant", info.id, "--only", requirement, "--seed", "7"]);
    };
    let serving = Serving::vendor(folder, vendor, info.id);
    let file = vendor_file(vendor);
    run_against(folder, info.id, &serving.url, &[&file, "--only", requirement, "--seed", "7"])
}

#[test]
fn mutants_are_killed_by_their_cases() {
    let folder = tempfile::tempdir().unwrap();
    let all = std::env::var_os("ECRIC_LONG").is_some();
    let mut families = BTreeSet::new();
    let mut survivors = Vec::new();
    for mutant in mutants() {
        let info = mutant.info;
        let family = info.id.split('-').nth(1).unwrap_or_default();
        if (info.vendor.is_some() || !families.insert(family)) && !all {
            continue;
        }
        let done = run_mutant(folder.path(), &info);
        let verdict = done.case(info.killed_by)["verdict"].as_str().unwrap_or("-").to_owned();
        if !["FAIL", "HANG", "UNIMPLEMENTED", "WARN"].contains(&verdict.as_str()) {
            survivors.push(format!("{} ({}): {verdict}", info.id, info.killed_by));
        }
    }
    assert!(survivors.is_empty(), "{survivors:#?}");
    assert!(families.len() >= 8, "{families:?}");
}

#[test]
fn a_mutant_turns_its_own_case_red_and_the_report_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), "out", &["--mutant", "M-DAT-003-a", "--seed", "7"]);
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    assert_eq!(done.red(), ["DAT-003"], "{}", done.stdout);
    let red: Vec<String> =
        done.verdicts().into_iter().filter(|(_, verdict)| verdict == "FAIL").map(|(id, _)| id).collect();
    assert_eq!(red, ["DAT-003/02"]);
    let html = std::fs::read_to_string(done.folder.join("report.html")).unwrap();
    assert!(html.contains("DAT-003/02") && html.contains("holder.birthDate"));
}
