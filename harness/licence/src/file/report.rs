//! What a verification says.

use ecric_gm::x509::Certificate;
use ecric_model::reason::class_of;
use time::OffsetDateTime;

use super::fields::Fields;

/// The steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StepId {
    /// The container.
    P1,
    /// `OFD.xml` and everything it reaches.
    P2,
    /// The list of signatures.
    P3,
    /// `Signature.xml`.
    P4,
    /// Digests of the covered files.
    P5,
    /// Coverage.
    P6,
    /// Structure of the signature value.
    S1,
    /// The signature.
    S2,
    /// The signer's certificate.
    S3,
    /// The signing time.
    S4,
    /// What the signature value speaks about.
    S5,
    /// Structure of the seal.
    E1,
    /// The seal maker's signature.
    E2,
    /// The seal maker's certificate.
    E3,
    /// Validity of the seal.
    E4,
    /// Whether the signer may use the seal.
    E5,
    /// The seal file.
    E6,
    /// Agreement of the times.
    D1,
    /// The time stamp.
    D2,
    /// The metadata.
    M1,
}

impl StepId {
    /// All steps in order.
    pub const ALL: [Self; 20] = [
        Self::P1,
        Self::P2,
        Self::P3,
        Self::P4,
        Self::P5,
        Self::P6,
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
        Self::S5,
        Self::E1,
        Self::E2,
        Self::E3,
        Self::E4,
        Self::E5,
        Self::E6,
        Self::D1,
        Self::D2,
        Self::M1,
    ];

    /// Its id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
            Self::P4 => "P4",
            Self::P5 => "P5",
            Self::P6 => "P6",
            Self::S1 => "S1",
            Self::S2 => "S2",
            Self::S3 => "S3",
            Self::S4 => "S4",
            Self::S5 => "S5",
            Self::E1 => "E1",
            Self::E2 => "E2",
            Self::E3 => "E3",
            Self::E4 => "E4",
            Self::E5 => "E5",
            Self::E6 => "E6",
            Self::D1 => "D1",
            Self::D2 => "D2",
            Self::M1 => "M1",
        }
    }

    /// What it checks, in English and Chinese.
    #[must_use]
    pub const fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::P1 => ("container", "容器"),
            Self::P2 => ("document and links", "文档与链接"),
            Self::P3 => ("list of signatures", "签名列表"),
            Self::P4 => ("signature description", "签名描述文件"),
            Self::P5 => ("digests of covered files", "受保护文件杂凑"),
            Self::P6 => ("coverage", "保护范围"),
            Self::S1 => ("structure of the signature value", "签名值结构"),
            Self::S2 => ("SM2 signature", "SM2 签名"),
            Self::S3 => ("signer's certificate", "签名者证书"),
            Self::S4 => ("signing time", "签名时间"),
            Self::S5 => ("what was signed", "签名对象"),
            Self::E1 => ("structure of the seal", "印章结构"),
            Self::E2 => ("seal maker's signature", "制章者签名"),
            Self::E3 => ("seal maker's certificate", "制章者证书"),
            Self::E4 => ("validity of the seal", "印章有效期"),
            Self::E5 => ("signer may use the seal", "签名者在印章证书列表中"),
            Self::E6 => ("seal file", "印章文件"),
            Self::D1 => ("times agree", "时间一致"),
            Self::D2 => ("time stamp", "时间戳"),
            Self::M1 => ("metadata, index, page, attachment", "元数据、标引、版面与附件"),
        }
    }

    /// The member of `checks` of binding v1 (6.5) that the step belongs to.
    const fn check(self) -> &'static str {
        match self {
            Self::P1 | Self::P2 | Self::P3 | Self::P4 | Self::S1 | Self::E1 => "format",
            Self::P5 | Self::S2 | Self::S5 | Self::E2 | Self::E5 | Self::E6 => "signature",
            Self::P6 => "coverage",
            Self::S3 | Self::E3 => "chain",
            Self::S4 | Self::E4 | Self::D1 => "validity",
            Self::D2 => "timestamp",
            Self::M1 => "consistency",
        }
    }
}

/// Outcome of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Checked and right.
    Pass,
    /// Wrong.
    Fail,
    /// Cannot be decided.
    Unknown,
    /// Nothing to check.
    Skipped,
}

impl Outcome {
    /// The word of binding v1.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Unknown => "UNKNOWN",
            Self::Skipped => "SKIPPED",
        }
    }
}

/// Verdict of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// No step fails, none is unknown.
    Valid,
    /// A step fails.
    Invalid,
    /// None fails, one is unknown.
    Indeterminate,
}

impl Verdict {
    /// The word of binding v1.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Invalid => "INVALID",
            Self::Indeterminate => "INDETERMINATE",
        }
    }
}

/// Original or annotated copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Artefact {
    /// Sealed by the issuer.
    Original,
    /// Signed by a copy maker.
    Copy,
}

impl Artefact {
    /// The word of binding v1.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Original => "ORIGINAL",
            Self::Copy => "COPY",
        }
    }
}

/// One reason of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Fine code or class of binding v1, section 8.
    pub code: &'static str,
    /// `signer`, `maker`, `ca` or `tsa` for certificates.
    pub whose: Option<&'static str>,
    /// Where and what, one sentence. Holds no personal data.
    pub detail: String,
}

impl Reason {
    /// The code as binding v1 writes it, with `@signer` and the like.
    #[must_use]
    pub fn text(&self) -> String {
        self.whose.map_or_else(|| self.code.to_owned(), |whose| format!("{}@{whose}", self.code))
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// Which.
    pub id: StepId,
    /// Outcome.
    pub outcome: Outcome,
    /// Why it fails or is unknown.
    pub reasons: Vec<Reason>,
    /// Notes that decide nothing.
    pub warnings: Vec<Reason>,
}

/// The whole verification.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// Verdict.
    pub verdict: Verdict,
    /// The steps in order.
    pub steps: Vec<StepReport>,
    /// Original or copy, where it can be told.
    pub artefact: Option<Artefact>,
    /// The signer's certificate.
    pub signer: Option<Certificate>,
    /// Name of the seal.
    pub seal_name: Option<String>,
    /// When it was signed, by the signer's word.
    pub signed_at: Option<OffsetDateTime>,
    /// When a valid token says it was signed at the latest.
    pub stamped_at: Option<OffsetDateTime>,
    /// What the file says.
    pub fields: Option<Fields>,
    /// As of when.
    pub evaluated_at: OffsetDateTime,
}

impl FileReport {
    /// All reasons in step order; the first is the primary one.
    pub fn reasons(&self) -> impl Iterator<Item = (StepId, &Reason)> {
        self.steps.iter().flat_map(|step| step.reasons.iter().map(move |reason| (step.id, reason)))
    }

    /// All warnings in step order.
    pub fn warnings(&self) -> impl Iterator<Item = &Reason> {
        self.steps.iter().flat_map(|step| &step.warnings)
    }

    /// The step and code that decide; `None` for a valid file.
    #[must_use]
    pub fn primary(&self) -> Option<(StepId, &Reason)> {
        let decides = if self.verdict == Verdict::Invalid { Outcome::Fail } else { Outcome::Unknown };
        let step = self.steps.iter().find(|step| step.outcome == decides && !step.reasons.is_empty())?;
        Some((step.id, step.reasons.first()?))
    }

    /// The members of `checks` of binding v1 that a file decides, each with its outcome.
    #[must_use]
    pub fn checks(&self) -> Vec<(&'static str, Outcome)> {
        const KEYS: [&str; 7] = ["format", "signature", "coverage", "chain", "certStatus", "timestamp", "validity"];
        let mut outcomes: Vec<(&'static str, Outcome)> =
            KEYS.into_iter().chain(["consistency"]).map(|key| (key, Outcome::Skipped)).collect();
        let mut raise = |key: &str, outcome: Outcome| {
            for (found, current) in &mut outcomes {
                if *found == key && rank(outcome) > rank(*current) {
                    *current = outcome;
                }
            }
        };
        for step in &self.steps {
            if step.outcome == Outcome::Skipped {
                continue;
            }
            raise(step.id.check(), Outcome::Pass);
            if matches!(step.id, StepId::S3 | StepId::E3) {
                raise("certStatus", Outcome::Pass);
            }
            for reason in &step.reasons {
                let unknown = step.outcome == Outcome::Unknown;
                raise(check_of(step.id, reason.code), if unknown { Outcome::Unknown } else { Outcome::Fail });
            }
        }
        outcomes
    }
}

const fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Skipped => 0,
        Outcome::Pass => 1,
        Outcome::Unknown => 2,
        Outcome::Fail => 3,
    }
}

/// The check of a reason: that of its step if its class may decide it, else the first that it may.
fn check_of(step: StepId, code: &str) -> &'static str {
    let own = step.check();
    match class_of(code) {
        Some(class) if !class.checks.contains(&own) => class.checks.first().copied().unwrap_or(own),
        _ => own,
    }
}
