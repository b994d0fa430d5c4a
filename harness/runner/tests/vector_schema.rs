//! Every committed vector file keeps the committed JSON Schema, which describes its JSON form too.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

use ecric_vectors::set::load_files;

const SCHEMA: &str = include_str!("../../../vectors/schema/vectors.schema.json");

#[test]
fn every_vector_file_keeps_the_schema() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, file) in load_files().unwrap() {
        let value = serde_json::to_value(&file).unwrap();
        let problems: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{name}: {problems:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"schema": "ecric.vectors/1"})));
}
