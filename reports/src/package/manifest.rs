//! The manifest: every file of the package with its size and digest, and what the package claims.

use ecric_model::run_record::Suite;
use ecric_model::verdict::RunVerdict;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name and version of the format.
pub const SCHEMA: &str = "ecric.evidence/1";
/// Name of the manifest in the package.
pub const MANIFEST: &str = "manifest.json";
/// Folder of the signatures, which the manifest does not list: they sign it.
pub const SIGNATURES: &str = "signatures/";
/// The part that `ecric redact` drops.
pub const RAW: &str = "raw.ndjson";

/// How far the run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The run began; what follows was never sealed.
    Open,
    /// The run ended.
    Sealed,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Name.
    pub name: String,
    /// Size, bytes.
    pub size: u64,
    /// SM3, hex.
    pub sm3: String,
    /// True if it may be taken out as a whole: the package then still verifies.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub detachable: bool,
}

/// The ledger's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerEnd {
    /// Number of entries.
    pub entries: u64,
    /// Digest of the last one, hex.
    pub head: String,
}

/// The tree over the planned cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MerkleRoot {
    /// Planned cases, the leaves.
    pub cases: u64,
    /// Root, hex.
    pub root: String,
}

/// What the run claims: copied from `run.json`, so that a reader need not open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Verdict of the whole.
    pub verdict: RunVerdict,
    /// True if cases were left out.
    pub partial: bool,
    /// Cases closed.
    pub closed: u64,
    /// Cases that passed.
    pub passed: u64,
}

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: String,
    /// How far the run came.
    pub state: State,
    /// The suite that ran.
    pub suite: Suite,
    /// `dev`, `pretest` or `official`.
    pub mode: String,
    /// Name of the target.
    pub target: String,
    /// Hash of the plan, hex.
    pub plan: String,
    /// What the run claims; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// End of the ledger.
    pub ledger: LedgerEnd,
    /// Tree over the cases.
    pub merkle: MerkleRoot,
    /// Every file but this one and the signatures, in order of names.
    pub files: Vec<FileEntry>,
}

impl Manifest {
    /// The one form in which it is written.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
