//! What is wrong with registers, features, vectors and their ties: ids, coverage, steps, twins, mutants.

use std::collections::{BTreeMap, BTreeSet};

use cucumber::World as _;
use cucumber::gherkin;
use ecric_model::ids::{CaseId, MutantId};
use ecric_model::mutant::MutantInfo;
use ecric_model::requirement::RequirementStatus;
use ecric_steps::EcricWorld;
use ecric_vectors::{licence_file, variation};

use crate::cases::CaseSpec;
use crate::source::Source;
use crate::suite::{Suite, SuiteProblem};

/// What lint found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LintReport {
    /// Problems, by file and line.
    pub problems: Vec<SuiteProblem>,
    /// Requirements read.
    pub requirements: usize,
    /// Cases read.
    pub cases: usize,
    /// Steps of all cases.
    pub steps: usize,
    /// Mutants known.
    pub mutants: usize,
    /// Vectors and request variations embedded.
    pub vectors: usize,
}

/// Checks a source. `mutants` come from the caller: this room may not see the reference.
#[must_use]
pub fn lint(source: &Source, mutants: &[MutantInfo]) -> LintReport {
    let (suite, mut problems) = Suite::load(source);
    check_schema(source, &mut problems);
    check_coverage(&suite, &mut problems);
    check_twins(&suite, &mut problems);
    check_steps(&suite, &mut problems);
    check_mutants(&suite, mutants, &mut problems);
    let vectors = check_vectors(&mut problems);
    problems.sort();
    problems.dedup();
    LintReport {
        problems,
        requirements: suite.requirements().count(),
        cases: suite.cases.len(),
        steps: suite.cases.iter().map(|case| case.scenario.steps.len()).sum(),
        mutants: mutants.len(),
        vectors,
    }
}

/// The vectors embedded in the binary: format, ids, flags.
fn check_vectors(problems: &mut Vec<SuiteProblem>) -> usize {
    let (items, broken) = ecric_vectors::file::check_committed();
    for error in broken {
        problems.push(SuiteProblem::new("vectors/data", 0, error.to_string(), error.to_string()));
    }
    if let Err(error) = variation::load_all() {
        problems.push(SuiteProblem::new("vectors/data/requests", 0, error.to_string(), error.to_string()));
    }
    items + variation::all().len()
}

/// The typed reader takes an unquoted number for a text; the schema over the untyped value does not.
fn check_schema(source: &Source, problems: &mut Vec<SuiteProblem>) {
    let Ok(validator) = jsonschema::validator_for(&crate::register::register_schema()) else {
        problems.push(SuiteProblem::new("", 0, "the schema of registers is broken", "登记册模式有误"));
        return;
    };
    for (path, text) in source.files.iter().filter(|(path, _)| path.ends_with("/requirements.yaml")) {
        let Ok(value) = serde_yaml::from_str::<serde_json::Value>(text) else { continue };
        for error in validator.iter_errors(&value).take(20) {
            let told = format!("{}: {error}", error.instance_path());
            problems.push(SuiteProblem::new(path, 0, told.clone(), told));
        }
    }
}

fn check_coverage(suite: &Suite, problems: &mut Vec<SuiteProblem>) {
    let covered: BTreeSet<_> = suite.cases.iter().map(|case| &case.requirement).collect();
    for (area, requirement) in suite.requirements() {
        let path = format!("{}/requirements.yaml", area.name);
        let id = &requirement.id;
        let mut add = |en: String, zh: String| problems.push(SuiteProblem::new(&path, 0, en, zh));
        if requirement.basis.is_empty() {
            add(format!("{id} has no basis"), format!("{id} 缺少依据"));
        }
        for (name, text) in [("en", &requirement.title.en), ("zh", &requirement.title.zh)] {
            if text.trim().is_empty() {
                add(format!("{id} has no title in {name}"), format!("{id} 缺少 {name} 标题"));
            }
        }
        let active = requirement.status == RequirementStatus::Active;
        match (active, requirement.not_tested.is_some(), covered.contains(id)) {
            (true, false, false) => add(
                format!("{id} has neither a Rule with cases nor a not_tested reason"),
                format!("{id} 既无含用例的规则，也无 not_tested 理由"),
            ),
            (true, true, true) => {
                add(format!("{id} has cases and a not_tested reason"), format!("{id} 同时有用例与 not_tested 理由"));
            }
            (false, _, true) => add(format!("{id} is withdrawn but has cases"), format!("{id} 已撤回但仍有用例")),
            _ => {}
        }
        if !active && requirement.withdrawn.is_none() {
            add(format!("{id} is withdrawn without a reason"), format!("{id} 撤回而未说明理由"));
        }
    }
}

fn check_twins(suite: &Suite, problems: &mut Vec<SuiteProblem>) {
    let by_id: BTreeMap<&CaseId, &CaseSpec> = suite.cases.iter().map(|case| (&case.id, case)).collect();
    for case in &suite.cases {
        let mut add = |en: String, zh: String| problems.push(SuiteProblem::new(&case.path, case.line, en, zh));
        let id = &case.id;
        match (case.negative, &case.twin) {
            (true, None) => add(format!("{id} is negative without a twin"), format!("反例 {id} 没有对应的正例")),
            (false, Some(_)) => {
                add(format!("{id} has a twin but is not negative"), format!("{id} 有正例标签但不是反例"))
            }
            (true, Some(twin)) => match by_id.get(twin) {
                None => add(
                    format!("{id}: unknown id: no case is called {twin}"),
                    format!("{id}：未知编号：没有用例 {twin}"),
                ),
                Some(found) if found.negative => {
                    add(format!("{id}: the twin {twin} is negative itself"), format!("{id}：正例 {twin} 本身是反例"));
                }
                Some(found) if found.exclusive && !case.exclusive => {
                    add(format!("{id}: the twin {twin} is exclusive"), format!("{id}：正例 {twin} 为独占用例"));
                }
                Some(_) => {}
            },
            (false, None) => {}
        }
        if !case.scenario.steps.iter().any(|step| step.ty == gherkin::StepType::Then) {
            add(format!("{id} judges nothing: it has no Then"), format!("{id} 没有任何判定：缺少 Then"));
        }
        if case.scenario.steps.len() > 6 {
            add(format!("{id} has more than six steps"), format!("{id} 超过六个步骤"));
        }
    }
}

fn check_steps(suite: &Suite, problems: &mut Vec<SuiteProblem>) {
    let collection = EcricWorld::collection();
    let known = known_steps(suite, &collection);
    let mut judged: BTreeMap<(u8, &str), Option<(String, String)>> = BTreeMap::new();
    for case in &suite.cases {
        for step in &case.scenario.steps {
            let kind = step.ty as u8;
            let verdict = judged.entry((kind, step.value.as_str())).or_insert_with(|| match collection.find(step) {
                Ok(Some(_)) => unknown_name(&step.value),
                Ok(None) => Some((
                    format!("undefined step {:?}; the nearest are: {}", step.value, nearest(&step.value, &known)),
                    format!("未定义的步骤 {:?}；相近的有：{}", step.value, nearest(&step.value, &known)),
                )),
                Err(error) => Some((
                    format!("ambiguous step {:?}: {error}", step.value),
                    format!("有歧义的步骤 {:?}：{error}", step.value),
                )),
            });
            if let Some((en, zh)) = verdict {
                problems.push(SuiteProblem::new(&case.path, step.position.line, en.clone(), zh.clone()));
            }
        }
    }
}

/// A quoted variation or person that no vector has.
fn unknown_name(step: &str) -> Option<(String, String)> {
    let quoted = step.split('"').nth(1)?;
    let missing = if step.contains(" with \"") || step.contains("the batch \"") {
        variation::find(quoted).is_none()
    } else if step.contains("person \"") {
        !ecric_vectors::person::KINDS.contains(&quoted)
    } else if step.contains("the base file \"") {
        !licence_file::BASES.iter().any(|base| base.name == quoted)
    } else if step.contains("the probe \"") {
        ecric_vectors::wire::find_probe(quoted).is_none()
    } else if step.contains("the attack \"") {
        licence_file::find_attack(quoted).is_none()
    } else {
        false
    };
    missing.then(|| {
        (format!("unknown id: no vector is called {quoted:?}"), format!("未知编号：没有名为 {quoted:?} 的向量"))
    })
}

/// Steps of the suite that have a function.
fn known_steps(suite: &Suite, collection: &cucumber::step::Collection<EcricWorld>) -> BTreeSet<String> {
    let steps = suite.cases.iter().flat_map(|case| &case.scenario.steps);
    steps.filter(|step| matches!(collection.find(step), Ok(Some(_)))).map(|step| step.value.clone()).collect()
}

/// The three known steps that share most words with the text.
fn nearest(text: &str, known: &BTreeSet<String>) -> String {
    let words: BTreeSet<&str> = text.split_whitespace().collect();
    let mut scored: Vec<(usize, &String)> =
        known.iter().map(|step| (step.split_whitespace().filter(|word| words.contains(word)).count(), step)).collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    scored.iter().take(3).map(|(_, step)| format!("{step:?}")).collect::<Vec<_>>().join(", ")
}

fn check_mutants(suite: &Suite, mutants: &[MutantInfo], problems: &mut Vec<SuiteProblem>) {
    if mutants.is_empty() {
        return;
    }
    let mut covered = BTreeSet::new();
    let cases: BTreeSet<&str> = suite.cases.iter().map(|case| case.id.as_str()).collect();
    for mutant in mutants {
        let mut add = |en: String, zh: String| problems.push(SuiteProblem::new("mutants", 0, en, zh));
        match MutantId::parse(mutant.id) {
            Err(error) => add(error.to_string(), error.to_string()),
            Ok(id) => {
                covered.insert(id.requirement());
            }
        }
        if !cases.contains(mutant.killed_by) {
            add(
                format!("{}: unknown id: no case is called {}", mutant.id, mutant.killed_by),
                format!("{}：未知编号：没有用例 {}", mutant.id, mutant.killed_by),
            );
        }
    }
    // Where only a person decides, no mutant can be killed; the reference speaks no TLS that could be broken.
    let by_machine = suite.cases.iter().filter(|case| !case.human && !case.tls);
    for case in by_machine.map(|case| &case.requirement).collect::<BTreeSet<_>>() {
        if !covered.contains(case) {
            problems.push(SuiteProblem::new(
                "mutants",
                0,
                format!("the active requirement {case} has no mutant"),
                format!("生效的要求 {case} 没有变异体"),
            ));
        }
    }
}
