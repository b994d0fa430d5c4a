//! The life cycle of one holder's licences as a model: what a call may answer, and what holds after it.
//!
//! Written from binding v1, sections 7 and 10, and its rulings, over the table of `ecric_licence::status`
//! alone. Days are numbers from 0, the day on which a walk begins; the time of day never matters.

use std::collections::BTreeMap;

use ecric_licence::instant::parse_instant;
use ecric_licence::status::{StatusEvent, is_live, next_status};
use ecric_model::Text;
use ecric_model::binding::{
    Action, AuditAnswer, ErrorCode, IssueAnswer, LicenceStatus, SearchAnswer, StatusAnswer, TransitionAnswer,
    VerifyOutcome, VerifyResult,
};
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};
use ecric_model::reason::class_of;

use crate::ablation::ablatable;
use crate::answers::check_delivered;
use crate::{Grain, Seen, message};

/// A licence as the model sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Licence {
    /// Identifier that the product gave.
    pub identifier: String,
    /// Present status.
    pub status: LicenceStatus,
    /// Number of changes, from 1.
    pub version: i64,
    /// Activated, and waiting for its first day.
    pub dormant: bool,
    /// First day.
    pub begins: i64,
    /// Last day; `None` where it lies beyond every walk.
    pub last: Option<i64>,
    /// Identifier of the licence that it replaces.
    pub previous: Option<String>,
}

/// The licences of one holder, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Holder {
    /// Oldest first.
    pub licences: Vec<Licence>,
    /// Present day.
    pub day: i64,
}

/// A call, without what does not matter to the model. Versions are the `expectedStatusVersion` sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names of the operations")]
pub enum Request {
    Issue { activate: bool, begins: i64, last: Option<i64> },
    Act { licence: String, action: Action, version: i64 },
    Reissue { licence: String, version: i64 },
    Status { licence: String, known: Option<i64> },
    Verify { licence: String },
    VerifyHolder,
    Metadata { licence: String },
    File { licence: String },
    Search { states: Vec<LicenceStatus> },
}

/// What an answer said, as far as the model cares.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the members of the messages")]
pub enum Reply {
    Issued { identifier: String, status: Option<LicenceStatus>, previous: Option<String>, replaced: Option<Replaced> },
    Changed { status: LicenceStatus, version: i64 },
    Status { status: LicenceStatus, version: i64 },
    Unmodified,
    Verdict { result: VerifyOutcome, reasons: Vec<String> },
    Metadata { identifier: String, status: Option<LicenceStatus>, previous: Option<String> },
    File,
    Items(Vec<(String, LicenceStatus)>),
    Refused { http: u16, code: String },
}

/// The replaced licence in an answer of a re-issue.
pub type Replaced = (String, LicenceStatus);

/// One answer that the model allows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the members of the messages")]
pub enum Allowed {
    Issued { status: LicenceStatus, replaces: Option<String> },
    Changed { status: LicenceStatus, version: i64 },
    Status { status: LicenceStatus, version: i64 },
    Unmodified,
    Verdict { result: VerifyOutcome, reason: Option<&'static str> },
    Metadata { status: LicenceStatus, previous: Option<String> },
    File,
    Items(BTreeMap<String, LicenceStatus>),
    Refused(ErrorCode),
}

/// Reason class of a verdict about a licence in a state; `None` for VALID.
#[must_use]
pub const fn reason_of_state(status: LicenceStatus) -> Option<&'static str> {
    match status {
        LicenceStatus::Valid => None,
        LicenceStatus::NotActive => Some("LICENCE_NOT_ACTIVE"),
        LicenceStatus::Suspended => Some("LICENCE_SUSPENDED"),
        LicenceStatus::Expired => Some("LICENCE_EXPIRED"),
        LicenceStatus::Superseded => Some("LICENCE_SUPERSEDED"),
        LicenceStatus::Revoked => Some("LICENCE_REVOKED"),
        LicenceStatus::Destroyed => Some("LICENCE_DESTROYED"),
    }
}

fn verdict(status: LicenceStatus) -> Allowed {
    let reason = reason_of_state(status);
    let result = if reason.is_none() { VerifyOutcome::Valid } else { VerifyOutcome::Invalid };
    Allowed::Verdict { result, reason }
}

impl Holder {
    /// The licence with an identifier.
    #[must_use]
    pub fn licence(&self, identifier: &str) -> Option<&Licence> {
        self.licences.iter().find(|licence| licence.identifier == identifier)
    }

    /// True if a licence is live.
    #[must_use]
    pub fn has_live(&self) -> bool {
        self.licences.iter().any(|licence| is_live(licence.status))
    }

    /// The next day comes: licences begin and end.
    pub fn pass_day(&mut self) {
        self.day += 1;
        for licence in &mut self.licences {
            if licence.dormant && licence.begins <= self.day && licence.status == LicenceStatus::NotActive {
                licence.dormant = false;
                (licence.status, licence.version) = (LicenceStatus::Valid, licence.version + 1);
            }
            let over = licence.last.is_some_and(|last| last < self.day);
            if let Some(next) = next_status(licence.status, StatusEvent::Expire).filter(|_| over) {
                (licence.status, licence.version) = (next, licence.version + 1);
            }
        }
    }

    /// Every answer that a right product may give.
    #[must_use]
    pub fn allowed(&self, request: &Request) -> Vec<Allowed> {
        let one = |identifier: &str, answer: &dyn Fn(&Licence) -> Vec<Allowed>| match self.licence(identifier) {
            Some(licence) => answer(licence),
            None => vec![Allowed::Refused(ErrorCode::NotFound)],
        };
        match request {
            Request::Issue { activate, begins, .. } => vec![if self.has_live() {
                Allowed::Refused(ErrorCode::StateConflict)
            } else {
                let valid = *activate && *begins <= self.day;
                let status = if valid { LicenceStatus::Valid } else { LicenceStatus::NotActive };
                Allowed::Issued { status, replaces: None }
            }],
            Request::Act { licence, action, version } => one(licence, &|licence| self.act(licence, *action, *version)),
            Request::Reissue { licence, version } => one(licence, &|licence| {
                vec![if licence.version != *version {
                    Allowed::Refused(ErrorCode::VersionConflict)
                } else if licence.status == LicenceStatus::Valid {
                    let replaces = Some(licence.identifier.clone());
                    Allowed::Issued { status: LicenceStatus::Valid, replaces }
                } else {
                    Allowed::Refused(ErrorCode::StateConflict)
                }]
            }),
            Request::Status { licence, known } => one(licence, &|licence| {
                let whole = Allowed::Status { status: licence.status, version: licence.version };
                if *known == Some(licence.version) { vec![Allowed::Unmodified, whole] } else { vec![whole] }
            }),
            Request::Verify { licence } => match self.licence(licence) {
                Some(licence) => vec![verdict(licence.status)],
                None => vec![unknown()],
            },
            Request::VerifyHolder => {
                let live = self.licences.iter().rfind(|licence| is_live(licence.status));
                vec![live.or(self.licences.last()).map_or_else(unknown, |licence| verdict(licence.status))]
            }
            Request::Metadata { licence } => one(licence, &|licence| {
                vec![match licence.status {
                    LicenceStatus::Destroyed => Allowed::Refused(ErrorCode::Destroyed),
                    status => Allowed::Metadata { status, previous: licence.previous.clone() },
                }]
            }),
            Request::File { licence } => one(licence, &|licence| {
                let gone = licence.status == LicenceStatus::Destroyed;
                vec![if gone { Allowed::Refused(ErrorCode::Destroyed) } else { Allowed::File }]
            }),
            Request::Search { states } => {
                let wanted = self.licences.iter().filter(|one| states.is_empty() || states.contains(&one.status));
                vec![Allowed::Items(wanted.map(|one| (one.identifier.clone(), one.status)).collect())]
            }
        }
    }

    /// The version is compared before the state (ruling D1).
    fn act(&self, licence: &Licence, action: Action, version: i64) -> Vec<Allowed> {
        let refused = || vec![Allowed::Refused(ErrorCode::StateConflict)];
        if licence.version != version {
            return vec![Allowed::Refused(ErrorCode::VersionConflict)];
        }
        if action == Action::Activate && licence.status == LicenceStatus::NotActive && licence.begins > self.day {
            // Until its first day it reads as before, under the same version (ruling D3).
            let waits = Allowed::Changed { status: LicenceStatus::NotActive, version };
            return if licence.dormant { refused() } else { vec![waits] };
        }
        match next_status(licence.status, StatusEvent::Action(action)) {
            Some(status) => vec![Allowed::Changed { status, version: version + 1 }],
            None if licence.status == LicenceStatus::Suspended && action == Action::Suspend => {
                vec![
                    Allowed::Refused(ErrorCode::StateConflict),
                    Allowed::Changed { status: licence.status, version: licence.version },
                ]
            }
            None => refused(),
        }
    }

    /// What holds after an allowed answer.
    #[must_use]
    pub fn after(&self, request: &Request, reply: &Reply) -> Self {
        let mut next = self.clone();
        match (request, reply) {
            (Request::Issue { activate, begins, last }, Reply::Issued { identifier, .. }) => {
                let waits = *begins > self.day;
                let valid = *activate && !waits;
                next.licences.push(Licence {
                    identifier: identifier.clone(),
                    status: if valid { LicenceStatus::Valid } else { LicenceStatus::NotActive },
                    version: 1,
                    dormant: *activate && waits,
                    begins: *begins,
                    last: *last,
                    previous: None,
                });
            }
            (Request::Reissue { licence, .. }, Reply::Issued { identifier, .. }) => {
                for old in next.licences.iter_mut().filter(|old| old.identifier == *licence) {
                    (old.status, old.version) = (LicenceStatus::Superseded, old.version + 1);
                }
                next.licences.push(Licence {
                    identifier: identifier.clone(),
                    status: LicenceStatus::Valid,
                    version: 1,
                    dormant: false,
                    begins: self.day,
                    last: None,
                    previous: Some(licence.clone()),
                });
            }
            (Request::Act { licence, action, .. }, Reply::Changed { status, version }) => {
                for changed in next.licences.iter_mut().filter(|changed| changed.identifier == *licence) {
                    changed.dormant = *action == Action::Activate && *status == LicenceStatus::NotActive;
                    (changed.status, changed.version) = (*status, *version);
                }
            }
            _ => {}
        }
        next
    }
}

fn unknown() -> Allowed {
    Allowed::Verdict { result: VerifyOutcome::Invalid, reason: Some("LICENCE_UNKNOWN") }
}

/// Reads an answer.
///
/// # Errors
/// No judgeable answer, a 5xx, or members that are not those of binding v1.
pub fn read_reply(request: &Request, seen: &Seen<'_>) -> Result<Reply, Box<Finding>> {
    check_delivered(seen)?;
    if seen.status == 304 && matches!(request, Request::Status { known: Some(_), .. }) {
        return Ok(Reply::Unmodified);
    }
    if !seen.is_success() {
        return Ok(Reply::Refused { http: seen.status, code: seen.code().unwrap_or("-").to_owned() });
    }
    Ok(match request {
        Request::Issue { .. } | Request::Reissue { .. } => {
            let IssueAnswer { licence, superseded } = message(seen)?;
            Reply::Issued {
                identifier: licence.certificate_identifier,
                status: licence.certificate_status,
                previous: licence.previous_certificate_identifier,
                replaced: superseded.map(|old| (old.certificate_identifier, old.certificate_status)),
            }
        }
        Request::Act { .. } => {
            let answer: TransitionAnswer = message(seen)?;
            Reply::Changed { status: answer.certificate_status, version: answer.status_version }
        }
        Request::Status { .. } => {
            let answer: StatusAnswer = message(seen)?;
            Reply::Status { status: answer.certificate_status, version: answer.status_version }
        }
        Request::Verify { .. } | Request::VerifyHolder => {
            let answer: VerifyResult = message(seen)?;
            Reply::Verdict { result: answer.result, reasons: answer.reasons }
        }
        Request::Metadata { .. } => {
            let IssueAnswer { licence, .. } = message(seen)?;
            Reply::Metadata {
                identifier: licence.certificate_identifier,
                status: licence.certificate_status,
                previous: licence.previous_certificate_identifier,
            }
        }
        Request::File { .. } => Reply::File,
        Request::Search { .. } => {
            let SearchAnswer { items, .. } = message(seen)?;
            Reply::Items(items.into_iter().map(|item| (item.certificate_identifier, item.certificate_status)).collect())
        }
    })
}

/// True if a reply is the allowed one. At [`Grain::Outcome`] reasons and codes are not compared.
#[must_use]
pub fn fits(holder: &Holder, request: &Request, allowed: &Allowed, reply: &Reply, grain: Grain) -> bool {
    match (allowed, reply) {
        (Allowed::Issued { status, replaces }, Reply::Issued { identifier, status: told, previous, replaced }) => {
            let is_new = holder.licence(identifier).is_none() && !identifier.is_empty();
            let names = replaces.is_none() || previous.is_none() || previous == replaces;
            let old = match (replaced, replaces) {
                (Some((old, state)), Some(wanted)) => old == wanted && *state == LicenceStatus::Superseded,
                _ => true,
            };
            is_new && names && old && told.is_none_or(|told| told == *status)
        }
        (Allowed::Changed { status, version }, Reply::Changed { status: told, version: number })
        | (Allowed::Status { status, version }, Reply::Status { status: told, version: number }) => {
            status == told && version == number
        }
        (Allowed::Unmodified, Reply::Unmodified) | (Allowed::File, Reply::File) => true,
        (Allowed::Verdict { result, reason }, Reply::Verdict { result: told, reasons }) => {
            result == told && (grain == Grain::Outcome || reason.is_none_or(|reason| is_because(reasons, reason)))
        }
        (Allowed::Metadata { status, previous }, Reply::Metadata { identifier, status: told, previous: named }) => {
            let asked = matches!(request, Request::Metadata { licence } if licence == identifier);
            asked && told.is_none_or(|told| told == *status) && (named.is_none() || named == previous)
        }
        (Allowed::Items(wanted), Reply::Items(items)) => {
            let found: BTreeMap<_, _> = items.iter().cloned().collect();
            found.len() == items.len() && found == *wanted
        }
        (Allowed::Refused(code), Reply::Refused { http, code: told }) => {
            (400..500).contains(http) && (grain == Grain::Outcome || (code.code() == told && code.http() == *http))
        }
        _ => false,
    }
}

/// A coarse reason of a dialect is several classes joined by bars: one of them is enough.
fn is_because(reasons: &[String], wanted: &str) -> bool {
    let right = |code: &String| code.split('|').any(|one| class_of(one).is_some_and(|class| class.code == wanted));
    !reasons.is_empty() && reasons.iter().all(right)
}

/// Does the model allow the answer?
///
/// # Errors
/// `FALSE_ACCEPT`, `FALSE_REJECT`, `WRONG_REASON` or `WRONG_STATE`.
pub fn check_reply(holder: &Holder, request: &Request, reply: &Reply, grain: Grain) -> Judgement {
    ablatable!("check_reply");
    let allowed = holder.allowed(request);
    if allowed.iter().any(|one| fits(holder, request, one, reply, grain)) {
        return Ok(());
    }
    let words: Vec<String> = allowed.iter().map(Allowed::words).collect();
    let refusal = |one: &Allowed| matches!(one, Allowed::Refused(_));
    let class = match reply {
        Reply::Refused { .. } if !allowed.iter().any(refusal) => FindingClass::FalseReject,
        Reply::Refused { .. } => FindingClass::WrongReason,
        _ if allowed.iter().all(refusal) => FindingClass::FalseAccept,
        Reply::Verdict { result: VerifyOutcome::Valid, .. } => FindingClass::FalseAccept,
        _ => FindingClass::WrongState,
    };
    fail(class, request.name(), Text::same(words.join(" | ")), Text::same(reply.words()))
}

/// Did a repeat with the same key and body get the first answer again?
///
/// # Errors
/// `WRONG_STATE`.
pub fn check_repeat(first: &Reply, again: &Reply) -> Judgement {
    ablatable!("check_repeat");
    if first == again {
        return Ok(());
    }
    let wanted = first.words();
    fail(
        FindingClass::WrongState,
        "repeat with the same key",
        Text::new(format!("the first answer again: {wanted}"), format!("与首次应答相同：{wanted}")),
        Text::same(again.words()),
    )
}

/// Is the time of the last change not earlier than one that was told before?
///
/// # Errors
/// `WRONG_VALUE` or `MALFORMED`.
pub fn check_not_earlier(before: &str, now: &str) -> Judgement {
    ablatable!("check_not_earlier");
    let wanted = Text::new(format!("not earlier than {before}"), format!("不早于 {before}"));
    match (parse_instant(before), parse_instant(now)) {
        (Ok(before), Ok(now)) if before <= now => Ok(()),
        (_, Err(_)) => fail(FindingClass::Malformed, "statusTime", wanted, Text::same(now)),
        _ => fail(FindingClass::WrongValue, "statusTime", wanted, Text::same(now)),
    }
}

/// A change that the audit must hold: operation name, and action of a transition.
pub type Noted = (&'static str, Option<Action>);

/// Operations that change a licence, as the audit names them.
pub const CHANGES: [&str; 3] = ["issuer.issue", "issuer.transition", "issuer.reissue"];

/// Does the audit hold exactly these successful changes, in this order, under numbers that rise?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_trail(seen: &Seen<'_>, expected: &[Noted]) -> Judgement {
    ablatable!("check_trail");
    crate::answers::check_accepted(seen)?;
    let answer: AuditAnswer = message(seen)?;
    let done =
        answer.entries.iter().filter(|entry| entry.result == "OK" && CHANGES.contains(&entry.operation.as_str()));
    let found: Vec<String> = done
        .map(|entry| match &entry.action {
            Some(action) if entry.operation == CHANGES[1] => format!("{} {action}", entry.operation),
            _ => entry.operation.clone(),
        })
        .collect();
    let wanted: Vec<String> = expected
        .iter()
        .map(|(name, action)| action.map_or_else(|| (*name).to_owned(), |action| format!("{name} {action}")))
        .collect();
    let rising = answer.entries.windows(2).all(|pair| pair[0].seq < pair[1].seq);
    if found == wanted && rising {
        return Ok(());
    }
    let class = if found.len() < wanted.len() { FindingClass::Missing } else { FindingClass::WrongValue };
    let list = |words: &[String]| if words.is_empty() { "-".to_owned() } else { words.join(", ") };
    fail(class, "issuer.audit", Text::same(list(&wanted)), Text::same(list(&found)))
}

impl Request {
    /// The operation that it calls.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Issue { .. } => "issuer.issue",
            Self::Act { .. } => "issuer.transition",
            Self::Reissue { .. } => "issuer.reissue",
            Self::Status { .. } => "issuer.status",
            Self::Verify { .. } | Self::VerifyHolder => "verifier.attributes",
            Self::Metadata { .. } => "issuer.metadata",
            Self::File { .. } => "issuer.file",
            Self::Search { .. } => "issuer.search",
        }
    }

    /// True if it may change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        matches!(self, Self::Issue { .. } | Self::Act { .. } | Self::Reissue { .. })
    }
}

fn listed<'a>(items: impl Iterator<Item = (&'a String, &'a LicenceStatus)>) -> String {
    // The end of an identifier tells licences of one holder apart.
    let short = |id: &str| id.rsplit('.').take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(".");
    let items: Vec<String> = items.map(|(id, status)| format!("{} {status}", short(id))).collect();
    if items.is_empty() { "no items".to_owned() } else { items.join(", ") }
}

impl Allowed {
    /// In a few words: codes of binding v1, the same in every language.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Issued { status, replaces: None } => format!("201 {status}, a new identifier"),
            Self::Issued { status, .. } => format!("201 {status}, a new identifier, the old one SUPERSEDED"),
            Self::Changed { status, version } | Self::Status { status, version } => {
                format!("200 {status} statusVersion {version}")
            }
            Self::Unmodified => "304".to_owned(),
            Self::Verdict { result, reason } => {
                format!("200 {result} {}", reason.unwrap_or_default()).trim().to_owned()
            }
            Self::Metadata { status, .. } => format!("200 {status}, the holder as issued"),
            Self::File => "200, the file".to_owned(),
            Self::Items(items) => listed(items.iter()),
            Self::Refused(code) => format!("{} {code}", code.http()),
        }
    }
}

impl Reply {
    /// In a few words: codes of binding v1, the same in every language.
    #[must_use]
    pub fn words(&self) -> String {
        let word = |status: &Option<LicenceStatus>| status.map_or("-", LicenceStatus::code);
        match self {
            Self::Issued { identifier, status, previous, replaced } => {
                let old = replaced.as_ref().map_or("-", |(_, status)| status.code());
                let previous = previous.as_deref().unwrap_or("-");
                format!("201 {} {identifier}, previous {previous}, replaced {old}", word(status))
            }
            Self::Changed { status, version } | Self::Status { status, version } => {
                format!("200 {status} statusVersion {version}")
            }
            Self::Unmodified => "304".to_owned(),
            Self::Verdict { result, reasons } => format!("200 {result} {}", reasons.join(", ")).trim().to_owned(),
            Self::Metadata { identifier, status, previous } => {
                format!("200 {} {identifier}, previous {}", word(status), previous.as_deref().unwrap_or("-"))
            }
            Self::File => "200, the file".to_owned(),
            Self::Items(items) => listed(items.iter().map(|(id, status)| (id, status))),
            Self::Refused { http, code } => format!("{http} {code}"),
        }
    }
}

#[cfg(test)]
#[path = "lifecycle_tests.rs"]
mod tests;
