//! What a target file says about a dialect: operations, calls, extraction, tables. Shape only.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One operation of binding v1, or one call of it. Which members fit where is checked when the file is read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanSpec {
    /// Spoken as binding v1 itself.
    pub native: Option<NativeSpec>,
    /// The product does not have it.
    pub not_supported: bool,
    /// A hook answers it: the canonical request on stdin, the canonical answer on stdout.
    pub hook: Option<String>,
    /// Chosen by the canonical request, the first that holds.
    pub variants: Vec<PlanSpec>,
    /// Expression: when this variant, or this step, applies.
    pub when: Option<String>,
    /// Several calls, in order.
    pub steps: Vec<PlanSpec>,
    /// A call that is repeated until the product is done.
    pub poll: Option<Box<PlanSpec>>,
    /// Name of the caller; `none` for anonymous calls.
    pub auth: Option<String>,
    /// Variables, evaluated in order into `var`.
    pub vars: Map<String, Value>,
    /// HTTP method; default POST.
    pub method: Option<String>,
    /// Path behind the base, or a URL on a host of the file.
    pub path: Option<String>,
    /// Query parameters.
    pub query: Map<String, Value>,
    /// Headers.
    pub headers: Map<String, Value>,
    /// Body, as text.
    pub body: Option<String>,
    /// Most time for the answer of one call, milliseconds; default `transport.read_ms`.
    pub timeout_ms: Option<u64>,
    /// How the answer is read.
    pub response_as: Option<ResponseAs>,
    /// Steps that turn the answer into what extractions see.
    pub decode: Vec<DecodeSpec>,
    /// When the call succeeded.
    pub success: Option<SuccessSpec>,
    /// Where the product's error code stands.
    pub error_code: Option<Value>,
    /// Where its words for people stand.
    pub error_text: Option<Value>,
    /// Where it names members at fault.
    pub error_field: Option<Value>,
    /// Extractions: canonical members, or variables in a step.
    pub extract: Map<String, Value>,
    /// Canonical members that the dialect does not carry.
    #[serde(rename = "const")]
    pub constants: Map<String, Value>,
    /// HTTP status of the canonical answer.
    pub status: Option<u16>,
    /// Error codes of this operation, before those of the file.
    pub errors: BTreeMap<String, ErrorSpec>,
    /// What the dialect has against repeated effects.
    pub idempotency: Option<IdempotencySpec>,
    /// Poll: done when this holds.
    pub until: Option<Matches>,
    /// Poll: failed when this holds.
    pub fail: Option<Matches>,
    /// Poll: pause between calls, milliseconds.
    pub every_ms: Option<u64>,
    /// Poll: most time, milliseconds.
    pub max_ms: Option<u64>,
}

/// An operation that the product answers as binding v1 does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NativeSpec {
    /// Name of the caller that signs (`hmac-sm3`); default `main`.
    pub auth: Option<String>,
}

/// How an answer is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ResponseAs {
    /// `json`, `xml`, `form`, `text`, `bytes`.
    Kind(ResponseKind),
    /// XML with elements that are lists even where they stand alone.
    Xml {
        /// Options.
        xml: XmlOptions,
    },
}

/// Kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResponseKind {
    /// JSON.
    #[default]
    Json,
    /// XML.
    Xml,
    /// URL-encoded pairs.
    Form,
    /// Text: `$.text`.
    Text,
    /// Bytes: `$.b64`, `$.size`, `$.sm3`.
    Bytes,
}

/// How XML becomes JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct XmlOptions {
    /// Elements that are lists even where they stand alone.
    pub always_array: Vec<String>,
}

/// One step of a decode pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecodeSpec {
    /// Where the value stands; without it the value of the step before.
    #[serde(default)]
    pub path: Option<String>,
    /// What is done.
    #[serde(rename = "as")]
    pub kind: DecodeKind,
    /// Name of the secret that is the key.
    #[serde(default)]
    pub key: Option<String>,
    /// Order of an SM2 ciphertext; default `c1c3c2`.
    #[serde(default)]
    pub order: Option<String>,
    /// True (the default) if an SM2 ciphertext begins with `04`.
    #[serde(default)]
    pub prefix: Option<bool>,
    /// Initialisation vector of a CBC mode, hex; default zeros.
    #[serde(default)]
    pub iv: Option<String>,
    /// What a signature is over.
    #[serde(default)]
    pub over: Option<String>,
    /// SM2 signer identifier.
    #[serde(default)]
    pub id: Option<String>,
    /// Elements that are lists (XML).
    #[serde(default)]
    pub always_array: Vec<String>,
    /// Member of the answer to put the value in.
    #[serde(default)]
    pub into: Option<String>,
    /// True if an absent value ends the pipeline without an error.
    #[serde(default)]
    pub optional: bool,
    /// Where this does not hold the value passes as it is: a gateway that encrypts may answer in clear what it
    /// refuses before it has read the request.
    #[serde(default, rename = "if")]
    pub only_if: Option<DecodeIf>,
}

/// When a step of a decode pipeline is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecodeIf {
    /// JSONPath over the answer.
    pub path: String,
    /// Texts, one of which must stand there; a number counts as its text.
    pub eq: Vec<String>,
}

/// Kinds of decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words are the algorithms")]
pub enum DecodeKind {
    Hex,
    B64,
    B64url,
    Utf8,
    Gb18030,
    Json,
    Xml,
    Form,
    Sm2Decrypt,
    Sm4Ecb,
    Sm4Cbc,
    AesEcb,
    AesCbc,
    Sm2Verify,
}

/// A member with one of some values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matches {
    /// Where.
    pub path: Value,
    /// Values, as they stand in the answer; a number and its text are one.
    pub eq: Vec<Value>,
}

/// When a call succeeded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SuccessSpec {
    /// Where.
    pub path: Option<Value>,
    /// Values.
    pub eq: Vec<Value>,
    /// HTTP statuses.
    pub http: Vec<u16>,
    /// Expression.
    pub when: Option<String>,
}

/// What an error code of the product means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ErrorSpec {
    /// A code of binding v1, a `LICENCE_…` reason, or `OK`.
    Code(String),
    /// A code with the member that it is about.
    Named {
        /// Code.
        code: String,
        /// Member path.
        field: String,
    },
}

/// What a dialect has against repeated effects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdempotencySpec {
    /// `header`, `field` or `none`.
    pub style: String,
    /// Name of the header or member.
    #[serde(default)]
    pub name: Option<String>,
}

/// Envelope of every answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EnvelopeSpec {
    /// When a call succeeded.
    pub success: Option<SuccessSpec>,
    /// Where the error code stands.
    pub error_code: Option<Value>,
    /// Where the words stand.
    pub error_text: Option<Value>,
    /// Where members at fault stand.
    pub error_field: Option<Value>,
}

/// Name and form of one member in the dialect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// The vendor's name.
    pub vendor: String,
    /// How its value is written.
    #[serde(default)]
    pub codec: Option<Value>,
}

/// One word, or several where the vendor's is coarser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Words {
    /// One.
    One(String),
    /// Any of these, at most six.
    Any(Vec<String>),
}

impl Words {
    /// The words.
    #[must_use]
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::Any(words) => words,
        }
    }
}

/// The part of a target file that describes a dialect.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DialectSpec {
    /// Constants for templates.
    pub cfg: Map<String, Value>,
    /// Envelope of every answer.
    pub envelope: EnvelopeSpec,
    /// Operations by name.
    pub operations: BTreeMap<String, PlanSpec>,
    /// Error codes.
    pub errors: BTreeMap<String, ErrorSpec>,
    /// Status words.
    pub status_values: BTreeMap<String, String>,
    /// Verification results.
    pub results: BTreeMap<String, String>,
    /// Verification reasons.
    pub reasons: BTreeMap<String, Words>,
    /// Member names.
    pub fields: BTreeMap<String, FieldSpec>,
    /// Tables for `lookup`.
    pub tables: BTreeMap<String, BTreeMap<String, Value>>,
}
