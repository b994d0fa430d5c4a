//! The PKI as files: PEM, DER, PKCS#7, the trust list of binding v1, revocation lists, fingerprints.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ecric_gm::oid::{PKCS7_DATA, PKCS7_SIGNED_DATA};
use ecric_gm::signed_data::write_signed_data;
use ecric_gm::sm2::SignError;
use ecric_gm::x509::Certificate;
use ecric_gm::{encoding, sm3};
use ecric_licence::authority::Entity;
use serde_json::{Value, json};

use super::{BAD, TestPki};

/// Files of the PKI by their paths.
///
/// # Errors
/// When the one deterministic nonce of a key gives no signature.
pub fn export(pki: &TestPki) -> Result<BTreeMap<String, Vec<u8>>, SignError> {
    let mut files = BTreeMap::new();
    let mut fingerprints = String::from("# Public test keys. SM3 and SHA-256 of the DER of each certificate.\n");
    for entity in pki.entities() {
        put(&mut files, "good", &entity.label, entity.certificate.der());
        files.insert(format!("keys/{}.pem", entity.label), key_pem(entity).into_bytes());
        let _ = writeln!(
            fingerprints,
            "{} sm3:{} sha256:{} {}",
            entity.label,
            sm3::digest_hex(entity.certificate.der()),
            encoding::hex(&ecric_gm::sha256::digest(entity.certificate.der())),
            entity.certificate.subject
        );
    }
    for (id, _, what) in BAD {
        let Some(signer) = pki.bad(id)? else { continue };
        put(&mut files, "bad", id, &signer.der);
        let _ = writeln!(fingerprints, "{id} sm3:{} {what}", sm3::digest_hex(&signer.der));
        for (i, certificate) in signer.support.iter().enumerate() {
            put(&mut files, "bad", &format!("{id}.ca{i}"), certificate.der());
        }
        for (i, list) in signer.lists.iter().enumerate() {
            files.insert(format!("crl/{id}.{i}.crl"), list.clone());
        }
    }
    for (name, list) in pki.lists()? {
        files.insert(format!("crl/{name}.crl"), list);
    }
    let chain: Vec<&Certificate> = ["XG01", "XG02", "XG03"].map(|label| &pki.get(label).certificate).to_vec();
    let bag = write_signed_data(&PKCS7_SIGNED_DATA, &PKCS7_DATA, b"", None, &chain, false, &[])?;
    files.insert("chain.p7b".to_owned(), bag);
    let mut text = serde_json::to_vec_pretty(&trust_list(pki)).unwrap_or_default();
    text.push(b'\n');
    files.insert("trust-anchors.json".to_owned(), text);
    files.insert("FINGERPRINTS.txt".to_owned(), fingerprints.into_bytes());
    Ok(files)
}

fn put(files: &mut BTreeMap<String, Vec<u8>>, folder: &str, name: &str, der: &[u8]) {
    files.insert(format!("{folder}/{name}.der"), der.to_vec());
    files.insert(format!("{folder}/{name}.pem"), pem("CERTIFICATE", der).into_bytes());
}

/// PEM with lines of 64 characters.
fn pem(label: &str, der: &[u8]) -> String {
    let text = encoding::b64(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    let _ = writeln!(out, "-----END {label}-----");
    out
}

fn key_pem(entity: &Entity) -> String {
    format!(
        "Public test key of the label {}: not secret.\n{}",
        entity.label,
        pem("PRIVATE KEY", &entity.key.to_pkcs8())
    )
}

/// The PKI as operation 10 of binding v1 answers it, without signature and addresses.
#[must_use]
pub fn trust_list(pki: &TestPki) -> Value {
    let anchors = pki.anchors();
    let plain = |list: &[Certificate]| -> Vec<Value> { list.iter().map(member).collect() };
    let all: Vec<&Certificate> = pki.entities().map(|entity| &entity.certificate).collect();
    let signers: Vec<Value> = anchors
        .signers
        .iter()
        .filter_map(|(fingerprint, role)| {
            let certificate = all.iter().find(|certificate| certificate.fingerprint() == *fingerprint)?;
            let mut value = member(certificate);
            value["role"] = json!(role.word());
            Some(value)
        })
        .collect();
    json!({
        "version": 1,
        "roots": plain(&anchors.roots),
        "intermediates": plain(&anchors.intermediates),
        "tsa": [member(&pki.get("XG07").certificate)],
        "signers": signers,
        "crl": [],
        "ocsp": [],
        "issuers": [],
        "loaders": [],
    })
}

fn member(certificate: &Certificate) -> Value {
    json!({"der": encoding::b64(certificate.der()), "sm3": encoding::hex(&certificate.fingerprint())})
}
