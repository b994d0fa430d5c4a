//! Request bodies of the operations, for generating right and wrong requests from their schemas.
//! Shape only: what a server has to check beyond it is not said here.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Action, LicenceStatus, Operation, ReissueReason, TransitionReason};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Operator {
    /// USCI.
    #[schemars(length(min = 18, max = 18))]
    pub org_code: String,
    /// Role.
    #[schemars(length(min = 1, max = 32))]
    pub role: String,
}

/// The stated use (binding v1, section 6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatedUse {
    /// Cause.
    #[schemars(length(min = 1, max = 200))]
    pub certificate_copy_cause: String,
    /// Calling system.
    #[schemars(length(min = 1, max = 64))]
    pub certificate_system_name: String,
    /// `0` or `1`.
    #[serde(default)]
    pub certificate_call_category: Option<String>,
    /// Name of the item.
    #[serde(default)]
    #[schemars(length(min = 1, max = 128))]
    pub related_item_name: Option<String>,
    /// Code of the item.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    pub related_item_code: Option<String>,
    /// Who acts.
    #[serde(default)]
    pub operator: Option<Operator>,
    /// Number of the matter.
    #[serde(default)]
    #[schemars(length(min = 1, max = 64))]
    pub business_no: Option<String>,
}

/// The holder of a new licence (binding v1, section 6.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewHolder {
    /// Name.
    #[schemars(length(min = 1, max = 50))]
    pub name: String,
    /// GB/T 2261.1.
    #[schemars(length(min = 1, max = 1))]
    pub sex: String,
    /// GB/T 3304.
    #[schemars(length(min = 2, max = 2))]
    pub ethnicity: String,
    /// Date.
    pub birth_date: String,
    /// Address.
    #[schemars(length(min = 1, max = 70))]
    pub address: String,
    /// Citizen number.
    #[schemars(length(min = 18, max = 18))]
    pub id_number: String,
    /// JPEG in base64.
    #[serde(default)]
    pub photo: Option<String>,
    /// Signing authority.
    #[schemars(length(min = 1, max = 30))]
    pub issuing_authority: String,
    /// Name in a second script.
    #[serde(default)]
    #[schemars(length(min = 1, max = 50))]
    pub minority_name: Option<String>,
    /// Address in a second script.
    #[serde(default)]
    #[schemars(length(min = 1, max = 70))]
    pub minority_address: Option<String>,
}

/// Operation 2, with a holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueRequest {
    /// The holder.
    pub holder: NewHolder,
    /// Licence type.
    pub certificate_type_code: String,
    /// Issuing authority.
    #[serde(default)]
    pub certificate_issuing_authority_code: Option<String>,
    /// First day.
    #[serde(default)]
    pub certificate_effective_date: Option<String>,
    /// Last day.
    #[serde(default)]
    pub certificate_expiring_date: Option<String>,
    /// Licence replaced.
    #[serde(default)]
    pub previous_certificate_identifier: Option<String>,
    /// `ofd`, `pdf`.
    pub formats: Vec<String>,
    /// Whether it is valid at once.
    pub activate: bool,
    /// Who acts.
    pub operator: Operator,
}

/// Operation 3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetadataRequest {
    /// Scope names.
    pub attributes: Vec<String>,
    /// Stated use.
    #[serde(rename = "use")]
    pub stated_use: StatedUse,
    /// `NONE` or `CMS`.
    #[serde(default)]
    pub signed_form: Option<String>,
}

/// The copy asked for in operation 4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CopyWanted {
    /// Stated use.
    #[serde(rename = "use")]
    pub stated_use: StatedUse,
    /// When the copy expires.
    #[serde(default)]
    pub certificate_copy_expiring_time: Option<String>,
}

/// Operation 4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileRequest {
    /// `ofd`, `pdf`.
    pub format: String,
    /// An annotated copy instead of the original.
    #[serde(default)]
    pub copy: Option<CopyWanted>,
    /// `INLINE` or `URL`.
    pub delivery: String,
}

/// Operation 7.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TransitionRequest {
    /// Action.
    pub action: Action,
    /// Reason.
    pub reason: TransitionReason,
    /// When it takes effect.
    #[serde(default)]
    pub effective_time: Option<String>,
    /// Version that the caller knows.
    pub expected_status_version: i64,
    /// Who acts.
    pub operator: Operator,
}

/// Operation 8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReissueRequest {
    /// Members of the holder that change.
    #[serde(default)]
    pub changes: Option<BTreeMap<String, Value>>,
    /// Reason.
    pub reason: ReissueReason,
    /// Version that the caller knows.
    pub expected_status_version: i64,
    /// `ofd`, `pdf`.
    pub formats: Vec<String>,
    /// Who acts.
    pub operator: Operator,
}

/// Operation 9.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchRequest {
    /// Citizen number.
    pub certificate_holder_code: String,
    /// Holder type.
    #[serde(default)]
    pub certificate_holder_type_code: Option<String>,
    /// Licence type.
    #[serde(default)]
    pub certificate_type_code: Option<String>,
    /// Statuses wanted.
    #[serde(default)]
    pub status: Option<Vec<LicenceStatus>>,
    /// Stated use.
    #[serde(rename = "use")]
    pub stated_use: StatedUse,
    /// 1 to 100.
    #[serde(default)]
    pub page_size: Option<i64>,
    /// Opaque.
    #[serde(default)]
    pub page_token: Option<String>,
}

/// Operation 11.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditRequest {
    /// A licence, or
    #[serde(default)]
    pub certificate_identifier: Option<String>,
    /// a holder.
    #[serde(default)]
    pub certificate_holder_code: Option<String>,
    /// Begin, included.
    pub from: String,
    /// End, included.
    pub to: String,
    /// Operations wanted.
    #[serde(default)]
    pub operations: Option<Vec<String>>,
    /// 1 to 100.
    #[serde(default)]
    pub page_size: Option<i64>,
    /// Opaque.
    #[serde(default)]
    pub page_token: Option<String>,
}

/// Policy of operation 12.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FilePolicy {
    /// `REQUIRED`, `BEST_EFFORT`, `NONE`.
    #[serde(default)]
    pub check_status: Option<String>,
    /// Whether a time stamp is needed.
    #[serde(default)]
    pub require_timestamp: Option<bool>,
}

/// Operation 12.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyFileRequest {
    /// File in base64.
    pub content: String,
    /// `application/ofd`.
    pub mime: String,
    /// Instant asked about.
    #[serde(default)]
    pub as_of: Option<String>,
    /// Policy.
    #[serde(default)]
    pub policy: Option<FilePolicy>,
    /// Stated use.
    #[serde(rename = "use", default)]
    pub stated_use: Option<StatedUse>,
}

/// Operation 14.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyAttributesRequest {
    /// A licence, or
    #[serde(default)]
    pub certificate_identifier: Option<String>,
    /// a type with
    #[serde(default)]
    pub certificate_type_code: Option<String>,
    /// a holder.
    #[serde(default)]
    pub certificate_holder_code: Option<String>,
    /// What is asserted.
    pub assert: BTreeMap<String, Value>,
    /// Stated use.
    #[serde(rename = "use")]
    pub stated_use: StatedUse,
}

/// One item of operation 15.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchItem {
    /// Id.
    #[schemars(length(min = 1, max = 64))]
    pub item_id: String,
    /// `FILE`, `PRESENTATION`, `ATTRIBUTES`.
    pub kind: String,
    /// Body of operation 12, 13 or 14.
    pub request: BTreeMap<String, Value>,
}

/// Operation 15.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchRequest {
    /// Items.
    pub items: Vec<BatchItem>,
}

/// The schema of the body of an operation; `None` for those without one and for test controls.
#[must_use]
pub fn request_schema(operation: Operation) -> Option<Schema> {
    Some(match operation {
        Operation::Issue => schema_for!(IssueRequest),
        Operation::Metadata => schema_for!(MetadataRequest),
        Operation::File => schema_for!(FileRequest),
        Operation::Transition => schema_for!(TransitionRequest),
        Operation::Reissue => schema_for!(ReissueRequest),
        Operation::Search => schema_for!(SearchRequest),
        Operation::Audit => schema_for!(AuditRequest),
        Operation::VerifyFile => schema_for!(VerifyFileRequest),
        Operation::VerifyAttributes => schema_for!(VerifyAttributesRequest),
        Operation::VerifyBatch => schema_for!(BatchRequest),
        _ => return None,
    })
}
