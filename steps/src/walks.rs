//! Random walks and stored walks through the life cycle.

use std::cell::Cell;

use cucumber::{then, when};
use ecric_explore::walk::{
    Alphabet, Failure, Form, Ground, Size, Step, Walked, load_stored, render_regression, render_script,
    run_regressions, run_walks,
};
use ecric_licence::instant::{write_date, write_instant};
use ecric_licence::validity::china_date;
use ecric_model::binding::Operation;
use ecric_model::ics::Feature;
use ecric_model::requirement::Role;
use ecric_model::run_record::{PropertyRecord, ReplayFile};
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call};
use ecric_vectors::person::{Person, Slot, generate_person};
use serde_json::json;
use time::{Date, Duration, OffsetDateTime};

use crate::requests;
use crate::world::{EcricWorld, StepEnd, StepResult};

/// First index of the persons that walk.
const FIRST_INDEX: u32 = 64;
/// Index of the person in scripts: nobody else's.
const SCRIPT_INDEX: u32 = 4_095;
/// Most walks at once, however many calls the target permits.
const AT_ONCE: u32 = 8;
/// Replays spent on shrinking.
const REPLAYS: u32 = 120;

/// A case as a ground to walk on.
pub(crate) struct CaseGround<'a> {
    world: &'a EcricWorld,
    next: Cell<u32>,
    first: Date,
    began: OffsetDateTime,
    started: std::time::Instant,
}

impl<'a> CaseGround<'a> {
    /// With days, day 0 is tomorrow: time never goes back behind the present.
    pub(crate) fn new(world: &'a EcricWorld, with_days: bool) -> StepResult<Self> {
        let began = world.now()?;
        let first = china_date(began).saturating_add(Duration::days(i64::from(with_days)));
        Ok(Self { world, next: Cell::new(FIRST_INDEX), first, began, started: std::time::Instant::now() })
    }
}

impl Ground for CaseGround<'_> {
    type Error = StepEnd;

    async fn holder(&self) -> StepResult<Person> {
        let case = self.world.case()?;
        let index = self.next.replace(self.next.get() + 1);
        let slot = Slot { seed: case.run.seed, case_ordinal: case.ordinal, index };
        let person =
            generate_person("adult", &slot, self.first).map_err(|error| self.world.suite_error(error.to_string()))?;
        case.connection.add_personal(person.secrets());
        let body = Body::Json(requests::persona(&person, "NONE"));
        let answer = self.world.call(Call::new(Operation::TestPersonas, None, body)).await?;
        self.world.set_up(&answer, Cause::Persona)?;
        Ok(person)
    }

    async fn call(&self, call: Call) -> StepResult<Answer> {
        self.world.call(call).await
    }

    async fn stand_on_day(&self, day: i64) -> StepResult {
        let date = write_date(self.first.saturating_add(Duration::days(day)));
        crate::clock::set(self.world, json!({"fixed": format!("{date}T12:00:00+08:00")})).await
    }

    fn first_day(&self) -> Date {
        self.first
    }

    fn window(&self) -> (String, String) {
        let wide = |days: i64| write_instant(self.began + Duration::days(days));
        (write_instant(self.began - Duration::hours(1)), wide(60))
    }

    async fn settle(&self) {
        let lag = self.world.case().ok().map(|case| {
            let limits = &case.run.limits;
            limits.status_lag_ms.unwrap_or(0).max(limits.audit_lag_ms.unwrap_or(0))
        });
        if let Some(lag) = lag.filter(|lag| *lag > 0) {
            tokio::time::sleep(std::time::Duration::from_millis(lag.min(10_000))).await;
        }
    }

    fn grain(&self) -> ecric_checks::Grain {
        self.world.case().map(|case| case.run.grain).unwrap_or_default()
    }

    fn has_time(&self) -> bool {
        let Ok(case) = self.world.case() else { return false };
        let look = || json!(self.started.elapsed().as_secs() < case.run.reach.most_s);
        case.connection.observe("time for another walk", look).as_bool().unwrap_or(false)
    }
}

/// Member that states the version a change expects; a target file may declare it absent.
const EXPECTED_VERSION: &str = "issuer.transition.expectedStatusVersion";

/// Member with the holder's data; a product that withholds it from licences that are not VALID declares it absent.
const HOLDER: &str = "issuer.metadata.holder";

impl EcricWorld {
    /// What the product can be asked, by its ICS and its wire.
    fn alphabet(&self, clock: bool) -> StepResult<Alphabet> {
        let case = self.case()?;
        let ics = &case.run.ics;
        let has = |feature: Feature| ics.capabilities.features.contains(&feature);
        let verifies = ics.roles.contains(&Role::Verifier) || ics.roles.contains(&Role::SharingService);
        let absent = |member: &str| ics.capabilities.declared_absences.iter().any(|absence| absence.id == member);
        let native = !case.run.target.settings().is_mapped();
        Ok(Alphabet {
            suspend: has(Feature::Suspend),
            reissue: has(Feature::Reissue),
            attributes: verifies && has(Feature::Attributes),
            audit: has(Feature::Audit),
            file: has(Feature::Original),
            keys: native,
            tags: native,
            versions: !absent(EXPECTED_VERSION),
            metadata: !absent(HOLDER),
            destructive: true,
            clock,
        })
    }

    fn keep_walk(&mut self, law: &str, seed: &[u8; 32], walked: Walked) -> StepResult {
        let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        let case = self.case()?;
        let today = self.today()?;
        let files = match &walked.failure {
            Some(failure) => self.replay_files(failure, &hex, today)?,
            None => Vec::new(),
        };
        let minimal = walked.failure.as_ref().map(|failure| lines(&failure.steps));
        let record = PropertyRecord {
            law: law.to_owned(),
            seed: hex,
            values: walked.walks,
            shrinks: walked.replays,
            minimal,
            files,
            loads: Vec::new(),
        };
        case.with_log(|log| log.property = Some(record));
        self.property_failure = walked.failure.map(|failure| failure.finding);
        Ok(())
    }

    fn replay_files(&self, failure: &Failure, seed: &str, today: Date) -> StepResult<Vec<ReplayFile>> {
        let case = self.case()?;
        let slot = Slot { seed: case.run.seed, case_ordinal: case.ordinal, index: SCRIPT_INDEX };
        let person = generate_person("adult", &slot, today).map_err(|error| self.suite_error(error.to_string()))?;
        let first = today.saturating_add(Duration::days(i64::from(failure.steps.contains(&Step::Day))));
        let file = |ending: &str, text: String| ReplayFile { ending: ending.to_owned(), text };
        Ok(vec![
            file("yaml", render_regression(failure, seed)),
            file("curl.sh", render_script(&failure.steps, &person, first, Form::Curl)),
            file("ecric.sh", render_script(&failure.steps, &person, first, Form::Ecric)),
        ])
    }

    /// Calls that may be under way at once: who walks next hangs on it, also when the record is judged again.
    pub(crate) fn calls_at_once(&self) -> StepResult<u32> {
        let case = self.case()?;
        let seen = case.connection.observe("calls at once", || json!(case.run.reach.at_once));
        Ok(seen.as_u64().and_then(|seen| u32::try_from(seen).ok()).unwrap_or(1).max(1))
    }

    async fn walk(&mut self, clock: bool) -> StepResult {
        let law =
            if clock { "random walks with days agree with the model" } else { "random walks agree with the model" };
        self.clock_moved |= clock;
        let seed = self.property_seed(law)?;
        let alphabet = self.alphabet(clock)?;
        let reach = self.case()?.run.reach;
        // One clock for all: walks with days go one after the other.
        let size = Size {
            walks: if clock { reach.walks.div_ceil(2) } else { reach.walks },
            steps: reach.walk_steps,
            at_once: if clock { 1 } else { self.calls_at_once()?.min(AT_ONCE) },
            replays: REPLAYS,
        };
        let ground = CaseGround::new(self, clock)?;
        let walked = run_walks(&ground, alphabet, &seed, size).await?;
        self.keep_walk(law, &seed, walked)
    }

    async fn walk_again(&mut self, clock: bool) -> StepResult {
        let law = "stored walks agree with the model";
        self.clock_moved |= clock;
        let seed = self.property_seed(law)?;
        let stored = load_stored(self.alphabet(clock)?).map_err(|error| self.suite_error(error.to_string()))?;
        let at_once = if clock { 1 } else { self.calls_at_once()?.min(AT_ONCE) as usize };
        let ground = CaseGround::new(self, clock)?;
        let mut done = 0;
        for some in stored.chunks(at_once) {
            let mut walked = run_regressions(&ground, some, REPLAYS).await?;
            done += walked.walks;
            walked.walks = done;
            if walked.failure.is_some() || done as usize >= stored.len() {
                return self.keep_walk(law, &seed, walked);
            }
        }
        Err(self.inconclusive(
            Cause::SetUp,
            ecric_model::Text::new("no stored walk fits what the product offers", "没有适用于该产品的已存序列"),
        ))
    }
}

/// Steps in one line.
fn lines(steps: &[Step]) -> String {
    steps.iter().map(Step::to_string).collect::<Vec<_>>().join("; ")
}

#[when("many holders walk at random through the life cycle")]
async fn many_walk(world: &mut EcricWorld) -> StepResult {
    world.walk(false).await
}

#[when("holders walk at random through the life cycle while days pass")]
async fn many_walk_with_days(world: &mut EcricWorld) -> StepResult {
    world.walk(true).await
}

#[when("the stored walks are made again")]
async fn stored_walks(world: &mut EcricWorld) -> StepResult {
    world.walk_again(false).await
}

#[when("the stored walks with days are made again")]
async fn stored_walks_with_days(world: &mut EcricWorld) -> StepResult {
    world.walk_again(true).await
}

#[then("every answer agrees with the model")]
fn agrees_with_the_model(world: &mut EcricWorld) -> StepResult {
    let failure = world.property_failure.take();
    world.judge_with(failure.map_or(Ok(()), Err), &[])
}
