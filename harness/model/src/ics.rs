//! The implementation conformance statement (ICS): what a product says it can do.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::requirement::Role;

/// How strictly cases are judged and how far the plan reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConformanceLevel {
    /// Only core cases; a rejection needs no reason.
    Core,
    /// Core, security, full and declared optional cases; reasons are judged.
    #[default]
    Full,
}

macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// An optional capability of binding v1, operation 1. Closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum Feature {
            $($(#[$doc])* #[serde(rename = $name)] $variant),+
        }
        impl Feature {
            /// Every feature of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// The word on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
            /// Reads the word on the wire.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|feature| feature.name() == name)
            }
        }
    };
}

features! {
    /// Licences in PDF.
    Pdf = "pdf",
    /// SUSPEND and RESTORE.
    Suspend = "suspend",
    /// Re-issue.
    Reissue = "reissue",
    /// Annotated copies (加注件).
    Copy = "copy",
    /// Originals (原件) to entitled callers.
    Original = "original",
    /// Catalogue of licence types.
    Catalogue = "catalogue",
    /// Attribute verification.
    Attributes = "attributes",
    /// Batch verification.
    Batch = "batch",
    /// Audit search.
    Audit = "audit",
    /// Status lists.
    StatusList = "status_list",
    /// Verification as of a past instant.
    AsOf = "as_of",
    /// Licence data as SignedData.
    SignedLicence = "signed_licence",
    /// Signed responses.
    SignedResponses = "signed_responses",
    /// Verification of presentation codes.
    Presentation = "presentation",
    /// Offline presentation.
    Offline = "offline",
    /// Reverse scan.
    ReverseScan = "reverse_scan",
    /// Push to the relying party.
    RpPush = "rp_push",
    /// Consent transaction.
    Transaction = "transaction",
    /// Pairwise identifiers.
    PairwiseId = "pairwise_id",
    /// Guardian rules.
    Guardian = "guardian",
    /// Deleting entries of the use log.
    LogDelete = "log_delete",
    /// Withdrawal of consent.
    ConsentWithdrawal = "consent_withdrawal",
    /// Test control T2.
    ClockControl = "clock_control",
    /// Test control T4.
    FaultInjection = "fault_injection",
    /// Test control T3.
    PersonaControl = "persona_control",
    /// Test control T1.
    TrustControl = "trust_control",
    /// Seals of version 5.
    SesV5 = "ses_v5",
}

/// What a product declares. Every key defaults to "no".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Capabilities {
    /// Level asked for.
    pub level: ConformanceLevel,
    /// Optional capabilities.
    pub features: BTreeSet<Feature>,
    /// File formats: `ofd`, `pdf`.
    pub formats: BTreeSet<String>,
    /// Attribute scopes served.
    pub attributes: BTreeSet<String>,
    /// Largest batch, items.
    pub batch_max: Option<u32>,
    /// What the product does not have, with the reason.
    pub declared_absences: Vec<DeclaredAbsence>,
}

/// One thing that a product does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclaredAbsence {
    /// A feature or an operation name.
    pub id: String,
    /// The reason, for the report.
    pub why: String,
}

/// How fast a product says it answers one operation. All times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ServiceLevel {
    /// Half of all answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<u64>,
    /// 95 of 100 answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p95_ms: Option<u64>,
    /// 99 of 100 answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<u64>,
    /// Answers a second that it keeps up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rps: Option<u64>,
}

impl ServiceLevel {
    /// True if it declares a time.
    #[must_use]
    pub fn has_times(&self) -> bool {
        self.times().next().is_some()
    }

    /// The declared times: name, share of the answers in per cent, milliseconds.
    pub fn times(&self) -> impl Iterator<Item = (&'static str, u8, u64)> {
        let all = [("p50_ms", 50, self.p50_ms), ("p95_ms", 95, self.p95_ms), ("p99_ms", 99, self.p99_ms)];
        all.into_iter().filter_map(|(name, share, ms)| Some((name, share, ms?)))
    }
}

/// What an ICS promises: roles and capabilities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ics {
    /// Roles under test.
    pub roles: BTreeSet<Role>,
    /// Declared capabilities.
    pub capabilities: Capabilities,
    /// Declared service levels, by operation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slo: BTreeMap<String, ServiceLevel>,
}

impl Ics {
    /// True if times of an operation are declared, or, for `rps`, answers a second of any operation.
    #[must_use]
    pub fn declares_level(&self, name: &str) -> bool {
        match name {
            "rps" => self.slo.values().any(|level| level.rps.is_some()),
            name => self.slo.get(name).is_some_and(ServiceLevel::has_times),
        }
    }

    /// True if the product plays the role; `all` and `data` always hold, `pki` for issuers and verifiers.
    #[must_use]
    pub fn plays(&self, role: Role) -> bool {
        match role {
            Role::All | Role::Data => true,
            Role::Pki => self.roles.contains(&Role::Issuer) || self.roles.contains(&Role::Verifier),
            other => self.roles.contains(&other),
        }
    }
}
