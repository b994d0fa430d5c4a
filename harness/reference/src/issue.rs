//! Operation 2: makes a licence. At most one live licence per holder and type.

use ecric_licence::instant::{parse_date, write_date};
use ecric_licence::status::is_live;
use ecric_licence::validity::china_date;
use ecric_model::binding::{ErrorCode, LicenceStatus};
use ecric_model::published::{ID_CARD_TYPE_CODE, ISSUING_AUTHORITY_CODE};
use serde_json::{Value, json};
use time::Date;

use crate::behaviour::Behaviour;
use crate::errors::ApiError;
use crate::face::{Face, read_face};
use crate::files::operation::{listed, signing_moment};
use crate::files::status_list::status_ref;
use crate::life::current;
use crate::naming::{Named, first_identifier};
use crate::operation::{Reply, Work};
use crate::planted::Planted;
use crate::reader::{Faults, Reader};
use crate::record::{FULL, Licence};
use crate::stated_use::read_operator;
use crate::store::licences::LicenceRow;
use crate::terms;

/// Reads `formats`: at least one (ruling A5).
pub(crate) fn read_formats(reader: &Reader<'_>, faults: &Faults, behaviour: &Behaviour) {
    let formats = reader.texts("formats").unwrap_or_default();
    if formats.is_empty() && reader.value("formats").is_some() && !behaviour.empty_formats_accepted() {
        reader.fault("formats", "empty");
    }
    for (index, format) in formats.into_iter().enumerate() {
        read_format(faults, &format!("formats[{index}]"), format, behaviour);
    }
}

/// Checks one format: `pdf` is known but not offered (ruling A8).
pub(crate) fn read_format(faults: &Faults, field: &str, format: &str, behaviour: &Behaviour) {
    match format {
        "ofd" => {}
        "pdf" if behaviour.undeclared_format_called_invalid() => faults.add(field.to_owned(), "not a format"),
        "pdf" => faults.add_as(ErrorCode::UnsupportedFormat, field.to_owned(), "not offered"),
        _ if behaviour.unknown_format_called_unsupported() => {
            faults.add_as(ErrorCode::UnsupportedFormat, field.to_owned(), "not offered");
        }
        _ => faults.add(field.to_owned(), "not a format"),
    }
}

struct Request {
    face: Option<Face>,
    persona: Option<String>,
    effective: Option<Date>,
    /// Outer: given; inner: `None` is long-term.
    expiring: Option<Option<Date>>,
    previous: Option<String>,
    activate: bool,
    operator: Option<String>,
    type_code: Option<String>,
}

fn read(work: &Work<'_>, today: Date, faults: &Faults) -> Request {
    let behaviour = work.behaviour();
    let reader = Reader::root(&work.body, faults);
    let persona = reader.text_opt("personaRef").map(str::to_owned);
    let holder = reader.object_opt("holder");
    match (&persona, reader.value("holder").is_some()) {
        (Some(_), true) if !behaviour.persona_and_holder_accepted() => {
            reader.fault("personaRef", "given beside holder");
        }
        (None, false) => reader.fault("holder", "missing, and no personaRef"),
        _ => {}
    }
    let face = holder.and_then(|holder| read_face(&holder, behaviour));
    let type_code = if behaviour.type_defaults() && reader.value("certificateTypeCode").is_none() {
        Some(ID_CARD_TYPE_CODE.to_owned())
    } else {
        reader.text("certificateTypeCode").map(str::to_owned)
    };
    if reader.text_opt("certificateIssuingAuthorityCode").is_some_and(|code| code != ISSUING_AUTHORITY_CODE) {
        reader.fault("certificateIssuingAuthorityCode", "not this issuer");
    }
    read_formats(&reader, faults, behaviour);
    let text_bool = reader.value("activate").and_then(Value::as_str).filter(|_| behaviour.text_bools_accepted());
    let activate = match text_bool {
        Some(text) => text == "true",
        None => reader.bool("activate").unwrap_or(false),
    };
    let (effective, expiring) = read_dates(&reader, today, behaviour);
    Request {
        face,
        persona,
        effective,
        expiring,
        previous: reader.text_opt("previousCertificateIdentifier").map(str::to_owned),
        activate: activate || behaviour.activate_ignored(),
        operator: read_operator(&reader, behaviour),
        type_code,
    }
}

fn read_dates(
    reader: &Reader<'_>,
    today: Date,
    behaviour: &crate::behaviour::Behaviour,
) -> (Option<Date>, Option<Option<Date>>) {
    let member = "certificateEffectiveDate";
    let rolled = reader
        .value(member)
        .and_then(Value::as_str)
        .filter(|text| behaviour.february_rolls_over() && text.ends_with("-02-30"))
        .and_then(|text| parse_date(&format!("{}-03-02", text.get(..4)?)).ok());
    let effective = rolled.or_else(|| reader.date_opt(member));
    if effective.is_some_and(|day| day < today) && !behaviour.past_effective_accepted() {
        reader.fault(member, "before today");
    }
    let expiring = if reader.is_null("certificateExpiringDate") {
        Some(None)
    } else {
        reader.date_opt("certificateExpiringDate").map(Some)
    };
    if let Some(Some(last)) = expiring
        && effective.unwrap_or(today) > last
        && !behaviour.effective_after_expiring_accepted()
    {
        reader.fault(member, "after certificateExpiringDate");
    }
    (effective, expiring)
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let today = china_date(work.now);
    let faults = Faults::default();
    let request = read(work, today, &faults);
    if !faults.is_empty() && work.behaviour().errors_show_internals() {
        faults.add("holder", "SELECT * FROM licences at line 42 of /usr/src/issue.rs");
    }
    faults.finish()?;
    if request.type_code.as_deref() != Some(ID_CARD_TYPE_CODE) {
        return Err(ApiError::new(ErrorCode::Forbidden, "not entitled to this licence type"));
    }
    work.audit.operator.clone_from(&request.operator);
    let face = match (request.face, &request.persona) {
        (Some(face), _) => face,
        (None, Some(reference)) => persona_face(work, reference).await?,
        (None, None) => return Err(ApiError::invalid("holder", "missing")),
    };
    if work.behaviour().one_character_names_refused() && face.name.chars().count() == 1 {
        return Err(ApiError::invalid("holder.name", "too short"));
    }
    let birth = face.birth_date(work.behaviour()).unwrap_or(today);
    if birth > today {
        return Err(ApiError::invalid("holder.idNumber", "born in the future"));
    }
    let digest = work.shared.holder_digest(&face.id_number);
    work.audit.holder_digest = Some(digest.clone());
    check_previous(work, request.previous.as_deref(), &digest).await?;
    let second = refuse_second(work, &digest).await;
    if !work.behaviour().second_refused_but_kept() {
        second.clone()?;
    }
    if work.behaviour().plants(Planted::IssueDecidedBeforeWindow) {
        work.tx.window().await?;
    }
    let effective = request.effective.unwrap_or(today);
    let dates = match request.expiring {
        None => terms::by_age(birth, today, effective, work.behaviour()),
        Some(last) => terms::explicit(effective, last, work.behaviour()),
    };
    let mut named = first_identifier(work.shared, &mut work.tx, today).await?;
    if work.behaviour().identifier_returns()
        && let Some(earlier) = work.tx.licences_of(&digest).await?.first()
    {
        named.shown.clone_from(&earlier.identifier);
    }
    if work.behaviour().plants(Planted::DestroyedIdentifierReturns)
        && let Some(gone) =
            work.tx.licences_of(&digest).await?.iter().find(|row| row.status == LicenceStatus::Destroyed)
    {
        named.shown.clone_from(&gone.identifier);
    }
    let status = if request.activate { LicenceStatus::Valid } else { LicenceStatus::NotActive };
    let previous = request.previous.filter(|_| !work.behaviour().previous_not_kept_at_issue());
    let mut row = new_row(work, &named, &face, dates, status, 1, previous)?;
    let files = listed(work, &row, &face)?;
    work.tx.insert_licence(&mut row).await?;
    work.audit.identifier = Some(row.identifier.clone());
    second?;
    Ok(Reply::created(json!({"licence": shown(work, &row, &face), "files": files})))
}

async fn persona_face(work: &mut Work<'_>, reference: &str) -> Result<Face, ApiError> {
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    let definition = work.tx.persona(&app, reference).await?;
    definition
        .and_then(|text| serde_json::from_str::<Value>(&text).ok())
        .and_then(|value| serde_json::from_value(value.get("face")?.clone()).ok())
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound, "no such person"))
}

/// A replaced licence belongs to the holder (ruling D12).
async fn check_previous(work: &mut Work<'_>, previous: Option<&str>, digest: &str) -> Result<(), ApiError> {
    let Some(identifier) = previous.filter(|_| !work.behaviour().previous_unchecked()) else { return Ok(()) };
    let known = work.tx.licence(identifier).await?;
    if known.is_some_and(|row| row.holder_digest == digest) {
        return Ok(());
    }
    Err(ApiError::invalid("previousCertificateIdentifier", "not a licence of this holder"))
}

/// At most one live licence per holder and type.
///
/// # Errors
/// 409 where the holder has one.
pub(crate) async fn refuse_second(work: &mut Work<'_>, digest: &str) -> Result<(), ApiError> {
    let rows = work.tx.licences_of(digest).await?;
    let behaviour = work.behaviour();
    let counts = |row: &LicenceRow| {
        is_live(current(row, work.now, behaviour).status)
            || (row.status == LicenceStatus::Suspended && behaviour.plants(Planted::ExpiredSuspensionBlocksIssue))
    };
    if rows.iter().any(counts) && !behaviour.second_live_accepted() && !behaviour.key_remembered_late() {
        return Err(ApiError::new(ErrorCode::StateConflict, "the holder has a live licence of this type"));
    }
    Ok(())
}

/// The row of a new licence.
pub(crate) fn new_row(
    work: &Work<'_>,
    named: &Named,
    face: &Face,
    dates: terms::Dates,
    status: LicenceStatus,
    version: i64,
    previous: Option<String>,
) -> Result<LicenceRow, ApiError> {
    let kept = crate::distort::kept_face(face, work.behaviour());
    let holder = serde_json::to_string(&kept).map_err(|_| ApiError::new(ErrorCode::Internal, "internal error"))?;
    Ok(LicenceRow {
        seq: 0,
        identifier: named.shown.clone(),
        canonical: named.canonical.to_string(),
        type_code: ID_CARD_TYPE_CODE.to_owned(),
        version,
        holder_digest: work.shared.holder_digest(&face.id_number),
        holder: Some(holder),
        issued_date: write_date(china_date(work.now)),
        effective_date: dates.effective,
        expiring_date: dates.expiring,
        validity_range: dates.range,
        status,
        status_version: 1,
        status_time: work.now.unix_timestamp(),
        reason: None,
        scheduled: "[]".to_owned(),
        previous_identifier: previous,
        signed_at: signing_moment(work.now),
    })
}

/// The whole licence, as the issuer answers its own caller.
pub(crate) fn shown(work: &Work<'_>, row: &LicenceRow, face: &Face) -> Value {
    let behaviour = work.behaviour();
    let state = current(row, work.now, behaviour);
    let kept = crate::distort::issued_face(face, behaviour);
    let mut members = Licence { row, state: &state, face: Some(&kept), now: work.now, behaviour }.render(FULL);
    members.insert("statusRef".to_owned(), status_ref(work.shared, row));
    Value::Object(members)
}
