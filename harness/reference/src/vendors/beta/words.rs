//! Beta's words beside those of binding v1. Tables of (binding v1, beta).

/// Pairs of words.
pub(super) type Words = &'static [(&'static str, &'static str)];

/// Attributes of a person, and the scopes of a disclosure.
pub(super) const ATTRIBUTES: Words = &[
    ("name", "fullName"),
    ("minorityName", "fullNameSecond"),
    ("sex", "gender"),
    ("ethnicity", "group"),
    ("birthDate", "born"),
    ("address", "residence"),
    ("minorityAddress", "residenceSecond"),
    ("idNumber", "nationalId"),
    ("photo", "portrait"),
    ("issuingAuthority", "authority"),
    ("validityPeriod", "term"),
    ("validFrom", "termStart"),
    ("validTo", "termEnd"),
    ("nameMasked", "fullNameMasked"),
    ("idNumberMasked", "nationalIdMasked"),
    ("ageOver18", "over18"),
    ("ageOver16", "over16"),
    ("ageBand", "ageGroup"),
    ("areaCode", "region"),
];

/// Sex.
pub(super) const GENDERS: Words = &[("1", "M"), ("2", "F")];

/// States of a licence.
pub(super) const STATES: Words = &[
    ("NOT_ACTIVE", "PENDING"),
    ("VALID", "ACTIVE"),
    ("SUSPENDED", "ON_HOLD"),
    ("EXPIRED", "LAPSED"),
    ("SUPERSEDED", "REPLACED"),
    ("REVOKED", "REVOKED"),
    ("DESTROYED", "ERASED"),
];

/// Why a licence was changed or renewed.
pub(super) const BECAUSE: Words = &[
    ("CARD_LOST", "card_lost"),
    ("CARD_FOUND", "card_found"),
    ("DATA_CHANGED", "data_changed"),
    ("ISSUED_IN_ERROR", "issued_in_error"),
    ("HOLDER_DECEASED", "deceased"),
    ("NATIONALITY_LOST", "nationality_lost"),
    ("KEY_COMPROMISE", "key_compromise"),
    ("HOLDER_REQUEST", "holder_request"),
    ("RISK_CONTROL", "risk"),
    ("RETENTION", "retention"),
    ("INITIAL", "initial"),
    ("RENEWAL", "renewal"),
    ("DAMAGED", "damaged"),
];

/// Stated use.
pub(super) const PURPOSE: Words = &[
    ("certificateCopyCause", "text"),
    ("certificateSystemName", "system"),
    ("certificateCallCategory", "category"),
    ("relatedItemName", "matter"),
    ("relatedItemCode", "matterCode"),
    ("businessNo", "file"),
    ("operator", "clerk"),
];

/// Operator.
pub(super) const CLERK: Words = &[("orgCode", "org"), ("role", "role")];

/// Members of a licence and of its state.
pub(super) const LICENCE: Words = &[
    ("certificateIdentifier", "id"),
    ("certificateTypeCode", "kindCode"),
    ("certificateTypeName", "kindName"),
    ("certificateName", "title"),
    ("certificateVersion", "edition"),
    ("certificateIssuingAuthorityName", "officeName"),
    ("certificateIssuingAuthorityCode", "office"),
    ("certificateHolderTypeCode", "holderKind"),
    ("certificateHolderTypeName", "holderKindName"),
    ("certificateStatus", "state"),
    ("statusVersion", "rev"),
    ("statusTime", "since"),
    ("statusRef", "listed"),
    ("previousCertificateIdentifier", "follows"),
    ("certificateIssuedDate", "issuedOn"),
    ("certificateEffectiveDate", "startsOn"),
    ("certificateExpiringDate", "endsOn"),
    ("certificateValidityRange", "span"),
    ("certificateAreaCode", "region"),
    ("certificateNumber", "number"),
    ("certificateHolderCode", "holderCode"),
    ("certificateHolderName", "holderName"),
    ("holder", "subject"),
    ("reason", "because"),
    ("thisUpdate", "asOf"),
    ("nextUpdate", "next"),
    ("scheduled", "later"),
    ("effectiveTime", "at"),
    ("certificateCopyCreationTime", "copyMade"),
    ("certificateCopyCreator", "copyMaker"),
    ("certificateCopyCause", "copyPurpose"),
    ("certificateCopyExpiringTime", "copyUntil"),
];

/// Members of an event.
pub(super) const EVENT: Words = &[
    ("time", "at"),
    ("operation", "what"),
    ("callerApp", "who"),
    ("callerOrg", "org"),
    ("use", "purpose"),
    ("attributes", "fields"),
    ("result", "outcome"),
    ("requestId", "request"),
    ("seq", "no"),
    ("operator", "clerk"),
    ("action", "change"),
    ("reason", "because"),
];

/// What happened.
pub(super) const EVENTS: Words = &[
    ("issuer.issue", "licence.issued"),
    ("issuer.metadata", "licence.disclosed"),
    ("issuer.file", "document.released"),
    ("issuer.transition", "state.changed"),
    ("issuer.reissue", "licence.renewed"),
    ("issuer.search", "licences.queried"),
    ("verifier.file", "document.verified"),
    ("verifier.attributes", "claims.verified"),
];

/// Changes of a state.
pub(super) const CHANGES: Words = &[
    ("ACTIVATE", "activated"),
    ("SUSPEND", "held"),
    ("RESTORE", "released"),
    ("REVOKE", "revoked"),
    ("DESTROY", "erased"),
];

/// Members of a verdict.
pub(super) const VERDICT: Words = &[
    ("result", "outcome"),
    ("warnings", "notes"),
    ("checks", "stages"),
    ("statusSource", "basis"),
    ("evaluatedAt", "at"),
    ("certificateIdentifier", "licence"),
    ("certificateStatus", "state"),
    ("statusTime", "since"),
    ("artefact", "form"),
    ("match", "claims"),
    ("evidenceId", "receipt"),
];

/// Outcomes of a verification.
pub(super) const OUTCOMES: Words = &[("VALID", "ACCEPT"), ("INVALID", "REJECT"), ("INDETERMINATE", "UNSURE")];

/// Stages of a verification.
pub(super) const STAGES: Words = &[
    ("format", "container"),
    ("signature", "signature"),
    ("coverage", "coverage"),
    ("chain", "chain"),
    ("certStatus", "revocation"),
    ("timestamp", "stamp"),
    ("validity", "dates"),
    ("licenceStatus", "state"),
    ("consistency", "contents"),
    ("binding", "device"),
    ("freshness", "freshness"),
    ("scope", "scope"),
];

/// How a stage ended.
pub(super) const STAGE_ENDS: Words = &[("PASS", "GOOD"), ("FAIL", "BAD"), ("UNKNOWN", "OPEN"), ("SKIPPED", "LEFT_OUT")];

/// Claims compared.
pub(super) const CLAIMS: Words = &[("MATCH", "TRUE"), ("MISMATCH", "FALSE"), ("UNKNOWN", "OPEN")];

/// Where a state was taken from.
pub(super) const BASES: Words = &[("LIVE", "REGISTRY"), ("LIST", "LIST"), ("CACHE", "MEMORY"), ("NONE", "NOT_ASKED")];

/// Original or copy.
pub(super) const FORMS: Words = &[("ORIGINAL", "ORIGINAL"), ("COPY", "DUPLICATE")];

/// Codes of checks that failed, from the closest code of binding v1: a fine code first, else its class.
pub(super) const CODES: Words = &[
    ("DIGEST_MISMATCH", "ALTERED"),
    ("EXPECT_MISMATCH", "OTHER"),
    ("TYPE_CODE", "KIND"),
    ("SIG_INVALID", "SIG_BAD"),
    ("SIG_SIGNER_ID", "SIG_BAD"),
    ("SIG_MISSING", "SIG_NONE"),
    ("SIG_ALG_FORBIDDEN", "ALG"),
    ("SIG_COVERAGE", "NOT_COVERED"),
    ("SEAL_INVALID", "SEAL"),
    ("CERT_UNTRUSTED", "CHAIN"),
    ("CERT_CHAIN", "CHAIN"),
    ("CERT_USAGE", "CHAIN"),
    ("CERT_REVOKED", "CRL"),
    ("CERT_STATUS_UNKNOWN", "CRL"),
    ("CERT_EXPIRED", "SIGNER_EXPIRED"),
    ("CERT_NOT_YET_VALID", "SIGNER_EXPIRED"),
    ("TS_INVALID", "STAMP_TIME"),
    ("TS_MISSING", "STAMP_TIME"),
    ("FORMAT_MALFORMED", "CONTAINER"),
    ("FORMAT_UNSUPPORTED", "CONTAINER"),
    ("FORMAT_ACTIVE_CONTENT", "CONTAINER"),
    ("FORMAT_LIMIT", "LIMIT"),
    ("META_MISMATCH", "META"),
    ("ISSUER_MISMATCH", "META"),
    ("COPY_EXPIRED", "COPY_OLD"),
    ("COPY_CAUSE_MISMATCH", "PURPOSE"),
    ("IDENTIFIER_INVALID", "NUMBER"),
    ("LICENCE_TYPE", "KIND"),
    ("ATTR_MISMATCH", "CLAIM"),
    ("ATTR_INSUFFICIENT", "TOO_LITTLE"),
    ("LICENCE_NOT_ACTIVE", "PENDING"),
    ("LICENCE_SUSPENDED", "HOLD"),
    ("LICENCE_EXPIRED", "LAPSED"),
    ("LICENCE_SUPERSEDED", "REPLACED"),
    ("LICENCE_REVOKED", "REVOKED"),
    ("LICENCE_DESTROYED", "GONE"),
    ("LICENCE_UNKNOWN", "NO_RECORD"),
    ("LICENCE_STATUS_UNKNOWN", "NO_STATUS"),
    ("LICENCE_STATUS_STALE", "OLD_STATUS"),
];

/// Last part of `type` of a problem, by error code.
pub(super) const PROBLEMS: Words = &[
    ("INVALID_REQUEST", "bad-member"),
    ("UNSUPPORTED_CRITICAL", "unknown-critical"),
    ("UNSUPPORTED_FORMAT", "no-such-document-type"),
    ("UNAUTHENTICATED", "who-are-you"),
    ("FORBIDDEN", "not-yours"),
    ("SCOPE_EXCEEDED", "too-much"),
    ("NOT_FOUND", "nothing-here"),
    ("METHOD_NOT_ALLOWED", "wrong-verb"),
    ("STATE_CONFLICT", "wrong-state"),
    ("IN_PROGRESS", "still-working"),
    ("DESTROYED", "erased"),
    ("GONE", "link-used"),
    ("VERSION_CONFLICT", "somebody-was-faster"),
    ("TOO_LARGE", "too-big"),
    ("UNSUPPORTED_MEDIA_TYPE", "wrong-media-type"),
    ("IDEMPOTENCY_MISMATCH", "key-reused"),
    ("RATE_LIMITED", "slow-down"),
    ("NOT_SUPPORTED", "not-offered"),
    ("UNAVAILABLE", "come-back-later"),
];

/// Members of requests that stand in paths of faults, beside [`ATTRIBUTES`], [`PURPOSE`] and [`CLERK`].
pub(super) const MEMBERS: Words = &[
    ("holder", "subject"),
    ("personaRef", "person"),
    ("use", "purpose"),
    ("assert", "claims"),
    ("attributes", "fields"),
    ("certificateIdentifier", "licence"),
    ("certificateTypeCode", "kind"),
    ("certificateIssuingAuthorityCode", "office"),
    ("certificateEffectiveDate", "startsOn"),
    ("certificateExpiringDate", "endsOn"),
    ("previousCertificateIdentifier", "follows"),
    ("formats", "documents"),
    ("format", "type"),
    ("activate", "live"),
    ("action", "state"),
    ("reason", "because"),
    ("expectedStatusVersion", "If-Match"),
    ("effectiveTime", "from"),
    ("certificateHolderCode", "nationalId"),
    ("certificateHolderTypeCode", "holderKind"),
    ("status", "states"),
    ("pageSize", "limit"),
    ("pageToken", "cursor"),
    ("operations", "what"),
    ("copy", "copy"),
    ("certificateCopyExpiringTime", "until"),
    ("content", "document"),
    ("mime", "mediaType"),
    ("asOf", "at"),
    ("items", "entries"),
    ("itemId", "ref"),
];
