//! Cases that verify mutated licence files.

use cucumber::when;
use ecric_checks::hostile;
use ecric_explore::Property;
use ecric_model::binding::Operation;
use ecric_target::{Body, Call};
use ecric_vectors::hostile::{FileEdit, edit_file, file_strategy};

use crate::file_verification::{base_file, ready};
use crate::properties::Failure;
use crate::trust::verification;
use crate::world::{EcricWorld, StepEnd, StepResult, view};

/// A mutated file is answered in time, below 500, and VALID only if nothing that counts was changed.
struct Mutated<'a> {
    world: &'a EcricWorld,
    file: Vec<u8>,
}

impl Property<FileEdit> for Mutated<'_> {
    type Finding = Failure;
    type Error = StepEnd;
    async fn test(&mut self, edit: &FileEdit) -> Result<Option<Failure>, StepEnd> {
        let world = self.world;
        let file = edit_file(&self.file, edit);
        if file == self.file {
            return Ok(None);
        }
        let body = Body::Json(verification(&file, "NONE"));
        let answer = world.call(Call::new(Operation::VerifyFile, None, body)).await?;
        let text = answer.text();
        let seen = view(&answer, &text);
        let elapsed = answer.span_ms.1.saturating_sub(answer.span_ms.0);
        let judgement = hostile::check_survived(&seen, elapsed).and_then(|()| {
            // The judge looks only where the product says VALID: elsewhere nothing can be wrong.
            hostile::check_not_valid(&seen).or_else(|_| {
                let trust = world.case().map(|case| case.run.trust.pki.anchors()).unwrap_or_default();
                let now = world.now().unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
                hostile::check_mutated_file(&seen, &hostile::verify_leniently(&file, &trust, now))
            })
        });
        Ok(judgement.err().map(|mut finding| {
            finding.evidence.push(answer.evidence.clone());
            finding
        }))
    }
}

#[when("many mutations of a good file are verified")]
async fn many_mutations(world: &mut EcricWorld) -> StepResult {
    ready(world)?;
    let law = "a mutated file is answered in time, below 500, and is not VALID";
    let file = base_file(world, "orig")?;
    let seed = world.property_seed(law)?;
    let budget = world.budget()?;
    let outcome = ecric_explore::run(&file_strategy(), &seed, budget, &mut Mutated { world, file }).await;
    let outcome = outcome.map_err(|error| world.suite_error(error.to_string()))?;
    world.keep(law, &seed, outcome, ToString::to_string)
}
