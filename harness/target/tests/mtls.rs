//! A client certificate reaches a server that asks for one. Needs the OpenSSL command line; says so without it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ecric_model::binding::Operation;
use ecric_target::{Body, Call, CaseConnection, Entropy, Target, parse_target};
use time::OffsetDateTime;

fn openssl(folder: &Path, arguments: &[&str]) -> bool {
    let command = Command::new("openssl").args(arguments).current_dir(folder).stderr(Stdio::null()).status();
    command.is_ok_and(|status| status.success())
}

/// A key and a certificate of its own in PEM; the server's is for the loopback address.
fn make(folder: &Path, name: &str) -> bool {
    let (key, cert, subject) = (format!("{name}.key"), format!("{name}.pem"), format!("/CN=ecric test {name}"));
    let arguments = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    let rest = ["-keyout", &key, "-out", &cert, "-subj", &subject, "-addext", "subjectAltName=IP:127.0.0.1"];
    let rest = [&rest[..], &["-addext", "basicConstraints=critical,CA:FALSE"]].concat();
    openssl(folder, &[&arguments[..], &rest[..]].concat())
}

/// Status of a call of operation 1 with the callers given; 0 without an answer.
fn status(folder: &Path, port: u16, callers: &str, cert_from: &str) -> u16 {
    let text = format!(
        "ecric_target: 1\nname: t\nroles: [verifier]\nrung: native\nbase: \"https://127.0.0.1:{port}\"\n\
         transport: {{extra_ca: [server.pem]}}\nsecrets: {{k: \"${{file:{cert_from}.key}}\"}}\nauth: {{main: {callers}}}\n"
    );
    let loaded = parse_target(&text, folder).unwrap_or_else(|problems| panic!("{problems:?}"));
    let target = Target::new(loaded.settings, Arc::new(OffsetDateTime::now_utc), Entropy::new([1; 32], 0), false);
    let connection = CaseConnection::open(Arc::new(target.unwrap()), "case", Duration::from_secs(10));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(connection.call(Call::new(Operation::Capabilities, None, Body::None))).unwrap();
    answer.status
}

#[test]
fn a_client_certificate_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    if !openssl(folder.path(), &["version"]) {
        eprintln!("NOT RUN: openssl is missing");
        return;
    }
    for name in ["server", "client", "stranger"] {
        assert!(make(folder.path(), name));
    }
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let accept = format!("127.0.0.1:{port}");
    let arguments = ["s_server", "-accept", &accept, "-www", "-cert", "server.pem", "-key", "server.key"];
    let mut server = Command::new("openssl")
        .args(arguments)
        .args(["-CAfile", "client.pem", "-Verify", "1", "-verify_return_error", "-quiet"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() && began.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut seen = Vec::new();
    for (callers, name) in [
        ("{type: mtls, cert: client.pem, key: k}", "client"),
        ("{type: mtls, cert: stranger.pem, key: k}", "stranger"),
        ("{type: none}", "client"),
    ] {
        seen.push(status(folder.path(), port, callers, name));
    }
    let _ = server.kill();
    let _ = server.wait();
    // The right certificate is answered; another one, and none, are not.
    assert_eq!(seen[1..], [0, 0], "{seen:?}");
    assert_ne!(seen[0], 0, "{seen:?}");
}
