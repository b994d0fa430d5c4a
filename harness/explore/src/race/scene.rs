//! The races: what is there before, and what is sent at once.

use ecric_model::binding::Action;

use crate::walk::{Step, Use};

/// Most holders of one round.
pub(super) const MOST_HOLDERS: u32 = 50;

/// One race.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// Its name in features.
    pub name: &'static str,
    /// Made one after the other.
    pub before: &'static [Step],
    /// Sent at once.
    pub at_once: &'static [Step],
    /// All calls of a holder carry one idempotency key.
    pub one_key: bool,
    /// Many holders at once.
    pub many: bool,
    /// The audit is compared too.
    pub audit: bool,
}

const ISSUE: Step = Step::Issue { activate: true, tomorrow: false, one_day: false };
const REISSUE: Step = Step::Reissue { on: 0, version: Use::Present };
const STATUS: Step = Step::Status { on: 0 };
const VERIFY: Step = Step::Verify { on: 0 };
const METADATA: Step = Step::Metadata { on: 0 };
const SEARCH: Step = Step::Search { live: false };
const SUSPEND: Step = act(Action::Suspend);
const RESTORE: Step = act(Action::Restore);
const REVOKE: Step = act(Action::Revoke);

const fn act(action: Action) -> Step {
    Step::Act { action, on: 0, version: Use::Present }
}

const fn scene(name: &'static str, before: &'static [Step], at_once: &'static [Step]) -> Scene {
    Scene { name, before, at_once, one_key: false, many: false, audit: false }
}

/// Every race.
pub const SCENES: &[Scene] = &[
    scene("revoke against verify", &[ISSUE], &[VERIFY, VERIFY, REVOKE, VERIFY, VERIFY, VERIFY, STATUS]),
    scene("suspend against restore", &[ISSUE, SUSPEND], &[RESTORE, SUSPEND, RESTORE, REVOKE, RESTORE, REVOKE]),
    scene("re-issue against revoke", &[ISSUE], &[REISSUE, REVOKE, REISSUE, REVOKE, STATUS, STATUS]),
    scene("issue against issue", &[], &[ISSUE, ISSUE, ISSUE, ISSUE]),
    Scene { many: true, ..scene("suspend against metadata", &[ISSUE], &[METADATA, METADATA, SUSPEND]) },
    scene("re-issue against search", &[ISSUE], &[SEARCH, REISSUE, SEARCH, SEARCH, SEARCH, STATUS]),
    Scene {
        one_key: true,
        ..scene("one key for many", &[ISSUE], &[SUSPEND, SUSPEND, SUSPEND, SUSPEND, SUSPEND, SUSPEND])
    },
    Scene { many: true, ..scene("many holders are issued", &[], &[ISSUE]) },
    Scene {
        many: true,
        audit: true,
        ..scene("many calls for many holders", &[ISSUE], &[SUSPEND, VERIFY, METADATA, REISSUE, STATUS, SEARCH])
    },
];

/// The race of a name.
#[must_use]
pub fn find_scene(name: &str) -> Option<&'static Scene> {
    SCENES.iter().find(|scene| scene.name == name)
}
