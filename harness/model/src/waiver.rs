//! Waivers: known failures that somebody answers for until a date (`expected.yaml`), and what became
//! of them in a run. Shape only; `runner` judges.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::ids::RequirementId;

/// Schema name of `expected.yaml`.
pub const SCHEMA: &str = "ecric.expected/1";

/// A file of waivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFile {
    /// [`SCHEMA`].
    pub schema: String,
    /// One entry per failure that is known.
    #[serde(default)]
    pub waivers: Vec<Waiver>,
}

/// One known failure: a requirement, one of its cases, one version of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The requirement that is not met.
    pub requirement: RequirementId,
    /// The case that shows it, `IDN-008/01`. One entry waives one case; `*` is reported as too broad.
    pub case: String,
    /// The product version, as `vendor.version` of the target file says it; `*` is reported as too broad.
    pub target_version: String,
    /// Why the failure is accepted for now.
    pub reason: String,
    /// Who answers for it: a person or a team.
    pub owner: String,
    /// Last day on which it counts, `YYYY-MM-DD`, in China's time; at most a year after the run.
    pub expires: String,
    /// What fails: `cases[].failure_sm3` of the record that showed it, 64 hex digits. Another failure
    /// of the same case is not waived.
    pub evidence: String,
}

/// What became of a waiver in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaiverState {
    /// The case failed as the entry says.
    Applied,
    /// The case did not fail, was not planned, or the product has another version.
    Unused,
    /// Its last day is over.
    Expired,
    /// It covers more than one case and one version, or more than a year.
    TooBroad,
    /// The case failed in another way than the entry says.
    OtherFailure,
    /// The case was left out of a partial run, or could not be judged: nothing is said about the entry.
    NotJudged,
}

impl WaiverState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Applied, Self::Unused, Self::Expired, Self::TooBroad, Self::OtherFailure, Self::NotJudged];

    /// True if the entry fails the run: it has to be corrected or taken out.
    #[must_use]
    pub const fn fails_the_run(self) -> bool {
        !matches!(self, Self::Applied | Self::NotJudged)
    }

    /// The state in words.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Applied => Text::new("applied", "已适用"),
            Self::Unused => Text::new("unused", "未用到"),
            Self::Expired => Text::new("expired", "已过期"),
            Self::TooBroad => Text::new("too broad", "范围过宽"),
            Self::OtherFailure => Text::new("another failure", "失败情形不同"),
            Self::NotJudged => Text::new("not judged", "未判定"),
        }
    }
}

/// A waiver with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverRecord {
    /// The entry as written.
    pub waiver: Waiver,
    /// Its line in the file, from 1.
    pub line: usize,
    /// What became of it.
    pub state: WaiverState,
    /// Why.
    pub detail: Text,
}
