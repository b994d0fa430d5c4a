//! Splits a command line into words, without a shell: what is started can then be ended.

/// Why a command line cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandLineError {
    /// Nothing in it.
    #[error("the command is empty")]
    Empty,
    /// A quotation mark that is never closed, or a backslash at the end.
    #[error("a quotation mark is not closed")]
    Open,
}

/// Splits at blanks; single and double quotes and backslashes work as in a shell, nothing else does.
///
/// # Errors
/// For an empty command and an open quotation.
pub fn split_command(line: &str) -> Result<Vec<String>, CommandLineError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                word.get_or_insert_default().push(characters.next().ok_or(CommandLineError::Open)?);
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    if quote.is_some() {
        return Err(CommandLineError::Open);
    }
    words.extend(word);
    if words.is_empty() { Err(CommandLineError::Empty) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_in_a_shell() {
        let rows: [(&str, &[&str]); 6] = [
            ("python3 adapter.py", &["python3", "adapter.py"]),
            ("  a  'b c' \"d e\" ", &["a", "b c", "d e"]),
            ("a\\ b 'c\\d' \"e\\\"f\"", &["a b", "c\\d", "e\"f"]),
            ("a ''", &["a", ""]),
            ("a$HOME|b", &["a$HOME|b"]),
            ("x'y'z", &["xyz"]),
        ];
        for (line, words) in rows {
            assert_eq!(split_command(line).unwrap(), words, "{line}");
        }
        assert_eq!(split_command(" "), Err(CommandLineError::Empty));
        assert_eq!(split_command("a 'b"), Err(CommandLineError::Open));
        assert_eq!(split_command("a \\"), Err(CommandLineError::Open));
    }
}
