//! Persons and licences that a case starts from.

use cucumber::given;
use ecric_licence::instant::write_date;
use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::requirement::Role;
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use ecric_vectors::person::{Slot, generate_person};
use serde_json::{Value, json};
use time::Duration;

use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult};

impl EcricWorld {
    /// Generates a person of a kind; nothing is sent.
    pub(crate) fn generate(&mut self, kind: &str) -> StepResult<usize> {
        let case = self.case()?;
        let index = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        let slot = Slot { seed: case.run.seed, case_ordinal: case.ordinal, index };
        let person =
            generate_person(kind, &slot, self.today()?).map_err(|error| self.suite_error(error.to_string()))?;
        case.connection.add_personal(person.secrets());
        self.people.push(person);
        Ok(self.people.len() - 1)
    }

    /// Registers a person with a licence in a state, or `NONE`; returns the identifier.
    pub(crate) async fn register(&mut self, index: usize, state: &str) -> StepResult<Option<String>> {
        self.register_with(index, state, &json!({})).await
    }

    /// The same with further members of the person of the test control, such as dates.
    pub(crate) async fn register_with(
        &mut self,
        index: usize,
        state: &str,
        more: &Value,
    ) -> StepResult<Option<String>> {
        self.may_make_persons()?;
        let mut body = requests::persona(&self.people[index], state);
        for (name, value) in more.as_object().into_iter().flatten() {
            body["personas"][0][name] = value.clone();
        }
        let answer = self.call(Call::new(Operation::TestPersonas, None, Body::Json(body))).await?;
        self.set_up(&answer, Cause::Persona)?;
        let named = answer
            .json
            .as_ref()
            .and_then(|json| json.pointer("/personas/0/certificateIdentifier")?.as_str())
            .map(str::to_owned);
        if state != "NONE" && named.is_none() {
            return Err(self.inconclusive(
                Cause::Persona,
                Text::new(
                    format!("test.personas named no licence in the state {state} ({})", answer.evidence),
                    format!("test.personas 未返回状态为 {state} 的证照（{}）", answer.evidence),
                ),
            ));
        }
        Ok(named)
    }

    pub(crate) async fn person_with_licence(&mut self, kind: &str, state: &str) -> StepResult {
        if let Some(pool) = self.case()?.run.persons.clone() {
            return self.take_listed(&pool, kind, state).await;
        }
        let index = self.generate(kind)?;
        if let Some(identifier) = self.register(index, state).await? {
            self.hold(&identifier, index);
        }
        Ok(())
    }
}

#[given(regex = r#"^a registered person(?: "([^"]+)")?$"#)]
async fn registered_person(world: &mut EcricWorld, kind: String) -> StepResult {
    world.person_with_licence(named(&kind).unwrap_or("adult"), "NONE").await
}

#[given(regex = r#"^a licence in the state ([A-Z_]+)(?: for the person "([^"]+)")?$"#)]
async fn licence_in_state(world: &mut EcricWorld, state: String, kind: String) -> StepResult {
    world.person_with_licence(named(&kind).unwrap_or("adult"), &state).await
}

#[given("two licences in the state VALID")]
async fn two_licences(world: &mut EcricWorld) -> StepResult {
    world.person_with_licence("adult", "VALID").await?;
    world.person_with_licence("adult", "VALID").await?;
    world.current = Some(0);
    Ok(())
}

#[given("a licence that begins tomorrow")]
async fn licence_that_begins_tomorrow(world: &mut EcricWorld) -> StepResult {
    if world.case()?.run.ics.roles.contains(&Role::Issuer) {
        world.person_with_licence("adult", "NONE").await?;
        crate::issuing::issue(world, Some("issue.effective-tomorrow")).await?;
        return world.need_success();
    }
    // Who issues nothing gets the licence from the test control.
    let index = world.generate("adult")?;
    let tomorrow = world.today()?.saturating_add(Duration::days(1));
    let more = json!({"effectiveDate": write_date(tomorrow)});
    if let Some(identifier) = world.register_with(index, "VALID", &more).await? {
        world.hold(&identifier, index);
    }
    Ok(())
}

#[given("a person with three licences")]
async fn person_with_three_licences(world: &mut EcricWorld) -> StepResult {
    world.person_with_licence("adult", "NONE").await?;
    for round in 0..3 {
        crate::issuing::issue(world, None).await?;
        world.need_success()?;
        if round < 2 {
            crate::lifecycle::apply(world, "REVOKE", None).await?;
            world.need_success()?;
        }
    }
    Ok(())
}
