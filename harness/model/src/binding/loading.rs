//! Messages of the loading end (装载端): operations 16 to 20.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BindingState, LicenceStatus, UseKind};

/// Body of 401 HOLDER_AUTH_REQUIRED (operation 16, first call).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeAnswer {
    /// `HOLDER_AUTH_REQUIRED`.
    pub code: String,
    /// 32 bytes, base64url.
    pub challenge: String,
    /// Until when it may be answered, RFC 3339.
    pub challenge_expires_at: String,
    /// Words of [`super::HolderMethod`].
    pub methods: Vec<String>,
}

/// Answer of operation 16.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoadAnswer {
    /// Handle of the loaded licence, a UUID.
    pub loaded_licence_id: String,
    /// Certificate for the device key, DER in base64. Absent where a device keeps it to itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_binding: Option<String>,
    /// Scope names that can be presented.
    #[serde(default)]
    pub attributes_available: Vec<String>,
    /// Until when the loaded licence can be used, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Issuer-signed views for use without a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<Vec<LoadedView>>,
}

/// One issuer-signed view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoadedView {
    /// Its handle.
    pub view_id: String,
    /// `BASIC`, `ADULT`, `FULL`.
    pub kind: String,
    /// Scope bits (section 12.3).
    pub scope: u32,
    /// RFC 3339.
    pub expires_at: String,
    /// The signed view, base64url.
    pub content: String,
}

/// Answer of operation 17 to APPROVE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PresentAnswer {
    /// The presentation code, `ECR1:…`.
    pub code: String,
    /// `cti` of the code, base64url.
    pub code_id: String,
    /// RFC 3339.
    pub issued_at: String,
    /// RFC 3339, at most 60 s later.
    pub expires_at: String,
    /// Scope names that the code grants.
    pub granted_attributes: Vec<String>,
}

/// Answer of operation 17 to DENY.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeniedAnswer {
    /// `true`.
    pub denied: bool,
}

/// Answer of operation 18.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RedeemAnswer {
    /// Scope name to value; within what was granted and what was wanted.
    #[serde(default)]
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// Only where it was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_identifier: Option<String>,
    /// Status of the licence now.
    pub certificate_status: LicenceStatus,
    /// Time of its last change, RFC 3339.
    pub status_time: String,
    /// `cti` of the code, base64url.
    pub code_id: String,
    /// Signed by the issuer, or by the loading end on its behalf.
    pub issuer_evidence: Evidence,
}

/// `issuerEvidence` of operation 18; the signature stands beside in `sig`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// `cti` of the code, base64url.
    pub code_id: String,
    /// `ref` of the code, base64url.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Relying party.
    pub audience: String,
    /// As in the answer.
    #[serde(default)]
    pub attributes: BTreeMap<String, serde_json::Value>,
    /// As in the answer.
    pub certificate_status: LicenceStatus,
    /// Number of changes of the licence.
    pub status_version: i64,
    /// As in the answer.
    pub status_time: String,
    /// Whether the device is still bound.
    pub binding_state: BindingState,
    /// RFC 3339.
    pub issued_at: String,
    /// RFC 3339.
    pub exp: String,
    /// `ECRIC-EVIDENCE-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<serde_json::Value>,
}

/// Answer of operation 19.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsesAnswer {
    /// Entries in order of time.
    pub entries: Vec<UseEntry>,
    /// Token of the next page, or null.
    #[serde(default)]
    pub next_page_token: Option<String>,
}

/// One entry of the use log that the holder sees. Names of attributes, never values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UseEntry {
    /// Its handle.
    pub entry_id: String,
    /// RFC 3339.
    pub time: String,
    /// What it is about.
    pub kind: UseKind,
    /// Relying party, where there is one.
    #[serde(default)]
    pub audience: Option<String>,
    /// Its name.
    #[serde(default)]
    pub audience_name: Option<String>,
    /// Scene.
    #[serde(default)]
    pub scene: Option<String>,
    /// Stated use.
    #[serde(rename = "use", default)]
    pub stated_use: Option<serde_json::Value>,
    /// Scope names.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// `APPROVE` or `DENY`, where the holder decided.
    #[serde(default)]
    pub decision: Option<String>,
    /// `OK` or an error code.
    pub result: String,
}
