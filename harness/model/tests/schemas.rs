//! The committed JSON Schemas are those of the types, so that a slip in a name shows in a diff.
//! `ECRIC_UPDATE=1 cargo test -p ecric-model` rewrites them.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::path::Path;

use ecric_model::binding as b;
use ecric_model::{exchange, finding, ics, requirement, waiver};
use schemars::schema_for;
use serde_json::{Value, json};

fn check(name: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name);
    let wanted = format!("{schema:#}\n");
    if std::env::var_os("ECRIC_UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{name} is not current: run ECRIC_UPDATE=1 cargo test -p ecric-model");
}

#[test]
fn binding_messages() {
    let messages = json!({
        "capabilities": schema_for!(b::CapabilitiesAnswer),
        "issue": schema_for!(b::IssueAnswer),
        "status": schema_for!(b::StatusAnswer),
        "transition": schema_for!(b::TransitionAnswer),
        "search": schema_for!(b::SearchAnswer),
        "audit": schema_for!(b::AuditAnswer),
        "verifyResult": schema_for!(b::VerifyResult),
        "batch": schema_for!(b::BatchAnswer),
        "error": schema_for!(b::ErrorBody),
        "requests": b::Operation::ALL
            .into_iter()
            .filter_map(|operation| Some((operation.name(), b::request_schema(operation)?)))
            .collect::<std::collections::BTreeMap<_, _>>(),
    });
    check("binding.schema.json", &messages);
}

#[test]
fn words_of_the_suite() {
    let words = json!({
        "requirement": schema_for!(requirement::Requirement),
        "ics": schema_for!(ics::Ics),
        "exchange": schema_for!(exchange::Exchange),
        "finding": schema_for!(finding::Finding),
    });
    check("words.schema.json", &words);
}

#[test]
fn waivers_of_the_user() {
    check("expected.schema.json", &schema_for!(waiver::ExpectedFile).to_value());
}
