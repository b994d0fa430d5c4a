//! The target description file: what the user writes about a product. Unknown keys are refused.

use std::collections::{BTreeMap, BTreeSet};

use ecric_model::ics::{Capabilities, ServiceLevel};
use ecric_model::requirement::{Profile, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::driver::LoaderSettings;
use crate::hook_spec::Hook;
use crate::mapping::callers::AuthEntry;
use crate::mapping::spec::{EnvelopeSpec, ErrorSpec, FieldSpec, PlanSpec, Words};
use crate::persons::Personas;

/// How a product is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Speaks binding v1 itself.
    Native,
    /// Has its own HTTP interface, described by templates.
    Mapped,
    /// Has a process in front of it that speaks binding v1.
    Adapter,
}

impl Rung {
    /// The word in files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Mapped => "mapped",
            Self::Adapter => "adapter",
        }
    }
}

/// Whose product it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Vendor {
    /// Organisation.
    pub org: String,
    /// Product.
    pub product: String,
    /// Product version.
    pub version: String,
    /// Whom to write to.
    pub contact: Option<String>,
    /// Number of the certified cryptographic module, if any.
    pub crypto_module: Option<String>,
}

/// Where the product runs and who allowed the test.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    /// `sandbox`, `pretest`, `production` …
    pub kind: String,
    /// Hosts that may be tested; needed for anything but loopback.
    pub authorised_hosts: Vec<String>,
    /// The letter or ticket that allows it.
    pub authorisation_ref: Option<String>,
}

/// One base for everything, or one per role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Base {
    /// One URL for every role.
    One(String),
    /// URL by role: `issuer`, `sharing_service`, `verifier`, `loader`; `all` for those not named. Beside them
    /// `second_node`, another node of the same service, and `no_test_mode`, the service without test controls.
    PerRole(BTreeMap<String, String>),
}

/// Limits of the transport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransportSettings {
    /// Time to connect, milliseconds.
    pub connect_ms: u64,
    /// Time from the first byte sent to the last byte received, milliseconds.
    pub read_ms: u64,
    /// Speak HTTP/2 with prior knowledge.
    pub http2: bool,
    /// Largest answer read, bytes.
    pub max_response_bytes: u64,
    /// Files with further root certificates for TLS, PEM.
    pub extra_ca: Vec<String>,
    /// Proxy that every request goes through, `http://host:port`; `${env:NAME}` is put in.
    pub proxy: Option<String>,
    /// How texts are written on rung mapped: `utf-8` (default), `gb18030`, `gbk`.
    pub charset: Option<String>,
    /// What becomes of redirects: they are answers, and never followed.
    pub redirects: Redirects,
}

/// What becomes of redirects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Redirects {
    /// They are answers like others.
    #[default]
    Deny,
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self {
            connect_ms: 3_000,
            read_ms: 10_000,
            http2: false,
            max_response_bytes: 4 * 1024 * 1024,
            extra_ca: Vec::new(),
            proxy: None,
            charset: None,
            redirects: Redirects::Deny,
        }
    }
}

/// Clock of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClockSettings {
    /// Allowed difference between its clock and ours, seconds.
    pub max_skew_s: u32,
    /// Request window, seconds either side.
    pub window_s: u32,
    /// Where the product's time is read before a run.
    pub source: ClockSource,
}

/// Where the product's time is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockSource {
    /// The header `Date` of operation 1.
    #[default]
    HeaderDate,
    /// `serverTime` of operation 1.
    Capabilities,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self { max_skew_s: 5, window_s: 300, source: ClockSource::HeaderDate }
    }
}

/// A process that speaks binding v1 in front of the product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdapterSettings {
    /// Program and arguments; `{port}` is the port to listen on, on loopback.
    pub exec: Vec<String>,
    /// Request that answers 200 once it is ready; default `GET /v1/capabilities`.
    pub ready: Option<String>,
    /// Environment variables; `${env:NAME}` is taken from ours.
    pub env: BTreeMap<String, String>,
    /// Most time until it is ready, seconds; default 30.
    pub ready_s: Option<u64>,
}

/// How trust is set up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TrustSettings {
    /// How a verifier under test gets the suite's root.
    pub suite_root: Option<SuiteRoot>,
    /// How an issuer under test shows its anchors.
    pub issuer_anchors: Option<IssuerAnchors>,
}

/// How a verifier under test gets the suite's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuiteRoot {
    /// `op` (test control T1), `hook`, or `manual` (installed by hand before the run).
    pub install: String,
    /// Name of the hook: the trust list on stdin.
    #[serde(default)]
    pub hook: Option<String>,
}

/// How an issuer under test shows its anchors.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IssuerAnchors {
    /// Operation that gives them: `issuer.trust_anchors`, the default.
    pub op: Option<String>,
    /// Rungs mapped and adapter: a file with the answer of operation 10, for products that do not have it.
    pub file: Option<String>,
    /// SM3 of the root certificate that must be listed, hex.
    pub pin_sm3: Option<String>,
}

/// What the suite may do to the product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Most calls at once; the flag `--jobs` cannot exceed it.
    pub concurrency: Option<u32>,
    /// Most requests a second.
    pub rps: Option<u32>,
    /// Most licences that one run may ask to be issued: issues and re-issues together.
    pub daily_issue: Option<u32>,
    /// Most seconds that one load of `--depth long` may last; default 60.
    pub load_s: Option<u32>,
    /// `destructive`, `security`, `load`. On loopback the first two are allowed unless the list is given.
    pub allow: Option<BTreeSet<String>>,
}

/// Where the product reaches what the suite serves: revocation lists, OCSP, licence status.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CounterpartSettings {
    /// Address to listen on; default `127.0.0.1:0`.
    pub listen: Option<String>,
    /// Base URL that the product is told, where it is not the address itself.
    pub base: Option<String>,
}

/// What may be looked at as evidence beside the exchanges.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceSettings {
    /// Names of hooks that give the product's logs as text.
    pub log_sources: Vec<String>,
}

/// A target description file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    /// Version of the format: 1.
    pub ecric_target: u32,
    /// A shipped dialect to start from: what stands here overrides it, `null` takes a member away.
    #[serde(default)]
    pub preset: Option<String>,
    /// Short name.
    pub name: String,
    /// Whose product it is.
    #[serde(default)]
    pub vendor: Vendor,
    /// Roles under test.
    pub roles: BTreeSet<Role>,
    /// How it is reached.
    pub rung: Rung,
    /// Rule books that apply; default core, binding, loader as the roles need them.
    #[serde(default)]
    pub profiles: Option<Vec<Profile>>,
    /// Where it runs.
    #[serde(default)]
    pub environment: Environment,
    /// Base URLs without `/v1`; on rung adapter the suite fills them in.
    #[serde(default)]
    pub base: Option<Base>,
    /// Limits of the transport.
    #[serde(default)]
    pub transport: TransportSettings,
    /// Secrets by reference.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// Callers: `main`, `other` and any more.
    pub auth: BTreeMap<String, AuthEntry>,
    /// Clock.
    #[serde(default)]
    pub clock: ClockSettings,
    /// The ICS.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Test persons.
    #[serde(default)]
    pub personas: Personas,
    /// Permissions.
    #[serde(default)]
    pub limits: Limits,
    /// Trust.
    #[serde(default)]
    pub trust: TrustSettings,
    /// Where the product reaches the suite.
    #[serde(default)]
    pub counterpart: CounterpartSettings,
    /// Service levels by operation name.
    #[serde(default)]
    pub slo: BTreeMap<String, ServiceLevel>,
    /// Evidence beside the exchanges.
    #[serde(default)]
    pub evidence: EvidenceSettings,
    /// Programs, calls and persons that do what the interface cannot.
    #[serde(default)]
    pub hooks: BTreeMap<String, Hook>,
    /// The process of rung adapter.
    #[serde(default)]
    pub adapter: Option<AdapterSettings>,
    /// How a loading end is driven.
    #[serde(default)]
    pub loader: LoaderSettings,
    /// `body`, or `http-4xx` for products that refuse bad licences by status code: level core only.
    #[serde(default)]
    pub rejection_style: Option<String>,
    /// Constants for templates.
    #[serde(default)]
    pub cfg: serde_json::Map<String, serde_json::Value>,
    /// Envelope of every answer.
    #[serde(default)]
    pub envelope: EnvelopeSpec,
    /// Operations by name.
    #[serde(default)]
    pub operations: BTreeMap<String, PlanSpec>,
    /// Error codes of the product.
    #[serde(default)]
    pub errors: BTreeMap<String, ErrorSpec>,
    /// Its words for statuses.
    #[serde(default)]
    pub status_values: BTreeMap<String, String>,
    /// Its verification results.
    #[serde(default)]
    pub results: BTreeMap<String, String>,
    /// Its verification reasons.
    #[serde(default)]
    pub reasons: BTreeMap<String, Words>,
    /// Its member names.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldSpec>,
    /// Tables for templates.
    #[serde(default)]
    pub tables: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
}
