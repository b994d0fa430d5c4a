//! The loading end (装载端): operations 16 to 20. The suite, or a driver, plays the device.
//!
//! Order of checks: form 400, loaded licence 404 or 410, request of the relying party 400, holder 403,
//! device 403, licence 409, decision. What a holder did, and what was refused, stands in the use log by
//! names of attributes, never by values.

use ecric_licence::instant::write_instant;
use ecric_model::binding::{ErrorCode, LicenceStatus, SCOPE_NAMES, UseKind};

use crate::errors::ApiError;
use crate::life::{Current, current};
use crate::operation::Work;
use crate::reader::Reader;
use crate::store::licences::LicenceRow;
use crate::store::loaded::{LoadedRow, LoadedState, UseRow};

pub(crate) mod code;
pub(crate) mod device;
pub(crate) mod holder;
pub(crate) mod load;
pub(crate) mod present;
pub(crate) mod redeem;
pub(crate) mod request;
pub(crate) mod unload;
pub(crate) mod uses;

/// Wrong authentications of a holder in a row before the holder is locked.
pub(crate) const HOLDER_AUTH_TRIES: i64 = 5;
/// Unknown codes per application in ten seconds.
pub(crate) const UNKNOWN_CODES_PER_10S: usize = 100;

/// Name of an attribute scope; `validityOnly` is another word for `validity`.
pub(crate) fn scope_name(text: &str) -> Option<&'static str> {
    if text == "validityOnly" {
        return Some("validity");
    }
    SCOPE_NAMES.iter().copied().find(|name| *name == text)
}

/// Reads a list of scope names; a fault names the element.
pub(crate) fn read_scopes(reader: &Reader<'_>, member: &str) -> Vec<&'static str> {
    let mut scopes = Vec::new();
    for (index, text) in reader.texts(member).unwrap_or_default().into_iter().enumerate() {
        match scope_name(text) {
            Some(scope) if !scopes.contains(&scope) => scopes.push(scope),
            Some(_) => {}
            None => reader.fault(&format!("{member}[{index}]"), "no attribute scope"),
        }
    }
    scopes
}

/// The scopes that are values: bit 0 is none.
pub(crate) fn valued<'a>(scopes: &[&'a str]) -> Vec<&'a str> {
    scopes.iter().copied().filter(|scope| *scope != "validity").collect()
}

/// A fresh random value of the server: 16 bytes.
pub(crate) async fn draw(work: &mut Work<'_>, what: &str) -> Result<[u8; 16], ApiError> {
    let count = work.tx.next("draws").await?;
    Ok(work.shared.seal(&format!("{what} {count} {}", work.shared.clock.real().unix_timestamp_nanos())))
}

/// A fresh handle with the look of a UUID.
pub(crate) async fn draw_uuid(work: &mut Work<'_>, what: &str) -> Result<String, ApiError> {
    let mut bytes = draw(work, what).await?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = ecric_gm::encoding::hex(&bytes);
    Ok(format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]))
}

/// The loaded licence of a caller: unknown or another caller's is 404.
pub(crate) async fn loaded(work: &mut Work<'_>, id: &str) -> Result<LoadedRow, ApiError> {
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    let found = work.tx.loaded(id).await?.filter(|row| row.app == app);
    let row = found.ok_or_else(|| ApiError::new(ErrorCode::NotFound, "no such loaded licence"))?;
    work.audit.identifier = Some(row.identifier.clone());
    work.audit.holder_digest = Some(row.holder_digest.clone());
    Ok(row)
}

/// 410 for a loaded licence that is no more.
pub(crate) fn still_there(row: &LoadedRow) -> Result<(), ApiError> {
    match row.state {
        LoadedState::Active => Ok(()),
        LoadedState::Unloaded => Err(ApiError::new(ErrorCode::Gone, "the licence was removed from the device")),
        LoadedState::Replaced => Err(ApiError::new(ErrorCode::Gone, "the licence was loaded on another device")),
    }
}

/// The licence behind a loaded one, with its state now; `None` if it is gone altogether.
pub(crate) async fn licence_now(
    work: &mut Work<'_>,
    identifier: &str,
) -> Result<Option<(LicenceRow, Current)>, ApiError> {
    let Some(row) = work.tx.licence(identifier).await? else { return Ok(None) };
    let mut state = current(&row, work.now, &work.shared.behaviour);
    let late = format!("suspended {identifier}");
    let within = std::time::Duration::from_secs(5);
    if work.behaviour().loading.status_seen_late() && work.shared.is_recent(&late, within) {
        state.status = LicenceStatus::Valid;
    }
    Ok(Some((row, state)))
}

/// What an entry of the use log says beside its kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) audience: Option<String>,
    pub(crate) audience_name: Option<String>,
    pub(crate) scene: Option<String>,
    pub(crate) stated_use: Option<String>,
    pub(crate) attributes: Vec<String>,
    pub(crate) decision: Option<&'static str>,
}

/// Puts an entry into the holder's use log; its handle.
pub(crate) async fn note_use(
    work: &mut Work<'_>,
    kind: UseKind,
    (loaded_id, holder_digest): (&str, &str),
    told: Told,
    result: &str,
) -> Result<String, ApiError> {
    let entry_id = draw_uuid(work, "entry").await?;
    let behaviour = &work.shared.behaviour.loading;
    let hidden = (behaviour.log_without_failures() && result != "OK")
        || (behaviour.log_without_denials() && told.decision == Some("DENY"))
        || (behaviour.log_without_redeems() && kind == UseKind::Redeem);
    if hidden {
        return Ok(entry_id);
    }
    let terms = !behaviour.log_without_consent_terms();
    let row = UseRow {
        seq: 0,
        entry_id: entry_id.clone(),
        loaded_id: loaded_id.to_owned(),
        holder_digest: holder_digest.to_owned(),
        time: work.now.unix_timestamp(),
        kind: kind.code().to_owned(),
        audience: told.audience,
        audience_name: told.audience_name.filter(|_| terms),
        scene: told.scene.filter(|_| terms),
        stated_use: told.stated_use.filter(|_| terms),
        attributes: serde_json::to_string(&told.attributes).unwrap_or_default(),
        decision: told.decision.map(str::to_owned),
        result: result.to_owned(),
    };
    work.tx.append_use(&row).await?;
    Ok(entry_id)
}

/// An instant `seconds` after now, as text.
pub(crate) fn later(work: &Work<'_>, seconds: i64) -> String {
    write_instant(work.now.checked_add(time::Duration::seconds(seconds)).unwrap_or(work.now))
}
