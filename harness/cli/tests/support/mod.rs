//! Runs the binary in a folder of its own and reads what it wrote.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod vendor;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// Parts of the reasons for what a target file does not give: addresses, tokens, service levels.
pub const NOT_GIVEN: [&str; 4] = ["is not given", "slo declares", "without TLS", "not signed with SM2"];

/// The binary under test, in an empty folder, in English.
pub fn ecric(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecric"));
    command.current_dir(folder).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_GB.UTF-8");
    command
}

/// A finished run.
pub struct Finished {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub record: Value,
    pub folder: PathBuf,
}

impl Finished {
    /// Case id to verdict.
    pub fn verdicts(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let cases = self.record["cases"].as_array().cloned().unwrap_or_default();
        cases.iter().map(|case| (text(&case["id"]), text(&case["verdict"]))).collect()
    }

    /// Requirements whose verdict is FAIL, HANG, UNIMPLEMENTED or WARN.
    pub fn red(&self) -> Vec<String> {
        let requirements = self.record["requirements"].as_array().cloned().unwrap_or_default();
        requirements
            .iter()
            .filter(|r| ["FAIL", "HANG", "UNIMPLEMENTED", "WARN"].contains(&r["verdict"].as_str().unwrap_or_default()))
            .map(|r| r["id"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// The record of a case.
    pub fn case(&self, id: &str) -> Value {
        let cases = self.record["cases"].as_array().cloned().unwrap_or_default();
        cases.into_iter().find(|case| case["id"] == id).unwrap_or_default()
    }
}

/// Runs `ecric run` with arguments into `out` below the folder.
pub fn run(folder: &Path, out: &str, arguments: &[&str]) -> Finished {
    run_in(folder, out, arguments, &[])
}

/// The same with the address of a server in `ECRIC_URL`, as target files of stand-in vendors read it.
pub fn run_against(folder: &Path, out: &str, url: &str, arguments: &[&str]) -> Finished {
    run_in(folder, out, arguments, &[("ECRIC_URL", url)])
}

/// The same with variables of the environment.
pub fn run_in(folder: &Path, out: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
    let mut command = ecric(folder);
    let output: Output =
        command.arg("run").args(arguments).args(["--out", out]).envs(variables.iter().copied()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let folder = folder.join(out);
    let record = std::fs::read(folder.join("run.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    Finished {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
        record: record.unwrap_or_default(),
        folder,
    }
}

/// The example target file of a stand-in vendor.
pub fn vendor_file(vendor: &str) -> String {
    format!("{}/../target/examples/{vendor}.yaml", env!("CARGO_MANIFEST_DIR"))
}

/// A serving reference; ends with the value.
pub struct Serving {
    child: Child,
    pub url: String,
}

impl Serving {
    /// A mutant behind the wire of a stand-in vendor.
    pub fn vendor(folder: &Path, vendor: &str, mutant: &str) -> Self {
        Self::start(folder, &["--vendor", vendor, "--mutant", mutant, "--listen", "127.0.0.1:0"])
    }

    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = ecric(folder)
            .args(["serve", "--exit-with-stdin"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self { url: ready["url"].as_str().unwrap().to_owned(), child }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Writes a native target file for a URL, with a short time limit.
pub fn target_file(folder: &Path, name: &str, url: &str, read_ms: u32) -> String {
    let text = ecric_target::native_template(name, url)
        .replace("read_ms: 10000", &format!("read_ms: {read_ms}"))
        .replace("connect_ms: 3000", "connect_ms: 1000");
    let file = format!("{name}.yaml");
    std::fs::write(folder.join(&file), text).unwrap();
    file
}
