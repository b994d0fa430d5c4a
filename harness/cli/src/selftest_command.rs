//! `ecric selftest`: the suite proves itself. Starts children of this binary, judges, writes, prints.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ecric_model::brief::Decisions;
use ecric_model::messages::Msg;
use ecric_model::mutant::{MutantInfo, VariantInfo};
use ecric_model::verdict::Verdict;
use ecric_model::{Lang, Text};
use ecric_reports::package::{Signer, write_confirmation};
use ecric_runner::{Plan, Selection};
use ecric_selftest::{
    Binary, Environment, Facts, Outcome, Progress, Scope, SelftestRecord, SelftestVerdict, Slots, Subject, Task,
    Wanted, Wire, WireFacts, confirmation, judge, mutant_tasks, render_kill_matrix, right_tasks, run_tasks, scout,
    widened,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::args::SelftestArgs;
use crate::plan_command::{complain, load_suite, plan_for};
use crate::sign_command::load_signer;
use crate::{embedded, exit, out_folder, serve_command};

/// Seconds between plain lines.
const EVERY: Duration = Duration::from_secs(5);
/// So many mutants meet all cases rather than wait for the run that tells which concern them.
const FEW: usize = 4;
/// Suite runs that another job does while the one that tells which cases concern which mutant is under way.
const BESIDE_SCOUT: usize = 2;
/// Names printed per bar; all of them stand in the record.
const NAMES: usize = 12;

/// Runs the command.
pub(crate) fn execute(arguments: &SelftestArgs, lang: Lang) -> u8 {
    if arguments.list {
        serve_command::list(lang);
        say!();
        return serve_command::list_variants(lang);
    }
    match prepare(arguments, lang).and_then(|ready| ready.execute(arguments, lang)) {
        Ok(code) => code,
        Err(Stop(code, text)) => {
            complain(lang, &text);
            code
        }
    }
}

/// Why nothing came of it.
struct Stop(u8, Text);

impl From<Text> for Stop {
    fn from(text: Text) -> Self {
        Self(exit::USAGE, text)
    }
}

fn ours(error: &dyn std::fmt::Display) -> Stop {
    Stop(exit::SUITE, Text::same(error.to_string()))
}

struct Ready {
    /// Of the reference.
    plan: Plan,
    /// The same with what the wires of stand-in vendors have beyond it.
    whole: Plan,
    wanted: Wanted,
    jobs: usize,
    folder: PathBuf,
    program: PathBuf,
    started: OffsetDateTime,
    signer: Option<Signer>,
}

fn prepare(arguments: &SelftestArgs, lang: Lang) -> Result<Ready, Stop> {
    let signer = match &arguments.key {
        Some(path) => Some(load_signer(path, &arguments.passphrase, lang)?),
        None => None,
    };
    if arguments.jobs == Some(0) {
        return Err(Text::new("--jobs 0: wanted at least 1", "--jobs 0：至少为1").into());
    }
    let mut wanted = wanted(arguments)?;
    let suite = load_suite(arguments.features.as_deref())?;
    let nowhere = embedded::Addresses::nowhere();
    let plan = plan_for(&suite, &embedded::target(&nowhere)?, &Selection::default())?;
    let vendors: BTreeSet<&'static str> = wanted.mutants.iter().filter_map(|info| info.vendor).collect();
    for vendor in vendors {
        let theirs = plan_for(&suite, &embedded::vendor_target(vendor, &nowhere)?, &Selection::default())?;
        wanted.wires.push(Wire::beyond(&plan, vendor, &theirs));
    }
    if plan.cases.is_empty() {
        return Err(Msg::NothingPlanned.text(&[]).into());
    }
    let started = OffsetDateTime::now_utc();
    Ok(Ready {
        whole: widened(&plan, &wanted.wires),
        plan,
        wanted,
        // Runs also wait, so two share a core; but loads, which only the whole plan has, want theirs for themselves.
        jobs: arguments.jobs.unwrap_or_else(|| cores() * if arguments.full { 1 } else { 2 }),
        folder: folder(arguments.out.as_deref(), started)?,
        program: std::env::current_exe().map_err(|error| ours(&error))?,
        started,
        signer,
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn wanted(arguments: &SelftestArgs) -> Result<Wanted, Text> {
    let all_mutants = all_mutants();
    let all_variants: Vec<VariantInfo> = ecric_reference::variants().iter().map(|variant| variant.info).collect();
    let selected = !arguments.mutants.is_empty() || !arguments.variants.is_empty();
    let (mutants, variants) = if selected {
        (
            pick(&all_mutants, &arguments.mutants, |info| info.id, "--mutants")?,
            pick(&all_variants, &arguments.variants, |info| info.name, "--variants")?,
        )
    } else {
        (all_mutants, all_variants)
    };
    Ok(Wanted {
        mutants,
        variants,
        wires: Vec::new(),
        seeds: arguments.seeds.clone(),
        scope: if arguments.full { Scope::Full } else { Scope::Default },
        features: arguments.features.clone(),
        cases_at_once: None,
        changes: changes(),
    })
}

/// What each mutant takes in another way.
fn changes() -> BTreeMap<&'static str, Vec<String>> {
    let changes = |id| ecric_reference::behaviour_of(id).map(|behaviour| behaviour.changes()).unwrap_or_default();
    ecric_reference::mutants().iter().map(|mutant| (mutant.info.id, changes(mutant.info.id))).collect()
}

fn all_mutants() -> Vec<MutantInfo> {
    ecric_reference::mutants().iter().map(|mutant| mutant.info).collect()
}

fn pick<T: Copy>(all: &[T], names: &[String], name: fn(&T) -> &'static str, flag: &str) -> Result<Vec<T>, Text> {
    let found = |wanted: &String| {
        all.iter().copied().find(|one| name(one) == wanted).ok_or_else(|| {
            Text::new(
                format!("{flag} {wanted:?}: no such one; `ecric selftest --list` lists them"),
                format!("{flag} {wanted:?}：不存在；可用 `ecric selftest --list` 列出"),
            )
        })
    };
    names.iter().map(found).collect()
}

/// The folder asked for, or a new one; two selftests never share one.
fn folder(asked: Option<&Path>, started: OffsetDateTime) -> Result<PathBuf, Text> {
    match asked {
        Some(path) if path.join("selftest.json").exists() => Err(Text::new(
            format!("{} holds a selftest already; give another --out", path.display()),
            format!("{} 已有一次自检的结果；请更换 --out", path.display()),
        )),
        asked => out_folder::make(asked, started, "selftest"),
    }
}

fn facts_of(wire: &Wire) -> WireFacts {
    WireFacts { vendor: wire.vendor.to_owned(), hash: wire.plan.clone(), cases: wire.cases.len() }
}

impl Ready {
    fn execute(self, arguments: &SelftestArgs, lang: Lang) -> Result<u8, Stop> {
        let begin = Instant::now();
        let outcomes = self.outcomes(arguments, lang)?;
        let facts = Facts {
            suite: format!("ecric {} ({})", env!("CARGO_PKG_VERSION"), env!("ECRIC_COMMIT")),
            started: self.started.format(&Rfc3339).unwrap_or_default(),
            duration: begin.elapsed(),
            jobs: self.jobs,
            scope: self.wanted.scope,
            all_mutants: self.wanted.mutants.len() == all_mutants().len(),
            all_variants: self.wanted.variants.len() == ecric_reference::variants().len(),
            wires: self.wanted.wires.iter().map(facts_of).collect(),
        };
        let record = judge(&self.whole, &outcomes, &facts);
        self.write(&record, lang)?;
        print(&record, &self.folder, arguments.quiet, lang);
        Ok(if record.verdict == SelftestVerdict::Holds { exit::OK } else { exit::SHORT })
    }

    /// Right references first, beside the run that tells which cases concern which mutant, then the mutants.
    fn outcomes(&self, arguments: &SelftestArgs, lang: Lang) -> Result<Vec<Outcome>, Stop> {
        let slots = Slots {
            jobs: self.jobs,
            // The loads of the whole plan measure. Where cores are left over, the system knows which.
            bound: !arguments.full && self.jobs >= cores(),
            limit: Duration::from_secs(arguments.run_timeout),
        };
        let mut right = right_tasks(&self.wanted);
        let own = self.wanted.mutants.iter().filter(|info| info.vendor.is_none()).count();
        let scouts = self.wanted.scope == Scope::Default && own > FEW;
        if scouts {
            let scout = scout(&self.wanted);
            // It is an honest run like any other, but for its order.
            right.retain(|task| (task.subject, &task.seed) != (scout.subject, &scout.seed));
            right.insert(0, scout);
        }
        let total = right.len() + self.wanted.mutants.len();
        // While the scout goes its way, the others finish about so many.
        let later = right.split_off(right.len().min(1 + (self.jobs - 1) * BESIDE_SCOUT));
        let first = right;
        let mut shower = Shower::new(lang, arguments.quiet, total);
        let mut run = |list: &[Task], before: usize| {
            let mut show = |progress: Progress<'_>| {
                shower.show(&Progress { done: before + progress.done, total, ..progress });
            };
            run_tasks(&self.program, list, slots, &mut show)
        };
        let mut outcomes = run(&first, 0);
        let decisions = match outcomes.first_mut().map(|outcome| &mut outcome.result) {
            Some(Ok(brief)) => brief.decisions.take().unwrap_or_default(),
            // Nothing is known: every mutant meets every case. The run itself is named as a fault.
            Some(Err(_)) | None => Decisions::default(),
        };
        let right = later.len();
        let rest: Vec<Task> = later.into_iter().chain(mutant_tasks(&self.wanted, &self.plan, &decisions)).collect();
        let mut rest = run(&rest, first.len());
        shower.finish();
        let mut mutants = rest.split_off(right);
        outcomes.extend(rest);
        let listed = |outcome: &Outcome| {
            self.wanted.mutants.iter().position(|info| outcome.task.subject == Subject::Mutant(*info))
        };
        mutants.sort_by_key(listed);
        outcomes.extend(mutants);
        Ok(outcomes)
    }

    fn write(&self, record: &SelftestRecord, lang: Lang) -> Result<(), Stop> {
        let put = |name: &str, bytes: &[u8]| {
            let path = self.folder.join(name);
            std::fs::write(&path, bytes).map_err(|error| Msg::CannotWrite.text(&[&path.display(), &error]))
        };
        let mut json = serde_json::to_vec_pretty(record).map_err(|error| ours(&error))?;
        json.push(b'\n');
        put("selftest.json", &json)?;
        put("kill-matrix.html", render_kill_matrix(record, lang).map_err(|error| ours(&error))?.as_bytes())?;
        let program = std::fs::read(&self.program).map_err(|error| ours(&error))?;
        let binary = Binary { sm3: ecric_gm::sm3::digest_hex(&program), bytes: program.len() };
        let environment = Environment {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            cores: cores(),
            jobs: self.jobs,
        };
        let vectors = ecric_vectors::set::load_set().map_err(|error| ours(&error))?;
        let signer = self.signer.as_ref();
        let confirmed = confirmation(record, &json, binary, &vectors, environment, signer.is_some());
        let confirmed = serde_json::to_value(&confirmed).map_err(|error| ours(&error))?;
        let bytes = write_confirmation(confirmed, signer, OffsetDateTime::now_utc()).map_err(|error| ours(&error))?;
        put("tool-confirmation.json", &bytes)?;
        Ok(())
    }
}

fn print(record: &SelftestRecord, folder: &Path, quiet: bool, lang: Lang) {
    let text = |en: &str, zh: &str| Text::new(en, zh).in_lang(lang).to_owned();
    if !quiet {
        for bar in &record.bars {
            let sign = match bar.holds {
                Some(true) => "✓",
                Some(false) => "✗",
                None => "-",
            };
            say!("{sign} {}: {}", bar.wanted.in_lang(lang), bar.found.in_lang(lang));
            for name in bar.names.iter().take(NAMES) {
                say!("    {name}");
            }
            if bar.names.len() > NAMES {
                say!("    … {}", bar.names.len());
            }
        }
        print_figures(record, lang);
    }
    let verdict = match (record.verdict, record.partial) {
        (SelftestVerdict::Holds, false) => text("the suite proves itself", "套件自证成立"),
        (SelftestVerdict::Holds, true) => text("what was selected holds (partial)", "所选部分成立（部分自检）"),
        (SelftestVerdict::FallsShort, _) => text("the suite falls short", "套件自证不成立"),
    };
    say!("{verdict}");
    if !quiet {
        for name in ["selftest.json", "kill-matrix.html", "tool-confirmation.json"] {
            say!("{}: {}", Msg::Record.fill(lang, &[]), folder.join(name).display());
        }
    }
}

fn print_figures(record: &SelftestRecord, lang: Lang) {
    let summary = &record.summary;
    let list = |names: &[String]| if names.is_empty() { "-".to_owned() } else { names.join(" ") };
    let of_mutants = |figure: String| if summary.mutants == 0 { "-".to_owned() } else { figure };
    let rows = [
        (Text::new("kill rate", "发现率"), of_mutants(format!("{} %", summary.kill_rate))),
        (Text::new("survivors", "未被发现的变异体"), list(&summary.survivors)),
        (Text::new("wrongly red requirements", "误报的要求"), list(&summary.wrongly_red)),
        (
            Text::new("crude mutants (more than 10 red requirements)", "过粗的变异体（变红要求超过10项）"),
            list(&summary.crude),
        ),
        (Text::new("median of red requirements", "变红要求数的中位数"), of_mutants(summary.median_red.to_string())),
        (
            Text::new("negative cases ablated", "已消融验证的反例"),
            of_mutants(format!("{}/{}", summary.negatives_ablated, summary.negatives)),
        ),
        (Text::new("seconds", "用时（秒）"), (record.duration_ms / 1_000).to_string()),
    ];
    for (name, value) in rows {
        say!("{}: {value}", name.in_lang(lang));
    }
    for fault in &record.errors {
        say!("! {} ({}): {}", fault.subject, fault.seed, fault.text.in_lang(lang));
    }
}

/// Progress on standard error: a live bar on a terminal, plain lines when piped.
struct Shower {
    lang: Lang,
    bar: Option<ProgressBar>,
    quiet: bool,
    living: usize,
    last: Instant,
}

impl Shower {
    fn new(lang: Lang, quiet: bool, total: usize) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr_with_hz(10));
            if let Ok(style) = ProgressStyle::with_template("[{elapsed_precise}] {bar:30} {pos}/{len} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { lang, bar, quiet, living: 0, last: Instant::now() }
    }

    fn show(&mut self, progress: &Progress<'_>) {
        self.living += usize::from(!as_it_should(progress.outcome));
        let name = progress.outcome.task.subject.name();
        let words = Text::new(
            format!("{} not as they should · {name}", self.living),
            format!("{}项不符合预期 · {name}", self.living),
        );
        let words = words.in_lang(self.lang);
        if let Some(bar) = &self.bar {
            bar.set_position(progress.done as u64);
            bar.set_message(words.to_owned());
        } else if !self.quiet && (self.last.elapsed() >= EVERY || progress.done == progress.total) {
            self.last = Instant::now();
            eprintln!("{}/{} {words}", progress.done, progress.total);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn as_it_should(outcome: &Outcome) -> bool {
    let Ok(brief) = &outcome.result else { return false };
    match outcome.task.subject {
        Subject::Mutant(info) => {
            brief.cases.get(info.killed_by).is_some_and(|verdict| verdict.is_red() || *verdict == Verdict::Warn)
        }
        Subject::Honest | Subject::Variant(_) | Subject::Vendor(_) => brief.exit_code == exit::OK,
    }
}
