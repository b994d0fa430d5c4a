//! Stored walks: short sequences that once found a fault. They are played again in every run.
//!
//! Reads and writes the format only; what a line of a walk means is known to `ecric-explore`.

use include_dir::{Dir, include_dir};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use ecric_model::Text;

use crate::file::{LoadError, check_schema, load_yaml};

static STORED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/regressions");

/// `schema` of a file of stored walks.
pub const REGRESSION_SCHEMA: &str = "ecric.regressions/1";
/// Most steps of a stored walk.
const STEPS_MAX: usize = 1_000;

/// A file of stored walks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegressionFile {
    /// `ecric.regressions/1`.
    pub schema: String,
    /// The walks.
    pub walks: Vec<StoredWalk>,
}

/// One stored walk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoredWalk {
    /// `walk.0001`; never reused.
    pub id: String,
    /// What it found.
    pub finds: Text,
    /// Where it comes from: a seed with the number of the walk, or by hand.
    pub source: String,
    /// One step a line, such as `restore on 1 stale`.
    pub steps: Vec<String>,
}

/// Reads a file of stored walks; `file` is its name in errors.
///
/// # Errors
/// When it is not of the form, has another `schema`, or a walk without steps or with too many.
pub fn load_regressions(file: &str, bytes: &[u8]) -> Result<Vec<StoredWalk>, LoadError> {
    let read: RegressionFile = load_yaml(file, bytes)?;
    check_schema(file, &read.schema, REGRESSION_SCHEMA)?;
    for walk in &read.walks {
        let count = walk.steps.len();
        if count == 0 || count > STEPS_MAX {
            let problem = format!("{count} steps, wanted 1 to {STEPS_MAX}");
            return Err(LoadError::Content { file: file.to_owned(), place: walk.id.clone(), problem });
        }
    }
    Ok(read.walks)
}

/// Every walk of `vectors/regressions`, by file and order.
///
/// # Errors
/// As [`load_regressions`].
pub fn stored_walks() -> Result<Vec<StoredWalk>, LoadError> {
    let mut files: Vec<_> =
        STORED.files().filter(|file| file.path().extension().is_some_and(|e| e == "yaml")).collect();
    files.sort_by_key(|file| file.path());
    let mut walks = Vec::new();
    for file in files {
        walks.extend(load_regressions(&file.path().display().to_string(), file.contents())?);
    }
    Ok(walks)
}

/// Writes a file of stored walks.
#[must_use]
pub fn write_regressions(walks: &[StoredWalk]) -> String {
    let file = RegressionFile { schema: REGRESSION_SCHEMA.to_owned(), walks: walks.to_vec() };
    serde_yaml::to_string(&file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn stored_walks_have_ids_of_their_own() {
        let walks = stored_walks().unwrap();
        let ids: BTreeSet<_> = walks.iter().map(|walk| &walk.id).collect();
        assert_eq!(ids.len(), walks.len());
        assert!(!walks.is_empty());
    }

    #[test]
    fn files_are_written_as_they_are_read() {
        let walks = stored_walks().unwrap();
        assert_eq!(load_regressions("x", write_regressions(&walks).as_bytes()).unwrap(), walks);
    }

    #[test]
    fn other_files_are_refused_with_their_place() {
        for (text, told) in [
            ("schema: \"ecric.regressions/2\"\nwalks: []\n", "schema"),
            (
                "schema: \"ecric.regressions/1\"\nwalks: [{id: \"a\", finds: {en: \"x\", zh: \"x\"}, source: \"x\", steps: []}]\n",
                "a: 0 steps",
            ),
            ("schema: \"ecric.regressions/1\"\nwalks: []\nmore: 1\n", "more"),
        ] {
            let error = load_regressions("f.yaml", text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("f.yaml:") && error.contains(told), "{error}");
        }
    }
}
