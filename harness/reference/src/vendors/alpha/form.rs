//! A strict reader of URL-encoded forms: each name once, whole escapes, UTF-8. `+` is a space.

use std::collections::BTreeMap;

/// Fields by name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Reads a form; `None` where it is none.
pub(super) fn read(body: &[u8]) -> Option<Form> {
    let mut fields = BTreeMap::new();
    for piece in body.split(|byte| *byte == b'&') {
        let at = piece.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (decode(&piece[..at])?, decode(&piece[at + 1..])?);
        if fields.insert(name, value).is_some() {
            return None;
        }
    }
    Some(Form(fields))
}

fn decode(piece: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(*rest.next()?)? << 4 | digit(*rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let form = read("a=%E6%B5%8B+%2B&b=<x>&c=".as_bytes()).unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("测 +"), Some("<x>"), Some("")));
        for wrong in ["", "a", "a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%ff", "a=1&"] {
            assert_eq!(read(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
