//! Operation 1, and the words the reference declares.

use ecric_licence::instant::write_instant_ms;
use ecric_model::requirement::Role;
use serde_json::{Value, json};
use time::Duration;

use crate::loader::{HOLDER_AUTH_TRIES, UNKNOWN_CODES_PER_10S};
use crate::shared::Shared;

/// Largest request body, bytes (ruling A4).
pub(crate) const BODY_LIMIT: usize = 131_072;
/// Largest batch, items.
pub(crate) const BATCH_LIMIT: usize = 50;
/// Life of a download link, seconds.
pub(crate) const URL_TTL_S: i64 = 600;
/// Mismatches per application and licence in a minute (ruling C9).
pub(crate) const MISMATCHES_PER_MINUTE: usize = 60;
/// Unknown holders per application in ten seconds (ruling C9).
pub(crate) const UNKNOWN_HOLDERS_PER_10S: usize = 100;

/// The answer.
pub(crate) fn answer(shared: &Shared, test_mode: bool) -> Value {
    let roles: Vec<&str> = shared
        .roles
        .iter()
        .map(|role| match role {
            Role::Issuer => "issuer",
            Role::SharingService => "sharing_service",
            Role::Loader => "loader",
            _ => "verifier",
        })
        .collect();
    let mut features = vec!["suspend", "reissue", "attributes", "batch", "audit", "copy", "original", "status_list"];
    let loads = shared.roles.contains(&Role::Loader);
    if loads {
        features.extend(["reverse_scan", "pairwise_id", "log_delete", "consent_withdrawal"]);
    }
    if shared.roles.contains(&Role::Verifier) {
        features.extend(["presentation", "offline"]);
    }
    if test_mode {
        features.extend(["clock_control", "persona_control", "trust_control", "fault_injection"]);
    }
    if shared.behaviour.undeclared_feature_told() {
        features.push("catalogue");
    }
    let mut now = shared.clock.now();
    if shared.behaviour.server_time_behind() {
        now -= Duration::seconds(20);
    }
    let mut body = json!({
        "binding": "1",
        "product": "ecric reference",
        "version": env!("CARGO_PKG_VERSION"),
        "roles": roles,
        "features": features,
        "limits": {
            "bodyBytes": BODY_LIMIT, "batch": shared.behaviour.manners.batch_limit(), "ratePerSecond": 5000, "pageSizeMax": 100,
            "statusLagMs": 0, "auditLagMs": 0, "urlTtlS": shared.behaviour.manners.url_ttl_s(),
            "statusListMinPopulation": crate::files::status_list::LIST_SIZE,
            "throttle": {"mismatchesPerMinute": MISMATCHES_PER_MINUTE, "unknownHoldersPer10s": UNKNOWN_HOLDERS_PER_10S},
        },
        "authProfiles": ["hmac-sm3"],
        "serverTime": write_instant_ms(now),
        "testMode": test_mode,
        "timeZone": "Asia/Shanghai",
    });
    if loads {
        body["loaderTopology"] = json!("server");
        body["limits"]["holderAuthTries"] = json!(HOLDER_AUTH_TRIES);
        body["limits"]["throttle"]["unknownCodesPer10s"] = json!(UNKNOWN_CODES_PER_10S);
    }
    if shared.behaviour.private_key_shown() {
        body["debug"] = json!("-----BEGIN PRIVATE KEY-----");
    }
    if shared.behaviour.auth_profiles_missing()
        && let Some(members) = body.as_object_mut()
    {
        members.remove("authProfiles");
    }
    body
}
