//! The requirement register: what is required, on what basis, and how sure we are.
//!
//! The texts of Parts 1-3 of the national standard are not public. "shall" means shall in the
//! profile of this project, and each record says what it rests on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;
use crate::ids::RequirementId;

/// Who has to meet a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 签发: makes licences.
    Issuer,
    /// 装载端: wallet or app with its server.
    Loader,
    /// 查验: checks files, codes or attributes.
    Verifier,
    /// 用证方: needs the proof.
    RelyingParty,
    /// 共享服务: directory and sharing interface.
    SharingService,
    /// CA, seal maker, time-stamp authority.
    Pki,
    /// Every role.
    All,
    /// The suite's own data and reports.
    Data,
}

/// How binding a requirement is in the profile of this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Must hold.
    Shall,
    /// Ought to hold; a failure warns.
    Should,
    /// Is allowed.
    May,
}

/// How sure we are that the requirement is what the standard wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Proven by computing, seen in the named source, or a definition of ours.
    Sure,
    /// One good reason.
    Likely,
    /// Inference; never decides a verdict.
    Guess,
}

/// A rule book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Profile {
    /// The licence itself, whatever the interface.
    #[serde(rename = "core")]
    Core,
    /// Rules of binding v1, which are ours.
    #[serde(rename = "binding")]
    Binding,
    /// Rules for the loading end.
    #[serde(rename = "loader")]
    Loader,
    /// Observed dialects of provincial sharing platforms.
    #[serde(rename = "gov-share")]
    GovShare,
}

impl Profile {
    /// Every profile, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Core, Self::Binding, Self::Loader, Self::GovShare];

    /// The name as written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Binding => "binding",
            Self::Loader => "loader",
            Self::GovShare => "gov-share",
        }
    }
}

/// What a requirement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Document or source.
    pub doc: String,
    /// Clause or topic.
    pub clause: String,
    /// How the source was used.
    pub kind: BasisKind,
}

/// How a source was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BasisKind {
    /// The cited clause was read in a published standard.
    Text,
    /// Seen in public code or on a public page.
    Observed,
    /// Law, regulation or State Council policy.
    Law,
    /// Our reading, a computation or a rule of the project.
    Derived,
}

/// Whether a requirement takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequirementStatus {
    /// Has a Rule with cases, or says why it is not tested.
    Active,
    /// Keeps its id and a reason.
    Withdrawn,
}

/// One record of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Stable id.
    pub id: RequirementId,
    /// What is required.
    pub title: Text,
    /// Who has to meet it.
    pub role: Role,
    /// How binding it is.
    pub level: Level,
    /// What it rests on; at least one.
    pub basis: Vec<Basis>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Rule book.
    pub profile: Profile,
    /// Whether it takes part.
    pub status: RequirementStatus,
    /// Why no case exists, where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_tested: Option<Text>,
    /// Why it was withdrawn, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Text>,
}

impl Requirement {
    /// True if a failure decides the verdict of the run: level shall and not a guess.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.level == Level::Shall && self.confidence != Confidence::Guess
    }
}
