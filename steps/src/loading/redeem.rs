//! Redeeming codes as a relying party: once, by the right one, in time; races; guesses.

use std::collections::BTreeMap;

use cucumber::{given, then, when};
use ecric_checks::{answers, loading as checks, parallel};
use ecric_gm::encoding::b64url;
use ecric_gm::sm2::SecretKey;
use ecric_licence::code::{Payload, parse_code, write_code};
use ecric_licence::instant::write_date;
use ecric_licence::metadata::{mask_name, mask_number};
use ecric_licence::validity::age_on;
use ecric_model::Text;
use ecric_model::binding::{ErrorCode, Operation};
use ecric_model::sending::{Credentials, KeyUse};
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call};
use futures::future::join_all;
use serde_json::{Value, json};

use super::present::Ask;
use super::relying_party::{Party, id_of};
use super::{EcricWorld, Given, StepResult};
use crate::requests;
use crate::world::view;

/// Guesses where the product declares no limit and the plan is not a long one.
const GUESSES: u32 = 150;
/// Most guesses.
const GUESSES_MAX: u32 = 10_000;

impl EcricWorld {
    fn given(&self, from_the_end: usize) -> StepResult<Given> {
        let codes = &self.wallet.codes;
        let at = codes.len().checked_sub(from_the_end + 1);
        at.and_then(|at| codes.get(at)).cloned().ok_or_else(|| {
            self.inconclusive(Cause::SetUp, Text::new("the product gave no code", "被测系统未给出出示码"))
        })
    }

    /// Redeems a code for the party that it was made for, wanting these attributes.
    fn redeem_call(&self, given: &Given, wanted: &[&str]) -> Call {
        let body = json!({"code": given.answer.code, "audience": given.audience, "nonce": given.nonce,
            "wanted": wanted, "use": requests::stated_use()});
        let mut call = Call::new(Operation::Redeem, None, Body::Json(body));
        if given.audience == id_of(Party::Second) {
            call.options.credentials = Credentials::Other;
        }
        call
    }

    /// Presents so many licences, each on a device of its own, and returns the calls that redeem the codes.
    pub(crate) async fn codes_to_redeem(&mut self, count: usize) -> StepResult<Vec<Call>> {
        let mut calls = Vec::with_capacity(count);
        for _ in 0..count {
            self.loadable("adult", "VALID").await?;
            self.load_on_new_device().await?;
            let device = self.device()?;
            self.present(device, &Ask::default()).await?;
            self.need_success()?;
            calls.push(self.redeem_call(&self.given(0)?, &["name"]));
        }
        Ok(calls)
    }

    pub(super) async fn redeem_last(&mut self) -> StepResult {
        let given = self.given(0)?;
        let wanted: Vec<String> = given.approved.clone();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let call = self.redeem_call(&given, &wanted);
        self.act(call).await.map(|_| ())
    }

    /// The values of a person by scope.
    fn values(&self, person: usize, scopes: &[String]) -> StepResult<BTreeMap<String, Value>> {
        let today = self.today()?;
        let person = self.people.get(person).ok_or_else(|| self.suite_error("the scenario has no such person"))?;
        let age = age_on(person.birth_date, today);
        let value = |scope: &str| match scope {
            "name" => json!(person.name),
            "sex" => json!(person.sex),
            "birthDate" => json!(write_date(person.birth_date)),
            "nameMasked" => json!(mask_name(&person.name)),
            "idNumberMasked" => json!(mask_number(&person.id_number)),
            "ageOver18" => json!(age >= 18),
            _ => Value::Null,
        };
        Ok(scopes.iter().map(|scope| (scope.clone(), value(scope))).collect())
    }

    fn judge_values(&self, scopes: &[String]) -> StepResult {
        let expected = self.values(self.given(0)?.person, scopes)?;
        let text = self.last()?.text();
        self.judge(checks::check_redeemed(&view(self.last()?, &text), &expected))
    }

    pub(super) fn judge_redeemed(&self) -> StepResult {
        let scopes = self.given(0)?.approved;
        self.judge_values(&scopes)
    }
}

#[when("the hotel redeems the code")]
async fn hotel_redeems(world: &mut EcricWorld) -> StepResult {
    world.redeem_last().await
}

#[given("the hotel has redeemed the code")]
async fn hotel_has_redeemed(world: &mut EcricWorld) -> StepResult {
    world.redeem_last().await?;
    world.need_success()
}

#[when("the hotel redeems the code again")]
async fn hotel_redeems_again(world: &mut EcricWorld) -> StepResult {
    world.redeem_last().await
}

#[when("the hotel repeats the redemption under its key")]
async fn hotel_repeats(world: &mut EcricWorld) -> StepResult {
    let Some(mut call) = world.repeatable.clone() else {
        return Err(world.suite_error("there is no redemption to repeat"));
    };
    world.earlier = world.answers.last().cloned();
    call.options.idempotency = KeyUse::Same;
    world.act(call).await.map(|_| ())
}

#[when("the hotel redeems the earlier code")]
async fn hotel_redeems_earlier(world: &mut EcricWorld) -> StepResult {
    let given = world.given(1)?;
    let call = world.redeem_call(&given, &["name"]);
    world.act(call).await.map(|_| ())
}

#[when("the hotel wants one attribute of the two")]
async fn hotel_wants_one(world: &mut EcricWorld) -> StepResult {
    let given = world.given(0)?;
    let call = world.redeem_call(&given, &["name", "sex"]);
    world.act(call).await.map(|_| ())
}

#[when("another verifier redeems the code")]
async fn another_redeems(world: &mut EcricWorld) -> StepResult {
    let given = world.given(0)?;
    let mut call = world.redeem_call(&given, &["name"]);
    call.options.credentials = Credentials::Other;
    world.act(call).await.map(|_| ())
}

#[given("another verifier was refused the code")]
async fn another_was_refused(world: &mut EcricWorld) -> StepResult {
    another_redeems(world).await?;
    world.refused_as(&[ErrorCode::Forbidden])
}

#[when("the hotel redeems the code with another nonce")]
async fn redeems_with_other_nonce(world: &mut EcricWorld) -> StepResult {
    let mut given = world.given(0)?;
    given.nonce = b64url(&world.case()?.connection.bytes("another nonce")[..16]);
    let call = world.redeem_call(&given, &["name"]);
    world.act(call).await.map(|_| ())
}

#[when("twenty callers redeem the code at once")]
async fn twenty_redeem(world: &mut EcricWorld) -> StepResult {
    let given = world.given(0)?;
    let call = world.redeem_call(&given, &["name"]);
    crate::issuing::at_once(world, vec![call; 20]).await
}

#[when("the issuer suspends the licence while the hotel redeems codes")]
async fn suspends_while_redeeming(world: &mut EcricWorld) -> StepResult {
    let version = world.version().await?.0;
    let given = world.given(0)?;
    let id = world.licence()?.identifier.clone();
    let suspend = Call::new(Operation::Transition, Some(&id), Body::Json(requests::transition("SUSPEND", version)));
    let redeem = world.redeem_call(&given, &["name", "ageOver18"]);
    crate::issuing::at_once(world, vec![redeem.clone(), suspend, redeem.clone(), redeem]).await
}

#[then("attributes came only while the licence was VALID")]
fn attributes_only_while_valid(world: &mut EcricWorld) -> StepResult {
    let redeems = world.at_once.iter().filter(|answer| answer.operation == Operation::Redeem);
    for answer in redeems {
        let text = answer.text();
        let judgement = checks::check_no_attributes_unless_valid(&view(answer, &text));
        world.judge_with(judgement, std::slice::from_ref(&answer.evidence))?;
    }
    Ok(())
}

/// A code that nobody gave: the last one with a fresh cti, signed by a key of ours.
fn guessed(world: &EcricWorld, real: &str) -> StepResult<String> {
    let case = world.case()?;
    let code = parse_code(real).map_err(|error| world.suite_error(error.to_string()))?;
    let random = case.connection.bytes("guess");
    let mut code_id = [0; 16];
    code_id.copy_from_slice(&random[..16]);
    let payload = Payload { code_id, ..code.payload };
    let key = SecretKey::derive(b"ecric guesses", "code");
    write_code(&payload, code.envelope.kid, &key).map_err(|error| world.suite_error(error.to_string()))
}

#[when("somebody guesses many codes")]
async fn guesses(world: &mut EcricWorld) -> StepResult {
    let given = world.given(0)?;
    let case = world.case()?;
    let declared = case.run.limits.throttle.as_ref().and_then(|limits| limits.unknown_codes_per_10s);
    let wanted =
        if case.run.property_values > 200 { GUESSES_MAX } else { declared.map_or(GUESSES, |limit| limit + 20) };
    let mut left = wanted.min(GUESSES_MAX);
    while left > 0 {
        let batch = left.min(32);
        let mut calls = Vec::new();
        for _ in 0..batch {
            let mut guess = given.clone();
            guess.answer.code = guessed(world, &given.answer.code)?;
            calls.push(world.redeem_call(&guess, &["name"]));
        }
        let answers = join_all(calls.into_iter().map(|call| world.call(call))).await;
        let answers = answers.into_iter().collect::<StepResult<Vec<Answer>>>()?;
        world.wallet.guesses.extend(answers);
        left -= batch;
    }
    Ok(())
}

#[then("no guess is answered with anything of a licence")]
fn no_guess_is_right(world: &mut EcricWorld) -> StepResult {
    let texts: Vec<String> = world.wallet.guesses.iter().map(Answer::text).collect();
    let seen: Vec<_> = world.wallet.guesses.iter().zip(&texts).map(|(answer, text)| view(answer, text)).collect();
    let limits = world.case()?.run.limits.throttle.clone();
    let evidence: Vec<String> = world.wallet.guesses.last().map(|answer| answer.evidence.clone()).into_iter().collect();
    let limit = limits.and_then(|limits| limits.unknown_codes_per_10s);
    world.judge_with(checks::check_guesses_refused(&seen, limit), &evidence)
}

#[then("the approved attributes come back")]
async fn approved_come_back(world: &mut EcricWorld) -> StepResult {
    world.judge_redeemed()
}

#[then("only the wanted attribute comes back")]
fn only_the_wanted(world: &mut EcricWorld) -> StepResult {
    world.judge_values(&["name".to_owned()])
}

#[then("the evidence belongs to the code")]
async fn evidence_belongs(world: &mut EcricWorld) -> StepResult {
    let given = world.given(0)?;
    let signers = world.code_signers().await?;
    let text = world.last()?.text();
    let judgement =
        checks::check_evidence(&view(world.last()?, &text), &given.answer.code, &given.audience, signers.as_deref());
    world.judge(judgement)
}

#[then(regex = r"^the status ([A-Z_]+) comes back without attributes$")]
fn status_without_attributes(world: &mut EcricWorld, word: String) -> StepResult {
    let expected = crate::world::state(world, &word)?;
    let text = world.last()?.text();
    world.judge(checks::check_status_without_attributes(&view(world.last()?, &text), expected))
}

#[then("the code is refused as spent")]
fn refused_as_spent(world: &mut EcricWorld) -> StepResult {
    world.refused_as(&[ErrorCode::CodeUsed, ErrorCode::CodeExpired, ErrorCode::Gone])
}

#[then("the code gives nothing of an unloaded licence")]
fn nothing_of_an_unloaded_licence(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let grain = world.case()?.run.grain;
    world.judge(checks::check_spent_by_unload(&view(world.last()?, &text), grain))
}

#[then("the nonce is refused")]
fn nonce_is_refused(world: &mut EcricWorld) -> StepResult {
    world.refused_as(&[ErrorCode::InvalidRequest, ErrorCode::Forbidden])
}

#[then("exactly one redemption gives attributes")]
fn exactly_one_redemption(world: &mut EcricWorld) -> StepResult {
    let texts: Vec<String> = world.at_once.iter().map(Answer::text).collect();
    let seen: Vec<_> = world.at_once.iter().zip(&texts).map(|(answer, text)| view(answer, text)).collect();
    let evidence: Vec<String> = world.at_once.iter().map(|answer| answer.evidence.clone()).collect();
    world.judge_with(parallel::check_exactly_one_accepted(&seen), &evidence)
}

#[then("the same answer comes back as a replay")]
fn same_answer_as_replay(world: &mut EcricWorld) -> StepResult {
    let earlier = world.earlier.as_ref().map(Answer::text).unwrap_or_default();
    let answer = world.last()?;
    let text = answer.text();
    world.judge(answers::check_accepted(&view(answer, &text)))?;
    let same = world.earlier.as_ref().and_then(|earlier| earlier.json.clone()) == answer.json;
    let replay = answer.header("idempotent-replay").unwrap_or_default().to_owned();
    world.judge(ecric_checks::equal("header Idempotent-Replay", "true", replay.as_str()))?;
    let judgement = ecric_checks::equal("body", &earlier.len(), &if same { earlier.len() } else { 0 });
    world.judge(judgement)
}

#[when("both holders prove their age")]
async fn both_prove_their_age(world: &mut EcricWorld) -> StepResult {
    for device in 0..2 {
        world.present(device, &Ask { attributes: Some(vec!["ageOver18"]), ..Ask::default() }).await?;
        world.need_success()?;
        world.redeem_last().await?;
        world.need_success()?;
        world.guess_keep()?;
    }
    Ok(())
}

#[then("the two answers tell the same")]
fn two_answers_tell_the_same(world: &mut EcricWorld) -> StepResult {
    let [one, other] = &world.wallet.guesses[..] else {
        return Err(world.suite_error("there are not two answers"));
    };
    let (a, b) = (one.text(), other.text());
    let evidence = [one.evidence.clone(), other.evidence.clone()];
    world.judge_with(checks::check_answers_alike(&view(one, &a), &view(other, &b)), &evidence)
}

#[when("two relying parties redeem the pairwise identifier of one holder")]
async fn two_parties_redeem(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    for party in [Party::First, Party::Second] {
        let ask = Ask { party, attributes: Some(vec!["pairwiseId"]), ..Ask::default() };
        world.present(device, &ask).await?;
        world.need_success()?;
        world.redeem_last().await?;
        world.need_success()?;
        world.guess_keep()?;
    }
    Ok(())
}

#[then("each party sees another identifier")]
fn each_sees_another(world: &mut EcricWorld) -> StepResult {
    let [one, other] = &world.wallet.guesses[..] else {
        return Err(world.suite_error("there are not two answers"));
    };
    let (a, b) = (one.text(), other.text());
    let evidence = [one.evidence.clone(), other.evidence.clone()];
    world.judge_with(checks::check_pairwise(&view(one, &a), &view(other, &b)), &evidence)?;
    let codes: Vec<String> = world.wallet.codes.iter().map(|given| given.answer.code.clone()).collect();
    world.judge_with(ecric_checks::presented::check_unlinkable(&codes), &evidence)
}

impl EcricWorld {
    /// Keeps the last answer beside those that are compared later.
    fn guess_keep(&mut self) -> StepResult {
        let answer = self.last()?.clone();
        self.wallet.guesses.push(answer);
        Ok(())
    }
}
