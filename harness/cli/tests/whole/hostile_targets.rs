//! Targets that do not behave: each ends in bounded time with the exit that the roll-up names,
//! a complete record and a clear message.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use crate::support::{Finished, Serving, run, target_file};

/// A server on loopback that treats each connection in one way.
fn server(treat: fn(TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || treat(stream));
        }
    });
    url
}

/// Reads one request head and whatever of the body came along.
fn read_request(stream: &mut TcpStream) -> bool {
    let mut buffer = [0_u8; 65_536];
    stream.read(&mut buffer).is_ok_and(|count| count > 0)
}

fn run_against(url: &str) -> Finished {
    let folder = tempfile::tempdir().unwrap();
    let file = target_file(folder.path(), "hostile", url, 300);
    let done = run(folder.path(), "out", &[&file, "--jobs", "4"]);
    assert!(!done.stderr.contains("panicked"), "{}", done.stderr);
    let planned = done.record["plan"]["cases"].as_u64().unwrap_or_default();
    assert_eq!(done.verdicts().len() as u64, planned, "every planned case is closed: {}", done.stderr);
    assert!(planned > 100);
    assert_eq!(done.record["exit_code"].as_i64(), done.code.map(i64::from));
    for file in ["report.html", "junit.xml"] {
        assert!(done.folder.join(file).exists(), "{file}");
    }
    done
}

fn has_verdict(done: &Finished, verdict: &str) -> bool {
    done.verdicts().iter().any(|(_, found)| found == verdict)
}

#[test]
fn a_dead_port_is_inconclusive() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let done = run_against(&format!("http://127.0.0.1:{port}"));
    assert_eq!(done.code, Some(3), "{}", done.stdout);
    assert!(done.stdout.contains("cannot connect"), "{}", done.stdout);
    assert!(done.verdicts().iter().all(|(_, verdict)| verdict == "INCONCLUSIVE"));
    assert_eq!(done.record["cases"][0]["cause"], "unreachable");
}

#[test]
fn a_wrong_key_is_inconclusive() {
    let folder = tempfile::tempdir().unwrap();
    let serving = Serving::start(folder.path(), &[]);
    let file = target_file(folder.path(), "wrong", &serving.url, 2_000);
    let path = folder.path().join(&file);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        text.replace("main_key: \"${public:reference.key}\"", "main_key: \"${public:reference-other.key}\""),
    )
    .unwrap();
    let done = run(folder.path(), "out", &[&file]);
    assert_eq!(done.code, Some(3), "{}", done.stdout);
    assert!(done.stdout.contains("credentials were refused"), "{}", done.stdout);
    assert_eq!(done.record["cases"][0]["cause"], "credentials");
}

#[test]
fn garbage_fails() {
    let done = run_against(&server(|mut stream| {
        if read_request(&mut stream) {
            let _ = stream.write_all(b"\x00\x01\x02 this is no HTTP \xff\xfe\r\n\r\n");
        }
    }));
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    assert_eq!(done.case("COM-001/01")["findings"][0]["class"], "BROKEN_ANSWER");
}

#[test]
fn silence_hangs_and_stops_the_run() {
    let done = run_against(&server(|mut stream| {
        read_request(&mut stream);
        std::thread::sleep(Duration::from_secs(30));
    }));
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    assert!(has_verdict(&done, "HANG") && has_verdict(&done, "INCONCLUSIVE"));
    assert!(done.record["stopped"]["en"].as_str().unwrap().contains("no answer"));
}

#[test]
fn server_errors_fail() {
    let done = run_against(&server(|mut stream| {
        while read_request(&mut stream) {
            let _ = stream.write_all(b"HTTP/1.1 503 Unavailable\r\ncontent-length: 2\r\n\r\n{}");
        }
    }));
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    assert_eq!(done.case("COM-001/01")["findings"][0]["class"], "SERVER_ERROR");
}

#[test]
fn an_answer_closed_half_way_fails() {
    let done = run_against(&server(|mut stream| {
        if read_request(&mut stream) {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"binding\":");
        }
    }));
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    assert_eq!(done.case("COM-001/01")["findings"][0]["class"], "BROKEN_ANSWER");
}

#[test]
fn an_endless_answer_is_cut() {
    let done = run_against(&server(|mut stream| {
        if read_request(&mut stream) && stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{").is_ok() {
            let block = [b' '; 65_536];
            while stream.write_all(&block).is_ok() {}
        }
    }));
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    let class = done.case("COM-001/01")["findings"][0]["class"].clone();
    assert!(class == "BROKEN_ANSWER" || class == "NO_ANSWER", "{class}");
}

#[test]
fn an_empty_object_for_everything_fails_and_is_never_inconclusive_as_a_whole() {
    let done = run_against(&server(|mut stream| {
        while read_request(&mut stream) {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        }
    }));
    assert_eq!(done.code, Some(1), "{}", done.stdout);
    assert_eq!(done.case("COM-001/01")["findings"][0]["class"], "MALFORMED");
}
