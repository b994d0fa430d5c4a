//! What is signed: the payload of a code, of a view, of a reverse-scan request.

use std::collections::BTreeMap;

use ecric_model::binding::LicenceStatus;
use serde_json::{Value, json};

use super::scope::{Scene, Scope};

/// The payload of a code (12.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Key 1: loading-end id, the organisation id of its signer; 1 to 18 characters.
    pub loader: String,
    /// Key 6: seconds since 1970.
    pub issued_at: u64,
    /// Key 4: seconds since 1970.
    pub expires_at: u64,
    /// Key 7 (cti): random; redeemed at most once.
    pub code_id: [u8; 16],
    /// Key -1 (ref): random handle of this presentation.
    pub handle: [u8; 16],
    /// Key -2.
    pub scope: Scope,
    /// Key -3: tag of the relying party; absent in a bearer code.
    pub audience: Option<[u8; 8]>,
    /// Key -4.
    pub scene: Scene,
    /// Key -5: the relying party's challenge, 8 to 16 bytes.
    pub nonce: Option<Vec<u8>>,
    /// Key -6: a view as signed by the issuer, only offline.
    pub view: Option<Vec<u8>>,
}

/// Licence status inside a view (key -9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewStatus {
    /// The status.
    pub status: LicenceStatus,
    /// Its version.
    pub version: u64,
    /// When it changed, seconds since 1970.
    pub changed_at: u64,
}

/// Value of an attribute inside a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeValue {
    /// A text; dates are texts too.
    Text(String),
    /// A code as a number (sex).
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// From and to; `None` is long-term.
    Period(String, Option<String>),
}

impl AttributeValue {
    /// The value as the JSON of binding v1 writes it: codes are texts there.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number) => json!(number.to_string()),
            Self::Flag(flag) => json!(flag),
            Self::Period(from, to) => json!([from, to]),
        }
    }

    /// The value for the bit of an attribute from the JSON of binding v1; `None` where it has none
    /// (portraits and other types).
    #[must_use]
    pub fn of_json(bit: u8, value: &Value) -> Option<Self> {
        match bit {
            0 | Scope::PHOTO_BIT => None,
            2 => value.as_str()?.parse().ok().map(Self::Number),
            9 => {
                let [from, to] = value.as_array()?.as_slice() else { return None };
                let to = if to.is_null() { None } else { Some(to.as_str()?.to_owned()) };
                Some(Self::Period(from.as_str()?.to_owned(), to))
            }
            12 | 13 => value.as_bool().map(Self::Flag),
            _ => value.as_str().map(|text| Self::Text(text.to_owned())),
        }
    }
}

/// A view: attributes signed by the issuer and bound to a device key (12.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Key 1: code (USCI) of the issuing authority.
    pub issuer: String,
    /// Key 6: seconds since 1970.
    pub issued_at: u64,
    /// Key 4: seconds since 1970; at most 24 hours later.
    pub expires_at: u64,
    /// Key -2: exactly the bits of `attributes`, and bit 0 or not.
    pub scope: Scope,
    /// Key -7 (cnf): compressed device key.
    pub device_key: [u8; 33],
    /// Key -8: values by their bit.
    pub attributes: BTreeMap<u8, AttributeValue>,
    /// Key -9.
    pub status: ViewStatus,
}

impl View {
    /// Statuses in the order of their number.
    pub const STATUSES: [LicenceStatus; 7] = [
        LicenceStatus::Valid,
        LicenceStatus::NotActive,
        LicenceStatus::Suspended,
        LicenceStatus::Expired,
        LicenceStatus::Superseded,
        LicenceStatus::Revoked,
        LicenceStatus::Destroyed,
    ];
}

/// A reverse-scan request: the relying party asks (12.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Key 1: relying-party id, 1 to 32 characters.
    pub relying_party: String,
    /// Key 6: seconds since 1970.
    pub issued_at: u64,
    /// Key 4: seconds since 1970; at most 120 s later.
    pub expires_at: u64,
    /// Key 7: random.
    pub request_id: [u8; 16],
    /// Key -2: what is asked for.
    pub scope: Scope,
    /// Key -4.
    pub scene: Scene,
    /// Key -5: the challenge.
    pub nonce: [u8; 16],
    /// Key -10: 1 to 40 characters.
    pub audience_name: String,
    /// Key -11: 1 to 200 characters.
    pub cause: String,
    /// Key -12: 1 to 128 characters.
    pub response_uri: Option<String>,
}
