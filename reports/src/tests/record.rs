use std::path::Path;

use super::sample;
use crate::{ReportError, read_run, run_schema, write_json};

#[test]
fn a_record_survives_the_file() {
    let mut bytes = Vec::new();
    write_json(&sample::record(), &mut bytes).unwrap();
    assert!(bytes.starts_with(b"{\n  \"schema\": \"ecric.run/1\",") && bytes.ends_with(b"}\n"));
    assert_eq!(read_run(&bytes).unwrap(), sample::record());
}

#[test]
fn other_files_are_refused_with_a_reason() {
    let mut bytes = Vec::new();
    write_json(&sample::record(), &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    for (given, want) in [
        (String::new(), "read the run record: not JSON at line 1, column 0"),
        ("{\n  \"schema\" \"x\"}".to_owned(), "read the run record: not JSON at line 2, column 12"),
        ("{}".to_owned(), "member \"schema\" is absent, wanted \"ecric.run/1\""),
        ("[]".to_owned(), "member \"schema\" is absent"),
        (text.replace("ecric.run/1", "ecric.run/2"), "member \"schema\" is \"ecric.run/2\""),
        ("{\"schema\":\"ecric.run/1\"}".to_owned(), "missing field `suite`"),
        (text.replace("\"non-conformant\"", "\"fine\""), "unknown variant `fine`"),
    ] {
        let error = read_run(given.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(want), "{error}");
    }
}

#[test]
fn a_writer_that_fails_is_reported() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(matches!(write_json(&sample::record(), &mut Full), Err(ReportError::Encode { .. })));
}

#[test]
fn the_committed_schema_is_the_one_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/run.schema.json");
    let schema = run_schema();
    assert!(schema.ends_with("}\n"));
    if std::env::var_os("ECRIC_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == schema,
        "reports/schema/run.schema.json differs from the types; if the change is meant, \
         run `ECRIC_UPDATE=1 cargo test -p ecric-reports` and commit the file"
    );
}
