//! Transitions and the states they lead to.

use cucumber::{given, then, when};
use ecric_checks::status;
use ecric_model::binding::{Operation, TransitionAnswer};
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};

use crate::issuing::at_once;
use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, state, view};

/// Applies an action to the current licence.
pub(crate) async fn apply(world: &mut EcricWorld, action: &str, variation: Option<&str>) -> StepResult {
    let version = world.version().await?.0;
    let id = world.licence()?.identifier.clone();
    let call = world.build(Operation::Transition, Some(id), Some(requests::transition(action, version)), variation)?;
    let answer = world.act(call).await?.clone();
    if let (true, Some(index), Ok(changed)) = (answer.is_success(), world.current, answer.message::<TransitionAnswer>())
    {
        world.licences[index].known = Some((changed.status_version, changed.status_time));
    }
    Ok(())
}

#[when(regex = r#"^the issuer applies ([A-Z]+)(?: with "([^"]+)")?$"#)]
async fn issuer_applies(world: &mut EcricWorld, action: String, variation: String) -> StepResult {
    let before = world.version().await?;
    apply(world, &action, named(&variation)).await?;
    world.version_before = Some(before);
    Ok(())
}

#[given(regex = r#"^the issuer has applied ([A-Z]+)(?: with "([^"]+)")?$"#)]
async fn issuer_has_applied(world: &mut EcricWorld, action: String, variation: String) -> StepResult {
    apply(world, &action, named(&variation)).await?;
    world.need_success()
}

#[given("the first licence was revoked")]
async fn first_licence_was_revoked(world: &mut EcricWorld) -> StepResult {
    world.current = Some(0);
    let version = world.version().await?.0;
    let id = world.licence()?.identifier.clone();
    let body = Body::Json(requests::transition("REVOKE", version));
    let answer = world.call(Call::new(Operation::Transition, Some(&id), body)).await?;
    world.set_up(&answer, Cause::SetUp)
}

#[when(regex = r"^two operators apply ([A-Z]+) at once$")]
async fn two_operators_apply(world: &mut EcricWorld, action: String) -> StepResult {
    let version = world.version().await?.0;
    let id = world.licence()?.identifier.clone();
    let call = Call::new(Operation::Transition, Some(&id), Body::Json(requests::transition(&action, version)));
    at_once(world, vec![call.clone(), call]).await
}

#[when(regex = r#"^the caller reads the status(?: with "([^"]+)")?$"#)]
async fn caller_reads_the_status(world: &mut EcricWorld, variation: String) -> StepResult {
    let id = world.licence()?.identifier.clone();
    let call = world.build(Operation::Status, Some(id), None, named(&variation))?;
    world.act(call).await.map(|_| ())
}

#[given("the caller has read the status")]
async fn caller_has_read_the_status(world: &mut EcricWorld) -> StepResult {
    caller_reads_the_status(world, String::new()).await?;
    world.entity_tag = world.last()?.header("etag").map(str::to_owned);
    world.need_success()
}

/// Asks for the status of a licence and judges it.
async fn judge_state(world: &mut EcricWorld, index: usize, word: &str) -> StepResult {
    let expected = state(world, word)?;
    let Some(licence) = world.licences.get(index) else { return Err(world.suite_error("no such licence")) };
    let id = licence.identifier.clone();
    let answer = world.call(Call::new(Operation::Status, Some(&id), Body::None)).await?;
    let text = answer.text();
    let mut evidence: Vec<String> = world.answers.last().map(|last| last.evidence.clone()).into_iter().collect();
    evidence.push(answer.evidence.clone());
    world.judge_with(status::check_status(&view(&answer, &text), expected), &evidence)
}

#[then(regex = r"^the licence reads ([A-Z_]+)$")]
async fn licence_reads(world: &mut EcricWorld, word: String) -> StepResult {
    let Some(index) = world.current else {
        // No licence came to be: the answer that should have made one says why.
        let text = world.last()?.text();
        let judgement = ecric_checks::answers::check_accepted(&view(world.last()?, &text));
        world.judge(judgement)?;
        return Err(world.suite_error("the scenario has no licence"));
    };
    judge_state(world, index, &word).await
}

#[then(regex = r"^the other licence reads ([A-Z_]+)$")]
async fn other_licence_reads(world: &mut EcricWorld, word: String) -> StepResult {
    judge_state(world, 1, &word).await
}

#[then(regex = r"^the replaced licence reads ([A-Z_]+)$")]
async fn replaced_licence_reads(world: &mut EcricWorld, word: String) -> StepResult {
    crate::issuing::licence_record(world)?;
    let index = world.previous.ok_or_else(|| world.suite_error("the scenario has no replaced licence"))?;
    judge_state(world, index, &word).await
}

#[then(regex = r"^the status is ([A-Z_]+)$")]
fn status_is(world: &mut EcricWorld, word: String) -> StepResult {
    let expected = state(world, &word)?;
    let text = world.last()?.text();
    world.judge(status::check_status(&view(world.last()?, &text), expected))
}

#[then("the status is not modified")]
fn status_is_not_modified(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(status::check_not_modified(&view(world.last()?, &text)))
}

#[then("the version rises by one with a later time")]
fn version_rises(world: &mut EcricWorld) -> StepResult {
    let Some((version, time)) = world.version_before.clone() else {
        return Err(world.suite_error("the version before the change is not known"));
    };
    let text = world.last()?.text();
    world.judge(status::check_version_step(&view(world.last()?, &text), version, &time))
}
