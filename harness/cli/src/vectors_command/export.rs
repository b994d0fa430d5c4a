//! `ecric vectors export`: the vector files as JSON.

use ecric_model::{Lang, Text};
use ecric_vectors::file::VectorFile;
use ecric_vectors::set::load_files;
use serde_json::json;

use super::{Stop, usage, write};
use crate::args::VectorsExportArgs;
use crate::exit;

/// The schema of one file, as it is committed.
const SCHEMA: &str = include_str!("../../../../vectors/schema/vectors.schema.json");

/// Writes one document, or one file for each topic with the schema beside them.
pub(super) fn execute(arguments: &VectorsExportArgs, _: Lang) -> Result<u8, Stop> {
    let files = load_files().map_err(|error| Stop(exit::SUITE, Text::same(error.to_string())))?;
    let Some(folder) = &arguments.out else {
        let contents: Vec<&VectorFile> = files.iter().map(|(_, file)| file).collect();
        say!("{:#}", json!({ "schema": "ecric.vectors-export/1", "files": contents }));
        return Ok(exit::OK);
    };
    for (name, file) in &files {
        let text = serde_json::to_string_pretty(file).map_err(usage)?;
        write(&folder.join(name).with_extension("json"), &(text + "\n"))?;
    }
    write(&folder.join("vectors.schema.json"), SCHEMA)?;
    say!("{}: {}", folder.display(), files.len());
    Ok(exit::OK)
}
