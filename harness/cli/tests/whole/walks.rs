//! Faults of state are found by random walks, shrunk to a few steps and shown again by the written scripts;
//! races are found; a verifier that knows the published vectors by heart is found. A sample, and everything
//! with `ECRIC_LONG=1`.

use std::path::Path;
use std::process::Command;

use crate::support::{Finished, Serving, ecric, run, target_file};
use ecric_reference::mutants;

fn all() -> bool {
    std::env::var_os("ECRIC_LONG").is_some()
}

/// Mutants of a requirement; without `ECRIC_LONG` the first only.
fn planted(requirement: &str) -> Vec<&'static str> {
    let ids = mutants().iter().map(|mutant| mutant.info.id).filter(|id| id.contains(requirement));
    if all() { ids.collect() } else { ids.take(1).collect() }
}

fn verdict(done: &Finished, case: &str) -> String {
    done.case(case)["verdict"].as_str().unwrap_or("-").to_owned()
}

/// Runs a script that a run has written against a server; its last line.
fn play(script: &Path, serving: &Serving, folder: &Path) -> String {
    let target = folder.join(target_file(folder, "script", &serving.url, 10_000));
    let output = Command::new("bash")
        .arg(script)
        .current_dir(folder)
        .env("ECRIC_URL", &serving.url)
        .env("ECRIC_KEY", ecric_model::published::REFERENCE.key_hex)
        .env("ECRIC_TARGET", &target)
        .env("ECRIC", env!("CARGO_BIN_EXE_ecric"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    format!("{text}{}", String::from_utf8_lossy(&output.stderr))
        .trim_end()
        .lines()
        .last()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn planted_faults_are_found_shrunk_and_shown_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    for (requirement, case) in [("LIF-023", "LIF-023/01"), ("LIF-024", "LIF-024/01")] {
        for id in planted(requirement) {
            let arguments = ["--mutant", id, "--only", case, "--depth", "long", "--seed", "7", "--case-timeout", "600"];
            let done = run(folder.path(), id, &arguments);
            assert_eq!(verdict(&done, case), "FAIL", "{id}: {}{}", done.stdout, done.stderr);
            let property = &done.case(case)["property"];
            let walks = property["values"].as_u64().unwrap();
            let minimal = property["minimal"].as_str().unwrap().to_owned();
            assert!(walks <= 200 && minimal.split("; ").count() <= 6, "{id}: {walks} walks: {minimal}");
            let name = case.replace('/', "-");
            for ending in ["curl.sh", "ecric.sh"] {
                let script = done.folder.join("regressions").join(format!("{name}.{ending}"));
                let faulty = Serving::start(folder.path(), &["--mutant", id, "--listen", "127.0.0.1:0"]);
                assert_eq!(play(&script, &faulty, folder.path()), "REPRODUCED", "{id} {ending}: {minimal}");
                let honest = Serving::start(folder.path(), &["--listen", "127.0.0.1:0"]);
                let end = play(&script, &honest, folder.path());
                assert!(end.contains("not reproduced"), "{id} {ending} on the honest reference: {end}");
            }
            told.push(format!("{id}: walk {walks}, {} replays: {minimal}", property["shrinks"]));
        }
    }
    println!("{}", told.join("\n"));
}

#[test]
fn planted_races_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let runs = if all() { 100 } else { 3 };
    for mutant in mutants().iter().filter(|mutant| mutant.info.id.contains("LIF-025")) {
        let info = mutant.info;
        let found = (0..runs)
            .filter(|seed| {
                let seed = format!("{:x}", seed + 1);
                let mut command = ecric(folder.path());
                let output = command
                    .args(["run", "--brief", "--mutant", info.id, "--only", info.killed_by, "--seed", &seed])
                    .output()
                    .unwrap();
                let brief: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
                brief["cases"][info.killed_by] == "FAIL"
            })
            .count();
        println!("{}: {found} of {runs}", info.id);
        assert!(found * 100 >= runs * 99, "{}: found in {found} of {runs}", info.id);
        if !all() && info.id.ends_with('c') {
            break;
        }
    }
}

#[test]
fn a_verifier_that_knows_the_vectors_by_heart_is_found() {
    let folder = tempfile::tempdir().unwrap();
    for (id, least) in [("CHEAT-VALID", 3), ("CHEAT-INVALID", 2)] {
        let done = run(folder.path(), id, &["--mutant", id, "--tags", "@verifier and not @exclusive", "--seed", "7"]);
        assert_eq!(done.code, Some(1), "{id}: {}", done.stderr);
        assert!(done.red().len() >= least, "{id}: {:?}", done.red());
    }
}
