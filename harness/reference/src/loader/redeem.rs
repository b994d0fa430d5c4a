//! Operation 18: a code becomes attributes, once, for the party it was made for, with the status of now.
//! One transaction reads the status and spends the code: attributes never leave with a licence that is not VALID.

use std::time::Duration;

use ecric_gm::encoding::{b64url, from_hex, hex};
use ecric_licence::instant::write_instant;
use ecric_licence::signed_json::{EVIDENCE, sign};
use ecric_model::binding::{BindingState, ErrorCode, LicenceStatus, UseKind};
use serde_json::{Map, Value, json};

use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::face::Face;
use crate::life::Current;
use crate::loader::code::{self, ReadFault};
use crate::loader::{Told, UNKNOWN_CODES_PER_10S, later, licence_now, note_use, read_scopes};
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::record::attribute;
use crate::stated_use::read_use;
use crate::store::licences::LicenceRow;
use crate::store::loaded::{CodeRow, CodeState, LoadedState};

/// Allowed difference of clocks at the end of a code, seconds.
const SKEW_S: i64 = 30;
/// Life of the evidence, seconds.
const EVIDENCE_S: i64 = 300;
/// Window of the counter of unknown codes.
const WINDOW: Duration = Duration::from_secs(10);

struct Request {
    code: String,
    audience: String,
    nonce: Option<String>,
    wanted: Vec<&'static str>,
    stated_use: Option<String>,
}

fn read(work: &Work<'_>) -> Result<Request, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let request = Request {
        code: reader.text_within("code", 4_096).unwrap_or_default().to_owned(),
        audience: reader.text_within("audience", 64).unwrap_or_default().to_owned(),
        nonce: reader.text_opt("nonce").map(str::to_owned),
        wanted: read_scopes(&reader, "wanted"),
        stated_use: read_use(&reader, work.behaviour()),
    };
    faults.finish()?;
    Ok(request)
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let request = read(work)?;
    work.audit.stated_use.clone_from(&request.stated_use);
    work.audit.attributes = serde_json::to_string(&request.wanted).unwrap_or_default();
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    let code = match find(work, &request).await? {
        Some(code) => code,
        None => return Err(unknown(work, &app)),
    };
    let Some(row) = work.tx.loaded(&code.loaded_id).await? else { return Err(unknown(work, &app)) };
    work.audit.identifier = Some(row.identifier.clone());
    work.audit.holder_digest = Some(row.holder_digest.clone());
    let bound = row.state == LoadedState::Active || work.behaviour().loading.code_survives_unload();
    let done = redeem(work, &request, &code, &row.identifier, bound).await;
    let result = done.as_ref().map_or_else(|error| error.code.code(), |_| "OK");
    let told = Told {
        audience: Some(request.audience.clone()),
        stated_use: request.stated_use.clone(),
        attributes: request.wanted.iter().map(|scope| (*scope).to_owned()).collect(),
        ..Told::default()
    };
    note_use(work, UseKind::Redeem, (&row.id, &row.holder_digest), told, result).await?;
    done
}

async fn find(work: &mut Work<'_>, request: &Request) -> Result<Option<CodeRow>, ApiError> {
    match code::read(&request.code, &work.shared.pki.loader, &work.shared.behaviour.loading) {
        Ok(cti) => Ok(work.tx.code(&hex(&cti)).await?),
        Err(ReadFault::Foreign) => Ok(None),
        Err(ReadFault::Malformed) => Err(ApiError::invalid("code", "not a presentation code")),
    }
}

/// 404 for a code that nobody made here; 429 once there were too many of them.
fn unknown(work: &Work<'_>, app: &str) -> ApiError {
    let counter = format!("codes {app}");
    if !work.behaviour().loading.unknown_codes_unlimited()
        && let Some(seconds) = work.shared.guesses.wait(&counter, UNKNOWN_CODES_PER_10S, WINDOW)
    {
        return ApiError::rate_limited(seconds);
    }
    work.shared.guesses.count(counter, WINDOW);
    ApiError::new(ErrorCode::NotFound, "no such code")
}

/// Whether the code may be redeemed by this caller now.
async fn allowed(work: &mut Work<'_>, request: &Request, code: &CodeRow) -> Result<(), ApiError> {
    let behaviour = work.shared.behaviour.loading.clone();
    let organisation = work.app.map(|app| app.organisation.clone()).unwrap_or_default();
    let meant = code.audience.is_empty() || code.audience == request.audience;
    if !(behaviour.any_audience_redeems() || (meant && organisation == request.audience)) {
        if behaviour.foreign_redeem_burns() {
            work.tx.set_code_state(&code.cti, CodeState::Used).await?;
        }
        return Err(ApiError::new(ErrorCode::Forbidden, "the code was made for another party"));
    }
    match code.state {
        CodeState::Used if !behaviour.redeem_twice() => {
            return Err(ApiError::new(ErrorCode::CodeUsed, "the code was redeemed before"));
        }
        CodeState::Replaced => return Err(ApiError::new(ErrorCode::CodeExpired, "a newer code took its place")),
        CodeState::Withdrawn if !behaviour.withdrawal_ignored() => {
            return Err(ApiError::new(ErrorCode::Gone, "the holder withdrew the consent"));
        }
        CodeState::Open | CodeState::Used | CodeState::Withdrawn => {}
    }
    if work.now.unix_timestamp() > code.expires + SKEW_S && !behaviour.expired_code_redeems() {
        return Err(ApiError::new(ErrorCode::CodeExpired, "the code has expired"));
    }
    let nonce = request.nonce.as_deref().unwrap_or_default();
    if code.nonce != nonce && !code.nonce.is_empty() && !behaviour.nonce_unchecked() {
        return Err(ApiError::invalid("nonce", "not the nonce of the request"));
    }
    Ok(())
}

async fn redeem(
    work: &mut Work<'_>,
    request: &Request,
    code: &CodeRow,
    identifier: &str,
    bound: bool,
) -> Result<Reply, ApiError> {
    let behaviour = work.shared.behaviour.loading.clone();
    allowed(work, request, code).await?;
    let before = licence_now(work, identifier).await?;
    if behaviour.redeem_pauses() {
        work.tx.pause(Duration::from_millis(25)).await?;
    }
    work.tx.set_code_state(&code.cti, CodeState::Used).await?;
    let gone = || ApiError::new(ErrorCode::Gone, "the licence is no more");
    let (row, state) = before.ok_or_else(gone)?;
    let valid = state.status == LicenceStatus::Valid || behaviour.redeem_of_suspended();
    let attributes = if valid && bound { attributes(work, request, code, &row) } else { Map::new() };
    let mut answered = state.clone();
    if behaviour.redeem_splits() {
        // The faulty server reads the status once more, outside the transaction that took the attributes.
        work.tx.pause(Duration::from_millis(25)).await?;
        answered = licence_now(work, identifier).await?.ok_or_else(gone)?.1;
    }
    let evidence = evidence(work, request, code, &attributes, &answered, bound)?;
    Ok(Reply::ok(json!({
        "attributes": attributes,
        "certificateStatus": answered.status.code(),
        "statusTime": write_instant(from_unix(answered.time)),
        "codeId": b64url(&from_hex(&code.cti).unwrap_or_default()),
        "issuerEvidence": evidence,
    })))
}

/// What was granted and wanted.
fn attributes(work: &Work<'_>, request: &Request, code: &CodeRow, row: &LicenceRow) -> Map<String, Value> {
    let behaviour = &work.shared.behaviour;
    let granted: Vec<String> = serde_json::from_str(&code.granted).unwrap_or_default();
    let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let Some(face) = face else { return Map::new() };
    let mut out = Map::new();
    for scope in granted {
        if !request.wanted.iter().any(|wanted| *wanted == scope) && !behaviour.loading.wanted_ignored() {
            continue;
        }
        let value = if scope == "pairwiseId" {
            let party = if behaviour.loading.pairwise_same_everywhere() { "" } else { request.audience.as_str() };
            Some(json!(b64url(&work.shared.seal(&format!("pair {} {party}", row.holder_digest)))))
        } else {
            attribute(row, &face, &scope, work.now, behaviour).map(|value| mask(value, &scope, &face, behaviour))
        };
        if let Some(value) = value {
            out.insert(scope, value);
        }
    }
    if behaviour.loading.uneven_answers() {
        let digest = ecric_gm::sm3::digest(face.id_number.as_bytes());
        let padding = usize::from(digest[0]) * 4 + usize::from(digest[1] % 4);
        out.insert("note".to_owned(), json!("x".repeat(padding)));
    }
    out
}

/// The mask that a faulty loading end shows.
fn mask(value: Value, scope: &str, face: &Face, behaviour: &crate::behaviour::Behaviour) -> Value {
    if scope != "nameMasked" {
        return value;
    }
    if behaviour.loading.mask_shows_surname() {
        return json!(format!("{}**", face.name.chars().next().unwrap_or_default()));
    }
    if behaviour.loading.mask_by_utf16() {
        let last = face.name.encode_utf16().last().unwrap_or_default();
        return json!(format!("*{}", String::from_utf16_lossy(&[last])));
    }
    value
}

/// What the party can show later, signed by the loading end on behalf of the issuer.
fn evidence(
    work: &Work<'_>,
    request: &Request,
    code: &CodeRow,
    attributes: &Map<String, Value>,
    state: &Current,
    bound: bool,
) -> Result<Value, ApiError> {
    let behaviour = &work.shared.behaviour.loading;
    let mut cti = from_hex(&code.cti).unwrap_or_default();
    if behaviour.evidence_of_another_code() {
        cti.reverse();
    }
    let state_of_binding = if bound { BindingState::Active } else { BindingState::Revoked };
    let object = json!({
        "codeId": b64url(&cti),
        "ref": b64url(&from_hex(&code.reference).unwrap_or_default()),
        "audience": request.audience,
        "attributes": attributes,
        "certificateStatus": state.status.code(),
        "statusVersion": state.version,
        "statusTime": write_instant(from_unix(state.time)),
        "bindingState": state_of_binding.code(),
        "issuedAt": write_instant(work.now),
        "exp": later(work, EVIDENCE_S),
    });
    let Value::Object(mut members) = object else { return Ok(Value::Null) };
    if !behaviour.evidence_unsigned() {
        let signer = &work.shared.pki.loader;
        sign(EVIDENCE, &mut members, &signer.certificate.kid(), &signer.key)
            .map_err(|_| ApiError::new(ErrorCode::Internal, "internal error"))?;
    }
    Ok(Value::Object(members))
}
