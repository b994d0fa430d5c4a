//! Verifying attributes.

use cucumber::{given, then, when};
use ecric_checks::verification;
use ecric_model::binding::{ErrorCode, Operation, VerifyOutcome};
use ecric_model::sending::Credentials;
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use ecric_vectors::person::{Slot, generate_person};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

/// Guesses beyond the declared limit before a target counts as not throttling.
const GRACE: u32 = 20;
/// Searches sent at once.
const AT_ONCE: usize = 24;
/// First index of the persons whom nobody registers.
const UNKNOWN_FROM: u32 = 1_000;
/// Batch size assumed where none is declared, items.
const DEFAULT_BATCH: u32 = 20;
/// Limit assumed where none is declared, mismatches a minute.
const DEFAULT_MISMATCHES: u32 = 100;

/// Sends a verification and remembers what was asserted.
pub(crate) async fn check(world: &mut EcricWorld, variation: Option<&str>) -> StepResult {
    let (identifier, index) = match world.current.and_then(|index| world.licences.get(index)) {
        Some(licence) => (licence.identifier.clone(), licence.person),
        None => (String::new(), 0),
    };
    let person = world.people.get(index).ok_or_else(|| world.suite_error("the scenario has no person"))?;
    let body = requests::verification(&identifier, person);
    let call = world.build(Operation::VerifyAttributes, None, Some(body), variation)?;
    let sent: Option<Value> = match &call.body {
        Body::Json(value) => Some(value.clone()),
        Body::Raw(bytes) => serde_json::from_slice(bytes).ok(),
        Body::None => None,
    };
    let asserted = sent.as_ref().and_then(|body| body.get("assert")?.as_object());
    world.asserted = asserted.map(|members| members.keys().cloned().collect()).unwrap_or_default();
    world.act(call).await.map(|_| ())
}

#[when(regex = r#"^the verifier checks the attributes(?: with "([^"]+)")?$"#)]
async fn verifier_checks(world: &mut EcricWorld, variation: String) -> StepResult {
    check(world, named(&variation)).await
}

#[given("the verifier has checked the attributes")]
async fn verifier_has_checked(world: &mut EcricWorld) -> StepResult {
    check(world, None).await?;
    world.need_success()?;
    world.earlier = world.answers.last().cloned();
    Ok(())
}

#[when("the verifier guesses birth dates beyond the declared limit")]
async fn verifier_guesses(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let limit = case.run.limits.throttle.as_ref().map_or(DEFAULT_MISMATCHES, |limits| limits.mismatches_per_minute);
    let identifier = world.licence()?.identifier.clone();
    for guess in 0..limit.saturating_add(GRACE) {
        let mut body = requests::verification(&identifier, world.person()?);
        body["assert"]["birthDate"] = Value::String(format!("19{:02}-{:02}-11", 50 + guess % 40, 1 + guess % 12));
        let answer = world.call(Call::new(Operation::VerifyAttributes, None, Body::Json(body))).await?;
        let stop = answer.status == 429 || !answer.is_success();
        world.answers.push(answer);
        if stop {
            break;
        }
    }
    Ok(())
}

#[when("the verifier guesses birth dates in batches beyond the declared limit")]
async fn verifier_guesses_in_batches(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let limits = &case.run.limits;
    let limit = limits.throttle.as_ref().map_or(DEFAULT_MISMATCHES, |limits| limits.mismatches_per_minute);
    let size = limits.batch.or(case.run.ics.capabilities.batch_max).unwrap_or(DEFAULT_BATCH).clamp(1, 50);
    let identifier = world.licence()?.identifier.clone();
    let mut guess = 0;
    while guess < limit.saturating_add(GRACE) {
        let mut items = Vec::new();
        for _ in 0..size {
            let mut request = requests::verification(&identifier, world.person()?);
            request["assert"]["birthDate"] =
                Value::String(format!("19{:02}-{:02}-11", 50 + guess % 40, 1 + guess % 12));
            items.push(json!({"itemId": guess.to_string(), "kind": "ATTRIBUTES", "request": request}));
            guess += 1;
        }
        let body = Body::Json(json!({"items": items}));
        let answer = world.call(Call::new(Operation::VerifyBatch, None, body)).await?;
        let stop = !answer.is_success() || answer.text().contains("RATE_LIMITED");
        world.answers.push(answer);
        if stop {
            break;
        }
    }
    Ok(())
}

#[then("the guesses of the batch are throttled")]
fn batch_is_throttled(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(verification::check_batch_throttled(&view(world.last()?, &text)))
}

#[when("the second caller searches for unknown holders beyond the declared limit")]
async fn second_caller_searches(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let limits = &case.run.limits;
    let limit = limits.throttle.as_ref().map_or(DEFAULT_MISMATCHES, |limits| limits.unknown_holders_per_10s);
    let mut calls = Vec::new();
    for index in 0..limit.saturating_add(GRACE) {
        let slot = Slot { seed: case.run.seed, case_ordinal: case.ordinal, index: UNKNOWN_FROM + index };
        let person = generate_person("adult", &slot, world.today()?).map_err(|e| world.suite_error(e.to_string()))?;
        let mut call = Call::new(Operation::Search, None, Body::Json(requests::search(&person)));
        call.options.credentials = Credentials::Other;
        calls.push(call);
    }
    // Several at once, so that a slow target gets them within the time that the limit speaks of.
    for calls in calls.chunks(AT_ONCE) {
        let answers = join_all(calls.iter().map(|call| world.call(call.clone()))).await;
        let mut answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        // A refusal comes last, whatever the order of the answers was.
        answers.sort_by_key(|answer| !answer.is_success());
        let stop = answers.last().is_some_and(|answer| !answer.is_success());
        world.answers.extend(answers);
        if stop {
            break;
        }
    }
    Ok(())
}

#[then("the refusal says when to come back")]
fn says_when_to_come_back(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(ecric_checks::refusals::check_retry_after(&view(world.last()?, &text)))
}

#[then("the guesses are throttled")]
fn guesses_are_throttled(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    let grain = world.case()?.run.grain;
    world.judge(ecric_checks::refusals::check_refused(&seen, &[ErrorCode::RateLimited], None, grain))
}

fn judge_result(world: &EcricWorld, outcome: VerifyOutcome, reason: Option<&str>) -> StepResult {
    let text = world.last()?.text();
    let grain = world.case()?.run.grain;
    world.judge(verification::check_result(&view(world.last()?, &text), outcome, reason, grain))
}

#[then("the result is VALID")]
fn result_is_valid(world: &mut EcricWorld) -> StepResult {
    judge_result(world, VerifyOutcome::Valid, None)
}

#[then(regex = r"^the result is (INVALID|INDETERMINATE) because of ([A-Z_]+)$")]
fn result_is_because(world: &mut EcricWorld, outcome: String, reason: String) -> StepResult {
    let Some(outcome) = VerifyOutcome::parse(&outcome) else {
        return Err(world.suite_error(format!("{outcome:?} is no result")));
    };
    judge_result(world, outcome, Some(&reason))
}

#[then("every asserted attribute matches")]
fn every_attribute_matches(world: &mut EcricWorld) -> StepResult {
    let names: Vec<&str> = world.asserted.iter().map(String::as_str).collect();
    let text = world.last()?.text();
    world.judge(verification::check_all_match(&view(world.last()?, &text), &names))
}

#[then(regex = r#"^only "([^"]+)" is a mismatch$"#)]
fn only_mismatch(world: &mut EcricWorld, name: String) -> StepResult {
    let names: Vec<&str> = world.asserted.iter().map(String::as_str).collect();
    let text = world.last()?.text();
    world.judge(verification::check_only_mismatch(&view(world.last()?, &text), &names, &name))
}

#[then("the verification result is complete")]
fn result_is_complete(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(verification::check_complete_valid(&view(world.last()?, &text)))
}

#[then("the result is the same as before")]
fn result_is_the_same(world: &mut EcricWorld) -> StepResult {
    let Some(earlier) = world.earlier.clone() else {
        return Err(world.inconclusive(Cause::SetUp, ecric_model::Text::new("no earlier result", "没有此前的结果")));
    };
    let (before, after) = (earlier.text(), world.last()?.text());
    world.judge(verification::check_same_result(&view(&earlier, &before), &view(world.last()?, &after)))
}
