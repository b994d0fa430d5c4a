//! Service levels that the product declares, measured under an open loop of calls.

use std::time::Duration;

use cucumber::{then, when};
use ecric_checks::service_levels as checks;
use ecric_explore::load::{Ended, Pace, run_open};
use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::exchange::TransportOutcome;
use ecric_model::ics::ServiceLevel;
use ecric_model::load::{LoadPart, LoadRecord};
use ecric_model::run_record::PropertyRecord;
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call, Sample};
use tokio::time::Instant;

use crate::file_verification::{base_file, ready};
use crate::requests;
use crate::trust::verification;
use crate::world::{EcricWorld, StepResult};

/// Calls whose times are judged, in a short plan and in a long one.
const CALLS: usize = 20;
const CALLS_LONG: usize = 200;
/// Most calls that use something up, a person or a code.
const USED_UP: usize = 60;
/// First and last calls of a load that evidence keeps.
const KEPT: u64 = 3;
/// Calls that only make the request, to measure our own share, and the time between them.
const OWN: u64 = 20;
const OWN_EVERY: Duration = Duration::from_millis(5);
/// Milliseconds in which a call has to be answered after an overload where no time is declared.
const CALM_MS: u64 = 1_000;
/// Pause between two looks after an overload.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Seconds that the catalogue wants at the declared rate.
const WANTED_S: u64 = 300;
/// Operations whose rate can be measured: the same call again and again.
const REPEATABLE: [Operation; 3] = [Operation::Status, Operation::Metadata, Operation::VerifyFile];

fn ended(answer: &Answer) -> Ended {
    match answer.status {
        _ if answer.outcome != TransportOutcome::Answer => Ended::Unanswered,
        200..300 => Ended::Answered,
        429 | 503 => Ended::Refused,
        _ => Ended::Failed,
    }
}

impl EcricWorld {
    fn level(&self, operation: Operation) -> StepResult<ServiceLevel> {
        Ok(self.case()?.run.ics.slo.get(operation.name()).copied().unwrap_or_default())
    }

    /// Calls of an operation: one to be repeated, or so many that each use something up.
    async fn calls_of(&mut self, operation: Operation, count: usize) -> StepResult<Vec<Call>> {
        let of_licence = |world: &Self| world.licence().map(|licence| licence.identifier.clone());
        let call = match operation {
            Operation::Issue => return self.persons_to_issue(count).await,
            Operation::Redeem => return self.codes_to_redeem(count).await,
            Operation::VerifyFile => {
                ready(self)?;
                let body = verification(&base_file(self, "orig")?, "NONE");
                Call::new(operation, None, Body::Json(body))
            }
            Operation::Metadata => Call::new(operation, Some(&of_licence(self)?), Body::Json(requests::metadata())),
            _ => Call::new(operation, Some(&of_licence(self)?), Body::None),
        };
        Ok(vec![call])
    }

    async fn persons_to_issue(&mut self, count: usize) -> StepResult<Vec<Call>> {
        let mut calls = Vec::with_capacity(count);
        for _ in 0..count {
            let index = self.generate("adult")?;
            self.register(index, "NONE").await?;
            calls.push(Call::new(Operation::Issue, None, Body::Json(requests::issue(&self.people[index]))));
        }
        Ok(calls)
    }

    /// The rate that may be asked for, calls a second.
    fn permitted(&self, wanted: f64) -> StepResult<f64> {
        let case = self.case()?;
        let most = case.run.target.settings().most_a_second().into_iter();
        Ok(most.chain(case.run.limits.rate_per_second).map(f64::from).fold(wanted, f64::min))
    }

    /// Runs an open loop and keeps its figures; the record of a run answers without it.
    async fn put_under_load(&self, calls: &[Call], pace: Pace, part: LoadPart) -> StepResult<LoadRecord> {
        let case = self.case()?;
        let connection = &case.connection;
        let Some(first) = calls.first() else { return Err(self.suite_error("a load without calls")) };
        let operation = first.operation.name();
        let look = async {
            let call = |number: u64| calls[usize::try_from(number).unwrap_or(0) % calls.len()].clone();
            let own = Pace { every: OWN_EVERY, calls: OWN, ..pace };
            let make_only = |number| async move {
                let _ = connection.dry_run(call(number)).await;
                Ok::<_, ecric_target::TargetError>(Ended::Answered)
            };
            let own = run_open(own, make_only).await?.figures();
            let before = connection.exchanges_kept();
            let send = |number| async move {
                let at_an_end = number < KEPT || number + KEPT >= pace.calls;
                let sample = if at_an_end { Sample::Kept } else { Sample::IfItFails };
                Ok(ended(&connection.call_of_many(call(number), sample).await?))
            };
            let figures = run_open(pace, send).await?.figures();
            let body = connection.dry_run(call(0)).await.ok().and_then(|made| Some(made.first()?.body.len() as u64));
            let record = LoadRecord {
                operation: operation.to_owned(),
                part,
                body_bytes: body.unwrap_or_default(),
                overhead_p95_us: own.p95_us,
                kept: (connection.exchanges_kept() - before) as u64,
                ..figures
            };
            Ok::<_, ecric_target::TargetError>(serde_json::to_value(record).unwrap_or_default())
        };
        let seen = connection.measured("load", look).await.map_err(|error| self.ours(error))?;
        serde_json::from_value(seen).map_err(|_| self.ours(connection.missing("load")))
    }

    /// Keeps what was measured for the record of the case.
    fn keep_loads(&mut self, law: &str, loads: Vec<LoadRecord>) -> StepResult {
        let calls: u64 = loads.iter().map(|load| load.calls).sum();
        let record = PropertyRecord {
            law: law.to_owned(),
            seed: String::new(),
            values: u32::try_from(calls).unwrap_or(u32::MAX),
            shrinks: 0,
            minimal: None,
            files: Vec::new(),
            loads: loads.clone(),
        };
        self.case()?.with_log(|log| log.property = Some(record));
        self.loads = loads;
        Ok(())
    }

    /// Operations with a declared rate that can be measured.
    fn with_rate(&self) -> StepResult<Vec<(Operation, ServiceLevel, u64)>> {
        let slo = &self.case()?.run.ics.slo;
        let level = |operation: Operation| Some((operation, *slo.get(operation.name())?));
        let all = REPEATABLE.into_iter().filter_map(level);
        let found: Vec<_> = all.filter_map(|(operation, level)| Some((operation, level, level.rps?))).collect();
        if found.is_empty() {
            let text = Text::new(
                "slo declares a rate of no operation whose calls can be repeated: issuer.status, issuer.metadata, verifier.file",
                "slo 未声明可重复调用的操作的速率：issuer.status、issuer.metadata、verifier.file",
            );
            return Err(self.inconclusive(Cause::NotShown, text));
        }
        Ok(found)
    }

    /// Runs every declared rate so many times over; a miss is measured once more.
    async fn at_rates(&mut self, times: u64, part: LoadPart) -> StepResult<Vec<LoadRecord>> {
        let reach = self.case()?.run.load;
        let span = Duration::from_secs(reach.seconds.min(WANTED_S));
        let mut loads = Vec::new();
        for (operation, level, rps) in self.with_rate()? {
            self.stand_by(operation).await?;
            let calls = self.calls_of(operation, 1).await?;
            #[allow(clippy::cast_precision_loss, reason = "rates are small")]
            let wanted = (rps * times) as f64;
            let most = self.case()?.run.target.settings().most_a_second();
            if most.is_some_and(|most| f64::from(most) < wanted) {
                let text = Text::new(
                    format!("limits.rps permits less than {wanted} calls a second"),
                    format!("limits.rps 不允许每秒 {wanted} 次请求"),
                );
                return Err(self.inconclusive(Cause::NotShown, text));
            }
            let pace = Pace::of_rate(wanted, span, reach.in_flight as usize);
            let mut load = self.put_under_load(&calls, pace, part).await?;
            if part == LoadPart::Rate && checks::check_rate(&level, &load).is_err() {
                loads.push(load);
                load = self.put_under_load(&calls, pace, part).await?;
            }
            load.wanted_ms = (reach.seconds < WANTED_S).then_some(WANTED_S * 1_000);
            loads.push(load);
            if part == LoadPart::Overload {
                loads.push(self.recovery(&calls[0], &level).await?);
            }
        }
        Ok(loads)
    }

    /// A licence to ask about, where an operation needs one.
    async fn stand_by(&mut self, operation: Operation) -> StepResult {
        if operation != Operation::VerifyFile && self.licences.is_empty() {
            self.person_with_licence("adult", "VALID").await?;
        }
        Ok(())
    }

    /// Looks until the product answers as before.
    async fn recovery(&self, call: &Call, level: &ServiceLevel) -> StepResult<LoadRecord> {
        let case = self.case()?;
        let connection = &case.connection;
        let most = Duration::from_millis(level.p95_ms.unwrap_or(CALM_MS));
        let look = async {
            let begin = Instant::now();
            let mut load = LoadRecord {
                operation: call.operation.name().to_owned(),
                part: LoadPart::Recovery,
                in_flight: 1,
                ..LoadRecord::default()
            };
            let before = connection.exchanges_kept();
            while load.answered < checks::CALM_CALLS && begin.elapsed().as_millis() < u128::from(checks::RECOVERY_MS) {
                let start = Instant::now();
                let sample = if load.calls == 0 { Sample::Kept } else { Sample::IfItFails };
                let answer = connection.call_of_many(call.clone(), sample).await?;
                load.calls += 1;
                let calm = ended(&answer) == Ended::Answered && start.elapsed() <= most;
                load.answered = if calm { load.answered + 1 } else { 0 };
                tokio::time::sleep(LOOK_EVERY).await;
            }
            load.elapsed_ms = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
            load.kept = (connection.exchanges_kept() - before) as u64;
            Ok::<_, ecric_target::TargetError>(serde_json::to_value(load).unwrap_or_default())
        };
        let seen = connection.measured("recovery", look).await.map_err(|error| self.ours(error))?;
        serde_json::from_value(seen).map_err(|_| self.ours(connection.missing("recovery")))
    }

    /// Judges loads of one part, each by the level of its operation.
    fn judge_loads(
        &self,
        part: LoadPart,
        check: impl Fn(&ServiceLevel, &LoadRecord) -> ecric_checks::Judgement,
    ) -> StepResult {
        let slo = self.case()?.run.ics.slo.clone();
        let of_part = |load: &&LoadRecord| load.part == part;
        let mut judged: Vec<&LoadRecord> = self.loads.iter().filter(of_part).collect();
        // What was measured once more counts as measured last.
        judged.reverse();
        judged.dedup_by(|a, b| a.operation == b.operation);
        for load in judged {
            let level = slo.get(&load.operation).copied().unwrap_or_default();
            let judgement = check(&level, load);
            let own_limits_count = !matches!(part, LoadPart::Overload | LoadPart::Recovery);
            if judgement.is_err()
                && own_limits_count
                && let Some(doubt) = checks::doubt(&level, load)
            {
                return Err(self.inconclusive(Cause::NotShown, doubt));
            }
            self.judge_with(judgement, &[])?;
        }
        Ok(())
    }
}

#[when(regex = r#"^the operation "([a-z._]+)" is called (\d+) times a second$"#)]
async fn called_steadily(world: &mut EcricWorld, name: String, a_second: u32) -> StepResult {
    let operation =
        Operation::parse(&name).ok_or_else(|| world.suite_error(format!("no operation is called {name:?}")))?;
    let level = world.level(operation)?;
    let reach = world.case()?.run.load;
    let count = if reach.long { CALLS_LONG } else { CALLS };
    let uses_up = matches!(operation, Operation::Issue | Operation::Redeem);
    let count = if uses_up { count.min(USED_UP) } else { count };
    let mut rate = world.permitted(f64::from(a_second))?;
    let mut loads = Vec::new();
    // What misses is measured once more, at a rate that the calls permitted at once can carry.
    for _ in 0..2 {
        let calls = world.calls_of(operation, count).await?;
        let span = Duration::from_secs_f64((count as f64) / rate);
        let load =
            world.put_under_load(&calls, Pace::of_rate(rate, span, reach.in_flight as usize), LoadPart::Times).await?;
        let missed = checks::check_times(&level, &load).is_err();
        loads.push(load);
        if !missed {
            break;
        }
        let slowest = level.times().map(|(_, _, ms)| ms).max().unwrap_or(CALM_MS);
        #[allow(clippy::cast_precision_loss, reason = "times are small")]
        let carried = f64::from(reach.in_flight) * 800.0 / slowest as f64;
        rate = rate.min(carried);
    }
    world.keep_loads("the declared times are kept at a steady rate", loads)
}

#[when("operations are called at their declared rates")]
async fn called_at_declared_rates(world: &mut EcricWorld) -> StepResult {
    let loads = world.at_rates(1, LoadPart::Rate).await?;
    world.keep_loads("the declared answers a second are kept up", loads)
}

#[when("operations are called at twice their declared rates")]
async fn called_at_twice(world: &mut EcricWorld) -> StepResult {
    let loads = world.at_rates(2, LoadPart::Overload).await?;
    world.keep_loads("an overload is answered or refused, and passes", loads)
}

#[then("the declared times are kept")]
fn times_are_kept(world: &mut EcricWorld) -> StepResult {
    world.judge_loads(LoadPart::Times, checks::check_times)
}

#[then("the declared rates are kept up")]
fn rates_are_kept(world: &mut EcricWorld) -> StepResult {
    world.judge_loads(LoadPart::Rate, checks::check_rate)
}

#[then("every call is answered or refused as too many")]
fn overload_is_borne(world: &mut EcricWorld) -> StepResult {
    world.judge_loads(LoadPart::Overload, checks::check_overload)
}

#[then("the product answers as before")]
fn answers_as_before(world: &mut EcricWorld) -> StepResult {
    world.judge_loads(LoadPart::Recovery, |_, load| checks::check_recovery(load))
}
