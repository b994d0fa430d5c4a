//! Staged verification of a licence file.
//!
//! Every step runs whose input exists; each gives PASS, FAIL, UNKNOWN or SKIPPED with reasons in
//! the closed list of binding v1. The strict reading is the profile of this suite; the lenient one
//! takes what genuine files show, notes it, and never turns a wrong digest or signature into a pass.
//! No clock and no network: time, trust and revocation data come in.

mod alone;
mod certificates;
mod container;
mod fields;
mod metadata;
mod policy;
mod records;
mod report;
mod run;
mod seal_steps;
mod signature_steps;
mod trust_list;

pub use alone::{judge_signer, verify_certificate, verify_seal, verify_seal_signature};
pub use fields::{Fields, IndexItem, PageObject};
pub use policy::{Policy, PolicyError, Reading, Role, TimeSource, Trust, purpose};
pub use report::{Artefact, FileReport, Outcome, Reason, StepId, StepReport, Verdict};
pub use trust_list::TrustListError;

use time::OffsetDateTime;

use run::Run;

/// Verifies a licence file as of `at` against what is trusted.
#[must_use]
pub fn verify_file(bytes: &[u8], trust: &Trust, policy: &Policy, reading: Reading, at: OffsetDateTime) -> FileReport {
    let mut run = Run::new(trust, policy, reading, at);
    let Some(package) = container::open(&mut run, bytes) else { return run.finish() };
    let closure = container::check_root(&mut run, &package);
    let fields = Fields::read(&package, &closure);
    let mut records = records::read(&mut run, &package, &closure);
    records::check_list(&mut run, &records, &fields);
    let mut digests = records::Digests::default();
    for record in &mut records.list {
        records::check_file(&mut run, record, &package, &closure);
        records::check_digests(&mut run, record, &package, &mut digests);
        let seal = signature_steps::check(&mut run, record);
        if let Some(seal) = seal {
            seal_steps::check(&mut run, record, &seal, &package);
        }
    }
    records::check_bases(&mut run, &records);
    records::check_coverage(&mut run, &records, &package, &closure);
    metadata::check(&mut run, &records, &fields);
    run.set_fields(fields);
    run.finish()
}

#[cfg(test)]
mod tests;
