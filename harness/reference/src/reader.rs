//! Readers over a JSON object that know the member path and collect every fault of a request.
//! A fault names the member, never its value.

use std::cell::RefCell;

use ecric_licence::instant::{parse_date, parse_instant};
use ecric_model::binding::ErrorCode;
use serde_json::{Map, Value};
use time::{Date, OffsetDateTime};

use crate::errors::{ApiError, Detail};

/// Faults of one request, in the order found.
#[derive(Debug, Default)]
pub(crate) struct Faults(RefCell<Vec<(ErrorCode, Detail)>>);

impl Faults {
    /// Notes a fault of INVALID_REQUEST.
    pub(crate) fn add(&self, field: impl Into<String>, issue: &str) {
        self.add_as(ErrorCode::InvalidRequest, field, issue);
    }

    /// Notes a fault with its own code.
    pub(crate) fn add_as(&self, code: ErrorCode, field: impl Into<String>, issue: &str) {
        self.0.borrow_mut().push((code, Detail { field: field.into(), issue: issue.to_owned() }));
    }

    /// True if nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The refusal, if anything was noted; the first fault is the primary one.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        let list = self.0.into_inner();
        let Some((code, first)) = list.first() else { return Ok(()) };
        let message = format!("{}: {}", first.field, first.issue);
        let code = *code;
        let details = list.into_iter().map(|(_, detail)| detail).collect();
        Err(ApiError { code, message, details, retry_after: None })
    }
}

/// One object of a request.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    members: &'a Map<String, Value>,
    path: String,
    faults: &'a Faults,
}

impl<'a> Reader<'a> {
    /// The whole body.
    pub(crate) fn root(members: &'a Map<String, Value>, faults: &'a Faults) -> Self {
        Self { members, path: String::new(), faults }
    }

    /// An object at a path.
    pub(crate) fn at(members: &'a Map<String, Value>, path: String, faults: &'a Faults) -> Self {
        Self { members, path, faults }
    }

    /// The members.
    pub(crate) fn members(&self) -> &'a Map<String, Value> {
        self.members
    }

    /// Path of a member.
    pub(crate) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Notes a fault of a member.
    pub(crate) fn fault(&self, name: &str, issue: &str) {
        self.faults.add(self.path_of(name), issue);
    }

    /// A member that is neither absent nor null.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// True if the member is there and null.
    pub(crate) fn is_null(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(Value::is_null)
    }

    fn needed(&self, name: &str) -> Option<&'a Value> {
        let value = self.value(name);
        if value.is_none() {
            self.fault(name, "missing");
        }
        value
    }

    /// Text of any length, optional.
    pub(crate) fn text_opt(&self, name: &str) -> Option<&'a str> {
        let value = self.value(name)?;
        if value.as_str().is_none() {
            self.fault(name, "not a text");
        }
        value.as_str()
    }

    /// Text of any length.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.needed(name)?;
        self.text_opt(name)
    }

    /// Text of 1 to `max` Unicode scalar values, optional.
    pub(crate) fn text_within_opt(&self, name: &str, max: usize) -> Option<&'a str> {
        let text = self.text_opt(name)?;
        let fits = !text.is_empty() && text.chars().nth(max).is_none();
        if !fits {
            self.fault(name, if text.is_empty() { "empty" } else { "too long" });
        }
        fits.then_some(text)
    }

    /// Text of 1 to `max` Unicode scalar values.
    pub(crate) fn text_within(&self, name: &str, max: usize) -> Option<&'a str> {
        self.needed(name)?;
        self.text_within_opt(name, max)
    }

    /// An integer; `1.0` is none (ruling A5). Optional.
    pub(crate) fn int_opt(&self, name: &str) -> Option<i64> {
        let value = self.value(name)?;
        if value.as_i64().is_none() {
            self.fault(name, "not an integer");
        }
        value.as_i64()
    }

    /// A boolean.
    pub(crate) fn bool(&self, name: &str) -> Option<bool> {
        let value = self.needed(name)?;
        if value.as_bool().is_none() {
            self.fault(name, "not a boolean");
        }
        value.as_bool()
    }

    /// A boolean, optional.
    pub(crate) fn bool_opt(&self, name: &str) -> Option<bool> {
        self.value(name)?;
        self.bool(name)
    }

    /// An object, optional.
    pub(crate) fn object_opt(&self, name: &str) -> Option<Reader<'a>> {
        let value = self.value(name)?;
        let Some(members) = value.as_object() else {
            self.fault(name, "not an object");
            return None;
        };
        Some(Reader { members, path: self.path_of(name), faults: self.faults })
    }

    /// An object.
    pub(crate) fn object(&self, name: &str) -> Option<Reader<'a>> {
        self.needed(name)?;
        self.object_opt(name)
    }

    /// An array, optional.
    pub(crate) fn array_opt(&self, name: &str) -> Option<&'a [Value]> {
        let value = self.value(name)?;
        if value.as_array().is_none() {
            self.fault(name, "not an array");
        }
        value.as_array().map(Vec::as_slice)
    }

    /// An array.
    pub(crate) fn array(&self, name: &str) -> Option<&'a [Value]> {
        self.needed(name)?;
        self.array_opt(name)
    }

    /// An array of texts; a fault names the element.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<&'a str>> {
        let items = self.array(name)?;
        self.texts_of(name, items)
    }

    /// An array of texts, optional.
    pub(crate) fn texts_opt(&self, name: &str) -> Option<Vec<&'a str>> {
        let items = self.array_opt(name)?;
        self.texts_of(name, items)
    }

    fn texts_of(&self, name: &str, items: &'a [Value]) -> Option<Vec<&'a str>> {
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(text) => texts.push(text),
                None => self.fault(&format!("{name}[{index}]"), "not a text"),
            }
        }
        (texts.len() == items.len()).then_some(texts)
    }

    /// A date, optional.
    pub(crate) fn date_opt(&self, name: &str) -> Option<Date> {
        let text = self.text_opt(name)?;
        let date = parse_date(text).ok();
        if date.is_none() {
            self.fault(name, "not a date of the calendar, YYYY-MM-DD");
        }
        date
    }

    /// An instant, optional; a fraction of a second is cut off.
    pub(crate) fn instant_opt(&self, name: &str) -> Option<OffsetDateTime> {
        let text = self.text_opt(name)?;
        let instant = parse_instant(text).ok();
        if instant.is_none() {
            self.fault(name, "not an RFC 3339 instant with offset");
        }
        instant
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn faults_name_the_member_path() {
        type Read = fn(&Reader<'_>);
        let body = json!({"t": "x", "e": "", "n": 1, "f": 1.0, "b": "true", "o": {"t": 5}, "a": ["x", 1], "z": null,
            "d": "2026-02-30", "i": "2026-01-01T00:00:00"});
        let rows: [(&str, Read, &[&str]); 16] = [
            (
                "text",
                |r| {
                    let _ = r.text("t");
                },
                &[],
            ),
            (
                "text missing",
                |r| {
                    let _ = r.text("q");
                },
                &["q"],
            ),
            (
                "text null",
                |r| {
                    let _ = r.text("z");
                },
                &["z"],
            ),
            (
                "text null, optional",
                |r| {
                    let _ = r.text_opt("z");
                },
                &[],
            ),
            (
                "text of another type",
                |r| {
                    let _ = r.text("n");
                },
                &["n"],
            ),
            (
                "text within",
                |r| {
                    let _ = r.text_within("t", 1);
                },
                &[],
            ),
            (
                "text empty",
                |r| {
                    let _ = r.text_within("e", 1);
                },
                &["e"],
            ),
            (
                "integer",
                |r| {
                    let _ = r.int_opt("n");
                },
                &[],
            ),
            (
                "fraction",
                |r| {
                    let _ = r.int_opt("f");
                },
                &["f"],
            ),
            (
                "bool as text",
                |r| {
                    let _ = r.bool("b");
                },
                &["b"],
            ),
            (
                "nested",
                |r| {
                    let _ = r.object("o").and_then(|o| o.text("t"));
                },
                &["o.t"],
            ),
            (
                "object of another type",
                |r| {
                    let _ = r.object("t");
                },
                &["t"],
            ),
            (
                "texts",
                |r| {
                    let _ = r.texts("a");
                },
                &["a[1]"],
            ),
            (
                "array of another type",
                |r| {
                    let _ = r.array("t");
                },
                &["t"],
            ),
            (
                "date",
                |r| {
                    let _ = r.date_opt("d");
                },
                &["d"],
            ),
            (
                "instant",
                |r| {
                    let _ = r.instant_opt("i");
                },
                &["i"],
            ),
        ];
        for (name, read, wanted) in rows {
            let faults = Faults::default();
            read(&Reader::root(body.as_object().unwrap(), &faults));
            let found: Vec<_> = faults.0.borrow().iter().map(|(_, detail)| detail.field.clone()).collect();
            assert_eq!(found, wanted, "{name}");
        }
    }
}
