//! One run: preflight, the plan in parallel, the exclusive cases alone, verdicts, the record.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ecric_model::Text;
use ecric_model::binding::Limits;
use ecric_model::evidence::{Attempt, Part, Recorded};
use ecric_model::exchange::Exchange;
use ecric_model::ics::ConformanceLevel;
use ecric_model::ids::CaseId;
use ecric_model::mutant::MutantInfo;
use ecric_model::run_record::RunRecord;
use ecric_model::verdict::{Cause, RunVerdict, Verdict};
use ecric_reports::package::{Journal, Recovered};
use ecric_steps::{CaseContext, CaseEnd, CaseLog, EcricWorld, ListedPersons, RunContext};
use ecric_target::{CaseConnection, Clock, Entropy, LoadedTarget, PersonaMode, Tape, Target};

use time::OffsetDateTime;

use crate::cases::CaseSpec;
use crate::engine::{EngineEnd, Hooks, run_cases, steps_are_linked};
use crate::plan::{Depth, Plan};
use crate::preflight::preflight;
use crate::record;
use crate::suite::Suite;
use crate::verdict::{CaseOutcome, judge};
use crate::waivers::{Waivers, day_in_china};

/// HANG verdicts in a row after which a run is stopped.
const HANGS_IN_A_ROW: u32 = 5;
/// Calls of a load under way at once where the target file permits any number.
const LOAD_IN_FLIGHT: u32 = 16;

/// What the user asks of a run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Seed, 32 bytes.
    pub seed: [u8; 32],
    /// The seed as given, for repeat commands.
    pub seed_text: String,
    /// Cases at once.
    pub jobs: usize,
    /// Stop at the first case that makes the run non-conformant.
    pub fail_fast: bool,
    /// Keep the bodies of generated persons beside the evidence.
    pub keep_raw: bool,
    /// Secret that salts of commitments come from: 32 random bytes, never written.
    pub salt_key: [u8; 32],
    /// This sitting of the run.
    pub part: Part,
    /// `dev`, `pretest` or `official`.
    pub mode: String,
    /// Most time for one case.
    pub case_limit: Duration,
    /// Command that repeats the run, without `--only` and `--seed`.
    pub command: String,
    /// Commit of the suite, or `unknown`.
    pub commit: String,
    /// Rung adapter: cases about the wire that the adapter itself has to pass before the plan.
    pub self_test: Option<Plan>,
    /// Known failures that somebody answers for.
    pub waivers: Vec<crate::expected::PlacedWaiver>,
    /// Called at once when a case begins and ends, before anything else of the run goes on.
    pub watch: Option<Watch>,
}

/// Told the case, and `true` when it begins.
type Watcher = dyn Fn(&str, bool) + Send + Sync;

/// What is called when a case begins and when it ends.
#[derive(Clone)]
pub struct Watch(pub Arc<Watcher>);

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

/// What happens during a run, for people who wait.
#[derive(Debug, Clone)]
pub enum Progress {
    /// The plan begins: number of cases.
    Planned(usize),
    /// A case begins.
    CaseOpened(CaseId),
    /// A case ended.
    CaseClosed(CaseClosed),
}

/// A case that ended.
#[derive(Debug, Clone)]
pub struct CaseClosed {
    /// Its id.
    pub id: CaseId,
    /// Its verdict before twins and levels.
    pub verdict: Verdict,
    /// Cases closed so far.
    pub done: usize,
    /// Cases planned.
    pub total: usize,
    /// Red cases so far.
    pub failed: usize,
}

/// Why a run could not be done: a fault of ours.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The runtime could not be built.
    #[error("cannot start the runtime: {0}")]
    Runtime(std::io::Error),
    /// The target client could not be built.
    #[error("{0}")]
    Target(#[from] ecric_target::TargetError),
    /// The keys or the listener of the harness could not be made.
    #[error("cannot set up trust: {0}")]
    SetUp(String),
    /// No step is linked into the binary.
    #[error("no step is linked into this binary")]
    NoSteps,
}

/// Runs a plan. The journal receives evidence as it comes; `earlier` holds what earlier parts of the run left, whose
/// cases are not run again; `interrupt` stops the run.
///
/// # Errors
/// Only for faults of ours before the first case; everything later is in the record.
#[allow(clippy::too_many_arguments, reason = "the one door of the room; each argument is a different thing")]
pub fn run(
    suite: &Suite,
    plan: &Plan,
    target: &LoadedTarget,
    clock: &Clock,
    options: &RunOptions,
    mutants: &[MutantInfo],
    mut journal: Journal,
    earlier: Option<&Recovered>,
    interrupt: &Arc<AtomicBool>,
    progress: &dyn Fn(&Progress),
) -> Result<RunRecord, RunError> {
    if !plan.cases.is_empty() && !steps_are_linked(&plan.cases) {
        return Err(RunError::NoSteps);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::Runtime)?;
    let begin = Instant::now();
    let started = OffsetDateTime::from_unix_timestamp_nanos(i128::from(options.part.started_ms) * 1_000_000);
    let started = started.unwrap_or_else(|_| clock());
    let entropy = Entropy::new(options.seed, options.part.started_ms);
    let client = Target::new(target.settings.clone(), Arc::clone(clock), entropy, options.keep_raw)?;
    let last_evidence = earlier.map_or(0, |earlier| earlier.last_evidence);
    let connection = Arc::new(client.with_salts(options.salt_key).as_part(options.part.part, last_evidence));
    let closed_before = earlier.map(closed_before).unwrap_or_default();
    let left: Vec<CaseSpec> = plan.cases.iter().filter(|case| !closed_before.contains_key(&case.id)).cloned().collect();
    progress(&Progress::Planned(plan.cases.len()));
    let (outcomes, stopped) = runtime.block_on(async {
        let first = preflight(&connection, &target.ics, &target.settings.clock, target.pinned_root()).await;
        journal.exchanges(&first.exchanges);
        let done = match first.stop {
            Some((cause, reason)) => {
                let closed = closed_all(&left, cause, &reason, &first.exchanges);
                journal_all(&mut journal, &closed);
                (closed, Some(reason))
            }
            None => {
                let (trust, exchanges) =
                    ecric_steps::set_up(&connection, &target.ics, &first.limits, target.trust_by_hand())
                        .await
                        .map_err(RunError::SetUp)?;
                journal.exchanges(&exchanges);
                let context = context(&connection, target, plan, options, first.limits, trust);
                let refused = match &options.self_test {
                    Some(own) => {
                        let desk = Desk::new(suite, Arc::clone(&context), options, interrupt, 0).of_self_test();
                        let all = own.cases.len();
                        adapter_fault(own, stages(&own.cases, desk, options.jobs, &mut journal, all, &|_| {}).await)
                    }
                    None => None,
                };
                let done = match refused {
                    Some((cause, reason)) => {
                        let closed = closed_all(&left, cause, &reason, &[]);
                        journal_all(&mut journal, &closed);
                        (closed, Some(reason))
                    }
                    None => {
                        let desk = Desk::new(suite, Arc::clone(&context), options, interrupt, closed_before.len());
                        stages(&left, desk, options.jobs, &mut journal, plan.cases.len(), progress).await
                    }
                };
                journal.exchanges(&ecric_steps::tear_down(&connection, &context.trust).await);
                done
            }
        };
        Ok::<_, RunError>(done)
    })?;
    let mut outcomes = outcomes;
    outcomes.extend(closed_before);
    for (id, closed) in &mut outcomes {
        closed.attempt = journal.attempt_of(id);
    }
    let raw: BTreeMap<CaseId, CaseOutcome> =
        outcomes.iter().map(|(id, closed)| (id.clone(), closed.outcome.clone())).collect();
    let waivers = Waivers {
        entries: options.waivers.clone(),
        target_version: target.file.vendor.version.clone(),
        today: Some(day_in_china(started)),
        partial: plan.is_partial(),
    };
    let judged = judge(&plan.cases, &plan.requirements, raw, &waivers);
    Ok(record::build(record::Parts {
        plan,
        target,
        options,
        mutants,
        judged,
        closed: outcomes,
        stopped,
        evidence_failure: journal.finish(),
        earlier,
        started,
        finished: clock(),
        duration: begin.elapsed(),
    }))
}

/// What judging a record again came to.
#[derive(Debug, Clone)]
pub struct JudgedAgain {
    /// Outcome of each case, before twins and levels, and what its property did.
    pub cases: BTreeMap<CaseId, (CaseOutcome, Option<ecric_model::run_record::PropertyRecord>)>,
    /// Cases that the record says too little about, with what it lacks.
    pub missing: BTreeMap<CaseId, String>,
    /// Verdicts, over the cases that could be judged.
    pub judged: crate::verdict::Judged,
}

/// Judges a record again: the same plan, seed and clock over a transport that answers from the record. Nothing is
/// sent. `recorded` holds the outcomes of the record, for cases that a stop had closed.
///
/// # Errors
/// As [`run`].
pub fn judge_again(
    suite: &Suite,
    plan: &Plan,
    target: &LoadedTarget,
    options: &RunOptions,
    tape: Tape,
    recorded: BTreeMap<CaseId, CaseOutcome>,
    progress: &dyn Fn(&Progress),
) -> Result<JudgedAgain, RunError> {
    if !plan.cases.is_empty() && !steps_are_linked(&plan.cases) {
        return Err(RunError::NoSteps);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::Runtime)?;
    let started = OffsetDateTime::from_unix_timestamp_nanos(i128::from(options.part.started_ms) * 1_000_000);
    let started = started.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let clock: Clock = Arc::new(move || started);
    let entropy = Entropy::new(options.seed, options.part.started_ms);
    let tape = Arc::new(tape);
    let client = Target::new(target.settings.clone(), clock, entropy, false)?.from_tape(Arc::clone(&tape));
    let connection = Arc::new(client);
    let interrupt = Arc::new(AtomicBool::new(false));
    let mut journal = Journal::nowhere();
    let outcomes = runtime.block_on(async {
        let first = preflight(&connection, &target.ics, &target.settings.clock, target.pinned_root()).await;
        if let Some((cause, reason)) = first.stop {
            return Ok::<_, RunError>(closed_all(&plan.cases, cause, &reason, &[]));
        }
        let (trust, _) = ecric_steps::set_up(&connection, &target.ics, &first.limits, target.trust_by_hand())
            .await
            .map_err(RunError::SetUp)?;
        let context = context(&connection, target, plan, options, first.limits, trust);
        let desk = Desk { recorded, ..Desk::new(suite, context, options, &interrupt, 0) };
        let (outcomes, _) = stages(&plan.cases, desk, 1, &mut journal, plan.cases.len(), progress).await;
        Ok(outcomes)
    })?;
    let set_up = ["", ecric_steps::SET_UP].into_iter().find_map(|case| tape.missing(case));
    let mut missing = BTreeMap::new();
    for case in &plan.cases {
        let lacks = set_up.clone().or_else(|| tape.missing(case.id.as_str()));
        if let Some(lacks) = lacks {
            missing.insert(case.id.clone(), lacks);
        }
    }
    let cases: BTreeMap<_, _> = outcomes.into_iter().map(|(id, closed)| (id, (closed.outcome, closed.log))).collect();
    let raw = cases.iter().map(|(id, (outcome, _))| (id.clone(), outcome.clone())).collect();
    let judged = judge(&plan.cases, &plan.requirements, raw, &Waivers::default());
    Ok(JudgedAgain { cases, missing, judged })
}

/// Failing cases of a self-test that a message names.
const NAMED: usize = 6;

/// Why nothing over an adapter can be judged: cases that it fails itself, or a stop meanwhile.
fn adapter_fault(plan: &Plan, done: (Outcomes, Option<Text>)) -> Option<(Cause, Text)> {
    let (outcomes, stopped) = done;
    let raw = outcomes.into_iter().map(|(id, closed)| (id, closed.outcome)).collect();
    let judged = judge(&plan.cases, &plan.requirements, raw, &Waivers::default());
    if judged.whole == RunVerdict::Conformant {
        return None;
    }
    let failed: Vec<(&CaseId, &CaseOutcome)> =
        judged.cases.iter().filter(|(_, outcome)| !matches!(outcome.verdict, Verdict::Pass | Verdict::Warn)).collect();
    let red = failed.iter().any(|(_, outcome)| outcome.verdict.is_red());
    if let (Some(reason), false) = (stopped, red) {
        return Some((Cause::Stopped, reason));
    }
    let shown: Vec<String> =
        failed.iter().take(NAMED).map(|(id, outcome)| format!("{id} {}", outcome.verdict.name())).collect();
    let more = if failed.len() > NAMED { ", …" } else { "" };
    let (count, all, shown) = (failed.len(), plan.cases.len(), shown.join(", "));
    let text = Text::new(
        format!(
            "the adapter did not pass {count} of the {all} cases of its self-test ({shown}{more}); `ecric target selftest` shows them"
        ),
        format!("适配器自检 {all} 个用例中有 {count} 个未通过（{shown}{more}）；可用 `ecric target selftest` 查看"),
    );
    Some((Cause::Adapter, text))
}

/// What became of a case and what it leaves behind.
#[derive(Debug, Clone)]
pub(crate) struct Closed {
    pub(crate) outcome: CaseOutcome,
    pub(crate) log: Option<ecric_model::run_record::PropertyRecord>,
    pub(crate) exchanges: Vec<Exchange>,
    /// Evidence ids of its own exchanges.
    pub(crate) evidence: Vec<String>,
    pub(crate) duration: Duration,
    pub(crate) failed_step: Option<String>,
    /// Number of the attempt that ended.
    pub(crate) attempt: u32,
}

/// What earlier parts of a run closed.
fn closed_before(earlier: &Recovered) -> Outcomes {
    let mut by_id: BTreeMap<&str, &Exchange> = BTreeMap::new();
    for recorded in &earlier.exchanges {
        by_id.insert(recorded.exchange.id.as_str(), &recorded.exchange);
    }
    let closed = |attempt: &Attempt| Closed {
        outcome: attempt.outcome.clone(),
        log: attempt.property.clone(),
        exchanges: attempt.evidence.iter().filter_map(|id| by_id.get(id.as_str())).map(|one| (*one).clone()).collect(),
        evidence: attempt.evidence.clone(),
        duration: Duration::from_millis(attempt.duration_ms),
        failed_step: None,
        attempt: attempt.attempt,
    };
    earlier.attempts.iter().map(|attempt| (attempt.case.clone(), closed(attempt))).collect()
}

/// Cases that were closed without being run.
fn journal_all(journal: &mut Journal, closed: &Outcomes) {
    for (id, closed) in closed {
        let attempt = journal.opened(id);
        journal.closed(&Attempt {
            case: id.clone(),
            attempt,
            part: journal.part_number(),
            duration_ms: 0,
            outcome: closed.outcome.clone(),
            evidence: Vec::new(),
            property: None,
            clock: Vec::new(),
            observations: Vec::new(),
        });
    }
    journal.flush();
}

fn context(
    connection: &Arc<Target>,
    target: &LoadedTarget,
    plan: &Plan,
    options: &RunOptions,
    limits: Limits,
    trust: ecric_steps::TrustSetUp,
) -> Arc<RunContext> {
    Arc::new(RunContext {
        target: Arc::clone(connection),
        ics: target.ics.clone(),
        seed: options.seed,
        grain: match plan.level {
            ConformanceLevel::Core => ecric_steps::Grain::Outcome,
            ConformanceLevel::Full => ecric_steps::Grain::Reason,
        },
        property_values: plan.depth.property_values(),
        reach: plan.depth.reach(u32::try_from(options.jobs).unwrap_or(u32::MAX), options.case_limit.as_secs()),
        load: ecric_steps::LoadReach {
            in_flight: target.file.limits.concurrency.unwrap_or(LOAD_IN_FLIGHT),
            seconds: plan.depth.load_s(target.file.limits.load_s, options.case_limit.as_secs()),
            long: plan.depth == Depth::Long,
        },
        limits,
        trust,
        persons: (target.file.personas.mode == PersonaMode::Preprovisioned)
            .then(|| Arc::new(ListedPersons::new(target.persons.clone()))),
    })
}

fn closed_all(cases: &[CaseSpec], cause: Cause, reason: &Text, exchanges: &[Recorded]) -> Outcomes {
    let shown = |case: &CaseSpec| match cases.first() {
        Some(first) if first.id == case.id => exchanges.iter().map(|recorded| recorded.exchange.clone()).collect(),
        _ => Vec::new(),
    };
    let closed = |case: &CaseSpec| Closed {
        outcome: CaseOutcome::without(Verdict::Inconclusive, cause, Some(reason.clone())),
        log: None,
        exchanges: shown(case),
        evidence: Vec::new(),
        duration: Duration::ZERO,
        failed_step: None,
        attempt: 1,
    };
    cases.iter().map(|case| (case.id.clone(), closed(case))).collect()
}

type Outcomes = BTreeMap<CaseId, Closed>;

async fn stages(
    cases: &[CaseSpec],
    desk: Desk,
    jobs: usize,
    journal: &mut Journal,
    total: usize,
    progress: &dyn Fn(&Progress),
) -> (Outcomes, Option<Text>) {
    let desk = Rc::new(desk);
    let (parallel, exclusive): (Vec<_>, Vec<_>) = cases.iter().cloned().partition(|case| !case.exclusive);
    let mut failed_steps = BTreeMap::new();
    for (cases, jobs) in [(parallel, jobs.max(1)), (exclusive, 1)] {
        if cases.is_empty() {
            continue;
        }
        let hooks: Rc<dyn Hooks> = Rc::clone(&desk) as Rc<dyn Hooks>;
        let work = run_cases(&cases, jobs, hooks);
        tokio::pin!(work);
        let mut tick = tokio::time::interval(Duration::from_millis(50));
        loop {
            tokio::select! {
                failed = &mut work => { failed_steps.extend(failed); break; }
                _ = tick.tick() => desk.report(journal, total, progress),
            }
        }
        desk.report(journal, total, progress);
    }
    let mut closed = desk.closed.take();
    for (case, step) in failed_steps {
        if let Some(entry) = CaseId::parse(&case).ok().and_then(|id| closed.get_mut(&id)) {
            entry.failed_step = Some(step);
        }
    }
    let stopped = desk.stopped.borrow().clone();
    (closed, stopped)
}

/// Opens and closes cases for the engine.
struct Desk {
    watch: Option<Watch>,
    context: Arc<RunContext>,
    ordinals: BTreeMap<CaseId, u32>,
    limit: Duration,
    fail_fast: bool,
    interrupt: Arc<AtomicBool>,
    open: RefCell<BTreeMap<String, (Arc<CaseContext>, Instant)>>,
    closed: RefCell<Outcomes>,
    events: RefCell<Vec<Event>>,
    hangs: Cell<u32>,
    stopped: RefCell<Option<Text>>,
    /// Cases that earlier parts closed.
    before: usize,
    /// What the record says that a stop had closed; empty in a run.
    recorded: BTreeMap<CaseId, CaseOutcome>,
    /// True for the self-test of an adapter: its exchanges are evidence, its cases are none of the run.
    self_test: bool,
}

enum Event {
    Opened(CaseId),
    Closed(Box<Attempt>, Vec<Recorded>),
}

impl Desk {
    fn new(
        suite: &Suite,
        context: Arc<RunContext>,
        options: &RunOptions,
        interrupt: &Arc<AtomicBool>,
        before: usize,
    ) -> Self {
        Self {
            watch: options.watch.clone(),
            context,
            ordinals: suite.ordinals(),
            limit: options.case_limit,
            fail_fast: options.fail_fast,
            interrupt: Arc::clone(interrupt),
            open: RefCell::new(BTreeMap::new()),
            closed: RefCell::new(BTreeMap::new()),
            events: RefCell::new(Vec::new()),
            hangs: Cell::new(0),
            stopped: RefCell::new(None),
            before,
            recorded: BTreeMap::new(),
            self_test: false,
        }
    }

    /// For the self-test of an adapter.
    fn of_self_test(self) -> Self {
        Self { self_test: true, ..self }
    }

    /// True where a record is judged again: nothing stops it, what a stop had closed stays closed.
    fn is_again(&self) -> bool {
        self.context.target.tape().is_some()
    }

    fn stop(&self, reason: Text) {
        self.stopped.borrow_mut().get_or_insert(reason);
    }

    /// Hands what happened to the people who wait, and the evidence to the journal.
    fn report(&self, journal: &mut Journal, total: usize, progress: &dyn Fn(&Progress)) {
        let events = self.events.take();
        let closed = self.closed.borrow();
        let failed = closed.values().filter(|closed| closed.outcome.verdict.is_red()).count();
        let mut done =
            self.before + closed.len() - events.iter().filter(|event| matches!(event, Event::Closed(..))).count();
        for event in events {
            match event {
                Event::Opened(id) => {
                    if !self.self_test {
                        journal.opened(&id);
                    }
                    progress(&Progress::CaseOpened(id));
                }
                Event::Closed(mut attempt, exchanges) => {
                    journal.exchanges(&exchanges);
                    attempt.attempt = journal.attempt_of(&attempt.case);
                    attempt.part = journal.part_number();
                    if !self.self_test {
                        journal.closed(&attempt);
                    }
                    done += 1;
                    let (id, verdict) = (attempt.case, attempt.outcome.verdict);
                    progress(&Progress::CaseClosed(CaseClosed { id, verdict, done, total, failed }));
                }
            }
        }
        journal.flush();
    }

    fn outcome(log: &CaseLog, end: EngineEnd, asked: bool) -> CaseOutcome {
        let ours = |cause, reason: &str| CaseOutcome::without(Verdict::SuiteError, cause, Some(Text::same(reason)));
        match (&log.end, end) {
            (Some(CaseEnd::Finding(finding)), _) => CaseOutcome::found((**finding).clone()),
            (Some(CaseEnd::Inconclusive(cause, detail)), _) => {
                CaseOutcome::without(Verdict::Inconclusive, *cause, Some(detail.clone()))
            }
            (Some(CaseEnd::SuiteError(cause, reason)), _) => ours(*cause, reason),
            (None, EngineEnd::Passed) if log.judgements > 0 && asked => CaseOutcome::for_review(),
            (None, EngineEnd::Passed) if log.judgements > 0 => CaseOutcome::pass(),
            (None, EngineEnd::Passed) => ours(Cause::NoJudgement, "no check was called"),
            (None, EngineEnd::Undefined) => ours(Cause::UndefinedStep, "a step has no function"),
            (None, EngineEnd::Failed | EngineEnd::NotBuilt) => ours(Cause::Panic, "a step ended without a judgement"),
        }
    }
}

impl Hooks for Desk {
    fn open(&self, case: &str, world: &mut EcricWorld) {
        if self.interrupt.load(Ordering::Relaxed) {
            self.stop(Text::new("interrupted", "已中断"));
        }
        let Ok(id) = CaseId::parse(case) else { return };
        // A twin may be in the self-test and in the plan: nonces and evidence of both stay apart.
        let name = if self.self_test { format!("self-test {case}") } else { case.to_owned() };
        let connection = CaseConnection::open(Arc::clone(&self.context.target), &name, self.limit);
        let ordinal = self.ordinals.get(&id).copied().unwrap_or(0);
        let context = Arc::new(CaseContext::new(Arc::clone(&self.context), connection, ordinal));
        let recorded = self.recorded.get(&id).and_then(|outcome| {
            let cause = outcome.cause.filter(|cause| matches!(cause, Cause::Stopped | Cause::Adapter))?;
            Some((cause, outcome.detail.clone()?))
        });
        let stopped = recorded.or_else(|| self.stopped.borrow().clone().map(|reason| (Cause::Stopped, reason)));
        if let Some((cause, reason)) = stopped {
            // The first step finds the end in the log and stops before anything is sent.
            context.with_log(|log| log.end = Some(CaseEnd::Inconclusive(cause, reason)));
        }
        self.open.borrow_mut().insert(case.to_owned(), (Arc::clone(&context), Instant::now()));
        self.events.borrow_mut().push(Event::Opened(id));
        world.open(context);
        if let Some(watch) = &self.watch {
            (watch.0)(case, true);
        }
    }

    fn close(&self, case: &str, end: EngineEnd) {
        let Some((context, began)) = self.open.borrow_mut().remove(case) else { return };
        let Ok(id) = CaseId::parse(case) else { return };
        if let Some(watch) = &self.watch {
            (watch.0)(case, false);
        }
        let mut log = context.take_log();
        let mut outcome = Self::outcome(&log, end, context.connection.asked_a_person());
        clean(&mut outcome, log.property.as_mut(), &context.connection);
        self.hangs.set(if outcome.verdict == Verdict::Hang { self.hangs.get() + 1 } else { 0 });
        if self.hangs.get() >= HANGS_IN_A_ROW && !self.is_again() {
            self.stop(Text::new(
                format!("{HANGS_IN_A_ROW} cases in a row had no answer within the limit"),
                format!("连续{HANGS_IN_A_ROW}个用例在时限内无应答"),
            ));
        }
        if self.fail_fast && outcome.verdict.is_red() {
            self.stop(Text::new(format!("--fail-fast: {id} failed"), format!("--fail-fast：{id} 不通过")));
        }
        let recorded = context.connection.take_recorded();
        let (clock, observations) = context.connection.take_readings();
        let exchanges: Vec<Exchange> = recorded.iter().map(|recorded| recorded.exchange.clone()).collect();
        let evidence: Vec<String> = exchanges.iter().map(|exchange| exchange.id.clone()).collect();
        let duration = began.elapsed();
        let attempt = Attempt {
            case: id.clone(),
            attempt: 1,
            part: 1,
            duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
            outcome: outcome.clone(),
            evidence: evidence.clone(),
            property: log.property.clone(),
            clock,
            observations,
        };
        self.events.borrow_mut().push(Event::Closed(Box::new(attempt), recorded));
        let closed =
            Closed { outcome, log: log.property, exchanges, evidence, duration, failed_step: None, attempt: 1 };
        self.closed.borrow_mut().insert(id, closed);
    }
}

/// What a case says goes into every report: no secret and no personal value leaves with it.
fn clean(
    outcome: &mut CaseOutcome,
    property: Option<&mut ecric_model::run_record::PropertyRecord>,
    connection: &CaseConnection,
) {
    let text = |text: &mut Text| {
        text.en = connection.redacted(&text.en);
        text.zh = connection.redacted(&text.zh);
    };
    outcome.detail.iter_mut().for_each(text);
    for finding in &mut outcome.findings {
        text(&mut finding.expected);
        text(&mut finding.actual);
        finding.place = connection.redacted(&finding.place);
    }
    if let Some(minimal) = property.and_then(|property| property.minimal.as_mut()) {
        *minimal = connection.redacted(minimal);
    }
}
