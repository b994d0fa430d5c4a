//! The state of one scenario: persons, licences, answers.

use std::fmt;
use std::sync::Arc;

use ecric_checks::{Judgement, Seen};
use ecric_licence::validity::china_date;
use ecric_model::Text;
use ecric_model::binding::{LicenceStatus, Operation, StatusAnswer};
use ecric_model::exchange::TransportOutcome;
use ecric_model::finding::Finding;
use ecric_model::ics::Feature;
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call, TargetError};
use ecric_vectors::person::Person;
use time::{Date, OffsetDateTime};

use crate::case::{CaseContext, CaseEnd};
use crate::provisioned::Lease;

/// Ends a step. What happened is in the log of the case before this value exists.
#[derive(Debug)]
pub struct StepEnd(String);

impl fmt::Display for StepEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Result of a step.
pub(crate) type StepResult<T = ()> = Result<T, StepEnd>;

/// A licence that a case knows of.
#[derive(Debug, Clone)]
pub(crate) struct HeldLicence {
    pub(crate) identifier: String,
    /// Index of its holder.
    pub(crate) person: usize,
    /// Version and time of its last known change.
    pub(crate) known: Option<(i64, String)>,
}

/// The state of one scenario.
#[derive(cucumber::World)]
#[world(init = Self::empty)]
pub struct EcricWorld {
    case: Option<Arc<CaseContext>>,
    /// True if the run was stopped before this case began.
    stopped: bool,
    pub(crate) people: Vec<Person>,
    pub(crate) licences: Vec<HeldLicence>,
    /// Index of the licence that the scenario speaks of.
    pub(crate) current: Option<usize>,
    /// Index of the licence that the current one replaces.
    pub(crate) previous: Option<usize>,
    pub(crate) answers: Vec<Answer>,
    /// Answers of calls made at once.
    pub(crate) at_once: Vec<Answer>,
    /// The request that a repeat repeats.
    pub(crate) repeatable: Option<Call>,
    /// Bodies as sent, for steps that compare.
    pub(crate) batch_items: Vec<serde_json::Value>,
    pub(crate) asserted: Vec<String>,
    pub(crate) earlier: Option<Answer>,
    pub(crate) found_pages: Vec<String>,
    pub(crate) property_failure: Option<Box<Finding>>,
    pub(crate) clock_moved: bool,
    pub(crate) version_before: Option<(i64, String)>,
    pub(crate) entity_tag: Option<String>,
    /// What came of requests for features that the ICS does not declare.
    pub(crate) undeclared: Vec<(Feature, Answer)>,
    /// Listed persons that the case holds until it ends.
    pub(crate) leases: Vec<Lease>,
    /// Files fetched so far.
    pub(crate) files: Vec<Vec<u8>>,
    pub(crate) link: Option<String>,
    pub(crate) anchors: Option<ecric_licence::file::Trust>,
    pub(crate) attack: Option<ecric_vectors::licence_file::Attack>,
    /// Token of the address that the file in question names.
    pub(crate) sink: String,
    /// Identifier of the licence whose status the verifier may ask for.
    pub(crate) asked_about: String,
    pub(crate) sent_content: String,
    pub(crate) trust_moved: bool,
    pub(crate) fault: Option<String>,
    /// Devices, codes and requests of a loading end.
    pub(crate) wallet: crate::loading::Wallet,
    /// The presentation code that the scenario shows.
    pub(crate) code: Option<crate::presentation::ShownCode>,
    /// What came back over a raw connection.
    pub(crate) raw: Option<ecric_target::RawAnswer>,
    /// Slow requests that were let go on to their end.
    pub(crate) cut_off: Vec<ecric_target::RawAnswer>,
    /// Durations of two kinds of calls, milliseconds.
    pub(crate) timings: [Vec<u64>; 2],
    /// What was seen in the bytes of the run so far.
    pub(crate) watched: ecric_target::Watched,
    /// Loads that were run.
    pub(crate) loads: Vec<ecric_model::load::LoadRecord>,
}

impl fmt::Debug for EcricWorld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Persons stay out: a world is printed when a step panics.
        f.debug_struct("EcricWorld").field("licences", &self.licences.len()).finish_non_exhaustive()
    }
}

impl EcricWorld {
    fn empty() -> Self {
        Self {
            case: None,
            stopped: false,
            people: Vec::new(),
            licences: Vec::new(),
            current: None,
            previous: None,
            answers: Vec::new(),
            at_once: Vec::new(),
            repeatable: None,
            batch_items: Vec::new(),
            asserted: Vec::new(),
            earlier: None,
            found_pages: Vec::new(),
            property_failure: None,
            clock_moved: false,
            version_before: None,
            entity_tag: None,
            undeclared: Vec::new(),
            leases: Vec::new(),
            files: Vec::new(),
            link: None,
            anchors: None,
            attack: None,
            sink: String::new(),
            asked_about: String::new(),
            sent_content: String::new(),
            trust_moved: false,
            fault: None,
            wallet: crate::loading::Wallet::default(),
            code: None,
            raw: None,
            cut_off: Vec::new(),
            timings: [Vec::new(), Vec::new()],
            watched: ecric_target::Watched::default(),
            loads: Vec::new(),
        }
    }

    /// Gives the world its case: called by the runner before the first step.
    pub fn open(&mut self, case: Arc<CaseContext>) {
        self.stopped = case.with_log(|log| log.end.is_some());
        self.case = Some(case);
    }

    /// Puts back what the case moved: called by the runner after the last step.
    pub async fn close(&mut self) {
        if self.clock_moved && self.case.is_some() {
            self.clock_moved = false;
            let _ = crate::clock::reset(self).await;
        }
        if self.trust_moved && self.case.is_some() {
            self.trust_moved = false;
            crate::file_verification::restore_trust(self).await;
        }
        if let Some(fault) = self.fault.take().filter(|_| self.case.is_some()) {
            crate::file_verification::end_fault(self, &fault).await;
        }
        self.leases.clear();
    }

    pub(crate) fn case(&self) -> StepResult<Arc<CaseContext>> {
        if self.stopped {
            return Err(StepEnd("the run was stopped".to_owned()));
        }
        self.case.clone().ok_or_else(|| StepEnd("the case was not opened by the runner".to_owned()))
    }

    // ----- ends

    pub(crate) fn end(&self, end: CaseEnd) -> StepEnd {
        let words = match &end {
            CaseEnd::Finding(finding) => format!(
                "{:?} at {}: expected {}, found {}",
                finding.class, finding.place, finding.expected.en, finding.actual.en
            ),
            CaseEnd::Inconclusive(cause, detail) => format!("{}: {}", cause.text().en, detail.en),
            CaseEnd::SuiteError(_, reason) => reason.clone(),
        };
        if let Some(case) = &self.case {
            case.with_log(|log| log.end.get_or_insert(end).clone());
        }
        StepEnd(words)
    }

    pub(crate) fn suite_error(&self, reason: impl Into<String>) -> StepEnd {
        self.end(CaseEnd::SuiteError(Cause::Panic, reason.into()))
    }

    pub(crate) fn inconclusive(&self, cause: Cause, detail: Text) -> StepEnd {
        self.end(CaseEnd::Inconclusive(cause, detail))
    }

    /// Takes a judgement: counts a pass, ends the case with a finding. `evidence` shows it.
    pub(crate) fn judge_with(&self, judgement: Judgement, evidence: &[String]) -> StepResult {
        match judgement {
            Ok(()) => {
                self.case()?.with_log(|log| log.judgements += 1);
                Ok(())
            }
            Err(mut finding) => {
                finding.evidence.extend(evidence.iter().cloned());
                Err(self.end(CaseEnd::Finding(finding)))
            }
        }
    }

    /// Takes a judgement about the last answer.
    pub(crate) fn judge(&self, judgement: Judgement) -> StepResult {
        let evidence: Vec<String> = self.answers.last().map(|answer| answer.evidence.clone()).into_iter().collect();
        self.judge_with(judgement, &evidence)
    }

    /// Takes something read from the last answer, or ends the case.
    pub(crate) fn found<T>(&self, read: Result<T, Box<Finding>>) -> StepResult<T> {
        read.map_err(|mut finding| {
            finding.evidence.extend(self.answers.last().map(|answer| answer.evidence.clone()));
            self.end(CaseEnd::Finding(finding))
        })
    }

    // ----- calls

    /// Sends a call; only faults of ours end the case here.
    pub(crate) async fn call(&self, call: Call) -> StepResult<Answer> {
        let case = self.case()?;
        case.connection.call(call).await.map_err(|error| self.ours(error))
    }

    /// Ends the case for something that the product is not to blame for.
    pub(crate) fn ours(&self, error: TargetError) -> StepEnd {
        match error {
            TargetError::Mapping(gap) => self.inconclusive(Cause::Mapping, gap.text()),
            TargetError::Hook(reason) | TargetError::Limit(reason) => self.inconclusive(Cause::SetUp, reason),
            TargetError::Driver(reason) => self.inconclusive(Cause::SetUp, Text::same(reason)),
            TargetError::CaseTimeLimit(_) => self.end(CaseEnd::SuiteError(Cause::CaseTimeLimit, error.to_string())),
            error => self.suite_error(error.to_string()),
        }
    }

    /// Ends the case unless the answer of a set-up step is a success. No answer at all is the product's fault.
    pub(crate) fn set_up(&self, answer: &Answer, cause: Cause) -> StepResult {
        if answer.outcome == TransportOutcome::Timeout {
            let finding = ecric_checks::answers::check_delivered(&view(answer, &answer.text()));
            return self.judge_with(finding, std::slice::from_ref(&answer.evidence));
        }
        if answer.is_success() {
            return Ok(());
        }
        let text = answer.text();
        let summary = match &answer.transport_error {
            Some(error) => error.clone(),
            None => view(answer, &text).summary(),
        };
        let operation = answer.operation.name();
        Err(self.inconclusive(
            cause,
            Text::new(
                format!("{operation} answered {summary} ({})", answer.evidence),
                format!("{operation} 应答 {summary}（{}）", answer.evidence),
            ),
        ))
    }

    /// The last answer, or an end of the case where there is none.
    pub(crate) fn last(&self) -> StepResult<&Answer> {
        match self.answers.last() {
            Some(answer) => Ok(answer),
            None => Err(self.end(CaseEnd::Finding(ecric_checks::answers::nothing_to_judge()))),
        }
    }

    // ----- persons and licences

    pub(crate) fn person(&self) -> StepResult<&Person> {
        self.people.first().ok_or_else(|| self.suite_error("the scenario has no person"))
    }

    pub(crate) fn licence(&self) -> StepResult<&HeldLicence> {
        self.current
            .and_then(|index| self.licences.get(index))
            .ok_or_else(|| self.suite_error("the scenario has no licence"))
    }

    pub(crate) fn hold(&mut self, identifier: &str, person: usize) {
        self.licences.push(HeldLicence { identifier: identifier.to_owned(), person, known: None });
        self.current = Some(self.licences.len() - 1);
    }

    /// Version and time of the current licence's last change, asked for where not known.
    pub(crate) async fn version(&mut self) -> StepResult<(i64, String)> {
        let index = self.current.ok_or_else(|| self.suite_error("the scenario has no licence"))?;
        if let Some(known) = self.licences[index].known.clone() {
            return Ok(known);
        }
        let identifier = self.licences[index].identifier.clone();
        let answer = self.call(Call::new(Operation::Status, Some(&identifier), Body::None)).await?;
        self.set_up(&answer, Cause::SetUp)?;
        let status: StatusAnswer = answer
            .message()
            .map_err(|error| self.inconclusive(Cause::SetUp, Text::same(format!("issuer.status: {error}"))))?;
        let known = (status.status_version, status.status_time);
        self.licences[index].known = Some(known.clone());
        Ok(known)
    }

    // ----- time

    pub(crate) fn now(&self) -> StepResult<OffsetDateTime> {
        Ok(self.case()?.connection.now())
    }

    pub(crate) fn today(&self) -> StepResult<Date> {
        Ok(china_date(self.now()?))
    }
}

/// An answer as checks see it; `text` is its body as text.
pub(crate) fn view<'a>(answer: &'a Answer, text: &'a str) -> Seen<'a> {
    Seen {
        outcome: answer.outcome,
        transport_error: answer.transport_error.as_deref(),
        status: answer.status,
        headers: &answer.headers,
        json: answer.json.as_ref(),
        text,
    }
}

/// The state that a word of a feature names.
pub(crate) fn state(world: &EcricWorld, word: &str) -> StepResult<LicenceStatus> {
    LicenceStatus::parse(word).ok_or_else(|| world.suite_error(format!("{word:?} is no licence status")))
}
