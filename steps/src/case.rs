//! What the runner gives to a case and what the case leaves behind.

use std::sync::{Arc, Mutex, PoisonError};

use ecric_checks::Grain;
use ecric_model::Text;
use ecric_model::binding::Limits;
use ecric_model::finding::Finding;
use ecric_model::ics::Ics;
use ecric_model::run_record::PropertyRecord;
use ecric_model::verdict::Cause;
use ecric_target::{CaseConnection, Target};

/// What all cases of a run share.
pub struct RunContext {
    /// The target.
    pub target: Arc<Target>,
    /// What it says it can do.
    pub ics: Ics,
    /// Seed of the run.
    pub seed: [u8; 32],
    /// How finely refusals are judged.
    pub grain: Grain,
    /// Values tried by a property case.
    pub property_values: u32,
    /// How far random walks, races and load go.
    pub reach: Reach,
    /// How far loads go.
    pub load: LoadReach,
    /// Limits that the target declared; preflight reads them.
    pub limits: Limits,
    /// The suite's PKI, the counterpart, and whether files can be judged.
    pub trust: crate::trust::TrustSetUp,
    /// Persons that the product has already, where it takes no others.
    pub persons: Option<Arc<crate::provisioned::ListedPersons>>,
}

/// How far loops that drive the target many times go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Random walks.
    pub walks: u32,
    /// Steps of a walk.
    pub walk_steps: u32,
    /// Rounds of a race.
    pub rounds: u32,
    /// Calls at once, as the target permits.
    pub at_once: u32,
    /// Most seconds after which no new walk or round begins.
    pub most_s: u64,
}

/// How far loads go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadReach {
    /// Most calls under way at once, as the target permits.
    pub in_flight: u32,
    /// Seconds of a load at the declared rate.
    pub seconds: u64,
    /// True in a long plan.
    pub long: bool,
}

/// How a case ended before its last step.
#[derive(Debug, Clone)]
pub enum CaseEnd {
    /// A fault of the product.
    Finding(Box<Finding>),
    /// The product cannot be judged.
    Inconclusive(Cause, Text),
    /// A fault of ours.
    SuiteError(Cause, String),
}

/// What a case leaves behind.
#[derive(Debug, Default)]
pub struct CaseLog {
    /// Checks that passed.
    pub judgements: u32,
    /// How it ended, if before its last step.
    pub end: Option<CaseEnd>,
    /// What its property did, if it has one.
    pub property: Option<PropertyRecord>,
}

/// One case: its connection, its place in the plan, its log.
pub struct CaseContext {
    /// The run.
    pub run: Arc<RunContext>,
    /// Its view of the target.
    pub connection: CaseConnection,
    /// Its place among all cases of the suite, which its generated persons depend on.
    pub ordinal: u32,
    log: Mutex<CaseLog>,
}

impl CaseContext {
    /// Opens a case.
    #[must_use]
    pub fn new(run: Arc<RunContext>, connection: CaseConnection, ordinal: u32) -> Self {
        Self { run, connection, ordinal, log: Mutex::new(CaseLog::default()) }
    }

    /// Changes the log.
    pub fn with_log<T>(&self, change: impl FnOnce(&mut CaseLog) -> T) -> T {
        change(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the log.
    #[must_use]
    pub fn take_log(&self) -> CaseLog {
        self.with_log(std::mem::take)
    }
}
