//! `Signatures.xml` and `Signature.xml` (GB/T 33190, 18): what they say, read and written.

mod read;
mod write;

pub use read::{read_list, read_signature};
pub use write::{write_list, write_signature};

use super::xml::{XmlError, XmlFault};

/// Most signatures of a document.
pub const SIGNATURES_MAX: usize = 16;
/// Most references of a signature.
pub const REFERENCES_MAX: usize = 1024;

/// The two kinds of signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureType {
    /// An electronic seal.
    Seal,
    /// A digital signature without seal.
    Sign,
}

/// A record of the list of signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Id, form `sNNN`.
    pub id: String,
    /// Type; `Seal` where it is not written.
    pub kind: SignatureType,
    /// Whether the type is written.
    pub kind_written: bool,
    /// Place of `Signature.xml` as written.
    pub base_loc: String,
    /// Id of the signature that this one builds on.
    pub relative: Option<String>,
}

/// The list of signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureList {
    /// The highest id used, as written.
    pub max_sign_id: Option<String>,
    /// The records in order.
    pub records: Vec<Record>,
}

/// One protected file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Place as written.
    pub file_ref: String,
    /// Digest as written.
    pub check_value: String,
}

/// Where a seal is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Id of the series of the signatures.
    pub id: String,
    /// Page.
    pub page_ref: String,
    /// Box `x y w h` in mm as written.
    pub boundary: String,
    /// Clip box as written.
    pub clip: Option<String>,
}

/// Who made the signature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider {
    /// Name.
    pub name: String,
    /// Version.
    pub version: Option<String>,
    /// Company.
    pub company: Option<String>,
}

/// What a `Signature.xml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFile {
    /// Who made it.
    pub provider: Provider,
    /// Signature algorithm, an object identifier in dots.
    pub method: Option<String>,
    /// When, as written.
    pub date_time: Option<String>,
    /// Digest algorithm of the references; absent means MD5.
    pub check_method: Option<String>,
    /// What is protected.
    pub references: Vec<Reference>,
    /// Where the seal is shown.
    pub stamps: Vec<Stamp>,
    /// Place of the seal file.
    pub seal: Option<String>,
    /// Place of the signature value.
    pub signed_value: String,
    /// Notes of the lenient reading.
    pub notes: Vec<&'static str>,
}

fn structure<T>(detail: impl Into<String>) -> Result<T, XmlError> {
    super::xml::fault(XmlFault::Structure, detail)
}

#[cfg(test)]
mod tests;
