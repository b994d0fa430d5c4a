//! Notes the commit, where there is one to ask for, and whether the sources differ from it.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=../../.git/HEAD");
    println!("cargo:rerun-if-changed=../../.git/index");
    for sources in ["Cargo.toml", "Cargo.lock", "features", "harness", "reports", "steps", "vectors"] {
        println!("cargo:rerun-if-changed=../../{sources}");
    }
    let commit = Command::new("git")
        .args(["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"])
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned());
    println!("cargo:rustc-env=ECRIC_COMMIT={commit}");
}
