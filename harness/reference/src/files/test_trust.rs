//! Test control T1: trust anchors of the verifier under test.

use ecric_licence::file::Trust;
use serde_json::{Map, Value, json};

use super::trust::{Sources, own_trust};
use crate::errors::ApiError;
use crate::loader::request::RelyingParty;
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

fn loaders(body: &Map<String, Value>) -> Result<Vec<(String, String)>, ApiError> {
    let Some(list) = body.get("loaders").and_then(Value::as_array) else { return Ok(Vec::new()) };
    list.iter()
        .take(ADDRESSES_MAX)
        .map(|item| {
            let text = |name: &str| item[name].as_str().map(str::to_owned);
            text("iss").zip(text("redeemUrl")).ok_or_else(|| ApiError::invalid("loaders", "iss or redeemUrl missing"))
        })
        .collect()
}

fn relying_parties(body: &Map<String, Value>) -> Result<Vec<RelyingParty>, ApiError> {
    let Some(list) = body.get("relyingParties").and_then(Value::as_array) else { return Ok(Vec::new()) };
    list.iter()
        .take(ADDRESSES_MAX)
        .map(|item| {
            let wrong = || ApiError::invalid("relyingParties", "id or der missing, or unreadable");
            let id = item["id"].as_str().ok_or_else(wrong)?.to_owned();
            let der =
                item["der"].as_str().and_then(|text| ecric_gm::encoding::from_b64(text).ok()).ok_or_else(wrong)?;
            let certificate = ecric_gm::x509::Certificate::read(&der).map_err(|_| wrong())?;
            let hosts = item["responseHosts"].as_array().into_iter().flatten();
            let hosts = hosts.filter_map(Value::as_str).map(str::to_owned).collect();
            Ok(RelyingParty { id, certificate, hosts })
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
        relying_parties: relying_parties(&work.body)?,
        loaders: loaders(&work.body)?,
    };
    let installed = trust.roots.len() + trust.intermediates.len() + trust.signers.len() + trust.evidence.lists.len();
    let own = own_trust(&work.shared.pki);
    let keep = work.behaviour().trust_removal_ignored();
    let version = work.shared.trust.change(|current, places| match mode.as_str() {
        "REMOVE" if keep => {}
        "REMOVE" => {
            current.remove(&trust);
            places.crl.retain(|found| !sources.crl.contains(found));
            places.ocsp.retain(|found| !sources.ocsp.contains(found));
            places.issuers.retain(|found| !sources.issuers.contains(found));
            places.loaders.retain(|found| !sources.loaders.contains(found));
            places.relying_parties.retain(|found| !sources.relying_parties.contains(found));
        }
        mode => {
            if mode == "REPLACE" {
                // Its own authorities stay: the reference is an issuer, too.
                *current = own;
                *places = Sources::default();
            }
            current.add(trust);
            // The newest address of an authority counts; what is known already is not kept twice.
            places.crl.retain(|found| !sources.crl.contains(found));
            places.crl.splice(0..0, sources.crl);
            places.ocsp.retain(|found| !sources.ocsp.contains(found));
            places.ocsp.splice(0..0, sources.ocsp);
            places.issuers.retain(|(code, _)| !sources.issuers.iter().any(|(new, _)| new == code));
            places.issuers.extend(sources.issuers);
            places.relying_parties.retain(|old| !sources.relying_parties.iter().any(|new| new.id == old.id));
            places.relying_parties.extend(sources.relying_parties);
            places.loaders.retain(|(iss, _)| !sources.loaders.iter().any(|(new, _)| new == iss));
            places.loaders.extend(sources.loaders);
        }
    });
    Ok(Reply::ok(json!({"installed": installed, "version": version})))
}
