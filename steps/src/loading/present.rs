//! Showing the licence: what was asked, what the holder approves, the code that comes of it.

use cucumber::{given, then, when};
use ecric_checks::{loading as checks, presented};
use ecric_gm::encoding::from_b64url;
use ecric_gm::sm2::SecretKey;
use ecric_gm::x509::Certificate;
use ecric_licence::file::{Role as SignerRole, Trust};
use ecric_model::binding::{ErrorCode, Operation, PresentAnswer};
use ecric_target::{Answer, Body, Call};
use serde_json::{Value, json};
use time::Duration;

use super::holder::Unlock;
use super::relying_party::{APPROVED, ASKED, Flaw, HOTEL, Party, SCENE, id_of};
use super::{EcricWorld, Given, StepResult};
use crate::world::view;

/// How the holder answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Decision {
    /// Approves the two attributes.
    #[default]
    Approve,
    /// Approves nothing, and yet agrees.
    ApproveNothing,
    /// Approves what was not asked for.
    ApproveMore,
    /// Refuses.
    Deny,
}

/// One presentation.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    pub(super) party: Party,
    pub(super) flaw: Flaw,
    pub(super) decision: Decision,
    /// Attributes asked for and approved, where not the usual ones.
    pub(super) attributes: Option<Vec<&'static str>>,
    /// Attributes that the holder confirms one by one.
    pub(super) confirmed: Vec<&'static str>,
    /// How the holder authenticates; the usual way where `None`.
    pub(super) unlock: Option<Unlock>,
    /// True for no authentication at all.
    pub(super) locked: bool,
    /// True for a proof by the key of another device.
    pub(super) other_device: bool,
    /// Address for the answer.
    pub(super) sink: String,
    /// True for a device without the network.
    pub(super) offline: bool,
}

impl EcricWorld {
    /// The call; the request in it is kept.
    pub(super) fn present_call(&mut self, device: usize, ask: &Ask) -> StepResult<Call> {
        let asked: Vec<&str> = ask.attributes.clone().unwrap_or_else(|| ASKED.to_vec());
        let approved: Vec<&str> = match (ask.decision, &ask.attributes) {
            (Decision::ApproveNothing | Decision::Deny, _) => Vec::new(),
            (Decision::ApproveMore, _) => vec!["name", "address"],
            (Decision::Approve, Some(attributes)) => attributes.clone(),
            (Decision::Approve, None) => APPROVED.to_vec(),
        };
        let request = self.ask(ask.party, &asked, ask.flaw, &ask.sink)?;
        self.wallet.request = Some(request.clone());
        let word = if ask.decision == Decision::Deny { "DENY" } else { "APPROVE" };
        let mode = if ask.offline { "OFFLINE" } else { "ONLINE" };
        let mut body = json!({"loadedLicenceId": self.loaded_on(device)?, "request": request, "decision": word,
            "approvedAttributes": approved, "mode": mode});
        if !ask.confirmed.is_empty() {
            body["confirmedAttributes"] = json!(ask.confirmed);
        }
        if self.plays_device()? {
            self.play_device(device, ask, &mut body)?;
        } else {
            // What the app scans: the same request as a code.
            body["requestCode"] = json!(self.request_code(ask.party, &request)?);
        }
        Ok(Call::new(Operation::Present, None, Body::Json(body)))
    }

    /// Adds what the device and the holder say.
    fn play_device(&mut self, device: usize, ask: &Ask, body: &mut Value) -> StepResult {
        let Value::Object(mut signed) = body.clone() else { return Err(self.suite_error("the body is no object")) };
        let key = self.wallet.devices[device].key.clone();
        let other = SecretKey::derive(b"another device", "device");
        let by = if ask.other_device { &other } else { &key };
        body["deviceProof"] = self.device_proof(&mut signed, by, by)?;
        if !ask.locked {
            let person = self.wallet.devices[device].person;
            body["holderAuth"] = self.unlock(person, ask.unlock.unwrap_or(Unlock::Token))?;
        }
        Ok(())
    }

    /// Presents and keeps the code, if one comes.
    pub(super) async fn present(&mut self, device: usize, ask: &Ask) -> StepResult {
        let call = self.present_call(device, ask)?;
        let approved: Vec<String> = match &call.body {
            Body::Json(body) => body["approvedAttributes"].as_array().into_iter().flatten(),
            _ => return Err(self.suite_error("the call has no body")),
        }
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
        let answer = self.act(call).await?.clone();
        self.keep_code(device, ask.party, approved, &answer);
        Ok(())
    }

    fn keep_code(&mut self, device: usize, party: Party, approved: Vec<String>, answer: &Answer) {
        let Ok(given) = answer.message::<PresentAnswer>() else { return };
        let nonce = self.wallet.request.as_ref().and_then(|request| request["nonce"].as_str()).unwrap_or_default();
        self.wallet.codes.push(Given {
            answer: given,
            audience: id_of(party).to_owned(),
            nonce: nonce.to_owned(),
            approved,
            person: self.wallet.devices[device].person,
        });
    }

    /// Certificates that the product lists as signers of codes; `None` where it lists none.
    pub(super) async fn code_signers(&self) -> StepResult<Option<Vec<Certificate>>> {
        let answer = self.call(Call::new(Operation::TrustAnchors, None, Body::None)).await?;
        let trust = answer.json.as_ref().filter(|_| answer.is_success()).and_then(|json| Trust::from_list(json).ok());
        let Some(trust) = trust else { return Ok(None) };
        let listed: Vec<Certificate> = trust
            .listed
            .iter()
            .filter(|certificate| trust.role_of(certificate) == Some(SignerRole::Presentation))
            .cloned()
            .collect();
        Ok((!listed.is_empty()).then_some(listed))
    }
}

async fn presents(world: &mut EcricWorld, ask: Ask) -> StepResult {
    let device = world.device()?;
    world.present(device, &ask).await
}

#[when("the holder presents two of four attributes")]
async fn holder_presents(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask::default()).await
}

#[given("the holder has presented two of four attributes")]
async fn holder_has_presented(world: &mut EcricWorld) -> StepResult {
    holder_presents(world).await?;
    world.need_success()
}

#[when("the holder presents after unlocking with the PIN")]
async fn presents_with_pin(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { unlock: Some(Unlock::Pin), ..Ask::default() }).await
}

#[when("the holder presents with a wrong PIN")]
async fn presents_with_wrong_pin(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { unlock: Some(Unlock::WrongPin), ..Ask::default() }).await
}

#[given("the holder has presented with a wrong PIN")]
async fn has_presented_with_wrong_pin(world: &mut EcricWorld) -> StepResult {
    presents_with_wrong_pin(world).await?;
    world.refused_as(&[ErrorCode::HolderAuthFailed])
}

#[when("somebody presents without unlocking")]
async fn presents_locked(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { locked: true, ..Ask::default() }).await
}

#[when("the licence is presented from a copy on another device")]
async fn presents_from_copy(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { other_device: true, ..Ask::default() }).await
}

#[when("the first device presents the licence")]
async fn first_device_presents(world: &mut EcricWorld) -> StepResult {
    world.present(0, &Ask::default()).await
}

#[when("the second device presents the licence")]
async fn second_device_presents(world: &mut EcricWorld) -> StepResult {
    world.present(1, &Ask::default()).await
}

#[when("the holder denies the request")]
async fn holder_denies(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { decision: Decision::Deny, ..Ask::default() }).await
}

#[when("the holder presents in aeroplane mode")]
async fn presents_offline(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { offline: true, ..Ask::default() }).await
}

#[then("the code rests on a view of the last 24 hours")]
fn code_rests_on_a_view(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let now = world.now()?.unix_timestamp();
    world.judge(presented::check_view_fresh(&view(world.last()?, &text), now, 30))
}

#[given("the holder has denied a request")]
async fn holder_has_denied(world: &mut EcricWorld) -> StepResult {
    holder_denies(world).await?;
    world.need_success()
}

#[when("the holder approves nothing")]
async fn approves_nothing(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { decision: Decision::ApproveNothing, ..Ask::default() }).await
}

#[when("more is approved than the hotel asked for")]
async fn approves_more(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { decision: Decision::ApproveMore, ..Ask::default() }).await
}

#[when(regex = r"^the holder presents the portrait (with|without) a confirmation of its own$")]
async fn presents_portrait(world: &mut EcricWorld, how: String) -> StepResult {
    let confirmed = if how == "with" { vec!["photo"] } else { Vec::new() };
    presents(world, Ask { attributes: Some(vec!["name", "photo"]), confirmed, ..Ask::default() }).await
}

#[given("the holder has presented the masked values")]
async fn presented_masked(world: &mut EcricWorld) -> StepResult {
    presents(world, Ask { attributes: Some(vec!["nameMasked", "idNumberMasked"]), ..Ask::default() }).await?;
    world.need_success()
}

#[when(regex = r"^the request of the hotel is (unsigned|altered|expired|misdirected)$")]
async fn flawed_request(world: &mut EcricWorld, flaw: String) -> StepResult {
    let flaw = match flaw.as_str() {
        "unsigned" => Flaw::Unsigned,
        "altered" => Flaw::Altered,
        "expired" => Flaw::Expired,
        _ => Flaw::Misdirected,
    };
    presents(world, Ask { flaw, ..Ask::default() }).await
}

#[when("a request wants its answer at an address that nobody registered")]
async fn foreign_response(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let token = case.connection.uuid("sink");
    let sink = case.run.trust.counterpart.sink(&token);
    world.sink = token;
    presents(world, Ask { flaw: Flaw::ForeignResponse, sink, ..Ask::default() }).await
}

#[when("the holder presents many times")]
async fn presents_many_times(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    let count = world.case()?.run.property_values.min(200);
    for _ in 0..count {
        world.present(device, &Ask::default()).await?;
        world.need_success()?;
        world.answers.truncate(1);
    }
    Ok(())
}

#[then("the codes are unlinkable")]
fn codes_are_unlinkable(world: &mut EcricWorld) -> StepResult {
    let codes: Vec<String> = world.wallet.codes.iter().map(|given| given.answer.code.clone()).collect();
    let record = ecric_model::run_record::PropertyRecord {
        law: "no two codes of one licence share anything".to_owned(),
        seed: String::new(),
        values: u32::try_from(codes.len()).unwrap_or(u32::MAX),
        shrinks: 0,
        minimal: None,
        files: Vec::new(),
        loads: Vec::new(),
    };
    world.case()?.with_log(|log| log.property = Some(record));
    world.judge(presented::check_unlinkable(&codes))
}

#[then("the code is right for the hotel")]
async fn code_is_right(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let request = world.wallet.request.clone().unwrap_or_default();
    let nonce = from_b64url(request["nonce"].as_str().unwrap_or_default()).unwrap_or_default();
    let wanted = presented::WantedCode {
        scopes: &APPROVED,
        audience: request["audience"].as_str(),
        scene: SCENE,
        nonce: Some(&nonce),
    };
    world.judge(presented::check_code(&view(world.last()?, &text), &wanted))?;
    match world.code_signers().await? {
        Some(signers) => world.judge(presented::check_code_signature(&view(world.last()?, &text), &signers)),
        None => Ok(()),
    }
}

#[then("the code lives no longer than a minute")]
fn code_lives_a_minute(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let now = world.now()?.unix_timestamp();
    world.judge(presented::check_life(&view(world.last()?, &text), now, 30))
}

#[then("the code grants only what was approved")]
fn code_grants_only(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(presented::check_scope(&view(world.last()?, &text), &APPROVED))
}

#[then("the code holds nothing of the person")]
fn code_is_silent(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let person = world.person()?;
    let identifier = world.licence()?.identifier.clone();
    let mut secrets = person.secrets();
    secrets.push(identifier);
    world.judge(presented::check_code_silent(&view(world.last()?, &text), &secrets))
}

#[then("no code comes, only the word that the holder denied")]
fn only_denied(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(checks::check_denied(&view(world.last()?, &text)))
}

#[then("the presentation is refused for the state of the licence")]
fn refused_for_the_state(world: &mut EcricWorld) -> StepResult {
    world.refused_as(&[ErrorCode::StateConflict, ErrorCode::Gone])
}

#[then("the presentation is refused for want of authentication")]
fn refused_for_authentication(world: &mut EcricWorld) -> StepResult {
    world.refused_as(&[ErrorCode::HolderAuthFailed, ErrorCode::HolderAuthRequired, ErrorCode::InvalidRequest])
}

#[then("the old device is told that the licence is gone, unless a second one was refused")]
async fn old_device_is_told(world: &mut EcricWorld) -> StepResult {
    // A product may allow one device only: then the second load was refused, and the first still works.
    if world.wallet.devices.get(1).is_some_and(|second| second.loaded.is_none()) {
        return world.refused_as(&[ErrorCode::StateConflict]);
    }
    world.present(0, &Ask::default()).await?;
    world.refused_as(&[ErrorCode::Gone])
}

#[when("the holder loads the licence on a second device")]
async fn loads_on_second_device(world: &mut EcricWorld) -> StepResult {
    let licence = world.current.unwrap_or_default();
    let second = world.new_device(licence)?;
    world.load(second, Unlock::Token, super::Proof::Right).await
}

#[then("the second device can present")]
async fn second_device_can_present(world: &mut EcricWorld) -> StepResult {
    world.present(1, &Ask::default()).await?;
    let text = world.last()?.text();
    world.judge(ecric_checks::answers::check_accepted(&view(world.last()?, &text)))
}

#[then("the first device can present no more")]
async fn first_device_cannot(world: &mut EcricWorld) -> StepResult {
    world.present(0, &Ask::default()).await?;
    world.refused_as(&[ErrorCode::Gone])
}

/// The clock of the product, an hour away from real time.
#[given(regex = r"^the clock stands (\d+) minutes (ahead|behind)$")]
async fn clock_stands(world: &mut EcricWorld, minutes: i64, way: String) -> StepResult {
    let minutes = if way == "behind" { -minutes } else { minutes };
    crate::clock::shift(world, Duration::minutes(minutes)).await
}

#[given(regex = r"^(\d+) seconds have passed since$")]
async fn seconds_have_passed(world: &mut EcricWorld, seconds: i64) -> StepResult {
    crate::clock::shift(world, Duration::seconds(seconds)).await
}

/// Name that the hotel shows, for prompts.
pub(super) const fn hotel() -> &'static str {
    HOTEL
}
