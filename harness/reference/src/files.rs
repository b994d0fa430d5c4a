//! Licence files: made by the issuer and the sharing service, judged by the verifier; trust and faults.

pub(crate) mod download;
pub(crate) mod fetch;
pub(crate) mod make;
pub(crate) mod operation;
pub(crate) mod pki;
mod refusals;
pub(crate) mod status_list;
pub(crate) mod test_faults;
pub(crate) mod test_trust;
pub(crate) mod trust;
pub(crate) mod verify;
