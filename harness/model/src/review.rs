//! A person's decision about a case that no program can judge. Shape only; `reports` appends it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::verdict::Verdict;

/// One decision. A case may have several; the last one counts, none is taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewRecord {
    /// Verdict before it.
    pub from: Verdict,
    /// Verdict decided: PASS or FAIL.
    pub to: Verdict,
    /// Who decided.
    pub by: String,
    /// Why.
    pub note: String,
    /// When, RFC 3339, UTC.
    pub at: String,
}
