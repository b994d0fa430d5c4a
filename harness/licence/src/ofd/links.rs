//! From `OFD.xml` to everything it reaches: the closure that a signature has to cover.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use super::location::{folder_of, resolve};
use super::xml::{self, OFD, XmlError, XmlFault};
use super::zip::Package;

/// What a member of the closure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `OFD.xml`.
    Root,
    /// The root file of a document.
    Document,
    /// A resource file.
    Resource,
    /// A page or a page template.
    Page,
    /// The list of annotations.
    Annotations,
    /// The annotations of a page.
    PageAnnotation,
    /// The list of tag files.
    CustomTags,
    /// A tag file.
    TagFile,
    /// The list of attachments.
    Attachments,
    /// An attached file.
    Attachment,
    /// The list of extensions.
    Extensions,
    /// A version of the document.
    Version,
    /// The list of signatures; read apart.
    SignatureList,
    /// Fonts, pictures, schemas and the like.
    Opaque,
}

impl Kind {
    const fn is_xml(self) -> bool {
        !matches!(self, Self::Attachment | Self::SignatureList | Self::Opaque)
    }
}

/// A member of the closure.
#[derive(Debug)]
pub struct Member<'p> {
    /// What it is.
    pub kind: Kind,
    /// Its tree, where it is XML that could be read.
    pub tree: Option<Document<'p>>,
}

/// A link that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The file that holds it.
    pub from: String,
    /// The place it names.
    pub to: String,
    /// Whether it is spelt badly; else its target is missing.
    pub badly_spelt: bool,
}

/// The closure.
#[derive(Debug, Default)]
pub struct Closure<'p> {
    /// Members by entry name.
    pub members: BTreeMap<String, Member<'p>>,
    /// Links that lead nowhere.
    pub broken: Vec<BrokenLink>,
    /// XML that cannot be used, by entry name.
    pub faults: Vec<(String, XmlError)>,
    /// Files with actions that open something outside.
    pub active: Vec<String>,
    /// Notes of the lenient reading: code and file.
    pub notes: Vec<(&'static str, String)>,
}

/// Walks from `OFD.xml` over every link. Lenient reading takes other namespaces and broken tag files.
#[must_use]
pub fn walk<'p>(package: &'p Package<'_>, lenient: bool) -> Closure<'p> {
    let mut closure = Closure::default();
    let mut open = vec![("OFD.xml".to_owned(), Kind::Root)];
    while let Some((name, kind)) = open.pop() {
        if closure.members.contains_key(&name) {
            continue;
        }
        let Some(content) = package.get(&name) else { continue };
        let mut member = Member { kind, tree: None };
        if kind.is_xml() {
            match read(content, kind, &name, lenient, &mut closure.notes) {
                Ok(tree) => {
                    for link in links(&tree, kind) {
                        closure.follow(package, &name, link, &mut open);
                    }
                    if tree.descendants().any(is_active) {
                        closure.active.push(name.clone());
                    }
                    member.tree = Some(tree);
                }
                Err(_) if lenient && kind == Kind::TagFile => closure.notes.push(("LINT_TAG_XML", name.clone())),
                Err(error) => closure.faults.push((name.clone(), error)),
            }
        }
        closure.members.insert(name, member);
    }
    closure
}

impl<'p> Closure<'p> {
    fn follow(&mut self, package: &Package<'_>, from: &str, link: Link, open: &mut Vec<(String, Kind)>) {
        let folder = folder_of(from);
        let folder = match &link.base {
            Some(base) => resolve(folder, base).unwrap_or_else(|| folder.to_owned()),
            None => folder.to_owned(),
        };
        match resolve(&folder, &link.place) {
            Some(name) if package.get(&name).is_some() => open.push((name, link.kind)),
            found => {
                // The list of signatures is missed by the step that reads it.
                if link.kind != Kind::SignatureList || found.is_none() {
                    let badly_spelt = found.is_none();
                    self.broken.push(BrokenLink { from: from.to_owned(), to: link.place, badly_spelt });
                }
            }
        }
    }

    /// The trees of one kind, by entry name.
    pub fn trees(&self, kind: Kind) -> impl Iterator<Item = (&str, &Document<'p>)> {
        let of_kind = self.members.iter().filter(move |(_, member)| member.kind == kind);
        of_kind.filter_map(|(name, member)| Some((name.as_str(), member.tree.as_ref()?)))
    }
}

fn read<'p>(
    content: &'p [u8],
    kind: Kind,
    name: &str,
    lenient: bool,
    notes: &mut Vec<(&'static str, String)>,
) -> Result<Document<'p>, XmlError> {
    let tree = xml::parse(content)?;
    if kind != Kind::TagFile && kind != Kind::Extensions {
        let foreign = tree.descendants().find(|node| node.is_element() && node.tag_name().namespace() != Some(OFD));
        if let Some(node) = foreign {
            let namespace = node.tag_name().namespace().unwrap_or_default();
            if !lenient {
                let element = node.tag_name().name();
                return xml::fault(XmlFault::Namespace, format!("<{element}> is in the namespace {namespace:?}"));
            }
            notes.push(("LINT_NAMESPACE", name.to_owned()));
        }
    }
    Ok(tree)
}

struct Link {
    kind: Kind,
    place: String,
    base: Option<String>,
}

/// The links of one file (the elements of GB/T 33190 that point to files).
fn links(tree: &Document<'_>, kind: Kind) -> Vec<Link> {
    let base = tree.root_element().attribute("BaseLoc").filter(|_| kind == Kind::Resource).map(str::to_owned);
    let mut links = Vec::new();
    for node in tree.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let parent = node.parent_element().map_or("", |parent| parent.tag_name().name());
        let (target, place) = match (kind, parent, name) {
            (Kind::Root, "DocBody", "DocRoot") => (Kind::Document, node.text()),
            (Kind::Root, "DocInfo", "Cover") => (Kind::Opaque, node.text()),
            (Kind::Root, "DocBody", "Signatures") => (Kind::SignatureList, node.text()),
            (Kind::Root, "Versions", "Version") => (Kind::Version, node.attribute("BaseLoc")),
            (Kind::Document, "CommonData", "PublicRes" | "DocumentRes") => (Kind::Resource, node.text()),
            (Kind::Document, _, "TemplatePage") | (Kind::Document, "Pages", "Page") => {
                (Kind::Page, node.attribute("BaseLoc"))
            }
            (Kind::Document, "Document", "Annotations") => (Kind::Annotations, node.text()),
            (Kind::Document, "Document", "CustomTags") => (Kind::CustomTags, node.text()),
            (Kind::Document, "Document", "Attachments") => (Kind::Attachments, node.text()),
            (Kind::Document, "Document", "Extensions") => (Kind::Extensions, node.text()),
            (Kind::Resource, _, "FontFile" | "MediaFile") => (Kind::Opaque, node.text()),
            (Kind::Resource, _, "ColorSpace") => (Kind::Opaque, node.attribute("Profile")),
            (Kind::Page, _, "PageRes") => (Kind::Resource, node.text()),
            (Kind::Annotations, "Page", "FileLoc") => (Kind::PageAnnotation, node.text()),
            (Kind::CustomTags, _, "SchemaLoc") => (Kind::Opaque, node.text()),
            (Kind::CustomTags, _, "FileLoc") => (Kind::TagFile, node.text()),
            (Kind::Attachments, _, "FileLoc") => (Kind::Attachment, node.text()),
            (Kind::Extensions, _, "ExtendData") => (Kind::Opaque, node.text()),
            (Kind::Version, _, "File") => (Kind::Opaque, node.text()),
            (Kind::Version, _, "DocRoot") => (Kind::Document, node.text()),
            _ => continue,
        };
        if let Some(place) = place.map(str::trim).filter(|place| !place.is_empty()) {
            let base = base.clone().filter(|_| name != "PageRes");
            links.push(Link { kind: target, place: place.to_owned(), base });
        }
    }
    links
}

/// An action that opens something by itself or leads outside.
fn is_active(node: Node<'_, '_>) -> bool {
    let of_action = node.parent_element().is_some_and(|parent| parent.tag_name().name() == "Action");
    node.is_element()
        && of_action
        && matches!(node.tag_name().name(), "URI" | "GotoA" | "Sound" | "Movie" | "Script" | "JavaScript" | "Launch")
}
