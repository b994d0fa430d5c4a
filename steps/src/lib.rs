//! World and every step function of the features. Nothing else lives here.
//!
//! A step drives the target (Given, When) or calls one check (Then). It decides nothing itself.
//! Steps are linked by naming [`EcricWorld`]: a binary that does not name it has no steps.

mod audit;
mod batch;
mod calendar;
mod capabilities;
mod case;
mod clock;
mod file_verification;
mod hostile;
mod hostile_files;
mod issuing;
mod licence_files;
mod lifecycle;
mod loading;
mod metadata;
mod outcomes;
mod people;
mod presentation;
mod privacy;
mod properties;
mod provisioned;
mod races;
mod requests;
mod samples;
mod search;
mod sending;
mod service_levels;
mod trust;
mod verifying;
mod walks;
mod wire;
mod world;

pub use case::{CaseContext, CaseEnd, CaseLog, LoadReach, Reach, RunContext};
pub use ecric_checks::Grain;
pub use provisioned::ListedPersons;
pub use samples::{NOBODY, harmless_call};
pub use trust::{SET_UP, TrustSetUp, set_up, tear_down};
pub use world::{EcricWorld, StepEnd};
