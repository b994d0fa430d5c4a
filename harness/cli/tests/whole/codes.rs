//! `ecric make code` and `ecric inspect` of texts and QR pictures.

use std::path::Path;
use std::process::{Command, Output};

const AT: &str = "2026-06-01T09:00:00+08:00";

fn ecric(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecric"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_GB.UTF-8");
    command.args(arguments).output().unwrap()
}

fn made(arguments: &[&str]) -> String {
    let output = ecric(&[&["make", "code", "--seed", "tests", "--at", AT], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
}

fn pki(folder: &Path) -> String {
    let trust = folder.join("pki").display().to_string();
    assert!(ecric(&["make", "pki", "--seed", "tests", "--out", &trust]).status.success());
    trust
}

#[test]
fn codes_repeat_with_their_seed_fit_their_caps_and_hold() {
    let folder = tempfile::tempdir().unwrap();
    let trust = pki(folder.path());
    for (mode, most) in [("online", 335), ("bearer", 335), ("offline", 970), ("request", 1542)] {
        let text = made(&["--mode", mode]);
        assert_eq!(text, made(&["--mode", mode]));
        assert!(text.len() <= most, "{mode}: {}", text.len());
        let output = ecric(&["inspect", &text, "--trust", &trust, "--at", AT, "--json"]);
        assert_eq!(output.status.code(), Some(0), "{mode}");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(told["result"], "VALID");
    }
}

#[test]
fn pictures_are_read_and_defects_named() {
    let folder = tempfile::tempdir().unwrap();
    let trust = pki(folder.path());
    let picture = folder.path().join("code.png").display().to_string();
    let text = made(&["--qr", &picture, "--scene", "BANK", "--nonce", "0011223344556677"]);
    let asked = ["inspect", &picture, "--trust", &trust, "--at", AT, "--audience", "11440300099999917Q", "--scene"];
    let right = ecric(&[&asked[..], &["BANK", "--nonce", "0011223344556677"]].concat());
    assert_eq!(right.status.code(), Some(0), "{}", String::from_utf8_lossy(&right.stdout));
    let wrong = ecric(&[&asked[..], &["GOV", "--nonce", "0011223344556677"]].concat());
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains("CODE_SCENE"));

    let file = folder.path().join("code.txt").display().to_string();
    std::fs::write(&file, format!("{text}\n")).unwrap();
    assert_eq!(ecric(&["inspect", &file, "--trust", &trust, "--at", AT]).status.code(), Some(0));
    // Without anybody to trust there is no verdict.
    assert_eq!(ecric(&["inspect", &text, "--at", AT]).status.code(), Some(3));

    for (defect, code) in
        [("scope-widened", "CODE_SIG"), ("prefix-none", "CODE_MALFORMED"), ("expired", "CODE_EXPIRED")]
    {
        let output = ecric(&["inspect", &made(&["--defect", defect]), "--trust", &trust, "--at", AT]);
        assert_eq!(output.status.code(), Some(1), "{defect}");
        assert!(String::from_utf8_lossy(&output.stdout).contains(code), "{defect}");
    }
}

#[test]
fn mistakes_of_the_user_are_explained() {
    for (arguments, word) in [
        (["--scope", "nose"], "nose"),
        (["--scene", "CASINO"], "HOTEL"),
        (["--nonce", "00"], "8 to 16"),
        (["--defect", "none"], "--list-defects"),
        (["--at", "today"], "--at"),
    ] {
        let output = ecric(&[&["make", "code"], &arguments[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(word), "{arguments:?}");
    }
}
