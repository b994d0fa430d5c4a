//! Makers for citizen numbers: single defects and other right numbers. They start from a right number.

use ecric_licence::citizen_number::{check_character, parse_citizen_number};

use super::{Table, needed, text};
use crate::draw::Draw;
use crate::mutate::{substitute, swap};
use crate::variation::{Inputs, VariationError};

pub(super) const TABLE: Table = &[
    ("number-wrong-check", |current, _| {
        let number = right("number-wrong-check", current)?;
        let wrong = number.chars().next_back().and_then(|check| check.to_digit(10)).map_or(0, |digit| (digit + 1) % 10);
        Ok(format!("{}{wrong}", &number[..17]).into())
    }),
    ("number-lower-x", |current, _| {
        let maker = "number-lower-x";
        let body = right(maker, current)?.strip_suffix('X');
        let body = body.ok_or(VariationError::NotApplicable { maker, found: "a digit at the end", wanted: "an X" })?;
        Ok(format!("{body}x").into())
    }),
    ("number-17", |current, _| Ok(right("number-17", current)?[..17].into())),
    ("number-30-february", |current, _| {
        let number = right("number-30-february", current)?;
        Ok(with_check(&format!("{}0230{}", &number[..10], &number[14..17])).into())
    }),
    ("number-other", |current, _| Ok(other(right("number-other", current)?).into())),
    ("holder-other-number", |_, inputs| {
        let person = needed("holder-other-number", "a person", inputs.person)?;
        Ok(other(right_number("holder-other-number", &person.id_number)?).into())
    }),
    ("number-substituted", |current, inputs| {
        Ok(one_digit_changed(right("number-substituted", current)?, inputs).into())
    }),
    ("number-swapped", |current, _| {
        let number = right("number-swapped", current)?;
        // Within the sequence the date stays; digits 3 and 4 of the prefix always differ.
        let swapped = [15, 14, 2].into_iter().map(|position| swap(number, position)).find(|text| text != number);
        Ok(swapped.unwrap_or_default().into())
    }),
    ("number-full-width", |current, _| {
        let number = right("number-full-width", current)?;
        Ok(number.chars().map(full_width).collect::<String>().into())
    }),
];

/// The right citizen number at the place.
fn right<'v>(maker: &'static str, current: Option<&'v serde_json::Value>) -> Result<&'v str, VariationError> {
    right_number(maker, text(maker, current)?)
}

fn right_number<'v>(maker: &'static str, number: &'v str) -> Result<&'v str, VariationError> {
    let wrong = VariationError::NotApplicable { maker, found: "no citizen number", wanted: "a right citizen number" };
    parse_citizen_number(number).map(|_| number).map_err(|_| wrong)
}

/// Another right number with the same date: two sequences further keeps the sex, 998 and 999 begin
/// anew at the other end.
fn other(number: &str) -> String {
    let sequence: u16 = number[14..17].parse().unwrap_or(0);
    let sequence = if sequence < 998 { sequence + 2 } else { sequence % 2 + 2 };
    with_check(&format!("{}{sequence:03}", &number[..14]))
}

fn with_check(body: &str) -> String {
    format!("{body}{}", check_character(body).unwrap_or('0'))
}

/// One digit of the sequence becomes another, so that only the check character tells.
fn one_digit_changed(number: &str, inputs: &Inputs) -> String {
    let mut draw = Draw::new(&[b"number-substituted", &inputs.digest]);
    let position = usize::try_from(14 + draw.below(3)).unwrap_or(14);
    let digit = u64::from(number.as_bytes()[position] - b'0');
    let other = u32::try_from((digit + 1 + draw.below(9)) % 10).ok().and_then(|other| char::from_digit(other, 10));
    substitute(number, position, other.unwrap_or('0'))
}

/// The full-width form of a digit or letter (U+FF01 to U+FF5E).
fn full_width(character: char) -> char {
    char::from_u32(u32::from(character) + 0xfee0).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variation::makers::{Made, make};
    use crate::variation::tests::sample_inputs;

    fn made(name: &str, number: &str, inputs: &Inputs) -> Made {
        make(name, Some(&number.into()), inputs)
    }

    #[test]
    fn each_defect_is_the_one_its_name_says() {
        use ecric_licence::citizen_number::CitizenNumberErrorKind::{BirthDate, Character, CheckCharacter, Length};
        let number = "110199199003070017";
        let with_x = "11019919930303005X";
        let fault = |name: &str, number: &str| {
            let text = made(name, number, &sample_inputs()).unwrap();
            parse_citizen_number(text.as_str().unwrap()).unwrap_err().kind
        };
        for from in [number, with_x, "110199200002290099"] {
            assert_eq!(fault("number-wrong-check", from), CheckCharacter);
            assert_eq!(fault("number-17", from), Length { found: 17 });
            assert_eq!(fault("number-30-february", from), BirthDate);
            assert_eq!(fault("number-substituted", from), CheckCharacter);
            assert_eq!(fault("number-swapped", from), CheckCharacter);
            assert_eq!(fault("number-full-width", from), Character);
            let other = made("number-other", from, &sample_inputs()).unwrap();
            let other = parse_citizen_number(other.as_str().unwrap()).unwrap();
            let from = parse_citizen_number(from).unwrap();
            assert_ne!(other, from);
            assert_eq!((other.birth_date(), other.sex()), (from.birth_date(), from.sex()));
        }
        assert_eq!(made("number-lower-x", with_x, &sample_inputs()).unwrap(), "11019919930303005x");
        assert!(made("number-lower-x", number, &sample_inputs()).is_err());
        assert!(made("number-17", "110199199003070018", &sample_inputs()).is_err());
        for end in [997, 998, 999] {
            let from = with_check(&format!("11019919900307{end}"));
            let other = made("number-other", &from, &sample_inputs()).unwrap();
            assert!(parse_citizen_number(other.as_str().unwrap()).is_ok());
            assert_ne!(other, from.as_str());
        }
    }
}
