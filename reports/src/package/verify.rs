//! Checks a package offline: every byte belongs to it, every file is the one listed, the ledger tells the whole
//! story, the record claims what the evidence gives, nothing that was planned is missing, commitments open.
//! Whether the plan is the suite's own is checked by the caller, who has a suite to plan with.

use std::collections::BTreeMap;

use ecric_gm::commitment::commit;
use ecric_gm::encoding::{from_b64, from_hex, hex};
use ecric_model::evidence::{ANSWER, Attempt, Part, RawExchange, Recorded, VALUE};

use super::archive::{Entry, read_archive};
use super::contents::{Contents, json, json_lines, lines};
use super::fault::Fault;
use super::ledger::sm3_of;
use super::manifest::{MANIFEST, Manifest, RAW, SCHEMA, SIGNATURES, State};
use super::{assemble, claims, story};

/// Most faults that are collected.
const FAULTS_MAX: usize = 50;

/// What became of the part with raw bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raw {
    /// The run kept none.
    None,
    /// It is there.
    Kept,
    /// It was taken out by redaction.
    Redacted,
}

/// A package that was looked into.
#[derive(Debug, Clone)]
pub struct Examined {
    /// What does not hold; empty for a package that does.
    pub faults: Vec<Fault>,
    /// SM3 of the manifest, hex: what signatures are about.
    pub digest: String,
    /// The package taken apart, where it could be.
    pub contents: Option<Contents>,
}

impl Examined {
    /// True if the run was cut off: the package was begun and never sealed.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.contents.as_ref().is_some_and(|contents| contents.manifest.state == State::Open)
    }

    /// True if a planned case was never closed.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        let run = self.contents.as_ref().and_then(|contents| contents.run.as_ref());
        self.is_interrupted() || run.is_some_and(|run| !run.not_closed.is_empty())
    }

    /// What became of the raw bodies.
    #[must_use]
    pub fn raw(&self) -> Raw {
        let Some(contents) = &self.contents else { return Raw::None };
        match (&contents.raw, contents.manifest.files.iter().any(|file| file.name == RAW)) {
            (Some(_), _) => Raw::Kept,
            (None, true) => Raw::Redacted,
            (None, false) => Raw::None,
        }
    }
}

/// Looks into a package. Signatures are checked apart.
#[must_use]
pub fn examine(bytes: &[u8]) -> Examined {
    let mut faults = Vec::new();
    let mut out = Examined { faults: Vec::new(), digest: String::new(), contents: None };
    if let Some(entries) = read_archive(bytes, &mut faults) {
        out.digest = entries.first().map(|first| sm3_of(first.bytes)).unwrap_or_default();
        out.contents = contents_of(&entries, &mut faults);
    }
    faults.truncate(FAULTS_MAX);
    out.faults = faults;
    out
}

fn contents_of(entries: &[Entry<'_>], faults: &mut Vec<Fault>) -> Option<Contents> {
    let (first, rest) = entries.split_first()?;
    if first.name != MANIFEST {
        faults.push(Fault::said(first.name, "the first file is not the manifest", "第一个文件不是清单"));
        return None;
    }
    let manifest: Manifest = json(MANIFEST, first.bytes, faults)?;
    if manifest.schema != SCHEMA {
        let text = format!("schema {:?}, this version reads {SCHEMA:?}", manifest.schema);
        faults.push(Fault::said(MANIFEST, text.clone(), text));
        return None;
    }
    if manifest.to_bytes().ok().as_deref() != Some(first.bytes) {
        faults.push(Fault::said(MANIFEST, "not written as manifests are", "清单的书写形式不规范"));
    }
    let (files, signatures) = split(rest, faults);
    check_files(&manifest, &files, faults);
    let contents = take_apart(manifest, files, signatures, faults)?;
    if let Some(run) = &contents.run {
        claims::check(run, &contents.plan, &contents.attempts, &contents.exchanges, faults);
        if contents.manifest.claim.as_ref() != Some(&assemble::claim_of(run)) {
            faults.push(Fault::said(MANIFEST, "it claims something else than run.json", "清单所述与 run.json 不符"));
        }
    }
    check_identity(&contents, faults);
    check_openings(&contents, faults);
    Some(contents)
}

type Files = BTreeMap<String, Vec<u8>>;
type Signatures = Vec<(String, Vec<u8>)>;

/// Files and signatures, each in order of names.
fn split(entries: &[Entry<'_>], faults: &mut Vec<Fault>) -> (Files, Signatures) {
    let mut files = Files::new();
    let mut signatures = Signatures::new();
    let mut last = (false, "");
    for entry in entries {
        let key = (entry.name.starts_with(SIGNATURES), entry.name);
        if key <= last {
            faults.push(Fault::said(entry.name, "the files are not in order", "文件顺序不对"));
        }
        last = key;
        match key.0 {
            true => signatures.push((entry.name.to_owned(), entry.bytes.to_vec())),
            false => {
                files.insert(entry.name.to_owned(), entry.bytes.to_vec());
            }
        }
    }
    (files, signatures)
}

fn check_files(manifest: &Manifest, files: &Files, faults: &mut Vec<Fault>) {
    let mut last = "";
    for entry in &manifest.files {
        if entry.name.as_str() <= last {
            faults.push(Fault::said(MANIFEST, "its list of files is not in order", "清单中的文件顺序不对"));
        }
        last = &entry.name;
        if entry.detachable != (entry.name == RAW) {
            faults.push(Fault::said(&entry.name, "only raw.ndjson may be taken out", "仅 raw.ndjson 可移除"));
        }
        match files.get(&entry.name) {
            Some(bytes) if bytes.len() as u64 != entry.size || sm3_of(bytes) != entry.sm3 => {
                faults.push(Fault::said(
                    &entry.name,
                    "not the file that the manifest lists: size or SM3 differs",
                    "与清单所列文件不符：长度或 SM3 不同",
                ));
            }
            None if !entry.detachable => faults.push(Fault::said(&entry.name, "the file is missing", "文件缺失")),
            _ => {}
        }
    }
    for name in files.keys().filter(|name| !manifest.files.iter().any(|entry| entry.name == **name)) {
        faults.push(Fault::said(name.as_str(), "the manifest does not list this file", "清单未列出该文件"));
    }
}

fn take_apart(manifest: Manifest, files: Files, signatures: Signatures, faults: &mut Vec<Fault>) -> Option<Contents> {
    let empty = Vec::new();
    let file = |name: &str| files.get(name).unwrap_or(&empty);
    for name in ["plan.json", "ics.json", "environment.json", "target.yaml", "ledger.ndjson"] {
        if !files.contains_key(name) && !manifest.files.iter().any(|entry| entry.name == name) {
            faults.push(Fault::said(name, "the file is missing", "文件缺失"));
        }
    }
    let plan = json("plan.json", file("plan.json"), faults)?;
    let plan_json = json("plan.json", file("plan.json"), faults)?;
    let ics = json("ics.json", file("ics.json"), faults)?;
    let environment = json("environment.json", file("environment.json"), faults)?;
    let part_lines = lines("parts.ndjson", file("parts.ndjson"), faults);
    let exchange_lines = lines("exchanges.ndjson", file("exchanges.ndjson"), faults);
    let attempt_lines = lines("attempts.ndjson", file("attempts.ndjson"), faults);
    let ledger_lines = lines("ledger.ndjson", file("ledger.ndjson"), faults);
    let parts = json_lines("parts.ndjson", &part_lines, faults, |line| serde_json::from_str::<Part>(line));
    let exchanges = json_lines("exchanges.ndjson", &exchange_lines, faults, Recorded::parse_line);
    let attempts = json_lines("attempts.ndjson", &attempt_lines, faults, |line| serde_json::from_str::<Attempt>(line));
    let (ledger, chain) = story::follow(&ledger_lines, faults);
    let run = match files.get("run.json") {
        Some(bytes) => match crate::read_run(bytes) {
            Ok(run) => Some(run),
            Err(error) => {
                faults.push(Fault::said("run.json", error.to_string(), error.to_string()));
                None
            }
        },
        None => None,
    };
    if (manifest.state == State::Sealed) != files.contains_key("run.json") {
        faults.push(Fault::said(
            MANIFEST,
            "a sealed package holds run.json, an open one does not",
            "已封存的包应含 run.json，未封存的不应含",
        ));
    }
    let written = story::Written {
        plan: file("plan.json"),
        run: files.get("run.json").map(Vec::as_slice),
        part_lines: &part_lines,
        parts: &parts,
        exchange_lines: &exchange_lines,
        exchanges: &exchanges,
        attempt_lines: &attempt_lines,
        attempts: &attempts,
    };
    if ledger.len() == ledger_lines.len() {
        story::check(&ledger, &written, faults);
        if chain.entries != manifest.ledger.entries || chain.head != manifest.ledger.head {
            faults.push(Fault::said(
                format!("ledger.ndjson:{}", ledger_lines.len()),
                "the manifest names another end of the ledger",
                "清单所列账本末尾与此不符",
            ));
        }
    }
    let plan_facts: &super::contents::PlanFacts = &plan;
    let (cases, root) = story::root_of(&ledger, plan_facts.cases.iter().map(|line| line.id.as_str()));
    if cases != manifest.merkle.cases || root != manifest.merkle.root {
        faults.push(Fault::said(MANIFEST, "the root over the planned cases is another", "计划用例的默克尔根不符"));
    }
    let raw = files.get(RAW).map(|bytes| {
        let raw_lines = lines(RAW, bytes, faults);
        json_lines(RAW, &raw_lines, faults, |line| serde_json::from_str::<RawExchange>(line))
    });
    let target = String::from_utf8_lossy(file("target.yaml")).into_owned();
    Some(Contents {
        manifest,
        plan,
        plan_json,
        ics,
        environment,
        target,
        parts,
        exchanges,
        attempts,
        ledger,
        run,
        raw,
        files,
        signatures,
    })
}

/// The same suite, plan and target everywhere.
fn check_identity(contents: &Contents, faults: &mut Vec<Fault>) {
    let Contents { manifest, environment, plan, run, .. } = contents;
    let mut same = |holds: bool, place: &str, en: &str, zh: &str| {
        if !holds {
            faults.push(Fault::said(place, en, zh));
        }
    };
    same(
        manifest.suite == environment.suite,
        "environment.json",
        "another suite than the manifest's",
        "套件与清单不符",
    );
    same(manifest.mode == environment.mode, "environment.json", "another mode than the manifest's", "模式与清单不符");
    same(manifest.plan == plan.hash, "plan.json", "another hash than the manifest's", "计划哈希与清单不符");
    same(
        matches!(manifest.mode.as_str(), "dev" | "pretest" | "official"),
        MANIFEST,
        "the mode is none of dev, pretest, official",
        "模式应为 dev、pretest、official 之一",
    );
    same(
        environment.keep_raw == manifest.files.iter().any(|file| file.name == RAW),
        "environment.json",
        "keep_raw does not fit the list of files",
        "keep_raw 与文件列表不符",
    );
    if let Some(run) = run {
        same(run.suite == manifest.suite, "run.json", "another suite than the manifest's", "套件与清单不符");
        same(run.target.name == manifest.target, "run.json", "another target than the manifest's", "目标与清单不符");
    }
}

/// Raw bodies and values are those that were committed to.
fn check_openings(contents: &Contents, faults: &mut Vec<Fault>) {
    let Some(raw) = &contents.raw else { return };
    if raw.len() != contents.exchanges.len() {
        faults.push(Fault::said(RAW, "not one line per exchange", "与交互数不符"));
    }
    for ((number, raw), recorded) in (1..).zip(raw).zip(&contents.exchanges) {
        let place = || format!("{RAW}:{number} ({})", raw.id);
        if raw.id != recorded.exchange.id {
            faults.push(Fault::said(place(), "it is about another exchange", "对应另一次交互"));
            continue;
        }
        let opened = |purpose: &str, salt: &str, value: &[u8]| {
            let salt: Option<[u8; 16]> = from_hex(salt).ok().and_then(|salt| salt.try_into().ok());
            salt.map(|salt| hex(&commit(purpose, &salt, value))).unwrap_or_default()
        };
        let body = from_b64(&raw.body).unwrap_or_default();
        if let Some(answer) = &recorded.trace.answer
            && opened(ANSWER, &raw.salt, &body) != *answer
        {
            faults.push(Fault::said(place(), "not the answer that was committed to", "与承诺的应答不符"));
        }
        let values: Vec<String> =
            raw.openings.iter().map(|opening| opened(VALUE, &opening.salt, opening.value.as_bytes())).collect();
        let committed: Vec<&String> = recorded.trace.commitments.iter().map(|one| &one.sm3).collect();
        if values.iter().collect::<Vec<_>>() != committed {
            faults.push(Fault::said(place(), "not the values that were committed to", "与承诺的个人信息不符"));
        }
    }
}
