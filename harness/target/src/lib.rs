//! Reaches any product: reads the target file, signs and sends binding v1 requests over real HTTP,
//! and records every exchange, redacted. Judges nothing: an answer, a timeout, a reset and a
//! malformed answer are all just outcomes.

mod adapter;
mod answer;
mod base;
mod charset;
mod client;
mod curl;
mod driver;
mod entropy;
mod forms;
mod hook_spec;
mod hooks;
mod ics_check;
mod mapping;
mod persons;
mod preset;
mod raw;
mod recorded;
mod recorder;
mod redact;
mod replay;
mod secrets;
mod signing;
mod target_check;
mod target_file;
mod template;
mod transport;
mod watch;

pub use adapter::Adapter;
pub use answer::{Answer, Sent};
pub use client::{Body, Call, CaseConnection, Clock, DryRequest, Sample, Target, TargetSettings, real_nonce_length};
pub use driver::{Driver, DriverProcess, HumanPort, HumanQuestion, LoaderSettings};
pub use entropy::Entropy;
pub use hook_spec::{Hook, HttpHook, HumanHook, Produces, Wants};
pub use hooks::{AskFn, Person, Question};
pub use mapping::callers::{AuthEntry, AuthType, LoginRequest, Place};
pub use persons::{ListedPerson, PersonaMode, Personas, ProvisionedPerson};
pub use raw::{RawAnswer, RawLimits, RawPiece, RawRequest};
pub use recorded::parse_recorded;
pub use replay::Tape;
pub use secrets::{Credential, SecretError};
pub use signing::{canonical_query, string_to_sign};
pub use target_check::{LoadedTarget, Problem, load_target, parse_target, target_schema};
pub use target_file::{
    AdapterSettings, Base, ClockSettings, ClockSource, CounterpartSettings, Environment, EvidenceSettings,
    IssuerAnchors, Limits, Redirects, Rung, SuiteRoot, TargetFile, TransportSettings, TrustSettings, Vendor,
};
pub use template::{PRESETS, native_template, preset_text};

pub use watch::{Place as WatchedPlace, Sighting, Watched};

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
    /// The mapping of the target file could not be applied: no fault of the product.
    #[error("{0}")]
    Mapping(Box<MappingGap>),
    /// A hook of the target file could not do its work: no fault of the product.
    #[error("{}", .0.en)]
    Hook(ecric_model::Text),
    /// A limit of the target file is reached: the suite holds back.
    #[error("{}", .0.en)]
    Limit(ecric_model::Text),
    /// The driver of the loading end could not do its work: no fault of the product.
    #[error("{0}")]
    Driver(String),
    /// A record that answers in place of the product lacks what a case asks for.
    #[error("the record lacks the answer to {0}")]
    NotRecorded(String),
    /// The case ran longer than the suite allows.
    #[error("the case ran longer than {0} s")]
    CaseTimeLimit(u64),
}

/// Where a mapping could not be applied, and what the product had answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingGap {
    /// Operation name.
    pub operation: String,
    /// Target file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// Template, path or table at fault.
    pub at: String,
    /// What was wrong.
    pub reason: String,
    /// HTTP status of the product's answer, if there was one.
    pub status: Option<u16>,
    /// Its answer, redacted and cut.
    pub raw: Option<String>,
    /// Evidence of the exchange.
    pub evidence: Option<String>,
}

impl MappingGap {
    /// The gap in both languages.
    #[must_use]
    pub fn text(&self) -> ecric_model::Text {
        let Self { operation, file, line, column, at, reason, .. } = self;
        let place = if at.is_empty() { String::new() } else { format!(" ({at})") };
        let place_zh = if at.is_empty() { String::new() } else { format!("（{at}）") };
        let status = self.status.unwrap_or_default();
        let evidence = self.evidence.clone().unwrap_or_default();
        let (en, zh) = match &self.raw {
            Some(raw) => (
                format!("; the product answered HTTP {status} {raw} ({evidence})"),
                format!("；产品应答 HTTP {status} {raw}（{evidence}）"),
            ),
            None => Default::default(),
        };
        let reason_zh = mapping::words::chinese(reason);
        ecric_model::Text::new(
            format!("{file}:{line}:{column}: {operation}: {reason}{place}{en}"),
            format!("{file}:{line}:{column}：{operation}：{reason_zh}{place_zh}{zh}"),
        )
    }
}

impl std::fmt::Display for MappingGap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text().en)
    }
}
