//! The catalogue, by family.

mod certificate;
mod container;
mod coverage;
mod metadata;
mod seal;
mod signature;
mod xml;

use ecric_licence::layout::Draft;
use ecric_licence::ofd::zip::Entry;

use super::MakeError;
use super::attack::Attack;
use super::edit::Entries;
use super::recipe::Recipe;

type Made = Result<(), MakeError>;

pub(super) fn all() -> Vec<Attack> {
    [
        coverage::attacks(),
        signature::attacks(),
        seal::attacks(),
        certificate::attacks(),
        container::attacks(),
        xml::attacks(),
        metadata::attacks(),
    ]
    .concat()
}

const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";
const DOCUMENT: &str = "Doc_0/Document.xml";
const PHOTO_FILE: &str = "Doc_0/Res/photo.jpg";
const TAGS: &str = "Doc_0/Tags/Tag_Certificate.xml";
const JSON: &str = "Doc_0/Attachs/certificate.json";
const ROOT: &str = "OFD.xml";

/// Changes files before they are covered.
fn before(recipe: &mut Recipe<'_>, edit: impl FnOnce(&mut Entries) -> Made + 'static) -> Made {
    recipe.entries = Some(Box::new(edit));
    Ok(())
}

/// Changes list and description before they are signed.
fn draft(recipe: &mut Recipe<'_>, edit: impl FnOnce(&mut Draft) -> Made + 'static) -> Made {
    recipe.draft = Some(Box::new(edit));
    Ok(())
}

/// Changes the text of the description before it is signed.
fn description(recipe: &mut Recipe<'_>, from: &'static str, to: &'static str) -> Made {
    recipe.description = Some(Box::new(move |text| super::edit::replace_in(text, "Signature.xml", from, to)));
    Ok(())
}

/// Changes files after signing.
fn after(recipe: &mut Recipe<'_>, edit: impl FnOnce(&mut Entries) -> Made + 'static) -> Made {
    recipe.after = Some(Box::new(edit));
    Ok(())
}

/// Changes the entries of the container.
fn zip(recipe: &mut Recipe<'_>, edit: impl FnOnce(&mut Vec<Entry>) + 'static) -> Made {
    recipe.container = Some(Box::new(move |list| {
        edit(list);
        Ok(())
    }));
    Ok(())
}

/// Changes the finished package.
fn package(recipe: &mut Recipe<'_>, edit: impl FnOnce(&mut Vec<u8>) + 'static) -> Made {
    recipe.package = Some(Box::new(move |bytes| {
        edit(bytes);
        Ok(())
    }));
    Ok(())
}

/// Leaves a file out of the references.
fn uncover(draft: &mut Draft, name: &str) {
    let place = format!("/{name}");
    draft.file.references.retain(|reference| reference.file_ref != place);
}
