//! A target file out of a record: read without its secrets, for judging again. Nothing is sent with it.

use std::path::Path;

use ecric_model::Text;
use serde_yaml::Value;

use crate::target_check::{LoadedTarget, Problem, parse};

/// Stands for every secret that is not public: it opens nothing.
const NO_SECRET: &str = "${public:reference.key}";

/// Reads the target file of a record. `base` is where the target was, `name` how the file was called, for messages.
///
/// # Errors
/// Every problem found, as of any target file.
pub fn parse_recorded(text: &str, base: &str, name: &str) -> Result<LoadedTarget, Vec<Problem>> {
    let unreadable = |error: serde_yaml::Error| vec![Problem::new(Text::same(error.to_string()), Text::default())];
    let file: Value = serde_yaml::from_str(text).map_err(unreadable)?;
    let mut stand_in = text.to_owned();
    for reference in references(&file) {
        stand_in = stand_in.replace(&reference, NO_SECRET);
    }
    let first = base.split(", ").next().unwrap_or_default();
    while let Some((from, to)) = place_of_variable(&stand_in) {
        stand_in.replace_range(from..to, first);
    }
    parse(&stand_in, Path::new("."), name, true)
}

/// Secrets by environment or file.
fn references(file: &Value) -> Vec<String> {
    let secrets = file.get("secrets").and_then(Value::as_mapping);
    let values = secrets.into_iter().flat_map(|secrets| secrets.values());
    let texts = values.filter_map(Value::as_str);
    texts.filter(|text| text.starts_with("${") && !text.starts_with("${public:")).map(str::to_owned).collect()
}

/// The next variable of the environment in the text, as in URLs.
fn place_of_variable(text: &str) -> Option<(usize, usize)> {
    let from = text.find("${env:")?;
    let length = text[from..].find('}')?;
    Some((from, from + length + 1))
}
