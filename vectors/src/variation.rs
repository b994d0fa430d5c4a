//! Variations: named changes of a right request, in its body, its path or the way it is sent.
//!
//! A variation knows what it changes, never what the product has to answer: that is the feature's.
//! Everything random in it comes from the digest that the caller gives.

use std::sync::LazyLock;

use ecric_model::Text;
use ecric_model::sending::SendOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use time::{Date, OffsetDateTime};

use crate::file::LoadError;
use crate::person::Person;

mod load;
mod makers;
mod member;
mod raw;

#[cfg(test)]
mod tests;

/// `schema` of a variation file.
pub const VARIATION_SCHEMA: &str = "ecric.variations/1";
/// Name of the members that no server knows.
pub const UNKNOWN_MEMBER: &str = "ecricUnknown";

/// A file of variations: one family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariationFile {
    /// `ecric.variations/1`.
    pub schema: String,
    /// First part of the ids and name of the file.
    pub family: String,
    /// Title.
    pub title: Text,
    /// The variations.
    pub variations: Vec<Variation>,
}

/// One named change of a right request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variation {
    /// `family.words-with-hyphens`; never reused.
    pub id: String,
    /// Operation of binding v1 whose body the edits fit, `issuer.issue`, or `any`.
    pub operation: String,
    /// What it changes, in words.
    pub comment: String,
    /// Changes of the body, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// Name of a change of the bytes of the body, after the edits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// How the request is sent.
    #[serde(default)]
    pub send: SendOptions,
    /// True if it exists in the JSON of binding v1 only: another type, a member that nobody knows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wire: bool,
    /// Name of the maker of the licence identifier in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_identifier: Option<String>,
}

/// One change of a body: exactly one of `set`, `make` and `remove`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Member path with dots and `[n]`; empty for the whole body.
    pub at: String,
    /// The value to put there. A last member that is absent is added.
    #[serde(default, deserialize_with = "some_value", skip_serializing_if = "Option::is_none")]
    pub set: Option<Value>,
    /// Name of the maker of the value to put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make: Option<String>,
    /// True to remove the member; one that is absent stays absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remove: bool,
}

/// A given `null` is a value, not an absent member.
fn some_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// What makers may use.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The person of the request.
    pub person: Option<&'a Person>,
    /// Another person of the case.
    pub other: Option<&'a Person>,
    /// Identifier of the licence of the request.
    pub identifier: Option<&'a str>,
    /// Identifier of the licence that it replaced.
    pub previous_identifier: Option<&'a str>,
    /// Status version of the licence.
    pub status_version: i64,
    /// China date of the target.
    pub today: Date,
    /// Time of the target.
    pub now: OffsetDateTime,
    /// Largest body, bytes.
    pub body_limit: u64,
    /// Largest batch, items.
    pub batch_limit: u32,
    /// Bytes of the case for anything random.
    pub digest: [u8; 32],
}

/// Why a variation could not be applied. A fault of the suite or of what it was given, never of the product.
#[derive(Debug, thiserror::Error)]
pub enum VariationError {
    /// The path of an edit leads nowhere.
    #[error("{at:?}: no such member in the body")]
    NoSuchMember {
        /// The path.
        at: String,
    },
    /// An edit names no maker.
    #[error("unknown maker {name:?}")]
    UnknownMaker {
        /// The name.
        name: String,
    },
    /// A variation names no raw edit.
    #[error("unknown raw edit {name:?}")]
    UnknownRaw {
        /// The name.
        name: String,
    },
    /// The caller gave no value that a maker needs.
    #[error("{maker}: needs {wanted}")]
    MissingInput {
        /// The maker.
        maker: &'static str,
        /// What it needs.
        wanted: &'static str,
    },
    /// The value at hand is of a kind that a maker cannot change.
    #[error("{maker}: found {found}, wanted {wanted}")]
    NotApplicable {
        /// The maker.
        maker: &'static str,
        /// What stands there, without personal data.
        found: &'static str,
        /// What would fit.
        wanted: &'static str,
    },
    /// The body is longer than the limit that it is to be padded to.
    #[error("a body of {found} bytes cannot be padded to {limit}")]
    TooLong {
        /// Length in bytes.
        found: usize,
        /// The limit in bytes.
        limit: u64,
    },
    /// The body cannot be written as JSON.
    #[error("failed to write the body")]
    Write(#[from] serde_json::Error),
}

static ALL: LazyLock<Vec<Variation>> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "a test loads the embedded files")]
    load_all().expect("the embedded variation files are read by a test")
});

/// Every variation, in order of file and place.
#[must_use]
pub fn all() -> &'static [Variation] {
    &ALL
}

/// The variation with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Variation> {
    all().iter().find(|variation| variation.id == id)
}

/// Reads every variation file of the embedded data.
///
/// # Errors
/// When a file is malformed, an id is repeated or outside its family, or a name means nothing.
pub fn load_all() -> Result<Vec<Variation>, LoadError> {
    load::load_files(crate::data_dir())
}

impl Variation {
    /// Applies the edits to a right body.
    ///
    /// # Errors
    /// When the body or the inputs lack what an edit needs; the body may then be half changed.
    pub fn apply(&self, body: &mut Value, inputs: &Inputs) -> Result<(), VariationError> {
        self.edits.iter().try_for_each(|edit| edit.apply(body, inputs))
    }

    /// The bytes to send: compact JSON of a body that [`Self::apply`] has changed, then the raw edit if any.
    ///
    /// # Errors
    /// When the body lacks what the raw edit needs or is too long for it.
    pub fn body_bytes(&self, body: &Value, inputs: &Inputs) -> Result<Vec<u8>, VariationError> {
        match &self.raw {
            None => Ok(serde_json::to_vec(body)?),
            Some(name) => raw::write(name, body, inputs),
        }
    }

    /// The licence identifier to send in the path instead of the right one, if the variation has one.
    #[must_use]
    pub fn identifier_for_path(&self, inputs: &Inputs) -> Option<String> {
        makers::identifier::make(self.path_identifier.as_deref()?, inputs.identifier, inputs)
    }
}

impl Edit {
    fn apply(&self, body: &mut Value, inputs: &Inputs) -> Result<(), VariationError> {
        let path = member::Path::parse(&self.at);
        if self.remove {
            return path.remove(body);
        }
        let value = match (&self.set, &self.make) {
            (_, Some(name)) => makers::make(name, path.find(body), inputs)?,
            (Some(value), None) => value.clone(),
            (None, None) => return Ok(()),
        };
        path.put(body, value)
    }
}
