//! X: the XML files.

use ecric_licence::file::StepId::{P2, P3, P4};
use ecric_licence::layout::draft::LIST;

use super::{DOCUMENT, Made, PAGE, ROOT, TAGS, after, before, description};
use crate::licence_file::attack::{
    Attack,
    Redo::{Nothing, References, Signature},
    attack,
};
use crate::licence_file::recipe::Recipe;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const LAUGHS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">\
    <!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">\
    <!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">]>\n";
/// A head whose external entity names the sink.
fn external(recipe: &Recipe<'_>) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE x [<!ENTITY e SYSTEM \"{}/entity\">]>\n",
        recipe.sink
    )
}

/// A head whose external subset names the sink.
fn subset(recipe: &Recipe<'_>) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE x SYSTEM \"{}/subset\">\n", recipe.sink)
}

const PARAMETER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <!DOCTYPE x [<!ENTITY % p SYSTEM \"file:///etc/hostname\"> %p;]>\n";

/// Replaces text in a file that is then covered.
fn covered(recipe: &mut Recipe<'_>, file: &'static str, from: &'static str, to: &'static str) -> Made {
    before(recipe, move |entries| entries.replace(file, from, to))
}

/// Replaces text in the list of signatures, which is not covered.
fn list(recipe: &mut Recipe<'_>, from: &'static str, to: &'static str) -> Made {
    after(recipe, move |entries| entries.replace(LIST, from, to))
}

fn bytes(recipe: &mut Recipe<'_>, file: &'static str, change: fn(Vec<u8>) -> Vec<u8>) -> Made {
    before(recipe, move |entries| {
        let content = change(entries.get(file)?);
        entries.put(file, content);
        Ok(())
    })
}

/// Changes the first CheckValue of the description, which is that of `Doc_0/Attachs/Attachments.xml`.
fn check_value(recipe: &mut Recipe<'_>, change: fn(&str) -> String) -> Made {
    recipe.description = Some(Box::new(move |text| {
        let value = crate::licence_file::edit::between(text, "<ofd:CheckValue>", "</ofd:CheckValue>")?;
        crate::licence_file::edit::replace_in(text, "Signature.xml", &value, &change(&value))
    }));
    Ok(())
}

fn utf16(content: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&content).replace("UTF-8", "UTF-16");
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn deep(content: Vec<u8>) -> Vec<u8> {
    let nested = "<ofd:x>".repeat(70) + &"</ofd:x>".repeat(70);
    String::from_utf8_lossy(&content).replace("</ofd:Document>", &format!("{nested}</ofd:Document>")).into_bytes()
}

fn many_attributes(content: Vec<u8>) -> Vec<u8> {
    let list: String = (0..70).map(|i| format!(" a{i}=\"\"")).collect();
    String::from_utf8_lossy(&content).replace("<ofd:Pages>", &format!("<ofd:Pages{list}>")).into_bytes()
}

#[allow(clippy::too_many_lines, reason = "one table")]
pub(super) fn attacks() -> Vec<Attack> {
    let document = |id, codes, comment, edit| attack(id, "orig", References, P2, codes, comment, edit);
    let signs = |id, codes, comment, edit| attack(id, "orig", Signature, P4, codes, comment, edit);
    vec![
        document("X01a", &["XML_DTD"], "external entity in a covered file", |r| {
            let head = external(r);
            before(r, move |e| e.replace(DOCUMENT, HEAD, &head))
        })
        .knock_on(AFTER),
        document("X01b", &["XML_DTD"], "parameter entity in OFD.xml", |r| covered(r, ROOT, HEAD, PARAMETER))
            .knock_on(AFTER),
        attack("X01c", "orig", Nothing, P3, &["XML_DTD"], "external entity in the list of signatures", |r| {
            let head = subset(r);
            after(r, move |e| e.replace(LIST, HEAD, &head))
        })
        .knock_on(AFTER),
        signs("X01d", &["XML_DTD"], "external entity in the description", |r| {
            let head = subset(r);
            r.description =
                Some(Box::new(move |text| crate::licence_file::edit::replace_in(text, "Signature.xml", HEAD, &head)));
            Ok(())
        })
        .knock_on(AFTER),
        document("X02", &["XML_DTD", "XML_LIMIT"], "entity expansion", |r| covered(r, PAGE, HEAD, LAUGHS))
            .knock_on(AFTER),
        document("X03", &["XML_MALFORMED"], "attribute twice", |r| {
            covered(r, DOCUMENT, "<ofd:Page ID=\"1\"", "<ofd:Page ID=\"1\" ID=\"1\"")
        })
        .knock_on(AFTER),
        document("X04a", &["XML_NAMESPACE"], "document in another namespace", |r| {
            covered(r, DOCUMENT, "http://www.ofdspec.org/2016", "http://www.ofdspec.org/1999")
        })
        .knock_on(AFTER),
        attack("X04b", "orig", Nothing, P3, &["XML_NAMESPACE"], "signature record of another namespace", |r| {
            list(
                r,
                "</ofd:Signatures>",
                "<x:Signature xmlns:x=\"urn:x\" ID=\"s009\" Type=\"Seal\" BaseLoc=\"/x\"/></ofd:Signatures>",
            )
        })
        .knock_on(AFTER),
        signs("X04c", &["XML_NAMESPACE"], "references of another namespace", |r| {
            description(r, "<ofd:StampAnnot", "<x:References xmlns:x=\"urn:x\"/><ofd:StampAnnot")
        })
        .knock_on(AFTER),
        signs("X05a", &["XML_STRUCTURE"], "two times SignedInfo", |r| {
            description(r, "</ofd:SignedInfo>", "</ofd:SignedInfo><ofd:SignedInfo/>")
        })
        .knock_on(AFTER),
        signs("X05b", &["XML_STRUCTURE"], "two times References", |r| {
            description(r, "<ofd:StampAnnot", "<ofd:References CheckMethod=\"1.2.156.10197.1.401\"/><ofd:StampAnnot")
        })
        .knock_on(AFTER),
        document("X05c", &["XML_STRUCTURE"], "two times Signatures", |r| {
            covered(
                r,
                ROOT,
                "</ofd:DocBody>",
                "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>",
            )
        })
        .knock_on(AFTER),
        document("X06a", &["XML_ENCODING"], "GBK declared", |r| covered(r, DOCUMENT, "UTF-8", "GBK")).knock_on(AFTER),
        document("X06b", &["XML_ENCODING"], "UTF-16", |r| bytes(r, DOCUMENT, utf16)).knock_on(AFTER),
        document("X06c", &["XML_ENCODING"], "byte order mark", |r| {
            bytes(r, DOCUMENT, |b| [b"\xef\xbb\xbf", &b[..]].concat())
        })
        .knock_on(AFTER),
        document("X06d", &["XML_ENCODING"], "invalid UTF-8", |r| {
            bytes(r, PAGE, |b| [&b[..], b"<!-- \xff -->"].concat())
        })
        .knock_on(AFTER),
        document("X06e", &["XML_ENCODING"], "NUL", |r| bytes(r, PAGE, |b| [&b[..], b"\0"].concat())).knock_on(AFTER),
        signs("X07a", &["XML_TEXT"], "comment inside a CheckValue", |r| {
            check_value(r, |v| format!("{}<!-- x -->{}", &v[..8], &v[8..]))
        })
        .knock_on(AFTER),
        signs("X07b", &["XML_TEXT"], "instruction inside the place of the value", |r| {
            description(r, "SignedValue.dat</", "Signed<?x?>Value.dat</")
        })
        .knock_on(AFTER),
        signs("X08", &["XML_TEXT"], "CDATA inside a CheckValue", |r| check_value(r, |v| format!("<![CDATA[{v}]]>")))
            .knock_on(AFTER),
        document("X09a", &["XML_LIMIT"], "nested 70 deep", |r| bytes(r, DOCUMENT, deep)).knock_on(AFTER),
        document("X09b", &["XML_LIMIT"], "70 attributes", |r| bytes(r, DOCUMENT, many_attributes)).knock_on(AFTER),
        document("X10a", &["XML_MALFORMED"], "malformed tag file", |r| {
            bytes(r, TAGS, |_| b"<:params xmlns:=\"\"><x/></:params>".to_vec())
        })
        .knock_on(AFTER),
        document("X10b", &["XML_MALFORMED"], "document cut", |r| {
            bytes(r, DOCUMENT, |mut b| {
                b.truncate(b.len() - 9);
                b
            })
        })
        .knock_on(AFTER),
        signs("X11a", &["BASE64_FORM"], "white space in a CheckValue", |r| check_value(r, |v| format!(" {v}\n")))
            .knock_on(AFTER),
        signs("X11b", &["BASE64_FORM"], "url-safe letters in a CheckValue", |r| {
            check_value(r, |v| format!("-_{}", &v[2..]))
        })
        .knock_on(AFTER),
        signs("X11c", &["BASE64_FORM"], "CheckValue without padding", |r| {
            check_value(r, |v| v.trim_end_matches('=').to_owned())
        })
        .knock_on(AFTER),
        signs("X11d", &["BASE64_FORM"], "pad bits of a CheckValue not zero", |r| {
            check_value(r, |v| {
                // The last letter before the padding carries two bits that must be zero.
                let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
                let at = v.len() - 2;
                let value = letters.iter().position(|letter| *letter == v.as_bytes()[at]).unwrap_or(0);
                format!("{}{}=", &v[..at], char::from(letters[value | 1]))
            })
        })
        .knock_on(AFTER),
    ]
}

/// What a file that cannot be read brings along.
const AFTER: &[&str] = &[
    "STRAY_ENTRY",
    "UNCOVERED_FILE",
    "UNCOVERED_ROOT",
    "EMPTY_OR_PARTIAL_RANGE",
    "NO_SIGNATURE",
    "META_MISSING",
    "META_MISMATCH",
    "INDEX_BROKEN",
    "STAMP_PLACE",
    "SES_MALFORMED",
    "DIGEST_MISMATCH",
    "OFD_ENTRY",
    "COPY_FIELDS",
];
