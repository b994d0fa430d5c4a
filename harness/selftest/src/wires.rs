//! Wires other than that of the reference itself: what stand-in vendors are asked and the reference is not. Pure.

use std::collections::BTreeSet;

use ecric_model::ids::CaseId;
use ecric_runner::{CaseSpec, Plan, PlannedRequirement};

/// A stand-in vendor and what only the plan over its wire has.
#[derive(Debug, Clone)]
pub struct Wire {
    /// Name, as in `ecric serve --vendor`.
    pub vendor: &'static str,
    /// SM3 of its whole plan, hex.
    pub plan: String,
    /// Cases, in the order of its plan.
    pub cases: Vec<CaseSpec>,
    /// Requirements of those cases, with no other case.
    pub requirements: Vec<PlannedRequirement>,
}

impl Wire {
    /// What `theirs`, the plan over the wire of a vendor, has and `own`, the plan of the reference, has not.
    #[must_use]
    pub fn beyond(own: &Plan, vendor: &'static str, theirs: &Plan) -> Self {
        let known: BTreeSet<&CaseId> = own.cases.iter().map(|case| &case.id).collect();
        let cases: Vec<CaseSpec> = theirs.cases.iter().filter(|case| !known.contains(&case.id)).cloned().collect();
        let with_new = |planned: &PlannedRequirement| {
            let new = planned.cases.iter().filter(|id| !known.contains(id)).cloned().collect();
            PlannedRequirement { cases: new, note: None, ..planned.clone() }
        };
        let requirements = theirs.requirements.iter().map(with_new).filter(|planned| !planned.cases.is_empty());
        Self { vendor, plan: theirs.hash.clone(), cases, requirements: requirements.collect() }
    }
}

/// The plan of the reference with the cases of the wires beside its own: what a whole selftest is judged by. The hash
/// stays that of the reference's plan.
#[must_use]
pub fn widened(own: &Plan, wires: &[Wire]) -> Plan {
    let mut plan = own.clone();
    let mut known: BTreeSet<CaseId> = plan.cases.iter().map(|case| case.id.clone()).collect();
    for wire in wires {
        plan.cases.extend(wire.cases.iter().filter(|case| known.insert(case.id.clone())).cloned());
        for new in &wire.requirements {
            let same = |planned: &&mut PlannedRequirement| planned.requirement.id == new.requirement.id;
            if let Some(planned) = plan.requirements.iter_mut().find(same) {
                let missing: Vec<CaseId> = new.cases.iter().filter(|id| !planned.cases.contains(id)).cloned().collect();
                planned.cases.extend(missing);
                planned.note = None;
            } else {
                // Beside those of its area, which stand together.
                let last = plan.requirements.iter().rposition(|planned| planned.area == new.area);
                let at = last.map_or(plan.requirements.len(), |last| last + 1);
                plan.requirements.insert(at, new.clone());
            }
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    /// The plan of the sample, with those cases only.
    fn plan_of(cases: &[&str]) -> Plan {
        let mut plan = Sample::good().plan;
        plan.cases.retain(|case| cases.contains(&case.id.as_str()));
        for planned in &mut plan.requirements {
            planned.cases.retain(|id| cases.contains(&id.as_str()));
        }
        plan.requirements.retain(|planned| !planned.cases.is_empty());
        plan
    }

    fn shape(requirements: &[PlannedRequirement]) -> Vec<(&str, Vec<&str>)> {
        let mut out = Vec::new();
        for planned in requirements {
            out.push((planned.requirement.id.as_str(), planned.cases.iter().map(CaseId::as_str).collect()));
        }
        out
    }

    #[test]
    fn a_plan_is_widened_by_what_only_a_wire_has_and_by_nothing_twice() {
        let own = plan_of(&["AAA-001/01"]);
        let theirs = plan_of(&["AAA-001/01", "AAA-001/02", "BBB-001/01"]);
        let wire = Wire::beyond(&own, "v", &theirs);
        assert_eq!(shape(&wire.requirements), [("AAA-001", vec!["AAA-001/02"]), ("BBB-001", vec!["BBB-001/01"])]);
        assert_eq!(wire.cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), ["AAA-001/02", "BBB-001/01"]);
        let plan = widened(&own, &[wire.clone(), wire]);
        assert_eq!(plan.cases.len(), 3);
        assert_eq!(
            shape(&plan.requirements),
            [("AAA-001", vec!["AAA-001/01", "AAA-001/02"]), ("BBB-001", vec!["BBB-001/01"])]
        );
        let none = Wire::beyond(&theirs, "v", &own);
        assert!(none.cases.is_empty() && none.requirements.is_empty());
        assert_eq!(widened(&own, &[none]), own);
    }
}
