//! Secrets by reference only: `${env:NAME}`, `${file:PATH}`, `${public:NAME}`. Never logged, never in evidence.

use std::path::Path;

use ecric_gm::hmac_sm3::Key;
use ecric_model::published;

/// Why a secret could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The value stands in the file itself.
    #[error(
        "{0:?} must be a reference: ${{env:NAME}}, ${{file:PATH}} or ${{public:NAME}}; a secret never stands in the file"
    )]
    Inline(String),
    /// The environment variable is not set.
    #[error("the environment variable {0} is not set")]
    NoVariable(String),
    /// The file cannot be read.
    #[error("cannot read the secret file {path}: {reason}")]
    File {
        /// Path as written.
        path: String,
        /// Error of the system.
        reason: String,
    },
    /// No published credential has this name.
    #[error("no published credential is called {0:?}; there are {known}", known = public_names())]
    NoPublic(String),
    /// The key is no hex text.
    #[error("the key {0:?} is not lower-case hex of at least 16 bytes")]
    NotHex(String),
}

/// Credentials of one caller.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Application id.
    pub app: String,
    /// HMAC-SM3 key.
    pub key: Key,
    /// Name of the environment variable or published key, for curl lines.
    pub key_hint: String,
}

fn public_names() -> String {
    let own = published::ALL.iter().flat_map(|app| [format!("{}.app", app.name), format!("{}.key", app.name)]);
    let vendors = published::VENDOR_SECRETS.iter().map(|(name, _)| (*name).to_owned());
    own.chain(vendors).collect::<Vec<_>>().join(", ")
}

/// Resolves one reference; `folder` is where the target file lies.
pub(crate) fn resolve(name: &str, reference: &str, folder: &Path) -> Result<String, SecretError> {
    let inner = reference
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .and_then(|inner| inner.split_once(':'))
        .ok_or_else(|| SecretError::Inline(name.to_owned()))?;
    match inner {
        ("env", variable) => std::env::var(variable).map_err(|_| SecretError::NoVariable(variable.to_owned())),
        ("file", path) => {
            let full = folder.join(path);
            match std::fs::read_to_string(&full) {
                Ok(text) if text.len() <= 65_536 => Ok(text.trim().to_owned()),
                Ok(_) => Err(SecretError::File { path: path.to_owned(), reason: "larger than 64 KiB".into() }),
                Err(error) => Err(SecretError::File { path: path.to_owned(), reason: error.to_string() }),
            }
        }
        ("public", public) => resolve_public(public),
        _ => Err(SecretError::Inline(name.to_owned())),
    }
}

fn resolve_public(public: &str) -> Result<String, SecretError> {
    let (base, part) = match public.rsplit_once('.') {
        Some((base, part @ ("app" | "key"))) => (base, part),
        _ => (public, "key"),
    };
    published::ALL
        .iter()
        .find(|app| app.name == base)
        .map(|app| if part == "app" { app.app.to_owned() } else { app.key_hex.to_owned() })
        .or_else(|| {
            let vendor = published::VENDOR_SECRETS.iter().find(|(name, _)| *name == public);
            vendor.map(|(_, value)| (*value).to_owned())
        })
        .ok_or_else(|| SecretError::NoPublic(public.to_owned()))
}

/// Replaces `${env:NAME}` in a URL.
pub(crate) fn expand_environment(text: &str) -> Result<String, SecretError> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${env:") {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let inner = &after[6..];
        let Some(end) = inner.find('}') else { return Err(SecretError::NoVariable(inner.to_owned())) };
        let name = &inner[..end];
        out.push_str(&std::env::var(name).map_err(|_| SecretError::NoVariable(name.to_owned()))?);
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Builds the credential of one caller.
pub(crate) fn credential(
    app: String,
    key_hex: &str,
    key_name: &str,
    reference: &str,
) -> Result<Credential, SecretError> {
    if key_hex.len() < 32 {
        return Err(SecretError::NotHex(key_name.to_owned()));
    }
    let key = Key::from_hex(key_hex).map_err(|_| SecretError::NotHex(key_name.to_owned()))?;
    Ok(Credential { app, key, key_hint: reference.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_only() {
        let here = Path::new(".");
        assert_eq!(resolve("key", "${public:reference.app}", here).unwrap(), "suite-app-1");
        assert_eq!(resolve("key", "${public:reference}", here).unwrap().len(), 64);
        assert!(matches!(resolve("key", "0011", here), Err(SecretError::Inline(_))));
        assert!(matches!(resolve("key", "${vault:x}", here), Err(SecretError::Inline(_))));
        assert!(matches!(resolve("key", "${public:nobody}", here), Err(SecretError::NoPublic(_))));
        assert!(matches!(resolve("key", "${file:does-not-exist}", here), Err(SecretError::File { .. })));
        assert!(matches!(resolve("key", "${env:ECRIC_TEST_SURELY_NOT_SET}", here), Err(SecretError::NoVariable(_))));
    }
}
