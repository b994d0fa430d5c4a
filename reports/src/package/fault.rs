//! What is wrong with a package, and where.

use ecric_model::{Lang, Text};

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// File and line, evidence id, case, byte.
    pub place: String,
    /// What does not hold.
    pub text: Text,
}

impl Fault {
    /// Makes a fault.
    pub fn new(place: impl Into<String>, text: Text) -> Self {
        Self { place: place.into(), text }
    }

    pub(crate) fn said(place: impl Into<String>, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::new(place, Text::new(en, zh))
    }

    /// `place: what` in one language.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let words = crate::clean::visible_line(self.text.in_lang(lang));
        let place = crate::clean::visible_line(&self.place);
        match (place.is_empty(), lang) {
            (true, _) => words,
            (false, Lang::En) => format!("{place}: {words}"),
            (false, Lang::ZhCn) => format!("{place}：{words}"),
        }
    }
}
