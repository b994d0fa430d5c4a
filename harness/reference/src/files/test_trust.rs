//! Test control T1: trust anchors of the verifier under test.

use ecric_licence::file::Trust;
use serde_json::{Map, Value, json};

use super::trust::{Sources, own_trust};
use crate::errors::ApiError;
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};

/// Most addresses of one kind.
const ADDRESSES_MAX: usize = 64;

fn addresses(body: &Map<String, Value>, name: &str) -> Result<Vec<String>, ApiError> {
    let list = match body.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) if list.len() <= ADDRESSES_MAX => list,
        Some(_) => return Err(ApiError::invalid(name, "not an array of at most 64 addresses")),
    };
    let read = list.iter().map(|item| item.as_str().map(str::to_owned));
    read.collect::<Option<_>>().ok_or_else(|| ApiError::invalid(name, "not a text"))
}

fn issuers(body: &Map<String, Value>) -> Result<Vec<(String, String)>, ApiError> {
    let Some(list) = body.get("issuers").and_then(Value::as_array) else { return Ok(Vec::new()) };
    list.iter()
        .take(ADDRESSES_MAX)
        .map(|item| {
            let text = |name: &str| item[name].as_str().map(str::to_owned);
            text("code")
                .zip(text("statusBase"))
                .ok_or_else(|| ApiError::invalid("issuers", "code or statusBase missing"))
        })
        .collect()
}

/// Runs the control.
pub(crate) fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let mode = reader.text("mode").unwrap_or_default().to_owned();
    if !["REPLACE", "ADD", "REMOVE"].contains(&mode.as_str()) && reader.value("mode").is_some() {
        reader.fault("mode", "not one of REPLACE, ADD, REMOVE");
    }
    faults.finish()?;
    let given = Value::Object(work.body.clone());
    let trust = Trust::from_list(&given).map_err(|error| ApiError::invalid(&error.member, "cannot be read"))?;
    let sources = Sources {
        crl: addresses(&work.body, "crl")?,
        ocsp: addresses(&work.body, "ocsp")?,
        issuers: issuers(&work.body)?,
    };
    let installed = trust.roots.len() + trust.intermediates.len() + trust.signers.len() + trust.evidence.lists.len();
    let own = own_trust(&work.shared.pki);
    let keep = work.behaviour().trust_removal_ignored;
    let version = work.shared.trust.change(|current, places| match mode.as_str() {
        "REMOVE" if keep => {}
        "REMOVE" => {
            current.remove(&trust);
            places.crl.retain(|found| !sources.crl.contains(found));
            places.ocsp.retain(|found| !sources.ocsp.contains(found));
            places.issuers.retain(|found| !sources.issuers.contains(found));
        }
        mode => {
            if mode == "REPLACE" {
                // Its own authorities stay: the reference is an issuer, too.
                *current = own;
                *places = Sources::default();
            }
            current.add(trust);
            places.crl.extend(sources.crl);
            places.ocsp.extend(sources.ocsp);
            places.issuers.extend(sources.issuers);
        }
    });
    Ok(Reply::ok(json!({"installed": installed, "version": version})))
}
