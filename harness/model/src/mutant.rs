//! Description of a mutant: a reference that is wrong in exactly one way.

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
