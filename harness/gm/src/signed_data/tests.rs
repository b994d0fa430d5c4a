#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use time::macros::datetime;

use super::*;
use crate::sm2::SecretKey;
use crate::sm2::spki::write_spki;
use crate::x509::build::{CertificateSpec, basic_constraints, key_usage};
use crate::x509::{Certificate, Name};

fn signer() -> (SecretKey, Certificate) {
    let key = SecretKey::derive(b"ecric-test-pki-v1", "XG04");
    let name = Name::of(&[(oid::COUNTRY, "CN"), (oid::COMMON_NAME, "测试签名者")]);
    let validity = [datetime!(2020-01-01 0:00 +8), datetime!(2049-12-31 23:59:59 +8)];
    let mut spec = CertificateSpec::new(&[1; 16], name.clone(), name, validity, write_spki(key.public_key()));
    spec.extensions = vec![basic_constraints(false, None), key_usage(3)];
    let certificate = Certificate::read(&spec.sign(&key).unwrap()).unwrap();
    assert_eq!(certificate.faults, []);
    (key, certificate)
}

#[test]
fn every_flavour_is_recognised_and_only_one_is_the_profile() {
    let (key, certificate) = signer();
    let document = b"<ofd:Signature/>";
    let hash = crate::sm3::digest(document);
    let text = crate::encoding::b64(&hash);
    for (flavour, content) in [
        (Flavour::AttrZ, None),
        (Flavour::AttrZEmpty, None),
        (Flavour::AttrNoZAll, Some(&document[..])),
        (Flavour::PlainZ, Some(&document[..])),
        (Flavour::PlainNoZ, Some(&document[..])),
        (Flavour::PlainNoZTlv, Some(&document[..])),
        (Flavour::PlainDoubleHash, Some(&hash[..])),
        (Flavour::B64Hash, Some(text.as_bytes())),
    ] {
        for raw in [false, true] {
            let spec = SignerSpec {
                certificate: &certificate,
                key: &key,
                flavour,
                raw,
                signing_time: Some(datetime!(2026-06-01 0:00 +8)),
                message_digest: None,
            };
            let bytes = write_signed_data(
                &oid::GM_SIGNED_DATA,
                &oid::GM_DATA,
                document,
                content,
                &[&certificate],
                false,
                &[spec],
            )
            .unwrap();
            crate::der::check_canonical(&bytes).unwrap();
            let data = SignedData::read(&bytes).unwrap();
            assert_eq!(data.certificates, [certificate.der()]);
            assert_eq!(detect(&data, key.public_key(), document), Some(Detected { flavour, raw }), "{flavour:?}");
            let is_profile = flavour == Flavour::AttrZ && !raw;
            assert_eq!(verify_profile(&data, key.public_key()), is_profile, "{flavour:?} {raw}");
            let mut broken = bytes.clone();
            *broken.last_mut().unwrap() ^= 1;
            let data = SignedData::read(&broken).unwrap();
            assert_eq!(detect(&data, key.public_key(), document), None);
        }
    }
}
