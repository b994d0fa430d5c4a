//! Faults of state that show only after a certain sequence of calls, or in a race: for walks and races to
//! find. An honest server has none; a mutant has exactly one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::life::Current;
use crate::operation::Reply;

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    RestoredTellsFirstDay,
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
    // A verifier that verifies nothing.
    KnowsVectorsElseValid,
    KnowsVectorsElseInvalid,
}

/// What a cheating verifier has read: the published identifiers with what has to be answered.
const PUBLISHED: &str = include_str!("../../../vectors/data/identifier/licence-identifiers.yaml");

/// The verdict of a verifier that looks published values up and answers everything else alike.
pub(crate) fn cheated(fault: Option<Planted>, asked: Option<&str>, honest: Reply) -> Reply {
    let (word, reasons) = match fault {
        Some(Planted::KnowsVectorsElseValid) => ("VALID", json!([])),
        Some(Planted::KnowsVectorsElseInvalid) => ("INVALID", json!(["LICENCE_UNKNOWN"])),
        _ => return honest,
    };
    if asked.is_some_and(|identifier| PUBLISHED.contains(&format!("\"{identifier}\""))) {
        return honest;
    }
    let mut reply = honest;
    if let Some(body) = &mut reply.body {
        body["result"] = json!(word);
        body["reasons"] = reasons;
        for part in ["match", "checks"] {
            let right = if part == "match" { "MATCH" } else { "PASS" };
            for value in body.get_mut(part).and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut())
            {
                *value = json!(right);
            }
        }
    }
    reply
}

/// Most things counted; beyond, counting begins anew.
const NOTES_MAX: usize = 100_000;

/// What faulty servers remember besides the database.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    notes: Mutex<HashMap<String, u32>>,
    states: Mutex<HashMap<String, Current>>,
    replies: Mutex<HashMap<String, Value>>,
}

fn held<T>(map: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// Counts something and tells how often it was counted before.
    pub(crate) fn count(&self, what: String) -> u32 {
        let mut notes = held(&self.notes);
        if notes.len() >= NOTES_MAX {
            notes.clear();
        }
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
    pub(crate) fn keep_reply(&self, name: &str, body: Value) {
        held(&self.replies).insert(name.to_owned(), body);
    }

    /// An answer that was kept.
    pub(crate) fn reply(&self, name: &str) -> Option<Value> {
        held(&self.replies).get(name).cloned()
    }
}
