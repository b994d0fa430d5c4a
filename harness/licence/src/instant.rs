//! Instants and dates of binding v1 (2.1): strict readers, one way of writing. No clock.

use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset};

use crate::validity::in_china;

/// Why a text is not an instant or a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct InstantError {
    /// What is wrong.
    pub kind: InstantErrorKind,
    /// Where, in bytes from the start of the text.
    pub position: usize,
}

/// What is wrong with an instant or a date; the first fault from left to right is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InstantErrorKind {
    /// Another character than the form has here: a missing digit, lower-case `t`, a space.
    #[error("character does not fit the form")]
    Form,
    /// No day of the calendar from 0001-01-01 to 9999-12-31.
    #[error("no day of the calendar from 0001 to 9999")]
    Date,
    /// No time of day: `24:00:00` and leap seconds are none.
    #[error("no time of day")]
    Time,
    /// The offset is missing or neither `Z` nor `±hh:mm`.
    #[error("offset is neither Z nor ±hh:mm")]
    Offset,
    /// Characters after the end.
    #[error("characters after the end")]
    Trailing,
}

impl InstantErrorKind {
    /// A word for the kind, as vectors and reports write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Date => "date",
            Self::Time => "time",
            Self::Offset => "offset",
            Self::Trailing => "trailing",
        }
    }
}

/// Parses an RFC 3339 instant with offset; `Z` and `-00:00` mean UTC. A fraction of a second, of any
/// length, is cut off. The day in China must lie in the years 0001 to 9999, so that it can be written.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_instant(text: &str) -> Result<OffsetDateTime, InstantError> {
    let mut reader = Reader::new(text);
    let date = reader.date(Some(b'-'))?;
    reader.mark(b'T')?;
    let time = reader.time()?;
    reader.skip_fraction()?;
    let offset = reader.offset()?;
    reader.end()?;
    let instant = date.with_time(time).assume_offset(offset);
    let in_range = instant.checked_to_offset(crate::validity::CHINA).is_some_and(|local| is_written(local.date()));
    if in_range { Ok(instant) } else { Err(InstantError { kind: InstantErrorKind::Date, position: 0 }) }
}

/// Writes an instant with +08:00 and whole seconds, the fraction cut off.
#[must_use]
pub fn write_instant(instant: OffsetDateTime) -> String {
    let local = in_china(instant);
    format!("{}T{}+08:00", write_date(local.date()), write_time(local.time()))
}

/// Writes an instant with +08:00 and milliseconds, the rest cut off (`serverTime`).
#[must_use]
pub fn write_instant_ms(instant: OffsetDateTime) -> String {
    let local = in_china(instant);
    format!("{}T{}.{:03}+08:00", write_date(local.date()), write_time(local.time()), local.millisecond())
}

/// Parses a date `YYYY-MM-DD` from 0001-01-01 to 9999-12-31.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_date(text: &str) -> Result<Date, InstantError> {
    let mut reader = Reader::new(text);
    let date = reader.date(Some(b'-'))?;
    reader.end().map(|()| date)
}

/// Writes a date `YYYY-MM-DD`.
#[must_use]
pub fn write_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// Parses a date `YYYYMMDD` (GB/T 7408 basic form, inside licence files) from 00010101 to 99991231.
///
/// # Errors
/// With kind and position of the first fault.
pub fn parse_date_basic(text: &str) -> Result<Date, InstantError> {
    let mut reader = Reader::new(text);
    let date = reader.date(None)?;
    reader.end().map(|()| date)
}

/// Writes a date `YYYYMMDD`.
#[must_use]
pub fn write_date_basic(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

/// The instant without its fraction of a second.
#[must_use]
pub fn whole_second(instant: OffsetDateTime) -> OffsetDateTime {
    instant - Duration::nanoseconds(i64::from(instant.nanosecond()))
}

fn write_time(time: Time) -> String {
    format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

const fn is_written(date: Date) -> bool {
    matches!(date.year(), 1..=9999)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0 }
    }

    const fn fault<T>(kind: InstantErrorKind, position: usize) -> Result<T, InstantError> {
        Err(InstantError { kind, position })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn mark(&mut self, wanted: u8) -> Result<(), InstantError> {
        if self.peek() != Some(wanted) {
            return Self::fault(InstantErrorKind::Form, self.at);
        }
        self.at += 1;
        Ok(())
    }

    fn number(&mut self, digits: usize, kind: InstantErrorKind) -> Result<u16, InstantError> {
        let mut value = 0;
        for _ in 0..digits {
            match self.peek() {
                Some(byte @ b'0'..=b'9') => value = value * 10 + u16::from(byte - b'0'),
                _ => return Self::fault(kind, self.at),
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn pair(&mut self, kind: InstantErrorKind) -> Result<u8, InstantError> {
        let value = self.number(2, kind)?;
        u8::try_from(value).or_else(|_| Self::fault(kind, self.at))
    }

    fn date(&mut self, separator: Option<u8>) -> Result<Date, InstantError> {
        let start = self.at;
        let year = self.number(4, InstantErrorKind::Form)?;
        separator.map_or(Ok(()), |mark| self.mark(mark))?;
        let month = self.pair(InstantErrorKind::Form)?;
        separator.map_or(Ok(()), |mark| self.mark(mark))?;
        let day = self.pair(InstantErrorKind::Form)?;
        let date = Month::try_from(month).and_then(|month| Date::from_calendar_date(i32::from(year), month, day));
        match date {
            Ok(date) if is_written(date) => Ok(date),
            _ => Self::fault(InstantErrorKind::Date, start),
        }
    }

    fn time(&mut self) -> Result<Time, InstantError> {
        let start = self.at;
        let hour = self.pair(InstantErrorKind::Form)?;
        self.mark(b':')?;
        let minute = self.pair(InstantErrorKind::Form)?;
        self.mark(b':')?;
        let second = self.pair(InstantErrorKind::Form)?;
        Time::from_hms(hour, minute, second).or_else(|_| Self::fault(InstantErrorKind::Time, start))
    }

    fn skip_fraction(&mut self) -> Result<(), InstantError> {
        if self.peek() != Some(b'.') {
            return Ok(());
        }
        self.at += 1;
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Self::fault(InstantErrorKind::Form, start) } else { Ok(()) }
    }

    fn offset(&mut self) -> Result<UtcOffset, InstantError> {
        const KIND: InstantErrorKind = InstantErrorKind::Offset;
        let start = self.at;
        let sign = match self.peek() {
            Some(b'Z') => {
                self.at += 1;
                return Ok(UtcOffset::UTC);
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Self::fault(KIND, start),
        };
        self.at += 1;
        let hours = self.pair(KIND)?;
        self.mark(b':').or_else(|error| Self::fault(KIND, error.position))?;
        let minutes = self.pair(KIND)?;
        if hours > 23 || minutes > 59 {
            return Self::fault(KIND, start);
        }
        let seconds = sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60);
        UtcOffset::from_whole_seconds(seconds).or_else(|_| Self::fault(KIND, start))
    }

    fn end(&self) -> Result<(), InstantError> {
        if self.at == self.bytes.len() { Ok(()) } else { Self::fault(InstantErrorKind::Trailing, self.at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // From 0001-01-01 to 9999-12-31 in China.
    fn instant() -> impl Strategy<Value = OffsetDateTime> {
        (-62_135_625_600..=253_402_271_999_i64, 0..1_000_000_000_i64).prop_map(|(seconds, nanoseconds)| {
            OffsetDateTime::from_unix_timestamp(seconds).unwrap() + Duration::nanoseconds(nanoseconds)
        })
    }

    #[test]
    fn ends_of_the_calendar_are_written_without_overflow() {
        let late = Date::MAX.with_time(Time::MAX).assume_utc();
        assert_eq!(parse_instant(&write_instant(late)).unwrap().unix_timestamp(), 253_402_271_999);
        let early = Date::MIN.midnight().assume_offset(UtcOffset::from_hms(23, 59, 0).unwrap());
        assert!(!write_instant(early).is_empty());
    }

    proptest! {
        #[test]
        fn writing_then_reading_is_identity_to_the_second(instant in instant()) {
            let text = write_instant(instant);
            prop_assert_eq!(parse_instant(&text), Ok(whole_second(instant)));
            prop_assert_eq!(write_instant(parse_instant(&text).unwrap()), text.as_str());
            prop_assert_eq!(parse_instant(&write_instant_ms(instant)), Ok(whole_second(instant)));
            prop_assert_eq!(write_instant_ms(instant).replace(&write_instant_ms(instant)[19..23], ""), text);
        }

        #[test]
        fn any_offset_names_the_same_instant(instant in instant(), minutes in -1439..=1439_i32) {
            let offset = UtcOffset::from_whole_seconds(minutes * 60).unwrap();
            if let Some(local) = instant.checked_to_offset(offset).filter(|local| is_written(local.date())) {
                let sign = if minutes < 0 { '-' } else { '+' };
                let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
                let text = format!("{}T{}{sign}{hours:02}:{rest:02}", write_date(local.date()), write_time(local.time()));
                prop_assert_eq!(parse_instant(&text), Ok(whole_second(instant)));
            }
        }

        #[test]
        fn dates_come_back(instant in instant()) {
            let date = crate::validity::china_date(instant);
            prop_assert_eq!(parse_date(&write_date(date)), Ok(date));
            prop_assert_eq!(parse_date_basic(&write_date_basic(date)), Ok(date));
        }

        #[test]
        fn the_readers_survive_any_text(text in any::<String>(), near in "[0-9T:+Z. -]{0,30}", instant in instant(), cut in any::<prop::sample::Index>()) {
            let whole = write_instant(instant);
            let shortened = whole[..cut.index(whole.len())].to_owned();
            prop_assert!(parse_instant(&shortened).is_err());
            for text in [text, near] {
                for error in [parse_instant(&text).err(), parse_date(&text).err(), parse_date_basic(&text).err()] {
                    prop_assert!(error.is_none_or(|error| error.position <= text.len()));
                }
            }
        }
    }
}
