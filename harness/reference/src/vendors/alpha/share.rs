//! Asking about licences: information, state, file, search, log, trust list.

use ecric_gm::encoding::b64;
use ecric_licence::citizen_number::fold_case;
use ecric_licence::instant::write_instant;
use ecric_licence::metadata::TYPE_NAME;
use ecric_model::binding::{ErrorCode, Operation};
use ecric_model::published::ID_CARD_TYPE_CODE;
use serde_json::{Map, Value, json};

use super::codes::{
    Refused, action, change_reason, column_of, compact_date, compact_instant, instant_of, member_of, operation_of,
    service, state, state_of, withheld,
};
use super::writing::{Data, plain};
use super::{APPS, Call, secret};
use crate::errors::ApiError;
use crate::paging::token;

/// Entries of a page where none is asked for.
const PAGE_SIZE: i64 = 50;

/// Members of a licence that are instants or dates.
const DATES: [&str; 3] = ["certificateIssuedDate", "certificateEffectiveDate", "certificateExpiringDate"];

/// Writes a licence: members under their names, state and dates in alpha's form, the holder as items.
pub(super) fn written(data: &mut Data, licence: &Map<String, Value>) {
    state_of_licence(data, &Value::Object(licence.clone()));
    for (name, value) in licence {
        match name.as_str() {
            "certificateStatus" | "statusVersion" | "statusTime" | "holder" => {}
            "statusRef" => place(data, value),
            date if DATES.contains(&date) => data.leaf(name, &compact_date(value)),
            _ => data.leaf(name, &plain(value)),
        }
    }
    let mut items = Data::default();
    for (member, value) in licence.get("holder").and_then(Value::as_object).into_iter().flatten() {
        let (column, label) = column_of(member);
        let text = match column {
            "CSRQ" | "YXQQ" | "YXQZ" => compact_date(value),
            _ => plain(value),
        };
        items.item(column, label, &text);
    }
    data.group("items", &items);
}

/// `statusRef`: list and place in it.
fn place(data: &mut Data, reference: &Value) {
    data.leaf_opt("listNo", reference["listId"].as_str());
    data.leaf("listIndex", &plain(&reference["index"]));
}

/// State, version and time.
pub(super) fn state_of_licence(data: &mut Data, answer: &Value) {
    data.leaf_opt("certificateStatus", answer["certificateStatus"].as_str().map(state));
    data.leaf("statusSeq", &plain(&answer["statusVersion"]));
    data.leaf_opt("statusTime", answer["statusTime"].as_str().map(compact_instant).as_deref());
}

impl Call<'_> {
    /// The stated use: a cause, and the system, which is the caller's own where none is named.
    pub(super) fn stated_use(&self, cause: &str) -> Option<Value> {
        let cause = self.request.text(cause)?;
        let system = self.request.text("systemName").unwrap_or(&self.request.access_id);
        Some(json!({"certificateCopyCause": cause, "certificateSystemName": system}))
    }

    /// Members of a request that go over as they are.
    pub(super) fn body(&self, members: &[(&str, &str)]) -> Map<String, Value> {
        let known = members.iter().filter_map(|(name, member)| Some((*member, self.request.text(name)?)));
        known.map(|(member, text)| (member.to_owned(), json!(text))).collect()
    }

    /// `pageSize` and, from the second page on, the core's token of page `pageNo`.
    fn page(&self, body: &mut Map<String, Value>, subject: &str) -> Result<i64, Refused> {
        let number = |name: &str, default: i64| match self.request.text(name) {
            None => Ok(default),
            Some(text) => text.parse::<i64>().map_err(|_| Refused::new("102", "not a number").naming(name)),
        };
        let (size, page) = (number("pageSize", PAGE_SIZE)?, number("pageNo", 1)?);
        body.insert("pageSize".to_owned(), json!(size));
        let skip = page.checked_sub(1).and_then(|pages| pages.checked_mul(size));
        let skip = skip.and_then(|skip| usize::try_from(skip).ok());
        let skip = skip.ok_or_else(|| Refused::new("102", "no such page").naming("pageNo"))?;
        if page > 1 {
            body.insert("pageToken".to_owned(), json!(token(self.core.shared, subject, skip)));
        }
        Ok(page)
    }
}

/// `getServerInfo`.
pub(super) async fn server_info(call: &Call<'_>) -> Result<Data, Refused> {
    let answer = call.ask(Operation::Capabilities, "", Value::Null).await?;
    let mut data = Data::default();
    for name in ["product", "version"] {
        data.leaf_opt(name, answer[name].as_str());
    }
    data.leaf_opt("time", answer["serverTime"].as_str().map(compact_instant).as_deref());
    let limits = &answer["limits"];
    for (name, value) in [
        ("maxBody", &limits["bodyBytes"]),
        ("maxPage", &limits["pageSizeMax"]),
        ("urlLife", &limits["urlTtlS"]),
        ("maxDiff", &limits["throttle"]["mismatchesPerMinute"]),
        ("maxUnknown", &limits["throttle"]["unknownHoldersPer10s"]),
    ] {
        data.leaf(name, &plain(value));
    }
    Ok(data)
}

/// `queryCertInfo`: information about valid licences only; for others a code and no data.
pub(super) async fn cert_info(call: &Call<'_>) -> Result<Data, Refused> {
    let id = call.needed("certificateIdentifier")?;
    let columns = call.request.text("columns").unwrap_or_default();
    let columns: Vec<&str> = columns.split(',').filter(|column| !column.is_empty()).map(member_of).collect();
    let mut body = json!({"attributes": columns});
    if let Some(stated) = call.stated_use("certificateCopyCause") {
        body["use"] = stated;
    }
    let answer = call.ask(Operation::Metadata, id, body).await?;
    let licence = answer["licence"].as_object().cloned().unwrap_or_default();
    if let Some(refused) = licence.get("certificateStatus").and_then(Value::as_str).and_then(withheld) {
        return Err(refused);
    }
    let mut data = Data::default();
    written(&mut data, &licence);
    Ok(data)
}

/// `queryCertState`: state, signed over the JSON form that binding v1 gives it.
pub(super) async fn cert_state(call: &Call<'_>) -> Result<Data, Refused> {
    let id = call.needed("certificateIdentifier")?;
    let answer = call.ask(Operation::Status, id, Value::Null).await?;
    let mut data = Data::default();
    state_of_licence(&mut data, &answer);
    for (name, value) in answer.as_object().into_iter().flatten() {
        match name.as_str() {
            "certificateStatus" | "statusVersion" | "statusTime" => {}
            "statusRef" => place(&mut data, value),
            "reason" => data.leaf("reasonCode", change_reason(value.as_str().unwrap_or_default())),
            "thisUpdate" | "nextUpdate" => data.leaf(name, &compact_instant(value.as_str().unwrap_or_default())),
            "sig" => {
                for (name, member) in [("signType", "alg"), ("signKey", "kid"), ("signData", "value")] {
                    data.leaf_opt(name, value[member].as_str());
                }
            }
            _ => data.leaf(name, &plain(value)),
        }
    }
    Ok(data)
}

/// `downloadFile`: with a cause a copy, without the original; in the answer or behind an address that works once.
pub(super) async fn download(call: &Call<'_>) -> Result<Data, Refused> {
    let id = call.needed("certificateIdentifier")?;
    let mut body = call.body(&[("fileType", "format")]);
    let delivery = match call.request.text("contentType").unwrap_or("base64") {
        "base64" => "INLINE",
        "http" => "URL",
        _ => return Err(Refused::new("102", "neither base64 nor http").naming("contentType")),
    };
    body.insert("delivery".to_owned(), json!(delivery));
    if let Some(stated) = call.stated_use("certificateCopyCause") {
        let mut copy = json!({"use": stated});
        if let Some(text) = call.request.text("certificateCopyExpiringTime") {
            copy["certificateCopyExpiringTime"] = json!(instant_of(text).unwrap_or_else(|| text.to_owned()));
        }
        body.insert("copy".to_owned(), copy);
    }
    let answer = call.ask(Operation::File, id, Value::Object(body)).await?;
    let mut data = Data::default();
    data.leaf("contentType", if answer["contentType"] == "url" { "http" } else { "base64" });
    for (name, member) in [("content", "content"), ("mimeType", "mime"), ("fileSm3", "sm3"), ("fileSize", "size")] {
        if let Some(value) = answer.get(member) {
            data.leaf(name, &plain(value));
        }
    }
    for (name, member) in
        [("certificateCopyCreationTime", "certificateCopyCreationTime"), ("urlEndTime", "urlExpiresAt")]
    {
        data.leaf_opt(name, answer[member].as_str().map(compact_instant).as_deref());
    }
    Ok(data)
}

/// `queryCert`: licences of a holder, page by page.
pub(super) async fn search(call: &Call<'_>) -> Result<Data, Refused> {
    let same = ["certificateHolderCode", "certificateHolderTypeCode", "certificateTypeCode"];
    let mut body = call.body(&same.map(|name| (name, name)));
    if let Some(states) = call.request.text("states").filter(|states| !states.is_empty()) {
        body.insert("status".to_owned(), json!(states.split(',').map(state_of).collect::<Vec<_>>()));
    }
    if let Some(stated) = call.stated_use("certificateCopyCause") {
        body.insert("use".to_owned(), stated);
    }
    let code = fold_case(call.request.text("certificateHolderCode").unwrap_or_default());
    let page = call.page(&mut body, &format!("search {code}"))?;
    let answer = call.ask(Operation::Search, "", Value::Object(body)).await?;
    let mut list = Data::default();
    for item in answer["items"].as_array().into_iter().flatten() {
        let mut cert = Data::default();
        for (name, value) in item.as_object().into_iter().flatten() {
            match name.as_str() {
                "certificateStatus" => cert.leaf(name, state(value.as_str().unwrap_or_default())),
                _ => cert.leaf(name, &plain(value)),
            }
        }
        list.group("cert", &cert);
    }
    Ok(paged(&list, page, &answer))
}

fn paged(list: &Data, page: i64, answer: &Value) -> Data {
    let mut data = Data::default();
    data.group("list", list);
    data.leaf("pageNo", &page.to_string());
    if !answer["nextPageToken"].is_null() {
        data.leaf("nextPageNo", &(page + 1).to_string());
    }
    data
}

/// `queryCatalogue`: the one type of licence.
pub(super) fn catalogue() -> Data {
    let mut cert_type = Data::default();
    cert_type.leaf("certificateTypeCode", ID_CARD_TYPE_CODE);
    cert_type.leaf("certificateTypeName", TYPE_NAME);
    let mut list = Data::default();
    list.group("type", &cert_type);
    let mut data = Data::default();
    data.group("list", &list);
    data
}

/// `queryLog`: what happened to a licence or a holder.
pub(super) async fn log(call: &Call<'_>) -> Result<Data, Refused> {
    let request = &call.request;
    let mut body = call.body(&[
        ("certificateIdentifier", "certificateIdentifier"),
        ("certificateHolderCode", "certificateHolderCode"),
    ]);
    for name in ["from", "to"] {
        if let Some(text) = request.text(name) {
            body.insert(name.to_owned(), json!(instant_of(text).unwrap_or_else(|| text.to_owned())));
        }
    }
    if let Some(names) = request.text("services").filter(|names| !names.is_empty()) {
        body.insert("operations".to_owned(), json!(names.split(',').map(operation_of).collect::<Vec<_>>()));
    }
    let identifier = request.text("certificateIdentifier").map(str::to_owned);
    let holder = request.text("certificateHolderCode").map(fold_case);
    let page = call.page(&mut body, &format!("audit {identifier:?} {holder:?}"))?;
    let answer = call.ask(Operation::Audit, "", Value::Object(body)).await?;
    let mut list = Data::default();
    for entry in answer["entries"].as_array().into_iter().flatten() {
        list.group("log", &log_entry(call, entry));
    }
    Ok(paged(&list, page, &answer))
}

/// The appkey of an application of the core; one that is no caller of alpha's keeps its name.
fn appkey<'a>(call: &Call<'a>, app: &'a str) -> &'a str {
    let at = (0..APPS.len()).find(|index| call.core.app(*index).is_some_and(|known| known.app == app));
    at.and_then(|index| secret(APPS[index], "app")).unwrap_or(app)
}

fn log_entry(call: &Call<'_>, entry: &Value) -> Data {
    let mut log = Data::default();
    let text = |name: &str| entry[name].as_str();
    log.leaf("seq", &plain(&entry["seq"]));
    log.leaf_opt("logTime", text("time").map(compact_instant).as_deref());
    log.leaf_opt("service", text("operation").map(service));
    log.leaf_opt("accessId", text("callerApp").map(|app| appkey(call, app)));
    log.leaf_opt("accessOrg", text("callerOrg"));
    log.leaf_opt("certificateCopyCause", entry["use"]["certificateCopyCause"].as_str());
    log.leaf_opt("systemName", entry["use"]["certificateSystemName"].as_str());
    let columns = entry["attributes"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let columns: Vec<&str> = columns.map(|name| column_of(name).0).collect();
    if !columns.is_empty() {
        log.leaf("columns", &columns.join(","));
    }
    let result = text("result").map(|word| match ErrorCode::parse(word) {
        Some(code) => Refused::of(&ApiError::new(code, "")).code,
        None if word == "OK" => "0",
        None => word,
    });
    log.leaf_opt("result", result);
    log.leaf_opt("flowNo", text("requestId"));
    log.leaf_opt("operatorOrg", entry["operator"]["orgCode"].as_str());
    log.leaf_opt("operatorPost", entry["operator"]["role"].as_str());
    log.leaf_opt("operate", text("action").map(action));
    log.leaf_opt("reasonCode", text("reason").map(change_reason));
    log
}

/// `queryTrustList`: the signed object of operation 10 as it is, in base64, so that its signature survives XML.
pub(super) async fn trust_list(call: &Call<'_>) -> Result<Data, Refused> {
    let answer = call.ask(Operation::TrustAnchors, "", Value::Null).await?;
    let mut data = Data::default();
    data.leaf("createTime", &compact_instant(&write_instant(call.core.shared.clock.now())));
    data.leaf("trustList", &b64(answer.to_string().as_bytes()));
    Ok(data)
}
