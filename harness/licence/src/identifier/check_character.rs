//! Check character of the licence identifier: ISO 7064 hybrid MOD 37,36 (= GB/T 17710), and the
//! circulating wrong routine, which exists only to make and to name bad identifiers.

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The check character over `body` = type, authority, serial and version without dots and root.
/// `None` for an empty body and for characters other than 0-9 and A-Z.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    let product = product(body, |product, value| non_zero((product + value) % 36))?;
    Some(letter((37 - product) % 36))
}

/// What a circulated routine gives instead (observed): letters count one too high, their sum is
/// first reduced mod 37 when above it, and the result stands one place too low.
/// A right answer of it is chance (about 3 %), never a reason to accept.
#[must_use]
pub fn variant_check_character(body: &str) -> Option<char> {
    let product = product(body, |product, value| {
        let sum = if value < 10 { product + value } else { product + value + 1 };
        let sum = if value >= 10 && sum > 37 { sum % 37 } else { sum };
        non_zero(sum % 36)
    })?;
    Some(letter(36 - product))
}

/// Runs p := 2 * add(p, v) mod 37 from p = 36; p stays within 1..=36.
fn product(body: &str, add: impl Fn(usize, usize) -> usize) -> Option<usize> {
    if body.is_empty() {
        return None;
    }
    body.bytes().try_fold(36, |product, byte| {
        let value = ALPHABET.iter().position(|known| *known == byte)?;
        Some(add(product, value) * 2 % 37)
    })
}

const fn non_zero(sum: usize) -> usize {
    if sum == 0 { 36 } else { sum }
}

fn letter(value: usize) -> char {
    char::from(ALPHABET[value])
}
