//! Electronic seals: judged under trust and time, and their signatures alone.

use ecric_gm::der::write;
use ecric_gm::encoding::hex;
use ecric_gm::oid::{ECDSA_SHA256, RSA_SHA256, SM2_SIGN, SM2_WITH_SM3};
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey};
use ecric_gm::sm3;
use ecric_licence::seal::{CertList, PictureSpec, SealSpec, SesVersion, seal_info, sign_seal};
use time::OffsetDateTime;
use time::macros::datetime;

use super::artefact::{JUDGED, SIGNED, der, flipped, indefinite, joined, list, long_form, made, place_of, refuse};
use super::draft::{Draft, Refused};
use crate::pki::{FIXED, TestPki};

mod signatures;

pub(super) use signatures::signatures;

/// Head of a PNG of 420 x 420 pixels; nobody decodes more.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\xa4\0\0\x01\xa4\x08\x02\0\0\0";
const FORM: &str = "DER_NON_CANONICAL";
/// A later instant than the end of the short seals.
const LATER: &str = "2026-08-01T00:00:00+08:00";

/// A seal with everything that can be changed.
#[derive(Clone)]
struct Seal {
    shape: SesVersion,
    header: Option<u32>,
    listed: Vec<Vec<u8>>,
    digests: Option<Vec<(String, Vec<u8>)>>,
    times: [OffsetDateTime; 3],
    utc_times: bool,
    picture: PictureSpec,
    maker: (Vec<u8>, SecretKey),
}

impl Seal {
    fn good(pki: &TestPki) -> Self {
        let start = datetime!(2026-01-01 0:00 UTC);
        let maker = pki.get("XG17");
        Self {
            shape: SesVersion::V4,
            header: None,
            listed: vec![der(pki, "XG04").to_vec()],
            digests: None,
            times: [start, start, datetime!(2035-12-31 23:59:59 UTC)],
            utc_times: false,
            picture: PictureSpec { kind: "PNG".to_owned(), data: PICTURE.to_vec(), size: (42, 42) },
            maker: (maker.certificate.der().to_vec(), maker.key.clone()),
        }
    }

    fn by(&mut self, pki: &TestPki, bad: &str) {
        if let Some(bad) = made(pki.bad(bad)) {
            self.maker = (bad.der, bad.key);
        }
    }

    fn spec(&self) -> SealSpec<'_> {
        let certificates = match &self.digests {
            Some(list) => CertList::Digests(list.iter().map(|(kind, value)| (kind.clone(), &value[..])).collect()),
            None => CertList::Certificates(self.listed.iter().map(Vec::as_slice).collect()),
        };
        SealSpec {
            shape: self.shape,
            header_version: self.header,
            es_id: "ECRIC-SEAL-0001".to_owned(),
            name: "测试居民身份证电子证照专用章".to_owned(),
            certificates,
            created: self.times[0],
            valid: (self.times[1], self.times[2]),
            utc_times: self.utc_times,
            picture: self.picture.clone(),
            maker: &self.maker.0,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        made(sign_seal(&self.spec(), &self.maker.1))
    }

    /// V4 with any algorithm and signature value.
    fn with(&self, algorithm: &ecric_gm::oid::Oid, value: &[u8]) -> Vec<u8> {
        let info = seal_info(&self.spec());
        write::sequence(&[&info, &write::octets(&self.maker.0), &write::oid(algorithm), &write::bits(value)])
    }
}

/// Roots, intermediates, lists.
fn trust(pki: &TestPki) -> [(&'static str, String); 3] {
    [
        ("roots", hex(der(pki, "XG01"))),
        ("intermediates", hex(der(pki, "XG03"))),
        ("lists", joined(&[&list(pki, "root-a"), &list(pki, "intermediate-a1")])),
    ]
}

fn ask(pki: &TestPki, seal: &[u8], signed_at: &str, at: &str) -> Vec<(&'static str, String)> {
    let mut input = vec![("seal", hex(seal)), ("signed_at", signed_at.to_owned()), ("at", at.to_owned())];
    input.extend(trust(pki));
    input
}

fn head(path: &str, title: [&str; 2]) -> Draft {
    let source = [
        "GB/T 38540-2020; GM/T 0031-2014; ecric profile",
        "2020; 2014; 1",
        "seal and seal signature (clauses of the text of 2014); limits are ours",
    ];
    let mut draft = Draft::new(path, title, source);
    draft.name_twins();
    draft.note("good", "Has to be accepted.");
    draft.note("not-der", "Not DER, bytes behind, or not readable.");
    draft.note("version", "Versions in the parts differ, or one that nobody knows.");
    draft.note("tampered", "Something that was signed was changed.");
    draft.note("value-form", "The signature value is not of the form of GB/T 35276, or out of range.");
    draft.note("algorithm", "Another algorithm than SM2 with SM3 is named.");
    draft.note("signer-id", "Signed under another signer identifier than 1234567812345678, or without Z.");
    draft.note("wrong-key", "Signed by another key than that of the certificate inside.");
    draft.note("signature", "The signature of the certificate inside holds over the bytes as received.");
    draft.note("option", "Grey zone: one vector for each reading of the option that the group names.");
    draft
}

/// `seal/seals`.
pub(super) fn seals(pki: &TestPki) -> Draft {
    let mut draft = head("seal/seals", ["Electronic seals", "电子印章"]);
    draft.note("structure", "Header, picture or limits of the profile.");
    draft.note("validity", "The seal was not valid when it was used, or its times are not of the one form.");
    draft.note("maker", "The maker's certificate does not hold.");
    draft.group("seal.verify");
    good_seals(&mut draft, pki);
    bad_seals(&mut draft, pki);
    seal_options(&mut draft, pki);
    seal_values(&mut draft, pki);
    draft
}

fn good_seals(draft: &mut Draft, pki: &TestPki) {
    let mut good = |comment: &str, signed_at: &str, change: &dyn Fn(&mut Seal)| {
        let mut seal = Seal::good(pki);
        change(&mut seal);
        draft.valid("seal.good", &["good"], comment, &ask(pki, &seal.bytes(), signed_at, JUDGED), &[]);
    };
    good("list of digests", SIGNED, &|seal| {
        seal.digests = Some(vec![("SM3".to_owned(), sm3::digest(&seal.listed[0]).to_vec())]);
    });
    good("list of two certificates", SIGNED, &|seal| seal.listed.push(der(pki, "XG05").to_vec()));
    good("picture of the largest size, 200 mm", SIGNED, &|seal| seal.picture.size = (200, 200));
    good("used at its first instant", SIGNED, &|seal| seal.times[1] = FIXED);
    good("used at its last instant", SIGNED, &|seal| seal.times[2] = FIXED);
    good("the twin of what follows", SIGNED, &|_| {});
}

fn bad_seals(draft: &mut Draft, pki: &TestPki) {
    let mut bad = |flag: &str, comment: &str, reason: &'static str, change: &dyn Fn(&mut Seal)| {
        let mut seal = Seal::good(pki);
        change(&mut seal);
        let input = ask(pki, &seal.bytes(), SIGNED, JUDGED);
        draft.invalid("seal.bad", &[flag], comment, &input, refuse(reason, "seal"));
    };
    bad("validity", "expired when it was used", "SEAL_EXPIRED", &|seal| {
        seal.times[2] = datetime!(2026-05-31 15:59:59 UTC)
    });
    bad("validity", "not yet valid when it was used", "SEAL_NOT_YET_VALID", &|seal| {
        seal.times[1] = datetime!(2026-05-31 16:00:01 UTC);
    });
    bad("validity", "ends before it begins", "SEAL_TIME_FORM", &|seal| seal.times.swap(1, 2));
    bad("validity", "UTCTime instead of GeneralizedTime", "SEAL_TIME_FORM", &|seal| seal.utc_times = true);
    bad("structure", "picture of 201 mm", "PICTURE_LIMIT", &|seal| seal.picture.size = (201, 42));
    bad("structure", "picture of 4 gigapixels", "PICTURE_LIMIT", &|seal| {
        seal.picture.data[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    });
    bad("structure", "picture that says it is a package and is none", "NESTED_LIMIT", &|seal| {
        seal.picture.kind = "ofd".to_owned();
    });
    bad("version", "version 9 in the header", "VERSION_MIX", &|seal| seal.header = Some(9));
    bad("version", "version 1 in the header of the shape of 2020", "VERSION_MIX", &|seal| seal.header = Some(1));
    for (id, comment, reason) in [
        ("XB01", "maker under an unknown root", "CERT_UNTRUSTED"),
        ("XB04", "self-made maker", "CERT_UNTRUSTED"),
        ("XB10", "maker whose key identifiers differ", "CERT_CHAIN"),
        ("XB13", "maker's certificate had expired", "CERT_EXPIRED"),
        ("XB18", "maker revoked", "CERT_REVOKED"),
        ("XB32", "maker's certificate signed under the empty signer identifier", "SIG_SIGNER_ID"),
        ("XB38", "maker with an unknown critical extension", "CERT_MALFORMED"),
        ("XB44", "maker may not sign", "CERT_USAGE"),
        ("XB45", "maker for TLS servers only", "CERT_USAGE"),
    ] {
        bad("maker", &format!("{comment} ({id})"), reason, &|seal| seal.by(pki, id));
    }
    bad("wrong-key", "signed by another key", "SEAL_SIGNATURE_BAD", &|seal| seal.maker.1 = pki.get("XG05").key.clone());
    let seal = Seal::good(pki);
    let good = seal.bytes();
    let value = made(sm2::sign(&seal.maker.1, DEFAULT_ID, &seal_info(&seal.spec())));
    let picture = place_of(&good, b"IHDR") + 7;
    for (flag, comment, bytes, reason) in [
        ("tampered", "id of the seal changed", flipped(&good, place_of(&good, b"SEAL-0001") + 8), "SEAL_SIGNATURE_BAD"),
        ("tampered", "picture changed", flipped(&good, picture), "SEAL_SIGNATURE_BAD"),
        ("tampered", "last byte of the signature changed", flipped(&good, good.len() - 1), "SEAL_SIGNATURE_BAD"),
        ("tampered", "end of validity moved", flipped(&good, place_of(&good, b"20351231") + 3), "SEAL_SIGNATURE_BAD"),
        ("structure", "header EZ instead of ES", flipped_header(&seal), "SEAL_MALFORMED"),
        ("algorithm", "ECDSA named", seal.with(&ECDSA_SHA256, &value.to_der()), "SEAL_SIGNATURE_BAD"),
        ("value-form", "r and s as 64 bytes", seal.with(&SM2_WITH_SM3, value.as_raw()), "SEAL_SIGNATURE_BAD"),
        ("not-der", "length in a longer form", long_form(&good), FORM),
        ("not-der", "length indefinite", indefinite(&good), "SEAL_MALFORMED"),
        ("not-der", "a zero byte behind", [&good[..], &[0]].concat(), FORM),
        ("not-der", "cut by one byte", good[..good.len() - 1].to_vec(), "SEAL_MALFORMED"),
        ("not-der", "nothing", Vec::new(), "SEAL_MALFORMED"),
    ] {
        let reason = if comment == "length indefinite" { FORM } else { reason };
        draft.invalid("seal.bad", &[flag], comment, &ask(pki, &bytes, SIGNED, JUDGED), refuse(reason, "seal"));
    }
}

/// A seal whose header begins with EZ, signed so.
fn flipped_header(seal: &Seal) -> Vec<u8> {
    let mut info = seal_info(&seal.spec());
    let at = place_of(&info, b"\x16\x02ES") + 3;
    if let Some(byte) = info.get_mut(at) {
        *byte = b'Z';
    }
    let value = made(sm2::sign(&seal.maker.1, DEFAULT_ID, &info)).to_der();
    write::sequence(&[&info, &write::octets(&seal.maker.0), &write::oid(&SM2_WITH_SM3), &write::bits(&value)])
}

fn seal_options(draft: &mut Draft, pki: &TestPki) {
    let shaped = |shape| Seal { shape, ..Seal::good(pki) }.bytes();
    let mut short = Seal::good(pki);
    short.times[2] = datetime!(2026-07-01 0:00 UTC);
    for (option, comment, seal, at, reason) in [
        ("ses_v1", "shape of 2014", shaped(SesVersion::V1), JUDGED, "VERSION_REFUSED"),
        ("ses_v5", "shape of 2025", shaped(SesVersion::V5), JUDGED, "VERSION_REFUSED"),
        ("seal_expired_since", "valid when it was used, expired since", short.bytes(), LATER, "SEAL_EXPIRED_NOW"),
    ] {
        either(
            draft,
            ["seal.verify", "seal.option"],
            option,
            comment,
            &ask(pki, &seal, SIGNED, at),
            refuse(reason, "policy"),
        );
    }
}

/// One vector for each reading.
fn either(
    draft: &mut Draft,
    [operation, family]: [&str; 2],
    option: &str,
    comment: &str,
    input: &[(&'static str, String)],
    refused: Refused,
) {
    let comment = format!("{comment}; decided by {option}");
    draft.reading(operation, option, "accept");
    draft.valid(family, &["option"], &comment, input, &[]);
    draft.reading(operation, option, "refuse");
    draft.invalid(family, &["option"], &comment, input, refused);
}

fn seal_values(draft: &mut Draft, pki: &TestPki) {
    let object = |bytes: &[u8]| [("object", hex(bytes)), ("kind", "seal".to_owned())];
    let seal = Seal::good(pki);
    draft.group("ses.signature");
    for (comment, shape) in
        [("shape of 2014", SesVersion::V1), ("shape of 2025", SesVersion::V5), ("shape of 2020", SesVersion::V4)]
    {
        let bytes = Seal { shape, ..seal.clone() }.bytes();
        draft.valid("seal.signed", &["signature"], comment, &object(&bytes), &[]);
    }
    let info = seal_info(&seal.spec());
    let good = seal.bytes();
    values(draft, "seal.unsigned", &object, &info, &seal.maker.1, &|algorithm, value| seal.with(algorithm, value));
    let other = Seal { maker: (seal.maker.0.clone(), pki.get("XG05").key.clone()), ..seal.clone() };
    for (flag, comment, bytes, reason) in [
        ("wrong-key", "signed by another key", other.bytes(), "SM2_BAD"),
        ("tampered", "name of the seal changed", flipped(&good, place_of(&good, "专用章".as_bytes()) + 2), "SM2_BAD"),
        ("not-der", "length in a longer form", long_form(&good), FORM),
        ("not-der", "a zero byte behind", [&good[..], &[0]].concat(), FORM),
    ] {
        draft.invalid("seal.unsigned", &[flag], comment, &object(&bytes), refuse(reason, "value"));
    }
}

type Object<'a> = dyn Fn(&[u8]) -> [(&'static str, String); 2] + 'a;
type With<'a> = dyn Fn(&ecric_gm::oid::Oid, &[u8]) -> Vec<u8> + 'a;

/// Signature values over `signed` that do not hold.
fn values(draft: &mut Draft, family: &str, object: &Object<'_>, signed: &[u8], key: &SecretKey, with: &With<'_>) {
    let der = |id: &[u8], message: &[u8]| made(sm2::sign(key, id, message)).to_der();
    let good = der(DEFAULT_ID, signed);
    let raw = made(sm2::sign(key, DEFAULT_ID, signed));
    let without_z = made(sm2::sign_digest(key, &sm3::digest(signed))).to_der();
    for (flag, comment, value, reason) in [
        ("signer-id", "under the empty signer identifier", der(b"", signed), "SIG_SIGNER_ID"),
        ("signer-id", "under another signer identifier", der(b"ALICE123@YAHOO.COM", signed), "SM2_BAD"),
        ("signer-id", "without Z", without_z, "SIG_SIGNER_ID"),
        ("tampered", "over the hash", der(DEFAULT_ID, &sm3::digest(signed)), "SM2_BAD"),
        ("tampered", "last byte changed", flipped(&good, good.len() - 1), "SM2_BAD"),
        ("value-form", "r and s as 64 bytes", raw.as_raw().to_vec(), "SM2_ENCODING"),
        ("value-form", "length of the pair in a longer form", long_form(&good), "SM2_ENCODING"),
        ("value-form", "a zero byte behind the pair", [&good[..], &[0]].concat(), "SM2_ENCODING"),
        ("value-form", "r and s are 0", vec![0x30, 6, 2, 1, 0, 2, 1, 0], "SM2_BAD"),
    ] {
        draft.invalid(family, &[flag], comment, &object(&with(&SM2_WITH_SM3, &value)), refuse(reason, "value"));
    }
    for (comment, algorithm) in
        [("ECDSA named", ECDSA_SHA256), ("RSA named", RSA_SHA256), ("SM2 without SM3 named", SM2_SIGN)]
    {
        let bytes = with(&algorithm, &good);
        draft.invalid(family, &["algorithm"], comment, &object(&bytes), refuse("SIG_METHOD", "value"));
    }
}
