//! Faults of state that show only after a certain sequence of calls, or in a race: for walks and races to
//! find. An honest server has none; a mutant has exactly one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::life::Current;

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planted {
    // Sequences.
    SecondSuspensionLost,
    RestoredAfterRevocationOfSuspended,
    RevocationOfSuspendedUnrecorded,
    DestroyedIdentifierReturns,
    StatusCachedOverReissue,
    KeyForgottenAfterSecondChange,
    SuspendTogglesAfterRestore,
    OldStaysValidAfterRestore,
    SearchMissesThirdVersion,
    SecondRestoreSkipsVersion,
    DestroyedServedFromCache,
    DestructionTakesSuccessor,
    ThirdVersionNamesFirst,
    VersionTwoBackTaken,
    VerifierRemembersSuspension,
    RevocationReachesPredecessor,
    // Days.
    ActivatedAfterExpiry,
    FirstDayKeepsVersion,
    SearchShowsExpiredAsStored,
    ExpiredSuspensionBlocksIssue,
    // Races.
    VerifierCacheFilledLate,
    VersionComparedBeforeWindow,
    ReissueDecidedBeforeWindow,
    IssueDecidedBeforeWindow,
    MetadataWritesBack,
    ReissueInTwoSteps,
    KeyLookedUpBeforeWindow,
    SerialDrawnTwice,
    AuditNumberDrawnTwice,
}

/// What faulty servers remember besides the database.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    notes: Mutex<HashMap<String, u32>>,
    states: Mutex<HashMap<String, Current>>,
    replies: Mutex<HashMap<String, serde_json::Value>>,
}

fn held<T>(map: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// Counts something and tells how often it was counted before.
    pub(crate) fn count(&self, what: String) -> u32 {
        let mut notes = held(&self.notes);
        let seen = notes.entry(what).or_default();
        *seen += 1;
        *seen - 1
    }

    /// How often something was counted.
    pub(crate) fn counted(&self, what: &str) -> u32 {
        held(&self.notes).get(what).copied().unwrap_or_default()
    }

    /// The state kept under a name, or this one, which is kept from now on.
    pub(crate) fn state_or(&self, name: &str, state: Current) -> Current {
        held(&self.states).entry(name.to_owned()).or_insert(state).clone()
    }

    /// Forgets the state kept under a name.
    pub(crate) fn forget_state(&self, name: &str) {
        held(&self.states).remove(name);
    }

    /// Keeps an answer.
    pub(crate) fn keep_reply(&self, name: &str, body: serde_json::Value) {
        held(&self.replies).insert(name.to_owned(), body);
    }

    /// An answer that was kept.
    pub(crate) fn reply(&self, name: &str) -> Option<serde_json::Value> {
        held(&self.replies).get(name).cloned()
    }
}
