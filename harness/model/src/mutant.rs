//! Descriptions of the references that prove the suite: mutants, wrong in exactly one way, and
//! variants, right in another way.

use serde::Serialize;

/// One mutant, as listed for people and for lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MutantInfo {
    /// Id, `M-IDN-008-a`.
    pub id: &'static str,
    /// What is broken, English.
    pub en: &'static str,
    /// What is broken, Chinese.
    pub zh: &'static str,
    /// The case that must kill it, `IDN-008/01`.
    pub killed_by: &'static str,
    /// The stand-in vendor over whose wire its case is planned; the reference itself where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<&'static str>,
}

/// One variant, as listed for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VariantInfo {
    /// Name, `members-reversed`.
    pub name: &'static str,
    /// What is different, English.
    pub en: &'static str,
    /// What is different, Chinese.
    pub zh: &'static str,
    /// True if it is to be spoken to in HTTP/2.
    pub http2: bool,
}
