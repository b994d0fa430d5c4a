#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use ecric_gm::encoding::hex;
use ecric_gm::x509::path::{Store, find_path};

use super::*;

#[test]
fn published_keys_are_the_known_ones() {
    let pki = TestPki::published().unwrap();
    for (label, scalar) in [
        ("XG01", "f0cef80a16c77f4d8f1f679e7798db7c0f47b703c191eee59d6e166298c2c256"),
        ("XG04", "26842f2e8e7a1fa522bfc5f4da7f98b8427e3ae1039e46f69230867f83165cb2"),
        ("XG09", "26a0ea5962102ccdc90a6d8178e40ab8f846e4c073ebfe0a174e8a21361dc73c"),
        ("XG10", "b8072fbf7c5d84e0b1eb6df135acc913d637aa37303e512b3046089438d76dab"),
        ("XG11", "42aa753fb7e2eb54c689eecd235e015dd3be60fd80c0b85036beefa0e88718af"),
    ] {
        assert_eq!(hex(&*pki.get(label).key.to_bytes()), scalar);
    }
    assert_eq!(hex(&pki.get("XG01").certificate.serial), "3155c56efbf3b039dc49432c4dc5978a");
}

#[test]
fn good_certificates_are_good() {
    let pki = TestPki::of_seed("1").unwrap();
    let trust = pki.trust().unwrap();
    let store = Store { roots: &trust.roots, intermediates: &trust.intermediates, delivered: &[] };
    assert_eq!(pki.entities().count(), 19);
    for entity in pki.entities() {
        assert_eq!(entity.certificate.faults, [], "{}", entity.label);
        // A device certificate comes from its provider, which is no CA; the new root is not trusted yet.
        if ["XG10", "XG15"].contains(&entity.label.as_str()) {
            continue;
        }
        let path = find_path(&entity.certificate, &store, FIXED);
        assert_eq!(path.problems, [], "{}", entity.label);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let files = |seed: &str| export(&TestPki::of_seed(seed).unwrap()).unwrap();
    let (a, b, c) = (files("1"), files("1"), files("2"));
    assert_eq!(a, b);
    assert!(a.keys().eq(c.keys()));
    assert_ne!(a["good/XG01.der"], c["good/XG01.der"]);
    assert!(a["chain.p7b"] != c["chain.p7b"] && a.len() > 150);
}

#[test]
fn every_bad_signer_can_be_made() {
    let pki = TestPki::published().unwrap();
    let signers = BAD.iter().map(|(id, ..)| (*id, pki.bad(id).unwrap().unwrap()));
    let supported: Vec<&str> = signers
        .filter(|(_, signer)| !signer.support.is_empty() || !signer.lists.is_empty())
        .map(|(id, _)| id)
        .collect();
    assert_eq!(supported, SUPPORTED);
    assert!(pki.bad("XB99").unwrap().is_none());
}
