//! Plays steps against a product, one after the other, and compares each answer with the model.

use std::collections::HashMap;

use ecric_checks::lifecycle::{
    Holder, Noted, Reply, Request, check_not_earlier, check_repeat, check_reply, check_trail, read_reply,
};
use ecric_checks::{Grain, Seen, face, message};
use ecric_model::binding::IssueAnswer;
use ecric_model::finding::Finding;
use ecric_model::sending::KeyUse;
use ecric_target::{Answer, Body, Call};
use ecric_vectors::person::Person;
use serde_json::Value;
use time::Date;

use super::generate::request_of;
use super::requests::{Asked, asked, audit};
use super::step::Step;

/// What walks need of a product and of the case that walks.
pub trait Ground {
    /// Why it cannot be walked on: never a fault of the product.
    type Error;
    /// A new holder whom the product knows and who has no licence.
    fn holder(&self) -> impl Future<Output = Result<Person, Self::Error>>;
    /// Sends one call.
    fn call(&self, call: Call) -> impl Future<Output = Result<Answer, Self::Error>>;
    /// Puts the clock of the product on noon of a day of the walk. Only asked with [`super::Alphabet::clock`].
    fn stand_on_day(&self, day: i64) -> impl Future<Output = Result<(), Self::Error>>;
    /// The date of day 0 in China.
    fn first_day(&self) -> Date;
    /// From and to of an audit search that sees the whole walk.
    fn window(&self) -> (String, String);
    /// Waits until the product shows what was changed: its declared lag, mostly nothing.
    fn settle(&self) -> impl Future<Output = ()>;
    /// How finely refusals are judged.
    fn grain(&self) -> Grain;
    /// False once it is time to come to an end: what was done by then is told.
    fn has_time(&self) -> bool;
}

/// One step as it went.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The step.
    pub step: Step,
    /// What the model allows.
    pub expected: String,
    /// What came.
    pub found: String,
    /// Evidence id.
    pub evidence: String,
}

/// A walk as it went.
#[derive(Debug, Clone)]
pub struct Played {
    /// Step by step; steps that sent nothing are left out.
    pub trace: Vec<Trace>,
    /// Index of the step at which the model and the product part, and the fault.
    pub failure: Option<(usize, Box<Finding>)>,
}

/// Plays steps with a new holder, up to the first answer that the model does not allow.
///
/// # Errors
/// When the ground cannot be walked on.
pub async fn play<G: Ground>(ground: &G, steps: &[Step]) -> Result<Played, G::Error> {
    // Dates count from day 0, wherever the walk before has left the clock.
    let dated = |step: &Step| {
        matches!(step, Step::Day | Step::Issue { tomorrow: true, .. } | Step::Issue { one_day: true, .. })
    };
    if steps.iter().any(dated) {
        ground.stand_on_day(0).await?;
    }
    let mut walker = Walker::new(ground, ground.holder().await?);
    for (at, step) in steps.iter().enumerate() {
        if let Some(finding) = walker.step(*step).await? {
            return Ok(Played { trace: walker.trace, failure: Some((at, finding)) });
        }
    }
    Ok(Played { trace: walker.trace, failure: None })
}

/// Plays steps with a holder: the state that they lead to, the changes that the audit must hold, and the fault,
/// if an answer is not allowed.
///
/// # Errors
/// When the ground cannot be walked on.
pub(crate) async fn play_on<G: Ground>(
    ground: &G,
    person: Person,
    steps: &[Step],
) -> Result<(Holder, Vec<Noted>, Fault), G::Error> {
    let mut walker = Walker::new(ground, person);
    let mut fault = None;
    for step in steps {
        fault = walker.step(*step).await?;
        if fault.is_some() {
            break;
        }
    }
    Ok((walker.holder, walker.trail.iter().map(|change| change.noted).collect(), fault))
}

/// A change that was accepted: of which licence, and which one came of it.
struct Change {
    noted: Noted,
    licence: String,
    successor: Option<String>,
}

struct Walker<'a, G> {
    ground: &'a G,
    person: Person,
    holder: Holder,
    trail: Vec<Change>,
    /// The last changing call with its request and answer.
    last: Option<(Call, Request, Reply)>,
    /// Entity tag and version of the last read, by licence.
    tags: HashMap<String, (String, i64)>,
    /// Time of the last change as told, by licence.
    times: HashMap<String, String>,
    changed: bool,
    trace: Vec<Trace>,
}

type Fault = Option<Box<Finding>>;

impl<'a, G: Ground> Walker<'a, G> {
    fn new(ground: &'a G, person: Person) -> Self {
        Self {
            ground,
            person,
            holder: Holder::default(),
            trail: Vec::new(),
            last: None,
            tags: HashMap::new(),
            times: HashMap::new(),
            changed: false,
            trace: Vec::new(),
        }
    }

    async fn step(&mut self, step: Step) -> Result<Fault, G::Error> {
        match step {
            Step::Day => {
                self.holder.pass_day();
                self.ground.stand_on_day(self.holder.day).await?;
                Ok(None)
            }
            Step::Repeat => self.repeat(step).await,
            Step::Audit { on } => self.audit(step, on).await,
            _ => match request_of(&self.holder, step) {
                Some(request) => self.ask(step, request).await,
                None => Ok(None),
            },
        }
    }

    async fn send(&mut self, mut call: Call, is_change: bool) -> Result<Answer, G::Error> {
        if self.changed && !is_change {
            self.ground.settle().await;
        }
        self.changed = is_change;
        call.options.if_none_match = call.entity_tag.is_some();
        self.ground.call(call).await
    }

    fn note(&mut self, step: Step, expected: String, found: String, answer: &Answer) {
        self.trace.push(Trace { step, expected, found, evidence: answer.evidence.clone() });
    }

    async fn ask(&mut self, step: Step, mut request: Request) -> Result<Fault, G::Error> {
        let Asked { operation, id, body } = asked(&request, &self.person, self.ground.first_day(), self.holder.day);
        let body = if body.is_null() { Body::None } else { Body::Json(body) };
        let mut call = Call::new(operation, id.as_deref(), body);
        if let (Step::StatusIfChanged { .. }, Request::Status { licence, known }) = (step, &mut request)
            && let Some((tag, version)) = self.tags.get(licence)
        {
            call.entity_tag = Some(tag.clone());
            *known = Some(*version);
        }
        let answer = self.send(call.clone(), request.changes()).await?;
        let allowed: Vec<String> =
            self.holder.allowed(&request).iter().map(ecric_checks::lifecycle::Allowed::words).collect();
        let text = answer.text();
        let seen = view(&answer, &text);
        let judged = read_reply(&request, &seen).and_then(|reply| {
            check_reply(&self.holder, &request, &reply, self.ground.grain())?;
            self.look_closer(&request, &seen)?;
            Ok(reply)
        });
        let found = judged.as_ref().map_or_else(|finding| finding.actual.en.clone(), Reply::words);
        self.note(step, allowed.join(" | "), found, &answer);
        match judged {
            Err(finding) => Ok(Some(with_evidence(finding, &answer))),
            Ok(reply) => {
                self.accept(call, request, reply, &answer);
                Ok(None)
            }
        }
    }

    /// What an answer holds beyond what the model knows: the face, the time of the last change.
    fn look_closer(&self, request: &Request, seen: &Seen<'_>) -> Result<(), Box<Finding>> {
        match request {
            Request::Metadata { .. } if seen.is_success() => {
                let answer: IssueAnswer = message(seen)?;
                let holder = serde_json::from_value(Value::Object(self.person.holder())).unwrap_or_default();
                face::check_as_issued(&answer.licence, &holder)
            }
            Request::Status { licence, .. } => match (self.times.get(licence), told_time(seen.json)) {
                (Some(before), Some(now)) => check_not_earlier(before, &now),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn accept(&mut self, mut call: Call, request: Request, reply: Reply, answer: &Answer) {
        match (&request, &reply) {
            (Request::Issue { .. }, Reply::Issued { identifier, .. }) => {
                let change = Change { noted: ("issuer.issue", None), licence: identifier.clone(), successor: None };
                self.trail.push(change);
            }
            (Request::Reissue { licence, .. }, Reply::Issued { identifier, .. }) => self.trail.push(Change {
                noted: ("issuer.reissue", None),
                licence: licence.clone(),
                successor: Some(identifier.clone()),
            }),
            (Request::Act { licence, action, .. }, Reply::Changed { .. }) => self.trail.push(Change {
                noted: ("issuer.transition", Some(*action)),
                licence: licence.clone(),
                successor: None,
            }),
            (Request::Status { licence, .. }, Reply::Status { version, .. }) => {
                if let Some(tag) = answer.header("etag") {
                    self.tags.insert(licence.clone(), (tag.to_owned(), *version));
                }
                self.times.extend(told_time(answer.json.as_ref()).map(|time| (licence.clone(), time)));
            }
            _ => {}
        }
        self.holder = self.holder.after(&request, &reply);
        if request.changes() {
            call.before = Some(answer.sent.clone());
            call.options.idempotency = KeyUse::Same;
            self.last = Some((call, request, reply));
        }
    }

    async fn repeat(&mut self, step: Step) -> Result<Fault, G::Error> {
        let Some((call, request, first)) = self.last.clone() else { return Ok(None) };
        let answer = self.send(call, true).await?;
        let text = answer.text();
        let judged = read_reply(&request, &view(&answer, &text)).and_then(|again| {
            check_repeat(&first, &again)?;
            Ok(again)
        });
        let found = judged.as_ref().map_or_else(|finding| finding.actual.en.clone(), Reply::words);
        self.note(step, first.words(), found, &answer);
        Ok(judged.err().map(|finding| with_evidence(finding, &answer)))
    }

    async fn audit(&mut self, step: Step, on: u8) -> Result<Fault, G::Error> {
        let Some(Request::Status { licence, .. }) = request_of(&self.holder, Step::Status { on }) else {
            return Ok(None);
        };
        let (from, to) = self.ground.window();
        let Asked { operation, id, body } = audit(&licence, &from, &to);
        let answer = self.send(Call::new(operation, id.as_deref(), Body::Json(body)), false).await?;
        let of_it = self.trail.iter().filter(|change| {
            change.licence == licence || change.successor.as_ref().is_some_and(|made| *made == licence)
        });
        let expected: Vec<Noted> = of_it.map(|change| change.noted).collect();
        let text = answer.text();
        let judged = check_trail(&view(&answer, &text), &expected);
        let found = judged.as_ref().map_or_else(|finding| finding.actual.en.clone(), |()| "as expected".to_owned());
        self.note(step, format!("{} changes", expected.len()), found, &answer);
        Ok(judged.err().map(|finding| with_evidence(finding, &answer)))
    }
}

fn told_time(json: Option<&Value>) -> Option<String> {
    Some(json?.get("statusTime")?.as_str()?.to_owned())
}

fn with_evidence(mut finding: Box<Finding>, answer: &Answer) -> Box<Finding> {
    finding.evidence.push(answer.evidence.clone());
    finding
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
