//! What both comparisons need: a base file's signatures, each with key, signed bytes and value.
//! Places are found by our readers; certificates and the parts of them by an independent one.

use ecric_gm::signed_data::SignedData;
use ecric_gm::sm2::PublicKey;
use ecric_licence::ofd::zip::audit;
use ecric_licence::seal::{read_seal, read_signature};
use ecric_vectors::licence_file::{default_person, make_base};
use ecric_vectors::pki::TestPki;
use x509_cert::der::{Decode as _, Encode as _};

/// A signature and what it is over.
pub(crate) struct Signed {
    /// Which kind it is.
    pub(crate) what: &'static str,
    /// The key that it has to verify under.
    pub(crate) key: PublicKey,
    /// The bytes that were signed.
    pub(crate) signed: Vec<u8>,
    /// r and s in DER.
    pub(crate) signature: Vec<u8>,
}

/// A base file of the default person.
pub(crate) fn base(pki: &TestPki, name: &str) -> Vec<u8> {
    make_base(pki, name, &default_person()).unwrap().unwrap()
}

/// The bytes with the lowest bit of one of them changed.
pub(crate) fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 1;
    changed
}

/// The signed part and the signature of a certificate, by the independent reader.
pub(crate) fn signed_parts(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let certificate = x509_cert::Certificate::from_der(der).unwrap();
    let signed = certificate.tbs_certificate().to_der().unwrap();
    assert!(der.windows(signed.len()).any(|window| window == signed), "encoded again, the signed part is the same");
    (signed, certificate.signature().as_bytes().unwrap().to_vec())
}

/// The SM2 key of a certificate, by the independent reader.
pub(crate) fn key_of(der: &[u8]) -> PublicKey {
    let certificate = x509_cert::Certificate::from_der(der).unwrap();
    let spki = certificate.tbs_certificate().subject_public_key_info();
    let point = spki.subject_public_key.as_bytes().unwrap();
    PublicKey::from_uncompressed(point.try_into().unwrap()).unwrap()
}

/// The certificate that the first signer names, by the independent reader.
fn named<'a>(data: &SignedData<'a>) -> &'a [u8] {
    let info = &data.signers[0];
    let fits = |der: &&&[u8]| {
        let certificate = x509_cert::Certificate::from_der(der).unwrap();
        let part = certificate.tbs_certificate();
        part.issuer().to_der().unwrap() == info.issuer && part.serial_number().as_bytes() == info.serial
    };
    data.certificates.iter().find(fits).unwrap()
}

/// Every signature of the profile in a licence file: seals, seal signatures, SignedData with attributes.
pub(crate) fn signed_values(file: &[u8]) -> Vec<Signed> {
    let package = audit(file).unwrap();
    let mut found = Vec::new();
    for (_, content) in package.entries().filter(|(name, _)| name.ends_with("SignedValue.dat")) {
        if let Ok(ses) = read_signature(content) {
            let seal = read_seal(ses.seal).unwrap();
            found.push(Signed {
                what: "seal signature",
                key: key_of(ses.certificate),
                signed: ses.signed.to_vec(),
                signature: ses.signature.to_vec(),
            });
            found.push(Signed {
                what: "seal",
                key: key_of(seal.maker),
                signed: seal.signed.clone(),
                signature: seal.signature.to_vec(),
            });
        } else if let Ok(data) = SignedData::read(content)
            && let Some(attributes) = &data.signers[0].attributes
        {
            found.push(Signed {
                what: "SignedData",
                key: key_of(named(&data)),
                signed: attributes.signed_bytes(),
                signature: data.signers[0].signature.to_vec(),
            });
        }
    }
    found
}
