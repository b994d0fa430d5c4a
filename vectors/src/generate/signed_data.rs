//! GB/T 35275 SignedData: the profile, the flavours of the field, and what is wrong.

use ecric_gm::der::{tag, write};
use ecric_gm::encoding::{b64, hex};
use ecric_gm::oid::{
    self, ECDSA_SHA256, GM_DATA, GM_SIGNED_DATA, Oid, PKCS7_DATA, PKCS7_SIGNED_DATA, SM2_SIGN, SM2_WITH_SM3, SM3,
};
use ecric_gm::signed_data::{Flavour, SignerSpec, write_signed_data};
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey};
use ecric_gm::sm3;
use ecric_gm::x509::Certificate;

use super::artefact::{algorithm, flipped, indefinite, long_form, made, refuse};
use super::draft::Draft;
use crate::pki::{FIXED, TestPki};

const DOCUMENT: &[u8] = "ecric 测试文档：签名数据".as_bytes();
const SHA256: Oid = Oid::new(&[2, 16, 840, 1, 101, 3, 4, 2, 1]);

/// `signed-data/flavours`.
pub(super) fn file(pki: &TestPki) -> Draft {
    let mut draft = Draft::new(
        "signed-data/flavours",
        ["SignedData with SM2", "SM2 签名数据（SignedData）"],
        ["GB/T 35275-2017; GB/T 35276-2017; RFC 2315", "2017; 2017; 1998", "signedData; flavours seen in the field"],
    );
    draft.name_twins();
    draft.note("profile", "Signed attributes, Z with the default identifier, DER: must be accepted.");
    draft.note(
        "digest",
        "What was signed is not the content: the digest among the attributes is another, or the content was exchanged.",
    );
    draft.note("content-type", "The content type among the attributes is missing or another: a signature over data passes for one over something else.");
    draft.note("signer", "The certificate that the signer names does not come with it, or is not the one that signed.");
    draft.note("signers", "Another number of signers than one (profile of this suite).");
    draft.note("tampered", "The signature does not hold.");
    draft.note("algorithm", "Another digest or signature algorithm is named.");
    draft.note("versions", "A version other than 1.");
    draft.note("not-der", "Not DER, bytes behind, or not readable.");
    draft.note("value-form", "r and s are not of the form of GB/T 35276, or out of range.");
    draft.note("option", "Grey zone: one vector for each reading of the option that the group names.");
    draft.group("signed_data.verify");
    good(&mut draft, pki);
    contents(&mut draft, pki);
    structures(&mut draft, pki);
    flavours(&mut draft, pki);
    draft
}

fn ask(data: &[u8], content: Option<&[u8]>) -> Vec<(&'static str, String)> {
    let mut input = vec![("signed_data", hex(data))];
    input.extend(content.map(|content| ("content", hex(content))));
    input
}

fn spec<'a>(pki: &'a TestPki, flavour: Flavour) -> SignerSpec<'a> {
    let signer = pki.get("XG16");
    SignerSpec {
        certificate: &signer.certificate,
        key: &signer.key,
        flavour,
        raw: false,
        signing_time: Some(FIXED),
        message_digest: None,
    }
}

/// Types outside and inside, embedded content, certificates, signers.
fn write_with(
    types: (&Oid, &Oid),
    content: Option<&[u8]>,
    bag: &[&Certificate],
    signers: &[SignerSpec<'_>],
) -> Vec<u8> {
    made(write_signed_data(types.0, types.1, DOCUMENT, content, bag, false, signers))
}

fn good(draft: &mut Draft, pki: &TestPki) {
    let (own, ca) = (&pki.get("XG16").certificate, &pki.get("XG03").certificate);
    let (attributes, gm) = (spec(pki, Flavour::AttrZ), (&GM_SIGNED_DATA, &GM_DATA));
    let embedded = Some(DOCUMENT);
    let timeless = SignerSpec { signing_time: None, ..attributes.clone() };
    for (comment, data, content) in [
        (
            "detached, with the issuer's certificate",
            write_with(gm, None, &[own, ca], std::slice::from_ref(&attributes)),
            embedded,
        ),
        ("embedded", write_with(gm, embedded, &[own], std::slice::from_ref(&attributes)), None),
        (
            "embedded, and the same content given",
            write_with(gm, embedded, &[own], std::slice::from_ref(&attributes)),
            embedded,
        ),
        (
            "content type of PKCS#7 inside",
            write_with((&GM_SIGNED_DATA, &PKCS7_DATA), None, &[own], std::slice::from_ref(&attributes)),
            embedded,
        ),
        ("without signing time", write_with(gm, None, &[own], &[timeless]), embedded),
        (
            "signature algorithm SM2 with SM3",
            by_hand(pki, &Parts { signature_algorithm: SM2_WITH_SM3, ..Parts::new() }),
            embedded,
        ),
        ("detached, one certificate, the twin of what follows", write_with(gm, None, &[own], &[attributes]), embedded),
    ] {
        draft.valid("sd.good", &["profile"], comment, &ask(&data, content), &[]);
    }
}

/// A SignedData of the profile, each part of which can be set.
struct Parts {
    outer: Oid,
    version: u32,
    digests: Vec<Oid>,
    content_type: Oid,
    attribute_type: Option<Oid>,
    message_digest: Option<[u8; 32]>,
    signer_version: u32,
    signer_digest: Oid,
    signature_algorithm: Oid,
    /// Label of the certificate that is named.
    named: &'static str,
    /// Labels of the certificates that come along.
    bag: Vec<&'static str>,
    /// Label of the key that signs.
    key: &'static str,
    reversed: bool,
    value: fn(&[u8]) -> Vec<u8>,
}

impl Parts {
    fn new() -> Self {
        Self {
            outer: GM_SIGNED_DATA,
            version: 1,
            digests: vec![SM3],
            content_type: GM_DATA,
            attribute_type: Some(GM_DATA),
            message_digest: Some(sm3::digest(DOCUMENT)),
            signer_version: 1,
            signer_digest: SM3,
            signature_algorithm: SM2_SIGN,
            named: "XG16",
            bag: vec!["XG16"],
            key: "XG16",
            reversed: false,
            value: <[u8]>::to_vec,
        }
    }
}

fn attribute(kind: &Oid, value: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(kind), &write::tlv(tag::SET, value)])
}

/// Made without the writer of `gm`, so that both agree on the good one.
fn by_hand(pki: &TestPki, parts: &Parts) -> Vec<u8> {
    let key: &SecretKey = &pki.get(parts.key).key;
    let named = &pki.get(parts.named).certificate;
    let kind = parts.attribute_type.map(|kind| attribute(&oid::CONTENT_TYPE, &write::oid(&kind)));
    let digest = parts.message_digest.map(|digest| attribute(&oid::MESSAGE_DIGEST, &write::octets(&digest)));
    let mut list: Vec<Vec<u8>> = [kind, digest].into_iter().flatten().collect();
    list.sort();
    if parts.reversed {
        list.reverse();
    }
    let attributes = list.concat();
    let value = made(sm2::sign(key, DEFAULT_ID, &write::tlv(tag::SET, &attributes))).to_der();
    let value = (parts.value)(&value);
    let info = write::sequence(&[
        &write::small(parts.signer_version),
        &write::sequence(&[named.issuer.der(), &write::tlv(tag::INTEGER, &named.serial)]),
        &algorithm(&parts.signer_digest),
        &write::tlv(tag::context(0), &attributes),
        &algorithm(&parts.signature_algorithm),
        &write::octets(&value),
    ]);
    let mut bag: Vec<Vec<u8>> = parts.bag.iter().map(|label| pki.get(label).certificate.der().to_vec()).collect();
    bag.sort();
    let bag = if bag.is_empty() { Vec::new() } else { write::tlv(tag::context(0), &bag.concat()) };
    let digests = write::tlv(tag::SET, &parts.digests.iter().flat_map(algorithm).collect::<Vec<_>>());
    let body = write::sequence(&[
        &write::small(parts.version),
        &digests,
        &write::sequence(&[&write::oid(&parts.content_type)]),
        &bag,
        &write::tlv(tag::SET, &info),
    ]);
    write::sequence(&[&write::oid(&parts.outer), &write::tlv(tag::context(0), &body)])
}

fn contents(draft: &mut Draft, pki: &TestPki) {
    let mut bad = |flag: &str, comment: &str, parts: Parts, content: Option<&[u8]>, reason: &'static str| {
        let input = ask(&by_hand(pki, &parts), content);
        draft.invalid("sd.bad", &[flag], comment, &input, refuse(reason, "content"));
    };
    let given = Some(DOCUMENT);
    let other = [DOCUMENT, b" "].concat();
    const CMS: &str = "CMS_MALFORMED";
    bad("digest", "another content is given", Parts::new(), Some(&other), "DATAHASH_MISMATCH");
    bad("digest", "an empty content is given", Parts::new(), Some(b""), "DATAHASH_MISMATCH");
    bad("digest", "no content at all", Parts::new(), None, CMS);
    let digest = |digest| Parts { message_digest: digest, ..Parts::new() };
    bad("digest", "another digest among the attributes", digest(Some([7; 32])), given, "DATAHASH_MISMATCH");
    bad(
        "digest",
        "the digest hashed once more",
        digest(Some(sm3::digest(&sm3::digest(DOCUMENT)))),
        given,
        "DATAHASH_MISMATCH",
    );
    bad("digest", "no digest among the attributes", digest(None), given, "DATAHASH_MISMATCH");
    let kind = |kind| Parts { attribute_type: kind, ..Parts::new() };
    bad("content-type", "another content type among the attributes", kind(Some(oid::TST_INFO)), given, CMS);
    bad("content-type", "no content type among the attributes", kind(None), given, CMS);
    bad(
        "content-type",
        "content type changed outside the attributes",
        Parts { content_type: oid::TST_INFO, ..Parts::new() },
        given,
        CMS,
    );
    bad("signer", "no certificate comes along", Parts { bag: vec![], ..Parts::new() }, given, "CERT_CHAIN");
    bad("signer", "another certificate comes along", Parts { bag: vec!["XG05"], ..Parts::new() }, given, "CERT_CHAIN");
    bad(
        "signer",
        "names a certificate that does not come along",
        Parts { named: "XG05", ..Parts::new() },
        given,
        "CERT_CHAIN",
    );
    bad(
        "signer",
        "names another certificate that comes along",
        Parts { named: "XG05", bag: vec!["XG16", "XG05"], ..Parts::new() },
        given,
        "SM2_BAD",
    );
    bad("signer", "signed with another key", Parts { key: "XG05", ..Parts::new() }, given, "SM2_BAD");
    bad(
        "algorithm",
        "SHA-256 announced",
        Parts { digests: vec![SHA256], ..Parts::new() },
        given,
        "WEAK_OR_UNKNOWN_DIGEST",
    );
    bad("algorithm", "no digest announced", Parts { digests: vec![], ..Parts::new() }, given, "WEAK_OR_UNKNOWN_DIGEST");
    bad(
        "algorithm",
        "the signer names SHA-256",
        Parts { signer_digest: SHA256, ..Parts::new() },
        given,
        "WEAK_OR_UNKNOWN_DIGEST",
    );
    bad(
        "algorithm",
        "the signer names ECDSA",
        Parts { signature_algorithm: ECDSA_SHA256, ..Parts::new() },
        given,
        "SIG_METHOD",
    );
    bad(
        "algorithm",
        "the signer names SM3 as signature",
        Parts { signature_algorithm: SM3, ..Parts::new() },
        given,
        "SIG_METHOD",
    );
    bad("versions", "version 3", Parts { version: 3, ..Parts::new() }, given, CMS);
    bad("versions", "the signer's version 3", Parts { signer_version: 3, ..Parts::new() }, given, CMS);
    bad(
        "not-der",
        "attributes in the wrong order",
        Parts { reversed: true, ..Parts::new() },
        given,
        "DER_NON_CANONICAL",
    );
    bad(
        "tampered",
        "one bit of s changed",
        Parts { value: |value| flipped(value, value.len() - 1), ..Parts::new() },
        given,
        "SM2_BAD",
    );
    bad(
        "value-form",
        "r and s are 0",
        Parts { value: |_| vec![0x30, 6, 2, 1, 0, 2, 1, 0], ..Parts::new() },
        given,
        "SM2_BAD",
    );
    bad(
        "value-form",
        "length of the pair in a longer form",
        Parts { value: long_form, ..Parts::new() },
        given,
        "SM2_BAD",
    );
    bad(
        "value-form",
        "a zero byte behind the pair",
        Parts { value: |value| [value, &[0]].concat(), ..Parts::new() },
        given,
        "SM2_BAD",
    );
    bad("value-form", "nothing", Parts { value: |_| Vec::new(), ..Parts::new() }, given, "SM2_BAD");
}

fn structures(draft: &mut Draft, pki: &TestPki) {
    let own = &pki.get("XG16").certificate;
    let gm = (&GM_SIGNED_DATA, &GM_DATA);
    let signer = spec(pki, Flavour::AttrZ);
    let good = write_with(gm, None, &[own], std::slice::from_ref(&signer));
    let second = SignerSpec { signing_time: None, ..signer.clone() };
    let two = write_with(gm, None, &[own], &[signer.clone(), second]);
    let nobody = write_with(gm, None, &[own], &[]);
    let embedded = write_with(gm, Some(DOCUMENT), &[own], &[signer]);
    let exchanged = flipped(&embedded, super::artefact::place_of(&embedded, DOCUMENT));
    const FORM: &str = "DER_NON_CANONICAL";
    const CMS: &str = "CMS_MALFORMED";
    let given = Some(DOCUMENT);
    for (flag, comment, data, content, reason) in [
        ("signers", "two signers", two, given, CMS),
        ("signers", "no signer", nobody, given, CMS),
        ("digest", "embedded content changed", exchanged, None, "DATAHASH_MISMATCH"),
        ("digest", "embedded, another content is given", embedded, Some(&b"another"[..]), "DATAHASH_MISMATCH"),
        ("tampered", "one bit of the signature changed", flipped(&good, good.len() - 1), given, "SM2_BAD"),
        ("not-der", "length in a longer form", long_form(&good), given, FORM),
        ("not-der", "length indefinite", indefinite(&good), given, FORM),
        ("not-der", "a zero byte behind", [&good[..], &[0]].concat(), given, FORM),
        ("not-der", "cut by one byte", good[..good.len() - 1].to_vec(), given, CMS),
        ("not-der", "nothing", Vec::new(), given, CMS),
        ("not-der", "a bare pair of r and s", vec![0x30, 6, 2, 1, 1, 2, 1, 1], given, CMS),
        ("content-type", "another outer type", by_hand(pki, &Parts { outer: GM_DATA, ..Parts::new() }), given, CMS),
    ] {
        draft.invalid("sd.bad", &[flag], comment, &ask(&data, content), refuse(reason, "structure"));
    }
}

fn flavours(draft: &mut Draft, pki: &TestPki) {
    let own = &pki.get("XG16").certificate;
    let gm = (&GM_SIGNED_DATA, &GM_DATA);
    let hash = sm3::digest(DOCUMENT);
    let text = b64(&hash);
    let flavour = |flavour, content| write_with(gm, content, &[own], &[spec(pki, flavour)]);
    let raw = SignerSpec { raw: true, ..spec(pki, Flavour::AttrZ) };
    let (whole, given) = (Some(DOCUMENT), Some(DOCUMENT));
    for (option, comment, data, content, reason) in [
        (
            "cms_double_hash",
            "the hash is the content, the document is given",
            flavour(Flavour::PlainDoubleHash, Some(&hash[..])),
            given,
            "SM2_BAD",
        ),
        (
            "cms_base64_hash",
            "base64 of the hash is the content",
            flavour(Flavour::B64Hash, Some(text.as_bytes())),
            given,
            "SM2_BAD",
        ),
        ("cms_plain", "content embedded and signed directly", flavour(Flavour::PlainZ, whole), None, "SM2_BAD"),
        ("cms_plain", "content detached and signed directly", flavour(Flavour::PlainZ, None), given, "SM2_BAD"),
        ("cms_without_z", "content signed directly, without Z", flavour(Flavour::PlainNoZ, whole), None, "SM2_BAD"),
        (
            "cms_without_z",
            "the whole ContentInfo signed, without Z",
            flavour(Flavour::PlainNoZTlv, whole),
            None,
            "SM2_BAD",
        ),
        (
            "cms_without_z",
            "ContentInfo and attributes signed, without Z",
            flavour(Flavour::AttrNoZAll, whole),
            None,
            "SM2_BAD",
        ),
        (
            "cms_empty_id",
            "attributes under the empty signer identifier",
            flavour(Flavour::AttrZEmpty, None),
            given,
            "SIG_SIGNER_ID",
        ),
        ("cms_raw_value", "r and s as 64 bytes", write_with(gm, None, &[own], &[raw]), given, "SM2_ENCODING"),
        (
            "cms_pkcs7_type",
            "outer type of PKCS#7",
            write_with((&PKCS7_SIGNED_DATA, &PKCS7_DATA), None, &[own], &[spec(pki, Flavour::AttrZ)]),
            given,
            "CMS_MALFORMED",
        ),
    ] {
        let comment = format!("{comment}; decided by {option}");
        draft.reading("signed_data.verify", option, "accept");
        draft.valid("sd.option", &["option"], &comment, &ask(&data, content), &[]);
        draft.reading("signed_data.verify", option, "refuse");
        draft.invalid("sd.option", &["option"], &comment, &ask(&data, content), refuse(reason, "flavour"));
    }
}
