//! Cases that try many generated values.

use cucumber::{then, when};
use ecric_checks::{face, refusals, verification};
use ecric_explore::{Budget, Outcome, Property};
use ecric_model::binding::{ErrorCode, IssueAnswer, Operation, VerifyOutcome};
use ecric_model::finding::Finding;
use ecric_model::run_record::PropertyRecord;
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use ecric_vectors::file::Expect;
use ecric_vectors::mutate;
use ecric_vectors::person::{self, Person, PersonShape, Slot};

use crate::requests;
use crate::world::{EcricWorld, StepEnd, StepResult, view};

/// Calls spent on shrinking a failing value.
const SHRINKS: u32 = 60;
/// First index of the persons that a property generates in its case.
const FIRST_INDEX: u32 = 64;

pub(crate) type Failure = Box<Finding>;

impl EcricWorld {
    pub(crate) fn budget(&self) -> StepResult<Budget> {
        Ok(Budget { values: self.case()?.run.property_values, shrinks: SHRINKS })
    }

    /// Seed of the property of this case: from the seed of the run alone, so that values repeat with it.
    pub(crate) fn property_seed(&self, law: &str) -> StepResult<[u8; 32]> {
        let case = self.case()?;
        Ok(ecric_target::Entropy::new(case.run.seed, 0).bytes(case.connection.case(), law, 0))
    }

    pub(crate) fn keep<V>(
        &mut self,
        law: &str,
        seed: &[u8; 32],
        outcome: Outcome<V, Failure>,
        print: impl Fn(&V) -> String,
    ) -> StepResult {
        let minimal = outcome.failure.as_ref().map(|(value, _)| print(value));
        let seed = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        let record = PropertyRecord {
            law: law.to_owned(),
            seed,
            values: outcome.values,
            shrinks: outcome.shrinks,
            minimal,
            files: Vec::new(),
            loads: Vec::new(),
        };
        self.case()?.with_log(|log| log.property = Some(record));
        self.property_failure = outcome.failure.map(|(_, finding)| finding);
        Ok(())
    }
}

pub(crate) fn ours(world: &EcricWorld, error: impl std::fmt::Display) -> StepEnd {
    world.suite_error(error.to_string())
}

/// An identifier with one character changed is never accepted, and refused for its form.
struct RefusedIdentifier<'a>(&'a EcricWorld);

impl Property<String> for RefusedIdentifier<'_> {
    type Finding = Failure;
    type Error = StepEnd;
    async fn test(&mut self, identifier: &String) -> Result<Option<Failure>, StepEnd> {
        let world = self.0;
        let body = requests::verification(identifier, world.person()?);
        let answer = world.call(Call::new(Operation::VerifyAttributes, None, Body::Json(body))).await?;
        let text = answer.text();
        let grain = world.case()?.run.grain;
        let seen = view(&answer, &text);
        Ok(verification::check_result(&seen, VerifyOutcome::Invalid, Some("IDENTIFIER_INVALID"), grain).err().map(
            |mut finding| {
                finding.evidence.push(answer.evidence.clone());
                finding
            },
        ))
    }
}

#[when("the verifier checks many identifiers with one character changed")]
async fn many_identifiers(world: &mut EcricWorld) -> StepResult {
    let law = "an identifier with one character changed is refused";
    let identifier = world.licence()?.identifier.clone();
    let strategy = mutate::identifier_substitution_strategy(&identifier);
    let seed = world.property_seed(law)?;
    let budget = world.budget()?;
    let outcome = ecric_explore::run(&strategy, &seed, budget, &mut RefusedIdentifier(world)).await;
    let outcome = outcome.map_err(|error| ours(world, error))?;
    world.keep(law, &seed, outcome, Clone::clone)
}

/// A citizen number with one error is refused as malformed.
struct RefusedNumber<'a>(&'a EcricWorld);

impl Property<String> for RefusedNumber<'_> {
    type Finding = Failure;
    type Error = StepEnd;
    async fn test(&mut self, number: &String) -> Result<Option<Failure>, StepEnd> {
        let world = self.0;
        let mut body = requests::search(world.person()?);
        body["certificateHolderCode"] = serde_json::Value::String(number.clone());
        let answer = world.call(Call::new(Operation::Search, None, Body::Json(body))).await?;
        let text = answer.text();
        let grain = world.case()?.run.grain;
        let member = Some("certificateHolderCode");
        Ok(refusals::check_refused(&view(&answer, &text), &[ErrorCode::InvalidRequest], member, grain).err().map(
            |mut finding| {
                finding.evidence.push(answer.evidence.clone());
                finding
            },
        ))
    }
}

#[when("the caller searches for many numbers with one error")]
async fn many_numbers(world: &mut EcricWorld) -> StepResult {
    let law = "a citizen number with one error is refused";
    let number = world.person()?.id_number.clone();
    let strategy = mutate::number_error_strategy(&number);
    let seed = world.property_seed(law)?;
    let budget = world.budget()?;
    let outcome = ecric_explore::run(&strategy, &seed, budget, &mut RefusedNumber(world)).await;
    let outcome = outcome.map_err(|error| ours(world, error))?;
    world.keep(law, &seed, outcome, |value| differing_positions(&number, value))
}

/// The inputs of every vector of an operation that has to be refused, but those with this flag.
fn refused_inputs(world: &EcricWorld, operation: &str, member: &str, but: &str) -> StepResult<Vec<(String, String)>> {
    let vectors = ecric_vectors::set::load_operation(operation).map_err(|error| ours(world, error))?;
    let wanted = vectors
        .into_iter()
        .filter(|vector| vector.item.expect == Expect::Invalid && !vector.item.flags.iter().any(|flag| flag == but));
    let mut inputs: Vec<_> =
        wanted.filter_map(|mut vector| Some((vector.item.id, vector.item.input.remove(member)?))).collect();
    inputs.sort();
    Ok(inputs)
}

/// Tries every vector, up to the first that fails; the record names it by its id.
async fn try_vectors<P>(inputs: Vec<(String, String)>, property: &mut P) -> StepResult<Outcome<String, Failure>>
where
    P: Property<String, Finding = Failure, Error = StepEnd>,
{
    let mut values = 0;
    for (id, input) in inputs {
        values += 1;
        if let Some(finding) = property.test(&input).await? {
            return Ok(Outcome { values, shrinks: 0, failure: Some((id, finding)) });
        }
    }
    Ok(Outcome { values, shrinks: 0, failure: None })
}

#[when("the verifier checks every identifier vector that has to be refused")]
async fn identifier_vectors(world: &mut EcricWorld) -> StepResult {
    let law = "every identifier vector that has to be refused is refused";
    let inputs = refused_inputs(world, "identifier.parse", "identifier", "")?;
    let outcome = try_vectors(inputs, &mut RefusedIdentifier(world)).await?;
    let seed = world.property_seed(law)?;
    world.keep(law, &seed, outcome, Clone::clone)
}

/// Lower case is folded in searches, so these vectors are left out.
#[when("the caller searches for every number vector that has to be refused")]
async fn number_vectors(world: &mut EcricWorld) -> StepResult {
    let law = "every number vector that has to be refused is refused";
    let inputs = refused_inputs(world, "citizen-number.parse", "number", "lower-case")?;
    let outcome = try_vectors(inputs, &mut RefusedNumber(world)).await?;
    let seed = world.property_seed(law)?;
    world.keep(law, &seed, outcome, Clone::clone)
}

/// Where two texts differ; the values themselves stay out of the record.
fn differing_positions(before: &str, after: &str) -> String {
    let places: Vec<String> = before
        .chars()
        .zip(after.chars())
        .enumerate()
        .filter(|(_, (a, b))| a != b)
        .map(|(at, (_, b))| format!("position {} is {b}", at + 1))
        .collect();
    places.join(", ")
}

/// What was issued to a generated person is what is read.
struct RoundTrip<'a> {
    world: &'a EcricWorld,
    next: u32,
}

impl RoundTrip<'_> {
    fn person(&mut self, shape: &PersonShape) -> StepResult<Person> {
        let case = self.world.case()?;
        let slot = Slot { seed: case.run.seed, case_ordinal: case.ordinal, index: self.next };
        self.next += 1;
        let person = Person::from_shape(shape, &slot, self.world.today()?);
        case.connection.add_personal(person.secrets());
        Ok(person)
    }
}

impl Property<PersonShape> for RoundTrip<'_> {
    type Finding = Failure;
    type Error = StepEnd;
    async fn test(&mut self, shape: &PersonShape) -> Result<Option<Failure>, StepEnd> {
        let person = self.person(shape)?;
        let world = self.world;
        world.may_make_persons()?;
        let registered = Body::Json(requests::persona(&person, "NONE"));
        let answer = world.call(Call::new(Operation::TestPersonas, None, registered)).await?;
        world.set_up(&answer, Cause::Persona)?;
        let issued = world.call(Call::new(Operation::Issue, None, Body::Json(requests::issue(&person)))).await?;
        let text = issued.text();
        if let Err(mut finding) = ecric_checks::answers::check_accepted(&view(&issued, &text)) {
            finding.evidence.push(issued.evidence.clone());
            return Ok(Some(finding));
        }
        let identifier =
            issued.message::<IssueAnswer>().map(|made| made.licence.certificate_identifier).unwrap_or_default();
        let body = Body::Json(requests::metadata());
        let read = world.call(Call::new(Operation::Metadata, Some(&identifier), body)).await?;
        let text = read.text();
        let seen = view(&read, &text);
        let holder = serde_json::from_value(serde_json::Value::Object(person.holder())).map_err(|e| ours(world, e))?;
        let judgement = ecric_checks::answers::check_accepted(&seen).and_then(|()| {
            let message: IssueAnswer = ecric_checks::message(&seen)?;
            face::check_as_issued(&message.licence, &holder)
        });
        Ok(judgement.err().map(|mut finding| {
            finding.evidence.extend([issued.evidence.clone(), read.evidence.clone()]);
            finding
        }))
    }
}

#[when("many generated persons get a licence")]
async fn many_persons(world: &mut EcricWorld) -> StepResult {
    let law = "what was issued is what is read";
    let seed = world.property_seed(law)?;
    let budget = world.budget()?;
    let mut property = RoundTrip { world, next: FIRST_INDEX };
    let outcome = ecric_explore::run(&person::strategy(), &seed, budget, &mut property).await;
    let outcome = outcome.map_err(|error| ours(world, error))?;
    world.keep(law, &seed, outcome, |shape| {
        let points: Vec<String> = shape.name.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
        format!("name of {} characters: {}", points.len(), points.join(" "))
    })
}

#[then("the property holds")]
fn property_holds(world: &mut EcricWorld) -> StepResult {
    match world.property_failure.take() {
        None => world.judge_with(Ok(()), &[]),
        Some(finding) => world.judge_with(Err(finding), &[]),
    }
}
