//! Stand-in vendor beta through its target file: conformant as it is, red where its core is wrong.

use crate::support::vendor::{is_conformant_but_for, shows_faults};

/// Requirements that beta's dialect cannot show, with what the target file says of them.
const ABSENT: &[(&str, &str)] = &[
    ("PKI-010", "PKI-010 is declared absent"),
    ("PKI-013", "PKI-013 is declared absent"),
    ("PKI-014", "status_list is not declared"),
];

#[test]
fn beta_is_conformant_and_says_what_it_cannot_show() {
    is_conformant_but_for("beta", ABSENT);
}

/// Faults that beta's own form could hide: states, jobs, what is told beside what was asked, problems,
/// bytes and links, digits in texts, stages.
const SHOWN: &[&str] = &[
    "M-LIF-001-a",
    "M-LIF-001-b",
    "M-LIF-014-a",
    "M-LIF-019-a",
    "M-IDM-001-a",
    "M-IDM-004-b",
    "M-IDM-006-a",
    "M-IFC-019-b",
    "M-MD-012-a",
    "M-MD-015-b",
    "M-MD-017-a",
    "M-DAT-010-a",
    "M-FIL-013-a",
    "M-FIL-016-a",
    "M-PKI-011-a",
    "M-VER-010-a",
    "M-VER-017-b",
    "M-VER-020-a",
    "M-VER-028-a",
    "M-VER-034-a",
];

#[test]
fn faults_of_the_core_show_through_beta() {
    // One of beta's words stands for several classes of the chain; its headers, capabilities and unknown paths are
    // its own; it has no entity tags, and walks repeat keys over the native wire only.
    let hidden = [
        "M-PKI-002-d",
        "M-COM-030-a",
        "M-COM-030-b",
        "M-PRV-006-a",
        "M-PKI-008-a",
        "M-IFC-019-c",
        "M-PRV-009-b",
        "M-LIF-023-f",
    ];
    shows_faults("beta", SHOWN, &hidden);
}
