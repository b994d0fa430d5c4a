//! Cases that no mutant turns red, each with the reason why that is accepted. An entry whose case is
//! red somewhere, or is gone, makes the selftest fall short: the list only shrinks by itself.

use ecric_model::Text;

/// Case, reason in English, reason in Chinese.
const ACCEPTED: &[(&str, &str, &str)] = &[];

/// Every case of the list.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    ACCEPTED.iter().map(|(id, _, _)| *id)
}

/// Why the case is accepted, if it is.
pub(crate) fn reason(id: &str) -> Option<Text> {
    ACCEPTED.iter().find(|(case, _, _)| *case == id).map(|(_, en, zh)| Text::new(*en, *zh))
}
