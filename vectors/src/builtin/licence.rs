//! Identifiers, numbers, dates, metadata and the status machine.

use ecric_licence::citizen_number::{fold_case, parse_citizen_number};
use ecric_licence::identifier::parse_identifier;
use ecric_licence::instant::{parse_date, parse_instant, write_date, write_date_basic, write_instant};
use ecric_licence::metadata::{ADDRESS_MAX, COPY_MEMBERS, MANDATORY, NAME_MAX, fits, mask_name, mask_number};
use ecric_licence::status::{StatusEvent, next_status, precedence};
use ecric_licence::usci::parse_usci;
use ecric_licence::validity::{Term, age_on, china_date, expires_at, term_at};
use ecric_model::binding::{Action, LicenceStatus};

use super::{Input, Refusal, Reply, invalid};

pub(super) fn ask(name: &str, input: &Input<'_>) -> Reply {
    let said = match name {
        "identifier.parse" => {
            parse_identifier(input.text("identifier")?).map_err(invalid)?.check_character().to_string()
        }
        "citizen-number.parse" => write_date(number(input)?.birth_date()),
        "citizen-number.fold" => fold_case(input.text("number")?),
        "citizen-number.born-by" => return born_by(input),
        "usci.parse" => parse_usci(input.text("usci")?).map_err(invalid)?.organisation_code().to_owned(),
        "instant.parse" => write_instant(instant(input, "instant")?),
        "date.parse" => write_date_basic(date(input, "date")?),
        "date.in-china" => write_date(china_date(instant(input, "instant")?)),
        "age.on" => age_on(date(input, "birth")?, date(input, "day")?).to_string(),
        "validity.term" => match term_at(age_on(date(input, "birth")?, date(input, "issued")?)) {
            Term::Years(years) => years.to_string(),
            Term::LongTerm => "long-term".to_owned(),
        },
        "validity.expires-at" => write_instant(expires_at(date(input, "last_day")?)),
        "metadata.name" => text_that_fits(input, "name", NAME_MAX).map(mask_name)?,
        "metadata.address" => return text_that_fits(input, "address", ADDRESS_MAX).map(|_| None),
        "metadata.mask-number" => mask_number(number(input)?.as_str()),
        "metadata.original" => return original(input),
        "status.next" => next(input)?,
        "status.shown" => shown(input)?,
        _ => return Err(Refusal::Unsupported),
    };
    Ok(Some(said))
}

fn number(input: &Input<'_>) -> Result<ecric_licence::citizen_number::CitizenNumber, Refusal> {
    parse_citizen_number(input.text("number")?).map_err(invalid)
}

fn date(input: &Input<'_>, name: &str) -> Result<time::Date, Refusal> {
    parse_date(input.text(name)?).map_err(invalid)
}

fn instant(input: &Input<'_>, name: &str) -> Result<time::OffsetDateTime, Refusal> {
    parse_instant(input.text(name)?).map_err(invalid)
}

fn born_by(input: &Input<'_>) -> Reply {
    let now = instant(input, "now")?;
    if number(input)?.birth_date() <= china_date(now) { Ok(None) } else { Err(invalid("born after this day")) }
}

fn text_that_fits<'a>(input: &Input<'a>, name: &str, max: usize) -> Result<&'a str, Refusal> {
    let text = input.text(name)?;
    if fits(text, max) { Ok(text) } else { Err(invalid(format!("wanted 1 to {max} characters"))) }
}

fn original(input: &Input<'_>) -> Reply {
    let members: Vec<&str> = input.text("members")?.split(' ').collect();
    if let Some(missing) = MANDATORY.iter().find(|name| !members.contains(name)) {
        return Err(invalid(format!("{missing} is missing")));
    }
    match COPY_MEMBERS.iter().find(|name| members.contains(name)) {
        Some(extra) => Err(invalid(format!("{extra} belongs to an annotated copy"))),
        None => Ok(None),
    }
}

fn next(input: &Input<'_>) -> Result<String, Refusal> {
    let event = match input.text("event")? {
        "REISSUE" => StatusEvent::Reissue,
        "EXPIRE" => StatusEvent::Expire,
        action => StatusEvent::Action(Action::parse(action).ok_or_else(|| unknown(action))?),
    };
    let to = next_status(status(input.text("from")?)?, event).ok_or_else(|| invalid("no such change"))?;
    Ok(to.code().to_owned())
}

fn shown(input: &Input<'_>) -> Result<String, Refusal> {
    let holding: Result<Vec<_>, _> = input.text("holding")?.split_whitespace().map(status).collect();
    Ok(precedence(&holding?).ok_or_else(|| invalid("no status at all"))?.code().to_owned())
}

fn status(text: &str) -> Result<LicenceStatus, Refusal> {
    LicenceStatus::parse(text).ok_or_else(|| unknown(text))
}

fn unknown(text: &str) -> Refusal {
    Refusal::Malformed(format!("{text:?} is not known"))
}
