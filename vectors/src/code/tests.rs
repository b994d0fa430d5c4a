#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeSet;

use ecric_licence::code::{CodeReport, Expected, Inquiry, check_code, parse_code, parse_request};
use ecric_licence::file::{Trust, Verdict};
use proptest::prelude::*;

use super::*;

static MADE: std::sync::LazyLock<(TestPki, Trust)> = std::sync::LazyLock::new(|| {
    let pki = TestPki::published().unwrap();
    let trust = pki.trust().unwrap();
    (pki, trust)
});

fn trust() -> (&'static TestPki, &'static Trust) {
    (&MADE.0, &MADE.1)
}

fn check(text: &str, spec: &CodeSpec, trust: &Trust, at: OffsetDateTime) -> CodeReport {
    let audience = spec.audience.clone().unwrap_or_else(|| RELYING_PARTY.1.to_owned());
    let expected = Expected { audience: &audience, scene: spec.scene, nonce: spec.nonce.as_deref() };
    check_code(text, &Inquiry { trust, expected: Some(expected), at, ignore: &BTreeSet::new() })
}

#[test]
fn every_base_holds_and_fits_its_cap() {
    let (pki, trust) = trust();
    for (name, _) in CODE_BASES {
        let spec = CodeSpec::fixed(name).unwrap();
        let made = make_code(pki, &spec, None).unwrap();
        let report = check(&made.text, &spec, trust, spec.at + time::Duration::seconds(10));
        assert_eq!(report.verdict(), Verdict::Valid, "{name}: {:?}", report.reasons().collect::<Vec<_>>());
        let most = if spec.is_offline() { 970 } else { 335 };
        assert!(made.text.len() <= most, "{name} has {} characters", made.text.len());
        assert_eq!(report.attributes.is_empty(), !spec.is_offline(), "{name}");
    }
}

#[test]
fn every_defect_is_stopped_at_its_step_for_its_reason() {
    let (pki, trust) = trust();
    let mut names = BTreeSet::new();
    for defect in code_defects() {
        assert!(names.insert(defect.name), "{} stands twice", defect.name);
        let spec = CodeSpec::fixed(defect.base).unwrap();
        let made = make_code(pki, &spec, Some(&defect)).unwrap();
        let report = check(&made.text, &spec, trust, spec.at);
        let found: Vec<_> = report.reasons().map(|(step, reason)| (step, reason.code)).collect();
        let primary = found.first().copied().unwrap_or_else(|| panic!("{}: nothing is wrong", defect.name));
        assert_eq!(primary.0, defect.step, "{}: {found:?}", defect.name);
        assert!(defect.codes.contains(&primary.1), "{}: {found:?}", defect.name);
        for (_, code) in &found[1..] {
            assert!(defect.knock_on.contains(code), "{}: stray {code} in {found:?}", defect.name);
        }
        assert_eq!(report.verdict(), Verdict::Invalid, "{}", defect.name);
    }
    assert!(names.len() >= 60, "{}", names.len());
}

#[test]
fn the_edges_of_time_are_where_binding_v1_puts_them() {
    let (pki, trust) = trust();
    let spec = CodeSpec::fixed("online").unwrap();
    let text = make_code(pki, &spec, None).unwrap().text;
    for (seconds, code) in
        [(-30, None), (-31, Some("CODE_FUTURE")), (59, None), (60, None), (90, None), (91, Some("CODE_EXPIRED"))]
    {
        let report = check(&text, &spec, trust, spec.at + time::Duration::seconds(seconds));
        assert_eq!(report.reasons().next().map(|(_, reason)| reason.code), code, "{seconds}");
    }
}

#[test]
fn nobody_listed_is_no_verdict() {
    let spec = CodeSpec::fixed("online").unwrap();
    let (pki, _) = trust();
    let text = make_code(pki, &spec, None).unwrap().text;
    assert_eq!(check(&text, &spec, &Trust::default(), spec.at).verdict(), Verdict::Indeterminate);
}

#[test]
fn a_request_of_the_relying_party_is_read_back() {
    let (pki, _) = trust();
    let spec = CodeSpec::fixed("online").unwrap();
    let text = make_request(pki, &spec).unwrap();
    let read = parse_request(&text).unwrap();
    assert_eq!(read.request.scope, spec.scope);
    assert!(read.envelope.holds_with(pki.key("XG11").public_key()));
}

#[test]
fn codes_of_other_material_share_no_identifier() {
    let (pki, _) = trust();
    let payload = |material: &[u8]| {
        let spec = CodeSpec::of_base("online", CODE_TIME, material).unwrap();
        parse_code(&make_code(pki, &spec, None).unwrap().text).unwrap().payload
    };
    let (one, other) = (payload(b"1"), payload(b"2"));
    assert!(one.code_id != other.code_id && one.handle != other.handle && one.code_id != one.handle);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn one_changed_byte_is_never_valid(at in 0_usize..700, mask in 1_u8.., base in 0_usize..5) {
        let (pki, trust) = trust();
        let spec = CodeSpec::fixed(CODE_BASES[base].0).unwrap();
        let text = make_code(pki, &spec, None).unwrap().text;
        let mut bytes = ecric_licence::code::base45::parse_base45(&text[5..]).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= mask;
        let report = check(&encode(Domain::Code, &bytes), &spec, trust, spec.at);
        prop_assert_eq!(report.verdict(), Verdict::Invalid);
    }
}
