//! Our cryptography against the OpenSSL command line, where there is one: what we sign it verifies,
//! and what is changed by one byte it refuses, as we do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "tests")]

mod independent;

use std::path::Path;
use std::process::{Command, Output};

use ecric_gm::encoding::hex;
use ecric_gm::sm2::spki::write_spki;
use ecric_gm::sm2::{self, DEFAULT_ID, PublicKey, Signature};
use ecric_gm::sm3;
use ecric_gm::x509::Certificate;
use ecric_vectors::pki::TestPki;
use independent::{Signed, base, flipped, signed_parts, signed_values};

const ID_OPTION: &str = "distid:1234567812345678";

/// A folder for files of one test, and the command beside it.
struct OpenSsl(tempfile::TempDir);

impl OpenSsl {
    /// `None`, said loudly, where there is no OpenSSL 3 or later.
    fn find() -> Option<Self> {
        let version = Command::new("openssl").arg("version").output().ok();
        let text = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let number = text.strip_prefix("OpenSSL ").and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
        match number {
            Some(3..) => Some(Self(tempfile::tempdir().unwrap())),
            Some(_) => skip(&format!("{} is older than 3", text.trim())),
            None => skip("openssl not found"),
        }
    }

    fn put(&self, name: &str, content: &[u8]) {
        std::fs::write(self.0.path().join(name), content).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("openssl").args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    /// Whether SM2 with the default signer identifier holds.
    fn verifies(&self, key: &PublicKey, signed: &[u8], signature: &[u8]) -> bool {
        self.put("key.der", &write_spki(key));
        self.put("signed", signed);
        self.put("signature", signature);
        let mut arguments = vec!["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin"];
        arguments.extend(["-digest", "sm3", "-in", "signed", "-sigfile", "signature", "-pkeyopt", ID_OPTION]);
        let output = self.run(&arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        // A refusal is only believed when it is one of the signature.
        let said = if output.status.success() { "Verified Successfully" } else { "Verification Failure" };
        assert!(text.contains(said), "{text}{}", String::from_utf8_lossy(&output.stderr));
        output.status.success()
    }

    /// Whether `issuer` signed `leaf`, by its certificate verification.
    fn links(&self, issuer: &Path, leaf: &Path) -> bool {
        let (issuer, leaf) = (issuer.to_str().unwrap(), leaf.to_str().unwrap());
        // At a fixed time; purposes and paths are judged elsewhere.
        let mut arguments = vec!["verify", "-partial_chain", "-no_check_time", "-ignore_critical"];
        arguments.extend(["-vfyopt", ID_OPTION, "-trusted", issuer, leaf]);
        self.run(&arguments).status.success()
    }

    fn sm3(&self, content: &[u8]) -> String {
        self.put("content", content);
        let output = self.run(&["dgst", "-sm3", "-r", "content"]);
        String::from_utf8_lossy(&output.stdout).split_whitespace().next().unwrap_or_default().to_owned()
    }
}

fn skip<T>(why: &str) -> Option<T> {
    eprintln!("skipped: {why}");
    None
}

fn agree(openssl: &OpenSsl, what: &str, key: &PublicKey, signed: &[u8], signature: &[u8]) {
    assert!(openssl.verifies(key, signed, signature), "{what}");
    let changed = flipped(signed, signed.len() / 2);
    assert!(!openssl.verifies(key, &changed, signature), "{what} with a changed byte");
    let value = Signature::from_der(signature).unwrap();
    assert!(sm2::verify(key, DEFAULT_ID, signed, &value).is_ok(), "{what}");
    assert!(sm2::verify(key, DEFAULT_ID, &changed, &value).is_err(), "{what} with a changed byte");
}

#[test]
fn certificates_of_the_test_pki() {
    let Some(openssl) = OpenSsl::find() else { return };
    let pki = TestPki::published().unwrap();
    let all: Vec<&Certificate> = pki.entities().map(|entity| &entity.certificate).collect();
    let mut linked = 0;
    for certificate in &all {
        openssl.put("leaf.der", certificate.der());
        for issuer in all.iter().filter(|issuer| issuer.subject.der() == certificate.issuer.der()) {
            let (signed, signature) = signed_parts(certificate.der());
            let value = Signature::from_der(&signature).unwrap();
            let key = issuer.key.sm2().unwrap();
            if sm2::verify(key, DEFAULT_ID, &signed, &value).is_err() {
                continue;
            }
            agree(&openssl, &certificate.subject.to_string(), key, &signed, &signature);
            // There a self-signed certificate is trusted or not, never verified, and only a CA can issue;
            // the provider of device certificates is none.
            if !certificate.is_self_issued() && matches!(issuer.extensions.basic, Some((true, _))) {
                openssl.put("issuer.der", issuer.der());
                assert!(openssl.links(Path::new("issuer.der"), Path::new("leaf.der")), "{}", certificate.subject);
                let serial_changed = flipped(certificate.der(), 20);
                openssl.put("changed.der", &serial_changed);
                assert!(!openssl.links(Path::new("issuer.der"), Path::new("changed.der")), "{}", certificate.subject);
            }
            linked += 1;
        }
    }
    assert!(linked >= all.len(), "{linked} of {}", all.len());
}

#[test]
fn digests_of_entries() {
    let Some(openssl) = OpenSsl::find() else { return };
    let bytes = base(&TestPki::published().unwrap(), "orig");
    for (name, content) in ecric_licence::ofd::zip::audit(&bytes).unwrap().entries() {
        assert_eq!(openssl.sm3(content), hex(&sm3::digest(content)), "{name}");
        assert_ne!(openssl.sm3(&flipped(content, 0)), hex(&sm3::digest(content)), "{name}");
    }
}

#[test]
fn seals_seal_signatures_and_signed_data() {
    let Some(openssl) = OpenSsl::find() else { return };
    let pki = TestPki::published().unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for name in ["orig", "orig-v1", "orig-v5", "copy"] {
        for Signed { what, key, signed, signature } in signed_values(&base(&pki, name)) {
            agree(&openssl, &format!("{name}: {what}"), &key, &signed, &signature);
            kinds.insert(what);
        }
    }
    assert_eq!(kinds.len(), 3, "{kinds:?}");
}
