//! The ledger: one line per thing that happened, each holding the digest of the line before it.

use ecric_gm::encoding::hex;
use ecric_gm::sm3::{Hasher, digest_hex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The plan was made: `plan.json`.
    Plan,
    /// A sitting began: a line of `parts.ndjson`.
    Part,
    /// An attempt at a case began: `CASE#n`.
    Opened,
    /// An exchange: a line of `exchanges.ndjson`.
    Exchange,
    /// An attempt ended: a line of `attempts.ndjson`.
    Closed,
    /// The run ended: `run.json`.
    End,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Number, from 1.
    pub n: u64,
    /// What it is about.
    pub kind: Kind,
    /// Which one: a file, a number, `CASE#n`, an evidence id.
    pub of: String,
    /// SM3 of it, hex; empty where nothing is written down.
    pub sm3: String,
    /// Digest of the entry before it, hex; zeros for the first.
    pub prev: String,
}

/// Digest that stands before the first entry.
#[must_use]
pub fn origin() -> String {
    "0".repeat(64)
}

/// Digest of an entry's line, without its line feed.
#[must_use]
pub fn digest_of(line: &str) -> String {
    let mut hasher = Hasher::new();
    hasher.update(b"ecric.ledger/1\0");
    hasher.update(line.as_bytes());
    hex(&hasher.finish())
}

/// SM3 of something the ledger refers to, hex.
#[must_use]
pub fn sm3_of(bytes: &[u8]) -> String {
    digest_hex(bytes)
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Entries so far.
    pub entries: u64,
    /// Digest of the last one.
    pub head: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self { entries: 0, head: origin() }
    }
}

impl Chain {
    /// Appends an entry; returns its line without the line feed.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn append(&mut self, kind: Kind, of: &str, sm3: &str) -> Result<String, serde_json::Error> {
        let entry =
            Entry { n: self.entries + 1, kind, of: of.to_owned(), sm3: sm3.to_owned(), prev: self.head.clone() };
        let line = serde_json::to_string(&entry)?;
        self.entries += 1;
        self.head = digest_of(&line);
        Ok(line)
    }

    /// Reads a line as the next entry.
    ///
    /// # Errors
    /// What does not hold: form, number or the entry before it.
    pub fn follow(&mut self, line: &str) -> Result<Entry, LinkFault> {
        let entry: Entry = serde_json::from_str(line).map_err(|_| LinkFault::Form)?;
        if serde_json::to_string(&entry).ok().as_deref() != Some(line) {
            return Err(LinkFault::Form);
        }
        if entry.n != self.entries + 1 {
            return Err(LinkFault::Number);
        }
        if entry.prev != self.head {
            return Err(LinkFault::Previous);
        }
        self.entries += 1;
        self.head = digest_of(line);
        Ok(entry)
    }
}

/// Why a line is not the next entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFault {
    /// It is no entry, or not written as entries are.
    Form,
    /// Its number is not the next one: something is missing, stands twice or elsewhere.
    Number,
    /// It does not name the entry before it.
    Previous,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_follows_itself_and_nothing_else() {
        let mut chain = Chain::default();
        let lines: Vec<String> =
            (0..4).map(|n| chain.append(Kind::Exchange, &format!("E-{n:06}"), "00").unwrap()).collect();
        let follow = |lines: &[&String]| {
            let mut chain = Chain::default();
            lines.iter().try_for_each(|line| chain.follow(line).map(|_| ())).map(|()| chain.head)
        };
        assert_eq!(follow(&lines.iter().collect::<Vec<_>>()), Ok(chain.head));
        assert_eq!(follow(&[&lines[0], &lines[2]]), Err(LinkFault::Number));
        assert_eq!(follow(&[&lines[1]]), Err(LinkFault::Number));
        assert_eq!(follow(&[&lines[0], &lines[0]]), Err(LinkFault::Number));
        let other = lines[1].replace("E-000001", "E-000009");
        assert_eq!(follow(&[&lines[0], &other, &lines[2]]), Err(LinkFault::Previous));
        assert_eq!(follow(&[&lines[0].replace("\"n\":1", "\"n\": 1")]), Err(LinkFault::Form));
    }
}
