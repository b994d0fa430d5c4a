//! Lint passes the embedded suite and names each kind of problem.

use ecric_model::mutant::MutantInfo;
use ecric_runner::{Source, lint};

const REGISTER: &str = r#"schema: "ecric.register/1"
order: 1
area: "a"
title: {en: "a", zh: "a"}
requirements:
  - id: "AAA-001"
    title: {en: "t", zh: "t"}
    role: "issuer"
    level: "shall"
    basis: [{doc: "d", clause: "c", kind: "derived"}]
    confidence: "likely"
    profile: "core"
    status: "active"
"#;

const FEATURE: &str = "Feature: f

  @AAA-001
  Rule: r

    @AAA-001/01 @issuer @core
    Scenario: positive
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @AAA-001/02 @issuer @core @negative @twin:AAA-001/01
    Scenario: negative
      Given a registered person
      When the issuer issues the licence with \"issue.no-type\"
      Then the request is refused as INVALID_REQUEST
";

fn problems(register: &str, feature: &str, mutants: &[MutantInfo]) -> Vec<String> {
    let mut source = Source::default();
    source.files.insert("a/requirements.yaml".into(), register.into());
    source.files.insert("a/f.feature".into(), feature.into());
    lint(&source, mutants).problems.into_iter().map(|problem| problem.en).collect()
}

#[test]
fn the_embedded_suite_has_no_problem() {
    let report = lint(&Source::embedded(), &[]);
    assert!(report.problems.is_empty(), "{:#?}", report.problems);
    assert!(report.requirements >= 60 && report.cases >= 120, "{} {}", report.requirements, report.cases);
}

#[test]
fn the_small_suite_of_this_test_has_no_problem() {
    assert_eq!(problems(REGISTER, FEATURE, &[]), Vec::<String>::new());
}

#[test]
fn each_kind_of_problem_is_named() {
    for (from, to, want) in [
        ("  @AAA-001\n", "  @AAA-002\n", "no register has the requirement AAA-002"),
        ("@twin:AAA-001/01", "@twin:AAA-001/09", "no case is called AAA-001/09"),
        (" @twin:AAA-001/01", "", "negative without a twin"),
        (
            "Given a registered person\n      When the issuer issues the licence\n",
            "Given a person of glass\n",
            "undefined step \"a person of glass\"",
        ),
        ("\"issue.no-type\"", "\"issue.no-such-thing\"", "no vector is called \"issue.no-such-thing\""),
        ("@issuer @core\n    Scenario: positive", "@issuer @coer\n    Scenario: positive", "unknown tag @coer"),
        ("@AAA-001/02", "@AAA-001/01", "stands twice"),
        ("      Then the request is accepted\n", "", "judges nothing"),
        ("Feature: f", "\u{feff}Feature: f", "byte order mark"),
        ("Feature: f", "Feature：f", "full-width colon after Feature"),
        ("  Rule: r", "  规则: r", "规则: is not a keyword"),
        ("Feature: f", "Feat: f", "not Gherkin"),
    ] {
        assert!(FEATURE.contains(from), "{from}");
        let told = problems(REGISTER, &FEATURE.replacen(from, to, 1), &[]);
        assert!(told.iter().any(|line| line.contains(want)), "{want}: {told:?}");
    }
}

#[test]
fn chinese_features_with_wide_colons_or_swallowed_rules_are_refused() {
    for (text, want) in [
        ("# language: zh-CN\n功能：f\n", "full-width colon after 功能"),
        ("# language: zh-CN\n功能: f\n  规则: r\n", "规则: is not a keyword"),
        ("# SPDX\n# language: zh-CN\n功能: f\n", "must stand in the first line"),
    ] {
        let told = problems(REGISTER, text, &[]);
        assert!(told.iter().any(|line| line.contains(want)), "{want}: {told:?}");
    }
}

#[test]
fn registers_are_checked_for_coverage_and_types() {
    for (from, to, want) in [
        ("id: \"AAA-001\"", "id: \"AAA-003\"", "AAA-003 has neither a Rule with cases nor a not_tested reason"),
        (
            "status: \"active\"",
            "status: \"active\"\n    not_tested: {en: \"x\", zh: \"x\"}",
            "has cases and a not_tested reason",
        ),
        ("status: \"active\"", "status: \"withdrawn\"", "withdrawn"),
        ("basis: [{doc: \"d\", clause: \"c\", kind: \"derived\"}]", "basis: []", "has no basis"),
        ("title: {en: \"t\", zh: \"t\"}", "title: {en: \"t\", zh: \"\"}", "has no title in zh"),
        ("doc: \"d\"", "doc: 36904", "not of type"),
        ("profile: \"core\"", "profile: \"core\"\n    colour: \"red\"", "unknown field `colour`"),
        ("id: \"AAA-001\"", "id: \"A-1\"", "not a requirement id"),
    ] {
        assert!(REGISTER.contains(from), "{from}");
        let told = problems(&REGISTER.replacen(from, to, 1), FEATURE, &[]);
        assert!(told.iter().any(|line| line.contains(want)), "{want}: {told:?}");
    }
}

#[test]
fn mutants_are_tied_to_cases() {
    let mutant = |id, killed_by| MutantInfo { id, en: "x", zh: "x", killed_by, vendor: None };
    assert!(problems(REGISTER, FEATURE, &[mutant("M-AAA-001-a", "AAA-001/02")]).is_empty());
    let told = problems(REGISTER, FEATURE, &[mutant("M-BBB-001-a", "AAA-001/07")]).join("\n");
    assert!(told.contains("no case is called AAA-001/07") && told.contains("AAA-001 has no mutant"), "{told}");
}
