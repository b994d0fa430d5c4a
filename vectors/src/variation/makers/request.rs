//! Makers for what is no holder data: identifiers of licences at hand, versions, use, batches.

use ecric_licence::metadata::ISSUING_AUTHORITY_CODE;
use serde_json::{Value, json};

use super::{Made, Table, identifier, needed, text};
use crate::variation::{Inputs, VariationError};

/// Longest cause, characters (binding v1, 6.3).
const CAUSE_MAX: usize = 200;

pub(super) const TABLE: Table = &[
    ("previous-identifier", |_, inputs| {
        let found = inputs.previous_identifier.or(inputs.identifier);
        Ok(needed("previous-identifier", "the identifier of a licence", found)?.into())
    }),
    ("replaced-identifier", |_, inputs| {
        let found = inputs.previous_identifier;
        Ok(needed("replaced-identifier", "the identifier of the replaced licence", found)?.into())
    }),
    ("usci-wrong-check", |current, _| Ok(usci_wrong_check(text("usci-wrong-check", current)?).into())),
    // Below version 1 there is none: then one that is not reached yet.
    ("version-stale", |_, inputs| {
        let version = inputs.status_version;
        Ok(if version > 1 { version - 1 } else { version + 1 }.into())
    }),
    ("version-huge", |_, inputs| Ok(inputs.status_version.saturating_add(1 << 53).into())),
    ("version-text", |_, inputs| Ok(inputs.status_version.to_string().into())),
    ("cause-200", |_, _| Ok(cause(CAUSE_MAX).into())),
    ("cause-201", |_, _| Ok(cause(CAUSE_MAX + 1).into())),
    ("name-and-number-only", |current, _| only("name-and-number-only", current, &["name", "idNumber"])),
    ("name-only", |current, _| only("name-only", current, &["name"])),
    ("other-body", other_body),
    ("batch-good-bad-unknown", |current, inputs| {
        let good = first_item("batch-good-bad-unknown", current)?;
        let mut bad = good.clone();
        let birth_date = super::make("date-next-day", good.pointer("/request/assert/birthDate"), inputs)?;
        bad["request"]["assert"]["birthDate"] = birth_date;
        let mut unknown = good.clone();
        let known = good.pointer("/request/certificateIdentifier").and_then(Value::as_str).or(inputs.identifier);
        unknown["request"]["certificateIdentifier"] = identifier::make("identifier-unknown", known, inputs).into();
        Ok(named([good, bad, unknown], |at| ["good", "bad", "unknown"][at].to_owned()))
    }),
    ("batch-one-malformed", |current, _| {
        let good = first_item("batch-one-malformed", current)?;
        let mut malformed = good.clone();
        if let Some(request) = malformed["request"].as_object_mut() {
            request.shift_remove("assert");
        }
        Ok(named([good.clone(), malformed, good], |at| ["first", "malformed", "third"][at].to_owned()))
    }),
    ("batch-repeated-id", |current, _| {
        let good = first_item("batch-repeated-id", current)?;
        Ok(named([good.clone(), good], |_| "twice".to_owned()))
    }),
    ("batch-at-limit", |current, inputs| many("batch-at-limit", current, u64::from(inputs.batch_limit))),
    ("batch-over-limit", |current, inputs| many("batch-over-limit", current, u64::from(inputs.batch_limit) + 1)),
];

/// The USCI with the next character of its alphabet in the last place.
fn usci_wrong_check(usci: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let usci = if usci.chars().count() == 18 { usci } else { ISSUING_AUTHORITY_CODE };
    let mut characters: Vec<char> = usci.chars().collect();
    let last = characters.pop();
    let next = ALPHABET.chars().cycle().skip_while(|known| Some(*known) != last).nth(1);
    characters.push(next.filter(|_| last.is_some_and(|last| ALPHABET.contains(last))).unwrap_or('0'));
    characters.into_iter().collect()
}

fn cause(length: usize) -> String {
    "测试用证事由".chars().cycle().take(length).collect()
}

/// The object at the place with these members only.
fn only(maker: &'static str, current: Option<&Value>, names: &[&str]) -> Made {
    let wanted = "an object with every member that stays";
    let missing = VariationError::NotApplicable { maker, found: "less", wanted };
    let kept = names.iter().map(|name| Some(((*name).to_owned(), current?.get(name)?.clone())));
    kept.collect::<Option<serde_json::Map<_, _>>>().map(Value::Object).ok_or(missing)
}

/// The body with another harmless value: the operator's role, else the cause of the use.
fn other_body(current: Option<&Value>, _: &Inputs) -> Made {
    let mut body = current.cloned().unwrap_or_default();
    if let Some(role @ Value::String(_)) = body.pointer_mut("/operator/role") {
        *role = if role == "window" { "counter" } else { "window" }.into();
    } else if let Some(Value::String(cause)) = body.pointer_mut("/use/certificateCopyCause") {
        *cause = if cause == "再次测试" { "测试" } else { "再次测试" }.to_owned();
    } else {
        let wanted = "a body with operator or use";
        return Err(VariationError::NotApplicable { maker: "other-body", found: "neither", wanted });
    }
    Ok(body)
}

fn first_item(maker: &'static str, current: Option<&Value>) -> Made {
    let wanted = "a list with an item with a request with assertions";
    let item = current.and_then(|items| items.get(0)).filter(|item| item.pointer("/request/assert").is_some());
    item.cloned().ok_or(VariationError::NotApplicable { maker, found: "no such item", wanted })
}

/// The items with ids by their place.
fn named<const N: usize>(items: [Value; N], id: impl Fn(usize) -> String) -> Value {
    let items = items.into_iter().enumerate().map(|(at, mut item)| {
        item["itemId"] = id(at).into();
        item
    });
    items.collect()
}

fn many(maker: &'static str, current: Option<&Value>, count: u64) -> Made {
    let item = first_item(maker, current)?;
    let items = (1..=count).map(|number| {
        let mut item = item.clone();
        item["itemId"] = json!(format!("item-{number}"));
        item
    });
    Ok(items.collect())
}

#[cfg(test)]
mod tests {
    use ecric_licence::usci::{UsciErrorKind, parse_usci};

    use super::*;

    #[test]
    fn only_the_check_character_of_the_usci_is_wrong() {
        for usci in ["11100000000013127D", "11110101099999909H", "11440300099999917Q", "x", "11100000000013127Y"] {
            let wrong = usci_wrong_check(usci);
            let kind = parse_usci(&wrong).unwrap_err().kind;
            assert!(matches!(kind, UsciErrorKind::CheckCharacter { .. }), "{usci} {wrong} {kind}");
        }
    }
}
