//! `ecric selftest` end to end, over the small area `metadata`: kills, a survivor made on purpose, variants.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::ecric;
use serde_json::Value;

/// The features of the area `metadata` in a folder of their own, without one rule if asked.
fn features(folder: &Path, without: Option<&str>) -> PathBuf {
    features_of("metadata", folder, without)
}

fn features_of(area: &str, folder: &Path, without: Option<&str>) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../features").join(area);
    let to = folder.join(without.unwrap_or("all")).join(area);
    std::fs::create_dir_all(&to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let mut text = std::fs::read_to_string(&path).unwrap();
        if let Some(rule) = without
            && let Some(start) = text.find(&format!("  @{rule}\n"))
        {
            let end = text[start + 3..].find("\n  @").map_or(text.len(), |at| start + 3 + at);
            text.replace_range(start..end, "");
        }
        std::fs::write(to.join(path.file_name().unwrap()), text).unwrap();
    }
    to.parent().unwrap().to_path_buf()
}

fn selftest(folder: &Path, arguments: &[&str]) -> Output {
    ecric(folder).arg("selftest").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn mutants_are_killed_and_one_without_its_case_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mutants = ["--mutants", "M-MD-002-a,M-MD-010-a", "--features"];
    let whole = features(folder.path(), None);
    let arguments = [&mutants[..], &[whole.to_str().unwrap(), "--out", "good"]].concat();
    let output = selftest(folder.path(), &arguments);
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{stdout}\n{}", text(&output.stderr));
    assert!(stdout.contains("2 of 2") && stdout.contains("(partial)"), "{stdout}");
    let record = json(&folder.path().join("good/selftest.json"));
    assert_eq!((&record["schema"], &record["verdict"]), (&Value::from("ecric.selftest/1"), &Value::from("holds")));
    let row = &record["mutants"][1];
    assert_eq!((row["killed"].as_bool(), row["verdict"].as_str()), (Some(true), Some("FAIL")));
    assert_eq!(row["red"]["MD-010"], 1);
    let confirmation = json(&folder.path().join("good/tool-confirmation.json"));
    assert_eq!(confirmation["signed"], false);
    assert_eq!(confirmation["binary"]["sm3"].as_str().unwrap().len(), 64);
    let matrix = std::fs::read(folder.path().join("good/selftest.json")).unwrap();
    assert_eq!(confirmation["selftest_sm3"], ecric_gm::sm3::digest_hex(&matrix));

    // The same without the rule whose case kills the first mutant: it survives and is named.
    let broken = features(folder.path(), Some("MD-002"));
    let arguments = [&mutants[..], &[broken.to_str().unwrap(), "--out", "bad"]].concat();
    let output = selftest(folder.path(), &arguments);
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}\n{}", text(&output.stderr));
    assert!(stdout.contains("M-MD-002-a (MD-002/01)") && stdout.contains("falls short"), "{stdout}");
    let record = json(&folder.path().join("bad/selftest.json"));
    assert_eq!(record["summary"]["survivors"], serde_json::json!(["M-MD-002-a"]));
    assert_eq!(record["mutants"][1]["killed"], true);
    let html = std::fs::read_to_string(folder.path().join("bad/kill-matrix.html")).unwrap();
    let row = html.split("<tr id=\"M-MD-002-a\">").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("lives") && row.contains("not in the plan"), "{row}");
}

#[test]
fn every_variant_passes_over_two_seeds() {
    let folder = tempfile::tempdir().unwrap();
    let whole = features(folder.path(), None);
    let list = selftest(folder.path(), &["--list"]);
    let listed = text(&list.stdout);
    let (mutants, variants) = listed.split_once("\n\n").unwrap();
    assert!(mutants.contains("M-MD-002-a  MD-002/01") && mutants.lines().count() > 200);
    let names: Vec<&str> = variants.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 6 && names.contains(&"http2"), "{names:?}");
    let arguments =
        ["--variants", &names.join(","), "--seeds", "2-3", "--features", whole.to_str().unwrap(), "--out", "out"];
    let output = selftest(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}\n{}", text(&output.stdout), text(&output.stderr));
    let record = json(&folder.path().join("out/selftest.json"));
    let right = record["right"].as_array().unwrap();
    assert_eq!(right.len(), names.len() + 1);
    for one in right {
        assert_eq!((one["runs"].as_u64(), one["conformant"].as_u64()), (Some(2), Some(2)), "{one}");
    }
    assert_eq!(record["seeds"], serde_json::json!(["2", "3"]));
}

/// Requests signed with SM2 are vendor gamma's; the reference itself is not asked about them.
#[test]
fn a_mutant_of_a_vendor_is_met_over_its_wire_beside_the_vendor_without_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let features = features_of("authentication", folder.path(), None);
    // It speaks of requirements of other areas.
    std::fs::remove_file(features.join("authentication/downgrades.feature")).unwrap();
    let arguments = ["--mutants", "M-ATH-016-a", "--features", features.to_str().unwrap(), "--out", "out"];
    let output = selftest(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    let record = json(&folder.path().join("out/selftest.json"));
    let row = &record["mutants"][0];
    assert!(row["killed"] == true && row["red"]["ATH-016"] == 1, "{row}");
    let names: Vec<&str> = record["right"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["honest", "gamma"]);
    let wire = &record["plan"]["wires"][0];
    assert_eq!((wire["vendor"].as_str(), wire["hash"].as_str().map(str::len)), (Some("gamma"), Some(64)));
    assert_eq!(wire["cases"], 6, "{wire}");
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (vec!["--mutants", "M-NOP-001-a"], "no such one"),
        (vec!["--variants", "nobody"], "no such one"),
        (vec!["--key", "key.pem"], "cannot read key.pem"),
        (vec!["--jobs", "0"], "at least 1"),
        (vec!["--seeds", "3-2"], "wanted N or M-N"),
        (vec!["--seeds", "0"], "wanted N or M-N"),
    ] {
        let output = selftest(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(words), "{arguments:?}: {}", text(&output.stderr));
    }
}
