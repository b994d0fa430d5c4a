//! What is trusted, and which of the readings of the standard applies.

use std::collections::BTreeSet;

use ecric_gm::x509::Certificate;
use ecric_gm::x509::revocation::Evidence;

use crate::identifier::IDENTITY_CARD_TYPE;

/// Key purposes of the test authorities, under the documentation arc of RFC 5612.
pub mod purpose {
    use ecric_gm::oid::Oid;

    const fn of(n: u32) -> Oid {
        Oid::new(&[1, 3, 6, 1, 4, 1, 32473, 1, n])
    }

    /// Mark of every test certificate.
    pub const TEST_MARK: Oid = of(1);
    /// Licence sealing: role `issuer`.
    pub const SEALING: Oid = of(2);
    /// Presentation codes.
    pub const PRESENTATION: Oid = of(3);
    /// Device binding.
    pub const DEVICE: Oid = of(4);
    /// Requests of a relying party.
    pub const RELYING_PARTY: Oid = of(5);
    /// Status and trust lists.
    pub const STATUS: Oid = of(6);
    /// Issuer-signed views.
    pub const VIEW: Oid = of(7);
    /// Annotated copies: role `copy`.
    pub const COPY: Oid = of(8);
    /// Mark of a production certificate in tests.
    pub const PRODUCTION_MARK: Oid = of(9);
}

/// What a signer may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Seals originals.
    Issuer,
    /// Signs annotated copies.
    Copy,
    /// Signs status and trust lists.
    Status,
    /// Signs presentation codes.
    Presentation,
    /// Signs views.
    View,
    /// Signs something else that is no licence file (devices, relying parties).
    Other,
}

impl Role {
    /// The word of binding v1.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Copy => "copy",
            Self::Status => "status",
            Self::Presentation => "presentation",
            Self::View => "view",
            Self::Other => "other",
        }
    }

    /// The role of a word of binding v1.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Issuer, Self::Copy, Self::Status, Self::Presentation, Self::View]
            .into_iter()
            .find(|role| role.word() == word)
    }
}

/// Roots, intermediates, signers and revocation data.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Trusted roots.
    pub roots: Vec<Certificate>,
    /// Certificates that may stand between; not trusted by themselves.
    pub intermediates: Vec<Certificate>,
    /// SM3 of a signer's certificate and its role.
    pub signers: Vec<([u8; 32], Role)>,
    /// Certificates of the signers that came with a list; not trusted by themselves.
    pub listed: Vec<Certificate>,
    /// Revocation lists and OCSP answers.
    pub evidence: Evidence,
}

impl Trust {
    /// The role of a signer: as listed, else by its extended key usage.
    #[must_use]
    pub fn role_of(&self, signer: &Certificate) -> Option<Role> {
        let fingerprint = signer.fingerprint();
        let listed = self.signers.iter().find(|(found, _)| *found == fingerprint);
        if let Some((_, role)) = listed {
            return Some(*role);
        }
        let has = |purpose| signer.extensions.has_purpose(&purpose);
        [
            (purpose::SEALING, Role::Issuer),
            (purpose::COPY, Role::Copy),
            (purpose::STATUS, Role::Status),
            (purpose::PRESENTATION, Role::Presentation),
            (purpose::VIEW, Role::View),
            (purpose::DEVICE, Role::Other),
            (purpose::RELYING_PARTY, Role::Other),
        ]
        .into_iter()
        .find_map(|(purpose, role)| has(purpose).then_some(role))
    }
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The profile of this suite.
    Strict,
    /// What genuine files show.
    Lenient,
}

/// Which time decides where a certificate expired or was revoked after signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeSource {
    /// A time-stamp token.
    Token,
    /// The signer's own claim (the reading of GM/T 0031-2014).
    Claimed,
}

/// Switches where the standard leaves two readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// `time_source`: token or claimed.
    pub time_source: TimeSource,
    /// `ses_v1`: whether seals of 2014 are taken.
    pub ses_v1: bool,
    /// `ses_v5`: whether seals of 2025 are taken.
    pub ses_v5: bool,
    /// `seal_expired_now`: whether a seal that expired after signing fails.
    pub seal_expired_now: bool,
    /// `timestamp`: whether a token is required.
    pub timestamp_required: bool,
    /// `attachment`: whether the attached JSON is required.
    pub attachment_required: bool,
    /// `custom_names`: whether the pinyin dialect is read instead of Chinese names.
    pub pinyin_names: bool,
    /// `copy_signature`: whether a copy may carry a seal of its maker.
    pub copy_seal: bool,
    /// `signature_list`: whether the list of signatures must be covered in an original too.
    pub list_covered: bool,
    /// `extra_records`: roles of further signatures.
    pub extra_records: Vec<Role>,
    /// Whether revocation is judged.
    pub revocation: bool,
    /// The licence type of the profile.
    pub type_code: String,
    /// Reason codes that are not reported: for mutants and ablation, never for judging.
    pub ignore: BTreeSet<&'static str>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            time_source: TimeSource::Token,
            ses_v1: false,
            ses_v5: false,
            seal_expired_now: false,
            timestamp_required: false,
            attachment_required: false,
            pinyin_names: false,
            copy_seal: false,
            list_covered: false,
            extra_records: Vec::new(),
            revocation: true,
            type_code: IDENTITY_CARD_TYPE.to_owned(),
            ignore: BTreeSet::new(),
        }
    }
}

/// A switch that does not exist or does not take the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} does not take {value:?}; known switches: {}", Policy::SWITCHES.join(", "))]
pub struct PolicyError {
    /// The switch.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Policy {
    /// Switches and their values; the first value is the default.
    pub const SWITCHES: &[&str] = &[
        "time_source=token|claimed",
        "ses_v1=refuse|flag",
        "ses_v5=off|on",
        "seal_expired_now=ignore|fail",
        "timestamp=optional|required",
        "attachment=optional|required",
        "custom_names=zh|pinyin",
        "copy_signature=sd-attrs|seal",
        "signature_list=open|covered",
        "extra_records=none|ROLE,ROLE",
        "revocation=on|off",
    ];

    /// Sets a switch by name and value.
    ///
    /// # Errors
    /// For a name or a value that is not known.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), PolicyError> {
        let error = || PolicyError { name: name.to_owned(), value: value.to_owned() };
        let choose = |off: &str, on: &str| match value {
            found if found == off => Ok(false),
            found if found == on => Ok(true),
            _ => Err(error()),
        };
        match name {
            "time_source" => {
                let claimed = choose("token", "claimed")?;
                self.time_source = if claimed { TimeSource::Claimed } else { TimeSource::Token };
            }
            "ses_v1" => self.ses_v1 = choose("refuse", "flag")?,
            "ses_v5" => self.ses_v5 = choose("off", "on")?,
            "seal_expired_now" => self.seal_expired_now = choose("ignore", "fail")?,
            "timestamp" => self.timestamp_required = choose("optional", "required")?,
            "attachment" => self.attachment_required = choose("optional", "required")?,
            "custom_names" => self.pinyin_names = choose("zh", "pinyin")?,
            "copy_signature" => self.copy_seal = choose("sd-attrs", "seal")?,
            "signature_list" => self.list_covered = choose("open", "covered")?,
            "revocation" => self.revocation = choose("on", "off").map(|off| !off)?,
            "extra_records" if value == "none" => self.extra_records.clear(),
            "extra_records" => {
                let roles: Option<Vec<Role>> = value.split(',').map(Role::of_word).collect();
                self.extra_records = roles.ok_or_else(error)?;
            }
            _ => return Err(error()),
        }
        Ok(())
    }
}
