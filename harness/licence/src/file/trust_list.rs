//! The trust list of binding v1 (operation 10, test control T1): JSON to [`Trust`].

use ecric_gm::encoding::from_b64;
use ecric_gm::x509::Certificate;
use ecric_gm::x509::crl::Crl;
use serde_json::Value;

use super::policy::{Role, Trust};

/// Most certificates of one member.
pub const CERTIFICATES_MAX: usize = 512;

/// What is wrong with a trust list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {problem}")]
pub struct TrustListError {
    /// The member, for example `roots[2].der`.
    pub member: String,
    /// What was found.
    pub problem: String,
}

fn error<T>(member: impl Into<String>, problem: impl Into<String>) -> Result<T, TrustListError> {
    Err(TrustListError { member: member.into(), problem: problem.into() })
}

impl Trust {
    /// Reads `roots`, `intermediates`, `tsa`, `signers` and `crls` of a trust list; absent members are empty.
    ///
    /// # Errors
    /// For members of another form, base64 or DER that cannot be read, and roles that are not known.
    pub fn from_list(list: &Value) -> Result<Self, TrustListError> {
        let mut trust = Self { roots: certificates(list, "roots")?, ..Self::default() };
        trust.intermediates = certificates(list, "intermediates")?;
        // A time-stamp authority is trusted by its path, like everybody else.
        trust.intermediates.extend(certificates(list, "tsa")?);
        for (i, member) in members(list, "signers")?.iter().enumerate() {
            let certificate = certificate(member, &format!("signers[{i}]"))?;
            let Some(role) = member["role"].as_str().and_then(Role::of_word) else {
                return error(format!("signers[{i}].role"), "not one of issuer, copy, status, presentation, view");
            };
            trust.signers.push((certificate.fingerprint(), role));
            trust.listed.push(certificate);
        }
        for (i, text) in members(list, "crls")?.iter().enumerate() {
            let place = format!("crls[{i}]");
            let Some(der) = text.as_str().and_then(|text| from_b64(text).ok()) else {
                return error(place, "not base64");
            };
            match Crl::read(&der) {
                Ok(crl) => trust.evidence.lists.push(crl),
                Err(problem) => return error(place, problem.to_string()),
            }
        }
        Ok(trust)
    }

    /// Takes over what `other` trusts besides.
    pub fn add(&mut self, other: Self) {
        let known = |list: &[Certificate], found: &Certificate| list.iter().any(|old| old.der() == found.der());
        for root in other.roots {
            if !known(&self.roots, &root) {
                self.roots.push(root);
            }
        }
        for intermediate in other.intermediates {
            if !known(&self.intermediates, &intermediate) {
                self.intermediates.push(intermediate);
            }
        }
        for (fingerprint, role) in other.signers {
            self.signers.retain(|(found, _)| *found != fingerprint);
            self.signers.push((fingerprint, role));
        }
        self.listed.extend(other.listed);
        self.evidence.lists.extend(other.evidence.lists);
        self.evidence.answers.extend(other.evidence.answers);
    }

    /// Takes back what `other` trusts.
    pub fn remove(&mut self, other: &Self) {
        self.roots.retain(|root| !other.roots.iter().any(|gone| gone.der() == root.der()));
        self.intermediates.retain(|found| !other.intermediates.iter().any(|gone| gone.der() == found.der()));
        self.listed.retain(|found| !other.listed.iter().any(|gone| gone.der() == found.der()));
        self.signers.retain(|(found, _)| !other.signers.iter().any(|(gone, _)| gone == found));
    }
}

fn members<'v>(list: &'v Value, name: &str) -> Result<&'v [Value], TrustListError> {
    match &list[name] {
        Value::Null => Ok(&[]),
        Value::Array(found) if found.len() <= CERTIFICATES_MAX => Ok(found),
        Value::Array(found) => error(name, format!("{} members, at most {CERTIFICATES_MAX}", found.len())),
        _ => error(name, "not an array"),
    }
}

fn certificate(member: &Value, place: &str) -> Result<Certificate, TrustListError> {
    let Some(der) = member["der"].as_str().and_then(|text| from_b64(text).ok()) else {
        return error(format!("{place}.der"), "not base64");
    };
    Certificate::read(&der).or_else(|problem| error(format!("{place}.der"), problem.to_string()))
}

fn certificates(list: &Value, name: &str) -> Result<Vec<Certificate>, TrustListError> {
    let found = members(list, name)?.iter().enumerate();
    found.map(|(i, member)| certificate(member, &format!("{name}[{i}]"))).collect()
}
