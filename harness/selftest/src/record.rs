//! `selftest.json`: what the suite found about itself.

use std::collections::BTreeMap;

use ecric_model::Text;
use ecric_model::verdict::Verdict;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Name and version of the record.
pub const SCHEMA: &str = "ecric.selftest/1";

/// The record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SelftestRecord {
    /// Name and version of this schema.
    pub schema: String,
    /// Version and commit of the suite.
    pub suite: String,
    /// `holds` or `falls_short`.
    pub verdict: SelftestVerdict,
    /// True if mutants or variants were selected, so that not every bar is judged.
    pub partial: bool,
    /// `default`, or `full` for every mutant against the whole plan.
    pub scope: String,
    /// Seeds of what is right; mutants meet the first.
    pub seeds: Vec<String>,
    /// Children at once.
    pub jobs: usize,
    /// Start, RFC 3339.
    pub started: String,
    /// Milliseconds.
    pub duration_ms: u64,
    /// What was planned.
    pub plan: PlanFacts,
    /// What has to hold.
    pub bars: Vec<Bar>,
    /// Figures.
    pub summary: Summary,
    /// The honest reference, the variants and the stand-in vendors, one entry each over all seeds.
    pub right: Vec<RightReference>,
    /// The mutants, one row of the kill matrix each.
    pub mutants: Vec<MutantRow>,
    /// The requirements of the plan, the columns.
    pub requirements: Vec<RequirementColumn>,
    /// Cases that no mutant turns red and that are nobody's positive twin.
    pub dead: Vec<IdleCase>,
    /// Negative cases that no mutant turns red.
    pub not_ablated: Vec<IdleCase>,
    /// Faults of ours: children that crashed or hung, cases that ended in SUITE_ERROR.
    pub errors: Vec<Fault>,
}

/// Whether every bar holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SelftestVerdict {
    /// Every bar that is judged holds.
    Holds,
    /// At least one does not.
    FallsShort,
}

/// The plan of the honest reference, and what stand-in vendors are asked beyond it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanFacts {
    /// SM3 of the plan of the honest reference, hex.
    pub hash: String,
    /// Cases, those of the wires among them.
    pub cases: usize,
    /// Requirements with cases, those of the wires among them.
    pub requirements: usize,
    /// Stand-in vendors whose own wires were met.
    #[serde(default)]
    pub wires: Vec<WireFacts>,
}

/// The wire of a stand-in vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WireFacts {
    /// Its name.
    pub vendor: String,
    /// SM3 of its whole plan, hex.
    pub hash: String,
    /// Cases that the plan of the honest reference has not.
    pub cases: usize,
}

/// One thing that has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bar {
    /// Short name.
    pub name: String,
    /// What has to hold.
    pub wanted: Text,
    /// What was found.
    pub found: Text,
    /// `null` where a partial selftest cannot tell.
    pub holds: Option<bool>,
    /// Requirements, cases, mutants or variants that fall short.
    pub names: Vec<String>,
}

/// Figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Mutants run.
    pub mutants: usize,
    /// Killed by the case that must kill them.
    pub killed: usize,
    /// Percent of the mutants.
    pub kill_rate: f64,
    /// Requirements with cases of which a mutant was killed by its own case.
    pub requirements_proven: usize,
    /// Mutants that live.
    pub survivors: Vec<String>,
    /// Requirements that are not PASS on the honest reference, on a variant or on a stand-in vendor.
    pub wrongly_red: Vec<String>,
    /// Mutants that turn more than ten requirements red.
    pub crude: Vec<String>,
    /// Median number of red requirements of a mutant.
    pub median_red: f64,
    /// Negative cases in the plan.
    pub negatives: usize,
    /// Negative cases that some mutant turns red.
    pub negatives_ablated: usize,
}

/// A reference that is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RightReference {
    /// `honest` or the name of the variant or of the stand-in vendor.
    pub name: String,
    /// What is different.
    pub text: Text,
    /// Runs, one a seed.
    pub runs: usize,
    /// Runs that ended with exit code 0.
    pub conformant: usize,
    /// What is not PASS, with seed and reason.
    pub alarms: Vec<Alarm>,
}

/// A false alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alarm {
    /// Case.
    pub case: String,
    /// Seed.
    pub seed: String,
    /// Verdict of the case.
    pub verdict: Verdict,
    /// Why.
    pub why: Option<Text>,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MutantRow {
    /// Id.
    pub id: String,
    /// What is broken.
    pub text: Text,
    /// The case that must kill it.
    pub killed_by: String,
    /// Verdict of that case; `null` if it was not planned.
    pub verdict: Option<Verdict>,
    /// True if that case is red.
    pub killed: bool,
    /// Why that case is red, or why it is not.
    pub why: Option<Text>,
    /// Red requirements with the number of their red cases.
    pub red: BTreeMap<String, usize>,
    /// Every red case.
    pub red_cases: Vec<String>,
    /// Milliseconds.
    pub duration_ms: u64,
}

/// A column of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RequirementColumn {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Folder name of its area.
    pub area: String,
    /// Name of its area.
    pub area_title: Text,
    /// Its mutants that were killed by their own cases.
    pub killed: Vec<String>,
    /// Cases in the plan.
    pub cases: usize,
}

/// A case that no mutant turns red.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IdleCase {
    /// Case.
    pub id: String,
    /// Its title.
    pub title: String,
    /// True for a negative case.
    pub negative: bool,
    /// Why that is so, where it is known and accepted.
    pub reason: Option<Text>,
}

/// A fault of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Mutant, variant, stand-in vendor or `honest`.
    pub subject: String,
    /// Seed.
    pub seed: String,
    /// What happened.
    pub text: Text,
}

/// The JSON Schema of the record.
#[must_use]
pub fn selftest_schema() -> String {
    let mut schema: Value = schemars::schema_for!(SelftestRecord).to_value();
    schema["title"] = json!("ecric selftest record");
    schema["properties"]["schema"] = json!({"const": SCHEMA, "description": "Name and version of this schema."});
    format!("{schema:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_schema_is_the_one_of_the_types() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/selftest.schema.json");
        let schema = selftest_schema();
        if std::env::var_os("ECRIC_UPDATE").is_some_and(|value| value == "1") {
            std::fs::write(&path, &schema).unwrap();
        }
        assert!(
            std::fs::read_to_string(&path).unwrap_or_default() == schema,
            "harness/selftest/schema/selftest.schema.json differs from the types; if the change is meant, \
             run `ECRIC_UPDATE=1 cargo test -p ecric-selftest` and commit the file"
        );
    }
}
