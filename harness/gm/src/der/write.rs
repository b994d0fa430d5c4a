//! The writer: small functions that give bytes. Sorts what DER wants sorted and nothing else.

use super::tag;
use crate::oid::Oid;

/// Tag, shortest length, content.
#[must_use]
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    let digits = content.len().to_be_bytes();
    let digits = &digits[digits.iter().take_while(|byte| **byte == 0).count()..];
    match digits {
        [] => out.push(0),
        [one] if *one < 0x80 => out.push(*one),
        many => {
            out.push(0x80 | u8::try_from(many.len()).unwrap_or(0x7f));
            out.extend_from_slice(many);
        }
    }
    out.extend_from_slice(content);
    out
}

/// An element whose content is these parts one after the other.
#[must_use]
pub fn constructed(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// A SEQUENCE of these parts.
#[must_use]
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    constructed(tag::SEQUENCE, parts)
}

/// The content of a SET OF: the members in DER order.
#[must_use]
pub fn set_content(mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    members.concat()
}

/// A SET OF these members, in DER order.
#[must_use]
pub fn set_of(members: Vec<Vec<u8>>) -> Vec<u8> {
    tlv(tag::SET, &set_content(members))
}

/// A non-negative INTEGER from big-endian bytes.
#[must_use]
pub fn unsigned(digits: &[u8]) -> Vec<u8> {
    let digits = &digits[digits.iter().take_while(|byte| **byte == 0).count()..];
    if digits.first().is_none_or(|byte| *byte >= 0x80) {
        tlv(tag::INTEGER, &[&[0], digits].concat())
    } else {
        tlv(tag::INTEGER, digits)
    }
}

/// A small non-negative INTEGER.
#[must_use]
pub fn small(value: u32) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// An OBJECT IDENTIFIER.
#[must_use]
pub fn oid(value: &Oid) -> Vec<u8> {
    tlv(tag::OID, value.content())
}

/// A BOOLEAN.
#[must_use]
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(tag::BOOLEAN, &[if value { 0xff } else { 0 }])
}

/// An OCTET STRING.
#[must_use]
pub fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(tag::OCTET_STRING, bytes)
}

/// A BIT STRING of whole bytes.
#[must_use]
pub fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(tag::BIT_STRING, &[&[0], bytes].concat())
}

/// A named-bit BIT STRING: bit 0 is the lowest of `flags`; trailing zero bits are left out.
#[must_use]
pub fn named_bits(flags: u16) -> Vec<u8> {
    let bytes = flags.to_le_bytes().map(u8::reverse_bits);
    let used = if bytes[1] != 0 { 2 } else { usize::from(bytes[0] != 0) };
    let unused = bytes[..used].last().map_or(0, |last| last.trailing_zeros());
    tlv(tag::BIT_STRING, &[&[u8::try_from(unused).unwrap_or(0)], &bytes[..used]].concat())
}

/// A UTF8String.
#[must_use]
pub fn utf8(text: &str) -> Vec<u8> {
    tlv(tag::UTF8_STRING, text.as_bytes())
}

/// A PrintableString; the caller sees to the characters.
#[must_use]
pub fn printable(text: &str) -> Vec<u8> {
    tlv(tag::PRINTABLE_STRING, text.as_bytes())
}

/// An IA5String; the caller sees to the characters.
#[must_use]
pub fn ia5(text: &str) -> Vec<u8> {
    tlv(tag::IA5_STRING, text.as_bytes())
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    vec![tag::NULL, 0]
}
