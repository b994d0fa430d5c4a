//! What a run came to, in one line: verdicts and a word of why. Spoken between `ecric run --brief`
//! and `ecric selftest`, which is the same binary; no format for users.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::run_record::{CaseRecord, RunRecord};
use crate::verdict::{RunVerdict, Verdict};

/// Name and version of the line.
pub const SCHEMA: &str = "ecric.brief/1";

/// The line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// [`SCHEMA`].
    pub schema: String,
    /// Hash of the plan.
    pub plan: String,
    /// Verdict of the whole.
    pub verdict: RunVerdict,
    /// Exit code of the run.
    pub exit_code: u8,
    /// Milliseconds that the run took.
    pub duration_ms: u64,
    /// Verdict of each requirement.
    pub requirements: BTreeMap<String, Verdict>,
    /// Verdict of each case.
    pub cases: BTreeMap<String, Verdict>,
    /// Why, for cases that did not pass.
    pub why: BTreeMap<String, Text>,
    /// Why the run was stopped, if it was.
    pub stopped: Option<Text>,
    /// Which decisions of the embedded reference each case asks for, if that was wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisions: Option<Decisions>,
}

/// Names of the decisions that the reference took: what a mutant may have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decisions {
    /// When it was started: they hold for every case.
    pub at_start: BTreeSet<String>,
    /// In each case.
    pub cases: BTreeMap<String, BTreeSet<String>>,
}

impl Decisions {
    /// True if a case, or the start, asks for one of these; also if nothing is known of the case.
    #[must_use]
    pub fn concern(&self, case: &str, changes: &[String]) -> bool {
        let asked = |names: &BTreeSet<String>| changes.iter().any(|change| names.contains(change));
        asked(&self.at_start) || self.cases.get(case).is_none_or(asked)
    }
}

impl From<&RunRecord> for Brief {
    fn from(record: &RunRecord) -> Self {
        let not_passed = record.cases.iter().filter(|case| case.verdict != Verdict::Pass);
        Self {
            schema: SCHEMA.to_owned(),
            plan: record.plan.hash.clone(),
            verdict: record.verdict,
            exit_code: record.exit_code,
            duration_ms: record.duration_ms,
            requirements: record.requirements.iter().map(|one| (one.id.to_string(), one.verdict)).collect(),
            cases: record.cases.iter().map(|case| (case.id.to_string(), case.verdict)).collect(),
            why: not_passed.filter_map(|case| Some((case.id.to_string(), why(case)?))).collect(),
            stopped: record.stopped.clone(),
            decisions: None,
        }
    }
}

fn why(case: &CaseRecord) -> Option<Text> {
    let Some(finding) = case.findings.first() else { return case.cause_detail.clone() };
    let (expected, actual) = (&finding.expected, &finding.actual);
    Some(Text::new(
        format!("{}: wanted {}, found {}", finding.place, expected.en, actual.en),
        format!("{}：应为 {}，实为 {}", finding.place, expected.zh, actual.zh),
    ))
}
