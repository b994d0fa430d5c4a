//! Offers of broken TLS against servers that take them and servers that do not.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ecric_checks::tls::{Hello, read_hello};
use ecric_gm::encoding::from_hex;
use ecric_model::binding::Operation;
use ecric_target::{Body, Call, CaseConnection, Entropy, RawLimits, RawPiece, Target, parse_target};
use ecric_vectors::tls::{OFFERS, Offer};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

async fn offered(port: u16, offer: &Offer) -> Hello {
    let text = format!(
        "ecric_target: 1\nname: t\nroles: [verifier]\nrung: native\nbase: \"https://127.0.0.1:{port}\"\nauth: {{main: {{type: none}}}}\n"
    );
    let loaded = parse_target(&text, Path::new(".")).unwrap_or_else(|problems| panic!("{problems:?}"));
    let target = Target::new(loaded.settings, Arc::new(OffsetDateTime::now_utc), Entropy::new([1; 32], 0), false);
    let connection = CaseConnection::open(Arc::new(target.unwrap()), "case", Duration::from_secs(30));
    let request = connection.raw_request(&Call::new(Operation::Capabilities, None, Body::None)).unwrap();
    let bytes = offer.client_hello(&[7; 32], &request.host());
    let pieces = vec![RawPiece { pause: Duration::ZERO, bytes }];
    let limits =
        RawLimits { quiet: Duration::from_millis(300), whole: Duration::from_secs(10), finish: false, bare: true };
    let answer = connection.send_raw(Operation::Capabilities, request, pieces, limits).await.unwrap();
    assert_eq!(connection.take_exchanges().len(), 1);
    read_hello(&from_hex(&answer.first).unwrap(), answer.closed)
}

/// Takes the first suite of whatever comes.
async fn servile(listener: tokio::net::TcpListener) {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        let mut hello = [0; 512];
        let length = stream.read(&mut hello).await.unwrap_or(0);
        assert!(length > 48);
        let (version, suite) = (&hello[9..11], &hello[46..48]);
        let body = [version, &[5; 32], &[0], suite, &[0]].concat();
        let size = u8::try_from(body.len()).unwrap();
        let record = [&[0x16, 3, 1, 0, size + 4, 2, 0, 0, size][..], &body].concat();
        let _ = stream.write_all(&record).await;
    }
}

#[tokio::test]
async fn who_takes_everything_is_found_out() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(servile(listener));
    for offer in OFFERS {
        let found = offered(port, offer).await;
        assert_eq!(found, Hello::Accepted { version: offer.version, suite: offer.suites[0] }, "{}", offer.name);
    }
    server.abort();
}

fn openssl(folder: &Path, arguments: &[&str]) -> bool {
    let command = Command::new("openssl").args(arguments).current_dir(folder).stderr(Stdio::null()).status();
    command.is_ok_and(|status| status.success())
}

/// Names of the offers that a server of OpenSSL takes.
async fn taken_by(folder: &Path, options: &[&str]) -> Vec<&'static str> {
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let accept = format!("127.0.0.1:{port}");
    let mut server = Command::new("openssl")
        .args(["s_server", "-accept", &accept, "-www", "-cert", "s.pem", "-key", "s.key", "-quiet"])
        .args(options)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() && began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut taken = Vec::new();
    for offer in OFFERS {
        match offered(port, offer).await {
            Hello::Accepted { version, suite } => {
                // A server may go below the version offered.
                assert!(version <= offer.version && offer.suites.contains(&suite), "{}: {suite:#06x}", offer.name);
                taken.push(offer.name);
            }
            Hello::Refused => {}
            other => panic!("{}: {other:?}", offer.name),
        }
    }
    let _ = server.kill();
    let _ = server.wait();
    taken
}

#[tokio::test]
async fn a_server_of_today_takes_none_and_one_of_yesterday_some() {
    let folder = tempfile::tempdir().unwrap();
    if !openssl(folder.path(), &["version"]) {
        eprintln!("NOT RUN: openssl is missing");
        return;
    }
    let key = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "s.key", "-out", "s.pem"];
    assert!(openssl(folder.path(), &[&key[..], &["-subj", "/CN=ecric test"]].concat()));
    assert!(taken_by(folder.path(), &["-tls1_2"]).await.is_empty());
    let old = taken_by(folder.path(), &["-tls1", "-cipher", "ALL:@SECLEVEL=0"]).await;
    let nulls = taken_by(folder.path(), &["-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"]).await;
    assert_eq!((old, nulls), (vec!["TLS 1.0", "TLS 1.1"], vec!["NULL"]));
}
