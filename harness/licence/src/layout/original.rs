//! The files of an original, before it is sealed.

use std::collections::BTreeMap;

use ecric_gm::{encoding, sm3};
use serde_json::{Value, json};
use time::Date;

use super::content::{LicenceContent, Variant, WriteError};
use super::page::{ethnicity_text, sex_text, write_page};
use super::{ATTACHMENT_USAGE, INDEX, INDEX_NAMESPACE, ITEMS, LAYOUT};
use crate::instant::write_date;
use crate::ofd::write_xml::{Writer, head};

/// Where the parts lie.
pub(super) const DOCUMENT: &str = "/Doc_0/Document.xml";
pub(super) const SIGNATURES: &str = "/Doc_0/Signs/Signatures.xml";
pub(super) const ATTACHED: &str = "Doc_0/Attachs/certificate.json";

/// Head data of OFD.xml that differ between originals and copies.
pub(super) struct Head<'a> {
    pub(super) doc_id: String,
    pub(super) created: Date,
    /// Values of copy items, in order.
    pub(super) copy_items: &'a [(usize, String)],
}

/// All files of an original but `Doc_0/Signs/Sign_0` and the list of signatures, by entry name.
///
/// # Errors
/// When a text does not fit the page or may not be written.
pub fn original_entries(content: &LicenceContent, variant: &Variant) -> Result<BTreeMap<String, Vec<u8>>, WriteError> {
    content.check()?;
    let head = Head { doc_id: doc_id(content.identifier.as_bytes()), created: content.issued, copy_items: &[] };
    let mut entries = shared_entries(content, variant)?;
    entries.insert("OFD.xml".to_owned(), write_root(content, &head));
    let annotations = variant.annotation.then_some("60");
    entries.insert(
        "Doc_0/Document.xml".to_owned(),
        write_document(annotations.map(|_| "72").unwrap_or("60"), variant, annotations.is_some()),
    );
    if variant.annotation {
        entries.extend(harmless_annotation());
    }
    if variant.no_attachment {
        entries.retain(|name, _| !name.starts_with("Doc_0/Attachs/"));
    } else {
        entries.insert(ATTACHED.to_owned(), canonical(&licence_json(content)?));
    }
    Ok(entries)
}

/// The document id: 16 bytes of SM3 in the shape of a UUID of version 8.
pub(super) fn doc_id(named: &[u8]) -> String {
    let mut id: [u8; 16] = [0; 16];
    id.copy_from_slice(&sm3::digest(named)[..16]);
    id[6] = id[6] & 0x0f | 0x80;
    id[8] = id[8] & 0x3f | 0x80;
    encoding::hex(&id)
}

pub(super) fn canonical(value: &Value) -> Vec<u8> {
    // A value of text, integers and null is always written.
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

pub(super) fn write_root(content: &LicenceContent, head_data: &Head<'_>) -> Vec<u8> {
    let (root, mut attributes) = head("ofd:OFD");
    attributes.extend([("Version", "1.0"), ("DocType", "OFD")]);
    let mut xml = Writer::new((root, attributes));
    xml.open("ofd:DocBody", &[]);
    xml.open("ofd:DocInfo", &[]);
    xml.leaf("ofd:DocID", &[], &head_data.doc_id);
    xml.leaf("ofd:Title", &[], &content.name);
    xml.leaf("ofd:Author", &[], &content.authority_name);
    xml.leaf("ofd:CreationDate", &[], &write_date(head_data.created));
    xml.leaf("ofd:DocUsage", &[], "Normal");
    xml.leaf("ofd:Creator", &[], "ecric");
    xml.leaf("ofd:CreatorVersion", &[], "1");
    xml.open("ofd:CustomDatas", &[]);
    for (row, (name, _)) in ITEMS.iter().enumerate() {
        let copied = head_data.copy_items.iter().find(|(found, _)| *found == row).map(|(_, value)| value.clone());
        if let Some(value) = content.item(row).or(copied) {
            xml.leaf("ofd:CustomData", &[("Name", name)], &value);
        }
    }
    xml.close();
    xml.close();
    xml.leaf("ofd:DocRoot", &[], DOCUMENT);
    xml.leaf("ofd:Signatures", &[], SIGNATURES);
    xml.finish()
}

pub(super) fn write_document(max_unit: &str, variant: &Variant, annotations: bool) -> Vec<u8> {
    let mut xml = Writer::new(head("ofd:Document"));
    xml.open("ofd:CommonData", &[]);
    xml.leaf("ofd:MaxUnitID", &[], max_unit);
    xml.open("ofd:PageArea", &[]);
    xml.leaf("ofd:PhysicalBox", &[], "0 0 210 148");
    xml.close();
    xml.leaf("ofd:PublicRes", &[], "/Doc_0/PublicRes.xml");
    xml.leaf("ofd:DocumentRes", &[], "/Doc_0/DocumentRes.xml");
    if variant.template {
        xml.empty("ofd:TemplatePage", &[("ID", "12"), ("BaseLoc", "/Doc_0/Tpls/Tpl_0/Content.xml")]);
    }
    xml.close();
    xml.open("ofd:Pages", &[]);
    xml.empty("ofd:Page", &[("ID", "1"), ("BaseLoc", "/Doc_0/Pages/Page_0/Content.xml")]);
    xml.close();
    if annotations {
        xml.leaf("ofd:Annotations", &[], "/Doc_0/Annots/Annotations.xml");
    }
    xml.leaf("ofd:CustomTags", &[], "/Doc_0/Tags/CustomTags.xml");
    if !variant.no_attachment {
        xml.leaf("ofd:Attachments", &[], "/Doc_0/Attachs/Attachments.xml");
    }
    xml.finish()
}

/// The files that an original and its copy share byte for byte.
pub(super) fn shared_entries(
    content: &LicenceContent,
    variant: &Variant,
) -> Result<BTreeMap<String, Vec<u8>>, WriteError> {
    let mut entries = BTreeMap::new();
    let mut put = |name: &str, bytes: Vec<u8>| entries.insert(name.to_owned(), bytes);
    put("Doc_0/PublicRes.xml", write_public(variant.font.is_some()));
    put("Doc_0/DocumentRes.xml", write_resources());
    put("Doc_0/Res/photo.jpg", content.photo.clone());
    if let Some(font) = &variant.font {
        put("Doc_0/Res/font.ttf", font.clone());
    }
    put("Doc_0/Pages/Page_0/Content.xml", write_page(content, variant.template)?);
    if variant.template {
        put("Doc_0/Tpls/Tpl_0/Content.xml", write_template());
    }
    put("Doc_0/Tags/CustomTags.xml", write_tags());
    put("Doc_0/Tags/Tag_Certificate.xml", write_index());
    put("Doc_0/Attachs/Attachments.xml", write_attachments());
    Ok(entries)
}

fn res(group: &str) -> Writer {
    let (root, mut attributes) = head("ofd:Res");
    attributes.push(("BaseLoc", "Res"));
    let mut xml = Writer::new((root, attributes));
    xml.open(group, &[]);
    xml
}

fn write_public(font: bool) -> Vec<u8> {
    let mut xml = res("ofd:Fonts");
    let attributes = [("ID", "10"), ("FontName", "SimSun"), ("FamilyName", "SimSun")];
    if font {
        xml.open("ofd:Font", &attributes);
        xml.leaf("ofd:FontFile", &[], "font.ttf");
    } else {
        xml.empty("ofd:Font", &attributes);
    }
    xml.finish()
}

fn write_resources() -> Vec<u8> {
    let mut xml = res("ofd:MultiMedias");
    xml.open("ofd:MultiMedia", &[("ID", "11"), ("Type", "Image"), ("Format", "JPEG")]);
    xml.leaf("ofd:MediaFile", &[], "photo.jpg");
    xml.finish()
}

fn write_template() -> Vec<u8> {
    let mut xml = Writer::new(head("ofd:Page"));
    xml.open("ofd:Content", &[]);
    xml.open("ofd:Layer", &[("ID", "13"), ("Type", "Background")]);
    xml.open("ofd:PathObject", &[("ID", "14"), ("Boundary", "5 5 200 138"), ("LineWidth", "0.5")]);
    xml.leaf("ofd:AbbreviatedData", &[], "M 0 0 L 200 0 L 200 138 L 0 138 C");
    xml.finish()
}

fn harmless_annotation() -> [(String, Vec<u8>); 2] {
    let mut list = Writer::new(head("ofd:Annotations"));
    list.open("ofd:Page", &[("PageID", "1")]);
    list.leaf("ofd:FileLoc", &[], "/Doc_0/Annots/Page_0/Annotation.xml");
    let mut page = Writer::new(head("ofd:PageAnnot"));
    page.open("ofd:Annot", &[("ID", "70"), ("Type", "Highlight"), ("Creator", "ecric"), ("LastModDate", "2026-06-01")]);
    page.open("ofd:Appearance", &[("Boundary", "42 34 104 6")]);
    page.open("ofd:PathObject", &[("ID", "72"), ("Boundary", "0 0 104 6"), ("Alpha", "64")]);
    page.leaf("ofd:AbbreviatedData", &[], "M 0 6 L 104 6");
    [
        ("Doc_0/Annots/Annotations.xml".to_owned(), list.finish()),
        ("Doc_0/Annots/Page_0/Annotation.xml".to_owned(), page.finish()),
    ]
}

fn write_tags() -> Vec<u8> {
    let mut xml = Writer::new(head("ofd:CustomTags"));
    xml.open("ofd:CustomTag", &[("TypeID", "cert"), ("NameSpace", INDEX_NAMESPACE)]);
    xml.leaf("ofd:FileLoc", &[], "/Doc_0/Tags/Tag_Certificate.xml");
    xml.finish()
}

fn write_index() -> Vec<u8> {
    let (_, ofd) = head("");
    let attributes = [("xmlns:ec", INDEX_NAMESPACE), ofd[0], ("layout", LAYOUT)];
    let mut xml = Writer::new(("ec:certificate", attributes.to_vec()));
    for (name, key, object) in INDEX {
        xml.open("ec:item", &[("name", name), ("key", key)]);
        xml.leaf("ofd:ObjectRef", &[("PageRef", "1")], &object.to_string());
        xml.close();
    }
    xml.finish()
}

fn write_attachments() -> Vec<u8> {
    let mut xml = Writer::new(head("ofd:Attachments"));
    xml.open(
        "ofd:Attachment",
        &[
            ("ID", "a1"),
            ("Name", "certificate.json"),
            ("Format", "json"),
            ("Visible", "false"),
            ("Usage", ATTACHMENT_USAGE),
        ],
    );
    xml.leaf("ofd:FileLoc", &[], "/Doc_0/Attachs/certificate.json");
    xml.finish()
}

/// The attached JSON of an original.
pub(super) fn licence_json(content: &LicenceContent) -> Result<Value, WriteError> {
    let face = &content.face;
    let mut json = json!({
        "layout": LAYOUT,
        "certificateName": content.name,
        "certificateTypeName": content.type_name,
        "certificateTypeCode": content.type_code,
        "certificateNumber": face.id_number,
        "certificateIdentifier": content.identifier,
        "certificateVersion": content.version,
        "certificateIssuingAuthorityName": content.authority_name,
        "certificateIssuingAuthorityCode": content.authority_code,
        "certificateIssuedDate": write_date(content.issued),
        "certificateHolderName": face.name,
        "certificateHolderCode": face.id_number,
        "certificateHolderTypeName": crate::metadata::HOLDER_TYPE_NAME,
        "certificateHolderTypeCode": crate::code_lists::HOLDER_TYPE_CITIZEN,
        "certificateEffectiveDate": write_date(content.effective),
        "certificateExpiringDate": content.expiring.map(write_date),
        "certificateAreaCode": content.area_code,
        "holder": {
            "name": face.name,
            "sex": sex_text(face)?,
            "ethnicity": ethnicity_text(face)?,
            "birthDate": write_date(face.birth),
            "address": face.address,
            "idNumber": face.id_number,
            "issuingAuthority": face.issuing_authority,
            "validFrom": write_date(content.effective),
            "validTo": content.expiring.map(write_date),
            "photo": {
                "format": "JPEG",
                "width": content.photo_size.0,
                "height": content.photo_size.1,
                "sm3": sm3::digest_hex(&content.photo),
            },
        },
    });
    if let Some(previous) = &content.previous {
        json["previousCertificateIdentifier"] = json!(previous);
    }
    Ok(json)
}
