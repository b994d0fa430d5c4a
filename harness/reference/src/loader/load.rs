//! Operation 16: a licence comes to a device. First call: a challenge. Second call: who holds it, and the
//! proof of the device's key over the challenge.

use ecric_gm::encoding::{b64, b64url};
use ecric_model::binding::{ErrorCode, LicenceStatus, SCOPE_NAMES, UseKind};
use serde_json::{Map, Value, json};

use crate::errors::ApiError;
use crate::life::current;
use crate::loader::device::{self, DeviceKey};
use crate::loader::{Told, draw, draw_uuid, holder, later, note_use};
use crate::naming::{Located, locate};
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::store::licences::LicenceRow;
use crate::store::loaded::{LoadedRow, LoadedState};

/// How long a challenge may be answered, seconds.
const CHALLENGE_S: i64 = 300;
/// How long a loaded licence can be used, seconds: a year.
const LOADED_S: i64 = 365 * 86_400;

struct Request {
    identifier: Option<String>,
    hint: Option<String>,
    device_id: String,
    auth: Option<holder::HolderAuth>,
    key: Option<DeviceKey>,
    proof: Option<Value>,
}

fn read(work: &Work<'_>) -> Result<Request, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let identifier = reader.text_opt("certificateIdentifier").map(str::to_owned);
    let hint = reader.text_opt("holderHint").map(ecric_licence::citizen_number::fold_case);
    if identifier.is_none() && hint.is_none() {
        reader.fault("certificateIdentifier", "missing, and no holderHint");
    }
    let device_id = reader.text_within("deviceId", 64).unwrap_or_default().to_owned();
    let auth = holder::read(&reader);
    let key = reader.text_opt("devicePublicKey").and_then(|text| {
        let key = device::read_key(text);
        if key.is_none() {
            reader.fault("devicePublicKey", "not a point in base64url");
        }
        key
    });
    let proof = reader.object_opt("deviceProof").map(|proof| Value::Object(proof.members().clone()));
    if auth.is_some() && key.is_none() && reader.value("devicePublicKey").is_none() {
        reader.fault("devicePublicKey", "missing");
    }
    faults.finish()?;
    Ok(Request { identifier, hint, device_id, auth, key, proof })
}

async fn find(work: &mut Work<'_>, request: &Request) -> Result<LicenceRow, ApiError> {
    let unknown = || ApiError::new(ErrorCode::NotFound, "no such licence");
    let found = match (&request.identifier, &request.hint) {
        (Some(identifier), _) => match locate(&mut work.tx, identifier, &work.shared.behaviour).await? {
            Located::Found(row) => Some(*row),
            Located::Malformed => {
                return Err(ApiError::invalid("certificateIdentifier", "not a licence identifier"));
            }
            Located::OtherType | Located::Unknown => None,
        },
        (None, Some(code)) => work.tx.licences_of(&work.shared.holder_digest(code)).await?.pop(),
        (None, None) => None,
    };
    let row = found.ok_or_else(unknown)?;
    work.audit.identifier = Some(row.identifier.clone());
    work.audit.holder_digest = Some(row.holder_digest.clone());
    Ok(row)
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let request = read(work)?;
    let row = find(work, &request).await?;
    let Some(auth) = request.auth.clone() else { return challenge(work, &row, &request.device_id).await };
    let digest = row.holder_digest.clone();
    let done = load(work, &row, &request, &auth).await;
    let (id, result) = match &done {
        Ok((id, _)) => (id.clone(), "OK"),
        Err(error) => (String::new(), error.code.code()),
    };
    note_use(work, UseKind::Load, (&id, &digest), Told::default(), result).await?;
    let (id, binding) = done?;
    let available: Vec<&str> = SCOPE_NAMES.into_iter().filter(|name| *name != "photo" || has_photo(&row)).collect();
    Ok(Reply::created(json!({
        "loadedLicenceId": id,
        "deviceBinding": b64(&binding),
        "attributesAvailable": available,
        "expiresAt": later(work, LOADED_S),
    })))
}

fn has_photo(row: &LicenceRow) -> bool {
    row.holder.as_deref().is_some_and(|face| face.contains("\"photo\""))
}

/// 401 with what the device and the holder have to answer.
async fn challenge(work: &mut Work<'_>, row: &LicenceRow, device_id: &str) -> Result<Reply, ApiError> {
    let bytes = [draw(work, "challenge").await?, draw(work, "challenge").await?].concat();
    let text = b64url(&bytes);
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    let kept = work.tx.challenge(&app, &row.identifier, device_id).await?;
    let expires = work.now.unix_timestamp() + CHALLENGE_S;
    if !(work.behaviour().loading.old_challenge_accepted() && kept.is_some()) {
        work.tx.put_challenge(&app, &row.identifier, device_id, &text, expires).await?;
    }
    let mut methods = vec!["PIN"];
    if work.shared.test_mode {
        methods.push("TEST");
    }
    if work.behaviour().loading.challenge_without_methods() {
        methods.clear();
    }
    let error = holder::required();
    let mut body = error.body(&work.audit.request_id);
    body["challenge"] = json!(text);
    body["challengeExpiresAt"] = json!(later(work, CHALLENGE_S));
    body["methods"] = json!(methods);
    Ok(Reply::plain(401, Some(body), Vec::new()))
}

/// Handle and device certificate of the loaded licence.
async fn load(
    work: &mut Work<'_>,
    row: &LicenceRow,
    request: &Request,
    auth: &holder::HolderAuth,
) -> Result<(String, Vec<u8>), ApiError> {
    let behaviour = work.shared.behaviour.loading.clone();
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    holder::authenticate(work, Some(auth), &row.holder_digest, &request.device_id).await?;
    let key = request.key.clone().ok_or_else(device::refused)?;
    let open = work.tx.challenge(&app, &row.identifier, &request.device_id).await?;
    let (challenge, expires) = open.ok_or_else(device::refused)?;
    if expires < work.now.unix_timestamp() {
        return Err(device::refused());
    }
    prove(request, &row.identifier, &challenge, &key, &behaviour)?;
    work.tx.end_challenge(&challenge).await?;
    let state = current(row, work.now, &work.shared.behaviour).status;
    if state != LicenceStatus::Valid && !behaviour.load_of_any_state() {
        return Err(ApiError::new(ErrorCode::StateConflict, "the licence is not VALID"));
    }
    if work.tx.is_key_elsewhere(&key.text, &request.device_id).await? && !behaviour.device_key_shared() {
        return Err(ApiError::new(ErrorCode::StateConflict, "the device key belongs to another device"));
    }
    if !behaviour.old_device_kept() {
        // A licence is on one device: loading it elsewhere ends the earlier binding.
        for old in work.tx.active_loads_of(&row.identifier).await? {
            work.tx.end_loaded(&old.id, LoadedState::Replaced).await?;
        }
    }
    let id = draw_uuid(work, "loaded").await?;
    let loader = &work.shared.pki.loader;
    let bound = if behaviour.binding_of_another_key() { loader.key.public_key() } else { &key.key };
    let binding = device::bind(bound, &request.device_id, loader)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "internal error"))?;
    let loaded = LoadedRow {
        id: id.clone(),
        app,
        identifier: row.identifier.clone(),
        holder_digest: row.holder_digest.clone(),
        device_id: request.device_id.clone(),
        device_key: key.text,
        state: LoadedState::Active,
        loaded_at: work.now.unix_timestamp(),
    };
    work.tx.insert_loaded(&loaded).await?;
    work.shared.note_recent(format!("loaded {}", row.identifier));
    Ok((id, binding))
}

/// The device signs challenge, itself, its key and the licence.
fn prove(
    request: &Request,
    identifier: &str,
    challenge: &str,
    key: &DeviceKey,
    behaviour: &crate::behaviour::Loading,
) -> Result<(), ApiError> {
    let Some(proof) = &request.proof else {
        return if behaviour.proof_optional() { Ok(()) } else { Err(device::refused()) };
    };
    if behaviour.proof_of_any_key() {
        return Ok(());
    }
    let key_text = ecric_gm::encoding::b64url(&key.key.to_uncompressed());
    let signed: Map<String, Value> = [
        ("challenge", json!(challenge)),
        ("deviceId", json!(request.device_id)),
        ("devicePublicKey", json!(key_text)),
        ("certificateIdentifier", json!(identifier)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    if device::proves(&signed, proof, &key.key) { Ok(()) } else { Err(device::refused()) }
}
