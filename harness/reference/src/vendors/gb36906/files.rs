//! The file of a licence, always an annotated copy for a stated use: inline, or behind a one-time link.

use ecric_licence::instant::write_instant;
use ecric_model::binding::Operation;
use serde_json::{Map, Value, json};

use super::{Answer, Call, Refusal, words};
use crate::vendors::china::{from_canonical, parse_packed, write_packed};

/// `downloadFile` (`contentType` `base64`) and `downloadUrl` (`http`): `data` {fileType `ofd`, certIdentifier,
/// useCause (a text that holds JSON), certificateCopyExpiringTime?}.
pub(super) async fn download(call: &Call<'_>, delivery: &str) -> Answer {
    let id = call.needed("certIdentifier")?;
    let mut copy = Map::new();
    let stated = call.use_text()?.ok_or_else(|| Refusal::empty("useCause"))?;
    copy.insert("use".to_owned(), stated);
    if let Some(text) = call.text("certificateCopyExpiringTime")? {
        let ends = parse_packed(text).ok_or_else(|| Refusal::wrong("certificateCopyExpiringTime"))?;
        copy.insert("certificateCopyExpiringTime".to_owned(), json!(write_instant(ends)));
    }
    let state = call.ask(Operation::Status, id, Value::Null).await?;
    if let Some((status, message)) = words::unusable(state["certificateStatus"].as_str().unwrap_or_default())
        && !call.behaviour().share_state_ignored()
    {
        return Err(Refusal::new(status, message));
    }
    let body = json!({"format": call.needed("fileType")?, "delivery": delivery, "copy": copy});
    let file = call.ask(Operation::File, id, body).await?;
    let moment = |name: &str| from_canonical(file[name].as_str().unwrap_or_default(), write_packed);
    Ok(json!({
        "certIdentifier": id,
        "contentType": if file["contentType"] == "url" { "http" } else { "base64" },
        "content": file["content"],
        "mediaType": file["mime"],
        "fileSize": file["size"],
        "fileSm3": file["sm3"],
        "certificateCopyCreationTime": moment("certificateCopyCreationTime"),
        "expiryTime": moment("urlExpiresAt"),
    }))
}
