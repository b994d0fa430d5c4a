//! Asking for capabilities, and whether what is declared is there.

use cucumber::{then, when};
use ecric_checks::answers::{check_accepted, check_delivered, check_server_time};
use ecric_checks::capabilities::check_capabilities;
use ecric_licence::instant::write_instant;
use ecric_model::binding::Operation;
use ecric_model::ics::Feature;
use ecric_model::requirement::Role;
use ecric_target::{Body, Call};
use serde_json::json;

use crate::requests;
use crate::world::{EcricWorld, StepResult, view};

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Issuer => "issuer",
        Role::SharingService => "sharing_service",
        Role::Loader => "loader",
        _ => "verifier",
    }
}

#[when("the caller asks for the capabilities")]
async fn caller_asks(world: &mut EcricWorld) -> StepResult {
    let call = world.build(Operation::Capabilities, None, None, None)?;
    world.act(call).await.map(|_| ())
}

#[then("the capabilities are complete")]
fn capabilities_are_complete(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let roles: Vec<&str> = case.run.ics.roles.iter().map(|role| role_word(*role)).collect();
    let features: Vec<&str> = case.run.ics.capabilities.features.iter().map(|feature| feature.name()).collect();
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    world.judge(check_accepted(&seen))?;
    world.judge(check_capabilities(&seen, &roles, &features))
}

#[then(regex = r"^the server time is within (\d+) seconds of ours$")]
fn server_time_is_close(world: &mut EcricWorld, seconds: u32) -> StepResult {
    let answer = world.last()?;
    let text = answer.text();
    world.judge(check_accepted(&view(answer, &text)))?;
    let told = answer.json.as_ref().and_then(|json| json.get("serverTime")?.as_str()).unwrap_or_default();
    let took = i64::try_from(answer.span_ms.1 - answer.span_ms.0).unwrap_or(0);
    world.judge(check_server_time(told, answer.received_ms - took, answer.received_ms, seconds))
}

/// One right call that needs a feature.
async fn call_of(world: &mut EcricWorld, feature: Feature) -> StepResult<Option<Call>> {
    let identifier = world.licence()?.identifier.clone();
    let now = world.now()?;
    let version = world.version().await?.0;
    let person = world.person()?;
    let id = Some(identifier.as_str());
    Ok(Some(match feature {
        Feature::Suspend => Call::new(Operation::Transition, id, Body::Json(requests::transition("SUSPEND", version))),
        Feature::Attributes => {
            Call::new(Operation::VerifyAttributes, None, Body::Json(requests::verification(&identifier, person)))
        }
        Feature::Batch => Call::new(Operation::VerifyBatch, None, Body::Json(requests::batch(&identifier, person))),
        Feature::Audit => {
            let at = write_instant(now);
            Call::new(Operation::Audit, None, Body::Json(requests::audit(&identifier, &at, &at)))
        }
        Feature::Reissue => Call::new(Operation::Reissue, id, Body::Json(requests::reissue(version))),
        Feature::PersonaControl => {
            Call::new(Operation::TestPersonas, None, Body::Json(json!({"action": "DELETE", "personas": []})))
        }
        // The clock is moved by exclusive cases only; the others come with their operations.
        _ => return Ok(None),
    }))
}

#[when("the caller tries every declared feature")]
async fn caller_tries_features(world: &mut EcricWorld) -> StepResult {
    for feature in world.case()?.run.ics.capabilities.features.clone() {
        if let Some(call) = call_of(world, feature).await? {
            let answer = world.call(call).await?;
            world.answers.push(answer);
        }
    }
    Ok(())
}

#[then("no declared feature is NOT_SUPPORTED")]
fn no_feature_is_missing(world: &mut EcricWorld) -> StepResult {
    world.last()?;
    for answer in &world.answers {
        let text = answer.text();
        world.judge_with(check_delivered(&view(answer, &text)), std::slice::from_ref(&answer.evidence))?;
    }
    Ok(())
}
