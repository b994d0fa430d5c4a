//! Operation 17: the holder shows the licence. One code, at most 60 s, for one party, with what was approved.

use ecric_gm::encoding::{b64url, from_b64url, hex};
use ecric_licence::code::{Scene, Scope};
use ecric_licence::instant::write_instant;
use ecric_model::binding::{Decision, ErrorCode, LicenceStatus, PresentMode, UseKind};
use serde_json::{Map, Value, json};

use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::face::Face;
use crate::loader::code::{self, Draft};
use crate::loader::request::{self, Asked};
use crate::loader::{Told, device, draw, holder, licence_now, loaded, note_use, read_scopes, still_there, valued};
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::store::licences::LicenceRow;
use crate::store::loaded::{CodeRow, CodeState, LoadedRow};

/// Life of a code, seconds.
const LIFE_S: i64 = 60;

struct Request {
    loaded_id: String,
    asked: Option<Asked>,
    decision: Option<Decision>,
    approved: Vec<&'static str>,
    confirmed: Vec<&'static str>,
    auth: Option<holder::HolderAuth>,
    proof: Option<Value>,
    /// The body without `holderAuth` and `deviceProof`: what the device signs.
    signed: Map<String, Value>,
}

/// The request, and what is wrong with its form.
fn read(work: &Work<'_>) -> (Request, Result<(), ApiError>) {
    let faults = Faults::default();
    let request = read_members(work, &faults);
    (request, faults.finish())
}

fn read_members(work: &Work<'_>, faults: &Faults) -> Request {
    let reader = Reader::root(&work.body, faults);
    let loaded_id = reader.text("loadedLicenceId").unwrap_or_default().to_owned();
    let asked = request::read(&reader, work);
    let decision = reader.text("decision").and_then(|word| {
        let decision = Decision::parse(word);
        if decision.is_none() {
            reader.fault("decision", "neither APPROVE nor DENY");
        }
        decision
    });
    let approved = read_scopes(&reader, "approvedAttributes");
    let confirmed = match reader.value("confirmedAttributes") {
        Some(_) => read_scopes(&reader, "confirmedAttributes"),
        None => Vec::new(),
    };
    match reader.text("mode").map(PresentMode::parse) {
        Some(None) => reader.fault("mode", "neither ONLINE nor OFFLINE"),
        Some(Some(PresentMode::Offline)) => reader.fault("mode", "OFFLINE is for the device itself"),
        Some(Some(PresentMode::Online)) | None => {}
    }
    let auth = holder::read(&reader);
    let proof = reader.object_opt("deviceProof").map(|proof| Value::Object(proof.members().clone()));
    let own = |name: &str| name != "holderAuth" && name != "deviceProof";
    let signed =
        work.body.iter().filter(|(name, _)| own(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    Request { loaded_id, asked, decision, approved, confirmed, auth, proof, signed }
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let (request, form) = read(work);
    // A form that does not even name a loaded licence cannot be in anybody's log.
    if let (Err(error), true) = (&form, request.loaded_id.is_empty()) {
        return Err(error.clone());
    }
    let row = match (loaded(work, &request.loaded_id).await, &form) {
        (Ok(row), _) => row,
        (Err(_), Err(error)) => return Err(error.clone()),
        (Err(error), Ok(())) => return Err(error),
    };
    work.audit.attributes = serde_json::to_string(&request.approved).unwrap_or_default();
    let done = match form {
        Ok(()) => present(work, &request, &row).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(Shown::Denied) => {
            note(work, &request, &row, "OK").await?;
            denied(work, &request, &row).await
        }
        Ok(Shown::Code(draft)) => {
            let entry = note(work, &request, &row, "OK").await?;
            give(work, &request, &row, &draft, entry).await
        }
        Err(error) => {
            note(work, &request, &row, error.code.code()).await?;
            Err(error)
        }
    }
}

async fn note(work: &mut Work<'_>, request: &Request, row: &LoadedRow, result: &str) -> Result<String, ApiError> {
    let asked = request.asked.as_ref();
    let mut attributes: Vec<String> = request.approved.iter().map(|scope| (*scope).to_owned()).collect();
    if work.behaviour().loading.log_tells_values()
        && let Some(face) = face_of(work, &row.identifier).await?
    {
        attributes.push(face.name);
    }
    let told = Told {
        audience: asked.map(|asked| asked.audience.clone()),
        audience_name: asked.map(|asked| asked.audience_name.clone()),
        scene: asked.map(|asked| asked.scene.word().to_owned()),
        stated_use: asked.map(|asked| asked.stated_use.clone()),
        attributes,
        decision: request.decision.map(Decision::code),
    };
    note_use(work, UseKind::Present, (&row.id, &row.holder_digest), told, result).await
}

async fn face_of(work: &mut Work<'_>, identifier: &str) -> Result<Option<Face>, ApiError> {
    let row = work.tx.licence(identifier).await?;
    Ok(row.and_then(|row: LicenceRow| serde_json::from_str(row.holder.as_deref()?).ok()))
}

enum Shown {
    Denied,
    Code(Vec<&'static str>),
}

/// Whether the licence may be shown, and with what.
async fn present(work: &mut Work<'_>, request: &Request, row: &LoadedRow) -> Result<Shown, ApiError> {
    let behaviour = work.shared.behaviour.loading.clone();
    still_there(row)?;
    holder::authenticate(work, request.auth.as_ref(), &row.holder_digest, &row.device_id).await?;
    let key = device::stored_key(&row.device_key);
    let proven = match (&request.proof, &key) {
        (Some(proof), Some(key)) => device::proves(&request.signed, proof, &key.key) || behaviour.proof_of_any_key(),
        (None, Some(_)) => behaviour.proof_optional(),
        (_, None) => false,
    };
    if !proven {
        return Err(device::refused());
    }
    let Some((_, state)) = licence_now(work, &row.identifier).await? else {
        return Err(ApiError::new(ErrorCode::Gone, "the licence is no more"));
    };
    let revoked_too = behaviour.present_of_revoked() && state.status == LicenceStatus::Revoked;
    if state.status != LicenceStatus::Valid && !revoked_too {
        return Err(ApiError::new(ErrorCode::StateConflict, "the licence is not VALID"));
    }
    if request.decision == Some(Decision::Deny) && !behaviour.denial_gives_code() {
        return Ok(Shown::Denied);
    }
    granted(request, &behaviour).map(Shown::Code)
}

/// The scopes that the code grants.
fn granted(request: &Request, behaviour: &crate::behaviour::Loading) -> Result<Vec<&'static str>, ApiError> {
    let approved = valued(&request.approved);
    let allowed: Vec<&str> = match &request.asked {
        Some(asked) => asked.scopes.clone(),
        None => Scope::BEARER.names(),
    };
    if approved.iter().any(|scope| !allowed.contains(scope)) && !behaviour.scope_beyond_request() {
        return Err(ApiError::field(ErrorCode::ScopeExceeded, "approvedAttributes", "beyond the request"));
    }
    let asked = request.asked.as_ref().map(|asked| asked.scopes.clone()).unwrap_or_default();
    if approved.is_empty() && !valued(&asked).is_empty() && !behaviour.scope_by_default() {
        return Err(ApiError::new(ErrorCode::ConsentRequired, "nothing was approved"));
    }
    let photo = approved.contains(&"photo") && !request.confirmed.contains(&"photo");
    if photo && !behaviour.photo_without_confirmation() {
        return Err(ApiError::new(ErrorCode::ConsentRequired, "the portrait was not confirmed by itself"));
    }
    let whole = behaviour.grants_whole_request() || (behaviour.scope_by_default() && approved.is_empty());
    Ok(if whole && !asked.is_empty() { valued(&asked) } else { approved })
}

async fn denied(work: &mut Work<'_>, request: &Request, row: &LoadedRow) -> Result<Reply, ApiError> {
    let _ = request;
    let mut body = json!({"denied": true});
    if work.behaviour().loading.denial_tells_name()
        && let Some(face) = face_of(work, &row.identifier).await?
    {
        body["holderName"] = json!(face.name);
    }
    Ok(Reply::ok(body))
}

/// Makes the code; an earlier one that was not redeemed stops working.
async fn give(
    work: &mut Work<'_>,
    request: &Request,
    row: &LoadedRow,
    scopes: &[&'static str],
    entry_id: String,
) -> Result<Reply, ApiError> {
    let behaviour = work.shared.behaviour.loading.clone();
    let asked = request.asked.as_ref();
    let cti = draw(work, "cti").await?;
    let mut reference = draw(work, "ref").await?;
    if behaviour.code_reference_stable() {
        reference = work.shared.seal(&format!("stable {}", row.identifier));
    }
    if behaviour.code_holds_name()
        && let Some(face) = face_of(work, &row.identifier).await?
    {
        reference = [0; 16];
        for (place, byte) in reference.iter_mut().zip(face.name.bytes()) {
            *place = byte;
        }
    }
    let issued = work.now.unix_timestamp();
    let expires = issued + if behaviour.code_lives_90_s() { 90 } else { LIFE_S };
    let nonce = asked.and_then(|asked| from_b64url(&asked.nonce).ok());
    let draft = Draft {
        issued,
        expires,
        cti,
        reference,
        scopes,
        audience: asked.map(|asked| asked.audience.as_str()).filter(|_| !behaviour.code_without_audience()),
        scene: asked.map_or(Scene::Other, |asked| asked.scene),
        nonce: nonce.as_deref(),
    };
    let pki = &work.shared.pki;
    let key = if behaviour.code_signed_by_another() { &pki.status.key } else { &pki.loader.key };
    let text =
        code::write(&draft, &pki.loader, key).ok_or_else(|| ApiError::new(ErrorCode::Internal, "internal error"))?;
    if !behaviour.codes_pile_up() {
        work.tx.replace_codes_of(&row.id).await?;
    }
    let kept = CodeRow {
        cti: hex(&cti),
        loaded_id: row.id.clone(),
        entry_id,
        reference: hex(&reference),
        granted: serde_json::to_string(scopes).unwrap_or_default(),
        audience: asked.map(|asked| asked.audience.clone()).unwrap_or_default(),
        nonce: asked.map(|asked| asked.nonce.clone()).unwrap_or_default(),
        expires,
        state: CodeState::Open,
    };
    work.tx.insert_code(&kept).await?;
    if behaviour.response_uri_called()
        && let Some(uri) = asked.and_then(|asked| asked.response_uri.clone())
    {
        work.shared.fetcher.call(&uri).await;
    }
    Ok(Reply::created(json!({
        "code": text,
        "codeId": b64url(&cti),
        "issuedAt": write_instant(from_unix(issued)),
        "expiresAt": write_instant(from_unix(expires)),
        "grantedAttributes": scopes,
    })))
}
