//! The traceability table: what each requirement rests on, which cases show it, which mutants prove those
//! cases, which vectors they use, and where that chain has a gap. Pure.

use std::collections::{BTreeMap, BTreeSet};

use ecric_model::Text;
use ecric_model::ids::{CaseId, RequirementId};
use ecric_model::mutant::MutantInfo;
use ecric_model::requirement::{Basis, Confidence, Level, Profile, Requirement, RequirementStatus, Role};
use ecric_vectors::{licence_file, person, variation};
use serde::Serialize;

use crate::cases::CaseSpec;
use crate::suite::Suite;

/// Schema name of the table.
const SCHEMA: &str = "ecric.coverage/1";

/// One requirement of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageRow {
    /// Id.
    pub requirement: RequirementId,
    /// Folder of its register.
    pub area: String,
    /// What is required.
    pub title: Text,
    /// Who has to meet it.
    pub role: Role,
    /// How binding it is.
    pub level: Level,
    /// Rule book.
    pub profile: Profile,
    /// What it rests on.
    pub basis: Vec<Basis>,
    /// How sure we are.
    pub confidence: Confidence,
    /// Its cases.
    pub cases: Vec<CaseId>,
    /// Mutants that break it.
    pub mutants: Vec<&'static str>,
    /// Vectors that its cases name: request variations, base files, attacks, persons, whole sets.
    pub vectors: Vec<String>,
    /// Why it has no case, or was withdrawn.
    pub reason: Option<Text>,
    /// What is missing; empty where the chain is whole.
    pub gaps: Vec<Text>,
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Name and version of this format.
    pub schema: &'static str,
    /// One row per requirement, in register order.
    pub requirements: Vec<CoverageRow>,
    /// Cases that serve no requirement of a register.
    pub stray_cases: Vec<CaseId>,
}

impl Coverage {
    /// Number of gaps, stray cases among them.
    #[must_use]
    pub fn gaps(&self) -> usize {
        self.requirements.iter().map(|row| row.gaps.len()).sum::<usize>() + self.stray_cases.len()
    }
}

/// Makes the table. `mutants` come from the caller: this room may not see the reference.
#[must_use]
pub fn coverage(suite: &Suite, mutants: &[MutantInfo]) -> Coverage {
    let mut by_requirement: BTreeMap<&RequirementId, Vec<&CaseSpec>> = BTreeMap::new();
    for case in &suite.cases {
        by_requirement.entry(&case.requirement).or_default().push(case);
    }
    let mut names = Names::default();
    let requirements = suite
        .requirements()
        .map(|(area, requirement)| {
            let cases = by_requirement.remove(&requirement.id).unwrap_or_default();
            row(&area.name, requirement, &cases, mutants, &mut names)
        })
        .collect();
    let stray_cases = by_requirement.into_values().flatten().map(|case| case.id.clone()).collect();
    Coverage { schema: SCHEMA, requirements, stray_cases }
}

/// The vectors that planned cases name, by requirement, for the record of a run.
pub(crate) fn vectors_of(cases: &[CaseSpec]) -> BTreeMap<RequirementId, BTreeSet<String>> {
    let mut names = Names::default();
    let mut out: BTreeMap<RequirementId, BTreeSet<String>> = BTreeMap::new();
    for case in cases {
        out.entry(case.requirement.clone()).or_default().extend(names.of(case));
    }
    out
}

fn row(
    area: &str,
    requirement: &Requirement,
    cases: &[&CaseSpec],
    mutants: &[MutantInfo],
    names: &mut Names,
) -> CoverageRow {
    let prefix = format!("M-{}-", requirement.id);
    let mutants: Vec<&'static str> =
        mutants.iter().map(|mutant| mutant.id).filter(|id| id.starts_with(&prefix)).collect();
    let vectors: BTreeSet<String> = cases.iter().flat_map(|case| names.of(case)).collect();
    CoverageRow {
        requirement: requirement.id.clone(),
        area: area.to_owned(),
        title: requirement.title.clone(),
        role: requirement.role,
        level: requirement.level,
        profile: requirement.profile,
        basis: requirement.basis.clone(),
        confidence: requirement.confidence,
        gaps: gaps(requirement, cases, &mutants),
        cases: cases.iter().map(|case| case.id.clone()).collect(),
        mutants,
        vectors: vectors.into_iter().collect(),
        reason: requirement.withdrawn.clone().or_else(|| requirement.not_tested.clone()),
    }
}

fn gaps(requirement: &Requirement, cases: &[&CaseSpec], mutants: &[&str]) -> Vec<Text> {
    let mut gaps = Vec::new();
    if requirement.basis.is_empty() {
        gaps.push(Text::new("no basis", "缺少依据"));
    }
    if requirement.title.en.trim().is_empty() || requirement.title.zh.trim().is_empty() {
        gaps.push(Text::new("a title in one language only", "标题缺少一种语言"));
    }
    let active = requirement.status == RequirementStatus::Active;
    match (active, cases.is_empty(), requirement.not_tested.is_some()) {
        (true, true, false) => gaps.push(Text::new("no case and no reason", "既无用例也无理由")),
        (true, false, true) => gaps.push(Text::new("cases and a reason for none", "有用例却又说明不测试")),
        (false, false, _) => gaps.push(Text::new("withdrawn, but has cases", "已撤回但仍有用例")),
        _ => {}
    }
    // Where only a person decides, or TLS, no mutant can be killed: as in the rules of lint.
    if active && cases.iter().any(|case| !case.human && !case.tls) && mutants.is_empty() {
        gaps.push(Text::new("no mutant proves its cases", "没有变异体验证其用例"));
    }
    gaps
}

/// Names of vectors, looked up once each.
#[derive(Default)]
struct Names {
    known: BTreeMap<String, Option<String>>,
}

impl Names {
    /// Vectors that the steps of a case name.
    fn of(&mut self, case: &CaseSpec) -> Vec<String> {
        let mut out = Vec::new();
        for step in &case.scenario.steps {
            let text = step.value.as_str();
            for quoted in text.split('"').skip(1).step_by(2) {
                let found = self.known.entry(quoted.to_owned()).or_insert_with(|| kind_of(quoted));
                out.extend(found.clone());
            }
            out.extend(whole_set(text));
        }
        out
    }
}

/// `request:…`, `base:…`, `attack:…` or `person:…` for the name of a vector.
fn kind_of(name: &str) -> Option<String> {
    let kind = if variation::find(name).is_some() {
        "request"
    } else if licence_file::BASES.iter().any(|base| base.name == name) {
        "base"
    } else if licence_file::find_attack(name).is_some() {
        "attack"
    } else if person::KINDS.contains(&name) {
        "person"
    } else {
        return None;
    };
    Some(format!("{kind}:{name}"))
}

/// Steps that send a whole set: "every identifier vector that has to be refused".
fn whole_set(step: &str) -> Option<String> {
    let (_, rest) = step.split_once("every ")?;
    let (name, _) = rest.split_once(" vector")?;
    (!name.contains(' ')).then(|| format!("set:{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn small(register: &str, feature: &str, mutants: &[MutantInfo]) -> Coverage {
        let mut source = Source::default();
        source.files.insert("a/requirements.yaml".into(), register.into());
        source.files.insert("a/f.feature".into(), feature.into());
        coverage(&Suite::load(&source).0, mutants)
    }

    const REGISTER: &str = "schema: ecric.register/1\norder: 1\narea: a\ntitle: {en: a, zh: a}\nrequirements:\n  - {id: AAA-001, title: {en: t, zh: t}, role: issuer, level: shall, basis: [{doc: d, clause: c, kind: derived}], confidence: likely, profile: core, status: active}\n";
    const FEATURE: &str = "Feature: f\n  @AAA-001\n  Rule: r\n    @AAA-001/01 @issuer @core\n    Scenario: p\n      When the issuer issues the licence with \"issue.no-type\"\n      Then every number vector is refused\n";

    #[test]
    fn each_gap_is_named() {
        let told = |register: &str| -> Vec<String> {
            let table = small(register, FEATURE, &[]);
            table.requirements.iter().flat_map(|row| &row.gaps).map(|gap| gap.en.clone()).collect()
        };
        assert_eq!(told(REGISTER), ["no mutant proves its cases"]);
        assert_eq!(told(&REGISTER.replace("[{doc: d, clause: c, kind: derived}]", "[]"))[0], "no basis");
        assert_eq!(told(&REGISTER.replace("zh: t", "zh: \"\""))[0], "a title in one language only");
        assert!(told(&REGISTER.replace("active", "withdrawn")).contains(&"withdrawn, but has cases".to_owned()));
        let other = small(&REGISTER.replace("AAA-001", "AAA-002"), FEATURE, &[]);
        assert_eq!(other.stray_cases.len(), 1);
        assert_eq!(other.gaps(), 2, "{other:?}");
    }

    #[test]
    fn vectors_are_named_by_kind() {
        let table = small(REGISTER, FEATURE, &[]);
        assert_eq!(table.requirements[0].vectors, ["request:issue.no-type", "set:number"]);
    }

    #[test]
    fn the_embedded_suite_names_cases_and_vectors() {
        let (suite, _) = Suite::load(&Source::embedded());
        let table = coverage(&suite, &[]);
        assert!(table.stray_cases.is_empty());
        assert!(table.requirements.iter().filter(|row| !row.vectors.is_empty()).count() > 50);
        // Without the table of mutants every tested requirement has this gap and no other.
        let other = table.requirements.iter().flat_map(|row| &row.gaps).find(|gap| !gap.en.contains("mutant"));
        assert_eq!(other, None);
    }
}
