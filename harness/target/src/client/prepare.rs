//! From a call to a request of binding v1: path, headers, body, signature.

use ecric_gm::encoding::b64url;
use ecric_gm::hmac_sm3::Key;
use ecric_model::sending::{Credentials, KeyUse, SendOptions, SignatureForm};

use super::{Body, Call, CaseConnection, Prepared, milliseconds};
use crate::answer::Sent;
use crate::secrets::Credential;
use crate::signing::string_to_sign;

impl CaseConnection {
    pub(crate) fn prepare(&self, call: &Call, caller: Option<&str>) -> Prepared {
        let options = &call.options;
        if let (true, Some(before)) = (options.byte_for_byte, &call.before) {
            return Prepared::again(before.clone());
        }
        let operation = call.operation;
        let id = call.id.as_deref().unwrap_or_default();
        let body = match &call.body {
            Body::None => Vec::new(),
            Body::Json(value) => serde_json::to_vec(value).unwrap_or_default(),
            Body::Raw(bytes) => bytes.clone(),
        };
        let mut sent = Sent {
            method: options.method.clone().unwrap_or_else(|| operation.method().to_owned()),
            path: options.path.clone().unwrap_or_else(|| operation.path().replace("{id}", &path_segment(id))),
            query: options.query.clone().unwrap_or_default(),
            body,
            request_id: self.uuid("request"),
            ..Sent::default()
        };
        sent.idempotency_key = match options.idempotency {
            KeyUse::Missing => None,
            KeyUse::Same => call.before.as_ref().and_then(|before| before.idempotency_key.clone()),
            KeyUse::Fresh => operation
                .changes_state()
                .then(|| call.idempotency_key.clone().unwrap_or_else(|| self.uuid("idempotency"))),
        };
        let mut key_hint = None;
        if let Some((app, key, hint)) = self.credentials(options.credentials, caller) {
            self.sign(&mut sent, &app, &key, options, call.before.as_ref());
            key_hint = Some(hint);
        }
        let mut shown = sent.clone();
        if options.credentials_in_query {
            sent.query = query_of(&sent);
            shown.app.clear();
        }
        let mut wire_body = sent.body.clone();
        if let Some(text) = &options.append_after_signing {
            wire_body.extend_from_slice(text.as_bytes());
        }
        let mut headers = headers_of(&shown, options.content_type.as_deref(), !wire_body.is_empty());
        headers.push(("X-Ecric-Test-Case".to_owned(), self.case.clone()));
        if let Some(tag) = call.entity_tag.as_ref().filter(|_| options.if_none_match) {
            headers.push(("If-None-Match".to_owned(), tag.clone()));
        }
        Prepared { sent, headers, wire_body, key_hint, read_ms: None }
    }

    pub(super) fn credentials(&self, who: Credentials, caller: Option<&str>) -> Option<(String, Key, String)> {
        let settings = &self.target.settings;
        if let (Some(name), Credentials::Main, Some(dialect)) = (caller, who, &settings.dialect) {
            let caller = dialect.callers.get(name)?;
            let key = Key::from_hex(caller.key.as_deref()?).ok()?;
            return Some((caller.app.clone()?, key, name.to_owned()));
        }
        let of =
            |credential: &Credential| (credential.app.clone(), credential.key.clone(), credential.key_hint.clone());
        match who {
            // Tokens go where a dialect puts them: binding v1's own wire has none.
            Credentials::None | Credentials::ExpiredToken | Credentials::ForeignToken => None,
            Credentials::Main => settings.main.as_ref().map(of),
            Credentials::Other => settings.other.as_ref().map(of),
            Credentials::WrongKey => settings
                .main
                .as_ref()
                .map(|c| (c.app.clone(), Key::from_bytes(&[0xee; 32]), "32 bytes 0xee".to_owned())),
            Credentials::UnknownApp => {
                settings.main.as_ref().map(|c| ("ecric-unknown-app".to_owned(), c.key.clone(), c.key_hint.clone()))
            }
        }
    }

    pub(super) fn sign(&self, sent: &mut Sent, app: &str, key: &Key, options: &SendOptions, before: Option<&Sent>) {
        let now = if options.real_time { self.target.harness_now() } else { self.target.target_now() };
        let stamp = milliseconds(now) + options.timestamp_offset_s * 1_000;
        sent.app = app.to_owned();
        sent.timestamp = options.timestamp_text.clone().unwrap_or_else(|| stamp.to_string());
        sent.nonce = match (&options.nonce, options.same_nonce, before) {
            (Some(text), _, _) => text.clone(),
            (None, true, Some(before)) => before.nonce.clone(),
            _ => b64url(&self.bytes("nonce")[..16]),
        };
        let text = string_to_sign(
            options.signed_method.as_deref().unwrap_or(&sent.method),
            options.signed_path.as_deref().unwrap_or(&sent.path),
            options.signed_query.as_deref().unwrap_or(&sent.query),
            app,
            &sent.timestamp,
            &sent.nonce,
            &sent.body,
        );
        let whole = b64url(&key.mac(text.as_bytes()));
        sent.signature = match options.signature {
            // Faults of SM2 are for templates: no case sends them over binding v1's own wire.
            SignatureForm::Whole
            | SignatureForm::Sm2OtherId
            | SignatureForm::Sm2OtherForm
            | SignatureForm::Sm2Negated
            | SignatureForm::Sm2ZeroR
            | SignatureForm::Sm2ZeroS => whole,
            SignatureForm::Half => whole[..whole.len() / 2].to_owned(),
            SignatureForm::Empty => String::new(),
            SignatureForm::DigestSm3 => b64url(&ecric_gm::sm3::digest(text.as_bytes())),
            SignatureForm::DigestSha256 => b64url(&ecric_gm::sha256::digest(text.as_bytes())),
            SignatureForm::DigestMd5 => b64url(&ecric_gm::legacy::md5(text.as_bytes())),
            SignatureForm::WordNone => "none".to_owned(),
        };
    }
}

pub(super) fn headers_of(sent: &Sent, content_type: Option<&str>, has_body: bool) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(8);
    let mut add = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
    if has_body {
        add("Content-Type", content_type.unwrap_or("application/json"));
    }
    add("X-Ecric-Request-Id", &sent.request_id);
    if !sent.app.is_empty() {
        add("X-Ecric-App", &sent.app);
        add("X-Ecric-Timestamp", &sent.timestamp);
        add("X-Ecric-Nonce", &sent.nonce);
        add("X-Ecric-Signature", &sent.signature);
    }
    if let Some(key) = &sent.idempotency_key {
        add("Idempotency-Key", key);
    }
    headers
}

/// The credentials as a query string.
fn query_of(sent: &Sent) -> String {
    let pairs = [
        ("X-Ecric-App", &sent.app),
        ("X-Ecric-Timestamp", &sent.timestamp),
        ("X-Ecric-Nonce", &sent.nonce),
        ("X-Ecric-Signature", &sent.signature),
    ];
    pairs.map(|(name, value)| format!("{name}={}", path_segment(value))).join("&")
}

/// Percent-encodes what may not stand in one path segment.
fn path_segment(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
