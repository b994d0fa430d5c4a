//! Reads `<request><head>…</head><data>…</data></request>`. Values are kept as they are: nothing is trimmed.

use roxmltree::{Document, Node};

/// A request as read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    /// Caller, as named inside.
    pub(super) access_id: String,
    /// Number of the call.
    pub(super) serial: String,
    /// Organisation and post of the operator, for changes.
    pub(super) operator: (Option<String>, Option<String>),
    /// Members of `data` in their order.
    fields: Vec<(String, String)>,
    /// Columns with their values; `None` without `items`.
    pub(super) items: Option<Vec<(String, String)>>,
}

impl Request {
    /// A member of `data`, perhaps empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a request.
///
/// # Errors
/// What is wrong, free of values.
pub(super) fn read(xml: &str) -> Result<Request, &'static str> {
    // Document type declarations, and so entities, are refused by the reader.
    let document = Document::parse(xml).map_err(|_| "the XML cannot be read")?;
    let root = document.root_element();
    if root.tag_name().name() != "request" {
        return Err("the root is not request");
    }
    let head = child(root, "head")?;
    let mut request = Request {
        access_id: leaf(head, "accessId")?.unwrap_or_default(),
        serial: leaf(head, "serial")?.unwrap_or_default(),
        operator: (leaf(head, "operatorOrg")?, leaf(head, "operatorPost")?),
        ..Request::default()
    };
    for element in child(root, "data")?.children().filter(Node::is_element) {
        let name = element.tag_name().name();
        if name == "items" {
            if request.items.replace(read_items(element)?).is_some() {
                return Err("items stand twice");
            }
        } else if request.text(name).is_some() {
            return Err("a member stands twice");
        } else {
            request.fields.push((name.to_owned(), text(element)?));
        }
    }
    Ok(request)
}

fn read_items(items: Node<'_, '_>) -> Result<Vec<(String, String)>, &'static str> {
    let mut columns = Vec::new();
    for item in items.children().filter(Node::is_element) {
        let (Some(column), Some(value)) = (leaf(item, "columnName")?, leaf(item, "value")?) else {
            return Err("an item lacks columnName or value");
        };
        columns.push((column, value));
    }
    Ok(columns)
}

fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Result<Node<'a, 'input>, &'static str> {
    let mut found = node.children().filter(|child| child.is_element() && child.tag_name().name() == name);
    match (found.next(), found.next()) {
        (Some(child), None) => Ok(child),
        _ => Err("head or data is missing or stands twice"),
    }
}

fn leaf(node: Node<'_, '_>, name: &str) -> Result<Option<String>, &'static str> {
    let found = node.children().find(|child| child.is_element() && child.tag_name().name() == name);
    found.map(text).transpose()
}

/// The text of an element without elements; comments fall out, CDATA counts.
fn text(element: Node<'_, '_>) -> Result<String, &'static str> {
    if element.children().any(|child| child.is_element()) {
        return Err("an element where text belongs");
    }
    Ok(element.children().filter(Node::is_text).filter_map(|child| child.text()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests() {
        let xml = "<request>\n <head><accessId>AK01</accessId><serial>S1</serial></head><!-- c -->\
            <data><a> x </a><b/><items><item><columnName>XM</columnName><value><![CDATA[<甲>]]></value></item></items></data></request>";
        let request = read(xml).unwrap();
        assert_eq!((request.access_id.as_str(), request.serial.as_str()), ("AK01", "S1"));
        assert_eq!((request.text("a"), request.text("b"), request.text("c")), (Some(" x "), Some(""), None));
        assert_eq!(request.items, Some(vec![("XM".to_owned(), "<甲>".to_owned())]));
        for wrong in [
            "",
            "<request/>",
            "<other><head/><data/></other>",
            "<request><head/></request>",
            "<request><head/><data/><data/></request>",
            "<request><head/><data><a/><a/></data></request>",
            "<request><head/><data><a><b/></a></data></request>",
            "<request><head/><data><items><item/></items></data></request>",
            "<!DOCTYPE r [<!ENTITY e \"x\">]><request><head/><data><a>&e;</a></data></request>",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read("<request><head/><data/></request>").is_ok());
    }
}
