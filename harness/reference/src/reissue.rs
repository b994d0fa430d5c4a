//! Operation 8: the next version of a licence; the old one is superseded in the same transaction.

use std::time::Duration;

use ecric_licence::validity::china_date;
use ecric_model::binding::{ErrorCode, LicenceStatus, ReissueReason};
use serde_json::{Map, Value, json};

use crate::behaviour::{Behaviour, ON};
use crate::errors::ApiError;
use crate::face::{Face, changed_face};
use crate::files::operation::listed;
use crate::issue::{new_row, read_formats, refuse_second, shown};
use crate::life::current;
use crate::naming::next_identifier;
use crate::operation::{Reply, Work};
use crate::planted::Planted;
use crate::reader::{Faults, Reader};
use crate::stated_use::read_operator;
use crate::store::licences::LicenceRow;
use crate::terms;
use crate::transition::read_version;

struct Request {
    reason: Option<ReissueReason>,
    version: Option<i64>,
    changes: Map<String, Value>,
    operator: Option<String>,
}

fn read(work: &Work<'_>, faults: &Faults) -> Request {
    let reader = Reader::root(&work.body, faults);
    let given =
        if work.behaviour().reissue_reason_optional() { reader.text_opt("reason") } else { reader.text("reason") };
    let reason = given.and_then(|word| {
        let reason = ReissueReason::parse(word);
        if reason.is_none() {
            reader.fault("reason", "not a reason");
        }
        reason
    });
    read_formats(&reader, faults, work.behaviour());
    Request {
        reason,
        version: read_version(&reader, work.behaviour()),
        changes: reader.object_opt("changes").map(|changes| changes.members().clone()).unwrap_or_default(),
        operator: read_operator(&reader, work.behaviour()),
    }
}

fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, "internal error")
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let faults = Faults::default();
    let request = read(work, &faults);
    faults.finish()?;
    work.audit.operator.clone_from(&request.operator);
    work.audit.reason = request.reason.map(|reason| reason.code().to_owned());
    let mut old = work.licence().await?;
    let behaviour = work.shared.behaviour.clone();
    let state = current(&old, work.now, &behaviour);
    let fits = Some(state.version) == request.version || behaviour.version_ignored();
    if !fits || !work.if_match_fits(state.version) {
        return Err(ApiError::new(ErrorCode::VersionConflict, "the expected version is not the current one"));
    }
    let allowed = match state.status {
        LicenceStatus::Valid => true,
        LicenceStatus::Suspended => behaviour.reissue_of_suspended(),
        LicenceStatus::NotActive => behaviour.reissue_of_not_active(),
        _ => false,
    };
    if !allowed {
        return Err(ApiError::new(ErrorCode::StateConflict, "only a valid licence is re-issued"));
    }
    let face = new_face(&old, &request, &behaviour)?;
    let digest = work.shared.holder_digest(&face.id_number);
    if digest != old.holder_digest {
        // A corrected number may be that of somebody who has a live licence already.
        refuse_second(work, &digest).await?;
    }
    if behaviour.plants(Planted::ReissueDecidedBeforeWindow) {
        work.tx.window().await?;
    }
    if behaviour.reissue_races() {
        work.tx.pause(Duration::from_millis(15)).await?;
    }
    let mut row = successor(work, &old, &face).await?;
    let kept = behaviour.plants(Planted::OldStaysValidAfterRestore) && state.version >= 3;
    if !behaviour.old_stays_valid_at_reissue() && !kept {
        old.status = LicenceStatus::Superseded;
        old.status_version = state.version + 1;
        old.status_time = work.now.unix_timestamp();
        old.reason.clone_from(&work.audit.reason);
        work.tx.update_state(&old).await?;
    }
    if behaviour.plants(Planted::ReissueInTwoSteps) {
        work.tx.window().await?;
    }
    let files = listed(work, &row, &face)?;
    work.tx.insert_licence(&mut row).await?;
    work.audit.successor = Some(row.identifier.clone());
    Ok(Reply::created(json!({
        "licence": shown(work, &row, &face),
        "superseded": {"certificateIdentifier": old.identifier, "certificateStatus": "SUPERSEDED"},
        "files": files,
    })))
}

fn new_face(old: &LicenceRow, request: &Request, behaviour: &Behaviour) -> Result<Face, ApiError> {
    let kept: Face = old.holder.as_deref().and_then(|text| serde_json::from_str(text).ok()).ok_or_else(internal)?;
    let faults = Faults::default();
    let number = request.changes.get("idNumber").and_then(Value::as_str);
    if number.is_some_and(|number| number != kept.id_number)
        && request.reason != Some(ReissueReason::IssuedInError)
        && !behaviour.number_change_accepted()
    {
        faults.add("changes.idNumber", "changes only with ISSUED_IN_ERROR");
    }
    let mut lenient = behaviour.clone();
    if behaviour.number_change_accepted() {
        // The faulty issuer takes the number alone: birth date and sex stay as they are.
        lenient.birth_date_not_compared = ON;
        lenient.sex_not_compared = ON;
    }
    let empty = Map::new();
    let changes = if behaviour.changes_ignored() { &empty } else { &request.changes };
    let changed = changed_face(&kept, changes, &faults, &lenient);
    faults.finish()?;
    changed.ok_or_else(internal)
}

async fn successor(work: &mut Work<'_>, old: &LicenceRow, face: &Face) -> Result<LicenceRow, ApiError> {
    let today = china_date(work.now);
    let birth = face.birth_date(work.behaviour()).unwrap_or(today);
    let dates = terms::by_age(birth, today, today, work.behaviour());
    let mut named = next_identifier(work.shared, &mut work.tx, old, today).await?;
    if work.behaviour().reissue_races() || work.behaviour().plants(Planted::ReissueDecidedBeforeWindow) {
        // Both racers would draw the same next version; the faulty issuer gives each one of its own.
        while work.tx.licence(&named.shown).await?.is_some() {
            named.canonical = named.canonical.next_version().map_err(|_| internal())?;
            named.shown = named.canonical.to_string();
        }
    }
    let first = old.previous_identifier.clone().filter(|_| work.behaviour().plants(Planted::ThirdVersionNamesFirst));
    let previous = first.or(Some(old.identifier.clone())).filter(|_| !work.behaviour().previous_not_set_at_reissue());
    let version = i64::from(named.canonical.version());
    new_row(work, &named, face, dates, LicenceStatus::Valid, version, previous)
}
