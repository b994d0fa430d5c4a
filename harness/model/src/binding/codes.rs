//! Closed lists of binding v1.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! code_list {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $(#[allow(missing_docs)] #[serde(rename = $code)] $variant),+
        }
        impl $name {
            /// Every code of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// The code on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// Reads the code on the wire.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.code() == code)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

code_list! {
    /// Status of a licence (证照状态).
    LicenceStatus {
        NotActive = "NOT_ACTIVE", Valid = "VALID", Suspended = "SUSPENDED", Expired = "EXPIRED",
        Superseded = "SUPERSEDED", Revoked = "REVOKED", Destroyed = "DESTROYED",
    }
}
code_list! {
    /// Action of operation 7.
    Action { Activate = "ACTIVATE", Suspend = "SUSPEND", Restore = "RESTORE", Revoke = "REVOKE", Destroy = "DESTROY" }
}
code_list! {
    /// Reason of operation 7.
    TransitionReason {
        CardLost = "CARD_LOST", CardFound = "CARD_FOUND", DataChanged = "DATA_CHANGED",
        IssuedInError = "ISSUED_IN_ERROR", HolderDeceased = "HOLDER_DECEASED",
        NationalityLost = "NATIONALITY_LOST", KeyCompromise = "KEY_COMPROMISE",
        HolderRequest = "HOLDER_REQUEST", RiskControl = "RISK_CONTROL", Retention = "RETENTION", Initial = "INITIAL",
    }
}
code_list! {
    /// Reason of operation 8.
    ReissueReason { Renewal = "RENEWAL", DataChanged = "DATA_CHANGED", Damaged = "DAMAGED", IssuedInError = "ISSUED_IN_ERROR" }
}
code_list! {
    /// Result of a verification. Never an HTTP error.
    VerifyOutcome { Valid = "VALID", Invalid = "INVALID", Indeterminate = "INDETERMINATE" }
}
code_list! {
    /// Where a verifier took the licence status from.
    StatusSource { Live = "LIVE", List = "LIST", Cache = "CACHE", None = "NONE" }
}
code_list! {
    /// Outcome of one check of a verification.
    CheckOutcome { Pass = "PASS", Fail = "FAIL", Unknown = "UNKNOWN", Skipped = "SKIPPED" }
}
code_list! {
    /// Comparison of one asserted attribute.
    MatchOutcome { Match = "MATCH", Mismatch = "MISMATCH", Unknown = "UNKNOWN" }
}

code_list! {
    /// How a holder proves who they are to a loading end (binding v1, section 6.4).
    HolderMethod { Face = "FACE", CardNfc = "CARD_NFC", Pin = "PIN", NetworkId = "NETWORK_ID", Test = "TEST" }
}
code_list! {
    /// The holder's answer to a request.
    Decision { Approve = "APPROVE", Deny = "DENY" }
}
code_list! {
    /// Whether a code is redeemed at the loading end or carries an issuer-signed view.
    PresentMode { Online = "ONLINE", Offline = "OFFLINE" }
}
code_list! {
    /// What an entry of the use log is about.
    UseKind { Load = "LOAD", Present = "PRESENT", Redeem = "REDEEM", Unload = "UNLOAD", Withdraw = "WITHDRAW" }
}
code_list! {
    /// Whether the device that showed a code is still bound to the licence.
    BindingState { Active = "ACTIVE", Revoked = "REVOKED" }
}
/// Keys of `checks` in a verification result, in step order.
pub const CHECK_KEYS: [&str; 12] = [
    "format",
    "signature",
    "coverage",
    "chain",
    "certStatus",
    "timestamp",
    "validity",
    "licenceStatus",
    "consistency",
    "binding",
    "freshness",
    "scope",
];

/// Attribute scope names, by bit (binding v1, section 12.3). Bit 0 is `validity`.
pub const SCOPE_NAMES: [&str; 17] = [
    "validity",
    "name",
    "sex",
    "ethnicity",
    "birthDate",
    "address",
    "idNumber",
    "photo",
    "issuingAuthority",
    "validityPeriod",
    "nameMasked",
    "idNumberMasked",
    "ageOver18",
    "ageOver16",
    "ageBand",
    "areaCode",
    "pairwiseId",
];

code_list! {
    /// Error codes of binding v1, section 5.
    ErrorCode {
        InvalidRequest = "INVALID_REQUEST", UnsupportedCritical = "UNSUPPORTED_CRITICAL",
        UnsupportedFormat = "UNSUPPORTED_FORMAT", Unauthenticated = "UNAUTHENTICATED", ClockSkew = "CLOCK_SKEW",
        ReplayedRequest = "REPLAYED_REQUEST", HolderAuthRequired = "HOLDER_AUTH_REQUIRED", Forbidden = "FORBIDDEN",
        ScopeExceeded = "SCOPE_EXCEEDED", HolderAuthFailed = "HOLDER_AUTH_FAILED",
        HolderAuthLocked = "HOLDER_AUTH_LOCKED", ConsentDenied = "CONSENT_DENIED",
        ConsentRequired = "CONSENT_REQUIRED", NotFound = "NOT_FOUND", MethodNotAllowed = "METHOD_NOT_ALLOWED",
        StateConflict = "STATE_CONFLICT", InProgress = "IN_PROGRESS", CodeUsed = "CODE_USED",
        CodeExpired = "CODE_EXPIRED", Destroyed = "DESTROYED", Gone = "GONE", VersionConflict = "VERSION_CONFLICT",
        TooLarge = "TOO_LARGE", UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
        IdempotencyMismatch = "IDEMPOTENCY_MISMATCH", RateLimited = "RATE_LIMITED", NotSupported = "NOT_SUPPORTED",
        Unavailable = "UNAVAILABLE", Internal = "INTERNAL",
    }
}

impl ErrorCode {
    /// HTTP status that carries the code.
    #[must_use]
    pub const fn http(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::UnsupportedCritical | Self::UnsupportedFormat => 400,
            Self::Unauthenticated | Self::ClockSkew | Self::ReplayedRequest | Self::HolderAuthRequired => 401,
            Self::Forbidden
            | Self::ScopeExceeded
            | Self::HolderAuthFailed
            | Self::HolderAuthLocked
            | Self::ConsentDenied
            | Self::ConsentRequired => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::StateConflict | Self::InProgress => 409,
            Self::CodeUsed | Self::CodeExpired | Self::Destroyed | Self::Gone => 410,
            Self::VersionConflict => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::IdempotencyMismatch => 422,
            Self::RateLimited => 429,
            Self::NotSupported => 501,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}
