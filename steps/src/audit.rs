//! Searching the audit.

use cucumber::{given, then, when};
use ecric_checks::audit;
use ecric_licence::instant::write_instant;
use ecric_model::binding::Operation;
use ecric_model::published::ISSUING_AUTHORITY_CODE;
use time::Duration;

use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

#[when(regex = r#"^the auditor searches the audit(?: with "([^"]+)")?$"#)]
async fn auditor_searches(world: &mut EcricWorld, variation: String) -> StepResult {
    let id = world.licence()?.identifier.clone();
    let now = world.now()?;
    let (from, to) = (write_instant(now - Duration::hours(1)), write_instant(now + Duration::hours(1)));
    let call = world.build(Operation::Audit, None, Some(requests::audit(&id, &from, &to)), named(&variation))?;
    world.act(call).await.map(|_| ())
}

#[given("the auditor has searched the audit")]
async fn auditor_has_searched(world: &mut EcricWorld) -> StepResult {
    auditor_searches(world, String::new()).await?;
    world.need_success()?;
    world.earlier = world.answers.last().cloned();
    Ok(())
}

#[then(regex = r#"^the audit has the operation "([^"]+)"$"#)]
fn audit_has_operation(world: &mut EcricWorld, operation: String) -> StepResult {
    let text = world.last()?.text();
    world.judge(audit::check_has_operation(&view(world.last()?, &text), &operation))
}

#[then("the audit entry states the use")]
fn audit_states_the_use(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(audit::check_states_use(&view(world.last()?, &text), "issuer.metadata", requests::CAUSE))
}

#[then("the audit entry of the change has operator, action, reason")]
fn audit_has_the_change(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let reason = requests::reason_of("SUSPEND");
    world.judge(audit::check_change_record(&view(world.last()?, &text), "SUSPEND", reason, ISSUING_AUTHORITY_CODE))
}

#[then("the audit begins as before with rising numbers")]
fn audit_begins_as_before(world: &mut EcricWorld) -> StepResult {
    let Some(earlier) = world.earlier.clone() else { return Err(world.suite_error("there was no earlier read")) };
    let (before, after) = (earlier.text(), world.last()?.text());
    world.judge(audit::check_append_only(&view(&earlier, &before), &view(world.last()?, &after)))
}
