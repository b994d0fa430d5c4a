//! Callers: who asks, and how a product is told so.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// How requests are authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum AuthType {
    /// No authentication: sandboxes only.
    #[default]
    #[serde(rename = "none")]
    None,
    /// HMAC-SM3 over the string to sign of binding v1.
    #[serde(rename = "hmac-sm3")]
    HmacSm3,
    /// The secret itself at a place.
    #[serde(rename = "api_key")]
    ApiKey,
    /// OAuth 2 client credentials.
    #[serde(rename = "oauth2-cc")]
    OAuth2,
    /// A call that gives a token.
    #[serde(rename = "login")]
    Login,
    /// Nothing by itself: templates sign with `secret.app` and `secret.key`.
    #[serde(rename = "template")]
    Template,
    /// A client certificate.
    #[serde(rename = "mtls")]
    Mtls,
}

/// Where a key or token goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Place {
    /// Header.
    pub header: Option<String>,
    /// Text before the token in the header.
    pub prefix: Option<String>,
    /// Query parameter.
    pub query: Option<String>,
    /// Member of a JSON body.
    pub field: Option<String>,
}

/// The call of a login.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoginRequest {
    /// HTTP method; default POST.
    pub method: Option<String>,
    /// Path behind the base.
    pub path: String,
    /// Headers.
    pub headers: Map<String, Value>,
    /// Body, a template.
    pub body: Option<String>,
    /// Scope asked for (OAuth 2).
    pub scope: Option<String>,
}

/// One caller.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthEntry {
    /// Kind.
    #[serde(rename = "type")]
    pub kind: AuthType,
    /// Name of the secret that holds the application id.
    #[serde(default)]
    pub app: Option<String>,
    /// Name of the secret that holds the key; hex for `hmac-sm3`.
    #[serde(default)]
    pub key: Option<String>,
    /// Login and OAuth 2: the call.
    #[serde(default)]
    pub request: Option<LoginRequest>,
    /// Login: where the token stands.
    #[serde(default)]
    pub token: Option<String>,
    /// Life of a token, seconds; default 600.
    #[serde(default)]
    pub ttl_s: Option<u64>,
    /// Where the key or token goes; default `{header: Authorization, prefix: "Bearer "}` for OAuth 2.
    #[serde(default)]
    pub place: Option<Place>,
    /// Login and OAuth 2: name of the secret that holds a token of this caller that has expired.
    #[serde(default)]
    pub expired_token: Option<String>,
    /// Login and OAuth 2: name of the secret that holds a living token of this caller for another service.
    #[serde(default)]
    pub foreign_token: Option<String>,
    /// Error codes of binding v1 upon which a new token is got, once.
    #[serde(default)]
    pub refresh_on: Vec<String>,
    /// Client certificate: file, PEM.
    #[serde(default)]
    pub cert: Option<String>,
}

/// A caller with its secrets.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) entry: AuthEntry,
    pub(crate) app: Option<String>,
    pub(crate) key: Option<String>,
    /// A token that has expired.
    pub(crate) expired: Option<String>,
    /// A token for another service.
    pub(crate) foreign: Option<String>,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").field("kind", &self.entry.kind).finish_non_exhaustive()
    }
}

impl Caller {
    /// True if it signs as binding v1 does.
    pub(crate) fn signs_binding(&self) -> bool {
        self.entry.kind == AuthType::HmacSm3
    }

    /// True if a token has to be got first.
    pub(crate) fn wants_token(&self) -> bool {
        matches!(self.entry.kind, AuthType::Login | AuthType::OAuth2)
    }

    /// Templates of the entry.
    pub(crate) fn structures(&self) -> Vec<(&'static str, Value)> {
        let Some(request) = &self.entry.request else { return Vec::new() };
        let body = request.body.clone().map_or(Value::Null, Value::String);
        vec![("request", json!([request.path, body, Value::Object(request.headers.clone())]))]
    }

    /// The token call as header list and body. Only for OAuth 2; a login renders its templates.
    pub(crate) fn oauth_body(&self) -> String {
        use super::filters::percent;
        let mut body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            percent(self.app.as_deref().unwrap_or_default()),
            percent(self.key.as_deref().unwrap_or_default())
        );
        if let Some(scope) = self.entry.request.as_ref().and_then(|request| request.scope.as_ref()) {
            body.push_str(&format!("&scope={}", percent(scope)));
        }
        body
    }

    /// Where the token or key goes.
    pub(crate) fn place(&self) -> Option<Place> {
        self.entry.place.clone().or_else(|| {
            (self.entry.kind == AuthType::OAuth2).then(|| Place {
                header: Some("Authorization".to_owned()),
                prefix: Some("Bearer ".to_owned()),
                ..Place::default()
            })
        })
    }
}
