//! Charsets of products that do not write UTF-8. Inside the suite every text is UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};

/// A charset of a target file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charset(&'static Encoding);

impl Default for Charset {
    fn default() -> Self {
        Self(UTF_8)
    }
}

/// Words that a target file may use.
const KNOWN: [(&str, &Encoding); 3] = [("utf-8", UTF_8), ("gb18030", GB18030), ("gbk", GBK)];

impl Charset {
    /// Reads the word of a target file.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        KNOWN.iter().find(|(name, _)| *name == word).map(|(_, encoding)| Self(encoding))
    }

    /// The words.
    pub(crate) fn known() -> String {
        KNOWN.map(|(name, _)| name).join(", ")
    }

    /// True for UTF-8.
    pub(crate) fn is_utf8(self) -> bool {
        self.0 == UTF_8
    }

    /// A text as the product reads it; `None` if the charset lacks a character.
    pub(crate) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let (bytes, _, lost) = self.0.encode(text);
        (!lost).then(|| bytes.into_owned())
    }

    /// Bytes of the product as text; `None` if they are not of the charset.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        self.0.decode_without_bom_handling_and_without_replacement(bytes)
    }

    /// Bytes of the product as text for people; what is not of the charset is replaced.
    pub(crate) fn lossy(self, bytes: &[u8]) -> Cow<'_, str> {
        self.0.decode_without_bom_handling(bytes).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let gb = Charset::parse("gb18030").unwrap_or_default();
        let bytes = gb.encode("测试𠮷").unwrap_or_default();
        assert_ne!(bytes, "测试𠮷".as_bytes());
        assert_eq!(gb.decode(&bytes).as_deref(), Some("测试𠮷"));
        assert_eq!(Charset::parse("gbk").and_then(|gbk| gbk.encode("测试𠮷")), None);
        assert_eq!(Charset::default().decode(&bytes), None);
        assert!(Charset::parse("utf-16").is_none() && Charset::default().is_utf8() && !gb.is_utf8());
    }
}
