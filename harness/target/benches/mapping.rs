//! What a mapping costs: one operation over a dialect against the same call of binding v1, both over
//! loopback HTTP to a server that always answers the same. Bar: at most 0.3 ms more per operation.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot be set up has nothing to measure")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use ecric_model::binding::Operation;
use ecric_target::{Body, Call, CaseConnection, Entropy, Target, native_template, parse_target};
use serde_json::json;
use support::Canning;
use time::macros::datetime;

const ID: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.000000000000000001.001.I";
const XML: &str = "<response><head><resultcode>0</resultcode><resultmsg>ok</resultmsg></head><data>\
    <certificateIdentifier>1.2</certificateIdentifier><certificateStatus>1</certificateStatus><statusSeq>1</statusSeq>\
    <statusTime>20260101100000</statusTime><items><item><columnName>XM</columnName><value>n</value></item>\
    <item><columnName>CSRQ</columnName><value>19900307</value></item></items></data></response>";

fn connection(text: &str) -> CaseConnection {
    let loaded = parse_target(text, Path::new(".")).unwrap();
    let clock = Arc::new(|| datetime!(2026-06-01 09:00 +8));
    let target = Target::new(loaded.settings, clock, Entropy::new([1; 32], 0), false).unwrap();
    CaseConnection::open(Arc::new(target), "case", Duration::from_secs(3_600))
}

fn call() -> Call {
    let stated = json!({"certificateCopyCause": "bench", "certificateSystemName": "ecric"});
    let body = json!({"attributes": ["name", "birthDate"], "use": stated});
    Call::new(Operation::Metadata, Some(ID), Body::Json(body))
}

fn mapping(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let xml = runtime.block_on(Canning::start(vec![(200, "application/xml; charset=UTF-8", XML.to_owned())]));
    let json = runtime.block_on(Canning::start(vec![(200, "application/json", "{\"licence\":{}}".to_owned())]));
    let mapped = connection(&include_str!("../examples/alpha.yaml").replace("${env:ECRIC_URL}", &xml.url));
    let native = connection(&native_template("bench", &json.url));
    let one = |connection: &CaseConnection| {
        let answer = runtime.block_on(connection.call(call())).unwrap();
        let _ = connection.take_exchanges();
        assert_eq!(answer.status, 200, "{:?}", answer.json);
    };
    criterion.bench_function("native_call", |bencher| bencher.iter(|| one(&native)));
    criterion.bench_function("mapped_call", |bencher| bencher.iter(|| one(&mapped)));
    let time = |connection: &CaseConnection| {
        let began = Instant::now();
        (0..2_000).for_each(|_| one(connection));
        began.elapsed() / 2_000
    };
    let (native, mapped) = (time(&native), time(&mapped));
    let more = mapped.saturating_sub(native);
    println!("native {native:?}, mapped {mapped:?}: {more:?} more per operation (bar 300 µs)");
}

criterion_group!(benches, mapping);
criterion_main!(benches);
