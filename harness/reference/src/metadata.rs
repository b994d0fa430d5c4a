//! Operation 3: the licence with the attributes asked for, and nothing beyond.

use ecric_model::binding::{ErrorCode, LicenceStatus, SCOPE_NAMES};
use serde_json::json;

use crate::distort;
use crate::errors::ApiError;
use crate::face::Face;
use crate::files::status_list::status_ref;
use crate::life::current;
use crate::operation::{Reply, Work};
use crate::planted::Planted;
use crate::reader::{Faults, Reader};
use crate::record::{FULL, Licence};
use crate::stated_use::read_use;

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let (scopes, stated) = read(work)?;
    let behaviour = &work.shared.behaviour;
    work.audit.stated_use = stated;
    work.audit.attributes = json!(scopes).to_string();
    let row = work.licence().await?;
    if behaviour.plants(Planted::MetadataWritesBack) {
        work.tx.window().await?;
        work.tx.update_state(&row).await?;
    }
    let state = current(&row, work.now, behaviour);
    let caches = behaviour.plants(Planted::DestroyedServedFromCache);
    if let Some(kept) = work.shared.memory.reply(&row.identifier).filter(|_| state.status == LicenceStatus::Destroyed)
    {
        return Ok(Reply::ok(kept));
    }
    if state.status == LicenceStatus::Destroyed && !behaviour.destroyed_answers {
        return Err(ApiError::new(ErrorCode::Destroyed, "the licence is destroyed"));
    }
    let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
    if let (true, Some(face)) = (behaviour.audit_values, &face) {
        work.audit.attributes = json!([face.name, face.address]).to_string();
    }
    let wanted: Vec<&str> =
        if behaviour.every_scope_answered { FULL.to_vec() } else { scopes.iter().map(String::as_str).collect() };
    let licence = Licence { row: &row, state: &state, face: face.as_ref(), now: work.now, behaviour };
    let mut members = licence.render(&wanted);
    members.insert("statusRef".to_owned(), status_ref(work.shared, &row.identifier));
    if let (true, Some(face)) = (behaviour.number_in_remark, &face) {
        members.insert("remark".to_owned(), json!(face.id_number));
    }
    distort::metadata(&mut members, behaviour);
    let body = json!({"licence": members});
    if caches {
        work.shared.memory.keep_reply(&row.identifier, body.clone());
    }
    Ok(Reply::ok(body))
}

/// Scopes asked for, and the stated use.
fn read(work: &Work<'_>) -> Result<(Vec<String>, Option<String>), ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let behaviour = &work.shared.behaviour;
    let mut scopes: Vec<String> = Vec::new();
    for (index, name) in reader.texts("attributes").unwrap_or_default().into_iter().enumerate() {
        if SCOPE_NAMES.contains(&name) {
            scopes.push(name.to_owned());
        } else if !behaviour.unknown_scopes_ignored {
            faults.add(format!("attributes[{index}]"), "not a scope");
        }
    }
    let stated =
        if behaviour.use_optional && reader.value("use").is_none() { None } else { read_use(&reader, behaviour) };
    if reader.text_opt("signedForm").is_some_and(|form| form != "NONE") {
        reader.fault("signedForm", "not offered");
    }
    faults.finish()?;
    Ok((scopes, stated))
}
