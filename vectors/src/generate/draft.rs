//! A vector file while it is being made: groups, items, ids by counting. Checks nothing.

use std::collections::BTreeMap;

use ecric_model::Text;

use super::{Generated, SEED, yaml};
use crate::file::{Expect, Generator, Group, Item, Source, VECTOR_SCHEMA, VectorFile};

/// Members with their texts.
pub(super) type Members<'a> = &'a [(&'a str, String)];

/// Where something is refused and as what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refused {
    /// Stage.
    pub stage: &'static str,
    /// Reason class.
    pub reason: &'static str,
    /// Step of the check, written to the output.
    pub step: &'static str,
}

/// A refusal of a signature at a step.
pub(super) const fn signature(step: &'static str) -> Refused {
    Refused { stage: "signature", reason: "SIG_INVALID", step }
}

/// A refusal of data that was protected, at a step.
pub(super) const fn cipher(step: &'static str) -> Refused {
    Refused { stage: "digest", reason: "CIPHER_INVALID", step }
}

/// A refusal of data by its form.
pub(super) const fn schema(step: &'static str) -> Refused {
    Refused { stage: "schema", reason: "INVALID_REQUEST", step }
}

/// A file that is being made.
pub(super) struct Draft {
    file: VectorFile,
    counters: BTreeMap<String, u32>,
    /// The good vector that differs from what follows in one point; its id is written to what is refused.
    twin: Option<String>,
    names_twins: bool,
}

impl Draft {
    /// Starts a file: `area/topic`, title in both languages, source name, version and clause.
    pub(super) fn new(path: &str, title: [&str; 2], source: [&str; 3]) -> Self {
        let (area, topic) = path.split_once('/').unwrap_or((path, ""));
        let file = VectorFile {
            schema: VECTOR_SCHEMA.to_owned(),
            area: area.to_owned(),
            topic: topic.to_owned(),
            title: Text::new(title[0], title[1]),
            source: Source {
                name: source[0].to_owned(),
                version: source[1].to_owned(),
                clause: source[2].to_owned(),
                licence: "Apache-2.0".to_owned(),
            },
            generator: Some(Generator {
                name: "ecric vectors generate".to_owned(),
                version: "1".to_owned(),
                seed: SEED.to_owned(),
            }),
            by_hand: None,
            notes: BTreeMap::new(),
            groups: Vec::new(),
        };
        Self { file, counters: BTreeMap::new(), twin: None, names_twins: false }
    }

    /// Says why a flag exists and what a failure means.
    pub(super) fn note(&mut self, flag: &str, text: &str) {
        self.file.notes.insert(flag.to_owned(), text.to_owned());
    }

    /// From here on what is refused names its positive twin: the latest vector that is accepted.
    pub(super) fn name_twins(&mut self) {
        self.names_twins = true;
    }

    /// The twin of what follows, until the next vector that is accepted.
    pub(super) fn twin_of(&mut self, id: &str) {
        self.twin = Some(id.to_owned());
    }

    /// Starts a group for an operation.
    pub(super) fn group(&mut self, operation: &str) {
        self.group_with(&[("operation", operation)]);
    }

    /// Starts a group for one reading of an option.
    pub(super) fn reading(&mut self, operation: &str, option: &str, reading: &str) {
        self.group_with(&[("operation", operation), ("option", option), ("reading", reading)]);
    }

    fn group_with(&mut self, params: &[(&str, &str)]) {
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.file.groups.push(Group { params, items: Vec::new() });
    }

    /// Adds an item that has to be accepted.
    pub(super) fn valid(&mut self, family: &str, flags: &[&str], comment: &str, input: Members<'_>, out: Members<'_>) {
        let output = (!out.is_empty()).then(|| members(out));
        self.push(family, flags, comment, input, Expect::Valid, None, output);
    }

    /// Adds an item that has to be refused.
    pub(super) fn invalid(
        &mut self,
        family: &str,
        flags: &[&str],
        comment: &str,
        input: Members<'_>,
        refused: Refused,
    ) {
        let mut output = members(&[("step", refused.step.to_owned())]);
        if let (true, Some(twin)) = (self.names_twins, &self.twin) {
            output.insert("twin".to_owned(), twin.clone());
        }
        let output = Some(output);
        self.push(family, flags, comment, input, Expect::Invalid, Some(refused), output);
    }

    /// Ends the file.
    pub(super) fn finish(self) -> Generated {
        Generated { path: format!("{}/{}.yaml", self.file.area, self.file.topic), text: yaml::render(&self.file) }
    }

    #[allow(clippy::too_many_arguments, reason = "one call site for each kind of item")]
    fn push(
        &mut self,
        family: &str,
        flags: &[&str],
        comment: &str,
        input: Members<'_>,
        expect: Expect,
        refused: Option<Refused>,
        output: Option<BTreeMap<String, String>>,
    ) {
        let counter = self.counters.entry(family.to_owned()).or_insert(0);
        *counter += 1;
        let item = Item {
            id: format!("{family}.{counter:04}"),
            comment: comment.to_owned(),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            input: members(input),
            expect,
            stage: refused.map(|refused| refused.stage.to_owned()),
            reason: refused.map(|refused| refused.reason.to_owned()),
            output,
        };
        if expect == Expect::Valid {
            self.twin = Some(item.id.clone());
        }
        if let Some(group) = self.file.groups.last_mut() {
            group.items.push(item);
        }
    }
}

fn members(given: Members<'_>) -> BTreeMap<String, String> {
    given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}
