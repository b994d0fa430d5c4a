//! Takes every check of `harness/checks` out, one at a time, and sees whether the killing cases of the
//! mutants notice: a check whose loss nobody notices survives. Needs a debug build with the feature:
//! `cargo test -p ecric --features ablation --test check_survivors -- --nocapture` (some four minutes).
//!
//! Only mutants whose killing cases call the check are run, each with its killing case alone.

#![cfg(feature = "ablation")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ecric_model::brief::Brief;
use ecric_model::mutant::MutantInfo;
use ecric_model::verdict::Verdict;
use ecric_reference::mutants;
use support::{Serving, ecric, vendor_file};

/// Most survivors, of a hundred checks.
const SURVIVORS_OF_100: usize = 5;

/// Every check: module and function, as [`ablatable!`] names it.
fn checks() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checks/src");
    let mut out = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("    ablatable!(\"")) {
            let name = line.split('"').next().unwrap();
            out.insert(if module == "lib" { name.to_owned() } else { format!("{module}::{name}") });
        }
    }
    out
}

/// Verdict of the killing case, and the checks that were called.
fn run(folder: &Path, info: &MutantInfo, ablated: Option<&str>) -> (Option<Verdict>, Vec<String>) {
    let calls = folder.join(format!("{}.calls", info.id));
    let mut command = ecric(folder);
    command.args(["run", "--brief", "--seed", "7"]).env("ECRIC_ABLATE_CALLS", &calls);
    let serving = info.vendor.map(|vendor| Serving::vendor(folder, vendor, info.id));
    match (info.vendor, &serving) {
        (Some(vendor), Some(serving)) => command.arg(vendor_file(vendor)).env("ECRIC_URL", &serving.url),
        _ => command.args(["--mutant", info.id]),
    };
    // Last: it takes all that follows.
    command.args(["--only", info.killed_by]);
    if let Some(check) = ablated {
        command.env("ECRIC_ABLATE", check);
    }
    let output = command.output().unwrap();
    let brief: Option<Brief> = serde_json::from_slice(&output.stdout).ok();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let verdict = brief
        .unwrap_or_else(|| panic!("{} {ablated:?}: no line of JSON: {said}", info.id))
        .cases
        .get(info.killed_by)
        .copied();
    let called = std::fs::read_to_string(&calls).unwrap_or_default();
    (verdict, called.lines().map(str::to_owned).collect())
}

fn is_red(verdict: Option<Verdict>) -> bool {
    verdict.is_some_and(|verdict| verdict.is_red() || verdict == Verdict::Warn)
}

/// Does the work for each item on every core.
fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(item);
                    done.lock().unwrap().push(result);
                }
            });
        }
    });
    done.into_inner().unwrap()
}

/// Checks whose survival `docs/selftest.md` explains: rows of the table under the heading.
fn explained() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/selftest.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with("Checks whose loss goes unnoticed"));
    let rows = section.expect("the section").lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|line| line.split('`').next().map(str::to_owned)).collect()
}

#[test]
fn the_loss_of_a_check_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let infos: Vec<MutantInfo> = mutants().iter().map(|mutant| mutant.info).collect();
    let mut callers: BTreeMap<String, Vec<(bool, MutantInfo)>> = BTreeMap::new();
    for (info, verdict, called) in on_all_cores(&infos, |info| {
        let (verdict, called) = run(folder.path(), info, None);
        (*info, verdict, called)
    }) {
        assert!(is_red(verdict), "{} lives although nothing is taken out", info.id);
        let last = called.last().cloned();
        for check in called.into_iter().collect::<BTreeSet<_>>() {
            let is_last = last.as_ref() == Some(&check);
            callers.entry(check).or_default().push((is_last, info));
        }
    }
    let names: Vec<String> = checks().into_iter().collect();
    let results = on_all_cores(&names, |check| {
        let mut candidates = callers.get(check).cloned().unwrap_or_default();
        // The check called last is the one that most likely judged.
        candidates.sort_by_key(|(is_last, info)| (!is_last, info.id));
        let noticed = candidates.iter().find(|(_, info)| {
            let place = folder.path().join(check.replace("::", "-"));
            std::fs::create_dir_all(&place).unwrap();
            !is_red(run(&place, info, Some(check)).0)
        });
        (check.clone(), candidates.len(), noticed.map(|(_, info)| (info.id, info.killed_by)))
    });
    let mut survivors = BTreeSet::new();
    for (check, callers, noticed) in results {
        match noticed {
            Some((mutant, case)) => println!("{check}: noticed, {mutant} then survives {case}"),
            None => {
                println!("{check}: SURVIVES, called by the killing cases of {callers} mutants");
                survivors.insert(check);
            }
        }
    }
    println!("{} of {} checks survive", survivors.len(), names.len());
    assert_eq!(survivors, explained(), "each survivor is explained in docs/selftest.md, and nothing else is");
    assert!(survivors.len() * 100 <= SURVIVORS_OF_100 * names.len(), "{survivors:?}");
}
