//! One run: preflight, the plan in parallel, the exclusive cases alone, verdicts, the record.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ecric_model::Text;
use ecric_model::binding::Limits;
use ecric_model::exchange::Exchange;
use ecric_model::ics::ConformanceLevel;
use ecric_model::ids::CaseId;
use ecric_model::mutant::MutantInfo;
use ecric_model::run_record::RunRecord;
use ecric_model::verdict::{Cause, RunVerdict, Verdict};
use ecric_steps::{CaseContext, CaseEnd, CaseLog, EcricWorld, ListedPersons, RunContext};
use ecric_target::{CaseConnection, Clock, Entropy, LoadedTarget, PersonaMode, Target};

use crate::cases::CaseSpec;
use crate::engine::{EngineEnd, Hooks, run_cases, steps_are_linked};
use crate::plan::Plan;
use crate::preflight::preflight;
use crate::record;
use crate::suite::Suite;
use crate::verdict::{CaseOutcome, judge};
use crate::waivers::{Waivers, day_in_china};

/// HANG verdicts in a row after which a run is stopped.
const HANGS_IN_A_ROW: u32 = 5;

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
    /// Keep personal values of generated persons in the evidence.
    pub keep_raw: bool,
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

/// Runs a plan. `evidence` receives one exchange per line as JSON; `interrupt` stops the run.
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
    evidence: Box<dyn Write>,
    interrupt: &Arc<AtomicBool>,
    progress: &dyn Fn(&Progress),
) -> Result<RunRecord, RunError> {
    if !plan.cases.is_empty() && !steps_are_linked(&plan.cases) {
        return Err(RunError::NoSteps);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::Runtime)?;
    let started = clock();
    let begin = Instant::now();
    let start_ms = i64::try_from(started.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let entropy = Entropy::new(options.seed, start_ms);
    let connection = Arc::new(Target::new(target.settings.clone(), Arc::clone(clock), entropy, options.keep_raw)?);
    progress(&Progress::Planned(plan.cases.len()));
    let mut journal = Journal { evidence, failure: None };
    let (outcomes, stopped) = runtime.block_on(async {
        let first = preflight(&connection, &target.ics, &target.settings.clock, target.pinned_root()).await;
        journal.write(&first.exchanges);
        let done = match first.stop {
            Some((cause, reason)) => (closed_all(&plan.cases, cause, &reason, &first.exchanges), Some(reason)),
            None => {
                let (trust, exchanges) =
                    ecric_steps::set_up(&connection, &target.ics, &first.limits, target.trust_by_hand())
                        .await
                        .map_err(RunError::SetUp)?;
                journal.write(&exchanges);
                let context = context(&connection, target, plan, options, first.limits, trust);
                let refused = match &options.self_test {
                    Some(own) => {
                        let shown = Arc::clone(&context);
                        let done = stages(suite, own, shown, options, &mut journal, interrupt, &|_| {}).await;
                        adapter_fault(own, done)
                    }
                    None => None,
                };
                let done = match refused {
                    Some((cause, reason)) => (closed_all(&plan.cases, cause, &reason, &[]), Some(reason)),
                    None => stages(suite, plan, Arc::clone(&context), options, &mut journal, interrupt, progress).await,
                };
                journal.write(&ecric_steps::tear_down(&connection, &context.trust).await);
                done
            }
        };
        Ok::<_, RunError>(done)
    })?;
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
        started,
        finished: clock(),
        duration: begin.elapsed(),
    }))
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
    pub(crate) duration: Duration,
    pub(crate) failed_step: Option<String>,
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
        limits,
        trust,
        persons: (target.file.personas.mode == PersonaMode::Preprovisioned)
            .then(|| Arc::new(ListedPersons::new(target.persons.clone()))),
    })
}

fn closed_all(cases: &[CaseSpec], cause: Cause, reason: &Text, exchanges: &[Exchange]) -> BTreeMap<CaseId, Closed> {
    let closed = |case: &CaseSpec| Closed {
        outcome: CaseOutcome::without(Verdict::Inconclusive, cause, Some(reason.clone())),
        log: None,
        exchanges: if cases.first().is_some_and(|first| first.id == case.id) { exchanges.to_vec() } else { Vec::new() },
        duration: Duration::ZERO,
        failed_step: None,
    };
    cases.iter().map(|case| (case.id.clone(), closed(case))).collect()
}

/// Evidence as it comes; a failure to write is remembered, not hidden.
struct Journal {
    evidence: Box<dyn Write>,
    failure: Option<String>,
}

impl Journal {
    fn write(&mut self, exchanges: &[Exchange]) {
        for exchange in exchanges {
            let written = serde_json::to_writer(&mut self.evidence, exchange)
                .map_err(std::io::Error::from)
                .and_then(|()| self.evidence.write_all(b"\n"));
            if let Err(error) = written {
                self.failure.get_or_insert_with(|| error.to_string());
            }
        }
    }

    fn finish(mut self) -> Option<String> {
        if let Err(error) = self.evidence.flush() {
            self.failure.get_or_insert_with(|| error.to_string());
        }
        self.failure
    }
}

type Outcomes = BTreeMap<CaseId, Closed>;

async fn stages(
    suite: &Suite,
    plan: &Plan,
    context: Arc<RunContext>,
    options: &RunOptions,
    journal: &mut Journal,
    interrupt: &Arc<AtomicBool>,
    progress: &dyn Fn(&Progress),
) -> (Outcomes, Option<Text>) {
    let desk = Rc::new(Desk {
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
    });
    let (parallel, exclusive): (Vec<_>, Vec<_>) = plan.cases.iter().cloned().partition(|case| !case.exclusive);
    let mut failed_steps = BTreeMap::new();
    for (cases, jobs) in [(parallel, options.jobs.max(1)), (exclusive, 1)] {
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
                _ = tick.tick() => desk.report(journal, plan.cases.len(), progress),
            }
        }
        desk.report(journal, plan.cases.len(), progress);
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
}

enum Event {
    Opened(CaseId),
    Closed(CaseId, Verdict, Vec<Exchange>),
}

impl Desk {
    fn stop(&self, reason: Text) {
        self.stopped.borrow_mut().get_or_insert(reason);
    }

    /// Hands what happened to the people who wait, and the evidence to the journal.
    fn report(&self, journal: &mut Journal, total: usize, progress: &dyn Fn(&Progress)) {
        let events = self.events.take();
        let closed = self.closed.borrow();
        let failed = closed.values().filter(|closed| closed.outcome.verdict.is_red()).count();
        let mut done = closed.len() - events.iter().filter(|event| matches!(event, Event::Closed(..))).count();
        for event in events {
            match event {
                Event::Opened(id) => progress(&Progress::CaseOpened(id)),
                Event::Closed(id, verdict, exchanges) => {
                    journal.write(&exchanges);
                    done += 1;
                    progress(&Progress::CaseClosed(CaseClosed { id, verdict, done, total, failed }));
                }
            }
        }
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
        let connection = CaseConnection::open(Arc::clone(&self.context.target), case, self.limit);
        let ordinal = self.ordinals.get(&id).copied().unwrap_or(0);
        let context = Arc::new(CaseContext::new(Arc::clone(&self.context), connection, ordinal));
        if let Some(reason) = &*self.stopped.borrow() {
            // The first step finds the end in the log and stops before anything is sent.
            context.with_log(|log| log.end = Some(CaseEnd::Inconclusive(Cause::Stopped, reason.clone())));
        }
        self.open.borrow_mut().insert(case.to_owned(), (Arc::clone(&context), Instant::now()));
        self.events.borrow_mut().push(Event::Opened(id));
        world.open(context);
    }

    fn close(&self, case: &str, end: EngineEnd) {
        let Some((context, began)) = self.open.borrow_mut().remove(case) else { return };
        let Ok(id) = CaseId::parse(case) else { return };
        let log = context.take_log();
        let outcome = Self::outcome(&log, end, context.connection.asked_a_person());
        self.hangs.set(if outcome.verdict == Verdict::Hang { self.hangs.get() + 1 } else { 0 });
        if self.hangs.get() >= HANGS_IN_A_ROW {
            self.stop(Text::new(
                format!("{HANGS_IN_A_ROW} cases in a row had no answer within the limit"),
                format!("连续{HANGS_IN_A_ROW}个用例在时限内无应答"),
            ));
        }
        if self.fail_fast && outcome.verdict.is_red() {
            self.stop(Text::new(format!("--fail-fast: {id} failed"), format!("--fail-fast：{id} 不通过")));
        }
        let exchanges = context.connection.take_exchanges();
        self.events.borrow_mut().push(Event::Closed(id.clone(), outcome.verdict, exchanges.clone()));
        let closed = Closed { outcome, log: log.property, exchanges, duration: began.elapsed(), failed_step: None };
        self.closed.borrow_mut().insert(id, closed);
    }
}
