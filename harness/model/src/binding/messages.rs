//! Messages of the operations built so far, for reading answers and for the committed schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CheckOutcome, LicenceStatus, Limits, MatchOutcome, StatusSource, VerifyOutcome};

/// Answer of operation 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CapabilitiesAnswer {
    /// `"1"`.
    pub binding: String,
    /// Product name.
    pub product: String,
    /// Product version.
    pub version: String,
    /// Roles played.
    pub roles: Vec<String>,
    /// Optional capabilities, words of the closed list.
    pub features: Vec<String>,
    /// Declared limits.
    pub limits: Limits,
    /// Authentication profiles offered.
    pub auth_profiles: Vec<String>,
    /// Time of the server, RFC 3339 with milliseconds.
    pub server_time: String,
    /// True if the test controls are on.
    pub test_mode: bool,
}

/// A licence as operations 2, 3 and 8 return it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct LicenceRecord {
    /// GB/T 36904 shape.
    pub certificate_identifier: String,
    /// 21 characters.
    pub certificate_type_code: Option<String>,
    /// Name of the type.
    pub certificate_type_name: Option<String>,
    /// Name of the licence.
    pub certificate_name: Option<String>,
    /// Three digits.
    pub certificate_version: Option<String>,
    /// Issuing authority.
    pub certificate_issuing_authority_name: Option<String>,
    /// USCI of the issuing authority.
    pub certificate_issuing_authority_code: Option<String>,
    /// Date of issue.
    pub certificate_issued_date: Option<String>,
    /// First day of validity.
    pub certificate_effective_date: Option<String>,
    /// Last day of validity; null for long-term.
    pub certificate_expiring_date: Option<String>,
    /// `20年`, `长期`.
    pub certificate_validity_range: Option<String>,
    /// First six digits of the citizen number.
    pub certificate_area_code: Option<String>,
    /// Citizen number.
    pub certificate_number: Option<String>,
    /// Citizen number.
    pub certificate_holder_code: Option<String>,
    /// `111`.
    pub certificate_holder_type_code: Option<String>,
    /// `公民身份号码`.
    pub certificate_holder_type_name: Option<String>,
    /// Name of the holder.
    pub certificate_holder_name: Option<String>,
    /// Status.
    pub certificate_status: Option<LicenceStatus>,
    /// Number of changes, from 1.
    pub status_version: Option<i64>,
    /// Time of the last change.
    pub status_time: Option<String>,
    /// Identifier replaced by this licence.
    pub previous_certificate_identifier: Option<String>,
    /// Holder members in scope.
    pub holder: Option<Holder>,
    /// Members not listed here.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// A holder: members of binding v1, section 6.2.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Holder {
    /// 1 to 50 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// GB/T 2261.1: `1` male, `2` female.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// GB/T 3304 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// 1 to 70 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Citizen number, 18 characters, GB 11643.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
    /// JPEG in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// 1 to 30 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_authority: Option<String>,
    /// Name in a second script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minority_name: Option<String>,
    /// Address in a second script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minority_address: Option<String>,
    /// Members not listed here.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// Answer of operations 2 and 8.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueAnswer {
    /// The new licence.
    pub licence: LicenceRecord,
    /// What the new licence replaces (operation 8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Superseded>,
}

/// The replaced licence in an answer of operation 8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Superseded {
    /// Identifier of the replaced licence.
    pub certificate_identifier: String,
    /// `SUPERSEDED`.
    pub certificate_status: LicenceStatus,
}

/// Answer of operation 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatusAnswer {
    /// The licence.
    pub certificate_identifier: String,
    /// Its status.
    pub certificate_status: LicenceStatus,
    /// Number of changes, from 1.
    pub status_version: i64,
    /// Time of the last change, RFC 3339.
    pub status_time: String,
    /// Reason of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the answer was made.
    pub this_update: String,
    /// Until when it may be relied on.
    pub next_update: String,
}

/// Answer of operation 7.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransitionAnswer {
    /// Status after the action.
    pub certificate_status: LicenceStatus,
    /// Version after the action.
    pub status_version: i64,
    /// Time of the last change.
    pub status_time: String,
    /// A change that takes effect later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled: Option<Scheduled>,
}

/// A change of status that takes effect later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scheduled {
    /// Status from then on.
    pub certificate_status: LicenceStatus,
    /// When.
    pub effective_time: String,
}

/// Answer of operation 9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchAnswer {
    /// Licences found.
    pub items: Vec<SearchItem>,
    /// Token of the next page, or null.
    #[serde(default)]
    pub next_page_token: Option<String>,
}

/// One licence in an answer of operation 9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchItem {
    /// The licence.
    pub certificate_identifier: String,
    /// Its type.
    pub certificate_type_code: String,
    /// Its status.
    pub certificate_status: LicenceStatus,
}

/// Answer of operation 11.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditAnswer {
    /// Entries in order of `seq`.
    pub entries: Vec<AuditEntry>,
    /// Token of the next page, or null.
    #[serde(default)]
    pub next_page_token: Option<String>,
}

/// One entry of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// When, RFC 3339.
    pub time: String,
    /// Operation name, `issuer.issue`.
    pub operation: String,
    /// Calling application.
    pub caller_app: String,
    /// Organisation behind it.
    #[serde(default)]
    pub caller_org: Option<String>,
    /// Stated use.
    #[serde(rename = "use", default)]
    pub stated_use: Option<serde_json::Value>,
    /// Names of attributes, never values.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// `OK` or an error code.
    pub result: String,
    /// Correlation id.
    #[serde(default)]
    pub request_id: Option<String>,
    /// Sequence number.
    pub seq: i64,
    /// Who acted (ruling F4).
    #[serde(default)]
    pub operator: Option<serde_json::Value>,
    /// Action of a transition (ruling F4).
    #[serde(default)]
    pub action: Option<String>,
    /// Reason of a transition (ruling F4).
    #[serde(default)]
    pub reason: Option<String>,
}

/// Result of a verification (operations 12 to 15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyResult {
    /// Outcome.
    pub result: VerifyOutcome,
    /// Codes that decided; empty when VALID.
    pub reasons: Vec<String>,
    /// Codes that did not decide.
    pub warnings: Vec<String>,
    /// Every key of [`super::CHECK_KEYS`].
    pub checks: BTreeMap<String, CheckOutcome>,
    /// The licence, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_identifier: Option<String>,
    /// Its status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_status: Option<LicenceStatus>,
    /// Time of its last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_time: Option<String>,
    /// Where the status came from.
    pub status_source: StatusSource,
    /// The instant the verdict speaks about.
    pub evaluated_at: String,
    /// Operation 14: attribute name to comparison.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<BTreeMap<String, MatchOutcome>>,
    /// Entry in the target's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_id: Option<String>,
}

/// Answer of operation 15.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// One entry per item, in the same order.
    pub items: Vec<BatchItemAnswer>,
}

/// One item of an answer of operation 15.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemAnswer {
    /// Id from the request.
    pub item_id: String,
    /// The result, or
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify_result: Option<VerifyResult>,
    /// the error of this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<BatchItemError>,
}

/// Error of one item of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BatchItemError {
    /// Error code.
    pub code: String,
    /// Words for people.
    pub message: String,
}

/// Body of every answer that is not 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// Error code.
    pub code: String,
    /// Words for people; never personal data, stack traces, SQL or paths.
    pub message: String,
    /// Correlation id.
    pub request_id: String,
    /// Members at fault.
    #[serde(default)]
    pub details: Vec<ErrorDetail>,
    /// Seconds to wait, or null.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

/// One member at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorDetail {
    /// JSON member path with dots and `[n]`.
    pub field: String,
    /// What is wrong with it.
    pub issue: String,
}
