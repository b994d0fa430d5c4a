//! Known answers of `vectors/data/crypto`, read as data. Knows the shape, not the values.

use std::collections::BTreeMap;

use crate::encoding::{from_hex, hex};
use crate::sm2::{
    self, KeyError, PublicKey, SecretKey, Signature, SignatureError, VerifyError, message_digest, verify, verify_digest,
};
use crate::{hkdf_sm3, hmac_sm3, sm3};

#[derive(serde::Deserialize)]
struct File {
    groups: Vec<Group>,
}

#[derive(serde::Deserialize)]
struct Group {
    params: BTreeMap<String, String>,
    items: Vec<Item>,
}

#[derive(serde::Deserialize)]
struct Item {
    id: String,
    input: BTreeMap<String, String>,
    expect: String,
    #[serde(default)]
    output: BTreeMap<String, String>,
}

impl Item {
    fn bytes(&self, name: &str) -> Vec<u8> {
        from_hex(&self.input[name]).unwrap_or_else(|error| panic!("{} {name}: {error}", self.id))
    }

    fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().unwrap_or_else(|_| panic!("{} {name}: not {N} bytes", self.id))
    }

    fn repeated(&self, unit: &str) -> Vec<u8> {
        self.bytes(unit).repeat(self.input["repeat"].parse().unwrap())
    }

    fn is_valid(&self) -> bool {
        self.expect == "valid"
    }
}

fn groups(text: &str) -> Vec<Group> {
    serde_yaml::from_str::<File>(text).unwrap().groups
}

fn items(text: &str) -> Vec<Item> {
    groups(text).into_iter().flat_map(|group| group.items).collect()
}

fn sm2_items(test: &str) -> Vec<Item> {
    let file = include_str!("../../../vectors/data/crypto/sm2-signature.yaml");
    let found: Vec<_> =
        groups(file).into_iter().filter(|group| group.params["test"] == test).flat_map(|group| group.items).collect();
    assert!(!found.is_empty(), "{test}");
    found
}

#[test]
fn sm3_digests() {
    for item in items(include_str!("../../../vectors/data/crypto/sm3.yaml")) {
        let message = item.repeated("message");
        assert_eq!(sm3::digest_hex(&message), item.output["digest"], "{}", item.id);
        let mut hasher = sm3::Hasher::new();
        for piece in message.chunks(61) {
            hasher.update(piece);
        }
        assert_eq!(hex(&hasher.finish()), item.output["digest"], "{} in pieces", item.id);
    }
}

#[test]
fn hmac_sm3_codes() {
    for item in items(include_str!("../../../vectors/data/crypto/hmac-sm3.yaml")) {
        let key = hmac_sm3::Key::from_hex(&item.input["key"]).unwrap();
        let message = item.repeated("message");
        assert_eq!(key.verify(&message, &item.bytes("mac")), item.is_valid(), "{}", item.id);
        if item.is_valid() {
            assert_eq!(hex(&key.mac(&message)), item.output["mac"], "{}", item.id);
        }
    }
}

#[test]
fn sm2_identifier_hash_and_message_digest() {
    for item in sm2_items("message-digest") {
        let key = PublicKey::from_uncompressed(&item.array("public_key")).unwrap();
        assert_eq!(hex(&sm2::za(&item.bytes("id"), &key).unwrap()), item.output["za"], "{}", item.id);
        let digest = message_digest(&item.bytes("id"), &key, &item.bytes("message")).unwrap();
        assert_eq!(hex(&digest), item.output["e"], "{}", item.id);
    }
    for item in sm2_items("id") {
        let key = PublicKey::from_uncompressed(&item.array("public_key")).unwrap();
        let za = sm2::za(&item.repeated("unit"), &key).ok().map(|za| hex(&za));
        assert_eq!(za.as_ref(), item.output.get("za"), "{}", item.id);
        assert_eq!(za.is_some(), item.is_valid(), "{}", item.id);
    }
}

#[test]
fn sm2_derived_test_keys() {
    for item in sm2_items("derive") {
        let (seed, label) = (item.bytes("seed"), &item.input["label"]);
        let material = hkdf_sm3::derive(&seed, &[], label.as_bytes(), 48).unwrap();
        assert_eq!(hex(&material), item.output["okm"], "{}", item.id);
        let key = SecretKey::derive(&seed, label);
        assert_eq!(hex(&*key.to_bytes()), item.output["d"], "{}", item.id);
        assert_eq!(hex(&key.public_key().to_uncompressed()), item.output["public_key"], "{}", item.id);
    }
}

#[test]
fn sm2_private_key_range() {
    for item in sm2_items("secret-key") {
        match SecretKey::from_bytes(&item.array("d")) {
            Ok(key) => {
                assert!(item.is_valid(), "{}", item.id);
                assert_eq!(hex(&key.public_key().to_uncompressed()), item.output["public_key"], "{}", item.id);
            }
            Err(error) => assert_eq!((error, item.is_valid()), (KeyError::SecretRange, false), "{}", item.id),
        }
    }
}

#[test]
fn sm2_deterministic_signatures() {
    for item in sm2_items("sign") {
        let key = SecretKey::from_bytes(&item.array("d")).unwrap();
        let made = sm2::sign(&key, &item.bytes("id"), &item.bytes("message")).unwrap();
        assert_eq!(hex(made.as_raw()), item.output["signature"], "{}", item.id);
        assert_eq!(hex(&made.to_der()), item.output["der"], "{}", item.id);
        assert_eq!(Signature::from_der(&made.to_der()), Ok(made), "{}", item.id);
    }
}

#[test]
fn sm2_verification_stops_at_the_step_that_the_vector_names() {
    for item in sm2_items("verify") {
        let wanted = item.output.get("step").map_or("none", String::as_str);
        assert_eq!(item.is_valid(), wanted == "none", "{}", item.id);
        assert_eq!(verification_step(&item), wanted, "{}", item.id);
    }
}

/// The step at which a verification stops, `none` when it does not.
fn verification_step(item: &Item) -> &'static str {
    let Some(key) = item.bytes("public_key").try_into().ok().and_then(|key| PublicKey::from_uncompressed(&key).ok())
    else {
        return "key";
    };
    let bytes = item.bytes("signature");
    let signature = match (item.input["encoding"].as_str(), <&[u8; 64]>::try_from(&bytes[..])) {
        ("der", _) => Signature::from_der(&bytes),
        (_, Ok(raw)) => Signature::from_raw(raw),
        (_, Err(_)) => return "encoding",
    };
    let signature = match signature {
        Ok(signature) => signature,
        Err(SignatureError::Der { .. }) => return "encoding",
        Err(SignatureError::RangeR | SignatureError::RangeS) => return "range",
    };
    let verdict = if item.input.contains_key("digest") {
        verify_digest(&key, &item.array("digest"), &signature)
    } else {
        verify(&key, &item.bytes("id"), &item.bytes("message"), &signature)
    };
    match verdict {
        Ok(()) => "none",
        Err(VerifyError::Mismatch) => "equation",
        Err(VerifyError::Id(_)) => "id",
    }
}
