//! Bodies of messages as markup: JSON indented and foldable, anything else as text. Works on the
//! characters as received, so that repeated members, number forms and escapes stay as they were.

use super::escape::push_escaped;
use crate::clean::cut;

/// Deepest container that can be folded; deeper ones are only indented.
const FOLD_DEPTH: usize = 8;
/// Deepest indentation, so that a deeply nested body does not become mostly spaces.
const INDENT_DEPTH: usize = 24;

/// A body ready for the page.
pub struct Body {
    /// Markup, escaped.
    pub markup: String,
    /// True if it is shown as JSON.
    pub json: bool,
    /// True if not all of it is shown.
    pub cut: bool,
}

/// Renders at most `limit` bytes of a body.
pub fn body(text: &str, limit: usize) -> Body {
    let starts_like_json = text.trim_start().starts_with(['{', '[']);
    if starts_like_json && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return Folder::new(limit).render(text);
    }
    let (shown, was_cut) = cut(text, limit);
    let mut markup = String::with_capacity(shown.len());
    push_escaped(&mut markup, shown);
    Body { markup, json: false, cut: was_cut }
}

struct Folder {
    out: String,
    line: String,
    key_end: Option<usize>,
    stack: Vec<bool>,
    left: usize,
}

impl Folder {
    fn new(limit: usize) -> Self {
        Self { out: String::new(), line: String::new(), key_end: None, stack: Vec::new(), left: limit }
    }

    fn render(mut self, text: &str) -> Body {
        let mut characters = text.chars().peekable();
        let mut in_string = false;
        let mut escape = false;
        let mut was_cut = false;
        while let Some(c) = characters.next() {
            if self.left == 0 || self.line.len() > self.left {
                was_cut = true;
                break;
            }
            if in_string {
                self.line.push(c);
                in_string = escape || c != '"';
                escape = !escape && c == '\\';
                continue;
            }
            match c {
                '"' => {
                    in_string = true;
                    self.line.push(c);
                }
                '{' | '[' => {
                    self.line.push(c);
                    while characters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                    let close = if c == '{' { '}' } else { ']' };
                    if characters.next_if_eq(&close).is_some() {
                        self.line.push(close);
                    } else {
                        self.open();
                    }
                }
                '}' | ']' => {
                    self.end_line();
                    self.line.push(c);
                    while characters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                    if characters.next_if_eq(&',').is_some() {
                        self.line.push(',');
                    }
                    self.close();
                }
                ',' => {
                    self.line.push(c);
                    self.end_line();
                }
                ':' => {
                    self.key_end = Some(self.line.len());
                    self.line.push_str(": ");
                }
                _ if c.is_ascii_whitespace() => {}
                _ => self.line.push(c),
            }
        }
        if was_cut {
            let line = std::mem::take(&mut self.line);
            self.line = cut(&line, self.left).0.to_owned();
            self.key_end = self.key_end.filter(|end| *end <= self.line.len());
        }
        self.end_line();
        while let Some(folds) = self.stack.pop() {
            if folds {
                self.out.push_str("</details>");
            }
        }
        Body { markup: self.out, json: true, cut: was_cut }
    }

    fn open(&mut self) {
        let folds = !self.stack.is_empty() && self.stack.len() <= FOLD_DEPTH;
        if folds {
            self.out.push_str("<details open><summary>");
            self.push_line();
            self.out.push_str("</summary>");
        } else {
            self.end_line();
        }
        self.stack.push(folds);
    }

    fn close(&mut self) {
        let folds = self.stack.pop().unwrap_or(false);
        self.end_line();
        if folds {
            self.out.push_str("</details>");
        }
    }

    fn end_line(&mut self) {
        if self.line.is_empty() {
            return;
        }
        self.out.push_str("<div>");
        self.push_line();
        self.out.push_str("</div>");
    }

    fn push_line(&mut self) {
        let indent = 2 * self.stack.len().min(INDENT_DEPTH);
        self.out.extend(std::iter::repeat_n(' ', indent));
        let line = std::mem::take(&mut self.line);
        self.left = self.left.saturating_sub(line.len() + indent);
        match self.key_end.take().and_then(|end| line.split_at_checked(end)) {
            Some((key, rest)) => {
                self.out.push_str("<b>");
                push_escaped(&mut self.out, key);
                self.out.push_str("</b>");
                push_escaped(&mut self.out, rest);
            }
            None => push_escaped(&mut self.out, &line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_without_touching_its_values() {
        let given = r#"{"a":1.0e5,"a":[],"b":{"c":"x,}\"<","d":[1,{}]}}"#;
        let want = concat!(
            "<div>{</div><div>  <b>&quot;a&quot;</b>: 1.0e5,</div><div>  <b>&quot;a&quot;</b>: [],</div>",
            "<details open><summary>  <b>&quot;b&quot;</b>: {</summary>",
            "<div>    <b>&quot;c&quot;</b>: &quot;x,}\\&quot;&lt;&quot;,</div>",
            "<details open><summary>    <b>&quot;d&quot;</b>: [</summary>",
            "<div>      1,</div><div>      {}</div><div>    ]</div></details>",
            "<div>  }</div></details><div>}</div>",
        );
        let shown = body(given, 4096);
        assert_eq!((shown.markup.as_str(), shown.json, shown.cut), (want, true, false));
    }

    #[test]
    fn cut_and_deep_bodies_stay_small_and_balanced() {
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        let long = format!("[{}1]", "{\"name\":\"值\"},".repeat(5000));
        for text in [deep, long] {
            let shown = body(&text, 4096);
            assert!(shown.cut);
            assert!(shown.markup.len() < 64 * 1024, "{}", shown.markup.len());
            assert_eq!(shown.markup.matches("<details").count(), shown.markup.matches("</details>").count());
            assert_eq!(shown.markup.matches("<div").count(), shown.markup.matches("</div>").count());
        }
    }

    #[test]
    fn other_bodies_are_text() {
        let shown = body("<html>\u{1b}[0m", 100);
        assert_eq!((shown.markup.as_str(), shown.json, shown.cut), ("&lt;html&gt;[U+001B][0m", false, false));
        let shown = body("中文中文", 4);
        assert_eq!((shown.markup.as_str(), shown.cut), ("中", true));
        assert!(!body("{\"a\":", 100).json);
    }
}
