//! What the captured bytes of a whole run hold, and what every operation says about one licence.

use cucumber::{given, then, when};
use ecric_checks::watched::{self, Sighted};
use ecric_checks::{Seen, privacy};
use ecric_licence::instant::write_instant;
use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::exchange::TransportOutcome;
use ecric_model::ics::Feature;
use ecric_model::requirement::Role;
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call, WatchedPlace};
use ecric_vectors::person::{Slot, generate_person};
use serde_json::{Value, json};
use time::Duration;

use crate::requests;
use crate::world::{EcricWorld, StepResult, view};

/// Most refusals that are judged for showing internals.
const REFUSALS_MAX: usize = 20;
/// Index of the person whom nobody asked about.
const NEIGHBOUR: u32 = 900;

/// Whether the holder has a live licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Live,
    Over,
}

/// Right and wrong requests of every operation of the roles under test about the current licence.
fn about_everything(world: &EcricWorld, state: State) -> StepResult<Vec<Call>> {
    let person = world.person()?;
    let id = world.licence()?.identifier.clone();
    let roles = world.case()?.run.ics.clone();
    let plays = |role| roles.plays(role);
    let now = world.now()?;
    let (from, to) = (write_instant(now - Duration::hours(1)), write_instant(now + Duration::hours(1)));
    let mut calls: Vec<(Operation, bool, Option<Value>)> = vec![(Operation::Capabilities, false, None)];
    if plays(Role::Issuer) || plays(Role::SharingService) {
        let mut without_use = requests::metadata();
        without_use.as_object_mut().map(|members| members.shift_remove("use"));
        calls.extend([
            (Operation::Metadata, true, Some(requests::metadata())),
            (Operation::Metadata, true, Some(without_use)),
            (Operation::Status, true, None),
            (Operation::Search, false, Some(requests::search(person))),
            (Operation::TrustAnchors, false, None),
            (Operation::Audit, false, Some(requests::audit(&id, &from, &to))),
        ]);
    }
    if plays(Role::Issuer) && state == State::Live {
        let mut wrong = requests::issue(person);
        wrong["holder"]["sex"] = json!(if wrong["holder"]["sex"] == "1" { "2" } else { "1" });
        // Of somebody without a live licence the first one would make a new one.
        calls.extend([
            (Operation::Transition, true, Some(requests::transition("RESTORE", 1))),
            (Operation::Issue, false, Some(requests::issue(person))),
            (Operation::Issue, false, Some(wrong)),
        ]);
    }
    if plays(Role::Verifier) || plays(Role::SharingService) {
        let mut wrong = requests::verification(&id, person);
        wrong["assert"]["address"] = json!("测试省另一地址");
        calls.extend([
            (Operation::VerifyAttributes, false, Some(requests::verification(&id, person))),
            (Operation::VerifyAttributes, false, Some(wrong)),
        ]);
    }
    Ok(calls
        .into_iter()
        .map(|(operation, with_id, body)| {
            Call::new(operation, with_id.then_some(id.as_str()), body.map_or(Body::None, Body::Json))
        })
        .collect())
}

/// Asks everything; what cannot be asked over a dialect is left out.
async fn ask_everything(world: &mut EcricWorld, state: State) -> StepResult {
    let case = world.case()?;
    for call in about_everything(world, state)? {
        if let Ok(answer) = case.connection.call(call).await {
            world.answers.push(answer);
        }
    }
    if !case.run.target.settings().is_mapped() {
        let mut lost = Call::new(Operation::Capabilities, None, Body::None);
        lost.options.path = Some("/v1/ecric-unknown".to_owned());
        world.answers.extend(case.connection.call(lost).await.ok());
    }
    if case.run.ics.capabilities.features.contains(&Feature::Original) {
        let mut body = requests::file(false);
        body["delivery"] = json!("URL");
        let id = world.licence()?.identifier.clone();
        let answer = case.connection.call(Call::new(Operation::File, Some(&id), Body::Json(body))).await;
        let link = answer.ok().and_then(|answer| answer.json?.get("content")?.as_str().map(str::to_owned));
        if let Some(link) = link.filter(|link| link.starts_with("http")) {
            let _ = case.connection.fetch(Operation::File, &link).await;
        }
    }
    Ok(())
}

#[given("a licence that every operation was asked about")]
async fn asked_everything(world: &mut EcricWorld) -> StepResult {
    let index = world.generate("adult")?;
    if let Some(identifier) = world.register(index, "VALID").await? {
        world.hold(&identifier, index);
    }
    register_neighbour(world).await?;
    ask_everything(world, State::Live).await
}

/// Somebody else with a licence, issued after that of the case.
async fn register_neighbour(world: &EcricWorld) -> StepResult {
    world.may_make_persons()?;
    let case = world.case()?;
    let slot = Slot { seed: case.run.seed, case_ordinal: case.ordinal, index: NEIGHBOUR };
    let person = generate_person("adult", &slot, world.today()?).map_err(|e| world.suite_error(e.to_string()))?;
    case.connection.add_neighbour(person.secrets());
    let body = Body::Json(requests::persona(&person, "VALID"));
    let answer = world.call(Call::new(Operation::TestPersonas, None, body)).await?;
    world.set_up(&answer, Cause::Persona)
}

#[when("every operation is asked about the licence")]
async fn asks_everything(world: &mut EcricWorld) -> StepResult {
    ask_everything(world, State::Over).await
}

#[then("no answer holds anything of the person")]
fn no_answer_holds(world: &mut EcricWorld) -> StepResult {
    let secrets = world.person()?.secrets();
    let judged: Vec<&Answer> = world.answers.iter().collect();
    for answer in judged {
        let text = answer.text();
        let judgement = privacy::check_holds_nothing_of(&view(answer, &text), &secrets);
        world.judge_with(judgement, std::slice::from_ref(&answer.evidence))?;
    }
    Ok(())
}

// ----- the whole run

#[when("the captured bytes of the run are searched")]
fn bytes_are_searched(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let seen = case.connection.observe("watched", || {
        let mut seen = case.run.target.watched();
        // Only what will be judged is kept, without anything that may not be written.
        seen.refusals.retain(|(_, text)| privacy::check_no_internals(&refusal(text)).is_err());
        seen.refusals.truncate(REFUSALS_MAX);
        for (_, text) in &mut seen.refusals {
            *text = case.connection.redacted(text);
        }
        serde_json::to_value(seen).unwrap_or_default()
    });
    world.watched = serde_json::from_value(seen).unwrap_or_default();
    Ok(())
}

/// A refusal as the check sees it.
const fn refusal(text: &str) -> Seen<'_> {
    Seen { outcome: TransportOutcome::Answer, transport_error: None, status: 400, headers: &[], json: None, text }
}

fn unsighted(world: &EcricWorld, place: &str, what: Text, places: &[WatchedPlace]) -> StepResult {
    let seen = &world.watched;
    world.judge_with(watched::check_looked(seen.exchanges, seen.values), &[])?;
    let found: Vec<_> = seen.sightings.iter().filter(|one| places.contains(&one.place)).collect();
    let sighted: Vec<Sighted<'_>> =
        found.iter().map(|one| Sighted { form: &one.form, operation: &one.operation, case: &one.case }).collect();
    let evidence: Vec<String> = found.iter().take(3).map(|one| one.evidence.clone()).collect();
    world.judge_with(watched::check_unsighted(place, what, &sighted), &evidence)
}

fn nothing() -> Text {
    Text::new("nothing of a person, in whatever form", "不含任何形式的个人信息")
}

#[then("no URL holds anything of a person")]
fn no_url(world: &mut EcricWorld) -> StepResult {
    unsighted(world, "URL", nothing(), &[WatchedPlace::Url])
}

#[then("no header holds anything of a person")]
fn no_header(world: &mut EcricWorld) -> StepResult {
    unsighted(world, "headers", nothing(), &[WatchedPlace::Header])
}

#[then("no refusal holds anything of a person")]
fn no_refusal(world: &mut EcricWorld) -> StepResult {
    unsighted(world, "refusals", nothing(), &[WatchedPlace::Refusal])
}

#[then("no status, list or verdict holds anything of a person")]
fn no_plain_answer(world: &mut EcricWorld) -> StepResult {
    unsighted(world, "answers without holder data", nothing(), &[WatchedPlace::Plain])
}

#[then("no audit holds anything of a person")]
fn no_audit(world: &mut EcricWorld) -> StepResult {
    unsighted(world, "audit", nothing(), &[WatchedPlace::Audit])
}

#[then("no answer holds the number of somebody else")]
fn no_other_holder(world: &mut EcricWorld) -> StepResult {
    let what = Text::new("no citizen number of another holder", "不含他人的公民身份号码");
    unsighted(world, "answers about one holder", what, &[WatchedPlace::OtherHolder])
}

#[then("no answer holds key material")]
fn no_key(world: &mut EcricWorld) -> StepResult {
    let what = Text::new("no private key and no secret of a caller", "不含私钥及调用方密钥");
    unsighted(world, "answers", what, &[WatchedPlace::Key])
}

#[then("no refusal shows internals")]
fn no_internals(world: &mut EcricWorld) -> StepResult {
    let refusals = world.watched.refusals.clone();
    world.judge_with(watched::check_looked(world.watched.exchanges, world.watched.values), &[])?;
    for (evidence, text) in &refusals {
        world.judge_with(privacy::check_no_internals(&refusal(text)), std::slice::from_ref(evidence))?;
    }
    Ok(())
}
