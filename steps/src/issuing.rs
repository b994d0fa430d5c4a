//! Issuing and re-issuing.

use cucumber::{given, then, when};
use ecric_checks::identifiers;
use ecric_checks::metadata as metadata_checks;
use ecric_checks::{Judgement, face, validity};
use ecric_licence::validity::Term;
use ecric_model::Text;
use ecric_model::binding::{IssueAnswer, LicenceRecord, LicenceStatus, Operation};
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call};
use futures::future::join_all;

use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

/// Issues a licence to the first person and holds it if it was made.
pub(crate) async fn issue(world: &mut EcricWorld, variation: Option<&str>) -> StepResult {
    let body = requests::issue(world.person()?);
    let call = world.build(Operation::Issue, None, Some(body), variation)?;
    let before = world.current;
    let answer = world.act(call).await?.clone();
    if hold_new(world, &answer) {
        world.previous = before;
    }
    Ok(())
}

fn hold_new(world: &mut EcricWorld, answer: &Answer) -> bool {
    let identifier = answer.json.as_ref().and_then(|json| json.pointer("/licence/certificateIdentifier")?.as_str());
    let Some(identifier) = identifier.filter(|_| answer.is_success()) else { return false };
    world.hold(identifier, 0);
    true
}

/// The licence in the last answer of issue, re-issue or metadata.
pub(crate) fn licence_record(world: &EcricWorld) -> StepResult<LicenceRecord> {
    let answer = world.last()?;
    let text = answer.text();
    let seen = view(answer, &text);
    world.found(ecric_checks::answers::check_accepted(&seen).and_then(|()| {
        let message: IssueAnswer = ecric_checks::message(&seen)?;
        Ok(message.licence)
    }))
}

/// The licence in the last answer as JSON.
pub(crate) fn licence_json(world: &EcricWorld) -> StepResult<serde_json::Value> {
    let answer = world.last()?;
    let text = answer.text();
    let seen = view(answer, &text);
    world.found(ecric_checks::answers::check_accepted(&seen))?;
    Ok(answer.json.as_ref().and_then(|json| json.get("licence")).cloned().unwrap_or_default())
}

fn judge_identifier(world: &EcricWorld, check: impl Fn(&str) -> Judgement) -> StepResult {
    let licence = licence_record(world)?;
    world.judge(check(&licence.certificate_identifier))
}

#[when(regex = r#"^the issuer issues the licence(?: with "([^"]+)")?$"#)]
async fn issuer_issues(world: &mut EcricWorld, variation: String) -> StepResult {
    issue(world, named(&variation)).await
}

#[given(regex = r#"^the issuer has issued the licence(?: with "([^"]+)")?$"#)]
async fn issuer_has_issued(world: &mut EcricWorld, variation: String) -> StepResult {
    issue(world, named(&variation)).await?;
    world.need_success()
}

#[given("the issuer was refused a second licence")]
async fn issuer_was_refused(world: &mut EcricWorld) -> StepResult {
    issue(world, None).await?;
    let answer = world.last()?;
    if answer.status == 409 {
        return Ok(());
    }
    Err(world.inconclusive(
        Cause::SetUp,
        Text::new(
            format!("a second licence was not refused but answered with {}", answer.status),
            format!("第二份证照未被拒绝，应答为 {}", answer.status),
        ),
    ))
}

#[when(regex = r#"^the issuer re-issues the licence(?: with "([^"]+)")?$"#)]
async fn issuer_reissues(world: &mut EcricWorld, variation: String) -> StepResult {
    let version = world.version().await?.0;
    let id = world.licence()?.identifier.clone();
    let call = world.build(Operation::Reissue, Some(id), Some(requests::reissue(version)), named(&variation))?;
    let before = world.current;
    let answer = world.act(call).await?.clone();
    if hold_new(world, &answer) {
        world.previous = before;
    }
    Ok(())
}

#[given("the issuer has re-issued the licence")]
async fn issuer_has_reissued(world: &mut EcricWorld) -> StepResult {
    issuer_reissues(world, String::new()).await?;
    world.need_success()
}

#[when("ten licences are issued to ten persons")]
async fn ten_licences(world: &mut EcricWorld) -> StepResult {
    for index in 0..10 {
        if index > 0 {
            world.generate("adult")?;
            world.register(index, "NONE").await?;
        }
        let call = world.build(Operation::Issue, None, Some(requests::issue(&world.people[index])), None)?;
        let answer = world.act(call).await?.clone();
        hold_new(world, &answer);
    }
    Ok(())
}

/// Sends copies of a call at once; each has a nonce of its own.
pub(crate) async fn at_once(world: &mut EcricWorld, calls: Vec<Call>) -> StepResult {
    let answers = join_all(calls.into_iter().map(|call| world.call(call))).await;
    world.at_once = answers.into_iter().collect::<StepResult<Vec<Answer>>>()?;
    Ok(())
}

#[when("two callers issue the licence at once")]
async fn two_callers_issue(world: &mut EcricWorld) -> StepResult {
    let body = requests::issue(world.person()?);
    let call = Call::new(Operation::Issue, None, Body::Json(body));
    at_once(world, vec![call.clone(), call]).await
}

#[when("16 callers issue the licence at once with one key")]
async fn callers_issue_with_one_key(world: &mut EcricWorld) -> StepResult {
    let mut call = Call::new(Operation::Issue, None, Body::Json(requests::issue(world.person()?)));
    call.idempotency_key = Some(world.case()?.connection.uuid("one key"));
    at_once(world, vec![call; 16]).await
}

#[when("two operators re-issue the licence at once")]
async fn two_operators_reissue(world: &mut EcricWorld) -> StepResult {
    let version = world.version().await?.0;
    let id = world.licence()?.identifier.clone();
    let call = Call::new(Operation::Reissue, Some(&id), Body::Json(requests::reissue(version)));
    at_once(world, vec![call.clone(), call]).await
}

#[then("the identifier is the root followed by five segments")]
fn identifier_structure(world: &mut EcricWorld) -> StepResult {
    judge_identifier(world, identifiers::check_structure)
}

#[then("the type segment is a USCI with a three-digit sequence")]
fn type_segment(world: &mut EcricWorld) -> StepResult {
    judge_identifier(world, identifiers::check_type_shape)
}

#[then("the type segment is the type of the identity card")]
fn type_value(world: &mut EcricWorld) -> StepResult {
    judge_identifier(world, identifiers::check_type_value)
}

#[then("the authority segment is a USCI with a correct check character")]
fn authority_segment(world: &mut EcricWorld) -> StepResult {
    judge_identifier(world, identifiers::check_authority)
}

#[then("the serial has only digits with upper-case letters")]
fn serial_alphabet(world: &mut EcricWorld) -> StepResult {
    judge_identifier(world, identifiers::check_serial)
}

#[then(regex = r"^the version segment is (\d{3})$")]
fn version_segment(world: &mut EcricWorld, version: String) -> StepResult {
    judge_identifier(world, |text| identifiers::check_version(text, &version))
}

#[then("the check character of the identifier is right")]
fn check_character(world: &mut EcricWorld) -> StepResult {
    judge_identifier(world, identifiers::check_check_character)
}

#[then("the new identifier keeps type, authority, serial with the next version")]
fn next_version(world: &mut EcricWorld) -> StepResult {
    let old = previous(world)?;
    judge_identifier(world, |text| identifiers::check_next_version(&old, text))
}

#[then("the identifiers are all different")]
fn identifiers_differ(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(ecric_checks::answers::check_accepted(&view(world.last()?, &text)))?;
    world.judge(identifiers::check_distinct(world.licences.iter().map(|licence| licence.identifier.as_str())))
}

#[then("the identifier differs from the earlier one")]
fn identifier_differs(world: &mut EcricWorld) -> StepResult {
    let old = previous(world).or_else(|_| world.licence().map(|licence| licence.identifier.clone()))?;
    judge_identifier(world, |text| identifiers::check_distinct([old.as_str(), text]))
}

fn previous(world: &EcricWorld) -> StepResult<String> {
    // Where the call made no new licence, the answer itself is judged first and ends the case.
    licence_record(world)?;
    world
        .previous
        .and_then(|index| world.licences.get(index))
        .map(|licence| licence.identifier.clone())
        .ok_or_else(|| world.suite_error("the scenario has no earlier licence"))
}

#[then("the new licence names the replaced one")]
fn names_the_replaced(world: &mut EcricWorld) -> StepResult {
    let old = previous(world)?;
    world.judge(metadata_checks::check_previous(&licence_record(world)?, &old))
}

#[then("the licence holds the number of the person")]
fn holds_the_number(world: &mut EcricWorld) -> StepResult {
    let number = world.person()?.id_number.clone();
    world.judge(face::check_issued_number(&licence_record(world)?, &number))
}

#[then("the licence holds what was issued")]
fn holds_what_was_issued(world: &mut EcricWorld) -> StepResult {
    let issued = issued_holder(world)?;
    world.judge(face::check_as_issued(&licence_record(world)?, &issued))
}

/// The holder that the first person was issued with.
pub(crate) fn issued_holder(world: &EcricWorld) -> StepResult<ecric_model::binding::Holder> {
    let json = serde_json::Value::Object(world.person()?.holder());
    serde_json::from_value(json).map_err(|error| world.suite_error(error.to_string()))
}

#[then("the new licence holds the new address with all else as before")]
fn holds_the_new_address(world: &mut EcricWorld) -> StepResult {
    let issued = issued_holder(world)?;
    let address = match world.repeatable.as_ref().map(|call| &call.body) {
        Some(Body::Raw(bytes)) => serde_json::from_slice::<serde_json::Value>(bytes).ok(),
        _ => None,
    }
    .and_then(|body| body.pointer("/changes/address")?.as_str().map(str::to_owned));
    let Some(address) = address else { return Err(world.suite_error("the request had no new address")) };
    world.judge(face::check_new_address(&licence_record(world)?, &issued, &address))
}

#[then("the birth date of the licence equals digits 7 to 14 of the number")]
fn birth_date_equals_number(world: &mut EcricWorld) -> StepResult {
    world.judge(face::check_birth_date(&licence_record(world)?))
}

#[then("the sex of the licence agrees with digit 17 of the number")]
fn sex_agrees_with_number(world: &mut EcricWorld) -> StepResult {
    world.judge(face::check_sex(&licence_record(world)?))
}

#[then(regex = r"^the licence is valid for (\d+) years$")]
fn valid_for_years(world: &mut EcricWorld, years: u8) -> StepResult {
    world.judge(validity::check_term(&licence_record(world)?, Term::Years(years)))
}

#[then("the licence is valid for long-term")]
fn valid_for_long_term(world: &mut EcricWorld) -> StepResult {
    world.judge(validity::check_term(&licence_record(world)?, Term::LongTerm))
}

#[then("the validity is written as long-term")]
fn written_as_long_term(world: &mut EcricWorld) -> StepResult {
    world.judge(validity::check_long_term_form(&licence_record(world)?))
}

#[then("the validity is written with a last day")]
fn written_with_a_last_day(world: &mut EcricWorld) -> StepResult {
    world.judge(validity::check_dated_form(&licence_record(world)?))
}

#[then("the same licence comes back as a replay")]
fn same_licence_as_replay(world: &mut EcricWorld) -> StepResult {
    let held = world.licences.first().map(|licence| licence.identifier.clone()).unwrap_or_default();
    let licence = licence_record(world)?;
    world.judge(ecric_checks::equal(
        "licence.certificateIdentifier",
        held.as_str(),
        licence.certificate_identifier.as_str(),
    ))?;
    let header = world.last()?.header("idempotent-replay").unwrap_or_default().to_owned();
    world.judge(ecric_checks::equal("header Idempotent-Replay", "true", header.as_str()))
}

/// States of every licence of the first person, over all pages.
pub(crate) async fn states_of_person(world: &mut EcricWorld) -> StepResult<Vec<LicenceStatus>> {
    let items = crate::search::all_items(world, 100).await?;
    Ok(items.into_iter().map(|item| item.certificate_status).collect())
}
