//! A waived failure and a waiver that does not fit, in every format.

use ecric_model::Lang;
use ecric_model::ids::RequirementId;
use ecric_model::run_record::RunRecord;
use ecric_model::text::Text;
use ecric_model::verdict::RunVerdict;
use ecric_model::waiver::{Waiver, WaiverRecord, WaiverState};

use super::sample;
use crate::{
    Style, render_allure, render_console, render_ctrf, render_earl, render_html, render_junit, render_lab,
    render_markdown, render_messages, render_sarif,
};

fn waiver(case: &str, state: WaiverState) -> WaiverRecord {
    WaiverRecord {
        waiver: Waiver {
            requirement: RequirementId::parse(&case[..7]).unwrap(),
            case: case.into(),
            target_version: "3.2.1".into(),
            reason: "fixed in 3.3".into(),
            owner: "issuing team".into(),
            expires: "2026-12-31".into(),
            evidence: "ab".repeat(32),
        },
        line: 4,
        state,
        detail: Text::new("why it is so", "缘由说明"),
    }
}

/// IDN-008/01 is waived, and one entry is unused.
pub fn record() -> RunRecord {
    let mut record = sample::record();
    record.waivers = vec![waiver("IDN-008/01", WaiverState::Applied), waiver("IDN-001/01", WaiverState::Unused)];
    for case in record.cases.iter_mut().filter(|case| case.id.as_str() == "IDN-008/01") {
        case.waived = true;
        case.failure_sm3 = Some("ab".repeat(32));
    }
    for one in record.requirements.iter_mut().filter(|one| one.id.as_str() == "IDN-008") {
        one.waived = true;
    }
    record
}

#[test]
fn every_report_lists_every_waiver() {
    let record = record();
    let texts = |lang| {
        let allure = render_allure(&record, lang);
        let allure = allure.iter().map(|file| file.text.as_str()).collect::<Vec<_>>().join("\n");
        vec![
            ("console", render_console(&record, lang, Style::Plain, 200)),
            ("html", render_html(&record, lang).unwrap()),
            ("junit", render_junit(&record).unwrap()),
            ("har", crate::render_har(&record, lang)),
            ("markdown", render_markdown(&record, lang)),
            ("ctrf", render_ctrf(&record, lang)),
            ("sarif", render_sarif(&record, lang)),
            ("earl", render_earl(&record)),
            ("messages", render_messages(&record, lang)),
            ("allure", allure),
            ("lab", render_lab(&record, lang).unwrap()),
        ]
    };
    for lang in [Lang::En, Lang::ZhCn] {
        for (name, text) in texts(lang) {
            assert!(text.contains("fixed in 3.3") && text.contains("issuing team"), "{name}: the waiver is not told");
            let state = [WaiverState::Unused.text().en, WaiverState::Unused.text().zh, "unused".to_owned()];
            assert!(state.iter().any(|word| text.contains(word.as_str())), "{name}: the unused waiver is not told");
        }
    }
}

#[test]
fn a_waived_failure_is_never_a_pass() {
    let record = record();
    let junit = render_junit(&record).unwrap();
    let at = junit.find("name=\"IDN-008/01").unwrap();
    let case = &junit[at..at + junit[at..].find("</testcase>").unwrap()];
    assert!(case.contains("<skipped message=\"waived FAIL:") && case.contains("[[PROPERTY|verdict=FAIL]]"), "{case}");
    let ctrf: serde_json::Value = serde_json::from_str(&render_ctrf(&record, Lang::En)).unwrap();
    let test = ctrf["results"]["tests"]
        .as_array()
        .unwrap()
        .iter()
        .find(|test| test["name"].as_str().unwrap().starts_with("IDN-008/01"));
    assert_eq!(test.unwrap()["status"], "skipped");
    assert_eq!(test.unwrap()["rawStatus"], "FAIL (waived)");
    let sarif: serde_json::Value = serde_json::from_str(&render_sarif(&record, Lang::En)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["message"]["text"].as_str().unwrap().starts_with("IDN-008/01"));
    assert_eq!(result.unwrap()["suppressions"][0]["status"], "accepted");
    assert_eq!(result.unwrap()["kind"], "fail");
    let earl: serde_json::Value = serde_json::from_str(&render_earl(&record)).unwrap();
    let assertion = earl["@graph"]
        .as_array()
        .unwrap()
        .iter()
        .find(|node| node["@type"] == "earl:Assertion" && node["test"] == "urn:ecric:requirement:IDN-008");
    assert_eq!(assertion.unwrap()["result"]["outcome"], "earl:failed");
}

#[test]
fn the_headline_says_what_is_waived() {
    let mut record = record();
    record.waivers.truncate(1);
    record.verdict = RunVerdict::Conformant;
    record.partial = false;
    let view = crate::view::View::new(&record);
    assert_eq!(view.headline().en, "conformant but for 1 waived failure");
    assert_eq!(view.headline().zh, "符合（1项不符合已豁免）");
    assert!(!view.sentence().en.contains("All "), "{}", view.sentence().en);
}
