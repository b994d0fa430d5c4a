//! Makers: named functions from the value at a place to the value to put there. Pure; what they
//! cannot make from their inputs they refuse, so that no request goes out unchanged by mistake.

use serde_json::Value;

use super::{Inputs, VariationError};

mod face;
pub(super) mod identifier;
mod number;
mod request;
mod times;

type Made = Result<Value, VariationError>;
type Maker = fn(Option<&Value>, &Inputs) -> Made;
type Table = &'static [(&'static str, Maker)];

const TABLES: [Table; 4] = [face::TABLE, number::TABLE, request::TABLE, times::TABLE];

pub(super) fn is_known(name: &str) -> bool {
    identifier::is_known(name) || maker(name).is_some()
}

/// Makes the value for a place at which `current` stands.
pub(super) fn make(name: &str, current: Option<&Value>, inputs: &Inputs) -> Made {
    if let Some(text) = identifier::make(name, current.and_then(Value::as_str).or(inputs.identifier), inputs) {
        return Ok(text.into());
    }
    match maker(name) {
        Some(maker) => maker(current, inputs),
        None => Err(VariationError::UnknownMaker { name: name.to_owned() }),
    }
}

fn maker(name: &str) -> Option<Maker> {
    TABLES.into_iter().flatten().find(|(known, _)| *known == name).map(|(_, maker)| *maker)
}

/// The text at the place.
fn text<'v>(maker: &'static str, current: Option<&'v Value>) -> Result<&'v str, VariationError> {
    let found = if current.is_some() { "no text" } else { "nothing" };
    current.and_then(Value::as_str).ok_or(VariationError::NotApplicable { maker, found, wanted: "a text" })
}

/// The input, or an error that names it.
fn needed<T>(maker: &'static str, wanted: &'static str, input: Option<T>) -> Result<T, VariationError> {
    input.ok_or(VariationError::MissingInput { maker, wanted })
}
