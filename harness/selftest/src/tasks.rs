//! What has to be run: one task is one suite run against one reference. Pure.

use std::path::PathBuf;

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

/// How much of the plan mutants meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All cases but those tagged `@slow`; a mutant that only a slow case kills gets that case too.
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
    /// Seeds for the honest reference and the variants: 1 to this number.
    pub seeds: u32,
    /// Cases for mutants.
    pub scope: Scope,
    /// Features from a folder instead of the embedded ones.
    pub features: Option<PathBuf>,
    /// Cases at once in each child; the default of `ecric run` without.
    pub cases_at_once: Option<usize>,
}

/// One suite run.
#[derive(Debug, Clone)]
pub struct Task {
    /// Against what.
    pub subject: Subject,
    /// Seed, as given to `--seed`.
    pub seed: String,
    /// Arguments of the child.
    pub arguments: Vec<String>,
}

/// The runs, honest ones first.
#[must_use]
pub fn tasks(wanted: &Wanted, plan: &Plan) -> Vec<Task> {
    let mut out = Vec::new();
    for seed in 1..=wanted.seeds.max(1) {
        out.push(task(wanted, plan, Subject::Honest, seed));
        out.extend(wanted.variants.iter().map(|info| task(wanted, plan, Subject::Variant(*info), seed)));
    }
    out.extend(wanted.mutants.iter().map(|info| task(wanted, plan, Subject::Mutant(*info), 1)));
    out
}

fn task(wanted: &Wanted, plan: &Plan, subject: Subject, seed: u32) -> Task {
    let seed = format!("{seed:x}");
    let mut arguments: Vec<String> = ["run", "--brief", "--seed", &seed].map(str::to_owned).into();
    let mut add = |flag: &str, value: &str| arguments.extend([flag.to_owned(), value.to_owned()]);
    match subject {
        Subject::Honest => {}
        Subject::Variant(info) => add("--variant", info.name),
        Subject::Mutant(info) => {
            add("--mutant", info.id);
            if let Some(tags) = tags(wanted.scope, plan, info.killed_by) {
                add("--tags", &tags);
            }
        }
    }
    if let Some(folder) = &wanted.features {
        add("--features", &folder.display().to_string());
    }
    if let Some(jobs) = wanted.cases_at_once {
        add("--jobs", &jobs.to_string());
    }
    Task { subject, seed, arguments }
}

/// The cases a mutant meets; `None` for all of them.
fn tags(scope: Scope, plan: &Plan, killed_by: &str) -> Option<String> {
    let slow = |id: &str| plan.cases.iter().any(|case| case.slow && case.id.as_str() == id);
    if scope == Scope::Full || !plan.cases.iter().any(|case| case.slow) {
        return None;
    }
    Some(if slow(killed_by) { format!("not @slow or @{killed_by}") } else { "not @slow".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn slow_cases_are_met_by_the_mutant_that_they_must_kill() {
        let mut plan = Sample::good().plan;
        assert_eq!(tags(Scope::Default, &plan, "BBB-001/01"), None);
        plan.cases.iter_mut().filter(|case| case.id.as_str() == "AAA-001/02").for_each(|case| case.slow = true);
        assert_eq!(tags(Scope::Default, &plan, "BBB-001/01").as_deref(), Some("not @slow"));
        assert_eq!(tags(Scope::Default, &plan, "AAA-001/02").as_deref(), Some("not @slow or @AAA-001/02"));
        assert_eq!(tags(Scope::Full, &plan, "AAA-001/02"), None);
    }
}
