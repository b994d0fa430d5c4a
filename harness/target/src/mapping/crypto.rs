//! Filters that sign and encrypt, and the same steps for answers. Keys come by name, as hex.

use ecric_gm::craft::Number;
use ecric_gm::encoding::from_hex;
use ecric_gm::sm2::encryption::{self, Ciphertext, Order};
use ecric_gm::sm2::{PublicKey, SecretKey, Signature};
use ecric_gm::{legacy, sm2, sm4};
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, State};

use super::filters::{bytes_of, secret, wrong};

/// Signer identifier of GB/T 35276 where nothing else is agreed.
pub(crate) const DEFAULT_ID: &str = "1234567812345678";
/// A signer identifier that nobody agreed on.
const OTHER_ID: &str = "8765432187654321";

/// Adds the filters.
pub(crate) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("sm2_sign", |state: &State, value: Value, options: Kwargs| {
        let key = secret(state, options.get("key")?)?;
        let id: Option<String> = options.get("id")?;
        let form: Option<String> = options.get("form")?;
        options.assert_all_used()?;
        let fault = state.lookup("sm2_fault").and_then(|fault| fault.as_str().map(str::to_owned));
        let fault = fault.as_deref().unwrap_or_default();
        let id = if fault == "other_id" { OTHER_ID } else { id.as_deref().unwrap_or(DEFAULT_ID) };
        let signature =
            sm2::sign(&private(&key)?, id.as_bytes(), &bytes_of(&value)?).map_err(|error| wrong(error.to_string()))?;
        let der = match form.as_deref() {
            None | Some("raw") => false,
            Some("der") => true,
            Some(other) => return Err(wrong(format!("form {other:?}: wanted raw or der"))),
        };
        Ok::<_, Error>(Value::from_bytes(spoilt(&signature, der, fault)))
    });
    environment.add_filter("sm2_encrypt", |state: &State, value: Value, options: Kwargs| {
        let key = secret(state, options.get("key")?)?;
        let order: Option<String> = options.get("order")?;
        let prefix: Option<bool> = options.get("prefix")?;
        options.assert_all_used()?;
        let key = public(&key)?;
        let plain = bytes_of(&value)?;
        // The nonce is derived from what is sent: requests are byte-stable, as everything of a run.
        let nonce = state.lookup("nonce").as_ref().and_then(Value::as_bytes).unwrap_or_default().to_vec();
        let nonce = SecretKey::derive(&[plain.as_slice(), &nonce].concat(), "sm2_encrypt");
        let sealed = encryption::encrypt_with_nonce(&key, &nonce, &plain).map_err(|error| wrong(error.to_string()))?;
        let raw = sealed.to_raw(order_of(order.as_deref()).map_err(wrong)?);
        Ok::<_, Error>(Value::from_bytes(if prefix == Some(false) { raw[1..].to_vec() } else { raw }))
    });
    environment.add_filter("sm2_decrypt", |state: &State, value: Value, options: Kwargs| {
        let key = secret(state, options.get("key")?)?;
        let order: Option<String> = options.get("order")?;
        let prefix: Option<bool> = options.get("prefix")?;
        options.assert_all_used()?;
        sm2_decrypt(&key, &bytes_of(&value)?, order.as_deref(), prefix).map(Value::from_bytes).map_err(wrong)
    });
    environment.add_filter("sm2_verify", |state: &State, value: Value, options: Kwargs| {
        let key = secret(state, options.get("key")?)?;
        let signature: Value = options.get("signature")?;
        let id: Option<String> = options.get("id")?;
        options.assert_all_used()?;
        sm2_verify(&key, id.as_deref(), &bytes_of(&value)?, &bytes_of(&signature)?).map_err(wrong)
    });
    for (name, mode) in
        [("sm4_ecb", Mode::Sm4Ecb), ("sm4_cbc", Mode::Sm4Cbc), ("aes_ecb", Mode::AesEcb), ("aes_cbc", Mode::AesCbc)]
    {
        environment.add_filter(name, move |state: &State, value: Value, options: Kwargs| {
            let key = secret(state, options.get("key")?)?;
            let iv: Option<String> = options.get("iv")?;
            let decrypt: Option<bool> = options.get("decrypt")?;
            options.assert_all_used()?;
            block(mode, &key, iv.as_deref(), decrypt == Some(true), &bytes_of(&value)?)
                .map(Value::from_bytes)
                .map_err(wrong)
        });
    }
}

/// A signature in its form, r ‖ s or DER, with one thing wrong with it if `fault` names one.
fn spoilt(signature: &Signature, der: bool, fault: &str) -> Vec<u8> {
    let mut halves = *signature.as_raw();
    match fault {
        "negated" => {
            let s: [u8; 32] = std::array::from_fn(|at| halves[32 + at]);
            halves[32..].copy_from_slice(&Number::reduce(&s).negated().to_bytes());
        }
        "zero_r" => halves[..32].fill(0),
        "zero_s" => halves[32..].fill(0),
        _ => {}
    }
    if der == (fault == "other_form") { halves.to_vec() } else { der_of(&halves) }
}

/// SEQUENCE of two INTEGERs, whatever their values.
fn der_of(halves: &[u8; 64]) -> Vec<u8> {
    let integer = |half: &[u8]| {
        let first = half.iter().position(|byte| *byte != 0).unwrap_or(31);
        let digits = &half[first..];
        let zero: &[u8] = if digits[0] > 0x7f { &[0] } else { &[] };
        let length = u8::try_from(zero.len() + digits.len()).unwrap_or_default();
        [&[2, length], zero, digits].concat()
    };
    let both = [integer(&halves[..32]), integer(&halves[32..])].concat();
    [vec![0x30, u8::try_from(both.len()).unwrap_or_default()], both].concat()
}

/// Block modes of filters and decode steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Sm4Ecb,
    Sm4Cbc,
    AesEcb,
    AesCbc,
}

/// Encrypts or decrypts with PKCS #7 padding; the key is hex, or text where it is no hex of that length.
pub(crate) fn block(mode: Mode, key: &str, iv: Option<&str>, decrypt: bool, data: &[u8]) -> Result<Vec<u8>, String> {
    let key = from_hex(&key.to_ascii_lowercase()).unwrap_or_else(|_| key.as_bytes().to_vec());
    let iv = iv.map_or_else(|| Ok(vec![0; 16]), |iv| from_hex(&iv.to_ascii_lowercase()));
    let iv: [u8; 16] = iv.ok().and_then(|iv| iv.try_into().ok()).ok_or("iv: wanted 16 bytes in hex")?;
    let sm4_key = || -> Result<sm4::Key, String> {
        let bytes: [u8; 16] = key.clone().try_into().map_err(|_| "an SM4 key has 16 bytes, in hex".to_owned())?;
        Ok(sm4::Key::from_bytes(&bytes))
    };
    let told = |error: &dyn std::fmt::Display| error.to_string();
    match (mode, decrypt) {
        (Mode::Sm4Ecb, false) => {
            let pad = 16 - data.len() % 16;
            let padded: Vec<u8> =
                data.iter().copied().chain(std::iter::repeat_n(u8::try_from(pad).unwrap_or(16), pad)).collect();
            sm4_key()?.encrypt_ecb(&padded).map_err(|error| told(&error))
        }
        (Mode::Sm4Ecb, true) => {
            let mut plain = sm4_key()?.decrypt_ecb(data).map_err(|error| told(&error))?;
            let pad = usize::from(*plain.last().unwrap_or(&0));
            let length = plain.len().checked_sub(pad).filter(|_| (1..=16).contains(&pad)).ok_or("wrong padding")?;
            plain.truncate(length);
            Ok(plain)
        }
        (Mode::Sm4Cbc, false) => sm4_key()?.encrypt_cbc(&iv, data, sm4::Padding::Pkcs7).map_err(|error| told(&error)),
        (Mode::Sm4Cbc, true) => sm4_key()?.decrypt_cbc(&iv, data, sm4::Padding::Pkcs7).map_err(|error| told(&error)),
        (Mode::AesEcb, false) => legacy::aes_ecb_encrypt(&key, data).map_err(|error| told(&error)),
        (Mode::AesEcb, true) => legacy::aes_ecb_decrypt(&key, data).map_err(|error| told(&error)),
        (Mode::AesCbc, false) => legacy::aes_cbc_encrypt(&key, &iv, data).map_err(|error| told(&error)),
        (Mode::AesCbc, true) => legacy::aes_cbc_decrypt(&key, &iv, data).map_err(|error| told(&error)),
    }
}

/// Decrypts an SM2 ciphertext.
pub(crate) fn sm2_decrypt(
    key: &str,
    data: &[u8],
    order: Option<&str>,
    prefix: Option<bool>,
) -> Result<Vec<u8>, String> {
    let key = private(key).map_err(|error| error.to_string())?;
    let with_prefix = if prefix == Some(false) { [&[4], data].concat() } else { data.to_vec() };
    let sealed = Ciphertext::from_raw(&with_prefix, order_of(order)?).map_err(|error| error.to_string())?;
    encryption::decrypt(&key, &sealed).map(|plain| plain.to_vec()).map_err(|error| error.to_string())
}

/// True if a signature, raw or DER, is right. The key is a public point or a private scalar, hex.
pub(crate) fn sm2_verify(key: &str, id: Option<&str>, message: &[u8], signature: &[u8]) -> Result<bool, String> {
    let key = public(key).map_err(|error| error.to_string())?;
    let parsed = match <&[u8; 64]>::try_from(signature) {
        Ok(raw) => Signature::from_raw(raw),
        Err(_) => Signature::from_der(signature),
    };
    let id = id.unwrap_or(DEFAULT_ID);
    Ok(parsed.is_ok_and(|signature| sm2::verify(&key, id.as_bytes(), message, &signature).is_ok()))
}

fn order_of(word: Option<&str>) -> Result<Order, String> {
    match word {
        None | Some("c1c3c2") => Ok(Order::C1C3C2),
        Some("c1c2c3") => Ok(Order::C1C2C3),
        Some(other) => Err(format!("order {other:?}: wanted c1c3c2 or c1c2c3")),
    }
}

fn private(text: &str) -> Result<SecretKey, Error> {
    let bytes: Option<[u8; 32]> = from_hex(&text.to_ascii_lowercase()).ok().and_then(|bytes| bytes.try_into().ok());
    let bytes = bytes.ok_or_else(|| wrong("an SM2 private key is 32 bytes in hex"))?;
    SecretKey::from_bytes(&bytes).map_err(|error| wrong(error.to_string()))
}

fn public(text: &str) -> Result<PublicKey, Error> {
    match from_hex(&text.to_ascii_lowercase()).map(<[u8; 65]>::try_from) {
        Ok(Ok(point)) => PublicKey::from_uncompressed(&point).map_err(|error| wrong(error.to_string())),
        _ => private(text).map(|key| *key.public_key()),
    }
}
