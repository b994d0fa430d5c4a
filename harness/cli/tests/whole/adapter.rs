//! Rung adapter with the example adapter in Python, in front of stand-in vendor delta.

use std::process::{Command, Stdio};

use crate::support::{NOT_GIVEN, Serving, ecric, run_in};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/examples/adapter.yaml");

fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    if !found {
        eprintln!("NOT RUN: python3 is missing, so the example adapter in Python was not tried");
    }
    found
}

#[test]
fn the_plan_runs_over_the_adapter_and_spares_its_wire() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let delta = Serving::start(folder.path(), &["--vendor", "delta"]);
    let done = run_in(folder.path(), "out", &[FILE, "--seed", "7"], &[("ECRIC_URL", &delta.url)]);
    assert_eq!(done.code, Some(0), "{}", done.stdout);
    assert!(done.verdicts().len() > 600 && done.verdicts().iter().all(|(_, verdict)| verdict == "PASS"));
    assert_eq!(done.record["target"]["rung"], "adapter");
    assert!(done.record["notes"].to_string().contains("cases of its self-test"), "{}", done.record["notes"]);
    for requirement in done.record["requirements"].as_array().unwrap() {
        let reason = requirement["note"]["en"].as_str().unwrap_or_default();
        let spared = ["would judge the adapter", "no second caller", "not tested"];
        let spared = || spared.iter().chain(&NOT_GIVEN);
        let known = requirement["verdict"] == "PASS" || spared().any(|why| reason.contains(why));
        assert!(known, "{}: {reason}", requirement["id"]);
    }
}

/// An adapter with a fault of its own: the product is not judged through it.
#[test]
fn a_faulty_adapter_leaves_every_case_open() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let delta = Serving::start(folder.path(), &["--vendor", "delta"]);
    let right = std::fs::read_to_string(FILE.replace(".yaml", ".py")).unwrap();
    let wrong = right.replace("\"X-Trace\": \"X-Ecric-Request-Id\", **", "**");
    assert_ne!(wrong, right);
    std::fs::write(folder.path().join("adapter.py"), wrong).unwrap();
    std::fs::copy(FILE, folder.path().join("adapter.yaml")).unwrap();
    let done = run_in(folder.path(), "out", &["adapter.yaml", "--seed", "7"], &[("ECRIC_URL", &delta.url)]);
    assert_eq!(done.code, Some(3), "{}", done.stdout);
    let cases = done.record["cases"].as_array().unwrap();
    assert!(cases.len() > 600 && cases.iter().all(|case| case["verdict"] == "INCONCLUSIVE"));
    assert!(cases.iter().all(|case| case["cause"] == "adapter"));
    let why = &cases[0]["cause_detail"];
    assert!(why["en"].as_str().unwrap().contains("COM-015/01 FAIL"), "{why}");
    assert!(why["zh"].as_str().unwrap().contains("适配器自检"), "{why}");
}

#[test]
fn a_fault_behind_the_adapter_is_red() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (mutant, requirement, case) in
        [("M-LIF-004-a", "LIF-004", "LIF-004/02"), ("M-IDM-001-a", "IDM-001", "IDM-001/01")]
    {
        let delta = Serving::start(folder.path(), &["--vendor", "delta", "--mutant", mutant]);
        let done = run_in(folder.path(), mutant, &[FILE, "--only", requirement], &[("ECRIC_URL", &delta.url)]);
        assert_eq!((done.code, &done.case(case)["verdict"]), (Some(1), &"FAIL".into()), "{}", done.stdout);
    }
}

#[test]
fn the_adapter_passes_its_self_test() {
    if !has_python() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let delta = Serving::start(folder.path(), &["--vendor", "delta"]);
    let output = ecric(folder.path()).args(["target", "selftest", FILE]).env("ECRIC_URL", &delta.url).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}
