//! Edges of the calendar, algorithms of the anchors, floods of wrong credentials.

use cucumber::{given, then, when};
use ecric_checks::{answers, equal, face, trust};
use ecric_model::binding::Operation;
use ecric_model::sending::Credentials;
use ecric_target::{Body, Call};
use serde_json::Value;

use crate::issuing::licence_record;
use crate::requests;
use crate::world::{EcricWorld, StepResult, view};

/// Wrong signatures in a row.
const FLOOD: u32 = 60;
/// Values of a property from which on a run has time for many samples.
const LONG_VALUES: u32 = 1_000;
/// Samples of each kind, and what the medians may differ by, milliseconds. Few samples tell only what is gross.
const SAMPLES: usize = 12;
const SAMPLES_LONG: usize = 500;
const DIFFERENCE_MS: u64 = 60;
const DIFFERENCE_LONG_MS: u64 = 5;

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

/// Times wrong signatures of a known application and of one that nobody knows, turn by turn.
#[when("wrong signatures of a known and of an unknown application are timed")]
async fn signatures_timed(world: &mut EcricWorld) -> StepResult {
    let rounds = if world.case()?.run.property_values >= LONG_VALUES { SAMPLES_LONG } else { SAMPLES };
    let id = world.licence()?.identifier.clone();
    for _ in 0..rounds {
        for (at, who) in [Credentials::WrongKey, Credentials::UnknownApp].into_iter().enumerate() {
            let mut call = Call::new(Operation::Metadata, Some(&id), Body::Json(requests::metadata()));
            call.options.credentials = who;
            let answer = world.call(call).await?;
            world.timings[at].push(answer.span_ms.1.saturating_sub(answer.span_ms.0));
        }
    }
    Ok(())
}

#[then("the two take the same time")]
fn same_time(world: &mut EcricWorld) -> StepResult {
    let long = world.timings[0].len() >= SAMPLES_LONG;
    let most = if long { DIFFERENCE_LONG_MS } else { DIFFERENCE_MS };
    world.judge_with(answers::check_same_time(&world.timings[0], &world.timings[1], most), &[])
}

#[when("the caller reads the status twice")]
async fn status_twice(world: &mut EcricWorld) -> StepResult {
    let id = world.licence()?.identifier.clone();
    world.act(Call::new(Operation::Status, Some(&id), Body::None)).await?;
    world.earlier = world.answers.last().cloned();
    world.act(Call::new(Operation::Status, Some(&id), Body::None)).await.map(|_| ())
}

#[then("both answers have the same members")]
fn same_members(world: &mut EcricWorld) -> StepResult {
    let Some(earlier) = world.earlier.clone() else { return Err(world.suite_error("there was no earlier answer")) };
    let (before, after) = (earlier.text(), world.last()?.text());
    world.judge(answers::check_same_members(&view(&earlier, &before), &view(world.last()?, &after)))
}

#[then("the photo is a JPEG without data about its making")]
fn photo_is_clean(world: &mut EcricWorld) -> StepResult {
    let licence = licence_record(world)?;
    world.judge(face::check_photo(&licence))
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
