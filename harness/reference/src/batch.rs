//! Operation 15: many verifications in one call; one bad item does not touch the others.

use std::collections::BTreeSet;

use ecric_model::binding::{ErrorCode, Operation};
use serde_json::{Map, Value, json};

use crate::errors::ApiError;
use crate::files;
use crate::operation::{Reply, Work, item_error};
use crate::presentation;
use crate::reader::{Faults, Reader};
use crate::verify::verify;

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let items = read(work)?;
    let mut answers = Vec::with_capacity(items.len());
    let mut late = false;
    for (id, kind, request) in items {
        let blank = work.audit.clone();
        let outcome = match kind.as_str() {
            "ATTRIBUTES" => verify(work, &request).await,
            "FILE" if work.behaviour().batch_files_not_supported() => {
                Err(ApiError::new(ErrorCode::NotSupported, "not offered"))
            }
            "FILE" => files::verify::verify(work, &request).await,
            "PRESENTATION" if work.behaviour().codes.codes_in_batch_not_supported() => {
                Err(ApiError::new(ErrorCode::NotSupported, "not offered"))
            }
            "PRESENTATION" => presentation::verify(work, &request).await,
            _ => Err(ApiError::invalid("kind", "not a kind")),
        };
        let audited = match kind.as_str() {
            "ATTRIBUTES" => Some(Operation::VerifyAttributes),
            "FILE" => Some(Operation::VerifyFile),
            "PRESENTATION" => Some(Operation::VerifyPresentation),
            _ => None,
        };
        if let Some(operation) = audited {
            // Items are audited as single calls are (ruling F4).
            operation.name().clone_into(&mut work.audit.operation);
            work.audit.result = outcome.as_ref().map_or_else(|error| error.code.code().to_owned(), |_| "OK".to_owned());
            let record = std::mem::replace(&mut work.audit, blank);
            work.tx.append_audit(&record).await?;
        }
        answers.push(match outcome {
            // The faulty server has no time left for what stands behind an item that kept it waiting.
            Ok(_) if late => json!({"itemId": id, "error": item_error(&ApiError::new(ErrorCode::Unavailable, "busy"))}),
            Ok(result) => {
                late = work.behaviour().slow_item_spoils_the_rest() && result["reasons"][0] == "LICENCE_STATUS_UNKNOWN";
                json!({"itemId": id, "verifyResult": result})
            }
            Err(error) if work.behaviour().batch_fails_whole() => return Err(error),
            Err(error) => json!({"itemId": id, "error": item_error(&error)}),
        });
    }
    if work.behaviour().batch_reversed() {
        answers.reverse();
    }
    Ok(Reply::ok(json!({"items": answers})))
}

type Item = (String, String, Map<String, Value>);

fn read(work: &Work<'_>) -> Result<Vec<Item>, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let missing =
        |reader: &Reader<'_>, name: &str| reader.value(name).is_none() && work.behaviour().batch_members_optional();
    let items = if missing(&reader, "items") { &[] } else { reader.array("items").unwrap_or_default() };
    if items.is_empty() && !work.behaviour().empty_batch_accepted() && reader.value("items").is_some() {
        reader.fault("items", "empty");
    }
    if items.len() > work.behaviour().manners.batch_limit() && !work.behaviour().batch_unlimited() {
        return Err(ApiError::new(ErrorCode::TooLarge, "more items than limits.batch"));
    }
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("items[{index}]");
        let Some(members) = item.as_object() else {
            faults.add(path, "not an object");
            continue;
        };
        let inner = Reader::at(members, path, &faults);
        let id = if missing(&inner, "itemId") { "" } else { inner.text_within("itemId", 64).unwrap_or_default() };
        let id = id.to_owned();
        if !seen.insert(id.clone()) && !id.is_empty() && !work.behaviour().repeated_items_accepted() {
            inner.fault("itemId", "given twice");
        }
        let kind = members.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let request = members.get("request").and_then(Value::as_object).cloned().unwrap_or_default();
        out.push((id, kind, request));
    }
    faults.finish()?;
    Ok(out)
}
