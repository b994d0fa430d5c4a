//! `ecric replay`: judges the recorded evidence again, without the target, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ecric_model::evidence::Attempt;
use ecric_model::ids::CaseId;
use ecric_model::roll_up::CaseOutcome;
use ecric_model::run_record::RunRecord;
use ecric_model::{Lang, Text};
use ecric_reports::package::Contents;
use ecric_runner::{JudgedAgain, Plan, RunOptions, Suite, judge_again};
use ecric_target::{LoadedTarget, Tape, parse_recorded};
use serde_json::{Value, json};

use crate::args::ReplayArgs;
use crate::plan_command::load_suite;
use crate::sign_command::{Stop, end, open_package};
use crate::verify_command::plan_again;
use crate::{exit, seed};

/// Runs the command.
pub(crate) fn execute(arguments: &ReplayArgs, lang: Lang) -> u8 {
    end(replay(arguments, lang), lang)
}

fn replay(arguments: &ReplayArgs, lang: Lang) -> Result<u8, Stop> {
    let (examined, contents) = open_package(&arguments.package)?;
    let Some(run) = contents.run.clone().filter(|_| !examined.is_incomplete()) else {
        let text = Text::new(
            "the run was interrupted: finish it first with `ecric run --resume DIR`",
            "运行被中断：请先用 `ecric run --resume 目录` 完成",
        );
        return Err(Stop(exit::INCOMPLETE, vec![text]));
    };
    let suite = load_suite(arguments.features.as_deref())?;
    let plan = plan_again(&contents, &suite)?;
    let mut target = target(&contents)?;
    // What hooks answered stands in the record; none runs.
    target.allow_hooks(None);
    let again = judge(&suite, &plan, &target, &contents, &run)?;
    let compared = compare(&contents, &run, &plan, &again);
    if arguments.json {
        say!("{:#}", compared.to_json());
    } else {
        compared.print(&contents, &suite, lang);
    }
    Ok(compared.exit_code())
}

/// The target as recorded, without secrets.
fn target(contents: &Contents) -> Result<LoadedTarget, Stop> {
    let base = contents.parts.last().map(|part| part.base.clone()).unwrap_or_default();
    let given = contents.environment.command.split(' ').nth(2).filter(|word| !word.starts_with("--"));
    parse_recorded(&contents.target, &base, given.unwrap_or("target.yaml")).map_err(|problems| {
        let all = |lang| problems.iter().map(|problem| problem.render(lang)).collect::<Vec<_>>().join("; ");
        let text = Text::new(
            format!("the recorded target file cannot be used without its secrets: {}", all(Lang::En)),
            format!("缺少密钥，无法使用所记录的目标文件：{}", all(Lang::ZhCn)),
        );
        Stop(exit::SUITE, vec![text])
    })
}

fn judge(
    suite: &Suite,
    plan: &Plan,
    target: &LoadedTarget,
    contents: &Contents,
    run: &RunRecord,
) -> Result<JudgedAgain, Stop> {
    let Some(part) = contents.parts.last().cloned() else {
        return Err(Text::new("the record has no part", "记录中没有运行段").into());
    };
    let options = RunOptions {
        seed: seed::parse(&run.seed)?.bytes,
        seed_text: run.seed.clone(),
        jobs: 1,
        fail_fast: false,
        keep_raw: false,
        salt_key: [0; 32],
        part,
        mode: run.mode.clone(),
        case_limit: Duration::from_secs(contents.environment.case_limit_s.clamp(1, 86_400)),
        command: contents.environment.command.clone(),
        commit: run.suite.commit.clone(),
        self_test: None,
        waivers: Vec::new(),
        watch: None,
    };
    let tape = Tape::new(&contents.parts, &contents.attempts, &contents.exchanges, contents.raw.as_deref());
    let recorded: BTreeMap<CaseId, CaseOutcome> =
        contents.attempts.iter().map(|attempt| (attempt.case.clone(), attempt.outcome.clone())).collect();
    judge_again(suite, plan, target, &options, tape, recorded, &|_| ())
        .map_err(|error| Stop(exit::SUITE, vec![Text::same(error.to_string())]))
}

/// What differs between the record and the second judgement.
struct Compared {
    same: usize,
    /// Case, verdict of the record, verdict now.
    flips: Vec<(CaseId, String, String)>,
    /// Same verdict, other words.
    other: Vec<CaseId>,
    /// What the record lacks.
    missing: BTreeMap<CaseId, String>,
    /// Planned now and not in the record.
    new: Vec<CaseId>,
    /// In the record and planned no longer.
    gone: Vec<CaseId>,
}

fn compare(contents: &Contents, run: &RunRecord, plan: &Plan, again: &JudgedAgain) -> Compared {
    let last: BTreeMap<&CaseId, &Attempt> = contents.attempts.iter().map(|one| (&one.case, one)).collect();
    let planned: BTreeSet<&CaseId> = plan.cases.iter().map(|case| &case.id).collect();
    let final_now: BTreeMap<&CaseId, &CaseOutcome> = again.judged.cases.iter().collect();
    let mut out = Compared {
        same: 0,
        flips: Vec::new(),
        other: Vec::new(),
        missing: BTreeMap::new(),
        new: planned.iter().filter(|id| !last.contains_key(**id)).map(|id| (*id).clone()).collect(),
        gone: last.keys().filter(|id| !planned.contains(**id)).map(|id| (*id).clone()).collect(),
    };
    for case in &run.cases {
        let (Some(attempt), Some((outcome, property))) = (last.get(&case.id), again.cases.get(&case.id)) else {
            continue;
        };
        if let Some(lacks) = again.missing.get(&case.id) {
            out.missing.insert(case.id.clone(), lacks.clone());
            continue;
        }
        let now = final_now.get(&case.id).map_or("", |outcome| outcome.verdict.name());
        if attempt.outcome.verdict != outcome.verdict {
            let (was, is) = (attempt.outcome.verdict.name(), outcome.verdict.name());
            out.flips.push((case.id.clone(), was.to_owned(), is.to_owned()));
        } else if again.missing.is_empty() && case.verdict.name() != now {
            out.flips.push((case.id.clone(), case.verdict.name().to_owned(), now.to_owned()));
        } else if attempt.outcome != *outcome || attempt.property != *property {
            out.other.push(case.id.clone());
        } else {
            out.same += 1;
        }
    }
    out
}

impl Compared {
    fn exit_code(&self) -> u8 {
        if !self.flips.is_empty() || !self.other.is_empty() {
            exit::SHORT
        } else if !self.missing.is_empty() || !self.new.is_empty() || !self.gone.is_empty() {
            exit::SUITE
        } else {
            exit::OK
        }
    }

    fn to_json(&self) -> Value {
        let flips: Vec<Value> =
            self.flips.iter().map(|(id, was, is)| json!({"case": id, "recorded": was, "now": is})).collect();
        json!({
            "identical": self.exit_code() == exit::OK,
            "same": self.same,
            "flips": flips,
            "other_words": self.other,
            "cannot_be_judged": self.missing,
            "not_in_the_record": self.new,
            "not_planned_any_more": self.gone,
        })
    }

    fn print(&self, contents: &Contents, suite: &Suite, lang: Lang) {
        let t = |en: &str, zh: &str| Text::new(en, zh).in_lang(lang).to_owned();
        let environment = &contents.environment;
        if suite.sm3 != environment.suite_sm3 || environment.suite.version != env!("CARGO_PKG_VERSION") {
            let words = Text::new(
                format!(
                    "recorded with suite {}, judged again with {}",
                    environment.suite.version,
                    env!("CARGO_PKG_VERSION")
                ),
                format!("记录所用套件 {}，现以 {} 重新判定", environment.suite.version, env!("CARGO_PKG_VERSION")),
            );
            say!("{}", words.in_lang(lang));
        }
        for (id, was, is) in &self.flips {
            say!("✗ {id}: {was} -> {is}");
        }
        for id in &self.other {
            say!("✗ {id}: {}", t("the same verdict with other findings", "判定相同，发现不同"));
        }
        for (id, lacks) in &self.missing {
            say!(
                "? {id}: {} ({lacks})",
                t("cannot be judged again, the record lacks an answer", "记录缺少应答，无法重新判定")
            );
        }
        for id in &self.new {
            say!("? {id}: {}", t("planned now, not in the record", "现有计划包含，记录中没有"));
        }
        for id in &self.gone {
            say!("? {id}: {}", t("in the record, planned no longer", "记录中有，现有计划不含"));
        }
        if !self.missing.is_empty() && contents.raw.is_none() {
            say!(
                "{}",
                t(
                    "the package has no raw bodies; a run with --keep-raw can be judged again in full",
                    "该包不含原始报文；以 --keep-raw 运行可完整重新判定",
                )
            );
        }
        let (same, all) = (self.same, contents.attempts.len());
        let words = Text::new(
            format!("{same} of {all} cases judged again with the same result"),
            format!("{all}个用例中{same}个重新判定结果一致"),
        );
        say!("{}", words.in_lang(lang));
    }
}
