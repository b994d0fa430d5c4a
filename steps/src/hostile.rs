//! Cases that send hostile requests: generated from schemas, from the syntax of JSON, from a corpus of texts.

use cucumber::when;
use ecric_checks::{Judgement, hostile, refusals};
use ecric_explore::{Outcome, Property};
use ecric_licence::instant::write_instant;
use ecric_model::binding::{ErrorCode, IssueAnswer, Operation, request_schema};
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call};
use ecric_vectors::hostile::{CORPUS, Defect, OddEdit, SYNTAX, apply_odd, missing_members, odd_strategy, wrong_types};
use ecric_vectors::person::{Person, Slot, generate_person};
use serde_json::{Value, json};
use time::Duration;

use crate::properties::Failure;
use crate::requests;
use crate::world::{EcricWorld, StepEnd, StepResult, view};

/// First index of the persons that these cases generate.
const FIRST_INDEX: u32 = 128;
/// Longest text that an issuing authority may have, characters.
const AUTHORITY_MAX: usize = 30;

/// Members of an item of a batch whose fault is the item's alone: the request as a whole is accepted.
const PER_ITEM: [&str; 2] = ["items[0].kind", "items[0].request"];

/// Members that the identifier makes idle (ruling C8): nobody has to read them.
const BESIDE_IDENTIFIER: [&str; 2] = ["certificateTypeCode", "certificateHolderCode"];

/// A request that is right before anything is done to it.
struct Right {
    id: Option<String>,
    body: Value,
    schema: Value,
}

fn operation_of(world: &EcricWorld, name: &str) -> StepResult<Operation> {
    Operation::parse(name).ok_or_else(|| world.suite_error(format!("{name:?} is no operation")))
}

/// A right request of an operation about a person and a licence.
fn right(
    world: &EcricWorld,
    operation: Operation,
    person: &Person,
    identifier: &str,
    version: i64,
) -> StepResult<Right> {
    let now = world.now()?;
    let (from, to) = (write_instant(now - Duration::hours(1)), write_instant(now + Duration::hours(1)));
    let (with_id, body) = match operation {
        Operation::Issue => (false, requests::issue(person)),
        Operation::Metadata => (true, requests::metadata()),
        Operation::File => (true, requests::file(true)),
        Operation::Transition => (true, requests::transition("SUSPEND", version)),
        Operation::Reissue => (true, requests::reissue(version)),
        Operation::Search => (false, requests::search(person)),
        Operation::Audit => {
            let mut body = requests::audit(identifier, &from, &to);
            body["operations"] = json!(["issuer.metadata"]);
            (false, body)
        }
        Operation::VerifyFile => (
            false,
            json!({"content": "bm90IGEgZmlsZQ==", "mime": "application/ofd", "policy": {"checkStatus": "NONE"},
                "use": requests::stated_use()}),
        ),
        Operation::VerifyAttributes => (false, requests::verification(identifier, person)),
        Operation::VerifyBatch => (false, requests::batch(identifier, person)),
        other => return Err(world.suite_error(format!("{} has no request to distort", other.name()))),
    };
    let schema = request_schema(operation).map(|schema| schema.to_value()).unwrap_or_default();
    Ok(Right { id: with_id.then(|| identifier.to_owned()), body, schema })
}

impl EcricWorld {
    /// The right request about the person and the licence of the case.
    async fn right_request(&mut self, operation: Operation) -> StepResult<Right> {
        let version = if self.current.is_some() { self.version().await?.0 } else { 1 };
        let identifier = self.current.and_then(|index| self.licences.get(index)).map(|held| held.identifier.clone());
        right(self, operation, self.person()?, &identifier.unwrap_or_default(), version)
    }

    /// A person of its own for one value of a property, registered, with a licence where wanted.
    async fn fresh_person(&self, index: u32, state: &str) -> StepResult<(Person, String)> {
        self.may_make_persons()?;
        let case = self.case()?;
        let slot = Slot { seed: case.run.seed, case_ordinal: case.ordinal, index };
        let person = generate_person("adult", &slot, self.today()?).map_err(|e| self.suite_error(e.to_string()))?;
        case.connection.add_personal(person.secrets());
        let registered = Body::Json(requests::persona(&person, state));
        let answer = self.call(Call::new(Operation::TestPersonas, None, registered)).await?;
        self.set_up(&answer, Cause::Persona)?;
        let named = answer.json.as_ref().and_then(|json| json.pointer("/personas/0/certificateIdentifier")?.as_str());
        Ok((person, named.unwrap_or_default().to_owned()))
    }
}

fn with_evidence(judgement: Judgement, answers: &[&Answer]) -> Option<Failure> {
    judgement.err().map(|mut finding| {
        finding.evidence.extend(answers.iter().map(|answer| answer.evidence.clone()));
        finding
    })
}

fn elapsed_ms(answer: &Answer) -> u64 {
    answer.span_ms.1.saturating_sub(answer.span_ms.0)
}

// ----- members missing or of another type

/// Sends every defect, up to the first that is not refused for its member.
async fn refuse_all(
    world: &mut EcricWorld,
    law: &str,
    operation: Operation,
    what: fn(&Right) -> Vec<Defect>,
) -> StepResult {
    let right = world.right_request(operation).await?;
    let grain = world.case()?.run.grain;
    let mut outcome = Outcome { values: 0, shrinks: 0, failure: None };
    let unread: &[&str] = match operation {
        Operation::VerifyBatch => &PER_ITEM,
        Operation::VerifyAttributes => &BESIDE_IDENTIFIER,
        _ => &[],
    };
    for defect in what(&right).into_iter().filter(|defect| !unread.contains(&defect.path.as_str())) {
        outcome.values += 1;
        let answer = world.call(Call::new(operation, right.id.as_deref(), Body::Json(defect.body))).await?;
        let text = answer.text();
        let seen = view(&answer, &text);
        let judgement = hostile::check_survived(&seen, elapsed_ms(&answer))
            .and_then(|()| refusals::check_refused(&seen, &[ErrorCode::InvalidRequest], Some(&defect.path), grain));
        if let Some(finding) = with_evidence(judgement, &[&answer]) {
            outcome.failure = Some((format!("{}: {}", defect.path, defect.what), finding));
            break;
        }
    }
    let seed = world.property_seed(law)?;
    world.keep(law, &seed, outcome, Clone::clone)
}

#[when(regex = r#"^every mandatory member of "([^"]+)" is left out in turn$"#)]
async fn members_left_out(world: &mut EcricWorld, name: String) -> StepResult {
    let operation = operation_of(world, &name)?;
    let law = format!("{name}: a request without a mandatory member is refused and the member named");
    refuse_all(world, &law, operation, |right| missing_members(&right.schema, &right.body)).await
}

#[when(regex = r#"^every member of "([^"]+)" gets another type in turn$"#)]
async fn members_of_other_types(world: &mut EcricWorld, name: String) -> StepResult {
    let operation = operation_of(world, &name)?;
    let law = format!("{name}: a member of another type is refused and named");
    refuse_all(world, &law, operation, |right| wrong_types(&right.schema, &right.body)).await
}

// ----- syntax

#[when(regex = r#"^the JSON of "([^"]+)" is broken in every way$"#)]
async fn syntax_broken(world: &mut EcricWorld, name: String) -> StepResult {
    let operation = operation_of(world, &name)?;
    let law = format!("{name}: a body that is no clean JSON is refused");
    let right = world.right_request(operation).await?;
    let grain = world.case()?.run.grain;
    let mut outcome = Outcome { values: 0, shrinks: 0, failure: None };
    // What may be accepted must not change anything here.
    for syntax in SYNTAX.iter().filter(|syntax| syntax.broken || !operation.changes_state()) {
        outcome.values += 1;
        let body = Body::Raw(syntax.write(&right.body));
        let answer = world.call(Call::new(operation, right.id.as_deref(), body)).await?;
        let text = answer.text();
        let seen = view(&answer, &text);
        let judgement = hostile::check_survived(&seen, elapsed_ms(&answer)).and_then(|()| {
            if syntax.broken {
                refusals::check_refused(&seen, &[ErrorCode::InvalidRequest], None, grain)
            } else {
                Ok(())
            }
        });
        if let Some(finding) = with_evidence(judgement, &[&answer]) {
            outcome.failure = Some((syntax.name.to_owned(), finding));
            break;
        }
    }
    let seed = world.property_seed(&law)?;
    world.keep(&law, &seed, outcome, Clone::clone)
}

// ----- odd values

/// Whatever the values are: an answer in time, no server error, no VALID for changed data, text as sent.
struct Odd<'a> {
    world: &'a EcricWorld,
    operation: Operation,
    next: u32,
    /// Person, licence and version; new where the operation changes something.
    about: (Person, String, i64),
}

impl Property<Vec<OddEdit>> for Odd<'_> {
    type Finding = Failure;
    type Error = StepEnd;
    async fn test(&mut self, edits: &Vec<OddEdit>) -> Result<Option<Failure>, StepEnd> {
        let world = self.world;
        if self.operation.changes_state() {
            let state = if self.operation == Operation::Issue { "NONE" } else { "VALID" };
            let (person, identifier) = world.fresh_person(self.next, state).await?;
            self.next += 1;
            self.about = (person, identifier, 1);
        }
        let (person, identifier, version) = &self.about;
        let right = right(world, self.operation, person, identifier, *version)?;
        let body = apply_odd(&right.body, edits);
        let sent = Body::Json(body.clone());
        let answer = world.call(Call::new(self.operation, right.id.as_deref(), sent)).await?;
        let text = answer.text();
        let seen = view(&answer, &text);
        let changed = |path: &str| edits.iter().any(|edit| edit.path == path);
        let judgement = hostile::check_survived(&seen, elapsed_ms(&answer)).and_then(|()| match self.operation {
            Operation::VerifyAttributes if changed("assert") || changed("certificateIdentifier") => {
                hostile::check_not_valid(&seen)
            }
            Operation::Issue if seen.is_success() => FREE_TEXTS.iter().try_for_each(|name| {
                let sent = body.pointer(&format!("/holder/{name}")).and_then(Value::as_str);
                sent.map_or(Ok(()), |sent| hostile::check_verbatim(&seen, &format!("/licence/holder/{name}"), sent))
            }),
            _ => Ok(()),
        });
        Ok(with_evidence(judgement, &[&answer]))
    }
}

/// Items of the face that are free text.
const FREE_TEXTS: [&str; 3] = ["name", "address", "issuingAuthority"];

#[when(regex = r#"^many odd requests of "([^"]+)" are sent$"#)]
async fn odd_requests(world: &mut EcricWorld, name: String) -> StepResult {
    let operation = operation_of(world, &name)?;
    let law = format!("{name}: odd values are answered in time, below 500, with no false VALID");
    let first = world.right_request(operation).await?;
    let strategy = odd_strategy(&first.schema, &first.body);
    let seed = world.property_seed(&law)?;
    let budget = world.budget()?;
    let version = if world.current.is_some() { world.version().await?.0 } else { 1 };
    let identifier = world.current.and_then(|index| world.licences.get(index)).map(|held| held.identifier.clone());
    let about = (world.person()?.clone(), identifier.unwrap_or_default(), version);
    let mut property = Odd { world, operation, next: FIRST_INDEX, about };
    let outcome = ecric_explore::run(&strategy, &seed, budget, &mut property).await;
    let outcome = outcome.map_err(|error| world.suite_error(error.to_string()))?;
    world.keep(&law, &seed, outcome, |edits| {
        edits.iter().map(|edit| format!("{}: {}", edit.path, edit.what)).collect::<Vec<_>>().join("; ")
    })
}

// ----- texts

/// As many texts of the corpus as the depth has values, from a place that the seed chooses.
fn corpus(world: &EcricWorld, seed: &[u8; 32]) -> StepResult<Vec<(&'static str, &'static str)>> {
    let values = usize::try_from(world.case()?.run.property_values).unwrap_or(usize::MAX);
    // From depth standard on every text is tried.
    let count = if values >= 32 { CORPUS.len() } else { values.min(CORPUS.len()) };
    let start = usize::from(seed[0]) % CORPUS.len();
    Ok(CORPUS.iter().cycle().skip(start).take(count).copied().collect())
}

#[when("texts that some software acts on are issued as items of the face")]
async fn texts_issued(world: &mut EcricWorld) -> StepResult {
    let law = "a text on the face is returned as it was sent, or refused";
    let seed = world.property_seed(law)?;
    let mut outcome = Outcome { values: 0, shrinks: 0, failure: None };
    let mut index = FIRST_INDEX;
    'texts: for (name, text) in corpus(world, &seed)? {
        // The name has rules of its own, so that it is tried apart.
        for items in [["name"].as_slice(), &["address", "issuingAuthority"]] {
            outcome.values += 1;
            index += 1;
            if let Some(finding) = issue_text(world, index, items, text).await? {
                outcome.failure = Some((format!("{name} as {}", items.join(" and ")), finding));
                break 'texts;
            }
        }
    }
    world.keep(law, &seed, outcome, Clone::clone)
}

async fn issue_text(world: &EcricWorld, index: u32, items: &[&str], text: &str) -> StepResult<Option<Failure>> {
    let (person, _) = world.fresh_person(index, "NONE").await?;
    let mut body = requests::issue(&person);
    let items: Vec<&str> = items
        .iter()
        .copied()
        .filter(|item| *item != "issuingAuthority" || text.chars().count() <= AUTHORITY_MAX)
        .collect();
    for item in &items {
        body["holder"][item] = json!(text);
    }
    let issued = world.call(Call::new(Operation::Issue, None, Body::Json(body))).await?;
    let shown = issued.text();
    let seen = view(&issued, &shown);
    let grain = world.case()?.run.grain;
    let judgement = hostile::check_survived(&seen, elapsed_ms(&issued)).and_then(|()| {
        if seen.is_success() {
            Ok(())
        } else {
            refusals::check_refused(&seen, &[ErrorCode::InvalidRequest], None, grain)
        }
    });
    if judgement.is_err() || !issued.is_success() {
        return Ok(with_evidence(judgement, &[&issued]));
    }
    let identifier = issued.message::<IssueAnswer>().map(|made| made.licence.certificate_identifier);
    let asked = Call::new(Operation::Metadata, identifier.ok().as_deref(), Body::Json(requests::metadata()));
    let read = world.call(asked).await?;
    let shown = read.text();
    let seen = view(&read, &shown);
    let judgement = ecric_checks::answers::check_accepted(&seen).and_then(|()| {
        items.iter().try_for_each(|item| hostile::check_verbatim(&seen, &format!("/licence/holder/{item}"), text))
    });
    Ok(with_evidence(judgement, &[&issued, &read]))
}

#[when("texts that some software acts on are stated as causes")]
async fn texts_stated(world: &mut EcricWorld) -> StepResult {
    let law = "a stated cause stands in the audit as it was sent, or is refused";
    let seed = world.property_seed(law)?;
    let id = world.licence()?.identifier.clone();
    let grain = world.case()?.run.grain;
    let mut outcome = Outcome { values: 0, shrinks: 0, failure: None };
    let mut accepted = Vec::new();
    for (name, text) in corpus(world, &seed)? {
        outcome.values += 1;
        let mut body = requests::metadata();
        body["use"]["certificateCopyCause"] = json!(text);
        let answer = world.call(Call::new(Operation::Metadata, Some(&id), Body::Json(body))).await?;
        let shown = answer.text();
        let seen = view(&answer, &shown);
        let judgement = hostile::check_survived(&seen, elapsed_ms(&answer)).and_then(|()| {
            if seen.is_success() {
                Ok(())
            } else {
                refusals::check_refused(&seen, &[ErrorCode::InvalidRequest], None, grain)
            }
        });
        if let Some(finding) = with_evidence(judgement, &[&answer]) {
            outcome.failure = Some((name.to_owned(), finding));
            break;
        }
        if answer.is_success() {
            accepted.push((name, text));
        }
    }
    if outcome.failure.is_none() {
        outcome.failure = stated_in_audit(world, &id, &accepted).await?;
    }
    world.keep(law, &seed, outcome, Clone::clone)
}

/// The first accepted cause that the audit does not hold as it was sent.
async fn stated_in_audit(
    world: &EcricWorld,
    identifier: &str,
    accepted: &[(&str, &str)],
) -> StepResult<Option<(String, Failure)>> {
    let now = world.now()?;
    let (from, to) = (write_instant(now - Duration::hours(1)), write_instant(now + Duration::hours(1)));
    let mut body = requests::audit(identifier, &from, &to);
    body["pageSize"] = json!(100);
    let answer = world.call(Call::new(Operation::Audit, None, Body::Json(body))).await?;
    world.set_up(&answer, Cause::SetUp)?;
    let entries = answer.json.as_ref().and_then(|json| json["entries"].as_array()).cloned().unwrap_or_default();
    let causes: Vec<&str> =
        entries.iter().filter_map(|entry| entry.pointer("/use/certificateCopyCause")?.as_str()).collect();
    for (name, text) in accepted {
        if !causes.contains(text) {
            // The one that comes nearest shows where it was changed.
            let head: String = text.chars().take(2).collect();
            let nearest = causes.iter().find(|cause| cause.starts_with(&head)).copied();
            let judgement = hostile::check_same_text("entries[].use.certificateCopyCause", text, nearest);
            return Ok(with_evidence(judgement, &[&answer]).map(|finding| ((*name).to_owned(), finding)));
        }
    }
    Ok(None)
}
