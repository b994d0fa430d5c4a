//! What has to be run: one task is one suite run against one reference. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use ecric_model::brief::Decisions;
use ecric_model::mutant::{MutantInfo, VariantInfo};
use ecric_runner::Plan;

use crate::wires::Wire;

/// Against what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The reference as it is.
    Honest,
    /// A reference that is right in another way.
    Variant(VariantInfo),
    /// A stand-in vendor as it is, by its name, over its own wire.
    Vendor(&'static str),
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
            Self::Vendor(name) => name,
            Self::Mutant(info) => info.id,
        }
    }
}

/// How much of the plan the references meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The cases not tagged `@slow`; a mutant those of them that ask for a decision that it takes in another way (the
    /// others go the same way as without it), and the case that must kill it, slow or not. Stand-in vendors and their
    /// mutants meet the cases that the plan of the reference has not.
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
    /// Wires of the stand-in vendors whose mutants are run.
    pub wires: Vec<Wire>,
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

impl Task {
    /// Those cases only; `None` for all of them.
    fn meets(&mut self, cases: Option<Vec<&str>>) {
        if let Some(cases) = cases {
            self.arguments.extend(["--only".to_owned(), cases.join(",")]);
        }
    }
}

/// The run that finds out which decisions each case asks for: the honest reference, one case after another.
#[must_use]
pub fn scout(wanted: &Wanted) -> Task {
    let mut task = task(wanted, Subject::Honest, 1);
    task.arguments.push("--decisions".to_owned());
    task
}

/// The honest reference, the variants and the stand-in vendors, by seed.
#[must_use]
pub fn right_tasks(wanted: &Wanted) -> Vec<Task> {
    let mut out = Vec::new();
    for seed in wanted.seeds.clone() {
        out.push(task(wanted, Subject::Honest, seed));
        out.extend(wanted.variants.iter().map(|info| task(wanted, Subject::Variant(*info), seed)));
        let wires = wanted.wires.iter().map(|wire| (wire.vendor, wire_cases(wanted, wire, None)));
        // An empty list of cases would be refused.
        let wires = wires.filter(|(_, cases)| cases.as_ref().is_none_or(|cases| !cases.is_empty()));
        out.extend(wires.map(|(vendor, cases)| {
            let mut task = task(wanted, Subject::Vendor(vendor), seed);
            task.meets(cases);
            task
        }));
    }
    out
}

/// The mutants, those that take long first: nobody waits for them at the end.
#[must_use]
pub fn mutant_tasks(wanted: &Wanted, plan: &Plan, decisions: &Decisions) -> Vec<Task> {
    let tasks = wanted.mutants.iter().map(|info| {
        let mut task = task(wanted, Subject::Mutant(*info), 1);
        let cases = match info.vendor {
            Some(vendor) => wanted
                .wires
                .iter()
                .find(|wire| wire.vendor == vendor)
                .and_then(|wire| wire_cases(wanted, wire, Some(info))),
            None => cases(wanted, plan, decisions, info),
        };
        let count = cases.as_ref().map_or(plan.cases.len(), Vec::len);
        task.meets(cases);
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
        Subject::Vendor(name) => add("--vendor", name),
        Subject::Mutant(info) => {
            add("--mutant", info.id);
            if let Some(vendor) = info.vendor {
                add("--vendor", vendor);
            }
        }
    }
    if wanted.scope == Scope::Default && matches!(subject, Subject::Honest | Subject::Variant(_)) {
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

/// The cases met over the wire of a vendor, and the one that must kill a mutant of it; `None` for the whole plan.
fn wire_cases<'a>(wanted: &Wanted, wire: &'a Wire, mutant: Option<&MutantInfo>) -> Option<Vec<&'a str>> {
    if wanted.scope == Scope::Full {
        return None;
    }
    let is_killer = |id: &str| mutant.is_some_and(|info| info.killed_by == id);
    let mut cases: Vec<&str> = wire
        .cases
        .iter()
        .filter(|case| !case.slow || is_killer(case.id.as_str()))
        .map(|case| case.id.as_str())
        .collect();
    if let Some(info) = mutant
        && !cases.contains(&info.killed_by)
    {
        cases.push(info.killed_by);
    }
    Some(cases)
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
            let wanted = Wanted { mutants: vec![info], scope, changes, ..wanted() };
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

    #[test]
    fn over_the_wire_of_a_vendor_the_cases_are_those_that_the_reference_is_not_asked() {
        let theirs = Sample::good().plan;
        let mut own = theirs.clone();
        own.cases.retain(|case| case.id.as_str() == "AAA-001/01");
        let mut wire = Wire::beyond(&own, "v", &theirs);
        wire.cases[0].slow = true;
        let info = |killed_by| MutantInfo { id: "M-BBB-001-a", en: "", zh: "", killed_by, vendor: Some("v") };
        let of = |scope, killed_by| {
            let mutants = vec![info(killed_by)];
            let wanted = Wanted { mutants, wires: vec![wire.clone()], scope, ..wanted() };
            let right = right_tasks(&wanted).pop().unwrap();
            [right, mutant_tasks(&wanted, &own, &Decisions::default()).remove(0)].map(|task| task.arguments.join(" "))
        };
        let run = "run --brief --seed 1";
        let mutant = format!("{run} --mutant M-BBB-001-a --vendor v");
        let right = format!("{run} --vendor v --only BBB-001/01");
        assert_eq!(of(Scope::Default, "BBB-001/01"), [right.clone(), format!("{mutant} --only BBB-001/01")]);
        assert_eq!(of(Scope::Default, "AAA-001/02"), [right.clone(), format!("{mutant} --only AAA-001/02,BBB-001/01")]);
        assert_eq!(of(Scope::Default, "AAA-001/01"), [right, format!("{mutant} --only BBB-001/01,AAA-001/01")]);
        assert_eq!(of(Scope::Full, "AAA-001/02"), [format!("{run} --vendor v"), mutant]);
        wire.cases.iter_mut().for_each(|case| case.slow = true);
        let right = right_tasks(&Wanted { wires: vec![wire], ..wanted() });
        assert_eq!(right.len(), 1, "only the honest reference: no case is left for the vendor");
    }

    fn wanted() -> Wanted {
        Wanted {
            mutants: Vec::new(),
            variants: Vec::new(),
            wires: Vec::new(),
            seeds: 1..=1,
            scope: Scope::Default,
            features: None,
            cases_at_once: None,
            changes: BTreeMap::new(),
        }
    }
}
