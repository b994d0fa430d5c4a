//! The operations of binding v1 and the test controls.

/// One operation of binding v1, section 10, or a test control, section 11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// 1 `common.capabilities`.
    Capabilities,
    /// 2 `issuer.issue`.
    Issue,
    /// 3 `issuer.metadata`.
    Metadata,
    /// 4 `issuer.file`.
    File,
    /// 5 `issuer.status`.
    Status,
    /// 6 `issuer.status_list`.
    StatusList,
    /// 7 `issuer.transition`.
    Transition,
    /// 8 `issuer.reissue`.
    Reissue,
    /// 9 `issuer.search`.
    Search,
    /// 10 `issuer.trust_anchors`.
    TrustAnchors,
    /// 11 `issuer.audit`.
    Audit,
    /// 12 `verifier.file`.
    VerifyFile,
    /// 13 `verifier.presentation`.
    VerifyPresentation,
    /// 14 `verifier.attributes`.
    VerifyAttributes,
    /// 15 `verifier.batch`.
    VerifyBatch,
    /// 16 `loader.load`.
    Load,
    /// 17 `loader.present`.
    Present,
    /// 18 `loader.redeem`.
    Redeem,
    /// 19 `loader.uses`.
    Uses,
    /// 19 with feature `consent_withdrawal`: `loader.withdraw`.
    Withdraw,
    /// 19 with feature `log_delete`: `loader.delete_use`.
    DeleteUse,
    /// 20 `loader.unload`.
    Unload,
    /// T1 trust anchors of a verifier under test.
    TestTrustAnchors,
    /// T2 clock of the target.
    TestClock,
    /// T3 persons of the target.
    TestPersonas,
    /// T4 faults of the target.
    TestFaults,
}

impl Operation {
    /// Every operation known so far.
    pub const ALL: [Self; 26] = [
        Self::Capabilities,
        Self::Issue,
        Self::Metadata,
        Self::File,
        Self::Status,
        Self::StatusList,
        Self::Transition,
        Self::Reissue,
        Self::Search,
        Self::TrustAnchors,
        Self::Audit,
        Self::VerifyFile,
        Self::VerifyPresentation,
        Self::VerifyAttributes,
        Self::VerifyBatch,
        Self::Load,
        Self::Present,
        Self::Redeem,
        Self::Uses,
        Self::Withdraw,
        Self::DeleteUse,
        Self::Unload,
        Self::TestTrustAnchors,
        Self::TestClock,
        Self::TestPersonas,
        Self::TestFaults,
    ];

    /// The name used in target files, evidence and the audit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Capabilities => "common.capabilities",
            Self::Issue => "issuer.issue",
            Self::Metadata => "issuer.metadata",
            Self::File => "issuer.file",
            Self::Status => "issuer.status",
            Self::StatusList => "issuer.status_list",
            Self::Transition => "issuer.transition",
            Self::Reissue => "issuer.reissue",
            Self::Search => "issuer.search",
            Self::TrustAnchors => "issuer.trust_anchors",
            Self::Audit => "issuer.audit",
            Self::VerifyFile => "verifier.file",
            Self::VerifyPresentation => "verifier.presentation",
            Self::VerifyAttributes => "verifier.attributes",
            Self::VerifyBatch => "verifier.batch",
            Self::Load => "loader.load",
            Self::Present => "loader.present",
            Self::Redeem => "loader.redeem",
            Self::Uses => "loader.uses",
            Self::Withdraw => "loader.withdraw",
            Self::DeleteUse => "loader.delete_use",
            Self::Unload => "loader.unload",
            Self::TestTrustAnchors => "test.trust_anchors",
            Self::TestClock => "test.clock",
            Self::TestPersonas => "test.personas",
            Self::TestFaults => "test.faults",
        }
    }

    /// HTTP method.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Capabilities | Self::Status | Self::StatusList | Self::TrustAnchors => "GET",
            Self::TestTrustAnchors | Self::TestClock => "PUT",
            Self::DeleteUse => "DELETE",
            _ => "POST",
        }
    }

    /// Path below the base, with `{id}` for a licence identifier, a loaded licence or an entry of the use log.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Capabilities => "/v1/capabilities",
            Self::Issue => "/v1/licences",
            Self::Metadata => "/v1/licences/{id}/metadata",
            Self::File => "/v1/licences/{id}/file",
            Self::Status => "/v1/licences/{id}/status",
            Self::StatusList => "/v1/status-lists/{id}",
            Self::Transition => "/v1/licences/{id}/transitions",
            Self::Reissue => "/v1/licences/{id}/reissue",
            Self::Search => "/v1/licences/search",
            Self::TrustAnchors => "/v1/trust-anchors",
            Self::Audit => "/v1/audit/search",
            Self::VerifyFile => "/v1/verify/file",
            Self::VerifyPresentation => "/v1/verify/presentation",
            Self::VerifyAttributes => "/v1/verify/attributes",
            Self::VerifyBatch => "/v1/verify/batch",
            Self::Load => "/v1/loader/licences",
            Self::Present => "/v1/loader/presentations",
            Self::Redeem => "/v1/presentations/redeem",
            Self::Uses => "/v1/loader/uses/search",
            Self::Withdraw => "/v1/loader/uses/{id}/withdraw",
            Self::DeleteUse => "/v1/loader/uses/{id}",
            Self::Unload => "/v1/loader/licences/{id}/unload",
            Self::TestTrustAnchors => "/v1/test/trust-anchors",
            Self::TestClock => "/v1/test/clock",
            Self::TestPersonas => "/v1/test/personas",
            Self::TestFaults => "/v1/test/faults",
        }
    }

    /// True if `Idempotency-Key` is required (marked ● in binding v1).
    #[must_use]
    pub const fn changes_state(self) -> bool {
        matches!(
            self,
            Self::Issue | Self::Transition | Self::Reissue | Self::Load | Self::Present | Self::Redeem | Self::Unload
        )
    }

    /// True for what a loading end does for its holder: what a driver of a product without such an interface
    /// does by a program or by hand. Redeeming is a server's work and stays outside.
    #[must_use]
    pub const fn is_of_the_holder(self) -> bool {
        matches!(self, Self::Load | Self::Present | Self::Uses | Self::Withdraw | Self::DeleteUse | Self::Unload)
    }

    /// True if credentials are optional.
    #[must_use]
    pub const fn is_anonymous(self) -> bool {
        matches!(self, Self::Capabilities | Self::Status | Self::StatusList | Self::TrustAnchors)
    }

    /// Reads an operation name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }
}
