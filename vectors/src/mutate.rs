//! Single errors in identifiers and citizen numbers, for properties. Never judges the result.

use ecric_licence::identifier::ROOT;
use proptest::prelude::{Just, Strategy};
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

const IDENTIFIER_ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NUMBER_ALPHABET: &str = "0123456789X";

/// Replaces the character at `position`, counted in characters from 0; beyond the end nothing changes.
#[must_use]
pub fn substitute(text: &str, position: usize, replacement: char) -> String {
    text.chars().enumerate().map(|(at, found)| if at == position { replacement } else { found }).collect()
}

/// Swaps the characters at `position` and `position` + 1, counted in characters from 0; where one
/// of them does not exist nothing changes.
#[must_use]
pub fn swap(text: &str, position: usize) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if position + 1 < characters.len() {
        characters.swap(position, position + 1);
    }
    characters.into_iter().collect()
}

/// Licence identifiers with one character after the root changed to another of 0-9 and A-Z; the
/// dots stay. A text without such a character is given back as it is.
pub fn identifier_substitution_strategy(identifier: &str) -> BoxedStrategy<String> {
    let start = if identifier.starts_with(ROOT) { ROOT.len() } else { 0 };
    choose(identifier, substitutions(identifier, start, IDENTIFIER_ALPHABET).collect())
}

/// Citizen numbers with one character changed to another of 0-9 and X, or with two neighbours
/// swapped; the text always differs.
pub fn number_error_strategy(number: &str) -> BoxedStrategy<String> {
    let swaps = (0..number.chars().count()).map(|position| swap(number, position)).filter(|text| text != number);
    choose(number, substitutions(number, 0, NUMBER_ALPHABET).chain(swaps).collect())
}

/// A place and the characters that are put there: of the alphabet of presentation codes, and others.
pub fn code_text_strategy() -> BoxedStrategy<(usize, String)> {
    (0_usize..1000, "[0-9A-Z $%*+./:a-z,;-]{1,6}").boxed()
}

/// A bit of an online presentation code, counted from its first byte.
pub fn code_bit_strategy() -> BoxedStrategy<usize> {
    (0_usize..1600).boxed()
}

fn substitutions<'a>(text: &'a str, start: usize, alphabet: &'a str) -> impl Iterator<Item = String> + 'a {
    let places = text.chars().enumerate().filter(move |(at, found)| *at >= start && *found != '.');
    places.flat_map(move |(at, found)| {
        let others = alphabet.chars().filter(move |other| *other != found);
        others.map(move |other| substitute(text, at, other))
    })
}

fn choose(text: &str, choices: Vec<String>) -> BoxedStrategy<String> {
    if choices.is_empty() { Just(text.to_owned()).boxed() } else { select(choices).boxed() }
}

#[cfg(test)]
mod tests {
    use ecric_licence::{citizen_number::parse_citizen_number, identifier::parse_identifier};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    const IDENTIFIER: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";
    const NUMBER: &str = "110199199003070017";

    #[test]
    fn one_place_changes() {
        let rows = [
            (substitute("测试甲", 2, '乙'), "测试乙"),
            (substitute("abc", 3, 'x'), "abc"),
            (swap("测试甲", 1), "测甲试"),
            (swap("abc", 2), "abc"),
            (swap("aab", 0), "aab"),
            (swap("", 0), ""),
        ];
        for (found, wanted) in rows {
            assert_eq!(found, wanted);
        }
    }

    proptest! {
        #[test]
        fn a_substitution_changes_one_character_behind_the_root(text in identifier_substitution_strategy(IDENTIFIER)) {
            prop_assert_eq!(text.chars().zip(IDENTIFIER.chars()).filter(|(a, b)| a != b).count(), 1);
            prop_assert!(text.starts_with("1.2.156.3005.2."));
            prop_assert_eq!(text.matches('.').count(), IDENTIFIER.matches('.').count());
            prop_assert!(parse_identifier(&text).is_err());
        }

        #[test]
        fn an_error_in_a_number_is_never_a_number(text in number_error_strategy(NUMBER)) {
            prop_assert!(text != NUMBER);
            prop_assert!(parse_citizen_number(&text).is_err());
        }
    }

    #[test]
    fn texts_without_places_come_back() {
        use proptest::strategy::ValueTree;
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for text in ["", ROOT] {
            let tree = identifier_substitution_strategy(text).new_tree(&mut runner).unwrap();
            assert_eq!(tree.current(), text);
        }
    }
}
