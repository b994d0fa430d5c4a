//! The format of the vector files and the one reader of YAML in this crate. Judges no vector.

use std::collections::BTreeMap;

use ecric_model::Text;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

mod rules;

pub use rules::check_committed;

/// Longest file that is read: 16 MiB.
pub const SIZE_MAX: usize = 16 * 1024 * 1024;
/// `schema` of a vector file.
pub const VECTOR_SCHEMA: &str = "ecric.vectors/1";

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Longer than [`SIZE_MAX`].
    #[error("{file}: {found} bytes, wanted at most {SIZE_MAX}")]
    TooLarge {
        /// The file.
        file: String,
        /// Its length in bytes.
        found: usize,
    },
    /// Not UTF-8.
    #[error("{file}: no UTF-8 from byte {position} on")]
    Encoding {
        /// The file.
        file: String,
        /// The first byte that is no UTF-8, from 0.
        position: usize,
    },
    /// Not YAML, or not of the wanted form: an unknown, missing or repeated member, another type.
    #[error("{file}:{line}:{column}: {problem}")]
    Form {
        /// The file.
        file: String,
        /// Line from 1, 0 if unknown.
        line: usize,
        /// Column from 1, 0 if unknown.
        column: usize,
        /// What the reader says, without the place.
        problem: String,
        /// The error of the reader.
        source: serde_yaml::Error,
    },
    /// Of the wanted form, but with a content that cannot be used.
    #[error("{file}: {place}: {problem}")]
    Content {
        /// The file.
        file: String,
        /// The member or item.
        place: String,
        /// What was found and what was wanted.
        problem: String,
    },
}

/// Reads one YAML document; `file` is its name in errors.
///
/// # Errors
/// When it is too large, no UTF-8, no YAML or not of the form of `T`.
pub fn load_yaml<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, LoadError> {
    if bytes.len() > SIZE_MAX {
        return Err(LoadError::TooLarge { file: file.to_owned(), found: bytes.len() });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| LoadError::Encoding { file: file.to_owned(), position: error.valid_up_to() })?;
    serde_yaml::from_str(text).map_err(|source| {
        let (line, column) = source.location().map_or((0, 0), |place| (place.line(), place.column()));
        let problem = source.to_string().replace(&format!(" at line {line} column {column}"), "");
        LoadError::Form { file: file.to_owned(), line, column, problem, source }
    })
}

/// Reads a vector file and checks that its `schema` is [`VECTOR_SCHEMA`].
///
/// # Errors
/// As [`load_yaml`], and for another `schema`.
pub fn load_vectors(file: &str, bytes: &[u8]) -> Result<VectorFile, LoadError> {
    let vectors: VectorFile = load_yaml(file, bytes)?;
    check_schema(file, &vectors.schema, VECTOR_SCHEMA)?;
    Ok(vectors)
}

pub(crate) fn check_schema(file: &str, found: &str, wanted: &str) -> Result<(), LoadError> {
    if found == wanted {
        return Ok(());
    }
    let problem = format!("{found:?}, wanted {wanted:?}");
    Err(LoadError::Content { file: file.to_owned(), place: "schema".to_owned(), problem })
}

/// A file of vectors on one topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VectorFile {
    /// `ecric.vectors/1`.
    pub schema: String,
    /// Area, the folder of the file.
    pub area: String,
    /// Topic, the name of the file without ending.
    pub topic: String,
    /// Title.
    pub title: Text,
    /// Where the values come from.
    pub source: Source,
    /// The program that made the file, or
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<Generator>,
    /// how it was made by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
    /// Flag to why it exists and what a failure means.
    pub notes: BTreeMap<String, String>,
    /// Groups that share parameters.
    pub groups: Vec<Group>,
}

/// Where values come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Document or project.
    pub name: String,
    /// Its version or year.
    pub version: String,
    /// Clause within it.
    pub clause: String,
    /// Licence of the values.
    pub licence: String,
}

/// The program that made a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generator {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Seed, from which the file is made again.
    pub seed: String,
}

/// Items that share parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The parameters.
    pub params: BTreeMap<String, String>,
    /// The items.
    pub items: Vec<Item>,
}

/// One vector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `idn.check-char.0003`; never reused, never renumbered.
    pub id: String,
    /// What it is, in words.
    pub comment: String,
    /// Keys of `notes`.
    pub flags: Vec<String>,
    /// What goes in, all as text.
    pub input: BTreeMap<String, String>,
    /// What has to come out.
    pub expect: Expect,
    /// With invalid: the stage that refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// With invalid: the reason class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What comes out besides, all as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<BTreeMap<String, String>>,
}

/// Valid or invalid; there is nothing between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// Accepted.
    Valid,
    /// Refused.
    Invalid,
}

#[cfg(test)]
mod tests;
