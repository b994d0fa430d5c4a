//! The bad certificates, XB01 to XB49: each differs from a good one in one point.

use ecric_gm::der::{tag, write};
use ecric_gm::oid::{self, EKU_SERVER_AUTH, EKU_TIME_STAMPING, P256_CURVE, SM2_CURVE};
use ecric_gm::sm2::{SecretKey, SignError};
use ecric_gm::x509::build::{self, CertificateSpec, TimeForm};
use ecric_gm::x509::{Certificate, KeyUsage, Name};
use ecric_licence::authority::{Entity, Profile, entity, issue, serial, specify};
use ecric_licence::file::purpose;
use time::Duration;
use time::macros::datetime;

use super::good::{AUTHORITY_A, AUTHORITY_B, LOADER};
use super::lists::{list, revoked};
use super::{FIXED, TestPki};

/// Id, codes of which one is expected (fine code or class), what is wrong.
pub const BAD: &[(&str, &[&str], &str)] = &[
    ("XB01", &["CERT_UNTRUSTED"], "unknown root"),
    ("XB02", &["CERT_UNTRUSTED", "CERT_CHAIN"], "look-alike root: same subject, other key"),
    ("XB03", &["CERT_UNTRUSTED", "CERT_CHAIN"], "look-alike root with the same subject key identifier"),
    ("XB04", &["CERT_UNTRUSTED"], "self-signed leaf"),
    ("XB05", &["CERT_CHAIN", "CERT_USAGE"], "leaf signed by a leaf"),
    ("XB06", &["CERT_CHAIN", "CERT_USAGE"], "CA without keyCertSign"),
    ("XB07", &["CERT_CHAIN"], "path length exceeded"),
    ("XB08", &["CERT_CHAIN"], "name constraint violated"),
    ("XB09", &["CERT_CHAIN", "CERT_UNTRUSTED"], "intermediate missing"),
    ("XB10", &["CERT_CHAIN"], "key identifiers of issuer and subject differ"),
    ("XB11", &["CERT_CHAIN", "CERT_UNTRUSTED"], "intermediates form a loop"),
    ("XB12", &["CERT_CHAIN"], "chain of twelve"),
    ("XB13", &["CERT_EXPIRED"], "leaf expired"),
    ("XB14", &["CERT_NOT_YET_VALID"], "leaf not yet valid"),
    ("XB15", &["CERT_EXPIRED"], "intermediate expired"),
    ("XB16", &["CERT_MALFORMED", "CERT_EXPIRED"], "notAfter before notBefore"),
    ("XB17", &["CERT_MALFORMED"], "GeneralizedTime where UTCTime belongs"),
    ("XB18", &["CERT_REVOKED"], "leaf revoked"),
    ("XB19", &["CERT_REVOKED"], "leaf revoked after signing, no time stamp"),
    ("XB20", &[], "leaf was on hold, no longer is"),
    ("XB21", &["CERT_REVOKED"], "intermediate revoked"),
    ("XB22", &["CERT_STATUS_UNKNOWN"], "revocation list expired"),
    ("XB23", &["CERT_STATUS_UNKNOWN"], "revocation list signed by the wrong key"),
    ("XB24", &["CERT_STATUS_UNKNOWN"], "indirect revocation list"),
    ("XB25", &["CERT_STATUS_UNKNOWN"], "OCSP answers unknown"),
    ("XB26", &["CERT_STATUS_UNKNOWN"], "OCSP answer with another nonce"),
    ("XB27", &["CERT_STATUS_UNKNOWN"], "OCSP signer without its purpose"),
    ("XB28", &["SIG_ALG_FORBIDDEN"], "RSA key of 1024 bits"),
    ("XB29", &["SIG_ALG_FORBIDDEN"], "certificate signed with SHA-1"),
    ("XB30", &["KEY_BAD", "SM2_BAD", "SIG_ALG_FORBIDDEN", "CERT_MALFORMED"], "P-256 key under the SM2 curve"),
    ("XB31", &["KEY_BAD", "SIG_ALG_FORBIDDEN", "CERT_MALFORMED"], "SM2 key with the P-256 curve"),
    ("XB32", &["SIG_SIGNER_ID"], "certificate signed under the empty signer identifier"),
    ("XB33", &["SM2_BAD", "SM2_ENCODING", "DER_NON_CANONICAL"], "r of the certificate's signature is 0"),
    ("XB33-n", &["SM2_BAD", "SM2_ENCODING", "DER_NON_CANONICAL"], "s of the certificate's signature is n"),
    (
        "XB33-negative",
        &["SM2_BAD", "SM2_ENCODING", "DER_NON_CANONICAL"],
        "r of the certificate's signature is negative",
    ),
    ("XB33-padded", &["SM2_BAD", "SM2_ENCODING", "DER_NON_CANONICAL"], "r of the certificate's signature is padded"),
    ("XB34", &["KEY_BAD", "CERT_MALFORMED"], "point not on the curve"),
    ("XB35", &["KEY_BAD", "CERT_MALFORMED"], "point at infinity"),
    ("XB36", &["CERT_MALFORMED", "DER_NON_CANONICAL"], "BER length"),
    ("XB37", &["CERT_MALFORMED"], "extension twice"),
    ("XB38", &["CERT_MALFORMED"], "unknown critical extension"),
    ("XB39", &["CERT_MALFORMED", "DER_NON_CANONICAL"], "trailing bytes"),
    ("XB40", &["SES_MALFORMED", "FORMAT_LIMIT", "CERT_CHAIN"], "certificate of 100 kB"),
    ("XB41", &["CERT_MALFORMED"], "signature algorithms inside and outside differ"),
    ("XB42", &["CERT_MALFORMED", "ISSUER_MISMATCH"], "NUL inside the common name"),
    ("XB43", &["CERT_MALFORMED"], "negative serial number"),
    ("XB43-long", &["CERT_MALFORMED"], "serial number of 21 bytes"),
    ("XB44", &["CERT_USAGE"], "leaf may not sign"),
    ("XB45", &["CERT_USAGE"], "purpose TLS server only"),
    ("XB46", &["TS_INVALID", "CERT_USAGE"], "time-stamp authority without critical purpose"),
    ("XB47", &["SIGNER_ROLE", "CERT_USAGE"], "key of a loading-end provider"),
    ("XB48", &["ISSUER_MISMATCH"], "signer of another issuing authority"),
    ("XB49", &["CERT_ENVIRONMENT"], "production mark inside the test tree"),
];

/// The ids of [`BAD`] whose signers need certificates or lists at hand.
pub const SUPPORTED: &[&str] = &[
    "XB05", "XB06", "XB07", "XB08", "XB09", "XB11", "XB12", "XB15", "XB21", "XB22", "XB23", "XB24", "XB25", "XB26",
    "XB27",
];

/// A bad signer and what its path needs.
#[derive(Debug, Clone)]
pub struct BadSigner {
    /// The certificate as it is delivered.
    pub der: Vec<u8>,
    /// The key that signs; not the certificate's where that one cannot sign.
    pub key: SecretKey,
    /// Certificates that a verifier needs at hand.
    pub support: Vec<Certificate>,
    /// Revocation lists of those.
    pub lists: Vec<Vec<u8>>,
}

struct Maker<'p> {
    pki: &'p TestPki,
    support: Vec<Certificate>,
    lists: Vec<Vec<u8>>,
}

impl Maker<'_> {
    /// A good leaf to be changed, under an issuer.
    fn leaf(&self, label: &str, issuer: &Certificate) -> (SecretKey, CertificateSpec) {
        specify(&self.pki.seed, &Profile::leaf(label, "bad signer", AUTHORITY_A, &[purpose::SEALING]), Some(issuer))
    }

    fn under_a1(&self, label: &str) -> (SecretKey, CertificateSpec) {
        self.leaf(label, &self.pki.get("XG03").certificate)
    }

    /// A CA under root A, with a list of its own, changed by `change`.
    fn ca(&mut self, label: &str, change: impl FnOnce(&mut CertificateSpec)) -> Result<Entity, SignError> {
        let root = self.pki.get("XG01");
        let profile = Profile::authority(label, "intermediate", Some(0));
        let (key, mut spec) = specify(&self.pki.seed, &profile, Some(&root.certificate));
        change(&mut spec);
        let ca = entity(label, key, &spec.sign(&root.key)?)?;
        self.lists.push(list(&ca, vec![]).sign(&ca.key)?);
        self.support.push(ca.certificate.clone());
        Ok(ca)
    }

    fn done(self, der: Vec<u8>, key: SecretKey) -> BadSigner {
        BadSigner { der, key, support: self.support, lists: self.lists }
    }
}

/// Dropped where an own list is made instead.
fn replace_list(maker: &mut Maker<'_>, der: Vec<u8>) {
    maker.lists.clear();
    maker.lists.push(der);
}

/// A point of P-256: its base point.
const P256_POINT: &str = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                          4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
/// Order of the SM2 group.
const N: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

fn bytes(hex: &str) -> Vec<u8> {
    ecric_gm::encoding::from_hex(hex).unwrap_or_default()
}

/// Who signs a bad leaf of [`SUPPORTED`], and what its path needs.
pub(super) struct Stand {
    pub(super) issuer: Entity,
    pub(super) support: Vec<Certificate>,
    pub(super) lists: Vec<Vec<u8>>,
}

/// The stand of an id of [`SUPPORTED`]; `None` for another id.
pub(super) fn stand(pki: &TestPki, id: &str) -> Result<Option<Stand>, SignError> {
    let mut maker = Maker { pki, support: Vec::new(), lists: Vec::new() };
    let (root, a1) = (pki.get("XG01"), pki.get("XG03"));
    let issuer = match id {
        "XB05" => {
            let leaf = pki.get("XG04");
            maker.support.push(leaf.certificate.clone());
            leaf.clone()
        }
        "XB06" => maker.ca("XB06-ca", |spec| spec.extensions[1] = build::key_usage(KeyUsage::CRL_SIGN))?,
        "XB07" => {
            let sub = issue(&pki.seed, &Profile::authority("XB07-ca", "sub CA", None), Some(a1))?;
            maker.lists.push(list(&sub, vec![]).sign(&sub.key)?);
            maker.support.push(sub.certificate.clone());
            sub
        }
        "XB08" => {
            let base = Name::of(&[(oid::COUNTRY, "CN"), (oid::ORGANIZATION, "测试其他机构")]);
            maker.ca("XB08-ca", |spec| spec.extensions.push(build::permitted_names(&base)))?
        }
        "XB09" => {
            let ca = maker.ca("XB09-ca", |_| {})?;
            maker.support.clear();
            ca
        }
        "XB11" => {
            let names = ["XB11-a", "XB11-b"].map(|label| Profile::authority(label, "loop", None));
            let [a, b] = names.map(|profile| specify(&pki.seed, &profile, None));
            let mut circle = Vec::new();
            for ((own_key, own), (other_key, other)) in [(&a, &b), (&b, &a)] {
                let mut spec = own.clone();
                spec.issuer = other.subject.clone();
                spec.extensions[4] = build::authority_key_id(&build::key_id(&other.spki));
                circle.push(entity("XB11-ca", own_key.clone(), &spec.sign(other_key)?)?);
            }
            maker.support.extend(circle.iter().map(|ca| ca.certificate.clone()));
            circle.swap_remove(0)
        }
        "XB12" => {
            let mut above = root.clone();
            for i in 0..10 {
                let label = format!("XB12-ca{i}");
                above = issue(&pki.seed, &Profile::authority(&label, "long chain", None), Some(&above))?;
                maker.support.push(above.certificate.clone());
            }
            above
        }
        "XB15" => maker.ca("XB15-ca", |spec| spec.not_after = datetime!(2025-12-31 0:00 +8))?,
        "XB21" => maker.ca("XB21-ca", |_| {})?,
        "XB22" => {
            let ca = maker.ca("XB22-ca", |_| {})?;
            let mut stale = list(&ca, vec![]);
            stale.this_update = FIXED - Duration::days(60);
            stale.next_update = FIXED - Duration::days(30);
            let der = stale.sign(&ca.key)?;
            replace_list(&mut maker, der);
            ca
        }
        "XB23" => {
            let ca = maker.ca("XB23-ca", |_| {})?;
            let der = list(&ca, vec![]).sign(&a1.key)?;
            replace_list(&mut maker, der);
            ca
        }
        "XB24" => {
            let ca = maker.ca("XB24-ca", |_| {})?;
            let mut indirect = list(&ca, vec![(serial("XB18"), revoked(FIXED))]);
            indirect.indirect = true;
            let der = indirect.sign(&ca.key)?;
            replace_list(&mut maker, der);
            ca
        }
        // The answers are given by the responder that the harness plays; at hand there is nothing.
        "XB25" | "XB26" | "XB27" => {
            let ca = maker.ca(&format!("{id}-ca"), |_| {})?;
            maker.lists.clear();
            ca
        }
        _ => return Ok(None),
    };
    Ok(Some(Stand { issuer, support: maker.support, lists: maker.lists }))
}

pub(super) fn make(pki: &TestPki, id: &str) -> Result<Option<BadSigner>, SignError> {
    let mut maker = Maker { pki, support: Vec::new(), lists: Vec::new() };
    if let Some(Stand { issuer, support, lists }) = stand(pki, id)? {
        (maker.support, maker.lists) = (support, lists);
        let (key, spec) = maker.leaf(id, &issuer.certificate);
        let der = spec.sign(&issuer.key)?;
        return Ok(Some(maker.done(der, key)));
    }
    let (root, a1) = (pki.get("XG01"), pki.get("XG03"));
    let under_a1 = |maker: Maker<'_>, change: &dyn Fn(&mut CertificateSpec)| {
        let (key, mut spec) = maker.under_a1(id);
        change(&mut spec);
        let der = spec.sign(&a1.key)?;
        Ok(Some(maker.done(der, key)))
    };
    let under = |maker: Maker<'_>, ca: &Entity| {
        let (key, spec) = maker.leaf(id, &ca.certificate);
        let der = spec.sign(&ca.key)?;
        Ok(Some(maker.done(der, key)))
    };
    match id {
        "XB01" => {
            let other = issue(&pki.seed, &Profile::authority("XB01-root", "unknown root", Some(1)), None)?;
            under(maker, &other)
        }
        "XB02" | "XB03" => {
            // Subject of root A, a key of its own.
            let label = format!("{id}-root");
            let (key, mut spec) = specify(&pki.seed, &Profile::authority(&label, "root A", Some(1)), None);
            spec.subject = root.certificate.subject.clone();
            spec.issuer = spec.subject.clone();
            if id == "XB03" {
                let same = root.certificate.extensions.subject_key_id.clone().unwrap_or_default();
                spec.extensions[3] = build::subject_key_id(&same);
                spec.extensions[4] = build::authority_key_id(&same);
            }
            let der = spec.sign(&key)?;
            let look_alike = entity(&label, key, &der)?;
            under(maker, &look_alike)
        }
        "XB04" => {
            let (key, mut spec) = maker.under_a1(id);
            spec.issuer = spec.subject.clone();
            spec.extensions.pop();
            let der = spec.sign(&key)?;
            Ok(Some(maker.done(der, key)))
        }
        "XB10" => under_a1(maker, &|spec| spec.extensions[4] = build::authority_key_id(&[0x5a; 20])),
        "XB13" => under_a1(maker, &|spec| spec.not_after = datetime!(2025-12-31 0:00 +8)),
        "XB14" => under_a1(maker, &|spec| spec.not_before = datetime!(2026-06-02 0:00 +8)),
        "XB16" => under_a1(maker, &|spec| spec.not_before = spec.not_after + Duration::DAY),
        "XB17" => under_a1(maker, &|spec| spec.time_form = TimeForm::Generalized),
        "XB18" | "XB19" | "XB20" => under_a1(maker, &|_| {}),
        "XB28" => under_a1(maker, &|spec| {
            let mut modulus = [0xc5; 128];
            modulus[127] = 0x2b;
            let key = write::sequence(&[&write::unsigned(&modulus), &write::small(65_537)]);
            let algorithm = write::sequence(&[&write::oid(&oid::RSA_ENCRYPTION), &write::null()]);
            spec.spki = write::sequence(&[&algorithm, &write::bits(&key)]);
        }),
        "XB29" => under_a1(maker, &|spec| {
            spec.inner_algorithm = write::sequence(&[&write::oid(&oid::ECDSA_SHA1)]);
            spec.outer_algorithm = spec.inner_algorithm.clone();
        }),
        "XB30" => under_a1(maker, &|spec| spec.spki = build::spki_with(&SM2_CURVE, &bytes(P256_POINT))),
        "XB31" => {
            let (key, _) = maker.under_a1(id);
            under_a1(maker, &|spec| spec.spki = build::spki_with(&P256_CURVE, &key.public_key().to_uncompressed()))
        }
        "XB32" => {
            let (key, spec) = maker.under_a1(id);
            let der = spec.sign_with_id(&a1.key, b"")?;
            Ok(Some(maker.done(der, key)))
        }
        "XB33" | "XB33-n" | "XB33-negative" | "XB33-padded" => {
            let (key, spec) = maker.under_a1(id);
            let one = write::small(1);
            let value = match id {
                "XB33" => write::sequence(&[&write::small(0), &one]),
                "XB33-n" => write::sequence(&[&one, &write::unsigned(&bytes(N))]),
                "XB33-negative" => write::sequence(&[&write::tlv(tag::INTEGER, &[0x80; 32]), &one]),
                _ => write::sequence(&[&write::tlv(tag::INTEGER, &[0, 0, 1]), &one]),
            };
            Ok(Some(maker.done(spec.with_signature(&value), key)))
        }
        "XB34" => under_a1(maker, &|spec| {
            let mut point = [0x11; 65];
            point[0] = 4;
            spec.spki = build::spki_with(&SM2_CURVE, &point);
        }),
        "XB35" => under_a1(maker, &|spec| spec.spki = build::spki_with(&SM2_CURVE, &[0])),
        "XB36" => {
            let (key, spec) = maker.under_a1(id);
            let good = spec.sign(&a1.key)?;
            // The outer length in four bytes instead of two.
            let der = [&good[..1], &[0x84, 0, 0], &good[2..]].concat();
            Ok(Some(maker.done(der, key)))
        }
        "XB37" => under_a1(maker, &|spec| spec.extensions.push(spec.extensions[1].clone())),
        "XB38" => under_a1(maker, &|spec| {
            let unknown = ecric_gm::oid::Oid::new(&[1, 3, 6, 1, 4, 1, 32473, 9, 9]);
            spec.extensions.push(build::extension(&unknown, true, &write::null()));
        }),
        "XB39" => {
            let (key, spec) = maker.under_a1(id);
            let der = [spec.sign(&a1.key)?, vec![0; 4]].concat();
            Ok(Some(maker.done(der, key)))
        }
        "XB40" => under_a1(maker, &|spec| {
            let unknown = ecric_gm::oid::Oid::new(&[1, 3, 6, 1, 4, 1, 32473, 9, 8]);
            spec.extensions.push(build::extension(&unknown, false, &write::octets(&vec![0; 100_000])));
        }),
        "XB41" => under_a1(maker, &|spec| {
            spec.inner_algorithm = write::sequence(&[&write::oid(&oid::ECDSA_SHA256)]);
        }),
        "XB42" => under_a1(maker, &|spec| {
            let (name, code) = AUTHORITY_A;
            spec.subject = Name::of(&[
                (oid::COUNTRY, "CN"),
                (oid::ORGANIZATION, name),
                (oid::ORGANIZATION_IDENTIFIER, code),
                (oid::ORGANIZATIONAL_UNIT, ecric_licence::authority::TEST_ORGANISATION),
                (oid::COMMON_NAME, "XB42 bad signer\0 of another"),
            ]);
        }),
        "XB43" => under_a1(maker, &|spec| spec.serial[0] |= 0x80),
        "XB43-long" => under_a1(maker, &|spec| spec.serial = vec![0x11; 21]),
        "XB44" => under_a1(maker, &|spec| {
            spec.extensions[1] = build::key_usage(KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT);
        }),
        "XB45" => under_a1(maker, &|spec| {
            spec.extensions[2] = build::extended_key_usage(false, &[purpose::TEST_MARK, EKU_SERVER_AUTH]);
        }),
        "XB46" => under_a1(maker, &|spec| {
            spec.extensions[2] = build::extended_key_usage(false, &[purpose::TEST_MARK, EKU_TIME_STAMPING]);
        }),
        "XB47" => {
            let profile = Profile::leaf(id, "bad signer", LOADER, &[purpose::PRESENTATION]);
            let made = issue(&pki.seed, &profile, Some(a1))?;
            Ok(Some(maker.done(made.certificate.der().to_vec(), made.key)))
        }
        "XB48" => {
            let profile = Profile::leaf(id, "bad signer", AUTHORITY_B, &[purpose::SEALING]);
            let made = issue(&pki.seed, &profile, Some(a1))?;
            Ok(Some(maker.done(made.certificate.der().to_vec(), made.key)))
        }
        "XB49" => under_a1(maker, &|spec| {
            spec.extensions[2] = build::extended_key_usage(false, &[purpose::PRODUCTION_MARK, purpose::SEALING]);
        }),
        _ => Ok(None),
    }
}
