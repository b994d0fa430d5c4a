//! Paths: the certificate of a signer under roots, intermediates and revocation lists at a time.

use ecric_gm::encoding::hex;

use super::artefact::{JUDGED, SIGNED, der, joined, list, made, refuse};
use super::draft::Draft;
use crate::pki::TestPki;

struct Case {
    certificate: Vec<u8>,
    roots: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
    artefact: &'static str,
    signed_at: &'static str,
    at: &'static str,
}

impl Case {
    fn of(pki: &TestPki, certificate: &[u8]) -> Self {
        Self {
            certificate: certificate.to_vec(),
            roots: vec![der(pki, "XG01").to_vec()],
            intermediates: vec![der(pki, "XG03").to_vec()],
            lists: vec![list(pki, "root-a"), list(pki, "intermediate-a1")],
            artefact: "original",
            signed_at: SIGNED,
            at: JUDGED,
        }
    }

    fn bad(pki: &TestPki, id: &str) -> Self {
        let Some(bad) = made(pki.bad(id)) else { return Self::of(pki, &[]) };
        let mut case = Self::of(pki, &bad.der);
        case.intermediates.extend(bad.support.iter().map(|certificate| certificate.der().to_vec()));
        case.lists.extend(bad.lists);
        case
    }

    fn input(&self) -> [(&'static str, String); 7] {
        let of = |values: &[Vec<u8>]| joined(&values.iter().map(Vec::as_slice).collect::<Vec<_>>());
        [
            ("certificate", hex(&self.certificate)),
            ("roots", of(&self.roots)),
            ("intermediates", of(&self.intermediates)),
            ("lists", of(&self.lists)),
            ("use", self.artefact.to_owned()),
            ("signed_at", self.signed_at.to_owned()),
            ("at", self.at.to_owned()),
        ]
    }
}

/// Bad signers of the PKI whose path, time or standing does not hold: id, flag, reason.
const BAD: &[(&str, &str, &str)] = &[
    ("XB01", "trust", "CERT_UNTRUSTED"),
    ("XB02", "trust", "CERT_CHAIN"),
    ("XB03", "trust", "CERT_CHAIN"),
    ("XB04", "trust", "CERT_UNTRUSTED"),
    ("XB05", "path", "CERT_CHAIN"),
    ("XB06", "usage", "CERT_USAGE"),
    ("XB07", "path", "CERT_CHAIN"),
    ("XB08", "path", "CERT_CHAIN"),
    ("XB09", "trust", "CERT_UNTRUSTED"),
    ("XB10", "path", "CERT_CHAIN"),
    ("XB11", "path", "CERT_CHAIN"),
    ("XB12", "path", "CERT_CHAIN"),
    ("XB13", "validity", "CERT_EXPIRED"),
    ("XB14", "validity", "CERT_NOT_YET_VALID"),
    ("XB15", "validity", "CERT_EXPIRED"),
    ("XB16", "malformed", "CERT_MALFORMED"),
    ("XB17", "malformed", "CERT_MALFORMED"),
    ("XB18", "revoked", "CERT_REVOKED"),
    ("XB21", "revoked", "CERT_REVOKED"),
    ("XB22", "status-unknown", "CERT_STATUS_UNKNOWN"),
    ("XB23", "status-unknown", "CERT_STATUS_UNKNOWN"),
    ("XB24", "status-unknown", "CERT_STATUS_UNKNOWN"),
    ("XB25", "status-unknown", "CERT_STATUS_UNKNOWN"),
    ("XB28", "key", "SIG_METHOD"),
    ("XB29", "link", "SIG_METHOD"),
    ("XB30", "key", "KEY_BAD"),
    ("XB31", "key", "KEY_BAD"),
    ("XB32", "link", "SIG_SIGNER_ID"),
    ("XB33", "link", "SM2_BAD"),
    ("XB33-n", "link", "SM2_BAD"),
    ("XB33-negative", "link", "SM2_ENCODING"),
    ("XB33-padded", "link", "SM2_ENCODING"),
    ("XB34", "key", "KEY_BAD"),
    ("XB35", "key", "KEY_BAD"),
    ("XB36", "malformed", "CERT_MALFORMED"),
    ("XB37", "malformed", "CERT_MALFORMED"),
    ("XB38", "malformed", "CERT_MALFORMED"),
    ("XB39", "malformed", "CERT_MALFORMED"),
    ("XB41", "malformed", "CERT_MALFORMED"),
    ("XB42", "malformed", "CERT_MALFORMED"),
    ("XB43", "malformed", "CERT_MALFORMED"),
    ("XB43-long", "malformed", "CERT_MALFORMED"),
    ("XB44", "usage", "CERT_USAGE"),
    ("XB45", "usage", "CERT_USAGE"),
    ("XB46", "usage", "CERT_USAGE"),
    ("XB47", "usage", "CERT_USAGE"),
    ("XB49", "environment", "CERT_ENVIRONMENT"),
];

/// `x509/chains`.
pub(super) fn file(pki: &TestPki) -> Draft {
    let mut draft = Draft::new(
        "x509/chains",
        ["Paths of signers' certificates", "签名者证书链"],
        ["GB/T 20518-2018; RFC 5280; ecric profile", "2018; 2008; 1", "path validation; purposes and limits are ours"],
    );
    draft.name_twins();
    draft.note("good", "The path holds. Refused here, good licences are refused.");
    draft.note("trust", "No path to a root that is trusted: names and key identifiers are no trust.");
    draft.note("path", "A CA without being one, path length, name constraints, key identifiers, loops, length.");
    draft.note("usage", "A key that may not do this.");
    draft.note("validity", "A certificate was not valid when it signed.");
    draft.note("malformed", "A certificate is malformed although its signature holds.");
    draft.note("revoked", "A certificate of the path is revoked.");
    draft.note(
        "status-unknown",
        "Nothing to rely on says that it is not revoked: not valid (INDETERMINATE), never valid.",
    );
    draft.note("key", "The signer's key is no SM2 key.");
    draft.note("link", "The signature of an issuer does not hold.");
    draft.note("environment", "Test and production certificates mixed (marks of this suite).");
    draft.note("option", "Grey zone: one vector for each reading of the option that the group names.");
    draft.group("x509.chain");
    good(&mut draft, pki);
    bad(&mut draft, pki);
    later(&mut draft, pki);
    draft
}

fn accept(draft: &mut Draft, comment: &str, case: &Case) {
    draft.valid("x509.path", &["good"], comment, &case.input(), &[]);
}

fn good(draft: &mut Draft, pki: &TestPki) {
    for (label, comment) in [
        ("XG05", "a second signer of the same CA"),
        ("XG13", "a signer with a long Chinese name"),
        ("XG14", "a signer that expires a month after"),
    ] {
        accept(draft, &format!("{label}: {comment}"), &Case::of(pki, der(pki, label)));
    }
    let mut case = Case::of(pki, der(pki, "XG06"));
    case.intermediates.clear();
    case.lists.truncate(1);
    accept(draft, "XG06: directly under the root", &case);
    let mut case = Case::of(pki, der(pki, "XG16"));
    case.artefact = "copy";
    accept(draft, "XG16: maker of copies", &case);
    let mut case = Case::of(pki, der(pki, "XG04"));
    case.roots.insert(0, der(pki, "XG02").to_vec());
    case.intermediates.insert(0, der(pki, "XG12").to_vec());
    accept(draft, "XG04: with another root and certificates that do not belong to it", &case);
    let mut case = Case::of(pki, der(pki, "XG04"));
    case.intermediates.push(der(pki, "XG01").to_vec());
    accept(draft, "XG04: the root stands among the intermediates too", &case);
    let mut case = Case::bad(pki, "XB02");
    case.certificate = der(pki, "XG04").to_vec();
    accept(draft, "XG04: with the certificates around a look-alike root", &case);
    let mut case = Case::bad(pki, "XB20");
    case.lists.insert(1, list(pki, "intermediate-a1-older"));
    accept(draft, "XB20: was on hold in an older list, no longer is", &case);
    accept(draft, "XB48: another authority's signer; its path holds, the metadata would not", &Case::bad(pki, "XB48"));
    let mut case = Case::of(pki, der(pki, "XG14"));
    case.signed_at = "2026-07-01T00:00:00+08:00";
    case.at = case.signed_at;
    accept(draft, "XG14: at the last instant of its validity", &case);
    let mut case = Case::of(pki, der(pki, "XG04"));
    case.at = SIGNED;
    accept(draft, "XG04: judged at the instant of signing", &case);
    accept(draft, "XG04: an ordinary signer, the twin of what follows", &Case::of(pki, der(pki, "XG04")));
}

fn bad(draft: &mut Draft, pki: &TestPki) {
    for (id, flag, reason) in BAD {
        let words = crate::pki::BAD.iter().find(|(found, ..)| found == id).map_or("", |(.., words)| words);
        let comment = format!("{id}: {words}");
        draft.invalid("x509.broken", &[flag], &comment, &Case::bad(pki, id).input(), refuse(reason, "path"));
    }
    let of = || Case::of(pki, der(pki, "XG04"));
    let mut refused = |flag: &str, comment: &str, reason: &'static str, change: &dyn Fn(&mut Case)| {
        let mut case = of();
        change(&mut case);
        draft.invalid("x509.broken", &[flag], comment, &case.input(), refuse(reason, "path"));
    };
    refused("trust", "only another root is trusted", "CERT_UNTRUSTED", &|case| {
        case.roots = vec![der(pki, "XG02").to_vec()];
    });
    refused("trust", "the intermediate is missing", "CERT_UNTRUSTED", &|case| case.intermediates.clear());
    refused("usage", "a signer of originals signs a copy", "CERT_USAGE", &|case| case.artefact = "copy");
    refused("usage", "a maker of copies signs an original", "CERT_USAGE", &|case| {
        case.certificate = der(pki, "XG16").to_vec();
    });
    refused("usage", "the CA signs an original itself", "CERT_USAGE", &|case| {
        case.certificate = der(pki, "XG03").to_vec()
    });
    refused("usage", "the OCSP responder signs an original", "CERT_USAGE", &|case| {
        case.certificate = der(pki, "XG08").to_vec();
    });
    refused("path", "a device certificate whose issuer is no CA", "CERT_CHAIN", &|case| {
        case.certificate = der(pki, "XG10").to_vec();
        case.intermediates.push(der(pki, "XG09").to_vec());
    });
    refused("status-unknown", "no revocation lists at all", "CERT_STATUS_UNKNOWN", &|case| case.lists.clear());
    refused("status-unknown", "no list of the root", "CERT_STATUS_UNKNOWN", &|case| {
        case.lists.remove(0);
    });
    refused("status-unknown", "no list of the intermediate", "CERT_STATUS_UNKNOWN", &|case| {
        case.lists.truncate(1);
    });
    refused("status-unknown", "lists of other issuers", "CERT_STATUS_UNKNOWN", &|case| {
        case.lists = vec![list(pki, "root-b"), list(pki, "root-a-new")];
    });
    refused("status-unknown", "judged before its lists were made", "CERT_STATUS_UNKNOWN", &|case| {
        case.signed_at = "2026-05-01T00:00:00+08:00";
        case.at = "2026-05-02T00:00:00+08:00";
    });
    refused("validity", "signed a second after the validity ended", "CERT_EXPIRED", &|case| {
        case.certificate = der(pki, "XG14").to_vec();
        case.signed_at = "2026-07-01T00:00:01+08:00";
        case.at = "2026-07-02T00:00:00+08:00";
    });
    refused("validity", "signing time ten minutes ahead", "TIME_FUTURE", &|case| {
        case.signed_at = "2026-06-02T00:10:00+08:00";
    });
    refused("malformed", "no certificate", "CERT_MALFORMED", &|case| case.certificate = vec![0x30, 0]);
}

/// Expired or revoked after signing: only a time stamp proves when it was.
fn later(draft: &mut Draft, pki: &TestPki) {
    let mut expired = Case::of(pki, der(pki, "XG14"));
    expired.at = "2026-08-01T00:00:00+08:00";
    let revoked = Case::bad(pki, "XB19");
    let cases = [
        ("XG14: expired since, no time stamp", expired, "TS_MISSING"),
        ("XB19: revoked an hour after signing, no time stamp", revoked, "CERT_REVOKED"),
    ];
    for (comment, case, reason) in cases {
        let comment = format!("{comment}; decided by signed_later_claimed");
        draft.reading("x509.chain", "signed_later_claimed", "accept");
        draft.valid("x509.later", &["option"], &comment, &case.input(), &[]);
        draft.reading("x509.chain", "signed_later_claimed", "refuse");
        draft.invalid("x509.later", &["option"], &comment, &case.input(), refuse(reason, "time"));
    }
}
