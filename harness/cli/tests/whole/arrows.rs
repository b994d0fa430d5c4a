//! The arrows between the crates are those of the table in ARCHITECTURE.md, and none else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

type Arrows = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Rows `| crate | may use |` below the heading "Arrows".
fn table() -> Arrows {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("Arrows")).expect("a section Arrows");
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.filter(|line| !line.starts_with("|---"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let uses = cells[1].split(',').map(str::trim).filter(|name| *name != "-").map(str::to_owned).collect();
            (cells[0].to_owned(), uses)
        })
        .collect()
}

fn short(name: &str) -> Option<String> {
    match name {
        "ecric" => Some("cli".to_owned()),
        other => other.strip_prefix("ecric-").map(str::to_owned),
    }
}

fn metadata() -> Arrows {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = json["packages"].as_array().unwrap();
    packages
        .iter()
        .filter_map(|package| {
            let uses = package["dependencies"]
                .as_array()?
                .iter()
                .filter(|dependency| dependency["kind"].is_null())
                .filter_map(|dependency| short(dependency["name"].as_str()?))
                .collect();
            Some((short(package["name"].as_str()?)?, uses))
        })
        .collect()
}

#[test]
fn no_crate_uses_what_the_table_does_not_allow() {
    let (allowed, found) = (table(), metadata());
    let names = |arrows: &Arrows| arrows.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&allowed), names(&found), "every crate has its row");
    for (name, uses) in &found {
        let extra: Vec<&String> = uses.difference(&allowed[name]).collect();
        assert!(extra.is_empty(), "{name} must not use {extra:?}");
    }
}

#[test]
fn judge_and_accused_stay_apart() {
    let found = metadata();
    for (name, uses) in &found {
        assert!(!uses.contains("cli"), "{name} -> cli");
        if !matches!(name.as_str(), "cli" | "selftest") {
            assert!(!uses.contains("reference"), "{name} -> reference");
        }
    }
    assert!(!found["reports"].contains("steps"));
}
