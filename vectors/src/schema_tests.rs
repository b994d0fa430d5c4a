//! The committed JSON Schemas are those of the types. `ECRIC_UPDATE=1` writes them anew.

use std::path::Path;

use schemars::{Schema, schema_for};

use crate::file::VectorFile;
use crate::regression::RegressionFile;
use crate::variation::VariationFile;

#[test]
fn the_committed_schemas_are_current() {
    let schemas: [(&str, Schema); 3] = [
        ("vectors.schema.json", schema_for!(VectorFile)),
        ("variations.schema.json", schema_for!(VariationFile)),
        ("regressions.schema.json", schema_for!(RegressionFile)),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    for (name, schema) in schemas {
        let current = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let path = folder.join(name);
        if std::env::var_os("ECRIC_UPDATE").is_some_and(|value| value == "1") {
            std::fs::write(&path, &current).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == current, "vectors/schema/{name} is not current; ECRIC_UPDATE=1 cargo test writes it");
    }
}
