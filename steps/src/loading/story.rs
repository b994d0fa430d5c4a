//! The way of a licence from its issue to the device and off it, in facts that a story is told with.

use cucumber::given;
use ecric_checks::answers;
use ecric_model::binding::{ErrorCode, Operation};
use ecric_model::requirement::Role;
use ecric_target::{Body, Call};
use serde_json::json;

use super::present::Ask;
use super::relying_party::{APPROVED, Party, SCENE, id_of};
use super::{EcricWorld, StepResult};
use crate::requests;
use crate::world::view;

#[given("a licence that was issued to its holder")]
async fn issued_licence(world: &mut EcricWorld) -> StepResult {
    world.loadable("adult", "NONE").await?;
    crate::issuing::issue(world, None).await?;
    let text = world.last()?.text();
    world.judge(answers::check_accepted(&view(world.last()?, &text)))
}

#[given("the holder has loaded it on a device")]
async fn loaded_it(world: &mut EcricWorld) -> StepResult {
    world.load_on_new_device().await
}

#[given("a hotel has checked a code with two of four attributes")]
async fn hotel_has_checked(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    world.present(device, &Ask::default()).await?;
    world.need_success()?;
    if world.also_plays(Role::Verifier)? && world.verify_last().await? {
        return Ok(());
    }
    world.redeem_last().await?;
    world.judge_redeemed()
}

#[given("a hotel has used a code with two of four attributes once")]
async fn used_once(world: &mut EcricWorld) -> StepResult {
    hotel_has_checked(world).await?;
    world.redeem_last().await?;
    world.refused_as(&[ErrorCode::CodeUsed])
}

#[given("presenting was refused while the issuer had the licence suspended")]
async fn refused_while_suspended(world: &mut EcricWorld) -> StepResult {
    let device = world.device()?;
    crate::lifecycle::apply(world, "SUSPEND", None).await?;
    world.need_success()?;
    world.present(device, &Ask::default()).await?;
    world.refused_as(&[ErrorCode::StateConflict])?;
    crate::lifecycle::apply(world, "RESTORE", None).await?;
    world.need_success()
}

impl EcricWorld {
    /// Lets the verifier under test check the last code, which redeems it; false if it does not do codes.
    async fn verify_last(&mut self) -> StepResult<bool> {
        let Some(given) = self.wallet.codes.last().cloned() else { return Ok(false) };
        let body = json!({"code": given.answer.code, "audience": id_of(Party::First), "scene": SCENE,
            "nonce": given.nonce, "wanted": APPROVED, "use": requests::stated_use(), "offline": false});
        let answer = self.call(Call::new(Operation::VerifyPresentation, None, Body::Json(body))).await?;
        if answer.status == 501 {
            return Ok(false);
        }
        let text = answer.text();
        let seen = view(&answer, &text);
        self.judge_with(answers::check_accepted(&seen), std::slice::from_ref(&answer.evidence))?;
        let result = answer.json.as_ref().and_then(|json| json["result"].as_str()).unwrap_or_default().to_owned();
        let judgement = ecric_checks::equal("result", "VALID", result.as_str());
        self.judge_with(judgement, std::slice::from_ref(&answer.evidence))?;
        Ok(true)
    }
}
