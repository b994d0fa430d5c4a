//! What a run knows about itself and puts into its evidence package; and how an interrupted run is taken up again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ecric_model::Text;
use ecric_model::evidence::Part;
use ecric_model::messages::Msg;
use ecric_model::run_record::{RunRecord, Suite as SuiteName};
use ecric_reports::package::{ENVIRONMENT_SCHEMA, Environment, PACKAGE, Parts, assemble};
use ecric_runner::{Plan, Source, Suite};
use ecric_target::LoadedTarget;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::args::RunArgs;

/// Command of a run, kept so that it can be resumed.
const COMMAND: &str = "evidence/command.json";

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Text> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(|error| {
        Text::new(format!("no randomness from the system: {error}"), format!("系统未提供随机数：{error}"))
    })?;
    Ok(out)
}

/// SM3 of the running binary, hex.
pub(crate) fn binary_sm3() -> Result<String, Text> {
    let read = std::env::current_exe().and_then(std::fs::read);
    read.map(|bytes| ecric_gm::sm3::digest_hex(&bytes)).map_err(|error| Msg::CannotRead.text(&[&"ecric", &error]))
}

fn vectors_sm3() -> Result<String, Text> {
    let vectors = ecric_vectors::set::load_set().map_err(|error| Text::same(error.to_string()))?;
    let lines: Vec<String> = vectors.iter().map(|one| format!("{} {}", one.item.id, one.fingerprint())).collect();
    Ok(ecric_gm::sm3::digest_hex(lines.join("\n").as_bytes()))
}

/// A sitting that begins now.
pub(crate) fn part(number: u32, now: OffsetDateTime, binary_sm3: &str, target: &LoadedTarget) -> Part {
    let started_ms = i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let whole = OffsetDateTime::from_unix_timestamp_nanos(i128::from(started_ms) * 1_000_000).unwrap_or(now);
    Part {
        part: number,
        started: whole.format(&Rfc3339).unwrap_or_default(),
        started_ms,
        binary_sm3: binary_sm3.to_owned(),
        base: target.settings.bases().join(", "),
    }
}

/// What the package of a run holds beside its evidence, gathered before the first call.
pub(crate) struct PackageFacts {
    environment: Environment,
    plan: Vec<u8>,
    registers: BTreeMap<String, String>,
    confirmation: Option<Vec<u8>>,
    folder: PathBuf,
}

impl PackageFacts {
    pub(crate) fn gather(
        arguments: &RunArgs,
        suite: &Suite,
        plan: &Plan,
        binary_sm3: &str,
        command: String,
        confirmation: Option<Vec<u8>>,
        folder: &Path,
    ) -> Result<Self, Text> {
        let source = match arguments.select.features.as_deref() {
            None => Source::embedded(),
            Some(path) => Source::folder(path).map_err(Text::same)?,
        };
        let register = |(path, text): (String, String)| {
            let area = path.strip_suffix("/requirements.yaml")?.rsplit('/').next()?.to_ascii_lowercase();
            Some((area, text))
        };
        Ok(Self {
            environment: Environment {
                schema: ENVIRONMENT_SCHEMA.to_owned(),
                suite: SuiteName {
                    name: "ecric".to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    commit: env!("ECRIC_COMMIT").to_owned(),
                },
                suite_sm3: suite.sm3.clone(),
                binary_sm3: binary_sm3.to_owned(),
                vectors_sm3: vectors_sm3()?,
                os: std::env::consts::OS.to_owned(),
                arch: std::env::consts::ARCH.to_owned(),
                mode: arguments.mode.name().to_owned(),
                features: if arguments.select.features.is_some() { "folder" } else { "embedded" }.to_owned(),
                seed_source: if arguments.seed.is_some() { "given" } else { "drawn" }.to_owned(),
                keep_raw: arguments.keep_raw,
                case_limit_s: arguments.case_limit_s(),
                command,
            },
            plan: plan_bytes(plan),
            registers: source.files.into_iter().filter_map(register).collect(),
            confirmation,
            folder: folder.to_path_buf(),
        })
    }

    /// Content of `plan.json`.
    pub(crate) fn plan(&self) -> &[u8] {
        &self.plan
    }

    /// Writes `run.ecric`: open while there is no record, sealed with it.
    pub(crate) fn write(&self, target: &LoadedTarget, run: Option<&RunRecord>) -> Result<PathBuf, Text> {
        let path = self.folder.join(PACKAGE);
        let public = target.public_text();
        let parts = Parts {
            environment: &self.environment,
            plan: &self.plan,
            ics: &target.ics,
            target: &target.file.name,
            target_file: &public,
            registers: &self.registers,
            tool_confirmation: self.confirmation.as_deref(),
            run,
        };
        let failed = |error: &dyn std::fmt::Display| Msg::CannotWrite.text(&[&path.display(), error]);
        let bytes = assemble(&parts, &self.folder).map_err(|error| failed(&error))?;
        let part = path.with_extension("ecric.part");
        std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, &path)).map_err(|error| failed(&error))?;
        Ok(path)
    }
}

/// `plan.json` as it is written.
pub(crate) fn plan_bytes(plan: &Plan) -> Vec<u8> {
    format!("{:#}\n", plan.to_json()).into_bytes()
}

/// How a run was started.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    /// Arguments behind the name of the program.
    pub(crate) arguments: Vec<String>,
    /// Folder in which it was started.
    pub(crate) folder: PathBuf,
    /// Seed, as written.
    pub(crate) seed: String,
    /// SM3 of the target file, hex; empty for the embedded reference.
    pub(crate) target_sm3: String,
}

impl Command {
    /// Notes how this run was started.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), Text> {
        let path = folder.join(COMMAND);
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        std::fs::write(&path, bytes).map_err(|error| Msg::CannotWrite.text(&[&path.display(), &error]))
    }

    /// Reads how a run was started.
    pub(crate) fn read(folder: &Path) -> Result<Self, Text> {
        let path = folder.join(COMMAND);
        let bytes = std::fs::read(&path).map_err(|error| Msg::CannotRead.text(&[&path.display(), &error]))?;
        serde_json::from_slice(&bytes).map_err(|error| Msg::CannotRead.text(&[&path.display(), &error]))
    }

    /// What a run is started with now.
    pub(crate) fn now(seed: &str, target_sm3: &str) -> Self {
        Self {
            arguments: std::env::args().skip(1).collect(),
            folder: std::env::current_dir().unwrap_or_default(),
            seed: seed.to_owned(),
            target_sm3: target_sm3.to_owned(),
        }
    }
}
