//! libsmx as a second opinion: everything that it can express, bytes passed on as they are.

use ecric_gm::encoding::{from_hex, hex};
use ecric_vectors::set::{Answer, Question, Verdict};
use libsmx::sm2::field::fn_from_bytes;
use libsmx::sm2::key_exchange::{EphemeralKey, exchange_a, exchange_b};
use libsmx::sm2::{PrivateKey, decrypt, get_e, get_z, sign_with_k, verify};
use libsmx::sm3::{Sm3Hasher, hmac_sm3};
use libsmx::sm4::{
    sm4_decrypt_cbc, sm4_decrypt_ccm, sm4_decrypt_ecb, sm4_decrypt_gcm, sm4_encrypt_cbc, sm4_encrypt_ccm,
    sm4_encrypt_ecb, sm4_encrypt_gcm,
};

use x509_cert::der::{Decode as _, Encode as _};

/// Why there is no output.
enum Gap {
    /// The library refuses.
    Refused,
    /// The interface cannot express it.
    Unsupported,
}

type Reply = Result<Option<Vec<u8>>, Gap>;

/// Asks the library.
pub fn answer(question: &Question) -> Answer {
    let (result, output) = match ask(question) {
        Ok(output) => (Verdict::Valid, output.map(|bytes| hex(&bytes))),
        Err(Gap::Refused) => (Verdict::Invalid, None),
        Err(Gap::Unsupported) => (Verdict::Unsupported, None),
    };
    Answer { id: question.id.clone(), result, output, reason: None }
}

struct Input<'a>(&'a Question);

impl Input<'_> {
    fn text(&self, name: &str) -> Result<&str, Gap> {
        self.0.input.get(name).map(String::as_str).ok_or(Gap::Unsupported)
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, Gap> {
        from_hex(self.text(name)?).map_err(|_| Gap::Unsupported)
    }

    /// The library takes arrays: another length cannot be expressed.
    fn array<const N: usize>(&self, name: &str) -> Result<[u8; N], Gap> {
        self.bytes(name)?.try_into().map_err(|_| Gap::Unsupported)
    }

    fn repeated(&self, name: &str) -> Result<Vec<u8>, Gap> {
        Ok(self.bytes(name)?.repeat(self.text("repeat")?.parse().map_err(|_| Gap::Unsupported)?))
    }

    fn secret(&self, name: &str) -> Result<PrivateKey, Gap> {
        PrivateKey::from_bytes(&self.array(name)?).map_err(|_| Gap::Refused)
    }
}

fn accept(holds: bool) -> Reply {
    if holds { Ok(None) } else { Err(Gap::Refused) }
}

fn ask(question: &Question) -> Reply {
    let input = Input(question);
    Ok(Some(match question.operation.as_str() {
        "sm3.digest" => {
            let mut hasher = Sm3Hasher::new();
            hasher.update(&input.repeated("message")?);
            hasher.finalize().to_vec()
        }
        "hmac-sm3.mac" => hmac_sm3(&input.bytes("key")?, &input.repeated("message")?).to_vec(),
        "hmac-sm3.verify" => {
            let made = hmac_sm3(&input.bytes("key")?, &input.repeated("message")?);
            return accept(made[..] == input.bytes("mac")?);
        }
        name if name.starts_with("sm4.") => return sm4(name, &input),
        "sm2.za" => get_z(&short(input.repeated("unit")?)?, &input.array("public_key")?).to_vec(),
        "sm2.message-digest" => {
            let z = get_z(&input.bytes("id")?, &input.array("public_key")?);
            get_e(&z, &input.bytes("message")?).to_vec()
        }
        "sm2.public-key" => input.secret("d")?.public_key().to_vec(),
        "sm2.sign-with-nonce" => {
            let key = input.secret("d")?;
            let e = get_e(&get_z(&input.bytes("id")?, &key.public_key()), &input.bytes("message")?);
            let k = fn_from_bytes(&input.array("k")?).retrieve();
            sign_with_k(&e, &key, &k).map_err(|_| Gap::Refused)?.to_vec()
        }
        "sm2.verify" => return verification(&input),
        "x509.signature" => return certificate(&input),
        "sm2.exchange" => return exchange(&input),
        "sm2.decrypt" if input.text("form")? == "c1c3c2" => {
            decrypt(&input.secret("d")?, &input.bytes("ciphertext")?).map_err(|_| Gap::Refused)?
        }
        _ => return Err(Gap::Unsupported),
    }))
}

/// The library counts the bits of longer identifiers modulo 2^16.
fn short(id: Vec<u8>) -> Result<Vec<u8>, Gap> {
    if id.len() > 8191 { Err(Gap::Unsupported) } else { Ok(id) }
}

/// Read by x509-cert, verified by libsmx with the default signer identifier.
fn certificate(input: &Input<'_>) -> Reply {
    fn read(bytes: &[u8]) -> Result<x509_cert::Certificate, Gap> {
        x509_cert::Certificate::from_der(bytes).map_err(|_| Gap::Refused)
    }
    if input.text("kind")? != "certificate" {
        return Err(Gap::Unsupported);
    }
    let (object, issuer) = (read(&input.bytes("object")?)?, read(&input.bytes("issuer")?)?);
    let spki = issuer.tbs_certificate().subject_public_key_info();
    let key: [u8; 65] =
        spki.subject_public_key.as_bytes().and_then(|point| point.try_into().ok()).ok_or(Gap::Unsupported)?;
    let named = object.signature_algorithm().oid.to_string();
    let value = object.signature().as_bytes().ok_or(Gap::Refused)?;
    let value = libsmx::sm2::der::sig_from_der(value).map_err(|_| Gap::Refused)?;
    let signed = object.tbs_certificate().to_der().map_err(|_| Gap::Refused)?;
    let e = get_e(&get_z(b"1234567812345678", &key), &signed);
    accept(named == "1.2.156.10197.1.501" && verify(&e, &key, &value).is_ok())
}

fn verification(input: &Input<'_>) -> Reply {
    let signature = match input.text("encoding")? {
        "der" => libsmx::sm2::der::sig_from_der(&input.bytes("signature")?).map_err(|_| Gap::Refused)?,
        _ => input.array("signature")?,
    };
    let key: [u8; 65] = input.array("public_key")?;
    let e = match input.text("digest") {
        Ok(_) => input.array("digest")?,
        Err(_) => get_e(&get_z(&input.bytes("id")?, &key), &input.bytes("message")?),
    };
    accept(verify(&e, &key, &signature).is_ok())
}

fn exchange(input: &Input<'_>) -> Reply {
    let (own, ephemeral) = (input.secret("d")?, fn_from_bytes(&input.array("r")?).retrieve());
    let ephemeral = EphemeralKey::from_scalar(&ephemeral).map_err(|_| Gap::Refused)?;
    let (own_id, peer_id) = (input.bytes("own_id")?, input.bytes("peer_id")?);
    let (peer, point) = (input.array("peer_key")?, input.array("peer_point")?);
    let length = input.text("length")?.parse().map_err(|_| Gap::Unsupported)?;
    let key = own.public_key();
    Ok(Some(if input.text("role")? == "initiator" {
        let made = exchange_a(length, &own_id, &peer_id, &own, &key, &peer, &ephemeral, &point);
        let made = made.map_err(|_| Gap::Refused)?;
        [&made.key[..], &made.s_peer, &made.s_self].concat()
    } else {
        let made = exchange_b(length, &peer_id, &own_id, &own, &peer, &key, &ephemeral, &point);
        let made = made.map_err(|_| Gap::Refused)?;
        [&made.key[..], &made.s_self, &made.s_peer].concat()
    }))
}

fn sm4(name: &str, input: &Input<'_>) -> Reply {
    let key = input.array("key")?;
    let whole = |text: Vec<u8>| if text.len().is_multiple_of(16) { Ok(text) } else { Err(Gap::Unsupported) };
    Ok(Some(match name {
        "sm4.ecb-encrypt" => {
            let mut text = whole(input.bytes("plaintext")?)?;
            let rounds = input.text("rounds").unwrap_or("1").parse().map_err(|_| Gap::Unsupported)?;
            for _ in 0..rounds {
                text = sm4_encrypt_ecb(&key, &text);
            }
            text
        }
        "sm4.ecb-decrypt" => sm4_decrypt_ecb(&key, &whole(input.bytes("ciphertext")?)?),
        "sm4.cbc-encrypt" if input.text("padding")? == "none" => {
            sm4_encrypt_cbc(&key, &input.array("iv")?, &whole(input.bytes("plaintext")?)?)
        }
        "sm4.cbc-decrypt" if input.text("padding")? == "none" => {
            sm4_decrypt_cbc(&key, &input.array("iv")?, &whole(input.bytes("ciphertext")?)?)
        }
        "sm4.gcm-seal" | "sm4.ccm-seal" | "sm4.gcm-open" | "sm4.ccm-open" => return aead(name, &key, input),
        _ => return Err(Gap::Unsupported),
    }))
}

fn aead(name: &str, key: &[u8; 16], input: &Input<'_>) -> Reply {
    let (nonce, aad) = (input.array("nonce")?, input.bytes("aad")?);
    let made = match name {
        "sm4.gcm-seal" => {
            let (text, tag) = sm4_encrypt_gcm(key, &nonce, &aad, &input.bytes("plaintext")?);
            Ok([&text[..], &tag].concat())
        }
        "sm4.ccm-seal" => sm4_encrypt_ccm(key, &nonce, &aad, &input.bytes("plaintext")?, 16),
        "sm4.gcm-open" => {
            let sealed = input.bytes("ciphertext")?;
            // The tag comes apart: what has less than a tag cannot be expressed.
            let (text, tag) = sealed.split_last_chunk::<16>().ok_or(Gap::Unsupported)?;
            sm4_decrypt_gcm(key, &nonce, &aad, text, tag)
        }
        _ => sm4_decrypt_ccm(key, &nonce, &aad, &input.bytes("ciphertext")?, 16),
    };
    made.map(Some).map_err(|_| Gap::Refused)
}
