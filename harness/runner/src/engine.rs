//! Runs a set of scenarios with the cucumber engine: our own parser, our own writer, context
//! injected before the first step. The engine knows nothing of plans and verdicts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cucumber::event::{self, ScenarioFinished};
use cucumber::runner::Basic;
use cucumber::{Cucumber, Event, Parser, World as _, Writer, cli, gherkin, parser, writer};
use ecric_steps::EcricWorld;
use futures::FutureExt as _;
use futures::stream::{self, Iter};

use crate::cases::CaseSpec;

/// Scenarios handed to the engine at a time: its queue is quadratic in what is pending.
const BATCH: usize = 1_500;

/// How the engine saw a scenario end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EngineEnd {
    Passed,
    Failed,
    Undefined,
    NotBuilt,
}

/// What the engine asks of the runner.
pub(crate) trait Hooks {
    /// Called before the first step.
    fn open(&self, case: &str, world: &mut EcricWorld);
    /// Called after the last step, also when a step panicked.
    fn close(&self, case: &str, end: EngineEnd);
}

/// Runs the cases, `jobs` at a time, slow ones first: nobody waits for them at the end. Returns the failed step of
/// each case that failed in a step.
pub(crate) async fn run_cases(cases: &[CaseSpec], jobs: usize, hooks: Rc<dyn Hooks>) -> BTreeMap<String, String> {
    let failed = Rc::new(RefCell::new(BTreeMap::new()));
    let (slow, others): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.slow);
    let cases = [slow, others].concat();
    for batch in cases.chunks(BATCH) {
        let (slow, others) = batch.split_at(batch.iter().take_while(|case| case.slow).count());
        let features = [features_of(slow), features_of(others)].concat();
        run_batch(features, jobs, Rc::clone(&hooks), Rc::clone(&failed)).await;
    }
    failed.take()
}

async fn run_batch(
    features: Vec<gherkin::Feature>,
    jobs: usize,
    hooks: Rc<dyn Hooks>,
    failed: Rc<RefCell<BTreeMap<String, String>>>,
) {
    let after_hooks = Rc::clone(&hooks);
    Cucumber::<_, _, _, _, _, cli::Empty>::custom(
        Planned,
        Basic::default().steps(EcricWorld::collection()),
        Notes { failed },
    )
    .max_concurrent_scenarios(jobs)
    .before(move |_, _, scenario, world| {
        hooks.open(case_of(scenario), world);
        async {}.boxed_local()
    })
    .after(move |_, _, scenario, finished, world| {
        let end = match finished {
            ScenarioFinished::StepPassed => EngineEnd::Passed,
            ScenarioFinished::StepSkipped => EngineEnd::Undefined,
            ScenarioFinished::StepFailed(..) => EngineEnd::Failed,
            ScenarioFinished::BeforeHookFailed(_) => EngineEnd::NotBuilt,
        };
        let hooks = Rc::clone(&after_hooks);
        let case = case_of(scenario).to_owned();
        async move {
            if let Some(world) = world {
                world.close().await;
            }
            hooks.close(&case, end);
        }
        .boxed_local()
    })
    .with_default_cli()
    .run(features)
    .await;
}

/// True if at least one step of the cases has exactly one function: steps are linked.
pub(crate) fn steps_are_linked(cases: &[CaseSpec]) -> bool {
    let collection = EcricWorld::collection();
    cases.iter().flat_map(|case| &case.scenario.steps).any(|step| matches!(collection.find(step), Ok(Some(_))))
}

/// The case id of a scenario: its first tag that is one.
fn case_of(scenario: &gherkin::Scenario) -> &str {
    scenario.tags.iter().find(|tag| ecric_model::ids::CaseId::parse(tag).is_ok()).map_or("", String::as_str)
}

/// One feature per file with the scenarios of the batch, rules kept.
fn features_of(cases: &[&CaseSpec]) -> Vec<gherkin::Feature> {
    let mut by_file: BTreeMap<&str, Vec<&CaseSpec>> = BTreeMap::new();
    for case in cases {
        by_file.entry(&case.path).or_default().push(case);
    }
    by_file
        .into_iter()
        .map(|(path, cases)| {
            let mut rules: Vec<gherkin::Rule> = Vec::new();
            for case in cases {
                match rules.last_mut().filter(|rule| rule.tags[0] == case.requirement.as_str()) {
                    Some(rule) => rule.scenarios.push(case.scenario.clone()),
                    None => rules.push(
                        gherkin::Rule::builder()
                            .keyword("Rule".to_owned())
                            .name(case.rule.clone())
                            .tags(vec![case.requirement.to_string()])
                            .scenarios(vec![case.scenario.clone()])
                            .build(),
                    ),
                }
            }
            gherkin::Feature::builder()
                .keyword("Feature".to_owned())
                .name(path.to_owned())
                .path(Some(path.into()))
                .rules(rules)
                .build()
        })
        .collect()
}

/// Hands over features that are planned already.
struct Planned;

impl Parser<Vec<gherkin::Feature>> for Planned {
    type Cli = cli::Empty;
    type Output = Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, features: Vec<gherkin::Feature>, _: cli::Empty) -> Self::Output {
        stream::iter(features.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// Notes the step in which a case failed; results come from elsewhere.
struct Notes {
    failed: Rc<RefCell<BTreeMap<String, String>>>,
}

impl Writer<EcricWorld> for Notes {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<event::Cucumber<EcricWorld>>>, _: &cli::Empty) {
        let Ok(Event { value: event::Cucumber::Feature(_, event::Feature::Rule(_, rule)), .. }) = event else { return };
        let event::Rule::Scenario(scenario, event::RetryableScenario { event: inner, .. }) = rule else { return };
        if let event::Scenario::Step(step, event::Step::Failed(..) | event::Step::Skipped) = inner {
            let words = format!("{}{}", step.keyword, step.value);
            self.failed.borrow_mut().insert(case_of(&scenario).to_owned(), words);
        }
    }
}

impl writer::Normalized for Notes {}
impl writer::NonTransforming for Notes {}
