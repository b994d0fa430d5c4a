//! Citizen number (公民身份号码, GB 11643-1999). Never refuses a number because of its area code:
//! codes are withdrawn, numbers stay. Knows no today: a birth in the future is the caller's question.

use std::fmt;

use time::{Date, Month};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";
const LENGTH: usize = 18;
/// First year of birth that is taken for real.
pub const BIRTH_YEAR_MIN: i32 = 1900;

/// Why a text is not a citizen number. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct CitizenNumberError {
    /// What is wrong.
    pub kind: CitizenNumberErrorKind,
    /// Where, in bytes from the start of the text.
    pub position: usize,
}

/// What is wrong with a citizen number; the first fault in this order is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CitizenNumberErrorKind {
    /// A character other than a digit, or than a digit or upper-case X in the last place.
    #[error("character other than a digit or a final X")]
    Character,
    /// Not 18 characters; the old form has 15.
    #[error("{found} characters, wanted 18")]
    Length {
        /// The number found.
        found: usize,
    },
    /// Digits 7 to 14 are no day of the calendar from 1900 on.
    #[error("birth date is no day of the calendar from 1900 on")]
    BirthDate,
    /// The last character is another one. The fitting one is not named: it would complete a number.
    #[error("check character does not fit")]
    CheckCharacter,
}

impl CitizenNumberErrorKind {
    /// A word for the kind, as vectors and reports write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Character => "character",
            Self::Length { .. } => "length",
            Self::BirthDate => "birth-date",
            Self::CheckCharacter => "check-character",
        }
    }
}

/// Sex by digit 17 (GB/T 2261.1 codes 1 and 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男, odd.
    Male,
    /// 女, even.
    Female,
}

impl Sex {
    /// The code of GB/T 2261.1.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

/// A citizen number: 18 characters, real birth date, right check character. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CitizenNumber {
    text: String,
    birth_date: Date,
}

impl CitizenNumber {
    /// All 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Date of birth, digits 7 to 14.
    #[must_use]
    pub const fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// Sex by the parity of digit 17.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if self.text.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// Area code at first registration, digits 1 to 6; it may be withdrawn by now.
    #[must_use]
    pub fn area_code(&self) -> &str {
        &self.text[..6]
    }
}

impl fmt::Debug for CitizenNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CitizenNumber(hidden)")
    }
}

/// Parses a citizen number, byte-exact: X in upper case only, nothing trimmed.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_citizen_number(text: &str) -> Result<CitizenNumber, CitizenNumberError> {
    let fault = |kind, position| Err(CitizenNumberError { kind, position });
    let allowed = |(at, byte): (usize, u8)| byte.is_ascii_digit() || (byte == b'X' && at == LENGTH - 1);
    if let Some(position) = text.bytes().enumerate().position(|place| !allowed(place)) {
        return fault(CitizenNumberErrorKind::Character, position);
    }
    if text.len() != LENGTH {
        return fault(CitizenNumberErrorKind::Length { found: text.len() }, text.len().min(LENGTH));
    }
    let Some(birth_date) = birth_date(&text[6..14]) else {
        return fault(CitizenNumberErrorKind::BirthDate, 6);
    };
    match check_character(&text[..LENGTH - 1]) {
        Some(expected) if text.ends_with(expected) => Ok(CitizenNumber { text: text.to_owned(), birth_date }),
        _ => fault(CitizenNumberErrorKind::CheckCharacter, LENGTH - 1),
    }
}

/// The check character over 17 digits: ISO 7064 MOD 11-2. `None` unless `body` is 17 digits.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    if body.len() != WEIGHTS.len() || body.bytes().any(|byte| !byte.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    Some(char::from(CHECK_CHARACTERS[usize::try_from(sum % 11).ok()?]))
}

/// Turns a final lower-case x into X and leaves everything else (ruling: for look-ups, never at issue).
#[must_use]
pub fn fold_case(text: &str) -> String {
    text.strip_suffix('x').map_or_else(|| text.to_owned(), |body| format!("{body}X"))
}

fn birth_date(digits: &str) -> Option<Date> {
    let number = |from: usize, to: usize| digits[from..to].parse::<u16>().ok();
    let month = Month::try_from(u8::try_from(number(4, 6)?).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(number(0, 4)?), month, u8::try_from(number(6, 8)?).ok()?).ok()?;
    (date.year() >= BIRTH_YEAR_MIN).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Numbers of nobody: the county prefix 110199.
    fn number() -> impl Strategy<Value = String> {
        (1900..2100_u16, 1..=12_u8, 1..=28_u8, 0..1000_u16).prop_map(|(year, month, day, sequence)| {
            let body = format!("110199{year}{month:02}{day:02}{sequence:03}");
            let check = check_character(&body).unwrap();
            format!("{body}{check}")
        })
    }

    #[test]
    fn check_character_needs_seventeen_digits() {
        for body in ["", "1101990000000000", "110199000000000000", "1101990000000000X", "110199000000000é"] {
            assert_eq!(check_character(body), None, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn every_substitution_is_refused(number in number()) {
            let read = parse_citizen_number(&number).unwrap();
            prop_assert_eq!(read.as_str(), number.as_str());
            prop_assert!(!format!("{read:?}").contains(&number[..14]), "debug text hides the number");
            for at in 0..number.len() {
                for other in "0123456789Xx".chars().filter(|other| !number[at..].starts_with(*other)) {
                    let changed = format!("{}{other}{}", &number[..at], &number[at + 1..]);
                    prop_assert!(parse_citizen_number(&changed).is_err(), "{}", changed);
                }
            }
        }

        #[test]
        fn every_adjacent_swap_is_refused(number in number()) {
            for at in 0..number.len() - 1 {
                let mut swapped = number.clone().into_bytes();
                swapped.swap(at, at + 1);
                let swapped = String::from_utf8(swapped).unwrap();
                prop_assert!(swapped == number || parse_citizen_number(&swapped).is_err(), "{}", swapped);
            }
        }

        #[test]
        fn the_check_character_alone_detects_substitutions_and_swaps(body in "[0-9]{17}") {
            let right = check_character(&body).unwrap();
            for at in 0..body.len() {
                for other in ('0'..='9').filter(|other| !body[at..].starts_with(*other)) {
                    let changed = format!("{}{other}{}", &body[..at], &body[at + 1..]);
                    prop_assert_ne!(check_character(&changed), Some(right));
                }
                if at > 0 && body[at..=at] != body[at - 1..at] {
                    let mut swapped = body.clone().into_bytes();
                    swapped.swap(at - 1, at);
                    prop_assert_ne!(check_character(&String::from_utf8(swapped).unwrap()), Some(right));
                }
            }
        }

        #[test]
        fn the_reader_survives_any_text(text in any::<String>(), digits in "[0-9]{17}[0-9X]") {
            for text in [text, digits] {
                match parse_citizen_number(&text) {
                    Ok(read) => prop_assert_eq!(read.as_str(), text),
                    Err(error) => prop_assert!(error.position <= text.len()),
                }
            }
        }
    }
}
