//! The main job: certify the embedded reference, and the same over `serve`.

use crate::support::{Serving, ecric, run, target_file};

#[test]
fn the_embedded_reference_is_conformant() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), "out", &["--seed", "1"]);
    assert_eq!(done.code, Some(0), "{}\n{}\n{:?}", done.stdout, done.stderr, done.red());
    assert_eq!(done.record["verdict"], "conformant");
    assert_eq!(done.record["partial"], false);
    assert!(done.verdicts().len() >= 120);
    for (id, verdict) in done.verdicts() {
        assert_eq!(verdict, "PASS", "{id}");
    }
    for file in ["run.json", "report.html", "junit.xml", "plan.json", "evidence/exchanges.ndjson"] {
        assert!(std::fs::metadata(done.folder.join(file)).unwrap().len() > 100, "{file}");
        assert!(done.stdout.contains("report.html"));
    }
    assert!(!done.stdout.contains('\u{1b}'), "no colours when piped");
}

#[test]
fn the_evidence_holds_no_citizen_number_and_no_signature() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), "out", &["--seed", "2", "--only", "DAT-001,ISS-001,VER-017,DAT-014"]);
    assert_eq!(done.code, Some(0), "{}", done.stdout);
    let evidence = std::fs::read_to_string(done.folder.join("evidence/exchanges.ndjson")).unwrap();
    let bytes = evidence.as_bytes();
    for at in 0..bytes.len().saturating_sub(18) {
        let window = &bytes[at..at + 17];
        let numeric = window.iter().all(u8::is_ascii_digit) && window.starts_with(b"110199");
        assert!(!numeric, "a citizen number at byte {at}");
    }
    for line in evidence.lines() {
        let exchange: serde_json::Value = serde_json::from_str(line).unwrap();
        for header in exchange["request"]["headers"].as_array().unwrap() {
            if header[0] == "X-Ecric-Signature" {
                assert_eq!(header[1], "<not recorded>");
            }
        }
    }
}

#[test]
fn one_seed_gives_one_plan_and_the_same_verdicts_also_over_serve() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(folder.path(), "one", &["--seed", "abc"]);
    let second = run(folder.path(), "two", &["--seed", "abc"]);
    assert_eq!(first.record["plan"], second.record["plan"]);
    assert_eq!(first.verdicts(), second.verdicts());
    let serving = Serving::start(folder.path(), &[]);
    let file = target_file(folder.path(), "served", &serving.url, 10_000);
    let third = run(folder.path(), "three", &[&file, "--seed", "abc"]);
    assert_eq!(third.code, Some(0), "{}", third.stdout);
    // One address only, and no levels: what needs another node, or one without test mode, or puts a load on the
    // target is left out.
    let elsewhere = |id: &str| ["ATH-015/", "COM-031/", "SLO-"].iter().any(|family| id.starts_with(family));
    let of_one: Vec<_> = first.verdicts().into_iter().filter(|(id, _)| !elsewhere(id)).collect();
    assert_eq!(of_one, third.verdicts());
    // The same seed against the same server once more: nothing is mistaken for a replay.
    let fourth = run(folder.path(), "four", &[&file, "--seed", "abc"]);
    assert_eq!(of_one, fourth.verdicts());
}

#[test]
fn a_partial_run_says_so_and_brings_the_twin() {
    let folder = tempfile::tempdir().unwrap();
    let done = run(folder.path(), "out", &["--only", "DAT-001/02"]);
    assert_eq!(done.code, Some(0));
    assert_eq!(done.record["partial"], true);
    let ids: Vec<String> = done.verdicts().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["DAT-001/01", "DAT-001/02"]);
    assert!(done.stdout.contains("partial"), "{}", done.stdout);
}

#[test]
fn messages_come_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let english = run(folder.path(), "en", &["--only", "COM-001"]);
    let chinese = run(folder.path(), "zh", &["--only", "COM-001", "--lang", "zh-CN"]);
    assert!(english.stdout.contains("CONFORMANT") && english.stderr.contains("reference implementation ready"));
    assert!(chinese.stdout.contains("符合") && chinese.stderr.contains("参考实现已就绪"), "{}", chinese.stdout);
    let help = ecric(folder.path()).args(["--lang", "zh-CN", "run", "--help"]).output().unwrap();
    assert!(String::from_utf8_lossy(&help.stdout).contains("并发用例数"));
}

#[test]
fn wrong_usage_ends_with_two_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.yaml"), "ecric_target: 1\nnane: x\n").unwrap();
    for (arguments, want) in [
        (vec!["run", "--only", "NOP-001"], "no such requirement or case: NOP-001"),
        (vec!["run", "--seed", "xyz"], "hex digits"),
        (vec!["run", "--tags", "@a and and"], "--tags"),
        (vec!["run", "--format", "pdf"], "--format \"pdf\""),
        (vec!["run", "--profile", "magic"], "--profile \"magic\""),
        (vec!["run", "--jobs", "0"], "--jobs 0"),
        (vec!["run", "--mutant", "M-NOP-001-a"], "no such mutant"),
        (vec!["run", "missing.yaml"], "cannot read missing.yaml"),
        (vec!["run", "bad.yaml"], "bad.yaml:2:1"),
        (vec!["run", "--features", "nowhere"], "nowhere"),
        (vec!["target", "check", "bad.yaml"], "unknown field `nane`"),
        (vec!["target", "new"], "--from is missing"),
        (vec!["serve", "--role", "king"], "--role \"king\""),
        (vec!["serve", "--listen", "0.0.0.0:0"], "loopback only"),
        (vec!["lint", "nowhere"], "nowhere"),
    ] {
        let output = ecric(folder.path()).args(&arguments).stdin(std::process::Stdio::null()).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(told.contains(want), "{arguments:?}: {told}");
    }
}

#[test]
fn a_new_target_file_checks_and_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let new = ["target", "new", "--from", "native", "--url", "http://127.0.0.1:9", "--out", "t.yaml"];
    assert_eq!(ecric(folder.path()).args(new).output().unwrap().status.code(), Some(0));
    assert_eq!(ecric(folder.path()).args(new).output().unwrap().status.code(), Some(2));
    let check = ecric(folder.path()).args(["target", "check", "t.yaml"]).output().unwrap();
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn features_from_a_folder_replace_the_embedded_ones() {
    let folder = tempfile::tempdir().unwrap();
    let area = folder.path().join("mine/common");
    std::fs::create_dir_all(&area).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../features/common");
    std::fs::copy(root.join("requirements.yaml"), area.join("requirements.yaml")).unwrap();
    std::fs::copy(root.join("capabilities.feature"), area.join("capabilities.feature")).unwrap();
    let done = run(folder.path(), "out", &["--features", "mine"]);
    assert_eq!(done.code, Some(0), "{}{}", done.stdout, done.stderr);
    assert!(done.verdicts().len() < 20 && done.verdicts().iter().all(|(id, _)| id.starts_with("COM-")));
}
