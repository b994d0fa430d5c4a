//! The writers, in the byte rules of layout `ecric-ofd-1`.

use super::{SignatureFile, SignatureList, SignatureType};
use crate::ofd::write_xml::{Writer, head};

/// Writes the list of signatures.
#[must_use]
pub fn write_list(list: &SignatureList) -> Vec<u8> {
    let mut xml = Writer::new(head("ofd:Signatures"));
    if let Some(id) = &list.max_sign_id {
        xml.leaf("ofd:MaxSignId", &[], id);
    }
    for record in &list.records {
        let kind = if record.kind == SignatureType::Seal { "Seal" } else { "Sign" };
        let mut attributes = vec![("ID", record.id.as_str())];
        if record.kind_written {
            attributes.push(("Type", kind));
        }
        if let Some(base) = &record.relative {
            attributes.push(("Relative", base));
        }
        attributes.push(("BaseLoc", &record.base_loc));
        xml.empty("ofd:Signature", &attributes);
    }
    xml.finish()
}

/// Writes a `Signature.xml`.
#[must_use]
pub fn write_signature(file: &SignatureFile) -> Vec<u8> {
    let mut xml = Writer::new(head("ofd:Signature"));
    xml.open("ofd:SignedInfo", &[]);
    let mut provider = vec![("ProviderName", file.provider.name.as_str())];
    provider.extend(file.provider.version.as_deref().map(|text| ("Version", text)));
    provider.extend(file.provider.company.as_deref().map(|text| ("Company", text)));
    xml.empty("ofd:Provider", &provider);
    if let Some(method) = &file.method {
        xml.leaf("ofd:SignatureMethod", &[], method);
    }
    if let Some(time) = &file.date_time {
        xml.leaf("ofd:SignatureDateTime", &[], time);
    }
    let method: Vec<(&str, &str)> =
        file.check_method.as_deref().map(|text| ("CheckMethod", text)).into_iter().collect();
    if file.references.is_empty() {
        xml.empty("ofd:References", &method);
    } else {
        xml.open("ofd:References", &method);
        for reference in &file.references {
            xml.open("ofd:Reference", &[("FileRef", &reference.file_ref)]);
            xml.leaf("ofd:CheckValue", &[], &reference.check_value);
            xml.close();
        }
        xml.close();
    }
    for stamp in &file.stamps {
        let mut attributes = vec![
            ("ID", stamp.id.as_str()),
            ("PageRef", stamp.page_ref.as_str()),
            ("Boundary", stamp.boundary.as_str()),
        ];
        attributes.extend(stamp.clip.as_deref().map(|clip| ("Clip", clip)));
        xml.empty("ofd:StampAnnot", &attributes);
    }
    if let Some(seal) = &file.seal {
        xml.open("ofd:Seal", &[]);
        xml.leaf("ofd:BaseLoc", &[], seal);
        xml.close();
    }
    xml.close();
    xml.leaf("ofd:SignedValue", &[], &file.signed_value);
    xml.finish()
}
