//! Laws of every reader: any bytes and any change of good bytes end in an answer, and what a reader
//! reads and a writer writes again is read as the same.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ecric_gm::oid::{GM_DATA, GM_SIGNED_DATA, SM2_WITH_SM3};
use ecric_gm::signed_data::{Flavour, SignedData, SignerSpec, detect, verify_profile, write_signed_data};
use ecric_gm::x509::build::{CertificateSpec, basic_constraints, key_usage};
use ecric_gm::x509::crl::Crl;
use ecric_gm::x509::ocsp::{CertId, CertStatus, OcspResponse, ResponseSpec, read_request, write_request};
use ecric_gm::x509::time_stamp::Token;
use ecric_gm::x509::{Certificate, Name};
use ecric_gm::{der, oid};
use ecric_licence::file::{Policy, Reading, Trust, Verdict, verify_file};
use ecric_licence::ofd::signature::{read_list, read_signature as read_description, write_list, write_signature};
use ecric_licence::ofd::zip::{Entry, Method, audit, audit_lenient, in_order, read_naive, write_package, write_with};
use ecric_licence::ofd::{links, xml};
use ecric_licence::seal::{
    CertList, PictureSpec, SealSpec, SesVersion, SignatureSpec, check_picture, read_seal, read_signature, sign_seal,
    sign_signature,
};
use ecric_vectors::licence_file::{EVALUATED, default_person, make_base};
use ecric_vectors::pki::TestPki;
use proptest::prelude::*;
use time::{Duration, OffsetDateTime};

static PKI: LazyLock<TestPki> = LazyLock::new(|| TestPki::published().unwrap());
static TRUST: LazyLock<Trust> = LazyLock::new(|| PKI.trust().unwrap());

fn base(name: &str) -> Vec<u8> {
    make_base(&PKI, name, &default_person()).unwrap().unwrap()
}

/// Good bytes for every reader: whole files, their entries, and what the PKI holds.
static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut samples = Vec::new();
    for name in ["orig", "orig-deflate", "orig-descriptor", "orig-v1", "orig-v5", "orig-ts", "copy"] {
        let file = base(name);
        for (_, content) in audit(&file).unwrap().entries() {
            samples.push(content.to_vec());
            if let Ok(ses) = read_signature(content) {
                samples.push(ses.seal.to_vec());
                samples.extend(ses.time_stamp.map(<[u8]>::to_vec));
            }
        }
        samples.push(file);
    }
    samples.extend(PKI.entities().map(|entity| entity.certificate.der().to_vec()));
    samples.extend(PKI.lists().unwrap().into_iter().map(|(_, der)| der));
    samples.push(answer());
    samples.retain(|sample| !sample.is_empty() && sample.len() < 200_000);
    samples
});

fn answer() -> Vec<u8> {
    let (ca, leaf, responder) = (PKI.get("XG03"), PKI.get("XG04"), PKI.get("XG08"));
    let spec = ResponseSpec {
        id: CertId::of(&leaf.certificate, &ca.certificate).unwrap(),
        status: CertStatus::Good,
        at: EVALUATED,
        next_update: EVALUATED + Duration::DAY,
        nonce: Some(vec![7; 16]),
    };
    spec.sign(&responder.key, &responder.certificate).unwrap()
}

/// Hands bytes to every reader; each has to come back.
fn read_with_all(bytes: &[u8]) {
    let key = PKI.get("XG04").key.public_key();
    let _ = (audit(bytes), audit_lenient(bytes), read_naive(bytes));
    let _ = xml::parse(bytes);
    for lenient in [false, true] {
        let _ = (read_list(bytes, lenient), read_description(bytes, lenient));
        if let Ok(package) = audit(bytes) {
            let _ = links::walk(&package, lenient);
        }
    }
    let _ = (der::check_canonical(bytes), read_signature(bytes));
    if let Ok(seal) = read_seal(bytes) {
        let _ = (check_picture(&seal.picture), seal.created.lenient_instant());
    }
    if let Ok(certificate) = Certificate::read(bytes) {
        let _ = (certificate.subject.to_string(), certificate.verify_by(&certificate));
    }
    let _ =
        (Crl::read(bytes).is_ok(), OcspResponse::read(bytes).is_ok(), read_request(bytes), Token::read(bytes).is_ok());
    if let Ok(data) = SignedData::read(bytes) {
        let _ = (verify_profile(&data, key), detect(&data, key, b"document"));
    }
}

fn verify_both(bytes: &[u8]) -> [Verdict; 2] {
    [Reading::Strict, Reading::Lenient]
        .map(|reading| verify_file(bytes, &TRUST, &Policy::default(), reading, EVALUATED).verdict)
}

/// One change: a bit, a cut, a doubled part, or bytes put over others.
fn changed(sample: &[u8], at: usize, kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = sample.to_vec();
    match kind % 4 {
        0 => out[at] ^= 1 << (kind / 4 % 8),
        1 => out.truncate(at),
        2 => out.extend_from_slice(&sample[at..]),
        _ => {
            let end = (at + bytes.len()).min(out.len());
            out.splice(at..end, bytes.iter().copied());
        }
    }
    out
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9一-龥 ]{1,30}"
}

fn instant() -> impl Strategy<Value = OffsetDateTime> {
    (0_i64..2_000_000_000).prop_map(|seconds| OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds))
}

fn shape() -> impl Strategy<Value = SesVersion> {
    prop::sample::select(vec![SesVersion::V1, SesVersion::V4, SesVersion::V5])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..600), head in 0_usize..4) {
        let bytes = [[&b""[..], b"PK\x03\x04", b"<a ", b"\x30\x82"][head], &bytes].concat();
        read_with_all(&bytes);
        prop_assert!(!verify_both(&bytes).contains(&Verdict::Valid));
    }

    #[test]
    fn any_change_of_good_bytes_ends_in_an_answer(
        sample in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), kind: u8,
        bytes in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let sample = sample.get(&SAMPLES[..]);
        read_with_all(&changed(sample, at.index(sample.len()), kind, &bytes));
    }

    #[test]
    fn any_change_of_an_entry_ends_in_an_answer(
        name in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), kind: u8,
        bytes in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let file = base("orig");
        let mut entries = entries_of(&file);
        let name = name.get(&entries.keys().cloned().collect::<Vec<_>>()).clone();
        let content = entries[&name].clone();
        if content.is_empty() {
            return Ok(());
        }
        entries.insert(name, changed(&content, at.index(content.len()), kind, &bytes));
        let _ = verify_both(&write_package(&entries));
    }

    #[test]
    fn a_package_is_read_as_it_was_written(
        files in prop::collection::btree_map("[a-z]{1,8}(/[a-z]{1,8}){0,3}\\.[a-z]{3}", prop::collection::vec(any::<u8>(), 0..400), 1..8),
        packed: bool, descriptor: bool,
    ) {
        let mut list: Vec<Entry> = in_order(&files);
        for entry in &mut list {
            entry.method = if packed { Method::Deflated } else { Method::Stored };
            entry.descriptor = descriptor;
        }
        let written = write_with(&list, None);
        let read = entries_of(&written);
        prop_assert_eq!(&read, &files);
        prop_assert_eq!(entries_of(&write_package(&read)), files);
    }

    #[test]
    fn a_seal_and_its_signature_are_read_as_they_were_written(
        shape in shape(), name in text(), id in "[A-Z0-9-]{1,20}", times in [instant(), instant(), instant()],
        list in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..60), 0..4), digests: bool,
        data in prop::collection::vec(any::<u8>(), 0..200), size in (0_u32..1000, 0_u32..1000), hash: [u8; 32],
    ) {
        let maker = PKI.get("XG17");
        let certificates = if digests && shape != SesVersion::V1 {
            CertList::Digests(list.iter().map(|one| ("SM3".to_owned(), &one[..])).collect())
        } else {
            CertList::Certificates(list.iter().map(Vec::as_slice).collect())
        };
        let spec = SealSpec {
            shape, header_version: None, es_id: id, name, certificates,
            created: times[0], valid: (times[1], times[2]), utc_times: false,
            picture: PictureSpec { kind: "PNG".to_owned(), data, size }, maker: maker.certificate.der(),
        };
        let bytes = sign_seal(&spec, &maker.key).unwrap();
        let seal = read_seal(&bytes).unwrap();
        let again = SealSpec {
            shape: seal.shape, header_version: Some(seal.header_version), es_id: seal.es_id.clone(),
            name: seal.name.clone(), certificates: seal.certificates.clone(),
            created: seal.created.instant().unwrap(),
            valid: (seal.valid_start.instant().unwrap(), seal.valid_end.instant().unwrap()), utc_times: false,
            picture: PictureSpec {
                kind: seal.picture.kind.clone(), data: seal.picture.data.to_vec(),
                size: (seal.picture.width, seal.picture.height),
            },
            maker: seal.maker,
        };
        prop_assert_eq!(&sign_seal(&again, &maker.key).unwrap(), &bytes);

        let signer = PKI.get("XG04");
        let spec = SignatureSpec {
            shape, version: None, seal: &bytes, time: "20260531160000Z".to_owned(), data_hash: hash,
            property_info: "/Doc_0/Signs/Sign_0/Signature.xml".to_owned(),
            certificate: signer.certificate.der(), algorithm: SM2_WITH_SM3,
        };
        let bytes = sign_signature(&spec, &signer.key).unwrap();
        let read = read_signature(&bytes).unwrap();
        let time = String::from_utf8(read.time.text.iter().copied().skip_while(|byte| *byte == 0).collect()).unwrap();
        let again = SignatureSpec {
            shape: read.shape, version: Some(read.version), seal: read.seal, time,
            data_hash: read.data_hash.try_into().unwrap(), property_info: read.property_info.clone(),
            certificate: read.certificate, algorithm: read.algorithm,
        };
        prop_assert_eq!(sign_signature(&again, &signer.key).unwrap(), bytes);
    }

    #[test]
    fn signed_data_is_read_as_it_was_written(
        document in prop::collection::vec(any::<u8>(), 0..200), embedded: bool, at in instant(),
        bag in prop::sample::subsequence(vec!["XG01", "XG03", "XG05"], 0..3),
    ) {
        let signer = PKI.get("XG04");
        let others = bag.iter().map(|label| &PKI.get(label).certificate);
        let bag: Vec<&Certificate> = std::iter::once(&signer.certificate).chain(others).collect();
        let write = |document: &[u8], content: Option<&[u8]>, bag: &[&Certificate], at| {
            let spec = SignerSpec {
                certificate: &signer.certificate, key: &signer.key, flavour: Flavour::AttrZ, raw: false,
                signing_time: Some(at), message_digest: None,
            };
            write_signed_data(&GM_SIGNED_DATA, &GM_DATA, document, content, bag, false, &[spec]).unwrap()
        };
        let bytes = write(&document, embedded.then_some(&document[..]), &bag, at);
        let data = SignedData::read(&bytes).unwrap();
        prop_assert!(verify_profile(&data, signer.key.public_key()));
        let certificates: Vec<Certificate> = data.certificates.iter().map(|der| Certificate::read(der).unwrap()).collect();
        let time = data.signers[0].attributes.as_ref().unwrap().signing_time().unwrap();
        prop_assert_eq!(write(&document, data.content, &certificates.iter().collect::<Vec<_>>(), time), bytes);
    }

    #[test]
    fn a_certificate_is_read_as_it_was_written(
        serial in prop::collection::vec(1_u8..0x7f, 1..20), names in [text(), text()], times in [instant(), instant()],
        usage in 1_u16..0x1ff, ca: bool, length in prop::option::of(0_u32..9),
    ) {
        let key = &PKI.get("XG04").key;
        let [issuer, subject] = names.map(|name| Name::of(&[(oid::COUNTRY, "CN"), (oid::COMMON_NAME, &name)]));
        let spki = PKI.get("XG05").certificate.spki.clone();
        let mut spec = CertificateSpec::new(&serial, issuer, subject, times, spki);
        spec.extensions = vec![basic_constraints(ca, length.filter(|_| ca)), key_usage(usage)];
        let bytes = spec.sign(key).unwrap();
        let read = Certificate::read(&bytes).unwrap();
        let mut again = CertificateSpec::new(
            &read.serial, read.issuer.clone(), read.subject.clone(), [read.not_before, read.not_after], read.spki.clone(),
        );
        let (is_ca, length) = read.extensions.basic.unwrap();
        prop_assert_eq!(is_ca, ca);
        again.extensions = vec![basic_constraints(is_ca, length), key_usage(read.extensions.key_usage.unwrap().0)];
        prop_assert_eq!(again.sign(key).unwrap(), bytes);
    }
}

fn entries_of(file: &[u8]) -> BTreeMap<String, Vec<u8>> {
    audit(file).unwrap().entries().map(|(name, content)| (name.to_owned(), content.to_vec())).collect()
}

#[test]
fn lists_and_descriptions_of_base_files_are_written_as_they_were_read() {
    for name in ["orig", "copy", "orig-relative", "orig-v1"] {
        for (entry, content) in entries_of(&base(name)) {
            if entry.ends_with("Signatures.xml") {
                let list = read_list(&content, false).unwrap();
                assert_eq!(read_list(&write_list(&list), false).unwrap(), list, "{name} {entry}");
            } else if entry.ends_with("Signature.xml") {
                let file = read_description(&content, false).unwrap();
                assert_eq!(read_description(&write_signature(&file), false).unwrap(), file, "{name} {entry}");
            }
        }
    }
}

#[test]
fn an_ocsp_request_is_read_as_it_was_written() {
    let id = CertId::of(&PKI.get("XG04").certificate, &PKI.get("XG03").certificate).unwrap();
    for nonce in [None, Some(&[7; 16][..])] {
        let bytes = write_request(&id, nonce);
        let (read, found) = read_request(&bytes).unwrap();
        assert_eq!((&read, found.as_deref()), (&id, nonce));
        assert_eq!(write_request(&read, found.as_deref()), bytes);
    }
    assert_eq!(OcspResponse::read(&answer()).unwrap().unwrap().responses.len(), 1);
}
