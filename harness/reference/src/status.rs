//! Operation 5: the state of a licence, without a word about its holder. Anonymous.

use std::time::Duration;

use ecric_licence::instant::write_instant;
use ecric_licence::signed_json::{STATUS, sign};
use ecric_model::binding::{ErrorCode, LicenceStatus};
use serde_json::{Value, json};

use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::face::Face;
use crate::files::status_list::status_ref;
use crate::life::{begins, current};
use crate::operation::{Reply, Work};
use crate::planted::Planted;

/// How long an answer may be relied on, minutes.
const NEXT_UPDATE: i64 = 10;

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let row = work.licence().await?;
    let behaviour = work.behaviour();
    let mut state = current(&row, work.now, behaviour);
    if behaviour.plants(Planted::StatusCachedOverReissue) {
        state = work.shared.memory.state_or(&row.identifier, state);
    }
    if state.status == LicenceStatus::Valid
        && state.version > 1
        && let Some(first) = begins(&row)
        && behaviour.plants(Planted::RestoredTellsFirstDay)
    {
        state.time = first;
    }
    let mut status = state.status;
    let just_revoked = format!("revoked {}", row.identifier);
    if behaviour.revocation_shows_late() && work.shared.is_recent(&just_revoked, Duration::from_secs(3)) {
        status = LicenceStatus::Valid;
    }
    let word = if behaviour.status_word_active() && status == LicenceStatus::Valid { "ACTIVE" } else { status.code() };
    if behaviour.destroyed_status_is_404() && status == LicenceStatus::Destroyed {
        return Err(ApiError::new(ErrorCode::NotFound, "no such licence"));
    }
    let lower;
    let word = if behaviour.states_in_lower_case() && status != LicenceStatus::Valid {
        lower = word.to_ascii_lowercase();
        &lower
    } else {
        word
    };
    let tag = if behaviour.etag_constant() { "\"0\"".to_owned() } else { format!("\"{}\"", state.version) };
    let unchanged = work.if_none_match.as_deref() == Some(tag.as_str()) && !behaviour.etag_never();
    let headers = vec![("etag", tag)];
    if unchanged {
        return Ok(Reply::plain(304, None, headers));
    }
    let mut body = json!({
        "certificateIdentifier": row.identifier,
        "certificateStatus": word,
        "statusVersion": state.version,
        "statusTime": write_instant(from_unix(state.time)),
        "statusRef": status_ref(work.shared, &row),
        "thisUpdate": write_instant(work.now),
        "nextUpdate": write_instant(work.now.checked_add(time::Duration::minutes(NEXT_UPDATE)).unwrap_or(work.now)),
    });
    let twice = format!("status of {}", row.identifier);
    if behaviour.members_vanish() {
        if work.shared.is_recent(&twice, Duration::from_secs(3)) {
            body.as_object_mut().map(|members| members.shift_remove("statusRef"));
        }
        work.shared.note_recent(twice);
    }
    if let Some(reason) = &state.reason {
        body["reason"] = json!(reason);
    }
    if behaviour.status_carries_name() {
        let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
        body["certificateHolderName"] = face.map_or(Value::Null, |face| json!(face.name));
    }
    if behaviour.status_carries_digest() {
        let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let digest = face.map(|face| ecric_gm::legacy::md5(face.id_number.as_bytes()));
        body["holderKey"] = digest.map_or(Value::Null, |digest| json!(ecric_gm::encoding::hex(&digest)));
    }
    if let Some(members) = body.as_object_mut()
        && !behaviour.status_unsigned()
    {
        let signer =
            if behaviour.status_signed_by_issuer() { &work.shared.pki.issuer } else { &work.shared.pki.status };
        sign(STATUS, members, &signer.certificate.kid(), &signer.key)
            .map_err(|_| ApiError::new(ErrorCode::Internal, "internal error"))?;
    }
    Ok(Reply::plain(200, Some(body), headers))
}
