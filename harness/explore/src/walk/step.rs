//! One step of a walk, and its line of text: `suspend`, `restore on 1 stale`, `issue inactive one-day`.
//!
//! `on N` counts back from the newest licence of the holder: 0, which is not written, is the newest.

use std::fmt;
use std::str::FromStr;

use ecric_model::binding::Action;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Which version a change states as the expected one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Use {
    /// The present one.
    #[default]
    Present,
    /// One change ago.
    Stale,
    /// Two changes ago.
    Older,
}

impl Use {
    /// How many changes ago.
    #[must_use]
    pub const fn behind(self) -> i64 {
        match self {
            Self::Present => 0,
            Self::Stale => 1,
            Self::Older => 2,
        }
    }
}

/// A step. A step that speaks of a licence that is not there sends nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Operation 2.
    Issue {
        /// `activate`.
        activate: bool,
        /// First day is tomorrow instead of today.
        tomorrow: bool,
        /// Last day is the first day.
        one_day: bool,
    },
    /// Operation 7.
    Act {
        /// What is done.
        action: Action,
        /// To which licence.
        on: u8,
        /// Expected version.
        version: Use,
    },
    /// Operation 8.
    Reissue {
        /// Which licence.
        on: u8,
        /// Expected version.
        version: Use,
    },
    /// The last changing request once more, with its key.
    Repeat,
    /// Operation 5.
    Status {
        /// Of which licence.
        on: u8,
    },
    /// Operation 5 with the entity tag of the last read of this licence.
    StatusIfChanged {
        /// Of which licence.
        on: u8,
    },
    /// Operation 14 by identifier.
    Verify {
        /// Which licence.
        on: u8,
    },
    /// Operation 14 by holder.
    VerifyHolder,
    /// Operation 3.
    Metadata {
        /// Of which licence.
        on: u8,
    },
    /// Operation 4.
    File {
        /// Of which licence.
        on: u8,
    },
    /// Operation 9.
    Search {
        /// Only live ones.
        live: bool,
    },
    /// Operation 11 by identifier.
    Audit {
        /// Of which licence.
        on: u8,
    },
    /// The clock of the product goes on by a day.
    Day,
}

impl Step {
    /// The licence that it speaks of, counted back from the newest.
    #[must_use]
    pub const fn on(mut self) -> Option<u8> {
        match self.on_mut() {
            Some(on) => Some(*on),
            None => None,
        }
    }

    const fn on_mut(&mut self) -> Option<&mut u8> {
        match self {
            Self::Act { on, .. }
            | Self::Reissue { on, .. }
            | Self::Status { on }
            | Self::StatusIfChanged { on }
            | Self::Verify { on }
            | Self::Metadata { on }
            | Self::File { on }
            | Self::Audit { on } => Some(on),
            _ => None,
        }
    }

    /// True for the steps that [`Step::Repeat`] may repeat.
    #[must_use]
    pub const fn changes(self) -> bool {
        matches!(self, Self::Issue { .. } | Self::Act { .. } | Self::Reissue { .. })
    }

    /// True for the steps that make a licence.
    #[must_use]
    pub const fn makes(self) -> bool {
        matches!(self, Self::Issue { .. } | Self::Reissue { .. })
    }

    /// The same step for the licence that is one newer.
    #[must_use]
    pub const fn on_newer(mut self) -> Self {
        if let Some(on) = self.on_mut() {
            *on = on.saturating_sub(1);
        }
        self
    }

    /// Simpler steps that may show the same fault, simplest first.
    #[must_use]
    pub fn simpler(self) -> Vec<Self> {
        match self {
            Self::Issue { activate, tomorrow, one_day } => {
                let mut out = Vec::new();
                if tomorrow {
                    out.push(Self::Issue { activate, tomorrow: false, one_day });
                }
                if one_day {
                    out.push(Self::Issue { activate, tomorrow, one_day: false });
                }
                if !activate {
                    out.push(Self::Issue { activate: true, tomorrow, one_day });
                }
                out
            }
            Self::Act { action, on, version } => {
                let mut out = Vec::new();
                if on > 0 {
                    out.push(Self::Act { action, on: on - 1, version });
                }
                if version == Use::Older {
                    out.push(Self::Act { action, on, version: Use::Stale });
                }
                out
            }
            Self::Reissue { on, version } if on > 0 => vec![Self::Reissue { on: on - 1, version }],
            Self::StatusIfChanged { on } => vec![Self::Status { on }],
            Self::Search { live: true } => vec![Self::Search { live: false }],
            Self::VerifyHolder => vec![Self::Verify { on: 0 }],
            _ => Vec::new(),
        }
    }
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Activate => "activate",
        Action::Suspend => "suspend",
        Action::Restore => "restore",
        Action::Revoke => "revoke",
        Action::Destroy => "destroy",
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = vec![
            match self {
                Self::Issue { .. } => "issue",
                Self::Act { action, .. } => word(*action),
                Self::Reissue { .. } => "reissue",
                Self::Repeat => "repeat",
                Self::Status { .. } => "status",
                Self::StatusIfChanged { .. } => "status-if-changed",
                Self::Verify { .. } => "verify",
                Self::VerifyHolder => "verify-holder",
                Self::Metadata { .. } => "metadata",
                Self::File { .. } => "file",
                Self::Search { live: false } => "search",
                Self::Search { live: true } => "search-live",
                Self::Audit { .. } => "audit",
                Self::Day => "day",
            }
            .to_owned(),
        ];
        if let Self::Issue { activate, tomorrow, one_day } = self {
            let flags = [(!activate, "inactive"), (*tomorrow, "tomorrow"), (*one_day, "one-day")];
            words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_owned()));
        }
        words.extend(self.on().filter(|on| *on > 0).map(|on| format!("on {on}")));
        if let Self::Act { version, .. } | Self::Reissue { version, .. } = self {
            words.extend(match version {
                Use::Present => None,
                Use::Stale => Some("stale".to_owned()),
                Use::Older => Some("older".to_owned()),
            });
        }
        f.write_str(&words.join(" "))
    }
}

/// A line that is no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no step; wanted issue, activate, suspend, restore, revoke, destroy, reissue, repeat, status, \
     status-if-changed, verify, verify-holder, metadata, file, search, search-live, audit or day, with the words \
     that belong to it: inactive, tomorrow, one-day; on N; stale, older"
)]
pub struct StepError(pub String);

impl FromStr for Step {
    type Err = StepError;

    fn from_str(text: &str) -> Result<Self, StepError> {
        let wrong = || StepError(text.chars().take(80).collect());
        let mut words = text.split(' ');
        let head = words.next().unwrap_or_default();
        let (mut on, mut version) = (0, Use::Present);
        let (mut activate, mut tomorrow, mut one_day) = (true, false, false);
        while let Some(next) = words.next() {
            match next {
                "on" => on = words.next().and_then(|number| number.parse().ok()).ok_or_else(wrong)?,
                "stale" => version = Use::Stale,
                "older" => version = Use::Older,
                "inactive" => activate = false,
                "tomorrow" => tomorrow = true,
                "one-day" => one_day = true,
                _ => return Err(wrong()),
            }
        }
        let act = |action| Self::Act { action, on, version };
        let step = match head {
            "issue" => Self::Issue { activate, tomorrow, one_day },
            "activate" => act(Action::Activate),
            "suspend" => act(Action::Suspend),
            "restore" => act(Action::Restore),
            "revoke" => act(Action::Revoke),
            "destroy" => act(Action::Destroy),
            "reissue" => Self::Reissue { on, version },
            "repeat" => Self::Repeat,
            "status" => Self::Status { on },
            "status-if-changed" => Self::StatusIfChanged { on },
            "verify" => Self::Verify { on },
            "verify-holder" => Self::VerifyHolder,
            "metadata" => Self::Metadata { on },
            "file" => Self::File { on },
            "search" => Self::Search { live: false },
            "search-live" => Self::Search { live: true },
            "audit" => Self::Audit { on },
            "day" => Self::Day,
            _ => return Err(wrong()),
        };
        // One way to write each step: a word that does not belong to it does not come back.
        if step.to_string() == text { Ok(step) } else { Err(wrong()) }
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_written() {
        for line in [
            "issue",
            "issue inactive tomorrow one-day",
            "suspend",
            "restore on 1 stale",
            "revoke older",
            "reissue on 2",
            "repeat",
            "status",
            "status-if-changed on 1",
            "verify",
            "verify-holder",
            "metadata on 3",
            "file",
            "search",
            "search-live",
            "audit",
            "day",
        ] {
            assert_eq!(line.parse::<Step>().unwrap().to_string(), line);
        }
        for line in
            ["", "suspend on", "suspend on 300", "status stale", "day on 1", "issue stale", "issue  inactive", "x"]
        {
            assert!(line.parse::<Step>().is_err(), "{line}");
        }
    }

    #[test]
    fn simpler_steps_come_to_an_end() {
        let mut step: Step = "issue inactive tomorrow one-day".parse().unwrap();
        let mut turns = 0;
        while let Some(next) = step.simpler().first().copied() {
            step = next;
            turns += 1;
            assert!(turns < 10);
        }
        assert_eq!(step.to_string(), "issue");
    }
}
