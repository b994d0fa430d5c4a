//! Reads the evidence of a run that was cut off: as far as the ledger holds and what it names is there.

use std::collections::BTreeSet;
use std::path::Path;

use ecric_model::evidence::{Attempt, Part, Recorded};
use ecric_model::ids::CaseId;
use serde::de::DeserializeOwned;

use super::journal::{GROWING, Recovered, still_open};
use super::ledger::{Chain, Kind, sm3_of};
use super::manifest::RAW;
use crate::ReportError;

/// Lines of a file that grows, as far as they were taken.
struct Lines {
    text: String,
    at: usize,
}

impl Lines {
    fn read(path: &Path) -> Result<Option<Self>, ReportError> {
        match std::fs::read(path) {
            // A torn line may end within a character.
            Ok(bytes) => Ok(Some(Self { text: String::from_utf8_lossy(&bytes).into_owned(), at: 0 })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ReportError::Read { path: path.to_owned(), source }),
        }
    }

    fn peek(&self) -> Option<&str> {
        let rest = &self.text[self.at..];
        rest.find('\n').map(|end| &rest[..end])
    }

    fn take(&mut self) {
        self.at += self.peek().map_or(0, |line| line.len() + 1);
    }

    /// The next line, if it is the one with this digest.
    fn next_with<T: DeserializeOwned>(&self, sm3: &str) -> Option<T> {
        self.peek().filter(|line| sm3_of(line.as_bytes()) == sm3).and_then(|line| serde_json::from_str(line).ok())
    }

    fn torn(&self) -> usize {
        self.text[self.at..].lines().count()
    }
}

type Lengths = [Option<u64>; 5];

/// Recovers what a cut-off run left: the chain so far, what was seen, and how long each file may stay.
pub(crate) fn recover(folder: &Path) -> Result<(Chain, Recovered, Lengths), ReportError> {
    let missing = |name: &str| ReportError::Evidence { found: format!("{} is missing", folder.join(name).display()) };
    let mut files: Vec<Option<Lines>> =
        GROWING.iter().map(|name| Lines::read(&folder.join(name))).collect::<Result<_, _>>()?;
    let mut ledger = files.pop().flatten().ok_or_else(|| missing("ledger.ndjson"))?;
    let mut raw = files.pop().flatten();
    let mut parts = files.pop().flatten().ok_or_else(|| missing("parts.ndjson"))?;
    let mut attempts = files.pop().flatten().ok_or_else(|| missing("attempts.ndjson"))?;
    let mut exchanges = files.pop().flatten().ok_or_else(|| missing("exchanges.ndjson"))?;
    let mut chain = Chain::default();
    let mut out = Recovered::default();
    let mut open = BTreeSet::new();
    while let Some(line) = ledger.peek().map(str::to_owned) {
        let mut next = chain.clone();
        let Ok(entry) = next.follow(&line) else { break };
        let there = match entry.kind {
            Kind::Plan => true,
            Kind::Part => match parts.next_with::<Part>(&entry.sm3) {
                Some(part) => {
                    parts.take();
                    out.parts.push(part);
                    open.clear();
                    true
                }
                None => false,
            },
            Kind::Opened => {
                if let Some(case) = entry.of.split('#').next().and_then(|case| CaseId::parse(case).ok()) {
                    *out.begun.entry(case).or_default() += 1;
                }
                open.insert(entry.of.clone())
            }
            Kind::Exchange => match exchanges.peek().filter(|line| sm3_of(line.as_bytes()) == entry.sm3) {
                Some(found) => match Recorded::parse_line(found) {
                    Ok(recorded) => {
                        exchanges.take();
                        if let Some(raw) = &mut raw {
                            raw.take();
                        }
                        out.exchanges.push(recorded);
                        true
                    }
                    Err(_) => false,
                },
                None => false,
            },
            Kind::Closed => match attempts.next_with::<Attempt>(&entry.sm3) {
                Some(attempt) => {
                    attempts.take();
                    open.remove(&entry.of);
                    out.attempts.push(attempt);
                    true
                }
                None => false,
            },
            Kind::End => false,
        };
        if !there {
            break;
        }
        ledger.take();
        chain = next;
    }
    if out.parts.is_empty() {
        return Err(ReportError::Evidence { found: format!("{}: the ledger names no part", folder.display()) });
    }
    out.cut_off = still_open(&open);
    let number = |recorded: &Recorded| recorded.exchange.id.strip_prefix("E-").and_then(|n| n.parse::<u64>().ok());
    out.last_evidence = out.exchanges.iter().filter_map(number).max().unwrap_or_default();
    let all = [Some(&exchanges), Some(&attempts), Some(&parts), raw.as_ref(), Some(&ledger)];
    out.torn = all.iter().flatten().map(|lines| lines.torn()).sum();
    let length = |lines: Option<&Lines>| lines.map(|lines| lines.at as u64);
    debug_assert_eq!(GROWING[3], RAW);
    Ok((chain, out, all.map(length)))
}
