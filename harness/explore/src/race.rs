//! Races: calls made at once for one holder, recorded with the times at which each began and ended, and
//! judged by asking whether any order of them explains every answer. Nothing here waits for luck by sleeping.

mod history;
mod scene;

pub use history::{Event, linearise};
pub use scene::{SCENES, Scene, find_scene};

use std::collections::BTreeMap;
use std::time::Duration;

use ecric_checks::lifecycle::{Holder, Noted, Reply, Request, check_repeat, check_trail, read_reply};
use ecric_model::Text;
use ecric_model::finding::{Finding, FindingClass};
use ecric_target::{Body, Call};
use ecric_vectors::person::Person;
use futures::future::join_all;

use crate::walk::{Asked, Ground, Step, asked, audit, play_on, request_of, view};

/// What became of a race.
#[derive(Debug, Clone)]
pub struct Raced {
    /// Rounds run.
    pub rounds: u32,
    /// The round that has no explanation: its finding, and the history in lines.
    pub failure: Option<(Box<Finding>, Vec<String>)>,
}

/// Runs a scene round by round, each with new holders, until one has no explanation.
///
/// # Errors
/// When the ground cannot be raced on: never a fault of the product.
pub async fn race<G: Ground>(ground: &G, scene: &Scene, rounds: u32, width: u32) -> Result<Raced, G::Error> {
    // Rounds of many holders are long.
    let rounds = if scene.many { rounds.div_ceil(4) } else { rounds };
    for round in 0..rounds {
        if round > 0 && !ground.has_time() {
            return Ok(Raced { rounds: round, failure: None });
        }
        if let Some(failure) = run_round(ground, scene, width.max(2)).await? {
            return Ok(Raced { rounds: round + 1, failure: Some(failure) });
        }
    }
    Ok(Raced { rounds, failure: None })
}

type Failure = Option<(Box<Finding>, Vec<String>)>;

/// One holder with what was there before the race.
struct Start {
    person: Person,
    holder: Holder,
    trail: Vec<Noted>,
}

async fn run_round<G: Ground>(ground: &G, scene: &Scene, width: u32) -> Result<Failure, G::Error> {
    let holders = if scene.many { width.min(scene::MOST_HOLDERS) } else { 1 };
    let mut starts = Vec::new();
    for _ in 0..holders {
        let person = ground.holder().await?;
        let (holder, trail, failure) = play_on(ground, person.clone(), scene.before).await?;
        if let Some(finding) = failure {
            return Ok(Some((finding, Vec::new())));
        }
        starts.push(Start { person, holder, trail });
    }
    // One list of calls, the holders taking turns: what is sent first is not always the same holder's.
    let mut calls = Vec::new();
    for step in scene.at_once {
        for (of, start) in starts.iter().enumerate() {
            if let Some(request) = request_of(&start.holder, *step) {
                calls.push((of, request));
            }
        }
    }
    let keys: Vec<Option<String>> = starts.iter().map(|start| scene.one_key.then(|| key_of(start))).collect();
    let sent = join_all(calls.iter().map(|(of, request)| async {
        let start = &starts[*of];
        timed(ground, &start.person, request, keys[*of].clone()).await
    }))
    .await;
    let mut histories: Vec<Vec<Event>> = starts.iter().map(|_| Vec::new()).collect();
    for ((of, _), event) in calls.iter().zip(sent) {
        match event? {
            Ok(event) => histories[*of].push(event),
            Err(finding) => return Ok(Some((finding, Vec::new()))),
        }
    }
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for (of, (start, history)) in starts.iter().zip(&mut histories).enumerate() {
        if scene.one_key {
            match merged(history) {
                Ok(one) => *history = vec![one],
                Err(finding) => return Ok(Some((finding, lines(history)))),
            }
        }
        for event in history.iter() {
            if let Reply::Issued { identifier, .. } = &event.reply
                && made.insert(identifier.clone(), of).is_some_and(|other| other != of)
            {
                return Ok(Some((given_twice(identifier), lines(history))));
            }
        }
        if let Some(finding) = look(ground, start, history).await? {
            return Ok(Some((finding, lines(history))));
        }
        if let Err(finding) = linearise(&start.holder, history, ground.grain()) {
            return Ok(Some((finding, lines(history))));
        }
        if let (true, Some(finding)) = (scene.audit, audited(ground, start, history).await?) {
            return Ok(Some((finding, lines(history))));
        }
    }
    Ok(None)
}

/// A key of its own for a holder: references are unique in a run, identifiers of licences for ever.
fn key_of(start: &Start) -> String {
    let mut word = [0_u64; 2];
    let licences = start.holder.licences.iter().flat_map(|licence| licence.identifier.bytes());
    for (at, byte) in start.person.reference.bytes().chain(licences).enumerate() {
        let part = &mut word[at % 2];
        *part = (*part ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(7);
    }
    let hex = format!("{:016x}{:016x}", word[0], word[1]);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

type Timed = Result<Event, Box<Finding>>;

async fn timed<G: Ground>(
    ground: &G,
    person: &Person,
    request: &Request,
    key: Option<String>,
) -> Result<Timed, G::Error> {
    let Asked { operation, id, body } = asked(request, person, ground.first_day(), 0);
    let body = if body.is_null() { Body::None } else { Body::Json(body) };
    let mut call = Call::new(operation, id.as_deref(), body);
    call.idempotency_key = key;
    let answer = ground.call(call).await?;
    // Whole milliseconds, so that an interval is never too short: from the record when it is judged again.
    let (start, end) = (Duration::from_millis(answer.span_ms.0), Duration::from_millis(answer.span_ms.1 + 1));
    let text = answer.text();
    Ok(read_reply(request, &view(&answer, &text))
        .map(|reply| Event { request: request.clone(), reply, start, end, evidence: answer.evidence.clone() })
        .map_err(|mut finding| {
            finding.evidence.push(answer.evidence.clone());
            finding
        }))
}

/// Looks at everything once the race is over; what is seen is part of the history.
async fn look<G: Ground>(
    ground: &G,
    start: &Start,
    history: &mut Vec<Event>,
) -> Result<Option<Box<Finding>>, G::Error> {
    ground.settle().await;
    let mut identifiers: Vec<String> = start.holder.licences.iter().map(|one| one.identifier.clone()).collect();
    identifiers.extend(history.iter().filter_map(|event| match &event.reply {
        Reply::Issued { identifier, .. } => Some(identifier.clone()),
        _ => None,
    }));
    identifiers.sort();
    identifiers.dedup();
    let verifies = history.iter().any(|event| matches!(event.request, Request::Verify { .. }));
    let mut requests: Vec<Request> =
        identifiers.iter().map(|one| Request::Status { licence: one.clone(), known: None }).collect();
    if verifies {
        requests.extend(identifiers.iter().map(|one| Request::Verify { licence: one.clone() }));
    }
    requests.push(Request::Search { states: Vec::new() });
    for request in requests {
        match timed(ground, &start.person, &request, None).await? {
            Ok(mut event) => {
                // One after the other, whatever the clock can tell apart.
                let before = history.iter().map(|event| event.end).max().unwrap_or_default();
                event.start = event.start.max(before + Duration::from_millis(1));
                event.end = event.end.max(event.start);
                history.push(event);
            }
            Err(finding) => return Ok(Some(finding)),
        }
    }
    Ok(None)
}

/// Calls with one key are one call: every accepted answer is the same, the others are told to wait.
fn merged(history: &[Event]) -> Result<Event, Box<Finding>> {
    let busy = |event: &&Event| matches!(&event.reply, Reply::Refused { http: 409, code } if code == "IN_PROGRESS");
    let Some(first) = history.iter().find(|event| !busy(event)) else {
        return Err(Box::new(Finding::new(
            FindingClass::WrongState,
            "calls with one key",
            Text::new("one of them does the work", "其中之一完成处理"),
            Text::same("409 IN_PROGRESS for all"),
        )));
    };
    for other in history.iter().filter(|event| !busy(event)) {
        check_repeat(&first.reply, &other.reply).map_err(|mut finding| {
            finding.evidence.extend([first.evidence.clone(), other.evidence.clone()]);
            finding
        })?;
    }
    let start = history.iter().map(|event| event.start).min().unwrap_or(first.start);
    let end = history.iter().filter(|event| !busy(event)).map(|event| event.end).min().unwrap_or(first.end);
    Ok(Event { start, end, ..first.clone() })
}

fn given_twice(identifier: &str) -> Box<Finding> {
    Box::new(Finding::new(
        FindingClass::WrongValue,
        "licence.certificateIdentifier",
        Text::new("identifiers of their own for two holders", "不同持证人的标识各不相同"),
        Text::new(format!("{identifier} for both"), format!("两者均为 {identifier}")),
    ))
}

/// Every accepted change is in the audit once, whatever the order.
async fn audited<G: Ground>(ground: &G, start: &Start, history: &[Event]) -> Result<Option<Box<Finding>>, G::Error> {
    let Some(licence) = start.holder.licences.first() else { return Ok(None) };
    let mut wanted = start.trail.clone();
    for event in history {
        match (&event.request, &event.reply) {
            (Request::Act { licence: of, action, .. }, Reply::Changed { .. }) if *of == licence.identifier => {
                wanted.push(("issuer.transition", Some(*action)));
            }
            (Request::Reissue { licence: of, .. }, Reply::Issued { .. }) if *of == licence.identifier => {
                wanted.push(("issuer.reissue", None));
            }
            _ => {}
        }
    }
    let (from, to) = ground.window();
    let Asked { operation, body, .. } = audit(&licence.identifier, &from, &to);
    let answer = ground.call(Call::new(operation, None, Body::Json(body))).await?;
    let text = answer.text();
    Ok(check_trail(&view(&answer, &text), &wanted).err())
}

fn lines(history: &[Event]) -> Vec<String> {
    let mut events: Vec<&Event> = history.iter().collect();
    events.sort_by_key(|event| event.start);
    events.iter().map(|event| event.line()).collect()
}

/// The step words of a scene, for records.
#[must_use]
pub fn words(steps: &[Step]) -> String {
    steps.iter().map(Step::to_string).collect::<Vec<_>>().join(" | ")
}
