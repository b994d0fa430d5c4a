//! Member paths with dots and `[n]` in a JSON body. Reads and changes one place, knows no meaning.

use serde_json::Value;

use super::VariationError;

/// A path such as `items[0].request.assert`; empty for the whole.
pub(super) struct Path<'a> {
    text: &'a str,
    steps: Vec<Step<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'a> {
    Member(&'a str),
    Element(usize),
}

impl<'a> Path<'a> {
    /// Reads a path. A bracket that holds no number counts as part of a name, which no body has.
    pub(super) fn parse(text: &'a str) -> Self {
        let parts = if text.is_empty() { Vec::new() } else { text.split('.').collect() };
        Self { text, steps: parts.into_iter().flat_map(steps).collect() }
    }

    /// The value at the path.
    pub(super) fn find<'v>(&self, body: &'v Value) -> Option<&'v Value> {
        self.steps.iter().try_fold(body, |value, step| step.find(value))
    }

    /// Puts a value at the path; the last member may be new, an element may not.
    pub(super) fn put(&self, body: &mut Value, value: Value) -> Result<(), VariationError> {
        let Some((last, parent)) = self.last(body)? else {
            *body = value;
            return Ok(());
        };
        match (last, parent) {
            (Step::Member(name), Value::Object(members)) => {
                members.insert(name.to_owned(), value);
            }
            (Step::Element(index), Value::Array(elements)) => {
                *elements.get_mut(index).ok_or_else(|| self.missing())? = value;
            }
            _ => return Err(self.missing()),
        }
        Ok(())
    }

    /// Removes the member at the path, if it is there.
    pub(super) fn remove(&self, body: &mut Value) -> Result<(), VariationError> {
        match self.last(body)? {
            Some((Step::Member(name), Value::Object(members))) => {
                members.shift_remove(name);
            }
            Some((Step::Element(index), Value::Array(elements))) if index < elements.len() => {
                elements.remove(index);
            }
            _ => return Err(self.missing()),
        }
        Ok(())
    }

    /// The last step and the value that it starts from; none for the empty path.
    fn last<'v>(&self, body: &'v mut Value) -> Result<Option<(Step<'a>, &'v mut Value)>, VariationError> {
        let Some((last, parents)) = self.steps.split_last() else { return Ok(None) };
        let parent = parents.iter().try_fold(body, |value, step| step.find_mut(value));
        parent.map(|parent| Some((*last, parent))).ok_or_else(|| self.missing())
    }

    fn missing(&self) -> VariationError {
        VariationError::NoSuchMember { at: self.text.to_owned() }
    }
}

impl Step<'_> {
    fn find(self, value: &Value) -> Option<&Value> {
        match self {
            Self::Member(name) => value.get(name),
            Self::Element(index) => value.get(index),
        }
    }

    fn find_mut(self, value: &mut Value) -> Option<&mut Value> {
        match self {
            Self::Member(name) => value.get_mut(name),
            Self::Element(index) => value.get_mut(index),
        }
    }
}

/// `items[0][1]` is a member and two elements.
fn steps(part: &str) -> Vec<Step<'_>> {
    let (name, brackets) = part.split_once('[').unwrap_or((part, ""));
    let indexes: Option<Vec<Step>> = brackets
        .split_terminator('[')
        .map(|bracket| bracket.strip_suffix(']')?.parse().ok().map(Step::Element))
        .collect();
    indexes.map_or_else(|| vec![Step::Member(part)], |indexes| [vec![Step::Member(name)], indexes].concat())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_found_put_and_removed() {
        let body = json!({"a": {"b": [{"c": 1}, 2]}, "d": null});
        let found = |path: &str| Path::parse(path).find(&body).cloned();
        assert_eq!(found(""), Some(body.clone()));
        assert_eq!(found("a.b[0].c"), Some(json!(1)));
        assert_eq!(found("d"), Some(Value::Null));
        for nothing in ["e", "a.c", "a.b[2]", "a.b[x]", "a[0]", "d.e", "a."] {
            assert_eq!(found(nothing), None, "{nothing}");
        }
        let put = |path: &str| {
            let mut changed = body.clone();
            Path::parse(path).put(&mut changed, json!("new")).map(|()| changed)
        };
        assert_eq!(put("").unwrap(), json!("new"));
        assert_eq!(put("a.b[1]").unwrap(), json!({"a": {"b": [{"c": 1}, "new"]}, "d": null}));
        assert_eq!(put("a.x").unwrap(), json!({"a": {"b": [{"c": 1}, 2], "x": "new"}, "d": null}));
        for nowhere in ["x.y", "a.b[2]", "d.e", "a.b[0].c.d"] {
            assert_eq!(put(nowhere).unwrap_err().to_string(), format!("{nowhere:?}: no such member in the body"));
        }
        let removed = |path: &str| {
            let mut changed = body.clone();
            Path::parse(path).remove(&mut changed).map(|()| changed)
        };
        assert_eq!(removed("d").unwrap(), json!({"a": {"b": [{"c": 1}, 2]}}));
        assert_eq!(removed("a.b[0]").unwrap(), json!({"a": {"b": [2]}, "d": null}));
        assert_eq!(removed("e").unwrap(), body);
        for nowhere in ["", "x.y", "a.b[2]", "d.e"] {
            assert!(removed(nowhere).is_err(), "{nowhere}");
        }
    }
}
