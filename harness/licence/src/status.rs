//! Status machine of a licence (binding v1, section 7; our proposal). Pure table: time, versions and
//! stored changes are kept elsewhere.

use ecric_model::binding::{Action, LicenceStatus};

/// What may change a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusEvent {
    /// An action of operation 7.
    Action(Action),
    /// Operation 8 on this licence.
    Reissue,
    /// The last day of validity has passed.
    Expire,
}

impl StatusEvent {
    /// Every event.
    pub const ALL: [Self; 7] = [
        Self::Action(Action::Activate),
        Self::Action(Action::Suspend),
        Self::Action(Action::Restore),
        Self::Action(Action::Revoke),
        Self::Action(Action::Destroy),
        Self::Reissue,
        Self::Expire,
    ];
}

/// The status after an event; `None` where it is illegal (409 `STATE_CONFLICT`) or, for
/// [`StatusEvent::Expire`], changes nothing.
#[must_use]
pub const fn next_status(from: LicenceStatus, event: StatusEvent) -> Option<LicenceStatus> {
    use LicenceStatus::{Destroyed, Expired, NotActive, Revoked, Superseded, Suspended, Valid};
    match (from, event) {
        (NotActive, StatusEvent::Action(Action::Activate)) | (Suspended, StatusEvent::Action(Action::Restore)) => {
            Some(Valid)
        }
        (Valid, StatusEvent::Action(Action::Suspend)) => Some(Suspended),
        (Valid | Suspended, StatusEvent::Action(Action::Revoke)) => Some(Revoked),
        (Valid, StatusEvent::Reissue) => Some(Superseded),
        (Expired | Superseded | Revoked, StatusEvent::Action(Action::Destroy)) => Some(Destroyed),
        (NotActive | Valid | Suspended, StatusEvent::Expire) => Some(Expired),
        _ => None,
    }
}

/// Whether a licence counts as live: at most one per holder and type is.
#[must_use]
pub const fn is_live(status: LicenceStatus) -> bool {
    matches!(status, LicenceStatus::NotActive | LicenceStatus::Valid | LicenceStatus::Suspended)
}

/// The one that is shown when several hold:
/// DESTROYED > REVOKED > SUPERSEDED > EXPIRED > SUSPENDED > NOT_ACTIVE > VALID. `None` of none.
#[must_use]
pub fn precedence(holding: &[LicenceStatus]) -> Option<LicenceStatus> {
    holding.iter().copied().max_by_key(|status| rank(*status))
}

const fn rank(status: LicenceStatus) -> u8 {
    match status {
        LicenceStatus::Valid => 0,
        LicenceStatus::NotActive => 1,
        LicenceStatus::Suspended => 2,
        LicenceStatus::Expired => 3,
        LicenceStatus::Superseded => 4,
        LicenceStatus::Revoked => 5,
        LicenceStatus::Destroyed => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_the_table() {
        // Columns: ACTIVATE SUSPEND RESTORE REVOKE DESTROY reissue time.
        let table = [
            ("NOT_ACTIVE", ["VALID", "-", "-", "-", "-", "-", "EXPIRED"]),
            ("VALID", ["-", "SUSPENDED", "-", "REVOKED", "-", "SUPERSEDED", "EXPIRED"]),
            ("SUSPENDED", ["-", "-", "VALID", "REVOKED", "-", "-", "EXPIRED"]),
            ("EXPIRED", ["-", "-", "-", "-", "DESTROYED", "-", "-"]),
            ("SUPERSEDED", ["-", "-", "-", "-", "DESTROYED", "-", "-"]),
            ("REVOKED", ["-", "-", "-", "-", "DESTROYED", "-", "-"]),
            ("DESTROYED", ["-", "-", "-", "-", "-", "-", "-"]),
        ];
        assert_eq!(table.map(|(from, _)| from), *LicenceStatus::ALL.iter().map(|s| s.code()).collect::<Vec<_>>());
        for (from, row) in table {
            let from = LicenceStatus::parse(from).unwrap();
            for (event, wanted) in StatusEvent::ALL.into_iter().zip(row) {
                let next = next_status(from, event);
                assert_eq!(next.map_or("-", LicenceStatus::code), wanted, "{from} {event:?}");
                assert!(
                    next.is_none_or(|next| rank(next) > rank(from) || next == LicenceStatus::Valid),
                    "{from} {event:?}"
                );
            }
        }
    }

    #[test]
    fn nothing_leaves_the_dead_but_destruction() {
        for from in LicenceStatus::ALL.iter().filter(|status| !is_live(**status)) {
            for event in StatusEvent::ALL {
                assert!(next_status(*from, event).is_none_or(|next| next == LicenceStatus::Destroyed));
            }
        }
        let live: Vec<_> = LicenceStatus::ALL.iter().filter(|s| is_live(**s)).map(|s| s.code()).collect();
        assert_eq!(live, ["NOT_ACTIVE", "VALID", "SUSPENDED"]);
    }

    #[test]
    fn precedence_is_a_total_order() {
        let order = ["DESTROYED", "REVOKED", "SUPERSEDED", "EXPIRED", "SUSPENDED", "NOT_ACTIVE", "VALID"];
        let order = order.map(|code| LicenceStatus::parse(code).unwrap());
        assert_eq!(precedence(&[]), None);
        for (at, winner) in order.iter().enumerate() {
            let mut holding = order[at..].to_vec();
            assert_eq!(precedence(&holding), Some(*winner));
            holding.reverse();
            assert_eq!(precedence(&holding), Some(*winner));
        }
    }
}
