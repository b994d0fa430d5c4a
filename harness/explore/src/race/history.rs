//! Is there an order of the calls, none before another that ended before it began, that the model allows?
//! The search of Wing and Gong over the model of the life cycle, with a memory of what was tried.

use std::collections::HashSet;
use std::time::Duration;

use ecric_checks::Grain;
use ecric_checks::lifecycle::{Holder, Reply, Request, fits};
use ecric_model::Text;
use ecric_model::finding::{Finding, FindingClass};

/// Most events of one history: one bit each.
const EVENTS_MAX: usize = 64;
/// Most states tried before a history counts as too hard to judge.
const STATES_MAX: usize = 200_000;

/// A call with its answer, and when it began and ended, since the race began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What was asked.
    pub request: Request,
    /// What came.
    pub reply: Reply,
    /// Before the first byte was sent.
    pub start: Duration,
    /// After the last byte was received.
    pub end: Duration,
    /// Evidence id.
    pub evidence: String,
}

impl Event {
    /// One line for people.
    pub(crate) fn line(&self) -> String {
        let what = match &self.request {
            Request::Act { action, version, .. } => format!("{action} version {version}"),
            other => other.name().to_owned(),
        };
        format!(
            "{:>9.3} to {:>9.3} ms  {what}: {}",
            self.start.as_secs_f64() * 1e3,
            self.end.as_secs_f64() * 1e3,
            self.reply.words()
        )
    }
}

/// An order that explains every answer, as indexes.
///
/// # Errors
/// `WRONG_STATE` if there is none.
pub fn linearise(first: &Holder, events: &[Event], grain: Grain) -> Result<Vec<usize>, Box<Finding>> {
    if events.len() > EVENTS_MAX {
        return Err(none_found(events, &[], "more events than can be judged"));
    }
    let mut search = Search { events, grain, seen: HashSet::new(), order: Vec::new(), longest: Vec::new() };
    let all = if events.len() == EVENTS_MAX { u64::MAX } else { (1 << events.len()) - 1 };
    if search.go(first, all) {
        return Ok(search.order);
    }
    Err(none_found(events, &search.longest, "no order explains every answer"))
}

struct Search<'a> {
    events: &'a [Event],
    grain: Grain,
    seen: HashSet<(u64, Holder)>,
    order: Vec<usize>,
    longest: Vec<usize>,
}

impl Search<'_> {
    /// `left` holds the events that have no place yet.
    fn go(&mut self, holder: &Holder, left: u64) -> bool {
        if left == 0 {
            return true;
        }
        if self.order.len() > self.longest.len() {
            self.longest.clone_from(&self.order);
        }
        if self.seen.len() > STATES_MAX || !self.seen.insert((left, holder.clone())) {
            return false;
        }
        let waiting = |at: &usize| left & (1 << at) != 0;
        // What begins after another has ended cannot come before it.
        let first_end = (0..self.events.len()).filter(waiting).map(|at| self.events[at].end).min();
        for at in (0..self.events.len()).filter(waiting) {
            let event = &self.events[at];
            if first_end.is_some_and(|end| event.start > end) {
                continue;
            }
            let allowed = holder.allowed(&event.request);
            if !allowed.iter().any(|one| fits(holder, &event.request, one, &event.reply, self.grain)) {
                continue;
            }
            self.order.push(at);
            if self.go(&holder.after(&event.request, &event.reply), left & !(1 << at)) {
                return true;
            }
            self.order.pop();
        }
        false
    }
}

fn none_found(events: &[Event], longest: &[usize], why: &str) -> Box<Finding> {
    let mut left: Vec<&Event> =
        events.iter().enumerate().filter(|(at, _)| !longest.contains(at)).map(|(_, event)| event).collect();
    left.sort_by_key(|event| event.start);
    let told: Vec<String> = left.iter().take(4).map(|event| event.line().trim().to_owned()).collect();
    let mut finding = Finding::new(
        FindingClass::WrongState,
        "calls at once",
        Text::new("an order of the calls that explains every answer", "存在可解释全部应答的调用顺序"),
        Text::new(format!("{why}; left: {}", told.join("; ")), format!("不存在该顺序；余下：{}", told.join("；"))),
    );
    finding.evidence = left.iter().map(|event| event.evidence.clone()).collect();
    Box::new(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecric_model::binding::{Action, LicenceStatus, VerifyOutcome};

    fn valid() -> Holder {
        let issue = Request::Issue { activate: true, begins: 0, last: None };
        let reply = Reply::Issued { identifier: "a".to_owned(), status: None, previous: None, replaced: None };
        Holder::default().after(&issue, &reply)
    }

    fn event(request: Request, reply: Reply, start: u64, end: u64) -> Event {
        let ms = Duration::from_millis;
        Event { request, reply, start: ms(start), end: ms(end), evidence: String::new() }
    }

    fn act(action: Action, reply: Reply, start: u64, end: u64) -> Event {
        event(Request::Act { licence: "a".to_owned(), action, version: 1 }, reply, start, end)
    }

    fn verify(valid: bool, start: u64, end: u64) -> Event {
        let reply = if valid {
            Reply::Verdict { result: VerifyOutcome::Valid, reasons: Vec::new() }
        } else {
            Reply::Verdict { result: VerifyOutcome::Invalid, reasons: vec!["LICENCE_REVOKED".to_owned()] }
        };
        event(Request::Verify { licence: "a".to_owned() }, reply, start, end)
    }

    const REVOKED: Reply = Reply::Changed { status: LicenceStatus::Revoked, version: 2 };

    fn refused(http: u16, code: &str) -> Reply {
        Reply::Refused { http, code: code.to_owned() }
    }

    fn is_linear(events: &[Event]) -> bool {
        linearise(&valid(), events, Grain::Reason).is_ok()
    }

    #[test]
    fn overlapping_reads_may_see_either_side() {
        let revoke = || act(Action::Revoke, REVOKED, 10, 20);
        assert!(is_linear(&[revoke(), verify(true, 12, 18), verify(false, 13, 19)]));
        assert!(is_linear(&[revoke(), verify(true, 5, 30), verify(false, 25, 30)]));
        assert!(is_linear(&[verify(true, 0, 9), revoke(), verify(false, 21, 22)]));
    }

    #[test]
    fn a_read_that_began_after_the_change_returned_sees_it() {
        assert!(!is_linear(&[act(Action::Revoke, REVOKED, 10, 20), verify(true, 21, 22)]));
        assert!(!is_linear(&[verify(false, 0, 9), act(Action::Revoke, REVOKED, 10, 20)]));
        // Two reads, one after the other, never see the new state first.
        assert!(!is_linear(&[act(Action::Revoke, REVOKED, 10, 90), verify(false, 20, 30), verify(true, 40, 50)]));
    }

    #[test]
    fn of_two_changes_with_one_version_one_wins() {
        let suspended = Reply::Changed { status: LicenceStatus::Suspended, version: 2 };
        let both = |reply| [act(Action::Revoke, REVOKED, 0, 9), act(Action::Suspend, reply, 1, 8)];
        assert!(is_linear(&both(refused(412, "VERSION_CONFLICT"))));
        assert!(!is_linear(&both(suspended)));
        assert!(!is_linear(&both(refused(409, "STATE_CONFLICT"))));
    }

    #[test]
    fn histories_of_many_events_are_judged_quickly() {
        let mut events: Vec<Event> = (0..40).map(|at| verify(at % 2 == 0, 0, 100)).collect();
        events.push(act(Action::Revoke, REVOKED, 0, 100));
        assert!(is_linear(&events));
        events.push(verify(true, 101, 102));
        assert!(!is_linear(&events));
        let many = vec![verify(true, 0, 1); 65];
        assert!(!is_linear(&many));
    }
}
