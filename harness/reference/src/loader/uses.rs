//! Operation 19: what happened to a loaded licence, for its holder; names of attributes, never values. With it:
//! withdrawing a consent, and deleting an entry from the holder's view (the issuer's audit keeps it).

use ecric_licence::instant::write_instant;
use ecric_model::binding::{ErrorCode, UseKind};
use serde_json::{Value, json};

use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::loader::{Told, holder, loaded, note_use};
use crate::operation::{Reply, Work};
use crate::paging::{Page, read_page, token};
use crate::reader::{Faults, Reader};
use crate::store::loaded::{LoadedRow, UseRow};

struct Search {
    id: String,
    from: i64,
    to: i64,
    auth: Option<holder::HolderAuth>,
    subject: String,
    page: Page,
}

fn read(work: &Work<'_>) -> Result<Search, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let id = reader.text("loadedLicenceId").unwrap_or_default().to_owned();
    for name in ["from", "to"] {
        if reader.value(name).is_none() {
            reader.fault(name, "missing");
        }
    }
    let (from, to) = (reader.instant_opt("from"), reader.instant_opt("to"));
    let auth = holder::read(&reader);
    let subject = format!("uses {id}");
    let page = read_page(&reader, work.shared, &subject);
    faults.finish()?;
    let (Some(from), Some(to)) = (from, to) else {
        return Err(ApiError::new(ErrorCode::InvalidRequest, "incomplete"));
    };
    Ok(Search { id, from: from.unix_timestamp(), to: to.unix_timestamp(), auth, subject, page })
}

/// Runs the search.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let Search { id, from, to, auth, subject, page } = read(work)?;
    let row = loaded(work, &id).await?;
    check_holder(work, auth.as_ref(), &row).await?;
    let rows = work.tx.uses_of(&row, from, to).await?;
    let Page { size, skip } = page;
    let next = skip + size;
    let next_token = (next < rows.len()).then(|| token(work.shared, &subject, next));
    let entries: Vec<Value> = rows.iter().skip(skip).take(size).map(entry).collect();
    Ok(Reply::ok(json!({"entries": entries, "nextPageToken": next_token})))
}

async fn check_holder(work: &mut Work<'_>, auth: Option<&holder::HolderAuth>, row: &LoadedRow) -> Result<(), ApiError> {
    if work.behaviour().loading.log_open_to_others() {
        return Ok(());
    }
    holder::authenticate(work, auth, &row.holder_digest, &row.device_id).await
}

fn entry(row: &UseRow) -> Value {
    let parsed = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    json!({
        "entryId": row.entry_id,
        "time": write_instant(from_unix(row.time)),
        "kind": row.kind,
        "audience": row.audience,
        "audienceName": row.audience_name,
        "scene": row.scene,
        "use": parsed(&row.stated_use),
        "attributes": serde_json::from_str::<Value>(&row.attributes).unwrap_or_else(|_| json!([])),
        "decision": row.decision,
        "result": row.result,
    })
}

fn read_owner(work: &Work<'_>) -> Result<(String, Option<holder::HolderAuth>), ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let id = reader.text("loadedLicenceId").unwrap_or_default().to_owned();
    let auth = holder::read(&reader);
    faults.finish()?;
    Ok((id, auth))
}

/// Reads `loadedLicenceId` and `holderAuth`, finds the entry in the path.
async fn own_entry(work: &mut Work<'_>) -> Result<(LoadedRow, UseRow), ApiError> {
    let (id, auth) = read_owner(work)?;
    let row = loaded(work, &id).await?;
    holder::authenticate(work, auth.as_ref(), &row.holder_digest, &row.device_id).await?;
    let entry_id = work.id.clone();
    let entry = work.tx.use_entry(&row, &entry_id).await?;
    let entry = entry.ok_or_else(|| ApiError::new(ErrorCode::NotFound, "no such entry"))?;
    Ok((row, entry))
}

/// Withdraws what an entry granted: a code that was not redeemed cannot be any more.
pub(crate) async fn withdraw(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let (row, entry) = own_entry(work).await?;
    work.tx.withdraw_codes_of(&entry.entry_id).await?;
    let told = Told { audience: entry.audience.clone(), scene: entry.scene.clone(), ..Told::default() };
    note_use(work, UseKind::Withdraw, (&row.id, &row.holder_digest), told, "OK").await?;
    Ok(Reply::plain(204, None, Vec::new()))
}

/// Deletes an entry from the holder's view.
pub(crate) async fn delete(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let (_, entry) = own_entry(work).await?;
    if !work.behaviour().loading.uses_delete_ignored() {
        work.tx.remove_use(&entry.entry_id).await?;
    }
    Ok(Reply::plain(204, None, Vec::new()))
}
