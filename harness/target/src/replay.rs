//! Answers from a record: what a product said is said again, so that it can be judged again. Sends nothing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use ecric_gm::encoding::from_b64;
use ecric_model::evidence::{Attempt, Observation, Part, RawExchange, Recorded};
use ecric_model::verdict::Cause;
use serde_json::Value;

use crate::answer::Sent;

/// An exchange and what was kept beside it; `None` once it was taken.
type Slot = Option<(Recorded, Option<RawExchange>)>;

fn is_of(recorded: &Recorded, operation: &str, sent: &Sent) -> bool {
    recorded.exchange.operation == operation && recorded.exchange.request.method == sent.method
}

fn is_at(recorded: &Recorded, sent: &Sent) -> bool {
    recorded.exchange.request.url.split('?').next().is_some_and(|url| url.ends_with(&sent.path))
}

/// What the record holds of one case.
#[derive(Debug, Default)]
struct CaseTape {
    /// In the order of sending.
    exchanges: Vec<Slot>,
    clock: VecDeque<i64>,
    last_reading: Option<i64>,
    observations: VecDeque<Observation>,
    started_ms: Option<i64>,
    missing: Option<String>,
    /// True if the case was ended by the time limit of the suite: no answer came after its last one.
    out_of_time: bool,
}

/// A record that answers.
#[derive(Debug, Default)]
pub struct Tape {
    cases: Mutex<BTreeMap<String, CaseTape>>,
}

/// An answer of the record: the exchange, the headers and the body as received.
type Again = (Recorded, Vec<(String, String)>, Vec<u8>);

impl Tape {
    /// Makes a tape of the last attempts and, for what belongs to no case, of the last part.
    #[must_use]
    pub fn new(parts: &[Part], attempts: &[Attempt], exchanges: &[Recorded], raw: Option<&[RawExchange]>) -> Self {
        let mut cases: BTreeMap<String, CaseTape> = BTreeMap::new();
        let started: BTreeMap<u32, i64> = parts.iter().map(|part| (part.part, part.started_ms)).collect();
        let last = parts.last().map_or(1, |part| part.part);
        let raws: BTreeMap<&str, &RawExchange> =
            raw.unwrap_or_default().iter().map(|raw| (raw.id.as_str(), raw)).collect();
        for attempt in attempts {
            let tape = cases.entry(attempt.case.to_string()).or_default();
            tape.clock = attempt.clock.iter().copied().collect();
            tape.observations = attempt.observations.iter().cloned().collect();
            tape.started_ms = started.get(&attempt.part).copied();
            tape.out_of_time = attempt.outcome.cause == Some(Cause::CaseTimeLimit);
        }
        let part_of: BTreeMap<&str, u32> =
            attempts.iter().map(|attempt| (attempt.case.as_str(), attempt.part)).collect();
        for recorded in exchanges {
            let case = recorded.exchange.case.as_str();
            if recorded.trace.part == part_of.get(case).copied().unwrap_or(last) {
                let raw = raws.get(recorded.exchange.id.as_str()).map(|raw| (*raw).clone());
                let tape = cases.entry(case.to_owned()).or_default();
                tape.exchanges.push(Some((recorded.clone(), raw)));
            }
        }
        for tape in cases.values_mut() {
            tape.exchanges.sort_by_key(|entry| entry.as_ref().map(|(recorded, _)| recorded.trace.ordinal));
            tape.started_ms = tape.started_ms.or_else(|| started.get(&last).copied());
        }
        Self { cases: Mutex::new(cases) }
    }

    fn with<T>(&self, case: &str, act: impl FnOnce(&mut CaseTape) -> T) -> T {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        act(cases.entry(case.to_owned()).or_default())
    }

    /// The answer to the next request of a case: the same request if it is there, else the first of its path, else
    /// the first of its operation.
    pub(crate) fn answer(&self, case: &str, operation: &str, sent: &Sent, digest: &str) -> Option<Again> {
        self.with(case, |tape| {
            let fits = |entry: &Slot| entry.as_ref().is_some_and(|(recorded, _)| is_of(recorded, operation, sent));
            let on_path =
                |entry: &Slot| entry.as_ref().is_some_and(|(one, _)| is_of(one, operation, sent) && is_at(one, sent));
            let same = |entry: &Slot| {
                let raw = entry.as_ref().and_then(|(_, raw)| raw.as_ref());
                fits(entry) && raw.is_some_and(|raw| raw.request_sm3 == digest)
            };
            let find = |wanted: &dyn Fn(&Slot) -> bool| tape.exchanges.iter().position(wanted);
            let place = find(&same).or_else(|| find(&on_path)).or_else(|| find(&fits))?;
            let (recorded, raw) = tape.exchanges[place].take()?;
            let (headers, body) = match (&raw, &recorded.exchange.response) {
                (Some(raw), _) => (raw.headers.clone(), from_b64(&raw.body).ok()?),
                (None, None) => (Vec::new(), Vec::new()),
                (None, Some(response)) if recorded.trace.verbatim => {
                    (response.headers.clone(), response.body.clone().into_bytes())
                }
                // What was received is not what was recorded: nothing can be judged by it.
                (None, Some(_)) => return None,
            };
            Some((recorded, headers, body))
        })
    }

    /// Takes one exchange by its evidence id.
    pub(crate) fn take(&self, case: &str, evidence: &str) -> Option<Recorded> {
        self.with(case, |tape| {
            let found = tape
                .exchanges
                .iter_mut()
                .find(|slot| slot.as_ref().is_some_and(|(recorded, _)| recorded.exchange.id == evidence));
            found.and_then(Option::take).map(|(recorded, _)| recorded)
        })
    }

    /// True if an answer to a request is left.
    pub(crate) fn has(&self, case: &str, operation: &str, sent: &Sent) -> bool {
        self.with(case, |tape| {
            tape.exchanges.iter().flatten().any(|(one, _)| is_of(one, operation, sent) && is_at(one, sent))
        })
    }

    pub(crate) fn next_reading(&self, case: &str) -> Option<i64> {
        self.with(case, |tape| {
            tape.last_reading = tape.clock.pop_front().or(tape.last_reading);
            tape.last_reading
        })
    }

    pub(crate) fn next_observation(&self, case: &str, of: &str) -> Value {
        self.with(case, |tape| match tape.observations.front() {
            Some(next) if next.of == of => tape.observations.pop_front().map(|next| next.seen).unwrap_or_default(),
            _ => {
                tape.missing.get_or_insert_with(|| of.to_owned());
                Value::Null
            }
        })
    }

    /// True if the case ran out of time where its record ends.
    pub(crate) fn ran_out(&self, case: &str) -> bool {
        self.with(case, |tape| tape.out_of_time && tape.exchanges.iter().all(Option::is_none))
    }

    pub(crate) fn started_ms(&self, case: &str) -> Option<i64> {
        self.with(case, |tape| tape.started_ms)
    }

    pub(crate) fn note_missing(&self, case: &str, what: &str) {
        self.with(case, |tape| tape.missing.get_or_insert_with(|| what.to_owned()).len());
    }

    /// What a case asked of the record and did not get.
    #[must_use]
    pub fn missing(&self, case: &str) -> Option<String> {
        self.with(case, |tape| tape.missing.clone())
    }
}
