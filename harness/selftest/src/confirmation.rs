//! `tool-confirmation.json`: what a laboratory files before it uses the tool. Derived from the selftest
//! record and from facts that the caller brings; it says whether it is signed.

use ecric_model::Text;
use ecric_vectors::set::Vector;
use serde::Serialize;

use crate::record::{Bar, PlanFacts, SelftestRecord, SelftestVerdict, Summary};

/// Name and version of the record.
const SCHEMA: &str = "ecric.tool-confirmation/1";

/// The record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confirmation {
    /// Name and version of this schema.
    pub schema: &'static str,
    /// Version and commit of the suite.
    pub suite: String,
    /// The binary that ran.
    pub binary: Binary,
    /// When the selftest began, RFC 3339.
    pub date: String,
    /// What it came to.
    pub verdict: SelftestVerdict,
    /// True if a part of it was left out.
    pub partial: bool,
    /// What has to hold, and whether it does.
    pub bars: Vec<Bar>,
    /// The plan that was proven.
    pub plan: PlanFacts,
    /// The vectors in the binary.
    pub vectors: Vectors,
    /// Figures of the kill matrix.
    pub kill_matrix: Summary,
    /// SM3 of `selftest.json`, hex: the matrix itself.
    pub selftest_sm3: String,
    /// Variants that passed and that did not.
    pub variants: Vec<VariantFact>,
    /// Seeds of the honest reference and of the variants.
    pub seeds: Vec<String>,
    /// Milliseconds that the selftest took.
    pub duration_ms: u64,
    /// Where it ran.
    pub environment: Environment,
    /// True if a signature follows, which the caller adds.
    pub signed: bool,
    /// What that means.
    pub signature_note: Text,
}

/// The binary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Binary {
    /// SM3, hex.
    pub sm3: String,
    /// Size, bytes.
    pub bytes: usize,
}

/// The vector set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vectors {
    /// SM3 over id and fingerprint of each, one a line, in the order of the files.
    pub sm3: String,
    /// How many.
    pub count: usize,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariantFact {
    /// Name.
    pub name: String,
    /// Runs.
    pub runs: usize,
    /// Runs without a false alarm.
    pub conformant: usize,
}

/// The machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// Operating system.
    pub os: String,
    /// Processor.
    pub arch: String,
    /// Processors that the process may use.
    pub cores: usize,
    /// Children at once.
    pub jobs: usize,
}

/// Builds the record. `selftest` is the content of `selftest.json`.
#[must_use]
pub fn confirmation(
    record: &SelftestRecord,
    selftest: &[u8],
    binary: Binary,
    vectors: &[Vector],
    environment: Environment,
    signed: bool,
) -> Confirmation {
    let lines: Vec<String> = vectors.iter().map(|one| format!("{} {}", one.item.id, one.fingerprint())).collect();
    Confirmation {
        schema: SCHEMA,
        suite: record.suite.clone(),
        binary,
        date: record.started.clone(),
        verdict: record.verdict,
        partial: record.partial,
        bars: record.bars.clone(),
        plan: record.plan.clone(),
        vectors: Vectors { sm3: ecric_gm::sm3::digest_hex(lines.join("\n").as_bytes()), count: vectors.len() },
        kill_matrix: record.summary.clone(),
        selftest_sm3: ecric_gm::sm3::digest_hex(selftest),
        variants: record
            .right
            .iter()
            .map(|one| VariantFact { name: one.name.clone(), runs: one.runs, conformant: one.conformant })
            .collect(),
        seeds: record.seeds.clone(),
        duration_ms: record.duration_ms,
        environment,
        signed,
        signature_note: match signed {
            true => Text::new(
                "signed: the member signature holds an SM2 signature over the SM3 of all other members; `ecric verify` checks it",
                "已签名：成员 signature 为对其余全部成员 SM3 的 SM2 签名，可用 `ecric verify` 校验",
            ),
            false => Text::new(
                "not signed: nobody answers for it; `ecric selftest --key FILE` signs it",
                "未签名：无人担保；`ecric selftest --key 文件` 可为其签名",
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    #[test]
    fn the_record_names_what_was_proven_and_that_it_is_unsigned() {
        let record = Sample::good().judged();
        let vectors = ecric_vectors::set::load_set().unwrap();
        let made = |vectors: &[Vector]| {
            let environment = Environment { os: "x".to_owned(), arch: "y".to_owned(), cores: 2, jobs: 2 };
            confirmation(&record, b"abc", Binary { sm3: "00".to_owned(), bytes: 3 }, vectors, environment, false)
        };
        let json = serde_json::to_value(made(&vectors)).unwrap();
        // GB/T 32905-2016, A.1: the digest of "abc".
        assert_eq!(json["selftest_sm3"], "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!((json["signed"].as_bool(), json["verdict"].as_str()), (Some(false), Some("holds")));
        assert!(json["signature_note"]["en"].as_str().unwrap().starts_with("not signed"));
        assert_eq!(json["kill_matrix"]["killed"], 2);
        assert_eq!(json["vectors"]["count"], vectors.len());
        assert_ne!(made(&vectors).vectors.sm3, made(&vectors[1..]).vectors.sm3);
    }
}
