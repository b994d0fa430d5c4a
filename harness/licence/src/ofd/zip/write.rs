//! The writer: fixed order, fixed times, nothing that two writers could do differently.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// How an entry is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As it is.
    Stored,
    /// Deflate; the bytes depend on the encoder.
    Deflated,
}

/// One entry as it is to be written; every header field can be set to a wrong value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Name in the directory.
    pub name: Vec<u8>,
    /// Name in the local header, when it differs.
    pub local_name: Option<Vec<u8>>,
    /// Content.
    pub content: Vec<u8>,
    /// How it is packed.
    pub method: Method,
    /// Method number to claim instead of the right one, in both headers.
    pub claimed_method: Option<u16>,
    /// Writes a data descriptor and zeros in the local header.
    pub descriptor: bool,
    /// Further flag bits in both headers.
    pub flags: u16,
    /// Checksum to claim in both headers.
    pub crc: Option<u32>,
    /// Unpacked size to claim in both headers.
    pub size: Option<u32>,
    /// Checksum to claim in the local header only.
    pub local_crc: Option<u32>,
    /// Checksum to claim in the descriptor only.
    pub descriptor_crc: Option<u32>,
    /// External attributes, and made-by Unix when not zero.
    pub attributes: u32,
    /// Extra field in the directory.
    pub extra: Vec<u8>,
    /// Leaves the entry out of the directory.
    pub hidden: bool,
    /// Lets the directory point to the local header of this entry number instead of its own.
    pub alias_of: Option<usize>,
    /// Bytes written behind the entry.
    pub gap: Vec<u8>,
}

impl Entry {
    /// A plain stored entry.
    #[must_use]
    pub fn stored(name: &str, content: Vec<u8>) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            content,
            method: Method::Stored,
            claimed_method: None,
            descriptor: false,
            flags: 0,
            crc: None,
            size: None,
            local_crc: None,
            descriptor_crc: None,
            attributes: 0,
            extra: Vec::new(),
            hidden: false,
            alias_of: None,
            gap: Vec::new(),
        }
    }
}

/// Entries in the order of the layout: `OFD.xml`, then all others in byte order.
#[must_use]
pub fn in_order(entries: &BTreeMap<String, Vec<u8>>) -> Vec<Entry> {
    let first = entries.get_key_value("OFD.xml");
    let rest = entries.iter().filter(|(name, _)| *name != "OFD.xml");
    first.into_iter().chain(rest).map(|(name, content)| Entry::stored(name, content.clone())).collect()
}

/// Writes a package in the layout of this suite: stored, no times, no attributes, nothing between.
#[must_use]
pub fn write_package(entries: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    write_with(&in_order(entries), None)
}

/// Writes any entries in the order given; `count` is the number of entries to claim.
#[must_use]
pub fn write_with(entries: &[Entry], count: Option<u16>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    let mut offsets = Vec::new();
    let mut listed = 0_u16;
    for entry in entries {
        let packed = match entry.method {
            Method::Stored => entry.content.clone(),
            Method::Deflated => deflate(&entry.content),
        };
        let flags = entry.flags | if entry.descriptor { 1 << 3 } else { 0 };
        let method = entry.claimed_method.unwrap_or(if entry.method == Method::Stored { 0 } else { 8 });
        let crc = entry.crc.unwrap_or_else(|| crc32fast::hash(&entry.content));
        let sizes = [length32(packed.len()), entry.size.unwrap_or_else(|| length32(entry.content.len()))];
        offsets.push(length32(out.len()));
        let local_name = entry.local_name.as_ref().unwrap_or(&entry.name);
        out.extend_from_slice(b"PK\x03\x04");
        let plain = entry.method == Method::Stored && !entry.descriptor && entry.flags == 0;
        let needed = if plain { 10_u16 } else { 20 };
        push16(&mut out, &[needed, flags, method, 0, 0x0021]);
        if entry.descriptor {
            push32(&mut out, &[0, 0, 0]);
        } else {
            push32(&mut out, &[entry.local_crc.unwrap_or(crc), sizes[0], sizes[1]]);
        }
        push16(&mut out, &[length16(local_name.len()), 0]);
        out.extend_from_slice(local_name);
        out.extend_from_slice(&packed);
        if entry.descriptor {
            out.extend_from_slice(b"PK\x07\x08");
            push32(&mut out, &[entry.descriptor_crc.unwrap_or(crc), sizes[0], sizes[1]]);
        }
        out.extend_from_slice(&entry.gap);
        if entry.hidden {
            continue;
        }
        listed = listed.wrapping_add(1);
        let offset = offsets[entry.alias_of.unwrap_or(offsets.len() - 1)];
        directory.extend_from_slice(b"PK\x01\x02");
        let made_by = if entry.attributes == 0 { 20 } else { 3 << 8 | 20 };
        push16(&mut directory, &[made_by, needed, flags, method, 0, 0x0021]);
        push32(&mut directory, &[crc, sizes[0], sizes[1]]);
        push16(&mut directory, &[length16(entry.name.len()), length16(entry.extra.len()), 0, 0, 0]);
        push32(&mut directory, &[entry.attributes, offset]);
        directory.extend_from_slice(&entry.name);
        directory.extend_from_slice(&entry.extra);
    }
    let start = length32(out.len());
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06");
    let count = count.unwrap_or(listed);
    push16(&mut out, &[0, 0, count, count]);
    push32(&mut out, &[length32(directory.len()), start]);
    push16(&mut out, &[0]);
    out
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to a Vec does not fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

fn push16(out: &mut Vec<u8>, values: &[u16]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

fn push32(out: &mut Vec<u8>, values: &[u32]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

fn length16(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

fn length32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
