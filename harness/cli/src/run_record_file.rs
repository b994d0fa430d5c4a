//! Reads the record of a finished run that a user names by folder or by file.

use std::path::{Path, PathBuf};

use ecric_model::Text;
use ecric_model::messages::Msg;
use ecric_model::run_record::RunRecord;
use ecric_reports::{RUN_RECORD_LIMIT_BYTES, read_run};

/// The path of the record: `run.json` in a folder, or the file itself.
pub(crate) fn path_of(given: &Path) -> PathBuf {
    if given.is_dir() { given.join("run.json") } else { given.to_path_buf() }
}

/// Loads a record.
pub(crate) fn load(given: &Path) -> Result<RunRecord, Text> {
    let path = path_of(given);
    let cannot = |reason: &dyn std::fmt::Display| Msg::CannotRead.text(&[&path.display(), reason]);
    let size = std::fs::metadata(&path).map_err(|error| cannot(&error))?.len();
    if size > RUN_RECORD_LIMIT_BYTES as u64 {
        return Err(cannot(&format!("{size} > {RUN_RECORD_LIMIT_BYTES}")));
    }
    let bytes = std::fs::read(&path).map_err(|error| cannot(&error))?;
    read_run(&bytes).map_err(|error| cannot(&error))
}
