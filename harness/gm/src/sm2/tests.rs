use proptest::prelude::*;

use super::*;
use crate::der::{DerError, DerFault};

fn test_key() -> SecretKey {
    SecretKey::derive(b"ecric-test-pki-v1", "XG01")
}

fn raw_signature(bytes: &[u8; 64]) -> Result<Signature, SignatureError> {
    Signature::from_raw(bytes)
}

#[test]
fn der_faults_are_named_where_they_stand() {
    let rows: &[(&[u8], DerFault, usize)] = &[
        (&[], DerFault::Truncated, 0),
        (&[0x30], DerFault::Truncated, 1),
        (&[0x31, 6, 2, 1, 1, 2, 1, 1], DerFault::Tag { found: 0x31, wanted: 0x30 }, 0),
        (&[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1], DerFault::LengthForm, 1),
        (&[0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0], DerFault::Indefinite, 1),
        (&[0x30, 7, 2, 1, 1, 2, 1, 1], DerFault::Truncated, 0),
        (&[0x30, 6, 2, 1, 1, 2, 1, 1, 0], DerFault::Trailing, 8),
        (&[0x30, 3, 2, 1, 1], DerFault::Truncated, 5),
        (&[0x30, 8, 2, 1, 1, 2, 1, 1, 5, 0], DerFault::Surplus, 8),
        (&[0x30, 6, 2, 1, 1, 3, 1, 1], DerFault::Tag { found: 3, wanted: 2 }, 5),
        (&[0x30, 5, 2, 0, 2, 1, 1], DerFault::Empty, 2),
        (&[0x30, 6, 2, 1, 0x80, 2, 1, 1], DerFault::Negative, 2),
        (&[0x30, 7, 2, 2, 0, 1, 2, 1, 1], DerFault::Padded, 2),
        (&[0x30, 7, 2, 1, 1, 2, 2, 0, 0], DerFault::Padded, 5),
        (&[0x30, 6, 2, 1, 1, 2, 2, 1], DerFault::Truncated, 5),
    ];
    for (row, (bytes, fault, position)) in rows.iter().enumerate() {
        let wanted = SignatureError::Der(DerError { fault: *fault, position: *position });
        assert_eq!(Signature::from_der(bytes), Err(wanted), "row {row}");
    }
    assert_eq!(Signature::from_der(&[0x30, 6, 2, 1, 0, 2, 1, 1]), Err(SignatureError::RangeR));
    assert_eq!(Signature::from_der(&[0x30, 6, 2, 1, 1, 2, 1, 0]), Err(SignatureError::RangeS));
    let one = Signature::from_der(&[0x30, 6, 2, 1, 1, 2, 1, 1]).unwrap();
    assert_eq!(one.to_der().len(), 8);
}

#[test]
fn public_key_faults_are_named() {
    let good = test_key().public_key().to_uncompressed();
    let replaced = |range: std::ops::Range<usize>, with: &[u8]| {
        let mut bytes = good;
        bytes[range].copy_from_slice(with);
        PublicKey::from_uncompressed(&bytes)
    };
    assert_eq!(PublicKey::from_uncompressed(&good).map(|key| key.to_uncompressed()), Ok(good));
    assert_eq!(PublicKey::from_uncompressed(&[0; 65]), Err(KeyError::Form { found: 0 }));
    assert_eq!(replaced(0..1, &[6]), Err(KeyError::Form { found: 6 }));
    assert_eq!(replaced(1..33, &curve::P), Err(KeyError::Coordinate));
    assert_eq!(replaced(33..65, &[0xff; 32]), Err(KeyError::Coordinate));
    assert_eq!(replaced(1..65, &[0; 64]), Err(KeyError::NotOnCurve));
    assert_eq!(replaced(64..65, &[good[64] ^ 1]), Err(KeyError::NotOnCurve));
    let base = SecretKey::from_bytes(&std::array::from_fn(|at| u8::from(at == 31))).unwrap();
    assert_eq!(base.public_key().to_uncompressed()[1..], [curve::GX, curve::GY].concat());
}

#[test]
fn nothing_secret_is_shown() {
    let key = test_key();
    let digits = crate::encoding::hex(&*key.to_bytes());
    assert!(!format!("{key:?} {key:#?}").contains(&digits[..8]));
    let mac_key = crate::hmac_sm3::Key::from_bytes(b"super secret");
    assert_eq!(format!("{mac_key:?}"), "Key(hidden)");
    let error = crate::hmac_sm3::Key::from_hex("0011GG").unwrap_err();
    assert!(!error.to_string().contains("GG"), "{error}");
}

#[test]
fn labels_and_seeds_give_different_keys() {
    let digits = |seed: &[u8], label: &str| *SecretKey::derive(seed, label).to_bytes();
    assert_eq!(digits(b"a", "b"), digits(b"a", "b"));
    assert_ne!(digits(b"a", "b"), digits(b"a", "c"));
    assert_ne!(digits(b"a", "b"), digits(b"ab", ""));
}

#[test]
fn expansion_has_every_length_up_to_the_limit() {
    let long = crate::hkdf_sm3::derive(b"k", b"s", b"i", crate::hkdf_sm3::LENGTH_MAX).unwrap();
    for length in [0, 1, 31, 32, 33, 64, 65, crate::hkdf_sm3::LENGTH_MAX] {
        assert_eq!(crate::hkdf_sm3::derive(b"k", b"s", b"i", length).unwrap()[..], long[..length]);
    }
    assert_eq!(crate::hkdf_sm3::derive(b"k", b"s", b"i", crate::hkdf_sm3::LENGTH_MAX + 1), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_signed_verifies_and_any_change_does_not(
        label in "[a-z]{1,8}",
        id in prop::collection::vec(any::<u8>(), 0..40),
        message in prop::collection::vec(any::<u8>(), 0..80),
        bit in any::<prop::sample::Index>(),
    ) {
        let key = SecretKey::derive(b"property", &label);
        let public = key.public_key();
        let signature = sign(&key, &id, &message).unwrap();
        prop_assert_eq!(sign(&key, &id, &message).unwrap(), signature, "deterministic");
        prop_assert_eq!(verify(public, &id, &message, &signature), Ok(()));

        let mut changed = *signature.as_raw();
        let at = bit.index(512);
        changed[at / 8] ^= 1 << (at % 8);
        if let Ok(changed) = raw_signature(&changed) {
            prop_assert_eq!(verify(public, &id, &message, &changed), Err(VerifyError::Mismatch));
        }
        let longer = [&message[..], &[0]].concat();
        prop_assert_eq!(verify(public, &id, &longer, &signature), Err(VerifyError::Mismatch));
        let other_id = [&id[..], &[0]].concat();
        prop_assert_eq!(verify(public, &other_id, &message, &signature), Err(VerifyError::Mismatch));
        prop_assert_eq!(verify(test_key().public_key(), &id, &message, &signature), Err(VerifyError::Mismatch));
    }

    #[test]
    fn moving_a_byte_between_identifier_and_message_breaks_the_signature(
        text in prop::collection::vec(any::<u8>(), 2..40), cut in any::<prop::sample::Index>(),
    ) {
        let key = test_key();
        let cut = 1 + cut.index(text.len() - 1);
        let signature = sign(&key, &text[..cut], &text[cut..]).unwrap();
        let moved = verify(key.public_key(), &text[..cut - 1], &text[cut - 1..], &signature);
        prop_assert_eq!(moved, Err(VerifyError::Mismatch));
    }
}

/// Numbers with interesting leading bytes.
fn number() -> impl Strategy<Value = [u8; 32]> {
    (any::<[u8; 32]>(), 0..32_usize, prop_oneof![Just(0x00_u8), Just(0x01), Just(0x7f), Just(0x80), Just(0xff)])
        .prop_map(|(mut bytes, zeros, lead)| {
            bytes[..zeros].fill(0);
            bytes[zeros] = lead;
            bytes
        })
}

proptest! {
    #[test]
    fn der_and_raw_forms_carry_the_same_signature(r in number(), s in number()) {
        let raw: [u8; 64] = [r, s].concat().try_into().unwrap();
        let foreign = ::sm2::dsa::Signature::from_slice(&raw);
        let ours = raw_signature(&raw);
        prop_assert_eq!(ours.is_ok(), foreign.is_ok(), "range");
        if let (Ok(ours), Ok(foreign)) = (ours, foreign) {
            let der = ours.to_der();
            prop_assert!((8..=72).contains(&der.len()));
            let foreign_der = foreign.to_der();
            prop_assert_eq!(&der[..], foreign_der.as_bytes());
            prop_assert_eq!(Signature::from_der(&der), Ok(ours));
        }
    }

    #[test]
    fn what_the_der_reader_takes_the_writer_writes(
        r in number(), s in number(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..3),
    ) {
        let raw: [u8; 64] = [r, s].concat().try_into().unwrap();
        if let Ok(signature) = raw_signature(&raw) {
            let mut der = signature.to_der();
            for (place, byte, edit) in edits {
                let at = place.index(der.len());
                match edit {
                    0 => der[at] = byte,
                    1 => der.insert(at, byte),
                    _ => drop(der.remove(at)),
                }
            }
            match Signature::from_der(&der) {
                Ok(read) => prop_assert_eq!(read.to_der(), der),
                Err(SignatureError::Der(error)) => prop_assert!(error.position <= der.len()),
                Err(_) => {}
            }
        }
    }
}
