//! The story that the ledger tells: every entry in its place, everything that is written down told once, every
//! attempt opened before it is closed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ecric_model::evidence::{Attempt, Part, Recorded};

use super::fault::Fault;
use super::ledger::{Chain, Entry, Kind, LinkFault, sm3_of};
use super::merkle;

/// What the ledger is held against.
pub(crate) struct Written<'a> {
    pub(crate) plan: &'a [u8],
    pub(crate) run: Option<&'a [u8]>,
    pub(crate) part_lines: &'a [&'a str],
    pub(crate) parts: &'a [Part],
    pub(crate) exchange_lines: &'a [&'a str],
    pub(crate) exchanges: &'a [Recorded],
    pub(crate) attempt_lines: &'a [&'a str],
    pub(crate) attempts: &'a [Attempt],
}

const LEDGER: &str = "ledger.ndjson";

/// Follows the chain; stops at the first line that does not follow.
pub(crate) fn follow(lines: &[&str], faults: &mut Vec<Fault>) -> (Vec<Entry>, Chain) {
    let mut chain = Chain::default();
    let mut out = Vec::with_capacity(lines.len());
    for (number, line) in (1..).zip(lines) {
        match chain.follow(line) {
            Ok(entry) => out.push(entry),
            Err(fault) => {
                let (en, zh) = match fault {
                    LinkFault::Form => ("this line is no entry of a ledger", "该行不是账本条目"),
                    LinkFault::Number => (
                        "this entry is not the next one: an entry is missing, stands twice or was moved",
                        "该条目不是下一条：有条目缺失、重复或被移动",
                    ),
                    LinkFault::Previous => ("the entry before this one was altered", "前一条目被改动"),
                };
                faults.push(Fault::said(format!("{LEDGER}:{number}"), en, zh));
                break;
            }
        }
    }
    (out, chain)
}

/// Holds the entries against what is written down.
pub(crate) fn check(entries: &[Entry], written: &Written<'_>, faults: &mut Vec<Fault>) {
    let lines = [written.part_lines, written.exchange_lines, written.attempt_lines].map(Lines::of);
    let mut story = Story {
        written,
        lines,
        told: entries.iter().map(|entry| entry.sm3.as_str()).collect(),
        at: [0; 3],
        open: BTreeSet::new(),
        pending: Vec::new(),
        begun: BTreeMap::new(),
    };
    for (number, entry) in (1..).zip(entries) {
        if let Err((en, zh)) = story.tell(number, entry, number == entries.len()) {
            faults.push(Fault::said(format!("{LEDGER}:{number} ({})", entry.of), en, zh));
        }
    }
    let [parts, exchanges, attempts] = story.at;
    let there = [written.part_lines.len(), written.exchange_lines.len(), written.attempt_lines.len()];
    for ((name, told), there) in NAMES.into_iter().zip([parts, exchanges, attempts]).zip(there) {
        if told < there {
            faults.push(Fault::said(
                format!("{name}:{}", told + 1),
                "the ledger does not tell of this line",
                "账本未记载该行",
            ));
        }
    }
    if written.run.is_some() && entries.last().is_none_or(|last| last.kind != Kind::End) {
        faults.push(Fault::said(LEDGER, "the ledger does not end with the record", "账本未以运行记录结束"));
    }
    check_evidence_ids(written, faults);
}

/// Evidence ids are unique; in a run of one part they have no gap.
fn check_evidence_ids(written: &Written<'_>, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for (number, recorded) in (1..).zip(written.exchanges) {
        if !seen.insert(recorded.exchange.id.as_str()) {
            faults.push(Fault::said(
                format!("exchanges.ndjson:{number} ({})", recorded.exchange.id),
                "this evidence id stands twice",
                "该证据编号重复",
            ));
        }
    }
    if written.parts.len() == 1
        && let Some(gap) = (1..=seen.len()).map(|n| format!("E-{n:06}")).find(|id| !seen.contains(id.as_str()))
    {
        faults.push(Fault::said(
            format!("exchanges.ndjson ({gap})"),
            "this exchange is missing: evidence ids of a run have no gap",
            "缺少该次交互：证据编号应连续",
        ));
    }
}

type Wrong = (String, String);

fn wrong<T>(en: impl Into<String>, zh: impl Into<String>) -> Result<T, Wrong> {
    Err((en.into(), zh.into()))
}

/// Files that the ledger tells of line by line.
const NAMES: [&str; 3] = ["parts.ndjson", "exchanges.ndjson", "attempts.ndjson"];

/// Digests of the lines of a file, and where each stands.
struct Lines {
    digests: Vec<String>,
    places: HashMap<String, usize>,
}

impl Lines {
    fn of(lines: &[&str]) -> Self {
        let digests: Vec<String> = lines.iter().map(|line| sm3_of(line.as_bytes())).collect();
        let places = digests.iter().cloned().zip(0..).collect();
        Self { digests, places }
    }
}

struct Story<'a> {
    written: &'a Written<'a>,
    lines: [Lines; 3],
    told: HashSet<&'a str>,
    /// Lines told of: parts, exchanges, attempts.
    at: [usize; 3],
    open: BTreeSet<String>,
    /// Exchanges since the last attempt ended.
    pending: Vec<usize>,
    begun: BTreeMap<String, u32>,
}

impl Story<'_> {
    fn tell(&mut self, number: usize, entry: &Entry, last: bool) -> Result<(), Wrong> {
        match entry.kind {
            Kind::Plan => match number {
                1 if entry.sm3 == sm3_of(self.written.plan) => Ok(()),
                1 => wrong("plan.json is not the plan that the ledger began with", "plan.json 与账本起始的计划不符"),
                _ => wrong("a plan in the middle of a run", "运行中途出现计划"),
            },
            Kind::Part => self.part(entry),
            Kind::Opened => self.opened(entry),
            Kind::Exchange => self.exchange(entry),
            Kind::Closed => self.closed(entry),
            Kind::End => match self.written.run {
                Some(run) if last && entry.sm3 == sm3_of(run) => Ok(()),
                Some(_) if last => {
                    wrong("run.json is not the record that the ledger ended with", "run.json 与账本末尾的记录不符")
                }
                _ => wrong("the end stands in the middle", "结束条目位于中途"),
            },
        }
    }

    /// Takes the next line of a file; goes on behind what is wrong, so that one fault is told once.
    fn line(&mut self, file: usize, entry: &Entry) -> Result<usize, Wrong> {
        let lines = &self.lines[file];
        let (name, index) = (NAMES[file], self.at[file]);
        if lines.digests.get(index).is_some_and(|digest| *digest == entry.sm3) {
            self.at[file] += 1;
            return Ok(index);
        }
        let number = index + 1;
        if let Some(found) = lines.places.get(entry.sm3.as_str()) {
            self.at[file] = found + 1;
            return wrong(
                format!("{name}:{number} stands in the place of line {}", found + 1),
                format!("{name}:{number} 占据了第{}行的位置", found + 1),
            );
        }
        match lines.digests.get(index) {
            Some(digest) if !self.told.contains(digest.as_str()) => {
                self.at[file] += 1;
                wrong(format!("{name}:{number} was altered"), format!("{name}:{number} 被改动"))
            }
            _ => wrong(
                format!("its line was taken out of {name}, before line {number}"),
                format!("{name} 第{number}行之前缺少对应的行"),
            ),
        }
    }

    fn part(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let index = self.line(0, entry)?;
        self.open.clear();
        self.pending.clear();
        let fits = self.written.parts.get(index).is_some_and(|part| part.part as usize == index + 1);
        if fits && entry.of == (index + 1).to_string() {
            Ok(())
        } else {
            wrong("its number is not the next one", "编号不连续")
        }
    }

    fn opened(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let Some((case, attempt)) = entry.of.split_once('#') else {
            return wrong("no case and attempt", "未写明用例与次数");
        };
        let begun = self.begun.entry(case.to_owned()).or_default();
        *begun += 1;
        if attempt != begun.to_string() || !entry.sm3.is_empty() {
            return wrong("its number is not that of the next attempt", "不是下一次尝试的编号");
        }
        self.open.insert(entry.of.clone());
        Ok(())
    }

    fn exchange(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let index = self.line(1, entry)?;
        self.pending.push(index);
        match self.written.exchanges.get(index) {
            Some(recorded) if recorded.exchange.id == entry.of => Ok(()),
            _ => wrong("it names another exchange", "指向另一次交互"),
        }
    }

    fn closed(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let index = self.line(2, entry)?;
        let pending = std::mem::take(&mut self.pending);
        let Some(attempt) = self.written.attempts.get(index) else {
            return wrong("its attempt cannot be read", "无法读取该次尝试");
        };
        let case = attempt.case.as_str();
        if entry.of != format!("{case}#{}", attempt.attempt) {
            return wrong("it names another attempt", "指向另一次尝试");
        }
        if !self.open.remove(&entry.of) {
            return wrong("an attempt ends that never began, or ends twice", "未开始的尝试结束，或重复结束");
        }
        let of_case: Vec<&str> = pending
            .iter()
            .filter_map(|index| self.written.exchanges.get(*index))
            .filter(|recorded| recorded.exchange.case == case)
            .map(|recorded| recorded.exchange.id.as_str())
            .collect();
        if of_case != attempt.evidence {
            return wrong("its exchanges are not those that the attempt names", "其交互与该次尝试所列不符");
        }
        Ok(())
    }
}

/// Text of the leaf of each case: its attempts and its exchanges with their digests.
pub(crate) fn leaf_texts(entries: &[Entry]) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    let mut pending = String::new();
    for entry in entries {
        match entry.kind {
            Kind::Exchange => pending.push_str(&format!("{} {}\n", entry.of, entry.sm3)),
            Kind::Closed => {
                let case = entry.of.split('#').next().unwrap_or_default().to_owned();
                let text = out.entry(case).or_default();
                text.push_str(&format!("{} {}\n", entry.of, entry.sm3));
                text.push_str(&std::mem::take(&mut pending));
            }
            Kind::Part => pending.clear(),
            Kind::Plan | Kind::Opened | Kind::End => {}
        }
    }
    out
}

/// Root of the tree over the planned cases, in the order of the plan.
pub(crate) fn root_of<'a>(entries: &[Entry], cases: impl Iterator<Item = &'a str>) -> (u64, String) {
    let texts = leaf_texts(entries);
    let empty = String::new();
    let leaves: Vec<[u8; 32]> =
        cases.map(|case| merkle::leaf(&format!("{case}\n{}", texts.get(case).unwrap_or(&empty)))).collect();
    (leaves.len() as u64, ecric_gm::encoding::hex(&merkle::root(&leaves)))
}
