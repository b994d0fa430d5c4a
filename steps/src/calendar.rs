//! Edges of the calendar, algorithms of the anchors, floods of wrong credentials.

use cucumber::{given, then};
use ecric_checks::{answers, equal, trust};
use ecric_model::binding::Operation;
use ecric_model::sending::Credentials;
use ecric_target::{Body, Call};
use serde_json::Value;

use crate::issuing::licence_record;
use crate::requests;
use crate::world::{EcricWorld, StepResult, view};

/// Wrong signatures in a row.
const FLOOD: u32 = 60;

#[then("the last day is the one that was sent")]
fn last_day_as_sent(world: &mut EcricWorld) -> StepResult {
    let body: Option<Value> = world.repeatable.as_ref().and_then(|call| match &call.body {
        Body::Json(value) => Some(value.clone()),
        Body::Raw(bytes) => serde_json::from_slice(bytes).ok(),
        Body::None => None,
    });
    let sent = body.as_ref().and_then(|body| body["certificateExpiringDate"].as_str()).unwrap_or_default().to_owned();
    let found = licence_record(world)?.certificate_expiring_date.unwrap_or_default();
    world.judge(equal("licence.certificateExpiringDate", sent.as_str(), found.as_str()))
}

#[then("the anchors hold SM2 with SM3 only")]
fn anchors_hold_sm2(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(trust::check_anchor_algorithms(&view(world.last()?, &text)))
}

#[given("an application that nobody knows was refused 60 times")]
async fn unknown_app_refused(world: &mut EcricWorld) -> StepResult {
    let id = world.licence()?.identifier.clone();
    for _ in 0..FLOOD {
        let mut call = Call::new(Operation::Metadata, Some(&id), Body::Json(requests::metadata()));
        call.options.credentials = Credentials::UnknownApp;
        let answer = world.call(call).await?;
        let text = answer.text();
        let seen = view(&answer, &text);
        if let Err(finding) = answers::check_delivered(&seen) {
            return world.judge_with(Err(finding), std::slice::from_ref(&answer.evidence));
        }
    }
    Ok(())
}
