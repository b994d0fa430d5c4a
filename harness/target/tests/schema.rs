//! The committed JSON Schema of the target file is that of the type.
//! `ECRIC_UPDATE=1 cargo test -p ecric-target` rewrites it.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[test]
fn the_schema_of_target_files_is_current() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/target.schema.json");
    let wanted = format!("{:#}\n", ecric_target::target_schema());
    if std::env::var_os("ECRIC_UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "target.schema.json is not current: run ECRIC_UPDATE=1 cargo test -p ecric-target");
}
