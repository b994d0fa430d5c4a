//! The holder: PIN and token that the test control was given, right and wrong authentications.

use cucumber::{given, when};
use ecric_gm::encoding::b64;
use ecric_gm::sm3;
use ecric_model::binding::{ErrorCode, Operation};
use ecric_target::{Body, Call};
use ecric_vectors::person::Person;
use serde_json::{Value, json};

use super::{EcricWorld, StepResult};

/// Wrong attempts assumed where the product declares none.
const DEFAULT_TRIES: u32 = 5;

/// What a generated holder authenticates with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Secrets {
    pub(super) pin: String,
    pub(super) token: String,
}

/// How the holder authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unlock {
    /// With the token of the test control.
    Token,
    /// With the PIN.
    Pin,
    /// With a PIN that is not theirs.
    WrongPin,
    /// With a token that nobody has.
    NobodysToken,
    /// With the token of another person, by index.
    TokenOf(usize),
    /// With the right token and the transaction of an earlier authentication.
    UsedTransaction,
}

/// The secrets of a generated person, from its reference.
pub(super) fn secrets(person: &Person) -> Secrets {
    let digest = |what: &str| sm3::digest(format!("ecric {what} {}", person.reference).as_bytes());
    let pin = digest("pin")[..6].iter().map(|byte| char::from(b'0' + byte % 10)).collect();
    Secrets { pin, token: b64(&digest("token")[..16]) }
}

/// The PIN with every digit changed.
fn wrong(pin: &str) -> String {
    pin.bytes().map(|digit| char::from(b'0' + (digit - b'0' + 1) % 10)).collect()
}

impl EcricWorld {
    /// `holderAuth` of a person.
    pub(super) fn unlock(&mut self, person: usize, unlock: Unlock) -> StepResult<Value> {
        let case = self.case()?;
        let of = |index: usize| self.people.get(index).map(secrets);
        let own = of(person).ok_or_else(|| self.suite_error("the scenario has no holder"))?;
        let fresh = case.connection.uuid("holder transaction");
        let used = self.wallet.transaction.clone().unwrap_or_else(|| fresh.clone());
        let test =
            |transaction: &str, token: &str| json!({"method": "TEST", "transactionId": transaction, "evidence": token});
        let auth = match unlock {
            Unlock::Token => test(&fresh, &own.token),
            Unlock::NobodysToken => test(&fresh, &b64(&case.connection.bytes("nobody")[..16])),
            Unlock::TokenOf(other) => test(&fresh, &of(other).map(|found| found.token).unwrap_or_default()),
            Unlock::UsedTransaction => test(&used, &own.token),
            Unlock::Pin => json!({"method": "PIN", "transactionId": fresh, "pin": own.pin}),
            Unlock::WrongPin => json!({"method": "PIN", "transactionId": fresh, "pin": wrong(&own.pin)}),
        };
        if unlock != Unlock::UsedTransaction {
            self.wallet.transaction = Some(fresh);
        }
        Ok(auth)
    }

    /// Wrong attempts that lock a holder.
    fn tries(&self) -> StepResult<u32> {
        Ok(self.case()?.run.limits.holder_auth_tries.unwrap_or(DEFAULT_TRIES))
    }
}

#[given("the holder has entered wrong PINs until locked")]
async fn wrong_pins(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    for _ in 0..world.tries()? {
        let call = world
            .present_call(device, &super::present::Ask { unlock: Some(Unlock::WrongPin), ..Default::default() })?;
        let answer = world.call(call).await?;
        world.answers.push(answer);
        world.refused_as(&[ErrorCode::HolderAuthFailed, ErrorCode::HolderAuthLocked])?;
    }
    Ok(())
}

#[when("the locked holder loads the licence on another device")]
async fn locked_holder_loads(world: &mut EcricWorld) -> StepResult {
    world.load_unjudged().await
}

impl EcricWorld {
    /// Loads on a new device, whatever comes of it.
    async fn load_unjudged(&mut self) -> StepResult {
        let licence = self.current.unwrap_or_default();
        let device = self.new_device(licence)?;
        self.load(device, Unlock::Pin, super::Proof::Right).await
    }
}

#[when("another holder reads the use log")]
async fn another_holder_reads(world: &mut EcricWorld) -> StepResult {
    let body = world.log_request(0, Unlock::TokenOf(1))?;
    world.act(Call::new(Operation::Uses, None, Body::Json(body))).await.map(|_| ())
}
