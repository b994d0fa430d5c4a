//! Reads the schema of a request: its members, where they stand, what they may be. Makes requests that
//! lack a member or have one of another type.

use serde_json::{Value, json};

/// What a member may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// An integer.
    Integer,
    /// A boolean.
    Bool,
    /// A list.
    List,
    /// An object.
    Object,
    /// Anything.
    Any,
}

/// One member of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Path with dots and `[n]`.
    pub path: String,
    /// True if it must be there wherever its object is.
    pub required: bool,
    /// What it may be.
    pub kind: Kind,
    /// Longest text, characters.
    pub longest: Option<usize>,
}

/// A wrong request and the member at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// Path of the member.
    pub path: String,
    /// What is wrong with it, in words.
    pub what: String,
    /// The request.
    pub body: Value,
}

/// The members of a request by its schema, as far as the objects that hold them are in `body`.
#[must_use]
pub fn members(schema: &Value, body: &Value) -> Vec<Member> {
    let mut out = Vec::new();
    walk(schema, schema, body, "", &mut out);
    out
}

fn walk(root: &Value, node: &Value, body: &Value, path: &str, out: &mut Vec<Member>) {
    let node = resolve(root, node);
    let required: Vec<&str> = node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, child) in node["properties"].as_object().into_iter().flatten() {
        let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let found = resolve(root, child);
        out.push(Member {
            path: inner.clone(),
            required: required.contains(&name.as_str()),
            kind: kind_of(found),
            longest: found["maxLength"].as_u64().or(child["maxLength"].as_u64()).and_then(|n| usize::try_from(n).ok()),
        });
        if let Some(value) = body.get(name) {
            walk(root, child, value, &inner, out);
        }
    }
    if let (Some(items), Some(first)) = (node.get("items"), body.get(0)) {
        let inner = format!("{path}[0]");
        out.push(Member { path: inner.clone(), required: false, kind: kind_of(resolve(root, items)), longest: None });
        walk(root, items, first, &inner, out);
    }
}

/// Follows `$ref`, and takes what is not null out of a choice with null.
fn resolve<'a>(root: &'a Value, node: &'a Value) -> &'a Value {
    let mut node = node;
    for _ in 0..16 {
        let named = node.get("$ref").and_then(Value::as_str).and_then(|name| root.pointer(name.strip_prefix('#')?));
        let chosen = node["anyOf"].as_array().and_then(|choices| choices.iter().find(|one| one["type"] != "null"));
        match named.or(chosen) {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

fn kind_of(node: &Value) -> Kind {
    let word = match &node["type"] {
        Value::String(word) => Some(word.as_str()),
        Value::Array(words) => words.iter().filter_map(Value::as_str).find(|word| *word != "null"),
        _ => None,
    };
    match word {
        Some("string") => Kind::Text,
        Some("integer") => Kind::Integer,
        Some("boolean") => Kind::Bool,
        Some("array") => Kind::List,
        Some("object") => Kind::Object,
        _ if node.get("enum").is_some() => Kind::Text,
        _ => Kind::Any,
    }
}

/// `a.b[0].c` as a JSON pointer.
fn pointer(path: &str) -> String {
    format!("/{}", path.replace(['.', '['], "/").replace(']', ""))
}

/// Puts a value at a path, or takes what stands there away; false if its object is not there.
pub(super) fn put(body: &mut Value, path: &str, value: Option<Value>) -> bool {
    let pointer = pointer(path);
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    match (body.pointer_mut(parent), value) {
        (Some(Value::Object(members)), Some(value)) => {
            members.insert(name.to_owned(), value);
            true
        }
        (Some(Value::Object(members)), None) => members.shift_remove(name).is_some(),
        (Some(Value::Array(items)), Some(value)) => {
            let place = name.parse::<usize>().ok().and_then(|at| items.get_mut(at));
            place.map(|place| *place = value).is_some()
        }
        _ => false,
    }
}

/// The request without each mandatory member in turn.
#[must_use]
pub fn missing_members(schema: &Value, body: &Value) -> Vec<Defect> {
    let wanted = members(schema, body).into_iter().filter(|member| member.required);
    wanted
        .filter_map(|member| {
            let mut body = body.clone();
            put(&mut body, &member.path, None).then(|| Defect { path: member.path, what: "missing".to_owned(), body })
        })
        .collect()
}

/// The request with each member in turn as something that it may not be. An optional member that is
/// null is absent, so null is tried for mandatory ones only.
#[must_use]
pub fn wrong_types(schema: &Value, body: &Value) -> Vec<Defect> {
    let mut out = Vec::new();
    for member in members(schema, body) {
        let mut values = match member.kind {
            Kind::Text => vec![("a number", json!(7)), ("an object", json!({"a": 1}))],
            Kind::Integer => vec![("a text", json!("1")), ("a fraction", json!(1.5))],
            Kind::Bool => vec![("a text", json!("true")), ("a number", json!(1))],
            Kind::List => vec![("a text", json!("a")), ("an object", json!({"a": 1}))],
            Kind::Object => vec![("a text", json!("a")), ("a list", json!([1]))],
            Kind::Any => Vec::new(),
        };
        if member.required {
            values.push(("null", Value::Null));
        }
        for (what, value) in values {
            let mut body = body.clone();
            if put(&mut body, &member.path, Some(value)) {
                out.push(Defect { path: member.path.clone(), what: what.to_owned(), body });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use ecric_model::binding::{Operation, request_schema};

    use super::*;

    fn search() -> (Value, Value) {
        let schema = request_schema(Operation::Search).unwrap().to_value();
        let body = json!({"certificateHolderCode": "1", "status": ["VALID"],
            "use": {"certificateCopyCause": "a", "certificateSystemName": "b"}});
        (schema, body)
    }

    #[test]
    fn members_are_read_through_references() {
        let (schema, body) = search();
        let found = members(&schema, &body);
        let one = |path: &str| found.iter().find(|member| member.path == path).cloned().unwrap();
        assert_eq!((one("certificateHolderCode").required, one("certificateHolderCode").kind), (true, Kind::Text));
        assert_eq!((one("pageSize").required, one("pageSize").kind), (false, Kind::Integer));
        assert_eq!((one("use").required, one("use").kind), (true, Kind::Object));
        assert_eq!(one("use.certificateCopyCause").longest, Some(200));
        assert_eq!((one("status").kind, one("status[0]").kind), (Kind::List, Kind::Text));
        assert!(found.iter().all(|member| !member.path.starts_with("use.operator.")));
        for operation in Operation::ALL.into_iter().filter(|one| request_schema(*one).is_some()) {
            let schema = request_schema(operation).unwrap().to_value();
            assert!(!members(&schema, &json!({})).is_empty(), "{}", operation.name());
        }
    }

    #[test]
    fn defects_have_one_place() {
        let (schema, body) = search();
        let gone: Vec<String> = missing_members(&schema, &body).into_iter().map(|defect| defect.path).collect();
        assert_eq!(gone, ["certificateHolderCode", "use", "use.certificateCopyCause", "use.certificateSystemName"]);
        let wrong = wrong_types(&schema, &body);
        assert!(wrong.iter().all(|defect| defect.body != body));
        assert!(wrong.iter().any(|defect| defect.path == "status[0]" && defect.body["status"] == json!([7])));
        assert!(wrong.iter().any(|defect| defect.path == "pageSize" && defect.body["pageSize"] == json!("1")));
        assert!(!wrong.iter().any(|defect| defect.path == "pageSize" && defect.what == "null"));
    }
}
