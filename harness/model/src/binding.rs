//! Binding v1, shape only: operations, codes and messages. Our proposal, not the national text.
//!
//! Member names keep the observed `certificate…`; unknown members are tolerated when products
//! are read. The JSON Schema of these types is committed, so that a slip in a name shows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod codes;
mod messages;
mod operation;
mod requests;

pub use codes::*;
pub use messages::*;
pub use operation::*;
pub use requests::*;

/// A JSON object as sent or received.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Limits a server declares in operation 1. All optional on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Limits {
    /// Largest request body, bytes, counted after chunked decoding.
    pub body_bytes: Option<u64>,
    /// Largest body of a file operation, bytes.
    pub file_bytes: Option<u64>,
    /// Largest batch, items.
    pub batch: Option<u32>,
    /// Requests per second and app.
    pub rate_per_second: Option<u32>,
    /// Largest page, entries.
    pub page_size_max: Option<u32>,
    /// A transition is visible within this many milliseconds.
    pub status_lag_ms: Option<u64>,
    /// An operation is in the audit within this many milliseconds.
    pub audit_lag_ms: Option<u64>,
    /// Life of a download link, seconds.
    pub url_ttl_s: Option<u64>,
    /// Fewest entries of a status list.
    pub status_list_min_population: Option<u64>,
    /// Enumeration limits.
    pub throttle: Option<Throttle>,
    /// Other members.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// Enumeration limits (ruling: declared, so that the suite stays below them elsewhere).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Throttle {
    /// Mismatching verifications per app and licence in a minute.
    pub mismatches_per_minute: u32,
    /// Unknown holders per app in ten seconds, apart for search and verification.
    #[serde(rename = "unknownHoldersPer10s")]
    pub unknown_holders_per_10s: u32,
}
