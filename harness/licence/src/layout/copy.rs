//! The files of an annotated copy (加注件), before it is signed. A copy is a new package.

use std::collections::BTreeMap;

use ecric_gm::encoding;
use serde_json::json;
use time::OffsetDateTime;

use super::content::{CopyContent, LicenceContent, Variant, WriteError, writable};
use super::original::{ATTACHED, Head, canonical, doc_id, licence_json, shared_entries, write_document, write_root};
use super::page::write_watermark;
use crate::instant::write_instant;
use crate::ofd::write_xml::{Writer, head};

/// Longest cause, characters.
pub const CAUSE_MAX: usize = 200;
/// Longest creator, characters.
pub const CREATOR_MAX: usize = 60;

/// `YYYYMMDDhhmmss` in China time.
fn compact(instant: OffsetDateTime) -> String {
    write_instant(instant).chars().take(19).filter(char::is_ascii_digit).collect()
}

/// `YYYY-MM-DD hh:mm:ss` in China time.
fn spaced(instant: OffsetDateTime) -> String {
    write_instant(instant).chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// All files of a copy but `Doc_0/Signs/Sign_0` and the list of signatures, by entry name.
///
/// # Errors
/// When a text does not fit the page, is too long or may not be written.
pub fn copy_entries(content: &LicenceContent, copy: &CopyContent) -> Result<BTreeMap<String, Vec<u8>>, WriteError> {
    content.check()?;
    for (member, text, to) in
        [("certificateCopyCause", &copy.cause, CAUSE_MAX), ("certificateCopyCreator", &copy.creator, CREATOR_MAX)]
    {
        writable(member, text)?;
        let found = text.chars().count();
        if !(1..=to).contains(&found) {
            return Err(WriteError::Length { member, found, from: 1, to });
        }
    }
    let created = compact(copy.created);
    let mut items = vec![(18, created.clone()), (19, copy.creator.clone()), (20, copy.cause.clone())];
    items.extend(copy.expiring.map(|instant| (21, compact(instant))));
    let named = format!("{}\n{created}\n{}", content.identifier, copy.cause);
    let day = crate::validity::china_date(copy.created);
    let root = Head { doc_id: doc_id(named.as_bytes()), created: day, copy_items: &items };

    let variant = Variant::default();
    let mut entries = shared_entries(content, &variant)?;
    let mut put = |name: &str, bytes: Vec<u8>| entries.insert(name.to_owned(), bytes);
    put("OFD.xml", write_root(content, &root));
    put("Doc_0/Document.xml", write_document("73", &variant, true));
    put("Doc_0/Annots/Annotations.xml", write_annotations());
    let mut texts = vec![
        (71, format!("加注件用途：{}", copy.cause), [15, 40, 180, 40], 7, "certificateCopyCause"),
        (
            72,
            format!("制作者：{} 制作时间：{}", copy.creator, spaced(copy.created)),
            [15, 84, 180, 12],
            2,
            "certificateCopyCreator",
        ),
    ];
    texts.extend(copy.expiring.map(|instant| {
        (73, format!("有效期至：{}", spaced(instant)), [15, 100, 180, 6], 1, "certificateCopyExpiringTime")
    }));
    let day = crate::instant::write_date(day);
    put("Doc_0/Annots/Page_0/Annotation.xml", write_watermark(&copy.creator, &day, &copy.cause, &texts)?);
    let mut attached = licence_json(content)?;
    attached["certificateCopyCreationTime"] = json!(write_instant(copy.created));
    attached["certificateCopyCreator"] = json!(copy.creator);
    attached["certificateCopyCause"] = json!(copy.cause);
    if let Some(instant) = copy.expiring {
        attached["certificateCopyExpiringTime"] = json!(write_instant(instant));
    }
    attached["originFileSm3"] = json!(encoding::hex(&copy.origin_sm3));
    put(ATTACHED, canonical(&attached));
    Ok(entries)
}

fn write_annotations() -> Vec<u8> {
    let mut xml = Writer::new(head("ofd:Annotations"));
    xml.open("ofd:Page", &[("PageID", "1")]);
    xml.leaf("ofd:FileLoc", &[], "/Doc_0/Annots/Page_0/Annotation.xml");
    xml.finish()
}
