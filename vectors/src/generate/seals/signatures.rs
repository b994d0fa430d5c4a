//! Seal signatures over a document: judged under trust and time, and their signatures alone.

use ecric_gm::encoding::hex;
use ecric_gm::oid::{ECDSA_SHA256, SM2_WITH_SM3};
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey};
use ecric_gm::sm3;
use ecric_gm::x509::time_stamp::write_token;
use ecric_licence::seal::{SesVersion, SignatureSpec, sign_signature, signed_part, with_value};
use time::OffsetDateTime;
use time::macros::datetime;

use super::super::artefact::{JUDGED, der, flipped, indefinite, long_form, made, place_of, refuse};
use super::super::draft::Draft;
use super::{FORM, LATER, Seal, either, head, trust, values};
use crate::pki::{FIXED, TestPki};

const DOCUMENT: &[u8] = b"<ofd:Signature xmlns:ofd=\"http://www.ofdspec.org/2016\"/>";
const PLACE: &str = "/Doc_0/Signs/Sign_0/Signature.xml";

/// A seal signature with everything that can be changed.
struct Signed<'p> {
    pki: &'p TestPki,
    seal: Seal,
    signer: (Vec<u8>, SecretKey),
    version: Option<u32>,
    time: String,
    hash: [u8; 32],
    place: String,
    algorithm: ecric_gm::oid::Oid,
}

impl<'p> Signed<'p> {
    fn good(pki: &'p TestPki) -> Self {
        let signer = pki.get("XG04");
        Self {
            pki,
            seal: Seal::good(pki),
            signer: (signer.certificate.der().to_vec(), signer.key.clone()),
            version: None,
            time: ecric_gm::der::write_generalized_time(FIXED),
            hash: sm3::digest(DOCUMENT),
            place: PLACE.to_owned(),
            algorithm: SM2_WITH_SM3,
        }
    }

    /// Another signer, listed in the seal.
    fn by(&mut self, certificate: Vec<u8>, key: SecretKey) {
        self.seal.listed = vec![certificate.clone()];
        self.signer = (certificate, key);
    }

    fn by_bad(&mut self, id: &str) {
        if let Some(bad) = made(self.pki.bad(id)) {
            self.by(bad.der, bad.key);
        }
    }

    fn spec<'s>(&'s self, seal: &'s [u8]) -> SignatureSpec<'s> {
        SignatureSpec {
            shape: self.seal.shape,
            version: self.version,
            seal,
            time: self.time.clone(),
            data_hash: self.hash,
            property_info: self.place.clone(),
            certificate: &self.signer.0,
            algorithm: self.algorithm,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let seal = self.seal.bytes();
        made(sign_signature(&self.spec(&seal), &self.signer.1))
    }

    fn with(&self, value: &[u8], token: Option<&[u8]>) -> Vec<u8> {
        let seal = self.seal.bytes();
        with_value(&self.spec(&seal), value, token)
    }

    /// With a time stamp of the test authority over the value, or over something else.
    fn stamped(&self, at: OffsetDateTime, over: Option<&[u8]>) -> Vec<u8> {
        let seal = self.seal.bytes();
        let value = made(sm2::sign(&self.signer.1, DEFAULT_ID, &signed_part(&self.spec(&seal)))).to_der();
        let authority = self.pki.get("XG07");
        let token = write_token(over.unwrap_or(&value), at, &[1, 2, 3], &authority.certificate, &authority.key, &[]);
        self.with(&value, Some(&made(token)))
    }
}

fn question(pki: &TestPki, signature: &[u8], document: &[u8], at: &str) -> Vec<(&'static str, String)> {
    let mut input = vec![
        ("signature", hex(signature)),
        ("document", hex(document)),
        ("place", PLACE.to_owned()),
        ("at", at.to_owned()),
    ];
    input.extend(trust(pki));
    input
}

/// `seal/seal-signatures`.
pub(in crate::generate) fn signatures(pki: &TestPki) -> Draft {
    let mut draft = head("seal/seal-signatures", ["Seal signatures", "电子签章"]);
    draft.note("document", "The signature is about another document or another place.");
    draft.note("time", "The signing time is not of the one form, in the future, or its time stamp does not hold.");
    draft.note("signer", "The signer's certificate does not hold.");
    draft.note("list", "The signer is not in the list of the seal.");
    draft.note("seal", "The seal inside does not hold.");
    draft.group("seal_signature.verify");
    good_signatures(&mut draft, pki);
    bad_signatures(&mut draft, pki);
    signature_options(&mut draft, pki);
    signature_values(&mut draft, pki);
    draft
}

fn good_signatures(draft: &mut Draft, pki: &TestPki) {
    let mut good = |comment: &str, at: &str, make: &dyn Fn(&mut Signed<'_>) -> Vec<u8>| {
        let bytes = make(&mut Signed::good(pki));
        draft.valid("ses.good", &["good"], comment, &question(pki, &bytes, DOCUMENT, at), &[]);
    };
    good("seal that lists digests", JUDGED, &|made| {
        made.seal.digests = Some(vec![("SM3".to_owned(), sm3::digest(&made.signer.0).to_vec())]);
        made.bytes()
    });
    good("signer directly under the root", JUDGED, &|made| {
        let signer = pki.get("XG06");
        made.by(signer.certificate.der().to_vec(), signer.key.clone());
        made.bytes()
    });
    good("with a time stamp", JUDGED, &|made| made.stamped(FIXED + time::Duration::MINUTE, None));
    good("signer expired since, with a time stamp", LATER, &|made| {
        let signer = pki.get("XG14");
        made.by(signer.certificate.der().to_vec(), signer.key.clone());
        made.stamped(FIXED + time::Duration::MINUTE, None)
    });
    good("signer revoked since, with a time stamp", JUDGED, &|made| {
        made.by_bad("XB19");
        made.stamped(FIXED + time::Duration::MINUTE, None)
    });
    good("the twin of what follows", JUDGED, &|made| made.bytes());
}

#[allow(clippy::too_many_lines, reason = "one table")]
fn bad_signatures(draft: &mut Draft, pki: &TestPki) {
    let mut bad = |flag: &str, comment: &str, reason: &'static str, make: &dyn Fn(&mut Signed<'_>) -> Vec<u8>| {
        let bytes = make(&mut Signed::good(pki));
        let input = question(pki, &bytes, DOCUMENT, JUDGED);
        draft.invalid("ses.bad", &[flag], comment, &input, refuse(reason, "signature"));
    };
    bad("document", "digest of something else", "DATAHASH_MISMATCH", &|made| {
        made.hash = [7; 32];
        made.bytes()
    });
    bad("document", "about another place", "PROPERTY_MISMATCH", &|made| {
        made.place = "/Doc_0/Signs/Sign_1/Signature.xml".to_owned();
        made.bytes()
    });
    bad("document", "place without the leading slash", "PROPERTY_MISMATCH", &|made| {
        made.place.remove(0);
        made.bytes()
    });
    for (comment, text) in [
        ("without seconds", "202605311600Z"),
        ("with an offset", "20260601000000+0800"),
        ("without zone", "20260531160000"),
        ("with a fraction", "20260531160000.5Z"),
        ("on 31 February", "20260231160000Z"),
        ("empty", ""),
    ] {
        bad("time", &format!("time {comment}"), "TIME_FORM", &|made| {
            text.clone_into(&mut made.time);
            made.bytes()
        });
    }
    bad("time", "time ten minutes ahead", "TIME_FUTURE", &|made| {
        made.time = "20260601161000Z".to_owned();
        made.bytes()
    });
    bad("time", "time stamp over something else", "TS_INVALID", &|made| {
        made.stamped(FIXED + time::Duration::MINUTE, Some(b"something else"))
    });
    bad("time", "time stamp before the signing time", "TS_INVALID", &|made| {
        made.stamped(FIXED - time::Duration::MINUTE, None)
    });
    for (id, comment, reason) in [
        ("XB01", "under an unknown root", "CERT_UNTRUSTED"),
        ("XB02", "under a look-alike root", "CERT_CHAIN"),
        ("XB13", "expired", "CERT_EXPIRED"),
        ("XB14", "not yet valid", "CERT_NOT_YET_VALID"),
        ("XB18", "revoked before", "CERT_REVOKED"),
        ("XB25", "of unknown standing", "CERT_CHAIN"),
        ("XB31", "with a P-256 key", "KEY_BAD"),
        ("XB32", "signed under the empty signer identifier", "SIG_SIGNER_ID"),
        ("XB38", "with an unknown critical extension", "CERT_MALFORMED"),
        ("XB44", "that may not sign", "CERT_USAGE"),
        ("XB45", "for TLS servers", "CERT_USAGE"),
        ("XB49", "with the production mark", "CERT_ENVIRONMENT"),
    ] {
        // Its intermediate is not at hand here, so there is no path at all.
        let reason = if id == "XB25" { "CERT_UNTRUSTED" } else { reason };
        bad("signer", &format!("signer's certificate {comment} ({id})"), reason, &|made| {
            made.by_bad(id);
            made.bytes()
        });
    }
    bad("signer", "signer is the CA", "CERT_USAGE", &|made| {
        let ca = pki.get("XG03");
        made.by(ca.certificate.der().to_vec(), ca.key.clone());
        made.bytes()
    });
    bad("signer", "signer's certificate is none", "CERT_MALFORMED", &|made| {
        made.by(vec![0x30, 0], pki.get("XG04").key.clone());
        made.bytes()
    });
    bad("list", "another certificate listed", "CERT_NOT_IN_SEAL", &|made| {
        made.seal.listed = vec![der(pki, "XG05").to_vec()];
        made.bytes()
    });
    bad("list", "nobody listed", "CERT_NOT_IN_SEAL", &|made| {
        made.seal.listed.clear();
        made.bytes()
    });
    bad("list", "wrong digest listed", "CERT_NOT_IN_SEAL", &|made| {
        made.seal.digests = Some(vec![("SM3".to_owned(), vec![7; 32])]);
        made.bytes()
    });
    bad("list", "right digest under another name", "CERT_NOT_IN_SEAL", &|made| {
        made.seal.digests = Some(vec![("SHA1".to_owned(), sm3::digest(&made.signer.0).to_vec())]);
        made.bytes()
    });
    bad("seal", "seal expired at signing", "SEAL_EXPIRED", &|made| {
        made.seal.times[2] = datetime!(2026-05-31 15:59:59 UTC);
        made.bytes()
    });
    bad("seal", "seal by an unknown maker", "CERT_UNTRUSTED", &|made| {
        made.seal.by(pki, "XB01");
        made.bytes()
    });
    bad("seal", "seal signed by another key", "SEAL_SIGNATURE_BAD", &|made| {
        made.seal.maker.1 = pki.get("XG05").key.clone();
        made.bytes()
    });
    bad("version", "version 5 signed over a seal of version 4", "VERSION_MIX", &|made| {
        made.version = Some(5);
        made.bytes()
    });
    bad("version", "version 9 in seal and signature", "VERSION_MIX", &|made| {
        made.seal.header = Some(9);
        made.version = Some(9);
        made.bytes()
    });
    bad("algorithm", "ECDSA named", "SIG_METHOD", &|made| {
        made.algorithm = ECDSA_SHA256;
        made.bytes()
    });
    bad("wrong-key", "signed by another key", "SM2_BAD", &|made| {
        made.signer.1 = pki.get("XG05").key.clone();
        made.bytes()
    });
    bad("value-form", "r and s as 64 bytes", "SM2_ENCODING", &|signed| {
        let seal = signed.seal.bytes();
        let value = made(sm2::sign(&signed.signer.1, DEFAULT_ID, &signed_part(&signed.spec(&seal))));
        signed.with(value.as_raw(), None)
    });
    bad("value-form", "r and s are 0", "SM2_BAD", &|made| made.with(&[0x30, 6, 2, 1, 0, 2, 1, 0], None));
    for (comment, empty) in [("under the empty signer identifier", true), ("without Z", false)] {
        bad("signer-id", comment, "SM2_BAD", &|signed| {
            let seal = signed.seal.bytes();
            let (key, part) = (&signed.signer.1, signed_part(&signed.spec(&seal)));
            let value = if empty { sm2::sign(key, b"", &part) } else { sm2::sign_digest(key, &sm3::digest(&part)) };
            signed.with(&made(value).to_der(), None)
        });
    }
    bad("not-der", "length in a longer form", FORM, &|made| long_form(&made.bytes()));
    bad("not-der", "length indefinite", FORM, &|made| indefinite(&made.bytes()));
    bad("not-der", "a zero byte behind", FORM, &|made| [made.bytes(), vec![0]].concat());
    bad("not-der", "cut by one byte", "SES_MALFORMED", &|made| {
        let mut bytes = made.bytes();
        bytes.pop();
        bytes
    });
    bad("not-der", "nothing", "SES_MALFORMED", &|_| Vec::new());
    bad("not-der", "the seal alone", "SES_MALFORMED", &|made| made.seal.bytes());
    bad("not-der", "a bare pair of r and s", "SES_MALFORMED", &|_| vec![0x30, 6, 2, 1, 1, 2, 1, 1]);
    let good = Signed::good(pki).bytes();
    for (flag, comment, bytes, document) in [
        ("document", "another document", good.clone(), &b"<ofd:Signature/>"[..]),
        ("document", "an empty document", good, b""),
    ] {
        let input = question(pki, &bytes, document, JUDGED);
        draft.invalid("ses.bad", &[flag], comment, &input, refuse("DATAHASH_MISMATCH", "document"));
    }
}

fn signature_options(draft: &mut Draft, pki: &TestPki) {
    let shaped = |shape| {
        let mut made = Signed::good(pki);
        made.seal.shape = shape;
        made.bytes()
    };
    let mut short = Signed::good(pki);
    short.seal.times[2] = datetime!(2026-07-01 0:00 UTC);
    let mut expired = Signed::good(pki);
    let signer = pki.get("XG14");
    expired.by(signer.certificate.der().to_vec(), signer.key.clone());
    let mut revoked = Signed::good(pki);
    revoked.by_bad("XB19");
    for (option, comment, bytes, at, reason) in [
        ("ses_v1", "shape of 2014", shaped(SesVersion::V1), JUDGED, "VERSION_REFUSED"),
        ("ses_v5", "shape of 2025", shaped(SesVersion::V5), JUDGED, "VERSION_REFUSED"),
        ("seal_expired_since", "seal expired since", short.bytes(), LATER, "SEAL_EXPIRED_NOW"),
        ("signed_later_claimed", "signer expired since, no time stamp", expired.bytes(), LATER, "TS_MISSING"),
        ("signed_later_claimed", "signer revoked since, no time stamp", revoked.bytes(), JUDGED, "CERT_REVOKED"),
    ] {
        let input = question(pki, &bytes, DOCUMENT, at);
        either(draft, ["seal_signature.verify", "ses.option"], option, comment, &input, refuse(reason, "policy"));
    }
}

fn signature_values(draft: &mut Draft, pki: &TestPki) {
    let object = |bytes: &[u8]| [("object", hex(bytes)), ("kind", "seal-signature".to_owned())];
    draft.group("ses.signature");
    for (comment, shape) in
        [("shape of 2014", SesVersion::V1), ("shape of 2025", SesVersion::V5), ("shape of 2020", SesVersion::V4)]
    {
        let mut made = Signed::good(pki);
        made.seal.shape = shape;
        draft.valid("ses.signed", &["signature"], comment, &object(&made.bytes()), &[]);
    }
    let good = Signed::good(pki);
    let seal = good.seal.bytes();
    let part = signed_part(&good.spec(&seal));
    values(draft, "ses.unsigned", &object, &part, &good.signer.1, &|algorithm, value| {
        let spec = SignatureSpec { algorithm: *algorithm, ..good.spec(&seal) };
        with_value(&spec, value, None)
    });
    let bytes = good.bytes();
    let mut other = Signed::good(pki);
    other.signer.1 = pki.get("XG05").key.clone();
    for (flag, comment, bytes, reason) in [
        ("wrong-key", "signed by another key", other.bytes(), "SM2_BAD"),
        ("tampered", "time changed", flipped(&bytes, place_of(&bytes, b"20260531160000Z") + 7), "SM2_BAD"),
        ("tampered", "digest changed", flipped(&bytes, place_of(&bytes, &sm3::digest(DOCUMENT))), "SM2_BAD"),
        ("tampered", "id inside the seal changed", flipped(&bytes, place_of(&bytes, b"SEAL-0001") + 8), "SM2_BAD"),
        ("not-der", "length in a longer form", long_form(&bytes), FORM),
        ("not-der", "a zero byte behind", [&bytes[..], &[0]].concat(), FORM),
    ] {
        draft.invalid("ses.unsigned", &[flag], comment, &object(&bytes), refuse(reason, "value"));
    }
}
