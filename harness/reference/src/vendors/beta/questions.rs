//! Beta's calls about many licences and about itself: about, queries, trust, lists, events.

use ecric_gm::encoding::{b64, from_b64url};
use ecric_gm::sm3;
use ecric_licence::signed_json::sign;
use ecric_model::binding::{ErrorCode, Operation};
use ecric_model::published::ID_CARD_TYPE_CODE;
use serde_json::{Map, Value, json};

use super::licences::{KIND, exchange, type_code};
use super::translate::{self, neutral_list, own, own_text, picked};
use super::words::{self, Words};
use super::{Asked, Page};
use crate::errors::ApiError;
use crate::vendors::{Ask, Core};

/// Abilities by features of binding v1. Beta's status list is not in binding v1's form.
const ABILITIES: Words = &[
    ("suspend", "hold"),
    ("reissue", "renew"),
    ("copy", "duplicate"),
    ("original", "original"),
    ("attributes", "claims"),
    ("batch", "bulk"),
    ("audit", "events"),
    ("clock_control", "test_clock"),
    ("persona_control", "test_people"),
    ("trust_control", "test_trust"),
    ("fault_injection", "test_faults"),
];

/// `GET /about`, without a token.
pub(super) async fn about(core: &Core<'_>) -> Result<Page, ApiError> {
    let told = core.ask(None, Operation::Capabilities, Ask::default()).await?.body.unwrap_or_default();
    let list = |name: &str| told[name].as_array().cloned().unwrap_or_default();
    let abilities: Vec<&str> = list("features")
        .iter()
        .filter_map(|word| ABILITIES.iter().find(|(feature, _)| word == feature).map(|(_, ability)| *ability))
        .collect();
    let roles: Vec<Value> = list("roles").into_iter().filter(|role| role == "issuer" || role == "verifier").collect();
    let limits = &told["limits"];
    let mut about = json!({
        "name": "Beta Licences",
        "release": told["version"],
        "interface": told["binding"],
        "now": translate::utc(&told["serverTime"]),
        "zone": told["timeZone"],
        "sandbox": told["testMode"],
        "roles": roles,
        "abilities": abilities,
        "maxBody": limits["bodyBytes"],
        "maxEntries": limits["batch"],
        "maxPage": limits["pageSizeMax"],
        "callsPerSecond": limits["ratePerSecond"],
        "stateLagMs": limits["statusLagMs"],
        "eventLagMs": limits["auditLagMs"],
        "linkSeconds": limits["urlTtlS"],
        "falseClaimsPerMinute": limits["throttle"]["mismatchesPerMinute"],
        "unknownPersonsPer10s": limits["throttle"]["unknownHoldersPer10s"],
    });
    if told.get("authProfiles").is_some() {
        about["schemes"] = json!(["oauth2"]);
    }
    Ok(Page::json(200, about))
}

/// `POST /licence-queries`.
pub(super) async fn query(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let mut members = picked(
        &body,
        &[
            ("certificateHolderCode", "nationalId"),
            ("certificateHolderTypeCode", "holderKind"),
            ("certificateTypeCode", "kind"),
            ("status", "states"),
            ("use", "purpose"),
            ("pageSize", "limit"),
            ("pageToken", "cursor"),
        ],
    );
    exchange(&mut members, "certificateTypeCode", type_code);
    exchange(&mut members, "status", |value| neutral_list(words::STATES, value));
    exchange(&mut members, "use", translate::stated_use);
    let told = asked.ask(Operation::Search, Ask { body: members.into(), ..Ask::default() }).await?.body;
    let hit = |item: &Value| {
        let mut hit = translate::licence(item);
        if hit["kindCode"] == ID_CARD_TYPE_CODE {
            hit["kind"] = json!(KIND);
        }
        hit
    };
    let hits: Vec<Value> = told["items"].as_array().map(|items| items.iter().map(hit).collect()).unwrap_or_default();
    let tag = sm3::digest_hex(Value::from(hits.clone()).to_string().as_bytes());
    let answer = paged("hits", hits, &told);
    Ok(Page::json(200, answer).with("etag", format!("W/\"{}\"", tag.get(..16).unwrap_or_default())))
}

/// A list with a cursor where there is more.
fn paged(name: &str, list: Vec<Value>, told: &Value) -> Value {
    let mut answer = Map::new();
    answer.insert(name.to_owned(), list.into());
    if let Some(cursor) = told.get("nextPageToken").filter(|cursor| !cursor.is_null()) {
        answer.insert("cursor".to_owned(), cursor.clone());
    }
    answer.into()
}

/// `POST /events/query`.
pub(super) async fn events(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let body = asked.body()?;
    let mut members = picked(
        &body,
        &[
            ("certificateIdentifier", "licence"),
            ("certificateHolderCode", "nationalId"),
            ("from", "from"),
            ("to", "to"),
            ("operations", "what"),
            ("pageSize", "limit"),
            ("pageToken", "cursor"),
        ],
    );
    exchange(&mut members, "operations", |value| neutral_list(words::EVENTS, value));
    let told = asked.ask(Operation::Audit, Ask { body: members.into(), ..Ask::default() }).await?.body;
    let events = told["entries"].as_array().map(|list| list.iter().map(event).collect()).unwrap_or_default();
    Ok(Page::json(200, paged("events", events, &told)))
}

fn event(entry: &Value) -> Value {
    translate::to_own(words::EVENT, entry, |name, value| match name {
        "time" => translate::utc(value),
        "operation" => own_text(words::EVENTS, value),
        "use" => translate::purpose(value),
        "operator" => translate::clerk(value),
        "action" => own_text(words::CHANGES, value),
        "reason" => own_text(words::BECAUSE, value),
        "result" if value == "OK" => json!("done"),
        "result" => own_text(words::PROBLEMS, value),
        "attributes" => {
            let one = |item: &Value| own_text(words::ATTRIBUTES, item);
            value.as_array().map_or_else(|| value.clone(), |list| list.iter().map(one).collect())
        }
        _ => value.clone(),
    })
}

/// Signs an answer of beta's own form as `signature`.
fn signed(domain: &str, answer: Value, signer: &ecric_licence::authority::Entity) -> Result<Page, ApiError> {
    let mut members = answer.as_object().cloned().unwrap_or_default();
    sign(domain, &mut members, &signer.certificate.kid(), &signer.key)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "internal error"))?;
    let signature = members.remove("sig").unwrap_or_default();
    members.insert("signature".to_owned(), signature);
    Ok(Page::json(200, members.into()))
}

/// `GET /trust`.
pub(super) async fn trust(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let told = asked.ask(Operation::TrustAnchors, Ask::default()).await?.body;
    let mut anchors: Vec<Value> = Vec::new();
    for (name, word) in [("roots", "root"), ("intermediates", "ca"), ("tsa", "stamp"), ("signers", "")] {
        for member in told[name].as_array().into_iter().flatten() {
            let word = member.get("role").and_then(Value::as_str).unwrap_or(word);
            anchors.push(json!({"x509": member["der"], "use": own(TRUST_USES, word)}));
        }
    }
    let authority = |one: &Value| json!({"code": one["code"], "name": one["name"], "states": one["statusBase"]});
    let authorities: Vec<Value> = told["issuers"].as_array().into_iter().flatten().map(authority).collect();
    let answer = json!({
        "anchors": anchors,
        "serial": told["version"],
        "until": translate::utc(&told["validUntil"]),
        "revocations": told["crl"],
        "responders": told["ocsp"],
        "authorities": authorities,
    });
    signed("BETA-TRUST", answer, &asked.core.shared.pki.root)
}

/// Uses of trusted certificates by roles of binding v1.
const TRUST_USES: Words = &[("issuer", "licences"), ("copy", "copies"), ("status", "states")];

/// `GET /status-lists/{n}`: two bits a licence, as in binding v1, in beta's form.
pub(super) async fn status_list(asked: &Asked<'_>) -> Result<Page, ApiError> {
    let told = asked.ask(Operation::StatusList, Ask { id: asked.id.clone(), ..Ask::default() }).await?.body;
    let data = from_b64url(told["lst"].as_str().unwrap_or_default()).unwrap_or_default();
    let instant = |name: &str| translate::utc_now(crate::clock::from_unix(told[name].as_i64().unwrap_or_default()));
    let answer = json!({
        "list": told["listId"],
        "width": told["bits"],
        "entries": told["size"],
        "data": b64(&data),
        "issued": instant("iat"),
        "until": instant("exp"),
    });
    signed("BETA-LIST", answer, &asked.core.shared.pki.status)
}
