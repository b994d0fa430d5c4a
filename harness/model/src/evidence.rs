//! What evidence holds beside the exchanges: attempts of cases, traces for judging again, openings of
//! commitments. Everything but [`RawExchange`] is free of personal values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::Exchange;
use crate::ids::CaseId;
use crate::roll_up::CaseOutcome;
use crate::run_record::PropertyRecord;

/// Purpose of a commitment to a personal value.
pub const VALUE: &str = "ecric.value/1";
/// Purpose of the commitment to an answer as received.
pub const ANSWER: &str = "ecric.answer/1";

/// One personal value that was masked, committed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// What stands in its place.
    pub mask: String,
    /// Commitment for [`VALUE`], hex.
    pub sm3: String,
}

/// What judging an exchange again needs and the exchange does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// Part of the run, from 1; a resumed run has several.
    pub part: u32,
    /// Place among the calls of its case in the order of sending, from 1.
    pub ordinal: u64,
    /// When it began and ended, milliseconds since the start of the part.
    pub span_ms: (u64, u64),
    /// Harness time when the answer was complete, milliseconds since 1970.
    pub received_ms: i64,
    /// True if no connection came about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreachable: bool,
    /// True if the recorded answer is the answer as received, byte for byte.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verbatim: bool,
    /// Personal values masked in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<Commitment>,
    /// Commitment for [`ANSWER`] to the answer's body, hex, where the record does not hold it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// An exchange as the evidence holds it, and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The exchange, redacted.
    pub exchange: Exchange,
    /// Its trace.
    pub trace: Trace,
    /// What is kept only with `--keep-raw`.
    pub raw: Option<RawExchange>,
}

#[derive(Serialize)]
struct RecordedLine<'a> {
    #[serde(flatten)]
    exchange: &'a Exchange,
    trace: &'a Trace,
}

#[derive(Deserialize)]
struct TraceOnly {
    trace: Trace,
}

impl Recorded {
    /// The line in the evidence: the exchange with a member `trace`.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&RecordedLine { exchange: &self.exchange, trace: &self.trace })
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is no exchange with a trace.
    pub fn parse_line(line: &str) -> Result<Self, serde_json::Error> {
        let TraceOnly { trace } = serde_json::from_str(line)?;
        Ok(Self { exchange: serde_json::from_str(line)?, trace, raw: None })
    }
}

/// Salt and value behind a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Salt, hex, 16 bytes.
    pub salt: String,
    /// Value.
    pub value: String,
}

/// What `--keep-raw` keeps of an exchange: bodies of generated persons. Never credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawExchange {
    /// Evidence id.
    pub id: String,
    /// SM3 of operation, method, path, query and body as sent, hex.
    pub request_sm3: String,
    /// Body as sent, base64; left out where it holds a licence file, which is made again from the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Salt of the commitment to the answer, hex, 16 bytes.
    pub salt: String,
    /// Headers of the answer.
    pub headers: Vec<(String, String)>,
    /// Body of the answer, base64.
    pub body: String,
    /// The values behind the commitments of the exchange, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<Opening>,
}

/// Something seen from outside that is no answer: requests at an address of the harness, the answer of a hook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// What was looked at.
    pub of: String,
    /// What was seen.
    pub seen: serde_json::Value,
}

/// One attempt at a case, from its opening to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// The case.
    pub case: CaseId,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Part of the run, from 1.
    pub part: u32,
    /// Wall time, milliseconds.
    pub duration_ms: u64,
    /// What became of it, before twins and levels.
    pub outcome: CaseOutcome,
    /// Evidence ids of its exchanges.
    pub evidence: Vec<String>,
    /// What its property did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<PropertyRecord>,
    /// Readings of the clock in order, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clock: Vec<i64>,
    /// What was seen beside answers, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<Observation>,
}

/// One sitting of a run: from its start to its end, or to where it was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Number, from 1.
    pub part: u32,
    /// When it began, RFC 3339, UTC.
    pub started: String,
    /// The same, milliseconds since 1970: with the seed, the source of nonces and keys.
    pub started_ms: i64,
    /// SM3 of the binary, hex.
    pub binary_sm3: String,
    /// Base address of the target.
    pub base: String,
}
