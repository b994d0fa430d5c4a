//! Wall time of the full plan on the embedded reference, process start to exit, with evidence and
//! reports written. Beside it, as a baseline in the same run: the same binary printing the plan,
//! which is start-up and planning without a target. Bar: under 5 s on two cores.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use std::path::Path;
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

fn ecric(folder: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_ecric"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the binary starts");
    assert!(status.success());
}

fn full_plan(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut group = criterion.benchmark_group("full_plan");
    group.sample_size(10);
    group.bench_function("run", |bencher| bencher.iter(|| ecric(folder.path(), &["run"])));
    group.bench_function("plan_only", |bencher| bencher.iter(|| ecric(folder.path(), &["plan"])));
    group.finish();
}

criterion_group!(benches, full_plan);
criterion_main!(benches);
