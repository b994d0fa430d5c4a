//! Templates of a target file: strict, bounded, nothing escaped. A structure keeps its form; a text that
//! is one expression keeps the type of its value.

use std::cell::RefCell;
use std::collections::BTreeSet;

use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::{Map, Number, Value as Json};

use super::filters;

/// Work that one template may do.
const FUEL: u64 = 50_000;

thread_local! {
    /// Where the value of a lone expression goes while it is rendered.
    static CAPTURED: RefCell<Option<Value>> = const { RefCell::new(None) };
    static CAPTURING: RefCell<bool> = const { RefCell::new(false) };
}

/// Every template of a file, compiled once.
pub(crate) struct Templates {
    environment: Environment<'static>,
    known: BTreeSet<String>,
}

impl Templates {
    /// An environment without templates.
    pub(crate) fn new(tables: filters::Tables) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_formatter(|out, _, value| {
            if CAPTURING.with(|on| *on.borrow()) {
                CAPTURED.with(|slot| *slot.borrow_mut() = Some(value.clone()));
                return Ok(());
            }
            out.write_str(&text_of(value)?)?;
            Ok(())
        });
        filters::add(&mut environment, tables);
        Self { environment, known: BTreeSet::new() }
    }

    /// Compiles every text of a structure.
    ///
    /// # Errors
    /// The first text that is no template, with the reason.
    pub(crate) fn add(&mut self, structure: &Json) -> Result<(), (String, String)> {
        match structure {
            Json::String(text) => self.add_text(text),
            Json::Array(items) => items.iter().try_for_each(|item| self.add(item)),
            Json::Object(members) => members.values().try_for_each(|value| self.add(value)),
            _ => Ok(()),
        }
    }

    /// Compiles one text.
    pub(crate) fn add_text(&mut self, text: &str) -> Result<(), (String, String)> {
        if !has_braces(text) || self.known.contains(text) {
            return Ok(());
        }
        if let Some(name) = filters_in(text).into_iter().find(|name| !filters::is_known(name)) {
            return Err((text.to_owned(), format!("no filter is called {name:?}")));
        }
        self.environment
            .add_template_owned(text.to_owned(), text.to_owned())
            .map_err(|error| (text.to_owned(), words(&error)))?;
        self.known.insert(text.to_owned());
        Ok(())
    }

    /// Compiles a bare expression.
    pub(crate) fn add_expression(&mut self, expression: &str) -> Result<(), (String, String)> {
        self.add_text(&braced(expression)).map_err(|(_, reason)| (expression.to_owned(), reason))
    }

    /// A text.
    pub(crate) fn text(&self, template: &str, context: &Value) -> Result<String, Fault> {
        if !has_braces(template) {
            return Ok(template.to_owned());
        }
        let fault = |error: Error| Fault { at: template.to_owned(), reason: words(&error) };
        self.environment.get_template(template).and_then(|template| template.render(context)).map_err(fault)
    }

    /// A value of any type.
    pub(crate) fn value(&self, template: &str, context: &Value) -> Result<Value, Fault> {
        if !has_braces(template) {
            return Ok(Value::from(template));
        }
        if !is_lone(template) {
            return self.text(template, context).map(Value::from);
        }
        let fault = |error: Error| Fault { at: template.to_owned(), reason: words(&error) };
        let template_ = self.environment.get_template(template).map_err(fault)?;
        CAPTURING.with(|on| *on.borrow_mut() = true);
        let rendered = template_.render(context);
        CAPTURING.with(|on| *on.borrow_mut() = false);
        let captured = CAPTURED.with(|slot| slot.borrow_mut().take());
        rendered.map_err(fault)?;
        Ok(captured.unwrap_or(Value::UNDEFINED))
    }

    /// True if a bare expression holds.
    pub(crate) fn holds(&self, expression: &str, context: &Value) -> Result<bool, Fault> {
        self.value(&braced(expression), context)
            .map(|value| value.is_true())
            .map_err(|fault| Fault { at: expression.to_owned(), ..fault })
    }

    /// A structure with every text evaluated; absent members of objects stay away.
    pub(crate) fn structure(&self, structure: &Json, context: &Value) -> Result<Value, Fault> {
        match structure {
            Json::String(text) => self.value(text, context),
            Json::Array(items) => {
                items.iter().map(|item| self.structure(item, context)).collect::<Result<Vec<_>, _>>().map(Value::from)
            }
            Json::Object(members) => {
                let mut out = Vec::with_capacity(members.len());
                for (name, value) in members {
                    out.push((name.clone(), self.structure(value, context)?));
                }
                Ok(object(out))
            }
            other => Ok(Value::from(Serde(other))),
        }
    }
}

/// A template that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The text of the template, or the path.
    pub(crate) at: String,
    /// What was wrong, free of values.
    pub(crate) reason: String,
}

/// An object of named values in the order given; collecting pairs into a value would make a list of pairs.
pub(crate) fn object(members: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::from_pairs(members.into_iter().map(|(name, value)| (Value::from(name), value)))
}

fn has_braces(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

fn braced(expression: &str) -> String {
    format!("{{{{ {expression} }}}}")
}

/// True if a text is one expression and nothing else.
fn is_lone(text: &str) -> bool {
    let trimmed = text.trim();
    let Some(inner) = trimmed.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) else { return false };
    !inner.contains("{{") && !inner.contains("}}") && !inner.contains("{%")
}

/// Names behind the bars of a template, those within quotes left out.
fn filters_in(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut quote, mut inside) = (None, false);
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        let pair = (characters[at], characters.get(at + 1).copied());
        match (quote, pair) {
            (None, ('{', Some('{' | '%'))) => (inside, at) = (true, at + 1),
            (None, ('}' | '%', Some('}'))) if inside => (inside, at) = (false, at + 1),
            (None, ('"' | '\'', _)) if inside => quote = Some(characters[at]),
            (Some(_), ('\\', _)) => at += 1,
            (Some(open), (close, _)) if open == close => quote = None,
            (None, ('|', _)) if inside => {
                let name = characters[at + 1..].iter().skip_while(|c| c.is_whitespace());
                out.push(name.take_while(|c| c.is_ascii_alphanumeric() || **c == '_').collect());
            }
            _ => {}
        }
        at += 1;
    }
    out
}

/// A value as text: bytes, objects, lists and absent values have none.
pub(crate) fn text_of(value: &Value) -> Result<String, Error> {
    let refuse = |what: &str| Err(Error::new(ErrorKind::InvalidOperation, what.to_owned()));
    match value.kind() {
        ValueKind::Undefined => refuse("an absent value has no text"),
        ValueKind::Bytes => refuse("bytes need hex, b64 or b64url before they are text"),
        ValueKind::Map | ValueKind::Seq | ValueKind::Iterable => {
            refuse("an object or list needs json before it is text")
        }
        ValueKind::None => Ok(String::new()),
        _ => Ok(value.to_string()),
    }
}

/// A value as JSON; absent members of objects stay away, bytes are refused.
pub(crate) fn to_json(value: &Value) -> Result<Json, Error> {
    Ok(match value.kind() {
        ValueKind::Undefined => return Err(Error::new(ErrorKind::UndefinedError, "an absent value cannot be written")),
        ValueKind::None => Json::Null,
        ValueKind::Bool => Json::Bool(value.is_true()),
        ValueKind::Number => match (value.as_i64(), f64::try_from(value.clone())) {
            (Some(int), _) => Json::from(int),
            (None, Ok(float)) => Number::from_f64(float).map_or(Json::Null, Json::Number),
            (None, Err(error)) => return Err(error),
        },
        ValueKind::String => Json::String(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::Bytes => {
            return Err(Error::new(ErrorKind::InvalidOperation, "bytes need hex, b64 or b64url before they are text"));
        }
        ValueKind::Seq | ValueKind::Iterable => {
            Json::Array(value.try_iter()?.map(|item| to_json(&item)).collect::<Result<_, _>>()?)
        }
        _ => {
            let mut members = Map::new();
            for key in value.try_iter()? {
                let member = value.get_item(&key)?;
                if !member.is_undefined() {
                    members.insert(key.to_string(), to_json(&member)?);
                }
            }
            Json::Object(members)
        }
    })
}

/// The reason of an error with its causes, in one line, without the values that were at hand.
fn words(error: &Error) -> String {
    let mut out = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        out.push_str(": ");
        out.push_str(&inner.to_string());
        source = inner.source();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_found_outside_quotes_only() {
        for (text, wanted) in [
            ("{{ a | b }} | c", &["b"][..]),
            ("{{ a|join('|')|hex }}", &["join", "hex"]),
            (r#"{{ {"x": "a | b"} | json }}"#, &["json"]),
            ("{{ \"a\\\"|b\" | sm3 | hex }}", &["sm3", "hex"]),
            ("a | b", &[]),
        ] {
            assert_eq!(filters_in(text), wanted, "{text}");
        }
    }

    #[test]
    fn every_filter_that_is_called_known_exists() {
        let mut environment = Environment::new();
        let tables = filters::Tables { tables: std::sync::Arc::default(), codecs: std::sync::Arc::default() };
        filters::add(&mut environment, tables);
        for name in filters::KNOWN {
            let text = format!("{{{{ [] | {name} }}}}");
            let error = environment.render_str(&text, ()).err().map(|error| error.kind());
            assert_ne!(error, Some(ErrorKind::UnknownFilter), "{name}");
        }
    }
}
