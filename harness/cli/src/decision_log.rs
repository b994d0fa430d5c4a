//! Which decisions of the embedded reference each case asks for. Only right while cases run one after another.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ecric_model::brief::Decisions;
use ecric_runner::Watch;

use crate::embedded::Embedded;

/// What was asked for so far.
pub(crate) struct DecisionLog {
    reference: Arc<Mutex<Embedded>>,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    decisions: Decisions,
    last: Option<String>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DecisionLog {
    /// Begins with what was decided when the reference started.
    pub(crate) fn new(reference: &Arc<Mutex<Embedded>>) -> Self {
        let at_start = held(reference).decisions().unwrap_or_default();
        let log = Log { decisions: Decisions { at_start, ..Decisions::default() }, last: None };
        Self { reference: Arc::clone(reference), log: Arc::new(Mutex::new(log)) }
    }

    /// For the run to call. What is decided between two cases belongs to the one before; ahead of the first it is
    /// the preflight, which every run makes whatever its cases are.
    pub(crate) fn watch(&self) -> Watch {
        let (reference, log) = (Arc::clone(&self.reference), Arc::clone(&self.log));
        Watch(Arc::new(move |case, begins| {
            let Some(taken) = held(&reference).decisions() else { return };
            let mut log = held(&log);
            let owner = if begins { log.last.replace(case.to_owned()) } else { Some(case.to_owned()) };
            if let Some(owner) = owner {
                log.decisions.cases.entry(owner).or_default().extend(taken);
            }
        }))
    }

    /// What was asked for.
    pub(crate) fn take(&self) -> Decisions {
        std::mem::take(&mut held(&self.log).decisions)
    }
}
