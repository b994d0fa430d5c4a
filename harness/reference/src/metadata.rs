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
    if let Some(kept) = work.shared.memory.reply(&row.identifier).filter(|_| state.status == LicenceStatus::Destroyed) {
        return Ok(Reply::ok(kept));
    }
    if state.status == LicenceStatus::Destroyed && !behaviour.destroyed_answers() {
        return Err(ApiError::new(ErrorCode::Destroyed, "the licence is destroyed"));
    }
    let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
    if let (true, Some(face)) = (behaviour.audit_keeps_digest(), &face) {
        let digest = ecric_gm::legacy::md5(face.id_number.as_bytes());
        work.audit.attributes = json!([scopes.clone(), vec![ecric_gm::encoding::hex(&digest)]].concat()).to_string();
    }
    if let (true, Some(face)) = (behaviour.audit_values(), &face) {
        work.audit.attributes = json!([face.name, face.address]).to_string();
    }
    let wanted: Vec<&str> =
        if behaviour.every_scope_answered() { FULL.to_vec() } else { scopes.iter().map(String::as_str).collect() };
    let licence = Licence { row: &row, state: &state, face: face.as_ref(), now: work.now, behaviour };
    let mut members = licence.render(&wanted);
    members.insert("statusRef".to_owned(), status_ref(work.shared, &row));
    if let (true, Some(face)) = (behaviour.number_in_remark(), &face) {
        members.insert("remark".to_owned(), json!(face.id_number));
    }
    distort::metadata(&mut members, behaviour);
    let shows_name = behaviour.headers_carry_name();
    if behaviour.metadata_show_neighbour() && scopes.len() >= 9 {
        members.insert("related".to_owned(), json!(neighbour(work, &row.holder_digest).await?));
    }
    let body = json!({"licence": members});
    if caches {
        work.shared.memory.keep_reply(&row.identifier, body.clone());
    }
    let mut reply = Reply::ok(body);
    if let (true, Some(face)) = (shows_name, &face) {
        reply.headers.push(("x-holder", ecric_gm::encoding::hex(face.name.as_bytes())));
    }
    Ok(reply)
}

/// What a faulty server shows: the number of the newest licence of somebody else.
async fn neighbour(work: &mut Work<'_>, digest: &str) -> Result<Option<String>, ApiError> {
    let rows = work.tx.newest_licences().await?;
    let other = rows.iter().find(|row| row.holder_digest != digest && row.holder.is_some());
    let face: Option<Face> = other.and_then(|row| serde_json::from_str(row.holder.as_deref()?).ok());
    Ok(face.map(|face| face.id_number))
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
        } else if !behaviour.unknown_scopes_ignored() {
            faults.add(format!("attributes[{index}]"), "not a scope");
        }
    }
    let stated =
        if behaviour.use_optional() && reader.value("use").is_none() { None } else { read_use(&reader, behaviour) };
    if reader.text_opt("signedForm").is_some_and(|form| form != "NONE") {
        reader.fault("signedForm", "not offered");
    }
    faults.finish()?;
    Ok((scopes, stated))
}
