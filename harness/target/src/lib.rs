//! Reaches any product: reads the target file, signs and sends binding v1 requests over real HTTP,
//! and records every exchange, redacted. Judges nothing: an answer, a timeout, a reset and a
//! malformed answer are all just outcomes.

mod answer;
mod base;
mod client;
mod curl;
mod entropy;
mod recorder;
mod redact;
mod secrets;
mod signing;
mod target_file;
mod template;
mod transport;

pub use answer::{Answer, Sent};
pub use client::{Body, Call, CaseConnection, Clock, Target, TargetSettings, real_nonce_length};
pub use entropy::Entropy;
pub use secrets::{Credential, SecretError};
pub use signing::{canonical_query, string_to_sign};
pub use target_file::{
    AuthEntry, AuthType, Auths, Base, ClockSettings, Environment, Limits, LoadedTarget, PersonaMode, Personas, Problem,
    Rung, TargetFile, TransportSettings, Vendor, load_target, parse_target, target_schema,
};
pub use template::native_template;

/// What went wrong on our side of the wire.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// The HTTP client could not be built.
    #[error("cannot build the HTTP client: {0}")]
    Client(String),
    /// The request itself could not be built: a fault of the suite.
    #[error("cannot build the request of {operation}: {reason}")]
    Request {
        /// Operation name.
        operation: String,
        /// What was wrong.
        reason: String,
    },
    /// The target file offers no base for an operation.
    #[error("the target file has no base for {0}")]
    NoBase(String),
    /// An address elsewhere than the hosts of the target file.
    #[error("{0} gave an address on another host than those of the target file")]
    ForeignAddress(String),
    /// The case ran longer than the suite allows.
    #[error("the case ran longer than {0} s")]
    CaseTimeLimit(u64),
}
