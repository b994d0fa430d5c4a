//! Registers and features read into one suite, with every problem found on the way.

use std::collections::{BTreeMap, BTreeSet};

use cucumber::gherkin::{self, GherkinEnv};
use ecric_model::Text;
use ecric_model::ids::{CaseId, RequirementId};
use ecric_model::requirement::Requirement;

use crate::cases::CaseSpec;
use crate::expand::expand;
use crate::register::{Register, SCHEMA};
use crate::source::Source;

/// An area of requirements: one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Folder name.
    pub name: String,
    /// Name for people.
    pub title: Text,
    /// Its requirements in register order.
    pub requirements: Vec<Requirement>,
}

/// A problem of a file that the suite is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SuiteProblem {
    /// File.
    pub path: String,
    /// Line, 0 if unknown.
    pub line: usize,
    /// Column, 0 if unknown.
    pub column: usize,
    /// What is wrong, English.
    pub en: String,
    /// What is wrong, Chinese.
    pub zh: String,
}

impl SuiteProblem {
    pub(crate) fn new(path: &str, line: usize, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, column: 0, en: en.into(), zh: zh.into() }
    }

    fn same(path: &str, line: usize, both: impl Into<String>) -> Self {
        let both = both.into();
        Self::new(path, line, both.clone(), both)
    }
}

/// Everything that can be planned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suite {
    /// Areas in order of reports.
    pub areas: Vec<Area>,
    /// Cases in order: by area, by requirement, as written.
    pub cases: Vec<CaseSpec>,
    /// SM3 over every file, hex.
    pub sm3: String,
}

impl Suite {
    /// Reads a source; what could be read is returned beside the problems.
    #[must_use]
    pub fn load(source: &Source) -> (Self, Vec<SuiteProblem>) {
        let mut problems = Vec::new();
        let mut registers = Vec::new();
        let mut cases = Vec::new();
        let mut digest = ecric_gm::sm3::Hasher::new();
        for (path, text) in &source.files {
            digest.update(path.as_bytes());
            digest.update(&(text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
            if path.ends_with("/requirements.yaml") {
                registers.extend(read_register(path, text, &mut problems));
            } else if path.ends_with(".feature") {
                read_feature(path, text, &mut cases, &mut problems);
            }
        }
        registers.sort_by_key(|register| register.order);
        let areas: Vec<Area> = registers
            .into_iter()
            .map(|register| Area { name: register.area, title: register.title, requirements: register.requirements })
            .collect();
        let suite =
            Self { cases: in_register_order(&areas, cases), areas, sm3: ecric_gm::encoding::hex(&digest.finish()) };
        suite.check_ids(&mut problems);
        (suite, problems)
    }

    /// Every requirement with its area.
    pub fn requirements(&self) -> impl Iterator<Item = (&Area, &Requirement)> {
        self.areas.iter().flat_map(|area| area.requirements.iter().map(move |requirement| (area, requirement)))
    }

    /// A requirement by id.
    #[must_use]
    pub fn requirement(&self, id: &RequirementId) -> Option<&Requirement> {
        self.requirements().map(|(_, requirement)| requirement).find(|requirement| requirement.id == *id)
    }

    /// Place of each case among all cases; generated persons depend on it.
    #[must_use]
    pub fn ordinals(&self) -> BTreeMap<CaseId, u32> {
        let mut ids: Vec<&CaseId> = self.cases.iter().map(|case| &case.id).collect();
        ids.sort();
        ids.into_iter().zip(0..).map(|(id, ordinal)| (id.clone(), ordinal)).collect()
    }

    fn check_ids(&self, problems: &mut Vec<SuiteProblem>) {
        let mut seen = BTreeSet::new();
        for (area, requirement) in self.requirements() {
            if !seen.insert(&requirement.id) {
                problems.push(SuiteProblem::new(
                    &format!("{}/requirements.yaml", area.name),
                    0,
                    format!("the requirement {} stands twice", requirement.id),
                    format!("要求 {} 重复", requirement.id),
                ));
            }
        }
        let mut cases = BTreeSet::new();
        for case in &self.cases {
            if !cases.insert(&case.id) {
                problems.push(SuiteProblem::new(
                    &case.path,
                    case.line,
                    format!("the case {} stands twice", case.id),
                    format!("用例 {} 重复", case.id),
                ));
            }
            if !seen.contains(&case.requirement) {
                problems.push(SuiteProblem::new(
                    &case.path,
                    case.line,
                    format!("unknown id: no register has the requirement {}", case.requirement),
                    format!("未知编号：没有要求 {}", case.requirement),
                ));
            }
            if case.id.requirement() != case.requirement {
                problems.push(SuiteProblem::new(
                    &case.path,
                    case.line,
                    format!("the case {} stands under the rule of {}", case.id, case.requirement),
                    format!("用例 {} 位于 {} 的规则之下", case.id, case.requirement),
                ));
            }
        }
    }
}

fn in_register_order(areas: &[Area], mut cases: Vec<CaseSpec>) -> Vec<CaseSpec> {
    let place: BTreeMap<&RequirementId, usize> = areas
        .iter()
        .flat_map(|area| &area.requirements)
        .enumerate()
        .map(|(index, requirement)| (&requirement.id, index))
        .collect();
    cases.sort_by(|a, b| {
        let key = |case: &CaseSpec| place.get(&case.requirement).copied().unwrap_or(usize::MAX);
        (key(a), &a.id).cmp(&(key(b), &b.id))
    });
    cases
}

fn read_register(path: &str, text: &str, problems: &mut Vec<SuiteProblem>) -> Option<Register> {
    match serde_yaml::from_str::<Register>(text) {
        Err(error) => {
            let (line, column) = error.location().map_or((0, 0), |place| (place.line(), place.column()));
            let mut problem = SuiteProblem::same(path, line, error.to_string());
            problem.column = column;
            problems.push(problem);
            None
        }
        Ok(register) => {
            if register.schema != SCHEMA {
                problems.push(SuiteProblem::new(
                    path,
                    1,
                    format!("schema is {:?}, wanted {SCHEMA:?}", register.schema),
                    format!("schema 为 {:?}，应为 {SCHEMA:?}", register.schema),
                ));
            }
            if !path.starts_with(&format!("{}/", register.area)) {
                problems.push(SuiteProblem::new(
                    path,
                    0,
                    format!("area is {:?}, but the folder is another", register.area),
                    format!("area 为 {:?}，与所在目录不符", register.area),
                ));
            }
            Some(register)
        }
    }
}

fn read_feature(path: &str, text: &str, cases: &mut Vec<CaseSpec>, problems: &mut Vec<SuiteProblem>) {
    let before = problems.len();
    check_text(path, text, problems);
    if problems.len() > before {
        return;
    }
    let feature = match gherkin::Feature::parse(text, GherkinEnv::default()) {
        Ok(feature) => feature,
        Err(error) => {
            problems.push(SuiteProblem::same(path, 0, format!("not Gherkin: {error}")));
            return;
        }
    };
    for scenario in &feature.scenarios {
        problems.push(SuiteProblem::new(
            path,
            scenario.position.line,
            "a scenario stands outside a Rule",
            "场景不在 Rule 之内",
        ));
    }
    if feature.rules.iter().all(|rule| rule.scenarios.is_empty()) {
        problems.push(SuiteProblem::new(path, 0, "the feature has no case", "该特性没有用例"));
    }
    for rule in &feature.rules {
        read_rule(path, rule, cases, problems);
    }
}

fn read_rule(path: &str, rule: &gherkin::Rule, cases: &mut Vec<CaseSpec>, problems: &mut Vec<SuiteProblem>) {
    let ids: Vec<RequirementId> = rule.tags.iter().filter_map(|tag| RequirementId::parse(tag).ok()).collect();
    let [id] = ids.as_slice() else {
        problems.push(SuiteProblem::new(
            path,
            rule.position.line,
            format!("the rule {:?} needs exactly one requirement id as a tag", rule.name),
            format!("规则 {:?} 须恰有一个要求编号标签", rule.name),
        ));
        return;
    };
    for scenario in &rule.scenarios {
        let expanded = match expand(scenario) {
            Ok(expanded) => expanded,
            Err(reason) => {
                problems.push(SuiteProblem::same(path, scenario.position.line, reason));
                continue;
            }
        };
        for one in expanded {
            let line = one.position.line;
            match CaseSpec::read(one, id, &rule.name, path) {
                Ok(mut case) => {
                    case.wire |= rule.tags.iter().any(|tag| tag == "wire" || tag == "transport");
                    case.transport |= rule.tags.iter().any(|tag| tag == "transport");
                    cases.push(case);
                }
                Err(reason) => problems.push(SuiteProblem::same(path, line, reason)),
            }
        }
    }
}

/// What the Gherkin parser swallows or refuses without a word.
fn check_text(path: &str, text: &str, problems: &mut Vec<SuiteProblem>) {
    if text.starts_with('\u{feff}') {
        problems.push(SuiteProblem::new(path, 1, "the file starts with a byte order mark", "文件以字节顺序标记开头"));
    }
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let number = index + 1;
        if trimmed.starts_with("规则:") || trimmed.starts_with("规则：") {
            problems.push(SuiteProblem::new(
                path,
                number,
                "规则: is not a keyword of Gherkin and would be swallowed; write Rule:",
                "规则: 不是Gherkin关键字，会被静默忽略；请写作 Rule:",
            ));
        } else if let Some(word) =
            KEYWORDS.iter().find(|word| trimmed.strip_prefix(**word).is_some_and(|rest| rest.starts_with('：')))
        {
            problems.push(SuiteProblem::new(
                path,
                number,
                format!("full-width colon after {word}; write {word}:"),
                format!("{word} 之后为全角冒号；请写作 {word}:"),
            ));
        }
        if trimmed.starts_with("# language:") && index != 0 {
            problems.push(SuiteProblem::new(
                path,
                number,
                "# language: must stand in the first line",
                "# language: 须位于第一行",
            ));
        }
    }
}

const KEYWORDS: [&str; 18] = [
    "功能",
    "背景",
    "场景",
    "剧本",
    "场景大纲",
    "剧本大纲",
    "例子",
    "Feature",
    "Background",
    "Rule",
    "Scenario",
    "Scenario Outline",
    "Examples",
    "Example",
    "假如",
    "当",
    "那么",
    "特性",
];
