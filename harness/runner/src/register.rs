//! The requirement registers, `<area>/requirements.yaml`.

use ecric_model::Text;
use ecric_model::requirement::Requirement;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Schema name and version of a register.
pub(crate) const SCHEMA: &str = "ecric.register/1";

/// One register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// `ecric.register/1`.
    pub schema: String,
    /// Place of the area in reports, from 1.
    pub order: u32,
    /// Folder name.
    pub area: String,
    /// Name for people.
    pub title: Text,
    /// Records.
    pub requirements: Vec<Requirement>,
}

/// JSON Schema of a register.
#[must_use]
pub fn register_schema() -> serde_json::Value {
    schemars::schema_for!(Register).to_value()
}
