//! `ecric vectors list` and `operations`.

use ecric_model::Lang;
use ecric_vectors::file::Expect;
use ecric_vectors::operation::{Kind, OPERATIONS};
use ecric_vectors::set::Vector;
use serde_json::{Value, json};

use super::{Stop, selected};
use crate::args::{VectorsListArgs, VectorsOperationsArgs};
use crate::exit;

/// Lists the vectors.
pub(super) fn vectors(arguments: &VectorsListArgs, _: Lang) -> Result<u8, Stop> {
    let vectors = selected(&arguments.flag, &arguments.operation)?;
    if arguments.json {
        say!("{:#}", json!({ "vectors": vectors.iter().map(whole).collect::<Vec<_>>() }));
        return Ok(exit::OK);
    }
    for vector in &vectors {
        say!("{:28} {:7} {}", vector.item.id, word(vector), vector.item.flags.join(","));
    }
    Ok(exit::OK)
}

fn word(vector: &Vector) -> &'static str {
    if vector.item.expect == Expect::Valid { "valid" } else { "invalid" }
}

/// A vector with its file, operation and option.
fn whole(vector: &Vector) -> Value {
    let mut value = json!({ "file": vector.file, "operation": vector.operation.name });
    if let Some((option, reading)) = &vector.option {
        value["option"] = json!({ "name": option, "reading": reading.word() });
    }
    if let (Value::Object(value), Ok(Value::Object(item))) = (&mut value, serde_json::to_value(&vector.item)) {
        value.extend(item);
    }
    value
}

/// Lists the operations.
pub(super) fn operations(arguments: &VectorsOperationsArgs, lang: Lang) -> Result<u8, Stop> {
    if arguments.json {
        let all = OPERATIONS.iter().map(|operation| {
            let members = |wanted| {
                let found = operation.members().filter(move |(_, needed)| *needed == wanted);
                found.map(|(name, _)| name).collect::<Vec<_>>()
            };
            json!({
                "name": operation.name,
                "cryptographic": operation.kind == Kind::Cryptographic,
                "kind": operation.kind.word(),
                "input": members(true),
                "optional": members(false),
                "output": operation.output,
                "en": operation.en,
                "zh": operation.zh,
            })
        });
        say!("{:#}", json!({ "operations": all.collect::<Vec<_>>() }));
        return Ok(exit::OK);
    }
    for operation in OPERATIONS {
        let text = if lang == Lang::En { operation.en } else { operation.zh };
        let output = operation.output.map(|name| format!(" -> {name}")).unwrap_or_default();
        say!("{}({}){output}\n    {text}", operation.name, operation.input.join(", "));
    }
    Ok(exit::OK)
}
