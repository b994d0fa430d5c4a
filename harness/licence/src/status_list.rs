//! Status lists (binding v1, operation 6): two bits per licence, compressed.

use std::io::{Read as _, Write as _};

use ecric_gm::encoding::{b64url, from_b64url};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

/// Most entries that are read.
pub const SIZE_MAX: usize = 1 << 22;

/// What a list says of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listed {
    /// 0: not listed as bad.
    Good,
    /// 1: revoked, superseded or destroyed.
    Ended,
    /// 2: suspended.
    Suspended,
    /// 3: not active yet.
    NotActive,
}

impl Listed {
    /// The two bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Ended => 1,
            Self::Suspended => 2,
            Self::NotActive => 3,
        }
    }

    const fn of_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::Good,
            1 => Self::Ended,
            2 => Self::Suspended,
            _ => Self::NotActive,
        }
    }
}

/// Why a list cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatusListError {
    /// Not base64url.
    #[error("lst is not base64url")]
    Encoding,
    /// Not zlib, or of another length than `size` says.
    #[error("lst does not unpack to size entries")]
    Compression,
    /// Above [`SIZE_MAX`].
    #[error("more than {SIZE_MAX} entries")]
    Limit,
}

/// Packs entries into `lst`.
#[must_use]
pub fn write_list(entries: &[Listed]) -> String {
    let mut bytes = vec![0_u8; entries.len().div_ceil(4)];
    for (i, entry) in entries.iter().enumerate() {
        bytes[i / 4] |= entry.bits() << (2 * (i % 4));
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing to a Vec does not fail.
    let _ = encoder.write_all(&bytes);
    b64url(&encoder.finish().unwrap_or_default())
}

/// Unpacks `lst` of `size` entries.
///
/// # Errors
/// For text that is no base64url or no zlib, another length, and too many entries.
pub fn read_list(lst: &str, size: usize) -> Result<Vec<Listed>, StatusListError> {
    if size > SIZE_MAX {
        return Err(StatusListError::Limit);
    }
    let packed = from_b64url(lst).map_err(|_| StatusListError::Encoding)?;
    let wanted = size.div_ceil(4);
    let mut bytes = Vec::new();
    let limit = u64::try_from(wanted).unwrap_or(u64::MAX) + 1;
    ZlibDecoder::new(&packed[..]).take(limit).read_to_end(&mut bytes).map_err(|_| StatusListError::Compression)?;
    if bytes.len() != wanted {
        return Err(StatusListError::Compression);
    }
    Ok((0..size).map(|i| Listed::of_bits(bytes[i / 4] >> (2 * (i % 4)))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lies_about_the_size_are_seen() {
        let lst = write_list(&[Listed::Good; 8]);
        assert_eq!(read_list(&lst, 8).unwrap().len(), 8);
        for size in [0, 4, 9, 1000] {
            assert_eq!(read_list(&lst, size), Err(StatusListError::Compression), "{size}");
        }
        assert_eq!(read_list("%", 8), Err(StatusListError::Encoding));
        assert_eq!(read_list("AAAA", 8), Err(StatusListError::Compression));
        assert_eq!(read_list(&lst, SIZE_MAX + 1), Err(StatusListError::Limit));
        let bomb = write_list(&vec![Listed::Good; 1 << 20]);
        assert_eq!(read_list(&bomb, 8), Err(StatusListError::Compression));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bits in proptest::collection::vec(0_u8..4, 0..200)) {
            let entries: Vec<Listed> = bits.into_iter().map(Listed::of_bits).collect();
            prop_assert_eq!(read_list(&write_list(&entries), entries.len()).unwrap(), entries);
        }
    }
}
