//! The run record, `run.json`: the only source of every report format.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::exchange::Exchange;
use crate::finding::Finding;
use crate::ics::ServiceLevel;
use crate::ids::{CaseId, RequirementId};
use crate::load::LoadRecord;
use crate::requirement::{Basis, Confidence, Level, Profile, Role};
use crate::review::ReviewRecord;
use crate::verdict::{Cause, RunVerdict, Verdict};
use crate::waiver::WaiverRecord;

/// Schema name and version of the record.
pub const SCHEMA: &str = "ecric.run/1";

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunRecord {
    /// [`SCHEMA`].
    pub schema: String,
    /// The suite that ran.
    pub suite: Suite,
    /// What was planned.
    pub plan: PlanSummary,
    /// What was tested.
    pub target: TargetSummary,
    /// Seed, hex.
    pub seed: String,
    /// Rule books applied.
    pub profiles: Vec<Profile>,
    /// Level judged, `core` or `full`.
    pub level: String,
    /// Size of samples and walks: `quick`, `standard`, `long`.
    pub depth: String,
    /// How binding the run is: `dev`, `pretest`, `official`.
    #[serde(default)]
    pub mode: String,
    /// When the run began, RFC 3339, UTC.
    pub started: String,
    /// When the run ended, RFC 3339, UTC.
    pub finished: String,
    /// Wall time, milliseconds.
    pub duration_ms: u64,
    /// Verdict of the whole.
    pub verdict: RunVerdict,
    /// Exit code that goes with it.
    pub exit_code: u8,
    /// What the outcome may be called. Without the standard's text it is pre-conformance evidence.
    pub outcome_name: Text,
    /// True if cases were left out by `--only`, `--tags` or a missing permission.
    pub partial: bool,
    /// Why it is partial, one line each.
    #[serde(default)]
    pub partial_reasons: Vec<Text>,
    /// Why the run was stopped before its end, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Text>,
    /// Verdicts counted.
    pub counts: Counts,
    /// One entry per requirement of the plan, in register order.
    pub requirements: Vec<RequirementRecord>,
    /// One entry per planned case, in plan order.
    pub cases: Vec<CaseRecord>,
    /// Planned cases that were never closed.
    #[serde(default)]
    pub not_closed: Vec<CaseId>,
    /// Notes for the reader: what was skipped, what was switched.
    #[serde(default)]
    pub notes: Vec<Text>,
    /// Waivers handed to the run, with what became of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverRecord>,
}

/// The suite that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suite {
    /// `ecric`.
    pub name: String,
    /// Version.
    pub version: String,
    /// Commit, or `unknown`.
    pub commit: String,
}

/// The plan in short; the ordered list is in `plan.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanSummary {
    /// SM3 of the plan, hex.
    pub hash: String,
    /// Number of planned cases.
    pub cases: usize,
}

/// What was tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetSummary {
    /// Name of the target file.
    pub name: String,
    /// Vendor.
    pub vendor: String,
    /// Product.
    pub product: String,
    /// Product version.
    pub version: String,
    /// Roles under test.
    pub roles: Vec<Role>,
    /// How it was reached: `native`, `mapped`, `adapter`.
    pub rung: String,
    /// Who drove it: `api`, `process`, `human`.
    pub driver: String,
    /// Base URL.
    pub base: String,
    /// SM3 of the target file, hex; secrets are references and so not part of it. Empty for the embedded reference.
    pub file_sm3: String,
    /// Environment declared.
    pub environment: String,
    /// Service levels declared, by operation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slo: BTreeMap<String, ServiceLevel>,
    /// Hooks that give the product's logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log_sources: Vec<String>,
    /// SM3 of the root that the issuer must list, hex, where the target file pins one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_root: Option<String>,
}

/// Counted verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// By requirement.
    pub requirements: BTreeMap<Verdict, usize>,
    /// By case.
    pub cases: BTreeMap<Verdict, usize>,
}

/// One requirement with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RequirementRecord {
    /// Id.
    pub id: RequirementId,
    /// Area, the folder of its register: `identifier`, `lifecycle` …
    pub area: String,
    /// Name of the area.
    pub area_title: Text,
    /// What is required.
    pub title: Text,
    /// Role.
    pub role: Role,
    /// Level.
    pub level: Level,
    /// Rule book.
    pub profile: Profile,
    /// What it rests on.
    pub basis: Vec<Basis>,
    /// How sure we are.
    pub confidence: Confidence,
    /// True if a failure decides the run.
    pub decides: bool,
    /// Verdict.
    pub verdict: Verdict,
    /// Why it does not apply or is not tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// Its cases in the plan.
    pub cases: Vec<CaseId>,
    /// Mutants that prove its cases.
    #[serde(default)]
    pub mutants: Vec<String>,
    /// Vectors that its cases name: `request:…`, `base:…`, `attack:…`, `person:…`, `set:…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vectors: Vec<String>,
    /// True if waivers answer for everything that keeps it from passing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub waived: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// One case with its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseRecord {
    /// Id.
    pub id: CaseId,
    /// Requirement it serves.
    pub requirement: RequirementId,
    /// Title of the scenario (English; the register carries both languages).
    pub title: String,
    /// Feature file and line.
    pub source: String,
    /// The scenario's steps as written.
    pub steps: Vec<String>,
    /// Verdict.
    pub verdict: Verdict,
    /// Why, where the verdict is not about the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// More about the cause, free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause_detail: Option<Text>,
    /// The step that ended the case, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_step: Option<String>,
    /// Wall time, milliseconds.
    pub duration_ms: u64,
    /// True for a negative case.
    pub negative: bool,
    /// Positive twin of a negative case.
    #[serde(default)]
    pub twin: Option<CaseId>,
    /// Findings.
    pub findings: Vec<Finding>,
    /// Evidence ids of all its exchanges.
    pub evidence: Vec<String>,
    /// Exchanges, redacted, of a case that did not pass.
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
    /// How often it ran; 1.
    pub attempts: u32,
    /// Command that repeats just this case.
    pub repeat: String,
    /// Seed, number of values and minimal input of a property case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<PropertyRecord>,
    /// Fingerprint of the failure, SM3, hex: what a waiver names as its evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_sm3: Option<String>,
    /// True if a waiver answers for the failure; the verdict stays.
    #[serde(default, skip_serializing_if = "is_false")]
    pub waived: bool,
    /// Decisions of persons about a REVIEW verdict, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewRecord>,
}

/// What a property case did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PropertyRecord {
    /// Name of the law.
    pub law: String,
    /// Seed of the case, hex, 32 bytes.
    pub seed: String,
    /// Values tried.
    pub values: u32,
    /// Calls spent on shrinking.
    pub shrinks: u32,
    /// Smallest failing value, redacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimal: Option<String>,
    /// Files that show the failure again: scripts, stored walks. Their persons are made for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ReplayFile>,
    /// Loads that were run, with what was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loads: Vec<LoadRecord>,
}

/// A file that shows a failure again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayFile {
    /// Ending of its name: `curl.sh`, `ecric.sh`, `yaml`.
    pub ending: String,
    /// Its text.
    pub text: String,
}
