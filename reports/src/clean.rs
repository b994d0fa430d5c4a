//! Makes characters visible that could steer a terminal, hide in a text or reorder it. Never drops a
//! character silently: an invisible difference between expected and actual has to be seen.

use std::borrow::Cow;

/// Replaces control, bidirectional and zero-width characters by their code point, `[U+202E]`. Line
/// feed and tab stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    Cow::Owned(out)
}

/// Like [`visible`], on one line: line feeds and tabs become `\n` and `\t`.
pub fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "\\n").replace('\t', "\\t")
}

/// Writes one character, replaced if [`is_hidden`].
pub fn push_visible(out: &mut String, c: char) {
    if is_hidden(c) {
        out.push_str(&format!("[U+{:04X}]", u32::from(c)));
    } else {
        out.push(c);
    }
}

/// True for a character that must not reach a reader as it is.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        _ if c.is_control() => true,
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{fffe}'
        | '\u{ffff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// Cuts a text to at most `limit` bytes at a character border; says whether it did.
pub fn cut(text: &str, limit: usize) -> (&str, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (text.get(..end).unwrap_or_default(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible() {
        for (given, want) in [
            ("plain 文字 𠮷 \n\t", "plain 文字 𠮷 \n\t"),
            ("\x1b[31mred\x1b[0m", "[U+001B][31mred[U+001B][0m"),
            ("a\u{202e}b", "a[U+202E]b"),
            ("a\u{2066}b\u{2069}", "a[U+2066]b[U+2069]"),
            ("张\u{200b}三", "张[U+200B]三"),
            ("\u{0}\r\u{7f}\u{9b}", "[U+0000][U+000D][U+007F][U+009B]"),
            ("\u{feff}\u{e0041}", "[U+FEFF][U+E0041]"),
        ] {
            assert_eq!(visible(given), want);
        }
        assert_eq!(visible_line("a\nb\tc"), "a\\nb\\tc");
    }

    #[test]
    fn cutting_keeps_characters_whole() {
        assert_eq!(cut("中文", 4), ("中", true));
        assert_eq!(cut("中文", 6), ("中文", false));
        assert_eq!(cut("中文", 2), ("", true));
    }
}
