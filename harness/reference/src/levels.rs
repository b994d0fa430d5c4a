//! What slow servers do before they do the work: nothing, in an honest one. Waiting happens outside the database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ecric_model::binding::{ErrorCode, Operation};

use crate::errors::ApiError;
use crate::shared::Shared;

/// How a server breaks its own service levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slow {
    /// Every eighth answer of an operation is late by so many milliseconds.
    Late(Operation, u64),
    /// One worker does an operation, so many milliseconds each: the others wait.
    OneWorker(Operation, u64),
    /// Metadata of one licence fail with 500 when asked for more often than it bears.
    FailsUnderOverload,
    /// Metadata of one licence stay refused once they were asked for more often than it bears.
    StaysRefused,
}

impl Slow {
    /// The operation that is slow.
    pub(crate) const fn operation(self) -> Operation {
        match self {
            Self::Late(operation, _) | Self::OneWorker(operation, _) => operation,
            Self::FailsUnderOverload | Self::StaysRefused => Operation::Metadata,
        }
    }
}

/// What slow servers remember.
#[derive(Debug, Default)]
pub(crate) struct Worker {
    turn: tokio::sync::Mutex<()>,
    calls: AtomicU64,
}

/// Every so many answers are late.
const LATE_EACH: u64 = 8;
/// Calls for one licence within [`WINDOW`] that are borne.
const BORNE: u32 = 90;
/// The window of [`BORNE`].
const WINDOW: Duration = Duration::from_secs(1);
/// How long a server stays refused.
const REFUSED_FOR: Duration = Duration::from_secs(45);

/// Lets a call of an operation about a licence go on.
///
/// # Errors
/// What an overloaded server answers.
pub(crate) async fn wait(shared: &Shared, operation: Operation, id: &str) -> Result<(), ApiError> {
    let worker = &shared.worker;
    match shared.behaviour.slow(operation) {
        Some(Slow::Late(_, ms)) if worker.calls.fetch_add(1, Ordering::Relaxed) % LATE_EACH == LATE_EACH - 1 => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
        Some(Slow::OneWorker(_, ms)) => {
            let _turn = worker.turn.lock().await;
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
        Some(Slow::FailsUnderOverload) if is_overloaded(shared, id) => {
            return Err(ApiError::new(ErrorCode::Internal, "internal error"));
        }
        Some(Slow::StaysRefused) => {
            let refused = format!("refused {id}");
            if shared.is_recent(&refused, REFUSED_FOR) {
                // Half of the calls come through while the load lasts: it is the end that is missing.
                if worker.calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
                    return Err(ApiError::new(ErrorCode::Unavailable, "overloaded"));
                }
            } else if is_overloaded(shared, id) {
                shared.note_recent(refused);
            }
        }
        _ => {}
    }
    Ok(())
}

fn is_overloaded(shared: &Shared, id: &str) -> bool {
    let counter = format!("load {id}");
    shared.guesses.count(counter.clone(), WINDOW);
    shared.guesses.wait(&counter, BORNE as usize, WINDOW).is_some()
}
