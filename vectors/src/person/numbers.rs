//! Citizen numbers for slots: every kind has a range of its own, and within a range the seed permutes.
//! Only check-x gives a number that ends in X, so that a defect about X shows nowhere else.

use ecric_licence::citizen_number::{self, CitizenNumber, Sex, parse_citizen_number};
use ecric_licence::instant::write_date_basic;
use time::{Date, Duration, Month};

use super::Slot;
use super::kind::{Kind, Source};
use crate::draw::Draw;

/// Case ordinals with numbers of their own.
pub const ORDINAL_LIMIT: u32 = 2048;
/// Indexes with numbers of their own for the kind adult and for shapes.
pub const ADULT_INDEX_LIMIT: u32 = 1536;
/// Indexes with numbers of their own for child, young-adult and senior.
pub const BAND_INDEX_LIMIT: u32 = 512;
/// Indexes with numbers of their own for the other kinds without a fixed birthday.
pub const SPECIAL_INDEX_LIMIT: u32 = 32;

const PREFIX: &str = "110199";
const OTHER_PREFIX: &str = "110198";
/// Days between today and the nearest birthday, at least.
const BIRTHDAY_DISTANCE: u64 = 31;
/// Birthdays in one year of age: those at least 31 days from today in both directions.
const DAYS_PER_AGE: u64 = 304;

/// Which sequences of a birthday are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequences {
    /// Those without X: at least 900 a day.
    Plain,
    /// Those with X: at least 85 a day.
    CheckX,
    /// Those without X of one sex: at least 450 a day.
    OfSex(Sex),
}

impl Sequences {
    const fn per_day(self) -> u64 {
        match self {
            Self::Plain => 900,
            Self::CheckX => 85,
            Self::OfSex(_) => 450,
        }
    }

    fn takes(self, sequence: u16, is_x: bool) -> bool {
        match self {
            Self::Plain => !is_x,
            Self::CheckX => is_x,
            Self::OfSex(sex) => !is_x && (sequence % 2 == 1) == (sex == Sex::Male),
        }
    }
}

/// Numbers of some ages under one prefix.
struct Pool {
    name: &'static str,
    prefix: &'static str,
    first_age: i32,
    ages: u64,
    sequences: Sequences,
}

const ADULT: Pool = Pool { name: "adult", prefix: PREFIX, first_age: 27, ages: 18, sequences: Sequences::Plain };
const CHECK_X: Pool = Pool { name: "check-x", sequences: Sequences::CheckX, ..ADULT };
const OTHER_DIVISION: Pool = Pool { name: "other-division", prefix: OTHER_PREFIX, ..ADULT };
const CHILD: Pool = Pool { name: "child", first_age: 3, ages: 11, ..ADULT };
const YOUNG_ADULT: Pool = Pool { name: "young-adult", first_age: 17, ages: 8, ..ADULT };
const SENIOR: Pool = Pool { name: "senior", first_age: 47, ages: 6, ..ADULT };
const SHAPE: Pool = Pool { name: "shape", first_age: 53, ages: 31, ..ADULT };

pub(super) fn allocate(kind: &Kind, slot: &Slot, today: Date) -> CitizenNumber {
    match kind.source {
        Source::Adult(0) => ADULT.number(slot, today, 0, ADULT_INDEX_LIMIT),
        Source::Adult(range) => {
            let start = ordinals() * (u64::from(ADULT_INDEX_LIMIT) + (range - 1) * u64::from(SPECIAL_INDEX_LIMIT));
            ADULT.number(slot, today, start, SPECIAL_INDEX_LIMIT)
        }
        Source::CheckX => CHECK_X.number(slot, today, 0, SPECIAL_INDEX_LIMIT),
        Source::OtherDivision => OTHER_DIVISION.number(slot, today, 0, SPECIAL_INDEX_LIMIT),
        Source::Child => CHILD.number(slot, today, 0, BAND_INDEX_LIMIT),
        Source::YoungAdult => YOUNG_ADULT.number(slot, today, 0, BAND_INDEX_LIMIT),
        Source::Senior => SENIOR.number(slot, today, 0, BAND_INDEX_LIMIT),
        Source::Today(age) => on_birthday(kind.name, slot, birthday_today(today, age)),
        Source::Tomorrow(age) => on_birthday(kind.name, slot, birthday_tomorrow(today, age)),
        Source::LeapDay => on_birthday(kind.name, slot, leap_birthday(today)),
    }
}

pub(super) fn allocate_for_sex(sex: Sex, slot: &Slot, today: Date) -> CitizenNumber {
    Pool { sequences: Sequences::OfSex(sex), ..SHAPE }.number(slot, today, 0, ADULT_INDEX_LIMIT)
}

impl Pool {
    /// The number of a slot whose range begins at `start`, in the order that the seed gives.
    fn number(&self, slot: &Slot, today: Date, start: u64, indexes: u32) -> CitizenNumber {
        let slot_number =
            u64::from(slot.case_ordinal % ORDINAL_LIMIT) * u64::from(indexes) + u64::from(slot.index % indexes);
        let per_day = self.sequences.per_day();
        let size = self.ages * DAYS_PER_AGE * per_day;
        let position =
            permute(start + slot_number, size, &mut Draw::new(&[b"numbers", self.name.as_bytes(), &slot.seed]));
        let day = position / per_day;
        let age = self.first_age + i32::try_from(day / DAYS_PER_AGE).unwrap_or(0);
        let birth = birth_date(today, age, BIRTHDAY_DISTANCE + day % DAYS_PER_AGE);
        number(self.prefix, birth, self.sequences, position % per_day)
    }
}

fn ordinals() -> u64 {
    u64::from(ORDINAL_LIMIT)
}

/// A permutation of 0..size: multiplication by a number without a common factor, then a shift.
fn permute(value: u64, size: u64, draw: &mut Draw) -> u64 {
    let factor = loop {
        let candidate = 1 + draw.below(size - 1);
        if greatest_common_divisor(candidate, size) == 1 {
            break candidate;
        }
    };
    (value % size * factor + draw.below(size)) % size
}

const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The number of a slot on one birthday; the seed and the kind shift the order of the slots.
fn on_birthday(kind: &str, slot: &Slot, birth: Date) -> CitizenNumber {
    let per_day = Sequences::Plain.per_day();
    // Index 0, 1, 2 .. 7 begin at 0, 448, 224, 672, 112, 560, 336, 784.
    let begins = u64::from((slot.index % 8).reverse_bits() >> 29) * 112;
    let shift = Draw::new(&[b"birthday", kind.as_bytes(), &slot.seed]).below(per_day);
    let position = (u64::from(slot.case_ordinal) + begins + shift) % per_day;
    number(PREFIX, birth, Sequences::Plain, position)
}

/// The birth date of somebody who has the age `age` for `days` days today.
fn birth_date(today: Date, age: i32, days: u64) -> Date {
    let days = Duration::days(i64::try_from(days).unwrap_or(0));
    birthday_today(today, age).checked_sub(days).unwrap_or(today)
}

/// Reaches `age` today. Nobody reaches it on a 29 February that the birth year lacks: then the day before.
fn birthday_today(today: Date, age: i32) -> Date {
    let year = today.year() - age;
    today.replace_year(year).or_else(|_| Date::from_calendar_date(year, Month::February, 28)).unwrap_or(today)
}

/// The 29 February whose 18th birthday falls into the next year or one of the three after it.
fn leap_birthday(today: Date) -> Date {
    let born = (1..=4).map(|years| today.year() + years - 18);
    born.filter_map(|year| Date::from_calendar_date(year, Month::February, 29).ok()).next().unwrap_or(today)
}

/// Reaches `age` tomorrow. Nobody reaches it on a 29 February that the birth year lacks: then the day after.
fn birthday_tomorrow(today: Date, age: i32) -> Date {
    let tomorrow = today.next_day().unwrap_or(today);
    let year = tomorrow.year() - age;
    tomorrow.replace_year(year).or_else(|_| Date::from_calendar_date(year, Month::March, 1)).unwrap_or(today)
}

/// The number with the sequence at `position` among those taken.
#[allow(clippy::expect_used, reason = "a date of the calendar and a computed check character make a number")]
fn number(prefix: &str, birth: Date, sequences: Sequences, position: u64) -> CitizenNumber {
    let head = format!("{prefix}{}", write_date_basic(birth));
    let rest = remainder(&head);
    let mut taken = (1..1000_u16).filter(|sequence| sequences.takes(*sequence, is_x(rest, *sequence)));
    let sequence = taken.nth(usize::try_from(position).unwrap_or(0)).unwrap_or(1);
    let body = format!("{head}{sequence:03}");
    let check = citizen_number::check_character(&body).unwrap_or('0');
    parse_citizen_number(&format!("{body}{check}"))
        .expect("birth dates from 1900 on, 17 digits and their check character")
}

/// The weighted sum of the first 14 digits, mod 11, read back from the check character over sequence 000.
fn remainder(head: &str) -> u16 {
    let check = citizen_number::check_character(&format!("{head}000")).unwrap_or('1');
    "10X98765432".chars().zip(0..).find(|(known, _)| *known == check).map_or(0, |(_, value)| value)
}

/// Whether a sequence gives X: weights 8, 4, 2 for digits 15 to 17 (GB 11643), sum mod 11 = 2.
const fn is_x(remainder: u16, sequence: u16) -> bool {
    (remainder + sequence / 100 * 8 + sequence / 10 % 10 * 4 + sequence % 10 * 2) % 11 == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_birthday_has_the_sequences_that_are_promised() {
        for sequences in
            [Sequences::Plain, Sequences::CheckX, Sequences::OfSex(Sex::Male), Sequences::OfSex(Sex::Female)]
        {
            for rest in 0..11 {
                let found = (1..1000).filter(|sequence| sequences.takes(*sequence, is_x(rest, *sequence))).count();
                assert!(found as u64 >= sequences.per_day(), "{sequences:?}, remainder {rest}: {found}");
            }
        }
    }

    #[test]
    fn every_pool_holds_its_ranges() {
        let slots = |indexes: u32| ordinals() * u64::from(indexes);
        let size = |pool: &Pool| pool.ages * DAYS_PER_AGE * pool.sequences.per_day();
        assert!(slots(ADULT_INDEX_LIMIT) + 22 * slots(SPECIAL_INDEX_LIMIT) <= size(&ADULT));
        assert!(slots(SPECIAL_INDEX_LIMIT) <= size(&CHECK_X));
        assert!(slots(SPECIAL_INDEX_LIMIT) <= size(&OTHER_DIVISION));
        for pool in [CHILD, YOUNG_ADULT, SENIOR] {
            assert!(slots(BAND_INDEX_LIMIT) <= size(&pool), "{}", pool.name);
        }
        let shape = Pool { sequences: Sequences::OfSex(Sex::Male), ..SHAPE };
        assert!(slots(ADULT_INDEX_LIMIT) <= size(&shape));
    }

    #[test]
    fn the_seed_permutes() {
        for (size, seed) in [(900, 1_u8), (899, 2), (304, 3)] {
            let image: std::collections::BTreeSet<u64> =
                (0..size).map(|value| permute(value, size, &mut Draw::new(&[&[seed]]))).collect();
            assert_eq!(image.len() as u64, size);
        }
    }
}
