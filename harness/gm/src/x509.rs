//! X.509 certificates, CRLs, OCSP and time stamps with SM2 (GB/T 20518, GB/T 19713, GB/T 20520;
//! shapes of RFC 5280, 6960, 3161).
//!
//! Everything is verified over the bytes as received. Readers name deviations; writers are apart
//! and can write defective artefacts for tests.

mod algorithm;
pub mod build;
mod certificate;
pub mod crl;
mod extensions;
mod name;
pub mod ocsp;
pub mod path;
pub mod revocation;
pub mod time_stamp;

pub use algorithm::{AlgorithmId, SubjectKey};
pub use certificate::{Certificate, CertificateFault, LinkFault, SIZE_MAX, verify_link};
pub use extensions::{Extensions, KeyUsage, Subtree};
pub use name::Name;

#[cfg(test)]
mod tests;
