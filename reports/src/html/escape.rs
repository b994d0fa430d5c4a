//! Escaping for HTML text and quoted attributes. The only way by which a record's text reaches the page.

use crate::clean::push_visible;

/// Escapes a text for HTML and makes hidden characters visible.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    push_escaped(&mut out, text);
    out
}

/// Like [`escaped`], onto an existing text.
pub fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            _ => push_visible(out, c),
        }
    }
}

/// An anchor from an id: letters, digits and hyphens only.
pub fn anchor(kind: &str, id: &str) -> String {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{kind}-{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(
            escaped("</script><img src=x onerror='a'>\u{202e}`"),
            "&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39;&gt;[U+202E]&#96;"
        );
        assert_eq!(anchor("case", "IDN-008/02"), "case-IDN-008-02");
        assert_eq!(anchor("e", "\"><b>"), "e----b-");
    }
}
