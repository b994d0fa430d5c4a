//! The seed of a run: given as hex, or drawn once from the randomness of the process.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use ecric_model::Text;

/// A seed and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seed {
    pub(crate) bytes: [u8; 32],
    pub(crate) text: String,
}

/// Reads up to 64 hex digits; they fill the seed from its end.
pub(crate) fn parse(text: &str) -> Result<Seed, Text> {
    let digits = text.trim();
    let wrong = || {
        Text::new(
            format!("--seed {text:?}: wanted 1 to 64 hex digits"),
            format!("--seed {text:?}：应为1~64位十六进制数"),
        )
    };
    if digits.is_empty() || digits.len() > 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let padded = format!("{digits:0>64}");
    let mut bytes = [0_u8; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let pair = padded.get(index * 2..index * 2 + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(Seed { bytes, text: digits.to_ascii_lowercase() })
}

/// Draws a seed of 64 bits.
pub(crate) fn draw() -> Seed {
    let drawn = RandomState::new().build_hasher().finish();
    let mut bytes = [0_u8; 32];
    bytes[24..].copy_from_slice(&drawn.to_be_bytes());
    Seed { bytes, text: format!("{drawn:016x}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_fills_from_the_end() {
        assert_eq!(parse("1").unwrap().bytes[31], 1);
        assert_eq!(parse("0100").unwrap().bytes[30], 1);
        assert_eq!(parse("AB").unwrap().text, "ab");
        assert_eq!(parse("1").unwrap().bytes, parse("0001").unwrap().bytes);
        for bad in ["", "g", &"0".repeat(65), "0x1", "1 2", "+1"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        let drawn = draw();
        assert_eq!(parse(&drawn.text).unwrap(), drawn);
    }
}
