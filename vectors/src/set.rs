//! The vectors as questions: each item of the embedded files with its operation, and the judgement
//! of an answer. Runs nothing and knows no implementation.

use std::collections::BTreeMap;

use include_dir::Dir;
use serde::{Deserialize, Serialize};

use crate::file::{Expect, Item, LoadError, VectorFile, load_vectors};
use crate::operation::{Kind, Operation, operation};
use crate::options::{Options, Reading};

/// Folders whose files have another format.
pub(crate) const OTHER_FORMATS: [&str; 1] = ["requests"];

/// One vector that an implementation can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vector {
    /// The file, relative to `vectors/data`.
    pub file: String,
    /// What is asked.
    pub operation: &'static Operation,
    /// The option that decides it and the reading that it belongs to.
    pub option: Option<(String, Reading)>,
    /// The item.
    pub item: Item,
}

/// A question, one line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Id of the vector.
    pub id: String,
    /// Name of the operation.
    pub operation: String,
    /// Input, all as text.
    pub input: BTreeMap<String, String>,
    /// The reading of a grey zone that the vector belongs to, for implementations that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<Choice>,
}

/// One reading of one grey zone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Choice {
    /// Name of the option.
    pub name: String,
    /// `accept` or `refuse`.
    pub reading: String,
}

/// The result of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It accepts.
    Valid,
    /// It refuses.
    Invalid,
    /// Its interface cannot express the question.
    Unsupported,
    /// It threw instead of giving a verdict.
    Error,
}

/// An answer, one line of JSON. Unknown members are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Id of the question.
    pub id: String,
    /// The result.
    pub result: Verdict,
    /// What came out, for operations that have an output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The right answer.
    Right,
    /// The interface cannot express it.
    Unsupported,
    /// Accepted what has to be refused.
    WrongAccept,
    /// Refused what has to be accepted.
    WrongReject,
    /// Accepted, with another output than the one expected.
    WrongOutput,
    /// Threw instead of a verdict.
    Error,
    /// The process ended before it answered.
    Crash,
    /// No answer within the time.
    Hang,
    /// Something that is no answer, where an answer belongs.
    Garbage,
    /// Never asked: the process had failed too often.
    NotAsked,
}

impl Outcome {
    /// Every outcome, with the word used in tables and files.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Right, "right"),
        (Self::Unsupported, "unsupported"),
        (Self::WrongAccept, "wrong accept"),
        (Self::WrongReject, "wrong reject"),
        (Self::WrongOutput, "wrong output"),
        (Self::Error, "error"),
        (Self::Crash, "crash"),
        (Self::Hang, "hang"),
        (Self::Garbage, "garbage"),
        (Self::NotAsked, "not asked"),
    ];

    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        Self::ALL.iter().find(|(outcome, _)| outcome == self).map_or("", |(_, word)| word)
    }

    /// Whether it stands in the way of exit 0.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        !matches!(self, Self::Right | Self::Unsupported)
    }
}

impl Vector {
    /// The question for an implementation: of the input only what the operation takes.
    #[must_use]
    pub fn question(&self) -> Question {
        let members = self.operation.members().filter_map(|(name, _)| self.item.input.get_key_value(name));
        Question {
            id: self.item.id.clone(),
            operation: self.operation.name.to_owned(),
            input: members.map(|(name, value)| (name.clone(), value.clone())).collect(),
            option: self
                .option
                .as_ref()
                .map(|(name, reading)| Choice { name: name.clone(), reading: reading.word().to_owned() }),
        }
    }

    /// Whether it belongs to the readings of an implementation.
    #[must_use]
    pub fn applies(&self, options: &Options) -> bool {
        self.option.as_ref().is_none_or(|(name, reading)| options.reading(name) == *reading)
    }

    /// The output that is compared.
    #[must_use]
    pub fn wanted_output(&self) -> Option<&str> {
        self.item.output.as_ref()?.get(self.operation.output?).map(String::as_str)
    }

    /// Judges a result and an output.
    #[must_use]
    pub fn judge(&self, result: Verdict, output: Option<&str>) -> Outcome {
        match (result, self.item.expect) {
            (Verdict::Unsupported, _) => Outcome::Unsupported,
            (Verdict::Error, _) => Outcome::Error,
            (Verdict::Valid, Expect::Invalid) => Outcome::WrongAccept,
            (Verdict::Invalid, Expect::Valid) => Outcome::WrongReject,
            (Verdict::Invalid, Expect::Invalid) => Outcome::Right,
            (Verdict::Valid, Expect::Valid) if self.wanted_output().is_some_and(|wanted| output != Some(wanted)) => {
                Outcome::WrongOutput
            }
            (Verdict::Valid, Expect::Valid) => Outcome::Right,
        }
    }

    /// Whether a second implementation has to agree.
    #[must_use]
    pub fn is_cryptographic(&self) -> bool {
        self.operation.kind == Kind::Cryptographic
    }

    /// A short digest of question and expectation: a record that names it holds only for this content.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let question = self.question();
        let parts = [
            question.operation.as_str(),
            &question.input.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n"),
            if self.item.expect == Expect::Valid { "valid" } else { "invalid" },
            self.wanted_output().unwrap_or(""),
        ];
        ecric_gm::sm3::digest_hex(parts.join("\n\n").as_bytes()).chars().take(16).collect()
    }
}

/// The embedded vector files, in the order of their paths.
///
/// # Errors
/// For the first file that cannot be read.
pub fn load_files() -> Result<Vec<(String, VectorFile)>, LoadError> {
    load_files_with(|_| true)
}

fn load_files_with(wanted: impl Fn(&[u8]) -> bool) -> Result<Vec<(String, VectorFile)>, LoadError> {
    let folders = crate::data_dir().dirs().filter(|dir| !OTHER_FORMATS.iter().any(|other| dir.path().ends_with(other)));
    let mut files: Vec<_> = folders.flat_map(Dir::files).collect();
    files.sort_by_key(|file| file.path());
    let name = |file: &include_dir::File<'_>| file.path().display().to_string().replace('\\', "/");
    let files = files.into_iter().filter(|file| wanted(file.contents()));
    files.map(|file| Ok((name(file), load_vectors(&name(file), file.contents())?))).collect()
}

/// Every embedded vector that an implementation can be asked. Groups without an operation are left out.
///
/// # Errors
/// For the first file that cannot be read, and for an operation or a reading that is not known.
pub fn load_set() -> Result<Vec<Vector>, LoadError> {
    vectors_of(load_files()?)
}

/// The vectors of [`load_set`] for one operation. Only the files that name it are read.
///
/// # Errors
/// As [`load_set`].
pub fn load_operation(name: &str) -> Result<Vec<Vector>, LoadError> {
    let names_it = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(|text| text.contains(name));
    let mut vectors = vectors_of(load_files_with(names_it)?)?;
    vectors.retain(|vector| vector.operation.name == name);
    Ok(vectors)
}

fn vectors_of(files: Vec<(String, VectorFile)>) -> Result<Vec<Vector>, LoadError> {
    let mut vectors = Vec::new();
    for (name, file) in files {
        for group in file.groups {
            let problem = |problem: String| LoadError::Content {
                file: name.clone(),
                place: group.items.first().map_or_else(|| "groups".to_owned(), |item| item.id.clone()),
                problem,
            };
            let Some(wanted) = group.params.get("operation") else { continue };
            let operation = operation(wanted).ok_or_else(|| problem(format!("operation {wanted:?} is not known")))?;
            let option = match (group.params.get("option"), group.params.get("reading")) {
                (None, None) => None,
                (Some(option), Some(reading)) => Some((option, reading)),
                _ => return Err(problem("wanted option and reading together".to_owned())),
            };
            let option = option
                .map(|(option, reading)| {
                    let reading = Reading::from_word(reading)?;
                    Options::profile().with(option, reading).map(|_| (option.clone(), reading))
                })
                .map(|found| found.ok_or_else(|| problem("option or reading is not known".to_owned())))
                .transpose()?;
            vectors.extend(group.items.into_iter().map(|item| Vector {
                file: name.clone(),
                operation,
                option: option.clone(),
                item,
            }));
        }
    }
    Ok(vectors)
}
