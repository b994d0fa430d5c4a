//! Verifying batches.

use cucumber::{then, when};
use ecric_checks::batch;
use ecric_model::binding::{Operation, VerifyResult};
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use serde_json::Value;

use crate::requests;
use crate::world::{EcricWorld, StepResult, view};

#[when(regex = r#"^the verifier checks the batch "([^"]+)"$"#)]
async fn verifier_checks_the_batch(world: &mut EcricWorld, variation: String) -> StepResult {
    let identifier = world.licence()?.identifier.clone();
    let body = requests::batch(&identifier, world.person()?);
    let call = world.build(Operation::VerifyBatch, None, Some(body), Some(&variation))?;
    let sent: Value = match &call.body {
        Body::Raw(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
        _ => Value::Null,
    };
    world.batch_items = sent.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    world.act(call).await.map(|_| ())
}

fn item_id(item: &Value) -> String {
    item.get("itemId").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[then("the batch answers item by item as single calls do")]
async fn answers_as_single_calls(world: &mut EcricWorld) -> StepResult {
    let mut singles = Vec::new();
    for item in world.batch_items.clone() {
        let body = Body::Json(item.get("request").cloned().unwrap_or_default());
        let answer = world.call(Call::new(Operation::VerifyAttributes, None, body)).await?;
        world.set_up(&answer, Cause::SetUp)?;
        let result: VerifyResult = answer.message().map_err(|error| {
            world.inconclusive(Cause::SetUp, ecric_model::Text::same(format!("verifier.attributes: {error}")))
        })?;
        singles.push((item_id(&item), result));
    }
    let text = world.last()?.text();
    world.judge(batch::check_as_single_calls(&view(world.last()?, &text), &singles))
}

#[then("only the malformed item has an error")]
fn only_the_malformed(world: &mut EcricWorld) -> StepResult {
    let ids: Vec<String> = world.batch_items.iter().map(item_id).collect();
    let malformed = world.batch_items.iter().find(|item| item.pointer("/request/assert").is_none()).map(item_id);
    let Some(malformed) = malformed else { return Err(world.suite_error("no item of the batch is malformed")) };
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let text = world.last()?.text();
    world.judge(batch::check_only_error(&view(world.last()?, &text), &ids, &malformed))
}
