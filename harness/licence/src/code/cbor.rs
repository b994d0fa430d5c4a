//! Deterministic CBOR (RFC 8949, 4.2.1) as far as presentation codes use it: strict reader, separate writer.
//!
//! Definite lengths, shortest heads, sorted and distinct map keys, no tags, no floating point numbers,
//! no simple values besides false, true and null, bounded depth. Nothing is allocated by a declared length.

/// Deepest nesting: the outermost item is at depth 1.
pub const DEPTH_MAX: usize = 4;

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A number from 0 on.
    Unsigned(u64),
    /// -1 - n.
    Negative(u64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
    /// An array.
    Array(Vec<Item>),
    /// A map, in the order of the bytes of its keys.
    Map(Vec<(Item, Item)>),
    /// False or true.
    Bool(bool),
    /// Null.
    Null,
}

impl Item {
    /// A number.
    #[must_use]
    pub fn int(value: i64) -> Self {
        u64::try_from(value).map_or_else(|_| Self::Negative((-(value + 1)).unsigned_abs()), Self::Unsigned)
    }

    /// The number, if it is one within `i64`.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Unsigned(value) => i64::try_from(*value).ok(),
            Self::Negative(value) => i64::try_from(*value).ok().map(|value| -1 - value),
            _ => None,
        }
    }
}

/// Why bytes are not one item in the deterministic form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct CborError {
    /// What is wrong.
    pub kind: CborErrorKind,
    /// Where, in bytes from the start.
    pub position: usize,
}

/// What is wrong with CBOR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborErrorKind {
    /// The bytes end inside an item, or a length is longer than what is left.
    #[error("ends early")]
    Truncated,
    /// A head longer than it needs to be.
    #[error("number or length is not in its shortest form")]
    NotShortest,
    /// An indefinite length, or a break.
    #[error("indefinite length")]
    Indefinite,
    /// A reserved head.
    #[error("reserved additional information")]
    Reserved,
    /// A tag.
    #[error("tag")]
    Tag,
    /// A floating point number.
    #[error("floating point number")]
    Float,
    /// Another simple value than false, true and null.
    #[error("simple value")]
    Simple,
    /// A text that is not UTF-8.
    #[error("text is not UTF-8")]
    Utf8,
    /// A map key that stands before or behind its place.
    #[error("map keys are not in order")]
    KeyOrder,
    /// A map key that stands twice.
    #[error("map key stands twice")]
    DuplicateKey,
    /// Nested deeper than [`DEPTH_MAX`].
    #[error("nested deeper than {DEPTH_MAX}")]
    Depth,
    /// Bytes behind the item.
    #[error("bytes behind the end")]
    Trailing,
}

impl CborErrorKind {
    /// A word for the kind, as vectors write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Truncated => "cbor-truncated",
            Self::NotShortest => "cbor-not-shortest",
            Self::Indefinite => "cbor-indefinite",
            Self::Reserved => "cbor-reserved",
            Self::Tag => "cbor-tag",
            Self::Float => "cbor-float",
            Self::Simple => "cbor-simple",
            Self::Utf8 => "cbor-utf8",
            Self::KeyOrder => "cbor-key-order",
            Self::DuplicateKey => "cbor-duplicate-key",
            Self::Depth => "cbor-depth",
            Self::Trailing => "cbor-trailing",
        }
    }
}

/// Parses exactly one item.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_item(bytes: &[u8]) -> Result<Item, CborError> {
    let mut reader = Reader { bytes, at: 0 };
    let item = reader.item(1)?;
    if reader.at < bytes.len() { reader.fault(CborErrorKind::Trailing, reader.at) } else { Ok(item) }
}

/// Writes an item; maps are written in the order given, which [`sorted`] makes right.
#[must_use]
pub fn write_item(item: &Item) -> Vec<u8> {
    let mut out = Vec::new();
    write_into(item, &mut out);
    out
}

/// A map with its keys in the deterministic order.
#[must_use]
pub fn sorted(mut entries: Vec<(Item, Item)>) -> Item {
    entries.sort_by_cached_key(|(key, _)| write_item(key));
    Item::Map(entries)
}

/// Writes the head of an item in its shortest form; `major` is 0 to 7.
pub fn write_head(major: u8, value: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    let bytes = value.to_be_bytes();
    match value {
        0..=23 => out.push(major | bytes[7]),
        24..=0xff => out.extend([major | 24, bytes[7]]),
        0x100..=0xffff => out.extend([&[major | 25], &bytes[6..]].concat()),
        0x1_0000..=0xffff_ffff => out.extend([&[major | 26], &bytes[4..]].concat()),
        _ => out.extend([&[major | 27], &bytes[..]].concat()),
    }
}

fn write_into(item: &Item, out: &mut Vec<u8>) {
    match item {
        Item::Unsigned(value) => write_head(0, *value, out),
        Item::Negative(value) => write_head(1, *value, out),
        Item::Bytes(bytes) => {
            write_head(2, bytes.len() as u64, out);
            out.extend(bytes);
        }
        Item::Text(text) => {
            write_head(3, text.len() as u64, out);
            out.extend(text.as_bytes());
        }
        Item::Array(items) => {
            write_head(4, items.len() as u64, out);
            items.iter().for_each(|item| write_into(item, out));
        }
        Item::Map(entries) => {
            write_head(5, entries.len() as u64, out);
            for (key, value) in entries {
                write_into(key, out);
                write_into(value, out);
            }
        }
        Item::Bool(value) => out.push(if *value { 0xf5 } else { 0xf4 }),
        Item::Null => out.push(0xf6),
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    const fn fault<T>(&self, kind: CborErrorKind, position: usize) -> Result<T, CborError> {
        Err(CborError { kind, position })
    }

    fn take(&mut self, count: u64) -> Result<&'b [u8], CborError> {
        let left = self.bytes.get(self.at..).unwrap_or_default();
        match usize::try_from(count).ok().and_then(|count| left.get(..count)) {
            Some(found) => {
                self.at += found.len();
                Ok(found)
            }
            None => self.fault(CborErrorKind::Truncated, self.bytes.len()),
        }
    }

    /// Major type and value of a head.
    fn head(&mut self) -> Result<(u8, u8, u64), CborError> {
        let start = self.at;
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 0x1f);
        let (value, least) = match info {
            0..=23 => return Ok((major, info, u64::from(info))),
            24..=27 => {
                let width = 1_u64 << (info - 24);
                let value = self.take(width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
                (value, [24, 0x100, 0x1_0000, 0x1_0000_0000][usize::from(info - 24)])
            }
            31 => return self.fault(CborErrorKind::Indefinite, start),
            _ => return self.fault(CborErrorKind::Reserved, start),
        };
        if major != 7 && value < least {
            return self.fault(CborErrorKind::NotShortest, start);
        }
        Ok((major, info, value))
    }

    fn item(&mut self, depth: usize) -> Result<Item, CborError> {
        let start = self.at;
        if depth > DEPTH_MAX {
            return self.fault(CborErrorKind::Depth, start);
        }
        let (major, info, value) = self.head()?;
        match major {
            0 => Ok(Item::Unsigned(value)),
            1 => Ok(Item::Negative(value)),
            2 => Ok(Item::Bytes(self.take(value)?.to_vec())),
            3 => match std::str::from_utf8(self.take(value)?) {
                Ok(text) => Ok(Item::Text(text.to_owned())),
                Err(_) => self.fault(CborErrorKind::Utf8, start),
            },
            4 => (0..value).map(|_| self.item(depth + 1)).collect::<Result<_, _>>().map(Item::Array),
            5 => self.map(value, depth),
            6 => self.fault(CborErrorKind::Tag, start),
            _ => match info {
                20 => Ok(Item::Bool(false)),
                21 => Ok(Item::Bool(true)),
                22 => Ok(Item::Null),
                25..=27 => self.fault(CborErrorKind::Float, start),
                _ => self.fault(CborErrorKind::Simple, start),
            },
        }
    }

    fn map(&mut self, count: u64, depth: usize) -> Result<Item, CborError> {
        let mut entries = Vec::new();
        let mut previous: Option<&[u8]> = None;
        for _ in 0..count {
            let start = self.at;
            let key = self.item(depth + 1)?;
            let written = &self.bytes[start..self.at];
            match previous.map(|previous| previous.cmp(written)) {
                Some(std::cmp::Ordering::Equal) => return self.fault(CborErrorKind::DuplicateKey, start),
                Some(std::cmp::Ordering::Greater) => {
                    // A key that stood before is a duplicate wherever it stands.
                    let twice = entries.iter().any(|(known, _)| *known == key);
                    let kind = if twice { CborErrorKind::DuplicateKey } else { CborErrorKind::KeyOrder };
                    return self.fault(kind, start);
                }
                _ => {}
            }
            previous = Some(written);
            entries.push((key, self.item(depth + 1)?));
        }
        Ok(Item::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use ecric_gm::encoding::from_hex;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn other_forms_are_refused_with_their_place() {
        use CborErrorKind as Kind;
        let rows = [
            ("", Kind::Truncated, 0),
            ("1801", Kind::NotShortest, 0),
            ("190017", Kind::NotShortest, 0),
            ("1a0000ffff", Kind::NotShortest, 0),
            ("1b00000000ffffffff", Kind::NotShortest, 0),
            ("5801aa", Kind::NotShortest, 0),
            ("5f41aaff", Kind::Indefinite, 0),
            ("9f01ff", Kind::Indefinite, 0),
            ("bf0101ff", Kind::Indefinite, 0),
            ("ff", Kind::Indefinite, 0),
            ("1c", Kind::Reserved, 0),
            ("c001", Kind::Tag, 0),
            ("d28440", Kind::Tag, 0),
            ("f93c00", Kind::Float, 0),
            ("fb3ff0000000000000", Kind::Float, 0),
            ("f7", Kind::Simple, 0),
            ("f820", Kind::Simple, 0),
            ("e0", Kind::Simple, 0),
            ("62c328", Kind::Utf8, 0),
            ("a202010101", Kind::KeyOrder, 3),
            ("a201010102", Kind::DuplicateKey, 3),
            ("a3010102010102", Kind::DuplicateKey, 5),
            ("8181818101", Kind::Depth, 4),
            ("0101", Kind::Trailing, 1),
            ("4401", Kind::Truncated, 2),
            ("5bffffffffffffffff", Kind::Truncated, 9),
            ("9bffffffffffffffff", Kind::Truncated, 9),
            ("bbffffffffffffffff", Kind::Truncated, 9),
        ];
        for (hex, kind, position) in rows {
            assert_eq!(parse_item(&from_hex(hex).unwrap()), Err(CborError { kind, position }), "{hex}");
        }
    }

    fn item() -> impl Strategy<Value = Item> {
        let leaf = prop_oneof![
            any::<u64>().prop_map(Item::Unsigned),
            any::<u64>().prop_map(Item::Negative),
            proptest::collection::vec(any::<u8>(), 0..40).prop_map(Item::Bytes),
            any::<String>().prop_map(Item::Text),
            any::<bool>().prop_map(Item::Bool),
            Just(Item::Null),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Item::Array),
                proptest::collection::btree_map(-30_i64..30, inner, 0..4)
                    .prop_map(|map| sorted(map.into_iter().map(|(key, value)| (Item::int(key), value)).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(item in item()) {
            prop_assert_eq!(parse_item(&write_item(&item)), Ok(item));
        }

        #[test]
        fn what_is_read_has_no_other_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(item) = parse_item(&bytes) {
                prop_assert_eq!(write_item(&item), bytes);
            }
        }

        #[test]
        fn numbers_keep_their_value(value in any::<i64>()) {
            prop_assert_eq!(Item::int(value).as_int(), Some(value));
        }
    }
}
