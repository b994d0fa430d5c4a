//! Operation 14: is what somebody asserts about a holder true? True values are never returned.

use std::time::Duration;

use ecric_licence::citizen_number::fold_case;
use ecric_licence::instant::write_instant;
use ecric_licence::status::is_live;
use ecric_model::binding::{CHECK_KEYS, LicenceStatus, Operation, SCOPE_NAMES};
use ecric_model::published::ID_CARD_TYPE_CODE;
use serde_json::{Map, Value, json};

use crate::behaviour::Behaviour;
use crate::capabilities::{MISMATCHES_PER_MINUTE, UNKNOWN_HOLDERS_PER_10S};
use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::face::Face;
use crate::life::{Current, current_for_verifier};
use crate::naming::{Located, locate_for_verifier};
use crate::operation::{Reply, Work};
use crate::planted::Planted;
use crate::reader::{Faults, Reader};
use crate::record::attribute;
use crate::stated_use::read_use;
use crate::store::licences::LicenceRow;

const MINUTE: Duration = Duration::from_secs(60);
const TEN_SECONDS: Duration = Duration::from_secs(10);
/// How long a person of the test controls counts as known.
const REGISTERED: Duration = Duration::from_secs(86_400);

/// A request as read.
struct Request {
    identifier: Option<String>,
    pair: Option<(String, String)>,
    asserted: Map<String, Value>,
}

/// A verdict before it is written.
struct Verdict {
    reasons: Vec<&'static str>,
    invalid: bool,
    format: &'static str,
    licence_status: &'static str,
    consistency: &'static str,
    matches: Map<String, Value>,
}

impl Verdict {
    fn new() -> Self {
        Self {
            reasons: Vec::new(),
            invalid: false,
            format: "PASS",
            licence_status: "SKIPPED",
            consistency: "SKIPPED",
            matches: Map::new(),
        }
    }

    fn word(&self) -> &'static str {
        match (self.invalid, self.reasons.is_empty()) {
            (true, _) => "INVALID",
            (false, false) => "INDETERMINATE",
            (false, true) => "VALID",
        }
    }
}

fn read(work: &mut Work<'_>, body: &Map<String, Value>) -> Result<Request, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(body, &faults);
    let identifier = reader.text_opt("certificateIdentifier").map(str::to_owned);
    let pair = if identifier.is_none() {
        let type_code = reader.text("certificateTypeCode").map(str::to_owned);
        let code = reader.text("certificateHolderCode").map(fold_case);
        type_code.zip(code)
    } else {
        None
    };
    let optional = work.behaviour().assert_optional() && reader.value("assert").is_none();
    let asserted = if optional { None } else { reader.object("assert") };
    let asserted = asserted.map(|members| members.members().clone()).unwrap_or_default();
    let stated = read_use(&reader, work.behaviour());
    faults.finish()?;
    work.audit.stated_use = stated;
    // Names of the list only: a caller may write anything into a name.
    let known: Vec<&String> = asserted.keys().filter(|name| SCOPE_NAMES.contains(&name.as_str())).collect();
    work.audit.attributes = json!(known).to_string();
    Ok(Request { identifier, pair, asserted })
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let body = std::mem::take(&mut work.body);
    verify(work, &body).await.map(Reply::ok)
}

/// Verifies one request body: alone or as an item of a batch.
pub(crate) async fn verify(work: &mut Work<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let request = read(work, body)?;
    let behaviour = work.shared.behaviour.clone();
    let mut verdict = Verdict::new();
    // UNKNOWN until compared (ruling C4).
    verdict.matches = request.asserted.keys().map(|name| (name.clone(), json!("UNKNOWN"))).collect();
    let needed: &[&str] = if behaviour.name_is_enough() { &["name"] } else { &["name", "idNumber"] };
    let enough = needed.iter().all(|name| request.asserted.contains_key(*name));
    let forgiven = behaviour.nothing_asserted_is_valid() && request.asserted.is_empty();
    if !enough && !forgiven {
        // Nothing is said about existence or state (ruling C3).
        verdict.reasons.push("ATTR_INSUFFICIENT");
        verdict.consistency = "UNKNOWN";
        return Ok(written(work, &verdict, None, &behaviour));
    }
    let found = find(work, &request, &mut verdict, &behaviour).await?;
    let Some(row) = found else { return Ok(written(work, &verdict, None, &behaviour)) };
    work.audit.identifier = Some(row.identifier.clone());
    work.audit.holder_digest = Some(row.holder_digest.clone());
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    let counter = format!("mismatch {app} {}", row.identifier);
    let free = behaviour.batch_guesses_free() && work.audit.operation == Operation::VerifyBatch.name();
    if !behaviour.guesses_free()
        && !free
        && let Some(seconds) = work.shared.guesses.wait(&counter, MISMATCHES_PER_MINUTE, MINUTE)
    {
        return Err(ApiError::rate_limited(seconds));
    }
    let mut state = seen_state(work, &row, &behaviour);
    if behaviour.plants(Planted::VerifierCacheFilledLate) {
        work.tx.window().await?;
        state = work.shared.memory.state_or(&row.identifier, state);
    }
    judge_state(&mut verdict, state.status, &behaviour);
    let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
    judge_attributes(work, &mut verdict, &row, face.as_ref(), &request.asserted, &behaviour);
    if verdict.reasons.contains(&"ATTR_MISMATCH") {
        work.shared.guesses.count(counter, MINUTE);
    }
    let mut answer = written(work, &verdict, Some((&row, &state)), &behaviour);
    if let Some(face) = &face {
        show_too_much(&mut answer, face, &verdict, &behaviour);
    }
    if behaviour.second_result_differs() {
        let seen = format!("verified {}", row.identifier);
        if work.shared.is_recent(&seen, MINUTE) {
            answer["checks"]["timestamp"] = json!("UNKNOWN");
        }
        work.shared.note_recent(seen);
    }
    Ok(answer)
}

fn seen_state(work: &Work<'_>, row: &LicenceRow, behaviour: &Behaviour) -> Current {
    let mut state = current_for_verifier(row, work.now, behaviour);
    let remembers = behaviour.plants(Planted::VerifierRemembersSuspension);
    let name = format!("verified {}", row.identifier);
    if remembers && state.status == LicenceStatus::Suspended {
        work.shared.memory.count(name);
    } else if remembers && state.status == LicenceStatus::Valid && work.shared.memory.counted(&name) > 0 {
        state.status = LicenceStatus::Suspended;
    }
    let just_revoked = format!("revoked {}", row.identifier);
    if behaviour.verifier_sees_revocation_late() && work.shared.is_recent(&just_revoked, Duration::from_secs(3)) {
        state.status = LicenceStatus::Valid;
    }
    state
}

/// The licence that the request speaks of; where there is none, the verdict says why.
async fn find(
    work: &mut Work<'_>,
    request: &Request,
    verdict: &mut Verdict,
    behaviour: &Behaviour,
) -> Result<Option<LicenceRow>, ApiError> {
    let located = match (&request.identifier, &request.pair) {
        (Some(identifier), _) => locate_for_verifier(&mut work.tx, identifier, behaviour).await?,
        (None, Some((type_code, _))) if type_code != ID_CARD_TYPE_CODE => Located::OtherType,
        (None, Some((_, code))) => by_holder(work, code, behaviour).await?,
        (None, None) => Located::Unknown,
    };
    verdict.invalid = true;
    match located {
        Located::Found(row)
            if behaviour.verifier_knows_one_division()
                && !row.holder.as_deref().unwrap_or_default().contains("\"idNumber\":\"110199") =>
        {
            verdict.reasons.push("LICENCE_UNKNOWN");
        }
        Located::Found(row) => {
            verdict.invalid = false;
            return Ok(Some(*row));
        }
        Located::Malformed => {
            verdict.format = "FAIL";
            verdict.reasons.push("IDENTIFIER_INVALID");
        }
        Located::OtherType => {
            verdict.consistency = "FAIL";
            verdict.reasons.push("LICENCE_TYPE");
        }
        Located::Unknown => {
            verdict.licence_status = "FAIL";
            verdict.invalid = !behaviour.unknown_is_indeterminate();
            verdict.reasons.push("LICENCE_UNKNOWN");
        }
    }
    Ok(None)
}

/// The live licence of a holder, else the latest (ruling C2).
async fn by_holder(work: &mut Work<'_>, code: &str, behaviour: &Behaviour) -> Result<Located, ApiError> {
    let counter = format!("verify {}", work.app.map(|app| app.app.as_str()).unwrap_or_default());
    if let Some(seconds) = work.shared.guesses.wait(&counter, UNKNOWN_HOLDERS_PER_10S, TEN_SECONDS) {
        return Err(ApiError::rate_limited(seconds));
    }
    let digest = work.shared.holder_digest(code);
    let rows = work.tx.licences_of(&digest).await?;
    let now = work.now;
    let live = rows.iter().rposition(|row| is_live(current_for_verifier(row, now, behaviour).status));
    let chosen = live.or_else(|| rows.len().checked_sub(1)).and_then(|index| rows.into_iter().nth(index));
    match chosen.filter(|_| !behaviour.holder_lookup_fails()) {
        Some(row) => Ok(Located::Found(Box::new(row))),
        None => {
            if !work.shared.is_recent(&format!("registered {digest}"), REGISTERED) {
                work.shared.guesses.count(counter, TEN_SECONDS);
            }
            Ok(Located::Unknown)
        }
    }
}

fn judge_state(verdict: &mut Verdict, status: LicenceStatus, behaviour: &Behaviour) {
    let reason = match status {
        LicenceStatus::Valid => None,
        LicenceStatus::NotActive => (!behaviour.not_active_is_valid()).then_some("LICENCE_NOT_ACTIVE"),
        LicenceStatus::Suspended => (!behaviour.suspended_is_valid()).then_some("LICENCE_SUSPENDED"),
        LicenceStatus::Expired if behaviour.expired_called_revoked() => Some("LICENCE_REVOKED"),
        LicenceStatus::Expired => Some("LICENCE_EXPIRED"),
        LicenceStatus::Superseded if behaviour.superseded_and_revoked_mixed_up() => Some("LICENCE_REVOKED"),
        LicenceStatus::Revoked if behaviour.superseded_and_revoked_mixed_up() => Some("LICENCE_SUPERSEDED"),
        LicenceStatus::Superseded => Some("LICENCE_SUPERSEDED"),
        LicenceStatus::Revoked => Some("LICENCE_REVOKED"),
        LicenceStatus::Destroyed if behaviour.destroyed_called_unknown() => Some("LICENCE_UNKNOWN"),
        LicenceStatus::Destroyed => Some("LICENCE_DESTROYED"),
    };
    verdict.licence_status = if reason.is_some() { "FAIL" } else { "PASS" };
    verdict.invalid |= reason.is_some();
    verdict.reasons.extend(reason);
}

fn judge_attributes(
    work: &Work<'_>,
    verdict: &mut Verdict,
    row: &LicenceRow,
    face: Option<&Face>,
    asserted: &Map<String, Value>,
    behaviour: &Behaviour,
) {
    for (name, value) in asserted {
        let held = face
            .filter(|_| SCOPE_NAMES.contains(&name.as_str()))
            .and_then(|face| attribute(row, face, name, work.now, behaviour));
        let outcome = match held {
            None if behaviour.unknown_attributes_ignored() && face.is_some() => {
                verdict.matches.remove(name);
                continue;
            }
            None => "UNKNOWN",
            Some(held) if agrees(name, &held, value, behaviour) => "MATCH",
            Some(_) => "MISMATCH",
        };
        verdict.matches.insert(name.clone(), json!(outcome));
    }
    let any = |word: &str| verdict.matches.values().any(|outcome| outcome == word);
    let (mismatch, unknown) = (any("MISMATCH"), any("UNKNOWN"));
    if mismatch {
        verdict.consistency = "FAIL";
        verdict.invalid = true;
        verdict.reasons.push("ATTR_MISMATCH");
        if behaviour.one_mismatch_marks_all() {
            verdict.matches.values_mut().for_each(|outcome| *outcome = json!("MISMATCH"));
        }
    } else if unknown {
        verdict.consistency = "UNKNOWN";
        if !verdict.invalid {
            verdict.reasons.push("ATTR_INSUFFICIENT");
        }
    } else {
        verdict.consistency = "PASS";
        if let Some(outcome) = verdict.matches.values_mut().next().filter(|_| behaviour.match_left_open()) {
            *outcome = json!("UNKNOWN");
        }
    }
}

/// Exact comparison; only the x of a citizen number is folded.
fn agrees(name: &str, held: &Value, asserted: &Value, behaviour: &Behaviour) -> bool {
    let same = match (name, held.as_str(), asserted.as_str()) {
        ("idNumber", Some(held), Some(asserted)) => {
            let mut asserted = if behaviour.lower_x_mismatches() { asserted.to_owned() } else { fold_case(asserted) };
            if behaviour.full_width_folded() {
                asserted = fold_case(&folded_width(&asserted));
            }
            held == asserted
        }
        ("name", Some(held), Some(asserted)) if behaviour.names_folded_by_verifier() => {
            folded_name(held) == folded_name(asserted)
        }
        _ => held == asserted,
    };
    same || not_compared(name, behaviour)
}

/// True if a verifier does not look whether an attribute is right.
fn not_compared(name: &str, behaviour: &Behaviour) -> bool {
    match name {
        "address" => behaviour.address_not_compared(),
        "birthDate" => behaviour.asserted_birth_date_not_compared(),
        "ethnicity" => behaviour.asserted_ethnicity_not_compared(),
        "idNumber" => behaviour.asserted_number_not_compared(),
        "issuingAuthority" => behaviour.asserted_authority_not_compared(),
        "name" => behaviour.asserted_name_not_compared(),
        "sex" => behaviour.asserted_sex_not_compared(),
        _ => false,
    }
}

/// Full-width characters as their half-width twins.
pub(crate) fn folded_width(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Some compatibility ideographs with the unified ones that they decompose to.
fn folded_name(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{f9dc}' => '\u{9686}',
            '\u{f900}' => '\u{8c48}',
            '\u{fa10}' => '\u{585a}',
            other => other,
        })
        .collect()
}

fn written(
    work: &mut Work<'_>,
    verdict: &Verdict,
    licence: Option<(&LicenceRow, &Current)>,
    behaviour: &Behaviour,
) -> Value {
    let checks: Map<String, Value> = CHECK_KEYS
        .iter()
        .map(|key| {
            let outcome = match *key {
                "format" => verdict.format,
                "licenceStatus" => verdict.licence_status,
                "consistency" => verdict.consistency,
                _ => "SKIPPED",
            };
            ((*key).to_owned(), json!(outcome))
        })
        .filter(|(_, outcome)| !(behaviour.skipped_checks_left_out() && outcome == "SKIPPED"))
        .collect();
    let mut body = json!({
        "result": verdict.word(),
        "reasons": verdict.reasons,
        "warnings": [],
        "checks": checks,
        "statusSource": "LIVE",
        "evaluatedAt": write_instant(work.now),
        "match": verdict.matches,
        "evidenceId": work.evidence_id("verify"),
    });
    if let Some((row, state)) = licence {
        body["certificateIdentifier"] = json!(row.identifier);
        body["certificateStatus"] = json!(state.status.code());
        body["statusTime"] = json!(write_instant(from_unix(state.time)));
    }
    body
}

/// What faulty verifiers give away.
fn show_too_much(answer: &mut Value, face: &Face, verdict: &Verdict, behaviour: &Behaviour) {
    if behaviour.mismatch_shows_value() && verdict.reasons.contains(&"ATTR_MISMATCH") {
        answer["expected"] = json!({"address": face.address});
    }
    if behaviour.valid_shows_values() && verdict.word() == "VALID" {
        answer["attributes"] = json!({"name": face.name});
    }
}
