//! What a licence file says: metadata items, attached JSON, index, page objects, watermark.
//! Read by links and names, in whatever layout; judged elsewhere.

use std::collections::BTreeMap;

use ecric_gm::sm3;
use roxmltree::{Document, Node};
use serde_json::Value;

use crate::layout::ATTACHMENT_USAGE;
use crate::ofd::links::{Closure, Kind};
use crate::ofd::location::{folder_of, resolve};
use crate::ofd::zip::Package;

/// Largest attached JSON, bytes.
pub const JSON_MAX: usize = 64 << 10;

/// An item of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexItem {
    /// Name.
    pub name: String,
    /// Key.
    pub key: String,
    /// Ids of the objects it points at.
    pub objects: Vec<String>,
}

/// An object of a page, in drawing order.
#[derive(Debug, Clone, PartialEq)]
pub struct PageObject {
    /// Id.
    pub id: String,
    /// Element name: `TextObject`, `ImageObject`, `PathObject`.
    pub kind: String,
    /// Its text, all TextCodes one after the other.
    pub text: String,
    /// Box `x y w h` in mm, where it is readable.
    pub area: Option<[f64; 4]>,
    /// False when it is hidden or fully transparent.
    pub visible: bool,
    /// True when it covers what lies under it.
    pub opaque: bool,
    /// Resource of an image.
    pub resource: Option<String>,
}

/// What the file says.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// Metadata items in order, repeated names included.
    pub custom: Vec<(String, String)>,
    /// Metadata under a misspelt element.
    pub misspelt: bool,
    /// The attached JSON.
    pub json: Option<Value>,
    /// Whether an attachment claims to be the JSON but cannot be read.
    pub json_broken: bool,
    /// The index.
    pub index: Vec<IndexItem>,
    /// Objects of the pages.
    pub objects: Vec<PageObject>,
    /// The page box `x y w h` in mm.
    pub page: Option<[f64; 4]>,
    /// Ids of the pages.
    pub pages: Vec<String>,
    /// Texts of watermark annotations; `None` when there is none.
    pub watermark: Option<Vec<String>>,
    /// Objects of annotations other than watermarks: what may cover the page.
    pub overlays: Vec<PageObject>,
    /// SM3 of each picture resource by its id, 64 hex digits.
    pub pictures: BTreeMap<String, String>,
}

/// Reads a box of four numbers.
#[must_use]
pub fn read_area(text: &str) -> Option<[f64; 4]> {
    let numbers: Option<Vec<f64>> = text.split_whitespace().map(|part| part.parse().ok()).collect();
    let area: [f64; 4] = numbers?.try_into().ok()?;
    area.iter().all(|number| number.is_finite()).then_some(area)
}

impl Fields {
    /// Reads everything that the closure holds.
    #[must_use]
    pub fn read(package: &Package<'_>, closure: &Closure<'_>) -> Self {
        let mut fields = Self::default();
        for (_, tree) in closure.trees(Kind::Root) {
            fields.read_custom(tree);
        }
        for (_, tree) in closure.trees(Kind::Document) {
            fields.read_document(tree);
        }
        for (name, tree) in closure.trees(Kind::Attachments) {
            fields.read_attachments(package, name, tree);
        }
        for (_, tree) in closure.trees(Kind::TagFile) {
            fields.read_index(tree);
        }
        for (_, tree) in closure.trees(Kind::Page) {
            fields.objects.extend(read_objects(tree.root_element()));
        }
        for (_, tree) in closure.trees(Kind::PageAnnotation) {
            fields.read_annotations(tree);
        }
        for (name, tree) in closure.trees(Kind::Resource) {
            fields.read_pictures(package, name, tree);
        }
        fields
    }

    fn read_custom(&mut self, tree: &Document<'_>) {
        for node in tree.descendants().filter(Node::is_element) {
            let parent = node.parent_element().map_or("", |parent| parent.tag_name().name());
            match (parent, node.tag_name().name()) {
                ("CustomDatas", "CustomData") => {
                    let name = node.attribute("Name").unwrap_or_default().to_owned();
                    self.custom.push((name, node.text().unwrap_or_default().to_owned()));
                }
                ("CustomDatas", _) | ("CuslomDatas", _) => self.misspelt = true,
                _ => {}
            }
        }
    }

    fn read_document(&mut self, tree: &Document<'_>) {
        for node in tree.descendants().filter(Node::is_element) {
            let parent = node.parent_element().map_or("", |parent| parent.tag_name().name());
            match (parent, node.tag_name().name()) {
                ("PageArea", "PhysicalBox") => self.page = node.text().and_then(read_area),
                ("Pages", "Page") => self.pages.extend(node.attribute("ID").map(str::to_owned)),
                _ => {}
            }
        }
    }

    fn read_attachments(&mut self, package: &Package<'_>, list: &str, tree: &Document<'_>) {
        for node in tree.descendants().filter(|node| node.tag_name().name() == "Attachment") {
            let place =
                node.children().find(|child| child.tag_name().name() == "FileLoc").and_then(|child| child.text());
            let content = place.and_then(|place| resolve(folder_of(list), place.trim()));
            let content = content.and_then(|name| package.get(&name));
            if node.attribute("Usage") == Some(ATTACHMENT_USAGE) {
                let json = content.filter(|bytes| bytes.len() <= JSON_MAX);
                match json.and_then(|bytes| serde_json::from_slice(bytes).ok()) {
                    Some(value) if self.json.is_none() => self.json = Some(value),
                    _ => self.json_broken = true,
                }
            }
        }
    }

    fn read_index(&mut self, tree: &Document<'_>) {
        for item in tree.root_element().children().filter(Node::is_element) {
            let references = item.children().filter(|child| child.tag_name().name() == "ObjectRef");
            let own_name = item.tag_name().name();
            self.index.push(IndexItem {
                name: item.attribute("name").unwrap_or(own_name).to_owned(),
                key: item.attribute("key").unwrap_or_default().to_owned(),
                objects: references.filter_map(|node| node.text().map(|text| text.trim().to_owned())).collect(),
            });
        }
    }

    fn read_annotations(&mut self, tree: &Document<'_>) {
        for annotation in tree.descendants().filter(|node| node.tag_name().name() == "Annot") {
            let objects = read_objects(annotation);
            if annotation.attribute("Type") == Some("Watermark") && annotation.attribute("Visible") != Some("false") {
                let texts = objects.iter().filter(|object| object.visible).map(|object| object.text.clone());
                self.watermark.get_or_insert_default().extend(texts);
            } else {
                self.overlays.extend(objects);
            }
        }
    }

    fn read_pictures(&mut self, package: &Package<'_>, file: &str, tree: &Document<'_>) {
        let base = tree.root_element().attribute("BaseLoc").unwrap_or(".");
        let folder = resolve(folder_of(file), base).unwrap_or_default();
        for media in tree.descendants().filter(|node| node.tag_name().name() == "MultiMedia") {
            let place =
                media.children().find(|child| child.tag_name().name() == "MediaFile").and_then(|child| child.text());
            let content = place.and_then(|place| resolve(&folder, place.trim()));
            let content = content.and_then(|name| package.get(&name));
            if let (Some(id), Some(content)) = (media.attribute("ID"), content) {
                self.pictures.insert(id.to_owned(), sm3::digest_hex(content));
            }
        }
    }

    /// The first value of a metadata item.
    #[must_use]
    pub fn item(&self, name: &str) -> Option<&str> {
        self.custom.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The text of an index item by its key, where it points at one object.
    #[must_use]
    pub fn indexed(&self, key: &str) -> Option<&PageObject> {
        let item = self.index.iter().find(|item| item.key == key)?;
        let [id] = &item.objects[..] else { return None };
        self.objects.iter().find(|object| object.id == *id)
    }

    /// Whether the file is written in the layout of this suite.
    #[must_use]
    pub fn has_layout(&self) -> bool {
        self.item("ecric.layout") == Some(crate::layout::LAYOUT)
    }
}

fn read_objects(root: Node<'_, '_>) -> Vec<PageObject> {
    let kinds = ["TextObject", "ImageObject", "PathObject", "CompositeObject"];
    root.descendants()
        .filter(|node| node.is_element() && kinds.contains(&node.tag_name().name()))
        .map(|node| {
            let kind = node.tag_name().name();
            let codes = node.descendants().filter(|child| child.tag_name().name() == "TextCode");
            let alpha = node.attribute("Alpha").map_or(Some(255.0), |text| text.parse::<f64>().ok());
            let hidden = node.ancestors().any(|above| above.attribute("Visible") == Some("false"));
            let fills = kind == "ImageObject" || (kind == "PathObject" && node.attribute("Fill") == Some("true"));
            PageObject {
                id: node.attribute("ID").unwrap_or_default().to_owned(),
                kind: kind.to_owned(),
                text: codes.filter_map(|code| code.text()).collect(),
                area: node.attribute("Boundary").and_then(read_area),
                visible: !hidden && alpha.is_none_or(|alpha| alpha > 0.0),
                opaque: fills && !hidden && alpha.is_none_or(|alpha| alpha >= 255.0),
                resource: node.attribute("ResourceID").map(str::to_owned),
            }
        })
        .collect()
}
