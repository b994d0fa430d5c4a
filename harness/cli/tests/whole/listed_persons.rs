//! Persons of kind preprovisioned: made beforehand, named in the file, taken by the cases that they fit. The product
//! offers no test controls while it is tested.

use std::path::Path;

use crate::support::{Finished, Serving, ecric, run_in};
use serde_json::{Map, Value, json};

/// Name in the file, name, citizen number (made up), state.
const PERSONS: &[(&str, &str, &str, &str)] = &[
    ("P001", "测试甲", "110199199003070017", "VALID"),
    ("P002", "测试乙", "110199199003070025", "VALID"),
    ("P010", "测试庚", "11019919930303005X", "VALID"),
    ("P012", "测试壬", "110199199101020136", "SUSPENDED"),
    ("P017", "测试卯", "11019919910107023X", "NONE"),
];

fn holder(name: &str, number: &str) -> Value {
    let digit = u32::from(number.as_bytes()[16] - b'0');
    json!({
        "name": name, "idNumber": number, "ethnicity": "03", "sex": if digit % 2 == 1 { "1" } else { "2" },
        "birthDate": format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]),
        "address": format!("测试省测试市测试路{digit}号"), "issuingAuthority": "测试市公安局测试分局",
    })
}

/// Makes the persons through T3 and gives what the file says about them.
fn provision(folder: &Path, url: &str) -> Value {
    std::fs::write(folder.join("make.yaml"), ecric_target::native_template("make", url)).unwrap();
    let mut map = Map::new();
    for (key, name, number, state) in PERSONS {
        let person = json!({"personaRef": key, "holder": holder(name, number), "state": state});
        let body = json!({"action": "CREATE", "personas": [person]});
        std::fs::write(folder.join("in.json"), body.to_string()).unwrap();
        let output = ecric(folder)
            .args(["target", "call", "make.yaml", "--op", "test.personas", "--in", "in.json"])
            .output()
            .unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let mut listed = json!({"state": state, "holder": holder(name, number)});
        if *state != "NONE" {
            listed["certificate_identifier"] = answer["body"]["personas"][0]["certificateIdentifier"].clone();
        }
        map.insert((*key).to_owned(), listed);
    }
    Value::Object(map)
}

fn without_controls(url: &str, personas: &Value) -> String {
    let text = ecric_target::native_template("listed", url);
    let controls =
        "presentation, offline,\n             clock_control, persona_control, trust_control, fault_injection]";
    assert!(text.contains(controls));
    text.replace(controls, "presentation, offline]")
        .replace("personas: {mode: api}", &format!("personas: {}", json!({"mode": "preprovisioned", "map": personas})))
}

fn verdict(done: &Finished, id: &str) -> (String, String) {
    let case = done.case(id);
    let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (of(&case["verdict"]), of(&case["cause"]))
}

#[test]
fn cases_take_listed_persons_and_the_others_are_inconclusive() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let listed = {
        let serving = Serving::start(folder.path(), &["--listen", "127.0.0.1:0", "--data", data]);
        provision(folder.path(), &serving.url)
    };
    let serving = Serving::start(folder.path(), &["--listen", "127.0.0.1:0", "--data", data, "--test-mode", "off"]);
    std::fs::write(folder.path().join("listed.yaml"), without_controls(&serving.url, &listed)).unwrap();
    let only = ["--only", "MD-001,COM-014,LIF-002,ISS-001,DAT-007", "--seed", "7", "--jobs", "1"];
    let known: Vec<&str> = only.to_vec();
    let done = run_in(folder.path(), "out", &[&["listed.yaml"], known.as_slice()].concat(), &[]);
    assert_eq!(done.code, Some(3), "{}{}", done.stdout, done.stderr);
    let cases = done.record["cases"].as_array().unwrap();
    let of = |verdict: &str| cases.iter().filter(|case| case["verdict"] == verdict).count();
    assert!(of("PASS") >= 3 && of("INCONCLUSIVE") >= 1, "{}", done.stdout);
    assert_eq!(of("PASS") + of("INCONCLUSIVE"), cases.len(), "{}", done.stdout);
    assert_eq!(verdict(&done, "COM-014/01"), ("PASS".into(), String::new()));
    for case in cases.iter().filter(|case| case["verdict"] == "INCONCLUSIVE") {
        assert!(["persona", "twin"].contains(&case["cause"].as_str().unwrap()), "{case}");
        assert!(!case["cause_detail"]["zh"].as_str().unwrap().is_empty());
    }
    let evidence = std::fs::read_to_string(done.folder.join("evidence/exchanges.ndjson")).unwrap();
    assert!(
        !evidence.contains("/v1/test/") && !evidence.contains("测试甲"),
        "a test control or a name in the evidence"
    );
}
