//! Structure-aware mutations of licence files: at the level of ZIP, of XML, of ASN.1 and of bytes.

use std::collections::BTreeMap;

use ecric_licence::ofd::zip::{Entry, audit, in_order, write_with};
use proptest::prelude::any;
use proptest::strategy::Strategy;

use super::{der, xml};

/// One mutation of a file: a level, and numbers that choose the place and the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileEdit {
    /// 0 bytes, 1 ZIP, 2 XML, 3 ASN.1.
    pub level: u8,
    /// Kind of change within the level.
    pub kind: u8,
    /// Entry, from 0, round and round.
    pub entry: u8,
    /// Place within the entry or the file, round and round.
    pub place: u16,
}

/// Any mutation; ASN.1, where certificates and signatures are, comes most often.
pub fn file_strategy() -> impl Strategy<Value = FileEdit> {
    let level = proptest::prop_oneof![1 => 0..1_u8, 3 => 1..2_u8, 3 => 2..3_u8, 5 => 3..4_u8];
    (level, any::<u8>(), any::<u8>(), any::<u16>()).prop_map(|(level, kind, entry, place)| FileEdit {
        level,
        kind,
        entry,
        place,
    })
}

impl std::fmt::Display for FileEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let level = ["bytes", "ZIP", "XML", "ASN.1"][usize::from(self.level % 4)];
        write!(f, "{level}, kind {}, entry {}, place {}", self.kind, self.entry, self.place)
    }
}

/// The file after a mutation. A file that is no package is changed at the level of bytes.
#[must_use]
pub fn edit_file(file: &[u8], edit: &FileEdit) -> Vec<u8> {
    let entries: Option<BTreeMap<String, Vec<u8>>> = audit(file)
        .ok()
        .map(|package| package.entries().map(|(name, content)| (name.to_owned(), content.to_vec())).collect());
    let place = usize::from(edit.place);
    match (edit.level % 4, entries) {
        (1, Some(entries)) => edit_zip(&entries, edit),
        (2, Some(entries)) => {
            edit_content(entries, edit, |name| name.ends_with(".xml"), |content| xml::edit(content, edit.kind, place))
        }
        (3, Some(entries)) => edit_content(entries, edit, is_asn1, |content| der::edit(content, edit.kind, place)),
        _ => edit_bytes(file, edit),
    }
}

fn is_asn1(name: &str) -> bool {
    name.ends_with(".dat") || name.ends_with(".esl")
}

fn edit_content(
    mut entries: BTreeMap<String, Vec<u8>>,
    edit: &FileEdit,
    wanted: fn(&str) -> bool,
    change: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let mut chosen: Vec<&mut Vec<u8>> =
        entries.iter_mut().filter(|(name, _)| wanted(name)).map(|(_, content)| content).collect();
    let count = chosen.len().max(1);
    if let Some(content) = chosen.get_mut(usize::from(edit.entry) % count) {
        **content = change(content);
    }
    write_with(&in_order(&entries), None)
}

fn edit_bytes(file: &[u8], edit: &FileEdit) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = usize::from(edit.place) * file.len().max(1) / (usize::from(u16::MAX) + 1);
    match edit.kind % 4 {
        0 => file.truncate(at),
        1 => file.insert(at, edit.entry),
        2 if !file.is_empty() => drop(file.remove(at)),
        _ => {
            if let Some(byte) = file.get_mut(at) {
                *byte ^= 1 << (edit.entry % 8);
            }
        }
    }
    file
}

fn edit_zip(entries: &BTreeMap<String, Vec<u8>>, edit: &FileEdit) -> Vec<u8> {
    let mut list = in_order(entries);
    let at = usize::from(edit.entry) % list.len().max(1);
    let other = usize::from(edit.place) % list.len().max(1);
    let mut count = None;
    if let Some(entry) = list.get_mut(at) {
        match edit.kind % 16 {
            0 => drop(list.remove(at)),
            1 => {
                let twin = entry.clone();
                list.push(twin);
            }
            2 => list.swap(at, other),
            3 => entry.name.extend_from_slice(b".bak"),
            4 => entry.name.make_ascii_uppercase(),
            5 => entry.name = [b"../".as_slice(), &entry.name].concat(),
            6 => entry.name = entry.name.iter().map(|byte| if *byte == b'/' { b'\\' } else { *byte }).collect(),
            7 => entry.local_name = Some(b"other".to_vec()),
            8 => entry.crc = Some(u32::from(edit.place)),
            9 => entry.size = Some(u32::MAX - u32::from(edit.place)),
            10 => entry.claimed_method = Some(edit.place),
            11 => entry.flags = edit.place,
            12 => entry.hidden = true,
            13 => entry.gap = vec![0x50; usize::from(edit.place)],
            14 => list.push(Entry::stored("Doc_0/Ecric.xml", b"<a/>".to_vec())),
            _ => count = Some(edit.place),
        }
    }
    write_with(&list, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let entries = [
            ("OFD.xml", b"<ofd:OFD ID=\"1\"><ofd:A/></ofd:OFD>".to_vec()),
            ("Doc_0/Signs/Seal.esl", vec![0x30, 3, 2, 1, 5]),
        ];
        write_with(&in_order(&entries.into_iter().map(|(name, content)| (name.to_owned(), content)).collect()), None)
    }

    #[test]
    fn every_level_changes_the_file() {
        let file = file();
        for level in 0..4 {
            for kind in 0..16 {
                let edit = FileEdit { level, kind, entry: 1, place: 9_000 };
                let edited = edit_file(&file, &edit);
                // Kind 2 swaps values, and one that is alone changes places with itself.
                assert!(edited != file || (level == 3 && kind % 14 == 2), "{edit}");
            }
        }
        assert_eq!(edit_file(b"", &FileEdit { level: 3, kind: 0, entry: 0, place: 0 }), b"");
    }
}
