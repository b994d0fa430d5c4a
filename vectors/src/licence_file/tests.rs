#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "tests")]

use std::collections::BTreeSet;

use ecric_licence::file::{FileReport, Policy, Reading, Trust, Verdict, verify_file};
use ecric_model::reason::class_of;

use super::*;
use crate::pki::TestPki;

fn policy(switches: &[(&str, &str)]) -> Policy {
    let mut policy = Policy::default();
    for (name, value) in switches {
        policy.set(name, value).unwrap();
    }
    policy
}

fn judge(bytes: &[u8], trust: &Trust, switches: &[(&str, &str)]) -> FileReport {
    verify_file(bytes, trust, &policy(switches), Reading::Strict, EVALUATED)
}

fn shown(report: &FileReport) -> String {
    let lines: Vec<String> =
        report.reasons().map(|(step, reason)| format!("{} {}: {}", step.id(), reason.text(), reason.detail)).collect();
    format!("{} {lines:#?}", report.verdict.word())
}

#[test]
fn base_files_are_valid() {
    let pki = TestPki::published().unwrap();
    let trust = pki.trust().unwrap();
    for base in BASES {
        let bytes = make_base(&pki, base.name, &default_person()).unwrap().unwrap();
        assert_eq!(bytes, make_base(&pki, base.name, &default_person()).unwrap().unwrap());
        let report = judge(&bytes, &trust, &[]);
        assert_eq!(report.verdict == Verdict::Valid, base.valid, "{}: {}", base.name, shown(&report));
        if !base.switches.is_empty() {
            let report = judge(&bytes, &trust, base.switches);
            assert_eq!(report.verdict, Verdict::Valid, "{}: {}", base.name, shown(&report));
        }
        let lenient = verify_file(&bytes, &trust, &policy(base.switches), Reading::Lenient, EVALUATED);
        if base.name != "sign-raw" {
            assert_eq!(lenient.verdict, Verdict::Valid, "{}: {}", base.name, shown(&lenient));
        }
    }
}

#[test]
fn every_attack_stops_at_its_step_with_its_reason() {
    let pki = TestPki::published().unwrap();
    let trust = pki.trust().unwrap();
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for attack in attacks() {
        assert!(ids.insert(attack.id), "{}", attack.id);
        let bytes = attack.make(&pki, &default_person()).unwrap();
        let report = judge(&bytes, &trust, attack.switches);
        let primary = report.primary().map(|(step, reason)| (step, reason.code));
        println!(
            "{:6} {:16} {} {:4} {:24} {}",
            attack.id,
            attack.base,
            attack.redo.letter(),
            primary.map_or("-", |(step, _)| step.id()),
            primary.map_or("-", |(_, code)| code),
            attack.comment
        );
        let class = |code: &str| class_of(code).map_or("?", |class| class.code);
        let as_wanted = match primary {
            None => attack.codes.is_empty(),
            Some((step, code)) => step == attack.step && attack.codes.contains(&code),
        };
        let allowed = |code: &str| attack.codes.iter().chain(attack.knock_on).any(|other| class(other) == class(code));
        let stray: Vec<&str> = report.reasons().map(|(_, reason)| reason.code).filter(|code| !allowed(code)).collect();
        if report.verdict != attack.verdict || !as_wanted || !stray.is_empty() {
            wrong.push(format!(
                "{} wanted {} {:?}, stray {stray:?}: {}",
                attack.id,
                attack.step.id(),
                attack.codes,
                shown(&report)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), ids.len(), wrong.join("\n"));
    assert!(ids.len() >= 190, "{}", ids.len());
}

/// Samples at least 20,000 places when `ECRIC_LONG` is set, some hundreds otherwise.
#[test]
fn one_changed_byte_is_never_valid() {
    let pki = TestPki::published().unwrap();
    let trust = pki.trust().unwrap();
    let bytes = make_base(&pki, "orig", &default_person()).unwrap().unwrap();
    let package = ecric_licence::ofd::zip::audit(&bytes).unwrap();
    let entries: std::collections::BTreeMap<String, Vec<u8>> =
        package.entries().map(|(name, content)| (name.to_owned(), content.to_vec())).collect();
    let wanted = if std::env::var_os("ECRIC_LONG").is_some() { 20_000 } else { 400 };
    let total: usize = entries.values().map(Vec::len).sum();
    let mut tried = 0;
    for n in 0..wanted {
        // Spread over all entries; the bit walks along.
        let mut at = n * total / wanted;
        let name = entries.iter().find(|(_, content)| {
            if at < content.len() {
                true
            } else {
                at -= content.len();
                false
            }
        });
        let Some((name, content)) = name else { continue };
        // The list of signatures is not covered in an original: what it may change is judged by the attacks on it.
        if name.ends_with("Signatures.xml") {
            continue;
        }
        let mut changed = entries.clone();
        let mut other = content.clone();
        other[at] ^= 1 << (n % 8);
        changed.insert(name.clone(), other);
        let report = judge(&ecric_licence::ofd::zip::write_package(&changed), &trust, &[]);
        assert_eq!(report.verdict, Verdict::Invalid, "{name} byte {at}: {}", shown(&report));
        tried += 1;
    }
    assert!(tried > wanted * 9 / 10, "{tried}");
}
