//! What can go wrong when a report is read or written. Never a fault of the product under test.

use std::path::PathBuf;

/// Why a report could not be read, rendered or written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The record is larger than the limit.
    #[error("read the run record: it has {bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// Size found, bytes.
        bytes: usize,
        /// Size allowed, bytes.
        limit: usize,
    },
    /// The record is not JSON at all.
    #[error("read the run record: not JSON at line {}, column {}: {source}", source.line(), source.column())]
    NotJson {
        /// What the reader said.
        source: serde_json::Error,
    },
    /// The file is JSON, but names another schema or none.
    #[error("read the run record: member \"schema\" is {found}, wanted {wanted:?}")]
    WrongSchema {
        /// The schema named, quoted, or `absent`.
        found: String,
        /// The schema this version reads.
        wanted: &'static str,
    },
    /// The schema name fits, but a member does not.
    #[error(
        "read the run record: line {}, column {}: {source} (the file names the right schema, but is damaged or from another version)",
        source.line(), source.column()
    )]
    Damaged {
        /// What the reader said.
        source: serde_json::Error,
    },
    /// The record could not be encoded or its writer failed.
    #[error("write the run record: {source}")]
    Encode {
        /// What the writer said.
        source: serde_json::Error,
    },
    /// The HTML template failed: a fault of ours.
    #[error("render the HTML report: {source}")]
    Html {
        /// What the template engine said.
        #[from]
        source: minijinja::Error,
    },
    /// The JUnit file could not be encoded.
    #[error("render the JUnit report: {source}")]
    Junit {
        /// What the encoder said.
        #[from]
        source: quick_junit::SerializeError,
    },
    /// A file or folder could not be written.
    #[error("write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Evidence on disk that cannot be taken up again.
    #[error("take up the evidence: {found}")]
    Evidence {
        /// What was found.
        found: String,
    },
    /// A package could not be put together: a fault of ours.
    #[error("write the package: {source}")]
    Archive {
        /// What is wrong.
        #[from]
        source: crate::package::ArchiveError,
    },
    /// A signature could not be made.
    #[error("sign: {found}")]
    Sign {
        /// What is wrong.
        found: String,
    },
    /// No format has this name.
    #[error("find the report format {found:?}, wanted one of {wanted}")]
    UnknownFormat {
        /// The name found.
        found: String,
        /// The names known, separated by commas.
        wanted: String,
    },
}
