//! Is a certificate revoked? Judged from lists and answers that somebody else fetched.

use time::OffsetDateTime;

use super::certificate::Certificate;
use super::crl::{CERTIFICATE_HOLD, Crl, REMOVE_FROM_CRL, Revocation};
use super::extensions::KeyUsage;
use super::ocsp::{CertId, CertStatus, OcspResponse};
use super::path::Links;
use crate::oid::EKU_OCSP_SIGNING;

/// An OCSP answer and the nonce that was sent for it.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The answer.
    pub response: OcspResponse,
    /// The nonce of the request, if one was sent.
    pub nonce: Option<Vec<u8>>,
}

/// Revocation data at hand.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Revocation lists.
    pub lists: Vec<Crl>,
    /// OCSP answers.
    pub answers: Vec<Answered>,
}

/// What is known about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not revoked, by data that can be relied on.
    Good,
    /// Revoked.
    Revoked(Revocation),
    /// Nothing that can be relied on; why.
    Unknown(&'static str),
}

/// Judges `certificate`, issued by `issuer`, from the data at hand; `now` decides what is current.
#[must_use]
pub fn standing(certificate: &Certificate, issuer: &Certificate, evidence: &Evidence, now: OffsetDateTime) -> Standing {
    Links::default().standing(certificate, issuer, evidence, now)
}

impl Links {
    /// [`standing`], with what is known; always of the same evidence.
    pub fn standing(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        evidence: &Evidence,
        now: OffsetDateTime,
    ) -> Standing {
        judge(certificate, issuer, evidence, now, self)
    }
}

fn judge(
    certificate: &Certificate,
    issuer: &Certificate,
    evidence: &Evidence,
    now: OffsetDateTime,
    links: &mut Links,
) -> Standing {
    let by_list = from_lists(certificate, issuer, &evidence.lists, now, links);
    if let Standing::Unknown(why) = by_list {
        let mut why = why;
        for answered in &evidence.answers {
            match from_answer(certificate, issuer, answered, now) {
                Some(Standing::Unknown(reason)) => why = reason,
                Some(found) => return found,
                None => {}
            }
        }
        return Standing::Unknown(why);
    }
    by_list
}

fn from_lists(
    certificate: &Certificate,
    issuer: &Certificate,
    lists: &[Crl],
    now: OffsetDateTime,
    links: &mut Links,
) -> Standing {
    let mut why = "no revocation list of its issuer";
    let mut current: Vec<&Crl> = Vec::new();
    let own = |(_, list): &(usize, &Crl)| list.issuer.der() == certificate.issuer.der();
    for (place, list) in lists.iter().enumerate().filter(own) {
        let refused = if list.is_partial || !list.faults.is_empty() {
            Some("the revocation list is partial, indirect or malformed")
        } else if list.this_update > now || list.next_update.is_some_and(|next| next < now) {
            Some("the revocation list is not current")
        } else if !issuer.extensions.key_usage.is_some_and(|usage| usage.allows(KeyUsage::CRL_SIGN)) {
            Some("its issuer may not sign revocation lists")
        } else if !*links.lists.entry((place, issuer.fingerprint())).or_insert_with(|| list.verify_by(issuer).is_ok()) {
            Some("the revocation list is not signed by its issuer")
        } else {
            None
        };
        match refused {
            Some(reason) => why = reason,
            None => current.push(list),
        }
    }
    let Some(full) = current.iter().filter(|list| !list.is_delta).max_by_key(|list| list.this_update) else {
        return Standing::Unknown(why);
    };
    let mut entry = full.entries.get(&certificate.serial).copied();
    let mut deltas: Vec<&&Crl> =
        current.iter().filter(|list| list.is_delta && list.this_update >= full.this_update).collect();
    deltas.sort_by_key(|list| list.this_update);
    for delta in deltas {
        if let Some(change) = delta.entries.get(&certificate.serial) {
            let lifts = change.reason == Some(REMOVE_FROM_CRL);
            if !lifts || entry.is_none_or(|entry| entry.reason == Some(CERTIFICATE_HOLD)) {
                entry = (!lifts).then_some(*change);
            }
        }
    }
    entry.map_or(Standing::Good, Standing::Revoked)
}

/// `None` when the answer does not speak about this certificate.
fn from_answer(
    certificate: &Certificate,
    issuer: &Certificate,
    answered: &Answered,
    now: OffsetDateTime,
) -> Option<Standing> {
    let id = CertId::of(certificate, issuer)?;
    let response = &answered.response;
    let single = response.responses.iter().find(|single| single.id.as_ref() == Some(&id))?;
    if answered.nonce.is_some() && answered.nonce != response.nonce {
        return Some(Standing::Unknown("the OCSP answer repeats another nonce"));
    }
    if single.this_update > now || single.next_update.is_some_and(|next| next < now) {
        return Some(Standing::Unknown("the OCSP answer is not current"));
    }
    let delegated = response.certificates.iter().find(|responder| {
        responder.extensions.has_purpose(&EKU_OCSP_SIGNING)
            && responder.faults.is_empty()
            && (responder.not_before..=responder.not_after).contains(&now)
            && responder.issuer.der() == issuer.subject.der()
            && responder.verify_by(issuer).is_ok()
    });
    if response.verify_by(delegated.unwrap_or(issuer)).is_err() {
        return Some(Standing::Unknown("the OCSP answer is not signed by a responder of its issuer"));
    }
    Some(match single.status {
        CertStatus::Good => Standing::Good,
        CertStatus::Revoked(revocation) => Standing::Revoked(revocation),
        CertStatus::Unknown => Standing::Unknown("the OCSP responder does not know it"),
    })
}
