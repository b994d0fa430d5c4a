//! The wire of stand-in vendor alpha: forms with XML inside, signed with SM3, result codes, HTTP always 200.
//! Reads, authenticates, translates; decides nothing about licences. Invented; all values are test values.
//!
//! `POST /service/<name>.do` with the fields `appkey`, `time` (fourteen digits, China time), `xml`, `sign`: lower-case
//! hex SM3 over `appkey=…&time=…&xml=…` and the secret right behind. Ten minutes either way; a serial counts once.
//!
//! | services | operations of binding v1 |
//! |---|---|
//! | getServerInfo | 1 |
//! | createCert, sealCert, queryMakeState | 2 in three calls |
//! | queryCertInfo (valid licences only), queryCertState, downloadFile | 3, 5, 4 |
//! | changeState, renewCert | 7, 8, without expected versions |
//! | queryCert, queryCatalogue, queryLog, queryTrustList | 9, its catalogue, 11, 10 |
//! | verifyFile, verifyCertInfo | 12, 14 |
//!
//! What the codes mean: [`codes`]. Where a serial has more than 64 characters the answer is 77, which no list of
//! alpha's names: on purpose, so that a mapping meets a code that it cannot know.

use axum::http::Method;
use axum::response::Response;
use bytes::Bytes;
use ecric_gm::sm3;
use ecric_licence::instant::parse_instant;
use ecric_model::binding::ErrorCode;
use ecric_model::published::VENDOR_SECRETS;

use crate::auth::App;
use crate::clock::unix_ms;
use crate::errors::ApiError;
use crate::router::http_date;
use crate::store::memory::NonceUse;
use crate::vendors::Core;

mod codes;
mod form;
mod issue;
mod reading;
mod share;
mod verify;
mod writing;

pub(crate) use issue::Drafts;

use codes::Refused;
use reading::Request;
use writing::{Data, envelope};

/// Half width of the time window, milliseconds.
const WINDOW_MS: i64 = 600_000;
/// Published names of the callers, in the order of the core's applications.
const APPS: [&str; 2] = ["alpha", "alpha-other"];
/// Longest serial that alpha means to know.
const SERIAL_MAX: usize = 64;

/// A request whose caller is known.
struct Call<'a> {
    core: &'a Core<'a>,
    app: &'a App,
    request: Request,
}

/// Answers one request.
pub(crate) async fn answer(core: &Core<'_>, body: Result<Bytes, ApiError>) -> Response {
    let mut serial = String::new();
    let answered = match body {
        Ok(body) => perform(core, &body, &mut serial).await,
        Err(error) => Err(Refused::of(&error)),
    };
    let text = envelope(&serial, answered.as_ref().map(Data::text).map_err(Clone::clone));
    let built = Response::builder()
        .status(200)
        .header("content-type", "application/xml; charset=UTF-8")
        .header("cache-control", "no-store")
        .header("date", http_date(core.shared.clock.now()))
        .body(text.into());
    built.unwrap_or_default()
}

async fn perform(core: &Core<'_>, body: &[u8], serial: &mut String) -> Result<Data, Refused> {
    let name = service(core)?;
    let signed = form::read(body).ok_or_else(|| Refused::new("102", "the form cannot be read"))?;
    let (app, time, xml) = authenticate(core, &signed)?;
    let request = reading::read(xml).map_err(|problem| Refused::new("102", problem))?;
    serial.clone_from(&request.serial);
    check_head(core, app, &signed, &request, time).await?;
    let call = Call { core, app, request };
    match name {
        "getServerInfo" => share::server_info(&call).await,
        "createCert" => issue::create(&call).await,
        "sealCert" => issue::seal(&call).await,
        "queryMakeState" => issue::make_state(&call),
        "changeState" => issue::change_state(&call).await,
        "renewCert" => issue::renew(&call).await,
        "queryCertInfo" => share::cert_info(&call).await,
        "queryCertState" => share::cert_state(&call).await,
        "downloadFile" => share::download(&call).await,
        "queryCert" => share::search(&call).await,
        "queryCatalogue" => Ok(share::catalogue()),
        "queryLog" => share::log(&call).await,
        "queryTrustList" => share::trust_list(&call).await,
        "verifyFile" => verify::file(&call).await,
        "verifyCertInfo" => verify::cert_info(&call).await,
        _ => Err(not_provided()),
    }
}

fn not_provided() -> Refused {
    Refused::new("2", "service not provided")
}

/// The name between `/service/` and `.do`.
fn service<'a>(core: &Core<'a>) -> Result<&'a str, Refused> {
    let kind = core.parts.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = kind.split(';').next().is_some_and(|kind| kind.trim() == "application/x-www-form-urlencoded");
    let name = core.parts.uri.path().strip_prefix("/service/").and_then(|rest| rest.strip_suffix(".do"));
    name.filter(|_| core.parts.method == Method::POST && is_form).ok_or_else(not_provided)
}

fn unknown_caller() -> Refused {
    Refused::new("11", "caller check failed")
}

/// Application, time and XML of a request whose signature holds: lower-case hex SM3 over the sorted
/// parameters, directly followed by the secret.
fn authenticate<'a>(core: &'a Core<'_>, signed: &'a form::Form) -> Result<(&'a App, &'a str, &'a str), Refused> {
    let field = |name: &str| signed.get(name).filter(|value| !value.is_empty());
    let missing = |name: &str| Refused::new("12", "mandatory field empty").naming(name);
    let appkey = field("appkey").ok_or_else(|| missing("appkey"))?;
    let time = field("time").ok_or_else(|| missing("time"))?;
    let xml = field("xml").ok_or_else(|| missing("xml"))?;
    let sign = field("sign").ok_or_else(|| missing("sign"))?;
    let (index, secret) = caller(appkey).ok_or_else(unknown_caller)?;
    let app = core.app(index).ok_or_else(unknown_caller)?;
    let right = sm3::digest_hex(format!("appkey={appkey}&time={time}&xml={xml}{secret}").as_bytes());
    // Digests of both, so that the time of the comparison says nothing about the right one.
    if sm3::digest_hex(right.as_bytes()) != sm3::digest_hex(sign.as_bytes()) {
        return Err(unknown_caller());
    }
    Ok((app, time, xml))
}

/// Place among the applications of the core, and secret, of an appkey.
fn caller(appkey: &str) -> Option<(usize, &'static str)> {
    let index = APPS.iter().position(|name| secret(name, "app") == Some(appkey))?;
    secret(APPS[index], "key").map(|key| (index, key))
}

/// A published value of a caller: `app` or `key`.
fn secret(name: &str, what: &str) -> Option<&'static str> {
    let wanted = format!("{name}.{what}");
    VENDOR_SECRETS.iter().find(|(known, _)| *known == wanted).map(|(_, value)| *value)
}

/// Time window, caller named inside, serial: in this order.
async fn check_head(
    core: &Core<'_>,
    app: &App,
    signed: &form::Form,
    request: &Request,
    time: &str,
) -> Result<(), Refused> {
    let sent = codes::instant_of(time).and_then(|text| parse_instant(&text).ok());
    let sent = sent.ok_or_else(|| Refused::new("102", "not a time").naming("time"))?;
    if (unix_ms(core.shared.clock.now()) - unix_ms(sent)).abs() > WINDOW_MS {
        return Err(Refused::new("15", "time out of window"));
    }
    if Some(request.access_id.as_str()) != signed.get("appkey") {
        return Err(unknown_caller());
    }
    if request.serial.is_empty() {
        return Err(Refused::new("12", "mandatory field empty").naming("serial"));
    }
    if request.serial.len() > SERIAL_MAX {
        return Err(Refused::new("77", "error"));
    }
    let owner = format!("alpha {}", app.app);
    let internal = |error: sqlx::Error| Refused::of(&ApiError::from(error));
    let mut tx = core.shared.store.begin().await.map_err(internal)?;
    let used = tx.spend_nonce(&owner, &request.serial, core.shared.clock.monotonic_ms()).await.map_err(internal)?;
    tx.commit().await.map_err(internal)?;
    match used {
        NonceUse::First => Ok(()),
        NonceUse::Again => Err(Refused::of(&ApiError::new(ErrorCode::ReplayedRequest, "duplicate serial"))),
    }
}
