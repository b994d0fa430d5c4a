//! `ecric vectors` as users and scripts see it: exit codes, formats, and implementations that are
//! wrong in one way each.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use serde_json::Value;

const EXE: &str = env!("CARGO_BIN_EXE_ecric");

fn ecric(arguments: &[&str]) -> Output {
    Command::new(EXE).args(["--lang", "en", "vectors"]).args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// One outcome of `check --json`.
struct Outcome {
    id: String,
    flags: BTreeSet<String>,
    expect: String,
    outcome: String,
}

/// Checks the built-in implementation with a fault; the outcomes, and the exit code.
fn check_with(fault: &str, more: &[&str]) -> (Vec<Outcome>, Option<i32>) {
    let command = format!("'{EXE}' vectors answer --fault {fault}");
    let output = ecric(&[&["check", "--json", "--impl", &command], more].concat());
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{fault}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let outcomes = json["outcomes"].as_array().unwrap().iter().map(|one| Outcome {
        id: word(&one["id"]),
        flags: one["flags"].as_array().unwrap().iter().map(word).collect(),
        expect: word(&one["expect"]),
        outcome: word(&one["outcome"]),
    });
    (outcomes.collect(), output.status.code())
}

#[test]
fn the_built_in_implementation_is_right_and_the_files_are_generated() {
    let output = ecric(&["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).trim_end().ends_with("0 wrong, 0 unsupported"), "{}", text(&output));
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/data");
    let output = ecric(&["generate", "--check", "--data", data]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn generate_writes_what_differs_and_check_only_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let named = ecric(&["generate", "--check", "--data", data]);
    assert_eq!(named.status.code(), Some(1));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "--check writes nothing");
    assert_eq!(ecric(&["generate", "--data", data]).status.code(), Some(0));
    let again = ecric(&["generate", "--check", "--data", data]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again));
    assert_eq!(ecric(&["generate", "--data", "/no/such/folder"]).status.code(), Some(2));
}

#[test]
fn lists_and_exports_hold_every_vector() {
    let lines = text(&ecric(&["list"]));
    let json: Value = serde_json::from_str(&text(&ecric(&["list", "--json"]))).unwrap();
    let listed = json["vectors"].as_array().unwrap();
    assert_eq!(lines.lines().count(), listed.len());
    assert!(listed.len() >= 1200, "{}", listed.len());
    let first = lines.lines().next().unwrap().split_whitespace().collect::<Vec<_>>();
    assert!(matches!(first[..], [_, "valid" | "invalid", _]), "{first:?}");
    let operations: Value = serde_json::from_str(&text(&ecric(&["operations", "--json"]))).unwrap();
    let names: BTreeSet<&str> =
        operations["operations"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(listed.iter().all(|one| names.contains(one["operation"].as_str().unwrap())));
    let export: Value = serde_json::from_str(&text(&ecric(&["export"]))).unwrap();
    let items = export["files"].as_array().unwrap().iter().flat_map(|file| file["groups"].as_array().unwrap());
    let items: usize = items.map(|group| group["items"].as_array().unwrap().len()).sum();
    assert!(items >= listed.len());
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ecric(&["export", "--out", folder.path().to_str().unwrap()]).status.code(), Some(0));
    assert!(folder.path().join("crypto/sm2-verify.json").is_file());
    assert!(folder.path().join("vectors.schema.json").is_file());
}

#[test]
fn accepting_or_refusing_everything_fails_every_negative_or_positive_vector_and_nothing_else() {
    for (fault, wrong_for, kind) in [("accept-all", "invalid", "wrong accept"), ("reject-all", "valid", "wrong reject")]
    {
        let (outcomes, code) = check_with(fault, &[]);
        assert_eq!(code, Some(1));
        for one in &outcomes {
            let wanted = if one.expect == wrong_for { kind } else { "right" };
            assert_eq!(one.outcome, wanted, "{fault} {}", one.id);
        }
    }
}

#[test]
fn each_fault_fails_its_own_flags_and_nothing_else() {
    let rows: [(&str, &[&str]); 3] = [
        ("ignore-id", &["signer-id"]),
        ("accept-ber", &["der-form", "der-integer", "der-length", "der-trailing"]),
        ("skip-range", &["value-range"]),
    ];
    for (fault, flags) in rows {
        let (outcomes, code) = check_with(fault, &[]);
        assert_eq!(code, Some(1), "{fault}");
        let mut failed: BTreeMap<&str, usize> = BTreeMap::new();
        let certificates = outcomes.iter().any(|one| one.id.starts_with("x509.") && one.outcome == "wrong accept");
        assert_eq!(certificates, fault != "ignore-id", "{fault}: certificates name no signer identifier");
        for one in outcomes.iter().filter(|one| one.outcome != "right") {
            let flag = flags.iter().find(|flag| one.flags.contains(**flag));
            *failed.entry(flag.unwrap_or_else(|| panic!("{fault}: {} {}", one.id, one.outcome))).or_default() += 1;
        }
        assert_eq!(failed.len(), flags.len(), "{fault}: {failed:?}");
    }
}

#[test]
fn a_hang_a_crash_and_garbage_are_told_apart_and_cost_one_vector_each() {
    for kind in ["hang", "crash", "garbage"] {
        let id = "sm2.ordinary.0003";
        let (outcomes, code) = check_with(&format!("{kind}={id}"), &["--timeout-ms", "8000"]);
        assert_eq!(code, Some(1), "{kind}");
        for one in &outcomes {
            assert_eq!(one.outcome, if one.id == id { kind } else { "right" }, "{kind} {}", one.id);
        }
    }
}

#[test]
fn the_junit_file_names_every_vector_and_every_fault() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/junit.xml");
    let command = format!("'{EXE}' vectors answer --fault skip-range");
    let arguments = ["check", "--flag", "value-range,ordinary", "--impl", &command, "--junit", file.to_str().unwrap()];
    let output = ecric(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let (xml, wrong) = (std::fs::read_to_string(&file).unwrap(), text(&output));
    let wrong = wrong.lines().last().unwrap();
    let failures = xml.matches("<failure ").count();
    assert!(failures > 5 && wrong.contains(&format!(" {failures} wrong")), "{failures}: {wrong}");
    let cases = xml.matches("<testcase ").count();
    assert!(wrong.starts_with(&format!("{cases} vectors")), "{cases}: {wrong}");
}

#[test]
fn what_cannot_be_used_exits_2() {
    let rows: [&[&str]; 8] = [
        &["check", "--impl", ""],
        &["check", "--impl", "'open"],
        &["check", "--impl", "/no/such/program"],
        &["check", "--impl", "true"],
        &["check", "--option", "no_such_option=accept"],
        &["check", "--flag", "no-such-flag"],
        &["answer", "--fault", "no-such-fault"],
        &["table", "--adapters", "/no/such/folder"],
    ];
    for row in rows {
        let output = ecric(row);
        assert_eq!(output.status.code(), Some(2), "{row:?}: {}", text(&output));
        assert!(!output.stderr.is_empty(), "{row:?}");
    }
}
