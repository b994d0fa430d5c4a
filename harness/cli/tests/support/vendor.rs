//! A stand-in vendor through its target file: conformant as it is, red where its core is wrong.

#![allow(dead_code, reason = "each test file uses its part")]

use std::collections::BTreeSet;
use std::path::Path;

use ecric_reference::mutants;

use super::{Finished, Serving, run_in};

/// Runs the target file of a vendor against it, right or with one fault.
pub fn against(vendor: &str, folder: &Path, out: &str, fault: Option<&str>, arguments: &[&str]) -> Finished {
    let mut serve = vec!["--vendor", vendor];
    serve.extend(fault.into_iter().flat_map(|mutant| ["--mutant", mutant]));
    let serving = Serving::start(folder, &serve);
    let file = format!("{}/../target/examples/{vendor}.yaml", env!("CARGO_MANIFEST_DIR"));
    run_in(folder, out, &[&[&file, "--seed", "7"], arguments].concat(), &[("ECRIC_URL", &serving.url)])
}

/// Everything passes but what the plan leaves out for every mapped product, and exactly `absent`: requirements
/// with a part of the reason told.
pub fn is_conformant_but_for(vendor: &str, absent: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let done = against(vendor, folder.path(), "out", None, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stdout);
    assert!(done.verdicts().iter().all(|(_, verdict)| verdict == "PASS"), "{:?}", done.verdicts());
    let planned = [
        "the wire of binding v1",
        "the role is not under test",
        "not tested",
        "presentation is not declared",
        "offline is not declared",
    ];
    let (mut found, mut wrong) = (BTreeSet::new(), Vec::new());
    for requirement in done.record["requirements"].as_array().unwrap() {
        let (id, reason) =
            (requirement["id"].as_str().unwrap(), requirement["note"]["en"].as_str().unwrap_or_default());
        match requirement["verdict"].as_str().unwrap() {
            "PASS" => {}
            "NOT_APPLICABLE" if planned.iter().chain(&super::NOT_GIVEN).any(|known| reason.contains(known)) => {}
            "NOT_APPLICABLE" => {
                if !absent.iter().any(|(known, told)| *known == id && reason.contains(told)) {
                    wrong.push(format!("{id}: {reason}"));
                }
                found.insert(id.to_owned());
            }
            other => panic!("{id}: {other}"),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(found.len(), absent.len(), "{found:?}");
}

/// Each of `shown` turns its case red; with `ECRIC_LONG=1` every mutant whose case is planned does, but for
/// `hidden`: faults that the wire itself mends or cannot show.
pub fn shows_faults(vendor: &str, shown: &[&str], hidden: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let all = std::env::var_os("ECRIC_LONG").is_some();
    let planned: BTreeSet<String> = if all {
        against(vendor, folder.path(), "right", None, &[]).verdicts().into_iter().map(|(id, _)| id).collect()
    } else {
        BTreeSet::new()
    };
    let (mut survivors, mut tried) = (Vec::new(), 0);
    for mutant in mutants() {
        let info = mutant.info;
        let other = info.vendor.is_some_and(|own| own != vendor);
        let wanted = shown.contains(&info.id) || planned.contains(info.killed_by);
        if !wanted || other || hidden.contains(&info.id) {
            continue;
        }
        tried += 1;
        let requirement = info.killed_by.split('/').next().unwrap_or_default();
        let mut arguments = vec!["--only", requirement];
        // A wire that allows few calls at once, or takes several for one, needs more rounds of a race.
        if requirement == "LIF-025" {
            arguments.extend(["--depth", "long"]);
        }
        let done = against(vendor, folder.path(), info.id, Some(info.id), &arguments);
        let verdict = done.case(info.killed_by)["verdict"].as_str().unwrap_or("-").to_owned();
        if !["FAIL", "HANG", "UNIMPLEMENTED", "WARN"].contains(&verdict.as_str()) {
            survivors.push(format!("{} ({}): {verdict}", info.id, info.killed_by));
        }
    }
    assert!(survivors.is_empty(), "{vendor}: {survivors:#?}");
    assert!(tried >= shown.len(), "{tried}");
}
