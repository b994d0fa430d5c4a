//! XML as the profile allows it: UTF-8, no DTD, bounded. The tree is that of roxmltree.

use roxmltree::{Document, Node, ParsingOptions};

/// Namespace of OFD.
pub const OFD: &str = "http://www.ofdspec.org/2016";
/// Namespace that one maker's licence files carry instead.
pub const OFD_LEGACY: &str = "http://www.ofdspec.org";

/// Largest XML file, bytes.
pub const SIZE_MAX: usize = 4 << 20;
/// Deepest nesting.
pub const DEPTH_MAX: usize = 64;
/// Most elements.
pub const ELEMENTS_MAX: usize = 200_000;
/// Most attributes of an element.
pub const ATTRIBUTES_MAX: usize = 64;
/// Longest text or attribute value, bytes.
pub const TEXT_MAX: usize = 1 << 20;

/// What is wrong with an XML file. The word is the fine reason code without `XML_`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum XmlFault {
    /// Not well formed.
    Malformed,
    /// A document type declaration.
    Dtd,
    /// Another namespace.
    Namespace,
    /// An element missing, repeated or out of place.
    Structure,
    /// Another encoding than UTF-8 without mark.
    Encoding,
    /// Comment, processing instruction or CDATA inside a value.
    Text,
    /// A size, count or depth above the ceiling.
    Limit,
}

impl XmlFault {
    /// The fine reason code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "XML_MALFORMED",
            Self::Dtd => "XML_DTD",
            Self::Namespace => "XML_NAMESPACE",
            Self::Structure => "XML_STRUCTURE",
            Self::Encoding => "XML_ENCODING",
            Self::Text => "XML_TEXT",
            Self::Limit => "XML_LIMIT",
        }
    }
}

/// A fault and what was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", .fault.code())]
pub struct XmlError {
    /// What is wrong.
    pub fault: XmlFault,
    /// One sentence.
    pub detail: String,
}

/// Makes an [`XmlError`].
pub fn fault<T>(fault: XmlFault, detail: impl Into<String>) -> Result<T, XmlError> {
    Err(XmlError { fault, detail: detail.into() })
}

/// Reads one XML file.
///
/// # Errors
/// For another encoding, a DTD, malformed XML and whatever is above a limit.
pub fn parse(bytes: &[u8]) -> Result<Document<'_>, XmlError> {
    if bytes.len() > SIZE_MAX {
        return fault(XmlFault::Limit, "file above 4 MiB");
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return fault(XmlFault::Encoding, "byte order mark");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return fault(XmlFault::Encoding, "not UTF-8") };
    if text.contains('\0') {
        return fault(XmlFault::Encoding, "NUL character");
    }
    check_declaration(text)?;
    check_limits(text)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 4 * 200_000, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => XmlError { fault: XmlFault::Dtd, detail: "document type declaration".into() },
        roxmltree::Error::NodesLimitReached => XmlError { fault: XmlFault::Limit, detail: "too many nodes".into() },
        other => XmlError { fault: XmlFault::Malformed, detail: other.to_string() },
    })
}

/// The declaration, where there is one, may only say UTF-8.
fn check_declaration(text: &str) -> Result<(), XmlError> {
    let Some(declaration) = text.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else { return Ok(()) };
    let Some(encoding) = declaration.split("encoding").nth(1) else { return Ok(()) };
    let name = encoding.trim_start().trim_start_matches('=').trim();
    let name = name.trim_start_matches(['"', '\'']);
    let name = name.split(['"', '\'']).next().unwrap_or_default();
    if name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("utf8") {
        return Ok(());
    }
    fault(XmlFault::Encoding, format!("declares the encoding {:?}", name.chars().take(20).collect::<String>()))
}

/// Counts before a tree is built: depth, elements, attributes, lengths. Judges no syntax.
fn check_limits(text: &str) -> Result<(), XmlError> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut elements) = (0, 0_usize, 0_usize);
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        if found > TEXT_MAX {
            return fault(XmlFault::Limit, "text above 1 MiB");
        }
        at += found;
        let rest = &bytes[at..];
        let skip = |open: &[u8], close: &[u8]| {
            rest.starts_with(open).then(|| {
                memchr::memmem::find(&rest[open.len()..], close)
                    .map_or(rest.len(), |end| open.len() + end + close.len())
            })
        };
        let special = skip(b"<!--", b"-->").or_else(|| skip(b"<![CDATA[", b"]]>")).or_else(|| skip(b"<?", b"?>"));
        if let Some(length) = special {
            if length > TEXT_MAX {
                return fault(XmlFault::Limit, "comment or instruction above 1 MiB");
            }
            at += length;
            continue;
        }
        if rest.starts_with(b"<!") {
            return fault(XmlFault::Dtd, "document type declaration");
        }
        let (length, attributes, longest) = tag_extent(rest);
        if attributes > ATTRIBUTES_MAX || longest > TEXT_MAX {
            return fault(XmlFault::Limit, "more than 64 attributes, or a value above 1 MiB");
        }
        if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
        } else {
            elements += 1;
            if depth + 1 > DEPTH_MAX || elements > ELEMENTS_MAX {
                return fault(XmlFault::Limit, "nested deeper than 64, or more than 200,000 elements");
            }
            if !rest[..length].ends_with(b"/>") {
                depth += 1;
            }
        }
        at += length;
    }
    if bytes.len() - at > TEXT_MAX {
        return fault(XmlFault::Limit, "text above 1 MiB");
    }
    Ok(())
}

/// Length of a tag, number of its attributes, longest value.
fn tag_extent(tag: &[u8]) -> (usize, usize, usize) {
    let (mut at, mut attributes, mut longest) = (1, 0, 0);
    while at < tag.len() {
        match tag[at] {
            b'>' => return (at + 1, attributes, longest),
            quote @ (b'"' | b'\'') => {
                let length = memchr::memchr(quote, &tag[at + 1..]).unwrap_or(tag.len() - at - 1);
                attributes += 1;
                longest = longest.max(length);
                at += length + 2;
            }
            _ => at += 1,
        }
    }
    (tag.len(), attributes, longest)
}

/// Whether an element has this local name in a namespace of OFD (in any, when `lenient`).
#[must_use]
pub fn is_named(node: &Node<'_, '_>, name: &str, lenient: bool) -> bool {
    node.is_element() && node.tag_name().name() == name && (lenient || node.tag_name().namespace() == Some(OFD))
}

/// The text of a leaf element.
///
/// # Errors
/// When it holds elements, comments, processing instructions or CDATA.
pub fn leaf_text(node: &Node<'_, '_>) -> Result<String, XmlError> {
    if node.children().any(|child| child.is_element()) {
        return fault(XmlFault::Structure, format!("<{}> holds elements", node.tag_name().name()));
    }
    let source = &node.document().input_text()[node.range()];
    if node.children().any(|child| child.is_comment() || child.is_pi()) || source.contains("<![CDATA[") {
        return fault(XmlFault::Text, format!("<{}> holds a comment, an instruction or CDATA", node.tag_name().name()));
    }
    Ok(node.text().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(text: impl AsRef<[u8]>) -> Option<XmlFault> {
        parse(text.as_ref()).err().map(|error| error.fault)
    }

    #[test]
    fn each_defect_has_its_fault() {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        let cases: Vec<(Vec<u8>, Option<XmlFault>)> = vec![
            (format!("{head}<a b=\"1\"/>").into(), None),
            ("<a/>".into(), None),
            ("<?xml version='1.0' encoding='utf-8'?><a/>".into(), None),
            (b"\xef\xbb\xbf<a/>".to_vec(), Some(XmlFault::Encoding)),
            (b"<a>\xff</a>".to_vec(), Some(XmlFault::Encoding)),
            (b"<a>\0</a>".to_vec(), Some(XmlFault::Encoding)),
            ("<?xml version='1.0' encoding='GBK'?><a/>".into(), Some(XmlFault::Encoding)),
            ("<a>".encode_utf16().flat_map(u16::to_le_bytes).collect(), Some(XmlFault::Encoding)),
            ("<!DOCTYPE a><a/>".into(), Some(XmlFault::Dtd)),
            ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///x'>]><a>&b;</a>".into(), Some(XmlFault::Dtd)),
            ("<a b='1' b='2'/>".into(), Some(XmlFault::Malformed)),
            ("<a><b></a>".into(), Some(XmlFault::Malformed)),
            ("<:params xmlns:=\"\"/>".into(), Some(XmlFault::Malformed)),
            ("<a>&b;</a>".into(), Some(XmlFault::Malformed)),
            ("".into(), Some(XmlFault::Malformed)),
            ("<a>".repeat(65).into(), Some(XmlFault::Limit)),
            (format!("<a>{}</a>", "<b/>".repeat(200_001)).into(), Some(XmlFault::Limit)),
            (format!("<a>{}</a>", "x".repeat(TEXT_MAX + 1)).into(), Some(XmlFault::Limit)),
            (format!("<a b='{}'/>", "x".repeat(TEXT_MAX + 1)).into(), Some(XmlFault::Limit)),
            (
                format!("<a {}/>", (0..65).map(|i| format!("b{i}='' ")).collect::<String>()).into(),
                Some(XmlFault::Limit),
            ),
            (vec![b' '; SIZE_MAX + 1], Some(XmlFault::Limit)),
        ];
        for (bytes, wanted) in cases {
            assert_eq!(fault_of(&bytes), wanted, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
        }
        let nested = "<a>".repeat(64) + &"</a>".repeat(64);
        assert_eq!(fault_of(nested), None);
    }

    #[test]
    fn values_hold_text_only() {
        let text = |xml: &str| leaf_text(&parse(xml.as_bytes()).unwrap().root_element()).map_err(|e| e.fault);
        assert_eq!(text("<a>b&amp;c</a>"), Ok("b&c".to_owned()));
        assert_eq!(text("<a/>"), Ok(String::new()));
        assert_eq!(text("<a>b<!-- -->c</a>"), Err(XmlFault::Text));
        assert_eq!(text("<a>b<?x?>c</a>"), Err(XmlFault::Text));
        assert_eq!(text("<a><![CDATA[b]]></a>"), Err(XmlFault::Text));
        assert_eq!(text("<a>b<c/></a>"), Err(XmlFault::Structure));
    }
}
