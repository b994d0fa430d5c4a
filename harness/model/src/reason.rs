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

/// The closed list. A class names the checks that it may decide, its outcome by default, and the
/// fine codes under it.
pub const CLASSES: &[ReasonClass] = &[
    class(
        "FORMAT_MALFORMED",
        &["format"],
        I,
        &[
            "ZIP_MALFORMED",
            "ZIP_DUPLICATE_NAME",
            "ZIP_NAME_COLLISION",
            "ZIP_BAD_NAME",
            "ZIP_PATH_ESCAPE",
            "ZIP_HEADER_MISMATCH",
            "ZIP_SLACK_BYTES",
            "ZIP_OVERLAP",
            "ZIP_CRC",
            "ZIP_DESCRIPTOR",
            "ZIP_HIDDEN_ENTRY",
            "ZIP_COUNT",
            "ZIP_DIR_DATA",
            "OFD_ENTRY",
            "XML_MALFORMED",
            "XML_DTD",
            "XML_NAMESPACE",
            "XML_STRUCTURE",
            "XML_ENCODING",
            "XML_TEXT",
            "SIGNATURE_ID",
            "DUPLICATE_REF",
            "BAD_PATH",
            "BASE64_FORM",
            "SES_MALFORMED",
            "CMS_MALFORMED",
            "DER_NON_CANONICAL",
            "VERSION_MIX",
            "SEAL_MALFORMED",
            "TIME_FORM",
        ],
    ),
    class("FORMAT_UNSUPPORTED", &["format"], I, &["ZIP_UNSUPPORTED", "DOC_TYPE", "MULTI_DOC", "VERSION_REFUSED"]),
    class("FORMAT_LIMIT", &["format"], I, &["ZIP_LIMIT", "ZIP_NESTED", "XML_LIMIT", "NESTED_LIMIT", "PICTURE_LIMIT"]),
    class("FORMAT_ACTIVE_CONTENT", &["format"], I, &["ACTIVE_CONTENT"]),
    class("SIG_MISSING", &["format"], I, &["NO_SIGNATURE", "SIGNATURE_LIST_BROKEN"]),
    class(
        "SIG_INVALID",
        &["signature"],
        I,
        &[
            "DIGEST_MISMATCH",
            "DATAHASH_MISMATCH",
            "PROPERTY_MISMATCH",
            "MISSING_REF",
            "SM2_BAD",
            "SM2_ENCODING",
            "KEY_BAD",
            "TYPE_MISMATCH",
            "EXTRA_SIGNER",
            "BASE_SIGNATURE",
            "TIME_FUTURE",
            "TIME_DISAGREES",
        ],
    ),
    class("SIG_SIGNER_ID", &["signature"], I, &[]),
    class("SIG_ALG_FORBIDDEN", &["signature", "chain"], I, &["SIG_METHOD", "WEAK_OR_UNKNOWN_DIGEST"]),
    class(
        "SIG_COVERAGE",
        &["coverage"],
        I,
        &["UNCOVERED_ROOT", "UNCOVERED_FILE", "EMPTY_OR_PARTIAL_RANGE", "STRAY_ENTRY", "VERSION_AFTER_SIGN"],
    ),
    class(
        "SEAL_INVALID",
        &["signature", "validity"],
        I,
        &[
            "SEAL_SIGNATURE_BAD",
            "SEAL_EXPIRED",
            "SEAL_NOT_YET_VALID",
            "SEAL_EXPIRED_NOW",
            "SEAL_TIME_FORM",
            "CERT_NOT_IN_SEAL",
            "SEAL_FILE_MISMATCH",
            "STAMP_PLACE",
        ],
    ),
    class("CERT_UNTRUSTED", &["chain"], I, &["CERT_ENVIRONMENT"]),
    class("CERT_CHAIN", &["chain"], I, &["CERT_MALFORMED"]),
    class("CERT_USAGE", &["chain"], I, &[]),
    class("CERT_EXPIRED", &["validity"], I, &[]),
    class("CERT_NOT_YET_VALID", &["validity"], I, &[]),
    class("CERT_REVOKED", &["certStatus", "validity"], I, &[]),
    class("CERT_STATUS_UNKNOWN", &["certStatus"], Q, &[]),
    class("TS_INVALID", &["timestamp"], I, &[]),
    class("TS_MISSING", &["timestamp"], Q, &[]),
    class("ISSUER_MISMATCH", &["consistency"], I, &["SIGNER_ROLE", "COPY_SIGNER"]),
    class(
        "META_MISMATCH",
        &["consistency"],
        I,
        &[
            "META_MISSING",
            "META_DUPLICATE",
            "INDEX_BROKEN",
            "COPY_FIELDS",
            "COPY_ORIGIN",
            "EXPECT_MISMATCH",
            "LICENCE_ID_BAD",
            "TYPE_CODE",
        ],
    ),
    class("COPY_EXPIRED", &["validity"], I, &[]),
    class("COPY_CAUSE_MISMATCH", &["consistency"], I, &[]),
    class("IDENTIFIER_INVALID", &["format"], I, &[]),
    class("LICENCE_TYPE", &["consistency"], I, &[]),
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
    class("CODE_MALFORMED", &["format"], I, &[]),
    class("CODE_SIG", &["signature"], I, &[]),
    class("CODE_EXPIRED", &["freshness"], I, &["CODE_LIFETIME", "VIEW_EXPIRED"]),
    class("CODE_FUTURE", &["freshness"], I, &[]),
    class("CODE_REPLAYED", &["freshness"], I, &[]),
    class("CODE_AUDIENCE", &["binding"], I, &[]),
    class("CODE_SCENE", &["binding"], I, &[]),
    class("CODE_NONCE", &["binding"], I, &[]),
    class("CODE_SCOPE", &["scope"], I, &[]),
    class("BINDING_INVALID", &["binding"], I, &[]),
    class("BINDING_REVOKED", &["binding"], I, &[]),
    class("EVIDENCE_MISMATCH", &["consistency"], I, &[]),
    class("CONSENT_ABSENT", &["scope"], Q, &[]),
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
        assert_eq!(class_of("LICENCE_ID_BAD").map(|c| c.code), Some("META_MISMATCH"));
        assert_eq!(class_of("CERT_CHAIN@ca").map(|c| c.code), Some("CERT_CHAIN"));
        assert_eq!(class_of("NOPE"), None);
    }
}
