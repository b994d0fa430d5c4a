//! Which decisions were asked for: names of switches, planted faults, operations that may be slow, reasons met.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use ecric_model::binding::Operation;

use super::{Behaviour, Codes, Loading};
use crate::planted::Planted;

/// A decision that is no switch.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    Planted(Planted),
    Slow(Operation),
    Reason(String),
}

impl Read {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Planted(fault) => format!("planted.{fault:?}"),
            Self::Slow(operation) => format!("slow.{}", operation.name()),
            Self::Reason(reason) => format!("reason.{reason}"),
        }
    }
}

static OTHERS: Mutex<BTreeSet<Read>> = Mutex::new(BTreeSet::new());

/// Notes a read.
pub(super) fn note(read: Read) {
    OTHERS.lock().unwrap_or_else(PoisonError::into_inner).insert(read);
}

/// Names of the decisions that servers of this process asked for since this was called last.
#[must_use]
pub fn take_reads() -> BTreeSet<String> {
    let others = std::mem::take(&mut *OTHERS.lock().unwrap_or_else(PoisonError::into_inner));
    let switches = Behaviour::take_read().chain(Codes::take_read()).chain(Loading::take_read());
    switches.map(str::to_owned).chain(others.iter().map(Read::name)).collect()
}
