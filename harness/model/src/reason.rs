//! Reason codes of binding v1, section 8: classes, and the fine codes under them.

use crate::binding::VerifyOutcome;

/// A class of reasons: what a vendor is judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonClass {
    /// The class code.
    pub code: &'static str,
    /// Keys of `checks` that it may decide.
    pub checks: &'static [&'static str],
    /// Outcome by default.
    pub default: VerifyOutcome,
    /// Fine codes under it.
    pub fine: &'static [&'static str],
}

const I: VerifyOutcome = VerifyOutcome::Invalid;
const Q: VerifyOutcome = VerifyOutcome::Indeterminate;

const fn class(
    code: &'static str,
    checks: &'static [&'static str],
    default: VerifyOutcome,
    fine: &'static [&'static str],
) -> ReasonClass {
    ReasonClass { code, checks, default, fine }
}

/// Classes used by attribute and batch verification. Those of licence files, X.509 paths and
/// presentation codes join with the operations that need them.
pub const CLASSES: &[ReasonClass] = &[
    class("IDENTIFIER_INVALID", &["format"], I, &["LICENCE_ID_BAD"]),
    class("LICENCE_TYPE", &["consistency"], I, &["TYPE_CODE"]),
    class("ATTR_MISMATCH", &["consistency"], I, &[]),
    class("ATTR_INSUFFICIENT", &["consistency"], Q, &["ATTR_AMBIGUOUS"]),
    class("LICENCE_NOT_ACTIVE", &["licenceStatus"], I, &[]),
    class("LICENCE_SUSPENDED", &["licenceStatus"], I, &[]),
    class("LICENCE_EXPIRED", &["licenceStatus"], I, &[]),
    class("LICENCE_SUPERSEDED", &["licenceStatus"], I, &[]),
    class("LICENCE_REVOKED", &["licenceStatus"], I, &[]),
    class("LICENCE_DESTROYED", &["licenceStatus"], I, &[]),
    class("LICENCE_UNKNOWN", &["licenceStatus"], I, &[]),
    class("LICENCE_STATUS_UNKNOWN", &["licenceStatus"], Q, &[]),
    class("LICENCE_STATUS_STALE", &["licenceStatus"], Q, &[]),
];

/// The class of a code: itself, or the class it is a fine code of. `@signer` and the like are cut off.
#[must_use]
pub fn class_of(code: &str) -> Option<&'static ReasonClass> {
    let bare = code.split('@').next().unwrap_or_default();
    CLASSES.iter().find(|class| class.code == bare || class.fine.contains(&bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_belongs_to_one_class() {
        let mut seen = std::collections::BTreeSet::new();
        for class in CLASSES {
            assert!(seen.insert(class.code), "{}", class.code);
            for fine in class.fine {
                assert!(seen.insert(fine), "{fine}");
            }
        }
        assert_eq!(class_of("LICENCE_ID_BAD").map(|c| c.code), Some("IDENTIFIER_INVALID"));
        assert_eq!(class_of("NOPE"), None);
    }
}
