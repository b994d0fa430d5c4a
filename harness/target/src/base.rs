//! Where each operation is reached.

use std::collections::BTreeMap;

use ecric_model::binding::Operation;
use ecric_model::sending::At;

/// Base URLs by role name, without `/v1` and without a trailing slash; beside them those of [`At`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Bases(pub(crate) BTreeMap<String, String>);

impl Bases {
    /// The base that answers an operation: its own role first, then any other role that is given.
    pub(crate) fn of(&self, operation: Operation) -> Option<&str> {
        let order: &[&str] = match operation {
            Operation::Search | Operation::Audit => &["sharing_service", "issuer", "verifier", "loader"],
            Operation::VerifyFile
            | Operation::VerifyPresentation
            | Operation::VerifyAttributes
            | Operation::VerifyBatch => &["verifier", "sharing_service", "issuer", "loader"],
            Operation::Load
            | Operation::Present
            | Operation::Redeem
            | Operation::Uses
            | Operation::Withdraw
            | Operation::DeleteUse
            | Operation::Unload => &["loader", "issuer", "sharing_service", "verifier"],
            _ => &["issuer", "sharing_service", "verifier", "loader"],
        };
        order.iter().find_map(|role| self.0.get(*role)).map(String::as_str)
    }

    /// The further base of the service, where the file names it.
    pub(crate) fn further(&self, at: At) -> Option<&str> {
        at.key().and_then(|key| self.0.get(key)).map(String::as_str)
    }

    /// Every distinct base.
    pub(crate) fn distinct(&self) -> Vec<String> {
        let mut all: Vec<String> = self.0.values().cloned().collect();
        all.sort();
        all.dedup();
        all
    }
}
