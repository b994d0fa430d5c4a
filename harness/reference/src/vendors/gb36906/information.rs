//! Search (证照检索), information (信息获取), state and trust list.

use ecric_licence::code_lists::HOLDER_TYPE_CITIZEN;
use ecric_licence::instant::{parse_date, write_date_basic};
use ecric_model::binding::{ErrorCode, Operation};
use ecric_model::published::ID_CARD_TYPE_CODE;
use serde_json::{Map, Value, json};

use super::{Answer, Call, Refusal, words};
use crate::errors::ApiError;
use crate::vendors::china::{from_canonical, write_packed};
use crate::vendors::{Ask, Core, ENVELOPE};

/// `getServerInfo`: anonymous (ours).
pub(super) async fn server(core: &Core<'_>) -> Answer {
    let reply = core.ask(None, Operation::Capabilities, Ask::default()).await?;
    let body = reply.body.unwrap_or_default();
    let offered =
        ["attributes", "copy", "suspend", "clock_control", "persona_control", "trust_control", "fault_injection"];
    let features = body["features"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let features: Vec<&str> = features.filter(|feature| offered.contains(feature)).collect();
    Ok(json!({
        "product": "gb36906 sharing platform",
        "version": body["version"],
        "roles": "sharing_service,verifier",
        "functions": features.join(","),
        "serverTime": from_canonical(body["serverTime"].as_str().unwrap_or_default(), write_packed),
        "testMode": if body["testMode"] == true { "1" } else { "0" },
        "maxBody": body["limits"]["bodyBytes"].as_u64().unwrap_or_default().saturating_sub(ENVELOPE),
        "urlLife": body["limits"]["urlTtlS"],
        "maxMismatches": body["limits"]["throttle"]["mismatchesPerMinute"],
        "maxUnknown": body["limits"]["throttle"]["unknownHoldersPer10s"],
    }))
}

/// 13: the platform publishes one type.
fn check_type(call: &Call<'_>) -> Result<(), Refusal> {
    match call.text("certTypeCode")? {
        Some(code) if code != ID_CARD_TYPE_CODE && !call.behaviour().share_type_unchecked() => Err(Refusal {
            parameter: "certTypeCode".to_owned(),
            ..Refusal::new(13, "证照类型不存在或未发布")
        }),
        _ => Ok(()),
    }
}

/// `queryCert`: `data` {holderCode, holderTypeCode?, certTypeCode?, certStatus[]?, pageSize?, pageToken?, useCause {…}}.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    check_type(call)?;
    let mut body = Map::new();
    for (name, canonical) in [
        ("holderCode", "certificateHolderCode"),
        ("holderTypeCode", "certificateHolderTypeCode"),
        ("certTypeCode", "certificateTypeCode"),
        ("pageToken", "pageToken"),
    ] {
        if let Some(text) = call.text(name)? {
            body.insert(canonical.to_owned(), json!(text));
        }
    }
    if let Some(size) = call.data.get("pageSize").filter(|size| !size.is_null()) {
        body.insert("pageSize".to_owned(), size.clone());
    }
    if let Some(states) = call.data.get("certStatus").and_then(Value::as_array) {
        let words: Option<Vec<&str>> = states.iter().map(|number| words::state_word(number.as_str()?)).collect();
        body.insert("status".to_owned(), json!(words.ok_or_else(|| Refusal::wrong("certStatus"))?));
    }
    if let Some(stated) = call.use_object()? {
        body.insert("use".to_owned(), stated);
    }
    let found = call.ask(Operation::Search, "", Value::Object(body)).await?;
    let items: Vec<Value> = found["items"].as_array().into_iter().flatten().map(item).collect();
    let next = found["nextPageToken"].as_str().unwrap_or_default();
    Ok(json!({"dataList": items, "nextPageToken": next}))
}

fn item(found: &Value) -> Value {
    json!({
        "certIdentifier": found["certificateIdentifier"],
        "certTypeCode": found["certificateTypeCode"],
        "certStatus": words::state(found["certificateStatus"].as_str().unwrap_or_default()),
        "holder": found["certificateHolderName"].as_str().unwrap_or_default(),
    })
}

/// `queryCertInfo`: `data` {certIdentifier, columns[]?, useCause {…}}.
pub(super) async fn by_identifier(call: &Call<'_>) -> Answer {
    let id = call.needed("certIdentifier")?.to_owned();
    information(call, &id).await
}

/// `queryCertInfoByHolderCode`: `data` {holderCode, holderTypeCode, certTypeCode, columns[]?, useCause {…}}.
pub(super) async fn by_holder(call: &Call<'_>) -> Answer {
    check_type(call)?;
    let body = json!({
        "certificateHolderCode": call.needed("holderCode")?,
        "certificateHolderTypeCode": call.needed("holderTypeCode")?,
        "certificateTypeCode": call.needed("certTypeCode")?,
        "use": call.use_object()?,
    });
    let found = call.ask(Operation::Search, "", body).await?;
    let items: Vec<&Value> = found["items"].as_array().into_iter().flatten().collect();
    let usable = |item: &&&Value| words::unusable(item["certificateStatus"].as_str().unwrap_or_default()).is_none();
    let chosen = items.iter().find(usable).or_else(|| items.last());
    let id = chosen.and_then(|item| item["certificateIdentifier"].as_str());
    information(call, id.ok_or_else(|| Refusal::new(10, "未找到匹配的证照"))?).await
}

/// Columns asked for as scopes of binding v1; the items of the face where none are named.
fn scopes(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    match call.data.get("columns") {
        None | Some(Value::Null) => {
            let face =
                ["name", "sex", "ethnicity", "birthDate", "address", "idNumber", "issuingAuthority", "validityPeriod"];
            Ok(face.into_iter().map(str::to_owned).collect())
        }
        Some(Value::Array(columns)) => columns
            .iter()
            .map(|column| column.as_str().map(|column| words::member(column).to_owned()))
            .collect::<Option<Vec<String>>>()
            .ok_or_else(|| Refusal::wrong("columns")),
        Some(_) => Err(Refusal::wrong("columns")),
    }
}

async fn information(call: &Call<'_>, id: &str) -> Answer {
    let body = json!({"attributes": scopes(call)?, "use": call.use_object()?});
    let answer = call.ask(Operation::Metadata, id, body).await;
    let licence = match answer {
        Ok(answer) => answer["licence"].clone(),
        Err(error) => return refused(call, error),
    };
    let state = licence["certificateStatus"].as_str().unwrap_or_default();
    match words::unusable(state) {
        Some(_) if call.behaviour().share_state_with_data() => Ok(written(&head(&licence))),
        Some((status, message)) if !call.behaviour().share_state_ignored() => Err(Refusal::new(status, message)),
        _ => Ok(written(&licence)),
    }
}

/// What a faulty platform tells of a licence that may not be used: nothing of the person, yet more than the state.
fn head(licence: &Value) -> Value {
    let told = ["certificateIdentifier", "certificateTypeCode", "certificateTypeName", "certificateStatus"];
    told.into_iter().map(|name| (name.to_owned(), licence[name].clone())).collect()
}

/// What faulty platforms make of a refusal.
fn refused(call: &Call<'_>, error: ApiError) -> Answer {
    match error.code {
        ErrorCode::NotFound if call.behaviour().share_unknown_is_empty() => Ok(json!({"items": []})),
        ErrorCode::Forbidden if call.behaviour().share_forbidden_is_unknown() => {
            Err(Refusal::new(10, "未找到匹配的证照"))
        }
        _ => Err(error.into()),
    }
}

fn date(value: &Value) -> Value {
    let day = value.as_str().and_then(|text| parse_date(text).ok()).map(write_date_basic);
    day.map_or_else(|| value.clone(), |day| json!(day))
}

/// A licence as this platform writes it: head members, and items of the face as a list.
fn written(licence: &Value) -> Value {
    let mut members = Map::new();
    for (name, value) in licence.as_object().into_iter().flatten() {
        let value = match name.as_str() {
            "certificateStatus" => json!(words::state(value.as_str().unwrap_or_default())),
            "certificateIssuedDate" | "certificateEffectiveDate" => date(value),
            "certificateExpiringDate" if value.is_null() => json!("长期"),
            "certificateExpiringDate" => date(value),
            "statusTime" => json!(from_canonical(value.as_str().unwrap_or_default(), write_packed)),
            "holder" | "statusRef" => continue,
            _ => value.clone(),
        };
        members.insert(name.clone(), value);
    }
    let mut items = Vec::new();
    for (order, (name, value)) in licence["holder"].as_object().into_iter().flatten().enumerate() {
        let value = match name.as_str() {
            "validTo" if value.is_null() => json!("长期"),
            "birthDate" | "validFrom" | "validTo" => date(value),
            _ => value.clone(),
        };
        let kind = if name == "photo" { "image" } else { "text" };
        items.push(json!({"columnName": words::column(name), "name": words::title(name), "valueType": kind,
            "value": value, "orderNum": (order + 1).to_string()}));
    }
    members.insert("items".to_owned(), json!(items));
    Value::Object(members)
}

/// `queryCertState`: `data` {certIdentifier} (ours: the platforms seen have no such service).
pub(super) async fn state(call: &Call<'_>) -> Answer {
    let found = call.ask(Operation::Status, call.needed("certIdentifier")?, Value::Null).await?;
    let moment = |name: &str| from_canonical(found[name].as_str().unwrap_or_default(), write_packed);
    Ok(json!({
        "certIdentifier": found["certificateIdentifier"],
        "certStatus": words::state(found["certificateStatus"].as_str().unwrap_or_default()),
        "statusSeq": found["statusVersion"],
        "statusTime": moment("statusTime"),
        "queryTime": moment("thisUpdate"),
        "nextTime": moment("nextUpdate"),
        "holderTypeCode": HOLDER_TYPE_CITIZEN,
    }))
}

/// `queryTrust`: the signed trust list of the platform as it is (ours).
pub(super) async fn trust(call: &Call<'_>) -> Answer {
    let list = call.ask(Operation::TrustAnchors, "", Value::Null).await?;
    Ok(json!({"trustList": list}))
}
