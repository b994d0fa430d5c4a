//! The two time types of X.509 in the one form the profiles allow: whole seconds and `Z`.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// Reads `YYYYMMDDHHMMSSZ`; `None` for any other form and for days that do not exist.
#[must_use]
pub fn read_generalized_time(text: &[u8]) -> Option<OffsetDateTime> {
    let digits: &[u8; 14] = text.strip_suffix(b"Z")?.try_into().ok()?;
    let year = number(&digits[..4])?;
    read_rest(year, &digits[4..])
}

/// Reads `YYMMDDHHMMSSZ`, years 1950 to 2049; `None` for any other form.
#[must_use]
pub fn read_utc_time(text: &[u8]) -> Option<OffsetDateTime> {
    let digits: &[u8; 12] = text.strip_suffix(b"Z")?.try_into().ok()?;
    let year = number(&digits[..2])?;
    read_rest(year + if year < 50 { 2000 } else { 1900 }, &digits[2..])
}

fn read_rest(year: u16, rest: &[u8]) -> Option<OffsetDateTime> {
    let part = |i: usize| number(&rest[2 * i..2 * i + 2]).and_then(|n| u8::try_from(n).ok());
    let month = Month::try_from(part(0)?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, part(1)?).ok()?;
    let time = Time::from_hms(part(2)?, part(3)?, part(4)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))
}

fn utc(instant: OffsetDateTime) -> OffsetDateTime {
    instant.to_offset(time::UtcOffset::UTC)
}

/// Writes `YYYYMMDDHHMMSSZ` in UTC; years 0 to 9999.
#[must_use]
pub fn write_generalized_time(instant: OffsetDateTime) -> String {
    let t = utc(instant);
    let (month, day) = (u8::from(t.month()), t.day());
    format!("{:04}{month:02}{day:02}{:02}{:02}{:02}Z", t.year(), t.hour(), t.minute(), t.second())
}

/// Writes `YYMMDDHHMMSSZ` in UTC; meant for the years 1950 to 2049.
#[must_use]
pub fn write_utc_time(instant: OffsetDateTime) -> String {
    write_generalized_time(instant).chars().skip(2).collect()
}
