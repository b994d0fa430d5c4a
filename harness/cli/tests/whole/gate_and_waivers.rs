//! Two runs compared, known failures, decisions of persons: over the binary.

use std::path::Path;

use crate::support::{Finished, ecric, run};
use serde_json::{Value, json};

/// Exit code and standard output.
fn call(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = ecric(folder).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn mutant(folder: &Path, out: &str, id: &str, only: &str, more: &[&str]) -> Finished {
    run(folder, out, &[&["--seed", "1", "--mutant", id, "--only", only], more].concat())
}

#[test]
fn the_gate_names_the_requirement_that_a_mutant_breaks() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let only = "IDN-008,VER-005,LIF-002";
    let good = run(here, "good", &["--seed", "1", "--only", only]);
    assert_eq!(good.code, Some(0), "{}", good.stdout);
    let again = run(here, "again", &["--seed", "2", "--only", only]);
    assert_eq!(again.code, Some(0));
    let (code, out, _) = call(here, &["gate", "--baseline", "good", "again"]);
    assert_eq!(code, 0, "another seed is no change: {out}");
    assert!(out.contains("GATE PASSED"));
    let bad = mutant(here, "bad", "M-IDN-008-a", only, &[]);
    assert_eq!(bad.code, Some(1), "{}", bad.stdout);
    let (code, out, _) = call(here, &["gate", "--baseline", "good", "bad", "--markdown", "gate.md"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("new failure") && out.contains("IDN-008/"), "{out}");
    let markdown = std::fs::read_to_string(here.join("gate.md")).unwrap();
    assert!(markdown.starts_with("### ❌ ecric gate") && markdown.contains("**IDN-008**"), "{markdown}");
    let (code, out, _) = call(here, &["--lang", "zh-CN", "gate", "--baseline", "bad/run.json", "good/run.json"]);
    assert_eq!(code, 0);
    assert!(out.contains("门禁通过") && out.contains("改进"), "{out}");
    let (code, out, _) = call(here, &["gate", "--baseline", "good", "bad", "--json"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["passes"]), (1, &json!(false)));
    assert_eq!(report["changes"][0]["requirement"], "IDN-008");
    // Another selection is another plan.
    run(here, "less", &["--seed", "1", "--only", "IDN-008"]);
    let (code, out, _) = call(here, &["gate", "--baseline", "good", "less"]);
    assert_eq!(code, 1);
    assert!(out.contains("another plan") && out.contains("lost coverage"), "{out}");
    let (code, _, _) = call(here, &["gate", "--baseline", "less", "good", "--accept-plan-change"]);
    assert_eq!(code, 0);
    let (code, _, err) = call(here, &["gate", "--baseline", "nowhere", "good"]);
    assert!(code == 2 && err.contains("cannot read nowhere"), "{err}");
}

fn expected(case: &Value, change: impl Fn(String) -> String) -> String {
    let text = format!(
        "schema: ecric.expected/1\nwaivers:\n  - requirement: {}\n    case: {}\n    target_version: \"{}\"\n    reason: known\n    owner: team\n    expires: {}\n    evidence: {}\n",
        case["requirement"].as_str().unwrap(),
        case["id"].as_str().unwrap(),
        env!("CARGO_PKG_VERSION"),
        (time::OffsetDateTime::now_utc() + time::Duration::days(30)).date(),
        case["failure_sm3"].as_str().unwrap(),
    );
    change(text)
}

#[test]
fn a_waiver_lets_one_known_failure_through_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let (id, only) = ("M-IDN-008-a", "IDN-008/01");
    let bad = mutant(here, "bad", id, only, &[]);
    assert_eq!(bad.code, Some(1));
    let case = bad.case(only);
    assert_eq!(case["verdict"], "FAIL", "{}", bad.stdout);
    let write = |name: &str, text: String| std::fs::write(here.join(name), text).unwrap();
    write("good.yaml", expected(&case, |text| text));
    let waived =
        mutant(here, "waived", id, only, &["--expected", "good.yaml", "--format", "console,html,junit,markdown"]);
    assert_eq!(waived.code, Some(0), "{}\n{}", waived.stdout, waived.stderr);
    assert_eq!(waived.case(only)["verdict"], "FAIL", "a waived failure is never a pass");
    assert_eq!(waived.case(only)["waived"], true);
    assert!(waived.stdout.contains("BUT FOR 1 WAIVED FAILURE"), "{}", waived.stdout);
    for file in ["report.html", "junit.xml", "summary.md"] {
        assert!(std::fs::read_to_string(waived.folder.join(file)).unwrap().contains("known"), "{file}");
    }
    type Change = fn(String) -> String;
    let rows: [(&str, &str, Change); 4] = [
        ("expired", "expired", |text| {
            let at = text.find("expires: ").unwrap() + 9;
            format!("{}2020-01-01{}", &text[..at], &text[at + 10..])
        }),
        ("broad", "too_broad", |text| text.replace("case: IDN-008/01", "case: \"*\"")),
        ("version", "unused", |text| text.replace(env!("CARGO_PKG_VERSION"), "9.9.9")),
        ("other", "other_failure", |text| {
            let at = text.find("evidence: ").unwrap() + 10;
            format!("{}{}\n", &text[..at], "0".repeat(64))
        }),
    ];
    for (name, state, change) in rows {
        write("bad.yaml", expected(&case, change));
        let done = mutant(here, name, id, only, &["--expected", "bad.yaml"]);
        assert_eq!(done.code, Some(1), "{name}");
        assert_eq!(done.record["waivers"][0]["state"], state, "{name}");
    }
    // The good reference does not fail: the entry is unused and fails the run.
    let unused = run(here, "unused", &["--seed", "1", "--only", only, "--expected", "good.yaml"]);
    assert_eq!((unused.code, &unused.record["waivers"][0]["state"]), (Some(1), &json!("unused")));
    // A file that cannot be used is told with its place, before anything runs.
    write("broken.yaml", expected(&case, |text| text.replace("IDN-008/01", "IDN-008/77")));
    let broken = mutant(here, "broken", id, only, &["--expected", "broken.yaml"]);
    assert_eq!(broken.code, Some(2));
    assert!(broken.stderr.contains("broken.yaml:4:11: \"IDN-008/77\" is no case of IDN-008"), "{}", broken.stderr);
    assert!(!here.join("broken").exists());
}

#[test]
fn a_review_is_appended_and_rolled_up() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let done = run(here, "out", &["--seed", "1", "--only", "IDN-008/01", "--format", "html,junit"]);
    assert_eq!(done.code, Some(0));
    // No case of the suite asks a person yet: one is made to.
    let path = done.folder.join("run.json");
    let mut record: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    record["cases"][0]["verdict"] = json!("REVIEW");
    record["requirements"][0]["verdict"] = json!("REVIEW");
    record["verdict"] = json!("inconclusive");
    record["exit_code"] = json!(3);
    std::fs::write(&path, record.to_string()).unwrap();
    let by = ["--by", "A. Reviewer", "--note", "seen on the screen"];
    let (code, out, err) = call(here, &[&["review", "out", "IDN-008/01", "fail"], &by[..]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("inconclusive → non-conformant"), "{out}");
    let (code, out, _) = call(here, &[&["review", "out", "IDN-008/01", "pass"], &by[..]].concat());
    assert!(code == 0 && out.contains("non-conformant → conformant"), "{out}");
    let after: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(after["cases"][0]["reviews"].as_array().unwrap().len(), 2);
    assert_eq!((&after["verdict"], &after["exit_code"]), (&json!("conformant"), &json!(0)));
    let first: Value =
        serde_json::from_slice(&std::fs::read(done.folder.join("run.before-review.json")).unwrap()).unwrap();
    assert_eq!(first["cases"][0]["verdict"], "REVIEW");
    assert_eq!(std::fs::read_to_string(done.folder.join("reviews.ndjson")).unwrap().lines().count(), 2);
    assert!(std::fs::read_to_string(done.folder.join("report.html")).unwrap().contains("A. Reviewer"));
    let other = record["cases"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(other, "IDN-008/01");
    let (code, _, err) = call(here, &[&["review", "out", "IDN-999/01", "pass"], &by[..]].concat());
    assert!(code == 2 && err.contains("no case IDN-999/01"), "{err}");
}

#[test]
fn every_format_is_written_again_from_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let formats = "json,html,junit,markdown,ctrf,sarif,earl,messages,har,allure,lab";
    let done = mutant(here, "out", "M-IDN-008-a", "IDN-008", &["--format", formats]);
    assert_eq!(done.code, Some(1));
    let names = [
        "report.html",
        "junit.xml",
        "summary.md",
        "ctrf.json",
        "results.sarif",
        "earl.jsonld",
        "messages.ndjson",
        "exchanges.har",
        "lab-report.html",
    ];
    let read = || names.map(|name| std::fs::read(done.folder.join(name)).unwrap());
    let before = read();
    names.iter().for_each(|name| std::fs::remove_file(done.folder.join(name)).unwrap());
    std::fs::remove_dir_all(done.folder.join("allure-results")).unwrap();
    let (code, out, _) = call(here, &["report", "out", "--format", formats]);
    assert_eq!(code, 0, "{out}");
    assert!(before == read(), "the same record gives other files");
    assert!(done.folder.join("allure-results/categories.json").exists());
}

#[test]
fn problems_of_files_are_sarif_too() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::create_dir_all(here.join("features/a")).unwrap();
    std::fs::write(here.join("features/a/f.feature"), "Feature：f\n").unwrap();
    std::fs::write(here.join("target.yaml"), "ecric_target: 1\nnonsense: true\n").unwrap();
    let (code, _, _) = call(here, &["lint", "features", "--sarif", "lint.sarif"]);
    assert_eq!(code, 1);
    let (code, _, _) = call(here, &["target", "check", "target.yaml", "--sarif", "target.sarif"]);
    assert_eq!(code, 2);
    for (file, uri) in [("lint.sarif", "features/a/f.feature"), ("target.sarif", "target.yaml")] {
        let sarif: Value = serde_json::from_slice(&std::fs::read(here.join(file)).unwrap()).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let places = results.iter().map(|one| &one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
        assert!(places.into_iter().any(|place| place == uri), "{file}: {sarif}");
    }
}

#[test]
fn the_traceability_table_has_no_gap_and_names_one_where_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let (code, out, err) = call(here, &["lint", "--coverage"]);
    assert_eq!(code, 0, "{out}\n{err}");
    assert!(out.contains("IDN-008") && out.contains("M-IDN-008-a") && out.contains("0 gaps"), "{out}");
    let (code, out, _) = call(here, &["lint", "--coverage", "--json"]);
    let table: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &table["gaps"]), (0, &json!(0)));
    let rows = table["requirements"].as_array().unwrap();
    assert!(rows.len() > 100 && rows.iter().any(|row| !row["vectors"].as_array().unwrap().is_empty()));
    // A register whose requirement nothing shows.
    std::fs::create_dir_all(here.join("features/a")).unwrap();
    let register = "schema: ecric.register/1\norder: 1\narea: a\ntitle: {en: a, zh: a}\nrequirements:\n  - {id: AAA-001, title: {en: t, zh: t}, role: issuer, level: shall, basis: [{doc: d, clause: c, kind: derived}], confidence: likely, profile: core, status: active}\n";
    std::fs::write(here.join("features/a/requirements.yaml"), register).unwrap();
    let (code, out, _) = call(here, &["--lang", "zh-CN", "lint", "features", "--coverage"]);
    assert_eq!(code, 1);
    assert!(out.contains("缺口: 既无用例也无理由") && out.contains("1处缺口"), "{out}");
}
