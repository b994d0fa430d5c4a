//! Pure judgements: parsed input in, pass or finding out.
//!
//! A check asks one question. It knows no requirement id, no level, no file and no network;
//! it never logs. A finding is understandable without the code.

pub mod ablation;
pub mod answers;
pub mod audit;
pub mod batch;
pub mod capabilities;
pub mod face;
pub mod files;
pub mod hostile;
pub mod identifiers;
pub mod lifecycle;
pub mod loading;
pub mod metadata;
pub mod parallel;
pub mod presentation;
pub mod presented;
pub mod privacy;
pub mod refusals;
pub mod search;
pub mod seen;
pub mod service_levels;
pub mod status;
pub mod tls;
pub mod trust;
pub mod validity;
pub mod verification;
pub mod watched;
pub mod wire;

use ablation::ablatable;
pub use ecric_model::finding::{Finding, FindingClass, Judgement, fail};
pub use seen::{Grain, Seen};

use ecric_model::Text;
use serde::de::DeserializeOwned;
use std::fmt::Display;

/// Reads the body as a message of binding v1.
///
/// # Errors
/// A finding that names the member at fault.
pub fn message<T: DeserializeOwned>(seen: &Seen<'_>) -> Result<T, Box<Finding>> {
    let Some(json) = seen.json else {
        return Err(Box::new(Finding::new(
            FindingClass::Malformed,
            "body",
            Text::new("a JSON object", "JSON对象"),
            Text::new("a body that is not JSON", "应答体不是JSON"),
        )));
    };
    serde_json::from_value(json.clone()).map_err(|error| {
        Box::new(Finding::new(
            FindingClass::Malformed,
            "body",
            Text::new("the members of binding v1 with their types", "绑定v1规定的成员与类型"),
            Text::same(error.to_string()),
        ))
    })
}

/// Passes if both sides are equal.
///
/// # Errors
/// A finding of class `WRONG_VALUE`.
pub fn equal<T: PartialEq + Display + ?Sized>(place: &str, expected: &T, actual: &T) -> Judgement {
    ablatable!("equal");
    if expected == actual {
        return Ok(());
    }
    fail(FindingClass::WrongValue, place, Text::same(expected.to_string()), Text::same(actual.to_string()))
}

/// Passes if a member is there and not empty.
///
/// # Errors
/// A finding of class `MISSING`.
pub fn present<'a>(place: &str, value: Option<&'a str>) -> Result<&'a str, Box<Finding>> {
    match value {
        Some(text) if !text.is_empty() => Ok(text),
        _ => Err(Box::new(Finding::new(
            FindingClass::Missing,
            place,
            Text::new("a value", "有值"),
            Text::new("nothing", "缺失"),
        ))),
    }
}
