//! Sends a right request or a variation of it, and repeats requests.

use cucumber::{given, when};
use ecric_checks::answers::check_delivered;
use ecric_model::binding::Operation;
use ecric_model::sending::KeyUse;
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call};
use ecric_vectors::variation::{self, Inputs, Variation};
use serde_json::Value;

use crate::world::{EcricWorld, StepResult, view};

/// Body limit assumed where the target declares none, bytes (binding v1: at least 64 KiB).
const DEFAULT_BODY_LIMIT: u64 = 65_536;
/// Batch limit assumed where neither ICS nor target declare one, items.
const DEFAULT_BATCH_LIMIT: u32 = 50;

/// The name in an optional `with "…"`.
pub(crate) fn named(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

impl EcricWorld {
    /// Builds the call of an operation on the current licence, changed by a variation.
    pub(crate) fn build(
        &self,
        operation: Operation,
        id: Option<String>,
        body: Option<Value>,
        variation: Option<&str>,
    ) -> StepResult<Call> {
        let mut call = Call::new(operation, id.as_deref(), Body::None);
        let mut body = body;
        match variation {
            None => call.body = body.map_or(Body::None, Body::Json),
            Some(name) => {
                let found = variation::find(name)
                    .ok_or_else(|| self.suite_error(format!("no variation is called {name:?}")))?;
                self.vary(found, &mut call, &mut body)?;
            }
        }
        call.entity_tag.clone_from(&self.entity_tag);
        Ok(call)
    }

    fn vary(&self, variation: &Variation, call: &mut Call, body: &mut Option<Value>) -> StepResult {
        let case = self.case()?;
        let current = self.current.and_then(|index| self.licences.get(index));
        let previous = self.previous.and_then(|index| self.licences.get(index));
        let inputs = Inputs {
            person: self.people.first(),
            other: self.people.get(1),
            identifier: current.map(|licence| licence.identifier.as_str()),
            previous_identifier: previous.map(|licence| licence.identifier.as_str()),
            status_version: current.and_then(|licence| licence.known.as_ref()).map_or(1, |known| known.0),
            today: self.today()?,
            now: self.now()?,
            body_limit: case.run.limits.body_bytes.unwrap_or(DEFAULT_BODY_LIMIT),
            batch_limit: case.run.limits.batch.or(case.run.ics.capabilities.batch_max).unwrap_or(DEFAULT_BATCH_LIMIT),
            digest: case.connection.bytes("variation"),
        };
        call.options = variation.send.clone();
        if let Some(identifier) = variation.identifier_for_path(&inputs) {
            call.id = Some(identifier);
        }
        if let Some(value) = body {
            variation.apply(value, &inputs).map_err(|error| self.suite_error(format!("{}: {error}", variation.id)))?;
            let bytes = variation
                .body_bytes(value, &inputs)
                .map_err(|error| self.suite_error(format!("{}: {error}", variation.id)))?;
            call.body = Body::Raw(bytes);
        }
        Ok(())
    }

    /// Sends what a When is about: an answer that cannot be judged ends the case here.
    pub(crate) async fn act(&mut self, call: Call) -> StepResult<&Answer> {
        self.repeatable = Some(call.clone());
        let answer = self.call(call).await?;
        if let Some(repeatable) = &mut self.repeatable {
            repeatable.before = Some(answer.sent.clone());
        }
        self.answers.push(answer);
        let answer = self.last()?;
        let text = answer.text();
        if let Err(finding) = check_delivered(&view(answer, &text)) {
            self.judge(Err(finding))?;
        }
        self.last()
    }

    /// Ends the case unless the last answer is a success: for Given steps.
    pub(crate) fn need_success(&self) -> StepResult {
        self.set_up(self.last()?, Cause::SetUp)
    }
}

#[given("the target is reachable")]
async fn target_is_reachable(world: &mut EcricWorld) -> StepResult {
    let answer = world.call(Call::new(Operation::Capabilities, None, Body::None)).await?;
    let text = answer.text();
    match check_delivered(&view(&answer, &text)) {
        Ok(()) => Ok(()),
        failed => world.judge_with(failed, std::slice::from_ref(&answer.evidence)),
    }
}

#[when(regex = r#"^the caller repeats the request(?: with "([^"]+)")?$"#)]
async fn caller_repeats(world: &mut EcricWorld, variation: String) -> StepResult {
    let Some(mut call) = world.repeatable.clone() else {
        return Err(world.suite_error("there is no request to repeat"));
    };
    call.options.idempotency = KeyUse::Same;
    if let Some(name) = named(&variation) {
        let found =
            variation::find(name).ok_or_else(|| world.suite_error(format!("no variation is called {name:?}")))?;
        let before = call.before.clone();
        let mut body = match &call.body {
            Body::Json(value) => Some(value.clone()),
            Body::Raw(bytes) => serde_json::from_slice(bytes).ok(),
            Body::None => None,
        };
        world.vary(found, &mut call, &mut body)?;
        call.before = before;
        if name == "repeat.other-licence" {
            call.id = world.licences.get(1).map(|licence| licence.identifier.clone());
        }
    }
    world.act(call).await.map(|_| ())
}
