//! The readers: strict ones that know every element, and lenient ones that look for what they need.

use roxmltree::{Document, Node};

use super::{
    Provider, REFERENCES_MAX, Record, Reference, SIGNATURES_MAX, SignatureFile, SignatureList, SignatureType, Stamp,
    structure,
};
use crate::ofd::xml::{self, OFD, XmlError, XmlFault, leaf_text};

/// Parses and checks the root element and the namespaces.
fn open<'a>(bytes: &'a [u8], root: &str, lenient: bool) -> Result<Document<'a>, XmlError> {
    let tree = xml::parse(bytes)?;
    let foreign = tree.descendants().find(|node| node.is_element() && node.tag_name().namespace() != Some(OFD));
    if let Some(node) = foreign.filter(|_| !lenient) {
        return xml::fault(XmlFault::Namespace, format!("<{}> is in another namespace", node.tag_name().name()));
    }
    if tree.root_element().tag_name().name() != root {
        return structure(format!("root element is not <{root}>"));
    }
    Ok(tree)
}

/// Child elements; strict reading refuses names that are not listed and text between them.
fn children<'a, 'i>(node: Node<'a, 'i>, known: &[&str], lenient: bool) -> Result<Vec<Node<'a, 'i>>, XmlError> {
    let mut found = Vec::new();
    for child in node.children() {
        if child.is_element() {
            let name = child.tag_name().name();
            if known.contains(&name) {
                found.push(child);
            } else if !lenient {
                return structure(format!("<{name}> inside <{}>", node.tag_name().name()));
            }
        } else if child.is_text() && !lenient && !child.text().unwrap_or_default().trim().is_empty() {
            return structure(format!("text inside <{}>", node.tag_name().name()));
        }
    }
    Ok(found)
}

/// The one child of this name.
fn one<'a, 'i>(list: &[Node<'a, 'i>], name: &str, lenient: bool) -> Result<Option<Node<'a, 'i>>, XmlError> {
    let mut named = list.iter().filter(|node| node.tag_name().name() == name);
    let first = named.next().copied();
    if named.next().is_some() && !lenient {
        return structure(format!("<{name}> stands twice"));
    }
    Ok(first)
}

fn text_of(node: Option<Node<'_, '_>>) -> Result<Option<String>, XmlError> {
    node.map(|node| leaf_text(&node)).transpose()
}

/// Reads the list of signatures.
///
/// # Errors
/// For XML that cannot be used, missing members, and more than [`SIGNATURES_MAX`] records.
pub fn read_list(bytes: &[u8], lenient: bool) -> Result<SignatureList, XmlError> {
    let tree = open(bytes, "Signatures", lenient)?;
    let list = children(tree.root_element(), &["MaxSignId", "Signature"], lenient)?;
    let max_sign_id = text_of(one(&list, "MaxSignId", lenient)?)?;
    let mut records = Vec::new();
    for node in list.iter().filter(|node| node.tag_name().name() == "Signature") {
        if records.len() >= SIGNATURES_MAX {
            return xml::fault(XmlFault::Limit, format!("more than {SIGNATURES_MAX} signatures"));
        }
        let written = node.attribute("Type");
        let kind = match written {
            None | Some("Seal") => SignatureType::Seal,
            Some("Sign") => SignatureType::Sign,
            Some(other) => return structure(format!("signature of type {other:?}")),
        };
        let Some(base_loc) = node.attribute("BaseLoc") else { return structure("<Signature> without BaseLoc") };
        records.push(Record {
            id: node.attribute("ID").unwrap_or_default().to_owned(),
            kind,
            kind_written: written.is_some(),
            base_loc: base_loc.to_owned(),
            relative: node.attribute("Relative").map(str::to_owned),
        });
    }
    Ok(SignatureList { max_sign_id, records })
}

/// Reads one `Signature.xml`.
///
/// # Errors
/// For XML that cannot be used, missing or repeated members, values with comments or CDATA in them,
/// and more than [`REFERENCES_MAX`] references.
pub fn read_signature(bytes: &[u8], lenient: bool) -> Result<SignatureFile, XmlError> {
    let tree = open(bytes, "Signature", lenient)?;
    let top = children(tree.root_element(), &["SignedInfo", "SignedValue"], lenient)?;
    let Some(info) = one(&top, "SignedInfo", lenient)? else { return structure("<SignedInfo> is missing") };
    let Some(signed_value) = text_of(one(&top, "SignedValue", lenient)?)? else {
        return structure("<SignedValue> is missing");
    };
    const KNOWN: &[&str] =
        &["Provider", "SignatureMethod", "SignatureDateTime", "References", "StampAnnot", "Seal", "Parameters"];
    let parts = children(info, KNOWN, lenient)?;
    let mut notes = Vec::new();
    let provider = read_provider(one(&parts, "Provider", lenient)?, lenient, &mut notes)?;
    let Some(references) = one(&parts, "References", lenient)? else { return structure("<References> is missing") };
    let seal = match one(&parts, "Seal", lenient)? {
        Some(seal) => text_of(one(&children(seal, &["BaseLoc"], lenient)?, "BaseLoc", lenient)?)?,
        None => None,
    };
    let stamps = parts.iter().filter(|node| node.tag_name().name() == "StampAnnot");
    Ok(SignatureFile {
        provider,
        method: text_of(one(&parts, "SignatureMethod", lenient)?)?,
        date_time: text_of(one(&parts, "SignatureDateTime", lenient)?)?,
        check_method: references.attribute("CheckMethod").map(str::to_owned),
        references: read_references(references, lenient)?,
        stamps: stamps
            .map(|node| Stamp {
                id: node.attribute("ID").unwrap_or_default().to_owned(),
                page_ref: node.attribute("PageRef").unwrap_or_default().to_owned(),
                boundary: node.attribute("Boundary").unwrap_or_default().to_owned(),
                clip: node.attribute("Clip").map(str::to_owned),
            })
            .collect(),
        seal,
        signed_value,
        notes,
    })
}

fn read_references(node: Node<'_, '_>, lenient: bool) -> Result<Vec<Reference>, XmlError> {
    let list = children(node, &["Reference"], lenient)?;
    if list.len() > REFERENCES_MAX {
        return xml::fault(XmlFault::Limit, format!("more than {REFERENCES_MAX} references"));
    }
    list.into_iter()
        .map(|node| {
            let Some(file_ref) = node.attribute("FileRef") else { return structure("<Reference> without FileRef") };
            let value = one(&children(node, &["CheckValue"], lenient)?, "CheckValue", lenient)?;
            let Some(check_value) = text_of(value)? else { return structure("<Reference> without CheckValue") };
            Ok(Reference { file_ref: file_ref.to_owned(), check_value })
        })
        .collect()
}

fn read_provider(
    node: Option<Node<'_, '_>>,
    lenient: bool,
    notes: &mut Vec<&'static str>,
) -> Result<Provider, XmlError> {
    let Some(node) = node else {
        return if lenient { Ok(Provider::default()) } else { structure("<Provider> is missing") };
    };
    let known = ["ProviderName", "Version", "Company", "ProtocolVer"];
    let odd = node.has_children() || node.attributes().any(|attribute| !known.contains(&attribute.name()));
    if odd && !lenient {
        return structure("<Provider> has members that are not known");
    }
    if odd {
        notes.push("LINT_PROVIDER");
    }
    let value = |name: &str| {
        let child = node.children().find(|child| child.tag_name().name() == name);
        node.attribute(name).or_else(|| child?.text()).map(str::to_owned)
    };
    Ok(Provider {
        name: value("ProviderName").unwrap_or_default(),
        version: value("Version"),
        company: value("Company"),
    })
}
