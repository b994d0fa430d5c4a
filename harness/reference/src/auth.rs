//! Profile `hmac-sm3` of binding v1, section 3: who calls, and that nothing was changed on the way.
//! Must never compare a signature in variable time, nor say which part of the credentials was wrong.

use std::fmt::Write as _;

use axum::http::HeaderMap;
use ecric_gm::encoding::from_b64url;
use ecric_gm::hmac_sm3::Key;
use ecric_gm::sm3;
use ecric_model::binding::ErrorCode;
use ecric_model::published::PublishedApp;
use time::OffsetDateTime;

use crate::behaviour::Behaviour;
use crate::clock::{Clock, unix_ms};
use crate::errors::{ApiError, ReferenceError};

/// Half width of the request window, milliseconds.
const WINDOW_MS: i64 = 300_000;
/// What a faulty server takes.
const HOUR_MS: i64 = 3_600_000;

/// One application that may call.
#[derive(Debug, Clone)]
pub(crate) struct App {
    /// Id.
    pub(crate) app: String,
    /// Organisation behind it.
    pub(crate) organisation: String,
    /// True if it may use the test controls.
    pub(crate) full_rights: bool,
    key: Key,
}

/// Reads the published applications.
pub(crate) fn load_apps(published: &[PublishedApp]) -> Result<Vec<App>, ReferenceError> {
    published
        .iter()
        .map(|one| {
            Ok(App {
                app: one.app.to_owned(),
                organisation: one.organisation.to_owned(),
                full_rights: one.full_rights,
                key: Key::from_hex(one.key_hex).map_err(|_| ReferenceError::Key(one.app.to_owned()))?,
            })
        })
        .collect()
}

/// The signed parts of a request.
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) body: &'a [u8],
}

/// An authenticated caller and the nonce it spent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) app: &'a App,
    pub(crate) nonce: &'a str,
}

struct Credentials<'a> {
    app: &'a str,
    timestamp: &'a str,
    nonce: &'a str,
    signature: &'a str,
}

/// Checks credentials: form and signature, then the window (ruling B4). The nonce is checked by the caller.
pub(crate) fn authenticate<'a>(
    apps: &'a [App],
    headers: &'a HeaderMap,
    signed: &Signed<'_>,
    clock: &Clock,
    real_time_too: bool,
    behaviour: &Behaviour,
) -> Result<Caller<'a>, ApiError> {
    let text = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let first = values.next()?;
        // Of two values nobody can say which one was signed.
        let single = values.next().is_none() || behaviour.doubled_headers_first_wins();
        first.to_str().ok().filter(|_| single)
    };
    let names = ["x-ecric-app", "x-ecric-timestamp", "x-ecric-nonce", "x-ecric-signature"];
    let [Some(app), Some(timestamp), Some(nonce), Some(signature)] = names.map(text) else {
        let absent = names.iter().all(|name| !headers.contains_key(*name));
        if behaviour.credentials_optional()
            && absent
            && let Some(app) = apps.first()
        {
            return Ok(Caller { app, nonce: "" });
        }
        return Err(unauthenticated());
    };
    check_caller(apps, &Credentials { app, timestamp, nonce, signature }, signed, clock, real_time_too, behaviour)
}

/// What a faulty server takes: credentials out of the query, which then counts as empty.
pub(crate) fn from_query<'a>(
    apps: &'a [App],
    query: &[(String, String)],
    signed: &Signed<'_>,
    clock: &Clock,
    behaviour: &Behaviour,
) -> Option<&'a App> {
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let credentials = Credentials {
        app: value("X-Ecric-App")?,
        timestamp: value("X-Ecric-Timestamp")?,
        nonce: value("X-Ecric-Nonce")?,
        signature: value("X-Ecric-Signature")?,
    };
    let signed = Signed { query: "", ..*signed };
    check_signature(apps, &credentials, &signed, behaviour).ok().filter(|_| {
        parse_timestamp(credentials.timestamp).is_some_and(|at| check_window(at, clock, false, behaviour).is_ok())
    })
}

fn check_caller<'a>(
    apps: &'a [App],
    credentials: &Credentials<'a>,
    signed: &Signed<'_>,
    clock: &Clock,
    real_time_too: bool,
    behaviour: &Behaviour,
) -> Result<Caller<'a>, ApiError> {
    let (timestamp, nonce) = (credentials.timestamp, credentials.nonce);
    let app = check_signature(apps, credentials, signed, behaviour)?;
    if !nonce_is_well_formed(nonce, behaviour) {
        return Err(unauthenticated());
    }
    match parse_timestamp(timestamp) {
        Some(sent) => check_window(sent, clock, real_time_too, behaviour)?,
        None if behaviour.bad_timestamp_is_now() => {}
        None => return Err(unauthenticated()),
    }
    Ok(Caller { app, nonce })
}

fn unauthenticated() -> ApiError {
    ApiError::new(ErrorCode::Unauthenticated, "credentials are missing or wrong")
}

fn nonce_is_well_formed(nonce: &str, behaviour: &Behaviour) -> bool {
    from_b64url(nonce).is_ok_and(|bytes| bytes.len() == 16)
        || (nonce.is_empty() && behaviour.empty_nonce_accepted())
        || behaviour.any_nonce_accepted()
}

fn parse_timestamp(text: &str) -> Option<i64> {
    let digits = (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn check_window(sent: i64, clock: &Clock, real_time_too: bool, behaviour: &Behaviour) -> Result<(), ApiError> {
    let inside = |now: OffsetDateTime| {
        let late = unix_ms(now) - sent;
        late.abs() <= WINDOW_MS
            || (late.abs() <= HOUR_MS && behaviour.window_of_an_hour())
            || (late <= WINDOW_MS && behaviour.future_timestamps_accepted())
    };
    if inside(clock.now()) || (inside(clock.real()) && (real_time_too || behaviour.window_by_real_time())) {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::ClockSkew, "timestamp is outside the request window"))
}

fn check_signature<'a>(
    apps: &'a [App],
    credentials: &Credentials<'_>,
    signed: &Signed<'_>,
    behaviour: &Behaviour,
) -> Result<&'a App, ApiError> {
    let known = apps.iter().find(|app| app.app == credentials.app);
    let app = match (known, apps.first()) {
        (Some(app), _) => app,
        (None, Some(first)) if behaviour.unknown_app_is_first() => first,
        _ => return Err(unauthenticated()),
    };
    let text = string_to_sign(signed, credentials.app, credentials.timestamp, credentials.nonce);
    let signature = from_b64url(credentials.signature).unwrap_or_default();
    if app.key.verify(text.as_bytes(), &signature) || is_forgiven(app, credentials, signed, &signature, behaviour) {
        Ok(app)
    } else {
        Err(unauthenticated())
    }
}

/// What faulty servers accept. Always false for the right one.
fn is_forgiven(
    app: &App,
    credentials: &Credentials<'_>,
    signed: &Signed<'_>,
    signature: &[u8],
    behaviour: &Behaviour,
) -> bool {
    let with = |key: &Key, signed: &Signed<'_>| {
        key.verify(
            string_to_sign(signed, credentials.app, credentials.timestamp, credentials.nonce).as_bytes(),
            signature,
        )
    };
    let whole = string_to_sign(signed, credentials.app, credentials.timestamp, credentials.nonce);
    let right = ecric_gm::encoding::b64url(&app.key.mac(whole.as_bytes()));
    let other_path = || {
        OTHER_PATHS.iter().any(|path| {
            let replaced = match path.strip_prefix('*') {
                Some(last) => format!("{}/{last}", signed.path.rsplit_once('/').map_or("", |(head, _)| head)),
                None => (*path).to_owned(),
            };
            with(&app.key, &Signed { path: &replaced, ..*signed })
        })
    };
    let other_query = || ["", "ecric=1", "a=1", "x=1"].iter().any(|query| with(&app.key, &Signed { query, ..*signed }));
    let other_method =
        || ["GET", "POST", "PUT", "DELETE", "PATCH"].iter().any(|method| with(&app.key, &Signed { method, ..*signed }));
    (behaviour.published_wrong_key_accepted() && with(&Key::from_bytes(&[0xee; 32]), signed))
        || (behaviour.trailing_byte_unsigned()
            && !signed.body.is_empty()
            && with(&app.key, &Signed { body: &signed.body[..signed.body.len() - 1], ..*signed }))
        || (behaviour.path_unsigned() && other_path())
        || (behaviour.query_unsigned() && other_query())
        || (behaviour.method_unsigned() && other_method())
        || (behaviour.signature_prefix_enough()
            && credentials.signature.len() >= 16
            && right.starts_with(&credentials.signature[..16]))
        || (behaviour.empty_signature_accepted() && credentials.signature.is_empty())
        || (behaviour.keyless_digests_accepted() && sm3::digest(whole.as_bytes())[..] == *signature)
        || ((ecric_gm::legacy::md5(whole.as_bytes())[..] == *signature
            || ecric_gm::sha256::digest(whole.as_bytes())[..] == *signature)
            && behaviour.weak_digests_accepted())
        || (behaviour.algorithm_none_accepted() && credentials.signature == "none")
}

/// Paths tried by the server that does not bind the path; `*` keeps all but the last segment.
const OTHER_PATHS: &[&str] = &[
    "/v1/capabilities",
    "/v1/licences",
    "/v1/licences/search",
    "/v1/audit/search",
    "/v1/verify/attributes",
    "/v1/ecric-unknown",
    "/",
    "",
    "*status",
    "*file",
    "*transitions",
    "*reissue",
    "*other",
];

/// `S` of binding v1, section 3.
pub(crate) fn string_to_sign(signed: &Signed<'_>, app: &str, timestamp: &str, nonce: &str) -> String {
    let query = canonical_query(signed.query);
    [signed.method, signed.path, &query, app, timestamp, nonce, &sm3::digest_hex(signed.body)].join("\n")
}

/// The query in canonical form; a piece without `=` gets one, `+` is literal (ruling A12).
pub(crate) fn canonical_query(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
        .split('&')
        .map(|piece| {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            (percent_decode(key), percent_decode(value))
        })
        .collect();
    pairs.sort();
    let mut text = String::new();
    for (key, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        percent_encode(&key, &mut text);
        text.push('=');
        percent_encode(&value, &mut text);
    }
    text
}

/// Undoes percent-encoding; what is not a well-formed escape stays.
pub(crate) fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let value = escape
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        decoded.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    decoded
}

fn percent_encode(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_queries() {
        for (query, wanted) in [
            ("", ""),
            ("b=2&a=1", "a=1&b=2"),
            ("a", "a="),
            ("a=2&a=1", "a=1&a=2"),
            ("a=%7e", "a=~"),
            ("a=+", "a=%2B"),
            ("a=%zz", "a=%25zz"),
            ("&", "=&="),
            ("a=b=c", "a=b%3Dc"),
            ("a=%e4%b8%ad", "a=%E4%B8%AD"),
        ] {
            assert_eq!(canonical_query(query), wanted, "{query}");
        }
    }

    #[test]
    fn worked_example_of_the_binding() {
        let body = concat!(
            r#"{"attributes":["name","ageOver18"],"use":{"certificateCopyCause":"酒店入住登记","#,
            r#""certificateSystemName":"测试酒店前台","certificateCallCategory":"1"}}"#
        );
        let path = concat!(
            "/v1/licences/1.2.156.3005.2.11100000000013127D001.11100000000013127D.",
            "20260101A1B2C3D4E5F6.001.R/metadata"
        );
        let signed = Signed { method: "POST", path, query: "", body: body.as_bytes() };
        let text = string_to_sign(&signed, "suite-app-1", "1780275600000", "AAECAwQFBgcICQoLDA0ODw");
        assert!(text.ends_with("\nacef53ddd096f55a498ce6e3093fcfa6267fd5b54d88d305624f7c01d8785371"));
        let apps = load_apps(&ecric_model::published::ALL).unwrap();
        let mac = ecric_gm::encoding::b64url(&apps[0].key.mac(text.as_bytes()));
        assert_eq!(mac, "pVJ5yALzQSii3SaSo00k-RfeI-zM3LFrO-4KcEHli1s");
    }

    fn example_time() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_780_275_600).unwrap()
    }

    #[test]
    fn credentials_are_judged_in_order() {
        let apps = load_apps(&ecric_model::published::ALL).unwrap();
        let clock = Clock::new(example_time);
        let nonce = "AAECAwQFBgcICQoLDA0ODw";
        let signed = Signed { method: "POST", path: "/v1/licences", query: "a=1", body: b"{}" };
        let judge = |app: &str, timestamp: &str, nonce: &str, cut: usize| {
            let text = string_to_sign(&signed, app, timestamp, nonce);
            let signature = ecric_gm::encoding::b64url(&apps[0].key.mac(text.as_bytes()));
            let mut headers = HeaderMap::new();
            for (name, value) in [
                ("x-ecric-app", app),
                ("x-ecric-timestamp", timestamp),
                ("x-ecric-nonce", nonce),
                ("x-ecric-signature", &signature[..cut]),
            ] {
                headers.insert(name, value.parse().unwrap());
            }
            authenticate(&apps, &headers, &signed, &clock, false, &Behaviour::default()).map(drop).map_err(|e| e.code)
        };
        let unauthenticated = Err(ErrorCode::Unauthenticated);
        for (app, timestamp, nonce, cut, wanted) in [
            ("suite-app-1", "1780275600000", nonce, 43, Ok(())),
            ("suite-app-1", "1780275300000", nonce, 43, Ok(())),
            ("suite-app-1", "1780275900000", nonce, 43, Ok(())),
            ("suite-app-1", "1780275299999", nonce, 43, Err(ErrorCode::ClockSkew)),
            ("suite-app-1", "1780275900001", nonce, 43, Err(ErrorCode::ClockSkew)),
            ("suite-app-1", "1780275600000", nonce, 21, unauthenticated),
            ("suite-app-1", "1780275600000", nonce, 0, unauthenticated),
            ("suite-app-1", "now", nonce, 43, unauthenticated),
            ("suite-app-1", "-1", nonce, 43, unauthenticated),
            ("suite-app-1", "1780275600000", "", 43, unauthenticated),
            ("suite-app-1", "1780275600000", "AAEC", 43, unauthenticated),
            ("suite-app-1", "1780275600000", "AAECAwQFBgcICQoLDA0ODxA", 43, unauthenticated),
            ("suite-app-2", "1780275600000", nonce, 43, unauthenticated),
            ("nobody", "1780275600000", nonce, 43, unauthenticated),
        ] {
            assert_eq!(judge(app, timestamp, nonce, cut), wanted, "{app} {timestamp} {nonce} {cut}");
        }
    }
}
