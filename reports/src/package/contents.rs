//! A package taken apart: its files as the types they hold.

use std::collections::BTreeMap;

use ecric_model::evidence::{Attempt, Part, RawExchange, Recorded};
use ecric_model::ics::Ics;
use ecric_model::ids::CaseId;
use ecric_model::run_record::{RunRecord, Suite};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::Fault;
use super::ledger::Entry;
use super::manifest::Manifest;

/// Name and version of `environment.json`.
pub const ENVIRONMENT_SCHEMA: &str = "ecric.environment/1";

/// Where and with what a run was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// [`ENVIRONMENT_SCHEMA`].
    pub schema: String,
    /// The suite.
    pub suite: Suite,
    /// SM3 over registers and features, hex.
    pub suite_sm3: String,
    /// SM3 of the binary, hex.
    pub binary_sm3: String,
    /// SM3 over the vectors, hex.
    pub vectors_sm3: String,
    /// Operating system.
    pub os: String,
    /// Processor.
    pub arch: String,
    /// `dev`, `pretest` or `official`.
    pub mode: String,
    /// `embedded`, or `folder` with `--features`.
    pub features: String,
    /// `drawn`, or `given` with `--seed`.
    pub seed_source: String,
    /// True with `--keep-raw`.
    pub keep_raw: bool,
    /// Most time for one case, seconds.
    pub case_limit_s: u64,
    /// The command.
    pub command: String,
}

/// One planned case as `plan.json` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanLine {
    /// Id.
    pub id: CaseId,
}

/// What of `plan.json` every reader needs; the whole is in [`Contents::plan_json`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanFacts {
    /// Hash of the plan, hex.
    pub hash: String,
    /// Cases in order.
    pub cases: Vec<PlanLine>,
    /// Cases left out.
    #[serde(default)]
    pub left_out: Vec<LeftOutLine>,
}

/// One case that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LeftOutLine {
    /// True if that makes the run partial.
    pub partial: bool,
}

/// A package taken apart.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The manifest.
    pub manifest: Manifest,
    /// Every file but manifest and signatures, by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Signature files in order of names.
    pub signatures: Vec<(String, Vec<u8>)>,
    /// The plan, as far as every reader needs it.
    pub plan: PlanFacts,
    /// The plan, whole.
    pub plan_json: Value,
    /// The ICS.
    pub ics: Ics,
    /// Where the run was made.
    pub environment: Environment,
    /// The target file without secrets.
    pub target: String,
    /// Parts of the run.
    pub parts: Vec<Part>,
    /// Exchanges in order.
    pub exchanges: Vec<Recorded>,
    /// Attempts in order.
    pub attempts: Vec<Attempt>,
    /// Entries of the ledger.
    pub ledger: Vec<Entry>,
    /// The record; `None` while the run is open.
    pub run: Option<RunRecord>,
    /// What `--keep-raw` kept, where it is there.
    pub raw: Option<Vec<RawExchange>>,
}

/// Lines of a file, each with its number from 1. A last line without a line feed is a fault.
pub(crate) fn lines<'a>(name: &str, bytes: &'a [u8], faults: &mut Vec<Fault>) -> Vec<&'a str> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        faults.push(Fault::said(name, "not UTF-8", "不是 UTF-8"));
        return Vec::new();
    };
    if !text.is_empty() && !text.ends_with('\n') {
        faults.push(Fault::said(name, "the last line is cut off", "最后一行不完整"));
    }
    text.strip_suffix('\n').map_or_else(Vec::new, |text| text.split('\n').collect())
}

/// Reads a JSON file.
pub(crate) fn json<T: DeserializeOwned>(name: &str, bytes: &[u8], faults: &mut Vec<Fault>) -> Option<T> {
    serde_json::from_slice(bytes)
        .map_err(|error| faults.push(Fault::said(name, error.to_string(), error.to_string())))
        .ok()
}

/// Reads lines of JSON; a line that cannot be read is a fault with its number.
pub(crate) fn json_lines<T>(
    name: &str,
    lines: &[&str],
    faults: &mut Vec<Fault>,
    read: impl Fn(&str) -> Result<T, serde_json::Error>,
) -> Vec<T> {
    let mut out = Vec::with_capacity(lines.len());
    for (number, line) in (1..).zip(lines) {
        match read(line) {
            Ok(value) => out.push(value),
            Err(error) => {
                faults.push(Fault::said(format!("{name}:{number}"), error.to_string(), error.to_string()));
            }
        }
    }
    out
}
