//! Operation 9: the directory. Unknown and forbidden look alike; items hold nothing of the holder.

use std::time::Duration;

use ecric_licence::citizen_number::{fold_case, parse_citizen_number};
use ecric_licence::code_lists::{HOLDER_TYPE_CITIZEN, is_holder_type};
use ecric_model::binding::{ErrorCode, LicenceStatus};
use ecric_model::published::ID_CARD_TYPE_CODE;
use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::capabilities::UNKNOWN_HOLDERS_PER_10S;
use crate::errors::ApiError;
use crate::face::Face;
use crate::life::current;
use crate::operation::{Reply, Work};
use crate::paging::{Page, read_page, token};
use crate::planted::Planted;
use crate::reader::{Faults, Reader};
use crate::stated_use::read_use;
use crate::store::licences::LicenceRow;

const SPAN: Duration = Duration::from_secs(10);
/// How long a person of the test controls counts as known.
const REGISTERED: Duration = Duration::from_secs(86_400);

struct Request {
    code: Option<String>,
    /// False if the holder type or the licence type can have no licence here.
    possible: bool,
    states: Vec<LicenceStatus>,
    stated_use: Option<String>,
    page: Page,
    subject: String,
}

fn read(work: &Work<'_>, faults: &Faults) -> Request {
    let behaviour = work.behaviour();
    let reader = Reader::root(&work.body, faults);
    let code = reader.text("certificateHolderCode").map(fold_case);
    let holder_type = reader.text_opt("certificateHolderTypeCode").unwrap_or(HOLDER_TYPE_CITIZEN);
    if !is_holder_type(holder_type) && !behaviour.unknown_holder_types_accepted() {
        reader.fault("certificateHolderTypeCode", "not in the list of holder types");
    }
    let citizen = holder_type == HOLDER_TYPE_CITIZEN;
    if let Some(code) = code.as_deref().filter(|_| citizen && !behaviour.search_number_unchecked())
        && parse_citizen_number(code).is_err()
    {
        reader.fault("certificateHolderCode", "not a citizen number");
    }
    let of_type = reader.text_opt("certificateTypeCode").is_none_or(|code| code == ID_CARD_TYPE_CODE);
    let mut states = Vec::new();
    for (index, word) in reader.texts_opt("status").unwrap_or_default().into_iter().enumerate() {
        match LicenceStatus::parse(word) {
            Some(state) => states.push(state),
            None => faults.add(format!("status[{index}]"), "not a status"),
        }
    }
    if behaviour.status_filter_ignored() {
        states.clear();
    }
    let stated_use = if behaviour.search_use_optional() && reader.value("use").is_none() {
        None
    } else {
        read_use(&reader, behaviour)
    };
    reader.bool_opt("catalogue");
    let subject = format!("search {}", code.as_deref().unwrap_or_default());
    let page = read_page(&reader, work.shared, &subject);
    Request { code, possible: citizen && of_type, states, stated_use, page, subject }
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let faults = Faults::default();
    let request = read(work, &faults);
    faults.finish()?;
    if work.body.get("catalogue") == Some(&Value::Bool(true)) {
        if work.behaviour().undeclared_catalogue() {
            let item = json!({"certificateTypeCode": ID_CARD_TYPE_CODE, "certificateTypeName": "居民身份证电子证照"});
            return Ok(Reply::ok(json!({"items": [item], "nextPageToken": null})));
        }
        return Err(ApiError::new(ErrorCode::NotSupported, "the catalogue is not offered"));
    }
    work.audit.stated_use.clone_from(&request.stated_use);
    let digest = work.shared.holder_digest(request.code.as_deref().unwrap_or_default());
    work.audit.holder_digest = Some(digest.clone());
    let counter = format!("search {}", work.app.map(|app| app.app.as_str()).unwrap_or_default());
    if let Some(seconds) = work.shared.guesses.wait(&counter, UNKNOWN_HOLDERS_PER_10S, SPAN)
        && !work.behaviour().unknown_searches_free()
    {
        return Err(ApiError::rate_limited(seconds));
    }
    let mut rows = if request.possible { work.tx.licences_of(&digest).await? } else { Vec::new() };
    let registered = work.shared.is_recent(&format!("registered {digest}"), REGISTERED);
    if rows.is_empty() && request.possible && !registered {
        work.shared.guesses.count(counter, SPAN);
    }
    let behaviour = &work.shared.behaviour;
    if behaviour.search_ignores_holder() {
        rows = work.tx.newest_licences().await?;
    }
    if behaviour.plants(Planted::SearchMissesThirdVersion) {
        rows.retain(|row| row.version < 3);
    }
    let stored = behaviour.plants(Planted::SearchShowsExpiredAsStored);
    if behaviour.pages_newest_first() {
        rows.reverse();
    }
    if rows.is_empty() && behaviour.search_empty_is_404() {
        return Err(ApiError::new(ErrorCode::NotFound, "no such holder"));
    }
    let items: Vec<Value> = rows
        .iter()
        .map(|row| (row, if stored { row.status } else { current(row, work.now, behaviour).status }))
        .filter(|(_, status)| {
            if request.states.is_empty() {
                !behaviour.search_without_filter_empty()
            } else {
                request.states.contains(status) != behaviour.status_filter_inverted()
            }
        })
        .map(|(row, status)| item(row, status, behaviour))
        .collect();
    Ok(Reply::ok(page_of(&items, &request, work)))
}

fn item(row: &LicenceRow, status: LicenceStatus, behaviour: &Behaviour) -> Value {
    let shown = if behaviour.search_status_always_valid() { LicenceStatus::Valid } else { status };
    let mut item = json!({
        "certificateIdentifier": row.identifier,
        "certificateTypeCode": row.type_code,
        "certificateStatus": shown.code(),
    });
    if behaviour.items_carry_name() {
        let face: Option<Face> = row.holder.as_deref().and_then(|text| serde_json::from_str(text).ok());
        item["certificateHolderName"] = face.map_or(Value::Null, |face| json!(face.name));
    }
    item
}

fn page_of(items: &[Value], request: &Request, work: &Work<'_>) -> Value {
    let Page { size, skip } = request.page;
    let from = if work.behaviour().pages_repeat_last() { skip.saturating_sub(1) } else { skip };
    let page: Vec<Value> = items.iter().skip(from).take(size + (skip - from)).cloned().collect();
    let next = skip + size;
    let next = (next < items.len()).then(|| token(work.shared, &request.subject, next));
    json!({"items": page, "nextPageToken": next})
}
