//! A finding: what a product did against what was expected, with the evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;

/// What kind of fault a finding reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingClass {
    /// A value differs from the one required.
    WrongValue,
    /// A member, header or entry is missing.
    Missing,
    /// A value has the wrong shape.
    Malformed,
    /// Something wrong was accepted.
    FalseAccept,
    /// Something right was refused.
    FalseReject,
    /// Refused, but for another reason than the one under test.
    WrongReason,
    /// A server error (5xx).
    ServerError,
    /// No answer within the limit.
    NoAnswer,
    /// The connection broke or the answer was not HTTP.
    BrokenAnswer,
    /// Mandatory or declared, but answered NOT_SUPPORTED.
    NotSupported,
    /// Data left the product that must not.
    Leak,
    /// State changed though it must not, or did not change though it must.
    WrongState,
    /// A property failed for some generated value.
    PropertyFailed,
}

/// One fault of the product under test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Kind of fault.
    pub class: FindingClass,
    /// What was expected.
    pub expected: Text,
    /// What was found.
    pub actual: Text,
    /// Where: JSON member, header, operation, byte.
    #[serde(rename = "where")]
    pub place: String,
    /// Evidence ids of the exchanges that show it.
    #[serde(default)]
    pub evidence: Vec<String>,
}

impl Finding {
    /// Builds a finding without evidence; the caller of a check adds it.
    pub fn new(class: FindingClass, place: impl Into<String>, expected: Text, actual: Text) -> Self {
        Self { class, expected, actual, place: place.into(), evidence: Vec::new() }
    }
}

/// Result of a check.
pub type Judgement = Result<(), Box<Finding>>;

/// Builds the failing side of a [`Judgement`].
///
/// # Errors
/// Always: that is its purpose.
pub fn fail(class: FindingClass, place: impl Into<String>, expected: Text, actual: Text) -> Judgement {
    Err(Box::new(Finding::new(class, place, expected, actual)))
}
