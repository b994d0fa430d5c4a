//! Where things stand in the text of a target file, for messages.

/// Name and text of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Source {
    /// Line and column, from 1, of the last key of a path that is found, or of a text behind it.
    pub(crate) fn find<S: AsRef<str>>(&self, path: &[S], text: &str) -> (usize, usize) {
        let mut at = 0;
        for key in path {
            match self.key(key.as_ref(), at) {
                Some(found) => at = found,
                None => break,
            }
        }
        let first = text.lines().next().unwrap_or_default();
        let probe: String = first.chars().take(60).collect();
        if !probe.is_empty() {
            let escaped = probe.replace('\\', "\\\\").replace('"', "\\\"");
            let found = [probe, escaped].iter().find_map(|probe| self.text.get(at..)?.find(probe.as_str()));
            at += found.unwrap_or(0);
        }
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        (line, column)
    }

    /// Offset of a key, bare or quoted, from an offset on.
    fn key(&self, key: &str, from: usize) -> Option<usize> {
        let mut at = from;
        while let Some(found) = self.text.get(at..)?.find(key) {
            let start = at + found;
            let end = start + key.len();
            let before = self.text[..start].chars().next_back();
            let after = self.text[end..].trim_start_matches(['"', '\'']);
            if before.is_none_or(|c| c.is_whitespace() || "{,\"'".contains(c)) && after.starts_with(':') {
                return Some(start);
            }
            at = end;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_texts_are_found() {
        let text =
            "a: 1\noperations:\n  x.y: {path: \"/a\", body: \"{{ in.a }}\"}\n  x.z:\n    path: \"/b\"\n".to_owned();
        let source = Source { name: "f".into(), text };
        assert_eq!(source.find(&["operations", "x.z", "path"], "/b"), (5, 12));
        assert_eq!(source.find(&["operations", "x.y"], "{{ in.a }}"), (3, 28));
        assert_eq!(source.find(&["nowhere"], ""), (1, 1));
    }
}
