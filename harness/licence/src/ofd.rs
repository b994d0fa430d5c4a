//! The OFD package (GB/T 33190-2016) of a licence: container, XML, links, readers and writers.
//!
//! Readers take hostile bytes: every count, size and depth has a ceiling, nothing is fetched and
//! nothing is written. Writers are apart from readers; they share types, not code.

pub mod links;
pub mod location;
pub mod signature;
pub mod write_xml;
pub mod xml;
pub mod zip;
