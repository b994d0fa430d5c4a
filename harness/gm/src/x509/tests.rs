#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::build::{self, CertificateSpec};
use super::crl::{Crl, CrlSpec, Revocation};
use super::ocsp::{self, CertId, CertStatus, OcspResponse, ResponseSpec};
use super::path::{PathFault, Store, find_path};
use super::revocation::{Answered, Evidence, Standing, standing};
use super::time_stamp::{Token, TokenFault, write_token};
use super::*;
use crate::der::write;
use crate::oid::{self, COMMON_NAME, COUNTRY, Oid};
use crate::sm2::SecretKey;
use crate::sm2::spki::write_spki;

const NOW: OffsetDateTime = datetime!(2026-06-01 0:00 +8);
const VALIDITY: [OffsetDateTime; 2] = [datetime!(2020-01-01 0:00 +8), datetime!(2049-12-31 23:59:59 +8)];

struct Entity {
    key: SecretKey,
    certificate: Certificate,
}

fn name(label: &str) -> Name {
    Name::of(&[(COUNTRY, "CN"), (COMMON_NAME, label)])
}

fn key(label: &str) -> SecretKey {
    SecretKey::derive(b"x509 tests", label)
}

fn spec(label: &str, issuer: &str, ca: Option<Option<u32>>) -> CertificateSpec {
    let spki = write_spki(key(label).public_key());
    let issuer_spki = write_spki(key(issuer).public_key());
    let serial = &crate::sm3::digest(label.as_bytes())[..16];
    let serial: Vec<u8> = [&[1][..], &serial[1..]].concat();
    let mut spec = CertificateSpec::new(&serial, name(issuer), name(label), VALIDITY, spki.clone());
    let usage = if ca.is_some() { KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN } else { 3 };
    spec.extensions = vec![
        build::basic_constraints(ca.is_some(), ca.flatten()),
        build::key_usage(usage),
        build::subject_key_id(&build::key_id(&spki)),
        build::authority_key_id(&build::key_id(&issuer_spki)),
    ];
    spec
}

fn issue(spec: &CertificateSpec, label: &str, issuer: &str) -> Entity {
    let der = spec.sign(&key(issuer)).unwrap();
    Entity { key: key(label), certificate: Certificate::read(&der).unwrap() }
}

fn entity(label: &str, issuer: &str, ca: Option<Option<u32>>) -> Entity {
    issue(&spec(label, issuer, ca), label, issuer)
}

fn faults(leaf: &Certificate, roots: &[&Entity], between: &[&Entity]) -> Vec<(PathFault, usize)> {
    let roots: Vec<Certificate> = roots.iter().map(|e| e.certificate.clone()).collect();
    let between: Vec<Certificate> = between.iter().map(|e| e.certificate.clone()).collect();
    let store = Store { roots: &roots, intermediates: &between, delivered: &[] };
    find_path(leaf, &store, NOW).problems.into_iter().map(|problem| (problem.fault, problem.place)).collect()
}

#[test]
fn a_good_path_has_no_problems() {
    let root = entity("root", "root", Some(Some(1)));
    let ca = entity("ca", "root", Some(Some(0)));
    let leaf = entity("leaf", "ca", None);
    for found in [&root, &ca, &leaf] {
        assert_eq!(found.certificate.faults, []);
        crate::der::check_canonical(found.certificate.der()).unwrap();
    }
    assert_eq!(faults(&leaf.certificate, &[&root], &[&ca]), []);
    assert_eq!(leaf.certificate.subject.to_string(), "C=CN, CN=leaf");
}

#[test]
fn what_breaks_a_path_is_named() {
    let root = entity("root", "root", Some(Some(1)));
    let ca = entity("ca", "root", Some(Some(0)));
    let leaf = entity("leaf", "ca", None);
    let below_leaf = entity("below", "leaf", None);
    let sub = entity("sub", "ca", Some(None));
    let low = entity("low", "sub", None);
    let selfish = entity("self", "self", None);
    assert_eq!(faults(&leaf.certificate, &[&root], &[]), [(PathFault::Untrusted, 0)]);
    assert_eq!(faults(&leaf.certificate, &[], &[&ca, &root]), [(PathFault::Untrusted, 2)]);
    assert_eq!(faults(&selfish.certificate, &[&root], &[&selfish]), [(PathFault::Untrusted, 0)]);
    assert_eq!(
        faults(&below_leaf.certificate, &[&root], &[&ca, &leaf]),
        [(PathFault::Broken, 1), (PathFault::Usage, 1), (PathFault::Broken, 2), (PathFault::Broken, 3)]
    );
    assert_eq!(faults(&low.certificate, &[&root], &[&ca, &sub]), [(PathFault::Broken, 2), (PathFault::Broken, 3)]);

    let other_root = issue(&spec("root", "root", Some(Some(1))), "root", "evil");
    let mut forged = spec("leaf", "root", None);
    forged.extensions.pop();
    let forged = issue(&forged, "leaf", "evil");
    assert_eq!(faults(&forged.certificate, &[&root], &[&other_root]), [(PathFault::Broken, 0)]);

    let mut expired = spec("ca", "root", Some(Some(0)));
    expired.not_after = NOW - Duration::DAY;
    let expired = issue(&expired, "ca", "root");
    assert_eq!(faults(&leaf.certificate, &[&root], &[&expired]), [(PathFault::Expired, 1)]);

    let by_other_id = spec("leaf", "ca", None).sign_with_id(&key("ca"), b"ALICE123@YAHOO.COM").unwrap();
    let by_other_id = Certificate::read(&by_other_id).unwrap();
    assert_eq!(faults(&by_other_id, &[&root], &[&ca]), [(PathFault::Broken, 0)]);
    let by_empty_id = Certificate::read(&spec("leaf", "ca", None).sign_with_id(&key("ca"), b"").unwrap()).unwrap();
    assert_eq!(faults(&by_empty_id, &[&root], &[&ca]), [(PathFault::SignerId, 0)]);
    let zero = [write::sequence(&[&write::small(0), &write::small(1)])].concat();
    let zero = Certificate::read(&spec("leaf", "ca", None).with_signature(&zero)).unwrap();
    assert_eq!(faults(&zero, &[&root], &[&ca]), [(PathFault::SignatureRange, 0)]);

    let mut narrow = spec("ca", "root", Some(Some(0)));
    narrow.extensions.push(build::permitted_names(&name("elsewhere")));
    let narrow = issue(&narrow, "ca", "root");
    assert_eq!(faults(&leaf.certificate, &[&root], &[&narrow]), [(PathFault::Broken, 1)]);
}

#[test]
fn loops_and_long_paths_end() {
    let root = entity("root", "root", Some(None));
    let a = entity("a", "b", Some(None));
    let b = entity("b", "a", Some(None));
    let leaf = entity("leaf", "a", None);
    assert_eq!(faults(&leaf.certificate, &[&root], &[&a, &b]).first(), Some(&(PathFault::Broken, 2)));
    let labels: Vec<String> = (0..11).map(|i| format!("c{i}")).collect();
    let mut chain = vec![entity("c0", "root", Some(None))];
    for pair in labels.windows(2) {
        chain.push(entity(&pair[1], &pair[0], Some(None)));
    }
    let leaf = entity("leaf", "c10", None);
    let between: Vec<&Entity> = chain.iter().collect();
    assert!(faults(&leaf.certificate, &[&root], &between).contains(&(PathFault::Broken, 5)));
    let short = entity("leaf", "c3", None);
    assert_eq!(faults(&short.certificate, &[&root], &between), []);
}

#[test]
fn malformed_certificates_are_read_and_named() {
    let good = spec("leaf", "ca", None);
    let fault = |spec: &CertificateSpec| Certificate::read(&spec.sign(&key("ca")).unwrap()).unwrap().faults;
    let mut duplicate = good.clone();
    duplicate.extensions.push(duplicate.extensions[1].clone());
    assert!(matches!(fault(&duplicate)[..], [CertificateFault::DuplicateExtension(_)]));
    let mut critical = good.clone();
    critical.extensions.push(build::extension(&Oid::new(&[1, 3, 6, 1, 4, 1, 32473, 9]), true, &write::null()));
    assert!(matches!(fault(&critical)[..], [CertificateFault::UnknownCritical(_)]));
    let mut serial = good.clone();
    serial.serial = vec![0x80; 16];
    assert_eq!(fault(&serial), [CertificateFault::Serial]);
    let mut times = good.clone();
    times.time_form = build::TimeForm::Generalized;
    assert_eq!(fault(&times), [CertificateFault::TimeType, CertificateFault::TimeType]);
    let mut order = good.clone();
    order.not_after = order.not_before - Duration::DAY;
    assert_eq!(fault(&order), [CertificateFault::TimeOrder]);
    let mut algorithm = good.clone();
    algorithm.outer_algorithm = super::algorithm::write_algorithm(&oid::ECDSA_SHA256);
    assert_eq!(fault(&algorithm), [CertificateFault::AlgorithmMismatch]);
    let mut nul = good.clone();
    nul.subject = name("leaf\0.evil");
    assert_eq!(fault(&nul), [CertificateFault::NulInName]);
    let trailing = [good.sign(&key("ca")).unwrap(), vec![0]].concat();
    assert!(matches!(Certificate::read(&trailing).unwrap().faults[..], [CertificateFault::Der(_)]));
    let mut off_curve = good.clone();
    let mut point = [1; 65];
    point[0] = 4;
    off_curve.spki = build::spki_with(&oid::SM2_CURVE, &point);
    let read = Certificate::read(&off_curve.sign(&key("ca")).unwrap()).unwrap();
    assert!(matches!(read.key, SubjectKey::BadPoint(_)));
    let mut curve = good;
    curve.spki = build::spki_with(&oid::P256_CURVE, &key("leaf").public_key().to_uncompressed());
    let read = Certificate::read(&curve.sign(&key("ca")).unwrap()).unwrap();
    assert_eq!(read.key, SubjectKey::OtherCurve(Some(oid::P256_CURVE)));
    assert!(Certificate::read(&vec![0x30; 20_000]).is_err());
}

fn crl_spec(entries: Vec<(Vec<u8>, Revocation)>) -> CrlSpec {
    CrlSpec {
        issuer: name("ca"),
        this_update: NOW,
        next_update: NOW + Duration::days(30),
        entries,
        number: 1,
        delta_of: None,
        issuer_key_id: build::key_id(&write_spki(key("ca").public_key())).to_vec(),
        indirect: false,
    }
}

#[test]
fn lists_say_what_is_revoked() {
    let ca = entity("ca", "root", Some(Some(0)));
    let leaf = entity("leaf", "ca", None);
    let judge = |lists: &[Vec<u8>]| {
        let lists = lists.iter().map(|der| Crl::read(der).unwrap()).collect();
        standing(&leaf.certificate, &ca.certificate, &Evidence { lists, answers: vec![] }, NOW)
    };
    let serial = leaf.certificate.serial.clone();
    let gone = Revocation { at: NOW - Duration::DAY, reason: Some(1) };
    let held = Revocation { at: NOW - Duration::DAY, reason: Some(6) };
    let lifted = Revocation { at: NOW, reason: Some(8) };
    let empty = crl_spec(vec![]).sign(&key("ca")).unwrap();
    let listed = crl_spec(vec![(serial.clone(), gone)]).sign(&key("ca")).unwrap();
    let hold = crl_spec(vec![(serial.clone(), held)]).sign(&key("ca")).unwrap();
    let mut delta = crl_spec(vec![(serial.clone(), lifted)]);
    delta.delta_of = Some(1);
    let delta = delta.sign(&key("ca")).unwrap();
    let foreign = crl_spec(vec![]).sign(&key("root")).unwrap();
    let mut stale = crl_spec(vec![]);
    stale.this_update = NOW - Duration::days(60);
    stale.next_update = NOW - Duration::days(30);
    let stale = stale.sign(&key("ca")).unwrap();
    let mut indirect = crl_spec(vec![]);
    indirect.indirect = true;
    let indirect = indirect.sign(&key("ca")).unwrap();
    assert_eq!(judge(&[empty]), Standing::Good);
    assert_eq!(judge(std::slice::from_ref(&listed)), Standing::Revoked(gone));
    assert_eq!(judge(std::slice::from_ref(&hold)), Standing::Revoked(held));
    assert_eq!(judge(&[hold, delta.clone()]), Standing::Good);
    assert_eq!(judge(&[listed, delta]), Standing::Revoked(gone), "only a hold can be lifted");
    for unknown in [vec![], vec![foreign], vec![stale], vec![indirect]] {
        assert!(matches!(judge(&unknown), Standing::Unknown(_)));
    }
}

#[test]
fn answers_say_what_is_revoked() {
    let ca = entity("ca", "root", Some(Some(0)));
    let leaf = entity("leaf", "ca", None);
    let mut responder = spec("responder", "ca", None);
    let plain = issue(&responder, "responder", "ca");
    responder.extensions.push(build::extended_key_usage(false, &[oid::EKU_OCSP_SIGNING]));
    let responder = issue(&responder, "responder", "ca");
    let id = CertId::of(&leaf.certificate, &ca.certificate).unwrap();
    let (asked, nonce) = ocsp::read_request(&ocsp::write_request(&id, Some(b"nonce"))).unwrap();
    assert_eq!((asked, nonce.as_deref()), (id.clone(), Some(&b"nonce"[..])));
    let judge = |status, by: &Entity, nonce: &[u8]| {
        let made = ResponseSpec {
            id: id.clone(),
            status,
            at: NOW,
            next_update: NOW + Duration::HOUR,
            nonce: Some(b"nonce".to_vec()),
        };
        let der = made.sign(&by.key, &by.certificate).unwrap();
        crate::der::check_canonical(&der).unwrap();
        let response = OcspResponse::read(&der).unwrap().unwrap();
        let answers = vec![Answered { response, nonce: Some(nonce.to_vec()) }];
        standing(&leaf.certificate, &ca.certificate, &Evidence { lists: vec![], answers }, NOW)
    };
    let gone = Revocation { at: NOW - Duration::DAY, reason: Some(1) };
    assert_eq!(judge(CertStatus::Good, &responder, b"nonce"), Standing::Good);
    assert_eq!(judge(CertStatus::Revoked(gone), &responder, b"nonce"), Standing::Revoked(gone));
    assert!(matches!(judge(CertStatus::Unknown, &responder, b"nonce"), Standing::Unknown(_)));
    assert!(matches!(judge(CertStatus::Good, &responder, b"other"), Standing::Unknown(_)));
    assert!(matches!(judge(CertStatus::Good, &plain, b"nonce"), Standing::Unknown(_)));
}

#[test]
fn tokens_stamp_one_thing_at_one_time() {
    let root = entity("root", "root", Some(Some(1)));
    let mut stamper = spec("tsa", "root", None);
    let plain = issue(&stamper, "tsa", "root");
    stamper.extensions.push(build::extended_key_usage(true, &[oid::EKU_TIME_STAMPING]));
    let stamper = issue(&stamper, "tsa", "root");
    let roots = [root.certificate];
    let store = Store { roots: &roots, intermediates: &[], delivered: &[] };
    let make = |by: &Entity| write_token(b"value", NOW, &[7], &by.certificate, &by.key, &[]).unwrap();
    let der = make(&stamper);
    let token = Token::read(&der).unwrap();
    assert_eq!(token.time, NOW);
    assert_eq!(token.verify(b"value", &store), Ok(()));
    assert_eq!(token.verify(b"other", &store), Err(TokenFault::Imprint));
    let der = make(&plain);
    assert_eq!(Token::read(&der).unwrap().verify(b"value", &store), Err(TokenFault::Usage));
    let nobody = Store { roots: &[], intermediates: &[], delivered: &[] };
    let der = make(&stamper);
    assert!(matches!(Token::read(&der).unwrap().verify(b"value", &nobody), Err(TokenFault::Path(_))));
    assert!(Token::read(b"dummy").is_err());
}
