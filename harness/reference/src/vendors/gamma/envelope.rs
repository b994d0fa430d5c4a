//! The envelope of a request: who calls, that nothing was changed, that it is new.

use ecric_gm::craft::Number;
use ecric_gm::encoding::from_b64;
use ecric_gm::sm2::{DEFAULT_ID, PublicKey, Signature, verify};
use serde_json::{Map, Value};

use super::Refusal;
use crate::behaviour::Behaviour;
use crate::store::memory::NonceUse;
use crate::strict_json::parse_object;
use crate::vendors::china::parse_spaced;
use crate::vendors::{Core, keys};

/// Half width of the request window, seconds.
const WINDOW_S: i64 = 300;
/// Shortest and longest nonce, hex digits.
const NONCE: std::ops::RangeInclusive<usize> = 8..=64;

/// A request whose caller is known.
pub(super) struct Call {
    pub(super) method: String,
    pub(super) content: Map<String, Value>,
    /// Key that the answer is encrypted to, where the caller asks for that.
    pub(super) answer_key: Option<PublicKey>,
}

/// Text that is signed: every member but `sign` and empty ones, sorted by name, `name=value` joined by `&`.
pub(super) fn signed_text(members: &Map<String, Value>) -> String {
    let mut pairs: Vec<(&str, &str)> = members
        .iter()
        .filter(|(name, _)| *name != "sign")
        .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    pairs.sort_unstable();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<String>>().join("&")
}

/// Opens a request. With a refusal comes the key that its answer is encrypted to, once the caller is known.
pub(super) async fn open(core: &Core<'_>, body: &[u8]) -> Result<Call, (Refusal, Option<PublicKey>)> {
    let plain = |refusal| (refusal, None);
    if core.parts.uri.path() != "/gateway.do" || core.parts.method != axum::http::Method::POST {
        return Err(plain(Refusal::invalid("method", "wanted POST /gateway.do")));
    }
    let members = parse_object(body, &Behaviour::default());
    let members = members.map_err(|_| plain(Refusal::new("40002", "the request is no JSON object")))?;
    if let Some((name, _)) = members.iter().find(|(_, value)| !value.is_string()) {
        return Err(plain(Refusal::invalid(name, "not a text")));
    }
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
    for name in ["app_id", "method", "version", "timestamp", "nonce", "sign_type", "biz_content", "sign"] {
        if text(name).is_empty() {
            return Err(plain(Refusal { bad: name.to_owned(), ..Refusal::new("40001", "missing") }));
        }
    }
    let key = keys::private_key("gamma.key").filter(|_| text("app_id") == keys::secret("gamma.app"));
    let Some(key) = key.map(|key| *key.public_key()) else {
        return Err(plain(Refusal::new("40010", "signature or caller is wrong")));
    };
    let behaviour = &core.shared.behaviour;
    let signed = signed_text(&members);
    if !signature_holds(&key, &signed, text("sign")) && !is_forgiven(&key, &signed, text("sign"), behaviour) {
        let refusal = Refusal::new("40010", "signature or caller is wrong");
        return Err((refusal, (text("enc_type") == "SM2").then_some(key)));
    }
    let answer_key = (text("enc_type") == "SM2").then_some(key);
    let refuse = |refusal| (refusal, answer_key);
    for (name, wanted) in [("version", "1.0"), ("sign_type", "SM2")] {
        if text(name) != wanted {
            return Err(refuse(Refusal::invalid(name, "not offered")));
        }
    }
    if !["", "SM2"].contains(&text("enc_type")) {
        return Err(refuse(Refusal::invalid("enc_type", "not offered")));
    }
    let sent = parse_spaced(text("timestamp"));
    let off = sent.map(|sent| (core.shared.clock.now() - sent).whole_seconds().abs());
    if off.is_none_or(|off| off > WINDOW_S) {
        return Err(refuse(Refusal::new("40011", "timestamp is outside the request window")));
    }
    spend(core, text("nonce")).await.map_err(refuse)?;
    let content = parse_object(text("biz_content").as_bytes(), &Behaviour::default());
    let content = content.map_err(|_| refuse(Refusal::invalid("biz_content", "no JSON object")))?;
    Ok(Call { method: text("method").to_owned(), content, answer_key })
}

fn signature_holds(key: &PublicKey, text: &str, signature: &str) -> bool {
    let raw = from_b64(signature).ok().and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    let signature = raw.and_then(|raw| Signature::from_raw(&raw).ok());
    signature.is_some_and(|signature| verify(key, DEFAULT_ID, text.as_bytes(), &signature).is_ok())
}

/// What faulty gateways accept. Always false for the right one.
fn is_forgiven(key: &PublicKey, text: &str, signature: &str, behaviour: &Behaviour) -> bool {
    let bytes = from_b64(signature).unwrap_or_default();
    let holds = |signature: &Signature, id: &[u8]| verify(key, id, text.as_bytes(), signature).is_ok();
    if behaviour.gateway_reads_der() {
        return Signature::from_der(&bytes).is_ok_and(|signature| holds(&signature, DEFAULT_ID));
    }
    let Ok(raw) = <[u8; 64]>::try_from(bytes) else { return false };
    if behaviour.gateway_zero_accepted() && (raw[..32] == [0; 32] || raw[32..] == [0; 32]) {
        return true;
    }
    let mut other = raw;
    if behaviour.gateway_sign_ignored() {
        let s: [u8; 32] = std::array::from_fn(|at| raw[32 + at]);
        other[32..].copy_from_slice(&Number::reduce(&s).negated().to_bytes());
    }
    let id: &[u8] = if behaviour.gateway_takes_any_id() { b"8765432187654321" } else { DEFAULT_ID };
    Signature::from_raw(&other).is_ok_and(|signature| holds(&signature, id))
}

/// A nonce counts once, whatever the answer to its request is.
async fn spend(core: &Core<'_>, nonce: &str) -> Result<(), Refusal> {
    if !NONCE.contains(&nonce.len()) || !nonce.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::invalid("nonce", "not 8 to 64 hex digits"));
    }
    let fault = |_| Refusal::new("20000", "unavailable");
    let mut tx = core.shared.store.begin().await.map_err(fault)?;
    let used = tx.spend_nonce("gamma", nonce, core.shared.clock.monotonic_ms()).await.map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    match used {
        NonceUse::First => Ok(()),
        NonceUse::Again => Err(Refusal::new("40012", "the nonce was used before")),
    }
}

#[cfg(test)]
mod tests {
    use ecric_gm::encoding::b64;
    use serde_json::json;

    use super::*;

    /// The worked example of gamma's design.
    #[test]
    fn worked_example() {
        let biz = concat!(
            r#"{"code":"ECR1:TEST","fields":"name|ageOver18","audience":"11440300099999917Q","#,
            r#""scene":"HOTEL","nonce":"MDEyMzQ1Njc4OTo7PD0-Pw"}"#
        );
        let envelope = json!({"version": "1.0", "app_id": "G-RP-01", "method": "ecard.code.verify", "nonce": "6f1d0c52",
            "sign_type": "SM2", "timestamp": "2026-06-01 09:00:00", "biz_content": biz, "sign": "x", "enc_type": ""});
        let text = signed_text(envelope.as_object().unwrap());
        assert!(text.starts_with("app_id=G-RP-01&biz_content={\"code\""), "{text}");
        assert!(text.ends_with("&sign_type=SM2&timestamp=2026-06-01 09:00:00&version=1.0"), "{text}");
        let key = keys::private_key("gamma.key").unwrap();
        let signature = b64(ecric_gm::sm2::sign(&key, DEFAULT_ID, text.as_bytes()).unwrap().as_raw());
        let wanted = "1FFOsTQ//ZHbmTUcsUDOUQSCzbwboUII9lyHlCDxhUZj+ooFce/tIe3sxOIY9d5KCUmmhwZNliR9Ridc4KVLXQ==";
        assert_eq!(signature, wanted);
        assert!(signature_holds(key.public_key(), &text, wanted));
        assert!(!signature_holds(key.public_key(), &text.replace("HOTEL", "BANK"), wanted));
        assert!(!signature_holds(key.public_key(), &text, ""));
    }
}
