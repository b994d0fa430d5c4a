//! Dates of a licence: first day, term by age, last day. Pure.

use ecric_licence::instant::write_date;
use ecric_licence::validity::{Term, age_on, end_of_term, term_at, validity_range};
use time::Date;

use crate::behaviour::Behaviour;

/// Dates as stored.
pub(crate) struct Dates {
    pub(crate) effective: String,
    pub(crate) expiring: Option<String>,
    pub(crate) range: String,
}

/// Dates of a term that follows from the age at issue and runs from the first day (ruling D8).
pub(crate) fn by_age(birth: Date, issued: Date, effective: Date, behaviour: &Behaviour) -> Dates {
    let as_of = if behaviour.birthday_counts_next_day { issued.previous_day().unwrap_or(issued) } else { issued };
    let age = if behaviour.age_by_year { issued.year() - birth.year() } else { age_on(birth, as_of) };
    let mut term = term_at(age);
    if behaviour.adults_get_ten_years && (27..=44).contains(&age) {
        term = Term::Years(10);
    }
    if (behaviour.children_get_ten_years && age < 16) || (behaviour.youths_get_five_years && (16..26).contains(&age)) {
        term = Term::Years(if age < 16 { 10 } else { 5 });
    }
    let mut expiring = end_of_term(effective, term).map(write_date);
    if behaviour.long_term_as_9999 && expiring.is_none() {
        expiring = Some("9999-12-31".to_owned());
    }
    let range = validity_range(if behaviour.dated_range_long_term { Term::LongTerm } else { term });
    Dates { effective: write_date(effective), expiring, range }
}

/// Dates with an explicit last day; `None` is long-term (rulings D6, E5).
pub(crate) fn explicit(effective: Date, expiring: Option<Date>, behaviour: &Behaviour) -> Dates {
    // What a faulty server makes of years that two digits do not reach.
    let two_digits = |day: Date| day.replace_year(1900 + day.year() % 100).unwrap_or(day);
    let expiring = expiring
        .map(|last| if behaviour.years_have_two_digits && last.year() >= 2050 { two_digits(last) } else { last });
    let first = write_date(effective);
    match expiring {
        None => Dates { effective: first, expiring: None, range: validity_range(Term::LongTerm) },
        Some(last) => {
            let last = write_date(last);
            let range = format!("{first}至{last}");
            Dates { effective: first, expiring: Some(last), range }
        }
    }
}
