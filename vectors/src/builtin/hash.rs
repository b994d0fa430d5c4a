//! SM3, HMAC-SM3, derived test keys and request signatures.

use ecric_gm::encoding::{b64url, hex};
use ecric_gm::sm2::SecretKey;
use ecric_gm::{hmac_sm3, sm3};

use super::{Input, Refusal, Reply, invalid, out};

pub(super) fn ask(name: &str, input: &Input<'_>) -> Reply {
    match name {
        "sm3.digest" => out(&sm3::digest(&input.repeated("message")?)),
        "hmac-sm3.mac" => out(&key(input)?.mac(&input.repeated("message")?)),
        "hmac-sm3.verify" => match key(input)?.verify(&input.repeated("message")?, &input.bytes("mac")?) {
            true => Ok(None),
            false => Err(invalid("the code does not fit")),
        },
        "test-key.derive" => {
            let key = SecretKey::derive(&input.bytes("seed")?, input.text("label")?);
            Ok(Some(hex(&*key.to_bytes())))
        }
        "request.sign-hmac" => sign_request(input),
        _ => Err(Refusal::Unsupported),
    }
}

fn key(input: &Input<'_>) -> Result<hmac_sm3::Key, Refusal> {
    Ok(hmac_sm3::Key::from_bytes(&input.bytes("key")?))
}

/// The query of a question is already in its canonical form.
fn sign_request(input: &Input<'_>) -> Reply {
    let mut lines = Vec::new();
    for name in ["method", "path", "query", "app", "timestamp", "nonce"] {
        lines.push(input.text(name)?.to_owned());
    }
    lines.push(sm3::digest_hex(input.text("body")?.as_bytes()));
    Ok(Some(b64url(&key(input)?.mac(lines.join("\n").as_bytes()))))
}
