//! SM4 in its modes.

use ecric_gm::sm4::{Key, Padding, Sealed};

use super::{Input, Refusal, Reply, invalid, out};

/// Most rounds over one block; the standard has an example of a million.
const ROUNDS_MAX: u32 = 1_000_000;

pub(super) fn ask(name: &str, input: &Input<'_>) -> Reply {
    let key = Key::from_bytes(&input.array("key")?);
    let made = match name {
        "sm4.ecb-encrypt" => return encrypt_ecb(&key, input),
        "sm4.ecb-decrypt" => key.decrypt_ecb(&input.bytes("ciphertext")?),
        "sm4.cbc-encrypt" => key.encrypt_cbc(&input.array("iv")?, &input.bytes("plaintext")?, padding(input)?),
        "sm4.cbc-decrypt" => key.decrypt_cbc(&input.array("iv")?, &input.bytes("ciphertext")?, padding(input)?),
        _ => return aead(&key, name, input),
    };
    out(&made.map_err(invalid)?)
}

fn aead(key: &Key, name: &str, input: &Input<'_>) -> Reply {
    let seals = name.ends_with("-seal");
    let text = input.bytes(if seals { "plaintext" } else { "ciphertext" })?;
    let (nonce, aad) = (input.array("nonce")?, input.bytes("aad")?);
    let parts = Sealed { nonce: &nonce, aad: &aad, text: &text };
    let made = match name {
        "sm4.gcm-seal" => key.seal_gcm(&parts),
        "sm4.gcm-open" => key.open_gcm(&parts),
        "sm4.ccm-seal" => key.seal_ccm(&parts),
        "sm4.ccm-open" => key.open_ccm(&parts),
        _ => return Err(Refusal::Unsupported),
    };
    out(&made.map_err(invalid)?)
}

fn encrypt_ecb(key: &Key, input: &Input<'_>) -> Reply {
    let plaintext = input.bytes("plaintext")?;
    let Some(rounds) = input.find("rounds") else { return out(&key.encrypt_ecb(&plaintext).map_err(invalid)?) };
    let rounds = rounds.parse().ok().filter(|rounds| *rounds <= ROUNDS_MAX);
    let rounds = rounds.ok_or_else(|| Refusal::Malformed("rounds is no number up to 1000000".to_owned()))?;
    out(&key.encrypt_block(&input.array("plaintext")?, rounds))
}

fn padding(input: &Input<'_>) -> Result<Padding, Refusal> {
    match input.text("padding")? {
        "none" => Ok(Padding::None),
        "pkcs7" => Ok(Padding::Pkcs7),
        other => Err(Refusal::Malformed(format!("padding {other:?} is not known"))),
    }
}
