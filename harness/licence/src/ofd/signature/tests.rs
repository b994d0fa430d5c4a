#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use super::*;

fn file() -> SignatureFile {
    SignatureFile {
        provider: Provider { name: "ecric".into(), version: Some("1".into()), company: Some("A & \"B\"".into()) },
        method: Some("1.2.156.10197.1.501".into()),
        date_time: Some("20260531160000Z".into()),
        check_method: Some("1.2.156.10197.1.401".into()),
        references: vec![Reference { file_ref: "/OFD.xml".into(), check_value: "AA==".into() }],
        stamps: vec![Stamp { id: "s002".into(), page_ref: "1".into(), boundary: "150 76 42 42".into(), clip: None }],
        seal: Some("/Doc_0/Signs/Sign_0/Seal.esl".into()),
        signed_value: "/Doc_0/Signs/Sign_0/SignedValue.dat".into(),
        notes: vec![],
    }
}

fn fault(text: &str) -> Option<XmlFault> {
    read_signature(text.as_bytes(), false).err().map(|error| error.fault)
}

#[test]
fn what_is_written_is_read() {
    let bytes = write_signature(&file());
    assert_eq!(read_signature(&bytes, false).unwrap(), file());
    assert_eq!(read_signature(&bytes, true).unwrap(), file());
    let list = SignatureList {
        max_sign_id: Some("s002".into()),
        records: vec![Record {
            id: "s001".into(),
            kind: SignatureType::Sign,
            kind_written: true,
            base_loc: "/Doc_0/Signs/Sign_0/Signature.xml".into(),
            relative: Some("s000".into()),
        }],
    };
    assert_eq!(read_list(&write_list(&list), false).unwrap(), list);
}

#[test]
fn each_defect_has_its_fault() {
    let good = String::from_utf8(write_signature(&file())).unwrap();
    let swap = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        fault(&good.replace(from, to))
    };
    assert_eq!(swap("AA==", "AA<!-- -->=="), Some(XmlFault::Text));
    assert_eq!(swap("AA==", "<![CDATA[AA==]]>"), Some(XmlFault::Text));
    assert_eq!(swap("http://www.ofdspec.org/2016", "http://www.ofdspec.org"), Some(XmlFault::Namespace));
    assert_eq!(swap("</ofd:SignedInfo>", "</ofd:SignedInfo><ofd:SignedInfo/>"), Some(XmlFault::Structure));
    assert_eq!(swap("<ofd:StampAnnot", "<ofd:References/><ofd:StampAnnot"), Some(XmlFault::Structure));
    assert_eq!(swap("<ofd:StampAnnot", "<ofd:Other/><ofd:StampAnnot"), Some(XmlFault::Structure));
    assert_eq!(swap(" Version=", " InterUser="), Some(XmlFault::Structure));
    assert_eq!(swap("ofd:SignedValue", "ofd:Value"), Some(XmlFault::Structure));
    let odd = good.replace(" Version=", " InterUser=").replace("http://www.ofdspec.org/2016", "http://www.ofdspec.org");
    assert_eq!(read_signature(odd.as_bytes(), true).unwrap().notes, ["LINT_PROVIDER"]);
}
