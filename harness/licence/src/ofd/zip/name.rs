//! Entry names: one spelling, one meaning.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::{DEPTH_MAX, NAME_MAX, ZipFault};

/// Checks one name and returns it as text; a folder keeps its trailing slash.
pub(super) fn check_name(bytes: &[u8]) -> Result<&str, (ZipFault, &'static str)> {
    let bad = |text| Err((ZipFault::BadName, text));
    let Ok(name) = std::str::from_utf8(bytes) else { return bad("entry name is not UTF-8") };
    if name.is_empty() || name.len() > NAME_MAX {
        return bad("entry name is empty or longer than 200 bytes");
    }
    if name.contains('\\') || name.chars().any(char::is_control) {
        return bad("entry name holds a backslash or a control character");
    }
    let path = name.strip_suffix('/').unwrap_or(name);
    let segments: Vec<&str> = path.split('/').collect();
    if segments.contains(&"..") || path.get(1..2) == Some(":") {
        return Err((ZipFault::PathEscape, "entry name leads out of the package"));
    }
    if segments.iter().any(|segment| segment.is_empty() || *segment == ".") {
        return bad("entry name has an empty segment, a leading slash or ./");
    }
    if segments.len() > DEPTH_MAX {
        return bad("entry name has more than 8 segments");
    }
    Ok(name)
}

/// Finds names that are equal, or equal but for case or Unicode normalisation.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    pub(super) fn add(&mut self, name: &str) -> Result<(), (ZipFault, &'static str)> {
        let path = name.strip_suffix('/').unwrap_or(name);
        let folded: String = if path.is_ascii() {
            path.to_ascii_lowercase()
        } else {
            path.nfc().flat_map(char::to_lowercase).nfc().collect()
        };
        match self.0.insert(folded, name.to_owned()) {
            None => Ok(()),
            Some(other) if other == name => Err((ZipFault::DuplicateName, "entry name stands twice")),
            Some(_) => Err((ZipFault::NameCollision, "entry names differ only in case or normalisation")),
        }
    }
}
