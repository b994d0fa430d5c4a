//! Makers for dates and instants, from the day and the time of the target or the value at hand.

use ecric_licence::instant::{parse_date, parse_instant, write_date, write_instant};
use ecric_licence::validity::china_date;
use serde_json::Value;
use time::{Date, Duration, OffsetDateTime};

use super::{Made, Table, text};
use crate::variation::{Inputs, VariationError};

pub(super) const TABLE: Table = &[
    ("date-yesterday", |_, inputs| days_from("date-yesterday", inputs.today, -1)),
    ("date-tomorrow", |_, inputs| days_from("date-tomorrow", inputs.today, 1)),
    ("date-in-11-days", |_, inputs| days_from("date-in-11-days", inputs.today, 11)),
    // Of next year: no day in the past, so that only the day itself is wrong.
    ("date-30-february", |_, inputs| Ok(format!("{:04}-02-30", inputs.today.year() + 1).into())),
    ("date-next-day", |current, _| {
        let maker = "date-next-day";
        let date = parse_date(text(maker, current)?);
        let wanted = "a date YYYY-MM-DD";
        days_from(maker, date.map_err(|_| VariationError::NotApplicable { maker, found: "no date", wanted })?, 1)
    }),
    ("instant-in-one-hour", |_, inputs| Ok(write_instant(inputs.now + Duration::HOUR).into())),
    ("instant-utc", |current, inputs| {
        let utc = at_hand(current, inputs).to_offset(time::UtcOffset::UTC);
        let (hour, minute, second) = utc.to_hms();
        Ok(format!("{}T{hour:02}:{minute:02}:{second:02}Z", write_date(utc.date())).into())
    }),
    ("instant-no-colon", |current, inputs| Ok(written(current, inputs).replace("+08:00", "+0800").into())),
    ("instant-no-offset", |current, inputs| Ok(written(current, inputs).replace("+08:00", "").into())),
    ("instant-hour-24", |current, inputs| {
        let day = china_date(at_hand(current, inputs)).previous_day().unwrap_or(Date::MIN);
        Ok(format!("{}T24:00:00+08:00", write_date(day)).into())
    }),
    ("instant-second-60", |current, inputs| {
        let text = written(current, inputs);
        Ok(format!("{}:60+08:00", &text[.."YYYY-MM-DDThh:mm".len()]).into())
    }),
    ("instant-fraction", |current, inputs| {
        let text = written(current, inputs);
        Ok(format!("{}.999{}", &text[.."YYYY-MM-DDThh:mm:ss".len()], &text["YYYY-MM-DDThh:mm:ss".len()..]).into())
    }),
    ("instant-lower-t", |current, inputs| Ok(written(current, inputs).replace('T', "t").into())),
];

fn days_from(maker: &'static str, day: Date, days: i64) -> Made {
    let date = day.checked_add(Duration::days(days));
    let wanted = "a day not at an end of the calendar";
    let date = date.ok_or(VariationError::NotApplicable { maker, found: "its end", wanted })?;
    Ok(write_date(date).into())
}

/// The instant at the place, or one hour before now.
fn at_hand(current: Option<&Value>, inputs: &Inputs) -> OffsetDateTime {
    let found = current.and_then(Value::as_str).and_then(|text| parse_instant(text).ok());
    found.unwrap_or(inputs.now - Duration::HOUR)
}

fn written(current: Option<&Value>, inputs: &Inputs) -> String {
    write_instant(at_hand(current, inputs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variation::makers::make;
    use crate::variation::tests::sample_inputs;

    #[test]
    fn instants_have_one_defect() {
        let inputs = sample_inputs();
        let current = Value::from("2026-06-01T07:30:59+08:00");
        let rows = [
            ("instant-utc", "2026-05-31T23:30:59Z"),
            ("instant-no-colon", "2026-06-01T07:30:59+0800"),
            ("instant-no-offset", "2026-06-01T07:30:59"),
            ("instant-hour-24", "2026-05-31T24:00:00+08:00"),
            ("instant-second-60", "2026-06-01T07:30:60+08:00"),
            ("instant-lower-t", "2026-06-01t07:30:59+08:00"),
        ];
        for (maker, wanted) in rows {
            let made = make(maker, Some(&current), &inputs).unwrap();
            assert_eq!(made, wanted);
            assert_eq!(parse_instant(wanted).is_ok(), maker == "instant-utc", "{maker}");
        }
        assert_eq!(make("instant-no-offset", None, &inputs).unwrap(), "2026-06-01T08:00:00");
        assert_eq!(make("instant-in-one-hour", None, &inputs).unwrap(), "2026-06-01T10:00:00+08:00");
    }

    #[test]
    fn dates_count_from_the_day_of_the_target() {
        let inputs = sample_inputs();
        let rows = [
            ("date-yesterday", "2026-05-31"),
            ("date-tomorrow", "2026-06-02"),
            ("date-in-11-days", "2026-06-12"),
            ("date-30-february", "2027-02-30"),
        ];
        for (maker, wanted) in rows {
            assert_eq!(make(maker, None, &inputs).unwrap(), wanted);
        }
        assert_eq!(make("date-next-day", Some(&"1990-02-28".into()), &inputs).unwrap(), "1990-03-01");
        assert!(make("date-next-day", Some(&"1990-02-29".into()), &inputs).is_err());
        assert!(make("date-next-day", None, &inputs).is_err());
    }
}
