//! Looks at every captured byte of a run for values that were planted in generated persons, for secrets of
//! the target file and for key material. Notes where it saw them; judges nothing.
//!
//! Automata per case over the values of its latest persons, in every form that a value may take;
//! citizen numbers of other cases are found as whole words.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use ecric_gm::encoding::{b64, hex};
use ecric_gm::{legacy, sha256, sm3};
use ecric_model::binding::Operation;
use serde::{Deserialize, Serialize};

use crate::transport::Received;

/// Values of one case that are looked for at once; the latest ones.
const VALUES_MAX: usize = 64;
/// Shortest value looked for, characters: shorter ones meet by chance.
const VALUE_MIN: usize = 3;
/// Bytes of a digest looked for; a multiple of 3, so that base64 of them is how base64 of the whole begins.
const DIGEST_BYTES: usize = 12;
/// Bytes of an encoded form looked for: enough to tell a long value from every other one.
const ENCODED_MAX: usize = 96;
/// Shortest secret looked for, bytes.
const SECRET_MIN: usize = 16;
/// Most sightings kept.
const SIGHTINGS_MAX: usize = 1_000;
/// Most texts of refusals kept, and their length in bytes.
const REFUSALS_MAX: (usize, usize) = (2_000, 2_048);
/// How private keys begin or what stands around them.
const KEY_MARKS: [&str; 4] =
    ["PRIVATE KEY", "MIGHAgEAMBMGByqGSM49AgEG", "MHcCAQEEI", "308187020100301306072a8648ce3d0201"];

/// Where a value was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the URL of a request, made by the suite from what the product wants or handed out by the product.
    Url,
    /// In a header of an answer.
    Header,
    /// In the body of a refusal.
    Refusal,
    /// In an answer that says nothing of a holder: status, lists, trust, search, verdicts, changes.
    Plain,
    /// In an audit.
    Audit,
    /// In an answer about another holder.
    OtherHolder,
    /// Key material, or a secret of the target file, anywhere in an answer.
    Key,
}

/// One value that was seen where it may have no business. The value itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Where.
    pub place: Place,
    /// In which form: plain, base64, SM3 and so on.
    pub form: Cow<'static, str>,
    /// Operation.
    pub operation: Cow<'static, str>,
    /// Case during which it happened.
    pub case: String,
    /// Evidence of the exchange.
    pub evidence: String,
}

/// What was seen so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Watched {
    /// Exchanges looked at.
    pub exchanges: u64,
    /// Bytes looked at.
    pub bytes: u64,
    /// Values looked for: those of all persons so far.
    pub values: u64,
    /// Sightings, in order.
    pub sightings: Vec<Sighting>,
    /// Different bodies of refusals, each with the evidence of its first exchange.
    pub refusals: Vec<(String, String)>,
}

/// The watch of a run.
pub(crate) struct Watch {
    state: Mutex<State>,
    /// Marks of keys and secrets of the target file; `None` if they are too many to be looked for.
    keys: Option<AhoCorasick>,
}

#[derive(Default)]
struct State {
    seen: Watched,
    /// Citizen numbers and the case they belong to; `None` for those of several.
    numbers: HashMap<String, Option<String>>,
    refusals: HashSet<String>,
}

/// One exchange as the watch sees it.
pub(crate) struct Look<'a> {
    pub(crate) operation: Operation,
    pub(crate) case: &'a str,
    pub(crate) evidence: &'a str,
    pub(crate) url: &'a str,
    pub(crate) received: &'a Received,
}

/// What is looked for in the exchanges of a case.
#[derive(Default)]
pub(crate) struct Matcher {
    /// Values of the case that were taken in.
    of: usize,
    /// One for each time that values came, the latest last.
    automata: Vec<Automaton>,
}

struct Automaton {
    automaton: AhoCorasick,
    forms: Vec<&'static str>,
    values: usize,
}

impl Matcher {
    /// Takes in the values of the case that are new. The latest [`VALUES_MAX`] at least stay.
    pub(crate) fn update(&mut self, values: &[String]) {
        let new = values.get(self.of..).unwrap_or_default();
        self.of = values.len();
        let mut patterns: Vec<String> = Vec::new();
        let mut all_forms = Vec::new();
        let latest = new.iter().rev().take(VALUES_MAX).filter(|value| counts(value));
        for (form, text) in latest.flat_map(|value| forms(value)) {
            all_forms.push(form);
            patterns.push(text);
        }
        if patterns.is_empty() {
            return;
        }
        // Built for a few small texts each: a cheap automaton without a prefilter.
        let built = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .prefilter(false)
            .ascii_case_insensitive(true)
            .build(patterns);
        let Ok(automaton) = built else { return };
        while self.automata.iter().skip(1).map(|one| one.values).sum::<usize>() + new.len() >= VALUES_MAX
            && !self.automata.is_empty()
        {
            self.automata.remove(0);
        }
        self.automata.push(Automaton { automaton, forms: all_forms, values: new.len() });
    }

    fn find(&self, bytes: &[u8]) -> Option<&'static str> {
        self.automata.iter().find_map(|one| {
            let found = one.automaton.find(bytes)?;
            one.forms.get(found.pattern().as_usize()).copied()
        })
    }
}

/// Dates and short values meet by chance.
fn counts(value: &str) -> bool {
    let date = value.len() == 10 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    value.chars().count() >= VALUE_MIN && !date
}

/// A value in every form that it may be shown in. Upper and lower case are one to the automaton.
fn forms(value: &str) -> Vec<(&'static str, String)> {
    let bytes = value.as_bytes();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    let digests = [
        ("SM3", sm3::digest(bytes).to_vec()),
        ("SHA-256", sha256::digest(bytes).to_vec()),
        ("MD5", legacy::md5(bytes).to_vec()),
    ];
    let mut out = vec![
        ("plain", value.to_owned()),
        ("base64", b64(bytes).trim_end_matches('=').to_owned()),
        ("hex", hex(bytes)),
        ("percent-encoded", percent),
    ];
    if !value.is_ascii() {
        out.push(("\\u-escaped", value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect()));
    }
    out.iter_mut().skip(1).for_each(|(_, encoded)| encoded.truncate(ENCODED_MAX));
    for (name, digest) in digests {
        // The first 96 bits tell it from everything else, and are found where the rest was cut off.
        out.push((name, hex(&digest[..DIGEST_BYTES])));
        out.push((name, b64(&digest[..DIGEST_BYTES])));
    }
    out
}

impl Watch {
    /// Starts with nothing seen; `secrets` are those of the target file.
    pub(crate) fn new(secrets: &[String]) -> Self {
        let long = secrets.iter().map(String::as_str).filter(|secret| secret.len() >= SECRET_MIN);
        let keys = AhoCorasick::builder().ascii_case_insensitive(true).build(KEY_MARKS.into_iter().chain(long)).ok();
        Self { state: Mutex::default(), keys }
    }

    fn has_key(&self, bytes: &[u8]) -> bool {
        self.keys.as_ref().is_some_and(|keys| keys.is_match(bytes))
    }

    /// Takes values into account that belong to a case.
    pub(crate) fn plant(&self, case: &str, values: &[String]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.seen.values += values.len() as u64;
        for number in values.iter().filter(|value| is_number(value)) {
            let owner = state.numbers.entry(number.clone()).or_insert_with(|| Some(case.to_owned()));
            if owner.as_deref() != Some(case) {
                *owner = None;
            }
        }
    }

    /// What was seen so far.
    pub(crate) fn seen(&self) -> Watched {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).seen.clone()
    }

    /// Looks at one exchange.
    pub(crate) fn look(&self, look: &Look<'_>, matcher: &Matcher) {
        let received = look.received;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let headers: String = received.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        state.seen.exchanges += 1;
        state.seen.bytes += (look.url.len() + headers.len() + received.body.len()) as u64;
        let mut note = |place, form| {
            if state.seen.sightings.len() < SIGHTINGS_MAX {
                state.seen.sightings.push(Sighting {
                    place,
                    form: Cow::Borrowed(form),
                    operation: Cow::Borrowed(look.operation.name()),
                    case: look.case.to_owned(),
                    evidence: look.evidence.to_owned(),
                });
            }
        };
        for (place, bytes) in [(Place::Url, look.url.as_bytes()), (Place::Header, headers.as_bytes())] {
            if let Some(form) = matcher.find(bytes) {
                note(place, form);
            }
        }
        // A package holds its licence's own data, and text that is no JSON may be escaped as it likes.
        let body = &received.body[..];
        let refused = received.status >= 400;
        if let Some(place) = place_of(look.operation, refused)
            && let Some(form) =
                matcher.find(body).or_else(|| decoded(body).and_then(|text| matcher.find(text.as_bytes())))
        {
            note(place, form);
        }
        if self.has_key(body) || self.has_key(headers.as_bytes()) {
            note(Place::Key, "plain");
        }
        let others: Vec<String> = numbers_in(body)
            .filter(|number| matches!(state.numbers.get(*number), Some(Some(case)) if case != look.case))
            .map(str::to_owned)
            .collect();
        if !others.is_empty() {
            state.seen.sightings.push(Sighting {
                place: Place::OtherHolder,
                form: Cow::Borrowed("plain"),
                operation: Cow::Borrowed(look.operation.name()),
                case: look.case.to_owned(),
                evidence: look.evidence.to_owned(),
            });
        }
        if refused && !body.is_empty() {
            let text = String::from_utf8_lossy(&body[..body.len().min(REFUSALS_MAX.1)]).into_owned();
            // Ids make every body a different one: what stands in quotes and digits is left out of the comparison.
            let shape: String = text.chars().filter(|c| !c.is_ascii_digit() && !('a'..='f').contains(c)).collect();
            if state.seen.refusals.len() < REFUSALS_MAX.0 && state.refusals.insert(shape) {
                state.seen.refusals.push((look.evidence.to_owned(), text));
            }
        }
    }
}

/// Where nothing of a holder may stand in the body of an answer; `None` where it may.
const fn place_of(operation: Operation, refused: bool) -> Option<Place> {
    if refused {
        return Some(Place::Refusal);
    }
    match operation {
        Operation::Issue
        | Operation::Metadata
        | Operation::File
        | Operation::Reissue
        | Operation::VerifyPresentation
        // Items of a batch can be presentations, too.
        | Operation::VerifyBatch
        | Operation::Redeem
        | Operation::TestPersonas => None,
        Operation::Audit => Some(Place::Audit),
        _ => Some(Place::Plain),
    }
}

/// The texts and names of a JSON body as they are meant, whatever escapes were used.
fn decoded(body: &[u8]) -> Option<String> {
    if !body.contains(&b'\\') {
        return None;
    }
    serde_json::from_slice::<serde_json::Value>(body).ok().map(|value| value.to_string())
}

fn is_number(value: &str) -> bool {
    value.len() == 18
        && value.bytes().take(17).all(|byte| byte.is_ascii_digit())
        && value.bytes().last().is_some_and(|byte| byte.is_ascii_digit() || byte == b'X')
}

/// The citizen numbers that stand as whole words in a body.
fn numbers_in(body: &[u8]) -> impl Iterator<Item = &str> {
    body.split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| word.len() == 18)
        .filter_map(|word| std::str::from_utf8(word).ok())
        .filter(|word| is_number(word))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use ecric_model::exchange::TransportOutcome;

    use super::*;

    const NAME: &str = "测试甲乙丙";
    const NUMBER: &str = "110199199003070017";

    fn seen(operation: Operation, status: u16, url: &str, header: &str, body: &str) -> Vec<(Place, &'static str)> {
        let watch = Watch::new(&["00112233445566778899aabbccddeeff".to_owned()]);
        let own = [NAME.to_owned(), NUMBER.to_owned(), "1990-03-07".to_owned()];
        watch.plant("A-1", &own);
        watch.plant("B-1", &["110199199003070025".to_owned()]);
        let mut matcher = Matcher::default();
        matcher.update(&own);
        let received = Received {
            outcome: TransportOutcome::Answer,
            error: None,
            status,
            headers: vec![("x-a".to_owned(), header.to_owned())],
            body: Bytes::copy_from_slice(body.as_bytes()),
            body_bytes: body.len() as u64,
            unreachable: false,
        };
        let look = Look { operation, case: "A-1", evidence: "E-1", url, received: &received };
        watch.look(&look, &matcher);
        let form = |one: Sighting| match one.form {
            Cow::Borrowed(form) => (one.place, form),
            Cow::Owned(_) => (one.place, "read from a record"),
        };
        watch.seen().sightings.into_iter().map(form).collect()
    }

    #[test]
    fn values_are_seen_in_every_form_where_they_may_not_be() {
        let plain = |body: &str| seen(Operation::Status, 200, "/a", "b", body);
        assert_eq!(plain("{\"certificateStatus\": \"VALID\", \"a\": \"1990-03-07\"}"), []);
        assert_eq!(plain(NAME), [(Place::Plain, "plain")]);
        assert_eq!(plain(r#"{"a": "\u6D4b\u8bd5\u7532\u4e59\u4e19"}"#), [(Place::Plain, "\\u-escaped")]);
        assert_eq!(plain(r#"{"a": "1\u0031\/0199199003070017"}"#), []);
        assert_eq!(plain(r#"{"a": "\u00310199199003070017"}"#), []);
        assert_eq!(plain(r#"{"a": "\u003110199199003070017"}"#), [(Place::Plain, "plain")]);
        assert_eq!(plain(&hex(NAME.as_bytes())), [(Place::Plain, "hex")]);
        assert_eq!(plain(&b64(NUMBER.as_bytes())), [(Place::Plain, "base64")]);
        assert_eq!(plain(&hex(&legacy::md5(NUMBER.as_bytes()))), [(Place::Plain, "MD5")]);
        assert_eq!(plain(&hex(&sha256::digest(NUMBER.as_bytes()))), [(Place::Plain, "SHA-256")]);
        assert_eq!(plain(&sm3::digest_hex(NAME.as_bytes())), [(Place::Plain, "SM3")]);
        assert_eq!(seen(Operation::Metadata, 200, "/a", "b", NAME), []);
        assert_eq!(seen(Operation::Metadata, 400, "/a", "b", NAME), [(Place::Refusal, "plain")]);
        assert_eq!(seen(Operation::Audit, 200, "/a", "b", NUMBER), [(Place::Audit, "plain")]);
        assert_eq!(seen(Operation::File, 200, &format!("/a?n={NUMBER}"), "b", ""), [(Place::Url, "plain")]);
        assert_eq!(seen(Operation::File, 200, "/a", NUMBER, ""), [(Place::Header, "plain")]);
        assert_eq!(
            seen(Operation::Metadata, 200, "/a", "b", "\"110199199003070025\""),
            [(Place::OtherHolder, "plain")]
        );
        assert_eq!(seen(Operation::Issue, 200, "/a", "b", "-----BEGIN PRIVATE KEY-----"), [(Place::Key, "plain")]);
        assert_eq!(seen(Operation::Issue, 200, "/a", "00112233445566778899AABBCCDDEEFF", ""), [(Place::Key, "plain")]);
    }
}
