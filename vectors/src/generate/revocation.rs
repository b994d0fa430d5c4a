//! Revocation lists and OCSP answers about one certificate, and their signatures.

use ecric_gm::der::{tag, write};
use ecric_gm::encoding::hex;
use ecric_gm::sm2;
use ecric_gm::sm3;
use ecric_gm::x509::KeyUsage;
use ecric_gm::x509::build;
use ecric_gm::x509::crl::{CERTIFICATE_HOLD, CrlSpec, REMOVE_FROM_CRL, Revocation};
use ecric_gm::x509::ocsp::{CertId, CertStatus, ResponseSpec};
use ecric_licence::authority::{Entity, Profile, entity, specify};
use time::Duration;

use super::artefact::{
    JUDGED, der, flipped, indefinite, joined, list, long_form, made, refuse, structure, taken_apart,
};
use super::draft::Draft;
use crate::pki::{AUTHORITY_A, FIXED, LISTS_UNTIL, PUBLISHED, TestPki};

const UNKNOWN: &str = "CERT_STATUS_UNKNOWN";
const REVOKED: &str = "CERT_REVOKED";
const NONCE: &[u8] = b"ecric vector nonce";

/// `x509/revocation`.
pub(super) fn file(pki: &TestPki) -> Draft {
    let mut draft = Draft::new(
        "x509/revocation",
        ["Revocation lists and OCSP answers", "证书吊销列表与 OCSP 应答"],
        ["GB/T 20518-2018; GB/T 19713-2005; RFC 5280; RFC 6960", "2018; 2005; 2008; 2013", "CRL; basic response"],
    );
    draft.name_twins();
    draft.note("good", "The certificate is not revoked, by data that can be relied on.");
    draft.note("revoked", "The certificate is revoked; accepted here, a stolen key goes on signing.");
    draft.note("current", "The data are of another time than now: an old list hides what came after.");
    draft.note("origin", "The data do not come from the issuer of the certificate or its delegate.");
    draft.note("scope", "The data speak about something else, or about a part only.");
    draft.note("nonce", "The answer repeats another nonce than the one sent: it may be an old one.");
    draft.note("unreadable", "What cannot be read says nothing.");
    draft.note("no-statement", "The responder does not know the certificate, or does not answer.");
    draft.note("signature", "The signature holds over the bytes as received.");
    draft.note("tampered", "One bit of what is signed, or of the signature, was changed.");
    draft.note("wrong-key", "Signed by somebody else than is asked about.");
    draft.note("signer-id", "Signed under another signer identifier than 1234567812345678, or without Z.");
    draft.note("not-der", "Not DER, or bytes behind.");
    lists(&mut draft, pki);
    answers(&mut draft, pki);
    signatures(&mut draft, pki);
    draft
}

fn spec(ca: &Entity, entries: Vec<(Vec<u8>, Revocation)>) -> CrlSpec {
    CrlSpec {
        issuer: ca.certificate.subject.clone(),
        this_update: FIXED,
        next_update: LISTS_UNTIL,
        entries,
        number: 2,
        delta_of: None,
        issuer_key_id: ca.certificate.extensions.subject_key_id.clone().unwrap_or_default(),
        indirect: false,
    }
}

const fn revocation(reason: u32) -> Revocation {
    Revocation { at: FIXED, reason: Some(reason) }
}

fn question(pki: &TestPki, issuer: &[u8], lists: &[&[u8]]) -> [(&'static str, String); 4] {
    [
        ("certificate", hex(der(pki, "XG04"))),
        ("issuer", hex(issuer)),
        ("lists", joined(lists)),
        ("at", JUDGED.to_owned()),
    ]
}

fn lists(draft: &mut Draft, pki: &TestPki) {
    let (ca, serial) = (pki.get("XG03"), pki.get("XG04").certificate.serial.clone());
    let issuer = ca.certificate.der();
    let other = pki.get("XG05").certificate.serial.clone();
    let make = |spec: &CrlSpec| made(spec.sign(&ca.key));
    let with = |reason: u32| make(&spec(ca, vec![(serial.clone(), revocation(reason))]));
    let delta = |entry: Vec<(Vec<u8>, Revocation)>| {
        let mut delta = spec(ca, entry);
        delta.delta_of = Some(2);
        delta.number = 3;
        make(&delta)
    };
    let timed = |this: time::OffsetDateTime, next: time::OffsetDateTime, entries: Vec<(Vec<u8>, Revocation)>| {
        let mut spec = spec(ca, entries);
        (spec.this_update, spec.next_update) = (this, next);
        make(&spec)
    };
    let (empty, held) = (make(&spec(ca, vec![])), with(CERTIFICATE_HOLD));
    let now = FIXED + Duration::DAY;
    let gone = |reason| vec![(serial.clone(), revocation(reason))];
    let lifted = delta(gone(REMOVE_FROM_CRL));
    draft.group("x509.crl");
    let mut good = |comment: &str, lists: &[&[u8]]| {
        draft.valid("x509.crl-good", &["good"], comment, &question(pki, issuer, lists), &[]);
    };
    good("another certificate is listed", &[&make(&spec(ca, vec![(other.clone(), revocation(1))]))]);
    good("made at this very instant", &[&timed(now, LISTS_UNTIL, vec![])]);
    good("the next list is due at this very instant", &[&timed(FIXED, now, vec![])]);
    good("a hold, lifted by a delta list", &[&held, &lifted]);
    good("a hold, gone from the newer list", &[&held, &timed(FIXED + Duration::HOUR, LISTS_UNTIL, vec![])]);
    good("a foreign list beside the right one", &[&list(pki, "root-b"), &empty]);
    good("a list that cannot be read beside the right one", &[b"list", &empty]);
    good("a delta list about another certificate", &[&empty, &delta(vec![(other.clone(), revocation(1))])]);
    good("an empty list, the twin of what follows", &[&empty]);

    let mut bad = |flag: &str, comment: &str, issuer: &[u8], lists: &[&[u8]], reason: &'static str| {
        draft.invalid("x509.crl-bad", &[flag], comment, &question(pki, issuer, lists), refuse(reason, "list"));
    };
    for (code, comment) in
        [(1, "key compromised"), (0, "no reason given"), (4, "superseded"), (5, "ceased"), (6, "hold")]
    {
        bad("revoked", &format!("listed: {comment}"), issuer, &[&with(code)], REVOKED);
    }
    let bare = Revocation { at: FIXED, reason: None };
    bad("revoked", "listed without a reason", issuer, &[&make(&spec(ca, vec![(serial.clone(), bare)]))], REVOKED);
    bad("revoked", "last of 200 entries", issuer, &[&make(&spec(ca, many(&serial)))], REVOKED);
    bad("revoked", "listed by the delta list only", issuer, &[&empty, &delta(gone(1))], REVOKED);
    bad("revoked", "revoked for good; a delta list cannot take that back", issuer, &[&with(1), &lifted], REVOKED);
    bad(
        "revoked",
        "listed in the newer of two lists",
        issuer,
        &[&empty, &timed(FIXED + Duration::HOUR, LISTS_UNTIL, gone(1))],
        REVOKED,
    );
    bad("unreadable", "no list", issuer, &[], UNKNOWN);
    bad("unreadable", "no DER", issuer, &[b"list"], UNKNOWN);
    bad("unreadable", "length in a longer form", issuer, &[&long_form(&empty)], UNKNOWN);
    bad("unreadable", "a zero byte behind", issuer, &[&[&empty[..], &[0]].concat()], UNKNOWN);
    bad("unreadable", "cut by one byte", issuer, &[&empty[..empty.len() - 1]], UNKNOWN);
    bad(
        "current",
        "the next list was due a second ago",
        issuer,
        &[&timed(FIXED, now - Duration::SECOND, vec![])],
        UNKNOWN,
    );
    bad("current", "made a second ahead", issuer, &[&timed(now + Duration::SECOND, LISTS_UNTIL, vec![])], UNKNOWN);
    bad("origin", "signed by another key", issuer, &[&made(spec(ca, vec![]).sign(&pki.get("XG05").key))], UNKNOWN);
    bad("origin", "in the name of another issuer", issuer, &[&list(pki, "root-a")], UNKNOWN);
    bad("origin", "one bit of the list changed", issuer, &[&flipped(&empty, empty.len() / 2)], UNKNOWN);
    let (body, outer, _) = taken_apart(&empty);
    let unnamed = made(sm2::sign(&ca.key, b"", &body)).to_der();
    bad("origin", "signed under the empty signer identifier", issuer, &[&structure(&body, &outer, &unnamed)], UNKNOWN);
    let quiet = without_list_signing(pki);
    bad("origin", "the issuer may not sign lists", quiet.certificate.der(), &[&empty], UNKNOWN);
    let mut indirect = spec(ca, vec![]);
    indirect.indirect = true;
    bad("scope", "an indirect list", issuer, &[&make(&indirect)], UNKNOWN);
    bad("scope", "a delta list alone", issuer, &[&delta(vec![])], UNKNOWN);
}

/// 199 other entries, then this one.
fn many(serial: &[u8]) -> Vec<(Vec<u8>, Revocation)> {
    let others = (1..200_u8).map(|i| vec![1, i, 7]);
    others.chain([serial.to_vec()]).map(|serial| (serial, revocation(1))).collect()
}

/// The intermediate with the same name and key, without cRLSign.
fn without_list_signing(pki: &TestPki) -> Entity {
    let profile = Profile::authority("XG03", "intermediate A1", Some(0));
    let root = pki.get("XG01");
    let (key, mut spec) = specify(PUBLISHED, &profile, Some(&root.certificate));
    spec.extensions[1] = build::key_usage(KeyUsage::KEY_CERT_SIGN);
    made(entity("XG03", key, &made(spec.sign(&root.key))))
}

fn answers(draft: &mut Draft, pki: &TestPki) {
    let (ca, responder, leaf) = (pki.get("XG03"), pki.get("XG08"), pki.get("XG04"));
    let id = |label: &str| made(CertId::of(&pki.get(label).certificate, &ca.certificate).ok_or("no key"));
    let spec = |status: CertStatus| ResponseSpec {
        id: id("XG04"),
        status,
        at: FIXED,
        next_update: FIXED + Duration::days(7),
        nonce: Some(NONCE.to_vec()),
    };
    let by = |spec: &ResponseSpec, who: &Entity| made(spec.sign(&who.key, &who.certificate));
    let good = spec(CertStatus::Good);
    let right = by(&good, responder);
    let ask = |answer: &[u8], nonce: Option<&[u8]>| {
        let mut input = vec![
            ("certificate", hex(leaf.certificate.der())),
            ("issuer", hex(ca.certificate.der())),
            ("answer", hex(answer)),
            ("at", JUDGED.to_owned()),
        ];
        input.extend(nonce.map(|nonce| ("nonce", hex(nonce))));
        input
    };
    draft.group("x509.ocsp");
    let changed = |change: &dyn Fn(&mut ResponseSpec)| {
        let mut spec = good.clone();
        change(&mut spec);
        by(&spec, responder)
    };
    for (comment, answer, nonce) in [
        ("signed by the issuer itself", by(&good, ca), Some(NONCE)),
        ("no nonce sent, one in the answer", right.clone(), None),
        ("no nonce at all", changed(&|spec| spec.nonce = None), None),
        ("made at this very instant", changed(&|spec| spec.at = FIXED + Duration::DAY), Some(NONCE)),
        ("due at this very instant", changed(&|spec| spec.next_update = FIXED + Duration::DAY), Some(NONCE)),
        ("signed by a delegated responder, the twin of what follows", right.clone(), Some(NONCE)),
    ] {
        draft.valid("x509.ocsp-good", &["good"], comment, &ask(&answer, nonce), &[]);
    }
    let mut bad = |flag: &str, comment: &str, answer: &[u8], reason: &'static str| {
        draft.invalid("x509.ocsp-bad", &[flag], comment, &ask(answer, Some(NONCE)), refuse(reason, "answer"));
    };
    for (code, comment) in [(Some(1), "key compromised"), (Some(6), "hold"), (None, "no reason given")] {
        let status = CertStatus::Revoked(Revocation { at: FIXED - Duration::DAY, reason: code });
        bad("revoked", &format!("revoked: {comment}"), &by(&spec(status), responder), REVOKED);
    }
    bad("no-statement", "the responder does not know it", &by(&spec(CertStatus::Unknown), responder), UNKNOWN);
    let later = write::sequence(&[&write::tlv(tag::ENUMERATED, &[3])]);
    bad("no-statement", "try later", &later, UNKNOWN);
    bad("nonce", "another nonce", &changed(&|spec| spec.nonce = Some(b"an older nonce".to_vec())), UNKNOWN);
    bad("nonce", "no nonce although one was sent", &changed(&|spec| spec.nonce = None), UNKNOWN);
    bad("current", "the next one was due", &changed(&|spec| spec.next_update = FIXED + Duration::HOUR), UNKNOWN);
    bad("current", "made ahead", &changed(&|spec| spec.at = FIXED + Duration::days(2)), UNKNOWN);
    bad("scope", "about another certificate", &changed(&|spec| spec.id = id("XG05")), UNKNOWN);
    let foreign = made(CertId::of(&leaf.certificate, &pki.get("XG01").certificate).ok_or("no key"));
    bad(
        "scope",
        "about the serial number under another issuer's key",
        &changed(&|spec| spec.id = foreign.clone()),
        UNKNOWN,
    );
    bad("origin", "a responder without the purpose", &by(&good, pki.get("XG05")), UNKNOWN);
    bad("origin", "signed by the certificate itself", &by(&good, leaf), UNKNOWN);
    bad("origin", "signed by the root, which is not its issuer", &by(&good, pki.get("XG01")), UNKNOWN);
    let stranger = stranger(pki);
    bad("origin", "a responder of another issuer", &by(&good, &stranger), UNKNOWN);
    bad(
        "origin",
        "the responder's certificate, another key",
        &made(good.sign(&leaf.key, &responder.certificate)),
        UNKNOWN,
    );
    // Behind the answer stands the responder's certificate; its signature value ends before it.
    let place = right.len() - responder.certificate.der().len() - 10;
    bad("origin", "one bit of the signature changed", &flipped(&right, place), UNKNOWN);
    bad("unreadable", "length in a longer form", &long_form(&right), UNKNOWN);
    bad("unreadable", "a zero byte behind", &[&right[..], &[0]].concat(), UNKNOWN);
    bad("unreadable", "nothing", &[], UNKNOWN);
}

/// An OCSP responder under another root.
fn stranger(pki: &TestPki) -> Entity {
    let profile = Profile::leaf("XV02", "responder", AUTHORITY_A, &[ecric_gm::oid::EKU_OCSP_SIGNING]);
    made(ecric_licence::authority::issue(PUBLISHED, &profile, Some(pki.get("XG02"))))
}

fn signatures(draft: &mut Draft, pki: &TestPki) {
    let (ca, responder) = (pki.get("XG03"), pki.get("XG08"));
    let ask = |object: &[u8], kind: &str, issuer: &Entity| {
        [("object", hex(object)), ("kind", kind.to_owned()), ("issuer", hex(issuer.certificate.der()))]
    };
    let crl = list(pki, "intermediate-a1");
    let id = made(CertId::of(&pki.get("XG04").certificate, &ca.certificate).ok_or("no key"));
    let spec = ResponseSpec { id, status: CertStatus::Good, at: FIXED, next_update: LISTS_UNTIL, nonce: None };
    let answer = made(spec.sign(&responder.key, &responder.certificate));
    draft.group("x509.signature");
    let mut good = |comment: &str, object: &[u8], kind: &str, issuer: &Entity| {
        draft.valid("x509.list-signed", &["signature"], comment, &ask(object, kind, issuer), &[]);
    };
    good("an empty list of root B", &list(pki, "root-b"), "crl", pki.get("XG02"));
    good("a list of the root", &list(pki, "root-a"), "crl", pki.get("XG01"));
    good("an answer by the issuer", &made(spec.sign(&ca.key, &ca.certificate)), "ocsp", ca);
    good("an answer by a responder, asked with its certificate", &answer, "ocsp", responder);
    good("a list of the intermediate", &crl, "crl", ca);
    let answer_twin = "x509.list-signed.0004";
    let (body, outer, value) = taken_apart(&crl);
    let unnamed = made(sm2::sign(&ca.key, b"", &body)).to_der();
    let without_z = made(sm2::sign_digest(&ca.key, &sm3::digest(&body))).to_der();
    let ecdsa = super::artefact::algorithm(&ecric_gm::oid::ECDSA_SHA256);
    let mut bad = |flag: &str, comment: &str, object: &[u8], issuer: &Entity, reason: &'static str| {
        let input = ask(object, "crl", issuer);
        draft.invalid("x509.list-unsigned", &[flag], comment, &input, refuse(reason, "signature"));
    };
    bad("wrong-key", "asked with the root", &crl, pki.get("XG01"), "SM2_BAD");
    bad("wrong-key", "asked with a leaf", &crl, pki.get("XG04"), "SM2_BAD");
    bad("tampered", "one bit of the signature changed", &flipped(&crl, crl.len() - 1), ca, "SM2_BAD");
    let serial = super::artefact::place_of(&crl, &ecric_licence::authority::serial("XB18"));
    bad("tampered", "one bit of a listed serial number changed", &flipped(&crl, serial + 4), ca, "SM2_BAD");
    let (_, _, foreign) = taken_apart(&list(pki, "intermediate-a1-older"));
    bad("tampered", "the signature of an older list", &structure(&body, &outer, &foreign), ca, "SM2_BAD");
    bad("signer-id", "under the empty signer identifier", &structure(&body, &outer, &unnamed), ca, "SIG_SIGNER_ID");
    bad("signer-id", "without Z", &structure(&body, &outer, &without_z), ca, "SIG_SIGNER_ID");
    bad("tampered", "ECDSA named outside", &structure(&body, &ecdsa, &value), ca, "SIG_METHOD");
    bad("not-der", "length in a longer form", &long_form(&crl), ca, "DER_NON_CANONICAL");
    bad("not-der", "length indefinite", &indefinite(&crl), ca, "DER_NON_CANONICAL");
    bad("not-der", "a zero byte behind", &[&crl[..], &[0]].concat(), ca, "DER_NON_CANONICAL");
    draft.twin_of(answer_twin);
    let place = answer.len() - responder.certificate.der().len() - 10;
    for (flag, comment, object, issuer, reason) in [
        ("wrong-key", "an answer, asked with the issuer that did not sign it", answer.clone(), ca, "SM2_BAD"),
        ("tampered", "an answer with one bit of the signature changed", flipped(&answer, place), responder, "SM2_BAD"),
        ("not-der", "an answer with a zero byte behind", [&answer[..], &[0]].concat(), responder, "DER_NON_CANONICAL"),
    ] {
        let input = ask(&object, "ocsp", issuer);
        draft.invalid("x509.list-unsigned", &[flag], comment, &input, refuse(reason, "signature"));
    }
}
