//! The ZIP container: audited before any content is used, one name to one content.
//!
//! The audit accounts for every byte of the file: entries follow one another without gap, the
//! directory says the same as the headers, and nothing stands before, between or behind. Two readers
//! can then not see two different documents. Limits: `docs/licence-file.md`.

mod audit;
mod name;
mod write;

pub use audit::{audit, audit_lenient, read_naive};
pub use write::{Entry, Method, in_order, write_package, write_with};

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Largest package, bytes.
pub const PACKAGE_MAX: usize = 4 << 20;
/// Most entries.
pub const ENTRIES_MAX: usize = 512;
/// Longest entry name, bytes.
pub const NAME_MAX: usize = 200;
/// Deepest path, segments.
pub const DEPTH_MAX: usize = 8;
/// Largest entry, unpacked bytes.
pub const ENTRY_MAX: usize = 8 << 20;
/// All entries together, unpacked bytes.
pub const TOTAL_MAX: usize = 32 << 20;
/// Highest ratio of an entry above 64 KiB.
pub const ENTRY_RATIO_MAX: usize = 100;
/// Highest ratio of the package.
pub const PACKAGE_RATIO_MAX: usize = 50;

/// What is wrong with a container. The word is the fine reason code without `ZIP_`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ZipFault {
    /// No ZIP, or cut.
    Malformed,
    /// A name twice.
    DuplicateName,
    /// Names that differ only in case or in Unicode normalisation.
    NameCollision,
    /// A name that readers understand differently.
    BadName,
    /// A name that leads out of the package, or a symbolic link.
    PathEscape,
    /// Local header and directory disagree.
    HeaderMismatch,
    /// Bytes that belong to nothing.
    SlackBytes,
    /// Entries share bytes.
    Overlap,
    /// A size, count or ratio above the ceiling.
    Limit,
    /// A ZIP inside the ZIP.
    Nested,
    /// CRC-32 differs.
    Crc,
    /// A data descriptor that disagrees.
    Descriptor,
    /// Encryption, ZIP64, several disks, another method.
    Unsupported,
    /// A local header that the directory does not name.
    HiddenEntry,
    /// The number of entries is wrong.
    Count,
    /// A folder entry with content.
    DirData,
}

impl ZipFault {
    /// The fine reason code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "ZIP_MALFORMED",
            Self::DuplicateName => "ZIP_DUPLICATE_NAME",
            Self::NameCollision => "ZIP_NAME_COLLISION",
            Self::BadName => "ZIP_BAD_NAME",
            Self::PathEscape => "ZIP_PATH_ESCAPE",
            Self::HeaderMismatch => "ZIP_HEADER_MISMATCH",
            Self::SlackBytes => "ZIP_SLACK_BYTES",
            Self::Overlap => "ZIP_OVERLAP",
            Self::Limit => "ZIP_LIMIT",
            Self::Nested => "ZIP_NESTED",
            Self::Crc => "ZIP_CRC",
            Self::Descriptor => "ZIP_DESCRIPTOR",
            Self::Unsupported => "ZIP_UNSUPPORTED",
            Self::HiddenEntry => "ZIP_HIDDEN_ENTRY",
            Self::Count => "ZIP_COUNT",
            Self::DirData => "ZIP_DIR_DATA",
        }
    }
}

/// A fault and its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} at byte {position}: {detail}", .fault.code())]
pub struct ZipError {
    /// What is wrong.
    pub fault: ZipFault,
    /// Where, in bytes from the start of the file.
    pub position: usize,
    /// One sentence.
    pub detail: String,
}

/// An audited package: every entry by its name, unpacked.
#[derive(Debug, Clone)]
pub struct Package<'a> {
    entries: BTreeMap<String, Cow<'a, [u8]>>,
    notes: Vec<&'static str>,
}

impl<'a> Package<'a> {
    /// The content of an entry; `name` without leading slash.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.entries.get(name).map(AsRef::as_ref)
    }

    /// Names and contents in byte order of the names; folders are left out.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.entries.iter().map(|(name, content)| (name.as_str(), content.as_ref()))
    }

    /// Names of the lenient reader's notes (`LINT_PREFIX`).
    #[must_use]
    pub fn notes(&self) -> &[&'static str] {
        &self.notes
    }

    /// Makes a package of contents at hand, for writers and tests.
    #[must_use]
    pub fn of(entries: BTreeMap<String, Vec<u8>>) -> Package<'a> {
        let entries = entries.into_iter().map(|(name, content)| (name, Cow::Owned(content))).collect();
        Package { entries, notes: Vec::new() }
    }
}

#[cfg(test)]
mod tests;
