//! Tokens of vendors that are logged in to: who, until when, for whom, and a seal over all. Nothing is stored.
//! A token lives by real time, so that test control T2 does not end it.

use ecric_gm::encoding::hex;
use ecric_gm::hmac_sm3::Key;
use ecric_model::published::VENDOR_SECRETS;

use crate::router::fresh_id;
use crate::shared::Shared;

/// Life of a token, seconds.
pub(super) const LIFE_S: i64 = 900;

/// Key of the authority that all stand-in vendors trust: a public test key, so that tokens can be published.
const AUTHORITY: &[u8; 32] = b"ecric-stand-in-vendors-token-key";

/// Number of the caller with this name and secret: 0 for the one with every right, 1 for the second one.
pub(super) fn caller(vendor: &str, name: &str, secret: &str) -> Option<usize> {
    let published = |member: &str| {
        VENDOR_SECRETS.iter().find(|(found, _)| *found == member).map(|(_, value)| *value).unwrap_or_default()
    };
    [vendor.to_owned(), format!("{vendor}-other")].iter().position(|found| {
        let (wanted, key) = (published(&format!("{found}.app")), published(&format!("{found}.key")));
        !wanted.is_empty() && same(wanted.as_bytes(), name.as_bytes()) && same(key.as_bytes(), secret.as_bytes())
    })
}

/// A new token of a caller.
pub(super) fn issue(shared: &Shared, vendor: &str, caller: usize) -> String {
    let until = shared.clock.real().unix_timestamp() + LIFE_S;
    let text = format!("{caller}.{until}.{vendor}.{}", fresh_id(shared));
    format!("{text}.{}", seal(&text))
}

/// The caller that a token was given to for this vendor, while it lives.
pub(super) fn read(shared: &Shared, vendor: &str, token: &str) -> Option<usize> {
    let (text, given) = token.rsplit_once('.')?;
    if !same(seal(text).as_bytes(), given.as_bytes()) {
        return None;
    }
    let behaviour = &shared.behaviour;
    let mut parts = text.split('.');
    let caller = parts.next()?.parse().ok()?;
    let until: i64 = parts.next()?.parse().ok()?;
    let meant = parts.next() == Some(vendor) || behaviour.token_audience_ignored();
    let lives = shared.clock.real().unix_timestamp() < until || behaviour.token_expiry_ignored();
    (meant && lives).then_some(caller)
}

fn seal(text: &str) -> String {
    hex(&Key::from_bytes(AUTHORITY).mac(format!("token {text}").as_bytes())[..16])
}

/// Comparison whose time does not depend on where the first difference is.
fn same(wanted: &[u8], given: &[u8]) -> bool {
    wanted.len() == given.len() && wanted.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_tokens_are_sealed() {
        for (name, until, audience) in
            [("beta.expired", "1577836800", "beta"), ("beta.foreign", "4102444800", "registry")]
        {
            let (_, token) = VENDOR_SECRETS.iter().find(|(found, _)| *found == name).unwrap();
            let (text, given) = token.rsplit_once('.').unwrap();
            assert_eq!(seal(text), given, "{name}");
            let parts: Vec<&str> = text.split('.').collect();
            assert_eq!(parts[..3], ["0", until, audience], "{name}");
        }
    }
}
