//! The record of who agreed on which vector. A record holds only for the content it was made with.

use std::collections::{BTreeMap, BTreeSet};

use ecric_vectors::set::Vector;
use serde::{Deserialize, Serialize};

/// `schema` of the record.
pub const AGREEMENT_SCHEMA: &str = "ecric.agreement/1";
/// Independent implementations that have to agree on a cryptographic vector.
const WANTED: usize = 2;

/// The record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// [`AGREEMENT_SCHEMA`].
    pub schema: String,
    /// The implementations that were asked.
    pub implementations: Vec<Implementation>,
    /// Id of the vector to what was agreed.
    pub vectors: BTreeMap<String, Agreed>,
}

/// One implementation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implementation {
    /// Name.
    pub name: String,
    /// Version, as it says itself.
    pub version: String,
    /// Family: implementations of one share code.
    pub family: String,
}

/// Who agreed on one vector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreed {
    /// Fingerprint of question and expectation.
    pub content: String,
    /// Names of the implementations that gave the expected answer.
    pub by: Vec<String>,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AgreementError {
    /// Not of the form.
    #[error("the record is not of the form: {0}")]
    Form(#[from] serde_json::Error),
    /// Another schema.
    #[error("schema {0:?}, wanted {AGREEMENT_SCHEMA:?}")]
    Schema(String),
}

/// Reads a record.
///
/// # Errors
/// When it is not of the form.
pub fn load_agreement(text: &str) -> Result<Agreement, AgreementError> {
    let record: Agreement = serde_json::from_str(text)?;
    if record.schema == AGREEMENT_SCHEMA { Ok(record) } else { Err(AgreementError::Schema(record.schema)) }
}

impl Agreement {
    /// What is wrong with the record for these vectors, one line each: a cryptographic vector that is
    /// missing, that was changed since, or on which fewer than two families agreed; and one that is gone.
    #[must_use]
    pub fn problems(&self, vectors: &[Vector]) -> Vec<String> {
        let family: BTreeMap<&str, &str> =
            self.implementations.iter().map(|one| (one.name.as_str(), one.family.as_str())).collect();
        let mut problems = Vec::new();
        let mut known = BTreeSet::new();
        for vector in vectors.iter().filter(|vector| vector.is_cryptographic()) {
            let id = &vector.item.id;
            known.insert(id.as_str());
            let Some(agreed) = self.vectors.get(id) else {
                problems.push(format!("{id}: not in the record"));
                continue;
            };
            if agreed.content != vector.fingerprint() {
                problems.push(format!("{id}: changed since the record was made"));
            }
            let families: BTreeSet<_> = agreed.by.iter().filter_map(|name| family.get(name.as_str())).collect();
            if families.len() < WANTED {
                problems.push(format!("{id}: only {families:?} agreed, wanted {WANTED} families"));
            }
        }
        let gone = self.vectors.keys().filter(|id| !known.contains(id.as_str()));
        problems.extend(gone.map(|id| format!("{id}: no such vector")));
        problems
    }

    /// The record as text: one line for each vector.
    #[must_use]
    pub fn render(&self) -> String {
        let implementations: Vec<String> =
            self.implementations.iter().map(|one| format!("    {}", line(one))).collect();
        let vectors: Vec<String> = self
            .vectors
            .iter()
            .map(|(id, agreed)| format!("    {}: {}", serde_json::Value::from(id.as_str()), line(agreed)))
            .collect();
        format!(
            "{{\n  \"schema\": \"{}\",\n  \"implementations\": [\n{}\n  ],\n  \"vectors\": {{\n{}\n  }}\n}}\n",
            self.schema,
            implementations.join(",\n"),
            vectors.join(",\n")
        )
    }
}

/// A value in one line of JSON.
fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
