//! Questions about search (operation 9).

use ecric_model::Text;
use ecric_model::binding::{LicenceStatus, SearchAnswer};
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::{Seen, message};

/// Does the search find the licence with this state?
///
/// # Errors
/// `MISSING` or `WRONG_STATE`.
pub fn check_finds(seen: &Seen<'_>, identifier: &str, state: LicenceStatus) -> Judgement {
    ablatable!("check_finds");
    check_accepted(seen)?;
    let answer: SearchAnswer = message(seen)?;
    match answer.items.iter().find(|item| item.certificate_identifier == identifier) {
        Some(item) if item.certificate_status == state => Ok(()),
        Some(item) => fail(
            FindingClass::WrongState,
            "items[].certificateStatus",
            Text::same(state.code()),
            Text::same(item.certificate_status.code()),
        ),
        None => fail(
            FindingClass::Missing,
            "items",
            Text::new(format!("the licence {identifier}"), format!("证照 {identifier}")),
            Text::new(format!("{} other items", answer.items.len()), format!("{}个其他条目", answer.items.len())),
        ),
    }
}

/// Does the search find nothing, as an empty list and not as an error?
///
/// # Errors
/// `WRONG_VALUE`, or those of [`check_accepted`].
pub fn check_finds_nothing(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_finds_nothing");
    check_accepted(seen)?;
    let answer: SearchAnswer = message(seen)?;
    if answer.items.is_empty() {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "items",
        Text::new("an empty list", "空列表"),
        Text::new(format!("{} items", answer.items.len()), format!("{}个条目", answer.items.len())),
    )
}

/// Is the licence of somebody else not among the items?
///
/// # Errors
/// `LEAK`.
pub fn check_does_not_find(seen: &Seen<'_>, identifier: &str) -> Judgement {
    ablatable!("check_does_not_find");
    check_accepted(seen)?;
    let answer: SearchAnswer = message(seen)?;
    if answer.items.iter().all(|item| item.certificate_identifier != identifier) {
        return Ok(());
    }
    fail(
        FindingClass::Leak,
        "items",
        Text::new("only licences of the holder asked for", "仅含所查持证人的证照"),
        Text::new(format!("{identifier} of another person"), format!("他人证照 {identifier}")),
    )
}

/// Do the pages hold each licence exactly once?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_pages(found: &[String], expected: &[String]) -> Judgement {
    ablatable!("check_pages");
    let (mut have, mut want) = (found.to_vec(), expected.to_vec());
    have.sort();
    want.sort();
    if have == want {
        return Ok(());
    }
    let missing = want.iter().any(|identifier| !have.contains(identifier));
    let class = if missing { FindingClass::Missing } else { FindingClass::WrongValue };
    fail(
        class,
        "items over all pages",
        Text::new(format!("{} licences, each once", want.len()), format!("{}份证照各一次", want.len())),
        Text::new(
            format!("{} items: {}", have.len(), have.join(", ")),
            format!("{}项：{}", have.len(), have.join("、")),
        ),
    )
}

/// Has the person exactly this many live licences (NOT_ACTIVE, VALID, SUSPENDED)?
///
/// # Errors
/// `WRONG_STATE`.
pub fn check_live_count(states: &[LicenceStatus], expected: usize) -> Judgement {
    ablatable!("check_live_count");
    let live = states
        .iter()
        .filter(|state| matches!(state, LicenceStatus::NotActive | LicenceStatus::Valid | LicenceStatus::Suspended))
        .count();
    if live == expected {
        return Ok(());
    }
    fail(
        FindingClass::WrongState,
        "licences of the person",
        Text::new(format!("{expected} live"), format!("{expected}份有效")),
        Text::new(format!("{live} live"), format!("{live}份有效")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn found_or_not() {
        let item = json!({"certificateIdentifier": "a", "certificateTypeCode": "t", "certificateStatus": "VALID"});
        let one = test_seen(200, json!({"items": [item], "nextPageToken": null}));
        let none = test_seen(200, json!({"items": []}));
        assert!(check_finds(&one.view(), "a", LicenceStatus::Valid).is_ok());
        assert!(check_finds(&one.view(), "a", LicenceStatus::Revoked).is_err());
        assert!(check_finds(&one.view(), "b", LicenceStatus::Valid).is_err());
        assert!(check_finds_nothing(&none.view()).is_ok());
        assert!(check_finds_nothing(&one.view()).is_err());
        assert!(check_finds_nothing(&test_seen(404, json!({})).view()).is_err());
        assert!(check_does_not_find(&one.view(), "b").is_ok());
        assert!(check_does_not_find(&one.view(), "a").is_err());
    }

    #[test]
    fn pages_and_counts() {
        let list = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        assert!(check_pages(&list("bca"), &list("abc")).is_ok());
        assert!(check_pages(&list("ab"), &list("abc")).is_err());
        assert!(check_pages(&list("abcc"), &list("abc")).is_err());
        let states = [LicenceStatus::Valid, LicenceStatus::Revoked];
        assert!(check_live_count(&states, 1).is_ok());
        assert!(check_live_count(&states, 0).is_err());
    }
}
