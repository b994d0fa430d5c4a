//! Making and changing: `createCert` takes the data in, `sealCert` makes the licence, `queryMakeState` tells
//! how far it is; `changeState`, `renewCert`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ecric_model::binding::Operation;
use serde_json::{Map, Value, json};

use super::Call;
use super::codes::{Refused, action_of, change_reason_of, date_of, decoded, error_of, instant_of, member_of, state};
use super::share::written;
use super::writing::{Data, plain};
use crate::router::fresh_id;
use crate::vendors::Ask;

/// Most drafts that are kept; then those that were made leave.
const DRAFTS_MAX: usize = 10_000;

/// What was taken in, by number.
#[derive(Debug, Default)]
pub(crate) struct Drafts(Mutex<HashMap<String, Draft>>);

#[derive(Debug, Clone)]
struct Draft {
    /// Who brought it.
    app: String,
    /// Request of operation 2 without `activate`.
    body: Value,
    stage: Stage,
}

#[derive(Debug, Clone)]
enum Stage {
    Open,
    Failed(&'static str),
    Made { answer: Value, asked: bool },
}

impl Drafts {
    fn put(&self, number: String, draft: Draft) {
        let mut drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if drafts.len() >= DRAFTS_MAX {
            drafts.retain(|_, draft| matches!(draft.stage, Stage::Open));
        }
        drafts.insert(number, draft);
    }

    fn with<T>(&self, number: &str, app: &str, change: impl FnOnce(&mut Draft) -> T) -> Option<T> {
        let mut drafts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.get_mut(number).filter(|draft| draft.app == app).map(change)
    }
}

fn no_draft() -> Refused {
    Refused::new("10", "no match").naming("makeNo")
}

/// `items` as a holder of binding v1.
fn holder(items: &[(String, String)]) -> Value {
    let members = items.iter().map(|(column, value)| (member_of(column).to_owned(), decoded(column, value)));
    Value::Object(members.collect())
}

impl Call<'_> {
    /// The operator in the head.
    fn operator(&self) -> Option<Value> {
        let (organisation, post) = &self.request.operator;
        let mut operator = Map::new();
        for (name, value) in [("orgCode", organisation), ("role", post)] {
            if let Some(value) = value {
                operator.insert(name.to_owned(), json!(value));
            }
        }
        (!operator.is_empty()).then_some(Value::Object(operator))
    }

    /// Formats: OFD where none is named.
    fn formats(&self) -> Value {
        match self.request.text("fileTypes") {
            None => json!(["ofd"]),
            Some("") => json!([]),
            Some(list) => json!(list.split(',').collect::<Vec<_>>()),
        }
    }

    /// Status version of a licence, which alpha's callers do not know.
    async fn version(&self, id: &str) -> Result<Value, Refused> {
        Ok(self.ask(Operation::Status, id, Value::Null).await?["statusVersion"].clone())
    }

    /// Asks the core; the body of its answer. A refusal may come as an error or as an answer.
    pub(super) async fn ask(&self, operation: Operation, id: &str, body: Value) -> Result<Value, Refused> {
        let ask = Ask { id: id.to_owned(), body, ..Ask::default() };
        let asked = self.core.ask(Some(self.app), operation, ask).await;
        let reply = asked.unwrap_or_else(|error| self.core.refusal(&error));
        let body = reply.body.unwrap_or_default();
        if reply.status >= 400 { Err(Refused::of(&error_of(&body))) } else { Ok(body) }
    }

    /// A member of `data` that must be there.
    pub(super) fn needed(&self, name: &str) -> Result<&str, Refused> {
        let text = self.request.text(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refused::new("12", "mandatory field empty").naming(name))
    }
}

fn put(body: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        body.insert(name.to_owned(), value);
    }
}

/// `createCert`: keeps the data until they are sealed; the core judges them then.
pub(super) async fn create(call: &Call<'_>) -> Result<Data, Refused> {
    let request = &call.request;
    let text = |name: &str| request.text(name);
    let mut body = Map::new();
    put(&mut body, "holder", request.items.as_deref().map(holder));
    put(&mut body, "certificateTypeCode", text("certificateTypeCode").map(|code| json!(code)));
    put(&mut body, "formats", Some(call.formats()));
    put(&mut body, "operator", call.operator());
    put(&mut body, "certificateEffectiveDate", text("yxqq").map(date_of));
    put(&mut body, "certificateExpiringDate", text("yxqz").map(date_of));
    put(&mut body, "previousCertificateIdentifier", text("oldIdentifier").map(|id| json!(id)));
    let number = format!("M{}", fresh_id(call.core.shared));
    let draft = Draft { app: call.app.app.clone(), body: Value::Object(body), stage: Stage::Open };
    call.core.shared.alpha_drafts.put(number.clone(), draft);
    let mut data = Data::default();
    data.leaf("makeNo", &number);
    Ok(data)
}

/// `sealCert`: operation 2 of the core.
pub(super) async fn seal(call: &Call<'_>) -> Result<Data, Refused> {
    let number = call.needed("makeNo")?;
    let activate = match call.needed("activate")? {
        "1" => true,
        "0" => false,
        _ => return Err(Refused::new("102", "neither 0 nor 1").naming("activate")),
    };
    let drafts = &call.core.shared.alpha_drafts;
    let app = &call.app.app;
    let draft = drafts.with(number, app, |draft| draft.clone()).ok_or_else(no_draft)?;
    if matches!(draft.stage, Stage::Made { .. }) {
        return Err(Refused::new("31", "made already"));
    }
    let mut body = draft.body;
    body["activate"] = json!(activate);
    let outcome = call.ask(Operation::Issue, "", body).await.map_err(|mut refused| {
        if refused.code == "31" {
            refused.code = "30";
        }
        refused
    });
    let stage = match &outcome {
        Ok(answer) => Stage::Made { answer: answer.clone(), asked: false },
        Err(refused) => Stage::Failed(refused.code),
    };
    drafts.with(number, app, |draft| draft.stage = stage);
    outcome?;
    let mut data = Data::default();
    data.leaf("makeNo", number);
    Ok(data)
}

/// `queryMakeState`: 1 making (also when a made licence is asked for the first time), 2 done, 3 failed.
pub(super) fn make_state(call: &Call<'_>) -> Result<Data, Refused> {
    let number = call.needed("makeNo")?;
    let mut data = Data::default();
    let found = call.core.shared.alpha_drafts.with(number, &call.app.app, |draft| {
        let before = draft.stage.clone();
        if let Stage::Made { asked, .. } = &mut draft.stage {
            *asked = true;
        }
        before
    });
    match found.ok_or_else(no_draft)? {
        Stage::Open | Stage::Made { asked: false, .. } => data.leaf("state", "1"),
        Stage::Failed(code) => {
            data.leaf("state", "3");
            data.leaf("failCode", code);
        }
        Stage::Made { answer, asked: true } => {
            data.leaf("state", "2");
            made(&mut data, &answer);
        }
    }
    Ok(data)
}

/// A licence just made, and its file.
fn made(data: &mut Data, answer: &Value) {
    if let Some(licence) = answer["licence"].as_object() {
        written(data, licence);
    }
    let file = &answer["files"][0];
    for (name, member) in [("fileType", "format"), ("fileSm3", "sm3"), ("fileSize", "size")] {
        if let Some(value) = file.get(member) {
            data.leaf(name, &plain(value));
        }
    }
}

/// `renewCert`: operation 8 of the core.
pub(super) async fn renew(call: &Call<'_>) -> Result<Data, Refused> {
    let id = call.needed("certificateIdentifier")?;
    let mut body = Map::new();
    put(&mut body, "reason", call.request.text("reasonCode").map(|code| json!(change_reason_of(code))));
    put(&mut body, "expectedStatusVersion", Some(call.version(id).await?));
    put(&mut body, "formats", Some(call.formats()));
    put(&mut body, "operator", call.operator());
    put(&mut body, "changes", call.request.items.as_deref().map(holder));
    let answer = call.ask(Operation::Reissue, id, Value::Object(body)).await?;
    let mut data = Data::default();
    made(&mut data, &answer);
    let old = &answer["superseded"];
    data.leaf_opt("oldIdentifier", old["certificateIdentifier"].as_str());
    data.leaf_opt("oldStatus", old["certificateStatus"].as_str().map(state));
    Ok(data)
}

/// `changeState`: operation 7 of the core.
pub(super) async fn change_state(call: &Call<'_>) -> Result<Data, Refused> {
    let id = call.needed("certificateIdentifier")?;
    let text = |name: &str| call.request.text(name);
    let mut body = Map::new();
    put(&mut body, "action", text("operate").map(|code| json!(action_of(code))));
    put(&mut body, "reason", text("reasonCode").map(|code| json!(change_reason_of(code))));
    put(&mut body, "expectedStatusVersion", Some(call.version(id).await?));
    put(&mut body, "operator", call.operator());
    let at = text("effectTime").map(|text| json!(instant_of(text).unwrap_or_else(|| text.to_owned())));
    put(&mut body, "effectiveTime", at);
    let answer = call.ask(Operation::Transition, id, Value::Object(body)).await?;
    let mut data = Data::default();
    super::share::state_of_licence(&mut data, &answer);
    if let Some(plan) = answer["scheduled"].as_object() {
        let word = |name: &str| plan.get(name).and_then(Value::as_str);
        data.leaf_opt("planState", word("certificateStatus").map(state));
        let at = word("effectiveTime").map(super::codes::compact_instant);
        data.leaf_opt("planTime", at.as_deref());
    }
    Ok(data)
}
