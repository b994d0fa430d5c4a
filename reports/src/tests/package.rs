use std::path::Path;

use crate::package::evidence_schema;

#[test]
fn the_committed_schema_of_the_package_is_the_one_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/evidence.schema.json");
    let schema = evidence_schema();
    if std::env::var_os("ECRIC_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == schema,
        "reports/schema/evidence.schema.json differs from the types; if the change is meant, \
         run `ECRIC_UPDATE=1 cargo test -p ecric-reports` and commit the file"
    );
}
