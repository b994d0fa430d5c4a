//! Writes evidence as it comes into the folder of a run, each line bound into the ledger, so that a run that is
//! killed leaves what it saw in a state that can be read and finished.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ecric_model::evidence::{Attempt, Part, Recorded};
use ecric_model::ids::CaseId;

use super::ledger::{Chain, Kind, sm3_of};
use crate::ReportError;

/// Folder of the evidence in the folder of a run.
pub const EVIDENCE: &str = "evidence";
/// Files that grow during a run, by their name in the package.
pub(crate) const GROWING: [&str; 5] =
    ["exchanges.ndjson", "attempts.ndjson", "parts.ndjson", super::manifest::RAW, "ledger.ndjson"];

const EXCHANGES: usize = 0;
const ATTEMPTS: usize = 1;
const PARTS: usize = 2;
const RAW: usize = 3;
const LEDGER: usize = 4;

/// Evidence as it comes; a failure to write is remembered, not hidden.
pub struct Journal {
    files: Option<[Option<BufWriter<File>>; 5]>,
    chain: Chain,
    part: u32,
    attempts: BTreeMap<CaseId, u32>,
    failure: Option<String>,
}

/// What an earlier part of a run left behind.
#[derive(Debug, Clone, Default)]
pub struct Recovered {
    /// Attempts that ended, in order.
    pub attempts: Vec<Attempt>,
    /// Exchanges of cases and of the set-up.
    pub exchanges: Vec<Recorded>,
    /// Parts so far.
    pub parts: Vec<Part>,
    /// Cases that were open when the run was cut off.
    pub cut_off: Vec<CaseId>,
    /// Attempts that were begun, by case.
    pub begun: BTreeMap<CaseId, u32>,
    /// Highest number of an evidence id.
    pub last_evidence: u64,
    /// Lines at the end that were not whole.
    pub torn: usize,
}

impl Journal {
    /// A journal that keeps nothing.
    #[must_use]
    pub fn nowhere() -> Self {
        Self { files: None, chain: Chain::default(), part: 1, attempts: BTreeMap::new(), failure: None }
    }

    /// Begins the evidence of a run in its folder; `plan` is the content of `plan.json`.
    ///
    /// # Errors
    /// When a file cannot be made.
    pub fn begin(folder: &Path, plan: &[u8], part: &Part, keep_raw: bool) -> Result<Self, ReportError> {
        let folder = folder.join(EVIDENCE);
        std::fs::create_dir_all(&folder).map_err(|source| ReportError::Write { path: folder.clone(), source })?;
        let mut files = [const { None }; 5];
        for (slot, name) in files.iter_mut().zip(GROWING) {
            if name != super::manifest::RAW || keep_raw {
                *slot = Some(open(&folder.join(name), true)?);
            }
        }
        let mut journal = Self { files: Some(files), ..Self::nowhere() };
        journal.link(Kind::Plan, "plan.json", &sm3_of(plan));
        journal.part(part);
        journal.flush();
        Ok(journal)
    }

    /// Goes on where an earlier part was cut off: keeps what the ledger covers, drops torn lines.
    ///
    /// # Errors
    /// When the evidence cannot be read or does not hold together.
    pub fn resume(folder: &Path, part: &Part) -> Result<(Self, Recovered), ReportError> {
        let folder = folder.join(EVIDENCE);
        let (chain, recovered, lengths) = super::recover::recover(&folder)?;
        let mut files = [const { None }; 5];
        for ((slot, name), length) in files.iter_mut().zip(GROWING).zip(lengths) {
            let path = folder.join(name);
            let Some(length) = length else { continue };
            let cut = OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(length));
            cut.map_err(|source| ReportError::Write { path: path.clone(), source })?;
            *slot = Some(open(&path, false)?);
        }
        let mut journal = Self { files: Some(files), chain, part: part.part, ..Self::nowhere() };
        journal.attempts.clone_from(&recovered.begun);
        journal.part(part);
        journal.flush();
        Ok((journal, recovered))
    }

    /// Number of the part that writes.
    #[must_use]
    pub const fn part_number(&self) -> u32 {
        self.part
    }

    fn part(&mut self, part: &Part) {
        self.part = part.part;
        if let Some(line) = self.encode(part) {
            self.line(PARTS, &line);
            self.link(Kind::Part, &part.part.to_string(), &sm3_of(line.as_bytes()));
        }
    }

    /// An attempt at a case begins; returns its number.
    pub fn opened(&mut self, case: &CaseId) -> u32 {
        let number = self.attempts.entry(case.clone()).or_default();
        *number += 1;
        let number = *number;
        self.link(Kind::Opened, &format!("{case}#{number}"), "");
        number
    }

    /// Exchanges happened.
    pub fn exchanges(&mut self, exchanges: &[Recorded]) {
        for recorded in exchanges {
            match recorded.to_line() {
                Ok(line) => {
                    self.line(EXCHANGES, &line);
                    self.link(Kind::Exchange, &recorded.exchange.id, &sm3_of(line.as_bytes()));
                }
                Err(error) => self.note(&error),
            }
            if let Some(line) = recorded.raw.as_ref().and_then(|raw| self.encode(raw)) {
                self.line(RAW, &line);
            }
        }
    }

    /// An attempt ended; its exchanges were handed over before.
    pub fn closed(&mut self, attempt: &Attempt) {
        if let Some(line) = self.encode(attempt) {
            self.line(ATTEMPTS, &line);
            self.link(Kind::Closed, &format!("{}#{}", attempt.case, attempt.attempt), &sm3_of(line.as_bytes()));
        }
    }

    /// Number of the attempt at a case that runs or ran last.
    #[must_use]
    pub fn attempt_of(&self, case: &CaseId) -> u32 {
        self.attempts.get(case).copied().unwrap_or(1)
    }

    /// Hands everything to the system: a process that is killed loses nothing of it. The ledger comes last.
    pub fn flush(&mut self) {
        let Some(files) = &mut self.files else { return };
        for file in files.iter_mut().flatten() {
            if let Err(error) = file.flush() {
                self.failure.get_or_insert_with(|| error.to_string());
            }
        }
    }

    /// What went wrong with writing, if anything did.
    #[must_use]
    pub fn finish(mut self) -> Option<String> {
        self.flush();
        self.failure
    }

    fn encode(&mut self, value: &impl serde::Serialize) -> Option<String> {
        serde_json::to_string(value).map_err(|error| self.note(&error)).ok()
    }

    fn note(&mut self, error: &dyn std::fmt::Display) {
        self.failure.get_or_insert_with(|| error.to_string());
    }

    fn link(&mut self, kind: Kind, of: &str, sm3: &str) {
        if self.files.is_none() {
            return;
        }
        match self.chain.append(kind, of, sm3) {
            Ok(line) => self.line(LEDGER, &line),
            Err(error) => self.note(&error),
        }
    }

    fn line(&mut self, file: usize, line: &str) {
        let Some(file) = self.files.as_mut().and_then(|files| files[file].as_mut()) else { return };
        let written = file.write_all(line.as_bytes()).and_then(|()| file.write_all(b"\n"));
        if let Err(error) = written {
            self.failure.get_or_insert_with(|| error.to_string());
        }
    }
}

fn open(path: &PathBuf, new: bool) -> Result<BufWriter<File>, ReportError> {
    let file = if new { File::create(path) } else { OpenOptions::new().append(true).open(path) };
    file.map(BufWriter::new).map_err(|source| ReportError::Write { path: path.clone(), source })
}

/// Cases that were opened and not closed.
pub(crate) fn still_open(opened: &BTreeSet<String>) -> Vec<CaseId> {
    opened.iter().filter_map(|of| CaseId::parse(of.split('#').next()?).ok()).collect()
}
