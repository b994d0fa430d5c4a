//! Identifiers of requirements, cases, mutants and evidence. Never reused, never renumbered.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a {kind}, wanted {wanted}")]
pub struct IdError {
    /// The text found.
    pub found: String,
    /// The kind wanted, in words.
    pub kind: &'static str,
    /// The shape wanted.
    pub wanted: &'static str,
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $wanted:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// Parses the text form.
            ///
            /// # Errors
            /// When the text has another shape.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { found: text.to_owned(), kind: $kind, wanted: $wanted })
                }
            }

            /// The text form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id_type!(
    /// A requirement: family of two to four capitals, a hyphen, three digits (`IDN-008`).
    RequirementId, "requirement id", "a family of 2-4 capitals, '-', three digits", is_requirement
);
id_type!(
    /// A case: requirement, a slash, two digits (`IDN-008/02`).
    CaseId, "case id", "a requirement id, '/', two digits", is_case
);
id_type!(
    /// A mutant: `M-`, requirement, a hyphen, one small letter (`M-IDN-008-a`).
    MutantId, "mutant id", "'M-', a requirement id, '-', one small letter", is_mutant
);

impl CaseId {
    /// The requirement that the case serves.
    #[must_use]
    pub fn requirement(&self) -> RequirementId {
        RequirementId(self.0.split('/').next().unwrap_or_default().to_owned())
    }
}

impl MutantId {
    /// The requirement that the mutant breaks.
    #[must_use]
    pub fn requirement(&self) -> RequirementId {
        let inner = self.0.trim_start_matches("M-");
        RequirementId(inner.rsplit_once('-').map_or(inner, |(head, _)| head).to_owned())
    }
}

fn is_requirement(text: &str) -> bool {
    text.split_once('-').is_some_and(|(family, number)| {
        (2..=4).contains(&family.len())
            && family.bytes().all(|b| b.is_ascii_uppercase())
            && number.len() == 3
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_case(text: &str) -> bool {
    text.split_once('/').is_some_and(|(requirement, number)| {
        is_requirement(requirement) && number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_mutant(text: &str) -> bool {
    text.strip_prefix("M-").and_then(|rest| rest.rsplit_once('-')).is_some_and(|(requirement, letter)| {
        is_requirement(requirement) && letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_strict() {
        for ok in ["IDN-008", "MD-001", "PERF-123"] {
            assert!(RequirementId::parse(ok).is_ok(), "{ok}");
        }
        for bad in ["", "IDN008", "IDN-08", "idn-008", "I-008", "IDNXX-008", "IDN-008/01", "IDN-00８"] {
            assert!(RequirementId::parse(bad).is_err(), "{bad}");
        }
        assert!(CaseId::parse("IDN-008/02").is_ok());
        for bad in ["IDN-008", "IDN-008/2", "IDN-008/002", "IDN-008/0a"] {
            assert!(CaseId::parse(bad).is_err(), "{bad}");
        }
        let mutant = MutantId::parse("M-IDN-008-a").unwrap();
        assert_eq!(mutant.requirement().as_str(), "IDN-008");
        assert_eq!(CaseId::parse("MD-001/01").unwrap().requirement().as_str(), "MD-001");
        assert!(MutantId::parse("M-IDN-008-aa").is_err());
    }
}
