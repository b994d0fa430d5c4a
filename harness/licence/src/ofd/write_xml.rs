//! XML in the byte rules of layout `ecric-ofd-1`: one line, fixed order, no choice left to the writer.

use super::xml::OFD;

/// The head of a file: root element and its namespace.
#[must_use]
pub fn head(root: &'static str) -> (&'static str, Vec<(&'static str, &'static str)>) {
    (root, vec![("xmlns:ofd", OFD)])
}

/// Writes one file.
#[derive(Debug)]
pub struct Writer {
    out: String,
    open: Vec<String>,
}

impl Writer {
    /// Starts with the declaration and the root element.
    #[must_use]
    pub fn new((root, attributes): (&str, Vec<(&str, &str)>)) -> Self {
        let mut writer = Self { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() };
        writer.open(root, &attributes);
        writer
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            escape(value, true, &mut self.out);
            self.out.push('"');
        }
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push('>');
        self.open.push(name.to_owned());
    }

    /// Closes the innermost element.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(&name);
            self.out.push('>');
        }
    }

    /// Writes an element without content.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// Writes an element with text.
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        if text.is_empty() {
            return self.empty(name, attributes);
        }
        self.open(name, attributes);
        escape(text, false, &mut self.out);
        self.close();
    }

    /// Closes what is open and gives the bytes.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.into_bytes()
    }
}

fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

/// Whether a text may be written at all: no control characters, no noncharacters at the end of the plane.
#[must_use]
pub fn is_writable(text: &str) -> bool {
    !text.chars().any(|c| c < ' ' || matches!(c, '\u{7f}' | '\u{fffe}' | '\u{ffff}'))
}
