//! Widths and line breaks of a terminal, where a Chinese character takes two columns. Knows no colours.

/// Columns a character takes.
fn char_columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Columns a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

/// Fills a text with spaces on the right up to `width` columns.
pub fn pad(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(gap))
}

/// Breaks a text into lines of at most `width` columns: at spaces, between Chinese characters (never
/// before closing punctuation), and inside a word only where it is wider than a whole line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for piece in pieces(paragraph) {
            let wide = columns(&piece);
            if used > 0 && used + columns(piece.trim_end()) > width {
                lines.push(line.trim_end().to_owned());
                line = String::new();
                used = 0;
            }
            if wide <= width {
                line.push_str(&piece);
                used += wide;
                continue;
            }
            for c in piece.chars() {
                let one = char_columns(c);
                if used + one > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += one;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Cuts a paragraph where a line may end: after spaces and after wide characters.
fn pieces(paragraph: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut characters = paragraph.chars().peekable();
    while let Some(c) = characters.next() {
        piece.push(c);
        let next = characters.peek().copied();
        let ends = match next {
            None => true,
            Some(n) if is_closing(n) || is_opening(c) => false,
            Some(n) if c == ' ' => n != ' ',
            Some(n) => char_columns(c) == 2 || (char_columns(n) == 2 && c != ' '),
        };
        if ends {
            out.push(std::mem::take(&mut piece));
        }
    }
    out
}

fn is_closing(c: char) -> bool {
    "，。；：、）》」』”’！？％…".contains(c)
}

fn is_opening(c: char) -> bool {
    "（《「『“‘".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_chinese_breaks_anywhere_but_before_punctuation() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("证照标识由五段组成。", 10), ["证照标识由", "五段组成。"]);
        assert_eq!(wrap("证照标识，由五段", 10), ["证照标识，", "由五段"]);
        assert_eq!(wrap("证照标识由，五段", 10), ["证照标识", "由，五段"]);
        assert_eq!(wrap("0123456789ab", 8), ["01234567", "89ab"]);
        assert_eq!(wrap("", 8), [""]);
        for line in wrap(&"混合 mixed 文字 text，".repeat(20), 24) {
            assert!(columns(&line) <= 24, "{line}");
        }
    }

    #[test]
    fn padding_counts_columns() {
        assert_eq!(pad("通过", 6), "通过  ");
        assert_eq!(columns("PASS"), 4);
    }
}
