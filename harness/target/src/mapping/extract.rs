//! Extraction: from a decoded answer to members of binding v1.

use std::collections::BTreeMap;

use minijinja::value::Value as Jinja;
use serde_json::{Map, Value, json};
use serde_json_path::JsonPath;

use super::codec::{Codec, Codecs, inward, parse};
use super::templates::{Fault, Templates, to_json};

/// Where a value comes from.
#[derive(Debug, Clone)]
enum From {
    /// RFC 9535 over the answer.
    Path(Box<JsonPath>, String),
    /// A template.
    Template(Value),
    /// A list of objects.
    Each { path: Box<JsonPath>, text: String, fields: Vec<(String, Extraction)> },
}

/// One extraction, read from the file.
#[derive(Debug, Clone)]
pub(crate) struct Extraction {
    from: From,
    codecs: Vec<Codec>,
    names: bool,
    default: Option<Value>,
    required: bool,
}

/// Members of the long form.
const MEMBERS: [&str; 6] = ["from", "each", "codec", "names", "default", "required"];

impl Extraction {
    /// Reads one; templates are compiled.
    pub(crate) fn read(spec: &Value, templates: &mut Templates) -> Result<Self, (String, String)> {
        let plain = |from| Self { from, codecs: Vec::new(), names: false, default: None, required: false };
        let Value::Object(members) = spec else { return Ok(plain(source(spec, templates)?)) };
        if let Some(unknown) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err((unknown.clone(), format!("unknown member; an extraction has {}", MEMBERS.join(", "))));
        }
        let from = match (members.get("from"), members.get("each")) {
            (Some(from), None) => source(from, templates)?,
            (None, Some(each)) => self::each(each, templates)?,
            _ => return Err(("from".to_owned(), "an extraction has either from or each".to_owned())),
        };
        let codec = members.get("codec").unwrap_or(&Value::Null);
        let flag = |name: &str| match members.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err((name.to_owned(), format!("{name} is true or false"))),
        };
        Ok(Self {
            from,
            codecs: parse(codec).map_err(|reason| ("codec".to_owned(), reason))?,
            names: flag("names")?,
            default: members.get("default").cloned(),
            required: flag("required")?,
        })
    }

    /// Evaluates it. `None` is an absent member.
    pub(crate) fn evaluate(&self, tools: &Tools<'_>, context: &Jinja, doc: &Value) -> Result<Option<Value>, Fault> {
        let fault = |reason: String| Fault { at: self.place(), reason };
        let found = match &self.from {
            From::Path(path, _) => query(path, doc),
            From::Template(template) => {
                let value = tools.templates.structure(template, context)?;
                if value.is_undefined() { None } else { Some(to_json(&value).map_err(|e| fault(e.to_string()))?) }
            }
            From::Each { path, fields, .. } => {
                let mut items = Vec::new();
                for node in path.query(doc).all() {
                    let mut item = Map::new();
                    for (member, extraction) in fields {
                        if let Some(value) = extraction.evaluate(tools, context, node)? {
                            put(&mut item, member, value);
                        }
                    }
                    items.push(Value::Object(item));
                }
                Some(Value::Array(items))
            }
        };
        let Some(value) = found.or_else(|| self.default.clone()) else {
            return if self.required { Err(fault("nothing stands there".to_owned())) } else { Ok(None) };
        };
        let value = inward(&self.codecs, value, tools.codecs.tables()).map_err(fault)?;
        if self.names { tools.codecs.inward(&value).map(Some).map_err(fault) } else { Ok(Some(value)) }
    }

    fn place(&self) -> String {
        match &self.from {
            From::Path(_, text) | From::Each { text, .. } => text.clone(),
            From::Template(template) => template.as_str().map_or_else(|| template.to_string(), str::to_owned),
        }
    }
}

/// What evaluation needs.
pub(crate) struct Tools<'a> {
    pub(crate) templates: &'a Templates,
    pub(crate) codecs: &'a Codecs,
}

fn source(spec: &Value, templates: &mut Templates) -> Result<From, (String, String)> {
    match spec {
        Value::String(text) if text.starts_with('$') => Ok(From::Path(Box::new(path(text)?), text.clone())),
        Value::String(_) | Value::Object(_) | Value::Array(_) => {
            templates.add(spec)?;
            Ok(From::Template(spec.clone()))
        }
        other => Err((other.to_string(), "an extraction is a JSONPath or a template".to_owned())),
    }
}

fn path(text: &str) -> Result<JsonPath, (String, String)> {
    JsonPath::parse(text).map_err(|error| (text.to_owned(), format!("not a JSONPath: {error}")))
}

fn each(spec: &Value, templates: &mut Templates) -> Result<From, (String, String)> {
    let members: BTreeMap<&str, &Value> =
        spec.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect();
    let (Some(Value::String(text)), Some(Value::Object(fields)), 2) =
        (members.get("path"), members.get("fields"), members.len())
    else {
        return Err(("each".to_owned(), "each wants {path: …, fields: {…}}".to_owned()));
    };
    let fields = fields
        .iter()
        .map(|(name, spec)| Extraction::read(spec, templates).map(|extraction| (name.clone(), extraction)))
        .collect::<Result<_, _>>()?;
    Ok(From::Each { path: Box::new(path(text)?), text: text.clone(), fields })
}

/// No node is absent, one is its value, several are a list.
fn query(path: &JsonPath, doc: &Value) -> Option<Value> {
    let nodes = path.query(doc).all();
    match nodes.as_slice() {
        [] => None,
        [one] => Some((*one).clone()),
        many => Some(many.iter().map(|node| (*node).clone()).collect()),
    }
}

/// Puts a value at a dotted path.
pub(crate) fn put(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            // Two sources may fill one object.
            match (object.get_mut(path), value) {
                (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
                (_, value) => {
                    object.insert(path.to_owned(), value);
                }
            }
        }
        Some((first, rest)) => {
            let inner = object.entry(first).or_insert_with(|| json!({}));
            if !inner.is_object() {
                *inner = json!({});
            }
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
