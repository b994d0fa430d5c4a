//! Test control T3: persons and the licences they start with (ruling G1).

use ecric_licence::instant::{parse_date, write_date};
use ecric_licence::validity::{china_date, start_of_day};
use ecric_model::binding::{ErrorCode, LicenceStatus, TransitionReason};
use serde_json::{Value, json};
use time::{Date, Duration};

use crate::behaviour::{Behaviour, Switch};
use crate::errors::ApiError;
use crate::face::{Face, read_face};
use crate::issue::new_row;
use crate::naming::{first_identifier, next_identifier};
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::store::licences::LicenceRow;
use crate::terms::{self, Dates};

/// Most persons in one call.
const PERSONS_MAX: usize = 200;

struct Person {
    reference: String,
    face: Option<Face>,
    /// `None` is NONE.
    state: Option<LicenceStatus>,
    has_state: bool,
    effective: Option<Date>,
    /// Outer: given; inner: `None` is long-term.
    expiring: Option<Option<Date>>,
    reason: Option<String>,
    /// PIN and token of `holderAuth`.
    secrets: Option<(String, String)>,
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let (action, persons) = read_all(work)?;
    let mut answers = Vec::new();
    for person in persons {
        answers.push(apply(work, &action, person).await?);
    }
    Ok(Reply::created(json!({"personas": answers})))
}

fn read_all(work: &Work<'_>) -> Result<(String, Vec<Person>), ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let action = reader.text("action").unwrap_or_default().to_owned();
    if !["CREATE", "RESET", "DELETE"].contains(&action.as_str()) {
        reader.fault("action", "not an action");
    }
    let items = reader.array("personas").unwrap_or_default();
    if items.len() > PERSONS_MAX {
        reader.fault("personas", "too many");
    }
    let mut persons = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("personas[{index}]");
        match item.as_object() {
            Some(members) => persons.push(read(&Reader::at(members, path, &faults), &action, work)),
            None => faults.add(path, "not an object"),
        }
    }
    faults.finish()?;
    Ok((action, persons))
}

fn read(reader: &Reader<'_>, action: &str, work: &Work<'_>) -> Person {
    let reference = reader.text_within("personaRef", 128).unwrap_or_default().to_owned();
    let holder = if action == "CREATE" { reader.object("holder") } else { None };
    let word = reader.text_opt("state");
    let state = word.and_then(LicenceStatus::parse);
    if word.is_some_and(|word| word != "NONE" && state.is_none()) {
        reader.fault("state", "not a status");
    }
    Person {
        reference,
        face: holder.and_then(|holder| read_face(&holder, &lenient(work.behaviour()))),
        state,
        has_state: word.is_some(),
        effective: reader.date_opt("effectiveDate"),
        expiring: if reader.is_null("expiringDate") { Some(None) } else { reader.date_opt("expiringDate").map(Some) },
        reason: read_reason(reader),
        secrets: read_secrets(reader),
    }
}

/// The test control takes in what the issuer of a mutant wrongly refuses, so that the issuer itself is seen.
fn lenient(behaviour: &Behaviour) -> Behaviour {
    Behaviour { ethnicity_98_refused: Switch::default(), address_of_35: Switch::default(), ..behaviour.clone() }
}

fn read_secrets(reader: &Reader<'_>) -> Option<(String, String)> {
    let auth = reader.object_opt("holderAuth")?;
    let pin = auth.text_within_opt("pin", 32).unwrap_or_default().to_owned();
    let token = auth.text_within_opt("token", 256).unwrap_or_default().to_owned();
    Some((pin, token))
}

fn read_reason(reader: &Reader<'_>) -> Option<String> {
    let reason = reader.text_opt("statusReason")?;
    if TransitionReason::parse(reason).is_none() {
        reader.fault("statusReason", "not a reason");
    }
    Some(reason.to_owned())
}

async fn apply(work: &mut Work<'_>, action: &str, mut person: Person) -> Result<Value, ApiError> {
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    let known =
        work.tx.persona(&app, &person.reference).await?.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    if action != "CREATE" {
        let Some(definition) = &known else { return Err(ApiError::new(ErrorCode::NotFound, "no such person")) };
        person.face = definition.get("face").and_then(|face| serde_json::from_value(face.clone()).ok());
        if !person.has_state {
            person.state = definition.get("state").and_then(Value::as_str).and_then(LicenceStatus::parse);
        }
    }
    let Some(face) = person.face.clone() else { return Err(ApiError::invalid("personas", "no holder")) };
    let digest = work.shared.holder_digest(&face.id_number);
    work.tx.remove_licences_of(&digest).await?;
    work.tx.remove_loaded_of(&digest).await?;
    if let Some((pin, token)) = &person.secrets {
        work.tx.put_holder_secrets(&digest, pin, token).await?;
    }
    // A registered person without a licence is not an unknown one: searching for it is no guess.
    work.shared.note_recent(format!("registered {digest}"));
    if action == "DELETE" {
        work.tx.remove_persona(&app, &person.reference).await?;
        return Ok(json!({"personaRef": person.reference}));
    }
    let state = person.state.map_or("NONE", LicenceStatus::code);
    if action == "CREATE" {
        // A later RESET without a state repeats this first definition (ruling G1).
        let definition = json!({"face": face, "state": state}).to_string();
        work.tx.put_persona(&app, &person.reference, &definition).await?;
    }
    let mut answer = json!({"personaRef": person.reference});
    if let Some(state) = person.state {
        answer["certificateIdentifier"] = json!(make(work, &face, state, &person).await?);
    }
    Ok(answer)
}

/// Makes a licence in a state, as the steps that lead there would have left it.
async fn make(work: &mut Work<'_>, face: &Face, state: LicenceStatus, person: &Person) -> Result<String, ApiError> {
    let today = china_date(work.now);
    let birth = face.birth_date(work.behaviour()).unwrap_or(today);
    let dates = dates(today, birth, state, person, work);
    let named = first_identifier(work.shared, &mut work.tx, today).await?;
    let mut row = new_row(work, &named, face, dates, LicenceStatus::Valid, 1, None)?;
    if let Ok(first) = parse_date(&row.effective_date) {
        let begin = start_of_day(first).unix_timestamp();
        if begin < start_of_day(today).unix_timestamp() {
            row.status_time = begin;
            row.issued_date = write_date(first);
        }
    }
    let reason = |row: &mut LicenceRow, status, version, reason: &str| {
        row.status = status;
        row.status_version = version;
        row.reason = Some(person.reason.as_deref().unwrap_or(reason).to_owned());
    };
    match state {
        LicenceStatus::Valid | LicenceStatus::Expired => {}
        LicenceStatus::NotActive => row.status = LicenceStatus::NotActive,
        LicenceStatus::Suspended => reason(&mut row, LicenceStatus::Suspended, 2, "CARD_LOST"),
        LicenceStatus::Superseded => reason(&mut row, LicenceStatus::Superseded, 2, "DATA_CHANGED"),
        LicenceStatus::Revoked => reason(&mut row, LicenceStatus::Revoked, 2, "HOLDER_REQUEST"),
        LicenceStatus::Destroyed => {
            reason(&mut row, LicenceStatus::Destroyed, 3, "RETENTION");
            if !work.behaviour().destroyed_answers() {
                row.holder = None;
            }
        }
    }
    work.tx.insert_licence(&mut row).await?;
    if state == LicenceStatus::Superseded {
        let next = next_identifier(work.shared, &mut work.tx, &row, today).await?;
        let dates = terms::by_age(birth, today, today, work.behaviour());
        let previous = Some(row.identifier.clone());
        let mut successor = new_row(work, &next, face, dates, LicenceStatus::Valid, 2, previous)?;
        work.tx.insert_licence(&mut successor).await?;
    }
    Ok(row.identifier)
}

fn dates(today: Date, birth: Date, state: LicenceStatus, person: &Person, work: &Work<'_>) -> Dates {
    let yesterday = today - Duration::days(1);
    let expired = state == LicenceStatus::Expired;
    let effective = person.effective.unwrap_or(if expired { yesterday - Duration::days(365) } else { today });
    // An expired licence has a last day in the past, whatever was asked for.
    let expiring = match person.expiring {
        Some(last) if !expired || last.is_some_and(|last| last < today) => Some(last),
        _ => expired.then_some(Some(yesterday)),
    };
    match expiring {
        Some(last) => terms::explicit(effective, last, work.behaviour()),
        None => terms::by_age(birth, today, effective, work.behaviour()),
    }
}
