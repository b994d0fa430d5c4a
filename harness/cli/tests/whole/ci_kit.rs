//! The script of `docs/ci` and the shell parts of the files for GitHub, GitLab and Jenkins, with the binary.

use std::path::{Path, PathBuf};
use std::process::Command;

fn kit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ci").canonicalize().unwrap()
}

/// Runs a piece of shell in a folder; the variables of the kit and no other of ours are set.
fn shell(folder: &Path, text: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let mut command = Command::new("bash");
    command.arg("-c").arg(text).current_dir(folder).env("ECRIC", env!("CARGO_BIN_EXE_ecric"));
    command.env("ECRIC_SUITE", kit().join("../.."));
    for name in ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "ECRIC_TARGET", "ECRIC_BASELINE", "ECRIC_EXPECTED"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8_lossy(&told).into_owned())
}

fn script(folder: &Path, variables: &[(&str, &str)]) -> (i32, String) {
    shell(folder, &format!("bash {}", kit().join("ecric-ci.sh").display()), variables)
}

const ONLY: &str = "--seed 1 --only IDN-008/01";

#[test]
fn the_script_runs_compares_and_tells() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let broken = format!("{ONLY} --mutant M-IDN-008-a");
    let (code, told) = script(here, &[("ECRIC_ARGS", ONLY), ("ECRIC_OUT", "good"), ("ECRIC_BASELINE", "none")]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("no baseline at none"));
    let (summary, output) = (here.join("summary"), here.join("output"));
    let github = [
        ("ECRIC_ARGS", broken.as_str()),
        ("ECRIC_OUT", "bad"),
        ("ECRIC_BASELINE", "good"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ("GITHUB_OUTPUT", output.to_str().unwrap()),
    ];
    let (code, told) = script(here, &github);
    assert_eq!(code, 1, "{told}");
    let summary = std::fs::read_to_string(summary).unwrap();
    assert!(summary.contains("### ❌ ecric gate") && summary.contains("### ❌ ecric: "), "{summary}");
    assert_eq!(std::fs::read_to_string(output).unwrap(), "verdict-code=1\ngate-code=1\nresults=bad\n");
    for file in ["run.json", "report.html", "junit.xml", "summary.md", "ctrf.json", "results.sarif", "gate.md"] {
        assert!(here.join("bad").join(file).exists(), "{file}");
    }
    // The same failure as before: the verdict fails, the gate alone does not.
    for (fail_on, out, wanted) in [("verdict", "bad2", 1), ("gate", "bad3", 0)] {
        let (code, told) = script(
            here,
            &[("ECRIC_ARGS", &broken), ("ECRIC_OUT", out), ("ECRIC_BASELINE", "bad"), ("ECRIC_FAIL_ON", fail_on)],
        );
        assert_eq!(code, wanted, "{told}");
    }
    // Without a baseline the verdict counts, whatever was asked.
    let (code, _) = script(here, &[("ECRIC_ARGS", &broken), ("ECRIC_OUT", "bad4"), ("ECRIC_FAIL_ON", "gate")]);
    assert_eq!(code, 1);
    for (variables, wanted) in [
        ([("ECRIC_FAIL_ON", "never"), ("ECRIC_OUT", "x")], "wanted verdict or gate"),
        ([("ECRIC", "./nowhere"), ("ECRIC_OUT", "x")], "no program"),
        ([("ECRIC_TARGET", "nowhere.yaml"), ("ECRIC_OUT", "x")], "nowhere.yaml"),
        ([("ECRIC_ARGS", ONLY), ("ECRIC_OUT", "good")], "holds a run already"),
    ] {
        let (code, told) = script(here, &variables);
        assert!(code == 2 && told.contains(wanted), "{variables:?}: {code} {told}");
    }
}

/// Values of `key:` in a YAML file, block scalars and lists of plain lines included.
fn steps(text: &str, key: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(rest) = line.trim_start().trim_start_matches("- ").strip_prefix(key) else { continue };
        let inner = lines[at + 1..].iter().take_while(|one| one.trim().is_empty() || indent(one) > indent(line));
        match rest.trim() {
            "|" => out.push(inner.map(|one| one.trim_start()).collect::<Vec<_>>().join("\n")),
            "" => out.extend(inner.filter_map(|one| one.trim_start().strip_prefix("- ")).map(str::to_owned)),
            value => out.push(value.to_owned()),
        }
    }
    out
}

#[test]
fn the_shell_parts_of_every_file_run() {
    let read = |name: &str| std::fs::read_to_string(kit().join(name)).unwrap();
    let action = kit().join("github");
    let variables =
        |out: &'static str| [("ECRIC_ARGS", ONLY), ("ECRIC_OUT", out), ("ECRIC_BASELINE", "ecric-baseline")];
    // GitHub: the one step of the action, then the step of the workflow that keeps the baseline.
    let folder = tempfile::tempdir().unwrap();
    let runs = steps(&read("github/action.yml"), "run:");
    assert_eq!(runs.len(), 1);
    let mut all = variables("ecric-results").to_vec();
    all.push(("ECRIC_ACTION", action.to_str().unwrap()));
    let (code, told) = shell(folder.path(), &runs[0], &all);
    assert_eq!(code, 0, "{told}");
    let keep = steps(&read("github/workflow.yml"), "run:").into_iter().find(|one| one.contains("ecric-baseline"));
    let (code, told) = shell(folder.path(), &format!("set -e\n{}", keep.unwrap()), &[]);
    assert_eq!(code, 0, "{told}");
    assert!(folder.path().join("ecric-baseline/run.json").exists());
    // GitLab: both lines of the script, twice: the second time there is a baseline.
    let folder = tempfile::tempdir().unwrap();
    let script = steps(&read("gitlab-ci.yml"), "script:").join("\n");
    for _ in 0..2 {
        let _ = std::fs::remove_dir_all(folder.path().join("ecric-results"));
        let mut all = variables("ecric-results").to_vec();
        all.extend([("CI_COMMIT_BRANCH", "main"), ("CI_DEFAULT_BRANCH", "main")]);
        let (code, told) = shell(folder.path(), &format!("set -eo pipefail\n{script}"), &all);
        assert_eq!(code, 0, "{told}");
    }
    assert!(folder.path().join("ecric-baseline/run.json").exists());
    assert!(folder.path().join("ecric-results/gate.md").exists());
    // Jenkins: every sh step.
    let folder = tempfile::tempdir().unwrap();
    let jenkins = read("Jenkinsfile");
    let shells: Vec<&str> =
        jenkins.lines().filter_map(|line| line.trim().strip_prefix("sh '")?.strip_suffix('\'')).collect();
    assert_eq!(shells.len(), 2);
    for text in shells {
        let (code, told) = shell(folder.path(), text, &variables("ecric-results"));
        assert_eq!(code, 0, "{told}");
    }
    assert!(folder.path().join("ecric-baseline/run.json").exists());
}
