//! Moving the clock of the target. Only exclusive cases do.

use cucumber::{given, when};
use ecric_licence::instant::{parse_date, parse_instant, write_date, write_instant};
use ecric_licence::validity::{expires_at, start_of_day};
use ecric_model::Text;
use ecric_model::binding::{LicenceRecord, Operation};
use ecric_model::requirement::Role;
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use serde_json::{Value, json};
use time::{Date, Duration, Month, OffsetDateTime};

use crate::requests;
use crate::world::{EcricWorld, StepResult};

async fn set(world: &mut EcricWorld, body: Value) -> StepResult {
    let mut call = Call::new(Operation::TestClock, None, Body::Json(body));
    call.options.real_time = true;
    let answer = world.call(call).await?;
    world.set_up(&answer, Cause::Clock)?;
    let told = answer.json.as_ref().and_then(|json| json.get("now")?.as_str()).and_then(|now| parse_instant(now).ok());
    match told {
        Some(now) => world.case()?.run.target.set_target_now(now),
        None => {
            return Err(world
                .inconclusive(Cause::Clock, Text::new("test.clock did not tell the time", "test.clock 未返回时间")));
        }
    }
    Ok(())
}

async fn stand_at(world: &mut EcricWorld, at: OffsetDateTime) -> StepResult {
    world.clock_moved = true;
    // Time alone raises versions: what was known of them is known no longer.
    world.licences.iter_mut().for_each(|licence| licence.known = None);
    set(world, json!({"fixed": write_instant(at)})).await
}

/// Puts the clock back to real time.
pub(crate) async fn reset(world: &mut EcricWorld) -> StepResult {
    let result = set(world, json!({"reset": true})).await;
    let target = world.case()?.run.target.clone();
    target.set_target_now(target.harness_now());
    result
}

/// End of validity of the current licence.
async fn end_of_validity(world: &mut EcricWorld) -> StepResult<OffsetDateTime> {
    let roles = &world.case()?.run.ics.roles;
    if !roles.contains(&Role::Issuer) && !roles.contains(&Role::SharingService) {
        return registered_end(world).await;
    }
    let id = world.licence()?.identifier.clone();
    let answer = world.call(Call::new(Operation::Metadata, Some(&id), Body::Json(requests::metadata()))).await?;
    world.set_up(&answer, Cause::SetUp)?;
    let licence = answer.json.as_ref().and_then(|json| json.get("licence")).cloned().unwrap_or_default();
    let last = serde_json::from_value::<LicenceRecord>(licence)
        .ok()
        .and_then(|licence| licence.certificate_expiring_date)
        .and_then(|date| parse_date(&date).ok());
    last.map(expires_at)
        .ok_or_else(|| world.inconclusive(Cause::SetUp, Text::new("the licence has no last day", "证照没有截止日期")))
}

/// Who tells nothing of a licence gets it anew from the test control, with a last day that we chose.
async fn registered_end(world: &mut EcricWorld) -> StepResult<OffsetDateTime> {
    let index = world.licence()?.person;
    let last = world.today()?.saturating_add(Duration::days(30));
    let more = json!({"expiringDate": write_date(last)});
    if let Some(identifier) = world.register_with(index, "VALID", &more).await? {
        world.hold(&identifier, index);
    }
    Ok(expires_at(last))
}

#[given("the clock of the target stands at the last second of validity")]
async fn last_second(world: &mut EcricWorld) -> StepResult {
    let end = end_of_validity(world).await?;
    stand_at(world, end - Duration::seconds(1)).await
}

#[given("the clock of the target stands at the first second after validity")]
async fn first_second_after(world: &mut EcricWorld) -> StepResult {
    let end = end_of_validity(world).await?;
    stand_at(world, end).await
}

#[given("the clock of the target is two hours ahead")]
async fn two_hours_ahead(world: &mut EcricWorld) -> StepResult {
    world.clock_moved = true;
    world.licences.iter_mut().for_each(|licence| licence.known = None);
    set(world, json!({"offsetMs": 7_200_000})).await
}

/// First second of the first day of validity of a licence that begins tomorrow.
fn begin_of_validity(world: &EcricWorld) -> StepResult<OffsetDateTime> {
    Ok(start_of_day(world.today()?.saturating_add(Duration::days(1))))
}

#[given("the clock of the target stands at the first second of validity")]
async fn first_second(world: &mut EcricWorld) -> StepResult {
    let begin = begin_of_validity(world)?;
    stand_at(world, begin).await
}

#[given("the clock of the target stands at the last second before validity")]
async fn last_second_before(world: &mut EcricWorld) -> StepResult {
    let begin = begin_of_validity(world)?;
    stand_at(world, begin - Duration::seconds(1)).await
}

#[given(regex = r"^the clock of the target stands on (28 February|1 March) of the year of the 18th birthday$")]
async fn leap_birthday(world: &mut EcricWorld, day: String) -> StepResult {
    let year = world.person()?.birth_date.year() + 18;
    let day = if day.starts_with("28") { (Month::February, 28) } else { (Month::March, 1) };
    let date = Date::from_calendar_date(year, day.0, day.1).map_err(|error| world.suite_error(error.to_string()))?;
    stand_at(world, start_of_day(date) + Duration::hours(12)).await
}

#[given("the clock of the target is one hour back")]
async fn one_hour_back(world: &mut EcricWorld) -> StepResult {
    world.clock_moved = true;
    world.licences.iter_mut().for_each(|licence| licence.known = None);
    set(world, json!({"offsetMs": -3_600_000})).await
}

#[when("the life of the link is over")]
async fn link_is_over(world: &mut EcricWorld) -> StepResult {
    world.clock_moved = true;
    // An hour where the product does not say how long its links live.
    let life = world.case()?.run.limits.url_ttl_s.unwrap_or(3600);
    set(world, json!({"offsetMs": life.saturating_add(1).saturating_mul(1000)})).await
}
