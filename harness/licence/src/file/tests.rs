#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use serde_json::json;

use super::*;

#[test]
fn trust_lists_are_read_member_by_member() {
    let wrong = |list| Trust::from_list(&list).unwrap_err().member;
    assert_eq!(wrong(json!({"roots": 1})), "roots");
    assert_eq!(wrong(json!({"roots": [{}]})), "roots[0].der");
    assert_eq!(wrong(json!({"roots": [{"der": "AAAA"}]})), "roots[0].der");
    assert_eq!(wrong(json!({"crls": ["%"]})), "crls[0]");
    let empty = Trust::from_list(&json!({})).unwrap();
    assert!(empty.roots.is_empty() && empty.signers.is_empty());
}

#[test]
fn switches_are_set_by_name() {
    let mut policy = Policy::default();
    for switch in Policy::SWITCHES {
        let (name, values) = switch.split_once('=').unwrap();
        for value in values.split('|').filter(|value| !value.contains("ROLE")) {
            policy.set(name, value).unwrap();
        }
    }
    policy.set("extra_records", "status,copy").unwrap();
    assert_eq!(policy.extra_records, [Role::Status, Role::Copy]);
    for (name, value) in [("ses_v1", "yes"), ("nothing", "on"), ("extra_records", "boss")] {
        assert!(policy.set(name, value).is_err(), "{name}={value}");
    }
}

#[test]
fn bytes_that_are_no_package_stop_at_the_container() {
    let trust = Trust::default();
    for bytes in [&b""[..], b"x", b"%PDF-1.7", &[0; 1000]] {
        for reading in [Reading::Strict, Reading::Lenient] {
            let report = verify_file(bytes, &trust, &Policy::default(), reading, OffsetDateTime::UNIX_EPOCH);
            assert_eq!(report.verdict, Verdict::Invalid);
            assert_eq!(report.primary().map(|(step, reason)| (step, reason.code)), Some((StepId::P1, "ZIP_MALFORMED")));
            assert!(report.steps[1..].iter().all(|step| step.outcome == Outcome::Skipped));
        }
    }
}
