//! Dates of a licence: first day, term by age, last day. Pure.

use ecric_licence::instant::write_date;
use ecric_licence::validity::{Term, age_on, end_of_term, term_at, validity_range};
use time::Date;

use crate::behaviour::Behaviour;
use crate::distort::altered;

/// Dates as stored.
pub(crate) struct Dates {
    pub(crate) effective: String,
    pub(crate) expiring: Option<String>,
    pub(crate) range: String,
}

/// Dates of a term that follows from the age at issue and runs from the first day (ruling D8).
pub(crate) fn by_age(birth: Date, issued: Date, effective: Date, behaviour: &Behaviour) -> Dates {
    let day_before = issued.previous_day().unwrap_or(issued);
    let age = age_on(birth, issued);
    let age = altered(age, age_on(birth, day_before), || behaviour.birthday_counts_next_day());
    let age = altered(age, issued.year() - birth.year(), || behaviour.age_by_year());
    let mut term = term_at(age);
    if (27..=44).contains(&age) && behaviour.adults_get_ten_years() {
        term = Term::Years(10);
    }
    if (age < 16 && behaviour.children_get_ten_years())
        || ((16..26).contains(&age) && behaviour.youths_get_five_years())
    {
        term = Term::Years(if age < 16 { 10 } else { 5 });
    }
    let mut expiring = end_of_term(effective, term).map(write_date);
    if expiring.is_none() && behaviour.long_term_as_9999() {
        expiring = Some("9999-12-31".to_owned());
    }
    Dates { effective: write_date(effective), expiring, range: validity_range(term) }
}

/// Dates with an explicit last day; `None` is long-term (rulings D6, E5).
pub(crate) fn explicit(effective: Date, expiring: Option<Date>, behaviour: &Behaviour) -> Dates {
    // What a faulty server makes of years that two digits do not reach.
    let two_digits = |day: Date| day.replace_year(1900 + day.year() % 100).unwrap_or(day);
    let expiring = expiring
        .map(|last| if last.year() >= 2050 && behaviour.years_have_two_digits() { two_digits(last) } else { last });
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
