//! The rules that every committed vector file keeps, for tests and for lint.

use std::collections::BTreeSet;

use include_dir::Dir;

use crate::operation::operation;
use crate::set::OTHER_FORMATS;

use super::{Expect, LoadError, VectorFile, load_vectors};

/// Checks every embedded vector file. Returns how many items there are, and every problem.
#[must_use]
pub fn check_committed() -> (usize, Vec<LoadError>) {
    let mut ids = BTreeSet::new();
    let mut problems = Vec::new();
    let folders = crate::data_dir().dirs().filter(|dir| !OTHER_FORMATS.iter().any(|other| dir.path().ends_with(other)));
    for file in folders.flat_map(Dir::files) {
        let name = file.path().display().to_string();
        match load_vectors(&name, file.contents()) {
            Ok(vectors) => check_file(&name, &vectors, &mut ids, &mut problems),
            Err(error) => problems.push(error),
        }
    }
    (ids.len(), problems)
}

fn check_file(name: &str, vectors: &VectorFile, ids: &mut BTreeSet<String>, problems: &mut Vec<LoadError>) {
    let mut add = |place: &str, problem: &str| {
        problems.push(LoadError::Content {
            file: name.to_owned(),
            place: place.to_owned(),
            problem: problem.to_owned(),
        });
    };
    if name.replace('\\', "/") != format!("{}/{}.yaml", vectors.area, vectors.topic) {
        add("area", "area and topic are not the path of the file");
    }
    if vectors.generator.is_some() == vectors.by_hand.is_some() {
        add("generator", "wanted either generator or by_hand");
    }
    for group in &vectors.groups {
        let Some(wanted) = group.params.get("operation") else { continue };
        let place = group.items.first().map_or("groups", |item| &item.id);
        match operation(wanted) {
            None => add(place, "the operation is not known"),
            Some(operation) => {
                let missing = |item: &super::Item| {
                    operation.members().any(|(name, needed)| needed && !item.input.contains_key(name))
                };
                group.items.iter().filter(|item| missing(item)).for_each(|item| {
                    add(&item.id, "a member that the operation needs is missing");
                });
            }
        }
    }
    let mut flags = BTreeSet::new();
    for item in vectors.groups.iter().flat_map(|group| &group.items) {
        if !ids.insert(item.id.clone()) {
            add(&item.id, "the id stands twice");
        }
        if item.id.rsplit_once('.').is_none_or(|(_, number)| number.len() != 4) {
            add(&item.id, "wanted an id that ends in four digits");
        }
        if item.comment.is_empty() || item.flags.is_empty() {
            add(&item.id, "wanted a comment and a flag");
        }
        let refused = item.expect == Expect::Invalid;
        if (item.stage.is_some(), item.reason.is_some()) != (refused, refused) {
            add(&item.id, "stage and reason belong to invalid, and only to it");
        }
        flags.extend(item.flags.iter());
    }
    if !flags.into_iter().eq(vectors.notes.keys()) {
        add("notes", "flags and notes differ");
    }
}
