//! The person kinds that features name. Data only.

/// Where the citizen numbers of a kind come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Ages 27 to 44; the range of its own with this number, 0 for the standard person.
    Adult(u64),
    /// Ages 27 to 44, check character X.
    CheckX,
    /// Ages 27 to 44, prefix 110198.
    OtherDivision,
    /// Ages 3 to 13.
    Child,
    /// Ages 17 to 24.
    YoungAdult,
    /// Ages 47 to 52.
    Senior,
    /// Reaches this age on the day.
    Today(i32),
    /// Reaches this age on the day after.
    Tomorrow(i32),
    /// Born on a 29 February, reaches 18 within the four years to come.
    LeapDay,
}

/// What is special about the face of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    /// Nothing.
    None,
    /// This ethnicity code.
    Ethnicity(&'static str),
    /// A name of 50 characters, three of them middle dots.
    LongName,
    /// An address of 70 characters.
    LongAddress,
    /// A middle dot U+00B7 in the name.
    MiddleDot,
    /// The name ends with a character between these two.
    Last(char, char),
    /// The name ends with these characters.
    Tail(&'static str),
    /// A name of one character.
    OneCharacter,
    /// Name and address in a second script.
    SecondScript,
}

/// One kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) source: Source,
    pub(super) special: Special,
}

const fn plain(name: &'static str, source: Source) -> Kind {
    Kind { name, source, special: Special::None }
}

const fn special(name: &'static str, range: u64, special: Special) -> Kind {
    Kind { name, source: Source::Adult(range), special }
}

const TABLE: [Kind; 37] = [
    plain("adult", Source::Adult(0)),
    plain("child", Source::Child),
    plain("young-adult", Source::YoungAdult),
    plain("senior", Source::Senior),
    plain("16-today", Source::Today(16)),
    plain("16-tomorrow", Source::Tomorrow(16)),
    plain("18-today", Source::Today(18)),
    plain("18-tomorrow", Source::Tomorrow(18)),
    plain("26-today", Source::Today(26)),
    plain("26-tomorrow", Source::Tomorrow(26)),
    plain("46-today", Source::Today(46)),
    plain("46-tomorrow", Source::Tomorrow(46)),
    plain("check-x", Source::CheckX),
    plain("other-division", Source::OtherDivision),
    special("ethnicity-05", 1, Special::Ethnicity("05")),
    special("ethnicity-97", 2, Special::Ethnicity("97")),
    special("ethnicity-98", 3, Special::Ethnicity("98")),
    special("name-50", 4, Special::LongName),
    special("address-70", 5, Special::LongAddress),
    special("middle-dot", 6, Special::MiddleDot),
    special("extension-a", 7, Special::Last('\u{3400}', '\u{4db5}')),
    special("extension-b", 8, Special::Last('\u{20000}', '\u{2a6d6}')),
    special("extension-g", 9, Special::Last('\u{30000}', '\u{3134a}')),
    special("ideographic-zero", 10, Special::Last('\u{3007}', '\u{3007}')),
    special("compatibility", 11, Special::Last('\u{f9dc}', '\u{f9dc}')),
    special("minority-script", 12, Special::SecondScript),
    special("extension-c", 13, Special::Last('\u{2a700}', '\u{2b734}')),
    special("extension-d", 14, Special::Last('\u{2b740}', '\u{2b81d}')),
    special("extension-e", 15, Special::Last('\u{2b820}', '\u{2cea1}')),
    special("extension-f", 16, Special::Last('\u{2ceb0}', '\u{2ebe0}')),
    special("extension-h", 17, Special::Last('\u{31350}', '\u{323af}')),
    special("extension-i", 18, Special::Last('\u{2ebf0}', '\u{2ee5d}')),
    // Had private code points before GB 18030-2022 moved them.
    special("moved-character", 19, Special::Last('\u{9fb4}', '\u{9fbb}')),
    special("private-use", 20, Special::Last('\u{e000}', '\u{e0ff}')),
    special("variation-sequence", 21, Special::Tail("\u{845b}\u{e0100}")),
    special("name-1", 22, Special::OneCharacter),
    plain("leap-day", Source::LeapDay),
];

/// Every person kind; the first is the standard person.
pub const KINDS: &[&str] = &{
    let mut names = [""; TABLE.len()];
    let mut at = 0;
    while at < TABLE.len() {
        names[at] = TABLE[at].name;
        at += 1;
    }
    names
};

pub(super) fn find(name: &str) -> Option<&'static Kind> {
    const KINDS_TABLE: &[Kind] = &TABLE;
    KINDS_TABLE.iter().find(|kind| kind.name == name)
}
