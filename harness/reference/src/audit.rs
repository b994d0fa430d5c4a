//! Operation 11: what happened to a licence or a holder.

use ecric_licence::citizen_number::{fold_case, parse_citizen_number};
use ecric_licence::instant::{parse_instant, write_instant};
use ecric_model::binding::ErrorCode;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::behaviour::Behaviour;
use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::operation::{Reply, Work};
use crate::paging::{Page, read_page, token};
use crate::reader::{Faults, Reader};
use crate::store::audit::{AuditRow, AuditSubject};

struct Request {
    identifier: Option<String>,
    holder: Option<String>,
    from: Option<OffsetDateTime>,
    to: Option<OffsetDateTime>,
    operations: Vec<String>,
    page: Page,
    subject: String,
}

fn instant(reader: &Reader<'_>, name: &str, behaviour: &Behaviour) -> Option<OffsetDateTime> {
    if reader.value(name).is_none() && behaviour.audit_window_optional() {
        return Some(if name == "from" { OffsetDateTime::UNIX_EPOCH } else { from_unix(4_000_000_000) });
    }
    if reader.value(name).is_none() {
        reader.fault(name, "missing");
        return None;
    }
    let text = reader.value(name).and_then(Value::as_str).unwrap_or_default();
    if behaviour.fractions_of_seconds_refused() && text.contains('.') {
        reader.fault(name, "a fraction of a second");
        return None;
    }
    let forgiven = if behaviour.compact_offset_accepted() && text.ends_with("+0800") {
        text.strip_suffix("+0800").map(|head| format!("{head}+08:00"))
    } else if behaviour.hour_24_accepted() && text.contains("T24:00:00") {
        Some(text.replace("T24:00:00", "T23:59:59"))
    } else {
        None
    };
    match forgiven {
        Some(text) => parse_instant(&text).ok(),
        None => reader.instant_opt(name),
    }
}

fn read(work: &Work<'_>, faults: &Faults) -> Request {
    let behaviour = work.behaviour();
    let reader = Reader::root(&work.body, faults);
    let identifier = reader.text_opt("certificateIdentifier").map(str::to_owned);
    let holder = reader.text_opt("certificateHolderCode").map(fold_case);
    if identifier.is_none() && holder.is_none() {
        reader.fault("certificateIdentifier", "missing, and no certificateHolderCode");
    }
    if holder.as_deref().is_some_and(|code| parse_citizen_number(code).is_err()) {
        reader.fault("certificateHolderCode", "not a citizen number");
    }
    let from = instant(&reader, "from", behaviour);
    let to = instant(&reader, "to", behaviour);
    let operations = reader.texts_opt("operations").unwrap_or_default().into_iter().map(str::to_owned).collect();
    let subject = format!("audit {identifier:?} {holder:?}");
    let page = read_page(&reader, work.shared, &subject);
    Request { identifier, holder, from, to, operations, page, subject }
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let faults = Faults::default();
    let request = read(work, &faults);
    faults.finish()?;
    let (Some(from), Some(to)) = (request.from, request.to) else {
        return Err(ApiError::new(ErrorCode::InvalidRequest, "incomplete"));
    };
    let digest = request.holder.as_deref().map(|code| work.shared.holder_digest(code));
    let subject = match (&request.identifier, &digest) {
        (Some(identifier), _) => AuditSubject::Identifier(identifier),
        (None, Some(digest)) => AuditSubject::Holder(digest),
        (None, None) => return Err(ApiError::new(ErrorCode::InvalidRequest, "incomplete")),
    };
    let mut rows = work.tx.audit_of(subject, from.unix_timestamp(), to.unix_timestamp(), 0).await?;
    rows.retain(|row| request.operations.is_empty() || request.operations.contains(&row.operation));
    let Page { size, skip } = request.page;
    let next = skip + size;
    let token = (next < rows.len()).then(|| token(work.shared, &request.subject, next));
    let mut entries: Vec<Value> = rows.iter().skip(skip).take(size).map(|row| entry(row, work.behaviour())).collect();
    if work.behaviour().audit_newest_first() {
        entries.reverse();
    }
    Ok(Reply::ok(json!({"entries": entries, "nextPageToken": token})))
}

fn entry(row: &AuditRow, behaviour: &Behaviour) -> Value {
    let parsed = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    json!({
        "time": write_instant(from_unix(row.time)),
        "operation": row.operation,
        "callerApp": row.app,
        "callerOrg": row.organisation,
        "use": if behaviour.audit_without_use() { None } else { parsed(&row.stated_use) },
        "attributes": serde_json::from_str::<Value>(&row.attributes).unwrap_or_else(|_| json!([])),
        "result": row.result,
        "requestId": row.request_id,
        "seq": row.seq,
        "operator": parsed(&row.operator),
        "action": row.action,
        "reason": row.reason,
    })
}
