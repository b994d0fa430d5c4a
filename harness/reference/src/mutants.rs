//! The mutants: references that are wrong in exactly one way, with the case that must kill each.

use std::sync::LazyLock;

use ecric_model::mutant::MutantInfo;

use crate::behaviour::Behaviour;
use crate::planted::Planted;

mod authentication;
mod common;
mod data;
mod file;
mod file_reasons;
mod file_verification;
mod gov_share;
mod identifier;
mod issuing;
mod lifecycle;
mod loading;
mod metadata;
mod names;
mod presentation;
mod privacy;
mod races;
mod robustness;
mod service_levels;
mod verification;
mod walks;

/// One mutant.
#[derive(Debug, Clone, Copy)]
pub struct Mutant {
    /// What it is.
    pub info: MutantInfo,
    /// Breaks an honest behaviour.
    pub apply: fn(&mut Behaviour),
}

const fn mutant(
    id: &'static str,
    killed_by: &'static str,
    en: &'static str,
    zh: &'static str,
    apply: fn(&mut Behaviour),
) -> Mutant {
    Mutant { info: MutantInfo { id, en, zh, killed_by, vendor: None }, apply }
}

/// A mutant whose case is planned over a vendor's wire only.
const fn vendor_mutant(
    vendor: &'static str,
    id: &'static str,
    killed_by: &'static str,
    words: (&'static str, &'static str),
    apply: fn(&mut Behaviour),
) -> Mutant {
    let (en, zh) = words;
    Mutant { info: MutantInfo { id, en, zh, killed_by, vendor: Some(vendor) }, apply }
}

static ALL: LazyLock<Vec<Mutant>> = LazyLock::new(|| {
    [
        identifier::MUTANTS,
        data::MUTANTS,
        metadata::MUTANTS,
        common::MUTANTS,
        authentication::MUTANTS,
        issuing::MUTANTS,
        lifecycle::MUTANTS,
        verification::MUTANTS,
        file::MUTANTS,
        file_verification::MUTANTS,
        file_reasons::MUTANTS,
        gov_share::MUTANTS,
        walks::MUTANTS,
        races::MUTANTS,
        loading::MUTANTS,
        presentation::MUTANTS,
        robustness::MUTANTS,
        privacy::MUTANTS,
        names::MUTANTS,
        service_levels::MUTANTS,
    ]
    .concat()
});

/// Every mutant, by area.
#[must_use]
pub fn mutants() -> &'static [Mutant] {
    &ALL
}

/// Verifiers that know the published vectors and answer everything else alike: wrong in many ways, so no mutants.
const CHEATS: [(&str, Planted); 2] =
    [("CHEAT-VALID", Planted::KnowsVectorsElseValid), ("CHEAT-INVALID", Planted::KnowsVectorsElseInvalid)];

/// The behaviour of a mutant.
#[must_use]
pub fn behaviour_of(id: &str) -> Option<Behaviour> {
    if let Some((_, fault)) = CHEATS.iter().find(|(name, _)| *name == id) {
        return Some(Behaviour { planted: Some(*fault), ..Behaviour::default() });
    }
    let found = mutants().iter().find(|mutant| mutant.info.id == id)?;
    let mut behaviour = Behaviour::default();
    (found.apply)(&mut behaviour);
    Some(behaviour)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ecric_model::ids::{CaseId, MutantId};

    use super::*;

    #[test]
    fn ids_are_unique_and_each_mutant_breaks_something_of_its_requirement() {
        let mut seen = BTreeSet::new();
        for mutant in mutants() {
            let info = mutant.info;
            let id = MutantId::parse(info.id).unwrap();
            assert!(seen.insert(info.id), "{}", info.id);
            assert_eq!(CaseId::parse(info.killed_by).unwrap().requirement(), id.requirement(), "{}", info.id);
            assert_ne!(behaviour_of(info.id).unwrap(), Behaviour::default(), "{}", info.id);
            assert!(!info.en.is_empty() && !info.zh.is_empty());
            assert!(info.vendor.is_none_or(|name| crate::Vendor::ALL.iter().any(|vendor| vendor.name() == name)));
        }
        assert!(behaviour_of("M-NOP-001-a").is_none());
    }
}
