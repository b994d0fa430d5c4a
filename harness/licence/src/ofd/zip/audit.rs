//! The audit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use flate2::{Decompress, FlushDecompress, Status};

use super::name::{Names, check_name};
use super::{
    ENTRIES_MAX, ENTRY_MAX, ENTRY_RATIO_MAX, PACKAGE_MAX, PACKAGE_RATIO_MAX, Package, TOTAL_MAX, ZipError, ZipFault,
};

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const ZIP64_LOCATOR: &[u8] = b"PK\x06\x07";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
const END_SIZE: usize = 22;
/// Flags that do not change the meaning of an entry: deflate options (1, 2), descriptor (3), UTF-8 (11).
const FLAGS_KNOWN: u16 = 1 << 1 | 1 << 2 | FLAG_DESCRIPTOR | FLAG_UTF8;
const FLAG_DESCRIPTOR: u16 = 1 << 3;
const FLAG_UTF8: u16 = 1 << 11;

fn fail<T>(fault: ZipFault, position: usize, detail: impl Into<String>) -> Result<T, ZipError> {
    Err(ZipError { fault, position, detail: detail.into() })
}

/// Audits a package strictly and unpacks it.
///
/// # Errors
/// With the first fault; nothing of the content is given then.
pub fn audit(file: &[u8]) -> Result<Package<'_>, ZipError> {
    Audit { file, shift: 0 }.run()
}

/// As [`audit`], but takes bytes in front of the first entry, which one maker writes (`LINT_PREFIX`).
///
/// # Errors
/// As [`audit`].
pub fn audit_lenient(file: &[u8]) -> Result<Package<'_>, ZipError> {
    let end = file.len().saturating_sub(END_SIZE);
    let prefix = file.get(end..).filter(|tail| tail.starts_with(END)).and_then(|tail| {
        let size = usize::try_from(u32_at(tail, 12)).ok()?;
        let start = usize::try_from(u32_at(tail, 16)).ok()?;
        end.checked_sub(size)?.checked_sub(start)
    });
    match prefix {
        Some(shift) if shift > 0 => {
            let relative = Audit { file: &file[shift..], shift: 0 }.run();
            let mut package = match relative {
                Ok(package) => package,
                Err(mut error) => {
                    error.position += shift;
                    return Err(error);
                }
            };
            package.notes.push("LINT_PREFIX");
            Ok(package)
        }
        _ => {
            // Offsets may also count the prefix: then the first local header lies behind it.
            let first = file.windows(4).position(|window| window == LOCAL).unwrap_or(0);
            let strict = audit(file);
            if first == 0 || strict.is_ok() {
                return strict;
            }
            let mut package = Audit { file, shift: first }.run()?;
            package.notes.push("LINT_PREFIX");
            Ok(package)
        }
    }
}

struct Audit<'a> {
    file: &'a [u8],
    /// Where the first entry has to start.
    shift: usize,
}

#[derive(Debug, Clone, Copy)]
struct Record<'a> {
    name: &'a str,
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    size: usize,
    offset: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |pair| u16::from_le_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn size_at(bytes: &[u8], at: usize) -> usize {
    usize::try_from(u32_at(bytes, at)).unwrap_or(usize::MAX)
}

impl<'a> Audit<'a> {
    fn run(&self) -> Result<Package<'a>, ZipError> {
        if self.file.len() > PACKAGE_MAX {
            return fail(ZipFault::Limit, PACKAGE_MAX, "package above 4 MiB");
        }
        let end = self.find_end()?;
        let tail = &self.file[end..];
        let (entries, size, start) = (u16_at(tail, 10), size_at(tail, 12), size_at(tail, 16));
        if u16_at(tail, 4) != 0 || u16_at(tail, 6) != 0 {
            return fail(ZipFault::Unsupported, end, "several disks");
        }
        let zip64 = end >= 20 && self.file[end - 20..].starts_with(ZIP64_LOCATOR);
        if zip64 || entries == u16::MAX || size == 0xffff_ffff || start == 0xffff_ffff {
            return fail(ZipFault::Unsupported, end, "ZIP64");
        }
        if u16_at(tail, 8) != entries {
            return fail(ZipFault::Count, end + 8, "two numbers of entries");
        }
        if usize::from(entries) > ENTRIES_MAX {
            return fail(ZipFault::Limit, end + 10, format!("{entries} entries, at most {ENTRIES_MAX}"));
        }
        match start.checked_add(size) {
            Some(stop) if stop == end => {}
            Some(stop) if stop < end => return fail(ZipFault::SlackBytes, stop, "bytes behind the directory"),
            _ => return fail(ZipFault::Malformed, end + 12, "directory does not fit the file"),
        }
        let records = self.read_directory(start, end, usize::from(entries))?;
        self.check_layout(&records, start)?;
        self.unpack(&records)
    }

    /// The end record must be the last 22 bytes: a comment could hold another one.
    fn find_end(&self) -> Result<usize, ZipError> {
        let file = self.file;
        let Some(end) = file.len().checked_sub(END_SIZE) else {
            return fail(ZipFault::Malformed, 0, "shorter than an empty ZIP");
        };
        if file[end..].starts_with(END) && u16_at(file, end + 20) == 0 {
            return Ok(end);
        }
        let from = end.saturating_sub(65_535);
        match file[from..].windows(4).rposition(|window| window == END) {
            Some(found) => {
                fail(ZipFault::SlackBytes, from + found + END_SIZE, "bytes or a comment behind the end record")
            }
            None => fail(ZipFault::Malformed, file.len(), "no end record"),
        }
    }

    fn read_directory(&self, start: usize, end: usize, count: usize) -> Result<Vec<Record<'a>>, ZipError> {
        let mut records = Vec::with_capacity(count);
        let mut names = Names::default();
        let mut total = 0_usize;
        let mut at = start;
        while at < end {
            let header = &self.file[at..end];
            if header.len() < 46 || !header.starts_with(CENTRAL) {
                return fail(ZipFault::Malformed, at, "no directory record");
            }
            let lengths = [u16_at(header, 28), u16_at(header, 30), u16_at(header, 32)].map(usize::from);
            let length = 46 + lengths.iter().sum::<usize>();
            let Some(record) = header.get(..length) else {
                return fail(ZipFault::Malformed, at, "directory record is cut");
            };
            let found = read_record(record, lengths, at)?;
            names.add(found.name).or_else(|(fault, text)| fail(fault, at, format!("{text}: {:?}", found.name)))?;
            total = total.saturating_add(found.size);
            if found.size > ENTRY_MAX || total > TOTAL_MAX {
                return fail(ZipFault::Limit, at, "unpacked size above the limit");
            }
            let high = found.size > 64 << 10 && found.size / ENTRY_RATIO_MAX > found.packed;
            if high || total / PACKAGE_RATIO_MAX > self.file.len() {
                return fail(ZipFault::Limit, at, "compression ratio above the limit");
            }
            records.push(found);
            if records.len() > ENTRIES_MAX {
                return fail(ZipFault::Limit, at, format!("more than {ENTRIES_MAX} entries"));
            }
            at += length;
        }
        if records.len() != count {
            return fail(ZipFault::Count, end + 10, format!("{count} entries said, {} listed", records.len()));
        }
        Ok(records)
    }

    /// Entries must follow one another from the first byte to the directory.
    fn check_layout(&self, records: &[Record<'a>], directory: usize) -> Result<(), ZipError> {
        let mut order: Vec<&Record<'a>> = records.iter().collect();
        order.sort_by_key(|record| record.offset);
        let mut next = self.shift;
        for record in order {
            match record.offset {
                offset if offset < next => {
                    return fail(
                        ZipFault::Overlap,
                        offset,
                        format!("{:?} shares bytes with another entry", record.name),
                    );
                }
                offset if offset > next => return self.fail_gap(next),
                _ => {}
            }
            let (data, end) = self.extent(record, directory)?;
            debug_assert!(data <= end);
            next = end;
        }
        if next == directory { Ok(()) } else { self.fail_gap(next) }
    }

    fn fail_gap(&self, at: usize) -> Result<(), ZipError> {
        if self.file[at..].starts_with(LOCAL) {
            return fail(ZipFault::HiddenEntry, at, "an entry that the directory does not name");
        }
        fail(ZipFault::SlackBytes, at, "bytes that belong to no entry")
    }

    /// Start of the data and end of the entry, after comparing its local header.
    fn extent(&self, record: &Record<'a>, directory: usize) -> Result<(usize, usize), ZipError> {
        let at = record.offset;
        let area = self.file.get(at..directory).unwrap_or_default();
        if area.len() < 30 || !area.starts_with(LOCAL) {
            return fail(ZipFault::Malformed, at, "no local header");
        }
        let name_end = 30 + usize::from(u16_at(area, 26));
        let data = name_end + usize::from(u16_at(area, 28));
        let differs = |what: &str| {
            fail(ZipFault::HeaderMismatch, at, format!("{what} of {:?} stands twice, differently", record.name))
        };
        if area.get(30..name_end) != Some(record.name.as_bytes()) {
            return differs("name");
        }
        check_extra(area.get(name_end..data).unwrap_or_default(), at)?;
        let flags = u16_at(area, 6);
        if (flags ^ record.flags) & !FLAG_UTF8 != 0 {
            return differs("flags");
        }
        if u16_at(area, 8) != record.method {
            return differs("method");
        }
        let sizes = (u32_at(area, 14), size_at(area, 18), size_at(area, 22));
        let wanted = (record.crc, record.packed, record.size);
        let with_descriptor = flags & FLAG_DESCRIPTOR != 0;
        if sizes != wanted && !(with_descriptor && sizes == (0, 0, 0)) {
            return differs("size or checksum");
        }
        let data_end = data.saturating_add(record.packed);
        if data_end > area.len() {
            return fail(ZipFault::Overlap, at, format!("{:?} runs into the directory", record.name));
        }
        let end = if with_descriptor { check_descriptor(area, data_end, record, at)? } else { data_end };
        Ok((at + data, at + end))
    }

    fn unpack(&self, records: &[Record<'a>]) -> Result<Package<'a>, ZipError> {
        let mut entries = BTreeMap::new();
        for record in records {
            let at = record.offset;
            let header = &self.file[at..];
            let data = at + 30 + usize::from(u16_at(header, 26)) + usize::from(u16_at(header, 28));
            let packed = &self.file[data..data + record.packed];
            if record.name.ends_with('/') {
                if record.size > 0 {
                    return fail(ZipFault::DirData, at, format!("folder {:?} has content", record.name));
                }
                continue;
            }
            let content = if record.method == 0 {
                Cow::Borrowed(packed)
            } else {
                Cow::Owned(inflate(packed, record.size).or_else(|(fault, text)| fail(fault, data, text))?)
            };
            if crc32fast::hash(&content) != record.crc {
                return fail(ZipFault::Crc, at, format!("checksum of {:?} differs", record.name));
            }
            if content.starts_with(LOCAL) || content.starts_with(END) {
                return fail(ZipFault::Nested, data, format!("{:?} is a ZIP itself", record.name));
            }
            entries.insert(record.name.to_owned(), content);
        }
        Ok(Package { entries, notes: Vec::new() })
    }
}

fn read_record(record: &[u8], lengths: [usize; 3], at: usize) -> Result<Record<'_>, ZipError> {
    let [name_length, extra_length, _] = lengths;
    let name = check_name(&record[46..46 + name_length]).or_else(|(fault, text)| fail(fault, at + 46, text))?;
    let (flags, method) = (u16_at(record, 8), u16_at(record, 10));
    if flags & !FLAGS_KNOWN != 0 {
        return fail(ZipFault::Unsupported, at + 8, format!("{name:?} is encrypted or uses an unknown flag"));
    }
    if method != 0 && method != 8 {
        return fail(ZipFault::Unsupported, at + 10, format!("{name:?} uses method {method}"));
    }
    check_extra(&record[46 + name_length..46 + name_length + extra_length], at)?;
    if u16_at(record, 34) != 0 {
        return fail(ZipFault::Unsupported, at + 34, "several disks");
    }
    let made_by_unix = record[5] == 3;
    if made_by_unix && u16_at(record, 40) & 0o170_000 == 0o120_000 {
        return fail(ZipFault::PathEscape, at + 38, format!("{name:?} is a symbolic link"));
    }
    let (packed, size) = (size_at(record, 20), size_at(record, 24));
    if method == 0 && packed != size {
        return fail(ZipFault::HeaderMismatch, at + 20, format!("{name:?} is stored, but has two sizes"));
    }
    let crc = u32_at(record, 16);
    Ok(Record { name, flags, method, crc, packed, size, offset: size_at(record, 42) })
}

/// ZIP64 fields have no place in a package of at most 4 MiB.
fn check_extra(mut extra: &[u8], at: usize) -> Result<(), ZipError> {
    while extra.len() >= 4 {
        if u16_at(extra, 0) == 1 {
            return fail(ZipFault::Unsupported, at, "ZIP64 field");
        }
        extra = extra.get(4 + usize::from(u16_at(extra, 2))..).unwrap_or_default();
    }
    Ok(())
}

/// Checks the data descriptor and returns where it ends.
fn check_descriptor(area: &[u8], at: usize, record: &Record<'_>, position: usize) -> Result<usize, ZipError> {
    let marked = area[at..].starts_with(DESCRIPTOR);
    let from = at + if marked { 4 } else { 0 };
    let found = area.get(from..from + 12);
    let fits = found.is_some_and(|fields| {
        (u32_at(fields, 0), size_at(fields, 4), size_at(fields, 8)) == (record.crc, record.packed, record.size)
    });
    if fits {
        return Ok(from + 12);
    }
    fail(ZipFault::Descriptor, position, format!("data descriptor of {:?} disagrees", record.name))
}

/// Unpacks exactly `size` bytes from exactly all of `packed`.
fn inflate(packed: &[u8], size: usize) -> Result<Vec<u8>, (ZipFault, &'static str)> {
    let mut out = Vec::with_capacity(size);
    let mut inflater = Decompress::new(false);
    let broken = (ZipFault::Malformed, "compressed data are broken");
    match inflater.decompress_vec(packed, &mut out, FlushDecompress::Finish) {
        Ok(Status::StreamEnd) => {}
        // The declared size is full and the stream goes on.
        Ok(_) if out.len() >= size => return Err((ZipFault::HeaderMismatch, "unpacks to more than its size")),
        _ => return Err(broken),
    }
    if out.len() != size || inflater.total_in() != packed.len() as u64 {
        return Err((ZipFault::HeaderMismatch, "unpacks to another size"));
    }
    Ok(out)
}

/// Reads as a careless library does: by the directory, the last of equal names wins, nothing is
/// compared. Only sizes are bounded. For showing what the audit prevents.
#[must_use]
pub fn read_naive(file: &[u8]) -> Option<Package<'_>> {
    let from = file.len().saturating_sub(END_SIZE + 65_535);
    let end = from + file.get(from..)?.windows(4).rposition(|window| window == END)?;
    let mut at = size_at(&file[end..], 16);
    let mut entries = BTreeMap::new();
    let mut total = 0;
    while file.get(at..)?.starts_with(CENTRAL) && entries.len() < ENTRIES_MAX {
        let record = &file[at..];
        let lengths = [u16_at(record, 28), u16_at(record, 30), u16_at(record, 32)].map(usize::from);
        let name = String::from_utf8_lossy(record.get(46..46 + lengths[0])?).into_owned();
        let (packed, size, offset) = (size_at(record, 20), size_at(record, 24), size_at(record, 42));
        let header = file.get(offset..)?;
        let data = offset + 30 + usize::from(u16_at(header, 26)) + usize::from(u16_at(header, 28));
        total += size.min(ENTRY_MAX);
        if size > ENTRY_MAX || total > TOTAL_MAX {
            return None;
        }
        let bytes = file.get(data..data.checked_add(packed)?)?;
        let content = match u16_at(record, 10) {
            0 => Some(Cow::Borrowed(bytes)),
            8 => inflate(bytes, size).ok().map(Cow::Owned),
            _ => None,
        };
        if let Some(content) = content.filter(|_| !name.ends_with('/')) {
            entries.insert(name.replace('\\', "/").trim_start_matches('/').to_owned(), content);
        }
        at += 46 + lengths.iter().sum::<usize>();
    }
    Some(Package { entries, notes: Vec::new() })
}
