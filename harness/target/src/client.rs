//! The binding v1 client: builds, signs, sends and records one call.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ecric_gm::encoding::b64url;
use ecric_gm::hmac_sm3::Key;
use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::evidence::{Observation as Observed, Recorded, Trace};
use ecric_model::exchange::Exchange;
use ecric_model::sending::{Credentials, KeyUse, SendOptions, SignatureForm};
use serde_json::Value;
use time::OffsetDateTime;

use crate::answer::{Answer, Sent};
use crate::base::Bases;
use crate::charset::Charset;
use crate::driver::{Driver, DriverAnswer, HumanPort, HumanQuestion, LoaderSettings, Running, meaning, question_for};
use crate::entropy::Entropy;
use crate::hook_spec::Hook;
use crate::hooks::Person;
use crate::mapping::dialect::Dialect;
use crate::recorder::{Observation, record};
use crate::redact::Masker;
use crate::replay::Tape;
use crate::secrets::Credential;
use crate::signing::string_to_sign;
use crate::target_file::{ClockSettings, CounterpartSettings, TransportSettings};
use crate::watch::{Look, Matcher, Watch, Watched};
use crate::{TargetError, transport};

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
        self.data().clock.push(read);
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(read) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Something seen from outside that is no answer, noted for judging again.
    pub fn observe(&self, of: &str, look: impl FnOnce() -> Value) -> Value {
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

    /// Lets a hook answer a test control: its body on stdin, its answer on stdout.
    async fn call_hook(&self, hook: &str, call: Call) -> Result<Answer, TargetError> {
        let input = match &call.body {
            Body::Json(value) => value.clone(),
            Body::Raw(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Body::None => Value::Null,
        };
        let began = self.target.elapsed_ms();
        let json = self.hook_answer(hook, &input).await?;
        let status = if matches!(call.operation, Operation::TestPersonas | Operation::TestFaults) { 201 } else { 200 };
        Ok(self.answer_of_ours(call.operation, status, json, began))
    }

    /// An answer that no exchange gave: from a hook or from a file.
    fn answer_of_ours(&self, operation: Operation, status: u16, json: Value, began: u64) -> Answer {
        Answer {
            operation,
            outcome: ecric_model::exchange::TransportOutcome::Answer,
            transport_error: None,
            unreachable: false,
            status,
            headers: Vec::new(),
            body: json.to_string().into(),
            json: Some(json),
            evidence: String::new(),
            sent: Sent::default(),
            span_ms: (began, self.target.elapsed_ms()),
            received_ms: milliseconds(self.target.harness_now()),
        }
    }

    /// Lets the driver do what a holder does.
    async fn call_driver(&self, call: Call) -> Result<Answer, TargetError> {
        let input = match &call.body {
            Body::Json(value) => value.clone(),
            Body::Raw(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Body::None => Value::Null,
        };
        let began = self.begin();
        let of = format!("driver {}", call.operation.name());
        let done = if self.judges_again() {
            let seen = self.observe(&of, || Value::Null);
            let status = seen["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            let status = status.ok_or_else(|| self.missing(&of))?;
            DriverAnswer { status, body: seen["body"].clone() }
        } else {
            let done = match self.target.settings.driver() {
                Driver::Human => self.by_hand(call.operation, &input).await,
                _ => self.by_program(&call, &input).await,
            };
            let done = done.map_err(TargetError::Driver)?;
            let told = serde_json::json!({"status": done.status, "body": done.body});
            let text = told.to_string();
            let plain = self.redacted(&text) == text;
            self.observe(&of, || if plain { told } else { serde_json::json!({}) });
            done
        };
        let ended = self.target.elapsed_ms();
        let driver = self.target.settings.driver().name();
        let evidence = self.note(driver, call.operation.name(), &began, &input, &done);
        let body = if done.body.is_null() { String::new() } else { done.body.to_string() };
        Ok(Answer {
            operation: call.operation,
            outcome: ecric_model::exchange::TransportOutcome::Answer,
            transport_error: None,
            unreachable: false,
            status: done.status,
            headers: Vec::new(),
            body: body.into(),
            json: (!done.body.is_null()).then_some(done.body),
            evidence,
            sent: Sent::default(),
            span_ms: (began.elapsed_ms, ended),
            received_ms: milliseconds(self.target.harness_now()),
        })
    }

    async fn by_program(&self, call: &Call, input: &Value) -> Result<DriverAnswer, String> {
        let settings = &self.target.settings;
        let process = settings.loader.process.clone().unwrap_or_default();
        let mut running = self.target.running.lock().await;
        if running.is_none() {
            *running = Some(Running::start(&process, &settings.folder)?);
        }
        let Some(program) = running.as_mut() else { return Err("the driver is not running".to_owned()) };
        let done = program.perform(&process, call.operation, call.id.as_deref(), input).await;
        if done.is_err() {
            // What is out of step is started anew for the next operation.
            *running = None;
        }
        done
    }

    async fn by_hand(&self, operation: Operation, input: &Value) -> Result<DriverAnswer, String> {
        let Some(question) = question_for(operation, input) else {
            return Err(format!("{} cannot be done by hand", operation.name()));
        };
        let said = self.ask_human(question).await.ok_or_else(|| "nobody is at the terminal".to_owned())?;
        meaning(operation, &said, &self.uuid("by hand"))
    }

    /// Puts a question to the person at the terminal; question and answer are evidence. `None` without one.
    pub async fn ask_human(&self, mut question: HumanQuestion) -> Option<String> {
        question.case.clone_from(&self.case);
        let began = self.begin();
        let input = serde_json::json!({"asked": question.text.en, "asked_zh": question.text.zh});
        let said = if self.judges_again() {
            self.observe("human", || Value::Null)["said"].as_str()?.to_owned()
        } else {
            let said = self.target.settings.human.clone()?.ask(question).await?;
            self.observe("human", || serde_json::json!({"said": said}));
            said
        };
        self.note_person();
        let done = DriverAnswer { status: 0, body: serde_json::json!({"said": said}) };
        self.note(Driver::Human.name(), "human", &began, &input, &done);
        Some(said)
    }

    /// Records what a driver did, as an exchange without a wire; its evidence id.
    fn note(&self, driver: &str, operation: &str, began: &Moment, input: &Value, done: &DriverAnswer) -> String {
        let span_ms = (began.elapsed_ms, self.target.elapsed_ms());
        let number = self.target.evidence.fetch_add(1, Ordering::Relaxed) + 1;
        let evidence = format!("E-{number:06}");
        let shown = |value: &Value| if value.is_null() { String::new() } else { self.redacted(&value.to_string()) };
        let (request, response) = (shown(input), shown(&done.body));
        let exchange = Exchange {
            id: evidence.clone(),
            case: self.case.clone(),
            operation: operation.to_owned(),
            started: began.time.format(&time::format_description::well_known::Rfc3339).unwrap_or_default(),
            duration_ms: span_ms.1.saturating_sub(span_ms.0),
            request: ecric_model::exchange::RecordedRequest {
                method: driver.to_uppercase(),
                url: format!("driver:{driver}/{operation}"),
                headers: Vec::new(),
                body_bytes: request.len() as u64,
                body: request,
            },
            response: Some(ecric_model::exchange::RecordedResponse {
                status: done.status,
                headers: Vec::new(),
                body_bytes: response.len() as u64,
                body: response,
            }),
            outcome: ecric_model::exchange::TransportOutcome::Answer,
            transport_error: None,
            redactions: 0,
            curl: String::new(),
        };
        let mut data = self.data();
        data.sent += 1;
        let trace = Trace {
            part: self.target.part,
            ordinal: data.sent,
            span_ms,
            received_ms: milliseconds(self.target.harness_now()),
            ..Trace::default()
        };
        data.exchanges.push(Recorded { exchange, trace, raw: None });
        drop(data);
        evidence
    }

    /// Runs a hook and notes what it answered; its answer stays out of the evidence where it holds personal values.
    pub(crate) async fn hook_answer(&self, hook: &str, input: &Value) -> Result<Value, TargetError> {
        let of = format!("hook {hook}");
        if self.target.tape.is_some() {
            let seen = self.observe(&of, || Value::Null);
            return match seen.get("answer") {
                Some(answer) => Ok(answer.clone()),
                None => Err(self.missing(&of)),
            };
        }
        let json = self.target.run_hook(hook, input).await.map_err(TargetError::Hook)?;
        let text = json.to_string();
        let plain = self.target.clean(&text, &self.case) == text;
        self.observe(&of, || if plain { serde_json::json!({"answer": json}) } else { serde_json::json!({}) });
        Ok(json)
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
        let base = self.base(operation)?;
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

    /// Notes when an exchange begins.
    pub(crate) fn begin(&self) -> Moment {
        Moment { elapsed_ms: self.target.elapsed_ms(), time: self.target.harness_now() }
    }

    /// Records an exchange and lets the watch look at it.
    #[allow(clippy::too_many_arguments, reason = "everything that happened in one exchange")]
    fn keep(
        &self,
        operation: Operation,
        base: &str,
        prepared: &Prepared,
        received: &transport::Received,
        began: &Moment,
        ordinal: u64,
        plain_signature: bool,
    ) -> Kept {
        let span_ms = (began.elapsed_ms, self.target.elapsed_ms());
        let received_ms = milliseconds(self.target.harness_now());
        let number = self.target.evidence.fetch_add(1, Ordering::Relaxed) + 1;
        let evidence = format!("E-{number:06}");
        if prepared.sent.query.contains(&prepared.sent.signature) {
            self.target.masker().add_secret(&prepared.sent.signature);
        }
        let recorded = record(&Observation {
            id: evidence.clone(),
            case: &self.case,
            operation: operation.name(),
            started: began.time.format(&time::format_description::well_known::Rfc3339).unwrap_or_default(),
            duration_ms: span_ms.1.saturating_sub(span_ms.0),
            base,
            sent: &prepared.sent,
            headers: &prepared.headers,
            body: &prepared.wire_body,
            received,
            key_hint: prepared.key_hint.as_deref(),
            masker: &self.target.masker(),
            plain_signature,
            raw: self.target.keep_raw,
            salt_key: &self.target.salt_key,
            trace: Trace {
                part: self.target.part,
                ordinal,
                span_ms,
                received_ms,
                unreachable: received.unreachable,
                ..Trace::default()
            },
            charset: self.target.settings.charset,
        });
        let url = format!("{base}{}?{}", prepared.sent.path, prepared.sent.query);
        let mut data = self.data();
        data.exchanges.push(recorded);
        let CaseData { personal, matcher, .. } = &mut *data;
        matcher.update(personal);
        let look = Look { operation, case: &self.case, evidence: &evidence, url: &url, received };
        self.target.watch.look(&look, matcher);
        drop(data);
        Kept { evidence, span_ms, received_ms }
    }

    /// Records a raw exchange: the body of its evidence is every byte sent, without the signature.
    pub(crate) fn keep_raw(
        &self,
        operation: Operation,
        base: &str,
        prepared: &Prepared,
        received: &transport::Received,
        began: &Moment,
    ) -> String {
        self.target.masker().add_secret(&prepared.sent.signature);
        let ordinal = self.next_call();
        let evidence = self.keep(operation, base, prepared, received, began, ordinal, true).evidence;
        if let Some(last) = self.data().exchanges.last_mut().filter(|last| last.exchange.id == evidence) {
            last.exchange.curl = format!("# raw bytes over TCP, as in request.body; ecric run --only {}", self.case);
        }
        evidence
    }

    fn next_call(&self) -> u64 {
        let mut data = self.data();
        data.sent += 1;
        data.sent
    }

    /// Answers from the record.
    fn answer_again(&self, operation: Operation, prepared: Prepared) -> Result<Answer, TargetError> {
        let digest = crate::recorder::request_digest(operation.name(), &prepared.sent, &prepared.wire_body);
        let found = self
            .target
            .tape
            .as_ref()
            .and_then(|tape| tape.answer(&self.case, operation.name(), &prepared.sent, &digest));
        let Some((recorded, headers, body)) = found else {
            return Err(self.missing(operation.name()));
        };
        let json = (!body.is_empty()).then(|| serde_json::from_slice(&body).ok()).flatten();
        let exchange = &recorded.exchange;
        let answer = Answer {
            operation,
            outcome: exchange.outcome,
            transport_error: exchange.transport_error.clone(),
            unreachable: recorded.trace.unreachable,
            status: exchange.response.as_ref().map_or(0, |response| response.status),
            headers,
            body: body.into(),
            json,
            evidence: exchange.id.clone(),
            sent: prepared.sent,
            span_ms: recorded.trace.span_ms,
            received_ms: recorded.trace.received_ms,
        };
        self.data().exchanges.push(recorded);
        Ok(answer)
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

    fn credentials(&self, who: Credentials, caller: Option<&str>) -> Option<(String, Key, String)> {
        let settings = &self.target.settings;
        if let (Some(name), Credentials::Main, Some(dialect)) = (caller, who, &settings.dialect) {
            let caller = dialect.callers.get(name)?;
            let key = Key::from_hex(caller.key.as_deref()?).ok()?;
            return Some((caller.app.clone()?, key, name.to_owned()));
        }
        let of =
            |credential: &Credential| (credential.app.clone(), credential.key.clone(), credential.key_hint.clone());
        match who {
            Credentials::None => None,
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

    fn sign(&self, sent: &mut Sent, app: &str, key: &Key, options: &SendOptions, before: Option<&Sent>) {
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
            SignatureForm::Whole => whole,
            SignatureForm::Half => whole[..whole.len() / 2].to_owned(),
            SignatureForm::Empty => String::new(),
            SignatureForm::DigestSm3 => b64url(&ecric_gm::sm3::digest(text.as_bytes())),
            SignatureForm::DigestSha256 => b64url(&ecric_gm::sha256::digest(text.as_bytes())),
            SignatureForm::DigestMd5 => b64url(&ecric_gm::legacy::md5(text.as_bytes())),
            SignatureForm::WordNone => "none".to_owned(),
        };
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
        let headers = headers_of(&sent, None, !sent.body.is_empty());
        let wire_body = sent.body.clone();
        Self { sent, headers, wire_body, key_hint: None, read_ms: None }
    }
}

fn headers_of(sent: &Sent, content_type: Option<&str>, has_body: bool) -> Vec<(String, String)> {
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

fn milliseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0)
}
