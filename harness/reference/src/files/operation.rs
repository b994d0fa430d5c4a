//! Operation 4: the file of a licence, as original or annotated copy, inline or behind a one-time link.

use ecric_gm::encoding::b64;
use ecric_gm::sm3;
use ecric_licence::instant::write_instant;
use ecric_licence::layout::MIME;
use ecric_model::binding::{ErrorCode, LicenceStatus};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::make::{CopyRequest, copy, original};
use crate::errors::ApiError;
use crate::face::Face;
use crate::issue::read_format;
use crate::life::current;
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::stated_use::read_use;

/// How long a faulty server keeps the original that it gave to somebody.
const CACHED: std::time::Duration = std::time::Duration::from_secs(60);

struct Request {
    copy: Option<CopyRequest>,
    url: bool,
}

fn read(work: &mut Work<'_>) -> Result<Request, ApiError> {
    let faults = Faults::default();
    let body = std::mem::take(&mut work.body);
    let reader = Reader::root(&body, &faults);
    if let Some(format) = reader.text("format") {
        read_format(&faults, "format", format, work.behaviour());
    }
    let defaults = work.behaviour().delivery_defaults() && reader.value("delivery").is_none();
    let delivery = if defaults { "INLINE" } else { reader.text("delivery").unwrap_or_default() };
    if !["INLINE", "URL"].contains(&delivery) && reader.value("delivery").is_some() {
        reader.fault("delivery", "neither INLINE nor URL");
    }
    let copy = reader.object_opt("copy").map(|copy| {
        let stated = read_use(&copy, work.behaviour());
        let cause = copy
            .object_opt("use")
            .and_then(|stated| stated.text_opt("certificateCopyCause").map(str::to_owned))
            .unwrap_or_default();
        let expiring = copy.instant_opt("certificateCopyExpiringTime");
        if expiring.is_some_and(|at| at < work.now) && !work.behaviour().copy_expiry_in_past_accepted() {
            copy.fault("certificateCopyExpiringTime", "before now");
        }
        (stated, CopyRequest { cause, created: work.now, expiring })
    });
    let url = delivery == "URL";
    faults.finish()?;
    let (stated, copy) = copy.unzip();
    work.audit.stated_use = stated.flatten();
    Ok(Request { copy, url })
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let mut request = read(work)?;
    let behaviour = work.shared.behaviour.clone();
    let fetched = format!("original {}", work.id);
    let cached = behaviour.originals_cached_for_everyone() && work.shared.is_recent(&fetched, CACHED);
    let entitled = work.app.is_some_and(|app| app.full_rights) || behaviour.original_for_everyone() || cached;
    if behaviour.tags_before_rights() && work.if_none_match.is_some() {
        return Ok(Reply::plain(304, None, Vec::new()));
    }
    if request.copy.is_none() && !entitled {
        return Err(ApiError::new(ErrorCode::Forbidden, "not entitled to originals"));
    }
    let row = work.licence().await?;
    let state = current(&row, work.now, &behaviour);
    let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let Some(face) = face.filter(|_| state.status != LicenceStatus::Destroyed) else {
        return Err(ApiError::new(ErrorCode::Destroyed, "the licence has been destroyed"));
    };
    if behaviour.copy_is_original() {
        request.copy = None;
    }
    let bytes = match &request.copy {
        Some(wanted) => copy(&work.shared.pki, &row, &face, wanted, &behaviour)?,
        None => {
            let mut row = row;
            if behaviour.original_resigned_each_time() {
                row.signed_at = work.now.unix_timestamp() - i64::from(work.now.nanosecond() % 1000);
            }
            work.shared.note_recent(fetched);
            original(&work.shared.pki, &row, &face, &behaviour)?
        }
    };
    let mut answer = described(&bytes, &behaviour);
    if let Some(copy) = &request.copy {
        answer.insert("certificateCopyCreationTime".to_owned(), json!(write_instant(copy.created)));
    }
    let number = if behaviour.links_carry_number() { format!("?holder={}", face.id_number) } else { String::new() };
    deliver(work, &mut answer, bytes, request.url.then_some(number.as_str()));
    Ok(Reply::ok(Value::Object(answer)))
}

fn described(bytes: &[u8], behaviour: &crate::behaviour::Behaviour) -> Map<String, Value> {
    let digest = if behaviour.file_sm3_wrong() { sm3::digest_hex(b"other") } else { sm3::digest_hex(bytes) };
    let mut answer = Map::new();
    answer.insert("mime".to_owned(), json!(MIME));
    answer.insert("size".to_owned(), json!(bytes.len()));
    answer.insert("sm3".to_owned(), json!(digest));
    answer
}

/// Delivers bytes: behind a link with this query, or inline.
fn deliver(work: &Work<'_>, answer: &mut Map<String, Value>, bytes: Vec<u8>, link: Option<&str>) {
    if let Some(query) = link {
        let expires = work.now + time::Duration::seconds(work.behaviour().manners.url_ttl_s());
        let token = work.shared.downloads.put(work.shared, bytes, expires);
        answer.insert("contentType".to_owned(), json!("url"));
        answer.insert("content".to_owned(), json!(format!("http://{}/v1/files/{token}{query}", work.host)));
        answer.insert("urlExpiresAt".to_owned(), json!(write_instant(expires)));
    } else {
        answer.insert("contentType".to_owned(), json!("base64"));
        answer.insert("content".to_owned(), json!(b64(&bytes)));
    }
}

/// `files` of operations 2 and 8.
pub(crate) fn listed(
    work: &Work<'_>,
    row: &crate::store::licences::LicenceRow,
    face: &Face,
) -> Result<Value, ApiError> {
    let bytes = original(&work.shared.pki, row, face, work.behaviour())?;
    let mut file = described(&bytes, work.behaviour());
    file.remove("mime");
    file.insert("format".to_owned(), json!("ofd"));
    Ok(json!([file]))
}

/// When a licence is signed: the moment it is entered.
pub(crate) fn signing_moment(now: OffsetDateTime) -> i64 {
    now.unix_timestamp()
}
