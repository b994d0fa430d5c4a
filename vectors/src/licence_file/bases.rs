//! The base files.

use ecric_gm::signed_data::Flavour;
use ecric_gm::sm3;
use ecric_licence::authority::Entity;
use ecric_licence::identifier::{IDENTITY_CARD_TYPE, write_identifier};
use ecric_licence::layout::draft::LIST;
use ecric_licence::ofd::zip::{Entry, Method};
use ecric_licence::seal::SesVersion;
use time::macros::date;

use super::MakeError;
use super::edit::Entries;
use super::recipe::{FILE_TIME, LicencePerson, Recipe, Stamp, append_signature, default_person};
use crate::pki::{AUTHORITY_A, TestPki};

/// A base file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base {
    /// Name.
    pub name: &'static str,
    /// What it is.
    pub comment: &'static str,
    /// Switches under which it is valid; empty for the default.
    pub switches: &'static [(&'static str, &'static str)],
    /// Whether it is valid without switches.
    pub valid: bool,
}

const fn base(name: &'static str, comment: &'static str) -> Base {
    Base { name, comment, switches: &[], valid: true }
}

const fn with(name: &'static str, switches: &'static [(&'static str, &'static str)], comment: &'static str) -> Base {
    Base { name, comment, switches, valid: false }
}

/// All base files.
pub const BASES: &[Base] = &[
    base("orig", "sealed original"),
    base("orig-deflate", "compressed"),
    base("orig-descriptor", "data descriptors and folder entries"),
    base("orig-noattach", "without the attached JSON"),
    base("orig-font", "with an embedded font"),
    base("orig-template", "with a page template"),
    base("orig-annot", "with a harmless annotation"),
    base("orig-longterm", "long-term licence"),
    base("orig-replaced", "replaces another licence"),
    base("orig-rare-name", "name with a middle dot and an extension-B character"),
    base("orig-digestlist", "seal that lists digests"),
    base("orig-ts", "with a time stamp"),
    base("orig-whole", "list of signatures covered"),
    with("orig-relative", &[("extra_records", "status")], "a second signature that builds on the seal"),
    with("orig-v1", &[("ses_v1", "flag")], "seal of 2014"),
    with("orig-v5", &[("ses_v5", "on")], "seal of 2025"),
    base("orig-expired-signer-ts", "signer expired since, with a time stamp"),
    base("orig-revoked-signer-ts", "signer revoked after signing, with a time stamp"),
    with("orig-expired-signer", &[("time_source", "claimed")], "signer expired since, without a time stamp"),
    base("orig-hold-removed", "signer was on hold, no longer is"),
    base("orig-root-signer", "signer directly under the root"),
    base("orig-long-subject", "signer with a long Chinese name"),
    base("copy", "annotated copy"),
    base("copy-noexpiry", "annotated copy without expiry"),
    with("copy-sealed", &[("copy_signature", "seal")], "annotated copy with a seal of its maker"),
    base("sign-hash", "annotated copy signed over the hash, without attributes"),
    with("sign-raw", &[], "annotated copy with a bare signature"),
];

/// Makes a base file; `None` for another name.
///
/// # Errors
/// When the layout or a signature fails: a fault of this suite.
pub fn make_base(pki: &TestPki, name: &str, person: &LicencePerson) -> Result<Option<Vec<u8>>, MakeError> {
    match recipe(pki, name, person)? {
        Some(recipe) => recipe.make().map(Some),
        None => Ok(None),
    }
}

fn sign_with(recipe: &mut Recipe<'_>, entity: &Entity) {
    recipe.sign_as(entity.certificate.der().to_vec(), entity.key.clone());
}

/// A good time stamp five minutes after signing.
pub(super) fn good_stamp(pki: &TestPki) -> Stamp {
    let authority = pki.get("XG07");
    Stamp {
        authority: authority.certificate.clone(),
        key: authority.key.clone(),
        chain: Vec::new(),
        time: FILE_TIME + time::Duration::minutes(5),
        over: None,
        bytes: None,
    }
}

/// The recipe of a base file.
pub(super) fn recipe<'p>(
    pki: &'p TestPki,
    name: &str,
    person: &LicencePerson,
) -> Result<Option<Recipe<'p>>, MakeError> {
    let mut person = person.clone();
    match name {
        "orig-longterm" => {
            person.face.birth = date!(1970 - 03 - 01);
            person.face.id_number = "110199197003010015".to_owned();
            person.expiring = None;
        }
        "orig-replaced" => {
            let old = write_identifier(IDENTITY_CARD_TYPE, AUTHORITY_A.1, &person.serial, person.version);
            person.previous = old.ok().map(|id| id.as_str().to_owned());
            person.version += 1;
        }
        "orig-rare-name" => person.face.name = "阿不都·\u{20bb7}甲".to_owned(),
        _ => {}
    }
    let copied = name.starts_with("copy") || name.starts_with("sign-");
    let mut recipe = if copied { Recipe::copied(pki, &person)? } else { Recipe::original(pki, &person) };
    match name {
        "orig" | "orig-longterm" | "orig-replaced" | "orig-rare-name" | "copy" => {}
        "orig-deflate" => {
            recipe.container = Some(Box::new(|list| {
                list.iter_mut().for_each(|entry| entry.method = Method::Deflated);
                Ok(())
            }))
        }
        "orig-descriptor" => {
            recipe.container = Some(Box::new(|list| {
                list.iter_mut().for_each(|entry| entry.descriptor = true);
                list.push(Entry::stored("Doc_0/", Vec::new()));
                list.push(Entry::stored("Doc_0/Res/", Vec::new()));
                Ok(())
            }))
        }
        "orig-noattach" => recipe.variant.no_attachment = true,
        "orig-font" => recipe.variant.font = Some(vec![0x5a; 2048]),
        "orig-template" => recipe.variant.template = true,
        "orig-annot" => recipe.variant.annotation = true,
        "orig-digestlist" => {
            let digest = sm3::digest(&recipe.signer.der).to_vec();
            recipe.digest_list = Some(vec![("SM3".to_owned(), digest)]);
        }
        "orig-ts" => recipe.stamp = Some(good_stamp(pki)),
        "orig-whole" => {
            recipe.draft = Some(Box::new(|draft| {
                draft.covers_list = true;
                draft.cover();
                Ok(())
            }))
        }
        "orig-relative" => {
            let signer = pki.get("XG18").clone();
            recipe.after = Some(Box::new(move |entries| add_relative(entries, &signer)));
        }
        "orig-v1" => recipe.shape = SesVersion::V1,
        "orig-v5" => recipe.shape = SesVersion::V5,
        "orig-expired-signer" => sign_with(&mut recipe, pki.get("XG14")),
        "orig-expired-signer-ts" => {
            sign_with(&mut recipe, pki.get("XG14"));
            recipe.stamp = Some(good_stamp(pki));
        }
        "orig-revoked-signer-ts" => {
            recipe.sign_as_bad("XB19")?;
            recipe.stamp = Some(good_stamp(pki));
        }
        "orig-hold-removed" => recipe.sign_as_bad("XB20")?,
        "orig-root-signer" => sign_with(&mut recipe, pki.get("XG06")),
        "orig-long-subject" => sign_with(&mut recipe, pki.get("XG13")),
        "copy-noexpiry" => {
            if let Some(copy) = &mut recipe.copy {
                copy.expiring = None;
            }
        }
        "copy-sealed" => recipe.copy_seal = true,
        "sign-hash" => {
            recipe.flavour = Flavour::PlainDoubleHash;
            recipe.raw_value = true;
        }
        "sign-raw" => recipe.flavour = Flavour::PlainNoZ,
        _ => return Ok(None),
    }
    Ok(Some(recipe))
}

/// A second record `s003` that builds on the seal and covers what is there.
fn add_relative(entries: &mut Entries, signer: &Entity) -> Result<(), MakeError> {
    let names: Vec<String> = entries.0.keys().filter(|name| *name != LIST).cloned().collect();
    append_signature(&mut entries.0, signer, &names, FILE_TIME + time::Duration::minutes(10))?;
    entries.replace(LIST, "<ofd:MaxSignId>s002", "<ofd:MaxSignId>s003")?;
    entries.replace(
        LIST,
        "</ofd:Signatures>",
        "<ofd:Signature ID=\"s003\" Type=\"Sign\" Relative=\"s001\" \
         BaseLoc=\"/Doc_0/Signs/Sign_1/Signature.xml\"/></ofd:Signatures>",
    )
}

/// The recipe of a base file for the default person.
pub(super) fn default_recipe<'p>(pki: &'p TestPki, name: &str) -> Result<Option<Recipe<'p>>, MakeError> {
    recipe(pki, name, &default_person())
}
