//! Cases that no mutant turns red, each with the reason why that is accepted. An entry whose case is
//! red somewhere makes the selftest fall short, so that the list stays true.

use ecric_model::Text;

/// Cases, reason in English, reason in Chinese.
const ACCEPTED: &[(&[&str], &str, &str)] = &[(
    &["ATH-009/05", "ATH-009/06"],
    "the HTTP library of the reference refuses it before the reference decides anything",
    "参考实现所用的HTTP库在其作出任何决策前即予拒绝",
)];

/// Every case of the list.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    ACCEPTED.iter().flat_map(|(cases, _, _)| cases.iter().copied())
}

/// Why the case is accepted, if it is.
pub(crate) fn reason(id: &str) -> Option<Text> {
    ACCEPTED.iter().find(|(cases, _, _)| cases.contains(&id)).map(|(_, en, zh)| Text::new(*en, *zh))
}
