//! Words of gamma for what the core says: coarser than the core, as such gateways are. Invented by us.

use ecric_model::reason::class_of;

/// Short keys of attributes. A name without one stays as it is.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("name", "n"),
    ("sex", "g"),
    ("ethnicity", "e"),
    ("birthDate", "b"),
    ("address", "ad"),
    ("idNumber", "no"),
    ("issuingAuthority", "au"),
    ("nameMasked", "nm"),
    ("idNumberMasked", "nom"),
    ("ageOver18", "o18"),
    ("ageOver16", "o16"),
    ("ageBand", "ab"),
    ("areaCode", "ar"),
];

/// Short keys of checks.
pub(super) const STAGES: &[(&str, &str)] = &[
    ("format", "fmt"),
    ("signature", "sig"),
    ("coverage", "cov"),
    ("chain", "chain"),
    ("certStatus", "rev"),
    ("timestamp", "ts"),
    ("validity", "val"),
    ("licenceStatus", "st"),
    ("consistency", "meta"),
    ("binding", "bind"),
    ("freshness", "fresh"),
    ("scope", "scope"),
];

/// The short key of an attribute.
pub(super) fn short(name: &str) -> &str {
    ATTRIBUTES.iter().find(|(known, _)| *known == name).map_or(name, |(_, key)| key)
}

/// The attribute of a short key.
pub(super) fn long(key: &str) -> &str {
    ATTRIBUTES.iter().find(|(_, known)| *known == key).map_or(key, |(name, _)| name)
}

/// First letter of an outcome: `P` passed, `F` failed, `U` unknown, `S` skipped; `M` and `X` of a comparison.
pub(super) fn letter(word: &str) -> &'static str {
    match word {
        "PASS" => "P",
        "FAIL" => "F",
        "UNKNOWN" => "U",
        "SKIPPED" => "S",
        "MATCH" => "M",
        "MISMATCH" => "X",
        _ => "",
    }
}

/// Letter of a state.
pub(super) fn state(word: &str) -> &'static str {
    match word {
        "NOT_ACTIVE" => "N",
        "VALID" => "V",
        "SUSPENDED" => "S",
        "EXPIRED" => "E",
        "SUPERSEDED" => "P",
        "REVOKED" => "R",
        "DESTROYED" => "D",
        _ => "",
    }
}

/// `why` for a reason of the core; none for notes beside the classes, which the gateway keeps to itself.
pub(super) fn why(reason: &str) -> Option<&'static str> {
    Some(match class_of(reason)?.code {
        "FORMAT_MALFORMED" | "FORMAT_UNSUPPORTED" | "FORMAT_LIMIT" | "FORMAT_ACTIVE_CONTENT" => "ECARD.FORM",
        "SIG_INVALID" | "SIG_SIGNER_ID" | "SIG_ALG_FORBIDDEN" | "SIG_MISSING" | "SIG_COVERAGE" | "SEAL_INVALID" => {
            "ECARD.SIGNFILE"
        }
        "CERT_UNTRUSTED" | "CERT_CHAIN" | "CERT_USAGE" | "CERT_EXPIRED" | "CERT_NOT_YET_VALID" | "CERT_REVOKED" => {
            "ECARD.CHAIN"
        }
        "CERT_STATUS_UNKNOWN" | "LICENCE_STATUS_UNKNOWN" | "LICENCE_STATUS_STALE" | "TS_MISSING" => "ECARD.OFFLINE",
        "TS_INVALID" => "ECARD.STAMP",
        "META_MISMATCH" | "ISSUER_MISMATCH" | "COPY_EXPIRED" | "COPY_CAUSE_MISMATCH" => "ECARD.META",
        "CODE_MALFORMED" => "ECARD.CODE",
        "CODE_SIG" => "ECARD.SIGN",
        "CODE_EXPIRED" => "ECARD.TIMEOUT",
        "CODE_FUTURE" => "ECARD.EARLY",
        "CODE_REPLAYED" => "ECARD.REPLAY",
        "CODE_AUDIENCE" => "ECARD.AUD",
        "CODE_SCENE" => "ECARD.SCENE",
        "CODE_NONCE" => "ECARD.NONCE",
        "CODE_SCOPE" => "ECARD.SCOPE",
        "BINDING_INVALID" => "ECARD.BIND",
        "BINDING_REVOKED" => "ECARD.UNBOUND",
        "EVIDENCE_MISMATCH" => "ECARD.EVIDENCE",
        "CONSENT_ABSENT" => "ECARD.ABSENT",
        "IDENTIFIER_INVALID" => "ECARD.ID",
        "LICENCE_TYPE" => "ECARD.KIND",
        "ATTR_MISMATCH" => "ECARD.DIFF",
        "ATTR_INSUFFICIENT" => "ECARD.FEW",
        "LICENCE_NOT_ACTIVE" => "ECARD.IDLE",
        "LICENCE_SUSPENDED" => "ECARD.HOLD",
        "LICENCE_EXPIRED" => "ECARD.OLD",
        "LICENCE_SUPERSEDED" => "ECARD.REPLACED",
        "LICENCE_REVOKED" => "ECARD.OFF",
        "LICENCE_DESTROYED" => "ECARD.GONE",
        "LICENCE_UNKNOWN" => "ECARD.NONE",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ecric_model::binding::{CHECK_KEYS, LicenceStatus};
    use ecric_model::reason::CLASSES;

    use super::*;

    #[test]
    fn every_class_state_and_check_has_a_word() {
        for class in CLASSES {
            assert!(why(class.code).is_some(), "{}", class.code);
        }
        let found = (why("DATAHASH_MISMATCH"), why("CERT_CHAIN@ca"), why("NOPE"));
        assert_eq!(found, (Some("ECARD.SIGNFILE"), Some("ECARD.CHAIN"), None));
        let states: std::collections::BTreeSet<&str> =
            LicenceStatus::ALL.iter().map(|word| state(word.code())).collect();
        assert_eq!(states.len(), LicenceStatus::ALL.len());
        assert!(!states.contains(""));
        for key in CHECK_KEYS {
            assert!(STAGES.iter().any(|(name, _)| *name == key), "{key}");
        }
        for (name, key) in ATTRIBUTES {
            assert_eq!((short(name), long(key)), (*key, *name));
        }
        assert_eq!((short("shoeSize"), long("shoeSize")), ("shoeSize", "shoeSize"));
    }
}
