//! How a request is sent, deliberate defects of its transport included. Shape only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose credentials sign a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Credentials {
    /// The first caller of the target file.
    #[default]
    Main,
    /// The second caller, without the rights `original` and `test`.
    Other,
    /// None at all.
    None,
    /// The first caller with a key that is not his (32 bytes 0xee).
    WrongKey,
    /// An application nobody knows, with the first caller's key.
    UnknownApp,
    /// The first caller with an access token that has expired.
    ExpiredToken,
    /// The first caller with an access token made for another service.
    ForeignToken,
}

/// How much of the signature is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignatureForm {
    /// All of it.
    #[default]
    Whole,
    /// The first half.
    Half,
    /// An empty text.
    Empty,
    /// The SM3 of what is signed, without a key.
    DigestSm3,
    /// The SHA-256 of what is signed, without a key.
    DigestSha256,
    /// The MD5 of what is signed, without a key.
    DigestMd5,
    /// The word `none`.
    WordNone,
    /// Where SM2 signs: under another signer identifier.
    Sm2OtherId,
    /// Where SM2 signs: DER where r ‖ s is agreed, and the reverse.
    Sm2OtherForm,
    /// Where SM2 signs: n - s instead of s.
    Sm2Negated,
    /// Where SM2 signs: r is zero.
    Sm2ZeroR,
    /// Where SM2 signs: s is zero.
    Sm2ZeroS,
}

impl SignatureForm {
    /// The word for templates that sign with SM2; `None` for the other forms.
    #[must_use]
    pub const fn sm2_fault(self) -> Option<&'static str> {
        match self {
            Self::Sm2OtherId => Some("other_id"),
            Self::Sm2OtherForm => Some("other_form"),
            Self::Sm2Negated => Some("negated"),
            Self::Sm2ZeroR => Some("zero_r"),
            Self::Sm2ZeroS => Some("zero_s"),
            _ => None,
        }
    }
}

/// Whether an idempotency key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyUse {
    /// A fresh key where the operation needs one.
    #[default]
    Fresh,
    /// The key of the request before.
    Same,
    /// No key.
    Missing,
}

/// At which address of the target file a request arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// The base of its role.
    #[default]
    Usual,
    /// Another node of the same service: `base.second_node`.
    SecondNode,
    /// The service without test controls: `base.no_test_mode`.
    NoTestMode,
}

impl At {
    /// Key of the target file under `base`; `None` for the usual address.
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::SecondNode => Some("second_node"),
            Self::NoTestMode => Some("no_test_mode"),
        }
    }
}

/// Options of one call; the default is a right request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SendOptions {
    /// Whose credentials.
    pub credentials: Credentials,
    /// Text appended to the body after it was signed.
    pub append_after_signing: Option<String>,
    /// Sign for this method instead of the one sent.
    pub signed_method: Option<String>,
    /// Sign for this path instead of the one sent.
    pub signed_path: Option<String>,
    /// Sign for this query instead of the one sent.
    pub signed_query: Option<String>,
    /// Shift of the timestamp against the target's clock, seconds.
    pub timestamp_offset_s: i64,
    /// Send this text as timestamp (it is signed as sent).
    pub timestamp_text: Option<String>,
    /// Take the harness's own time even where the target's clock was moved.
    pub real_time: bool,
    /// Send this text as nonce (it is signed as sent).
    pub nonce: Option<String>,
    /// Send the nonce of the request before.
    pub same_nonce: bool,
    /// Send every byte of the request before once more: nonce, timestamp, signature, key.
    pub byte_for_byte: bool,
    /// How much of the signature.
    pub signature: SignatureForm,
    /// Send another HTTP method.
    pub method: Option<String>,
    /// Send another path.
    pub path: Option<String>,
    /// Send a query string.
    pub query: Option<String>,
    /// Send another `Content-Type`.
    pub content_type: Option<String>,
    /// Send the credentials in the query string instead of the headers.
    pub credentials_in_query: bool,
    /// Whether an idempotency key is sent.
    pub idempotency: KeyUse,
    /// Send `If-None-Match` with the entity tag of the answer before.
    pub if_none_match: bool,
    /// Where it is sent.
    pub at: At,
}
