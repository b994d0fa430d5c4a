//! The state of one verification: what each step has found so far.

use ecric_gm::x509::Certificate;
use ecric_gm::x509::path::Links;
use time::OffsetDateTime;

use super::fields::Fields;
use super::policy::{Policy, Reading, Trust};
use super::report::{Artefact, FileReport, Outcome, Reason, StepId, StepReport, Verdict};

/// Most reasons, and most warnings, of one code that a step keeps: a hostile file could cause thousands.
pub(super) const SAME_CODE_MAX: usize = 32;

pub(super) struct Run<'t> {
    pub(super) trust: &'t Trust,
    pub(super) policy: &'t Policy,
    pub(super) lenient: bool,
    pub(super) links: Links,
    pub(super) at: OffsetDateTime,
    pub(super) artefact: Option<Artefact>,
    pub(super) signer: Option<Certificate>,
    pub(super) seal_name: Option<String>,
    pub(super) signed_at: Option<OffsetDateTime>,
    pub(super) stamped_at: Option<OffsetDateTime>,
    steps: Vec<StepReport>,
    /// Reasons found by each step, those that were not kept included.
    found: Vec<usize>,
    fields: Option<Fields>,
}

impl<'t> Run<'t> {
    pub(super) fn new(trust: &'t Trust, policy: &'t Policy, reading: Reading, at: OffsetDateTime) -> Self {
        let found = vec![0; StepId::ALL.len()];
        let steps = StepId::ALL
            .into_iter()
            .map(|id| StepReport { id, outcome: Outcome::Skipped, reasons: Vec::new(), warnings: Vec::new() })
            .collect();
        Self {
            trust,
            policy,
            lenient: reading == Reading::Lenient,
            links: Links::default(),
            at,
            artefact: None,
            signer: None,
            seal_name: None,
            signed_at: None,
            stamped_at: None,
            steps,
            found,
            fields: None,
        }
    }

    pub(super) fn set_fields(&mut self, fields: Fields) {
        self.fields = Some(fields);
    }

    fn step(&mut self, id: StepId) -> &mut StepReport {
        // ALL is in order, and so is the list made of it.
        &mut self.steps[id as usize]
    }

    /// A step has its input and runs.
    pub(super) fn begin(&mut self, id: StepId) {
        let step = self.step(id);
        if step.outcome == Outcome::Skipped {
            step.outcome = Outcome::Pass;
        }
    }

    pub(super) fn outcome(&self, id: StepId) -> Outcome {
        self.steps[id as usize].outcome
    }

    /// How many reasons a step has so far.
    pub(super) fn reasons_of(&self, id: StepId) -> usize {
        self.found[id as usize]
    }

    /// Whether a reason code is left out on purpose.
    pub(super) fn ignores(&self, code: &str) -> bool {
        self.policy.ignore.contains(code)
    }

    pub(super) fn fail(&mut self, id: StepId, code: &'static str, detail: impl Into<String>) {
        self.add(id, Outcome::Fail, code, None, detail.into());
    }

    pub(super) fn unknown(&mut self, id: StepId, code: &'static str, detail: impl Into<String>) {
        self.add(id, Outcome::Unknown, code, None, detail.into());
    }

    pub(super) fn add(
        &mut self,
        id: StepId,
        outcome: Outcome,
        code: &'static str,
        whose: Option<&'static str>,
        detail: String,
    ) {
        self.begin(id);
        if self.ignores(code) {
            return;
        }
        let reason = Reason { code, whose, detail };
        let Some(keeps) = keeps(&self.step(id).reasons, &reason) else { return };
        self.found[id as usize] += 1;
        let step = self.step(id);
        if !keeps {
            step.outcome = worse(step.outcome, outcome);
            return;
        }
        if outcome == Outcome::Fail {
            // What fails stands before what is merely unknown.
            if step.outcome == Outcome::Unknown {
                step.reasons.insert(0, reason);
            } else {
                step.reasons.push(reason);
            }
            step.outcome = Outcome::Fail;
        } else {
            step.reasons.push(reason);
            if step.outcome == Outcome::Pass {
                step.outcome = Outcome::Unknown;
            }
        }
    }

    pub(super) fn warn(&mut self, id: StepId, code: &'static str, detail: impl Into<String>) {
        let reason = Reason { code, whose: None, detail: detail.into() };
        let step = self.step(id);
        if keeps(&step.warnings, &reason) == Some(true) {
            step.warnings.push(reason);
        }
    }

    pub(super) fn finish(self) -> FileReport {
        let has = |outcome| self.steps.iter().any(|step| step.outcome == outcome);
        let verdict = if has(Outcome::Fail) {
            Verdict::Invalid
        } else if has(Outcome::Unknown) || self.steps.iter().all(|step| step.outcome == Outcome::Skipped) {
            Verdict::Indeterminate
        } else {
            Verdict::Valid
        };
        FileReport {
            verdict,
            steps: self.steps,
            artefact: self.artefact,
            signer: self.signer,
            seal_name: self.seal_name,
            signed_at: self.signed_at,
            stamped_at: self.stamped_at,
            fields: self.fields,
            evaluated_at: self.at,
        }
    }
}

/// Whether a reason is kept; `None` when it is there already.
fn keeps(list: &[Reason], reason: &Reason) -> Option<bool> {
    let mut same = 0;
    for other in list.iter().filter(|other| other.code == reason.code) {
        if other == reason {
            return None;
        }
        same += 1;
    }
    Some(same < SAME_CODE_MAX)
}

/// FAIL over UNKNOWN over PASS.
fn worse(before: Outcome, found: Outcome) -> Outcome {
    match (before, found) {
        (Outcome::Fail, _) | (_, Outcome::Fail) => Outcome::Fail,
        (_, found) => found,
    }
}
