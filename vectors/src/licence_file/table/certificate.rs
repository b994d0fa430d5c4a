//! K: every bad certificate of the PKI as the signer of a file (the last digits are those of XBnn).

use ecric_licence::file::StepId::{P3, S1, S2, S3};
use ecric_licence::file::Verdict;

use crate::licence_file::attack::{Attack, Redo::Key, attack};

macro_rules! signed_by {
    ($($id:literal, $bad:literal, $step:expr, $codes:expr, $comment:literal;)+) => {
        vec![$(attack($id, "orig", Key, $step, $codes, $comment, |r| r.sign_as_bad($bad))),+]
    };
}

/// Of these the verdict is open, not bad.
const OPEN: [&str; 6] = ["K22", "K23", "K24", "K25", "K26", "K27"];

pub(super) fn attacks() -> Vec<Attack> {
    const KEY: &[&str] = &["KEY_BAD", "SM2_BAD", "SIG_METHOD", "CERT_MALFORMED"];
    const VALUE: &[&str] = &["SM2_BAD", "SM2_ENCODING", "DER_NON_CANONICAL"];
    const CHAIN: &[&str] = &["CERT_CHAIN", "CERT_UNTRUSTED"];
    const FORM: &[&str] = &["CERT_MALFORMED", "DER_NON_CANONICAL"];
    let mut list = signed_by! {
        "K01", "XB01", S3, &["CERT_UNTRUSTED"], "unknown root";
        "K02", "XB02", S3, CHAIN, "look-alike root";
        "K03", "XB03", S3, CHAIN, "look-alike root with the same key identifier";
        "K04", "XB04", S3, &["CERT_UNTRUSTED"], "self-signed leaf";
        "K05", "XB05", S3, &["CERT_CHAIN", "CERT_USAGE"], "leaf signed by a leaf";
        "K06", "XB06", S3, &["CERT_CHAIN", "CERT_USAGE"], "CA without keyCertSign";
        "K07", "XB07", S3, &["CERT_CHAIN"], "path length exceeded";
        "K08", "XB08", S3, &["CERT_CHAIN"], "name constraint violated";
        "K09", "XB09", S3, CHAIN, "intermediate missing";
        "K10", "XB10", S3, &["CERT_CHAIN"], "key identifiers differ";
        "K11", "XB11", S3, CHAIN, "intermediates form a loop";
        "K12", "XB12", S3, &["CERT_CHAIN"], "chain of twelve";
        "K15", "XB15", S3, &["CERT_EXPIRED"], "intermediate expired";
        "K16", "XB16", S3, &["CERT_MALFORMED", "CERT_EXPIRED"], "notAfter before notBefore";
        "K17", "XB17", S3, &["CERT_MALFORMED"], "wrong time type";
        "K21", "XB21", S3, &["CERT_REVOKED"], "intermediate revoked";
        "K22", "XB22", S3, &["CERT_STATUS_UNKNOWN"], "revocation list expired";
        "K23", "XB23", S3, &["CERT_STATUS_UNKNOWN"], "revocation list signed by the wrong key";
        "K24", "XB24", S3, &["CERT_STATUS_UNKNOWN"], "indirect revocation list";
        "K25", "XB25", S3, &["CERT_STATUS_UNKNOWN"], "OCSP answers unknown";
        "K26", "XB26", S3, &["CERT_STATUS_UNKNOWN"], "OCSP answer with another nonce";
        "K27", "XB27", S3, &["CERT_STATUS_UNKNOWN"], "OCSP signer without its purpose";
        "K28", "XB28", S2, &["SIG_METHOD"], "RSA key of 1024 bits";
        "K29", "XB29", S3, &["SIG_METHOD"], "certificate signed with SHA-1";
        "K30", "XB30", S2, KEY, "P-256 key under the SM2 curve";
        "K31", "XB31", S2, KEY, "SM2 key with the P-256 curve";
        "K32", "XB32", S3, &["SIG_SIGNER_ID"], "certificate signed under the empty signer identifier";
        "K33a", "XB33", S3, VALUE, "r of the certificate's signature is 0";
        "K33b", "XB33-n", S3, VALUE, "s of the certificate's signature is n";
        "K33c", "XB33-negative", S3, VALUE, "r of the certificate's signature is negative";
        "K33d", "XB33-padded", S3, VALUE, "r of the certificate's signature is padded";
        "K34", "XB34", S2, KEY, "point not on the curve";
        "K35", "XB35", S2, KEY, "point at infinity";
        "K36", "XB36", S3, FORM, "BER length";
        "K37", "XB37", S3, &["CERT_MALFORMED"], "extension twice";
        "K38", "XB38", S3, &["CERT_MALFORMED"], "unknown critical extension";
        "K39", "XB39", S3, FORM, "trailing bytes";
        "K40", "XB40", S1, &["SES_MALFORMED"], "certificate of 100 kB";
        "K41", "XB41", S3, &["CERT_MALFORMED"], "algorithms inside and outside differ";
        "K42", "XB42", S3, &["CERT_MALFORMED"], "NUL inside the common name";
        "K43a", "XB43", S3, &["CERT_MALFORMED"], "negative serial number";
        "K43b", "XB43-long", S3, &["CERT_MALFORMED"], "serial number of 21 bytes";
        "K45", "XB45", S3, &["CERT_USAGE"], "purpose TLS server only";
        "K47", "XB47", P3, &["SIGNER_ROLE"], "key of a loading-end provider";
        "K49", "XB49", S3, &["CERT_ENVIRONMENT"], "production mark inside the test tree";
    };
    for attack in &mut list {
        attack.knock_on = KNOCK_ON;
        if OPEN.contains(&attack.id) {
            attack.verdict = Verdict::Indeterminate;
        }
    }
    list
}

/// What a bad certificate may bring along: other steps that look at the same certificate.
const KNOCK_ON: &[&str] = &[
    "CERT_CHAIN",
    "CERT_UNTRUSTED",
    "CERT_USAGE",
    "CERT_MALFORMED",
    "CERT_EXPIRED",
    "CERT_STATUS_UNKNOWN",
    "TS_MISSING",
    "ISSUER_MISMATCH",
    "SIGNER_ROLE",
    "CERT_NOT_YET_VALID",
];
