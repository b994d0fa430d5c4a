//! Our cryptography and readers against independent libraries: `libsmx` for SM2 and SM3,
//! `x509-cert` for certificates. Both sides accept and refuse the same.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod independent;

use ecric_gm::encoding::from_b64;
use ecric_gm::sm2::{self, DEFAULT_ID, PublicKey, Signature};
use ecric_gm::sm3;
use ecric_gm::x509::{Certificate, LinkFault};
use ecric_licence::ofd::signature::read_signature;
use ecric_licence::ofd::zip::audit;
use ecric_vectors::licence_file::BASES;
use ecric_vectors::pki::{BAD, TestPki};
use independent::{Signed, base, flipped, key_of, signed_parts, signed_values};
use libsmx::sm3::Sm3Hasher;
use x509_cert::der::{Decode as _, Encode as _};

/// Whether libsmx takes an SM2 signature with the default signer identifier.
fn theirs(key: &PublicKey, signed: &[u8], signature: &[u8]) -> bool {
    let raw = libsmx::sm2::der::sig_from_der(signature);
    raw.is_ok_and(|raw| libsmx::sm2::verify_message(signed, DEFAULT_ID, &key.to_uncompressed(), &raw).is_ok())
}

fn ours(key: &PublicKey, signed: &[u8], signature: &[u8]) -> bool {
    Signature::from_der(signature).is_ok_and(|value| sm2::verify(key, DEFAULT_ID, signed, &value).is_ok())
}

fn both(key: &PublicKey, signed: &[u8], signature: &[u8]) -> bool {
    let (ours, theirs) = (ours(key, signed, signature), theirs(key, signed, signature));
    assert_eq!(ours, theirs, "we and libsmx disagree");
    ours
}

fn agree(what: &str, key: &PublicKey, signed: &[u8], signature: &[u8]) {
    assert!(both(key, signed, signature), "{what}");
    for at in [0, signed.len() / 2, signed.len() - 1] {
        assert!(!both(key, &flipped(signed, at), signature), "{what}, byte {at} changed");
    }
    assert!(!both(key, signed, &flipped(signature, signature.len() - 1)), "{what}, s changed");
}

#[test]
fn digests_of_every_covered_file_of_every_base() {
    let pki = TestPki::published().unwrap();
    for named in BASES {
        let bytes = base(&pki, named.name);
        let package = audit(&bytes).unwrap();
        let mut covered = 0;
        for (_, content) in package.entries().filter(|(name, _)| name.ends_with("/Signature.xml")) {
            for reference in read_signature(content, false).unwrap().references {
                let file = package.get(reference.file_ref.trim_start_matches('/')).unwrap();
                let wanted = from_b64(&reference.check_value).unwrap();
                assert_eq!(Sm3Hasher::digest(file)[..], wanted, "{}: {}", named.name, reference.file_ref);
                assert_eq!(sm3::digest(file)[..], wanted, "{}: {}", named.name, reference.file_ref);
                assert_ne!(Sm3Hasher::digest(&flipped(file, file.len() / 2))[..], wanted);
                covered += 1;
            }
        }
        assert!(covered >= 5, "{}: {covered}", named.name);
    }
}

#[test]
fn signatures_of_every_base() {
    let pki = TestPki::published().unwrap();
    for named in BASES {
        let values = signed_values(&base(&pki, named.name));
        // The two bases without signed attributes sign something else; their certificates are compared below.
        assert_eq!(values.is_empty(), named.name.starts_with("sign-"), "{}", named.name);
        for Signed { what, key, signed, signature } in values {
            agree(&format!("{}: {what}", named.name), &key, &signed, &signature);
        }
    }
}

#[test]
fn good_certificates_their_members_and_links() {
    let pki = TestPki::published().unwrap();
    let all: Vec<&Certificate> = pki.entities().map(|entity| &entity.certificate).collect();
    for certificate in &all {
        let der = certificate.der();
        let other = x509_cert::Certificate::from_der(der).unwrap();
        assert_eq!(other.to_der().unwrap(), der);
        let part = other.tbs_certificate();
        assert_eq!(part.serial_number().as_bytes(), certificate.serial);
        assert_eq!(part.issuer().to_der().unwrap(), certificate.issuer.der());
        assert_eq!(part.subject().to_der().unwrap(), certificate.subject.der());
        assert_eq!(part.subject_public_key_info().to_der().unwrap(), certificate.spki);
        let not_after = part.validity().not_after.to_unix_duration().as_secs();
        assert_eq!(i64::try_from(not_after), Ok(certificate.not_after.unix_timestamp()));
        assert_eq!(key_of(der), *certificate.key.sm2().unwrap());
        let issuers = all.iter().filter(|issuer| issuer.subject.der() == certificate.issuer.der());
        let (signed, signature) = signed_parts(der);
        let mut holds = 0;
        for issuer in issuers {
            let key = issuer.key.sm2().unwrap();
            let linked = both(key, &signed, &signature);
            assert_eq!(linked, certificate.verify_by(issuer).is_ok(), "{}", certificate.subject);
            if linked {
                agree(&certificate.subject.to_string(), key, &signed, &signature);
                holds += 1;
            }
        }
        assert!(holds >= 1, "{}", certificate.subject);
    }
}

/// Whatever is wrong with them, the signatures of bad certificates are judged alike.
#[test]
fn links_of_bad_certificates() {
    let pki = TestPki::published().unwrap();
    let good: Vec<Certificate> = pki.entities().map(|entity| entity.certificate.clone()).collect();
    let mut compared = 0;
    for (id, ..) in BAD {
        let signer = pki.bad(id).unwrap().unwrap();
        let Ok(certificate) = Certificate::read(&signer.der) else { continue };
        let Ok(other) = x509_cert::Certificate::from_der(&signer.der) else { continue };
        let Ok(signed) = other.tbs_certificate().to_der() else { continue };
        // Where it writes another signed part than it read, there is nothing to compare.
        if !signer.der.windows(signed.len()).any(|window| window == signed) {
            continue;
        }
        for issuer in good.iter().chain(&signer.support) {
            let Some(key) = issuer.key.sm2() else { continue };
            let named = issuer.subject.der() == certificate.issuer.der();
            let result = certificate.verify_by(issuer);
            // Forms and algorithms that we refuse before any arithmetic are not compared.
            if !named || matches!(result, Err(LinkFault::Encoding | LinkFault::Algorithm)) {
                continue;
            }
            let signature = other.signature().as_bytes().unwrap_or_default();
            assert_eq!(theirs(key, &signed, signature), result.is_ok(), "{id} under {}: {result:?}", issuer.subject);
            compared += 1;
        }
    }
    assert!(compared >= 10, "{compared}");
}

/// Flags of certificates that are no DER or cut: a reader that knows nothing of this profile refuses them too.
const NO_DER: [&str; 3] = ["der-form", "der-trailing", "cut"];

/// x509-cert keeps times since 1970 and refuses earlier ones, which RFC 5280 allows from 1950 on.
const BEFORE_1970: &str = "x509.good.0023";

#[test]
fn certificate_vectors_are_read_alike() {
    let (mut good, mut bad, mut wrong) = (0, 0, Vec::new());
    for vector in ecric_vectors::set::load_set().unwrap() {
        if vector.operation.name != "x509.certificate" {
            continue;
        }
        let der = ecric_gm::encoding::from_hex(&vector.item.input["certificate"]).unwrap();
        let read = x509_cert::Certificate::from_der(&der);
        let id = &vector.item.id;
        if vector.item.reason.is_none() {
            good += 1;
            if id == BEFORE_1970 {
                assert!(read.is_err(), "{id}: read since");
                continue;
            }
            let read = read.unwrap_or_else(|error| panic!("{id}: {error}"));
            let spki = read.tbs_certificate().subject_public_key_info();
            let point = ecric_gm::encoding::hex(spki.subject_public_key.as_bytes().unwrap());
            assert_eq!(vector.wanted_output(), Some(&point[..]), "{id}");
        } else if vector.item.flags.iter().any(|flag| NO_DER.contains(&flag.as_str())) {
            bad += 1;
            if read.is_ok() {
                wrong.push(id.clone());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(good >= 30 && bad >= 9, "{good} {bad}");
}
