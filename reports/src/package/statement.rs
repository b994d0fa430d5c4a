//! What a signer states about a package: an in-toto statement (v1) with a test-result predicate (v0.1).

use ecric_model::run_record::RunRecord;
use ecric_model::verdict::{RunVerdict, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::contents::Contents;
use super::ledger::sm3_of;
use super::manifest::MANIFEST;

/// Type of the statement.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// Type of the predicate.
pub const PREDICATE_TYPE: &str = "https://in-toto.io/attestation/test-result/v0.1";

/// In whose role somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignerRole {
    /// The vendor: ICS and product are its own.
    Vendor,
    /// The laboratory: the run was made so.
    Laboratory,
    /// The body: the certificate is granted on this run.
    Body,
}

impl SignerRole {
    /// Every role, in the order of signing.
    pub const ALL: [Self; 3] = [Self::Vendor, Self::Laboratory, Self::Body];

    /// The word on the command line and in names of files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Laboratory => "laboratory",
            Self::Body => "body",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Files that the role answers for beside the manifest.
    const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Vendor => &["ics.json", "target.yaml"],
            Self::Laboratory => &["run.json", "environment.json"],
            Self::Body => &["run.json"],
        }
    }
}

/// A digest, named by its algorithm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestSet {
    /// SM3, hex.
    pub sm3: String,
}

/// A thing by name and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Name.
    pub name: String,
    /// Digest.
    pub digest: DigestSet,
}

impl Resource {
    pub(crate) fn of(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), digest: DigestSet { sm3: sm3_of(bytes) } }
    }
}

/// What the role adds to the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleStatement {
    /// In which role is signed.
    pub role: SignerRole,
    /// When, RFC 3339, UTC.
    pub signed_at: String,
    /// Mode of the run.
    pub mode: String,
    /// Verdict of the run.
    pub verdict: RunVerdict,
    /// True if cases were left out.
    pub partial: bool,
    /// Vendor of the product.
    pub vendor: String,
    /// Product.
    pub product: String,
    /// Product version.
    pub product_version: String,
    /// Signatures that this one rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<Resource>,
}

/// The predicate: test-result v0.1 with a member of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Predicate {
    /// `PASSED`, `WARNED`, `FAILED`.
    pub result: String,
    /// What was run: plan and suite.
    pub configuration: Vec<Resource>,
    /// Requirements that hold.
    pub passed_tests: Vec<String>,
    /// Requirements with a warning, or not judged.
    pub warned_tests: Vec<String>,
    /// Requirements that do not hold.
    pub failed_tests: Vec<String>,
    /// What the role adds.
    pub ecric: RoleStatement,
}

/// The statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Statement {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub kind: String,
    /// What it is about: the manifest first, then files that the role answers for.
    pub subject: Vec<Resource>,
    /// [`PREDICATE_TYPE`].
    pub predicate_type: String,
    /// The result.
    pub predicate: Predicate,
}

impl Statement {
    /// States the result of a package in a role.
    pub(crate) fn about(
        contents: &Contents,
        run: &RunRecord,
        manifest: &[u8],
        role: SignerRole,
        signed_at: &str,
        rests_on: Vec<Resource>,
    ) -> Self {
        let names = |wanted: &dyn Fn(Verdict) -> bool| {
            run.requirements.iter().filter(|one| wanted(one.verdict)).map(|one| one.id.to_string()).collect()
        };
        let warned: Vec<String> =
            names(&|verdict| !verdict.is_red() && !matches!(verdict, Verdict::Pass | Verdict::NotApplicable));
        let result = match (run.verdict, warned.is_empty()) {
            (RunVerdict::Conformant, true) => "PASSED",
            (RunVerdict::Conformant, false) => "WARNED",
            _ => "FAILED",
        };
        let mut subject = vec![Resource::of(MANIFEST, manifest)];
        subject.extend(role.files().iter().filter_map(|name| Some(Resource::of(name, contents.files.get(*name)?))));
        let named =
            |name: &str, sm3: &str| Resource { name: name.to_owned(), digest: DigestSet { sm3: sm3.to_owned() } };
        Self {
            kind: STATEMENT_TYPE.to_owned(),
            subject,
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: Predicate {
                result: result.to_owned(),
                configuration: vec![
                    named("plan", &contents.plan.hash),
                    named("suite", &contents.environment.suite_sm3),
                    named("binary", &contents.environment.binary_sm3),
                ],
                passed_tests: names(&|verdict| verdict == Verdict::Pass),
                warned_tests: warned,
                failed_tests: names(&Verdict::is_red),
                ecric: RoleStatement {
                    role,
                    signed_at: signed_at.to_owned(),
                    mode: contents.manifest.mode.clone(),
                    verdict: run.verdict,
                    partial: run.partial,
                    vendor: run.target.vendor.clone(),
                    product: run.target.product.clone(),
                    product_version: run.target.version.clone(),
                    rests_on,
                },
            },
        }
    }
}
