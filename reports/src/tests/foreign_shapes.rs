//! The formats of others: every case once, verdicts as documented, hostile texts inert, both languages
//! with one shape. Whether foreign programs take them is shown by `reports/foreign/check`.

use std::collections::BTreeSet;

use ecric_model::Lang;
use ecric_model::run_record::RunRecord;
use ecric_model::verdict::Verdict;
use serde_json::Value;

use super::sample::{self, HOSTILE};
use crate::{
    Format, Style, render_allure, render_console, render_ctrf, render_earl, render_har, render_html, render_junit,
    render_lab, render_markdown, render_messages, render_sarif,
};

/// Every text that a format writes, by name.
fn all(record: &RunRecord, lang: Lang) -> Vec<(&'static str, String)> {
    let allure = render_allure(record, lang).into_iter().map(|file| format!("{}\n", file.text)).collect();
    vec![
        ("console", render_console(record, lang, Style::Plain, 120)),
        ("html", render_html(record, lang).unwrap()),
        ("junit", render_junit(record).unwrap()),
        ("markdown", render_markdown(record, lang)),
        ("ctrf", render_ctrf(record, lang)),
        ("sarif", render_sarif(record, lang)),
        ("earl", render_earl(record)),
        ("messages", render_messages(record, lang)),
        ("har", render_har(record, lang)),
        ("allure", allure),
        ("lab", render_lab(record, lang).unwrap()),
    ]
}

/// The sample with a text of `hostile` in every place that a product can fill.
fn poisoned(hostile: &str) -> RunRecord {
    let mut record = sample::record();
    let text = serde_json::to_string(&record).unwrap();
    let quoted = |text: &str| serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
    let text = text.replace(&quoted(HOSTILE), &quoted(hostile));
    if let Ok(read) = serde_json::from_str(&text) {
        record = read;
    }
    record.target.product = hostile.to_owned();
    record.target.version = hostile.to_owned();
    record.target.vendor = hostile.to_owned();
    record.target.environment = hostile.to_owned();
    record
}

#[test]
fn hostile_texts_are_inert_in_every_format() {
    let controls: String = (0_u32..32).chain(127..160).filter_map(char::from_u32).collect();
    let bidi =
        "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200f}\u{61c}\u{feff}\u{200b}";
    for hostile in [
        HOSTILE.to_owned(),
        "<script>alert(1)</script><svg onload=alert(1)>".to_owned(),
        format!("a{controls}b"),
        format!("a{bidi}b"),
        "]]><x/><!--".to_owned(),
        "{{ page }}{% raw %}${jndi:x}".to_owned(),
    ] {
        let record = poisoned(&hostile);
        for lang in [Lang::En, Lang::ZhCn] {
            for (name, text) in all(&record, lang) {
                let bad = text.chars().find(|c| crate::clean::is_hidden(*c));
                assert_eq!(bad, None, "{name}: a hidden character got through");
                if ["html", "lab", "markdown", "junit"].contains(&name) {
                    for tag in ["<script>alert", "<svg onload", "<img", "<x/>", "]]><", "</script><"] {
                        assert!(!text.contains(tag), "{name}: {tag} got through");
                    }
                }
            }
        }
    }
}

#[test]
fn a_line_of_a_megabyte_stays_small_in_every_format() {
    let line = "长line".repeat(200_000);
    assert!(line.len() > 1_000_000);
    let mut record = sample::record();
    record.target.product.clone_from(&line);
    let case = record.cases.iter_mut().find(|case| case.id.as_str() == "EVL-666/01").unwrap();
    case.findings[0].actual = ecric_model::Text::same(&line);
    case.exchanges[0].request.url.clone_from(&line);
    case.exchanges[0].response.as_mut().unwrap().body.clone_from(&line);
    case.failed_step = Some(line.clone());
    for (name, text) in all(&record, Lang::En) {
        assert!(text.len() < 1_000_000, "{name}: {} bytes", text.len());
    }
}

#[test]
fn json_formats_are_json_and_hold_every_case() {
    let record = sample::record();
    for lang in [Lang::En, Lang::ZhCn] {
        for (name, text) in all(&record, lang) {
            match name {
                "ctrf" | "sarif" | "earl" | "har" => {
                    let _: Value = serde_json::from_str(&text).unwrap();
                }
                "messages" => {
                    for line in text.lines() {
                        let _: Value = serde_json::from_str(line).unwrap();
                    }
                }
                _ => {}
            }
            for case in &record.cases {
                let skipped = match name {
                    "console" | "markdown" => true,
                    // What passed is in neither.
                    "sarif" => matches!(case.verdict, Verdict::Pass),
                    "har" => case.exchanges.is_empty(),
                    "lab" => matches!(case.verdict, Verdict::Pass),
                    // Assertions are about requirements; a case that no requirement names is not there.
                    "earl" => !record.requirements.iter().any(|one| one.cases.contains(&case.id)),
                    _ => false,
                };
                assert!(skipped || text.contains(case.id.as_str()), "{name}: {} is missing", case.id);
            }
        }
    }
}

#[test]
fn verdicts_map_as_documented() {
    let record = sample::record();
    let ctrf: Value = serde_json::from_str(&render_ctrf(&record, Lang::En)).unwrap();
    let status = |id: &str| {
        let tests = ctrf["results"]["tests"].as_array().unwrap();
        tests.iter().find(|test| test["name"].as_str().unwrap().starts_with(id)).unwrap()["status"].clone()
    };
    let earl: Value = serde_json::from_str(&render_earl(&record)).unwrap();
    let outcome = |id: &str| {
        let wanted = format!("urn:ecric:requirement:{id}");
        let nodes = earl["@graph"].as_array().unwrap();
        let found = nodes.iter().find(|node| node["@type"] == "earl:Assertion" && node["test"] == wanted.as_str());
        found.unwrap()["result"]["outcome"].clone()
    };
    for (case, ctrf, earl) in [
        ("IDN-001/01", "passed", "earl:passed"),
        ("IDN-008/01", "failed", "earl:failed"),
        ("IDN-010/01", "passed", "earl:failed"),
        ("LIF-004/02", "failed", "earl:failed"),
        ("LIF-004/01", "pending", "earl:failed"),
        ("LIF-006/01", "failed", "earl:failed"),
        ("VER-002/02", "other", "earl:cantTell"),
        ("VER-005/01", "other", "earl:cantTell"),
        ("VER-007/01", "pending", "earl:cantTell"),
        ("VER-013", "skipped", "earl:inapplicable"),
    ] {
        assert_eq!(status(case), ctrf, "{case}");
        assert_eq!(outcome(&case[..7]), earl, "{case}");
    }
    let sum: u64 = ["passed", "failed", "skipped", "pending", "other"]
        .iter()
        .map(|name| ctrf["results"]["summary"][name].as_u64().unwrap())
        .sum();
    assert_eq!(ctrf["results"]["summary"]["tests"].as_u64().unwrap(), sum);
}

/// Paths of all members of a JSON value; the places in lists do not count.
fn keys(value: &Value, path: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                let path = format!("{path}.{name}");
                out.insert(path.clone());
                keys(inner, &path, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, path, out)),
        _ => {}
    }
}

#[test]
fn both_languages_have_the_same_keys() {
    let record = super::waived::record();
    let sets = |lang| {
        let mut sets = Vec::new();
        for (name, text) in all(&record, lang) {
            let mut set = BTreeSet::new();
            match name {
                "ctrf" | "sarif" | "earl" | "har" => keys(&serde_json::from_str(&text).unwrap(), "", &mut set),
                "messages" => text.lines().for_each(|line| keys(&serde_json::from_str(line).unwrap(), "", &mut set)),
                // Elements with their classes.
                "html" | "lab" => {
                    set.extend(text.split('<').filter_map(|rest| rest.split('>').next()).filter_map(|tag| {
                        let name = tag.split_whitespace().next()?;
                        name.chars().all(|c| c.is_ascii_alphanumeric()).then(|| name.to_owned())
                    }))
                }
                _ => {
                    set.insert(text.lines().count().to_string());
                }
            }
            if name != "console" {
                sets.push((name, set));
            }
        }
        for file in render_allure(&record, lang).iter().filter(|file| file.name.ends_with(".json")) {
            let mut set = BTreeSet::new();
            keys(&serde_json::from_str(&file.text).unwrap(), "", &mut set);
            sets.push(("allure file", set));
        }
        sets
    };
    assert_eq!(sets(Lang::En), sets(Lang::ZhCn));
}

#[test]
fn texts_in_templates_and_code_stand_in_both_languages() {
    let sources = [
        ("report.html", include_str!("../../templates/report.html")),
        ("requirement.html", include_str!("../../templates/requirement.html")),
        ("case.html", include_str!("../../templates/case.html")),
        ("exchange.html", include_str!("../../templates/exchange.html")),
        ("lab.html", include_str!("../../templates/lab.html")),
    ];
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut seen = 0;
    for (name, source) in sources {
        for call in source.split(" t(\"").skip(1).chain(source.split("{{t(\"").skip(1)) {
            let (en, rest) = call.split_once('"').unwrap();
            let zh = rest.split('"').nth(1).unwrap();
            assert!(!en.trim().is_empty() && en.chars().all(|c| !is_han(c)), "{name}: {en:?}");
            assert!(
                zh.chars().any(|c| is_han(c) || "。、，；：）".contains(c)),
                "{name}: {en:?} has no Chinese: {zh:?}"
            );
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} texts found");
}

#[test]
fn every_format_is_written_into_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let written = crate::write_formats(&sample::record(), &Format::ALL, dir.path(), Lang::ZhCn).unwrap();
    assert_eq!(written.len(), Format::ALL.len() - 1, "the console writes nothing");
    assert!(written.iter().all(|path| path.exists()));
    // The same run replaces the same files.
    let count = || std::fs::read_dir(dir.path().join("allure-results")).unwrap().count();
    let before = count();
    crate::write_formats(&sample::record(), &Format::ALL, dir.path(), Lang::En).unwrap();
    assert_eq!(count(), before);
}
