//! Stand-in vendor alpha through its target file: conformant as it is, red where its core is wrong.

use crate::support::vendor::{is_conformant_but_for, shows_faults};
use crate::support::{Serving, run_in};

/// Requirements that alpha's dialect cannot show, with what the target file says of them.
const ABSENT: &[(&str, &str)] = &[
    ("ISS-003", "issuer.issue.personaRef is declared absent"),
    ("IDM-001", "declared absent"),
    ("IDM-002", "declared absent"),
    ("IDM-004", "declared absent"),
    ("IDM-005", "declared absent"),
    ("IDM-006", "declared absent"),
    ("LIF-014", "declared absent"),
    ("LIF-015", "declared absent"),
    ("LIF-016", "declared absent"),
    ("LIF-019", "declared absent"),
    ("PRE-028", "batch is not declared"),
    ("PKI-014", "status_list is not declared"),
    ("VER-020", "batch is not declared"),
    ("VER-021", "batch is not declared"),
    ("VER-022", "batch is not declared"),
    ("VER-023", "batch is not declared"),
    ("VER-031", "batch is not declared"),
    ("VER-040", "batch is not declared"),
    ("VER-041", "batch is not declared"),
];

#[test]
fn alpha_is_conformant_and_says_what_it_cannot_show() {
    is_conformant_but_for("alpha", ABSENT);
}

#[test]
fn a_code_that_alpha_does_not_document_is_a_gap_of_the_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/examples/alpha.yaml");
    let text = std::fs::read_to_string(file).unwrap();
    // Alpha answers 77 where a serial is longer than it can keep.
    let (before, after) = text.split_once("/service/queryCertInfo.do").unwrap();
    let after = after.replacen("<serial>{{ uuid }}", "<serial>{{ uuid }}{{ uuid }}", 1);
    std::fs::write(folder.path().join("long.yaml"), format!("{before}/service/queryCertInfo.do{after}")).unwrap();
    let serving = Serving::start(folder.path(), &["--vendor", "alpha"]);
    let variables = [("ECRIC_URL", serving.url.as_str())];
    let done = run_in(folder.path(), "out", &["long.yaml", "--only", "MD-001", "--seed", "7"], &variables);
    assert_eq!(done.code, Some(3), "{}", done.stdout);
    let case = done.case("MD-001/01");
    assert_eq!((&case["verdict"], &case["cause"]), (&"INCONCLUSIVE".into(), &"mapping".into()), "{case}");
    assert!(case.to_string().contains("77"), "{case}");
}

/// Faults that alpha's own words could hide: states, messages, withheld data, signed members, digits of stages.
const SHOWN: &[&str] = &[
    "M-LIF-001-a",
    "M-LIF-010-a",
    "M-LIF-018-a",
    "M-IFC-019-b",
    "M-IFC-023-a",
    "M-IFC-026-a",
    "M-MD-012-a",
    "M-MD-015-b",
    "M-MD-017-a",
    "M-DAT-010-a",
    "M-AUD-006-a",
    "M-PKI-010-a",
    "M-PKI-013-a",
    "M-FIL-013-a",
    "M-VER-010-a",
    "M-VER-017-b",
    "M-VER-027-b",
    "M-VER-028-a",
    "M-VER-034-a",
];

/// Faults that alpha's wire mends or hides: it writes every date without hyphens and every state as a digit, one
/// word stands for several classes of the chain, its headers, refusals, capabilities and unknown paths are its own,
/// it has no entity tags, keys and expected versions, and information about destroyed licences is withheld.
const MENDED: &[&str] = &[
    "M-COM-030-a",
    "M-COM-030-b",
    "M-MD-010-b",
    "M-LIF-001-b",
    "M-PKI-002-d",
    "M-PRV-006-a",
    "M-PRV-006-b",
    "M-PKI-008-a",
    "M-IFC-019-c",
    "M-PRV-009-b",
    "M-LIF-023-f",
    "M-LIF-023-k",
    "M-LIF-023-m",
    "M-LIF-023-n",
];

#[test]
fn faults_of_the_core_show_through_alpha() {
    shows_faults("alpha", SHOWN, MENDED);
}
