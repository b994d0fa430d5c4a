//! Trust of a verifier set up by test control (every other run), by hook and by hand; the issuer's root pinned.

use std::path::Path;
use std::process::Command;

use crate::support::{Finished, Serving, ecric, run_in};
use ecric_gm::encoding::{b64, from_b64};
use serde_json::{Value, json};

const CONTROLS: &str =
    "presentation, offline,\n             clock_control, persona_control, trust_control, fault_injection]";

/// A native file with the given lines in the place of personas, without test controls in the ICS.
fn write(folder: &Path, name: &str, url: &str, lines: &str) {
    let text = ecric_target::native_template(name, url);
    assert!(text.contains(CONTROLS));
    let text = text.replace(CONTROLS, "presentation, offline]").replace("personas: {mode: api}", lines);
    std::fs::write(folder.join(format!("{name}.yaml")), text).unwrap();
}

fn json_of(command: &mut Command) -> Value {
    serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
}

fn verdicts(done: &Finished) -> Vec<String> {
    let cases = done.record["cases"].as_array().unwrap_or_else(|| panic!("{}{}", done.stdout, done.stderr));
    cases.iter().map(|case| case["verdict"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn by_hook_with_permission_only() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(folder.path(), &["--listen", "127.0.0.1:0"]);
    std::fs::write(folder.path().join("make.yaml"), ecric_target::native_template("make", &serving.url)).unwrap();
    let program = env!("CARGO_BIN_EXE_ecric");
    let exec = json!([program, "target", "call", "make.yaml", "--op", "test.trust_anchors", "--in", "-"]);
    let lines = format!("trust: {{suite_root: {{install: hook, hook: root}}}}\nhooks: {{root: {{exec: {exec}}}}}");
    write(folder.path(), "hook", &serving.url, &lines);
    let only = ["hook.yaml", "--only", "PKI-016", "--seed", "7"];
    let refused = run_in(folder.path(), "without", &only, &[]);
    assert_eq!((refused.code, verdicts(&refused)), (Some(3), vec!["INCONCLUSIVE".to_owned(); 2]));
    let why = refused.case("PKI-016/01")["cause_detail"]["zh"].as_str().unwrap().to_owned();
    assert!(why.contains("--allow-hooks"), "{why}");
    let done = run_in(folder.path(), "with", &[only.as_slice(), &["--allow-hooks"]].concat(), &[]);
    assert_eq!((done.code, verdicts(&done)), (Some(0), vec!["PASS".to_owned(); 2]), "{}", done.stdout);
}

#[test]
fn by_hand_with_the_handshake() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(folder.path(), &["--listen", "127.0.0.1:0"]);
    write(folder.path(), "hand", &serving.url, "trust: {suite_root: {install: manual}}");
    let only = ["hand.yaml", "--only", "PKI-016,VER-036", "--seed", "7"];
    // Nobody has installed the root yet: the handshake says so, and no verifier is blamed.
    let before = run_in(folder.path(), "before", &only, &[]);
    assert_eq!(before.code, Some(3), "{}", before.stdout);
    assert!(verdicts(&before).iter().all(|verdict| verdict == "INCONCLUSIVE"));
    // Somebody installs what `ecric make pki` wrote.
    assert!(ecric(folder.path()).args(["make", "pki", "--out", "pki"]).status().unwrap().success());
    let text = std::fs::read_to_string(folder.path().join("pki/trust-anchors.json")).unwrap();
    let mut list: Value = serde_json::from_str(&text).unwrap();
    list["mode"] = json!("ADD");
    let lists = std::fs::read_dir(folder.path().join("pki/crl")).unwrap();
    list["crls"] = lists.map(|file| json!(b64(&std::fs::read(file.unwrap().path()).unwrap()))).collect();
    std::fs::write(folder.path().join("list.json"), list.to_string()).unwrap();
    std::fs::write(folder.path().join("make.yaml"), ecric_target::native_template("make", &serving.url)).unwrap();
    let install = ["target", "call", "make.yaml", "--op", "test.trust_anchors", "--in", "list.json"];
    assert_eq!(json_of(ecric(folder.path()).args(install))["status"], 200);
    let done = run_in(folder.path(), "after", &only, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stdout);
    assert!(verdicts(&done).len() > 10 && verdicts(&done).iter().all(|verdict| verdict == "PASS"));
    let notes = done.record["notes"].to_string();
    assert!(notes.contains("installed by hand: nothing here can take it away"), "{notes}");
    // A case that takes the root away is not for hands.
    assert!(done.verdicts().iter().all(|(id, _)| id != "PKI-016/02"));
    assert!(!std::fs::read_to_string(done.folder.join("evidence/exchanges.ndjson")).unwrap().contains("/test/trust"));
}

#[test]
fn another_root_than_the_pinned_one_stops_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(folder.path(), &["--listen", "127.0.0.1:0"]);
    std::fs::write(folder.path().join("make.yaml"), ecric_target::native_template("make", &serving.url)).unwrap();
    let ask = ["target", "call", "make.yaml", "--op", "issuer.trust_anchors"];
    let answer = json_of(ecric(folder.path()).args(ask));
    let root = from_b64(answer["body"]["roots"][0]["der"].as_str().unwrap()).unwrap();
    let right = ecric_gm::sm3::digest_hex(&root);
    for (name, pin, code) in [("right", right.as_str(), 0), ("wrong", &"0".repeat(64), 3)] {
        let text = ecric_target::native_template(name, &serving.url)
            .replace("personas: {mode: api}", &format!("trust: {{issuer_anchors: {{pin_sm3: \"{pin}\"}}}}"));
        std::fs::write(folder.path().join(format!("{name}.yaml")), text).unwrap();
        let done = run_in(folder.path(), name, &[&format!("{name}.yaml"), "--only", "PKI-010", "--seed", "7"], &[]);
        assert_eq!(done.code, Some(code), "{name}: {}", done.stdout);
        assert_eq!(done.record["target"]["pinned_root"], *pin);
    }
}
