//! SM2 certificates one by one: reading, and the signature of the issuer.

use ecric_gm::craft::ORDER;
use ecric_gm::der::{tag, write};
use ecric_gm::encoding::hex;
use ecric_gm::oid::{self, ECDSA_SHA256, Oid, SM2_WITH_SM3};
use ecric_gm::sm2::{self, Signature};
use ecric_gm::sm3;
use ecric_gm::x509::KeyUsage;
use ecric_gm::x509::build::{self, CertificateSpec};
use time::macros::datetime;

use super::artefact::{
    algorithm, der, flipped, indefinite, leaf, long_form, made, part, parts, place_of, refuse, signed, structure,
    taken_apart,
};
use super::draft::Draft;
use super::numbers::Whole;
use crate::pki::TestPki;

const UNKNOWN: Oid = Oid::new(&[1, 3, 6, 1, 4, 1, 32473, 9, 8]);
/// Largest certificate of the profile.
const LIMIT: usize = 16 * 1024;

/// `x509/certificates`.
pub(super) fn file(pki: &TestPki) -> Draft {
    let mut draft = Draft::new(
        "x509/certificates",
        ["SM2 certificates and their signatures", "SM2 证书及其签名"],
        ["GB/T 20518-2018; RFC 5280; X.690; ecric profile", "2018; 2008; 2021; 1", "certificate; strict DER"],
    );
    draft.name_twins();
    draft.note("good", "A certificate of the test PKI, or a rare but right form.");
    draft.note("der-form", "Not DER: two encodings of one certificate, and fingerprints differ.");
    draft.note("der-trailing", "Bytes behind the certificate or its signature: they are covered by nothing.");
    draft.note("der-integer", "An integer of the signature with bytes that it does not need.");
    draft.note("cut", "The input ends early.");
    draft.note("structure", "Version, serial number or a part that may not be so (RFC 5280, 4.1).");
    draft.note("times", "A time that is not of the one form, or an order that cannot be.");
    draft.note("names", "Text that its type does not allow, or that C libraries read differently.");
    draft.note("extensions", "An extension twice, unknown and critical, or malformed.");
    draft.note("subject-key", "No usable SM2 key.");
    draft.note("algorithm", "Another algorithm than SM2 with SM3, or two that differ.");
    draft.note("limit", "Around the largest certificate of the profile, 16 KiB (a limit of this suite).");
    draft.note("option", "Grey zone: one vector for each reading of the option that the group names.");
    draft.note("value-form", "The signature value is not of the form of GB/T 35276.");
    draft.note("value-range", "r or s outside [1, n-1]; modulo n it may well fit.");
    draft.note("signature", "The issuer's signature holds, over the bytes as received.");
    draft.note("tampered", "One bit of what is signed, or of the signature, was changed.");
    draft.note("wrong-key", "Signed by somebody else than the issuer that is asked about.");
    draft.note("signer-id", "Signed under another signer identifier than 1234567812345678, or without Z.");
    good(&mut draft, pki);
    encodings(&mut draft, pki);
    contents(&mut draft, pki);
    bad_ones(&mut draft, pki);
    null_parameters(&mut draft, pki);
    signatures(&mut draft, pki);
    signature_values(&mut draft, pki);
    draft
}

fn ask(certificate: &[u8]) -> [(&'static str, String); 1] {
    [("certificate", hex(certificate))]
}

fn accept(draft: &mut Draft, pki: &TestPki, comment: &str, spec: &CertificateSpec) {
    let certificate = made(spec.sign(&pki.get("XG03").key));
    accept_der(draft, "good", comment, &certificate, &spec.spki);
}

fn accept_der(draft: &mut Draft, flag: &str, comment: &str, certificate: &[u8], spki: &[u8]) {
    // The point is the end of the SubjectPublicKeyInfo.
    let point = &spki[spki.len() - 65..];
    draft.valid("x509.good", &[flag], comment, &ask(certificate), &[("public_key", hex(point))]);
}

fn good(draft: &mut Draft, pki: &TestPki) {
    draft.group("x509.certificate");
    for entity in pki.entities() {
        let certificate = &entity.certificate;
        accept_der(draft, "good", &format!("{} of the test PKI", entity.label), certificate.der(), &certificate.spki);
    }
    let mut change = |comment: &str, change: &dyn Fn(&mut CertificateSpec)| {
        let (_, mut spec) = leaf(pki, "XV01");
        change(&mut spec);
        accept(draft, pki, comment, &spec);
    };
    change("serial number of one byte", &|spec| spec.serial = vec![1]);
    change("serial number of 20 bytes", &|spec| spec.serial = vec![0x7f; 20]);
    change("serial number with the zero byte that its first bit needs", &|spec| spec.serial = vec![0, 0x80, 1]);
    change("not valid before 1950, UTCTime", &|spec| spec.not_before = datetime!(1950-01-01 0:00 UTC));
    change("valid until 2050, GeneralizedTime", &|spec| spec.not_after = datetime!(2050-01-01 0:00 UTC));
    change("valid for one instant", &|spec| spec.not_after = spec.not_before);
    change("key usage of nine bits", &|spec| spec.extensions[1] = build::key_usage(0x101));
    change("an unknown extension that is not critical", &|spec| {
        spec.extensions.push(build::extension(&UNKNOWN, false, &write::null()));
    });
    change("extensions in another order", &|spec| spec.extensions.reverse());
    change("no extensions at all", &|spec| spec.extensions.clear());
    let (_, spec) = leaf(pki, "XV01");
    let size = |filler: usize| {
        let mut spec = spec.clone();
        spec.extensions.push(build::extension(&UNKNOWN, false, &write::octets(&vec![0; filler])));
        made(spec.sign(&pki.get("XG03").key))
    };
    // Signatures differ in length by some bytes, so the filler is found by trying.
    let fitting = |wanted: usize| (LIMIT - 1000..LIMIT).map(size).find(|made| made.len() == wanted).unwrap_or_default();
    accept_der(draft, "limit", "as long as may be, 16,384 bytes", &fitting(LIMIT), &spec.spki);
    let over = fitting(LIMIT + 1);
    draft.invalid("x509.bad", &["limit"], "one byte longer than may be", &ask(&over), refuse("CERT_MALFORMED", "size"));
    accept(draft, pki, "an ordinary leaf, the twin of what follows", &spec);
}

fn encodings(draft: &mut Draft, pki: &TestPki) {
    let (_, spec) = leaf(pki, "XV01");
    let ca = &pki.get("XG03").key;
    let good = made(spec.sign(ca));
    let (body, outer, value) = taken_apart(&good);
    let mut bad = |flag: &str, comment: &str, bytes: &[u8], reason: &'static str| {
        draft.invalid("x509.bad", &[flag], comment, &ask(bytes), refuse(reason, "encoding"));
    };
    const FORM: &str = "DER_NON_CANONICAL";
    bad("der-form", "outer length in a longer form", &long_form(&good), FORM);
    bad("der-form", "outer length indefinite", &indefinite(&good), FORM);
    let long_body = long_form(&body);
    let resigned = made(sm2::sign(ca, sm2::DEFAULT_ID, &long_body)).to_der();
    bad("structure", "length of the signed part in a longer form", &structure(&long_body, &outer, &resigned), FORM);
    bad("der-trailing", "a zero byte behind", &[&good[..], &[0]].concat(), FORM);
    bad("der-trailing", "a second copy behind", &[&good[..], &good].concat(), FORM);
    let inside = write::sequence(&[&body, &outer, &write::bits(&value), &write::null()]);
    bad("der-trailing", "NULL behind the signature", &inside, "CERT_MALFORMED");
    let unused = write::sequence(&[&body, &outer, &write::tlv(tag::BIT_STRING, &[&[1], &value[..]].concat())]);
    bad("structure", "one unused bit in the signature", &unused, FORM);
    let octets = write::sequence(&[&body, &outer, &write::octets(&value)]);
    bad("structure", "signature as OCTET STRING", &octets, "CERT_MALFORMED");
    bad("cut", "cut by one byte", &good[..good.len() - 1], "CERT_MALFORMED");
    bad("cut", "half of it", &good[..good.len() / 2], "CERT_MALFORMED");
    bad("cut", "nothing", &[], "CERT_MALFORMED");
    bad("structure", "SET instead of SEQUENCE", &[&[0x31], &good[1..]].concat(), "CERT_MALFORMED");
    bad("structure", "the signed part alone", &body, "CERT_MALFORMED");
    let text = ecric_gm::encoding::b64(&good);
    bad("structure", "base64 of it", text.as_bytes(), "CERT_MALFORMED");
}

fn contents(draft: &mut Draft, pki: &TestPki) {
    let (_, spec) = leaf(pki, "XV01");
    let ca = &pki.get("XG03").key;
    let whole = parts(&spec);
    let mut with = |flag: &str, comment: &str, reason: &'static str, place: usize, value: Vec<u8>| {
        let mut parts = whole.clone();
        parts[place] = value;
        let bytes = signed(&parts, ca);
        draft.invalid("x509.bad", &[flag], comment, &ask(&bytes), refuse(reason, "content"));
    };
    const BAD: &str = "CERT_MALFORMED";
    const FORM: &str = "DER_NON_CANONICAL";
    let version = |number: u32| write::tlv(tag::context(0), &write::small(number));
    with("structure", "version 1, not written", BAD, part::VERSION, Vec::new());
    with("structure", "version 1, written", BAD, part::VERSION, version(0));
    with("structure", "version 2", BAD, part::VERSION, version(1));
    with("structure", "version 4", BAD, part::VERSION, version(3));
    with("structure", "serial number 0", BAD, part::SERIAL, write::small(0));
    with("structure", "serial number padded", FORM, part::SERIAL, write::tlv(tag::INTEGER, &[0, 1]));
    with("structure", "serial number without content", BAD, part::SERIAL, write::tlv(tag::INTEGER, &[]));
    with("algorithm", "algorithm inside is ECDSA", BAD, part::ALGORITHM, algorithm(&ECDSA_SHA256));

    let times = |before: (u8, &str), after: (u8, &str)| {
        write::sequence(&[&write::tlv(before.0, before.1.as_bytes()), &write::tlv(after.0, after.1.as_bytes())])
    };
    let from = (tag::UTC_TIME, "191231160000Z");
    let (utc, general) = (tag::UTC_TIME, tag::GENERALIZED_TIME);
    for (comment, after) in [
        ("no seconds", (utc, "4912311559Z")),
        ("an offset instead of Z", (utc, "491231235959+0800")),
        ("no zone", (utc, "491231155959")),
        ("month 13", (utc, "491331155959Z")),
        ("29 February 2049", (utc, "490229155959Z")),
        ("hour 24", (utc, "491231240000Z")),
        ("second 60", (utc, "491231155960Z")),
        ("a letter", (utc, "49123115595xZ")),
        ("fraction of a second", (general, "20501231155959.5Z")),
        ("four-digit year in UTCTime", (utc, "20491231155959Z")),
        ("GeneralizedTime before 2050", (general, "20491231155959Z")),
        ("UTCTime 50, which is 1950", (utc, "501231155959Z")),
        ("an OCTET STRING", (tag::OCTET_STRING, "491231155959Z")),
    ] {
        with("times", comment, BAD, part::VALIDITY, times(from, after));
    }
    with("times", "one time only", BAD, part::VALIDITY, write::sequence(&[&write::tlv(utc, from.1.as_bytes())]));
    let name = |pairs: &[Vec<u8>]| write::tlv(tag::SEQUENCE, &pairs.concat());
    let pair = |kind: &Oid, tag: u8, text: &[u8]| write::sequence(&[&write::oid(kind), &write::tlv(tag, text)]);
    let one = |kind: &Oid, tag: u8, text: &[u8]| name(&[write::tlv(self::tag::SET, &pair(kind, tag, text))]);
    let common = &oid::COMMON_NAME;
    with("names", "UTF8String that is no UTF-8", BAD, part::SUBJECT, one(common, tag::UTF8_STRING, b"\xe6\xb5"));
    with("names", "PrintableString with a Chinese character", BAD, part::SUBJECT, one(common, 0x13, "测".as_bytes()));
    with("names", "BMPString of three bytes", BAD, part::SUBJECT, one(common, 0x1e, b"\x6d\x4b\x00"));
    with("names", "INTEGER as name", BAD, part::SUBJECT, one(common, tag::INTEGER, &[1]));
    with("names", "NUL inside", BAD, part::SUBJECT, one(common, tag::UTF8_STRING, b"XV01\0.test"));
    let (country, unit) =
        (pair(&oid::COUNTRY, 0x13, b"CN"), pair(&oid::ORGANIZATIONAL_UNIT, tag::UTF8_STRING, b"vector"));
    let unordered = [&unit[..], &country].concat();
    with(
        "names",
        "two attributes of one SET in the wrong order",
        FORM,
        part::SUBJECT,
        name(&[write::tlv(tag::SET, &unordered)]),
    );
    let extensions = |list: &[Vec<u8>]| write::tlv(tag::context(3), &write::tlv(tag::SEQUENCE, &list.concat()));
    let extension =
        |kind: &Oid, flag: &[u8], value: &[u8]| write::sequence(&[&write::oid(kind), flag, &write::octets(value)]);
    let mut exchanged = |comment: &str, reason: &'static str, at: usize, other: Vec<u8>| {
        let mut list = spec.extensions.clone();
        list[at] = other;
        with("extensions", comment, reason, part::EXTENSIONS, extensions(&list));
    };
    let (basic, usage) = (&oid::BASIC_CONSTRAINTS, &oid::KEY_USAGE);
    let set = write::boolean(true);
    let flags = write::named_bits(KeyUsage::DIGITAL_SIGNATURE);
    exchanged("critical as 01", FORM, 1, extension(usage, &[tag::BOOLEAN, 1, 1], &flags));
    exchanged("critical FALSE written out", FORM, 1, extension(usage, &write::boolean(false), &flags));
    exchanged("cA FALSE written out", FORM, 0, extension(basic, &set, &write::sequence(&[&write::boolean(false)])));
    exchanged("cA as 01", FORM, 0, extension(basic, &set, &write::sequence(&[&[tag::BOOLEAN, 1, 1]])));
    exchanged("byte behind basicConstraints", BAD, 0, extension(basic, &set, &[0x30, 0, 0]));
    exchanged("key usage with zero bits behind", FORM, 1, extension(usage, &set, &[tag::BIT_STRING, 2, 0, 0x80]));
    exchanged("key usage of three bytes", BAD, 1, extension(usage, &set, &[tag::BIT_STRING, 4, 0, 1, 1, 1]));
    exchanged("key usage as INTEGER", BAD, 1, extension(usage, &set, &write::small(3)));
    exchanged(
        "purpose that is no OBJECT IDENTIFIER",
        BAD,
        2,
        extension(&oid::EXTENDED_KEY_USAGE, &[], &write::sequence(&[&write::small(1)])),
    );
    exchanged(
        "padded arc in the extension's id",
        BAD,
        3,
        write::sequence(&[&[6, 4, 0x55, 0x80, 0x1d, 0x0e], &write::octets(&write::octets(&[1]))]),
    );
    exchanged("value without its OCTET STRING", BAD, 1, write::sequence(&[&write::oid(usage), &flags]));
    with(
        "extensions",
        "empty list of extensions without SEQUENCE",
        BAD,
        part::EXTENSIONS,
        write::tlv(tag::context(3), &[]),
    );
    with("structure", "extensions under another tag", BAD, part::EXTENSIONS, write::tlv(tag::context(4), &[]));
}

/// The bad certificates of the PKI that are bad by themselves.
fn bad_ones(draft: &mut Draft, pki: &TestPki) {
    for (id, flag, comment, reason) in [
        ("XB16", "times", "notAfter before notBefore", "CERT_MALFORMED"),
        ("XB17", "times", "GeneralizedTime where UTCTime belongs", "CERT_MALFORMED"),
        ("XB28", "subject-key", "RSA key of 1024 bits", "SIG_METHOD"),
        ("XB29", "algorithm", "named as signed with ECDSA and SHA-1", "SIG_METHOD"),
        ("XB30", "subject-key", "P-256 point under the SM2 curve", "KEY_BAD"),
        ("XB31", "subject-key", "SM2 point under the P-256 curve", "KEY_BAD"),
        ("XB33", "value-range", "r is 0", "SM2_BAD"),
        ("XB33-n", "value-range", "s is n", "SM2_BAD"),
        ("XB33-negative", "value-form", "r is negative", "SM2_ENCODING"),
        ("XB33-padded", "der-integer", "r is padded", "SM2_ENCODING"),
        ("XB34", "subject-key", "point not on the curve", "KEY_BAD"),
        ("XB35", "subject-key", "point at infinity", "KEY_BAD"),
        ("XB36", "der-form", "BER length", "DER_NON_CANONICAL"),
        ("XB37", "extensions", "extension twice", "CERT_MALFORMED"),
        ("XB38", "extensions", "unknown critical extension", "CERT_MALFORMED"),
        ("XB39", "der-trailing", "trailing bytes", "DER_NON_CANONICAL"),
        ("XB41", "algorithm", "algorithms inside and outside differ", "CERT_MALFORMED"),
        ("XB42", "names", "NUL inside the common name", "CERT_MALFORMED"),
        ("XB43", "structure", "negative serial number", "CERT_MALFORMED"),
        ("XB43-long", "structure", "serial number of 21 bytes", "CERT_MALFORMED"),
    ] {
        let Some(bad) = made(pki.bad(id)) else { continue };
        draft.invalid("x509.bad", &[flag], &format!("{id}: {comment}"), &ask(&bad.der), refuse(reason, "certificate"));
    }
    let (key, spec) = leaf(pki, "XV01");
    let point = key.public_key().to_uncompressed();
    let compressed = [&[2 | (point[64] & 1)], &point[1..33]].concat();
    for (comment, point) in [("compressed point", compressed), ("point without 04", point[1..].to_vec())] {
        let mut spec = spec.clone();
        spec.spki = build::spki_with(&oid::SM2_CURVE, &point);
        let bytes = made(spec.sign(&pki.get("XG03").key));
        draft.invalid("x509.bad", &["subject-key"], comment, &ask(&bytes), refuse("KEY_BAD", "key"));
    }
    let raw = spec.with_signature(&[0x11; 64]);
    draft.invalid("x509.bad", &["value-form"], "r and s as 64 bytes", &ask(&raw), refuse("SM2_ENCODING", "value"));
}

fn null_parameters(draft: &mut Draft, pki: &TestPki) {
    let (_, mut spec) = leaf(pki, "XV01");
    spec.inner_algorithm = write::sequence(&[&write::oid(&SM2_WITH_SM3), &write::null()]);
    spec.outer_algorithm.clone_from(&spec.inner_algorithm);
    let bytes = made(spec.sign(&pki.get("XG03").key));
    let comment = "parameters NULL behind SM2 with SM3; decided by x509_null_parameters";
    draft.reading("x509.certificate", "x509_null_parameters", "accept");
    accept_der(draft, "option", comment, &bytes, &spec.spki);
    draft.reading("x509.certificate", "x509_null_parameters", "refuse");
    draft.invalid("x509.bad", &["option"], comment, &ask(&bytes), refuse("CERT_MALFORMED", "algorithm"));
}

fn question(object: &[u8], issuer: &[u8]) -> [(&'static str, String); 3] {
    [("object", hex(object)), ("kind", "certificate".to_owned()), ("issuer", hex(issuer))]
}

fn signatures(draft: &mut Draft, pki: &TestPki) {
    draft.group("x509.signature");
    for (of, by) in [
        ("XG01", "XG01"),
        ("XG03", "XG01"),
        ("XG06", "XG01"),
        ("XG12", "XG01"),
        ("XG02", "XG02"),
        ("XG02", "XG12"),
        ("XG10", "XG09"),
        ("XG13", "XG03"),
        ("XG04", "XG03"),
    ] {
        let comment = format!("{of} by {by}");
        draft.valid("x509.signed", &["signature"], &comment, &question(der(pki, of), der(pki, by)), &[]);
    }
    let good = der(pki, "XG04");
    for (comment, by) in [
        ("XG04 by the root instead of the intermediate", "XG01"),
        ("XG04 by another leaf of the same issuer", "XG05"),
        ("XG04 by itself", "XG04"),
    ] {
        let input = question(good, der(pki, by));
        draft.invalid("x509.unsigned", &["wrong-key"], comment, &input, refuse("SM2_BAD", "signature"));
    }
    for id in ["XB02", "XB03"] {
        let Some(bad) = made(pki.bad(id)) else { continue };
        let comment = format!("{id}, by the look-alike root, asked with the root");
        let input = question(&bad.der, der(pki, "XG01"));
        draft.invalid("x509.unsigned", &["wrong-key"], &comment, &input, refuse("SM2_BAD", "signature"));
    }
    let certificate = &pki.get("XG04").certificate;
    let point = certificate.key.sm2().map(|key| key.to_uncompressed()).unwrap_or([0; 65]);
    let id = certificate.extensions.subject_key_id.clone().unwrap_or_default();
    let other = pki.get("XG05").certificate.spki.clone();
    for (comment, changed) in [
        ("serial number", flipped(good, place_of(good, &certificate.serial) + 3)),
        ("a digit of notAfter", flipped(good, place_of(good, b"491231155959Z") + 1)),
        ("the common name", flipped(good, place_of(good, b"signer S1") + 8)),
        ("the subject key identifier", flipped(good, place_of(good, &id))),
        ("the last byte of s", flipped(good, good.len() - 1)),
    ] {
        let input = question(&changed, der(pki, "XG03"));
        let comment = format!("one bit changed: {comment}");
        draft.invalid("x509.unsigned", &["tampered"], &comment, &input, refuse("SM2_BAD", "signature"));
    }
    let at = place_of(good, &point);
    let exchanged = [&good[..at], &other[other.len() - 65..], &good[at + 65..]].concat();
    let input = question(&exchanged, der(pki, "XG03"));
    draft.invalid("x509.unsigned", &["tampered"], "the key of XG05 put in", &input, refuse("SM2_BAD", "signature"));
    let (body, outer, _) = taken_apart(good);
    let (_, _, foreign) = taken_apart(der(pki, "XG05"));
    let input = question(&structure(&body, &outer, &foreign), der(pki, "XG03"));
    draft.invalid("x509.unsigned", &["tampered"], "the signature of XG05", &input, refuse("SM2_BAD", "signature"));
}

/// The body of XG04 with signature values that were made for it in another way.
fn signature_values(draft: &mut Draft, pki: &TestPki) {
    let (good, ca) = (der(pki, "XG04"), pki.get("XG03"));
    let (body, outer, value) = taken_apart(good);
    let issuer = ca.certificate.der();
    let mut bad = |flag: &str, comment: &str, value: &[u8], reason: &'static str| {
        let input = question(&structure(&body, &outer, value), issuer);
        draft.invalid("x509.unsigned", &[flag], comment, &input, refuse(reason, "value"));
    };
    for (comment, id) in
        [("the empty signer identifier", &b""[..]), ("another signer identifier", b"ALICE123@YAHOO.COM")]
    {
        let value = made(sm2::sign(&ca.key, id, &body)).to_der();
        let reason = if id.is_empty() { "SIG_SIGNER_ID" } else { "SM2_BAD" };
        bad("signer-id", comment, &value, reason);
    }
    let without_z = made(sm2::sign_digest(&ca.key, &sm3::digest(&body))).to_der();
    bad("signer-id", "without Z", &without_z, "SIG_SIGNER_ID");
    let twice = made(sm2::sign(&ca.key, sm2::DEFAULT_ID, &sm3::digest(&body))).to_der();
    bad("tampered", "over the hash of what should be signed", &twice, "SM2_BAD");

    let right = made(Signature::from_der(&value));
    let (r, s) = right.as_raw().split_at(32);
    let (r, s, n) = (Whole::new(r), Whole::new(s), Whole::new(&ORDER));
    let pair = |r: &Whole, s: &Whole| {
        let integer = |number: &Whole| write::tlv(tag::INTEGER, &number.integer_content());
        write::sequence(&[&integer(r), &integer(s)])
    };
    let zero = Whole::small(0);
    for (comment, value) in [
        ("r + n", pair(&r.plus(&n), &s)),
        ("s + n", pair(&r, &s.plus(&n))),
        ("r + n and s + n", pair(&r.plus(&n), &s.plus(&n))),
        ("r is 0", pair(&zero, &s)),
        ("s is 0", pair(&r, &zero)),
        ("r is n", pair(&n, &s)),
        ("s is n", pair(&r, &n)),
    ] {
        bad("value-range", comment, &value, "SM2_BAD");
    }
    bad("value-range", "r - n, which is negative", &pair(&r.minus(&n), &s), "SM2_ENCODING");
    let integer = |content: &[u8]| write::tlv(tag::INTEGER, content);
    let padded = |number: &Whole| integer(&[&[0, 0], &number.integer_content()[..]].concat());
    let plain = |number: &Whole| integer(&number.integer_content());
    bad("der-integer", "r with two zero bytes", &write::sequence(&[&padded(&r), &plain(&s)]), "SM2_ENCODING");
    bad("der-integer", "s with two zero bytes", &write::sequence(&[&plain(&r), &padded(&s)]), "SM2_ENCODING");
    bad("der-form", "length of the pair in a longer form", &long_form(&value), "SM2_ENCODING");
    bad("der-form", "length of the pair indefinite", &indefinite(&value), "SM2_ENCODING");
    bad("der-trailing", "a zero byte behind the pair", &[&value[..], &[0]].concat(), "SM2_ENCODING");
    bad("value-form", "r and s as 64 bytes", right.as_raw(), "SM2_ENCODING");
    bad("value-form", "s before r in a SET", &[&[0x31], &value[1..]].concat(), "SM2_ENCODING");
    bad("value-form", "one number only", &write::sequence(&[&plain(&r)]), "SM2_ENCODING");
    bad("der-trailing", "a third number", &write::sequence(&[&plain(&r), &plain(&s), &plain(&s)]), "SM2_ENCODING");
    bad("value-form", "nothing", &[], "SM2_ENCODING");
    for (flag, comment, bytes, reason) in [
        ("der-form", "outer length in a longer form", long_form(good), "DER_NON_CANONICAL"),
        ("der-form", "outer length indefinite", indefinite(good), "DER_NON_CANONICAL"),
        ("der-trailing", "zero bytes behind the certificate", [good, &[0, 0]].concat(), "DER_NON_CANONICAL"),
        ("algorithm", "ECDSA named outside", structure(&body, &algorithm(&ECDSA_SHA256), &value), "SIG_METHOD"),
        ("cut", "cut by one byte", good[..good.len() - 1].to_vec(), "CERT_MALFORMED"),
    ] {
        draft.invalid("x509.unsigned", &[flag], comment, &question(&bytes, issuer), refuse(reason, "value"));
    }
    let Some(no_key) = made(pki.bad("XB31")) else { return };
    let input = question(good, &no_key.der);
    draft.invalid(
        "x509.unsigned",
        &["wrong-key"],
        "issuer with a key of another curve",
        &input,
        refuse("KEY_BAD", "key"),
    );
}
