//! Stand-in vendor gb36906: `head`/`data` JSON by POST, as seen on provincial sharing platforms; that this
//! is the set of GB/T 36906 is likely, its text is not public. Names, codes and results 0 to 6 are those
//! seen on one platform; what they cannot carry stands in members of our own, marked so in `words`.
//!
//! `POST /share/<service>` {"head": {accessId, accessToken, encrypt?}, "data": {…}}, answer
//! {"head": {status, message}, "data": …}, HTTP 200 for everything. With `encrypt` `"1"` the answer's `data`
//! is hex of `C1 ‖ C3 ‖ C2`, with its leading `04`, to the caller's SM2 key.
//!
//! Kept on purpose, because products do it: the stated use is an object in some services and a text that
//! holds JSON in others; `status` is a number or a text; absent items are empty texts.

use axum::response::Response;
use bytes::Bytes;
use ecric_model::binding::{ErrorCode, Operation};
use serde_json::{Map, Value, json};

use crate::auth::App;
use crate::behaviour::Behaviour;
use crate::errors::ApiError;
use crate::strict_json::parse_object;
use crate::vendors::{Ask, Core, keys, respond};

mod files;
mod information;
mod token;
mod verify;
mod words;

/// A refusal: `head.status`, its message and the parameter at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    status: u16,
    message: String,
    parameter: String,
}

impl Refusal {
    fn new(status: u16, message: &str) -> Self {
        Self { status, message: message.to_owned(), parameter: String::new() }
    }

    /// 12: a mandatory parameter is empty.
    fn empty(parameter: &str) -> Self {
        Self { status: 12, message: "必填参数为空".to_owned(), parameter: parameter.to_owned() }
    }

    /// 102: a value is wrong.
    fn wrong(parameter: &str) -> Self {
        Self { status: 102, message: "参数值错误".to_owned(), parameter: parameter.to_owned() }
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        let first = error.details.first();
        let parameter = first.map(|detail| words::parameter(&detail.field).to_owned()).unwrap_or_default();
        let (status, message) = match error.code {
            ErrorCode::InvalidRequest if first.is_some_and(|fault| fault.field == "certificateHolderTypeCode") => {
                (103, "持证主体代码类型错误")
            }
            ErrorCode::InvalidRequest if first.is_some_and(|fault| ["missing", "empty"].contains(&&*fault.issue)) => {
                (12, "必填参数为空")
            }
            ErrorCode::Unauthenticated => (11, "调用方身份验证不通过"),
            ErrorCode::Forbidden | ErrorCode::ScopeExceeded => (100, "无该类证照的使用权限"),
            ErrorCode::NotFound => (10, "未找到匹配的证照"),
            ErrorCode::Destroyed => (21, "证照已注销"),
            ErrorCode::RateLimited => (16, "超出访问次数"),
            ErrorCode::NotSupported => (2, "数据源未提供该服务"),
            ErrorCode::Internal | ErrorCode::Unavailable => (101, "服务状态异常"),
            _ => (102, "参数值错误"),
        };
        Self { status, message: message.to_owned(), parameter }
    }
}

/// `data` of an answer, or why there is none.
type Answer = Result<Value, Refusal>;

/// A request whose caller is known.
struct Call<'a> {
    core: &'a Core<'a>,
    app: &'a App,
    data: Map<String, Value>,
}

/// Answers one request.
pub(crate) async fn answer(core: &Core<'_>, body: Result<Bytes, ApiError>) -> Response {
    let (outcome, encrypt) = match read(core, body) {
        Ok((service, head, data)) => {
            let encrypt = head.get("encrypt").is_some_and(|word| word == "1");
            (perform(core, &service, &head, data).await, encrypt)
        }
        Err(refusal) => (Err(refusal), false),
    };
    let body = match outcome {
        Ok(data) => json!({"head": {"status": 0, "message": "成功"}, "data": shown(core, data, encrypt)}),
        Err(refusal) => json!({"head": {"status": refusal.status.to_string(), "message": refusal.message,
            "paramName": refusal.parameter}}),
    };
    respond(200, "application/json;charset=UTF-8", body.to_string())
}

fn shown(core: &Core<'_>, data: Value, encrypt: bool) -> Value {
    match keys::private_key("gb36906.sm2").filter(|_| encrypt) {
        Some(key) => json!(keys::encrypt(core.shared, key.public_key(), &data.to_string())),
        None => data,
    }
}

type Request = (String, Map<String, Value>, Map<String, Value>);

fn read(core: &Core<'_>, body: Result<Bytes, ApiError>) -> Result<Request, Refusal> {
    let body = body?;
    let service =
        core.parts.uri.path().strip_prefix("/share/").filter(|_| core.parts.method == axum::http::Method::POST);
    let service = service.ok_or_else(|| Refusal::new(2, "数据源未提供该服务"))?.to_owned();
    let mut members = parse_object(&body, &Behaviour::default()).map_err(|_| Refusal::wrong(""))?;
    let mut object = |name: &str| match members.remove(name) {
        Some(Value::Object(object)) => Ok(object),
        None => Ok(Map::new()),
        Some(_) => Err(Refusal::wrong(name)),
    };
    Ok((service, object("head")?, object("data")?))
}

async fn perform(core: &Core<'_>, service: &str, head: &Map<String, Value>, data: Map<String, Value>) -> Answer {
    match service {
        "getToken" => return token::give(core, head, &data),
        "getServerInfo" => return information::server(core).await,
        _ => {}
    }
    let app = token::caller(core, head)?;
    let call = Call { core, app, data };
    match service {
        "queryCert" => information::search(&call).await,
        "queryCertInfo" => information::by_identifier(&call).await,
        "queryCertInfoByHolderCode" => information::by_holder(&call).await,
        "queryCertState" => information::state(&call).await,
        "queryTrust" => information::trust(&call).await,
        "downloadFile" => files::download(&call, "INLINE").await,
        "downloadUrl" => files::download(&call, "URL").await,
        "verifyCertInfo" => verify::information(&call).await,
        "verifyFile" => verify::file(&call).await,
        _ => Err(Refusal::new(2, "数据源未提供该服务")),
    }
}

impl Call<'_> {
    /// How the server behaves.
    fn behaviour(&self) -> &Behaviour {
        &self.core.shared.behaviour
    }

    /// An optional text; an empty one is absent.
    fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.data.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(Refusal::wrong(name)),
        }
    }

    /// A mandatory text.
    fn needed(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?.ok_or_else(|| Refusal::empty(name))
    }

    /// The stated use as an object.
    fn use_object(&self) -> Result<Option<Value>, Refusal> {
        match self.data.get("useCause") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(stated)) => Ok(Some(Value::Object(stated.clone()))),
            Some(_) => Err(Refusal::wrong("useCause")),
        }
    }

    /// The stated use as a text that holds JSON.
    fn use_text(&self) -> Result<Option<Value>, Refusal> {
        let Some(text) = self.text("useCause")? else { return Ok(None) };
        match serde_json::from_str(text) {
            Ok(Value::Object(stated)) => Ok(Some(Value::Object(stated))),
            _ => Err(Refusal::wrong("useCause")),
        }
    }

    /// What the core answers with 2xx, else what it refuses.
    async fn ask(&self, operation: Operation, id: &str, body: Value) -> Result<Value, ApiError> {
        let ask = Ask { id: id.to_owned(), body, ..Ask::default() };
        let reply = self.core.ask(Some(self.app), operation, ask).await?;
        let body = reply.body.unwrap_or_default();
        if (200..300).contains(&reply.status) { Ok(body) } else { Err(refused(&body)) }
    }
}

/// A refusal that the core wrote as a body.
fn refused(body: &Value) -> ApiError {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let code = ErrorCode::parse(body["code"].as_str().unwrap_or_default()).unwrap_or(ErrorCode::Internal);
    let mut error = ApiError::new(code, &text(&body["message"]));
    let details = body["details"].as_array().into_iter().flatten();
    error.details = details
        .map(|detail| crate::errors::Detail { field: text(&detail["field"]), issue: text(&detail["issue"]) })
        .collect();
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_the_core_have_the_codes_seen() {
        for (error, status, parameter) in [
            (ApiError::invalid("use", "missing"), 12, "useCause"),
            (ApiError::invalid("use.certificateCopyCause", "empty"), 12, "useCause.certificateCopyCause"),
            (ApiError::invalid("use.certificateCopyCause", "too long"), 102, "useCause.certificateCopyCause"),
            (ApiError::invalid("certificateHolderTypeCode", "x"), 103, "holderTypeCode"),
            (ApiError::new(ErrorCode::Unauthenticated, "x"), 11, ""),
            (ApiError::new(ErrorCode::Forbidden, "x"), 100, ""),
            (ApiError::new(ErrorCode::NotFound, "x"), 10, ""),
            (ApiError::new(ErrorCode::NotSupported, "x"), 2, ""),
            (ApiError::rate_limited(1), 16, ""),
        ] {
            let refusal = Refusal::from(error);
            assert_eq!((refusal.status, refusal.parameter.as_str()), (status, parameter));
        }
    }
}
