//! One attack: what it changes and what must come of it.

use ecric_licence::file::{StepId, Verdict};

use super::recipe::{LicencePerson, Recipe};
use super::{MakeError, bases, table};
use crate::pki::TestPki;

/// What is made again after the change, so that only one defect remains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redo {
    /// Bytes of the container only.
    Container,
    /// Nothing: changed after sealing.
    Nothing,
    /// References and signature, by the good issuer: wrong from the start.
    References,
    /// The signature value, by the signer.
    Signature,
    /// The seal by its maker, then all the rest.
    Seal,
    /// Another key or certificate, all else consistent.
    Key,
}

impl Redo {
    /// The letter of the catalogue.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Container => 'z',
            Self::Nothing => 'n',
            Self::References => 'r',
            Self::Signature => 's',
            Self::Seal => 'e',
            Self::Key => 'k',
        }
    }
}

pub(super) type Edit = fn(&mut Recipe<'_>) -> Result<(), MakeError>;

/// An attack on a base file.
#[derive(Clone, Copy)]
pub struct Attack {
    /// Id: family, number, variant.
    pub id: &'static str,
    /// The base file, which is also its twin.
    pub base: &'static str,
    /// What is made again.
    pub redo: Redo,
    /// The step that must stop it.
    pub step: StepId,
    /// Codes of which one must be the primary reason.
    pub codes: &'static [&'static str],
    /// Codes that may follow.
    pub knock_on: &'static [&'static str],
    /// Switches that differ from the default.
    pub switches: &'static [(&'static str, &'static str)],
    /// The verdict.
    pub verdict: Verdict,
    /// What it is.
    pub comment: &'static str,
    pub(super) edit: Edit,
}

impl std::fmt::Debug for Attack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attack").field("id", &self.id).field("base", &self.base).finish_non_exhaustive()
    }
}

impl Attack {
    pub(super) const fn knock_on(mut self, codes: &'static [&'static str]) -> Self {
        self.knock_on = codes;
        self
    }

    pub(super) const fn when(mut self, switches: &'static [(&'static str, &'static str)]) -> Self {
        self.switches = switches;
        self
    }

    pub(super) const fn ends(mut self, verdict: Verdict) -> Self {
        self.verdict = verdict;
        self
    }

    /// Makes the file.
    ///
    /// # Errors
    /// When the layout, a signature or the change itself fails: a fault of this suite.
    pub fn make(&self, pki: &TestPki, person: &LicencePerson) -> Result<Vec<u8>, MakeError> {
        self.make_with(pki, person, None)
    }

    /// Makes the file with an address in it that no reader should call.
    ///
    /// # Errors
    /// As [`Attack::make`].
    pub fn make_with(&self, pki: &TestPki, person: &LicencePerson, sink: Option<&str>) -> Result<Vec<u8>, MakeError> {
        let Some(mut recipe) = bases::recipe(pki, self.base, person)? else {
            return Err(MakeError::Edit { file: self.base.to_owned(), text: "base".to_owned() });
        };
        if let Some(sink) = sink {
            sink.clone_into(&mut recipe.sink);
        }
        (self.edit)(&mut recipe)?;
        recipe.make()
    }
}

/// An attack that ends INVALID under the default switches.
pub(super) const fn attack(
    id: &'static str,
    base: &'static str,
    redo: Redo,
    step: StepId,
    codes: &'static [&'static str],
    comment: &'static str,
    edit: Edit,
) -> Attack {
    Attack { id, base, redo, step, codes, knock_on: &[], switches: &[], verdict: Verdict::Invalid, comment, edit }
}

/// The whole catalogue in order.
#[must_use]
pub fn attacks() -> Vec<Attack> {
    table::all()
}

/// The attack of an id.
#[must_use]
pub fn find_attack(id: &str) -> Option<Attack> {
    attacks().into_iter().find(|attack| attack.id == id)
}
