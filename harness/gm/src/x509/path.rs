//! From a certificate to a trusted root: building the path and judging it (GB/T 20518, RFC 5280, 6.1).
//!
//! Look-alike names are told apart by key, never by name; the search is bounded.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::certificate::{Certificate, LinkFault};
use super::extensions::{KeyUsage, Subtree};

/// Longest path, leaf and root included.
pub const LENGTH_MAX: usize = 6;
/// Signatures checked at most while one path is searched.
const CHECKS_MAX: usize = 32;

/// What is wrong with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathFault {
    /// No path leads to a root that is trusted.
    Untrusted,
    /// The path breaks: not a CA, length, name constraint, key identifiers, loop, signature.
    Broken,
    /// A usage that the place in the path demands is not allowed.
    Usage,
    /// A certificate above the leaf is past its validity.
    Expired,
    /// A certificate above the leaf is not valid yet.
    NotYetValid,
    /// A certificate is malformed.
    Malformed,
    /// A certificate is signed with another algorithm than SM2 with SM3.
    Algorithm,
    /// A certificate's signature is not strict DER.
    SignatureEncoding,
    /// A certificate's signature has r or s out of range.
    SignatureRange,
    /// A certificate is signed under another signer identifier.
    SignerId,
}

/// A fault of a path and the certificate it was found at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathProblem {
    /// What is wrong.
    pub fault: PathFault,
    /// Place in the path: 0 is the leaf.
    pub place: usize,
    /// One sentence.
    pub detail: String,
}

/// What a path is searched among.
#[derive(Debug, Clone, Copy)]
pub struct Store<'a> {
    /// Trusted roots, told apart by their bytes.
    pub roots: &'a [Certificate],
    /// Certificates that may stand between; not trusted by themselves.
    pub intermediates: &'a [Certificate],
    /// Certificates that came with the signed object; not trusted either.
    pub delivered: &'a [Certificate],
}

/// A path as far as it was found, and everything wrong with it.
#[derive(Debug, Clone)]
pub struct Path<'a> {
    /// From the leaf upwards; ends in a root if `problems` has no [`PathFault::Untrusted`] or [`PathFault::Broken`].
    pub certificates: Vec<&'a Certificate>,
    /// What is wrong, the leaf's faults first.
    pub problems: Vec<PathProblem>,
}

/// Links between certificates, and lists, whose signatures were verified already: signer and seal
/// maker of one file mostly stand under the same CA. For one verification, thrown away with it.
#[derive(Debug, Clone, Default)]
pub struct Links {
    certificates: HashMap<([u8; 32], [u8; 32]), Result<(), LinkFault>>,
    /// By place in the evidence, and issuer.
    pub(super) lists: HashMap<(usize, [u8; 32]), bool>,
}

impl Links {
    fn verify(&mut self, certificate: &Certificate, issuer: &Certificate) -> Result<(), LinkFault> {
        let link = (certificate.fingerprint(), issuer.fingerprint());
        *self.certificates.entry(link).or_insert_with(|| certificate.verify_by(issuer))
    }

    /// [`find_path`], with what is known.
    pub fn find_path<'a>(&mut self, leaf: &'a Certificate, store: &Store<'a>, at: OffsetDateTime) -> Path<'a> {
        search(leaf, store, at, self)
    }
}

/// Searches and judges the path of `leaf`. CA certificates are judged at `at`; the validity of the
/// leaf itself is left to the caller, who knows which time counts.
#[must_use]
pub fn find_path<'a>(leaf: &'a Certificate, store: &Store<'a>, at: OffsetDateTime) -> Path<'a> {
    search(leaf, store, at, &mut Links::default())
}

fn search<'a>(leaf: &'a Certificate, store: &Store<'a>, at: OffsetDateTime, links: &mut Links) -> Path<'a> {
    let mut search = Search { store, links, checks: 0, best: None };
    let found = search.climb(&mut vec![leaf]);
    let (certificates, broken) = match found {
        Some(path) => (path, None),
        None => search.best.unwrap_or_else(|| (vec![leaf], Some(problem(PathFault::Untrusted, 0, "no path")))),
    };
    let mut problems = Vec::new();
    judge(&certificates, broken.is_none(), at, &mut problems);
    problems.extend(broken);
    problems.sort_by_key(|problem| problem.place);
    Path { certificates, problems }
}

fn problem(fault: PathFault, place: usize, detail: impl Into<String>) -> PathProblem {
    PathProblem { fault, place, detail: detail.into() }
}

struct Search<'a, 's> {
    store: &'s Store<'a>,
    links: &'s mut Links,
    checks: usize,
    /// The longest attempt that did not reach a root.
    best: Option<(Vec<&'a Certificate>, Option<PathProblem>)>,
}

impl<'a> Search<'a, '_> {
    fn is_root(&self, certificate: &Certificate) -> bool {
        self.store.roots.iter().any(|root| root.der() == certificate.der())
    }

    fn climb(&mut self, path: &mut Vec<&'a Certificate>) -> Option<Vec<&'a Certificate>> {
        let current = *path.last()?;
        if self.is_root(current) {
            return Some(path.clone());
        }
        let place = path.len() - 1;
        if path.len() >= LENGTH_MAX {
            self.fail(path, problem(PathFault::Broken, place, format!("longer than {LENGTH_MAX} certificates")));
            return None;
        }
        let store = self.store;
        let named = store.roots.iter().chain(store.intermediates).chain(store.delivered);
        let named: Vec<&Certificate> = named.filter(|other| other.subject.der() == current.issuer.der()).collect();
        let mut failure = None;
        let mut seen: Vec<&[u8]> = Vec::new();
        for candidate in named {
            if seen.contains(&candidate.der()) {
                continue;
            }
            seen.push(candidate.der());
            if path.iter().any(|used| used.der() == candidate.der()) {
                let own = candidate.der() == current.der();
                let (fault, text) = if own {
                    (PathFault::Untrusted, "self-signed and not a trusted root")
                } else {
                    (PathFault::Broken, "the path runs in a circle")
                };
                failure.get_or_insert(problem(fault, place, text));
                continue;
            }
            let ids = (&current.extensions.authority_key_id, &candidate.extensions.subject_key_id);
            if let (Some(wanted), Some(found)) = ids
                && wanted != found
            {
                failure.get_or_insert(problem(
                    PathFault::Broken,
                    place,
                    "key identifiers of issuer and subject differ",
                ));
                continue;
            }
            if self.checks >= CHECKS_MAX {
                failure.get_or_insert(problem(PathFault::Broken, place, "too many candidates"));
                break;
            }
            self.checks += 1;
            if let Err(fault) = self.links.verify(current, candidate) {
                let fault = match fault {
                    LinkFault::Algorithm => PathFault::Algorithm,
                    LinkFault::Encoding => PathFault::SignatureEncoding,
                    LinkFault::Range => PathFault::SignatureRange,
                    LinkFault::OtherSignerId => PathFault::SignerId,
                    LinkFault::Mismatch | LinkFault::IssuerKey => PathFault::Broken,
                };
                failure = Some(problem(fault, place, "the signature by its issuer does not hold"));
                continue;
            }
            path.push(candidate);
            let found = self.climb(path);
            if found.is_some() {
                return found;
            }
            path.pop();
        }
        let failure = failure.unwrap_or_else(|| problem(PathFault::Untrusted, place, "its issuer is not known"));
        self.fail(path, failure);
        None
    }

    fn fail(&mut self, path: &[&'a Certificate], failure: PathProblem) {
        if self.best.as_ref().is_none_or(|(best, _)| best.len() < path.len()) {
            self.best = Some((path.to_vec(), Some(failure)));
        }
    }
}

/// Everything that does not depend on how the path was found.
fn judge(path: &[&Certificate], complete: bool, at: OffsetDateTime, problems: &mut Vec<PathProblem>) {
    for (place, certificate) in path.iter().enumerate() {
        let is_root = complete && place + 1 == path.len();
        if !is_root {
            // Trust in a root comes from outside: how it is written is not judged.
            if let Some(fault) = certificate.faults.first() {
                problems.push(problem(PathFault::Malformed, place, fault.to_string()));
            }
        }
        if place == 0 {
            continue;
        }
        judge_ca(certificate, place, at, problems);
        for below in &path[..place] {
            let permitted = certificate.extensions.permitted.as_ref();
            let outside = permitted.is_some_and(|list| !list.iter().any(|base| is_within(below, base)))
                || certificate.extensions.excluded.iter().any(|base| is_within(below, base));
            if outside {
                problems.push(problem(PathFault::Broken, place, "a name below is outside its name constraint"));
                break;
            }
        }
    }
}

fn is_within(certificate: &Certificate, base: &Subtree) -> bool {
    match base {
        Subtree::Directory(name) => certificate.subject.is_within(name),
        // A constraint on a form of name that no certificate here has.
        Subtree::Other(_) => false,
    }
}

fn judge_ca(certificate: &Certificate, place: usize, at: OffsetDateTime, problems: &mut Vec<PathProblem>) {
    match certificate.extensions.basic {
        Some((true, length)) => {
            let below = u32::try_from(place - 1).unwrap_or(u32::MAX);
            if length.is_some_and(|length| below > length) {
                problems.push(problem(PathFault::Broken, place, "more certificates below than its path length allows"));
            }
        }
        _ => problems.push(problem(PathFault::Broken, place, "signed a certificate without being a CA")),
    }
    let usage = certificate.extensions.key_usage;
    if usage.is_none_or(|usage| !usage.allows(KeyUsage::KEY_CERT_SIGN)) {
        problems.push(problem(PathFault::Usage, place, "may not sign certificates"));
    }
    if at < certificate.not_before {
        problems.push(problem(PathFault::NotYetValid, place, "not valid yet"));
    }
    if at > certificate.not_after {
        problems.push(problem(PathFault::Expired, place, "past its validity"));
    }
}
