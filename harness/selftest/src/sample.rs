//! A small plan with two mutants, one variant and what they came to: for tests.

use std::time::Duration;

use ecric_model::Text;
use ecric_model::brief::{Brief, SCHEMA};
use ecric_model::ics::ConformanceLevel;
use ecric_model::mutant::{MutantInfo, VariantInfo};
use ecric_model::verdict::{RunVerdict, Verdict};
use ecric_runner::{Depth, Plan, PlanInputs, PlannedRequirement, Source, Suite};

use crate::children::{ChildError, Outcome};
use crate::judge::{Facts, judge};
use crate::record::SelftestRecord;
use crate::tasks::{Scope, Subject, Task};

const MUTANTS: [MutantInfo; 2] = [
    MutantInfo { id: "M-AAA-001-a", en: "says yes", zh: "总是接受", killed_by: "AAA-001/02", vendor: None },
    MutantInfo { id: "M-BBB-001-a", en: "<says> no", zh: "总是拒绝", killed_by: "BBB-001/01", vendor: None },
];
const ODD: VariantInfo = VariantInfo { name: "odd", en: "odd but right", zh: "少见但正确", http2: false };
const CASES: [&str; 3] = ["AAA-001/01", "AAA-001/02", "BBB-001/01"];

/// A selftest.
pub(crate) struct Sample {
    pub(crate) plan: Plan,
    /// Honest, variant, then the two mutants.
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) all_mutants: bool,
}

impl Sample {
    /// Everything holds.
    pub(crate) fn good() -> Self {
        let mut sample = Self {
            plan: plan(),
            outcomes: [
                Subject::Honest,
                Subject::Variant(ODD),
                Subject::Mutant(MUTANTS[0]),
                Subject::Mutant(MUTANTS[1]),
            ]
            .map(|subject| outcome_of(subject, &[]))
            .into(),
            all_mutants: true,
        };
        sample.mutant("M-AAA-001-a", &[("AAA-001/02", Verdict::Fail)]);
        sample.mutant("M-BBB-001-a", &[("BBB-001/01", Verdict::Hang)]);
        sample
    }

    /// What the cases of a mutant came to, where they did not pass.
    pub(crate) fn mutant(&mut self, id: &str, cases: &[(&str, Verdict)]) {
        let outcome = self.outcomes.iter_mut().find(|outcome| outcome.task.subject.name() == id).unwrap();
        *outcome = outcome_of(outcome.task.subject, cases);
    }

    /// The same for the honest reference (0) or the variant (1).
    pub(crate) fn right(&mut self, index: usize, cases: &[(&str, Verdict)]) {
        self.outcomes[index] = outcome_of(self.outcomes[index].task.subject, cases);
    }

    /// The child ended without a result.
    pub(crate) fn crash(&mut self, index: usize) {
        self.outcomes[index].result = Err(ChildError::TimeLimit(9));
    }

    /// The record.
    pub(crate) fn judged(&self) -> SelftestRecord {
        let facts = Facts {
            suite: "ecric 0.1.0 (abc)".to_owned(),
            started: "2026-03-01T00:00:00Z".to_owned(),
            duration: Duration::from_secs(9),
            jobs: 2,
            scope: Scope::Default,
            all_mutants: self.all_mutants,
            all_variants: true,
            wires: Vec::new(),
        };
        judge(&self.plan, &self.outcomes, &facts)
    }
}

/// An outcome whose cases passed, but for those given.
pub(crate) fn outcome_of(subject: Subject, cases: &[(&str, Verdict)]) -> Outcome {
    let mut verdicts: std::collections::BTreeMap<String, Verdict> =
        CASES.into_iter().map(|id| (id.to_owned(), Verdict::Pass)).collect();
    verdicts.extend(cases.iter().map(|(id, verdict)| ((*id).to_owned(), *verdict)));
    let mut requirements = std::collections::BTreeMap::new();
    for (id, verdict) in &verdicts {
        let entry = requirements.entry(id[..7].to_owned()).or_insert(*verdict);
        *entry = (*entry).min(*verdict);
    }
    let whole = if cases.is_empty() { RunVerdict::Conformant } else { RunVerdict::NonConformant };
    let brief = Brief {
        schema: SCHEMA.to_owned(),
        plan: "hash".to_owned(),
        verdict: whole,
        exit_code: whole.exit_code(),
        duration_ms: 5,
        requirements,
        why: cases.iter().map(|(id, _)| ((*id).to_owned(), Text::same("a: wanted b, found <c>"))).collect(),
        cases: verdicts,
        stopped: None,
        decisions: None,
    };
    let task = Task { subject, seed: "1".to_owned(), arguments: Vec::new(), waits: false };
    Outcome { task, result: Ok(brief), duration: Duration::from_millis(7) }
}

fn plan() -> Plan {
    let mut source = Source::default();
    for (area, rest) in [
        ("aaa", "    @AAA-001/02 @issuer @core @negative @twin:AAA-001/01\n    Scenario: refused\n      When x\n"),
        ("bbb", ""),
    ] {
        let id = format!("{}-001", area.to_uppercase());
        let register = format!(
            "schema: ecric.register/1\norder: 1\narea: {area}\ntitle: {{en: area {area}, zh: 领域{area}}}\nrequirements:\n  - {{id: {id}, title: {{en: title of {id}, zh: {id}标题}}, role: issuer, level: shall, basis: [{{doc: d, clause: c, kind: derived}}], confidence: sure, profile: core, status: active}}\n"
        );
        let feature = format!(
            "Feature: f\n  @{id}\n  Rule: r\n    @{id}/01 @issuer @core\n    Scenario: accepted\n      When x\n{rest}"
        );
        source.files.insert(format!("{area}/requirements.yaml"), register);
        source.files.insert(format!("{area}/f.feature"), feature);
    }
    let (suite, problems) = Suite::load(&source);
    assert!(problems.is_empty(), "{problems:?}");
    let requirements = suite
        .requirements()
        .map(|(area, requirement)| PlannedRequirement {
            area: area.name.clone(),
            area_title: area.title.clone(),
            requirement: requirement.clone(),
            cases: suite.cases.iter().filter(|case| case.requirement == requirement.id).map(|c| c.id.clone()).collect(),
            note: None,
        })
        .collect();
    Plan {
        hash: "hash".to_owned(),
        cases: suite.cases.clone(),
        requirements,
        left_out: Vec::new(),
        profiles: Vec::new(),
        level: ConformanceLevel::Full,
        depth: Depth::Standard,
        inputs: PlanInputs::default(),
    }
}
