//! Calls made at once, judged by their recorded history.

use cucumber::{then, when};
use ecric_explore::race::{find_scene, race, words};
use ecric_model::run_record::PropertyRecord;

use crate::walks::CaseGround;
use crate::world::{EcricWorld, StepResult};

#[when(regex = r#"^calls race in the scene "([^"]+)"$"#)]
async fn calls_race(world: &mut EcricWorld, name: String) -> StepResult {
    let scene = find_scene(&name).ok_or_else(|| world.suite_error(format!("no race is called {name:?}")))?;
    let (rounds, at_once) = (world.case()?.run.reach.rounds, world.calls_at_once()?);
    let ground = CaseGround::new(world, false)?;
    let raced = race(&ground, scene, rounds, at_once).await?;
    let record = PropertyRecord {
        law: format!("{}: {} at once", scene.name, words(scene.at_once)),
        seed: String::new(),
        values: raced.rounds,
        shrinks: 0,
        minimal: raced.failure.as_ref().map(|(_, lines)| lines.join("\n")),
        files: Vec::new(),
        loads: Vec::new(),
    };
    world.case()?.with_log(|log| log.property = Some(record));
    world.property_failure = raced.failure.map(|(finding, _)| finding);
    Ok(())
}

#[then("an order of the calls explains every answer")]
fn an_order_explains(world: &mut EcricWorld) -> StepResult {
    let failure = world.property_failure.take();
    world.judge_with(failure.map_or(Ok(()), Err), &[])
}
