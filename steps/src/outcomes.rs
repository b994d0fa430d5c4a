//! Accepted, refused, and what every answer carries or must not carry.

use cucumber::{then, when};
use ecric_checks::{answers, parallel, privacy, refusals};
use ecric_model::binding::{ErrorCode, Operation};
use ecric_target::{Body, Call};

use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

#[then("the request is accepted")]
fn request_is_accepted(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(answers::check_accepted(&view(world.last()?, &text)))
}

#[then(regex = r#"^the request is refused as ([A-Z_]+)(?: naming "([^"]+)")?$"#)]
fn request_is_refused(world: &mut EcricWorld, code: String, member: String) -> StepResult {
    let Some(code) = ErrorCode::parse(&code) else {
        return Err(world.suite_error(format!("{code:?} is no error code")));
    };
    // Binding v1 leaves two codes for a batch beyond its limit.
    let also = (world.last()?.operation == Operation::VerifyBatch && code == ErrorCode::TooLarge)
        .then_some(ErrorCode::InvalidRequest);
    let codes: Vec<ErrorCode> = std::iter::once(code).chain(also).collect();
    let text = world.last()?.text();
    let grain = world.case()?.run.grain;
    world.judge(refusals::check_refused(&view(world.last()?, &text), &codes, named(&member), grain))
}

#[then("the error body is complete")]
fn error_body_is_complete(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(refusals::check_error_body(&view(world.last()?, &text)))
}

#[then("the refusal carries the request id")]
fn refusal_carries_the_request_id(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let sent = world.last()?.sent.request_id.clone();
    world.judge(refusals::check_error_request_id(&view(world.last()?, &text), &sent))
}

#[then("the request id comes back")]
fn request_id_comes_back(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let sent = world.last()?.sent.request_id.clone();
    world.judge(answers::check_request_id(&view(world.last()?, &text), &sent))
}

#[then("the answer has a date header")]
fn answer_has_a_date(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(answers::check_date(&view(world.last()?, &text)))
}

#[then("the answer must not be stored")]
fn answer_must_not_be_stored(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    world.judge(answers::check_accepted(&seen))?;
    world.judge(answers::check_not_stored(&seen))
}

#[then("the target still answers")]
async fn target_still_answers(world: &mut EcricWorld) -> StepResult {
    let answer = world.call(Call::new(Operation::Capabilities, None, Body::None)).await?;
    let text = answer.text();
    world.judge_with(answers::check_accepted(&view(&answer, &text)), std::slice::from_ref(&answer.evidence))
}

#[then("the answer holds nothing of the person")]
fn answer_holds_nothing(world: &mut EcricWorld) -> StepResult {
    let secrets = world.person()?.secrets();
    let text = world.last()?.text();
    world.judge(privacy::check_holds_nothing_of(&view(world.last()?, &text), &secrets))
}

#[then("the answer holds no citizen number")]
fn answer_holds_no_number(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    world.judge(answers::check_accepted(&seen))?;
    world.judge(privacy::check_no_citizen_number(&seen))
}

#[then("the answer shows no internals")]
fn answer_shows_no_internals(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(privacy::check_no_internals(&view(world.last()?, &text)))
}

#[then("exactly one call is accepted")]
fn exactly_one_is_accepted(world: &mut EcricWorld) -> StepResult {
    let texts: Vec<String> = world.at_once.iter().map(ecric_target::Answer::text).collect();
    let seen: Vec<_> = world.at_once.iter().zip(&texts).map(|(answer, text)| view(answer, text)).collect();
    let evidence: Vec<String> = world.at_once.iter().map(|answer| answer.evidence.clone()).collect();
    world.judge_with(parallel::check_exactly_one_accepted(&seen), &evidence)
}

#[then("all accepted answers name the same licence")]
fn all_name_the_same_licence(world: &mut EcricWorld) -> StepResult {
    let texts: Vec<String> = world.at_once.iter().map(ecric_target::Answer::text).collect();
    let seen: Vec<_> = world.at_once.iter().zip(&texts).map(|(answer, text)| view(answer, text)).collect();
    let evidence: Vec<String> = world.at_once.iter().map(|answer| answer.evidence.clone()).collect();
    world.judge_with(parallel::check_same_licence(&seen), &evidence)
}

#[when(regex = r#"^the test control registers the person(?: with "([^"]+)")?$"#)]
async fn test_control_registers(world: &mut EcricWorld, variation: String) -> StepResult {
    let body = requests::persona(world.person()?, "NONE");
    let call = world.build(Operation::TestPersonas, None, Some(body), named(&variation))?;
    world.act(call).await.map(|_| ())
}
