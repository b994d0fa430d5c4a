//! The archive of an evidence package: a ZIP with one form only. Stored entries, one fixed time, no extra
//! fields, no comments, no gaps: a list of files gives one string of bytes, and the reader accepts that string
//! alone. Every unpacker opens it; nothing can hide in it.

use ecric_model::Text;

use super::fault::Fault;

/// Largest package read, bytes.
pub const PACKAGE_LIMIT_BYTES: usize = 1 << 30;
/// Most files of a package.
const FILES_MAX: usize = 4_096;
/// Longest name of a file, bytes.
const NAME_MAX: usize = 200;
/// 1 January 1980, the first day that a ZIP can name.
const DATE: u16 = 0x0021;
const LOCAL: usize = 30;
const CENTRAL: usize = 46;
const END: usize = 22;

/// One file of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// Why files are no archive: a fault of the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ArchiveError(String);

fn crc(bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(bytes);
    hasher.finalize()
}

/// Names are paths of lower-case ASCII words: no way up, no way out, no two ways to write one.
pub(crate) fn is_name(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && !word.starts_with('.')
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte))
    };
    name.len() <= NAME_MAX && name.split('/').all(word)
}

fn local_head(entry: &Entry<'_>, crc: u32, size: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(LOCAL + entry.name.len());
    out.extend_from_slice(&0x0403_4b50_u32.to_le_bytes());
    shared_head(&mut out, entry, crc, size);
    out.extend_from_slice(entry.name.as_bytes());
    out
}

/// Version needed, flags, method, time, date, CRC, two sizes, length of the name, no extra field.
fn shared_head(out: &mut Vec<u8>, entry: &Entry<'_>, crc: u32, size: u32) {
    for short in [20_u16, 0, 0, 0, DATE] {
        out.extend_from_slice(&short.to_le_bytes());
    }
    for long in [crc, size, size] {
        out.extend_from_slice(&long.to_le_bytes());
    }
    let length = u16::try_from(entry.name.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&0_u16.to_le_bytes());
}

fn central_head(entry: &Entry<'_>, crc: u32, size: u32, offset: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(CENTRAL + entry.name.len());
    out.extend_from_slice(&0x0201_4b50_u32.to_le_bytes());
    out.extend_from_slice(&20_u16.to_le_bytes());
    shared_head(&mut out, entry, crc, size);
    out.extend_from_slice(&[0; 10]);
    out.extend_from_slice(&offset.to_le_bytes());
    out.extend_from_slice(entry.name.as_bytes());
    out
}

fn end_record(count: u16, size: u32, offset: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(END);
    out.extend_from_slice(&0x0605_4b50_u32.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    for _ in 0..2 {
        out.extend_from_slice(&count.to_le_bytes());
    }
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&offset.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out
}

/// Writes an archive of the files in their order.
///
/// # Errors
/// For a name that is no name, a name that stands twice, too many files, more than 1 GiB.
pub(crate) fn write_archive(entries: &[Entry<'_>]) -> Result<Vec<u8>, ArchiveError> {
    let fail = |text: String| Err(ArchiveError(text));
    if entries.len() > FILES_MAX {
        return fail(format!("{} files, at most {FILES_MAX}", entries.len()));
    }
    let total: usize = entries.iter().map(|entry| entry.bytes.len() + entry.name.len()).sum();
    if total > PACKAGE_LIMIT_BYTES - (1 << 20) {
        return fail(format!("{total} bytes, at most {PACKAGE_LIMIT_BYTES}"));
    }
    let mut out = Vec::with_capacity(total + entries.len() * 128 + END);
    let mut central = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if !is_name(entry.name) || entries[..index].iter().any(|other| other.name == entry.name) {
            return fail(format!("the name {:?} is malformed or stands twice", entry.name));
        }
        let (crc, size, offset) = (crc(entry.bytes), short(entry.bytes.len()), short(out.len()));
        out.extend_from_slice(&local_head(entry, crc, size));
        out.extend_from_slice(entry.bytes);
        central.extend_from_slice(&central_head(entry, crc, size, offset));
    }
    let end = end_record(u16::try_from(entries.len()).unwrap_or(u16::MAX), short(central.len()), short(out.len()));
    out.extend_from_slice(&central);
    out.extend_from_slice(&end);
    Ok(out)
}

/// Sizes stay below the limit of a package, which fits.
fn short(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// Reads an archive. Faults of heads and checksums are collected, so that the file they concern can be looked
/// into; without a directory nothing can be read.
pub(crate) fn read_archive<'a>(bytes: &'a [u8], faults: &mut Vec<Fault>) -> Option<Vec<Entry<'a>>> {
    if bytes.len() > PACKAGE_LIMIT_BYTES {
        faults.push(at(bytes.len(), "", "larger than 1 GiB", "大于 1 GiB"));
        return None;
    }
    let end = bytes.len().saturating_sub(END);
    let tail = &bytes[end..];
    let (count, size, offset) = match tail.len() {
        END => (u16_at(tail, 10), u32_at(tail, 12) as usize, u32_at(tail, 16) as usize),
        _ => (0, 0, 0),
    };
    let wanted = end_record(count, short(size), short(offset));
    if tail != wanted || offset.checked_add(size) != Some(end) || usize::from(count) > FILES_MAX {
        let place = end + tail.iter().zip(&wanted).position(|(a, b)| a != b).unwrap_or_default();
        faults.push(at(
            place,
            "",
            "no evidence package, or bytes were added at its end or cut off",
            "不是证据包，或末尾被增删",
        ));
        return None;
    }
    let mut entries = Vec::new();
    let (mut head, mut next) = (offset, 0_usize);
    for _ in 0..count {
        let Some(found) = read_entry(bytes, head, next, end, offset) else {
            faults.push(at(head, "", "the directory of the archive is damaged", "归档目录已损坏"));
            return None;
        };
        check_heads(bytes, &found, faults);
        if !is_name(found.entry.name) || entries.iter().any(|other: &Entry<'_>| other.name == found.entry.name) {
            faults.push(at(
                head,
                found.entry.name,
                "the name of a file is malformed or stands twice",
                "文件名不合规或重复",
            ));
        }
        head += CENTRAL + found.entry.name.len();
        next = found.content + found.entry.bytes.len();
        entries.push(found.entry);
    }
    if head != end || next != offset {
        faults.push(at(next, "", "bytes that belong to no file", "存在不属于任何文件的字节"));
        return None;
    }
    Some(entries)
}

struct Found<'a> {
    entry: Entry<'a>,
    central: usize,
    local: usize,
    content: usize,
}

fn read_entry(bytes: &[u8], head: usize, next: usize, end: usize, directory: usize) -> Option<Found<'_>> {
    let fixed = bytes.get(head..head.checked_add(CENTRAL)?).filter(|_| head + CENTRAL <= end)?;
    let (size, length) = (u32_at(fixed, 24) as usize, usize::from(u16_at(fixed, 28)));
    let name = bytes.get(head + CENTRAL..head + CENTRAL + length).filter(|_| head + CENTRAL + length <= end)?;
    let name = std::str::from_utf8(name).ok()?;
    let content = next.checked_add(LOCAL)?.checked_add(length)?;
    let body = bytes.get(content..content.checked_add(size)?).filter(|_| content + size <= directory)?;
    Some(Found { entry: Entry { name, bytes: body }, central: head, local: next, content })
}

/// Both heads are the ones that the writer writes for this content.
fn check_heads(bytes: &[u8], found: &Found<'_>, faults: &mut Vec<Fault>) {
    let entry = &found.entry;
    let (size, offset) = (short(entry.bytes.len()), short(found.local));
    let told = u32_at(&bytes[found.central..], 16);
    if crc(entry.bytes) != told {
        // The heads may be right about the content, or the content about itself: the manifest decides.
        faults.push(at(
            found.content,
            entry.name,
            "the checksum of this file does not fit its content",
            "该文件的校验和与内容不符",
        ));
    }
    for (start, wanted) in
        [(found.local, local_head(entry, told, size)), (found.central, central_head(entry, told, size, offset))]
    {
        let seen = bytes.get(start..start + wanted.len()).unwrap_or_default();
        if seen != wanted {
            let place = seen.iter().zip(&wanted).position(|(a, b)| a != b).unwrap_or_default();
            faults.push(at(start + place, entry.name, "the head of this file is altered", "该文件的头部被改动"));
        }
    }
}

fn at(byte: usize, name: &str, en: &str, zh: &str) -> Fault {
    let place = if name.is_empty() { format!("byte {byte}") } else { format!("{name} (byte {byte})") };
    Fault::new(place, Text::new(en, zh))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let entries = [Entry { name: "a.json", bytes: b"{}" }, Entry { name: "b/c.ndjson", bytes: b"" }];
        write_archive(&entries).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = sample();
        let mut faults = Vec::new();
        let read = read_archive(&bytes, &mut faults).unwrap();
        assert_eq!((read.len(), read[0].name, read[0].bytes, faults.len()), (2, "a.json", &b"{}"[..], 0));
    }

    #[test]
    fn no_other_string_of_bytes_is_read() {
        let bytes = sample();
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[place] ^= 1 << bit;
                let mut faults = Vec::new();
                read_archive(&other, &mut faults);
                assert!(!faults.is_empty(), "byte {place} bit {bit}");
            }
        }
        for other in [
            [&bytes[..], b"x"].concat(),
            [b"x", &bytes[..]].concat(),
            [&bytes[..], &bytes[..]].concat(),
            bytes[1..].to_vec(),
            bytes[..bytes.len() - 1].to_vec(),
            Vec::new(),
        ] {
            let mut faults = Vec::new();
            read_archive(&other, &mut faults);
            assert!(!faults.is_empty());
        }
    }

    #[test]
    fn names_have_one_form() {
        for (name, good) in [
            ("run.json", true),
            ("register/face-page.yaml", true),
            ("../run.json", false),
            ("/run.json", false),
            ("Run.json", false),
            ("a//b", false),
            ("a\\b", false),
            ("", false),
            ("签.json", false),
        ] {
            assert_eq!(is_name(name), good, "{name}");
        }
        let twice = [Entry { name: "a", bytes: b"" }, Entry { name: "a", bytes: b"" }];
        assert!(write_archive(&twice).is_err());
    }
}
