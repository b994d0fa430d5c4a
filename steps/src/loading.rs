//! Licences on devices: loading, unloading. The suite plays the device, unless a driver does.

use cucumber::{given, then, when};
use ecric_checks::{Grain, loading as checks};
use ecric_gm::encoding::b64url;
use ecric_gm::sm2::SecretKey;
use ecric_licence::code::kid_of_key;
use ecric_licence::signed_json::{DEVICE_PROOF, sign};
use ecric_model::binding::{ErrorCode, LoadAnswer, Operation, PresentAnswer};
use ecric_model::requirement::Role;
use ecric_target::{Answer, Body, Call, Driver};
use serde_json::{Map, Value, json};

use crate::issuing::at_once;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

mod holder;
mod log;
mod present;
mod redeem;
mod relying_party;
mod screen;
mod story;

pub(crate) use relying_party::listed_parties;

use holder::Unlock;

/// A device that the suite plays, or that a driver plays for it.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) key: SecretKey,
    /// Handle of the licence on it.
    pub(crate) loaded: Option<String>,
    /// Index of the licence.
    pub(crate) licence: usize,
    /// Index of its holder.
    pub(crate) person: usize,
}

/// A code as it was given, with what goes with it.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) answer: PresentAnswer,
    pub(crate) audience: String,
    pub(crate) nonce: String,
    pub(crate) approved: Vec<String>,
    pub(crate) person: usize,
}

/// What a case knows of devices, requests and codes.
#[derive(Debug, Default)]
pub(crate) struct Wallet {
    pub(crate) devices: Vec<Device>,
    /// The request of the relying party, as it was sent.
    pub(crate) request: Option<Value>,
    pub(crate) codes: Vec<Given>,
    /// What the holder did, for the use log.
    pub(crate) entry: Option<String>,
    /// Answers of a series of guesses.
    pub(crate) guesses: Vec<Answer>,
    /// A transaction of holder authentication that was used.
    pub(crate) transaction: Option<String>,
}

/// How the device proves its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    Right,
    OtherKey,
    OldChallenge,
    Missing,
}

impl EcricWorld {
    /// True if the suite itself plays the device; else a driver does.
    pub(crate) fn plays_device(&self) -> StepResult<bool> {
        Ok(self.case()?.run.target.settings().driver() == Driver::Api)
    }

    /// A device with a key of its own.
    fn new_device(&mut self, licence: usize) -> StepResult<usize> {
        let case = self.case()?;
        let number = self.wallet.devices.len();
        let key = SecretKey::derive(&case.connection.bytes("device key"), "device");
        let id = format!("ecric-{}", case.connection.uuid("device"));
        let person = self.licences.get(licence).map_or(0, |licence| licence.person);
        self.wallet.devices.push(Device { id, key, loaded: None, licence, person });
        Ok(number)
    }

    /// The device that the scenario speaks of: the last one.
    pub(crate) fn device(&self) -> StepResult<usize> {
        self.wallet.devices.len().checked_sub(1).ok_or_else(|| self.suite_error("the scenario has no device"))
    }

    /// Registers a person whose licence, in a state, can be loaded.
    pub(crate) async fn loadable(&mut self, kind: &str, state: &str) -> StepResult {
        let index = self.generate(kind)?;
        let secrets = holder::secrets(&self.people[index]);
        self.case()?.connection.add_personal([secrets.token.clone()]);
        let more = json!({"holderAuth": {"pin": secrets.pin, "token": secrets.token}});
        if let Some(identifier) = self.register_with(index, state, &more).await? {
            self.hold(&identifier, index);
        }
        Ok(())
    }

    /// Loads the current licence on a new device and holds it to be a success.
    pub(crate) async fn load_on_new_device(&mut self) -> StepResult {
        let licence = self.current.ok_or_else(|| self.suite_error("the scenario has no licence"))?;
        let device = self.new_device(licence)?;
        self.load(device, Unlock::Token, Proof::Right).await?;
        self.need_success()
    }

    /// Loads: the first call for the challenge, then the second one. The last answer is kept.
    async fn load(&mut self, device: usize, unlock: Unlock, proof: Proof) -> StepResult {
        let Some(body) = self.challenged(device, unlock, proof).await? else { return Ok(()) };
        let answer = self.act(Call::new(Operation::Load, None, Body::Json(body))).await?.clone();
        self.keep_loaded(device, &answer);
        Ok(())
    }

    fn keep_loaded(&mut self, device: usize, answer: &Answer) {
        if let (true, Ok(loaded)) = (answer.is_success(), answer.message::<LoadAnswer>()) {
            self.wallet.devices[device].loaded = Some(loaded.loaded_licence_id);
        }
    }

    /// The body of the second call; `None` if the first one was refused: its answer stands as the last.
    async fn challenged(&mut self, device: usize, unlock: Unlock, proof: Proof) -> StepResult<Option<Value>> {
        let identifier = self.identifier_on(device)?;
        if !self.plays_device()? {
            // The driver does the rest: it knows device and holder.
            let person = self.wallet.devices[device].person;
            let hint = self.people.get(person).map(|person| person.name.clone()).unwrap_or_default();
            return Ok(Some(json!({"certificateIdentifier": identifier, "holderHint": hint})));
        }
        let first = json!({"certificateIdentifier": identifier, "deviceId": self.wallet.devices[device].id});
        let mut challenge = None;
        for _ in 0..if proof == Proof::OldChallenge { 2 } else { 1 } {
            let answer = self.act(Call::new(Operation::Load, None, Body::Json(first.clone()))).await?.clone();
            let told = answer.json.as_ref().and_then(|json| json.get("challenge")?.as_str()).map(str::to_owned);
            let Some(told) = told.filter(|_| answer.status == 401 || answer.is_success()) else { return Ok(None) };
            // Of two challenges the older one is signed.
            challenge = challenge.or(Some(told));
        }
        let holder_auth = self.unlock(self.wallet.devices[device].person, unlock)?;
        let challenge = challenge.unwrap_or_default();
        self.second_call(device, &identifier, &challenge, &holder_auth, proof).map(Some)
    }

    fn second_call(
        &self,
        device: usize,
        identifier: &str,
        challenge: &str,
        holder_auth: &Value,
        proof: Proof,
    ) -> StepResult<Value> {
        let played = &self.wallet.devices[device];
        let public = b64url(&played.key.public_key().to_uncompressed());
        let mut signed = Map::new();
        for (name, value) in [
            ("challenge", challenge),
            ("deviceId", &played.id),
            ("devicePublicKey", &public),
            ("certificateIdentifier", identifier),
        ] {
            signed.insert(name.to_owned(), json!(value));
        }
        let mut body = json!({"certificateIdentifier": identifier, "deviceId": played.id, "holderAuth": holder_auth,
            "devicePublicKey": public});
        if proof != Proof::Missing {
            let other = SecretKey::derive(played.id.as_bytes(), "another key");
            let key = if proof == Proof::OtherKey { &other } else { &played.key };
            body["deviceProof"] = self.device_proof(&mut signed, &played.key, key)?;
        }
        Ok(body)
    }

    /// Signs an object by a key, under the name of the device's.
    pub(crate) fn device_proof(
        &self,
        object: &mut Map<String, Value>,
        named: &SecretKey,
        key: &SecretKey,
    ) -> StepResult<Value> {
        let kid = ecric_gm::encoding::hex(&kid_of_key(named.public_key()));
        sign(DEVICE_PROOF, object, &kid, key).map_err(|error| self.suite_error(error.to_string()))?;
        Ok(object.remove("sig").unwrap_or_default())
    }

    pub(crate) fn identifier_on(&self, device: usize) -> StepResult<String> {
        let licence = self.wallet.devices.get(device).and_then(|device| self.licences.get(device.licence));
        licence.map(|licence| licence.identifier.clone()).ok_or_else(|| self.suite_error("the device has no licence"))
    }

    /// Handle of the licence on a device.
    pub(crate) fn loaded_on(&self, device: usize) -> StepResult<String> {
        let loaded = self.wallet.devices.get(device).and_then(|device| device.loaded.clone());
        loaded.ok_or_else(|| self.suite_error("nothing is loaded on the device"))
    }

    /// True if the role is under test, too.
    pub(crate) fn also_plays(&self, role: Role) -> StepResult<bool> {
        Ok(self.case()?.run.ics.roles.contains(&role))
    }

    fn unload_call(&mut self, device: usize, unlock: Unlock) -> StepResult<Call> {
        let id = self.loaded_on(device)?;
        let mut body = json!({"reason": "LOST"});
        if self.plays_device()? {
            body["holderAuth"] = self.unlock(self.wallet.devices[device].person, unlock)?;
        }
        Ok(Call::new(Operation::Unload, Some(&id), Body::Json(body)))
    }

    pub(crate) async fn unload(&mut self, device: usize) -> StepResult {
        let call = self.unload_call(device, Unlock::Token)?;
        self.act(call).await.map(|_| ())
    }

    /// Judges a refusal by one of several codes.
    pub(crate) fn refused_as(&self, codes: &[ErrorCode]) -> StepResult {
        let text = self.last()?.text();
        // A person sees that the app refuses, not by which code.
        let by_hand = self.case()?.run.target.settings().driver() == Driver::Human;
        let grain = if by_hand { Grain::Outcome } else { self.case()?.run.grain };
        self.judge(checks::check_refused_as(&view(self.last()?, &text), codes, grain))
    }
}

#[given(regex = r#"^a licence in the state ([A-Z_]+) that its holder can load(?: for the person "([^"]+)")?$"#)]
async fn loadable_licence(world: &mut EcricWorld, state: String, kind: String) -> StepResult {
    world.loadable(named(&kind).unwrap_or("adult"), &state).await?;
    let licence = world.current.unwrap_or_default();
    world.new_device(licence).map(|_| ())
}

#[given(regex = r#"^a licence on a device(?: of the person "([^"]+)")?$"#)]
async fn licence_on_a_device(world: &mut EcricWorld, kind: String) -> StepResult {
    world.loadable(named(&kind).unwrap_or("adult"), "VALID").await?;
    world.load_on_new_device().await
}

#[given("licences of two holders on their devices")]
async fn two_licences_on_devices(world: &mut EcricWorld) -> StepResult {
    for _ in 0..2 {
        licence_on_a_device(world, String::new()).await?;
    }
    world.current = Some(0);
    Ok(())
}

#[given("a licence that its holder has loaded on a second device")]
async fn licence_on_second_device(world: &mut EcricWorld) -> StepResult {
    licence_on_a_device(world, String::new()).await?;
    world.load_on_new_device().await
}

#[when("the caller asks to load without authentication")]
async fn asks_to_load(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    let body = json!({"certificateIdentifier": world.identifier_on(device)?,
        "deviceId": world.wallet.devices[device].id});
    world.act(Call::new(Operation::Load, None, Body::Json(body))).await.map(|_| ())
}

#[when("the holder loads the licence")]
async fn holder_loads(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    world.load(device, Unlock::Token, Proof::Right).await
}

#[given("the holder has loaded the licence")]
async fn holder_has_loaded(world: &mut EcricWorld) -> StepResult {
    holder_loads(world).await?;
    world.need_success()
}

#[when("somebody else loads the licence")]
async fn somebody_else_loads(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    world.load(device, Unlock::NobodysToken, Proof::Right).await
}

#[when("the holder loads the licence by a transaction used before")]
async fn loads_by_used_transaction(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    world.load(device, Unlock::Token, Proof::Right).await?;
    world.need_success()?;
    let licence = world.wallet.devices[device].licence;
    let second = world.new_device(licence)?;
    world.load(second, Unlock::UsedTransaction, Proof::Right).await
}

#[when("another person loads the licence with their own authentication")]
async fn another_person_loads(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    let licence = world.current;
    world.loadable("adult", "NONE").await?;
    world.current = licence;
    world.load(device, Unlock::TokenOf(world.people.len() - 1), Proof::Right).await
}

#[when(
    regex = r"^the device loads the licence (with a proof by another key|with a proof over an old challenge|without a proof)$"
)]
async fn device_loads(world: &mut EcricWorld, how: String) -> StepResult {
    let proof = match how.as_str() {
        "with a proof by another key" => Proof::OtherKey,
        "with a proof over an old challenge" => Proof::OldChallenge,
        _ => Proof::Missing,
    };
    let device = world.device()?;
    world.load(device, Unlock::Token, proof).await
}

#[when("another device loads its own licence with the same key")]
async fn loads_with_the_same_key(world: &mut EcricWorld) -> StepResult {
    let first = world.device()?;
    let key = world.wallet.devices[first].key.clone();
    world.loadable("adult", "VALID").await?;
    let licence = world.current.unwrap_or_default();
    let second = world.new_device(licence)?;
    world.wallet.devices[second].key = key;
    world.load(second, Unlock::Token, Proof::Right).await
}

#[when("the holder unloads the licence")]
async fn holder_unloads(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    world.unload(device).await
}

#[given("the holder has unloaded the licence")]
async fn holder_has_unloaded(world: &mut EcricWorld) -> StepResult {
    holder_unloads(world).await?;
    world.need_success()
}

/// A device that removes the licence without the network has no key any more when it tells so.
#[given("the holder has unloaded the licence while the device was offline")]
async fn has_unloaded_offline(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    let mut call = world.unload_call(device, Unlock::Token)?;
    if world.plays_device()? {
        let forgotten = world.case()?.connection.bytes("another device key");
        world.wallet.devices[device].key = SecretKey::derive(&forgotten, "device");
    } else if let Body::Json(body) = &mut call.body {
        body["offline"] = json!(true);
    }
    world.act(call).await?;
    world.need_success()
}

#[when("the first device unloads the licence")]
async fn first_device_unloads(world: &mut EcricWorld) -> StepResult {
    world.unload(0).await
}

#[when("a second device loads the licence while the first unloads it")]
async fn loads_while_unloading(world: &mut EcricWorld) -> StepResult {
    let licence = world.current.unwrap_or_default();
    let second = world.new_device(licence)?;
    let Some(body) = world.challenged(second, Unlock::Token, Proof::Right).await? else { return Ok(()) };
    let load = Call::new(Operation::Load, None, Body::Json(body));
    let unload = world.unload_call(0, Unlock::Token)?;
    at_once(world, vec![unload, load]).await?;
    if let Some(answer) = world.at_once.get(1).cloned() {
        world.keep_loaded(second, &answer);
        world.answers.push(answer);
    }
    world.need_success()
}

#[then("a challenge comes back")]
fn challenge_comes_back(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(checks::check_challenge(&view(world.last()?, &text)))
}

#[then("the licence is on the device")]
fn licence_is_on_the_device(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let device = world.device()?;
    let key = world.wallet.devices[device].key.public_key().to_uncompressed();
    let key = if world.plays_device()? { Some(&key[..]) } else { None };
    world.judge(checks::check_loaded(&view(world.last()?, &text), key))
}

#[then("the same loaded licence comes back as a replay")]
fn same_loaded_licence(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let device = world.device()?;
    let earlier = world.loaded_on(device)?;
    world.judge(checks::check_loaded_again(&view(world.last()?, &text), &earlier))
}

#[then("the device is refused")]
fn device_is_refused(world: &mut EcricWorld) -> StepResult {
    world.refused_as(&[ErrorCode::HolderAuthFailed, ErrorCode::InvalidRequest, ErrorCode::StateConflict])
}

#[then("the licence is off the device")]
fn licence_is_off(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(checks::check_unloaded(&view(world.last()?, &text)))
}
