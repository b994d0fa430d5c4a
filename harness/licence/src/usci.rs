//! Unified social credit code (统一社会信用代码, GB 32100-2015) with the organisation code
//! (GB 11714) inside. Never asks whether the organisation exists.

use std::fmt;

/// The 31 characters, in order of their value: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const LENGTH: usize = 18;

/// Why a text is not a USCI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct UsciError {
    /// What is wrong.
    pub kind: UsciErrorKind,
    /// Where, in bytes from the start of the text.
    pub position: usize,
}

/// What is wrong with a USCI; the first fault in this order is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsciErrorKind {
    /// A character outside the alphabet: I, O, S, V, Z, lower case, anything else.
    #[error("character outside 0-9 A-H J-N P-R T U W X Y")]
    Character,
    /// Not 18 characters.
    #[error("{found} characters, wanted 18")]
    Length {
        /// The number found.
        found: usize,
    },
    /// Characters 3 to 8 are not all digits.
    #[error("division code is not six digits")]
    Division,
    /// The check character of the organisation code inside is another one.
    #[error("organisation check character does not fit, wanted {expected}")]
    OrganisationCheckCharacter {
        /// The one that fits.
        expected: char,
    },
    /// The last character is another one.
    #[error("check character does not fit, wanted {expected}")]
    CheckCharacter {
        /// The one that fits.
        expected: char,
    },
}

impl UsciErrorKind {
    /// A word for the kind, as vectors and reports write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Character => "character",
            Self::Length { .. } => "length",
            Self::Division => "division",
            Self::OrganisationCheckCharacter { .. } => "organisation-check-character",
            Self::CheckCharacter { .. } => "check-character",
        }
    }
}

/// A USCI: 18 characters, both check characters right.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Usci(String);

impl Usci {
    /// All 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Division code, characters 3 to 8.
    #[must_use]
    pub fn division_code(&self) -> &str {
        &self.0[2..8]
    }

    /// Organisation code (GB 11714), characters 9 to 17.
    #[must_use]
    pub fn organisation_code(&self) -> &str {
        &self.0[8..17]
    }
}

impl fmt::Display for Usci {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Parses a USCI, byte-exact.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_usci(text: &str) -> Result<Usci, UsciError> {
    let fault = |kind, position| Err(UsciError { kind, position });
    if let Some(position) = text.bytes().position(|byte| value(byte).is_none()) {
        return fault(UsciErrorKind::Character, position);
    }
    if text.len() != LENGTH {
        return fault(UsciErrorKind::Length { found: text.len() }, text.len().min(LENGTH));
    }
    if let Some(offset) = text[2..8].bytes().position(|byte| !byte.is_ascii_digit()) {
        return fault(UsciErrorKind::Division, 2 + offset);
    }
    match organisation_check_character(&text[8..16]) {
        Some(expected) if !text[16..].starts_with(expected) => {
            return fault(UsciErrorKind::OrganisationCheckCharacter { expected }, 16);
        }
        _ => {}
    }
    match check_character(&text[..17]) {
        Some(expected) if !text[17..].starts_with(expected) => fault(UsciErrorKind::CheckCharacter { expected }, 17),
        _ => Ok(Usci(text.to_owned())),
    }
}

/// The check character over the first 17: (31 - sum of value * 3^i mod 31) mod 31 in the alphabet.
/// `None` unless `body` is 17 characters of the alphabet.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != LENGTH - 1 {
        return None;
    }
    let (sum, _) = body
        .bytes()
        .try_fold((0, 1), |(sum, weight), byte| Some(((sum + value(byte)? * weight) % 31, weight * 3 % 31)))?;
    Some(char::from(ALPHABET[(31 - sum) % 31]))
}

/// The check character of an organisation code over its first 8 (GB 11714): 11 - weighted sum
/// mod 11, where 10 is X and 11 is 0. `None` unless `body` is 8 characters of 0-9 and A-Z.
#[must_use]
pub fn organisation_check_character(body: &str) -> Option<char> {
    if body.len() != ORGANISATION_WEIGHTS.len() {
        return None;
    }
    let sum = body.bytes().zip(ORGANISATION_WEIGHTS).try_fold(0, |sum, (byte, weight)| {
        let value = match byte {
            b'0'..=b'9' => usize::from(byte - b'0'),
            b'A'..=b'Z' => usize::from(byte - b'A') + 10,
            _ => return None,
        };
        Some(sum + value * weight)
    })?;
    Some(char::from(b"0123456789X0"[11 - sum % 11]))
}

fn value(byte: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usci() -> impl Strategy<Value = String> {
        ("[1-9AN][1-9]110[0-9]{3}", "[0-9A-HJ-NP-RTUWXY]{8}").prop_map(|(head, body)| {
            let inner = organisation_check_character(&body).unwrap();
            let head = format!("{head}{body}{inner}");
            let outer = check_character(&head).unwrap();
            format!("{head}{outer}")
        })
    }

    #[test]
    fn check_characters_need_a_body_of_the_right_length_and_alphabet() {
        for body in ["", "1110000000001312", "111000000000131270", "1110000000001312I", "1110000000001312é"] {
            assert_eq!(check_character(body), None, "{body:?}");
        }
        for body in ["", "0000131", "000013127", "0000131a", "000013é"] {
            assert_eq!(organisation_check_character(body), None, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn every_substitution_is_refused(code in usci()) {
            prop_assert_eq!(parse_usci(&code).map(|read| read.0), Ok(code.clone()));
            for at in 0..code.len() {
                for other in ('0'..='9').chain('A'..='Z').filter(|other| !code[at..].starts_with(*other)) {
                    let changed = format!("{}{other}{}", &code[..at], &code[at + 1..]);
                    prop_assert!(parse_usci(&changed).is_err(), "{}", changed);
                }
            }
        }

        /// The weights 3^i mod 31 differ from their neighbours, so no swap of two characters is missed.
        #[test]
        fn every_adjacent_swap_is_refused(code in usci()) {
            for at in 0..code.len() - 1 {
                let (left, right) = (&code[at..=at], &code[at + 1..at + 2]);
                if left != right {
                    let swapped = format!("{}{right}{left}{}", &code[..at], &code[at + 2..]);
                    prop_assert!(parse_usci(&swapped).is_err(), "{}", swapped);
                }
            }
        }

        #[test]
        fn the_reader_survives_any_text(text in any::<String>(), codes in "[0-9A-HJ-NP-RTUWXY]{18}") {
            for text in [text, codes] {
                match parse_usci(&text) {
                    Ok(read) => prop_assert_eq!(read.to_string(), text),
                    Err(error) => prop_assert!(error.position <= text.len()),
                }
            }
        }
    }
}
