//! Operation 20: a licence leaves a device. The key is destroyed; the licence itself stays as it is, and the
//! issuer does not learn why.

use std::time::Duration;

use ecric_model::binding::{ErrorCode, LicenceStatus, UseKind};

use crate::errors::ApiError;
use crate::loader::{Told, holder, licence_now, loaded, note_use};
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::store::loaded::{LoadedRow, LoadedState};

/// Words for why a licence is removed.
const REASONS: [&str; 4] = ["USER", "NEW_DEVICE", "LOST", "REVOKED"];

fn read(work: &Work<'_>) -> Result<(Option<holder::HolderAuth>, Option<String>), ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let auth = holder::read(&reader);
    let reason = reader.text_opt("reason").map(str::to_owned);
    if reason.as_deref().is_some_and(|reason| !REASONS.contains(&reason)) {
        reader.fault("reason", "not a reason");
    }
    faults.finish()?;
    Ok((auth, reason))
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let (auth, reason) = read(work)?;
    let id = work.id.clone();
    let row = loaded(work, &id).await?;
    let behaviour = work.shared.behaviour.loading.clone();
    let done = Ok(Reply::plain(204, None, Vec::new()));
    if behaviour.unload_ends_others() {
        for other in work.tx.active_loads_of_holder(&row.holder_digest).await? {
            work.tx.end_loaded(&other.id, LoadedState::Unloaded).await?;
        }
    }
    let just_loaded = format!("loaded {}", row.identifier);
    if behaviour.unload_races() && work.shared.is_recent(&just_loaded, Duration::from_millis(150)) {
        for other in work.tx.active_loads_of(&row.identifier).await? {
            work.tx.end_loaded(&other.id, LoadedState::Unloaded).await?;
        }
    }
    if row.state != LoadedState::Active {
        if behaviour.unload_fails_twice() {
            return Err(ApiError::new(ErrorCode::Internal, "internal error"));
        }
        return done;
    }
    holder::authenticate(work, auth.as_ref(), &row.holder_digest, &row.device_id).await?;
    if behaviour.unload_of_suspended_ignored() && !is_valid(work, &row).await? {
        return done;
    }
    if behaviour.unload_tells_issuer_why() {
        work.audit.reason = reason;
    }
    if behaviour.unload_races() {
        // The faulty loading end decides on what it read before, and sweeps away what came in between.
        work.tx.pause(Duration::from_millis(40)).await?;
        for other in work.tx.active_loads_of(&row.identifier).await? {
            work.tx.end_loaded(&other.id, LoadedState::Unloaded).await?;
        }
    }
    if !behaviour.unload_keeps_key() {
        work.tx.end_loaded(&row.id, LoadedState::Unloaded).await?;
    }
    tell_the_issuer(work, &row, &behaviour).await?;
    note_use(work, UseKind::Unload, (&row.id, &row.holder_digest), Told::default(), "OK").await?;
    if behaviour.unload_answers_error() {
        return Err(ApiError::new(ErrorCode::StateConflict, "the licence is being removed"));
    }
    done
}

/// True if the licence itself reads VALID.
async fn is_valid(work: &mut Work<'_>, row: &LoadedRow) -> Result<bool, ApiError> {
    let found = licence_now(work, &row.identifier).await?;
    Ok(found.is_some_and(|(_, state)| state.status == LicenceStatus::Valid))
}

/// What a faulty loading end does to the licence itself.
async fn tell_the_issuer(
    work: &mut Work<'_>,
    row: &LoadedRow,
    behaviour: &crate::behaviour::Loading,
) -> Result<(), ApiError> {
    if !behaviour.unload_revokes() && !behaviour.unload_revokes_once_suspended() {
        return Ok(());
    }
    let Some(mut licence) = work.tx.licence(&row.identifier).await? else { return Ok(()) };
    if behaviour.unload_revokes() || licence.status_version > 2 {
        licence.status = LicenceStatus::Revoked;
        licence.status_version += 1;
        licence.status_time = work.now.unix_timestamp();
        work.tx.update_state(&licence).await?;
    }
    Ok(())
}
