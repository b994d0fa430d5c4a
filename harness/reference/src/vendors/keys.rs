//! Published test keys of vendors, and what they do with SM2. Worthless outside tests, by design.

use ecric_gm::encoding::{from_hex, hex};
use ecric_gm::sm2::encryption::{Order, encrypt_with_nonce};
use ecric_gm::sm2::{PublicKey, SecretKey};
use ecric_gm::sm3;
use ecric_model::published::VENDOR_SECRETS;

use crate::shared::Shared;

/// Seed of every published key of the suite.
const PUBLISHED_SEED: &[u8] = b"ecric-test-pki-v1";

/// A published secret by name; empty for a name that is not published.
pub(super) fn secret(name: &str) -> &'static str {
    VENDOR_SECRETS.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

/// A published SM2 private key by the name of its secret (hex scalar).
pub(super) fn private_key(name: &str) -> Option<SecretKey> {
    let bytes = from_hex(secret(name)).ok()?;
    SecretKey::from_bytes(bytes.as_slice().try_into().ok()?).ok()
}

/// The key that belongs to a label of the published test PKI.
pub(super) fn derived(label: &str) -> SecretKey {
    SecretKey::derive(PUBLISHED_SEED, label)
}

/// Hex of `C1 ‖ C3 ‖ C2` with its leading `04`; empty for an empty text, which SM2 cannot encrypt.
pub(super) fn encrypt(shared: &Shared, key: &PublicKey, text: &str) -> String {
    // k comes from the server's secret, its time and the text: two different texts never share it.
    let moment = shared.seal(&format!("sm2 {}", shared.clock.real().unix_timestamp_nanos()));
    let seed = [&moment[..], &sm3::digest(text.as_bytes())].concat();
    let nonce = SecretKey::derive(&seed, "answer");
    encrypt_with_nonce(key, &nonce, text.as_bytes())
        .map(|sealed| hex(&sealed.to_raw(Order::C1C3C2)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_keys_are_those_of_their_labels() {
        for (name, label) in [("gamma.key", "XG11"), ("gb36906.sm2", "GB36906-SHARE-01")] {
            let key = private_key(name).unwrap();
            assert_eq!(hex(&key.to_bytes()[..]), hex(&derived(label).to_bytes()[..]), "{name}");
        }
        let gateway = derived("GAMMA-GATEWAY");
        assert_eq!(hex(&gateway.public_key().to_uncompressed()), secret("gamma-gateway.pub"));
        assert_eq!(secret("nobody"), "");
    }
}
