//! What has to be run: one task is one suite run against one reference. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use ecric_model::brief::Decisions;
use ecric_model::mutant::{MutantInfo, VariantInfo};
use ecric_runner::Plan;

/// Against what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The reference as it is.
    Honest,
    /// A reference that is right in another way.
    Variant(VariantInfo),
    /// A reference that is wrong in one way.
    Mutant(MutantInfo),
}

impl Subject {
    /// Its name in messages and records.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Variant(info) => info.name,
            Self::Mutant(info) => info.id,
        }
    }
}

/// How much of the plan the references meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The cases not tagged `@slow`; a mutant those of them that ask for a decision that it takes in another way (the
    /// others go the same way as without it), and the case that must kill it, slow or not.
    Default,
    /// The whole plan.
    Full,
}

impl Scope {
    /// The word in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Full => "full",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Mutants to run.
    pub mutants: Vec<MutantInfo>,
    /// Variants to run.
    pub variants: Vec<VariantInfo>,
    /// Seeds for the honest reference and the variants.
    pub seeds: RangeInclusive<u32>,
    /// Cases.
    pub scope: Scope,
    /// Features from a folder instead of the embedded ones.
    pub features: Option<PathBuf>,
    /// Cases at once in each child; the default of `ecric run` without.
    pub cases_at_once: Option<usize>,
    /// For each mutant the names of the decisions that it takes in another way.
    pub changes: BTreeMap<&'static str, Vec<String>>,
}

/// Tags of the cases that references meet by default.
const NOT_SLOW: &str = "not @slow";

/// One suite run.
#[derive(Debug, Clone)]
pub struct Task {
    /// Against what.
    pub subject: Subject,
    /// Seed, as given to `--seed`.
    pub seed: String,
    /// Arguments of the child.
    pub arguments: Vec<String>,
    /// True if it mostly waits, so that it needs no core of its own.
    pub waits: bool,
}

/// The run that finds out which decisions each case asks for: the honest reference, one case after another.
#[must_use]
pub fn scout(wanted: &Wanted) -> Task {
    let mut task = task(wanted, Subject::Honest, 1);
    task.arguments.push("--decisions".to_owned());
    task
}

/// The honest reference and the variants, by seed.
#[must_use]
pub fn right_tasks(wanted: &Wanted) -> Vec<Task> {
    let mut out = Vec::new();
    for seed in wanted.seeds.clone() {
        out.push(task(wanted, Subject::Honest, seed));
        out.extend(wanted.variants.iter().map(|info| task(wanted, Subject::Variant(*info), seed)));
    }
    out
}

/// The mutants, those that take long first: nobody waits for them at the end.
#[must_use]
pub fn mutant_tasks(wanted: &Wanted, plan: &Plan, decisions: &Decisions) -> Vec<Task> {
    let tasks = wanted.mutants.iter().map(|info| {
        let mut task = task(wanted, Subject::Mutant(*info), 1);
        let cases = cases(wanted, plan, decisions, info);
        let count = cases.as_ref().map_or(plan.cases.len(), Vec::len);
        if let Some(cases) = cases {
            task.arguments.extend(["--only".to_owned(), cases.join(",")]);
        }
        // With the whole plan a run does more than wait for one case.
        task.waits = wanted.scope == Scope::Default
            && plan.cases.iter().any(|case| case.slow && case.id.as_str() == info.killed_by);
        (Reverse(count), task)
    });
    let mut tasks: Vec<_> = tasks.collect();
    tasks.sort_by_key(|(count, _)| *count);
    tasks.into_iter().map(|(_, task)| task).collect()
}

fn task(wanted: &Wanted, subject: Subject, seed: u32) -> Task {
    let seed = format!("{seed:x}");
    let mut arguments: Vec<String> = ["run", "--brief", "--seed", &seed].map(str::to_owned).into();
    let mut add = |flag: &str, value: &str| arguments.extend([flag.to_owned(), value.to_owned()]);
    match subject {
        Subject::Honest => {}
        Subject::Variant(info) => add("--variant", info.name),
        Subject::Mutant(info) => add("--mutant", info.id),
    }
    if wanted.scope == Scope::Default && !matches!(subject, Subject::Mutant(_)) {
        add("--tags", NOT_SLOW);
    }
    if let Some(folder) = &wanted.features {
        add("--features", &folder.display().to_string());
    }
    if let Some(jobs) = wanted.cases_at_once {
        add("--jobs", &jobs.to_string());
    }
    Task { subject, seed, arguments, waits: false }
}

/// The cases a mutant meets; `None` for all of them.
fn cases<'a>(wanted: &Wanted, plan: &'a Plan, decisions: &Decisions, info: &MutantInfo) -> Option<Vec<&'a str>> {
    if wanted.scope == Scope::Full {
        return None;
    }
    let changes = wanted.changes.get(info.id).map(Vec::as_slice).unwrap_or_default();
    let concerns = |id: &str| changes.is_empty() || decisions.concern(id, changes);
    let cases = plan.cases.iter().filter(|case| {
        let id = case.id.as_str();
        id == info.killed_by || (!case.slow && concerns(id))
    });
    Some(cases.map(|case| case.id.as_str()).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sample::Sample;

    #[test]
    fn a_mutant_meets_the_cases_that_it_can_change_and_the_one_that_must_kill_it() {
        let mut plan = Sample::good().plan;
        let info = MutantInfo { id: "M-BBB-001-a", en: "", zh: "", killed_by: "BBB-001/01", vendor: None };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let mut decisions = Decisions {
            at_start: names(&["limit"]),
            cases: ["AAA-001/01", "AAA-001/02", "BBB-001/01"].map(|id| (id.to_owned(), names(&[id]))).into(),
        };
        let met = |changes: &[&str], scope, plan: &Plan, decisions: &Decisions| {
            let changes = [(info.id, changes.iter().map(|name| (*name).to_owned()).collect())].into();
            let wanted = Wanted {
                mutants: vec![info],
                variants: Vec::new(),
                seeds: 1..=1,
                scope,
                features: None,
                cases_at_once: None,
                changes,
            };
            mutant_tasks(&wanted, plan, decisions)[0].arguments.last().unwrap().clone()
        };
        assert_eq!(met(&["AAA-001/01"], Scope::Default, &plan, &decisions), "AAA-001/01,BBB-001/01");
        assert_eq!(met(&["nobody asks"], Scope::Default, &plan, &decisions), "BBB-001/01");
        // Decided at the start, or nothing known of the mutant or of a case: it may matter.
        let all = "AAA-001/01,AAA-001/02,BBB-001/01";
        assert_eq!(met(&["limit"], Scope::Default, &plan, &decisions), all);
        assert_eq!(met(&[], Scope::Default, &plan, &decisions), all);
        assert_eq!(met(&["AAA-001/01"], Scope::Full, &plan, &decisions), info.id);
        decisions.cases.remove("AAA-001/02");
        assert_eq!(met(&["nobody asks"], Scope::Default, &plan, &decisions), "AAA-001/02,BBB-001/01");
        plan.cases.iter_mut().for_each(|case| case.slow = case.id.as_str() != "AAA-001/01");
        assert_eq!(met(&["limit"], Scope::Default, &plan, &decisions), "AAA-001/01,BBB-001/01");
    }
}
