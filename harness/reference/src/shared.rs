//! What the nodes of one server share: database, clock, keys, counters of guesses. No request data.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ecric_gm::encoding::hex;
use ecric_gm::hmac_sm3::Key;
use ecric_model::requirement::Role;

use crate::auth::App;
use crate::behaviour::Behaviour;
use crate::clock::Clock;
use crate::files::download::Downloads;
use crate::files::fetch::Fetcher;
use crate::files::pki::Pki;
use crate::files::test_faults::Faults;
use crate::files::trust::TrustStore;
use crate::planted::Memory;
use crate::store::Store;
use crate::vendors::{Desk, Drafts, Transactions};

/// Shared state of a server.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) roles: Vec<Role>,
    pub(crate) test_mode: bool,
    pub(crate) apps: Vec<App>,
    pub(crate) behaviour: Behaviour,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) guesses: Guesses,
    pub(crate) serial_key: Key,
    pub(crate) pki: Pki,
    pub(crate) trust: TrustStore,
    pub(crate) downloads: Downloads,
    pub(crate) faults: Faults,
    pub(crate) fetcher: Fetcher,
    /// What stand-in vendor alpha was given and has not made yet.
    pub(crate) alpha_drafts: Drafts,
    /// What stand-in vendor beta answers later.
    pub(crate) beta_desk: Desk,
    /// What faulty servers remember.
    pub(crate) memory: Memory,
    /// Consent transactions of stand-in vendor gamma.
    pub(crate) gamma_transactions: Transactions,
    /// What a faulty server lets only one request at a time have.
    pub(crate) body_turn: tokio::sync::Mutex<()>,
    /// Wrong credentials in a row, for a faulty server.
    pub(crate) failures: std::sync::atomic::AtomicU32,
    /// What slow servers remember.
    pub(crate) worker: crate::levels::Worker,
    secret: Key,
    recent: Mutex<HashMap<String, Instant>>,
}

/// The listener that a request came in at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    /// From 0.
    pub(crate) number: usize,
    /// True if it offers the test controls.
    pub(crate) test_mode: bool,
}

/// What [`Shared::new`] is made from.
pub(crate) struct Parts {
    pub(crate) roles: Vec<Role>,
    pub(crate) test_mode: bool,
    pub(crate) apps: Vec<App>,
    pub(crate) behaviour: Behaviour,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    /// Secret of the database.
    pub(crate) secret: Vec<u8>,
    /// Keys and certificates.
    pub(crate) pki: Pki,
}

impl Shared {
    /// Puts the parts together.
    pub(crate) fn new(parts: Parts) -> Self {
        let secret = Key::from_bytes(&parts.secret);
        Self {
            trust: TrustStore::new(&parts.pki),
            pki: parts.pki,
            downloads: Downloads::default(),
            faults: Faults::default(),
            fetcher: Fetcher::default(),
            alpha_drafts: Drafts::default(),
            beta_desk: Desk::default(),
            memory: Memory::default(),
            gamma_transactions: Transactions::default(),
            roles: parts.roles,
            test_mode: parts.test_mode,
            apps: parts.apps,
            behaviour: parts.behaviour,
            clock: parts.clock,
            store: parts.store,
            guesses: Guesses::default(),
            serial_key: Key::from_bytes(&secret.mac(b"serials")),
            body_turn: tokio::sync::Mutex::new(()),
            failures: std::sync::atomic::AtomicU32::new(0),
            worker: crate::levels::Worker::default(),
            secret,
            recent: Mutex::default(),
        }
    }

    /// Keyed digest of a holder code: how holders are found, even after destruction (ruling D10).
    pub(crate) fn holder_digest(&self, holder_code: &str) -> String {
        hex(&self.secret.mac(&[b"holder\0", holder_code.as_bytes()].concat()))
    }

    /// The first 16 bytes of a keyed digest over text of the server's own making (page tokens, evidence ids).
    pub(crate) fn seal(&self, text: &str) -> [u8; 16] {
        let mut seal = [0; 16];
        seal.copy_from_slice(&self.secret.mac(&[b"seal\0", text.as_bytes()].concat())[..16]);
        seal
    }

    /// Notes that something happened just now: a person was registered, or what faulty servers look at.
    pub(crate) fn note_recent(&self, what: String) {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).insert(what, Instant::now());
    }

    /// Notes that something happened now; false if it happened within a time before.
    pub(crate) fn note_first(&self, what: &str, within: Duration) -> bool {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let before = recent.insert(what.to_owned(), Instant::now());
        before.is_none_or(|at| at.elapsed() >= within)
    }

    /// Whether it happened within a time.
    pub(crate) fn is_recent(&self, what: &str, within: Duration) -> bool {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.get(what).is_some_and(|at| at.elapsed() < within)
    }
}

/// Counters of wrong guesses, by application and subject (ruling C9). Real time only.
#[derive(Debug, Default)]
pub(crate) struct Guesses {
    seen: Mutex<HashMap<String, Vec<Instant>>>,
}

/// How many counters are kept before old ones are dropped.
const COUNTERS_MAX: usize = 10_000;

impl Guesses {
    /// Seconds to wait if `limit` guesses were made within `span`.
    pub(crate) fn wait(&self, counter: &str, limit: usize, span: Duration) -> Option<u64> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let times = seen.get_mut(counter)?;
        times.retain(|at| at.elapsed() < span);
        let oldest = times.first().filter(|_| times.len() >= limit)?;
        Some(span.saturating_sub(oldest.elapsed()).as_secs() + 1)
    }

    /// Counts a guess.
    pub(crate) fn count(&self, counter: String, span: Duration) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > COUNTERS_MAX {
            seen.retain(|_, times| times.last().is_some_and(|at| at.elapsed() < span));
        }
        seen.entry(counter).or_default().push(Instant::now());
    }
}
