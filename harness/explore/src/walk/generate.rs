//! Makes walks: mostly steps that the model takes, one in six that it refuses, and looks in between.

use ecric_checks::lifecycle::{Allowed, Holder, Reply, Request};
use ecric_licence::status::{StatusEvent, next_status};
use ecric_model::binding::{Action, LicenceStatus};

use super::step::{Step, Use};
use crate::draw::Draw;

/// What a product can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Alphabet {
    /// SUSPEND and RESTORE.
    pub suspend: bool,
    /// Operation 8.
    pub reissue: bool,
    /// Operation 14.
    pub attributes: bool,
    /// Operation 11.
    pub audit: bool,
    /// Operation 3 for licences in every state.
    pub metadata: bool,
    /// Operation 4.
    pub file: bool,
    /// Idempotency keys.
    pub keys: bool,
    /// Entity tags.
    pub tags: bool,
    /// Changes that state an expected version.
    pub versions: bool,
    /// REVOKE and DESTROY.
    pub destructive: bool,
    /// Days pass.
    pub clock: bool,
}

impl Alphabet {
    /// Everything.
    #[must_use]
    pub const fn everything() -> Self {
        Self {
            suspend: true,
            reissue: true,
            attributes: true,
            audit: true,
            metadata: true,
            file: true,
            keys: true,
            tags: true,
            versions: true,
            destructive: true,
            clock: true,
        }
    }

    /// True if the product can be asked for the step.
    #[must_use]
    pub const fn offers(self, step: Step) -> bool {
        let version = match step {
            Step::Act { version, .. } | Step::Reissue { version, .. } => version,
            _ => Use::Present,
        };
        if !self.versions && !matches!(version, Use::Present) {
            return false;
        }
        match step {
            Step::Act { action: Action::Suspend | Action::Restore, .. } => self.suspend,
            Step::Act { action: Action::Revoke | Action::Destroy, .. } => self.destructive,
            Step::Reissue { .. } => self.reissue,
            Step::Repeat => self.keys,
            Step::StatusIfChanged { .. } => self.tags,
            Step::Verify { .. } | Step::VerifyHolder => self.attributes,
            Step::Metadata { .. } => self.metadata,
            Step::File { .. } => self.file,
            Step::Audit { .. } => self.audit,
            Step::Day => self.clock,
            Step::Issue { tomorrow, one_day, .. } => self.clock || !(tomorrow || one_day),
            Step::Act { .. } | Step::Status { .. } | Step::Search { .. } => true,
        }
    }
}

/// The walk of a number: the same seed, number, length and alphabet give the same steps.
#[must_use]
pub fn generate(seed: &[u8; 32], walk: u32, length: u32, alphabet: Alphabet) -> Vec<Step> {
    let mut maker = Maker { draw: Draw::new(seed, u64::from(walk)), holder: Holder::default(), made: 0, alphabet };
    let mut steps = vec![maker.issue()];
    maker.take(steps[0]);
    while steps.len() < length as usize {
        let step = maker.next(*steps.last().unwrap_or(&Step::Day));
        maker.take(step);
        steps.push(step);
    }
    // The whole state once more at the end.
    let count = u8::try_from(maker.holder.licences.len()).unwrap_or(u8::MAX);
    steps.extend((0..count).map(|on| Step::Status { on }));
    steps.push(Step::Search { live: false });
    if alphabet.audit {
        steps.push(Step::Audit { on: 0 });
    }
    steps
}

/// Keeps the model beside the steps, with names of its own for licences.
struct Maker {
    draw: Draw,
    holder: Holder,
    made: u32,
    alphabet: Alphabet,
}

impl Maker {
    fn issue(&mut self) -> Step {
        let clock = self.alphabet.clock;
        Step::Issue {
            activate: if clock { self.draw.chance(1, 2) } else { self.draw.chance(3, 4) },
            tomorrow: clock && self.draw.chance(1, 4),
            one_day: clock && self.draw.chance(1, 2),
        }
    }

    /// Mostly the newest licence, sometimes an older one.
    fn on(&mut self) -> u8 {
        let count = u64::try_from(self.holder.licences.len()).unwrap_or(1);
        let back = if self.draw.chance(3, 4) { 0 } else { self.draw.below(count.min(4)) };
        u8::try_from(back).unwrap_or(0)
    }

    fn status_of(&self, on: u8) -> Option<LicenceStatus> {
        let at = self.holder.licences.len().checked_sub(usize::from(on) + 1)?;
        Some(self.holder.licences.get(at)?.status)
    }

    fn next(&mut self, before: Step) -> Step {
        // A look at what was just changed is the likeliest way to see that it was not.
        if before.changes() && self.draw.chance(1, 2) {
            let on = before.on().unwrap_or(0);
            return self.look(on);
        }
        if self.draw.chance(1, 3) {
            let on = self.on();
            return self.look(on);
        }
        if self.alphabet.keys && self.draw.chance(1, 10) {
            return Step::Repeat;
        }
        if self.alphabet.clock && self.draw.chance(1, 4) {
            return Step::Day;
        }
        self.change()
    }

    fn look(&mut self, on: u8) -> Step {
        let Alphabet { attributes, audit, metadata, file, tags, .. } = self.alphabet;
        let weight = |offered: bool, weight: u64| if offered { weight } else { 0 };
        let looks = [
            (6, Step::Status { on }),
            (weight(tags, 2), Step::StatusIfChanged { on }),
            (weight(attributes, 4), Step::Verify { on }),
            (weight(attributes, 1), Step::VerifyHolder),
            (weight(metadata, 3), Step::Metadata { on }),
            (weight(file, 1), Step::File { on }),
            (3, Step::Search { live: false }),
            (1, Step::Search { live: true }),
            (weight(audit, 3), Step::Audit { on }),
        ];
        self.draw.pick(&looks).copied().unwrap_or(Step::Status { on })
    }

    fn change(&mut self) -> Step {
        let on = self.on();
        let alphabet = self.alphabet;
        let version = match self.draw.below(12) {
            0 if alphabet.versions => Use::Stale,
            1 if alphabet.versions => Use::Older,
            _ => Use::Present,
        };
        let status = self.status_of(on);
        // Days end licences without a call: what the product then still lets happen is what such walks are for.
        let expired = status == Some(LicenceStatus::Expired);
        let legal = |event: StatusEvent| status.is_some_and(|status| next_status(status, event).is_some());
        let mut choices: Vec<(u64, Step)> = Action::ALL
            .iter()
            .map(|action| (action, Step::Act { action: *action, on, version }))
            .filter(|(_, step)| alphabet.offers(*step))
            .map(|(action, step)| {
                // Ends are rarer than turns, or walks would be over soon.
                let weight = match (legal(StatusEvent::Action(*action)), action) {
                    (false, _) if expired => 4,
                    (false, _) => 1,
                    (true, Action::Revoke) => 4,
                    (true, Action::Destroy) => 8,
                    (true, _) => 10,
                };
                (weight, step)
            })
            .collect();
        if alphabet.reissue {
            choices.push((if legal(StatusEvent::Reissue) { 6 } else { 1 }, Step::Reissue { on, version }));
        }
        let issue = self.issue();
        let weight = match (self.holder.has_live(), expired) {
            (true, _) => 1,
            (false, true) => 10,
            (false, false) => 20,
        };
        choices.push((weight, issue));
        self.draw.pick(&choices).copied().unwrap_or(issue)
    }

    /// What the model makes of a step, with a name for each new licence.
    fn take(&mut self, step: Step) {
        if step == Step::Day {
            self.holder.pass_day();
            return;
        }
        let Some(request) = request_of(&self.holder, step) else { return };
        let Some(allowed) = self.holder.allowed(&request).into_iter().next() else { return };
        let reply = match allowed {
            Allowed::Issued { .. } => {
                self.made += 1;
                Reply::Issued { identifier: format!("{}", self.made), status: None, previous: None, replaced: None }
            }
            Allowed::Changed { status, version } => Reply::Changed { status, version },
            _ => return,
        };
        self.holder = self.holder.after(&request, &reply);
    }
}

/// The call that a step makes; `None` if it speaks of a licence that is not there, or makes no call of the model.
pub(crate) fn request_of(holder: &Holder, step: Step) -> Option<Request> {
    let named = |on: u8| holder.licences.len().checked_sub(usize::from(on) + 1).and_then(|at| holder.licences.get(at));
    let licence = |on: u8| named(on).map(|licence| licence.identifier.clone());
    Some(match step {
        Step::Issue { activate, tomorrow, one_day } => {
            let begins = holder.day + i64::from(tomorrow);
            Request::Issue { activate, begins, last: one_day.then_some(begins) }
        }
        Step::Act { action, on, version } => {
            let found = named(on)?;
            Request::Act { licence: found.identifier.clone(), action, version: found.version - version.behind() }
        }
        Step::Reissue { on, version } => {
            let found = named(on)?;
            Request::Reissue { licence: found.identifier.clone(), version: found.version - version.behind() }
        }
        Step::Status { on } | Step::StatusIfChanged { on } => Request::Status { licence: licence(on)?, known: None },
        Step::Verify { on } => Request::Verify { licence: licence(on)? },
        Step::VerifyHolder => Request::VerifyHolder,
        Step::Metadata { on } => Request::Metadata { licence: licence(on)? },
        Step::File { on } => Request::File { licence: licence(on)? },
        Step::Search { live } => {
            let states = [LicenceStatus::NotActive, LicenceStatus::Valid, LicenceStatus::Suspended];
            Request::Search { states: if live { states.to_vec() } else { Vec::new() } }
        }
        Step::Audit { .. } | Step::Repeat | Step::Day => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Alphabet = Alphabet::everything();

    #[test]
    fn walks_repeat_with_their_seed() {
        assert_eq!(generate(&[1; 32], 3, 40, ALL), generate(&[1; 32], 3, 40, ALL));
        assert_ne!(generate(&[1; 32], 3, 40, ALL), generate(&[1; 32], 4, 40, ALL));
        assert_ne!(generate(&[2; 32], 3, 40, ALL), generate(&[1; 32], 3, 40, ALL));
    }

    #[test]
    fn walks_reach_every_kind_of_step() {
        let mut heads: Vec<String> = (0..50)
            .flat_map(|walk| generate(&[1; 32], walk, 40, ALL))
            .map(|step| step.to_string().split(' ').next().unwrap_or_default().to_owned())
            .collect();
        heads.sort();
        heads.dedup();
        assert_eq!(heads.len(), 18, "{heads:?}");
    }

    #[test]
    fn what_is_not_offered_is_not_asked() {
        let few = Alphabet { reissue: true, ..Alphabet::default() };
        for step in (0..50).flat_map(|walk| generate(&[1; 32], walk, 40, few)) {
            let line = step.to_string();
            for word in
                ["suspend", "restore", "revoke", "destroy", "verify", "audit", "file", "repeat", "day", "one-day"]
            {
                assert!(!line.contains(word), "{line}");
            }
        }
    }
}
