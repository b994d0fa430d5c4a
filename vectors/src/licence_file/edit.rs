//! Small changes of files, each of which fails loudly when what it changes is not there.

use std::collections::BTreeMap;

use super::MakeError;

/// Files by entry name.
pub(super) struct Entries(pub(super) BTreeMap<String, Vec<u8>>);

impl Entries {
    /// Replaces the first occurrence of a text.
    pub(super) fn replace(&mut self, file: &str, from: &str, to: &str) -> Result<(), MakeError> {
        let content = self.0.get_mut(file).ok_or_else(|| missing(file, from))?;
        replace_in(content, file, from, to)
    }

    pub(super) fn put(&mut self, file: &str, content: impl Into<Vec<u8>>) {
        self.0.insert(file.to_owned(), content.into());
    }

    pub(super) fn get(&self, file: &str) -> Result<Vec<u8>, MakeError> {
        self.0.get(file).cloned().ok_or_else(|| missing(file, ""))
    }
}

fn missing(file: &str, text: &str) -> MakeError {
    MakeError::Edit { file: file.to_owned(), text: text.to_owned() }
}

/// Replaces the first occurrence of a text in bytes.
pub(super) fn replace_in(content: &mut Vec<u8>, file: &str, from: &str, to: &str) -> Result<(), MakeError> {
    let at = content.windows(from.len()).position(|window| window == from.as_bytes());
    let at = at.ok_or_else(|| missing(file, from))?;
    content.splice(at..at + from.len(), to.bytes());
    Ok(())
}

/// The text between two marks.
pub(super) fn between(content: &[u8], start: &str, end: &str) -> Result<String, MakeError> {
    let text = String::from_utf8_lossy(content).into_owned();
    let found = text.split(start).nth(1).and_then(|rest| rest.split(end).next());
    found.map(str::to_owned).ok_or_else(|| missing("", start))
}
