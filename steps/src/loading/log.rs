//! The use log that the holder sees, withdrawing a consent, deleting an entry.

use cucumber::{given, then, when};
use ecric_checks::loading::{self as checks, Consent, WantedUse};
use ecric_checks::privacy;
use ecric_licence::instant::write_instant;
use ecric_model::Text;
use ecric_model::binding::{Operation, UseKind, UsesAnswer};
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use serde_json::{Value, json};
use time::Duration;

use super::holder::Unlock;
use super::relying_party::{APPROVED, HOTEL, Party, SCENE, id_of};
use super::{EcricWorld, StepResult};
use crate::requests;
use crate::world::view;

impl EcricWorld {
    /// Asks for the use log of a device, authenticated in a way.
    pub(super) fn log_request(&mut self, device: usize, unlock: Unlock) -> StepResult<Value> {
        let now = self.now()?;
        let (from, to) = (write_instant(now - Duration::hours(1)), write_instant(now + Duration::hours(1)));
        let mut body = json!({"loadedLicenceId": self.loaded_on(device)?, "from": from, "to": to});
        if self.plays_device()? {
            body["holderAuth"] = self.unlock(self.wallet.devices[device].person, unlock)?;
        }
        Ok(body)
    }

    async fn read_log(&mut self) -> StepResult {
        let device = self.device()?;
        let body = self.log_request(device, Unlock::Token)?;
        self.act(Call::new(Operation::Uses, None, Body::Json(body))).await.map(|_| ())
    }

    /// Handle of the newest entry of a kind.
    async fn entry_of(&mut self, kind: UseKind) -> StepResult<String> {
        self.read_log().await?;
        self.need_success()?;
        let log: Option<UsesAnswer> = self.last()?.message().ok();
        let entry = log.and_then(|log| log.entries.into_iter().rev().find(|entry| entry.kind == kind));
        entry.map(|entry| entry.entry_id).ok_or_else(|| {
            self.inconclusive(Cause::SetUp, Text::new("the use log shows no such entry", "用证记录中没有该条目"))
        })
    }

    /// A call about an entry, authenticated by its holder.
    fn entry_call(&mut self, operation: Operation, entry: &str) -> StepResult<Call> {
        let device = self.device()?;
        let mut body = json!({"loadedLicenceId": self.loaded_on(device)?});
        if self.plays_device()? {
            body["holderAuth"] = self.unlock(self.wallet.devices[device].person, Unlock::Token)?;
        }
        Ok(Call::new(operation, Some(entry), Body::Json(body)))
    }
}

#[when("the holder reads the use log")]
async fn holder_reads_the_log(world: &mut EcricWorld) -> StepResult {
    world.read_log().await
}

#[then("the log shows the load, the consent, the denial, the redemption with the failed attempt")]
fn log_is_complete(world: &mut EcricWorld) -> StepResult {
    let entry = |kind, decision, succeeded, attributes: &[&'static str]| WantedUse {
        kind,
        decision,
        succeeded,
        attributes: attributes.to_vec(),
    };
    let wanted = [
        entry(UseKind::Load, None, true, &[]),
        entry(UseKind::Present, Some("APPROVE"), true, &APPROVED),
        entry(UseKind::Redeem, None, true, &APPROVED),
        entry(UseKind::Present, Some("DENY"), true, &[]),
        entry(UseKind::Present, None, false, &[]),
    ];
    let text = world.last()?.text();
    world.judge(checks::check_log_complete(&view(world.last()?, &text), &wanted))
}

#[then("the log keeps the consent as it was given")]
fn log_keeps_the_consent(world: &mut EcricWorld) -> StepResult {
    let consent = Consent {
        audience: id_of(Party::First),
        audience_name: HOTEL,
        scene: SCENE,
        cause: requests::CAUSE,
        attributes: &APPROVED,
    };
    let text = world.last()?.text();
    world.judge(checks::check_consent_kept(&view(world.last()?, &text), &consent))
}

#[then("the log holds no value of the person")]
fn log_holds_no_value(world: &mut EcricWorld) -> StepResult {
    let secrets = world.person()?.secrets();
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    world.judge(ecric_checks::answers::check_accepted(&seen))?;
    world.judge(privacy::check_holds_nothing_of(&seen, &secrets))
}

#[given("the holder has withdrawn the consent")]
async fn holder_has_withdrawn(world: &mut EcricWorld) -> StepResult {
    let entry = world.entry_of(UseKind::Present).await?;
    let call = world.entry_call(Operation::Withdraw, &entry)?;
    world.act(call).await?;
    world.need_success()
}

#[given("the holder has deleted the entry of the presentation")]
async fn holder_has_deleted(world: &mut EcricWorld) -> StepResult {
    let entry = world.entry_of(UseKind::Present).await?;
    let call = world.entry_call(Operation::DeleteUse, &entry)?;
    world.act(call).await?;
    world.wallet.entry = Some(entry);
    world.need_success()
}

#[then("the entry is gone from the log")]
fn entry_is_gone(world: &mut EcricWorld) -> StepResult {
    let entry = world.wallet.entry.clone().unwrap_or_default();
    let text = world.last()?.text();
    world.judge(checks::check_entry_gone(&view(world.last()?, &text), &entry))
}

#[then("the audit does not say why the licence was unloaded")]
fn audit_is_silent(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    world.judge(ecric_checks::answers::check_accepted(&seen))?;
    // "LOST" is what the holder told the loading end.
    world.judge(privacy::check_holds_nothing_of(&seen, &["LOST".to_owned()]))
}
