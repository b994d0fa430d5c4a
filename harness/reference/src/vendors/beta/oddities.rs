//! How beta writes JSON: members in an order that changes from answer to answer, and one more member
//! that nobody asked for.

use serde_json::{Map, Value, json};

use crate::router::fresh_id;
use crate::shared::Shared;

/// Writes an answer.
pub(super) fn write(shared: &Shared, body: &Value) -> Vec<u8> {
    let turn = fresh_id(shared).bytes().next().map_or(1, usize::from);
    let mut body = turned(body, turn);
    if let Some(members) = body.as_object_mut() {
        members.insert("servedBy".to_owned(), json!({"node": "b2", "build": "stable"}));
    }
    serde_json::to_vec(&body).unwrap_or_default()
}

fn turned(value: &Value, turn: usize) -> Value {
    match value {
        Value::Object(members) => {
            let mut list: Vec<(String, Value)> =
                members.iter().map(|(name, value)| (name.clone(), turned(value, turn))).collect();
            let by = turn % list.len().max(1);
            list.rotate_left(by);
            Value::Object(list.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| turned(item, turn)).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_changes_and_content_stays() {
        let body = json!({"a": 1, "b": {"c": [{"d": 2, "e": 3}]}, "f": null});
        assert_eq!(turned(&body, 1), body);
        assert_eq!(turned(&body, 1).to_string(), r#"{"b":{"c":[{"e":3,"d":2}]},"f":null,"a":1}"#);
        assert_eq!(turned(&body, 3).to_string(), r#"{"a":1,"b":{"c":[{"e":3,"d":2}]},"f":null}"#);
    }
}
