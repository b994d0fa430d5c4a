//! From outcomes to the record: figures, bars, verdict. Pure.

use std::collections::BTreeSet;
use std::time::Duration;

use ecric_model::Text;
use ecric_runner::Plan;

use crate::children::Outcome;
use crate::matrix::{self, Idle};
use crate::record::{Bar, MutantRow, PlanFacts, SCHEMA, SelftestRecord, SelftestVerdict, Summary, WireFacts};
use crate::tasks::{Scope, Subject};

/// A mutant with more red requirements than this is called crude.
const CRUDE: usize = 10;
/// Most red requirements of the mutant in the middle.
const MEDIAN_MOST: f64 = 2.0;

/// What the outcomes do not say.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Version and commit of the suite.
    pub suite: String,
    /// Start, RFC 3339.
    pub started: String,
    /// Time of the whole.
    pub duration: Duration,
    /// Children at once.
    pub jobs: usize,
    /// Cases for mutants.
    pub scope: Scope,
    /// True if every mutant there is was asked for.
    pub all_mutants: bool,
    /// True if every variant there is was asked for.
    pub all_variants: bool,
    /// Stand-in vendors whose own wires were met.
    pub wires: Vec<WireFacts>,
}

/// Judges a selftest by the plan of the reference, widened by the wires that were met.
#[must_use]
pub fn judge(plan: &Plan, outcomes: &[Outcome], facts: &Facts) -> SelftestRecord {
    let rows: Vec<MutantRow> = outcomes.iter().filter_map(matrix::row).collect();
    let asked = outcomes.iter().filter(|outcome| matches!(outcome.task.subject, Subject::Mutant(_))).count();
    let met = met(plan, outcomes, facts.scope);
    let idle = if facts.all_mutants { matrix::idle(plan, &rows, &met) } else { Idle::default() };
    let mut record = SelftestRecord {
        schema: SCHEMA.to_owned(),
        suite: facts.suite.clone(),
        verdict: SelftestVerdict::Holds,
        partial: !(facts.all_mutants && facts.all_variants),
        scope: facts.scope.name().to_owned(),
        seeds: seeds(outcomes),
        jobs: facts.jobs,
        started: facts.started.clone(),
        duration_ms: u64::try_from(facts.duration.as_millis()).unwrap_or(u64::MAX),
        plan: PlanFacts {
            hash: plan.hash.clone(),
            cases: plan.cases.len(),
            requirements: plan.requirements.iter().filter(|planned| !planned.cases.is_empty()).count(),
            wires: facts.wires.clone(),
        },
        bars: Vec::new(),
        summary: summary(plan, outcomes, &rows, asked),
        right: matrix::right_references(outcomes),
        requirements: matrix::columns(plan, &rows),
        mutants: rows,
        dead: idle.dead,
        not_ablated: idle.not_ablated,
        errors: outcomes.iter().flat_map(matrix::faults).collect(),
    };
    record.summary.requirements_proven = record.requirements.iter().filter(|one| !one.killed.is_empty()).count();
    record.bars = bars(&record, facts.all_mutants, idle.stale_reasons);
    if record.bars.iter().any(|bar| bar.holds == Some(false)) {
        record.verdict = SelftestVerdict::FallsShort;
    }
    record
}

fn seeds(outcomes: &[Outcome]) -> Vec<String> {
    let honest = outcomes.iter().filter(|outcome| outcome.task.subject == Subject::Honest);
    honest.map(|outcome| outcome.task.seed.clone()).collect()
}

/// Cases that were run against every mutant, or at least against the one that they must kill.
fn met<'a>(plan: &'a Plan, outcomes: &'a [Outcome], scope: Scope) -> BTreeSet<&'a str> {
    let all = plan.cases.iter().filter(|case| scope == Scope::Full || !case.slow).map(|case| case.id.as_str());
    let killers = outcomes.iter().filter_map(|outcome| match outcome.task.subject {
        Subject::Mutant(info) => Some(info.killed_by),
        _ => None,
    });
    all.chain(killers).collect()
}

fn summary(plan: &Plan, outcomes: &[Outcome], rows: &[MutantRow], asked: usize) -> Summary {
    let killed = rows.iter().filter(|row| row.killed).count();
    let named = |keep: fn(&MutantRow) -> bool| {
        rows.iter().filter(|row| keep(row)).map(|row| row.id.clone()).collect::<Vec<_>>()
    };
    let red: BTreeSet<&str> = rows.iter().flat_map(|row| row.red_cases.iter().map(String::as_str)).collect();
    let negatives: Vec<&str> = plan.cases.iter().filter(|case| case.negative).map(|case| case.id.as_str()).collect();
    Summary {
        mutants: asked,
        killed,
        kill_rate: percent(killed, asked),
        requirements_proven: 0,
        survivors: named(|row| !row.killed),
        wrongly_red: wrongly_red(outcomes),
        crude: named(|row| row.red.len() > CRUDE),
        median_red: median(rows.iter().map(|row| row.red.len()).collect()),
        negatives: negatives.len(),
        negatives_ablated: negatives.iter().filter(|id| red.contains(*id)).count(),
    }
}

fn wrongly_red(outcomes: &[Outcome]) -> Vec<String> {
    use ecric_model::verdict::Verdict::{NotApplicable, Pass};
    let right = outcomes.iter().filter(|outcome| !matches!(outcome.task.subject, Subject::Mutant(_)));
    let briefs = right.filter_map(|outcome| outcome.result.as_ref().ok());
    let red = briefs.flat_map(|brief| brief.requirements.iter().filter(|(_, v)| !matches!(v, Pass | NotApplicable)));
    red.map(|(id, _)| id.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn bars(record: &SelftestRecord, all_mutants: bool, stale_reasons: Vec<String>) -> Vec<Bar> {
    let summary = &record.summary;
    let bar = |name: &str, wanted: (&str, &str), found: Text, holds: Option<bool>, names: Vec<String>| Bar {
        name: name.to_owned(),
        wanted: Text::new(wanted.0, wanted.1),
        found: if holds.is_some() {
            found
        } else {
            Text::new("not judged in a partial selftest", "部分自检不判定")
        },
        holds,
        names,
    };
    // A part of the mutants shows nothing about what none of them does.
    let whole = |holds: bool| all_mutants.then_some(holds);
    let unproven: Vec<String> =
        record.requirements.iter().filter(|one| one.killed.is_empty()).map(|one| one.id.clone()).collect();
    let alarmed: Vec<String> =
        record.right.iter().filter(|one| one.conformant < one.runs || !one.alarms.is_empty()).map(alarms_of).collect();
    let runs: usize = record.right.iter().map(|one| one.runs).sum();
    let conformant: usize = record.right.iter().map(|one| one.conformant).sum();
    let unexplained = |cases: &[crate::record::IdleCase]| -> Vec<String> {
        cases.iter().filter(|case| case.reason.is_none()).map(|case| case.id.clone()).collect()
    };
    let (dead, not_ablated) = (unexplained(&record.dead), unexplained(&record.not_ablated));
    vec![
        bar(
            "kill_rate",
            ("every mutant is killed by the case that must kill it", "每个变异体均由指定用例发现"),
            of(summary.killed, summary.mutants),
            (summary.mutants > 0).then_some(summary.killed == summary.mutants),
            survivors(record),
        ),
        bar(
            "requirements",
            (
                "every requirement with cases has a mutant killed by its own case",
                "每项有用例的要求均有变异体被其自身用例发现",
            ),
            of(summary.requirements_proven, record.plan.requirements),
            whole(unproven.is_empty()),
            if all_mutants { unproven } else { Vec::new() },
        ),
        bar(
            "false_alarms",
            (
                "the honest reference, every variant and stand-in vendor pass every case that they meet",
                "参考实现、各正确变体及示例厂商通过所执行的全部用例",
            ),
            Text::new(format!("{conformant} of {runs} runs"), format!("{runs}次运行中{conformant}次")),
            Some(alarmed.is_empty()),
            alarmed,
        ),
        bar(
            "dead_cases",
            ("no case is dead, but for those with a reason", "没有无效用例（已说明理由者除外）"),
            idle_text(record.dead.len(), dead.len()),
            whole(dead.is_empty()),
            dead,
        ),
        bar(
            "ablation",
            (
                "some mutant turns each negative case red, but for those with a reason",
                "每个反例用例均有变异体使其变红（已说明理由者除外）",
            ),
            idle_text(record.not_ablated.len(), not_ablated.len()),
            whole(not_ablated.is_empty()),
            not_ablated,
        ),
        bar(
            "reasons",
            ("every reason given for such a case is still needed", "所列理由仍然必要"),
            Text::new(format!("{} are not", stale_reasons.len()), format!("{}条已不必要", stale_reasons.len())),
            whole(stale_reasons.is_empty()),
            stale_reasons,
        ),
        bar(
            "median_red",
            ("the mutant in the middle turns at most 2 requirements red", "变异体变红要求数的中位数不超过2"),
            Text::same(format!("{}", summary.median_red)),
            whole(summary.median_red <= MEDIAN_MOST),
            Vec::new(),
        ),
        bar(
            "errors",
            ("no fault of the suite itself", "套件自身无错误"),
            Text::same(record.errors.len().to_string()),
            Some(record.errors.is_empty()),
            record.errors.iter().map(|fault| fault.subject.clone()).collect(),
        ),
    ]
}

fn survivors(record: &SelftestRecord) -> Vec<String> {
    let living = record.mutants.iter().filter(|row| !row.killed);
    living.map(|row| format!("{} ({})", row.id, row.killed_by)).collect()
}

fn alarms_of(one: &crate::record::RightReference) -> String {
    let cases: BTreeSet<&str> = one.alarms.iter().map(|alarm| alarm.case.as_str()).collect();
    format!("{} ({})", one.name, cases.into_iter().collect::<Vec<_>>().join(" "))
}

fn of(part: usize, whole: usize) -> Text {
    Text::new(format!("{part} of {whole}"), format!("{whole}中的{part}"))
}

fn idle_text(all: usize, unexplained: usize) -> Text {
    Text::new(
        format!("{unexplained} without a reason, {} with", all - unexplained),
        format!("未说明理由{unexplained}个，已说明{}个", all - unexplained),
    )
}

/// Percent with one decimal, rounded down: 100 means all.
fn percent(part: usize, whole: usize) -> f64 {
    let tenths = (part * 1_000).checked_div(whole).unwrap_or(0);
    f64::from(u32::try_from(tenths).unwrap_or(0)) / 10.0
}

fn median(mut numbers: Vec<usize>) -> f64 {
    numbers.sort_unstable();
    let middle = numbers.len() / 2;
    let at = |index: usize| f64::from(u32::try_from(numbers.get(index).copied().unwrap_or(0)).unwrap_or(u32::MAX));
    if numbers.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.saturating_sub(1)), at(middle)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Sample, outcome_of};
    use ecric_model::verdict::Verdict::{Fail, Inconclusive, Pass, SuiteError, Warn};

    fn holds(record: &SelftestRecord, name: &str) -> Option<bool> {
        record.bars.iter().find(|bar| bar.name == name).unwrap().holds
    }

    fn short(record: &SelftestRecord) -> Vec<&str> {
        record.bars.iter().filter(|bar| bar.holds == Some(false)).map(|bar| bar.name.as_str()).collect()
    }

    #[test]
    fn each_bar_falls_for_its_own_reason() {
        let good = Sample::good();
        let record = good.judged();
        assert_eq!((short(&record), record.verdict), (vec![], SelftestVerdict::Holds));
        assert!(record.bars.iter().all(|bar| bar.holds == Some(true)) && !record.partial);
        assert_eq!((record.summary.kill_rate, record.summary.median_red), (100.0, 1.0));
        type Break = fn(&mut Sample);
        let rows: [(&[&str], &str, Break); 7] = [
            (&["kill_rate", "requirements", "dead_cases", "ablation"], "M-AAA-001-a", |s| s.mutant("M-AAA-001-a", &[])),
            // Another case of the same requirement is no excuse.
            (&["kill_rate", "requirements", "dead_cases", "ablation"], "M-AAA-001-a", |s| {
                s.mutant("M-AAA-001-a", &[("AAA-001/01", Fail), ("AAA-001/02", Inconclusive)]);
            }),
            (&["false_alarms"], "honest", |s| s.right(0, &[("AAA-001/01", Warn)])),
            (&["false_alarms"], "odd", |s| s.right(1, &[("BBB-001/01", Inconclusive)])),
            (&["false_alarms", "errors"], "odd", |s| s.right(1, &[("BBB-001/01", SuiteError)])),
            (&["false_alarms", "errors"], "honest", |s| s.crash(0)),
            (&["kill_rate", "requirements", "dead_cases", "errors"], "M-BBB-001-a", |s| s.crash(3)),
        ];
        for (index, (bars, name, break_it)) in rows.into_iter().enumerate() {
            let mut sample = Sample::good();
            break_it(&mut sample);
            let record = sample.judged();
            assert_eq!((short(&record), record.verdict), (bars.to_vec(), SelftestVerdict::FallsShort), "{index}");
            let named = record.bars.iter().filter(|bar| bar.holds == Some(false)).flat_map(|bar| &bar.names);
            let named: Vec<&String> = named.collect();
            assert!(named.iter().any(|found| found.starts_with(name)), "{index}: {named:?}");
        }
    }

    #[test]
    fn a_positive_case_that_is_a_twin_is_not_dead_and_a_warning_kills() {
        let mut sample = Sample::good();
        sample.mutant("M-BBB-001-a", &[("BBB-001/01", Warn)]);
        let record = sample.judged();
        assert_eq!(record.verdict, SelftestVerdict::Holds);
        // AAA-001/01 is red nowhere, and the twin of AAA-001/02.
        assert!(record.mutants.iter().all(|row| !row.red_cases.contains(&"AAA-001/01".to_owned())));
        assert!(record.dead.is_empty());
    }

    #[test]
    fn a_part_of_the_mutants_shows_nothing_about_dead_cases() {
        let mut sample = Sample::good();
        sample.all_mutants = false;
        sample.outcomes.pop();
        let record = sample.judged();
        assert!(record.partial && record.verdict == SelftestVerdict::Holds);
        for name in ["requirements", "dead_cases", "ablation", "median_red"] {
            assert_eq!(holds(&record, name), None, "{name}");
        }
        assert_eq!(holds(&record, "kill_rate"), Some(true));
    }

    #[test]
    fn crude_mutants_and_the_median() {
        assert_eq!([median(vec![]), median(vec![3]), median(vec![4, 1]), median(vec![9, 1, 2])], [0.0, 3.0, 2.5, 2.0]);
        assert_eq!([percent(2, 3), percent(3, 3), percent(0, 0)], [66.6, 100.0, 0.0]);
        let many: Vec<(String, ecric_model::verdict::Verdict)> =
            (1..=11).map(|n| (format!("AAA-{n:03}/02"), Fail)).chain([("BBB-001/01".to_owned(), Pass)]).collect();
        let mut sample = Sample::good();
        let subject = sample.outcomes[2].task.subject;
        let cases: Vec<_> = many.iter().map(|(id, verdict)| (id.as_str(), *verdict)).collect();
        sample.outcomes[2] = outcome_of(subject, &cases);
        assert_eq!(sample.judged().summary.crude, ["M-AAA-001-a"]);
    }
}
