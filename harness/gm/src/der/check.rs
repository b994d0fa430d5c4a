//! A walk over a whole value: everything that can be checked without knowing the structure.

use super::{DerError, DerFault, Reader, tag};

/// Checks that `input` is exactly one DER value: shortest lengths, minimal integers, booleans 00 or
/// FF, zero unused bits, ordered sets, well-formed object identifiers, nothing behind it.
///
/// Context tags are entered when constructed; their implicit types cannot be known here.
///
/// # Errors
/// With the first fault in reading order.
pub fn check_canonical(input: &[u8]) -> Result<(), DerError> {
    let mut reader = Reader::new(input);
    walk(&mut reader, true)?;
    reader.finish_input()
}

fn walk(reader: &mut Reader<'_>, one: bool) -> Result<(), DerError> {
    while !reader.is_empty() {
        let element = reader.any()?;
        match element.tag {
            tag::INTEGER | tag::ENUMERATED => match element.content {
                [] => return Err(element.error(DerFault::Empty)),
                [0, next, ..] if *next < 0x80 => return Err(element.error(DerFault::Padded)),
                [0xff, next, ..] if *next >= 0x80 => return Err(element.error(DerFault::Padded)),
                _ => {}
            },
            tag::BOOLEAN => {
                element.boolean()?;
            }
            tag::OID => {
                element.oid()?;
            }
            tag::BIT_STRING => {
                let (unused, bytes) = element.content.split_first().ok_or(element.error(DerFault::Empty))?;
                let mask = bytes.last().map_or(0, |last| u32::from(*last).trailing_zeros());
                if *unused > 7 || (*unused > 0 && mask < u32::from(*unused)) || (bytes.is_empty() && *unused > 0) {
                    return Err(element.error(DerFault::UnusedBits));
                }
            }
            tag::SET => {
                let mut members = element.reader();
                let mut last: Option<&[u8]> = None;
                while !members.is_empty() {
                    let member = members.any()?;
                    if last.is_some_and(|last| last > member.whole) {
                        return Err(member.error(DerFault::SetOrder));
                    }
                    last = Some(member.whole);
                }
                walk(&mut element.reader(), false)?;
            }
            constructed if constructed & 0x20 != 0 => walk(&mut element.reader(), false)?,
            _ => {}
        }
        if one {
            break;
        }
    }
    Ok(())
}
