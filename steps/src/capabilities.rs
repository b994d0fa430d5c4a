//! Asking for capabilities, and whether what is declared is there.

use cucumber::{then, when};
use ecric_checks::answers::{check_accepted, check_delivered, check_server_time};
use ecric_checks::capabilities::{check_capabilities, check_no_test_mode, check_none_beyond, check_not_offered};
use ecric_licence::instant::write_instant;
use ecric_model::binding::Operation;
use ecric_model::ics::Feature;
use ecric_model::requirement::Role;
use ecric_model::sending::At;
use ecric_target::{Body, Call, TargetError};
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

#[when("the caller asks for the capabilities without test mode")]
async fn asks_without_test_mode(world: &mut EcricWorld) -> StepResult {
    let mut call = world.build(Operation::Capabilities, None, None, None)?;
    call.options.at = At::NoTestMode;
    world.act(call).await.map(|_| ())
}

/// Bodies that would change next to nothing, should the control be there.
#[when(regex = r"^the caller uses the control of (trust|clock|persons|faults) without test mode$")]
async fn uses_control_without_test_mode(world: &mut EcricWorld, what: String) -> StepResult {
    let (operation, body) = match what.as_str() {
        "trust" => (Operation::TestTrustAnchors, json!({"mode": "ADD", "roots": []})),
        "clock" => (Operation::TestClock, json!({"reset": true})),
        "persons" => (Operation::TestPersonas, json!({"action": "CREATE", "personas": []})),
        _ => (Operation::TestFaults, json!({"target": "redeem", "mode": "slow", "ttlS": 1})),
    };
    let mut call = Call::new(operation, None, Body::Json(body));
    call.options.at = At::NoTestMode;
    world.act(call).await.map(|_| ())
}

#[then("the capabilities offer no test mode")]
fn no_test_mode(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(check_no_test_mode(&view(world.last()?, &text)))
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

/// Optional features that a case may try although nobody declared them, by role: what only reads comes first.
const TRIED: [(Feature, &[Role]); 10] = [
    (Feature::Copy, &[Role::Issuer, Role::SharingService]),
    (Feature::Original, &[Role::Issuer, Role::SharingService]),
    (Feature::Pdf, &[Role::Issuer, Role::SharingService]),
    (Feature::Catalogue, &[Role::Issuer, Role::SharingService]),
    (Feature::Audit, &[Role::Issuer, Role::SharingService]),
    (Feature::StatusList, &[Role::Issuer]),
    (Feature::Attributes, &[Role::Verifier]),
    (Feature::Batch, &[Role::Verifier]),
    (Feature::Suspend, &[Role::Issuer]),
    (Feature::Reissue, &[Role::Issuer]),
];

/// The call that shows an undeclared feature, if it is there.
async fn undeclared_call(world: &mut EcricWorld, feature: Feature) -> StepResult<Option<Call>> {
    let identifier = world.licence()?.identifier.clone();
    let id = Some(identifier.as_str());
    Ok(Some(match feature {
        Feature::Original | Feature::Copy | Feature::Pdf => {
            let mut body = requests::file(feature == Feature::Copy);
            if feature == Feature::Pdf {
                body["format"] = json!("pdf");
            }
            Call::new(Operation::File, id, Body::Json(body))
        }
        Feature::Catalogue => {
            let mut body = requests::search(world.person()?);
            body["catalogue"] = json!(true);
            Call::new(Operation::Search, None, Body::Json(body))
        }
        Feature::StatusList => {
            let read = world.call(Call::new(Operation::Metadata, id, Body::Json(requests::metadata()))).await?;
            let list = read.json.as_ref().and_then(|json| json.pointer("/licence/statusRef/listId")?.as_str());
            Call::new(Operation::StatusList, Some(list.unwrap_or("0")), Body::None)
        }
        other => return call_of(world, other).await,
    }))
}

#[when("the caller tries every undeclared feature")]
async fn caller_tries_undeclared(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let ics = &case.run.ics;
    for (feature, roles) in TRIED {
        let ours = roles.iter().any(|role| ics.roles.contains(role));
        if !ours || ics.capabilities.features.contains(&feature) {
            continue;
        }
        let Some(call) = undeclared_call(world, feature).await? else { continue };
        match case.connection.call(call).await {
            Ok(answer) => world.undeclared.push((feature, answer)),
            // What a dialect has no words for is not there.
            Err(TargetError::Mapping(_)) => {}
            Err(error) => return Err(world.ours(error)),
        }
    }
    Ok(())
}

#[then("no undeclared feature is there")]
fn no_undeclared_feature(world: &mut EcricWorld) -> StepResult {
    for (feature, answer) in &world.undeclared {
        let text = answer.text();
        world.judge_with(check_not_offered(&view(answer, &text), *feature), std::slice::from_ref(&answer.evidence))?;
    }
    world.judge_with(Ok(()), &[])
}

#[then("the capabilities name no undeclared feature")]
fn none_beyond(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let ics = &case.run.ics;
    // What belongs to roles that are not under test is nobody's business here.
    let other = TRIED.iter().filter(|(_, roles)| !roles.iter().any(|role| ics.roles.contains(role)));
    let features = ics.capabilities.features.iter().chain(other.map(|(feature, _)| feature));
    let features: Vec<&str> = features.map(|feature| feature.name()).collect();
    let text = world.last()?.text();
    world.judge(check_none_beyond(&view(world.last()?, &text), &features))
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
