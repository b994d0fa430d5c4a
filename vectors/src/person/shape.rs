//! Shapes of persons for properties: every name, ethnicity and address that an issuer has to keep.

use ecric_licence::citizen_number::Sex;
use ecric_licence::code_lists::ETHNICITIES;
use proptest::char::range;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

/// What a property chooses of a person; the number comes from the slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonShape {
    /// 2 to 50 characters; middle dots stand between others only.
    pub name: String,
    /// Sex, with which digit 17 will agree.
    pub sex: Sex,
    /// One of the 58 codes.
    pub ethnicity: String,
    /// 1 to 70 characters.
    pub address: String,
}

/// Persons with names out of the unified ideographs of the first plane, extensions A, B and G,
/// U+3007 and U+00B7; no private use, no compatibility forms, no combining or invisible characters.
pub fn strategy() -> impl Strategy<Value = PersonShape> {
    let ethnicity = select(ETHNICITIES).prop_map(|(code, _)| code.to_owned());
    let sex = any::<bool>().prop_map(|male| if male { Sex::Male } else { Sex::Female });
    (name(), sex, ethnicity, address()).prop_map(|(name, sex, ethnicity, address)| PersonShape {
        name,
        sex,
        ethnicity,
        address,
    })
}

fn ideograph() -> impl Strategy<Value = char> {
    prop_oneof![
        12 => range('\u{4e00}', '\u{9fa5}'),
        2 => range('\u{3400}', '\u{4db5}'),
        2 => range('\u{20000}', '\u{2a6d6}'),
        1 => range('\u{30000}', '\u{3134a}'),
        1 => Just('〇'),
    ]
}

/// Mostly short, as names are, sometimes up to the limit.
fn name() -> impl Strategy<Value = String> {
    let inner = prop_oneof![9 => ideograph().boxed(), 1 => Just('·').boxed()];
    let length = prop_oneof![4 => 0..4_usize, 1 => 0..49_usize];
    let inner = length.prop_flat_map(move |length| proptest::collection::vec(inner.clone(), length));
    (ideograph(), inner, ideograph()).prop_map(|(first, inner, last)| {
        let mut name = String::from(first);
        for character in inner {
            if character != '·' || !name.ends_with('·') {
                name.push(character);
            }
        }
        name.push(last);
        name
    })
}

fn address() -> impl Strategy<Value = String> {
    let character = prop_oneof![8 => ideograph().boxed(), 2 => range('0', '9').boxed(), 1 => range('A', 'Z').boxed()];
    let length = prop_oneof![4 => 1..20_usize, 1 => 1..71_usize];
    length
        .prop_flat_map(move |length| proptest::collection::vec(character.clone(), length))
        .prop_map(|characters| characters.into_iter().collect())
}
