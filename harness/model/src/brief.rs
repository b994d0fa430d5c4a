//! What a run came to, in one line: verdicts and a word of why. Spoken between `ecric run --brief`
//! and `ecric selftest`, which is the same binary; no format for users.

use std::collections::BTreeMap;

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
