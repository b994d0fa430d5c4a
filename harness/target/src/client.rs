//! The binding v1 client: builds, signs, sends and records one call.

mod keeping;
mod many;
mod prepare;
mod ways;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::evidence::{Observation as Observed, Recorded};
use ecric_model::exchange::Exchange;
use ecric_model::sending::{At, Credentials, SendOptions};
use serde_json::Value;
use time::OffsetDateTime;

use crate::answer::{Answer, Sent};
use crate::base::Bases;
use crate::charset::Charset;
use crate::driver::{Driver, HumanPort, LoaderSettings, Running};
use crate::entropy::Entropy;
use crate::hook_spec::Hook;
use crate::hooks::Person;
use crate::mapping::dialect::Dialect;
use crate::redact::Masker;
use crate::replay::Tape;
use crate::secrets::Credential;
use crate::target_file::{ClockSettings, CounterpartSettings, TransportSettings};
use crate::watch::{Matcher, Watch, Watched};
use crate::{TargetError, transport};

pub use many::Sample;

/// Real time, given by the runner once.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// What the client needs to know about a target.
#[derive(Debug, Clone)]
pub struct TargetSettings {
    pub(crate) bases: Bases,
    /// Limits of the transport.
    pub transport: TransportSettings,
    /// First caller; `None` for targets without authentication.
    pub main: Option<Credential>,
    /// Second caller.
    pub other: Option<Credential>,
    /// Clock of the target.
    pub clock: ClockSettings,
    /// The dialect of a mapped target.
    pub(crate) dialect: Option<Arc<Dialect>>,
    /// Hooks that may run; empty without `--allow-hooks`.
    pub(crate) hooks: BTreeMap<String, Hook>,
    /// Test controls that a hook answers, on every rung.
    pub(crate) hooked: BTreeMap<Operation, String>,
    /// Who answers hooks of kind `human`.
    pub(crate) person: Option<Person>,
    /// Hosts that may be called.
    pub(crate) authorised: Vec<String>,
    /// Folder that hooks run in.
    pub(crate) folder: PathBuf,
    /// Proxy, variables put in.
    pub(crate) proxy: Option<String>,
    /// How the product writes texts.
    pub(crate) charset: Charset,
    /// Answer of operation 10 for products that do not have it.
    pub(crate) anchors: Option<Value>,
    /// Most issues and re-issues of a run.
    pub(crate) daily_issue: Option<u32>,
    /// Where the product reaches the suite.
    pub(crate) counterpart: CounterpartSettings,
    /// Further root certificates for TLS, PEM.
    pub(crate) roots: Vec<Vec<u8>>,
    /// Client certificate and its key, PEM, one behind the other.
    pub(crate) identity: Option<Vec<u8>>,
    /// Values that never reach the evidence.
    pub(crate) hidden: Vec<String>,
    /// Most requests a second.
    pub(crate) rps: Option<u32>,
    /// Capabilities of a target that does not tell them itself.
    pub(crate) declared: Value,
    /// How a loading end is driven.
    pub(crate) loader: LoaderSettings,
    /// The person at the terminal, where there is one.
    pub human: Option<HumanPort>,
}

impl TargetSettings {
    /// Who does what a holder does.
    #[must_use]
    pub const fn driver(&self) -> Driver {
        self.loader.driver
    }

    /// Every distinct base URL.
    #[must_use]
    pub fn bases(&self) -> Vec<String> {
        self.bases.distinct()
    }

    /// True if the file names a further base of the service.
    #[must_use]
    pub fn has_base(&self, at: At) -> bool {
        self.bases.further(at).is_some()
    }

    /// True if the service is reached over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.bases.distinct().iter().any(|base| base.starts_with("https://"))
    }

    /// True if templates of the dialect sign with SM2.
    #[must_use]
    pub fn signs_with_sm2(&self) -> bool {
        let operations = self.dialect.as_ref().map(|dialect| serde_json::to_string(&dialect.spec.operations));
        operations.is_some_and(|text| text.is_ok_and(|text| text.contains("|sm2_sign(")))
    }

    /// True if the file gives a token of the first caller that has to be refused.
    #[must_use]
    pub fn has_token(&self, credentials: Credentials) -> bool {
        let main = self.dialect.as_ref().and_then(|dialect| dialect.callers.get("main"));
        main.is_some_and(|main| match credentials {
            Credentials::ExpiredToken => main.expired.is_some(),
            Credentials::ForeignToken => main.foreign.is_some(),
            _ => false,
        })
    }

    /// Answer of operation 1 as the ICS declares it.
    #[must_use]
    pub fn declared_capabilities(&self) -> Value {
        self.declared.clone()
    }

    /// True if a hook answers an operation: T1, T2 or T3.
    #[must_use]
    pub fn is_hooked(&self, operation: Operation) -> bool {
        self.hooked.contains_key(&operation)
    }

    /// Where the product reaches what the suite serves.
    #[must_use]
    pub const fn counterpart(&self) -> &CounterpartSettings {
        &self.counterpart
    }

    /// Most requests a second that the target file permits.
    #[must_use]
    pub const fn most_a_second(&self) -> Option<u32> {
        self.rps
    }

    /// True if operations are mapped.
    #[must_use]
    pub const fn is_mapped(&self) -> bool {
        self.dialect.is_some()
    }

    /// Operations of the binding that a mapped target offers, by name; `None` on other rungs.
    #[must_use]
    pub fn mapped_operations(&self) -> Option<Vec<String>> {
        self.dialect.as_ref().map(|dialect| dialect.plans.keys().cloned().collect())
    }

    /// Every role is reached at another address.
    pub(crate) fn rebase(&mut self, url: &str) {
        // An adapter has one address: what the file says of further ones is not the adapter's.
        for key in [At::SecondNode, At::NoTestMode].into_iter().filter_map(At::key) {
            self.bases.0.remove(key);
        }
        for base in self.bases.0.values_mut() {
            url.clone_into(base);
        }
    }
}

/// Body of a call.
#[derive(Debug, Clone, Default)]
pub enum Body {
    /// None: GET.
    #[default]
    None,
    /// JSON, written compactly.
    Json(Value),
    /// These bytes.
    Raw(Vec<u8>),
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Operation.
    pub operation: Operation,
    /// Value for `{id}` in the path.
    pub id: Option<String>,
    /// Body.
    pub body: Body,
    /// How it is sent.
    pub options: SendOptions,
    /// Idempotency key, where the caller wants a certain one.
    pub idempotency_key: Option<String>,
    /// Entity tag for `If-None-Match`.
    pub entity_tag: Option<String>,
    /// The request before, for repeats.
    pub before: Option<Sent>,
}

impl Call {
    /// A right call of an operation.
    #[must_use]
    pub fn new(operation: Operation, id: Option<&str>, body: Body) -> Self {
        Self {
            operation,
            id: id.map(str::to_owned),
            body,
            options: SendOptions::default(),
            idempotency_key: None,
            entity_tag: None,
            before: None,
        }
    }
}

/// A target under test, shared by all cases.
pub struct Target {
    settings: TargetSettings,
    http: reqwest::Client,
    clock: Clock,
    entropy: Entropy,
    started: Instant,
    offset_ms: AtomicI64,
    evidence: AtomicU64,
    keep_raw: bool,
    tokens: tokio::sync::Mutex<HashMap<String, (String, Instant)>>,
    masker: Mutex<Masker>,
    salt_key: [u8; 32],
    part: u32,
    tape: Option<Arc<Tape>>,
    next_request: Mutex<Instant>,
    running: tokio::sync::Mutex<Option<Running>>,
    issued: AtomicU64,
    watch: Watch,
}

impl Target {
    /// Connects nothing yet; builds the client.
    ///
    /// # Errors
    /// If the HTTP client cannot be built.
    pub fn new(settings: TargetSettings, clock: Clock, entropy: Entropy, keep_raw: bool) -> Result<Self, TargetError> {
        let http = transport::client(&settings)?;
        let watch = Watch::new(&settings.hidden);
        let mut masker = Masker::default();
        settings.hidden.iter().for_each(|secret| masker.add_secret(secret));
        Ok(Self {
            settings,
            http,
            clock,
            entropy,
            started: Instant::now(),
            offset_ms: AtomicI64::new(0),
            evidence: AtomicU64::new(0),
            keep_raw,
            tokens: tokio::sync::Mutex::default(),
            masker: Mutex::new(masker),
            salt_key: [0; 32],
            part: 1,
            tape: None,
            next_request: Mutex::new(Instant::now()),
            issued: AtomicU64::new(0),
            watch,
            running: tokio::sync::Mutex::default(),
        })
    }

    /// Takes the secret that salts of commitments come from: 32 random bytes, never written.
    #[must_use]
    pub const fn with_salts(mut self, salt_key: [u8; 32]) -> Self {
        self.salt_key = salt_key;
        self
    }

    /// Goes on as a later part of a run, behind the last evidence id of the parts before.
    #[must_use]
    pub fn as_part(mut self, part: u32, last_evidence: u64) -> Self {
        self.part = part;
        self.evidence = AtomicU64::new(last_evidence);
        self
    }

    /// Answers from a record instead of the product: nothing is sent any more.
    #[must_use]
    pub fn from_tape(mut self, tape: Arc<Tape>) -> Self {
        self.tape = Some(tape);
        self
    }

    /// The record that answers, if one does.
    #[must_use]
    pub fn tape(&self) -> Option<&Arc<Tape>> {
        self.tape.as_ref()
    }

    /// The HTTP client.
    pub(crate) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Tokens of callers that log in.
    pub(crate) const fn tokens(&self) -> &tokio::sync::Mutex<HashMap<String, (String, Instant)>> {
        &self.tokens
    }

    /// Notes a value that must never reach the evidence.
    pub(crate) fn keep_secret(&self, value: &str) {
        self.masker().add_secret(value);
    }

    fn masker(&self) -> std::sync::MutexGuard<'_, Masker> {
        self.masker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A text without secrets and personal values, as far as the run knows them.
    #[must_use]
    pub fn clean(&self, text: &str, case: &str) -> String {
        self.masker().mask(text, case).text
    }

    /// Waits until the rate that the target file allows permits one more request.
    pub(crate) async fn pace(&self) {
        let Some(rps) = self.settings.rps.filter(|rps| *rps > 0) else { return };
        let wait = {
            let mut next = self.next_request.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let at = (*next).max(now);
            *next = at + Duration::from_secs(1) / rps;
            at.saturating_duration_since(now)
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Settings.
    #[must_use]
    pub const fn settings(&self) -> &TargetSettings {
        &self.settings
    }

    /// Source of run-specific bytes.
    #[must_use]
    pub const fn entropy(&self) -> &Entropy {
        &self.entropy
    }

    /// Real time of the harness.
    #[must_use]
    pub fn harness_now(&self) -> OffsetDateTime {
        (self.clock)()
    }

    /// Time of the target as far as known.
    #[must_use]
    pub fn target_now(&self) -> OffsetDateTime {
        self.harness_now() + time::Duration::milliseconds(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Takes over the target's time: `now` as the target told it just now.
    pub fn set_target_now(&self, now: OffsetDateTime) {
        let offset = (now - self.harness_now()).whole_milliseconds();
        self.offset_ms.store(i64::try_from(offset).unwrap_or(0), Ordering::Relaxed);
    }

    /// What was seen of planted values, secrets and keys in the exchanges so far.
    #[must_use]
    pub fn watched(&self) -> Watched {
        self.watch.seen()
    }

    /// Milliseconds since the client was built, monotonic.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// One case's view of the target: its evidence, its persons, its time budget.
pub struct CaseConnection {
    target: Arc<Target>,
    case: String,
    deadline: Instant,
    limit_s: u64,
    state: Mutex<CaseData>,
}

#[derive(Default)]
struct CaseData {
    counter: u64,
    personal: Vec<String>,
    /// True once a person did or answered something in place of the product.
    asked: bool,
    matcher: Matcher,
    /// Calls sent so far.
    sent: u64,
    /// Failed calls of loads that were kept.
    failures_kept: u32,
    exchanges: Vec<Recorded>,
    clock: Vec<i64>,
    observations: Vec<Observed>,
}

/// Length of a nonce in characters: 128 bits in base64url.
#[must_use]
pub const fn real_nonce_length() -> usize {
    22
}

impl CaseConnection {
    /// Opens the view of a case; `limit` is the most a case may take.
    #[must_use]
    pub fn open(target: Arc<Target>, case: &str, limit: Duration) -> Self {
        Self {
            target,
            case: case.to_owned(),
            deadline: Instant::now() + limit,
            limit_s: limit.as_secs(),
            state: Mutex::new(CaseData::default()),
        }
    }

    /// The target.
    #[must_use]
    pub const fn target(&self) -> &Arc<Target> {
        &self.target
    }

    /// The case id.
    #[must_use]
    pub fn case(&self) -> &str {
        &self.case
    }

    /// Waits, so that others go on.
    pub async fn pause(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }

    /// True if a person did or answered something in place of the product: what rests on it has to be reviewed.
    #[must_use]
    pub fn asked_a_person(&self) -> bool {
        self.data().asked
    }

    pub(crate) fn note_person(&self) {
        self.data().asked = true;
    }

    /// Values of a person that several cases use: masked, but no sign of a leak where another case sees them.
    pub fn add_shared(&self, values: Vec<String>) {
        self.mask(values);
    }

    /// Values to mask in the evidence of this case.
    pub fn add_personal(&self, values: impl IntoIterator<Item = String>) {
        let values: Vec<String> = values.into_iter().collect();
        self.target.watch.plant(&self.case, &values);
        self.mask(values);
    }

    /// The same for somebody whom no answer about the persons of this case may show.
    pub fn add_neighbour(&self, values: Vec<String>) {
        self.target.watch.plant(&format!("{} (neighbour)", self.case), &values);
        self.mask(values);
    }

    fn mask(&self, values: Vec<String>) {
        let mut masker = self.target.masker();
        values.iter().for_each(|value| masker.add_personal(value, &self.case));
        drop(masker);
        self.data().personal.extend(values);
    }

    /// Time of the target as far as known, noted for judging again: whole milliseconds.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        let read = match &self.target.tape {
            Some(tape) => tape.next_reading(&self.case),
            None => Some(milliseconds(self.target.target_now())),
        };
        let read = read.unwrap_or_else(|| milliseconds(self.target.target_now()));
        if !many::is_measuring() {
            self.data().clock.push(read);
        }
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(read) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Something seen from outside that is no answer, noted for judging again.
    pub fn observe(&self, of: &str, look: impl FnOnce() -> Value) -> Value {
        if many::is_measuring() {
            return look();
        }
        let seen = match &self.target.tape {
            Some(tape) => tape.next_observation(&self.case, of),
            None => look(),
        };
        self.data().observations.push(Observed { of: of.to_owned(), seen: seen.clone() });
        seen
    }

    /// Readings of the clock and observations of the case.
    #[must_use]
    pub fn take_readings(&self) -> (Vec<i64>, Vec<Observed>) {
        let mut data = self.data();
        (std::mem::take(&mut data.clock), std::mem::take(&mut data.observations))
    }

    /// Takes a secret that was learned from an answer out of the evidence recorded so far.
    pub(crate) fn hide_in_evidence(&self, secret: &str) {
        let mut masker = Masker::default();
        masker.add_secret(secret);
        for recorded in &mut self.data().exchanges {
            crate::recorder::hide_afterwards(recorded, &masker);
        }
    }

    /// Takes the evidence of the case.
    #[must_use]
    pub fn take_recorded(&self) -> Vec<Recorded> {
        std::mem::take(&mut self.data().exchanges)
    }

    /// Takes the exchanges of the case.
    #[must_use]
    pub fn take_exchanges(&self) -> Vec<Exchange> {
        self.take_recorded().into_iter().map(|recorded| recorded.exchange).collect()
    }

    /// 32 bytes for a purpose of this case, new at each call.
    #[must_use]
    pub fn bytes(&self, purpose: &str) -> [u8; 32] {
        let counter = self.next();
        self.entropy().bytes(&self.case, purpose, counter)
    }

    /// The source of this case: a case judged again takes that of the part in which it ran.
    fn entropy(&self) -> Entropy {
        let started = self.target.tape.as_ref().and_then(|tape| tape.started_ms(&self.case));
        started.map_or_else(|| self.target.entropy.clone(), |start| Entropy::new(self.target.entropy.seed(), start))
    }

    /// A UUID for a purpose of this case, new at each call.
    #[must_use]
    pub fn uuid(&self, purpose: &str) -> String {
        let counter = self.next();
        self.entropy().uuid(&self.case, purpose, counter)
    }

    fn next(&self) -> u64 {
        let mut data = self.data();
        data.counter += 1;
        data.counter
    }

    fn data(&self) -> std::sync::MutexGuard<'_, CaseData> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one call and records it. Every way a product can end a call is an [`Answer`].
    ///
    /// # Errors
    /// Only for faults of ours: a request that cannot be built, a mapping that cannot be applied, a case
    /// over its time limit.
    pub async fn call(&self, call: Call) -> Result<Answer, TargetError> {
        if call.options.at != At::Usual {
            // Hooks and drivers stand in for the usual address only.
            return self.call_native(call, None).await;
        }
        if let Some(hook) = self.target.settings.hooked.get(&call.operation) {
            return self.call_hook(hook, call).await;
        }
        if let (Operation::TrustAnchors, Some(anchors)) = (call.operation, &self.target.settings.anchors) {
            return Ok(self.answer_of_ours(call.operation, 200, anchors.clone(), self.target.elapsed_ms()));
        }
        if call.operation.is_of_the_holder() && self.target.settings.driver() != Driver::Api {
            return self.call_driver(call).await;
        }
        self.count_issue(call.operation)?;
        match self.target.settings.dialect.clone() {
            Some(dialect) => Box::pin(self.call_mapped(&dialect, call)).await,
            None => self.call_native(call, None).await,
        }
    }

    /// Counts a call that makes a licence, and refuses it beyond the limit of the target file.
    fn count_issue(&self, operation: Operation) -> Result<(), TargetError> {
        let Some(limit) = self.target.settings.daily_issue else { return Ok(()) };
        if !matches!(operation, Operation::Issue | Operation::Reissue) {
            return Ok(());
        }
        let count = || self.target.issued.fetch_add(1, Ordering::Relaxed);
        if self.observe("daily_issue", || Value::Bool(count() < u64::from(limit))) == Value::Bool(true) {
            return Ok(());
        }
        Err(TargetError::Limit(Text::new(
            format!("limits.daily_issue of the target file is reached: {limit}"),
            format!("已达到目标文件的 limits.daily_issue：{limit}"),
        )))
    }

    /// True if answers come from a record.
    pub(crate) fn judges_again(&self) -> bool {
        self.target.tape.is_some()
    }

    /// Takes an exchange of the record up as one of the case.
    pub(crate) fn take_up(&self, evidence: &str) {
        let taken = self.target.tape.as_ref().and_then(|tape| tape.take(&self.case, evidence));
        self.data().exchanges.extend(taken);
    }

    /// The record lacks what a case asks of it.
    #[must_use]
    pub fn missing(&self, what: &str) -> TargetError {
        if let Some(tape) = &self.target.tape {
            tape.note_missing(&self.case, what);
        }
        TargetError::NotRecorded(what.to_owned())
    }

    /// True if the record answers this request next; without a record, true.
    pub(crate) fn would_answer(&self, operation: Operation, prepared: &Prepared) -> bool {
        self.target.tape.as_ref().is_none_or(|tape| tape.has(&self.case, operation.name(), &prepared.sent))
    }

    /// Sends one call of binding v1; `caller` signs instead of the first one.
    pub(crate) async fn call_native(&self, call: Call, caller: Option<&str>) -> Result<Answer, TargetError> {
        let budget = self.budget()?;
        let operation = call.operation;
        let base = match call.options.at {
            At::Usual => self.base(operation)?,
            at => {
                let base = self.target.settings.bases.further(at).map(str::to_owned);
                base.ok_or_else(|| TargetError::NoBase(format!("base.{}", at.key().unwrap_or_default())))?
            }
        };
        let prepared = self.prepare(&call, caller);
        let plain_signature =
            call.options != SendOptions { idempotency: call.options.idempotency, ..SendOptions::default() };
        self.exchange(operation, &base, prepared, budget, plain_signature).await
    }

    /// Sends one request of a dialect; a path that is a URL goes where it says, on hosts of the file only.
    pub(crate) async fn send_prepared(
        &self,
        operation: Operation,
        mut prepared: Prepared,
    ) -> Result<Answer, TargetError> {
        let budget = self.budget()?;
        let base = if prepared.sent.path.starts_with('/') {
            self.base(operation)?
        } else {
            let (base, path, query) = self.own_address(operation, &prepared.sent.path)?;
            prepared.sent.path = path;
            if !query.is_empty() {
                prepared.sent.query = query;
            }
            base
        };
        self.exchange(operation, &base, prepared, budget, true).await
    }

    /// The requests that a call would send, as far as they can be known without an answer.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn dry_run(&self, call: Call) -> Result<Vec<DryRequest>, TargetError> {
        if let Some(dialect) = self.target.settings.dialect.clone()
            && !dialect.is_native(call.operation.name())
        {
            return self.dry_run_mapped(&dialect, &call);
        }
        let base = self.base(call.operation)?;
        Ok(vec![DryRequest::new(&base, &self.prepare(&call, None))])
    }

    pub(crate) fn budget(&self) -> Result<Duration, TargetError> {
        let budget = self.deadline.saturating_duration_since(Instant::now());
        if budget.is_zero() { Err(TargetError::CaseTimeLimit(self.limit_s)) } else { Ok(budget) }
    }

    pub(crate) fn base(&self, operation: Operation) -> Result<String, TargetError> {
        let base = self.target.settings.bases.of(operation).map(str::to_owned);
        base.ok_or_else(|| TargetError::NoBase(operation.name().to_owned()))
    }

    /// A text without personal values and secrets.
    #[must_use]
    pub fn redacted(&self, text: &str) -> String {
        self.target.clean(text, &self.case)
    }

    async fn exchange(
        &self,
        operation: Operation,
        base: &str,
        prepared: Prepared,
        budget: Duration,
        plain_signature: bool,
    ) -> Result<Answer, TargetError> {
        let ordinal = self.next_call();
        if let Some(tape) = &self.target.tape {
            if tape.ran_out(&self.case) {
                return Err(TargetError::CaseTimeLimit(self.limit_s));
            }
            return self.answer_again(operation, prepared);
        }
        let request = self.request(operation, base, &prepared)?;
        self.target.pace().await;
        let moment = self.begin();
        let of_file = &self.target.settings.transport;
        let own = prepared.read_ms.map(|read_ms| TransportSettings { read_ms, ..of_file.clone() });
        let received = transport::send(&self.target.http, request, own.as_ref().unwrap_or(of_file), budget).await;
        let kept = self.keep(operation, base, &prepared, &received, &moment, ordinal, plain_signature);
        let read_ms = own.as_ref().unwrap_or(of_file).read_ms;
        if received.outcome == ecric_model::exchange::TransportOutcome::Timeout
            && budget < Duration::from_millis(read_ms)
        {
            // The product had less time than it is given: no hang of it.
            return Err(TargetError::CaseTimeLimit(self.limit_s));
        }
        let json = (!received.body.is_empty()).then(|| serde_json::from_slice(&received.body).ok()).flatten();
        Ok(Answer {
            operation,
            outcome: received.outcome,
            transport_error: received.error,
            unreachable: received.unreachable,
            status: received.status,
            headers: received.headers,
            body: received.body,
            json,
            evidence: kept.evidence,
            sent: prepared.sent,
            span_ms: kept.span_ms,
            received_ms: kept.received_ms,
        })
    }

    /// Fetches an address that the target gave for an operation: anonymous, recorded, and only from a
    /// host that the target file names.
    ///
    /// # Errors
    /// Only for faults of ours, and for an address elsewhere.
    pub async fn fetch(&self, operation: Operation, url: &str) -> Result<Answer, TargetError> {
        let budget = self.budget()?;
        let (base, path, query) = self.own_address(operation, url)?;
        let sent = Sent { method: "GET".to_owned(), path, query, request_id: self.uuid("request"), ..Sent::default() };
        let headers = vec![("X-Ecric-Test-Case".to_owned(), self.case.clone())];
        let prepared = Prepared { sent, headers, wire_body: Vec::new(), key_hint: None, read_ms: None };
        self.exchange(operation, &base, prepared, budget, true).await
    }

    /// Origin, path and query of an address on a host of the target file.
    fn own_address(&self, operation: Operation, url: &str) -> Result<(String, String, String), TargetError> {
        let fault = |reason: String| TargetError::Request { operation: operation.name().to_owned(), reason };
        let parsed = reqwest::Url::parse(url).map_err(|error| fault(error.to_string()))?;
        let hosts: Vec<reqwest::Url> =
            self.target.settings.bases().iter().filter_map(|base| reqwest::Url::parse(base).ok()).collect();
        if !hosts.iter().any(|host| host.host_str() == parsed.host_str()) {
            return Err(TargetError::ForeignAddress(operation.name().to_owned()));
        }
        let query = parsed.query().unwrap_or_default().to_owned();
        Ok((parsed.origin().ascii_serialization(), parsed.path().to_owned(), query))
    }

    fn request(&self, operation: Operation, base: &str, prepared: &Prepared) -> Result<reqwest::Request, TargetError> {
        let fault = |reason: String| TargetError::Request { operation: operation.name().to_owned(), reason };
        let query = if prepared.sent.query.is_empty() { String::new() } else { format!("?{}", prepared.sent.query) };
        let url =
            reqwest::Url::parse(&format!("{base}{}{query}", prepared.sent.path)).map_err(|e| fault(e.to_string()))?;
        let method = reqwest::Method::from_bytes(prepared.sent.method.as_bytes()).map_err(|e| fault(e.to_string()))?;
        let mut request = reqwest::Request::new(method, url);
        for (name, value) in &prepared.headers {
            let name = reqwest::header::HeaderName::from_bytes(name.as_bytes()).map_err(|e| fault(e.to_string()))?;
            let value = reqwest::header::HeaderValue::from_bytes(value.as_bytes()).map_err(|e| fault(e.to_string()))?;
            request.headers_mut().append(name, value);
        }
        if !prepared.wire_body.is_empty() {
            *request.body_mut() = Some(prepared.wire_body.clone().into());
        }
        Ok(request)
    }
}

/// A request as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRequest {
    /// HTTP method.
    pub method: String,
    /// URL.
    pub url: String,
    /// Headers, in order.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl DryRequest {
    pub(crate) fn new(base: &str, prepared: &Prepared) -> Self {
        let sent = &prepared.sent;
        let query = if sent.query.is_empty() { String::new() } else { format!("?{}", sent.query) };
        let base = if sent.path.starts_with('/') { base } else { "" };
        Self {
            method: sent.method.clone(),
            url: format!("{base}{}{query}", sent.path),
            headers: prepared.headers.clone(),
            body: prepared.wire_body.clone(),
        }
    }
}

/// When an exchange began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    elapsed_ms: u64,
    time: OffsetDateTime,
}

/// Where an exchange was kept, and when it was.
struct Kept {
    evidence: String,
    span_ms: (u64, u64),
    received_ms: i64,
}

/// A request before it is sent.
pub(crate) struct Prepared {
    pub(crate) sent: Sent,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) wire_body: Vec<u8>,
    pub(crate) key_hint: Option<String>,
    /// Most time for the answer, where it is not that of the file.
    pub(crate) read_ms: Option<u64>,
}

impl Prepared {
    fn again(sent: Sent) -> Self {
        let headers = prepare::headers_of(&sent, None, !sent.body.is_empty());
        let wire_body = sent.body.clone();
        Self { sent, headers, wire_body, key_hint: None, read_ms: None }
    }
}

fn milliseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0)
}
