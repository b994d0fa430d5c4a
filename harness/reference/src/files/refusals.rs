//! Good files that faulty verifiers refuse, each kind for what is uncommon about it.

use ecric_gm::oid;
use ecric_gm::x509::Certificate;
use ecric_licence::file::{Artefact, FileReport, Verdict};
use ecric_licence::layout::draft::LIST;

use super::trust::TrustStore;
use crate::behaviour::Behaviour;

/// Most characters of a common name (ub-common-name of RFC 5280), which the faulty verifier counts as bytes.
const NAME_MAX: usize = 64;

/// A file that was found good.
struct Good<'a> {
    bytes: &'a [u8],
    report: &'a FileReport,
    trust: &'a TrustStore,
}

/// A kind of good files, the fault of refusing it, the check and the reason that are then given.
type Kind = (fn(&Good<'_>) -> bool, fn(&Behaviour) -> bool, &'static str, &'static str);

const KINDS: [Kind; 14] = [
    (|file| file.bytes.get(8..10) == Some(&[8, 0]), Behaviour::compressed_files_refused, "format", "ZIP_MALFORMED"),
    (
        |file| file.bytes.get(6).is_some_and(|flags| flags & 8 != 0),
        Behaviour::descriptors_refused,
        "format",
        "ZIP_MALFORMED",
    ),
    (|file| !file.holds("Doc_0/Attachs/"), Behaviour::attachment_wanted, "consistency", "META_MISSING"),
    (|file| file.lacks("证照有效期截止日期"), Behaviour::long_term_refused, "licenceStatus", "LICENCE_EXPIRED"),
    (|file| file.has("关联证照标识"), Behaviour::replacing_refused, "licenceStatus", "LICENCE_SUPERSEDED"),
    (|file| file.has_a_rare_name(), Behaviour::rare_names_refused, "consistency", "META_MISMATCH"),
    (|file| file.covers_the_list_in_an_original(), Behaviour::covered_list_refused, "coverage", "SIG_COVERAGE"),
    (
        |file| file.is_by_an_expired_signer(),
        Behaviour::stamp_saves_no_expired_signer,
        "validity",
        "CERT_EXPIRED@signer",
    ),
    (
        |file| file.is_stamped() && file.is_listed(),
        Behaviour::stamp_saves_no_revoked_signer,
        "certStatus",
        "CERT_REVOKED@signer",
    ),
    (|file| !file.is_stamped() && file.is_listed(), Behaviour::hold_never_ends, "certStatus", "CERT_REVOKED@signer"),
    (|file| file.is_signed_under_a_root(), Behaviour::signer_under_root_refused, "chain", "CERT_CHAIN@signer"),
    (|file| file.has_a_signer_with_a_long_name(), Behaviour::long_signer_names_refused, "chain", "CERT_CHAIN@signer"),
    (
        |file| file.is_copy() && !file.has("加注件有效期截止时间"),
        Behaviour::copy_expiry_wanted,
        "validity",
        "COPY_EXPIRED",
    ),
    (|file| file.is_signed_over_the_hash(), Behaviour::signed_attributes_wanted, "signature", "SIG_INVALID"),
];

/// Check and reason with which a faulty verifier refuses a file that is good.
pub(super) fn refused(
    bytes: &[u8],
    report: &FileReport,
    trust: &TrustStore,
    behaviour: &Behaviour,
) -> Option<(&'static str, &'static str)> {
    if report.verdict != Verdict::Valid {
        return None;
    }
    let file = Good { bytes, report, trust };
    let kind = KINDS.iter().find(|(is_so, refuses, ..)| is_so(&file) && refuses(behaviour));
    kind.map(|(_, _, check, reason)| (*check, *reason))
}

impl Good<'_> {
    /// Whether a text stands in the container as it is.
    fn holds(&self, text: &str) -> bool {
        self.bytes.windows(text.len()).any(|found| found == text.as_bytes())
    }

    fn has(&self, item: &str) -> bool {
        self.report.fields.as_ref().is_some_and(|fields| fields.item(item).is_some())
    }

    fn lacks(&self, item: &str) -> bool {
        self.report.fields.as_ref().is_some_and(|fields| fields.item(item).is_none())
    }

    fn is_copy(&self) -> bool {
        self.report.artefact == Some(Artefact::Copy)
    }

    fn is_stamped(&self) -> bool {
        self.report.stamped_at.is_some()
    }

    fn signer_is(&self, so: impl FnOnce(&Certificate) -> bool) -> bool {
        self.report.signer.as_ref().is_some_and(so)
    }

    /// Whether any revocation list, an older one too, names the signer.
    fn is_listed(&self) -> bool {
        self.signer_is(|signer| self.trust.lists(signer))
    }

    fn has_a_rare_name(&self) -> bool {
        let name = self.report.fields.as_ref().and_then(|fields| fields.item("持证主体"));
        name.is_some_and(|name| name.chars().any(|c| c == '·' || c > '\u{ffff}'))
    }

    fn covers_the_list_in_an_original(&self) -> bool {
        !self.is_copy() && self.holds(&format!("FileRef=\"/{LIST}\""))
    }

    fn is_by_an_expired_signer(&self) -> bool {
        self.is_stamped() && self.signer_is(|signer| signer.not_after < self.report.evaluated_at)
    }

    fn is_signed_under_a_root(&self) -> bool {
        self.signer_is(|signer| self.trust.is_root(&signer.issuer))
    }

    fn has_a_signer_with_a_long_name(&self) -> bool {
        let long = |name: &str| name.len() > NAME_MAX;
        self.signer_is(|signer| signer.subject.get(&oid::COMMON_NAME).is_some_and(long))
    }

    fn is_signed_over_the_hash(&self) -> bool {
        self.report.warnings().any(|warning| warning.code == "LINT_RAW_SIG")
    }
}
