//! Verification of a whole licence file against what SM2 alone costs, both in the same run.
//!
//! Baseline: one SM2 verification times the number of them that a verification of `orig` needs: seal
//! signature and seal, the certificates of signer and maker, the intermediate above both, and the
//! revocation lists of root and intermediate. Bar: baseline / actual of at least 0.8, stored and
//! compressed. Nothing is kept from one verification to the next.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a bench that cannot be set up has nothing to measure")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey};
use ecric_gm::x509::crl::Crl;
use ecric_licence::file::{Policy, Reading, Trust, Verdict, verify_file};
use ecric_vectors::licence_file::{EVALUATED, default_person, make_base};
use ecric_vectors::pki::TestPki;

/// Seal signature and seal; two leaves, one intermediate; two lists.
const NEEDED: u32 = 2 + 3 + 2;

/// Only the newest list of each issuer on the path; the suite's others are of no use to this file.
fn trust(pki: &TestPki) -> Trust {
    let mut trust = pki.anchors();
    let lists = pki.lists().expect("the lists can be made");
    let wanted = lists.iter().filter(|(name, _)| ["root-a", "intermediate-a1"].contains(&name.as_str()));
    trust.evidence.lists = wanted.filter_map(|(_, der)| Crl::read(der).ok()).collect();
    trust
}

fn file_verification(criterion: &mut Criterion) {
    let pki = TestPki::published().expect("the test PKI can be made");
    let (trust, policy) = (trust(&pki), Policy::default());
    let key = SecretKey::derive(b"bench", "file_verification");
    let message = [0x5a; 1_024];
    let signature = sm2::sign(&key, DEFAULT_ID, &message).expect("the key signs");
    let one = || sm2::verify(key.public_key(), DEFAULT_ID, black_box(&message), black_box(&signature)).is_ok();
    let files = ["orig", "orig-deflate"].map(|name| {
        let bytes = make_base(&pki, name, &default_person()).expect("the base can be made");
        (name, bytes.expect("the base is in the list"))
    });
    let whole = |bytes: &[u8]| verify_file(black_box(bytes), &trust, &policy, Reading::Strict, EVALUATED);
    for (name, bytes) in &files {
        assert_eq!(whole(bytes).verdict, Verdict::Valid, "{name}");
        let times = times(&one, &|| whole(bytes).verdict == Verdict::Valid);
        let ratio = (times[0] * NEEDED).as_secs_f64() / times[1].as_secs_f64();
        println!("{name}: {NEEDED} SM2 verifications, baseline / actual = {ratio:.2} (bar 0.80), {times:?}");
    }
    let mut group = criterion.benchmark_group("file_verification");
    group.bench_function("sm2_verify", |bencher| bencher.iter(one));
    for (name, bytes) in &files {
        group.bench_function(*name, |bencher| bencher.iter(|| whole(bytes)));
    }
    group.finish();
}

/// The two are measured by turns, so that a busy machine slows both; the best rounds count.
fn times(one: &dyn Fn() -> bool, whole: &dyn Fn() -> bool) -> [Duration; 2] {
    let timed = |rounds: u32, work: &dyn Fn() -> bool| {
        let begin = Instant::now();
        for _ in 0..rounds {
            assert!(work());
        }
        begin.elapsed() / rounds
    };
    let (mut baseline, mut actual) = (Duration::MAX, Duration::MAX);
    for _ in 0..20 {
        baseline = baseline.min(timed(50, one));
        actual = actual.min(timed(10, whole));
    }
    [baseline, actual]
}

criterion_group!(benches, file_verification);
criterion_main!(benches);
