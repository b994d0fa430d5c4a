//! The evidence package, `run.ecric`: one file that binds plan, exchanges, attempts and verdicts together, so that
//! it can be checked offline by anybody. The format, what it proves and what it does not: `docs/evidence.md`.

mod archive;
mod assemble;
mod claims;
mod confirmation;
mod contents;
mod fault;
mod journal;
mod ledger;
mod manifest;
mod merkle;
mod recover;
mod render;
mod sign;
mod signer;
mod statement;
mod story;
mod verify;

pub use archive::{ArchiveError, PACKAGE_LIMIT_BYTES};
pub use assemble::{Parts, assemble};
pub use confirmation::{CONFIRMATION_SCHEMA, check_confirmation, is_confirmation, write_confirmation};
pub use contents::{Contents, ENVIRONMENT_SCHEMA, Environment, PlanFacts};
pub use fault::Fault;
pub use journal::{EVIDENCE, Journal, Recovered};
pub use ledger::{Entry as LedgerEntry, Kind as LedgerKind};
pub use manifest::{Manifest, SCHEMA as EVIDENCE_SCHEMA, State};
pub use render::{Outcome, Report, signature_json, signature_line};
pub use sign::{
    Opened, SignatureFact, Standing, check_attestation, check_signatures, digest_of_manifest, open_signed, redact,
    refusals, sign, sign_bytes, subject_of,
};
pub use signer::{NewKey, Signer, Trust};
pub use statement::{SignerRole, Statement};
pub use verify::{Examined, Raw, examine};

/// Name of the package in the folder of a run.
pub const PACKAGE: &str = "run.ecric";

/// The JSON Schemas (2020-12) of the files in a package that are its own, indented, with a line feed at the end.
#[must_use]
pub fn evidence_schema() -> String {
    use ecric_model::evidence as e;
    let schema = serde_json::json!({
        "manifest.json": schemars::schema_for!(Manifest),
        "environment.json": schemars::schema_for!(Environment),
        "ledger.ndjson": schemars::schema_for!(LedgerEntry),
        "parts.ndjson": schemars::schema_for!(e::Part),
        "attempts.ndjson": schemars::schema_for!(e::Attempt),
        "exchanges.ndjson, member trace": schemars::schema_for!(e::Trace),
        "raw.ndjson": schemars::schema_for!(e::RawExchange),
        "signatures, statement": schemars::schema_for!(Statement),
    });
    format!("{schema:#}\n")
}
