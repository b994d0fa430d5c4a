//! The state of a licence at an instant: the last action as stored, and what time alone has changed
//! since (ruling D2). Pure; the clock comes in.

use ecric_licence::instant::parse_date;
use ecric_licence::status::{StatusEvent, next_status};
use ecric_licence::validity::{expires_at, start_of_day};
use ecric_model::binding::{Action, LicenceStatus};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::behaviour::Behaviour;
use crate::planted::Planted;
use crate::store::licences::LicenceRow;

/// A change that takes effect later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScheduledChange {
    /// Seconds since 1970.
    pub(crate) at: i64,
    /// `SUSPEND` or `REVOKE`.
    pub(crate) action: String,
    /// Reason of the change.
    pub(crate) reason: String,
}

/// State at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Current {
    pub(crate) status: LicenceStatus,
    pub(crate) version: i64,
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) reason: Option<String>,
}

/// Order within one second is the order of the variants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Begin,
    Scheduled(String, String),
    Expire,
}

/// True if the licence was activated and waits for its first day.
pub(crate) fn is_dormant(row: &LicenceRow) -> bool {
    row.status == LicenceStatus::Valid && begins(row).is_some_and(|begin| begin > row.status_time)
}

/// First second of validity.
pub(crate) fn begins(row: &LicenceRow) -> Option<i64> {
    parse_date(&row.effective_date).ok().map(|day| start_of_day(day).unix_timestamp())
}

/// Scheduled changes as stored; none if they cannot be read.
pub(crate) fn scheduled(row: &LicenceRow) -> Vec<ScheduledChange> {
    if row.scheduled.is_empty() { Vec::new() } else { serde_json::from_str(&row.scheduled).unwrap_or_default() }
}

/// The state at `now`.
pub(crate) fn current(row: &LicenceRow, now: OffsetDateTime, behaviour: &Behaviour) -> Current {
    let mut state = shifted(row, now, Duration::ZERO, behaviour);
    if state.status == LicenceStatus::Expired
        && row.status == LicenceStatus::Suspended
        && behaviour.suspended_outlives_last_day()
    {
        state.status = LicenceStatus::Suspended;
    }
    state
}

/// The state as the verifier sees it.
pub(crate) fn current_for_verifier(row: &LicenceRow, now: OffsetDateTime, behaviour: &Behaviour) -> Current {
    let shift = match (behaviour.expires_a_day_late(), behaviour.expires_in_utc()) {
        (true, _) => Duration::days(1),
        (_, true) => Duration::hours(-8),
        _ => Duration::ZERO,
    };
    let mut state = shifted(row, now, shift, behaviour);
    if state.status == LicenceStatus::Valid && is_dormant(row) && behaviour.begins_in_utc() {
        let begun = begins(row).is_some_and(|begin| begin + 8 * 3_600 <= now.unix_timestamp());
        state.status = if begun { LicenceStatus::Valid } else { LicenceStatus::NotActive };
    }
    if state.status == LicenceStatus::NotActive && is_dormant(row) && behaviour.effective_date_ignored_by_verifier() {
        state.status = LicenceStatus::Valid;
    }
    state
}

fn shifted(row: &LicenceRow, now: OffsetDateTime, expiry_shift: Duration, behaviour: &Behaviour) -> Current {
    let mut state =
        Current { status: row.status, version: row.status_version, time: row.status_time, reason: row.reason.clone() };
    let mut events = Vec::new();
    if let Some(begin) = begins(row).filter(|_| is_dormant(row)) {
        state.status = LicenceStatus::NotActive;
        events.push((begin, Event::Begin));
    }
    let mut later = scheduled(row);
    later.retain(|change| change.at > row.status_time && change.at <= now.unix_timestamp());
    if !later.is_empty() && !behaviour.scheduled_changes_forgotten() {
        events.extend(later.into_iter().map(|change| (change.at, Event::Scheduled(change.action, change.reason))));
    }
    if let Some(last_day) = row.expiring_date.as_deref().and_then(|day| parse_date(day).ok()) {
        let end = expires_at(last_day).checked_add(expiry_shift).unwrap_or(expires_at(last_day));
        events.push((end.unix_timestamp(), Event::Expire));
    }
    events.retain(|(at, _)| *at <= now.unix_timestamp());
    events.sort();
    for (at, event) in events {
        apply(&mut state, at, event, behaviour);
    }
    state
}

fn apply(state: &mut Current, at: i64, event: Event, behaviour: &Behaviour) {
    let (next, reason) = match event {
        Event::Begin => (Some(LicenceStatus::Valid), state.reason.clone()),
        Event::Scheduled(action, reason) => (
            Action::parse(&action).and_then(|action| next_status(state.status, StatusEvent::Action(action))),
            Some(reason),
        ),
        Event::Expire if behaviour.expiry_outranks_revocation() && state.status == LicenceStatus::Revoked => {
            (Some(LicenceStatus::Expired), None)
        }
        Event::Expire => (next_status(state.status, StatusEvent::Expire), None),
    };
    let keeps = state.status == LicenceStatus::NotActive && behaviour.plants(Planted::FirstDayKeepsVersion);
    if let Some(next) = next {
        let step = i64::from(!(keeps && next == LicenceStatus::Valid));
        *state = Current { status: next, version: state.version + step, time: at, reason };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::from_unix;
    use LicenceStatus::{Expired, NotActive, Revoked, Suspended, Valid};

    const DAY: i64 = 86_400;
    /// 2026-06-01T00:00:00+08:00.
    const JUNE: i64 = 1_780_243_200;

    fn row(status: LicenceStatus, time: i64, scheduled: &[(i64, &str)]) -> LicenceRow {
        let changes: Vec<_> = scheduled
            .iter()
            .map(|(at, action)| ScheduledChange {
                at: *at,
                action: (*action).to_owned(),
                reason: "RISK_CONTROL".to_owned(),
            })
            .collect();
        LicenceRow {
            seq: 1,
            identifier: String::new(),
            canonical: String::new(),
            type_code: String::new(),
            version: 1,
            holder_digest: String::new(),
            holder: None,
            issued_date: "2026-06-01".to_owned(),
            effective_date: "2026-06-03".to_owned(),
            expiring_date: Some("2026-06-10".to_owned()),
            validity_range: String::new(),
            status,
            status_version: 1,
            status_time: time,
            reason: None,
            scheduled: serde_json::to_string(&changes).unwrap(),
            previous_identifier: None,
            signed_at: 0,
        }
    }

    #[test]
    fn time_changes_states() {
        let begin = JUNE + 2 * DAY;
        let end = JUNE + 10 * DAY;
        let dormant = row(Valid, JUNE + 3_600, &[]);
        let valid = row(Valid, begin + 60, &[]);
        let later = row(Valid, begin + 60, &[(begin + 7_200, "SUSPEND")]);
        let both = row(Valid, begin + 60, &[(begin + 9_000, "SUSPEND"), (begin + 7_200, "REVOKE")]);
        let late = row(Valid, begin + 60, &[(end + 1, "REVOKE")]);
        for (name, row, now, wanted) in [
            ("before the first day", &dormant, begin - 1, (NotActive, 1, JUNE + 3_600)),
            ("on the first day", &dormant, begin, (Valid, 2, begin)),
            ("in the last second", &valid, end - 1, (Valid, 1, begin + 60)),
            ("after the last day", &valid, end, (Expired, 2, end)),
            ("dormant until after the end", &dormant, end, (Expired, 3, end)),
            ("never activated", &row(NotActive, JUNE, &[]), end, (Expired, 2, end)),
            ("suspended", &row(Suspended, begin + 1, &[]), end, (Expired, 2, end)),
            ("revoked", &row(Revoked, begin + 1, &[]), end, (Revoked, 1, begin + 1)),
            ("before a scheduled change", &later, begin + 7_199, (Valid, 1, begin + 60)),
            ("after a scheduled change", &later, begin + 7_200, (Suspended, 2, begin + 7_200)),
            ("scheduled changes run in order of time", &both, begin + 9_000, (Revoked, 2, begin + 7_200)),
            ("an illegal scheduled change is dropped", &late, end + 1, (Expired, 2, end)),
        ] {
            let state = current(row, from_unix(now), &Behaviour::default());
            assert_eq!((state.status, state.version, state.time), wanted, "{name}");
        }
    }
}
