//! Files that are built to cost time or memory: each ends in a bounded report.
//!
//! Nothing is timed here. Before the ceilings under test these files took minutes or gigabytes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;

use ecric_licence::file::{FileReport, Policy, Reading, StepId, Trust, Verdict, verify_file};
use ecric_licence::ofd::signature::{STAMPS_MAX, read_signature};
use ecric_licence::ofd::xml::XmlFault;
use ecric_licence::ofd::zip::{Entry, Method, in_order, write_with};
use time::OffsetDateTime;

const NAMESPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
/// Above what a step keeps of one code, with some room.
const KEPT: usize = 40;

/// A package with a root, a document with `body`, and these files; those named "packed" are deflated.
fn package(root: &str, body: &str, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let root = format!(
        "<ofd:OFD {NAMESPACE} DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo>{root}</ofd:DocInfo>\
         <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Doc_0/Signatures.xml</ofd:Signatures>\
         </ofd:DocBody></ofd:OFD>"
    );
    let document = format!("<ofd:Document {NAMESPACE}>{body}</ofd:Document>");
    let mut entries: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(name, content)| ((*name).to_owned(), content.clone())).collect();
    entries.insert("OFD.xml".to_owned(), root.into_bytes());
    entries.insert("Doc_0/Document.xml".to_owned(), document.into_bytes());
    let mut list: Vec<Entry> = in_order(&entries);
    for entry in list.iter_mut().filter(|entry| entry.name.windows(6).any(|part| part == b"packed")) {
        entry.method = Method::Deflated;
    }
    write_with(&list, None)
}

fn reports(bytes: &[u8]) -> [FileReport; 2] {
    [Reading::Strict, Reading::Lenient]
        .map(|reading| verify_file(bytes, &Trust::default(), &Policy::default(), reading, OffsetDateTime::UNIX_EPOCH))
}

fn count(report: &FileReport, code: &str) -> usize {
    report.reasons().filter(|(_, reason)| reason.code == code).count()
}

/// Bytes that do not compress well, so that the container's ratio stays allowed.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(length)
    .collect()
}

#[test]
fn thousands_of_broken_links_give_few_reasons() {
    use std::fmt::Write as _;
    let mut pages = String::from("<ofd:Pages>");
    for i in 0..60_000 {
        let _ = write!(pages, "<ofd:Page BaseLoc=\"../{i}\"/><ofd:Page BaseLoc=\"{i}\"/>");
    }
    pages.push_str("</ofd:Pages>");
    for report in reports(&package("", &pages, &[])) {
        assert_eq!(report.verdict, Verdict::Invalid);
        assert!((1..=KEPT).contains(&count(&report, "OFD_ENTRY")), "{}", count(&report, "OFD_ENTRY"));
    }
}

#[test]
fn all_xml_together_has_a_ceiling() {
    let filler = "<ofd:A/>".repeat(190_000);
    let noise: String = noise(40_000).iter().map(|byte| format!("{byte:x}")).collect();
    let page = format!("<ofd:Page {NAMESPACE}>{filler}<!--{noise}--></ofd:Page>").into_bytes();
    let names: Vec<String> = (0..12).map(|i| format!("Doc_0/packed{i}.xml")).collect();
    let files: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (name.as_str(), page.clone())).collect();
    let pages: String = (0..12).map(|i| format!("<ofd:Page BaseLoc=\"packed{i}.xml\"/>")).collect();
    for report in reports(&package("", &format!("<ofd:Pages>{pages}</ofd:Pages>"), &files)) {
        let primary = report.primary().map(|(step, reason)| (step, reason.code));
        assert_eq!(primary, Some((StepId::P2, "XML_LIMIT")));
    }
}

#[test]
fn a_large_entry_is_digested_once_however_often_it_is_named() {
    let media: String = (0..20_000)
        .map(|i| format!("<ofd:MultiMedia ID=\"{i}\"><ofd:MediaFile>packed.bin</ofd:MediaFile></ofd:MultiMedia>"))
        .collect();
    let resource = format!("<ofd:Res {NAMESPACE}>{media}</ofd:Res>").into_bytes();
    let reference =
        "<ofd:Reference FileRef=\"/Doc_0/packed.bin\"><ofd:CheckValue>AAAA</ofd:CheckValue></ofd:Reference>";
    let signature = format!(
        "<ofd:Signature {NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName=\"x\"/>\
         <ofd:References CheckMethod=\"1.2.156.10197.1.401\">{}</ofd:References></ofd:SignedInfo>\
         <ofd:SignedValue>v</ofd:SignedValue></ofd:Signature>",
        reference.repeat(1_024)
    );
    let record = "<ofd:Signature ID=\"s001\" Type=\"Seal\" BaseLoc=\"/Doc_0/Signature.xml\"/>".repeat(16);
    let list = format!("<ofd:Signatures {NAMESPACE}>{record}</ofd:Signatures>").into_bytes();
    let mut large = noise(1 << 19);
    large.resize(7 << 20, 0);
    let files = [
        ("Doc_0/Res.xml", resource),
        ("Doc_0/packed.bin", large),
        ("Doc_0/Signature.xml", signature.into_bytes()),
        ("Doc_0/Signatures.xml", list),
    ];
    let body = "<ofd:CommonData><ofd:PublicRes>Res.xml</ofd:PublicRes></ofd:CommonData>";
    for report in reports(&package("", body, &files)) {
        assert_eq!(report.verdict, Verdict::Invalid);
        assert_eq!(count(&report, "DIGEST_MISMATCH"), 1);
        assert_eq!(report.fields.map(|fields| fields.pictures.len()), Some(20_000));
    }
}

#[test]
fn objects_index_and_items_have_ceilings() {
    let object = "<ofd:TextObject ID=\"1\">";
    let nested = object.repeat(50) + "<ofd:TextCode>x</ofd:TextCode>" + &"</ofd:TextObject>".repeat(50);
    let page = format!("<ofd:Page {NAMESPACE}>{}</ofd:Page>", nested.repeat(500));
    let items = "<ofd:CustomData Name=\"a\">b</ofd:CustomData>".repeat(20_000);
    let root = format!(
        "<ofd:CustomDatas><ofd:CustomData Name=\"ecric.layout\">{}</ofd:CustomData>{items}</ofd:CustomDatas>",
        ecric_licence::layout::LAYOUT
    );
    let tags = format!(
        "<ofd:CustomTags {NAMESPACE}><ofd:CustomTag><ofd:FileLoc>tag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>"
    );
    let tag = format!("<t>{}</t>", "<i key=\"k\"><ObjectRef>2</ObjectRef></i>".repeat(20_000));
    let files = [
        ("Doc_0/P.xml", page.into_bytes()),
        ("Doc_0/tags.xml", tags.into_bytes()),
        ("Doc_0/tag.xml", tag.into_bytes()),
    ];
    let body = "<ofd:CustomTags>tags.xml</ofd:CustomTags><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"P.xml\"/></ofd:Pages>";
    for report in reports(&package(&root, body, &files)) {
        assert_eq!(report.verdict, Verdict::Invalid);
        assert_eq!(count(&report, "XML_LIMIT"), 1, "{:?}", report.primary());
        let fields = report.fields.unwrap();
        assert!(fields.cut && fields.objects.len() == 20_000 && fields.index.len() == 512);
        let texts: usize = fields.objects.iter().map(|object| object.text.len()).sum();
        assert_eq!(texts, 400, "a text belongs to the object that holds it");
    }
}

#[test]
fn thousands_of_stamps_are_refused() {
    let signature = |count: usize| {
        format!(
            "<ofd:Signature {NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName=\"x\"/><ofd:References/>{}\
             </ofd:SignedInfo><ofd:SignedValue>v</ofd:SignedValue></ofd:Signature>",
            "<ofd:StampAnnot ID=\"s002\" PageRef=\"1\" Boundary=\"0 0 1 1\"/>".repeat(count)
        )
    };
    for lenient in [false, true] {
        let read = |count| read_signature(signature(count).as_bytes(), lenient).map(|file| file.stamps.len());
        assert_eq!(read(STAMPS_MAX), Ok(STAMPS_MAX));
        assert_eq!(read(STAMPS_MAX + 1).map_err(|error| error.fault), Err(XmlFault::Limit));
    }
}
