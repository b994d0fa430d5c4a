//! Test control T4: faults of what the verifier depends on, each with an end of its own.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ecric_gm::encoding::hex;
use ecric_model::binding::ErrorCode;
use serde_json::json;

use crate::errors::ApiError;
use crate::operation::{Reply, Work};
use crate::reader::{Faults as Collected, Reader};

/// Longest life of a fault, seconds.
const TTL_MAX: i64 = 600;
/// Most faults at once.
const FAULTS_MAX: usize = 64;

/// What can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// The licence status.
    Status,
    /// Revocation lists and OCSP.
    Revocation,
    /// The redemption of codes.
    Redeem,
    /// The database.
    Database,
}

/// Faults that are on.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    active: Mutex<HashMap<String, (Part, Instant)>>,
}

impl Faults {
    /// Whether a part is down now.
    pub(crate) fn is_down(&self, part: Part) -> bool {
        let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.retain(|_, (_, end)| *end > Instant::now());
        active.values().any(|(found, _)| *found == part)
    }

    fn put(&self, id: String, part: Part, ttl: Duration) -> bool {
        let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.retain(|_, (_, end)| *end > Instant::now());
        if active.len() >= FAULTS_MAX {
            return false;
        }
        active.insert(id, (part, Instant::now() + ttl));
        true
    }

    /// Ends a fault; false where there is none.
    pub(crate) fn end(&self, id: &str) -> bool {
        self.active.lock().unwrap_or_else(PoisonError::into_inner).remove(id).is_some()
    }
}

/// Runs the control: POST makes a fault, DELETE ends one.
pub(crate) fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    if !work.id.is_empty() {
        if work.shared.faults.end(&work.id) {
            return Ok(Reply::plain(204, None, Vec::new()));
        }
        return Err(ApiError::new(ErrorCode::NotFound, "no such fault"));
    }
    let collected = Collected::default();
    let reader = Reader::root(&work.body, &collected);
    let part = match reader.text("target") {
        Some("status") => Some(Part::Status),
        Some("crl" | "ocsp") => Some(Part::Revocation),
        Some("redeem") => Some(Part::Redeem),
        Some("db") => Some(Part::Database),
        Some(_) => {
            reader.fault("target", "not a part that can fail here");
            None
        }
        None => None,
    };
    if reader.text("mode").is_some_and(|mode| mode != "down") {
        reader.fault("mode", "only down is offered here");
    }
    let ttl = reader.int_opt("ttlS").unwrap_or(60);
    if !(1..=TTL_MAX).contains(&ttl) {
        reader.fault("ttlS", "outside 1 to 600");
    }
    collected.finish()?;
    let id = hex(&work.shared.seal(&format!("fault {}", work.audit.request_id)));
    let (Some(part), Ok(seconds)) = (part, u64::try_from(ttl)) else {
        return Err(ApiError::invalid("target", "missing"));
    };
    if !work.shared.faults.put(id.clone(), part, Duration::from_secs(seconds)) {
        return Err(ApiError::new(ErrorCode::StateConflict, "too many faults at once"));
    }
    Ok(Reply::created(json!({"faultId": id})))
}
