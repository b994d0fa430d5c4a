//! Ages, terms and day boundaries (居民身份证法 art. 5; LIF-008). The day comes in, there is no clock.

use time::{Date, Duration, OffsetDateTime, Time, UtcOffset, macros::offset};

/// China time, the only zone in which days begin and end.
pub const CHINA: UtcOffset = offset!(+8);

/// The term of a card by the age at issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Term {
    /// So many years.
    Years(u8),
    /// 长期: no last day.
    LongTerm,
}

/// Age in full years on `day`; negative before the birth. Turns on the birthday; a birthday of
/// 29 February turns on 1 March in a common year (profile; binding v1, 6.2).
#[must_use]
pub fn age_on(birth: Date, day: Date) -> i32 {
    let reached = (u8::from(day.month()), day.day()) >= (u8::from(birth.month()), birth.day());
    day.year() - birth.year() - i32::from(!reached)
}

/// The term for an age at issue: below 16 five years, 16 to 25 ten, 26 to 45 twenty, from 46 on long-term.
#[must_use]
pub const fn term_at(age: i32) -> Term {
    match age {
        ..=15 => Term::Years(5),
        16..=25 => Term::Years(10),
        26..=45 => Term::Years(20),
        46.. => Term::LongTerm,
    }
}

/// The last day of a term that runs from `effective`: same month and day N years later, 28 February
/// where 29 February does not exist (ruling). `None` for long-term and beyond the year 9999.
#[must_use]
pub fn end_of_term(effective: Date, term: Term) -> Option<Date> {
    let Term::Years(years) = term else { return None };
    let year = effective.year() + i32::from(years);
    let same_day = effective.replace_year(year).ok();
    same_day.or_else(|| effective.replace_day(28).ok()?.replace_year(year).ok())
}

/// The term as `certificateValidityRange` says it: `20年`, `长期`.
#[must_use]
pub fn validity_range(term: Term) -> String {
    match term {
        Term::Years(years) => format!("{years}年"),
        Term::LongTerm => "长期".to_owned(),
    }
}

/// The first instant of a day, 00:00:00+08:00.
#[must_use]
pub const fn start_of_day(day: Date) -> OffsetDateTime {
    day.midnight().assume_offset(CHINA)
}

/// The first instant at which a licence with this last day is expired: 00:00:00+08:00 of the next
/// day. For 9999-12-31, which has no next day, the last nanosecond of it.
#[must_use]
pub fn expires_at(last_day: Date) -> OffsetDateTime {
    last_day.next_day().map_or_else(|| last_day.with_time(Time::MAX).assume_offset(CHINA), start_of_day)
}

/// The day it is in China at `instant`; at the ends of the calendar the nearest day in it.
#[must_use]
pub fn china_date(instant: OffsetDateTime) -> Date {
    in_china(instant).date()
}

/// The same instant with the offset +08:00; at the ends of the calendar the nearest that fits.
pub(crate) fn in_china(instant: OffsetDateTime) -> OffsetDateTime {
    instant.checked_to_offset(CHINA).unwrap_or_else(|| {
        let latest = Date::MAX.with_time(Time::MAX).assume_offset(CHINA);
        if instant > latest - Duration::days(1) { latest } else { start_of_day(Date::MIN) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date() -> impl Strategy<Value = Date> {
        // Days from 1900-01-01 to 9999-12-31.
        (2_415_021..=5_373_484_i32).prop_map(|day| Date::from_julian_day(day).unwrap())
    }

    #[test]
    fn nothing_overflows_at_the_ends_of_the_calendar() {
        for end in [Date::MIN, Date::MAX] {
            for zone in [UtcOffset::UTC, CHINA, offset!(-23:59), offset!(+23:59)] {
                for instant in [end.midnight(), end.with_time(Time::MAX)].map(|time| time.assume_offset(zone)) {
                    let distance = (china_date(instant) - end).whole_days().abs();
                    assert!(distance <= 2, "{instant}: {distance}");
                }
            }
            assert_eq!(expires_at(end).date().year(), end.year());
        }
        assert_eq!(end_of_term(Date::MAX, Term::Years(5)), None);
        assert_eq!(end_of_term(Date::MAX, Term::LongTerm), None);
    }

    proptest! {
        #[test]
        fn an_age_grows_by_one_a_year(birth in date(), day in date()) {
            if let (Ok(next), true) = (day.replace_year(day.year() + 1), day.day() != 29) {
                prop_assert_eq!(age_on(birth, next), age_on(birth, day) + 1);
            }
            if let Some(tomorrow) = day.next_day() {
                prop_assert!([0, 1].contains(&(age_on(birth, tomorrow) - age_on(birth, day))));
            }
        }

        #[test]
        fn a_term_ends_in_the_right_year_and_never_in_march_for_february(effective in date(), age in 0..60) {
            let term = term_at(age);
            match (term, end_of_term(effective, term)) {
                (Term::Years(years), Some(end)) => {
                    prop_assert_eq!(end.year(), effective.year() + i32::from(years));
                    prop_assert_eq!(end.month(), effective.month());
                    prop_assert!(end.day() == effective.day() || (effective.day() == 29 && end.day() == 28));
                }
                (Term::Years(years), None) => prop_assert!(effective.year() + i32::from(years) > 9999),
                (Term::LongTerm, end) => prop_assert_eq!((age >= 46, end), (true, None)),
            }
        }

        #[test]
        fn a_day_is_over_when_it_expires(day in date()) {
            prop_assert_eq!(china_date(start_of_day(day)), day);
            prop_assert_eq!(china_date(expires_at(day) - Duration::NANOSECOND), day);
            if let Some(next) = day.next_day() {
                prop_assert_eq!(expires_at(day), start_of_day(next));
                prop_assert_eq!(expires_at(day) - start_of_day(day), Duration::DAY);
            }
        }
    }
}
