//! Attribute scopes as bits (binding v1, 12.3) and scenes.

use ecric_model::binding::SCOPE_NAMES;

/// A set of attribute scopes, one bit each; bit 0 (`validity`) is always implied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Scope(u32);

impl Scope {
    /// Validity only.
    pub const VALIDITY: Self = Self(1);
    /// What a code without audience may carry: bits 0, 7, 10, 11, 12.
    pub const BEARER: Self = Self(1 | 1 << 7 | 1 << 10 | 1 << 11 | 1 << 12);
    /// The bit of the portrait, which no code and no view holds itself.
    pub const PHOTO_BIT: u8 = 7;
    const KNOWN: u32 = (1 << SCOPE_NAMES.len()) - 1;

    /// The scope of bits as written; `None` where an unknown bit is set.
    #[must_use]
    pub fn of_bits(bits: u64) -> Option<Self> {
        u32::try_from(bits).ok().filter(|bits| bits & !Self::KNOWN == 0).map(Self)
    }

    /// The bits as they are written.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The scope of attribute names (`attributes[]`, `wanted[]`); the error is the first unknown name.
    ///
    /// # Errors
    /// With the first name that is no scope.
    pub fn of_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, &'n str> {
        let mut scope = Self(0);
        for name in names {
            scope = scope.with(Self::bit_of(name).ok_or(name)?);
        }
        Ok(scope)
    }

    /// The bit of an attribute name; `validityOnly` is another word for bit 0.
    #[must_use]
    pub fn bit_of(name: &str) -> Option<u8> {
        let name = if name == "validityOnly" { SCOPE_NAMES[0] } else { name };
        SCOPE_NAMES.iter().position(|known| *known == name).and_then(|bit| u8::try_from(bit).ok())
    }

    /// The attribute name of a bit.
    #[must_use]
    pub fn name_of(bit: u8) -> Option<&'static str> {
        SCOPE_NAMES.get(usize::from(bit)).copied()
    }

    /// The set with one more bit (0 to 31).
    #[must_use]
    pub const fn with(self, bit: u8) -> Self {
        Self(self.0 | 1 << (bit & 31))
    }

    /// Whether a bit is set; bit 0 always is.
    #[must_use]
    pub const fn has(self, bit: u8) -> bool {
        bit == 0 || (bit < 32 && self.0 >> bit & 1 == 1)
    }

    /// The bits that are set, ascending; bit 0 only where it is written.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..32).filter(move |bit| self.0 >> bit & 1 == 1)
    }

    /// The attribute names besides validity.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        self.iter().filter(|bit| *bit != 0).filter_map(Self::name_of).collect()
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether `other` holds everything of this besides validity.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 & !1 == 0
    }
}

/// Where a code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scene {
    /// A hotel.
    Hotel,
    /// A public service.
    Gov,
    /// A bank.
    Bank,
    /// A railway.
    Rail,
    /// Parcel delivery.
    Express,
    /// An internet service.
    Net,
    /// Anything else.
    Other,
}

impl Scene {
    /// All scenes.
    pub const ALL: [Self; 7] = [Self::Hotel, Self::Gov, Self::Bank, Self::Rail, Self::Express, Self::Net, Self::Other];

    /// The word of binding v1.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hotel => "HOTEL",
            Self::Gov => "GOV",
            Self::Bank => "BANK",
            Self::Rail => "RAIL",
            Self::Express => "EXPRESS",
            Self::Net => "NET",
            Self::Other => "OTHER",
        }
    }

    /// The scene of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| scene.word() == word)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn names_and_bits_fit() {
        let scope = Scope::of_names(["name", "ageOver18"]).unwrap();
        assert_eq!(scope.bits(), 4098);
        assert_eq!(scope.names(), ["name", "ageOver18"]);
        assert!(scope.has(0) && scope.has(1) && !scope.has(2));
        assert!(
            !scope.is_within(Scope::BEARER) && Scope::of_names(["validity", "photo"]).unwrap().is_within(Scope::BEARER)
        );
        assert_eq!(Scope::of_names(["name", "nose"]), Err("nose"));
        assert_eq!(Scope::of_bits(1 << 17), None);
        assert_eq!(Scope::of_bits(1 << 16).unwrap().names(), ["pairwiseId"]);
        assert_eq!(Scope::of_names(["validityOnly"]), Ok(Scope::VALIDITY));
    }
}
