//! Operation 7: actions on a licence; the version is compared before the state (ruling D1).

use std::time::Duration;

use ecric_licence::instant::{parse_date, write_instant};
use ecric_licence::status::{StatusEvent, next_status};
use ecric_licence::validity::start_of_day;
use ecric_model::binding::{Action, ErrorCode, LicenceStatus, TransitionReason};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::behaviour::Behaviour;
use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::life::{Current, ScheduledChange, current, is_dormant, scheduled};
use crate::operation::{Reply, Work};
use crate::planted::Planted;
use crate::reader::{Faults, Reader};
use crate::stated_use::read_operator;
use crate::store::licences::LicenceRow;

/// How far in the past an effective time still means now, seconds (ruling D4).
const PAST_ALLOWED: i64 = 300;

/// Stands for the version that a faulty server does not ask for.
const ANY_VERSION: i64 = i64::MIN;

struct Request {
    action: Action,
    reason: TransitionReason,
    version: i64,
    at: Option<OffsetDateTime>,
    operator: Option<String>,
}

/// Reads `expectedStatusVersion`.
pub(crate) fn read_version(reader: &Reader<'_>, behaviour: &Behaviour) -> Option<i64> {
    let name = "expectedStatusVersion";
    if behaviour.fractions_accepted()
        && let Some(number) = reader.value(name).and_then(Value::as_f64)
        && number.fract() == 0.0
    {
        #[allow(clippy::cast_possible_truncation, reason = "a faulty server")]
        return Some(number as i64);
    }
    if behaviour.text_integers_accepted()
        && let Some(number) = reader.value(name).and_then(Value::as_str).and_then(|text| text.parse().ok())
    {
        return Some(number);
    }
    if reader.value(name).is_none() {
        if behaviour.version_optional() {
            return Some(ANY_VERSION);
        }
        reader.fault(name, "missing");
    }
    reader.int_opt(name)
}

fn read(work: &Work<'_>) -> Result<Request, ApiError> {
    let faults = Faults::default();
    let behaviour = work.behaviour();
    let reader = Reader::root(&work.body, &faults);
    let action = if behaviour.action_defaults() && reader.value("action").is_none() {
        Some(Action::Suspend)
    } else {
        reader.text("action").and_then(|word| {
            let action = Action::parse(word);
            if action.is_none() {
                reader.fault("action", "not an action");
            }
            action
        })
    };
    let reason = reader.text("reason").and_then(|word| {
        let reason = TransitionReason::parse(word);
        if reason.is_none() {
            reader.fault("reason", "not a reason");
        }
        reason
    });
    let version = read_version(&reader, behaviour);
    let at = reader.instant_opt("effectiveTime");
    if let Some(at) = at {
        let ahead = (at - work.now).whole_seconds();
        if ahead < -PAST_ALLOWED {
            reader.fault("effectiveTime", "in the past");
        } else if ahead > 0 && !matches!(action, Some(Action::Suspend | Action::Revoke)) {
            reader.fault("effectiveTime", "in the future");
        }
    }
    let operator = read_operator(&reader, behaviour);
    faults.finish()?;
    let (Some(action), Some(reason), Some(version)) = (action, reason, version) else {
        return Err(ApiError::new(ErrorCode::InvalidRequest, "incomplete"));
    };
    Ok(Request { action, reason, version, at, operator })
}

fn not_allowed() -> ApiError {
    ApiError::new(ErrorCode::StateConflict, "the action is not allowed in this state")
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let request = read(work)?;
    work.audit.action = Some(request.action.code().to_owned());
    work.audit.reason = Some(request.reason.code().to_owned());
    if !work.behaviour().audit_without_operator() {
        work.audit.operator.clone_from(&request.operator);
    }
    let behaviour = work.shared.behaviour.clone();
    if request.action == Action::Suspend && behaviour.loading.redeem_splits() {
        // A redemption on its way begins before, so that the faulty one is met for sure.
        work.tx.pause(Duration::from_millis(10)).await?;
    }
    let mut row = work.licence().await?;
    let state = current(&row, work.now, &behaviour);
    let two_back = behaviour.plants(Planted::VersionTwoBackTaken) && state.version - request.version == 2;
    let fits =
        state.version == request.version || request.version == ANY_VERSION || behaviour.version_ignored() || two_back;
    if !fits || !work.if_match_fits(state.version) {
        return Err(ApiError::new(ErrorCode::VersionConflict, "the expected version is not the current one"));
    }
    if behaviour.plants(Planted::VersionComparedBeforeWindow) {
        work.tx.window().await?;
    }
    if behaviour.version_checked_early() {
        work.tx.pause(Duration::from_millis(15)).await?;
    }
    if let Some(at) = request.at.filter(|at| *at > work.now && !behaviour.scheduled_at_once()) {
        return schedule(work, row, &state, &request, at).await;
    }
    if row.status == LicenceStatus::NotActive
        && request.action == Action::Activate
        && state.status == LicenceStatus::NotActive
    {
        return activate(work, row, &state, &request).await;
    }
    let suspended_again = state.status == LicenceStatus::Suspended && request.action == Action::Suspend;
    if suspended_again && behaviour.manners.other_choices {
        return Ok(Reply::ok(answer(state.status, state.version, state.time)));
    }
    let next = match planted_state(work, &row, &state, &request) {
        Some(next) => next,
        None => next_state(&row, &state, &request, &behaviour).ok_or_else(not_allowed)?,
    };
    let skips =
        behaviour.plants(Planted::SecondRestoreSkipsVersion) && request.action == Action::Restore && state.version >= 4;
    let step = if behaviour.version_steps_two() || skips { 2 } else { 1 };
    row.status = next;
    row.status_version = state.version + step;
    row.status_time = work.now.unix_timestamp();
    row.reason = Some(request.reason.code().to_owned());
    if next == LicenceStatus::Destroyed && !behaviour.destroyed_answers() {
        row.holder = None;
    }
    let lost =
        behaviour.plants(Planted::SecondSuspensionLost) && request.action == Action::Suspend && row.status_version >= 4;
    if !lost {
        work.tx.update_state(&row).await?;
    }
    spread(work, &row, &state).await?;
    if next == LicenceStatus::Suspended {
        work.shared.note_recent(format!("suspended {}", row.identifier));
    }
    if next == LicenceStatus::Revoked {
        work.shared.note_recent(format!("revoked {}", row.identifier));
    }
    Ok(Reply::ok(answer(next, row.status_version, row.status_time)))
}

/// The state that a planted fault leads to.
fn planted_state(work: &Work<'_>, row: &LicenceRow, state: &Current, request: &Request) -> Option<LicenceStatus> {
    use LicenceStatus::{Expired, NotActive, Revoked, Suspended, Valid};
    let was_suspended = || work.shared.memory.counted(&format!("revoked while suspended {}", row.identifier)) > 0;
    let faults = [
        Planted::RestoredAfterRevocationOfSuspended,
        Planted::SuspendTogglesAfterRestore,
        Planted::ActivatedAfterExpiry,
    ];
    match (faults.into_iter().find(|fault| work.behaviour().plants(*fault))?, state.status, request.action) {
        (Planted::RestoredAfterRevocationOfSuspended, Revoked, Action::Restore) if was_suspended() => Some(Valid),
        (Planted::SuspendTogglesAfterRestore, Suspended, Action::Suspend) if state.version >= 4 => Some(Valid),
        (Planted::ActivatedAfterExpiry, Expired, Action::Activate) if row.status == NotActive => Some(Valid),
        _ => None,
    }
}

/// What planted faults do beside a change: to the audit, to caches, to other licences of the holder.
async fn spread(work: &mut Work<'_>, row: &LicenceRow, before: &Current) -> Result<(), ApiError> {
    if row.status == LicenceStatus::Revoked && before.status == LicenceStatus::Suspended {
        work.shared.memory.count(format!("revoked while suspended {}", row.identifier));
        work.unrecorded = work.behaviour().plants(Planted::RevocationOfSuspendedUnrecorded);
    }
    work.shared.memory.forget_state(&row.identifier);
    let ends = |status| row.status == status;
    let faults = [Planted::DestructionTakesSuccessor, Planted::RevocationReachesPredecessor];
    let Some(planted) = faults.into_iter().find(|fault| work.behaviour().plants(*fault)) else { return Ok(()) };
    for mut other in work.tx.licences_of(&row.holder_digest).await? {
        let successor = other.previous_identifier.as_deref() == Some(row.identifier.as_str());
        let predecessor = row.previous_identifier.as_deref() == Some(other.identifier.as_str());
        if planted == Planted::DestructionTakesSuccessor && ends(LicenceStatus::Destroyed) && successor {
            other.holder = None;
        } else if planted == Planted::RevocationReachesPredecessor && ends(LicenceStatus::Revoked) && predecessor {
            other.status = LicenceStatus::Revoked;
        } else {
            continue;
        }
        work.tx.update_state(&other).await?;
    }
    Ok(())
}

/// The state after the action; `None` is 409.
fn next_state(row: &LicenceRow, state: &Current, request: &Request, behaviour: &Behaviour) -> Option<LicenceStatus> {
    use LicenceStatus::{Expired, NotActive, Revoked, Suspended, Valid};
    if is_dormant(row) && state.status == NotActive && request.action == Action::Activate {
        return None;
    }
    let lost = request.reason == TransitionReason::CardLost;
    match (state.status, request.action) {
        (Revoked, Action::Restore) if behaviour.restore_of_revoked() => return Some(Valid),
        (Suspended, Action::Restore) if behaviour.restore_does_nothing() => return Some(Suspended),
        (Suspended, Action::Suspend) if behaviour.suspend_toggles() => return Some(Valid),
        (Valid, Action::Suspend) if behaviour.card_lost_does_nothing() && lost => return Some(Valid),
        (NotActive, Action::Revoke) if behaviour.revoke_of_not_active() => return Some(Revoked),
        (Expired, Action::Restore) if behaviour.restore_of_expired() && row.status != Suspended => return Some(Valid),
        (Expired, Action::Restore) if behaviour.restore_after_last_day() && row.status == Suspended => {
            return Some(Valid);
        }
        (Suspended, Action::Revoke) if behaviour.no_revoke_of_suspended() => return None,
        _ => {}
    }
    match (state.status, request.action) {
        (Valid, Action::Suspend) if behaviour.suspend_does_nothing() => return Some(Valid),
        (Expired | LicenceStatus::Superseded, Action::Destroy) if behaviour.final_states_not_destroyed() => {
            return None;
        }
        _ => {}
    }
    let next = next_status(state.status, StatusEvent::Action(request.action));
    let any = match request.action {
        Action::Activate | Action::Restore => Valid,
        Action::Suspend => Suspended,
        Action::Revoke => Revoked,
        Action::Destroy => LicenceStatus::Destroyed,
    };
    next.or(behaviour.any_action_accepted().then_some(any))
}

fn answer(status: LicenceStatus, version: i64, time: i64) -> Value {
    json!({"certificateStatus": status.code(), "statusVersion": version, "statusTime": write_instant(from_unix(time))})
}

/// Notes a change that takes effect later; the version stays (ruling D5).
async fn schedule(
    work: &mut Work<'_>,
    mut row: LicenceRow,
    state: &Current,
    request: &Request,
    at: OffsetDateTime,
) -> Result<Reply, ApiError> {
    let next = next_status(state.status, StatusEvent::Action(request.action)).ok_or_else(not_allowed)?;
    let mut changes = scheduled(&row);
    changes.push(ScheduledChange {
        at: at.unix_timestamp(),
        action: request.action.code().to_owned(),
        reason: request.reason.code().to_owned(),
    });
    row.scheduled = serde_json::to_string(&changes).unwrap_or_default();
    work.tx.update_state(&row).await?;
    let mut body = answer(state.status, state.version, state.time);
    body["scheduled"] = json!({"certificateStatus": next.code(), "effectiveTime": write_instant(at)});
    Ok(Reply::ok(body))
}

/// ACTIVATE: at once, or on the first day without a new version until then (ruling D3).
async fn activate(
    work: &mut Work<'_>,
    mut row: LicenceRow,
    state: &Current,
    request: &Request,
) -> Result<Reply, ApiError> {
    row.status = LicenceStatus::Valid;
    row.reason = Some(request.reason.code().to_owned());
    let first = parse_date(&row.effective_date).ok().map(start_of_day).filter(|first| *first > work.now);
    row.status_time = work.now.unix_timestamp();
    let body = match first {
        None => {
            row.status_version = state.version + 1;
            answer(LicenceStatus::Valid, row.status_version, row.status_time)
        }
        Some(first) => {
            let mut body = answer(LicenceStatus::NotActive, state.version, row.status_time);
            body["scheduled"] = json!({"certificateStatus": "VALID", "effectiveTime": write_instant(first)});
            body
        }
    };
    work.tx.update_state(&row).await?;
    Ok(Reply::ok(body))
}
