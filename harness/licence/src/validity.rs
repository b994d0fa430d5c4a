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
