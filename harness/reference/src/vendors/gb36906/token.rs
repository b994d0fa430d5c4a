//! Tokens: given for a digest over the caller's secret, kept nowhere, sealed with the server's own key.

use ecric_gm::encoding::hex;
use ecric_gm::sm3;
use serde_json::{Map, Value, json};

use super::{Answer, Refusal};
use crate::auth::App;
use crate::shared::Shared;
use crate::vendors::china::parse_packed;
use crate::vendors::{Core, keys};

/// Life of a token, seconds.
const LIFE_S: i64 = 1_800;
/// Half width of the window of `timestamp`, seconds.
const WINDOW_S: i64 = 600;

/// Secrets of callers by their place among the applications of the server.
const CALLERS: [(&str, &str); 2] = [("gb36906.app", "gb36906.key"), ("gb36906-other.app", "gb36906-other.key")];

fn unknown() -> Refusal {
    Refusal::new(11, "调用方身份验证不通过")
}

/// The text that `sign` is a digest of.
pub(super) fn signed_text(access_id: &str, timestamp: &str, secret: &str) -> String {
    format!("{access_id}{timestamp}{secret}")
}

/// `getToken`: `head.accessId`; `data` {timestamp `yyyyMMddHHmmss`, sign: hex SM3 of id, timestamp, secret}.
pub(super) fn give(core: &Core<'_>, head: &Map<String, Value>, data: &Map<String, Value>) -> Answer {
    let of = |members: &Map<String, Value>, name: &str| {
        members.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| Refusal::empty(name))
    };
    let (id, timestamp, sign) = (of(head, "accessId")?, of(data, "timestamp")?, of(data, "sign")?);
    let known = CALLERS.iter().find(|(app, _)| keys::secret(app) == id).ok_or_else(unknown)?;
    let wanted = sm3::digest_hex(signed_text(&id, &timestamp, keys::secret(known.1)).as_bytes());
    let now = core.shared.clock.now();
    let off = parse_packed(&timestamp).map(|sent| (now - sent).whole_seconds().abs());
    if sign != wanted || off.is_none_or(|off| off > WINDOW_S) {
        return Err(unknown());
    }
    let ends = now.unix_timestamp().saturating_add(LIFE_S);
    Ok(json!({"accessToken": format!("{ends:x}.{}", seal(core.shared, &id, ends)), "expiresIn": LIFE_S.to_string()}))
}

fn seal(shared: &Shared, id: &str, ends: i64) -> String {
    hex(&shared.seal(&format!("token {id} {ends}")))
}

/// The caller behind `accessId` and `accessToken`.
pub(super) fn caller<'a>(core: &'a Core<'_>, head: &Map<String, Value>) -> Result<&'a App, Refusal> {
    let text = |name: &str| head.get(name).and_then(Value::as_str).unwrap_or_default();
    let (id, token) = (text("accessId"), text("accessToken"));
    let index = CALLERS.iter().position(|(app, _)| keys::secret(app) == id).ok_or_else(unknown)?;
    let (ends, found) = token.split_once('.').ok_or_else(unknown)?;
    let ends = i64::from_str_radix(ends, 16).map_err(|_| unknown())?;
    let alive = ends > core.shared.clock.now().unix_timestamp();
    let app = core.app(index).filter(|_| alive && found == seal(core.shared, id, ends));
    app.ok_or_else(unknown)
}
