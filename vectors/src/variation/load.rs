//! Reads the variation files and refuses what could not be applied later. Applies nothing.

use std::collections::BTreeSet;

use ecric_model::binding::Operation;
use include_dir::Dir;

use super::{VARIATION_SCHEMA, Variation, VariationFile, makers, raw};
use crate::file::{LoadError, check_schema, load_yaml};

/// Reads every file of the folder `requests`, in order of name.
pub(super) fn load_files(data: &Dir) -> Result<Vec<Variation>, LoadError> {
    let mut files: Vec<_> = data.get_dir("requests").into_iter().flat_map(Dir::files).collect();
    files.sort_by_key(|file| file.path());
    let mut variations = Vec::new();
    let mut ids = BTreeSet::new();
    for file in files {
        let name = file.path().display().to_string();
        let family = file.path().file_stem().unwrap_or_default().to_string_lossy();
        for variation in load_file(&name, &family, file.contents())? {
            if !ids.insert(variation.id.clone()) {
                return Err(content(&name, &variation.id, "is there twice, wanted once"));
            }
            variations.push(variation);
        }
    }
    Ok(variations)
}

pub(super) fn load_file(name: &str, family: &str, bytes: &[u8]) -> Result<Vec<Variation>, LoadError> {
    let file: VariationFile = load_yaml(name, bytes)?;
    check_schema(name, &file.schema, VARIATION_SCHEMA)?;
    if file.family != family {
        return Err(content(name, "family", &format!("{:?}, wanted the name of the file", file.family)));
    }
    for variation in &file.variations {
        check(variation, family).map_err(|problem| content(name, &variation.id, &problem))?;
    }
    Ok(file.variations)
}

fn check(variation: &Variation, family: &str) -> Result<(), String> {
    let rest = variation.id.strip_prefix(family).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
    if rest.is_empty() || rest.bytes().any(|byte| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
        return Err(format!("id, wanted {family}. and words of a-z and 0-9 with hyphens"));
    }
    if variation.comment.trim().is_empty() {
        return Err("comment is empty".to_owned());
    }
    if variation.operation != "any" && Operation::parse(&variation.operation).is_none() {
        return Err(format!("operation {:?}, wanted a name of binding v1 or any", variation.operation));
    }
    for edit in &variation.edits {
        let ways = [edit.set.is_some(), edit.make.is_some(), edit.remove];
        if ways.into_iter().filter(|way| *way).count() != 1 {
            return Err(format!("edit at {:?}, wanted exactly one of set, make and remove", edit.at));
        }
        if let Some(name) = edit.make.as_deref().filter(|name| !makers::is_known(name)) {
            return Err(format!("unknown maker {name:?}"));
        }
    }
    if let Some(name) = variation.raw.as_deref().filter(|name| !raw::is_known(name)) {
        return Err(format!("unknown raw edit {name:?}"));
    }
    if let Some(name) = variation.path_identifier.as_deref().filter(|name| !makers::identifier::is_known(name)) {
        return Err(format!("unknown identifier maker {name:?}"));
    }
    Ok(())
}

fn content(file: &str, place: &str, problem: &str) -> LoadError {
    LoadError::Content { file: file.to_owned(), place: place.to_owned(), problem: problem.to_owned() }
}
