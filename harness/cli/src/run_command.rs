//! `ecric run`: plan, run, judge, report.

use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ecric_model::brief::Brief;
use ecric_model::messages::Msg;
use ecric_model::run_record::RunRecord;
use ecric_model::{Lang, Text};
use ecric_reports::{Format, Style, render_console, write_formats};
use ecric_runner::{PlacedWaiver, Plan, RunOptions, Suite, run};
use ecric_target::{Adapter, Clock, LoadedTarget, Rung};
use time::OffsetDateTime;

use crate::args::RunArgs;
use crate::embedded::Embedded;
use crate::plan_command::{SelfTest, complain, load, load_suite, plan_for, selection, self_test_plan};
use crate::progress::Shower;
use crate::seed::{self, Seed};
use crate::{embedded, exit, expected, out_folder, person};

/// Cases at once where nothing else is said.
const JOBS: usize = 16;

/// Runs the command.
pub(crate) fn execute(arguments: &RunArgs, lang: Lang) -> u8 {
    match prepare(arguments, lang) {
        Ok(ready) => ready.execute(arguments, lang),
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

/// Everything that can be wrong before the first call is found here.
struct Ready {
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
    _reference: Option<Embedded>,
    _adapter: Option<Adapter>,
}

fn prepare(arguments: &RunArgs, lang: Lang) -> Result<Ready, Text> {
    let formats = parse_formats(&arguments.format)?;
    let seed = arguments.seed.as_deref().map_or_else(|| Ok(seed::draw()), seed::parse)?;
    let selection = selection(&arguments.select)?;
    let suite = load_suite(arguments.select.features.as_deref())?;
    let waivers = arguments.expected.as_deref().map_or_else(|| Ok(Vec::new()), |path| expected::load(path, &suite))?;
    if arguments.jobs == Some(0) {
        return Err(Text::new("--jobs 0: wanted at least 1", "--jobs 0：至少为1"));
    }
    let (mut target, reference) = match &arguments.select.target {
        Some(path) => (load(path)?, None),
        None => {
            let reference = Embedded::start(embedded::Kind {
                mutant: arguments.mutant.as_deref(),
                variant: arguments.variant.as_deref(),
            })?;
            if !quiet(arguments) {
                eprintln!("{}", Msg::ReferenceStarted.fill(lang, &[&reference.url]));
            }
            (embedded::target_of(&reference.url, arguments.variant.as_deref())?, Some(reference))
        }
    };
    let plan = plan_for(&suite, &target, &selection)?;
    if plan.cases.is_empty() {
        return Err(Msg::NothingPlanned.text(&[]));
    }
    if arguments.allow_hooks {
        target.allow_hooks(person::at_the_terminal(lang));
    }
    let self_test = match target.file.rung {
        Rung::Adapter => Some(self_test_plan(&suite, &target, SelfTest::BeforeRun)?),
        _ => None,
    };
    let adapter = target.start_adapter()?;
    let folder = match arguments.brief {
        true => None,
        false => Some(out_folder::make(arguments.out.as_deref(), now(), &seed.text)?),
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
        _reference: None,
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

impl Ready {
    fn execute(self, arguments: &RunArgs, lang: Lang) -> u8 {
        if !quiet(arguments) {
            let counts: [&dyn std::fmt::Display; 3] =
                [&self.plan.hash, &self.plan.cases.len(), &self.plan.requirements.len()];
            eprintln!("{}", Msg::PlanReady.fill(lang, &counts));
        }
        let evidence = match self.write_plan() {
            Ok(evidence) => evidence,
            Err(text) => {
                complain(lang, &text);
                return exit::USAGE;
            }
        };
        let shower = Shower::new(lang, quiet(arguments));
        let interrupt = watch_for_interrupts(lang);
        let clock: Clock = Arc::new(now);
        let mutants: Vec<_> = ecric_reference::mutants().iter().map(|mutant| mutant.info).collect();
        let options = self.options(arguments);
        let done =
            run(&self.suite, &self.plan, &self.target, &clock, &options, &mutants, evidence, &interrupt, &|event| {
                shower.show(event)
            });
        shower.finish();
        match done {
            Ok(record) => self.report(&record, arguments, lang),
            Err(error) => {
                complain(lang, &Text::same(error.to_string()));
                exit::SUITE
            }
        }
    }

    fn options(&self, arguments: &RunArgs) -> RunOptions {
        let most = self.target.file.limits.concurrency.map_or(usize::MAX, |limit| limit.max(1) as usize);
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
        RunOptions {
            seed: self.seed.bytes,
            seed_text: self.seed.text.clone(),
            jobs: arguments.jobs.unwrap_or(JOBS).min(most),
            fail_fast: arguments.fail_fast,
            keep_raw: arguments.keep_raw,
            case_limit: Duration::from_secs(arguments.case_timeout),
            command,
            commit: env!("ECRIC_COMMIT").to_owned(),
            self_test: self.self_test.clone(),
            waivers: self.waivers.clone(),
        }
    }

    /// Writes `plan.json` and opens the evidence.
    fn write_plan(&self) -> Result<Box<dyn Write>, Text> {
        let failed = |path: &Path, error: &std::io::Error| Msg::CannotWrite.text(&[&path.display(), error]);
        let Some(folder) = &self.folder else { return Ok(Box::new(std::io::sink())) };
        let path = folder.join("plan.json");
        std::fs::write(&path, format!("{:#}\n", self.plan.to_json())).map_err(|error| failed(&path, &error))?;
        let folder = folder.join("evidence");
        std::fs::create_dir_all(&folder).map_err(|error| failed(&folder, &error))?;
        let path = folder.join("exchanges.ndjson");
        let file = std::fs::File::create(&path).map_err(|error| failed(&path, &error))?;
        Ok(Box::new(BufWriter::new(file)))
    }

    fn report(&self, record: &RunRecord, arguments: &RunArgs, lang: Lang) -> u8 {
        let Some(folder) = &self.folder else {
            say!("{}", serde_json::to_string(&Brief::from(record)).unwrap_or_default());
            return record.exit_code;
        };
        // The record comes first, whatever was asked for: everything else can be made from it again.
        let mut formats = vec![Format::Json];
        formats.extend(self.formats.iter().copied().filter(|format| *format != Format::Json));
        let written = write_formats(record, &formats, folder, lang);
        if arguments.quiet {
            say!("{}", record.verdict.text().in_lang(lang));
        } else if self.formats.contains(&Format::Console) {
            let style = style(arguments.no_color);
            print!("{}", render_console(record, lang, style, terminal_width()));
        }
        match written {
            Ok(paths) => {
                if !arguments.quiet {
                    for path in paths {
                        say!("{}: {}", label(&path, lang), path.display());
                    }
                }
                record.exit_code
            }
            Err(error) => {
                complain(
                    lang,
                    &Text::new(format!("cannot write the results: {error}"), format!("无法写入结果：{error}")),
                );
                exit::SUITE
            }
        }
    }
}

fn label(path: &Path, lang: Lang) -> String {
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
