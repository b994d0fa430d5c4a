//! `ecric run`: plan, run, judge, report.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ecric_model::brief::Brief;
use ecric_model::messages::Msg;
use ecric_model::run_record::RunRecord;
use ecric_model::{Lang, Text};
use ecric_reports::package::{Journal, Recovered};
use ecric_reports::{Format, Style, render_console, write_formats};
use ecric_runner::{PlacedWaiver, Plan, RunOptions, Suite, run};
use ecric_target::{Adapter, Clock, Driver, LoadedTarget, Rung};
use time::OffsetDateTime;

use crate::args::RunArgs;
use crate::decision_log::DecisionLog;
use crate::embedded::Embedded;
use crate::evidence_facts::{Command, PackageFacts, binary_sm3, part, random};
use crate::plan_command::{SelfTest, complain, load, load_suite, plan_for, selection, self_test_plan};
use crate::progress::Shower;
use crate::seed::{self, Seed};
use crate::{embedded, exit, expected, human_prompt, mode, out_folder, person};

/// Cases at once where nothing else is said.
const JOBS: usize = 16;
/// Most time for a case that a person does.
const BY_HAND: Duration = Duration::from_secs(3600);

/// Runs the command.
pub(crate) fn execute(arguments: &RunArgs, lang: Lang) -> u8 {
    if let Some(folder) = &arguments.resume {
        return crate::resume::execute(folder, lang);
    }
    match prepare(arguments, lang, None) {
        Ok(ready) => ready.execute(arguments, lang),
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

/// Everything that can be wrong before the first call is found here.
pub(crate) struct Ready {
    suite: Suite,
    target: LoadedTarget,
    plan: Plan,
    /// What an adapter has to pass first.
    self_test: Option<Plan>,
    formats: Vec<Format>,
    seed: Seed,
    waivers: Vec<PlacedWaiver>,
    /// None for a brief run, which leaves nothing behind.
    folder: Option<PathBuf>,
    /// True if the folder holds an interrupted run.
    resumes: bool,
    binary_sm3: String,
    confirmation: Option<Vec<u8>>,
    /// Kept until the run is over.
    _reference: Option<Arc<Mutex<Embedded>>>,
    /// Which decisions each case asks for, if that is wanted.
    decisions: Option<DecisionLog>,
    _adapter: Option<Adapter>,
}

/// An interrupted run: where it lies and how it was started.
pub(crate) struct Interrupted<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) command: &'a Command,
}

/// Finds everything that can be wrong before the first call.
pub(crate) fn prepare(arguments: &RunArgs, lang: Lang, resumed: Option<&Interrupted<'_>>) -> Result<Ready, Text> {
    let formats = parse_formats(&arguments.format)?;
    mode::check(arguments)?;
    let seed = match (resumed, &arguments.seed) {
        (Some(before), _) => seed::parse(&before.command.seed)?,
        (None, Some(text)) => seed::parse(text)?,
        (None, None) => seed::draw(),
    };
    let selection = selection(&arguments.select)?;
    let suite = load_suite(arguments.select.features.as_deref())?;
    let waivers = arguments.expected.as_deref().map_or_else(|| Ok(Vec::new()), |path| expected::load(path, &suite))?;
    if arguments.jobs == Some(0) {
        return Err(Text::new("--jobs 0: wanted at least 1", "--jobs 0：至少为1"));
    }
    let (mut target, reference) = match &arguments.select.target {
        Some(path) => (load(path)?, None),
        None => {
            let kind = embedded::Kind {
                mutant: arguments.mutant.as_deref(),
                variant: arguments.variant.as_deref(),
                vendor: arguments.vendor.as_deref(),
            };
            let reference = Embedded::start(kind)?;
            if !quiet(arguments) {
                eprintln!("{}", Msg::ReferenceStarted.fill(lang, &[&reference.addresses.url]));
            }
            let target = embedded::target_of(&reference.addresses, kind)?;
            (target, Some(Arc::new(Mutex::new(reference))))
        }
    };
    let plan = plan_for(&suite, &target, &selection)?;
    if plan.cases.is_empty() {
        return Err(Msg::NothingPlanned.text(&[]));
    }
    if arguments.allow_hooks {
        target.allow_hooks(person::at_the_terminal(lang));
    }
    if target.settings.driver() == Driver::Human {
        target.settings.human = human_prompt::at_terminal(lang);
    }
    let confirmation = mode::read_confirmation(arguments.tool_confirmation.as_deref())?;
    let binary_sm3 = if arguments.brief { String::new() } else { binary_sm3()? };
    mode::check_official(arguments, &target, &binary_sm3, confirmation.as_deref())?;
    if let Some(before) = resumed {
        crate::resume::check_same(before, arguments, &target, &plan)?;
    }
    let self_test = match target.file.rung {
        Rung::Adapter => Some(self_test_plan(&suite, &target, SelfTest::BeforeRun)?),
        _ => None,
    };
    let adapter = target.start_adapter()?;
    let folder = match (resumed, arguments.brief) {
        (Some(before), _) => Some(before.folder.to_path_buf()),
        (None, true) => None,
        (None, false) => Some(out_folder::make(arguments.out.as_deref(), now(), &seed.text)?),
    };
    Ok(Ready {
        suite,
        target,
        plan,
        self_test,
        formats,
        seed,
        waivers,
        folder,
        resumes: resumed.is_some(),
        binary_sm3,
        confirmation,
        decisions: reference.as_ref().filter(|_| arguments.decisions).map(DecisionLog::new),
        _reference: reference,
        _adapter: adapter,
    })
}

/// Starts the adapter of a target and runs the cases about binding v1's own wire against it: the ones that a
/// run over the adapter leaves out. Exit 0 or 1 as of a run.
pub(crate) fn adapter_selftest(mut target: LoadedTarget, lang: Lang) -> u8 {
    match adapter_cases(&mut target, lang) {
        Ok(code) => code,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn adapter_cases(target: &mut LoadedTarget, lang: Lang) -> Result<u8, Text> {
    let suite = load_suite(None)?;
    let plan = self_test_plan(&suite, target, SelfTest::Alone)?;
    let adapter = target.start_adapter()?;
    let seed = seed::draw();
    let formats = vec![Format::Console];
    let arguments = RunArgs::as_given_nothing();
    let ready = Ready {
        suite,
        target: target.clone(),
        plan,
        self_test: None,
        formats,
        seed,
        waivers: Vec::new(),
        folder: Some(out_folder::make(None, now(), "adapter")?),
        resumes: false,
        binary_sm3: binary_sm3()?,
        confirmation: None,
        _reference: None,
        decisions: None,
        _adapter: adapter,
    };
    Ok(ready.execute(&arguments, lang))
}

const fn quiet(arguments: &RunArgs) -> bool {
    arguments.quiet || arguments.brief
}

/// Reads a list of formats.
pub(crate) fn parse_formats(names: &[String]) -> Result<Vec<Format>, Text> {
    names
        .iter()
        .map(|name| {
            Format::parse(name).map_err(|_| {
                let known = Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
                Text::new(format!("--format {name:?}: wanted {known}"), format!("--format {name:?}：可用 {known}"))
            })
        })
        .collect()
}

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Where the evidence goes, and what was there before.
struct Evidence {
    journal: Journal,
    earlier: Option<Recovered>,
    facts: Option<PackageFacts>,
    part: ecric_model::evidence::Part,
}

impl Ready {
    pub(crate) fn execute(self, arguments: &RunArgs, lang: Lang) -> u8 {
        if !quiet(arguments) {
            let counts: [&dyn std::fmt::Display; 3] =
                [&self.plan.hash, &self.plan.cases.len(), &self.plan.requirements.len()];
            eprintln!("{}", Msg::PlanReady.fill(lang, &counts));
        }
        let prepared = self.evidence(arguments).and_then(|evidence| {
            let options = self.options(arguments, &evidence.part)?;
            Ok((evidence, options))
        });
        let (Evidence { journal, earlier, facts, .. }, options) = match prepared {
            Ok(prepared) => prepared,
            Err(text) => {
                complain(lang, &text);
                return exit::USAGE;
            }
        };
        let by_hand = self.target.settings.human.is_some();
        let shower = Shower::new(lang, quiet(arguments) || by_hand);
        let interrupt = watch_for_interrupts(lang);
        let clock: Clock = Arc::new(now);
        let mutants: Vec<_> = ecric_reference::mutants().iter().map(|mutant| mutant.info).collect();
        let done = run(
            &self.suite,
            &self.plan,
            &self.target,
            &clock,
            &options,
            &mutants,
            journal,
            earlier.as_ref(),
            &interrupt,
            &|event| shower.show(event),
        );
        shower.finish();
        match done {
            Ok(record) => self.report(&record, facts.as_ref(), arguments, lang),
            Err(error) => {
                complain(lang, &Text::same(error.to_string()));
                exit::SUITE
            }
        }
    }

    /// Opens the evidence: new, or where an interrupted run left it. The package is there from the first call on,
    /// open, so that what is left of a run that is killed says so itself.
    fn evidence(&self, arguments: &RunArgs) -> Result<Evidence, Text> {
        let first = part(1, now(), &self.binary_sm3, &self.target);
        let Some(folder) = &self.folder else {
            return Ok(Evidence { journal: Journal::nowhere(), earlier: None, facts: None, part: first });
        };
        let facts = PackageFacts::gather(
            arguments,
            &self.suite,
            &self.plan,
            &self.binary_sm3,
            self.command(arguments),
            self.confirmation.clone(),
            folder,
        )?;
        let failed = |error: ecric_reports::ReportError| Text::same(error.to_string());
        if self.resumes {
            let number = crate::resume::next_part(folder)?;
            let next = part(number, now(), &self.binary_sm3, &self.target);
            let (journal, earlier) = Journal::resume(folder, &next).map_err(failed)?;
            return Ok(Evidence { journal, earlier: Some(earlier), facts: Some(facts), part: next });
        }
        let path = folder.join("plan.json");
        std::fs::write(&path, facts.plan()).map_err(|error| Msg::CannotWrite.text(&[&path.display(), &error]))?;
        let journal = Journal::begin(folder, facts.plan(), &first, arguments.keep_raw).map_err(failed)?;
        let target_sm3 = if arguments.select.target.is_some() { self.target.sm3.as_str() } else { "" };
        Command::now(&self.seed.text, target_sm3).write(folder)?;
        facts.write(&self.target, None)?;
        Ok(Evidence { journal, earlier: None, facts: Some(facts), part: first })
    }

    /// The command that repeats the run, without `--only` and `--seed`.
    fn command(&self, arguments: &RunArgs) -> String {
        let mut command = "ecric run".to_owned();
        if let Some(path) = &arguments.select.target {
            command.push_str(&format!(" {}", path.display()));
        }
        if let Some(id) = &arguments.mutant {
            command.push_str(&format!(" --mutant {id}"));
        }
        if let Some(name) = &arguments.variant {
            command.push_str(&format!(" --variant {name}"));
        }
        command
    }

    fn options(&self, arguments: &RunArgs, part: &ecric_model::evidence::Part) -> Result<RunOptions, Text> {
        let most = self.target.file.limits.concurrency.map_or(usize::MAX, |limit| limit.max(1) as usize);
        // A person does one thing at a time, and takes as long as it takes.
        let by_hand = self.target.settings.human.is_some();
        Ok(RunOptions {
            seed: self.seed.bytes,
            seed_text: self.seed.text.clone(),
            jobs: if by_hand || self.decisions.is_some() { 1 } else { arguments.jobs.unwrap_or(JOBS).min(most) },
            fail_fast: arguments.fail_fast,
            keep_raw: arguments.keep_raw,
            salt_key: random()?,
            part: part.clone(),
            mode: arguments.mode.name().to_owned(),
            case_limit: if by_hand { BY_HAND } else { Duration::from_secs(arguments.case_limit_s()) },
            command: self.command(arguments),
            commit: env!("ECRIC_COMMIT").to_owned(),
            self_test: self.self_test.clone(),
            waivers: self.waivers.clone(),
            watch: self.decisions.as_ref().map(DecisionLog::watch),
        })
    }

    fn report(&self, record: &RunRecord, facts: Option<&PackageFacts>, arguments: &RunArgs, lang: Lang) -> u8 {
        let Some(folder) = &self.folder else {
            let decisions = self.decisions.as_ref().map(DecisionLog::take);
            let brief = Brief { decisions, ..Brief::from(record) };
            say!("{}", serde_json::to_string(&brief).unwrap_or_default());
            return record.exit_code;
        };
        // The record comes first, whatever was asked for: everything else can be made from it again.
        let mut formats = vec![Format::Json];
        formats.extend(self.formats.iter().copied().filter(|format| *format != Format::Json));
        let written = write_formats(record, &formats, folder, lang);
        let package = facts.map(|facts| facts.write(&self.target, Some(record))).transpose();
        if let Err(text) = write_replays(record, folder) {
            complain(lang, &text);
            return exit::SUITE;
        }
        if arguments.quiet {
            say!("{}", record.verdict.text().in_lang(lang));
        } else if self.formats.contains(&Format::Console) {
            let style = style(arguments.no_color);
            print!("{}", render_console(record, lang, style, terminal_width()));
        }
        match (written, package) {
            (Ok(paths), Ok(package)) => {
                if !arguments.quiet {
                    for path in paths.into_iter().chain(package) {
                        say!("{}: {}", label(&path, lang), path.display());
                    }
                }
                record.exit_code
            }
            (Ok(_), Err(text)) => {
                complain(lang, &text);
                exit::SUITE
            }
            (Err(error), _) => {
                complain(
                    lang,
                    &Text::new(format!("cannot write the results: {error}"), format!("无法写入结果：{error}")),
                );
                exit::SUITE
            }
        }
    }
}

/// Writes what shows a failing property again, from the record alone: `regressions/LIF-023-01.curl.sh` …
fn write_replays(record: &RunRecord, folder: &Path) -> Result<(), Text> {
    let folder = folder.join("regressions");
    let failed = |path: &Path, error: &std::io::Error| Msg::CannotWrite.text(&[&path.display(), error]);
    for case in &record.cases {
        for file in case.property.iter().flat_map(|property| &property.files) {
            std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
            let path = folder.join(format!("{}.{}", case.id.as_str().replace('/', "-"), file.ending));
            std::fs::write(&path, &file.text).map_err(|error| failed(&path, &error))?;
        }
    }
    Ok(())
}

fn label(path: &Path, lang: Lang) -> String {
    if path.ends_with(ecric_reports::package::PACKAGE) {
        return Text::new("evidence package", "证据包").in_lang(lang).to_owned();
    }
    let message = if path.ends_with("run.json") { Msg::Record } else { Msg::Report };
    message.fill(lang, &[])
}

/// Colours on a terminal only.
pub(crate) fn style(no_color: bool) -> Style {
    let wanted = std::io::stdout().is_terminal() && !no_color && std::env::var_os("NO_COLOR").is_none();
    if wanted { Style::Colour } else { Style::Plain }
}

/// Width of the terminal, or 100 columns.
pub(crate) fn terminal_width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|width| *width >= 40).unwrap_or(100)
}

/// The first interrupt stops the run in order; the second ends the process.
fn watch_for_interrupts(lang: Lang) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let inner = Arc::clone(&flag);
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            loop {
                crate::serve_command::wait_for_end().await;
                if inner.swap(true, Ordering::Relaxed) {
                    std::process::exit(130);
                }
                eprintln!("{}", Msg::Interrupted.fill(lang, &[]));
            }
        });
    });
    flag
}
