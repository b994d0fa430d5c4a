//! From beta's words to those of binding v1 and back. What no table knows passes as it is.

use ecric_licence::instant::{parse_instant, write_instant};
use serde_json::{Map, Value, json};
use time::UtcOffset;
use time::macros::format_description;

use super::words::{self, Words};
use crate::auth::percent_decode;

/// Beta's word.
pub(super) fn own(table: Words, neutral: &str) -> &str {
    table.iter().find(|(word, _)| *word == neutral).map_or(neutral, |(_, own)| own)
}

/// The word of binding v1.
pub(super) fn neutral(table: Words, own: &str) -> &str {
    table.iter().find(|(_, word)| *word == own).map_or(own, |(neutral, _)| neutral)
}

/// A text with its word exchanged; anything else as it is.
pub(super) fn own_text(table: Words, value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| json!(own(table, text)))
}

/// A text with its word exchanged back; anything else as it is.
pub(super) fn neutral_text(table: Words, value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| json!(neutral(table, text)))
}

/// The same for the texts of a list.
pub(super) fn neutral_list(table: Words, value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| neutral_text(table, item)).collect(),
        other => other.clone(),
    }
}

/// An object of binding v1 with beta's names; `each` may exchange values by the neutral name.
pub(super) fn to_own(table: Words, object: &Value, each: impl Fn(&str, &Value) -> Value) -> Value {
    let Some(members) = object.as_object() else { return object.clone() };
    members.iter().map(|(name, value)| (own(table, name).to_owned(), each(name, value))).collect::<Map<_, _>>().into()
}

/// An object of beta with the names of binding v1; `each` may exchange values by beta's name.
pub(super) fn to_neutral(table: Words, object: &Value, each: impl Fn(&str, &Value) -> Value) -> Value {
    let Some(members) = object.as_object() else { return object.clone() };
    let renamed = members.iter().map(|(name, value)| (neutral(table, name).to_owned(), each(name, value)));
    renamed.collect::<Map<_, _>>().into()
}

/// Attributes of a person, beta's way.
pub(super) fn subject(holder: &Value) -> Value {
    to_own(words::ATTRIBUTES, holder, |name, value| match name {
        "sex" => own_text(words::GENDERS, value),
        _ => value.clone(),
    })
}

/// Attributes of a person as binding v1 has them.
pub(super) fn holder(subject: &Value) -> Value {
    to_neutral(words::ATTRIBUTES, subject, |name, value| match name {
        "gender" => neutral_text(words::GENDERS, value),
        _ => value.clone(),
    })
}

/// A stated use as binding v1 has it.
pub(super) fn stated_use(purpose: &Value) -> Value {
    to_neutral(words::PURPOSE, purpose, |name, value| match name {
        "clerk" => operator(value),
        _ => value.clone(),
    })
}

/// A stated use, beta's way.
pub(super) fn purpose(stated: &Value) -> Value {
    to_own(words::PURPOSE, stated, |name, value| match name {
        "operator" => clerk(value),
        _ => value.clone(),
    })
}

/// An operator as binding v1 has it.
pub(super) fn operator(clerk: &Value) -> Value {
    to_neutral(words::CLERK, clerk, |_, value| value.clone())
}

/// An operator, beta's way.
pub(super) fn clerk(operator: &Value) -> Value {
    to_own(words::CLERK, operator, |_, value| value.clone())
}

/// A licence, its state or a change of it, beta's way.
pub(super) fn licence(licence: &Value) -> Value {
    to_own(words::LICENCE, licence, |name, value| match name {
        "certificateStatus" => state(value),
        "statusVersion" => rev(value),
        "statusTime" | "thisUpdate" | "nextUpdate" | "effectiveTime" => utc(value),
        "certificateCopyCreationTime" | "certificateCopyExpiringTime" => utc(value),
        "reason" => own_text(words::BECAUSE, value),
        "holder" => subject(value),
        "scheduled" => self::licence(value),
        _ => value.clone(),
    })
}

/// A state. The column holds beta's words only: what is no state reads as gone.
pub(super) fn state(value: &Value) -> Value {
    let text = value.as_str().unwrap_or_default();
    json!(words::STATES.iter().find(|(word, _)| *word == text).map_or("ERASED", |(_, own)| own))
}

/// A number as digits in a text.
pub(super) fn rev(value: &Value) -> Value {
    value.as_i64().map_or_else(|| value.clone(), |number| json!(number.to_string()))
}

/// An instant in UTC with `Z`; what is none stays.
pub(super) fn utc(value: &Value) -> Value {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let text = value.as_str().unwrap_or_default();
    let written = parse_instant(text).ok().and_then(|at| at.to_offset(UtcOffset::UTC).format(form).ok());
    written.map_or_else(|| value.clone(), Value::String)
}

/// `If-Match` of beta as a status version: a quoted number. What is none passes as text, for the core to refuse.
pub(super) fn version(tag: &str) -> Value {
    let inner = tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(tag);
    inner.parse::<i64>().map_or_else(|_| json!(tag), |number| json!(number))
}

/// Path of a member at fault, beta's way: `holder.name` is `subject.fullName`, `attributes[0]` is `fields[0]`.
pub(super) fn member_path(path: &str) -> String {
    let tables = [words::MEMBERS, words::PURPOSE, words::CLERK, words::ATTRIBUTES];
    let one = |segment: &str| {
        let (name, index) = segment.find('[').map_or((segment, ""), |at| segment.split_at(at));
        let found = tables.iter().map(|table| own(table, name)).find(|word| *word != name);
        format!("{}{index}", found.unwrap_or(name))
    };
    path.split('.').map(one).collect::<Vec<_>>().join(".")
}

/// The members that an object has, under other names; absent ones stay absent.
pub(super) fn picked(object: &Value, names: Words) -> Map<String, Value> {
    let found = |(neutral, own): &(&str, &str)| Some(((*neutral).to_owned(), object.get(*own)?.clone()));
    names.iter().filter_map(found).collect()
}

/// Pairs of a form.
pub(super) fn form(raw: &[u8]) -> Vec<(String, String)> {
    let text = |piece: &str| String::from_utf8_lossy(&percent_decode(&piece.replace('+', " "))).into_owned();
    let pairs = String::from_utf8_lossy(raw);
    pairs.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (text(key), text(value))).collect()
}

/// An instant now, beta's way.
pub(super) fn utc_now(now: time::OffsetDateTime) -> Value {
    utc(&json!(write_instant(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_there_and_back() {
        for table in [words::ATTRIBUTES, words::STATES, words::BECAUSE, words::EVENTS, words::STAGES, words::PURPOSE] {
            for (a, b) in table {
                assert_eq!((own(table, a), neutral(table, b)), (*b, *a));
            }
        }
        let person = json!({"name": "测试𠮷", "sex": "2", "shoeSize": 42});
        assert_eq!(subject(&person), json!({"fullName": "测试𠮷", "gender": "F", "shoeSize": 42}));
        assert_eq!(holder(&subject(&person)), person);
    }

    #[test]
    fn values_change_their_form() {
        let state = json!({"certificateStatus": "SUSPENDED", "statusVersion": 12,
            "statusTime": "2026-06-01T00:00:00+08:00", "scheduled": {"certificateStatus": "REVOKED"}});
        let wanted =
            json!({"state": "ON_HOLD", "rev": "12", "since": "2026-05-31T16:00:00Z", "later": {"state": "REVOKED"}});
        assert_eq!(licence(&state), wanted);
        assert_eq!(licence(&json!({"certificateStatus": "ACTIVE"})), json!({"state": "ERASED"}));
        for (tag, wanted) in
            [("\"3\"", json!(3)), ("3", json!(3)), ("\"x\"", json!("\"x\"")), ("W/\"3\"", json!("W/\"3\""))]
        {
            assert_eq!(version(tag), wanted);
        }
        for (path, wanted) in [
            ("holder.name", "subject.fullName"),
            ("use.certificateCopyCause", "purpose.text"),
            ("attributes[0]", "fields[0]"),
            ("changes.idNumber", "changes.nationalId"),
            ("operator.orgCode", "clerk.org"),
            ("certificateHolderCode", "nationalId"),
            ("unknown", "unknown"),
        ] {
            assert_eq!(member_path(path), wanted);
        }
        let pairs = form(b"a=1&b=x+y%26z&c");
        assert_eq!(pairs, [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "x y&z".to_owned())]);
    }
}
