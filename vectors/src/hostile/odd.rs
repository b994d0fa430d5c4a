//! Requests that are right by their form and odd by their values, and some that are neither: one to three
//! members of a right request changed to a value out of a list.

use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Just, Strategy};
use serde_json::{Value, json};

use super::schema::{Kind, Member, members, put};

/// One change of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct OddEdit {
    /// Path of the member.
    pub path: String,
    /// What it becomes, in words that hold no personal value.
    pub what: String,
    /// The value; none to take the member away.
    pub value: Option<Value>,
}

/// One to three odd changes of a request of this schema; a request without members stays as it is.
pub fn odd_strategy(schema: &Value, body: &Value) -> BoxedStrategy<Vec<OddEdit>> {
    let all: Vec<OddEdit> = members(schema, body).iter().flat_map(odd_values).collect();
    if all.is_empty() { Just(Vec::new()).boxed() } else { vec(select(all), 1..=3).boxed() }
}

/// The request after the changes; those whose object is gone are left out.
#[must_use]
pub fn apply_odd(body: &Value, edits: &[OddEdit]) -> Value {
    let mut body = body.clone();
    for edit in edits {
        put(&mut body, &edit.path, edit.value.clone());
    }
    body
}

fn odd_values(member: &Member) -> Vec<OddEdit> {
    let mut values: Vec<(String, Option<Value>)> =
        vec![("absent".to_owned(), None), ("null".to_owned(), Some(Value::Null))];
    let mut add = |what: &str, value: Value| values.push((what.to_owned(), Some(value)));
    match member.kind {
        Kind::Text | Kind::Any => {
            for text in TEXTS {
                add(&format!("{text:?}"), json!(text));
            }
            for length in [member.longest.unwrap_or(1), member.longest.unwrap_or(4_000) + 1, 10_000] {
                add(&format!("{length} letters"), json!("a".repeat(length)));
                add(&format!("{length} ideographs of plane 2"), json!("𠮷".repeat(length.min(4_000))));
            }
            add("a number", json!(7));
            add("a list", json!(["a"]));
        }
        Kind::Integer => {
            for number in [0, 1, -1, 255, 65_536, 2_147_483_648, 9_007_199_254_740_991, -9_007_199_254_740_991_i64] {
                add(&number.to_string(), json!(number));
            }
            add("1.5", json!(1.5));
            add("1e300", json!(1e300));
            add("a text", json!("1"));
        }
        Kind::Bool => {
            add("true", json!(true));
            add("false", json!(false));
            add("a text", json!("false"));
            add("a number", json!(0));
        }
        Kind::List => {
            add("an empty list", json!([]));
            add("1,000 times the same", json!(vec!["ofd"; 1_000]));
            add("a list of null", json!([null]));
            add("lists in lists", json!([[[[]]]]));
            add("a list of objects", json!([{}, {}]));
            add("a text", json!("ofd"));
        }
        Kind::Object => {
            add("an empty object", json!({}));
            add("an object with an empty name", json!({"": {"": ""}}));
            let many: serde_json::Map<_, _> = (0..500).map(|n| (format!("ecric{n}"), json!(n))).collect();
            add("500 members", Value::Object(many));
            add("names of the language", json!({"__proto__": {"admin": true}, "constructor": {"prototype": {}}}));
            add("a list", json!([]));
            add("a text", json!("{}"));
        }
    }
    let path = &member.path;
    values.into_iter().map(|(what, value)| OddEdit { path: path.clone(), what, value }).collect()
}

const TEXTS: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "true",
    "null",
    "{}",
    "\u{0}",
    "\u{7f}",
    "\u{feff}a",
    "\u{fffd}",
    "\u{10ffff}",
    "\u{202e}abc",
    "a\u{300}\u{300}\u{300}",
    "👨‍👩‍👧",
    "ﷺ",
    "İı",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59+08:00",
    "0001-01-01T00:00:00Z",
    "2026-01-01T00:00:00+23:59",
    "1.2.156.3005.2",
    "1.2.156.3005.2.0.0.0.0.0",
    "110199190002290011",
    "11010119000101001X",
    "%s%n",
    "{{7*7}}",
    "' OR '1'='1",
    "../../etc/passwd",
    "a\r\nb: c",
    "VALID",
    "INVALID",
    "ADMIN",
    "ofd",
    "NaN",
    "1e309",
    "=1+1",
    "AAAA",
    "====",
    "\\",
    "\"",
];

#[cfg(test)]
mod tests {
    use ecric_model::binding::{Operation, request_schema};
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    use super::*;

    #[test]
    fn changes_fit_the_schema_and_are_applied() {
        let schema = request_schema(Operation::Transition).unwrap().to_value();
        let body = json!({"action": "SUSPEND", "reason": "CARD_LOST", "expectedStatusVersion": 1,
            "operator": {"orgCode": "a", "role": "b"}});
        let strategy = odd_strategy(&schema, &body);
        let mut runner = TestRunner::deterministic();
        let mut changed = 0;
        for _ in 0..64 {
            let edits = strategy.new_tree(&mut runner).unwrap().current();
            assert!((1..=3).contains(&edits.len()));
            changed += usize::from(apply_odd(&body, &edits) != body);
        }
        assert!(changed > 56, "{changed}");
        assert_eq!(apply_odd(&body, &[]), body);
    }
}
