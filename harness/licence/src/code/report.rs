//! What a verification of a code says.

use std::collections::BTreeSet;

use ecric_model::reason::class_of;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::payload::{Payload, View};
use super::scope::Scope;
use crate::file::{Outcome, Reason, Verdict};

/// The steps, in order (12.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodeStep {
    /// Prefix, length, Base45, CBOR, keys.
    C1,
    /// Key id and signature.
    C2,
    /// The signer: path, usage, organisation.
    C3,
    /// Life, time of issue, time of expiry.
    C4,
    /// Audience, scene, nonce.
    C5,
    /// What a code without audience may carry.
    C6,
    /// Whether it was seen before.
    C7,
    /// The view inside, its signer and the device it is bound to.
    V1,
    /// Evidence of the redemption.
    R1,
    /// Whether the device is still bound.
    R2,
    /// Status of the licence.
    R3,
}

impl CodeStep {
    /// All steps in order.
    pub const ALL: [Self; 11] =
        [Self::C1, Self::C2, Self::C3, Self::C4, Self::C5, Self::C6, Self::C7, Self::V1, Self::R1, Self::R2, Self::R3];

    /// Its id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::C1 => "C1",
            Self::C2 => "C2",
            Self::C3 => "C3",
            Self::C4 => "C4",
            Self::C5 => "C5",
            Self::C6 => "C6",
            Self::C7 => "C7",
            Self::V1 => "V1",
            Self::R1 => "R1",
            Self::R2 => "R2",
            Self::R3 => "R3",
        }
    }

    /// What it checks, in English and Chinese.
    #[must_use]
    pub const fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::C1 => ("prefix, Base45, CBOR, keys", "前缀、Base45、CBOR与键"),
            Self::C2 => ("signature", "签名"),
            Self::C3 => ("signer's certificate", "签名者证书"),
            Self::C4 => ("times", "时间"),
            Self::C5 => ("audience, scene, nonce", "受众、场景与随机数"),
            Self::C6 => ("scope", "授权范围"),
            Self::C7 => ("not seen before", "未曾使用"),
            Self::V1 => ("view signed by the issuer", "签发方签名视图"),
            Self::R1 => ("evidence of the redemption", "兑现证据"),
            Self::R2 => ("binding of the device", "设备绑定"),
            Self::R3 => ("licence status", "证照状态"),
        }
    }

    /// The stage word that vectors use.
    #[must_use]
    pub const fn stage(self) -> &'static str {
        match self {
            Self::C1 => "container",
            Self::C2 => "signature",
            Self::C3 => "chain",
            Self::C4 => "time",
            Self::C5 | Self::C6 | Self::C7 | Self::V1 | Self::R2 => "policy",
            Self::R1 => "consistency",
            Self::R3 => "status",
        }
    }

    /// The member of `checks` of binding v1 (6.5) that the step belongs to.
    const fn check(self) -> &'static str {
        match self {
            Self::C1 => "format",
            Self::C2 => "signature",
            Self::C3 => "chain",
            Self::C4 | Self::C7 => "freshness",
            Self::C5 | Self::R2 => "binding",
            Self::C6 => "scope",
            Self::V1 => "signature",
            Self::R1 => "consistency",
            Self::R3 => "licenceStatus",
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeStepReport {
    /// Which.
    pub id: CodeStep,
    /// Outcome.
    pub outcome: Outcome,
    /// Why it fails or is unknown.
    pub reasons: Vec<Reason>,
}

/// The whole verification so far.
#[derive(Debug, Clone)]
pub struct CodeReport {
    /// The steps in order.
    pub steps: Vec<CodeStepReport>,
    /// Reasons that decide nothing.
    pub warnings: Vec<Reason>,
    /// What the code says, where it can be read.
    pub payload: Option<Payload>,
    /// The view inside, where there is one that can be read.
    pub view: Option<View>,
    /// Attributes that the redemption or the view gives, within the scope of the code.
    pub attributes: Map<String, Value>,
    /// Status of the licence and when it changed, as told.
    pub status: Option<(String, String)>,
    /// As of when.
    pub evaluated_at: OffsetDateTime,
    ignore: BTreeSet<&'static str>,
}

impl CodeReport {
    pub(super) fn new(at: OffsetDateTime, ignore: BTreeSet<&'static str>) -> Self {
        let steps = CodeStep::ALL
            .into_iter()
            .map(|id| CodeStepReport { id, outcome: Outcome::Skipped, reasons: Vec::new() })
            .collect();
        Self {
            steps,
            warnings: Vec::new(),
            payload: None,
            view: None,
            attributes: Map::new(),
            status: None,
            evaluated_at: at,
            ignore,
        }
    }

    fn step(&mut self, id: CodeStep) -> &mut CodeStepReport {
        &mut self.steps[id as usize]
    }

    /// A step has its input and runs.
    pub fn begin(&mut self, id: CodeStep) {
        let step = self.step(id);
        if step.outcome == Outcome::Skipped {
            step.outcome = Outcome::Pass;
        }
    }

    /// A step fails.
    pub fn fail(&mut self, id: CodeStep, code: &'static str, detail: impl Into<String>) {
        self.add(id, Outcome::Fail, Reason { code, whose: None, detail: detail.into() });
    }

    /// A step cannot be decided.
    pub fn unknown(&mut self, id: CodeStep, code: &'static str, detail: impl Into<String>) {
        self.add(id, Outcome::Unknown, Reason { code, whose: None, detail: detail.into() });
    }

    /// Adds a reason to a step; reasons that are left out on purpose are not.
    pub fn add(&mut self, id: CodeStep, outcome: Outcome, reason: Reason) {
        self.begin(id);
        if self.ignore.contains(reason.code) {
            return;
        }
        let step = self.step(id);
        if step.outcome != Outcome::Fail {
            step.outcome = outcome;
        }
        if !step.reasons.contains(&reason) {
            step.reasons.push(reason);
        }
    }

    /// Marks a step as unknown without a reason; the reason goes to the warnings.
    pub fn warn(&mut self, id: CodeStep, code: &'static str, detail: impl Into<String>) {
        self.begin(id);
        self.warnings.push(Reason { code, whose: None, detail: detail.into() });
    }

    /// Outcome of a step.
    #[must_use]
    pub fn outcome(&self, id: CodeStep) -> Outcome {
        self.steps[id as usize].outcome
    }

    /// FAIL of any step is INVALID, UNKNOWN of any is INDETERMINATE.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let has = |outcome| self.steps.iter().any(|step| step.outcome == outcome);
        if has(Outcome::Fail) {
            Verdict::Invalid
        } else if has(Outcome::Unknown) {
            Verdict::Indeterminate
        } else {
            Verdict::Valid
        }
    }

    /// All reasons in step order; the first is the primary one.
    pub fn reasons(&self) -> impl Iterator<Item = (CodeStep, &Reason)> {
        self.steps.iter().flat_map(|step| step.reasons.iter().map(move |reason| (step.id, reason)))
    }

    /// The step and reason that decide; `None` for a valid code.
    #[must_use]
    pub fn primary(&self) -> Option<(CodeStep, &Reason)> {
        let decides = if self.verdict() == Verdict::Invalid { Outcome::Fail } else { Outcome::Unknown };
        let step = self.steps.iter().find(|step| step.outcome == decides && !step.reasons.is_empty())?;
        Some((step.id, step.reasons.first()?))
    }

    /// The scope of the code; nothing where it cannot be read.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.payload.as_ref().map_or(Scope::default(), |payload| payload.scope)
    }

    /// The members of `checks` of binding v1 that a code decides, each with its outcome.
    #[must_use]
    pub fn checks(&self) -> Vec<(&'static str, Outcome)> {
        const KEYS: [&str; 9] = [
            "format",
            "signature",
            "chain",
            "certStatus",
            "validity",
            "licenceStatus",
            "consistency",
            "binding",
            "freshness",
        ];
        let mut outcomes: Vec<(&'static str, Outcome)> =
            KEYS.into_iter().chain(["scope"]).map(|key| (key, Outcome::Skipped)).collect();
        let mut raise = |key: &str, outcome: Outcome| {
            for (found, current) in &mut outcomes {
                if *found == key && rank(outcome) > rank(*current) {
                    *current = outcome;
                }
            }
        };
        for step in self.steps.iter().filter(|step| step.outcome != Outcome::Skipped) {
            raise(step.id.check(), Outcome::Pass);
            if step.id == CodeStep::C3 {
                raise("certStatus", Outcome::Pass);
                raise("validity", Outcome::Pass);
            }
            for reason in &step.reasons {
                let unknown = step.outcome == Outcome::Unknown;
                raise(check_of(step.id, reason.code), if unknown { Outcome::Unknown } else { Outcome::Fail });
            }
        }
        if self.warnings.iter().any(|reason| reason.code == "LICENCE_STATUS_UNKNOWN") {
            raise("licenceStatus", Outcome::Unknown);
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

fn check_of(step: CodeStep, code: &str) -> &'static str {
    let own = step.check();
    match class_of(code) {
        Some(class) if !class.checks.contains(&own) => class.checks.first().copied().unwrap_or(own),
        _ => own,
    }
}
