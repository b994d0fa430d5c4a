//! Planted secrets and personal values: none survives the recorder, whatever form it takes on the wire.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::any;
use ecric_model::binding::Operation;
use ecric_target::{Body, Call, CaseConnection, Entropy, Target, native_template, parse_target};
use serde_json::json;
use time::OffsetDateTime;

/// Values planted; a tenth of it per exchange.
const VALUES: usize = 10_000;

/// The forms of this test's own: plain, JSON escapes, URL, hex, base64 behind some bytes.
fn planted(value: &str, form: usize) -> String {
    let mut out = String::new();
    match form % 6 {
        0 => out.push_str(value),
        1 => {
            for unit in value.encode_utf16() {
                write!(out, "\\u{unit:04x}").unwrap();
            }
        }
        2 => value.bytes().for_each(|byte| write!(out, "%{byte:02x}").unwrap()),
        3 => value.bytes().for_each(|byte| write!(out, "{byte:02X}").unwrap()),
        4 => out = ecric_gm::encoding::b64(format!("{}{value}!", "x".repeat(form % 5)).as_bytes()),
        _ => out = ecric_gm::encoding::b64url(format!("{}{value}", "x".repeat(form % 4)).as_bytes()),
    }
    out
}

/// Every trace of a value that somebody could read back.
fn traces(value: &str) -> Vec<String> {
    let mut out = vec![value.to_owned()];
    out.extend((0..4).map(|form| planted(value, form)));
    for before in 0..3 {
        let text = ecric_gm::encoding::b64(&[&vec![0; before][..], value.as_bytes()].concat());
        let from = (before * 8).div_ceil(6);
        let to = (before + value.len()) * 8 / 6;
        out.push(text[from..to].to_owned());
    }
    out
}

fn value(n: usize) -> String {
    let mixed = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    match n % 3 {
        // A secret, a name, an address.
        0 => format!("k{mixed:016x}"),
        1 => {
            let letter = |shift: u32| char::from_u32(0x4e00 + ((mixed >> shift) as u32 & 0x3fff)).unwrap();
            [letter(0), letter(14), letter(28)].iter().collect()
        }
        _ => format!("{mixed:x}号院{}楼", n % 97),
    }
}

#[tokio::test]
async fn no_planted_value_is_recorded() {
    let answer = Arc::new(std::sync::Mutex::new(String::new()));
    let shared = Arc::clone(&answer);
    let app = Router::new()
        .fallback(any(|State(answer): State<Arc<std::sync::Mutex<String>>>, _: Bytes| async move {
            answer.lock().unwrap().clone()
        }))
        .with_state(shared);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });

    // Secrets come in as the target file brings them; here as one file of secrets.
    let folder = tempfile::tempdir().unwrap();
    let mut secrets = String::new();
    for n in (0..VALUES).step_by(3) {
        std::fs::write(folder.path().join(format!("s{n}")), value(n)).unwrap();
        write!(secrets, "\n  planted-{n}: \"${{file:s{n}}}\"").unwrap();
    }
    let text = native_template("planted", &url).replacen("secrets:", &format!("secrets:{secrets}"), 1);
    let loaded = parse_target(&text, folder.path()).unwrap();
    let clock: ecric_target::Clock = Arc::new(OffsetDateTime::now_utc);
    let target = Target::new(loaded.settings, clock, Entropy::new([1; 32], 0), false).unwrap().with_salts([7; 32]);
    let target = Arc::new(target);
    let mut written = String::new();
    for batch in 0..10 {
        let connection =
            CaseConnection::open(Arc::clone(&target), &format!("AAA-00{batch}/01"), Duration::from_secs(60));
        let of_batch = || (0..VALUES).filter(|n| n % 10 == batch);
        connection.add_personal(of_batch().filter(|n| n % 3 != 0).map(value));
        let items: Vec<String> = of_batch().map(|n| planted(&value(n), n / 10)).collect();
        *answer.lock().unwrap() = items.join(" ");
        let body = json!({"items": items});
        connection.call(Call::new(Operation::Metadata, Some("x"), Body::Json(body))).await.unwrap();
        for recorded in connection.take_recorded() {
            written.push_str(&recorded.to_line().unwrap());
        }
        written.push_str(&connection.redacted(&items.join("\n")));
    }
    assert!(written.len() > 100_000 / 4, "bodies are cut, not dropped");
    let found: Vec<usize> =
        (0..VALUES).filter(|n| traces(&value(*n)).iter().any(|trace| written.contains(trace.as_str()))).collect();
    assert!(
        found.is_empty(),
        "{} of {VALUES} values survive, for example {:?}",
        found.len(),
        &found[..found.len().min(5)]
    );
}
