//! Puts a package together from what a run knows and what its folder holds.

use std::collections::BTreeMap;
use std::path::Path;

use ecric_model::ics::Ics;
use ecric_model::run_record::RunRecord;
use ecric_model::verdict::Verdict;

use super::archive::{Entry, write_archive};
use super::contents::{Environment, PlanFacts};
use super::journal::{EVIDENCE, GROWING};
use super::ledger::{Chain, Kind, sm3_of};
use super::manifest::{Claim, FileEntry, LedgerEnd, MANIFEST, Manifest, MerkleRoot, RAW, SCHEMA, State};
use super::story;
use crate::{ReportError, write_json};

/// What goes into a package beside the evidence in the folder of the run.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// Where the run was made.
    pub environment: &'a Environment,
    /// Content of `plan.json`.
    pub plan: &'a [u8],
    /// The ICS.
    pub ics: &'a Ics,
    /// Name of the target.
    pub target: &'a str,
    /// The target file without secrets.
    pub target_file: &'a str,
    /// Registers by area.
    pub registers: &'a BTreeMap<String, String>,
    /// The tool-confirmation record, where there is one.
    pub tool_confirmation: Option<&'a [u8]>,
    /// The record; `None` while the run is open.
    pub run: Option<&'a RunRecord>,
}

/// Makes the package of a run whose evidence lies in `folder`. Same input, same bytes.
///
/// # Errors
/// When the evidence cannot be read or something cannot be encoded.
pub fn assemble(parts: &Parts<'_>, folder: &Path) -> Result<Vec<u8>, ReportError> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for name in GROWING {
        let path = folder.join(EVIDENCE).join(name);
        match std::fs::read(&path) {
            Ok(bytes) => {
                files.insert(name.to_owned(), bytes);
            }
            Err(error) if name == RAW && error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(ReportError::Read { path, source }),
        }
    }
    files.insert("plan.json".to_owned(), parts.plan.to_vec());
    files.insert("ics.json".to_owned(), pretty(parts.ics)?);
    files.insert("environment.json".to_owned(), pretty(parts.environment)?);
    files.insert("target.yaml".to_owned(), parts.target_file.as_bytes().to_vec());
    for (area, text) in parts.registers {
        files.insert(format!("register/{area}.yaml"), text.as_bytes().to_vec());
    }
    if let Some(bytes) = parts.tool_confirmation {
        files.insert("tool-confirmation.json".to_owned(), bytes.to_vec());
    }
    if let Some(run) = parts.run {
        let mut bytes = Vec::new();
        write_json(run, &mut bytes)?;
        files.insert("run.json".to_owned(), bytes);
    }
    seal(parts, files)
}

fn seal(parts: &Parts<'_>, mut files: BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, ReportError> {
    let encode = |source| ReportError::Encode { source };
    let mut faults = Vec::new();
    let ledger = files.remove("ledger.ndjson").unwrap_or_default();
    let lines = super::contents::lines("ledger.ndjson", &ledger, &mut faults);
    let (mut entries, mut chain): (_, Chain) = story::follow(&lines, &mut faults);
    let mut ledger = ledger.clone();
    if let Some(fault) = faults.first() {
        return Err(ReportError::Evidence { found: fault.render(ecric_model::Lang::En) });
    }
    if let Some(run) = files.get("run.json") {
        let line = chain.append(Kind::End, "run.json", &sm3_of(run)).map_err(encode)?;
        entries.push(serde_json::from_str(&line).map_err(encode)?);
        ledger.extend_from_slice(line.as_bytes());
        ledger.push(b'\n');
    }
    files.insert("ledger.ndjson".to_owned(), ledger);
    let plan: PlanFacts = serde_json::from_slice(parts.plan).map_err(encode)?;
    let (cases, root) = story::root_of(&entries, plan.cases.iter().map(|line| line.id.as_str()));
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        state: if parts.run.is_some() { State::Sealed } else { State::Open },
        suite: parts.environment.suite.clone(),
        mode: parts.environment.mode.clone(),
        target: parts.target.to_owned(),
        plan: plan.hash,
        claim: parts.run.map(claim_of),
        ledger: LedgerEnd { entries: chain.entries, head: chain.head },
        merkle: MerkleRoot { cases, root },
        files: files
            .iter()
            .map(|(name, bytes)| FileEntry {
                name: name.clone(),
                size: bytes.len() as u64,
                sm3: sm3_of(bytes),
                detachable: name == RAW,
            })
            .collect(),
    };
    let manifest = manifest.to_bytes().map_err(encode)?;
    write_package(&manifest, &files, &[])
}

/// What a record claims.
pub(crate) fn claim_of(run: &RunRecord) -> Claim {
    Claim {
        verdict: run.verdict,
        partial: run.partial,
        closed: run.cases.len() as u64,
        passed: run.cases.iter().filter(|case| case.verdict == Verdict::Pass).count() as u64,
    }
}

/// The archive: manifest, files in order of names, signatures.
pub(crate) fn write_package(
    manifest: &[u8],
    files: &BTreeMap<String, Vec<u8>>,
    signatures: &[(String, Vec<u8>)],
) -> Result<Vec<u8>, ReportError> {
    let mut entries = vec![Entry { name: MANIFEST, bytes: manifest }];
    entries.extend(files.iter().map(|(name, bytes)| Entry { name, bytes }));
    entries.extend(signatures.iter().map(|(name, bytes)| Entry { name, bytes }));
    Ok(write_archive(&entries)?)
}

fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, ReportError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|source| ReportError::Encode { source })?;
    bytes.push(b'\n');
    Ok(bytes)
}
