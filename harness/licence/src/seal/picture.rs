//! Pictures of seals and photos: sizes from their heads, nothing is decoded.

use super::Picture;
use crate::ofd::links::{Kind, walk};
use crate::ofd::zip;

/// Largest picture, bytes.
pub const BYTES_MAX: usize = 512 << 10;
/// Largest side in mm.
pub const SIDE_MAX: u32 = 200;
/// Most pixels.
pub const PIXELS_MAX: u64 = 16_000_000;
/// An OFD package as picture has a quarter of the limits of a licence file.
const NESTED_PACKAGE_MAX: usize = zip::PACKAGE_MAX / 4;
const NESTED_ENTRIES_MAX: usize = zip::ENTRIES_MAX / 4;

/// What is wrong with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFault {
    /// Too large in bytes, mm or pixels.
    Limit,
    /// An OFD package that is too large, broken, signed, nested or active.
    Nested,
}

/// Checks the picture of a seal.
///
/// # Errors
/// With what is wrong; a format that is not known is taken as it is.
pub fn check_picture(picture: &Picture<'_>) -> Result<(), PictureFault> {
    if picture.data.len() > BYTES_MAX || picture.width > SIDE_MAX || picture.height > SIDE_MAX {
        return Err(PictureFault::Limit);
    }
    if picture.kind.eq_ignore_ascii_case("ofd") || picture.data.starts_with(b"PK") {
        return check_nested(picture.data);
    }
    match picture_size(picture.data) {
        Some((width, height)) if u64::from(width) * u64::from(height) > PIXELS_MAX => Err(PictureFault::Limit),
        _ => Ok(()),
    }
}

fn check_nested(data: &[u8]) -> Result<(), PictureFault> {
    if data.len() > NESTED_PACKAGE_MAX {
        return Err(PictureFault::Nested);
    }
    let package = zip::audit(data).map_err(|_| PictureFault::Nested)?;
    let entries = package.entries().count();
    let size: usize = package.entries().map(|(_, content)| content.len()).sum();
    let closure = walk(&package, true);
    let signed = closure.members.values().any(|member| member.kind == Kind::SignatureList);
    let sound = entries <= NESTED_ENTRIES_MAX
        && size <= zip::TOTAL_MAX / 4
        && closure.faults.is_empty()
        && closure.broken.is_empty()
        && closure.active.is_empty()
        && closure.members.contains_key("OFD.xml");
    if sound && !signed { Ok(()) } else { Err(PictureFault::Nested) }
}

/// Width and height in pixels of a PNG, GIF or JPEG, from its head.
#[must_use]
pub fn picture_size(data: &[u8]) -> Option<(u32, u32)> {
    let be32 = |at: usize| Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?));
    let be16 = |at: usize| Some(u32::from(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?)));
    if data.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((be32(16)?, be32(20)?));
    }
    if data.starts_with(b"GIF8") {
        let le16 = |at: usize| Some(u32::from(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?)));
        return Some((le16(6)?, le16(8)?));
    }
    if data.starts_with(b"\xff\xd8") {
        let mut at = 2;
        while data.get(at) == Some(&0xff) {
            let marker = *data.get(at + 1)?;
            let frame = (0xc0..=0xcf).contains(&marker) && ![0xc4, 0xc8, 0xcc].contains(&marker);
            if frame {
                return Some((be16(at + 7)?, be16(at + 5)?));
            }
            at += 2 + usize::try_from(be16(at + 2)?).ok()?;
        }
    }
    None
}
