//! Writes answers with alpha's legal oddities: white space and a comment between elements, an attribute on
//! `response`, values of items in CDATA.

use std::fmt::Write as _;

use serde_json::Value;

use super::codes::Refused;

/// The inside of `data`.
#[derive(Debug, Default)]
pub(super) struct Data(String);

impl Data {
    /// As text.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// An element with text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        let _ = write!(self.0, "\n  <{name}>{}</{name}>", escaped(text));
    }

    /// An element with text where there is a text.
    pub(super) fn leaf_opt(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.leaf(name, text);
        }
    }

    /// An element with elements inside.
    pub(super) fn group(&mut self, name: &str, inner: &Self) {
        let _ = write!(self.0, "\n  <{name}>{}\n  </{name}>", inner.0);
    }

    /// An element `item`.
    pub(super) fn item(&mut self, column: &str, label: &str, value: &str) {
        let value = legal(value).replace("]]>", "]]]]><![CDATA[>");
        let column = escaped(column);
        let _ = write!(
            self.0,
            "\n    <item><columnName>{column}</columnName> <name>{label}</name><value><![CDATA[{value}]]></value></item>"
        );
    }
}

/// Text, number or boolean as text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => if *flag { "1" } else { "0" }.to_owned(),
        other => other.to_string(),
    }
}

/// The whole answer.
pub(super) fn envelope(serial: &str, outcome: Result<&str, Refused>) -> String {
    let mut head = Data::default();
    let (code, message, field) = match &outcome {
        Ok(_) => ("0", "成功", None),
        Err(refused) => (refused.code, refused.message.as_str(), refused.field.as_deref()),
    };
    head.leaf("resultcode", code);
    head.leaf("resultmsg", message);
    head.leaf_opt("resultfield", field);
    head.leaf("serial", serial);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response version=\"3.2\" node=\"a1\">\n <head>{}\n </head>\n \
         <!-- {code} -->\n <data>{}\n </data>\n</response>",
        head.0,
        outcome.unwrap_or_default()
    )
}

fn escaped(text: &str) -> String {
    legal(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Without characters that XML cannot hold.
fn legal(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => c,
            _ => '\u{fffd}',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut inner = Data::default();
        inner.item("XM", "姓名", "a]]>b<&\u{1}𠮷");
        let mut data = Data::default();
        data.leaf("x", " <&> ");
        data.group("items", &inner);
        let text = envelope("S", Ok(data.text()));
        let document = roxmltree::Document::parse(&text).unwrap();
        let read = |name: &str| {
            let found = document.descendants().find(|node| node.tag_name().name() == name).unwrap();
            found.children().filter_map(|child| child.text()).collect::<String>()
        };
        assert_eq!((read("x"), read("value")), (" <&> ".to_owned(), "a]]>b<&\u{fffd}𠮷".to_owned()));
        assert_eq!((read("resultcode"), read("serial")), ("0".to_owned(), "S".to_owned()));
        let refused = envelope("S", Err(Refused::new("102", "bad value").naming("XM")));
        assert!(refused.contains("<resultfield>XM</resultfield>"), "{refused}");
    }
}
