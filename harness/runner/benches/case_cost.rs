//! The harness's own cost per case: 2,000 trivial cases against a null server, CPU time of the
//! thread that runs them, beside the same calls in a plain loop without the engine.
//!
//! Bar: under 1 ms of CPU per case. Time is read from the scheduler's account of the thread where
//! there is one (Linux); elsewhere wall time stands in, and the name says so.

#![allow(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ecric_model::binding::Operation;
use ecric_model::evidence::Part;
use ecric_reports::package::Journal;
use ecric_runner::{Permissions, Plan, RunOptions, Selection, Source, Suite, make_plan, run};
use ecric_target::{Body, Call, CaseConnection, Clock, Entropy, LoadedTarget, Target, native_template, parse_target};
use time::OffsetDateTime;

const CASES: usize = 2_000;

/// Answers every request with the same capabilities.
fn null_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let url = format!("http://{}", listener.local_addr().expect("a bound listener has an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    url
}

fn answer(mut stream: TcpStream) {
    let body = "{}";
    let reply =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let _ = stream.set_nodelay(true);
    let mut buffer = [0_u8; 8_192];
    // Bodyless requests only: each read is one request.
    while stream.read(&mut buffer).is_ok_and(|count| count > 0) && stream.write_all(reply.as_bytes()).is_ok() {}
}

fn suite() -> Suite {
    use std::fmt::Write as _;
    let mut register =
        String::from("schema: ecric.register/1\norder: 1\narea: null\ntitle: {en: n, zh: n}\nrequirements:\n");
    let mut source = Source::default();
    for block in 0..CASES / 100 {
        let id = format!("NUL-{block:03}");
        let _ = writeln!(
            register,
            "  - {{id: {id}, title: {{en: t, zh: t}}, role: issuer, level: shall, basis: [{{doc: d, clause: c, kind: derived}}], confidence: likely, profile: core, status: active}}"
        );
        let mut feature = format!("Feature: f\n  @{id}\n  Rule: r\n");
        for case in 0..100 {
            let _ = write!(
                feature,
                "\n    @{id}/{case:02} @issuer @core\n    Scenario: s\n      When the caller asks for the capabilities\n      Then the request is accepted\n"
            );
        }
        source.files.insert(format!("null/{block:03}.feature"), feature);
    }
    register = register.replace("area: null", "area: \"null\"");
    source.files.insert("null/requirements.yaml".to_owned(), register);
    let (suite, problems) = Suite::load(&source);
    assert!(problems.is_empty(), "{problems:?}");
    suite
}

/// CPU time of this thread.
fn thread_time() -> Option<Duration> {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    account.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn measured(work: impl FnOnce()) -> Duration {
    let (before, begin) = (thread_time(), Instant::now());
    work();
    match (before, thread_time()) {
        (Some(before), Some(after)) => after - before,
        _ => begin.elapsed(),
    }
}

fn clock() -> Clock {
    Arc::new(OffsetDateTime::now_utc)
}

fn run_plan(suite: &Suite, plan: &Plan, target: &LoadedTarget) {
    let options = RunOptions {
        seed: [1; 32],
        seed_text: "01".to_owned(),
        jobs: 16,
        fail_fast: false,
        keep_raw: false,
        salt_key: [0; 32],
        part: Part {
            part: 1,
            started: String::new(),
            started_ms: OffsetDateTime::now_utc().unix_timestamp() * 1_000,
            binary_sm3: String::new(),
            base: String::new(),
        },
        mode: "dev".to_owned(),
        case_limit: Duration::from_secs(60),
        command: "ecric run".to_owned(),
        commit: "bench".to_owned(),
        self_test: None,
        waivers: Vec::new(),
        watch: None,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let journal = Journal::nowhere();
    let record =
        run(suite, plan, target, &clock(), &options, &[], journal, None, &stop, &|_| ()).expect("the run starts");
    assert_eq!(record.exit_code, 0, "{:?}", record.counts);
}

fn plain_loop(target: &LoadedTarget) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = Target::new(target.settings.clone(), clock(), Entropy::new([1; 32], 0), false).expect("a client");
    let connection = CaseConnection::open(Arc::new(client), "", Duration::from_secs(60));
    runtime.block_on(async {
        for _ in 0..CASES {
            let answer = connection.call(Call::new(Operation::Capabilities, None, Body::None)).await.expect("a call");
            assert!(answer.is_success());
        }
    });
}

fn case_cost(criterion: &mut Criterion) {
    let suite = suite();
    let target =
        parse_target(&native_template("null", &null_server()), std::path::Path::new(".")).expect("a target file");
    let plan = make_plan(&suite, &target.ics, None, Permissions::default(), &Selection::default()).expect("a plan");
    assert_eq!(plan.cases.len(), CASES);
    let name = if thread_time().is_some() { "case_cost_cpu" } else { "case_cost_wall" };
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).throughput(Throughput::Elements(CASES as u64));
    group.bench_function("2000_cases", |bencher| {
        bencher.iter_custom(|rounds| (0..rounds).map(|_| measured(|| run_plan(&suite, &plan, &target))).sum());
    });
    group.bench_function("2000_calls_in_a_plain_loop", |bencher| {
        bencher.iter_custom(|rounds| (0..rounds).map(|_| measured(|| plain_loop(&target))).sum());
    });
    group.finish();
}

criterion_group!(benches, case_cost);
criterion_main!(benches);
