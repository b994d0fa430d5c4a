//! The run record as a file: reading, writing and its JSON Schema. Never judges what it reads.

use std::io::Write;

use ecric_model::run_record::{RunRecord, SCHEMA};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ReportError;

/// Largest run record that is read: 256 MiB.
pub const RUN_RECORD_LIMIT_BYTES: usize = 256 * 1024 * 1024;

/// Writes the record as indented JSON with a line feed at the end.
///
/// # Errors
/// When the writer fails.
pub fn write_json(record: &RunRecord, out: &mut dyn Write) -> Result<(), ReportError> {
    serde_json::to_writer_pretty(&mut *out, record).map_err(|source| ReportError::Encode { source })?;
    out.write_all(b"\n").map_err(|source| ReportError::Encode { source: serde_json::Error::io(source) })
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    schema: Option<Value>,
}

/// Reads a run record.
///
/// # Errors
/// When it is larger than [`RUN_RECORD_LIMIT_BYTES`], not JSON, of another schema, or damaged.
pub fn read_run(bytes: &[u8]) -> Result<RunRecord, ReportError> {
    if bytes.len() > RUN_RECORD_LIMIT_BYTES {
        return Err(ReportError::TooLarge { bytes: bytes.len(), limit: RUN_RECORD_LIMIT_BYTES });
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|source| {
        if source.is_data() {
            ReportError::WrongSchema { found: "absent".to_owned(), wanted: SCHEMA }
        } else {
            ReportError::NotJson { source }
        }
    })?;
    match head.schema {
        Some(Value::String(name)) if name == SCHEMA => {}
        Some(other) => return Err(ReportError::WrongSchema { found: other.to_string(), wanted: SCHEMA }),
        None => return Err(ReportError::WrongSchema { found: "absent".to_owned(), wanted: SCHEMA }),
    }
    serde_json::from_slice(bytes).map_err(|source| ReportError::Damaged { source })
}

/// The JSON Schema (2020-12) of the run record, indented, with a line feed at the end.
#[must_use]
pub fn run_schema() -> String {
    let generated = schemars::schema_for!(RunRecord).to_value();
    let mut schema = serde_json::Map::new();
    schema.insert("$schema".to_owned(), generated["$schema"].clone());
    schema.insert("title".to_owned(), json!("ecric run record"));
    if let Value::Object(generated) = generated {
        for (name, value) in generated {
            schema.entry(name).or_insert(value);
        }
    }
    let mut schema = Value::Object(schema);
    schema["properties"]["schema"] = json!({"const": SCHEMA, "description": "Name and version of this schema."});
    format!("{schema:#}\n")
}
