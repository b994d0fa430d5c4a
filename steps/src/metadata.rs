//! Reading metadata and what they hold.

use cucumber::{given, then, when};
use ecric_checks::{Judgement, face, metadata};
use ecric_licence::validity::age_on;
use ecric_model::binding::{LicenceRecord, Operation};

use crate::issuing::{issued_holder, licence_json, licence_record};
use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

#[when(regex = r#"^the caller reads the metadata(?: with "([^"]+)")?$"#)]
async fn caller_reads_the_metadata(world: &mut EcricWorld, variation: String) -> StepResult {
    let id = world.licence()?.identifier.clone();
    let call = world.build(Operation::Metadata, Some(id), Some(requests::metadata()), named(&variation))?;
    world.act(call).await.map(|_| ())
}

#[given("the caller has read the metadata")]
async fn caller_has_read_the_metadata(world: &mut EcricWorld) -> StepResult {
    caller_reads_the_metadata(world, String::new()).await?;
    world.need_success()
}

fn judge_record(world: &EcricWorld, check: impl Fn(&LicenceRecord) -> Judgement) -> StepResult {
    let licence = licence_record(world)?;
    world.judge(check(&licence))
}

#[then(regex = r"^the answer tells only that the licence is ([A-Z_]+)$")]
fn only_the_state(world: &mut EcricWorld, word: String) -> StepResult {
    let expected = crate::world::state(world, &word)?;
    let text = world.last()?.text();
    world.judge(metadata::check_state_alone(&view(world.last()?, &text), expected))
}

#[then("all mandatory elements are present")]
fn mandatory_elements(world: &mut EcricWorld) -> StepResult {
    world.judge(metadata::check_mandatory(&licence_json(world)?))
}

#[then("the type code equals the type segment")]
fn type_code(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_type_code)
}

#[then("the authority code equals the authority segment")]
fn authority_code(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_authority_code)
}

#[then("the version equals the version segment")]
fn version(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_version)
}

#[then("the holder type is the citizen number")]
fn holder_type(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_holder_type)
}

#[then("the holder code is a valid citizen number")]
fn holder_code(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_holder_code)
}

#[then("the licence number equals the holder code")]
fn licence_number(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_number)
}

#[then("the licence has the fixed name")]
fn licence_name(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_name)
}

#[then("all dates are real days")]
fn real_days(world: &mut EcricWorld) -> StepResult {
    judge_record(world, metadata::check_dates)
}

#[then("the issue date is not after the first day")]
fn date_order(world: &mut EcricWorld) -> StepResult {
    let today = world.today()?;
    judge_record(world, |licence| metadata::check_date_order(licence, today))
}

#[then("the licence has no annotation element")]
fn no_annotation(world: &mut EcricWorld) -> StepResult {
    world.judge(metadata::check_no_annotation(&licence_json(world)?))
}

#[then("the name in the licence is the name of the person")]
fn name_of_the_person(world: &mut EcricWorld) -> StepResult {
    let name = world.person()?.name.clone();
    judge_record(world, |licence| face::check_issued_name(licence, &name))
}

#[then("the second script is the one of the person")]
fn second_script(world: &mut EcricWorld) -> StepResult {
    let issued = issued_holder(world)?;
    judge_record(world, |licence| face::check_second_script(licence, &issued))
}

#[then("the holder has only items of the card")]
fn card_items(world: &mut EcricWorld) -> StepResult {
    world.judge(face::check_card_items(&licence_json(world)?))
}

#[then("the signing authority is a public-security organ")]
fn signing_authority(world: &mut EcricWorld) -> StepResult {
    judge_record(world, face::check_signing_authority)
}

#[then(regex = r#"^the holder has only "([^"]+)"$"#)]
fn holder_has_only(world: &mut EcricWorld, member: String) -> StepResult {
    world.judge(face::check_only_members(&licence_json(world)?, &[member.as_str()]))
}

#[then("the holder has nothing")]
fn holder_has_nothing(world: &mut EcricWorld) -> StepResult {
    world.judge(face::check_only_members(&licence_json(world)?, &[]))
}

#[then("the masked values are right")]
fn masked_values(world: &mut EcricWorld) -> StepResult {
    let (name, number) = (world.person()?.name.clone(), world.person()?.id_number.clone());
    judge_record(world, |licence| face::check_masked(licence, &name, &number))
}

#[then("the age flags are right")]
fn age_flags(world: &mut EcricWorld) -> StepResult {
    let age = age_on(world.person()?.birth_date, world.today()?);
    judge_record(world, |licence| face::check_age_flags(licence, age))
}
