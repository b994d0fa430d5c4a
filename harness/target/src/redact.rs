//! Masks personal values before anything is written. Keeps lengths and shapes readable, never values.

use std::collections::{HashMap, HashSet};

use ecric_licence::metadata::{mask_name, mask_number};

use crate::forms::forms_of;

/// Shortest secret that is looked for: shorter ones would hit by chance.
const SECRET_MIN: usize = 6;
/// What stands in the place of a secret.
const SECRET_MASK: &str = "<secret>";
/// Shortest form that is looked for, bytes.
const FORM_MIN: usize = 4;
/// Longest plain value that is masked in the case that it belongs to only: dates and the like stand elsewhere too.
const COMMON_MAX: usize = 10;

/// A text without secrets and personal values.
pub(crate) struct Masked {
    pub(crate) text: String,
    /// Places that were masked.
    pub(crate) count: u32,
    /// Personal values that were found, by number.
    pub(crate) found: Vec<usize>,
}

struct Pattern {
    form: String,
    /// Number of the personal value; `None` for a secret.
    value: Option<usize>,
    /// Case in which it counts; `None` for all.
    case: Option<String>,
}

/// The first two bytes of all patterns: most places of a text are ruled out by them.
struct Starts(Box<[u64; 1 << 10]>);

impl Default for Starts {
    fn default() -> Self {
        Self(Box::new([0; 1 << 10]))
    }
}

impl Starts {
    fn place(first: u8, second: u8) -> (usize, u64) {
        let number = usize::from(first) << 8 | usize::from(second);
        (number >> 6, 1 << (number & 63))
    }

    fn add(&mut self, form: &[u8; FORM_MIN]) {
        let (word, bit) = Self::place(form[0], form[1]);
        self.0[word] |= bit;
    }

    /// The first place from `at` on where a pattern may begin.
    fn next(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let found = bytes.get(at..)?.windows(FORM_MIN).position(|window| {
            let (word, bit) = Self::place(window[0], window[1]);
            self.0[word] & bit != 0
        });
        found.map(|offset| at + offset)
    }
}

/// Everything that must not be written, in every form that it is known to take. Grows during a run; a text is
/// gone through once, however much it knows.
#[derive(Default)]
pub(crate) struct Masker {
    starts: Starts,
    secret_starts: Starts,
    /// By their first bytes; the longest first.
    patterns: HashMap<[u8; FORM_MIN], Vec<Pattern>>,
    values: Vec<(String, String)>,
    known: HashSet<(String, Option<String>)>,
    numbers: HashMap<String, usize>,
}

impl Masker {
    /// Adds a secret: a key, a token, a password.
    pub(crate) fn add_secret(&mut self, secret: &str) {
        if secret.len() >= SECRET_MIN {
            self.add(secret, None, None);
        }
    }

    /// Adds a personal value of a case.
    pub(crate) fn add_personal(&mut self, value: &str, case: &str) {
        if value.chars().count() < 2 {
            return;
        }
        let number = *self.numbers.entry(value.to_owned()).or_insert_with(|| {
            self.values.push((value.to_owned(), mask_of(value)));
            self.values.len() - 1
        });
        let common = value.is_ascii() && value.len() <= COMMON_MAX;
        self.add(value, Some(number), common.then(|| case.to_owned()));
    }

    /// A personal value by its number, and its mask.
    pub(crate) fn value(&self, number: usize) -> Option<(&str, &str)> {
        self.values.get(number).map(|(value, mask)| (value.as_str(), mask.as_str()))
    }

    fn add(&mut self, text: &str, value: Option<usize>, case: Option<String>) {
        if !self.known.insert((text.to_owned(), case.clone())) {
            return;
        }
        for form in forms_of(text) {
            let Some(first) = form.as_bytes().first_chunk::<FORM_MIN>().copied() else { continue };
            self.starts.add(&first);
            if value.is_none() {
                self.secret_starts.add(&first);
            }
            let bucket = self.patterns.entry(first).or_default();
            let place = bucket.partition_point(|other| other.form.len() >= form.len());
            bucket.insert(place, Pattern { form, value, case: case.clone() });
        }
    }

    /// Masks what is known, and everything that has the shape of a citizen number.
    pub(crate) fn mask(&self, text: &str, case: &str) -> Masked {
        let bytes = text.as_bytes();
        let (mut out, mut kept, mut at) = (String::with_capacity(bytes.len()), 0, 0);
        let (mut count, mut found) = (0, Vec::new());
        while let Some(next) = self.starts.next(bytes, at) {
            at = next;
            let hit =
                bytes[at..].first_chunk::<FORM_MIN>().and_then(|first| self.patterns.get(first)).and_then(|bucket| {
                    bucket.iter().find(|pattern| {
                        bytes[at..].starts_with(pattern.form.as_bytes())
                            && pattern.case.as_deref().is_none_or(|own| own == case)
                    })
                });
            let Some(pattern) = hit else {
                at += 1;
                continue;
            };
            out.push_str(&text[kept..at]);
            match pattern.value {
                Some(number) => {
                    out.push_str(self.value(number).map_or(SECRET_MASK, |(_, mask)| mask));
                    if !found.contains(&number) {
                        found.push(number);
                    }
                    count += 1;
                }
                None => out.push_str(SECRET_MASK),
            }
            at += pattern.form.len();
            kept = at;
        }
        out.push_str(&text[kept..]);
        let (text, numbers) = mask_numbers(&out);
        Masked { text, count: count + numbers, found }
    }

    /// Replaces secrets and nothing else.
    pub(crate) fn mask_secrets(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.without_secrets(text.as_bytes())).into_owned()
    }

    /// Replaces secrets in bytes, whatever else the bytes hold.
    pub(crate) fn without_secrets(&self, bytes: &[u8]) -> Vec<u8> {
        let (mut out, mut kept, mut at) = (Vec::with_capacity(bytes.len()), 0, 0);
        while let Some(next) = self.secret_starts.next(bytes, at) {
            at = next;
            let first = bytes[at..].first_chunk::<FORM_MIN>();
            let hit = first.and_then(|first| self.patterns.get(first)).and_then(|bucket| {
                bucket
                    .iter()
                    .find(|pattern| pattern.value.is_none() && bytes[at..].starts_with(pattern.form.as_bytes()))
            });
            match hit {
                Some(pattern) => {
                    out.extend_from_slice(&bytes[kept..at]);
                    out.extend_from_slice(SECRET_MASK.as_bytes());
                    at += pattern.form.len();
                    kept = at;
                }
                None => at += 1,
            }
        }
        out.extend_from_slice(&bytes[kept..]);
        out
    }
}

fn mask_of(value: &str) -> String {
    if value.len() == 18 && value.is_ascii() {
        mask_number(value)
    } else if value.chars().count() <= 10 {
        mask_name(value)
    } else {
        format!("<masked, {} characters>", value.chars().count())
    }
}

/// Masks runs of 17 or 18 characters that are a citizen number or were one before a character was lost
/// or changed: six digits, a date of birth, three digits, a check character. The check is not asked for:
/// a number with a wrong one still says who it belongs to.
fn mask_numbers(text: &str) -> (String, u32) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut out = String::with_capacity(text.len());
    let (mut at, mut from, mut count) = (0, 0, 0);
    while at + 17 <= bytes.len() {
        let start = digit(at) && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        let length = if start { number_length(&bytes[at..]) } else { None };
        match length.and_then(|length| text.get(at..at + length)) {
            Some(number) => {
                out.push_str(&text[from..at]);
                out.push_str(&mask_number(number));
                count += 1;
                at += number.len();
                from = at;
            }
            None => at += 1,
        }
    }
    out.push_str(&text[from..]);
    (out, count)
}

/// Length of the number that a text begins with, if it begins with one.
fn number_length(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let length = match (digits, bytes.get(17)) {
        (17, Some(b'X' | b'x')) | (18, _) => 18,
        (17, _) => 17,
        _ => return None,
    };
    if bytes.get(length).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let value =
        |range: std::ops::Range<usize>| bytes[range].iter().fold(0_u32, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    let plausible = (1_800..=2_200).contains(&value(6..10))
        && (1..=12).contains(&value(10..12))
        && (1..=31).contains(&value(12..14));
    plausible.then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_and_numbers_are_masked_in_every_form() {
        let values = ["测试甲乙".to_owned(), "110199199003070017".to_owned()];
        for (text, gone) in [
            (r#"{"name":"测试甲乙"}"#, "测试甲乙"),
            (r#"{"name":"\u6d4b\u8bd5\u7532\u4e59"}"#, r"\u6d4b"),
            ("/x?name=%E6%B5%8B%E8%AF%95%E7%94%B2%E4%B9%99", "%E6%B5%8B"),
            (r#"{"n":"110199199003070017"}"#, "199003070017"),
            (r#"{"n":"110199199003070025"}"#, "199003070025"),
            (r#"{"n":"110199199003070026"}"#, "199003070026"),
            (r#"{"n":"11019919900307002"}"#, "19900307002"),
            (r#"{"n":"11019919900230002x"}"#, "19900230002"),
        ] {
            let mut masker = Masker::default();
            values.iter().for_each(|value| masker.add_personal(value, "c"));
            let masked = masker.mask(text, "c");
            assert!(!masked.text.contains(gone) && masked.count == 1, "{}", masked.text);
        }
    }

    #[test]
    fn identifiers_stay() {
        let text = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";
        let masked = Masker::default().mask(text, "");
        assert_eq!((masked.text.as_str(), masked.count), (text, 0));
    }

    #[test]
    fn a_common_value_is_masked_in_its_own_case_only_and_a_secret_everywhere() {
        let mut masker = Masker::default();
        masker.add_personal("1990-03-07", "one");
        masker.add_secret("s3cret-token");
        let text = "born 1990-03-07, s3cret-token";
        assert_eq!(masker.mask(text, "two").text, "born 1990-03-07, <secret>");
        assert!(!masker.mask(text, "one").text.contains("1990"));
        assert_eq!(masker.without_secrets(b"\xffs3cret-token\xff"), b"\xff<secret>\xff");
    }
}
